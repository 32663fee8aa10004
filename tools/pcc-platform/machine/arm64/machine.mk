# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors

MACHINE_OBJS := acpi firmware machine
MACHINE_LIBS := -lfdt
MACHINE_TESTS := test-board test-type5
MACHINE_TABLES := dsdt.aml
MACHINE_VARIANTS := type5
