// SPDX-License-Identifier: GPL-2.0
/* Copyright (C) 2026 The mctp-pcc authors */
/*
 * The board's ACPI tables, with those of the links among them
 *
 * The numbers are offsets of ACPI 6.5.
 */
#include <stdio.h>
#include <string.h>

#include "acpi/layout.h"
#include "firmware.h"

#define ACPI_HEADER		36
#define FADT_HW_REDUCED		0x100000
#define FADT_PSCI		1
#define FADT_PSCI_HVC		2
#define MADT_GICC		11
#define MADT_GICD		12

u8 *acpi_take(struct acpi *a, size_t size, u64 *address)
{
	u8 *at = a->mem + a->n;

	*address = a->base + a->n;
	memset(at, 0, size);
	a->n = (a->n + size + 15) & ~15ULL;
	return at;
}

static void acpi_checksum(u8 *table, size_t len, size_t at)
{
	u8 sum = 0;

	table[at] = 0;
	for (size_t i = 0; i < len; i++)
		sum += table[i];
	table[at] = -sum;
}

/* An ACPI table of ours; its checksum is for later. */
static u8 *acpi_table(struct acpi *a, const char *signature, u8 revision,
		      size_t size, u64 *address)
{
	u8 *t = acpi_take(a, size, address);

	memcpy(t, signature, 4);
	put_le32(t + 4, size);
	t[8] = revision;
	memcpy(t + 10, "MCTPPCPLATFORM", 14);
	put_le32(t + 24, 1);
	memcpy(t + 28, "MCTP", 4);
	put_le32(t + 32, 1);
	return t;
}

static void acpi_add(struct acpi *a, u8 *table, u64 address)
{
	acpi_checksum(table, get_le32(table + 4), 9);
	a->xsdt[a->tables++] = address;
}

static u64 acpi_read(struct acpi *a, const char *dir, const char *name)
{
	u8 table[65536];
	char path[4096];
	u64 address;
	size_t n;
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "r");
	if (!f)
		return 0;
	n = fread(table, 1, sizeof(table), f);
	fclose(f);
	memcpy(acpi_take(a, n, &address), table, n);
	return address;
}

static void acpi_fadt(struct acpi *a, u64 dsdt)
{
	u64 address;
	u8 *t = acpi_table(a, "FACP", 6, 276, &address);

	put_le32(t + 112, FADT_HW_REDUCED);
	put_le16(t + 129, FADT_PSCI | FADT_PSCI_HVC);
	put_le64(t + 140, dsdt);
	acpi_add(a, t, address);
}

static void acpi_madt(struct acpi *a, u32 processors)
{
	size_t size = ACPI_HEADER + 8 + 24 + processors * 80;
	u64 address;
	u8 *t = acpi_table(a, "APIC", 5, size, &address);
	u8 *entry = t + ACPI_HEADER + 8;

	entry[0] = MADT_GICD;
	entry[1] = 24;
	put_le64(entry + 8, GICD_BASE);
	entry[20] = 2;		/* GICv2 */
	entry += 24;
	for (u32 i = 0; i < processors; i++, entry += 80) {
		entry[0] = MADT_GICC;
		entry[1] = 80;
		put_le32(entry + 4, i);
		put_le32(entry + 8, i);
		put_le32(entry + 12, 1);	/* enabled */
		put_le64(entry + 32, GICC_BASE);
		put_le64(entry + 68, i);	/* MPIDR */
	}
	acpi_add(a, t, address);
}

/* The processors' own timers; the board has no others. */
static void acpi_gtdt(struct acpi *a)
{
	u64 address;
	u8 *t = acpi_table(a, "GTDT", 2, 96, &address);

	put_le64(t + 36, ~0ULL);	/* no counter in memory */
	put_le32(t + 48, 29);		/* secure */
	put_le32(t + 56, 30);		/* not secure */
	put_le32(t + 64, 27);		/* virtual */
	put_le32(t + 72, 26);		/* hypervisor's */
	put_le64(t + 80, ~0ULL);
	acpi_add(a, t, address);
}

u64 acpi_write(struct acpi *a, const struct options *o)
{
	u64 dsdt = acpi_read(a, o->tables, "dsdt.aml"), xsdt, rsdp, other;
	static const char * const names[] = { "pcct.aml", "ssdt.aml" };
	u8 *t;

	if (!dsdt) {
		complain("%s/dsdt.aml: %m", o->tables);
		return 0;
	}
	acpi_fadt(a, dsdt);
	acpi_madt(a, o->processors);
	acpi_gtdt(a);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		other = acpi_read(a, o->tables, names[i]);
		if (other)
			a->xsdt[a->tables++] = other;
	}
	t = acpi_table(a, "XSDT", 1, ACPI_HEADER + 8 * a->tables, &xsdt);
	for (size_t i = 0; i < a->tables; i++)
		put_le64(t + ACPI_HEADER + 8 * i, a->xsdt[i]);
	acpi_checksum(t, ACPI_HEADER + 8 * a->tables, 9);
	t = acpi_take(a, 36, &rsdp);
	memcpy(t, "RSD PTR ", 8);
	memcpy(t + 9, "MCTPPC", 6);
	t[15] = 2;
	put_le32(t + 20, 36);
	put_le64(t + 24, xsdt);
	acpi_checksum(t, 20, 8);
	acpi_checksum(t, 36, 32);
	return rsdp;
}
