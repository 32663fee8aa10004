// SPDX-License-Identifier: GPL-2.0
/* Copyright (C) 2026 The mctp-pcc authors */
/* A subspace of type 5: its entry of the PCCT, and its commands */
#include <string.h>

#include "machine/machine.h"
#include "pcc/link.h"
#include "tests/test.h"

#define TURNAROUND	50	/* us: as type5.conf has it */

/* Offsets of ACPI 6.5, 14.1.7: behind two of 164 bytes, before another. */
static void test_entry(const struct channel *ch)
{
	u8 buf[4096], sum = 0, *s = buf + 48 + 2 * 164;
	size_t n;

	n = test_read_file(buf, sizeof(buf), "%s/tables/type5/pcct.aml",
			   test_dir);
	for (size_t i = 0; i < n; i++)
		sum += buf[i];
	CHECK(n == 48 + 3 * 164 + 96 && get_le32(buf + 4) == n && !sum &&
	      s[0] == 5 && s[1] == 96 && get_le16(s + 2) == 1 && s[96] == 4);
	CHECK_WORDS(s, { 4, ch->base }, { 8, ch->base >> 32 }, { 12, 128 },
		    { 16, 0 },
		    /* doorbell: register and masks */
		    { 20, 0x03002000 }, { 24, ch->regs + 12 },
		    { 28, ch->regs >> 32 }, { 32, 0 }, { 36, 0 },
		    { 40, ch->index + 1 }, { 44, 0 },
		    /* command complete */
		    { 48, 0x03002000 }, { 52, ch->regs + 12 },
		    { 56, ch->regs >> 32 }, { 60, 0xffffffff }, { 64, 0 },
		    /* error */
		    { 68, 0x03002000 }, { 72, ch->regs + 4 },
		    { 76, ch->regs >> 32 }, { 80, 1 }, { 84, 0 },
		    /* latency, turnaround */
		    { 88, 4000 }, { 92, TURNAROUND });
}

/* Writes a command and the doorbell; the platform looks there twice. */
static void os_command5(struct link *l, u32 a, u32 b)
{
	u8 *p = l->out.buf;

	test_now += TURNAROUND * NSEC_PER_USEC;
	memset(p + 4, 0, l->out.size - 4);
	put_le32(p + 4, a);
	put_le32(p + 8, b);
	*l->out.complete = l->out.index + 1;
	machine_doorbells();
	machine_doorbells();
}

static void check_reply5(struct link *l, bool error, const char *data,
			 const char *what)
{
	u8 want[128];
	size_t n = test_hex(want, data);
	const u8 *p = l->out.buf;

	CHECK(!*l->out.complete && (*l->out.error & 1) == error &&
	      get_le32(p) == (0x50434300 | l->out.index) &&
	      !memcmp(p + 4, want, n), "%s: busy %u, error %u, data %#x %#x",
	      what, *l->out.complete, *l->out.error & 1, get_le32(p + 4),
	      get_le32(p + 8));
}

static void test_commands(struct link *l)
{
	static const char reply[] = "02e9ff04 2a000000 00*4";

	CHECK(!*l->out.complete && link_idle(l));
	os_command5(l, 0x04ffe902, 0x10);
	check_reply5(l, false, reply, "temperature");
	os_command5(l, 0x05ffe902, 0x10);
	check_reply5(l, true, "", "unknown message");
	os_command5(l, 0x04ffe902, 0x10);
	check_reply5(l, false, reply, "after an error");
	l->fault = (struct fault){ .mode = HOLD, .count = 1 };
	os_command5(l, 0x04ffe902, 0x10);
	CHECK(l->busy && *l->out.complete == l->out.index + 1u &&
	      !l->c.dropped_while_busy);
	outbox_complete(l, true);
	check_reply5(l, false, reply, "after it was held");
	CHECK(l->c.doorbells == 4 && !l->c.outbox_irqs && !l->violations);
	l->ignore = true;
	os_command5(l, 0x04ffe902, 0x10);
	CHECK(*l->out.complete && l->c.ignored == 1);
	link_reset(l);
	check_reply5(l, false, "", "ignored");
	put_le32(l->out.buf, 1);
	CHECK_SAYS("must be 0x50434302 [ACPI 6.5, 14.4]",
		   os_command5(l, 0x04ffe902, 0x10));
}

void test_type5(struct conf *conf)
{
	struct link *l = test_links.link;

	test_links_free();
	test_links_read("type5");
	*conf = (struct conf){ .links = l, .n = test_links.n };
	if (!CHECK(conf->n == 2))
		return;
	put_le32(l[0].out.block + 12, 0);
	put_le32(l[0].in.block + 12, 0);
	put_le32(l[1].in.block + 12, 0);
	test_entry(&l[1].out);
	test_commands(&l[1]);
}
