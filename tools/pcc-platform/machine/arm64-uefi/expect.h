/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the host tests expect, written down a second time
 *
 * Copyright (C) 2026 The mctp-pcc authors
 */
#define EXPECT_BASE_HIGH	0x80
#define EXPECT_RING_SPACE	0
#define EXPECT_RING_WIDTH	32
#define EXPECT_RING_ACCESS	3
#define EXPECT_RING_OFFSET	12	/* from its registers */
#define EXPECT_LEVEL		false
#define EXPECT_BAD_GSI		"288"		/* past the last pin */
#define EXPECT_BAD_BASE		"0x8000201000"	/* not our memory */
#define EXPECT_BAD_REGS		"0x80001F0400"
