// SPDX-License-Identifier: GPL-2.0
/* Copyright (C) 2026 The mctp-pcc authors */
/* Clients of PCC beyond MCTP: a responder's commands and its tables */
#include <string.h>

#include "test.h"

static void os_command(struct link *l, u32 command, u32 value, u32 length)
{
	u8 data[112] = { 0 };

	put_le32(data, value);
	test_os_put(l, command, data, sizeof(data));
	put_le32(l->out.buf + 8, length);
	outbox_doorbell(l);
}

static void check_reply(struct link *l, u32 length, u32 value, const char *what)
{
	CHECK(get_le32(l->out.buf + 8) == length &&
	      (length < 8 || get_le32(l->out.buf + 16) == value) &&
	      *l->out.complete & 1 && !(*l->out.error & 1),
	      "%s: length %u, value %u", what, get_le32(l->out.buf + 8),
	      get_le32(l->out.buf + 16));
}

static void test_thermometer(struct link *l)
{
	/* a client that writes more than its message, as structures go */
	os_command(l, 1, 0, 8);
	check_reply(l, 8, 2982, "read");
	os_command(l, 2, 3000, 8);
	check_reply(l, 4, 0, "set");
	os_command(l, 1, 0, 4);
	check_reply(l, 8, 3000, "read what was set");
	CHECK(l->c.in_packets == 3 && l->c.outbox_irqs == 3 && !l->violations);
	/* refused: an error status, and no reply */
	os_command(l, 9, 0, 8);
	CHECK(*l->out.error & 1 && l->c.in_errored == 1);
	*l->out.error &= 0xfffffffe;
	os_command(l, 2, 0, 6);
	CHECK(*l->out.error & 1 && l->c.in_errored == 2);
	*l->out.error &= 0xfffffffe;
	CHECK_SAYS("length 3, must be 4", os_command(l, 1, 0, 3));
	l->fault = (struct fault){ .mode = HOLD, .count = 1 };
	os_command(l, 1, 0, 4);
	CHECK(l->busy && !(*l->out.complete & 1));
	outbox_complete(l, true);
	check_reply(l, 8, 3000, "after it was held");
}

/* Each link has its own state, and a restart forgets it. */
static void test_state(struct link *set, struct link *other)
{
	other->responder = set->responder;
	link_restart(other);
	os_command(other, 1, 0, 4);
	check_reply(other, 8, 2982, "another link");
	link_restart(set);
	os_command(set, 1, 0, 4);
	check_reply(set, 8, 2982, "after a restart");
	other->responder = NULL;
}

static int greedy_execute(u32 *state, u32 command, u8 *data, size_t len,
			  size_t room)
{
	return room + 1;
}

/* A reply beyond the room is the responder's fault: an error, and no reply. */
static void test_greedy(struct link *l)
{
	static const struct responder greedy = {
		.name = "greedy", .execute = greedy_execute,
	};
	const struct responder *was = l->responder;
	u64 errors = l->c.in_errored;

	l->responder = &greedy;
	os_command(l, 1, 0, 8);
	CHECK(*l->out.error & 1 && l->c.in_errored == errors + 1 &&
	      channel_guard_ok(&l->out));
	*l->out.error &= 0xfffffffe;
	l->responder = was;
}

/* The same of type 2 (ACPI 6.5, 14.2): a word of command and status. */
static void os_command2(struct link *l, u32 word, u32 a, u32 b)
{
	u8 *p = l->out.buf;

	put_le32(p + 4, word);
	memset(p + 8, 0, l->out.size - 8);
	put_le32(p + 8, a);
	put_le32(p + 12, b);
	outbox_doorbell(l);
}

/* What the whole buffer holds afterwards; the rest is not the message's. */
static void check_reply2(struct link *l, u16 status, const char *data,
			 const char *what)
{
	u8 want[128];
	size_t n = test_hex(want, data);
	const u8 *p = l->out.buf;

	CHECK(get_le32(p) == (0x50434300 | l->out.index) &&
	      !get_le16(p + 4) && get_le16(p + 6) == status &&
	      !memcmp(p + 8, want, n) &&
	      !memcmp(p + 8 + n, l->out.image + 8 + n, l->out.size - 8 - n),
	      "%s: signature %#x, status %#x, data %#x %#x", what,
	      get_le32(p), get_le16(p + 6), get_le32(p + 8),
	      get_le32(p + 12));
}

/* Of xgene-hwmon: its request, and the reply for sensor 0x10 */
#define READ		0x04ffe902
#define TEMPERATURE	"02e9ff04 2a000000 00*4"

static void run2(struct link *l, u32 word, u32 a, u32 b, u16 status,
		 const char *data, const char *what)
{
	os_command2(l, word, a, b);
	check_reply2(l, status, data, what);
}

static void test_xgene(struct link *l)
{
	u64 irqs = l->c.outbox_irqs;

	CHECK(get_le16(l->out.buf + 6) == 1);
	run2(l, 0x8000, READ, 0x10, 3, TEMPERATURE, "temperature");
	run2(l, 0x8000, READ, 0x26, 3, "02e9ff04 fa000000 00*4", "power");
	run2(l, 0x8000, READ, 0x30, 3, "00000070 30000000 00*4", "no sensor");
	CHECK(l->c.outbox_irqs == irqs + 3 && l->c.in_bytes == 3 * 120 &&
	      !l->violations);
	/* error bits of the last one may be left there, as xgene-hwmon does */
	run2(l, 0x8009, READ, 0x10, 7, "", "unknown command");
	run2(l, 0x48000, 0x05ffe902, 0x10, 7, "", "unknown message");
	CHECK(l->c.in_errored == 2 && !l->violations);
	/* nobody asked for an interrupt: a client that polls */
	run2(l, 0, READ, 0x10, 1, TEMPERATURE, "polled");
	CHECK(l->c.outbox_irqs == irqs + 5);
}

static void test_type2_faults(struct link *l)
{
	l->fault = (struct fault){ .mode = HOLD, .count = 1 };
	os_command2(l, 0x8000, READ, 0x10);
	CHECK(l->busy && !link_idle(l) && get_le32(l->out.buf + 4) == 0x8000);
	outbox_complete(l, true);
	check_reply2(l, 3, TEMPERATURE, "after it was held");
	l->fault = (struct fault){ .mode = NO_IRQ, .count = 1 };
	run2(l, 0x8000, READ, 0x10, 1, TEMPERATURE, "lost interrupt");
	l->fault = (struct fault){ .mode = ERROR, .count = 1 };
	run2(l, 0x8000, READ, 0x10, 7, "", "error");
	l->fault = (struct fault){ .mode = EARLY, .count = 1 };
	os_command2(l, 0x8000, READ, 0x10);
	CHECK(get_le16(l->out.buf + 6) == 3);
	l->ignore = true;
	os_command2(l, 0x8000, READ, 0x10);
	CHECK(!get_le32(l->out.buf + 4) && !link_idle(l));
	link_reset(l);
	check_reply2(l, 3, "", "ignored");
	CHECK(link_idle(l));
	put_le32(l->out.buf + 4, 0);
	CHECK(link_idle(l));
	link_restart(l);
	check_reply2(l, 1, "", "restart");
	run2(l, 0x8000, READ, 0x10, 3, TEMPERATURE, "after the restart");
	CHECK(!l->violations);
}

/* The same as type 2, but one has no acknowledge, the other no interrupt. */
static void test_type1_type0(struct link *one, struct link *none)
{
	run2(one, 0x8000, READ, 0x10, 3, TEMPERATURE, "type 1");
	run2(one, 0, READ, 0x10, 1, TEMPERATURE, "type 1, polled");
	CHECK(one->c.outbox_irqs == 1);
	run2(none, 0x8000, READ, 0x10, 1, TEMPERATURE, "type 0");
	run2(none, 0x8009, READ, 0x10, 5, "", "type 0, unknown command");
	CHECK(!none->c.outbox_irqs && !one->violations && !none->violations);
}

static void test_cppc(struct link *l)
{
	l->responder = responder_find("cppc");
	link_restart(l);
	os_command2(l, 0, 0, 0);
	check_reply2(l, 1,
		     "2c010000 c8000000 64000000 32000000 c8000000 00*4 64000000 00*4 96000000 00*8",
		     "performance");
	put_le32(l->out.buf + 4, 1);
	put_le32(l->out.buf + 8 + 0x10, 77);
	outbox_doorbell(l);
	check_reply2(l, 1, "", "performance written");
	os_command2(l, 0, 0, 0);
	check_reply2(l, 1,
		     "2c010000 c8000000 64000000 32000000 4d000000 00*4 c8000000 00*4 2c010000 00*8",
		     "performance read again");
	run2(l, 2, 0, 0, 5, "", "no such command");
}

static void test_type2_unsigned(struct link *l)
{
	l->signature = SIGNED_OS;
	link_restart(l);
	put_le32(l->out.buf, 0x50434306);
	l->ignore = true;
	os_command2(l, 0x8000, READ, 0x10);
	CHECK(get_le32(l->out.buf) != 0x50434306 && !get_le32(l->out.buf + 4));
}

static void test_type2_bad(struct link *l)
{
	static const struct {
		u32 at;
		u32 value;
		const char *want;
	} bad[] = {
		{ 0, 0x50434307, "signature 0x50434307, must be 0x50434306" },
		{ 4, 0x18000, "command complete is set" },
		{ 4, 0x28000, "other bits: 0x00028000" },
		{ 4, 0x88000, "other bits: 0x00088000" },
		{ 4, 0x108000, "other bits: 0x00108000" },
		{ 4, 0x8100, "other bits: 0x00008100" },
		{ 128, 0, "memory beside the outbox" },
		{ 0xfffffffc, 0, "memory beside the outbox" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		u8 *p = l->out.buf + (int)bad[i].at;
		u64 done = l->c.completions, took = l->c.in_packets;
		u32 was = get_le32(p);

		put_le32(l->out.buf + 4, 0x8000);
		put_le32(p, bad[i].value);
		CHECK_SAYS(bad[i].want, outbox_doorbell(l));
		CHECK(l->violations == 1 && l->c.completions == done + 1 &&
		      l->c.in_packets == took && get_le16(l->out.buf + 6) & 1,
		      "%s: not completed, or executed", bad[i].want);
		l->violations = 0;
		if (bad[i].at >= l->out.size)
			put_le32(p, was);
	}
}

void test_responder(void)
{
	struct link *l = test_links.link;

	test_links_read("example");
	CHECK(test_links.n == 6 && !l[0].responder && l[2].responder &&
	      l[2].out.size == 128 && l[3].responder);
	test_thermometer(&l[2]);
	test_state(&l[2], &l[0]);
	test_greedy(&l[2]);
	test_xgene(&l[3]);
	test_type1_type0(&l[4], &l[5]);
	test_cppc(&l[5]);
	test_type2_faults(&l[3]);
	test_type2_bad(&l[3]);
	test_type2_unsigned(&l[3]);
	CHECK(!responder_find("barometer"));
	test_links_free();
}
