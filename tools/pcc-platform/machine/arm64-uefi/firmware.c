// SPDX-License-Identifier: GPL-2.0
/* Copyright (C) 2026 The mctp-pcc authors */
/*
 * What QEMU hands a UEFI firmware
 *
 * The ACPI tables as one file of fw_cfg, with addresses counted from its start,
 * and the script of QEMU's table loader, which EDK2 follows: take memory for
 * the file, add its address to these pointers, sum these tables.
 */
#include <stdlib.h>
#include <string.h>

#include "acpi/layout.h"
#include "firmware.h"

#define TABLES_FILE	"etc/acpi/tables"
#define TABLES_SIZE	0x20000
#define LOADER_NAME	56	/* bytes of a file's name */
#define LOADER_ENTRY	128
#define LOADER_ENTRIES	(8 + ACPI_TABLES_MAX)

enum { LOADER_ALLOCATE = 1, LOADER_ADD_POINTER, LOADER_ADD_CHECKSUM };

#define PCI_SLOT	4
#define PCI_MEMORY	2	/* answers to its addresses */
#define PCI_BAR2	0x18

struct loader {
	u8 *tables;
	u8 script[LOADER_ENTRIES * LOADER_ENTRY];
	size_t n;
};

/* What follows the name in a new entry. */
static u8 *loader_add(struct loader *l, u32 command)
{
	u8 *entry = l->script + l->n;

	l->n += LOADER_ENTRY;
	put_le32(entry, command);
	memcpy(entry + 4, TABLES_FILE, sizeof(TABLES_FILE));
	return entry + 4 + LOADER_NAME;
}

static void loader_allocate(struct loader *l)
{
	u8 *entry = loader_add(l, LOADER_ALLOCATE);

	put_le32(entry, 64);	/* aligned so */
	entry[4] = 1;		/* anywhere */
}

static void loader_pointer(struct loader *l, u32 at)
{
	u8 *entry = loader_add(l, LOADER_ADD_POINTER);

	memcpy(entry, TABLES_FILE, sizeof(TABLES_FILE));
	put_le32(entry + LOADER_NAME, at);
	entry[LOADER_NAME + 4] = 8;	/* bytes */
}

/* The sum's own byte has to be 0 before. */
static void loader_checksum(struct loader *l, u32 table, u32 at, u32 size)
{
	u8 *entry = loader_add(l, LOADER_ADD_CHECKSUM);

	l->tables[table + at] = 0;
	put_le32(entry, table + at);
	put_le32(entry + 4, table);
	put_le32(entry + 8, size);
}

static void loader_table(struct loader *l, u32 table)
{
	loader_checksum(l, table, 9, get_le32(l->tables + table + 4));
}

static void loader_write(struct loader *l, const struct acpi *a, u32 rsdp)
{
	u32 fadt = a->xsdt[0], xsdt = get_le32(a->mem + rsdp + 24);

	loader_allocate(l);
	loader_pointer(l, fadt + 140);
	loader_table(l, fadt);
	for (size_t i = 0; i < a->tables; i++)
		loader_pointer(l, xsdt + 36 + 8 * i);
	loader_table(l, xsdt);
	loader_pointer(l, rsdp + 24);
	loader_checksum(l, rsdp, 32, 36);
}

bool firmware_write(const struct options *o, u8 *file)
{
	/* An address of 0 would be that of no table. */
	struct acpi a = { .mem = xcalloc(1, TABLES_SIZE), .n = 64 };
	struct loader *l = xcalloc(1, sizeof(*l));
	u64 rsdp = acpi_write(&a, o);
	bool ok;

	l->tables = a.mem;
	if (rsdp)
		loader_write(l, &a, rsdp);
	ok = rsdp && firmware_file(o->dir, "tables.fw", a.mem, a.n) &&
	     firmware_file(o->dir, "loader.fw", l->script, l->n);
	free(a.mem);
	free(l);
	return ok;
}

void firmware_args(struct words *w, const struct options *o)
{
	words_add(w, "-device ivshmem-plain,memdev=m,addr=%u", PCI_SLOT);
	words_add(w, "-fw_cfg name=" TABLES_FILE ",file=%s/tables.fw", o->dir);
	words_add(w, "-fw_cfg name=etc/table-loader,file=%s/loader.fw", o->dir);
}

/* Nobody else sets the device up: the OS finds no MCFG. */
void firmware_left(struct qtest *q)
{
	firmware_pci(q, PCI_SLOT, PCI_BAR2, (u32)FILE_BASE);
	firmware_pci(q, PCI_SLOT, PCI_BAR2 + 4, (u32)(FILE_BASE >> 32));
	firmware_pci(q, PCI_SLOT, PCI_COMMAND, PCI_MEMORY);
}
