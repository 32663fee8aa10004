/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where everything is: read by the C program, by the ACPI sources
 * and by links.conf.in, so that they cannot disagree.
 *
 * Copyright (C) 2026 The mctp-pcc authors
 *
 * Plain hex literals only: every number in an ASL data table is hex, and
 * links.conf.in takes them as they are.
 */
#ifndef PCC_PLATFORM_LAYOUT_H
#define PCC_PLATFORM_LAYOUT_H

/*
 * The shared memory: an nvdimm just above 4 GiB, which the guest's memory map
 * does not list. Each subspace has a slot of SHM_SLOT bytes; what lies beside
 * the buffer in its slot is guard.
 */
#define SHM_BASE	0x100000000
#define SHM_SIZE	0x200000
#define SHM_SLOT	0x4000

/* Registers, one block of REG_STRIDE for each subspace index. */
#define REG_BASE	0x1001F0000
#define REG_STRIDE	0x40
#define REG_END		0x1001F0400
#define REG_ERROR	0x4	/* error status */
#define REG_ACK		0x8	/* edge: interrupt acknowledge */

/* Doorbell: isa-debugcon; the value written is subspace index + 1. */
#define DOORBELL_PORT	0x710

/* Level variant: a UART whose RBR read lowers the line (QEMU: ISA IRQ 10). */
#define UART_PORT	0x720
#define UART_IRQ	0xA

/* Table good, link 0: the largest buffers. */
#define S0_INDEX	0x0
#define S0_BASE		0x100001000
#define S0_SIZE		0x2010
#define S0_REGS		0x1001F0000
#define S0_GSI		0x10
#define S1_INDEX	0x1
#define S1_BASE		0x100005000
#define S1_SIZE		0x2010
#define S1_REGS		0x1001F0040
#define S1_GSI		0x11
#define LINK0_LATENCY	0x3E8	/* us: 1000 */
#define LINK0_TURN	0x0

/* Table good, link 1: unequal buffers, a turnaround to keep. */
#define S2_INDEX	0x2
#define S2_BASE		0x100009000
#define S2_SIZE		0x410
#define S2_REGS		0x1001F0080
#define S2_GSI		0x12
#define S3_INDEX	0x3
#define S3_BASE		0x10000D000
#define S3_SIZE		0x810
#define S3_REGS		0x1001F00C0
#define S3_GSI		0x13
#define LINK1_LATENCY	0x0
#define LINK1_TURN	0x64	/* us: 100 */

/* Table good, link 2: the smallest buffers, not on a page's start. */
#define S4_INDEX	0x4
#define S4_BASE		0x100011040
#define S4_SIZE		0x54
#define S4_REGS		0x1001F0100
#define S4_GSI		0x14
#define S5_INDEX	0x5
#define S5_BASE		0x100015080
#define S5_SIZE		0x54
#define S5_REGS		0x1001F0140
#define S5_GSI		0x15
#define LINK2_LATENCY	0xFFFFFFFF
#define LINK2_TURN	0x0

/* Table refusals: link 0 as above, then R2..R6 to be named wrongly. */
#define R2_INDEX	0x2	/* type 2 */
#define R2_BASE		0x100019000
#define R2_SIZE		0x1000
#define R2_REGS		0x1001F0180
#define R2_GSI		0x12
#define R3_INDEX	0x3	/* type 4, sound */
#define R3_BASE		0x10001D000
#define R3_SIZE		0x1000
#define R3_REGS		0x1001F01C0
#define R3_GSI		0x13
#define R4_INDEX	0x4	/* type 3, one byte too short */
#define R4_BASE		0x100021000
#define R4_SIZE		0x53
#define R4_REGS		0x1001F0200
#define R4_GSI		0x14
#define R5_INDEX	0x5	/* type 3, sound */
#define R5_BASE		0x100025000
#define R5_SIZE		0x1000
#define R5_REGS		0x1001F0240
#define R5_GSI		0x15
#define R6_INDEX	0x6	/* type 4, one byte too short */
#define R6_BASE		0x100029000
#define R6_SIZE		0x53
#define R6_REGS		0x1001F0280
#define R6_GSI		0x16
#define R_MISSING	0x4D	/* 77: no such subspace */

#endif /* PCC_PLATFORM_LAYOUT_H */
