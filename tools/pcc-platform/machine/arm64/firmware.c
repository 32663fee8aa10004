// SPDX-License-Identifier: GPL-2.0
/*
 * What a firmware leaves in memory for an arm64 kernel
 *
 * Copyright (C) 2026 The mctp-pcc authors
 *
 * Linux's EFI stub passes the EFI system table and memory map on in the device
 * tree's /chosen; here is no stub, nor a firmware before it. The kernel is told
 * not to call any (efi=noruntime), and to prefer ACPI (acpi=force) since QEMU
 * adds to the device tree. The numbers are offsets of UEFI 2.10 and ACPI 6.5.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "fdt.h"
#include "firmware.h"
#include "layout.h"

#define MB			0x100000ULL
#define EFI_PAGE_SIZE		4096
#define EFI_REVISION		0x2000a		/* 2.10 */
#define EFI_RESERVED		0
#define EFI_CONVENTIONAL	7
#define EFI_ACPI_RECLAIM	9
#define EFI_UC			1
#define EFI_WC			2
#define EFI_WB			8
#define EFI_DESC_SIZE		48
#define ACPI_HEADER		36
#define ACPI_TABLES_MAX		8
#define FADT_HW_REDUCED		0x100000
#define FADT_PSCI		1
#define FADT_PSCI_HVC		2
#define MADT_GICC		11
#define MADT_GICD		12
#define SEED_SIZE		64

struct firmware {
	u8 *mem;
	size_t n;		/* bytes taken */
	u64 xsdt[ACPI_TABLES_MAX];
	size_t tables;
	u64 map;		/* EFI's memory map */
	size_t map_size;
};

/* Zeroed memory; the address that the guest knows it by. */
static u8 *firmware_take(struct firmware *fw, size_t size, u64 *address)
{
	u8 *at = fw->mem + fw->n;

	*address = FIRMWARE_BASE + fw->n;
	memset(at, 0, size);
	fw->n = (fw->n + size + 15) & ~15ULL;
	return at;
}

static void firmware_checksum(u8 *table, size_t len, size_t at)
{
	u8 sum = 0;

	table[at] = 0;
	for (size_t i = 0; i < len; i++)
		sum += table[i];
	table[at] = -sum;
}

/* An ACPI table of ours; its checksum is for later. */
static u8 *acpi_table(struct firmware *fw, const char *signature, u8 revision,
		      size_t size, u64 *address)
{
	u8 *t = firmware_take(fw, size, address);

	memcpy(t, signature, 4);
	put_le32(t + 4, size);
	t[8] = revision;
	memcpy(t + 10, "MCTPPCPLATFORM", 14);
	put_le32(t + 24, 1);
	memcpy(t + 28, "MCTP", 4);
	put_le32(t + 32, 1);
	return t;
}

/* The table is whole, and the OS is to find it. */
static void acpi_add(struct firmware *fw, u8 *table, u64 address)
{
	firmware_checksum(table, get_le32(table + 4), 9);
	fw->xsdt[fw->tables++] = address;
}

/* One that iasl made: 0 if there is none. */
static u64 acpi_read(struct firmware *fw, const char *dir, const char *name)
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
	memcpy(firmware_take(fw, n, &address), table, n);
	return address;
}

static void acpi_fadt(struct firmware *fw, u64 dsdt)
{
	u64 address;
	u8 *t = acpi_table(fw, "FACP", 6, 276, &address);

	put_le32(t + 112, FADT_HW_REDUCED);
	put_le16(t + 129, FADT_PSCI | FADT_PSCI_HVC);
	put_le64(t + 140, dsdt);
	acpi_add(fw, t, address);
}

static void acpi_madt(struct firmware *fw, u32 processors)
{
	size_t size = ACPI_HEADER + 8 + 24 + processors * 80;
	u64 address;
	u8 *t = acpi_table(fw, "APIC", 5, size, &address);
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
	acpi_add(fw, t, address);
}

/* The processors' own timers; the board has no others. */
static void acpi_gtdt(struct firmware *fw)
{
	u64 address;
	u8 *t = acpi_table(fw, "GTDT", 2, 96, &address);

	put_le64(t + 36, ~0ULL);	/* no counter in memory */
	put_le32(t + 48, 29);		/* secure */
	put_le32(t + 56, 30);		/* not secure */
	put_le32(t + 64, 27);		/* virtual */
	put_le32(t + 72, 26);		/* hypervisor's */
	put_le64(t + 80, ~0ULL);
	acpi_add(fw, t, address);
}

/* All tables; the address of the RSDP, 0 if the DSDT is not there. */
static u64 acpi_write(struct firmware *fw, const struct options *o)
{
	u64 dsdt = acpi_read(fw, o->tables, "dsdt.aml"), xsdt, rsdp, other;
	static const char * const names[] = { "pcct.aml", "ssdt.aml" };
	u8 *t;

	if (!dsdt) {
		fprintf(stderr, "pcc-platform: %s/dsdt.aml: %s\n", o->tables,
			strerror(errno));
		return 0;
	}
	acpi_fadt(fw, dsdt);
	acpi_madt(fw, o->processors);
	acpi_gtdt(fw);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		other = acpi_read(fw, o->tables, names[i]);
		if (other)
			fw->xsdt[fw->tables++] = other;
	}
	t = acpi_table(fw, "XSDT", 1, ACPI_HEADER + 8 * fw->tables, &xsdt);
	for (size_t i = 0; i < fw->tables; i++)
		put_le64(t + ACPI_HEADER + 8 * i, fw->xsdt[i]);
	firmware_checksum(t, ACPI_HEADER + 8 * fw->tables, 9);
	t = firmware_take(fw, 36, &rsdp);
	memcpy(t, "RSD PTR ", 8);
	memcpy(t + 9, "MCTPPC", 6);
	t[15] = 2;
	put_le32(t + 20, 36);
	put_le64(t + 24, xsdt);
	firmware_checksum(t, 20, 8);
	firmware_checksum(t, 36, 32);
	return rsdp;
}

static void efi_range(struct firmware *fw, u32 type, u64 base, u64 size,
		      u64 attributes)
{
	u8 *d = fw->mem + (fw->map - FIRMWARE_BASE) + fw->map_size;

	put_le32(d, type);
	put_le64(d + 8, base);
	put_le64(d + 24, size / EFI_PAGE_SIZE);
	put_le64(d + 32, attributes);
	fw->map_size += EFI_DESC_SIZE;
}

/* The address of the system table. */
static u64 efi_write(struct firmware *fw, const struct options *o, u64 rsdp)
{
	static const u8 acpi_20[16] = {
		0x71, 0xe8, 0x68, 0x88, 0xf1, 0xe4, 0xd3, 0x11,
		0xbc, 0x22, 0x00, 0x80, 0xc7, 0x3c, 0x88, 0x81,
	};
	/* of MEMORY_TYPES: normal, not cached, device memory for the kernel */
	static const u64 attributes[] = { 0, EFI_WB, EFI_WC, EFI_UC };
	static const char vendor[] = "m\0c\0t\0p\0-\0p\0c\0c\0\0";
	u64 system, tables, name;
	u8 *t;

	firmware_take(fw, 4 * EFI_DESC_SIZE, &fw->map);
	efi_range(fw, EFI_ACPI_RECLAIM, FIRMWARE_BASE, FIRMWARE_SIZE, EFI_WB);
	if (o->memory_type)
		efi_range(fw, EFI_RESERVED, SHM_BASE, SHM_SIZE,
			  attributes[o->memory_type]);
	efi_range(fw, EFI_CONVENTIONAL, FILE_BASE + FILE_SIZE,
		  o->memory_mb * MB - FILE_SIZE, EFI_WB);

	t = firmware_take(fw, 24, &tables);
	memcpy(t, acpi_20, sizeof(acpi_20));
	put_le64(t + 16, rsdp);
	memcpy(firmware_take(fw, sizeof(vendor), &name), vendor,
	       sizeof(vendor));

	t = firmware_take(fw, 120, &system);
	memcpy(t, "IBI SYST", 8);
	put_le32(t + 8, EFI_REVISION);
	put_le32(t + 12, 120);
	put_le64(t + 24, name);
	put_le64(t + 104, 1);
	put_le64(t + 112, tables);
	return system;
}

/* QEMU adds memory, psci, command line and initramfs. */
static bool firmware_tree(const struct firmware *fw, const char *dir,
			  u64 system)
{
	struct fdt f = { .n = 0 };
	u8 blob[FDT_MAX], seed[SEED_SIZE];
	char path[4096];
	size_t n;
	FILE *file;
	bool ok;

	fdt_begin(&f, "");
	fdt_u32(&f, "#address-cells", 2);
	fdt_u32(&f, "#size-cells", 2);
	fdt_begin(&f, "chosen");
	fdt_u64(&f, "linux,uefi-system-table", system);
	fdt_u64(&f, "linux,uefi-mmap-start", fw->map);
	fdt_u32(&f, "linux,uefi-mmap-size", fw->map_size);
	fdt_u32(&f, "linux,uefi-mmap-desc-size", EFI_DESC_SIZE);
	fdt_u32(&f, "linux,uefi-mmap-desc-ver", 1);
	fdt_u32(&f, "linux,uefi-secure-boot", 2);	/* disabled */
	if (getrandom(seed, sizeof(seed), 0) == sizeof(seed))
		fdt_property(&f, "rng-seed", seed, sizeof(seed));
	fdt_end(&f);
	fdt_end(&f);
	n = fdt_finish(&f, blob, sizeof(blob));

	snprintf(path, sizeof(path), "%s/" FIRMWARE_DTB, dir);
	file = fopen(path, "w");
	ok = file && fwrite(blob, n, 1, file) == 1;
	if (file && fclose(file))
		ok = false;
	if (!ok)
		fprintf(stderr, "pcc-platform: %s: %s\n", path,
			strerror(errno));
	return ok;
}

bool firmware_write(const struct options *o, u8 *mem)
{
	struct firmware fw = { .mem = mem };
	u64 rsdp = acpi_write(&fw, o);

	return rsdp && firmware_tree(&fw, o->dir, efi_write(&fw, o, rsdp));
}
