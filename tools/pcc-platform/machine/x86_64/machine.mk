# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors

MACHINE_OBJS := machine
MACHINE_VARIANTS := cppc
MACHINE_PLATFORMS := shared
