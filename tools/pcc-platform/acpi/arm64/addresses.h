/* SPDX-License-Identifier: GPL-2.0 */
/* Copyright (C) 2026 The mctp-pcc authors */
/* Where things are on QEMU's virt */
#ifndef PCC_PLATFORM_ADDRESSES_H
#define PCC_PLATFORM_ADDRESSES_H

#include "board.h"

/*
 * The first 2 MiB of the memory, below the kernel, are a file: a few bytes at
 * their start are QEMU's, then come the firmware's tables and, at 1 MiB, the
 * shared memory.
 */
#define FILE_BASE	0x40000000
#define FILE_SIZE	0x200000
#define FIRMWARE_BASE	0x40010000
#define FIRMWARE_SIZE	0xF0000
#define SHM_BASE	0x40100000
#define SHM_SIZE	0x100000
/* What the map can say, as --memory-type has it; the first is the default. */
#define MEMORY_TYPES	"unlisted", "wb", "wc", "uc"
#define REG_BASE	0x401F0000
#define REG_END		0x401F0400

#endif /* PCC_PLATFORM_ADDRESSES_H */
