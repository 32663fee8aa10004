/* SPDX-License-Identifier: GPL-2.0 */
/* Copyright (C) 2026 The mctp-pcc authors */
/* QEMU's virt: what addresses.h has of it, wherever the shared memory is */
#ifndef PCC_PLATFORM_BOARD_H
#define PCC_PLATFORM_BOARD_H

/* GIC interrupts that the board leaves free; one past the last aborts QEMU. */
#define GSI_FIRST	0xD0
#define GSI_END		0x120

/* Doorbell: a register of each channel in the shared memory. */
#define REG_DOORBELL	0xC

/*
 * Level variant: a UART whose RBR read lowers the line. It is on PCI, at port
 * 0x1000 there; LEVEL_GSI is the interrupt of its slot.
 */
#define PCI_IO_BASE	0x3EFF0000
#define UART_SPACE	0x0
#define UART_ADDRESS	0x3EFF1000
#define LEVEL_GSI	0x24

/* The board's own devices. */
#define CONSOLE_BASE	0x9000000
#define CONSOLE_GSI	0x21
#define GICD_BASE	0x8000000
#define GICC_BASE	0x8010000
#define VIRTIO_BASE	0xA000000
#define VIRTIO_GSI	0x30

#endif /* PCC_PLATFORM_BOARD_H */
