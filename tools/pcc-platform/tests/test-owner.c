// SPDX-License-Identifier: GPL-2.0
/*
 * The endpoint as the owner of the bus, and answers that come late; registers
 * that follow late from the start
 *
 * Copyright (C) 2026 The mctp-pcc authors
 */
#include <string.h>

#include "pcc/shm.h"
#include "test.h"

#define MS	NSEC_PER_MSEC

static void later(u64 ns)
{
	timers_run(test_now += ns);
}

/* What is in the inbox, acknowledged. */
static void takes(struct link *l, const char *what, const char *hex)
{
	size_t len = get_le32(l->in.buf + 8) - 4;

	CHECK(l->posted, "%s: nothing is posted", what);
	test_bytes(what, l->in.buf + 16, len < 64 ? len : 0, hex);
	test_os_ack(l);
}

static void answered(struct link *l, const char *hex)
{
	u8 packet[64];

	test_os_send(l, packet, test_hex(packet, hex));
}

/* From the start, once a second, until it is answered as it should be. */
static void test_owner_asks(struct link *l)
{
	static const char * const bad[] = {
		"01 08 00 c4 00 02 01 00 00 20 00",	/* another tag */
		"01 08 00 c5 00 01 01 00 00 20 00",	/* another instance */
		"01 08 00 c5 00 02 02 00 00 20 00",	/* another command */
		"01 08 00 c5 00 02 01 01 00 20 00",	/* an error */
		"01 08 00 c5 00 02 01 00 10 20 00",	/* EID not accepted */
		"01 08 00 c5 00 02 01 00 00 21 00",	/* another EID */
		"01 08 00 c5 00 02 01 00 00 20",	/* too short */
	};
	struct owner *o = &l->ep.owner;

	takes(l, "set", "01 00 08 cd 00 81 01 00 20");
	later(1000 * MS - 1);
	CHECK(!l->posted, "asked again too early");
	later(1);
	takes(l, "set again", "01 00 08 cd 00 82 01 00 20");
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		answered(l, bad[i]);
	CHECK(o->state == OWNER_SETS_EID && !l->posted, "taken: state %d",
	      o->state);
	answered(l, "01 08 00 c5 00 02 01 00 00 20 00");
	takes(l, "types", "01 20 08 cd 00 83 05");
	answered(l, "01 08 20 c5 00 03 05 00 03 00 01");
	CHECK(o->state == OWNER_ASKS_TYPES, "fewer types than said");
	later(1000 * MS);
	takes(l, "types again", "01 20 08 cd 00 84 05");
	answered(l, "01 08 20 c5 00 04 05 00 02 01 7e");
	CHECK(o->state == OWNER_DONE && o->n == 2 && o->types[0] == 1 &&
	      o->types[1] == 0x7e && o->asked == 4, "state %d, %u types",
	      o->state, o->n);
	later(5000 * MS);
	CHECK(!l->posted && !l->violations, "asks on");
}

/* A test stops it and begins it; a restart is as the start. */
static void test_owner_ends(struct link *l)
{
	owner_start(&l->ep, 50);
	takes(l, "anew", "01 00 08 cd 00 85 01 00 32");
	link_reset(l);
	later(5000 * MS);
	CHECK(!l->posted && l->ep.owner.state == OWNER_OFF, "after a reset");
	link_restart(l);
	CHECK(l->posted && l->ep.owner.state == OWNER_SETS_EID,
	      "not after a restart");
	link_reset(l);
	test_os_ack(l);
}

/* Each when it is due, and none after a reset. */
static void test_late_answers(struct link *l)
{
	static const u8 get_eid[] = { 1, 8, 9, 0xc8, 0, 0x80, 2 };

	l->ep.late_us = 7000000;
	l->ep.late_count = 2;
	answered(l, "01 08 09 c8 00 80 02");
	later(1000 * MS);
	test_os_send(l, get_eid, sizeof(get_eid));
	CHECK(!l->posted, "not late");
	answered(l, "01 08 09 ca 00 85 02");
	takes(l, "not late", "01 09 08 c2 00 05 02 00 08 00 00");
	later(6000 * MS - 1);
	CHECK(!l->posted, "too early");
	later(1);
	takes(l, "first", "01 09 08 c0 00 00 02 00 08 00 00");
	CHECK(l->ep.late && !l->posted, "both at once");
	link_reset(l);
	later(9000 * MS);
	CHECK(!l->ep.late && !l->posted && !l->violations, "after a reset");
	l->owner = false;
	l->ep.late_count = 1;
	answered(l, "01 08 09 c8 00 80 02");
	link_restart(l);
	later(9000 * MS);
	CHECK(!l->posted && !l->violations, "after a restart");
}

static void test_lag(void)
{
	static const u8 packet[] = { 1, 9, 8, 0xc8, 0x7e };
	struct test_links t;
	struct link *l;

	test_links_read(&t, "lagging");
	l = &t.link[1];
	CHECK(l->in_lag.us == 5000 && l->out_lag.us == 5000, "lags %u, %u",
	      l->in_lag.us, l->out_lag.us);
	for (int i = 0; i < 2; i++) {
		inbox_queue(l, packet, sizeof(packet));
		*l->in.update |= 1;
		inbox_doorbell(l);
		CHECK(l->lagging, "no lag");
		later(5 * MS);
		CHECK(link_idle(l), "for too long");
		l->in_lag.us = 0;
		link_reset(l);
	}
	test_links_free(&t);
	test_links_read(&t, "juno");
	CHECK(t.link[1].in_lag.us == 2000 && !t.link[1].out_lag.us,
	      "update=none: lags %u, %u", t.link[1].in_lag.us,
	      t.link[1].out_lag.us);
	test_links_free(&t);
}

void test_owner(void)
{
	struct test_links t;

	test_links_read(&t, "owner");
	CHECK(t.n == 3 && t.link[1].owner, "%u links", t.n);
	link_start(&t.link[0]);
	test_owner_asks(&t.link[0]);
	test_owner_ends(&t.link[0]);
	test_late_answers(&t.link[0]);
	test_links_free(&t);
	test_lag();
}
