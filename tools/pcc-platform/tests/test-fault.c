// SPDX-License-Identifier: GPL-2.0
/*
 * Deaf, hasty and random: faults that need more than one message to show
 *
 * Copyright (C) 2026 The mctp-pcc authors
 */
#include <string.h>

#include "pcc/shm.h"
#include "test.h"
#include "wire/pcc.h"

static const u8 get_eid[] = { 0x01, 0x00, 0x08, 0xc8, 0x00, 0x80, 0x02 };
static const u8 longer[] = {
	0x01, 0x00, 0x08, 0xc8, 0x05, 1, 2, 3, 4, 5, 6, 7, 8, 9,
};

/* A doorbell that nobody hears, and the next one that somebody does. */
static void test_fault_deaf(void)
{
	struct test_links t;
	struct link *l = &t.link[1];

	test_links_init(&t);
	l->deaf = true;
	l->deaf_count = 2;
	test_os_send(l, longer, sizeof(longer));
	CHECK(!l->busy && !l->c.completions && !(*l->out.complete & 1) &&
	      !l->c.irqs_out && !link_idle(l), "the doorbell was heard");
	test_os_send(l, longer, sizeof(longer));
	CHECK(l->c.ignored == 2 && !l->deaf, "ignored %llu", l->c.ignored);
	test_os_send(l, get_eid, sizeof(get_eid));
	CHECK(l->c.in_packets == 1 && l->c.completions == 1 &&
	      !l->violations && l->c.faults == 2,
	      "packets %llu, violations %llu", l->c.in_packets, l->violations);
	test_links_free(&t);
}

/* For ever, until a reset, which completes what the OS waits for. */
static void test_fault_deaf_reset(void)
{
	struct test_links t;
	struct link *l = &t.link[0];

	test_links_init(&t);
	l->deaf = true;
	for (int i = 0; i < 5; i++)
		test_os_send(l, get_eid, sizeof(get_eid));
	CHECK(l->c.ignored == 5 && !l->c.in_packets, "ignored %llu",
	      l->c.ignored);
	link_reset(l);
	CHECK(*l->out.complete & 1 && l->c.irqs_out == 0 && link_idle(l),
	      "reset: complete %x", *l->out.complete);
	test_os_send(l, get_eid, sizeof(get_eid));
	CHECK(l->c.in_packets == 1 && !l->violations, "violations %llu",
	      l->violations);
	test_links_free(&t);
}

/* Deaf with a transfer held: what the OS writes over it is no violation. */
static void test_fault_deaf_held(void)
{
	struct test_links t;
	struct link *l = &t.link[0];

	test_links_init(&t);
	l->fault = (struct fault){ .mode = HOLD, .count = 1 };
	test_os_send(l, get_eid, sizeof(get_eid));
	l->deaf = true;
	test_os_send(l, longer, sizeof(longer));
	l->deaf = false;
	outbox_complete(l, true);
	CHECK(!l->violations && l->c.in_packets == 1, "violations %llu",
	      l->violations);
	test_links_free(&t);
}

/* What is left of the message is not the OS's fault, beside the buffer is. */
static void test_fault_early(void)
{
	struct test_links t;
	struct link *l = &t.link[0];

	test_links_init(&t);
	l->fault = (struct fault){ .mode = EARLY, .count = 1 };
	test_os_send(l, longer, sizeof(longer));
	CHECK(*l->out.complete & 1 && l->c.irqs_out == 1 &&
	      !l->c.in_packets && l->c.in_early == 1 && !l->busy,
	      "early: complete %x", *l->out.complete);
	test_os_send(l, get_eid, sizeof(get_eid));
	CHECK(!l->violations && l->c.in_packets == 1, "violations %llu",
	      l->violations);
	CHECK(!memcmp(l->out.buf, l->out.image, l->out.size),
	      "the early message is still in the outbox");
	test_os_message(l, get_eid, sizeof(get_eid));
	l->out.buf[40] ^= 1;
	test_stderr_begin();
	test_os_ring(l);
	test_stderr_end();
	CHECK(l->violations == 1, "strict again: %llu", l->violations);
	test_links_free(&t);
}

static void test_fault_change(void)
{
	struct test_links t;
	struct link *l = &t.link[0];
	struct post p;

	test_links_init(&t);
	inbox_post_defaults(l, &p, get_eid, sizeof(get_eid));
	p.change = true;
	p.change_us = 50;
	inbox_post(l, &p);
	timers_run(test_now += 49 * NSEC_PER_USEC);
	CHECK(get_le32(l->in.buf + PCC_OFF_LENGTH) == sizeof(get_eid) + 4,
	      "changed too early");
	timers_run(test_now += NSEC_PER_USEC);
	test_bytes("changed", l->in.buf, 17,
		   "01 43 43 50 01 00 00 00 ff*8 01");
	test_os_ack(l);
	CHECK(!l->violations && l->c.changed == 1 && l->c.out_acked == 1,
	      "violations %llu, changed %llu", l->violations, l->c.changed);
	/* Acknowledged in time: the next message is left alone. */
	inbox_post(l, &p);
	test_os_ack(l);
	inbox_queue(l, get_eid, sizeof(get_eid));
	timers_run(test_now += NSEC_PER_MSEC);
	CHECK(get_le32(l->in.buf + PCC_OFF_LENGTH) == sizeof(get_eid) + 4 &&
	      l->c.changed == 1, "changed %llu", l->c.changed);
	test_links_free(&t);
}

/* Ahead of queue and flood, one at a time. */
static void test_fault_post_next(void)
{
	struct flood f = { .left = 3, .len = 68 };
	struct test_links t;
	struct link *l = &t.link[0];
	struct post p;

	test_links_init(&t);
	inbox_flood(l, &f);
	inbox_queue(l, get_eid, sizeof(get_eid));
	inbox_post_defaults(l, &p, longer, sizeof(longer));
	p.length = 3;
	CHECK(inbox_post_next(l, &p) && !inbox_post_next(l, &p),
	      "two at once");
	CHECK(link_pending(l) == 5, "pending %llu", link_pending(l));
	test_os_ack(l);
	CHECK(get_le32(l->in.buf + PCC_OFF_LENGTH) == 3 && !l->raw,
	      "not the next one");
	while (link_pending(l))
		test_os_ack(l);
	CHECK(l->c.out_acked == 5 && !l->violations, "acked %llu",
	      l->c.out_acked);
	test_links_free(&t);
}

/* The count of each verdict, and a sum of all that was posted. */
static u64 fuzz_run(struct link *l, u32 seed, u32 count)
{
	u64 sum = 0;

	inbox_fuzz(l, seed, count);
	while (link_pending(l)) {
		for (u32 i = 0; i < l->in.size; i++)
			sum = sum * 31 + l->in.buf[i];
		if (get_le32(l->in.buf + PCC_OFF_FLAGS) & PCC_FLAG_NOTIFY) {
			test_os_ack(l);
		} else {
			*l->in.complete |= 1;
			timers_run(test_now += NSEC_PER_MSEC);
		}
	}
	return sum;
}

static void test_fault_fuzz(unsigned int nth)
{
	struct test_links t, u;
	struct link *l = &t.link[nth];
	u64 sum;

	test_links_init(&t);
	sum = fuzz_run(l, 7, 4000);
	for (int v = 0; v < FUZZ_VERDICTS; v++)
		CHECK(l->c.fuzz[v] > 200, "link %u, verdict %d: %llu", nth, v,
		      l->c.fuzz[v]);
	CHECK(l->c.out_acked == 4000 && !l->violations, "acked %llu",
	      l->c.out_acked);
	test_links_free(&t);
	test_links_init(&u);
	CHECK(fuzz_run(&u.link[nth], 7, 4000) == sum,
	      "a seed does not replay");
	test_links_free(&u);
	test_links_init(&u);
	CHECK(fuzz_run(&u.link[nth], 8, 4000) != sum,
	      "two seeds are the same");
	test_links_free(&u);
}

void test_fault(void)
{
	test_fault_deaf();
	test_fault_deaf_reset();
	test_fault_deaf_held();
	test_fault_early();
	test_fault_change();
	test_fault_post_next();
	for (unsigned int i = 0; i < TEST_LINKS; i++)
		test_fault_fuzz(i);
}
