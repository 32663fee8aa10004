# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors

# The same board as
BOARD := arm64
MACHINE_OBJS := acpi firmware machine
MACHINE_TESTS := test-board test-type5
MACHINE_TABLES := dsdt.aml
MACHINE_VARIANTS := type5
