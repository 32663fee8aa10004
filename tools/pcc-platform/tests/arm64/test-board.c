// SPDX-License-Identifier: GPL-2.0
/* Copyright (C) 2026 The mctp-pcc authors */
/* Doorbells, interrupts and ACPI tables of QEMU's virt */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "acpi/layout.h"
#include "firmware.h"
#include "machine/machine.h"
#include "tests/test.h"

#define SET_PIN "set_irq_in /machine/unattached/device[9] unnamed-gpio-in 179 "

u64 get_le64(const u8 *p)
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

/* The tables that the XSDT names, and the DSDT by way of the FADT. */
static void test_xsdt(const u8 *mem, u64 base, u64 address,
		      u32 processors)
{
	static const char * const want[] = {
		"FACP", "APIC", "GTDT", "PCCT", "SSDT"
	};
	const u8 *xsdt = mem + (address - base), *t, *dsdt;

	CHECK(!memcmp(xsdt, "XSDT", 4) && get_le32(xsdt + 4) == 36 + 5 * 8 &&
	      sum_ok(xsdt, 36 + 5 * 8));
	for (size_t i = 0; i < ARRAY_SIZE(want); i++) {
		t = mem + (get_le64(xsdt + 36 + 8 * i) - base);
		CHECK(!memcmp(t, want[i], 4) && sum_ok(t, get_le32(t + 4)),
		      "table %zu: %.4s instead of %s, or its sum", i, t,
		      want[i]);
	}
	t = mem + (get_le64(xsdt + 36) - base);
	dsdt = mem + (get_le64(t + 140) - base);
	CHECK(get_le32(t + 112) == 0x100000 && get_le16(t + 129) == 3 &&
	      !memcmp(dsdt, "DSDT", 4) && sum_ok(dsdt, get_le32(dsdt + 4)));
	t = mem + (get_le64(xsdt + 44) - base);
	CHECK(get_le32(t + 4) == 44 + 24 + 80 * processors &&
	      get_le64(t + 44 + 8) == 0x8000000);
	for (u32 i = 0; i < processors; i++) {
		const u8 *gicc = t + 68 + 80 * i;

		CHECK(gicc[0] == 11 && gicc[1] == 80 &&
		      get_le32(gicc + 8) == i && get_le32(gicc + 12) == 1 &&
		      get_le64(gicc + 32) == 0x8010000 &&
		      get_le64(gicc + 68) == i);
	}
}

void test_acpi(const u8 *mem, u64 base, u64 rsdp, u32 processors)
{
	const u8 *t = mem + (rsdp - base);

	CHECK(!memcmp(t, "RSD PTR ", 8) && t[15] == 2 && sum_ok(t, 20) &&
	      sum_ok(t, 36));
	test_xsdt(mem, base, get_le64(t + 24), processors);
}

static void test_doorbells(struct link *l)
{
	u32 *reg = l->out.complete + 3;
	u32 status = 0;

	machine_doorbells();
	CHECK(!l->c.doorbells);
	test_os_message(l, get_eid, sizeof(get_eid));
	*reg = 1;
	machine_doorbells();
	CHECK(l->c.in_packets == 1 && !*reg);
	l[2].in.complete[3] = 6;
	machine_doorbells();
	CHECK(l[2].c.doorbells == 1);
	/* as of type 2, whose status is in the buffer */
	l[1].out.complete = &status;
	l[1].out.error[2] = 3;
	machine_doorbells();
	CHECK(l[1].c.doorbells == 1);
	*reg = 0x63;
	CHECK_SAYS("doorbell value 0x63 is no link's", machine_doorbells());
}

static void test_interrupts(struct link *l, struct qtest *q)
{
	static const char * const reply[] = {
		"{\"return\": [{\"name\": \"device[1]\", \"type\": \"child<pl011>\"}, ",
		"{\"name\": \"device[9]\", \"type\": \"child<arm_gic>\"}]}\r\n",
	};
	struct sock *qmp = &machine_socks[0];
	int fds[2];

	machine_raise(l, OUTBOX);
	CHECK(!q->pending);
	if (!CHECK(!socketpair(AF_UNIX, SOCK_STREAM, 0, fds)))
		return;
	qmp->fd = fds[0];
	for (size_t i = 0; i < ARRAY_SIZE(reply); i++) {
		CHECK(write(fds[1], reply[i], strlen(reply[i])) > 0);
		machine_socks[0].input(qmp);
	}
	machine_raise(&l[1], INBOX);
	CHECK(q->pending == 2);
	test_queued(&q->sock, SET_PIN "1\n" SET_PIN "0\n");
	close(fds[1]);
	sock_close(qmp);
}

/* One line for all: a byte for the UART, which has got its port before. */
static void test_level(struct conf *conf, struct qtest *q)
{
	static const char opened[] =
		"{\"VSERPORT_CHANGE\", \"data\": {\"open\": true}}\r\n";
	static const char want[] =
		"writel 0x4010008010 0x1000\nwritel 0x4010008004 0x1\n"
		"writeb 0x3eff1001 0x0\nwriteb 0x3eff1001 0x1\n";
	struct sock *qmp = &machine_socks[0];
	struct sock *uart = &machine_socks[1];
	int fds[2];

	if (!CHECK(!socketpair(AF_UNIX, SOCK_STREAM, 0, fds)))
		return;
	conf->level = true;
	CHECK(uart_open(uart, q, test_dir, conf));
	CHECK(!conf->links[2].in.ack);
	qmp->fd = fds[0];
	uart->fd = fds[0];
	CHECK(write(fds[1], opened, strlen(opened)) > 0);
	machine_socks[0].input(qmp);
	machine_raise(&conf->links[1], INBOX);
	CHECK(q->sock.out_len >= strlen(want) &&
	      !memcmp(q->sock.out + q->sock.out_len - strlen(want), want,
		      strlen(want)));
	CHECK(uart->out_len == 1, "%zu bytes for the UART", uart->out_len);
	close(fds[1]);
	close(fds[0]);
	qmp->fd = -1;
	uart->fd = -1;
	close(uart->listen_fd);
	conf->level = false;
}

static void test_no_serial(struct options o, struct conf *conf,
			   struct qtest *q, u8 *file)
{
	o.serial = true;
	CHECK_REFUSED("pcc-platform: --serial: not on this machine\n",
		      machine_open(&o, conf, q, file));
}

void test_machine(void)
{
	char tables[4096];
	struct options o = {
		.dir = test_dir, .tables = tables, .memory_mb = 256,
		.processors = 3,
	};
	struct qtest q = { .pending = 0 };
	struct link *l = test_links.link;
	struct conf conf = { .links = l, .n = 3 };
	u8 *file = xcalloc(1, FILE_SIZE);

	snprintf(tables, sizeof(tables), "%s/tables/good", test_dir);
	test_links_read("good");
	test_firmware(o);
	test_no_serial(o, &conf, &q, file);
	if (CHECK(machine_open(&o, &conf, &q, file))) {
		test_doorbells(l);
		test_interrupts(l, &q);
		test_type5(&conf);
		test_level(&conf, &q);
		close(machine_socks[0].listen_fd);
	}
	test_links_free();
	free(file);
}
