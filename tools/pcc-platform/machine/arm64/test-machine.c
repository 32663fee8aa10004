// SPDX-License-Identifier: GPL-2.0
/*
 * Doorbells, interrupts and firmware tables of QEMU's virt
 *
 * Copyright (C) 2026 The mctp-pcc authors
 */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fdt.h"
#include "firmware.h"
#include "layout.h"
#include "machine.h"
#include "tests/test.h"

static u64 get_le64(const u8 *p)
{
	return get_le32(p) | (u64)get_le32(p + 4) << 32;
}

static bool sum_ok(const u8 *p, size_t len)
{
	u8 sum = 0;

	while (len--)
		sum += *p++;
	return !sum;
}

static void test_fdt(void)
{
	static struct fdt f;
	u8 blob[256];
	size_t n;

	fdt_begin(&f, "");
	fdt_u32(&f, "a", 2);
	fdt_begin(&f, "node");
	fdt_u64(&f, "bc", 0x100000002);
	fdt_property(&f, "d", "xyz\n\n", 5);
	fdt_end(&f);
	fdt_end(&f);
	n = fdt_finish(&f, blob, sizeof(blob));
	/* Devicetree Specification 0.4, 5.2 to 5.5 */
	test_bytes("fdt", blob, n,
		   "d00dfeed 00000097 00000038 00000090 00000028 00000011 00000010 00000000 00000007 00000058 00*16 00000001 00000000 00000003 00000004 00000000 00000002 00000001 6e6f6465 00000000 00000003 00000008 00000002 00000001 00000002 00000003 00000005 00000005 78797a0a 0a000000 00000002 00000002 00000009 6100 626300 6400");
}

/* The tables that the XSDT names, and the DSDT by way of the FADT. */
static void test_xsdt(const u8 *mem, u64 address, u32 processors)
{
	static const char * const want[] = {
		"FACP", "APIC", "GTDT", "PCCT", "SSDT"
	};
	const u8 *xsdt = mem + (address - FIRMWARE_BASE), *t, *dsdt;

	CHECK(!memcmp(xsdt, "XSDT", 4) && get_le32(xsdt + 4) == 36 + 5 * 8 &&
	      sum_ok(xsdt, 36 + 5 * 8), "XSDT of %u bytes", get_le32(xsdt + 4));
	for (size_t i = 0; i < ARRAY_SIZE(want); i++) {
		t = mem + (get_le64(xsdt + 36 + 8 * i) - FIRMWARE_BASE);
		CHECK(!memcmp(t, want[i], 4) && sum_ok(t, get_le32(t + 4)),
		      "table %zu: %.4s instead of %s, or its sum", i, t,
		      want[i]);
	}
	t = mem + (get_le64(xsdt + 36) - FIRMWARE_BASE);
	dsdt = mem + (get_le64(t + 140) - FIRMWARE_BASE);
	CHECK(get_le32(t + 112) == 0x100000 && get_le16(t + 129) == 3 &&
	      !memcmp(dsdt, "DSDT", 4) && sum_ok(dsdt, get_le32(dsdt + 4)),
	      "FADT flags %#x, boot %#x", get_le32(t + 112),
	      get_le16(t + 129));
	t = mem + (get_le64(xsdt + 44) - FIRMWARE_BASE);
	CHECK(get_le32(t + 4) == 44 + 24 + 80 * processors &&
	      get_le64(t + 44 + 8) == 0x8000000, "MADT of %u bytes",
	      get_le32(t + 4));
	for (u32 i = 0; i < processors; i++) {
		const u8 *gicc = t + 68 + 80 * i;

		CHECK(gicc[0] == 11 && gicc[1] == 80 &&
		      get_le32(gicc + 8) == i && get_le32(gicc + 12) == 1 &&
		      get_le64(gicc + 32) == 0x8010000 &&
		      get_le64(gicc + 68) == i, "processor %u", i);
	}
}

static void test_efi(const u8 *mem, u32 processors)
{
	const u8 *system = memmem(mem, FIRMWARE_SIZE, "IBI SYST", 8);
	const u8 *tables, *rsdp;
	u8 guid[16];

	if (!CHECK(system, "no EFI system table"))
		return;
	test_hex(guid, "71e86888f1e4d311bc220080c73c8881");
	tables = mem + (get_le64(system + 112) - FIRMWARE_BASE);
	rsdp = mem + (get_le64(tables + 16) - FIRMWARE_BASE);
	CHECK(get_le64(system + 104) == 1 && !memcmp(tables, guid, 16),
	      "not ACPI's table");
	CHECK(!memcmp(rsdp, "RSD PTR ", 8) && rsdp[15] == 2 &&
	      sum_ok(rsdp, 20) && sum_ok(rsdp, 36), "RSDP");
	test_xsdt(mem, get_le64(rsdp + 24), processors);
}

static void test_map(const u8 *mem, u64 at, u32 size)
{
	const u8 *d = mem + (at - FIRMWARE_BASE);

	CHECK(size == 2 * 48, "memory map of %u bytes", size);
	/* type, pages, base: no word of the shared memory between them */
	CHECK(get_le32(d) == 9 && get_le64(d + 8) == 0x40010000 &&
	      get_le64(d + 24) == 240 && get_le64(d + 32) == 8, "tables");
	CHECK(get_le32(d + 48) == 7 && get_le64(d + 56) == 0x40200000 &&
	      get_le64(d + 72) == 254 * 256 && get_le64(d + 80) == 8,
	      "memory of %#llx pages", get_le64(d + 72));
}

/* A property of the tree that was written, as big-endian words. */
static u32 tree_word(const u8 *blob, size_t n, const char *name, size_t word)
{
	const u8 *strings = blob + get_be32(blob + 12);
	const u8 *at = memmem(strings, n - (strings - blob), name,
			      strlen(name) + 1);
	u8 prop[4];

	if (!CHECK(at, "no property %s", name))
		return 0;
	put_be32(prop, at - strings);
	for (const u8 *p = blob + 56; p < strings; p += 4)
		if (get_be32(p) == 3 && !memcmp(p + 8, prop, 4))
			return get_be32(p + 12 + 4 * word);
	return 0;
}

static void test_firmware(const struct options *o)
{
	u8 *mem = xcalloc(1, FIRMWARE_SIZE), blob[4096];
	char path[4096];
	size_t n = 0;
	FILE *f;

	CHECK(firmware_write(o, mem), "no firmware");
	test_efi(mem, o->processors);
	snprintf(path, sizeof(path), "%s/" FIRMWARE_DTB, o->dir);
	f = fopen(path, "r");
	if (CHECK(f, "no device tree")) {
		n = fread(blob, 1, sizeof(blob), f);
		fclose(f);
		test_map(mem, tree_word(blob, n, "linux,uefi-mmap-start", 1),
			 tree_word(blob, n, "linux,uefi-mmap-size", 0));
		CHECK(!memcmp(mem + tree_word(blob, n,
					      "linux,uefi-system-table", 1) -
			      FIRMWARE_BASE, "IBI SYST", 8), "system table");
	}
	free(mem);
}

/* The shared memory as the map of --memory-type wc has it. */
static void test_reserved(const struct options *o)
{
	u8 *mem = xcalloc(1, FIRMWARE_SIZE), range[48];

	CHECK(firmware_write(o, mem), "no firmware");
	test_hex(range,
		 "00*8 0000104000000000 00*8 0001000000000000 0200000000000000 00*8");
	CHECK(memmem(mem, FIRMWARE_SIZE, range, sizeof(range)),
	      "no reserved range");
	free(mem);
}

static void test_doorbells(struct test_links *t)
{
	u32 *reg = t->link[0].out.complete + 3;
	u8 packet[] = { 1, 0, 8, 0xc8, 0, 0x80, 2 };
	const char *said;

	machine_doorbells();
	CHECK(!t->link[0].c.doorbells, "a doorbell out of nothing");
	test_os_message(&t->link[0], packet, sizeof(packet));
	*reg = 1;
	machine_doorbells();
	CHECK(t->link[0].c.in_packets == 1 && !*reg,
	      "a doorbell was not heard");
	t->link[2].in.complete[3] = 6;
	machine_doorbells();
	CHECK(t->link[2].c.doorbells == 1, "the last doorbell was not heard");
	*reg = 0x63;
	test_stderr_begin();
	machine_doorbells();
	said = test_stderr_end();
	CHECK(strstr(said, "doorbell value 0x63 is no link's"), "%s", said);
}

static void test_interrupts(struct test_links *t, struct qtest *q)
{
	static const char * const reply[] = {
		"{\"return\": [{\"name\": \"device[1]\", \"type\": \"child<pl011>\"}, ",
		"{\"name\": \"device[9]\", \"type\": \"child<arm_gic>\"}]}\r\n",
	};
	static const char * const want[] = {
		"set_irq_in /machine/unattached/device[9] unnamed-gpio-in 179 1\n",
		"set_irq_in /machine/unattached/device[9] unnamed-gpio-in 179 0\n",
	};
	size_t n = strlen(want[0]);
	struct sock *qmp = &machine_ports[0].sock;
	int fds[2];

	machine_raise(&t->link[0], OUTBOX);
	CHECK(!q->pending, "an interrupt without a GIC");
	if (!CHECK(!socketpair(AF_UNIX, SOCK_STREAM, 0, fds), "no sockets"))
		return;
	qmp->fd = fds[0];
	for (size_t i = 0; i < ARRAY_SIZE(reply); i++) {
		CHECK(write(fds[1], reply[i], strlen(reply[i])) > 0, "QMP");
		machine_ports[0].input(qmp);
	}
	machine_raise(&t->link[1], INBOX);
	CHECK(q->pending == 2 && q->sock.out_len == 2 * n &&
	      !memcmp(q->sock.out, want[0], n) &&
	      !memcmp(q->sock.out + n, want[1], n), "%.*s",
	      (int)q->sock.out_len, q->sock.out);
	close(fds[1]);
	sock_close(qmp);
}

/* This board has one UART, the console. */
static void test_no_serial(struct options o, struct conf *conf,
			   struct qtest *q, u8 *file)
{
	const char *said;
	bool ok;

	o.serial = true;
	test_stderr_begin();
	ok = machine_open(&o, conf, q, file);
	said = test_stderr_end();
	CHECK(!ok && !strcmp(said,
			     "pcc-platform: --serial: not on this machine\n"),
	      "%s", said);
}

void test_machine(void)
{
	char tables[4096];
	struct options o = {
		.dir = test_dir, .tables = tables, .memory_mb = 256,
		.processors = 3,
	};
	struct qtest q = { .pending = 0 };
	struct test_links t;
	struct conf conf = { .links = t.link, .n = TEST_LINKS };
	u8 *file = xcalloc(1, FILE_SIZE);

	snprintf(tables, sizeof(tables), "%s/tables/good", test_dir);
	test_links_init(&t);
	test_fdt();
	test_firmware(&o);
	o.memory_type = 2;
	test_reserved(&o);
	test_no_serial(o, &conf, &q, file);
	if (CHECK(machine_open(&o, &conf, &q, file), "no ports")) {
		test_doorbells(&t);
		test_interrupts(&t, &q);
		close(machine_ports[0].sock.listen_fd);
	}
	test_links_free(&t);
	free(file);
}
