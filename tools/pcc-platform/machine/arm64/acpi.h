/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The board's ACPI tables, with those of the links among them
 *
 * Copyright (C) 2026 The mctp-pcc authors
 */
#ifndef PCC_PLATFORM_ACPI_H
#define PCC_PLATFORM_ACPI_H

#include "settings/options.h"

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

#endif /* PCC_PLATFORM_ACPI_H */
