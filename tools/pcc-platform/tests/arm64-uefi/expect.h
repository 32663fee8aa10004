/* SPDX-License-Identifier: GPL-2.0 */
/* Copyright (C) 2026 The mctp-pcc authors */
/* What the host tests expect, written down a second time */
#include "../arm64/expect-board.h"

#define EXPECT_BASE_HIGH	0x80
#define EXPECT_BAD_BASE		"0x8000201000"	/* not our memory */
#define EXPECT_BAD_REGS		"0x80001F0400"
