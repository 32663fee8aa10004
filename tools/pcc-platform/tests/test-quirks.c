// SPDX-License-Identifier: GPL-2.0
/* Copyright (C) 2026 The mctp-pcc authors */
/*
 * What a platform may do its own way: registers, signatures, late completions
 */
#include <string.h>

#include "test.h"
#include "wire/wire.h"

#define MS	NSEC_PER_MSEC

enum { OWN, NONE, SIGN_OS, CLEARED, OTHER, UNREADABLE, WINDOW, LARGE };

/* Command complete for the OS: what it reads, and what it writes. */
static bool complete(const struct channel *ch)
{
	return *ch->complete & 1;
}

static void ack(struct link *l)
{
	*l->in.update |= l->in.update_by == UPDATE_NONE ? 0 : 1;
	inbox_doorbell(l);
}

static void test_quirks_same(struct link *l)
{
	for (unsigned int i = SIGN_OS; i < test_links.n; i++)
		CHECK(l[i].in.update == l[i].in.complete &&
		      l[i].out.update == l[i].out.complete,
		      "link %u: two registers", i);
	CHECK(l[NONE].in.update == l[NONE].in.complete);
	CHECK(l[OWN].in.update == l[OWN].in.complete + 4 &&
	      l[OWN].out.update == l[OWN].out.complete + 4);
}

static void test_quirks_lag(struct link *l)
{
	l->in_lag = (struct lag){ .us = 50000, .every = 2 };
	for (int i = 0; i < 3; i++)
		inbox_queue(l, longer, sizeof(longer));
	CHECK(!complete(&l->in) && !(*l->in.update & 1));
	ack(l);
	CHECK(l->c.out_acked == 1 && l->c.out_packets == 2 &&
	      !complete(&l->in));
	ack(l);
	CHECK(l->c.out_acked == 2 && l->c.out_packets == 2 && l->c.lagged == 1);
	ack(l);
	CHECK(l->c.out_acked == 2 && l->c.stray_rings == 1);
	test_later(50 * MS - 1);
	CHECK(!complete(&l->in) && l->c.out_packets == 2);
	test_later(1);
	CHECK(!complete(&l->in) && l->c.out_packets == 3);
	ack(l);
	CHECK(complete(&l->in) && link_idle(l) && !l->violations);
}

/* An interrupt in the middle of the lag, if one is asked for. */
static void test_quirks_lag_irq(struct link *l)
{
	u64 before = l->c.inbox_irqs;

	l->in_lag = (struct lag){ .us = 50000, .irq = true };
	inbox_queue(l, longer, sizeof(longer));
	ack(l);
	test_later(25 * MS - 1);
	CHECK(l->c.inbox_irqs == before + 1);
	test_later(1);
	CHECK(l->c.inbox_irqs == before + 2 && !complete(&l->in));
	/* a reset ends it, and what lags in a restart is forgotten */
	link_reset(l);
	CHECK(complete(&l->in) && link_idle(l) && !l->in_lag.us);
	l->in_lag.us = 50000;
	inbox_queue(l, longer, sizeof(longer));
	ack(l);
	link_restart(l);
	inbox_queue(l, longer, sizeof(longer));
	test_later(50 * MS);
	CHECK(!complete(&l->in) && l->posted);
	link_reset(l);
	ack(l);
	CHECK(link_idle(l) && !l->violations);
}

/* The OS cannot set the bit: its ring tells, and the platform sets it. */
static void test_quirks_none(struct link *l)
{
	l->in_lag = (struct lag){ .us = 20000 };
	inbox_queue(l, longer, sizeof(longer));
	test_later(100 * MS);
	CHECK(!complete(&l->in) && !l->c.out_acked);
	ack(l);
	CHECK(!complete(&l->in) && l->c.out_acked == 1);
	test_later(20 * MS);
	CHECK(complete(&l->in) && link_idle(l));
	l->in_lag.us = 0;
	inbox_queue(l, longer, sizeof(longer));
	ack(l);
	CHECK(complete(&l->in) && link_idle(l) && !l->violations);
}

/* The OS may not write there after it has acknowledged. */
static void test_quirks_inbox_written(struct link *l)
{
	l->in_lag = (struct lag){ .us = 20000 };
	inbox_queue(l, longer, sizeof(longer));
	ack(l);
	l->in.buf[8] ^= 1;
	inbox_queue(l, longer, sizeof(longer));
	CHECK_SAYS("inbox written by the OS", test_later(20 * MS));
	CHECK(l->violations == 1);
	l->violations = 0;
	ack(l);
	test_later(20 * MS);
}

static void test_quirks_lose_irq(struct link *l)
{
	link_reset(l);
	l->lose_every = 3;
	for (int i = 0; i < 7; i++) {
		inbox_queue(l, longer, sizeof(longer));
		test_os_ack(l);
	}
	CHECK(l->c.inbox_irqs == 5 && l->c.irqs_lost == 2);
	link_reset(l);
	CHECK(!l->lose_every);
}

/* Cleared in one register, and later in the other */
static void test_quirks_outbox(struct link *l)
{
	link_reset(l);
	l->out_lag = (struct lag){ .us = 50000 };
	l->fault = (struct fault){ .mode = HOLD, .count = 2 };
	test_os_send(l, longer, sizeof(longer));
	CHECK(complete(&l->out) && l->busy);
	test_later(50 * MS);
	CHECK(!complete(&l->out));
	outbox_complete(l, true);
	CHECK(complete(&l->out) && *l->out.update & 1);
	test_os_send(l, longer, sizeof(longer));
	outbox_complete(l, true);
	test_later(50 * MS);
	CHECK(complete(&l->out));
	l->out_lag.us = 0;
	test_os_message(l, longer, sizeof(longer));
	*l->out.update |= 1;
	CHECK_SAYS("command complete is set", outbox_doorbell(l));
	l->violations = 0;
	CHECK(l->c.in_packets == 2);
}

/* A doorbell during a late transfer is served after it. */
static void test_quirks_late(struct link *l)
{
	link_reset(l);
	l->fault = (struct fault){ .mode = LATE, .count = 1, .us = 2000 };
	test_os_send(l, longer, sizeof(longer));
	test_os_send(l, get_eid, sizeof(get_eid));
	CHECK(l->busy && !complete(&l->out));
	test_later(2 * MS);
	CHECK(l->c.in_packets == 1 && l->c.outbox_irqs == 1 &&
	      complete(&l->out) && !l->busy);
	test_later(MS);
	CHECK(l->c.in_packets == 2 && l->c.completions == 2 &&
	      l->c.outbox_irqs == 2);
	l->fault = (struct fault){ .mode = LATE, .count = 1, .us = 2000 };
	for (int i = 0; i < 2; i++)
		test_os_send(l, longer, sizeof(longer));
	test_later(2 * MS);
	test_os_send(l, get_eid, sizeof(get_eid));
	test_later(MS);
	CHECK(l->c.in_packets == 4 && l->c.completions == 4 && !l->violations);
	test_os_send(l, longer, sizeof(longer));
	CHECK(l->c.in_packets == 5 && !l->violations &&
	      !memcmp(l->out.buf, l->out.image, l->out.size));
	l->fault = (struct fault){ .mode = LATE, .count = 1, .us = 2000 };
	for (int i = 0; i < 2; i++)
		test_os_send(l, longer, sizeof(longer));
	link_reset(l);
	test_later(10 * MS);
	CHECK(!l->c.in_packets && !l->busy && !l->violations &&
	      !memcmp(l->out.buf, l->out.image, l->out.size));
}

static void sign(struct link *l, u32 signature)
{
	test_os_message(l, longer, sizeof(longer));
	put_le32(l->out.buf, signature);
	outbox_doorbell(l);
}

static void test_quirks_cleared(struct link *l)
{
	u8 zeros[PCC_HDR_SIZE] = { 0 };

	CHECK(get_le32(l->out.buf) == (0x50434300 | l->out.index));
	test_os_send(l, longer, sizeof(longer));
	CHECK(l->c.in_packets == 1 && !memcmp(l->out.buf, zeros, 16));
	sign(l, 0);
	CHECK(l->c.in_packets == 1 && l->c.refused == 1 &&
	      l->c.completions == 2 && !l->violations);
	test_os_send(l, longer, sizeof(longer));
	CHECK(l->c.in_packets == 2);
	link_restart(l);
	CHECK(get_le32(l->out.buf) == (0x50434300 | l->out.index));
}

static void test_quirks_other(struct link *l)
{
	u32 other = 0x50434300 | (l->out.index + 1);

	CHECK(get_le32(l->out.buf) == other);
	test_os_send(l, longer, sizeof(longer));
	CHECK(!l->c.in_packets && l->c.refused == 1 && !l->violations &&
	      complete(&l->out));
	sign(l, other);
	CHECK(l->c.in_packets == 1 && get_le32(l->out.buf) == other);
	link_restart(l);
	CHECK(get_le32(l->out.buf) == other);
}

static void test_quirks_os(struct link *l)
{
	CHECK(get_le32(l->out.buf) >> 8 != 0x504343);
	CHECK_SAYS("signature", sign(l, 0));
	CHECK(l->violations == 1);
	l->violations = 0;
}

static void test_quirks_large(struct link *l)
{
	static u8 packet[90000] = { 0x01, 0x00, 0x08, 0xc8, 0x05 };
	struct flood f = { .left = 1, .len = inbox_packet_max(l) };

	CHECK(l->out.size == 98320 && f.len == 65536, "size %u, packets %zu",
	      l->out.size, f.len);
	test_os_send(l, packet, sizeof(packet));
	inbox_flood(l, &f);
	test_os_ack(l);
	CHECK(l->c.in_bytes == sizeof(packet) && l->c.out_bytes == 65536 &&
	      !l->violations);
	l->out.buf[l->out.size] ^= 1;
	CHECK(!channel_guard_ok(&l->out));
	l->out.buf[l->out.size] ^= 1;
	CHECK(channel_guard_ok(&l->out) && channel_guard_ok(&l->in));
}

void test_quirks(void)
{
	struct link *l = test_links.link;

	test_links_read("quirks");
	CHECK(test_links.n == LARGE + 1);
	test_quirks_same(l);
	test_quirks_lag(&l[OWN]);
	test_quirks_lag_irq(&l[OWN]);
	test_quirks_inbox_written(&l[OWN]);
	test_quirks_outbox(&l[OWN]);
	test_quirks_none(&l[NONE]);
	test_quirks_lose_irq(&l[WINDOW]);
	test_quirks_late(&l[WINDOW]);
	test_quirks_os(&l[SIGN_OS]);
	test_quirks_cleared(&l[CLEARED]);
	test_quirks_other(&l[OTHER]);
	test_quirks_large(&l[LARGE]);
	CHECK(test_memory_ok());
	test_links_free();
}
