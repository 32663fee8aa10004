/* SPDX-License-Identifier: GPL-2.0 */
/* Copyright (C) 2026 The mctp-pcc authors */
/* Where things are on QEMU's q35 */
#ifndef PCC_PLATFORM_ADDRESSES_H
#define PCC_PLATFORM_ADDRESSES_H

/* An nvdimm just above 4 GiB, which the guest's memory map does not list. */
#define FILE_BASE	0x100000000
#define FILE_SIZE	0x200000
#define SHM_BASE	0x100000000
#define SHM_SIZE	0x200000
/* What the map can say, as --memory-type has it; the first is the default. */
#define MEMORY_TYPES	"unlisted"
#define REG_BASE	0x1001F0000
#define REG_END		0x1001F0400

/* I/O APIC pins that nothing else uses: the last is the command channel's. */
#define GSI_FIRST	0x10
#define GSI_END		0x17
/* A bit for each pin of an ISA device that is not there. The lowest is COM2's,
 * which may be.
 */
#define GSI_ISA		0xDCE8

/* Doorbell: isa-debugcon, one port for all. */
#define DOORBELL_PORT	0x710

/* Level variant: a UART whose RBR read lowers the line (QEMU: ISA IRQ 10). */
#define UART_SPACE	0x1
#define UART_ADDRESS	0x720
#define LEVEL_GSI	0xA

#endif /* PCC_PLATFORM_ADDRESSES_H */
