/* SPDX-License-Identifier: GPL-2.0 */
/* Copyright (C) 2026 The mctp-pcc authors */
/* Where things are on QEMU's virt when a firmware has its memory */
#ifndef PCC_PLATFORM_ADDRESSES_H
#define PCC_PLATFORM_ADDRESSES_H

#include "../arm64/board.h"

/* The memory of an ivshmem-plain, where the board's upper PCI window begins. */
#define FILE_BASE	0x8000000000
#define FILE_SIZE	0x200000
#define SHM_BASE	0x8000000000
#define SHM_SIZE	0x200000
/* What the map can say, as --memory-type has it; the first is the default. */
#define MEMORY_TYPES	"unlisted"
#define REG_BASE	0x80001F0000
#define REG_END		0x80001F0400

#endif /* PCC_PLATFORM_ADDRESSES_H */
