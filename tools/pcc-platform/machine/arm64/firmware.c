// SPDX-License-Identifier: GPL-2.0
/* Copyright (C) 2026 The mctp-pcc authors */
/*
 * What a firmware leaves in memory for an arm64 kernel
 *
 * The device tree's /chosen leads to the EFI system table and memory map, as
 * Linux's EFI stub does it. The numbers are offsets of UEFI 2.10.
 */
#include <libfdt.h>
#include <string.h>
#include <sys/random.h>

#include "acpi/layout.h"
#include "firmware.h"

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
#define SEED_SIZE		64
#define FIRMWARE_DTB		"boot.dtb"
#define FIRMWARE_DTB_MAX	4096

struct firmware {
	struct acpi acpi;
	u64 map;		/* EFI's memory map */
	size_t map_size;
};

static void efi_range(struct firmware *fw, u32 type, u64 base, u64 size,
		      u64 attributes)
{
	u8 *d = fw->acpi.mem + (fw->map - FIRMWARE_BASE) + fw->map_size;

	put_le32(d, type);
	put_le64(d + 8, base);
	put_le64(d + 24, size / EFI_PAGE_SIZE);
	put_le64(d + 32, attributes);
	fw->map_size += EFI_DESC_SIZE;
}

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

	acpi_take(&fw->acpi, 4 * EFI_DESC_SIZE, &fw->map);
	efi_range(fw, EFI_ACPI_RECLAIM, FIRMWARE_BASE, FIRMWARE_SIZE, EFI_WB);
	if (o->memory_type)
		efi_range(fw, EFI_RESERVED, SHM_BASE, SHM_SIZE,
			  attributes[o->memory_type]);
	efi_range(fw, EFI_CONVENTIONAL, FILE_BASE + FILE_SIZE,
		  o->memory_mb * MB - FILE_SIZE, EFI_WB);

	t = acpi_take(&fw->acpi, 24, &tables);
	memcpy(t, acpi_20, sizeof(acpi_20));
	put_le64(t + 16, rsdp);
	memcpy(acpi_take(&fw->acpi, sizeof(vendor), &name), vendor,
	       sizeof(vendor));

	t = acpi_take(&fw->acpi, 120, &system);
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
	u8 t[FIRMWARE_DTB_MAX], seed[SEED_SIZE];

	fdt_create(t, sizeof(t));
	fdt_finish_reservemap(t);
	fdt_begin_node(t, "");
	fdt_property_u32(t, "#address-cells", 2);
	fdt_property_u32(t, "#size-cells", 2);
	fdt_begin_node(t, "chosen");
	fdt_property_u64(t, "linux,uefi-system-table", system);
	fdt_property_u64(t, "linux,uefi-mmap-start", fw->map);
	fdt_property_u32(t, "linux,uefi-mmap-size", fw->map_size);
	fdt_property_u32(t, "linux,uefi-mmap-desc-size", EFI_DESC_SIZE);
	fdt_property_u32(t, "linux,uefi-mmap-desc-ver", 1);
	fdt_property_u32(t, "linux,uefi-secure-boot", 2);	/* disabled */
	if (getrandom(seed, sizeof(seed), 0) == sizeof(seed))
		fdt_property(t, "rng-seed", seed, sizeof(seed));
	fdt_end_node(t);
	fdt_end_node(t);
	fdt_finish(t);
	return firmware_file(dir, FIRMWARE_DTB, t, fdt_totalsize(t));
}

bool firmware_write(const struct options *o, u8 *file)
{
	struct firmware fw = {
		.acpi.mem = file + (FIRMWARE_BASE - FILE_BASE),
		.acpi.base = FIRMWARE_BASE,
	};
	u64 rsdp = acpi_write(&fw.acpi, o);

	return rsdp && firmware_tree(&fw, o->dir, efi_write(&fw, o, rsdp));
}

/* Two nodes, so that the file need not be all of the memory. */
void firmware_args(struct words *w, const struct options *o)
{
	unsigned int file_mb = FILE_SIZE >> 20;

	words_add(w, "-object memory-backend-ram,id=ram,size=%uM",
		  o->memory_mb - file_mb);
	words_add(w, "-numa node,memdev=m");
	words_add(w, "-numa node,memdev=ram");
	words_add(w, "-dtb %s/" FIRMWARE_DTB, o->dir);
}

void firmware_left(struct qtest *q)
{
}
