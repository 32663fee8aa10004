/* SPDX-License-Identifier: GPL-2.0 */
/* Copyright (C) 2026 The mctp-pcc authors */
/* What the host tests expect of the board, written down a second time */
#define EXPECT_RING_SPACE	0
#define EXPECT_RING_WIDTH	32
#define EXPECT_RING_ACCESS	3
#define EXPECT_RING_OFFSET	12	/* from its registers */
#define EXPECT_LEVEL_GSI	36
#define EXPECT_UART		0x3eff1000
#define EXPECT_BAD_GSI		"288"		/* past the last pin */
