/* SPDX-License-Identifier: GPL-2.0 */
/*
 * QEMU's virt: what addresses.h has of it, wherever the shared memory is
 *
 * Copyright (C) 2026 The mctp-pcc authors
 *
 * As layout.h: plain hex literals, which the macros put together.
 */
#ifndef PCC_PLATFORM_BOARD_H
#define PCC_PLATFORM_BOARD_H

#define PLACE_PASTE(a, b)	a##b

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

#endif /* PCC_PLATFORM_BOARD_H */
