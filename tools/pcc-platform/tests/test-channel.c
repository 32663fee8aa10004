// SPDX-License-Identifier: GPL-2.0
/*
 * The strict checks: each wrong message is seen to be wrong
 *
 * Copyright (C) 2026 The mctp-pcc authors
 */
#include <string.h>

#include "pcc/shm.h"
#include "test.h"

static const u8 get_eid[] = { 0x01, 0x00, 0x08, 0xc8, 0x00, 0x80, 0x02 };

/* One change to a good message, and what must be said of it. */
struct bad {
	const char *want;
	void (*change)(struct link *l);
	unsigned int link;
};

static void bad_signature(struct link *l)
{
	l->out.buf[0] ^= 1;
}

static void bad_flags_none(struct link *l)
{
	l->out.buf[4] = 0;
}

static void bad_flags_more(struct link *l)
{
	l->out.buf[7] = 0x80;
}

static void bad_length_short(struct link *l)
{
	put_le32(l->out.buf + 8, 8);
}

static void bad_length_long(struct link *l)
{
	put_le32(l->out.buf + 8, l->out.size - 11);
}

static void bad_length_huge(struct link *l)
{
	put_le32(l->out.buf + 8, 0xffffffff);
}

static void bad_command(struct link *l)
{
	memcpy(l->out.buf + 12, "PTCM", 4);
}

static void bad_beyond(struct link *l)
{
	l->out.buf[16 + sizeof(get_eid)] ^= 0xff;
}

static void bad_last_byte(struct link *l)
{
	l->out.buf[l->out.size - 1] ^= 0xff;
}

static void bad_after(struct link *l)
{
	l->out.buf[l->out.size] ^= 0xff;
}

static void bad_before(struct link *l)
{
	l->out.buf[-1] ^= 0xff;
}

static void bad_beside_inbox(struct link *l)
{
	l->in.buf[l->in.size] ^= 0xff;
}

static void bad_complete(struct link *l)
{
	*l->out.complete |= 1;
}

static void bad_register(struct link *l)
{
	*l->out.complete = 0;
}

static void bad_version(struct link *l)
{
	l->out.buf[16] = 0x02;
}

static void bad_reserved(struct link *l)
{
	l->out.buf[16] = 0x11;
}

static const struct bad bad[] = {
	{ "must be 0x50434300 [ACPI 6.5, 14.3]", bad_signature, 0 },
	{ "must be 0x00000001 [our rule]", bad_flags_none, 0 },
	{ "must be 0x00000001 [ACPI 6.5, 14.3]", bad_flags_more, 1 },
	{ "must be 9 to 8196 [DSP0236 1.3, 8.1]", bad_length_short, 0 },
	{ "must be 9 to 72 [ACPI 6.5, 14.3]", bad_length_long, 2 },
	{ "length 4294967295", bad_length_huge, 1 },
	{ "bytes 50 54 43 4d [DSP0292 1.0]", bad_command, 0 },
	{ "beyond the message", bad_beyond, 0 },
	{ "beyond the message [our rule]", bad_last_byte, 2 },
	{ "beside the outbox", bad_after, 2 },
	{ "beside the outbox", bad_before, 1 },
	{ "beside the inbox", bad_beside_inbox, 0 },
	{ "command complete is set [ACPI 6.5, 14.5]", bad_complete, 0 },
	{ "changed other bits: 0x00000000 [ACPI 6.5, 14.1]", bad_register, 0 },
	{ "MCTP header version 2", bad_version, 0 },
	{ "MCTP reserved bits set: 0x11 [DSP0236 1.3, 8.1]", bad_reserved, 0 },
};

static void test_outbox_bad(const struct bad *b)
{
	struct test_links t;
	struct link *l;
	const char *said;

	test_links_init(&t);
	l = &t.link[b->link];
	test_os_message(l, get_eid, sizeof(get_eid));
	b->change(l);
	test_stderr_begin();
	test_os_ring(l);
	said = test_stderr_end();
	CHECK(l->violations == 1 && strstr(said, "VIOLATION: link ") &&
	      strstr(said, b->want), "%s: %llu violations: %s", b->want,
	      l->violations, said);
	/* Not delivered, but completed: the driver must not hang on it. */
	CHECK(!l->c.in_packets && l->c.completions == 1 &&
	      *l->out.complete & 1 && l->c.irqs_out == 1,
	      "%s: packets %llu, completions %llu", b->want, l->c.in_packets,
	      l->c.completions);
	test_links_free(&t);
}

static void test_outbox_good(void)
{
	struct test_links t;
	struct link *l = &t.link[0];

	test_links_init(&t);
	/* The signature is there at first, and only on link 0. */
	test_bytes("outbox 0 at first", l->out.buf, 4, "00 43 43 50");
	CHECK(memcmp(t.link[1].out.buf, "\x02\x43\x43\x50", 4),
	      "link 1's outbox is signed");
	test_os_message(l, get_eid, sizeof(get_eid));
	test_bytes("outbox", l->out.buf, 23,
		   "00 43 43 50 01 00 00 00 0b 00 00 00 4d 43 54 50 01 00 08 c8 00 80 02");
	test_os_ring(l);
	test_bytes("inbox", l->in.buf, 27,
		   "01 43 43 50 01 00 00 00 0f 00 00 00 4d 43 54 50 01 08 00 c0 00 00 02 00 00 00 00");
	CHECK(l->c.in_packets == 1 && l->c.in_bytes == 7 &&
	      l->c.out_packets == 1 && l->c.out_bytes == 11,
	      "packets %llu %llu, bytes %llu %llu", l->c.in_packets,
	      l->c.out_packets, l->c.in_bytes, l->c.out_bytes);
	CHECK(*l->out.complete & 1 && !(*l->in.complete & 1) &&
	      l->c.irqs_out == 1 && l->c.irqs_in == 1,
	      "registers %x %x, interrupts %llu %llu", *l->out.complete,
	      *l->in.complete, l->c.irqs_out, l->c.irqs_in);
	/* Nothing of the message is left, the signature is there again. */
	test_bytes("outbox 0 afterwards", l->out.buf, 4, "00 43 43 50");
	CHECK(!memcmp(l->out.buf, l->out.image, l->out.size),
	      "the message is still in the outbox");
	test_os_ack(l);
	CHECK(link_idle(l) && l->c.out_acked == 1 && !l->violations,
	      "acked %llu, violations %llu", l->c.out_acked, l->violations);
	CHECK(shm_ok(t.mem, t.link, t.n), "memory differs from its image");
	test_links_free(&t);
}

static void test_outbox_largest(void)
{
	struct test_links t;
	u8 packet[8192] = { 0x01, 0x00, 0x08, 0xc8, 0x05 };

	test_links_init(&t);
	for (unsigned int i = 0; i < t.n; i++) {
		struct link *l = &t.link[i];

		test_os_send(l, packet, l->out.size - 16);
		test_now += NSEC_PER_SEC;
		test_os_send(l, packet, 5);
		CHECK(l->c.in_packets == 2 && !l->violations,
		      "link %u: packets %llu, violations %llu", i,
		      l->c.in_packets, l->violations);
	}
	test_links_free(&t);
}

/* Some times that are far too long make no difference. */
static void test_median(void)
{
	static struct median m;

	CHECK(median_ns(&m) == 0, "median of nothing");
	for (u64 i = 1; i <= 99; i++)
		median_add(&m, i * 1000);
	for (u64 i = 0; i < 20; i++)
		median_add(&m, 5 * NSEC_PER_SEC);
	CHECK(median_ns(&m) >= 60000 - 64 && median_ns(&m) <= 60000 + 64,
	      "median %llu ns", median_ns(&m));
}

/* Times between a completion and the next doorbell, and between doorbells. */
static void test_outbox_gaps(void)
{
	struct test_links t;
	struct link *l = &t.link[0];

	test_links_init(&t);
	test_now += 5;
	test_os_send(l, get_eid, sizeof(get_eid));
	CHECK(!l->c.gap.n, "a gap before the first message");
	test_now += 300;
	test_os_send(l, get_eid, sizeof(get_eid));
	l->fault = (struct fault){ .mode = HOLD, .count = 1 };
	test_now += 40;
	test_os_send(l, get_eid, sizeof(get_eid));
	test_now += 7000;
	outbox_complete(l, true);
	test_now += 1;
	CHECK(l->c.gap.n == 2 && median_ns(&l->c.gap) == 320,
	      "%u gaps of %llu ns", l->c.gap.n, median_ns(&l->c.gap));
	test_os_send(l, get_eid, sizeof(get_eid));
	/* 300, 40, 1; and from completion to completion, with the hold, 7040 */
	CHECK(l->c.gap.n == 3 && median_ns(&l->c.gap) == 64,
	      "%u gaps of %llu ns", l->c.gap.n, median_ns(&l->c.gap));
	CHECK(l->c.turn.n == 3 && median_ns(&l->c.turn) == 320,
	      "%u turns of %llu ns", l->c.turn.n, median_ns(&l->c.turn));
	CHECK(l->c.ring_max == 7001, "%llu ns between doorbells",
	      l->c.ring_max);
	/* what lies before a reset is nobody's */
	link_reset(l);
	test_now += 50;
	test_os_send(l, get_eid, sizeof(get_eid));
	CHECK(!l->c.gap.n && !l->c.turn.n && !l->c.ring_max,
	      "times before a reset");
	link_restart(l);
	test_now += 50;
	test_os_send(l, get_eid, sizeof(get_eid));
	CHECK(!l->c.gap.n, "a gap over a restart");
	CHECK(!l->c.turn.n, "a turn over a restart");
	CHECK(l->c.ring_max == 50, "%llu ns over a restart", l->c.ring_max);
	test_links_free(&t);
}

static void test_outbox_turnaround(void)
{
	struct test_links t;
	struct link *l = &t.link[1];
	const char *said;

	test_links_init(&t);
	test_os_send(l, get_eid, sizeof(get_eid));
	test_now += 90 * NSEC_PER_USEC;	/* a clock may be off by a tenth */
	test_os_send(l, get_eid, sizeof(get_eid));
	CHECK(!l->violations, "turnaround of 90 us refused");
	test_now += 89 * NSEC_PER_USEC;
	test_stderr_begin();
	test_os_send(l, get_eid, sizeof(get_eid));
	said = test_stderr_end();
	CHECK(l->violations == 1 && strstr(said, "turnaround 89 us"),
	      "turnaround of 89 us: %s", said);
	test_links_free(&t);
}

static void test_outbox_held(void)
{
	struct test_links t;
	struct link *l = &t.link[0];
	const char *said;

	test_links_init(&t);
	l->fault = (struct fault){ .mode = HOLD, .count = 1 };
	test_os_send(l, get_eid, sizeof(get_eid));
	CHECK(l->busy && !l->c.completions && !(*l->out.complete & 1) &&
	      !l->c.irqs_out, "transfer is not held");
	test_stderr_begin();
	test_os_ring(l);
	said = test_stderr_end();
	CHECK(strstr(said, "before the last command completed") &&
	      l->c.dropped_while_busy == 1, "doorbell while busy: %s", said);
	l->out.buf[20] ^= 1;
	test_stderr_begin();
	test_os_ring(l);
	test_stderr_end();
	CHECK(l->violations == 2, "violations %llu", l->violations);
	l->out.buf[20] ^= 1;
	test_stderr_begin();
	outbox_complete(l, true);
	said = test_stderr_end();
	CHECK(strstr(said, "while it was the platform's"),
	      "written while held: %s", said);
	CHECK(l->violations == 3 && l->c.in_packets == 1 &&
	      l->c.irqs_out == 1, "violations %llu", l->violations);
	test_os_send(l, get_eid, sizeof(get_eid));
	CHECK(!l->busy && l->c.completions == 2, "the next was held too");
	test_links_free(&t);
}

static void test_outbox_modes(void)
{
	struct test_links t;
	struct link *l = &t.link[0];

	test_links_init(&t);
	l->fault = (struct fault){ .mode = NO_IRQ, .count = 1 };
	test_os_send(l, get_eid, sizeof(get_eid));
	CHECK(*l->out.complete & 1 && !l->c.irqs_out && l->c.in_packets == 1,
	      "no-irq: interrupts %llu", l->c.irqs_out);
	l->fault = (struct fault){ .mode = ERROR, .count = 1 };
	test_os_send(l, get_eid, sizeof(get_eid));
	CHECK(*l->out.complete & 1 && *l->out.error & 1 &&
	      l->c.irqs_out == 1 && l->c.in_packets == 1 &&
	      l->c.in_errored == 1, "error: register %x", *l->out.error);
	*l->out.error &= ~1;
	l->fault = (struct fault){ .mode = DELAY, .count = 1, .us = 500 };
	test_os_send(l, get_eid, sizeof(get_eid));
	timers_run(test_now += 499 * NSEC_PER_USEC);
	CHECK(l->busy && l->c.irqs_out == 1, "delay: early");
	timers_run(test_now += NSEC_PER_USEC);
	CHECK(!l->busy && l->c.irqs_out == 2, "delay: late");
	l->fault = (struct fault){ .mode = DOUBLE_IRQ, .count = 1 };
	test_os_send(l, get_eid, sizeof(get_eid));
	timers_run(test_now += NSEC_PER_MSEC);
	CHECK(l->c.irqs_out == 4, "double-irq: %llu", l->c.irqs_out);
	l->fault = (struct fault){ .mode = NO_IRQ };
	for (int i = 0; i < 3; i++)
		test_os_send(l, get_eid, sizeof(get_eid));
	CHECK(l->c.irqs_out == 4, "until changed: %llu", l->c.irqs_out);
	CHECK(!l->violations, "violations %llu", l->violations);
	test_links_free(&t);
}

/* A transfer cut by a restart is no fault of the OS, the one after may be. */
static void test_outbox_restart(void)
{
	struct test_links t;
	struct link *l = &t.link[0];

	test_links_init(&t);
	l->fault = (struct fault){ .mode = HOLD, .count = 1 };
	test_os_send(l, get_eid, sizeof(get_eid));
	link_restart(l);
	CHECK(!l->busy && *l->out.complete & 1 && !l->c.in_packets,
	      "restart: complete %x", *l->out.complete);
	test_os_ring(l);
	CHECK(!l->violations && l->c.dropped_while_busy == 1,
	      "ring across the restart: %llu violations", l->violations);
	test_stderr_begin();
	test_os_ring(l);
	test_stderr_end();
	CHECK(l->violations, "a ring without a message passed");
	test_links_free(&t);
}

void test_outbox(void)
{
	test_outbox_good();
	test_outbox_largest();
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		test_outbox_bad(&bad[i]);
	test_median();
	test_outbox_gaps();
	test_outbox_turnaround();
	test_outbox_held();
	test_outbox_modes();
	test_outbox_restart();
}

static void test_inbox_queue(void)
{
	struct test_links t;
	struct link *l = &t.link[2];

	test_links_init(&t);
	for (int i = 0; i < 3; i++)
		inbox_queue(l, get_eid, sizeof(get_eid));
	CHECK(l->c.out_packets == 1 && link_pending(l) == 3,
	      "posted %llu, pending %llu", l->c.out_packets, link_pending(l));
	for (int i = 0; i < 3; i++)
		test_os_ack(l);
	CHECK(l->c.out_acked == 3 && !link_pending(l) && l->c.irqs_in == 3,
	      "acked %llu", l->c.out_acked);
	/* The OS's start: nothing is posted, it acknowledges all the same. */
	test_os_ack(l);
	CHECK(!l->violations && l->c.out_acked == 3, "start: %llu violations",
	      l->violations);
	test_links_free(&t);
}

static void test_inbox_bad(void)
{
	struct test_links t;
	struct link *l = &t.link[0];
	const char *said;

	test_links_init(&t);
	inbox_queue(l, get_eid, sizeof(get_eid));
	inbox_doorbell(l);
	CHECK(l->posted && l->c.stray_rings == 1 && !l->violations,
	      "ring without the bit: %llu", l->c.stray_rings);
	l->in.buf[l->in.size - 1] ^= 1;
	*l->in.complete = 1;
	test_stderr_begin();
	inbox_doorbell(l);
	said = test_stderr_end();
	CHECK(strstr(said, "inbox written by the OS"), "written: %s", said);
	CHECK(strstr(said, "changed other bits"), "register: %s", said);
	CHECK(l->c.out_acked == 1 && l->violations == 2, "violations %llu",
	      l->violations);
	CHECK(!shm_ok(t.mem, t.link, t.n), "the last check does not see it");
	test_links_free(&t);
}

/* A ring that never comes is done without; one that comes late is no ack. */
static void test_inbox_lost_ring(void)
{
	struct test_links t;
	struct link *l = &t.link[0];

	test_links_init(&t);
	inbox_queue(l, get_eid, sizeof(get_eid));
	*l->in.complete |= 1;
	timers_run(test_now += 20 * NSEC_PER_MSEC);
	CHECK(!l->c.out_acked, "believed at the first look");
	timers_run(test_now += 20 * NSEC_PER_MSEC);
	CHECK(l->c.out_acked == 1, "not seen without a ring");
	CHECK(l->c.ack_max == 40 * NSEC_PER_MSEC, "acked after %llu ns",
	      l->c.ack_max);
	inbox_queue(l, get_eid, sizeof(get_eid));
	inbox_doorbell(l);
	CHECK(!l->violations && l->posted, "late ring: %llu violations",
	      l->violations);
	test_os_ack(l);
	CHECK(l->c.out_acked == 2 && l->c.ack_max == 40 * NSEC_PER_MSEC,
	      "acked %llu, after %llu ns", l->c.out_acked, l->c.ack_max);
	test_links_free(&t);
}

static void test_inbox_flood(void)
{
	struct test_links t;
	struct link *l = &t.link[0];
	struct flood f = {
		.left = 20, .len = 68, .type = 0x7f, .dest = 8, .src = 9,
	};

	test_links_init(&t);
	inbox_flood(l, &f);
	test_bytes("flood, first", l->in.buf + 16, 18,
		   "01 08 09 c8 7f 00 00 7e d9 4c 00 00 00 00 00 00 00 00");
	for (int i = 0; i < 9; i++)
		test_os_ack(l);
	test_bytes("flood, tenth", l->in.buf + 16, 18,
		   "01 08 09 c9 7f 00 00 7e d9 4c 09 00 00 00 00 00 00 00");
	while (link_pending(l))
		test_os_ack(l);
	CHECK(l->c.out_acked == 20 && l->c.out_bytes == 20 * 68,
	      "acked %llu, bytes %llu", l->c.out_acked, l->c.out_bytes);
	test_links_free(&t);
}

/* 32 packets, which the OS has for a millisecond each, one for a minute */
static void test_inbox_flood_rests(void)
{
	struct flood f = { .left = 40, .len = 68, .rest = true };
	struct test_links t;
	struct link *l = &t.link[0];

	test_links_init(&t);
	inbox_flood(l, &f);
	for (int i = 0; i < 32; i++) {
		CHECK(l->posted, "rests after %d packets", i);
		test_now += i ? NSEC_PER_MSEC : 60 * NSEC_PER_SEC;
		test_os_ack(l);
	}
	timers_run(test_now += 51 * NSEC_PER_MSEC - 1);
	CHECK(!l->posted && link_pending(l) == 8, "does not rest");
	timers_run(test_now += 1);
	CHECK(l->posted, "does not go on");
	while (link_pending(l))
		test_os_ack(l);
	CHECK(l->c.out_acked == 40, "acked %llu", l->c.out_acked);
	test_links_free(&t);
}

void test_inbox(void)
{
	test_inbox_queue();
	test_inbox_bad();
	test_inbox_lost_ring();
	test_inbox_flood();
	test_inbox_flood_rests();
}
