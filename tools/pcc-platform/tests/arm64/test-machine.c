// SPDX-License-Identifier: GPL-2.0
/* Copyright (C) 2026 The mctp-pcc authors */
/* What is in memory for a kernel without a firmware */
#include <libfdt.h>
#include <stdlib.h>
#include <string.h>

#include "acpi/layout.h"
#include "firmware.h"
#include "tests/test.h"

static void test_efi(const u8 *mem, u32 processors)
{
	const u8 *system = memmem(mem, FIRMWARE_SIZE, "IBI SYST", 8);
	const u8 *tables;
	u8 guid[16];

	if (!CHECK(system))
		return;
	test_hex(guid, "71e86888f1e4d311bc220080c73c8881");
	tables = mem + (get_le64(system + 112) - FIRMWARE_BASE);
	CHECK(get_le64(system + 104) == 1 && !memcmp(tables, guid, 16));
	test_acpi(mem, FIRMWARE_BASE, get_le64(tables + 16), processors);
}

static void test_map(const u8 *mem, u64 at, u32 size)
{
	const u8 *d = mem + (at - FIRMWARE_BASE);

	CHECK(size == 2 * 48);
	/* type, pages, base: no word of the shared memory between them */
	CHECK(get_le32(d) == 9 && get_le64(d + 8) == 0x40010000 &&
	      get_le64(d + 24) == 240 && get_le64(d + 32) == 8);
	CHECK(get_le32(d + 48) == 7 && get_le64(d + 56) == 0x40200000 &&
	      get_le64(d + 72) == 254 * 256 && get_le64(d + 80) == 8);
}

/* A word of a property of /chosen; without it, an address that can be read. */
static u32 tree_word(const u8 *blob, const char *name, size_t word)
{
	const u8 *words = fdt_getprop(blob, fdt_path_offset(blob, "/chosen"),
				      name, NULL);

	return CHECK(words, "no property %s", name) ?
	       get_be32(words + 4 * word) : FIRMWARE_BASE;
}

static void test_tables(const struct options *o)
{
	u8 *file = xcalloc(1, FILE_SIZE), blob[4096];
	const u8 *mem = file + (FIRMWARE_BASE - FILE_BASE);
	size_t n;
	u32 system;

	CHECK(firmware_write(o, file));
	test_efi(mem, o->processors);
	n = test_read_file(blob, sizeof(blob), "%s/boot.dtb", o->dir);
	if (CHECK(n > FDT_V17_SIZE && fdt_totalsize(blob) == n,
		  "device tree of %zu bytes", n)) {
		test_map(mem, tree_word(blob, "linux,uefi-mmap-start", 1),
			 tree_word(blob, "linux,uefi-mmap-size", 0));
		system = tree_word(blob, "linux,uefi-system-table", 1);
		CHECK(!memcmp(mem + system - FIRMWARE_BASE, "IBI SYST", 8));
	}
	free(file);
}

/* The shared memory as the map of --memory-type wc has it. */
static void test_reserved(const struct options *o)
{
	u8 *file = xcalloc(1, FILE_SIZE), range[48];

	CHECK(firmware_write(o, file));
	test_hex(range,
		 "00*8 0000104000000000 00*8 0001000000000000 0200000000000000 00*8");
	CHECK(memmem(file, SHM_BASE - FILE_BASE, range, sizeof(range)));
	free(file);
}

void test_firmware(struct options o)
{
	test_tables(&o);
	o.memory_type = 2;
	test_reserved(&o);
}
