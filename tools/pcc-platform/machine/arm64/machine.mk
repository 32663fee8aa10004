# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors

VARIANTS := good refusals no-pcct no-core
MACHINE_OBJS := acpi fdt firmware machine
MACHINE_TESTS := test-board test-type5
MACHINE_TABLES := dsdt.aml
MACHINE_EXAMPLES := type5
