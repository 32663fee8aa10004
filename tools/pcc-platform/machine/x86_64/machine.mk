# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors

VARIANTS := good refusals no-pcct no-core level
MACHINE_OBJS := machine
MACHINE_EXAMPLES := cppc
MACHINE_PLATFORMS := shared level3
