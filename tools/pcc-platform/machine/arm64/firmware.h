/* SPDX-License-Identifier: GPL-2.0 */
/* Copyright (C) 2026 The mctp-pcc authors */
/*
 * What an arm64 kernel finds in memory. machine/arm64 (no firmware) and
 * machine/arm64-uefi (with one) each have a firmware_write(), _args(), _left()
 */
#ifndef PCC_PLATFORM_FIRMWARE_H
#define PCC_PLATFORM_FIRMWARE_H

#include "machine/machine.h"

/* acpi.c: the board's ACPI tables, with those of the links among them */
#define ACPI_TABLES_MAX	8

struct acpi {
	u8 *mem;
	u64 base;		/* its address for the guest */
	size_t n;		/* bytes taken */
	u64 xsdt[ACPI_TABLES_MAX];	/* the first is the FADT */
	size_t tables;
};

/* Zeroed memory; the address that the guest knows it by. */
u8 *acpi_take(struct acpi *a, size_t size, u64 *address);
/* All tables; the address of the RSDP, 0 if the DSDT is not there. */
u64 acpi_write(struct acpi *a, const struct options *o);

#define PCI_COMMAND	4	/* offset of this register */

/*
 * Writes the tables to the guest's memory, which the file is, or to files of
 * the run's directory. False, and one line on stderr, if that fails.
 */
bool firmware_write(const struct options *o, u8 *file);
/* Memory, and what was written. */
void firmware_args(struct words *w, const struct options *o);
/* The OS runs: what the firmware had to do is done. */
void firmware_left(struct qtest *q);

/* machine.c has this for them: a file of the run's directory, */
bool firmware_file(const char *dir, const char *name, const void *data,
		   size_t n);
/* and a register in the configuration space of a PCI slot. */
void firmware_pci(struct qtest *q, unsigned int slot, unsigned int offset,
		  u32 value);

#endif /* PCC_PLATFORM_FIRMWARE_H */
