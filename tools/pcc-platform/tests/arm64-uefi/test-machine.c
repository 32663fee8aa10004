// SPDX-License-Identifier: GPL-2.0
/* Copyright (C) 2026 The mctp-pcc authors */
/* What a UEFI firmware is handed, and makes of it */
#include <stdlib.h>
#include <string.h>

#include "acpi/layout.h"
#include "firmware.h"
#include "tests/test.h"

#define TABLES_BASE	0x4b120000	/* wherever the firmware puts them */
#define FW_FILE_MAX	0x10000

/* One entry of the script, as the firmware runs it. */
static void test_entry(u8 *tables, const u8 *e)
{
	u8 *at = tables + get_le32(e + 60), sum = 0;

	CHECK(!strcmp((char *)e + 4, "etc/acpi/tables"), "file %s", e + 4);
	switch (get_le32(e)) {
	case 1:
		CHECK(get_le32(e + 60) == 64 && e[64] == 1);
		break;
	case 2:
		at = tables + get_le32(e + 116);
		CHECK(!strcmp((char *)e + 60, "etc/acpi/tables") &&
		      e[120] == 8, "pointer to %s", e + 60);
		put_le64(at, get_le64(at) + TABLES_BASE);
		break;
	case 3:
		for (u32 i = 0; i < get_le32(e + 68); i++)
			sum += tables[get_le32(e + 64) + i];
		*at = -sum;
		break;
	default:
		CHECK(false, "command %u", get_le32(e));
	}
}

static void test_script(const struct options *o)
{
	u8 *tables = xcalloc(2, FW_FILE_MAX), *script = tables + FW_FILE_MAX;
	const u8 *rsdp;
	size_t n, len;

	n = test_read_file(tables, FW_FILE_MAX, "%s/tables.fw", o->dir);
	len = test_read_file(script, FW_FILE_MAX, "%s/loader.fw", o->dir);
	CHECK(len == 11 * 128, "script of %zu bytes", len);
	for (size_t i = 0; i < len; i += 128)
		test_entry(tables, script + i);
	rsdp = memmem(tables, n, "RSD PTR ", 8);
	if (CHECK(rsdp))
		test_acpi(tables, TABLES_BASE, TABLES_BASE + (rsdp - tables),
			  o->processors);
	free(tables);
}

static void test_device(void)
{
	static const char want[] =
		"writel 0x4010020018 0x0\n"
		"writel 0x401002001c 0x80\n"
		"writel 0x4010020004 0x2\n";
	struct qtest q = { .pending = 0 };

	firmware_left(&q);
	CHECK(q.pending == 3);
	test_queued(&q.sock, want);
	free(q.sock.out);
}

void test_firmware(struct options o)
{
	CHECK(firmware_write(&o, NULL));
	test_script(&o);
	test_device();
}
