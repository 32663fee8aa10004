/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What pccsim_tables writes and pccsim finds. Memory below 1 MB, which Linux on
 * x86 does not use, is the shared memory; a box is a channel's part of it.
 * Copyright (C) 2026 The mctp-pcc authors
 */
#define LINKS		2
#define BOXES		(2 * LINKS)
#define SHM_BASE	0x20000
#define SHM_SIZE	0x10000
#define BOX_STRIDE	0x2000
#define BOX_MAX		0x1000
#define REG_BASE	0x2f000
#define REG_STRIDE	0x40

/* The registers of a subspace, 4 bytes each */
enum { REG_COMPLETE, REG_ERROR, REG_ACK, REG_DOORBELL };

/* In the table's header: OEM ID, OEM table ID, and a version of the above */
#define OEM		"PCCSIMMCTPPCC \1"
#define OEM_AT		10

/* ACPI 6.5, 14.1: sizes, and where something is in a subspace's structure */
#define PCCT_HEADER	48
#define SUBSPACE_LEN	164
#define PCCT_LEN	(PCCT_HEADER + BOXES * SUBSPACE_LEN)
#define GSI_AT		2
#define SIZE_AT		16
#define TURNAROUND_AT	56
