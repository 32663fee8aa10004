/* SPDX-License-Identifier: GPL-2.0 */
/* Copyright (C) 2026 The mctp-pcc authors */
/* What the host tests expect, written down a second time */
#define EXPECT_BASE_HIGH	1
#define EXPECT_RING_SPACE	1
#define EXPECT_RING_WIDTH	8
#define EXPECT_RING_ACCESS	1
#define EXPECT_RING_OFFSET	(0x710 - ch->regs)	/* from its registers */
#define EXPECT_LEVEL_GSI	10
#define EXPECT_UART		0x720
#define EXPECT_BAD_GSI		"24"		/* past the last pin */
#define EXPECT_BAD_BASE		"0x100201000"	/* not our memory */
#define EXPECT_BAD_REGS		"0x1001F0400"
