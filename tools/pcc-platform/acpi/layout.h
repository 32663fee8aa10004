/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where everything is: read by the C program, by the ACPI sources
 * and by links.conf.in, so that they cannot disagree.
 *
 * Copyright (C) 2026 The mctp-pcc authors
 *
 * Plain hex literals only: every number in an ASL data table is hex, and
 * links.conf.in takes them as they are. addresses.h is the machine's.
 */
#ifndef PCC_PLATFORM_LAYOUT_H
#define PCC_PLATFORM_LAYOUT_H

#include "addresses.h"

/*
 * The shared memory, of SHM_SIZE. Each subspace has a slot of SHM_SLOT bytes,
 * or as many as its buffer needs; what lies beside the buffer is guard.
 */
#define SHM_SLOT	0x4000

/* An update, in the doorbell's register: see pcc/link.h. */
#define RING_UPDATE	0x80

/* Registers, one block of REG_STRIDE for each subspace index. */
#define REG_STRIDE	0x40
#define REG_ERROR	0x4	/* error status */
#define REG_ACK		0x8	/* edge: interrupt acknowledge */
/* 0xC: the machine's doorbell, if it has one in memory */
#define REG_UPDATE	0x10	/* command complete update, if it is apart */
/* 64-bit registers: the bit is the lowest of the upper half */
#define REG_WIDE	0x18	/* command complete */
#define REG_WIDE_UPDATE	0x20
#define REG_WIDE_ERROR	0x28
/* In the first block only: command complete of all that share one */
#define REG_SHARED	0x30

/* Table good, link 0: the largest buffers. */
#define S0_INDEX	0x0
#define S0_BASE		SHM_AT(01000)
#define S0_SIZE		0x2010
#define S0_REGS		REG_AT(0000)
#define S0_GSI		GSI_AT(0)
#define S1_INDEX	0x1
#define S1_BASE		SHM_AT(05000)
#define S1_SIZE		0x2010
#define S1_REGS		REG_AT(0040)
#define S1_GSI		GSI_AT(1)
#define LINK0_LATENCY	0x3E8	/* us: 1000 */
#define LINK0_TURN	0x0

/* Table good, link 1: unequal buffers, a turnaround to keep. */
#define S2_INDEX	0x2
#define S2_BASE		SHM_AT(09000)
#define S2_SIZE		0x410
#define S2_REGS		REG_AT(0080)
#define S2_GSI		GSI_AT(2)
#define S3_INDEX	0x3
#define S3_BASE		SHM_AT(0D000)
#define S3_SIZE		0x810
#define S3_REGS		REG_AT(00C0)
#define S3_GSI		GSI_AT(3)
#define LINK1_LATENCY	0x0
#define LINK1_TURN	0x64	/* us: 100 */

/* Table good, link 2: the smallest buffers, not on a page's start. */
#define S4_INDEX	0x4
#define S4_BASE		SHM_AT(11040)
#define S4_SIZE		0x54
#define S4_REGS		REG_AT(0100)
#define S4_GSI		GSI_AT(4)
#define S5_INDEX	0x5
#define S5_BASE		SHM_AT(15080)
#define S5_SIZE		0x54
#define S5_REGS		REG_AT(0140)
#define S5_GSI		GSI_AT(5)
#define LINK2_LATENCY	0xFFFFFFFF
#define LINK2_TURN	0x0

/* Table refusals: link 0 as above, then R2..R6 to be named wrongly. */
#define R2_INDEX	0x2	/* type 2 */
#define R2_BASE		SHM_AT(19000)
#define R2_SIZE		0x1000
#define R2_REGS		REG_AT(0180)
#define R2_GSI		GSI_AT(2)
#define R3_INDEX	0x3	/* type 4, sound */
#define R3_BASE		SHM_AT(1D000)
#define R3_SIZE		0x1000
#define R3_REGS		REG_AT(01C0)
#define R3_GSI		GSI_AT(3)
#define R4_INDEX	0x4	/* type 3, one byte too short */
#define R4_BASE		SHM_AT(21000)
#define R4_SIZE		0x53
#define R4_REGS		REG_AT(0200)
#define R4_GSI		GSI_AT(4)
#define R5_INDEX	0x5	/* type 3, sound */
#define R5_BASE		SHM_AT(25000)
#define R5_SIZE		0x1000
#define R5_REGS		REG_AT(0240)
#define R5_GSI		GSI_AT(5)
#define R6_INDEX	0x6	/* type 4, one byte too short */
#define R6_BASE		SHM_AT(29000)
#define R6_SIZE		0x53
#define R6_REGS		REG_AT(0280)
#define R6_GSI		GSI_AT(6)
#define R_MISSING	0x4D	/* 77: no such subspace */

#endif /* PCC_PLATFORM_LAYOUT_H */
