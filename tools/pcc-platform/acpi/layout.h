/* SPDX-License-Identifier: GPL-2.0 */
/* Copyright (C) 2026 The mctp-pcc authors */
/*
 * Where everything is, for the C program, the ACPI sources and make-tables
 *
 * Plain hex literals only: make-tables reads no others.
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

#endif /* PCC_PLATFORM_LAYOUT_H */
