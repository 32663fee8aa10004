// SPDX-License-Identifier: GPL-2.0
/* Copyright (C) 2026 The mctp-pcc authors */
/*
 * The endpoint as the owner of the bus, and answers that come late; registers
 * that follow late from the start
 */

#include "test.h"

#define MS	NSEC_PER_MSEC

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
	test_later(1000 * MS - 1);
	CHECK(!l->posted);
	test_later(1);
	takes(l, "set again", "01 00 08 cd 00 82 01 00 20");
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		answered(l, bad[i]);
	CHECK(o->state == OWNER_SETS_EID && !l->posted, "taken: state %d",
	      o->state);
	answered(l, "01 08 00 c5 00 02 01 00 00 20 00");
	takes(l, "types", "01 20 08 cd 00 83 05");
	answered(l, "01 08 20 c5 00 03 05 00 03 00 01");
	CHECK(o->state == OWNER_ASKS_TYPES);
	test_later(1000 * MS);
	takes(l, "types again", "01 20 08 cd 00 84 05");
	answered(l, "01 08 20 c5 00 04 05 00 02 01 7e");
	CHECK(o->state == OWNER_DONE && o->n == 2 && o->types[0] == 1 &&
	      o->types[1] == 0x7e && o->asked == 4, "state %d, %u types",
	      o->state, o->n);
	test_later(5000 * MS);
	CHECK(!l->posted && !l->violations);
}

static void test_owner_ends(struct link *l)
{
	owner_start(&l->ep, 50);
	takes(l, "anew", "01 00 08 cd 00 85 01 00 32");
	link_reset(l);
	test_later(5000 * MS);
	CHECK(!l->posted && l->ep.owner.state == OWNER_OFF);
	link_restart(l);
	CHECK(l->posted && l->ep.owner.state == OWNER_SETS_EID);
	link_reset(l);
	test_os_ack(l);
}

static void test_late_answers(struct link *l)
{
	l->ep.late_us = 7000000;
	l->ep.late_count = 2;
	answered(l, "01 08 09 c8 00 80 02");
	test_later(1000 * MS);
	answered(l, "01 08 09 c8 00 80 02");
	CHECK(!l->posted);
	answered(l, "01 08 09 ca 00 85 02");
	takes(l, "not late", "01 09 08 c2 00 05 02 00 08 00 00");
	test_later(6000 * MS - 1);
	CHECK(!l->posted);
	test_later(1);
	takes(l, "first", "01 09 08 c0 00 00 02 00 08 00 00");
	CHECK(l->ep.late && !l->posted);
	link_reset(l);
	test_later(9000 * MS);
	CHECK(!l->ep.late && !l->posted && !l->violations);
	l->owner = false;
	l->ep.late_count = 1;
	answered(l, "01 08 09 c8 00 80 02");
	link_restart(l);
	test_later(9000 * MS);
	CHECK(!l->posted && !l->violations);
}

static void test_lag(struct link *l)
{
	static const u8 packet[] = { 1, 9, 8, 0xc8, 0x7e };

	CHECK(l->in_lag.us == 5000 && l->out_lag.us == 5000);
	for (int i = 0; i < 2; i++) {
		inbox_queue(l, packet, sizeof(packet));
		*l->in.update |= 1;
		inbox_doorbell(l);
		CHECK(l->lagging);
		test_later(5 * MS);
		CHECK(link_idle(l));
		l->in_lag.us = 0;
		link_reset(l);
	}
}

static void test_lag_inbox(struct link *l)
{
	CHECK(l->in_lag.us == 2000 && !l->out_lag.us);
}

static void test_owner_all(struct link *l)
{
	CHECK(test_links.n == 3 && l[1].owner);
	link_start(l);
	test_owner_asks(l);
	test_owner_ends(l);
	test_late_answers(l);
}

void test_owner(void)
{
	test_run("owner", 0, test_owner_all);
	test_run("lagging", 1, test_lag);
	test_run("juno", 1, test_lag_inbox);
}
