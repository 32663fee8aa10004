// SPDX-License-Identifier: GPL-2.0
/* Copyright (C) 2026 The mctp-pcc authors */
/* Ignored doorbells, early completions, random messages */
#include <string.h>

#include "test.h"
#include "wire/wire.h"

static void test_fault_ignore(struct link *l)
{
	l->ignore = true;
	l->ignore_count = 2;
	test_os_send(l, longer, sizeof(longer));
	CHECK(!l->busy && !l->c.completions && !(*l->out.complete & 1) &&
	      !l->c.outbox_irqs && !link_idle(l));
	test_os_send(l, longer, sizeof(longer));
	CHECK(l->c.ignored == 2 && !l->ignore);
	test_os_send(l, get_eid, sizeof(get_eid));
	CHECK(l->c.in_packets == 1 && l->c.completions == 1 && !l->violations &&
	      l->c.faults == 2);
}

/* Until a reset, which completes what the OS waits for. */
static void test_fault_ignore_reset(struct link *l)
{
	l->ignore = true;
	for (int i = 0; i < 5; i++)
		test_os_send(l, get_eid, sizeof(get_eid));
	CHECK(l->c.ignored == 5 && !l->c.in_packets);
	link_reset(l);
	CHECK(*l->out.complete & 1 && l->c.outbox_irqs == 0 && link_idle(l));
	test_os_send(l, get_eid, sizeof(get_eid));
	CHECK(l->c.in_packets == 1 && !l->violations);
}

/* With a transfer under way: what the OS writes over it is no violation. */
static void test_fault_ignore_busy(struct link *l)
{
	l->fault = (struct fault){ .mode = HOLD, .count = 1 };
	test_os_send(l, get_eid, sizeof(get_eid));
	l->ignore = true;
	test_os_send(l, longer, sizeof(longer));
	l->ignore = false;
	outbox_complete(l, true);
	CHECK(!l->violations && l->c.in_packets == 1);
}

/* What is left of an early message is no violation. */
static void test_fault_early(struct link *l)
{
	l->fault = (struct fault){ .mode = EARLY, .count = 1 };
	test_os_send(l, longer, sizeof(longer));
	CHECK(*l->out.complete & 1 && l->c.outbox_irqs == 1 &&
	      !l->c.in_packets && l->c.in_early == 1 && !l->busy);
	test_os_send(l, get_eid, sizeof(get_eid));
	CHECK(!l->violations && l->c.in_packets == 1);
	CHECK(!memcmp(l->out.buf, l->out.image, l->out.size));
	test_os_message(l, get_eid, sizeof(get_eid));
	l->out.buf[40] ^= 1;
	CHECK_SAYS("beyond the message", outbox_doorbell(l));
	CHECK(l->violations == 1);
}

static void test_fault_change(struct link *l)
{
	struct post p = inbox_message(l, get_eid, sizeof(get_eid));

	p.change = true;
	p.change_us = 50;
	inbox_post(l, &p);
	test_later(49 * NSEC_PER_USEC);
	CHECK(get_le32(l->in.buf + PCC_OFF_LENGTH) == sizeof(get_eid) + 4);
	test_later(NSEC_PER_USEC);
	test_bytes("changed", l->in.buf, 17,
		   "01 43 43 50 01 00 00 00 ff*8 01");
	test_os_ack(l);
	CHECK(!l->violations && l->c.changed == 1 && l->c.out_acked == 1);
	inbox_post(l, &p);
	test_os_ack(l);
	inbox_queue(l, get_eid, sizeof(get_eid));
	test_later(NSEC_PER_MSEC);
	CHECK(get_le32(l->in.buf + PCC_OFF_LENGTH) == sizeof(get_eid) + 4 &&
	      l->c.changed == 1);
}

/* Ahead of queue and flood, one at a time. */
static void test_fault_post_next(struct link *l)
{
	struct flood f = { .left = 3, .len = 68 };
	struct post p;

	inbox_flood(l, &f);
	inbox_queue(l, get_eid, sizeof(get_eid));
	p = inbox_message(l, longer, sizeof(longer));
	p.length = 3;
	CHECK(inbox_post_next(l, &p) && !inbox_post_next(l, &p));
	CHECK(link_pending(l) == 5);
	test_os_ack(l);
	CHECK(get_le32(l->in.buf + PCC_OFF_LENGTH) == 3 && !l->next);
	while (link_pending(l))
		test_os_ack(l);
	CHECK(l->c.out_acked == 5 && !l->violations);
}

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
			test_later(NSEC_PER_MSEC);
		}
	}
	return sum;
}

static u64 fuzz_sum(unsigned int nth, u32 seed)
{
	u64 sum;

	test_links_read("good");
	sum = fuzz_run(&test_links.link[nth], seed, 4000);
	test_links_free();
	return sum;
}

static void test_fault_fuzz(unsigned int nth)
{
	struct link *l = &test_links.link[nth];
	u64 sum = fuzz_sum(nth, 7);

	for (int v = 0; v < FUZZ_RESULTS; v++)
		CHECK(l->c.fuzz[v] > 200, "link %u, result %d: %llu", nth, v,
		      l->c.fuzz[v]);
	CHECK(l->c.out_acked == 4000 && !l->violations);
	CHECK(fuzz_sum(nth, 7) == sum);
	CHECK(fuzz_sum(nth, 8) != sum);
}

void test_fault(void)
{
	test_run("good", 1, test_fault_ignore);
	test_run("good", 0, test_fault_ignore_reset);
	test_run("good", 0, test_fault_ignore_busy);
	test_run("good", 0, test_fault_early);
	test_run("good", 0, test_fault_change);
	test_run("good", 0, test_fault_post_next);
	for (unsigned int i = 0; i < 3; i++)
		test_fault_fuzz(i);
}
