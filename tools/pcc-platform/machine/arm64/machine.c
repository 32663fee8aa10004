// SPDX-License-Identifier: GPL-2.0
/* Copyright (C) 2026 The mctp-pcc authors */
/* QEMU's virt: GIC, doorbells in memory */
#include <stdio.h>
#include <string.h>

#include "acpi/layout.h"
#include "base/log.h"
#include "firmware.h"
#include "machine/machine.h"
#include "pcc/link.h"

/* Pin 0 is this interrupt. */
#define GIC_PIN0	32
#define GIC_TYPE	"\"child<arm_gic>\""
#define UART_SLOT	1
#define PCI_IO		1	/* answers to its addresses */
#define PCI_BAR0	0x10
#define PCI_SPACE	0x4010000000ULL	/* 32 KiB for each slot */
#define PORT_OPENED	"\"VSERPORT_CHANGE\", \"data\": {\"open\": true"

const u64 machine_poll_ns = 20 * NSEC_PER_USEC;

static struct {
	struct conf *conf;
	struct qtest *qtest;
	char gic[80];		/* its path in QEMU, found at the start */
	char line[65536];	/* of QMP, as far as it is there */
} m;

/* The path of the GIC in a reply to qom-list. */
static bool machine_find_gic(const char *reply, char *path, size_t size)
{
	const char *type = strstr(reply, GIC_TYPE);
	const char *start, *name;

	if (!type)
		return false;
	for (start = type; start > reply && *start != '{'; start--)
		;
	name = strstr(start, "\"name\": \"");
	if (!name)
		return false;
	name += strlen("\"name\": \"");
	snprintf(path, size, "/machine/unattached/%.*s",
		 (int)strcspn(name, "\""), name);
	return true;
}

static void machine_place_uart(void)
{
	if (!m.conf->level)
		return;
	firmware_pci(m.qtest, UART_SLOT, PCI_BAR0, UART_ADDRESS - PCI_IO_BASE);
	firmware_pci(m.qtest, UART_SLOT, PCI_COMMAND, PCI_IO);
}

static void machine_qmp_line(void *arg, const char *line)
{
	if (machine_find_gic(line, m.gic, sizeof(m.gic)))
		log_line("interrupts by %s", m.gic);
	if (strstr(line, PORT_OPENED)) {
		firmware_left(m.qtest);
		machine_place_uart();
	}
}

static void machine_qmp(struct sock *s)
{
	sock_read_lines(s, m.line, sizeof(m.line), machine_qmp_line, NULL);
}

enum { QMP, UART };

struct sock machine_socks[MACHINE_SOCKS] = {
	[QMP] = { .input = machine_qmp },
	[UART] = { .input = uart_input },
};

static bool machine_ask_gic(const char *dir)
{
	static const char * const ask[] = {
		"{'execute': 'qmp_capabilities'}\n",
		"{'execute': 'qom-list', 'arguments': {'path': '/machine/unattached'}}\n",
	};
	struct sock *qmp = &machine_socks[QMP];

	if (!sock_listen(qmp, dir, "qmp.sock"))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(ask); i++)
		sock_queue(qmp, ask[i], strlen(ask[i]));
	return true;
}

static u32 *machine_doorbell(const struct channel *ch)
{
	return (u32 *)(ch->block + REG_DOORBELL);
}

bool machine_open(const struct options *o, struct conf *conf, struct qtest *q,
		  u8 *file)
{
	if (o->serial)
		return complain("--serial: not on this machine");
	m.conf = conf;
	m.qtest = q;
	for (unsigned int i = 0; i < conf->n; i++) {
		*machine_doorbell(&conf->links[i].out) = 0;
		*machine_doorbell(&conf->links[i].in) = 0;
	}
	return firmware_write(o, file) && machine_ask_gic(o->dir) &&
	       uart_open(&machine_socks[UART], q, o->dir, conf);
}

void firmware_pci(struct qtest *q, unsigned int slot, unsigned int offset,
		  u32 value)
{
	qtest_command(q, "writel 0x%llx 0x%x\n",
		      PCI_SPACE + (slot << 15) + offset, value);
}

bool firmware_file(const char *dir, const char *name, const void *data,
		   size_t n)
{
	char path[4096];
	FILE *file;
	bool ok;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	file = fopen(path, "w");
	ok = file && fwrite(data, n, 1, file) == 1;
	if (file && fclose(file))
		ok = false;
	return ok || complain("%s: %m", path);
}

void machine_args(struct words *w, const struct options *o,
		  const struct conf *conf)
{
	words_add(w, "-M virt,accel=tcg,acpi=off,gic-version=2");
	words_add(w, "-global virtio-mmio.force-legacy=false");
	words_add(w, "-m %uM", o->memory_mb);
	firmware_args(w, o);
	words_add(w, "-qmp unix:%s/qmp.sock", o->dir);
	words_add(w, "-device virtio-serial-device,bus=virtio-mmio-bus.0");
	words_add(w,
		  "-device virtserialport,chardev=pcc-control,name=mctp-pcc.platform,id=commands");
	if (!conf->level)
		return;
	words_socket(w, o, "uart");
	words_add(w, "-device pci-serial,bus=pcie.0,addr=%u,chardev=pcc-uart",
		  UART_SLOT);
}

/* The GIC takes a rise for an edge only after a fall. */
void machine_raise(struct link *l, enum box box)
{
	unsigned int gsi = box == OUTBOX ? l->out.gsi : l->in.gsi;

	if (m.conf->level) {
		uart_raise();
		return;
	}
	if (!m.gic[0]) {
		log_line("interrupt lost: QEMU has not named its GIC");
		return;
	}
	qtest_irq(m.qtest, m.gic, gsi - GIC_PIN0, true);
	qtest_irq(m.qtest, m.gic, gsi - GIC_PIN0, false);
}

/* A register of type 5 keeps its value until the command is complete. */
void machine_doorbells(void)
{
	struct conf *conf = m.conf;

	for (unsigned int i = 0; i < 2 * conf->n; i++) {
		struct link *l = &conf->links[i / 2];
		struct channel *ch = i % 2 ? &l->in : &l->out;
		u32 *reg = machine_doorbell(ch);
		u32 value = reg_read(reg);

		if (!value || ch->heard)
			continue;
		if (ch->type->rings)
			ch->heard = true;
		else
			__atomic_store_n(reg, 0, __ATOMIC_SEQ_CST);
		link_ring(conf->links, conf->n, value);
	}
}
