/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where things are on QEMU's virt
 *
 * Copyright (C) 2026 The mctp-pcc authors
 *
 * As layout.h: plain hex literals, which the macros put together.
 */
#ifndef PCC_PLATFORM_PLACE_H
#define PCC_PLATFORM_PLACE_H

#define PLACE_PASTE(a, b)	a##b

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
#define SHM_AT(offset)	PLACE_PASTE(0x401, offset)
/* What the map can say, as --memory-type has it; the first is the default. */
#define MEMORY_TYPES	"unlisted", "wb", "wc", "uc"
#define REG_BASE	0x401F0000
#define REG_END		0x401F0400
#define REG_AT(offset)	PLACE_PASTE(0x401F, offset)

/* GIC interrupts that the board leaves free; one past the last aborts QEMU. */
#define GSI_FIRST	0xD0
#define GSI_END		0x120
#define GSI_AT(n)	PLACE_PASTE(0xD, n)

/* Doorbell: a register of each channel in the shared memory, polled. */
#define DOORBELL_SPACE	00
#define DOORBELL_WIDTH	20
#define DOORBELL_ACCESS	03
#define DOORBELL_ADDRESS	(THIS_REGS + REG_DOORBELL)
#define REG_DOORBELL	0xC
#define POLL_NSEC	20000

/* The board's own devices. */
#define UART_BASE	0x9000000
#define UART_GSI	0x21
#define GICD_BASE	0x8000000
#define GICC_BASE	0x8010000
#define VIRTIO_BASE	0xA000000
#define VIRTIO_GSI	0x30

#endif /* PCC_PLATFORM_PLACE_H */
