/* SPDX-License-Identifier: GPL-2.0 */
/* Copyright (C) 2026 The mctp-pcc authors */
/* What the host tests expect, written down a second time */
#include "expect-board.h"

#define EXPECT_BASE_HIGH	0
#define EXPECT_BAD_BASE		"0x40201000"	/* not our memory */
#define EXPECT_BAD_REGS		"0x401F0400"
