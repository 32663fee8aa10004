// SPDX-License-Identifier: GPL-2.0
/* Copyright (C) 2026 The mctp-pcc authors */
/* QEMU's q35: I/O APIC, doorbells on a port, tables by its firmware */
#include <unistd.h>
#include <stdio.h>

#include "acpi/layout.h"
#include "machine/machine.h"

#define IOAPIC		"/machine/q35/ioapic"

static struct {
	struct conf *conf;
	struct qtest *qtest;
} m;

static void machine_rung(struct sock *s)
{
	u8 bytes[256];
	size_t n = sock_read(s, bytes, sizeof(bytes));

	for (size_t i = 0; i < n; i++)
		link_ring(m.conf->links, m.conf->n, bytes[i]);
}

const u64 machine_poll_ns;

enum { DOORBELL, UART };

struct sock machine_socks[MACHINE_SOCKS] = {
	[DOORBELL] = { .input = machine_rung },
	[UART] = { .input = uart_input },
};

bool machine_open(const struct options *o, struct conf *conf, struct qtest *q,
		  u8 *file)
{
	m.conf = conf;
	m.qtest = q;
	return sock_listen(&machine_socks[DOORBELL], o->dir,
			   "doorbell.sock") &&
	       uart_open(&machine_socks[UART], q, o->dir, conf);
}

static void args_table(struct words *w, const struct options *o,
		       const char *name)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/%s", o->tables, name);
	if (access(path, R_OK))
		return;
	words_add(w, "-acpitable file=%s", path);
}

static void args_uart(struct words *w, const struct options *o,
		      const struct conf *conf)
{
	if (!conf->level)
		return;
	words_socket(w, o, "uart");
	/* index 3: the table calls it COM4, see acpi/make-tables */
	words_add(w,
		  "-device isa-serial,chardev=pcc-uart,index=3,iobase=%#x,irq=%u",
		  UART_ADDRESS, LEVEL_GSI);
}

void machine_args(struct words *w, const struct options *o,
		  const struct conf *conf)
{
	/* What is off would share the interrupt lines from 16 up. */
	words_add(w, "-M q35,nvdimm=on,accel=tcg,smbus=off,sata=off,usb=off");
	words_add(w, "-m %uM,slots=2,maxmem=%uM",
		  o->memory_mb, o->memory_mb + 1024);
	words_add(w, "-bios qboot.rom");
	words_add(w, "-device nvdimm,memdev=m,addr=0x%llx",
		  (unsigned long long)FILE_BASE);
	args_table(w, o, "pcct.aml");
	args_table(w, o, "ssdt.aml");
	words_socket(w, o, "doorbell");
	words_add(w, "-device isa-debugcon,chardev=pcc-doorbell,iobase=%#x",
		  DOORBELL_PORT);
	/* Slot 3: should it ever use its pin, that is line 23, not ours. */
	words_add(w, "-device virtio-serial-pci,addr=3");
	words_add(w,
		  "-device virtserialport,chardev=pcc-control,name=mctp-pcc.platform");
	if (o->serial) {
		words_socket(w, o, "serial");
		/* COM2 */
		words_add(w, "-device isa-serial,chardev=pcc-serial,index=1");
	}
	args_uart(w, o, conf);
}

void machine_raise(struct link *l, enum box box)
{
	/* the I/O APIC takes each rise for an edge, without a fall between */
	if (m.conf->level)
		uart_raise();
	else
		qtest_irq(m.qtest, IOAPIC, box == OUTBOX ? l->out.gsi :
			  l->in.gsi, true);
}

void machine_doorbells(void)
{
}
