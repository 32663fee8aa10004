// SPDX-License-Identifier: GPL-2.0
/* Copyright (C) 2026 The mctp-pcc authors */
/* The strict checks: each wrong message is seen to be wrong */
#include <string.h>

#include "test.h"

/* One change to a good message, and what must be said of it. */
static const struct bad {
	const char *want;
	unsigned int link;
	enum { WORD, BYTE, INBOX_BYTE, REGISTER } what;
	int at;			/* from the buffer's start */
	u32 value;		/* a byte is inverted instead */
} bad[] = {
	{ "must be 0x50434300 [ACPI 6.5, 14.3]", 0, WORD, 0, 0x50434301 },
	{ "must be 0x00000001 [our rule]", 0, WORD, 4, 0 },
	{ "must be 0x00000001 [ACPI 6.5, 14.3]", 1, WORD, 4, 0x80000001 },
	{ "must be 9 to 8196 [DSP0236 1.3, 8.1]", 0, WORD, 8, 8 },
	{ "must be 9 to 72 [ACPI 6.5, 14.3]", 2, WORD, 8, 73 },
	{ "length 4294967295", 1, WORD, 8, 0xffffffff },
	{ "bytes 50 54 43 4d [DSP0292 1.0]", 0, WORD, 12, 0x4d435450 },
	{ "beyond the message", 0, BYTE, 16 + sizeof(get_eid), 0 },
	{ "beyond the message [our rule]", 2, BYTE, 83, 0 },
	{ "beside the outbox", 2, BYTE, 84, 0 },
	{ "beside the outbox", 1, BYTE, -1, 0 },
	{ "beside the inbox", 0, INBOX_BYTE, 8208, 0 },
	{ "command complete is set [ACPI 6.5, 14.5]", 0, REGISTER, 0,
	  REG_FILL | REG_BIT },
	{ "changed other bits: 0x00000000 [ACPI 6.5, 14.1]", 0, REGISTER, 0,
	  0 },
	{ "MCTP header version 2", 0, WORD, 16, 0xc8080002 },
	{ "MCTP reserved bits set: 0x11 [DSP0236 1.3, 8.1]", 0, WORD, 16,
	  0xc8080011 },
};

static void bad_change(const struct bad *b, struct link *l)
{
	switch (b->what) {
	case WORD:
		put_le32(l->out.buf + b->at, b->value);
		break;
	case BYTE:
		l->out.buf[b->at] ^= 0xff;
		break;
	case INBOX_BYTE:
		l->in.buf[b->at] ^= 0xff;
		break;
	case REGISTER:
		*l->out.complete = b->value;
	}
}

static void test_outbox_bad(const struct bad *b)
{
	struct link *l = &test_links.link[b->link];

	test_links_read("good");
	test_os_message(l, get_eid, sizeof(get_eid));
	bad_change(b, l);
	CHECK_SAYS(b->want, outbox_doorbell(l));
	CHECK(l->violations == 1 && strstr(test_stderr(), "VIOLATION: link "));
	CHECK(!l->c.in_packets && l->c.completions == 1 &&
	      *l->out.complete & 1 && l->c.outbox_irqs == 1,
	      "%s: packets %llu, completions %llu", b->want, l->c.in_packets,
	      l->c.completions);
	test_links_free();
}

static void test_outbox_good(struct link *l)
{
	/* The signature is there at first, and only on link 0. */
	test_bytes("outbox 0 at first", l->out.buf, 4, "00 43 43 50");
	CHECK(memcmp(test_links.link[1].out.buf, "\x02\x43\x43\x50", 4));
	test_os_message(l, get_eid, sizeof(get_eid));
	test_bytes("outbox", l->out.buf, 23,
		   "00 43 43 50 01 00 00 00 0b 00 00 00 4d 43 54 50 01 00 08 c8 00 80 02");
	outbox_doorbell(l);
	test_bytes("inbox", l->in.buf, 27,
		   "01 43 43 50 01 00 00 00 0f 00 00 00 4d 43 54 50 01 08 00 c0 00 00 02 00 00 00 00");
	CHECK(l->c.in_packets == 1 && l->c.in_bytes == 7 &&
	      l->c.out_packets == 1 && l->c.out_bytes == 11);
	CHECK(*l->out.complete & 1 && !(*l->in.complete & 1) &&
	      l->c.outbox_irqs == 1 && l->c.inbox_irqs == 1);
	test_bytes("outbox 0 afterwards", l->out.buf, 4, "00 43 43 50");
	CHECK(!memcmp(l->out.buf, l->out.image, l->out.size));
	test_os_ack(l);
	CHECK(link_idle(l) && l->c.out_acked == 1 && !l->violations);
	CHECK(test_memory_ok());
}

static void test_outbox_largest(struct link *l)
{
	u8 packet[8192] = { 0x01, 0x00, 0x08, 0xc8, 0x05 };

	test_os_send(l, packet, l->out.size - 16);
	test_now += NSEC_PER_SEC;
	test_os_send(l, packet, 5);
	CHECK(l->c.in_packets == 2 && !l->violations,
	      "link %u: packets %llu, violations %llu", l->number,
	      l->c.in_packets, l->violations);
}

static void test_median(void)
{
	static struct median m;

	CHECK(median_ns(&m) == 0);
	for (u64 i = 1; i <= 99; i++)
		median_add(&m, i * 1000);
	for (u64 i = 0; i < 20; i++)
		median_add(&m, 5 * NSEC_PER_SEC);
	CHECK(median_ns(&m) >= 60000 - 64 && median_ns(&m) <= 60000 + 64);
}

/* Times between a completion and the next doorbell, and between doorbells. */
static void test_outbox_idle(struct link *l)
{
	test_now += 5;
	test_os_send(l, get_eid, sizeof(get_eid));
	CHECK(!l->c.idle.n);
	test_now += 300;
	test_os_send(l, get_eid, sizeof(get_eid));
	l->fault = (struct fault){ .mode = HOLD, .count = 1 };
	test_now += 40;
	test_os_send(l, get_eid, sizeof(get_eid));
	test_now += 7000;
	outbox_complete(l, true);
	test_now += 1;
	CHECK(l->c.idle.n == 2 && median_ns(&l->c.idle) == 320);
	test_os_send(l, get_eid, sizeof(get_eid));
	CHECK(l->c.idle.n == 3 && median_ns(&l->c.idle) == 64);
	CHECK(l->c.cycle.n == 3 && median_ns(&l->c.cycle) == 320);
	CHECK(l->c.ring_max == 7001);
	link_reset(l);
	test_now += 50;
	test_os_send(l, get_eid, sizeof(get_eid));
	CHECK(!l->c.idle.n && !l->c.cycle.n && !l->c.ring_max);
	link_restart(l);
	test_now += 50;
	test_os_send(l, get_eid, sizeof(get_eid));
	CHECK(!l->c.idle.n);
	CHECK(!l->c.cycle.n);
	CHECK(l->c.ring_max == 50);
}

static void test_outbox_turnaround(struct link *l)
{
	test_os_send(l, get_eid, sizeof(get_eid));
	test_now += 90 * NSEC_PER_USEC;	/* a clock may be off by a tenth */
	test_os_send(l, get_eid, sizeof(get_eid));
	CHECK(!l->violations);
	test_now += 89 * NSEC_PER_USEC;
	CHECK_SAYS("turnaround 89 us",
		   test_os_send(l, get_eid, sizeof(get_eid)));
	CHECK(l->violations == 1);
}

static void test_outbox_busy(struct link *l)
{
	l->fault = (struct fault){ .mode = HOLD, .count = 1 };
	test_os_send(l, get_eid, sizeof(get_eid));
	CHECK(l->busy && !l->c.completions && !(*l->out.complete & 1) &&
	      !l->c.outbox_irqs);
	CHECK_SAYS("before the last command completed", outbox_doorbell(l));
	CHECK(l->c.dropped_while_busy == 1);
	l->out.buf[20] ^= 1;
	CHECK_SAYS("before the last command completed", outbox_doorbell(l));
	CHECK(l->violations == 2);
	l->out.buf[20] ^= 1;
	CHECK_SAYS("while it was the platform's", outbox_complete(l, true));
	CHECK(l->violations == 3 && l->c.in_packets == 1 &&
	      l->c.outbox_irqs == 1);
	test_os_send(l, get_eid, sizeof(get_eid));
	CHECK(!l->busy && l->c.completions == 2);
}

static void test_outbox_modes(struct link *l)
{
	l->fault = (struct fault){ .mode = NO_IRQ, .count = 1 };
	test_os_send(l, get_eid, sizeof(get_eid));
	CHECK(*l->out.complete & 1 && !l->c.outbox_irqs &&
	      l->c.in_packets == 1);
	l->fault = (struct fault){ .mode = ERROR, .count = 1 };
	test_os_send(l, get_eid, sizeof(get_eid));
	CHECK(*l->out.complete & 1 && *l->out.error & 1 &&
	      l->c.outbox_irqs == 1 && l->c.in_packets == 1 &&
	      l->c.in_errored == 1);
	*l->out.error &= ~1;
	l->fault = (struct fault){ .mode = DELAY, .count = 1, .us = 500 };
	test_os_send(l, get_eid, sizeof(get_eid));
	test_later(499 * NSEC_PER_USEC);
	CHECK(l->busy && l->c.outbox_irqs == 1);
	test_later(NSEC_PER_USEC);
	CHECK(!l->busy && l->c.outbox_irqs == 2);
	l->fault = (struct fault){ .mode = DOUBLE_IRQ, .count = 1 };
	test_os_send(l, get_eid, sizeof(get_eid));
	test_later(NSEC_PER_MSEC);
	CHECK(l->c.outbox_irqs == 4);
	l->fault = (struct fault){ .mode = NO_IRQ };
	for (int i = 0; i < 3; i++)
		test_os_send(l, get_eid, sizeof(get_eid));
	CHECK(l->c.outbox_irqs == 4);
	CHECK(!l->violations);
}

/* A transfer cut by a restart is no violation, the next one may be. */
static void test_outbox_restart(struct link *l)
{
	l->fault = (struct fault){ .mode = HOLD, .count = 1 };
	test_os_send(l, get_eid, sizeof(get_eid));
	link_restart(l);
	CHECK(!l->busy && *l->out.complete & 1 && !l->c.in_packets);
	outbox_doorbell(l);
	CHECK(!l->violations && l->c.dropped_while_busy == 1);
	CHECK_SAYS("command complete is set", outbox_doorbell(l));
	CHECK(l->violations);
}

void test_outbox(void)
{
	test_run("good", 0, test_outbox_good);
	for (unsigned int i = 0; i < 3; i++)
		test_run("good", i, test_outbox_largest);
	test_run("good", 0, test_outbox_idle);
	test_run("good", 1, test_outbox_turnaround);
	test_run("good", 0, test_outbox_busy);
	test_run("good", 0, test_outbox_modes);
	test_run("good", 0, test_outbox_restart);
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		test_outbox_bad(&bad[i]);
	test_median();
}

static void test_inbox_queue(struct link *l)
{
	for (int i = 0; i < 3; i++)
		inbox_queue(l, get_eid, sizeof(get_eid));
	CHECK(l->c.out_packets == 1 && link_pending(l) == 3);
	for (int i = 0; i < 3; i++)
		test_os_ack(l);
	CHECK(l->c.out_acked == 3 && !link_pending(l) && l->c.inbox_irqs == 3);
	/* The OS's start: nothing is posted, it acknowledges all the same. */
	test_os_ack(l);
	CHECK(!l->violations && l->c.out_acked == 3);
}

static void test_inbox_bad(struct link *l)
{
	inbox_queue(l, get_eid, sizeof(get_eid));
	inbox_doorbell(l);
	CHECK(l->posted && l->c.stray_rings == 1 && !l->violations);
	l->in.buf[l->in.size - 1] ^= 1;
	*l->in.complete = 1;
	CHECK_SAYS("inbox written by the OS", inbox_doorbell(l));
	CHECK(strstr(test_stderr(), "changed other bits"), "%s", test_stderr());
	CHECK(l->c.out_acked == 1 && l->violations == 2);
	CHECK(!test_memory_ok());
}

/* A doorbell that never comes, and one that comes late */
static void test_inbox_lost_ring(struct link *l)
{
	inbox_queue(l, get_eid, sizeof(get_eid));
	*l->in.complete |= 1;
	test_later(20 * NSEC_PER_MSEC);
	CHECK(!l->c.out_acked);
	test_later(20 * NSEC_PER_MSEC);
	CHECK(l->c.out_acked == 1);
	CHECK(l->c.ack_max == 40 * NSEC_PER_MSEC);
	inbox_queue(l, get_eid, sizeof(get_eid));
	inbox_doorbell(l);
	CHECK(!l->violations && l->posted);
	test_os_ack(l);
	CHECK(l->c.out_acked == 2 && l->c.ack_max == 40 * NSEC_PER_MSEC);
}

static void test_inbox_flood(struct link *l)
{
	struct flood f = {
		.left = 20, .len = 68, .type = 0x7f, .dest = 8, .src = 9,
	};

	inbox_flood(l, &f);
	test_bytes("flood, first", l->in.buf + 16, 18,
		   "01 08 09 c8 7f 00 00 7e d9 4c 00 00 00 00 00 00 00 00");
	for (int i = 0; i < 9; i++)
		test_os_ack(l);
	test_bytes("flood, tenth", l->in.buf + 16, 18,
		   "01 08 09 c9 7f 00 00 7e d9 4c 09 00 00 00 00 00 00 00");
	while (link_pending(l))
		test_os_ack(l);
	CHECK(l->c.out_acked == 20 && l->c.out_bytes == 20 * 68);
}

/* 32 packets: one for a minute, the others for a millisecond */
static void test_inbox_flood_rests(struct link *l)
{
	struct flood f = { .left = 40, .len = 68, .rest = true };

	inbox_flood(l, &f);
	for (int i = 0; i < 32; i++) {
		CHECK(l->posted, "rests after %d packets", i);
		test_now += i ? NSEC_PER_MSEC : 60 * NSEC_PER_SEC;
		test_os_ack(l);
	}
	test_later(51 * NSEC_PER_MSEC - 1);
	CHECK(!l->posted && link_pending(l) == 8);
	test_later(1);
	CHECK(l->posted);
	while (link_pending(l))
		test_os_ack(l);
	CHECK(l->c.out_acked == 40);
}

void test_inbox(void)
{
	test_run("good", 2, test_inbox_queue);
	test_run("good", 0, test_inbox_bad);
	test_run("good", 0, test_inbox_lost_ring);
	test_run("good", 0, test_inbox_flood);
	test_run("good", 0, test_inbox_flood_rests);
}
