// SPDX-License-Identifier: GPL-2.0
/*
 * The link goes up and down under traffic both ways and with a transfer in
 * flight: each packet is counted
 * Copyright (C) 2026 The mctp-pcc authors
 */
#include "lib/harness.h"

#define CYCLES		20
#define OPENS		50
#define ECHO		1000		/* at the end of each test */
#define FLOOD		50000		/* more than the cycles take */
#define DOWN_MAX_MS	10000		/* it ends; pcc_dead: how soon */

FIXTURE_VARIANT(updown) { unsigned int nth; };

FIXTURE_LINK(updown, setup_link(&self->pcc, variant->nth, MCTP_MTU_MIN));

FIXTURE_VARIANT_ADD(updown, first) { .nth = 0 };
FIXTURE_VARIANT_ADD(updown, second) { .nth = 1 };
FIXTURE_VARIANT_ADD(updown, third) { .nth = 2 };

/* Up for 0 to 31 ms, another time in each cycle */
static void cycles(struct pcc *pcc)
{
	unsigned int i;

	for (i = 0; i < CYCLES; i++) {
		usleep(i * 11 % 32 * 1000);
		ASSERT_EQ(0, nl_link_up(pcc->link.ifindex, false));
		usleep(i * 7 % 8 * 1000);
		ASSERT_EQ(0, nl_link_up(pcc->link.ifindex, true));
	}
}

/* Of the packets that were sent so many must have been counted */
struct sent {
	unsigned long long least, most;
};

/*
 * Packets out are confirmed, in doubt (one at each stop) or dropped. Packets in
 * are received, but for one at each open.
 */
static void reconcile(const struct pcc *pcc, struct sent sent)
{
	unsigned int echo = mctp_packets(ECHO, MCTP_MTU_MIN);
	struct count c;

	EXPECT_EQ(0, mctp_echo(pcc, ECHO));
	ASSERT_EQ(0, plat_quiesce(pcc));
	EXPECT_TRUE(wait_until(!count_since(pcc, &c) &&
			       c.tx + c.tx_errors >= c.plat.in_packets));
	EXPECT_LE(sent.least + echo, count_gone(&c));
	EXPECT_LE(count_gone(&c), sent.most + echo);
	EXPECT_LE(c.tx, c.plat.in_packets);
	EXPECT_LE(c.plat.in_packets, c.tx + c.tx_errors);
	EXPECT_LE(c.tx_errors, CYCLES);
	EXPECT_LE(c.rx, c.plat.out_acked);
	EXPECT_LE(c.plat.out_acked, c.rx + CYCLES);
	printf("# %llu confirmed, %llu in doubt, %llu dropped, %llu taken\n",
	       c.tx, c.tx_errors, c.tx_dropped, c.plat.in_packets);
	printf("# %llu received, %llu acknowledged\n", c.rx, c.plat.out_acked);
	EXPECT_EQ(0, c.rx_errors);
	EXPECT_EQ(0, c.plat.bad_messages);
	EXPECT_EQ(0, c.plat.violations);
	EXPECT_LT(0, c.tx);
	EXPECT_LT(0, c.rx);
	check_log(pcc);
}

/* What a qdisc has when the link goes down is lost, and nobody counts it */
static struct sent senders_stop(struct pkt_sender *sender, bool qdisc)
{
	struct sent sent;

	EXPECT_EQ(0, pkt_sender_stop(&sender[0]));
	EXPECT_EQ(0, pkt_sender_stop(&sender[1]));
	sent.least = sender[0].sent + sender[1].sent;
	sent.most = sent.least + sender[0].refused + sender[1].refused;
	EXPECT_LT(0, sent.least);
	if (qdisc)
		sent.least = sender[1].sent;
	return sent;
}

/* With traffic in and out; with both, one sender goes through the qdisc */
static void run(struct pcc *pcc, bool in, bool out)
{
	struct pkt_sender sender[2];
	struct sent sent = { 0 };

	if (in)
		ASSERT_PLAT(pcc, "flood count=%u", FLOOD);
	if (out) {
		ASSERT_EQ(0, pkt_sender_start(&sender[0], pcc, !in));
		ASSERT_EQ(0, pkt_sender_start(&sender[1], pcc, true));
	}
	cycles(pcc);
	if (in)
		ASSERT_PLAT(pcc, "flood-stop");
	if (out)
		sent = senders_stop(sender, in);
	if (in)
		ASSERT_EQ(0, plat_quiesce(pcc));
	reconcile(pcc, sent);
}

TEST_F(updown, idle)
{
	run(&self->pcc, false, false);
}

TEST_F(updown, inbound)
{
	run(&self->pcc, true, false);
}

TEST_F(updown, outbound)
{
	run(&self->pcc, false, true);
}

TEST_F(updown, both_ways)
{
	run(&self->pcc, true, true);
}

/* A packet waits in the inbox at up: the core acknowledges it unread */
TEST_F(updown, packet_waits_at_up)
{
	struct count c;

	ASSERT_EQ(0, nl_link_up(self->pcc.link.ifindex, false));
	ASSERT_EQ(0, pkt_post(&self->pcc, MCTP_MTU_MIN, 0, NULL));
	ASSERT_EQ(0, count_since(&self->pcc, &c));
	EXPECT_EQ(1, c.plat.out_pending);
	ASSERT_EQ(0, nl_link_up(self->pcc.link.ifindex, true));
	ASSERT_EQ(0, plat_quiesce(&self->pcc));
	ASSERT_EQ(0, count_since(&self->pcc, &c));
	EXPECT_EQ(1, c.plat.out_acked);
	EXPECT_EQ(0, c.rx);
	EXPECT_EQ(0, c.rx_errors);
	EXPECT_EQ(0, c.rx_dropped);
	EXPECT_EQ(0, mctp_echo(&self->pcc, 1000));
}

/* The next packet precedes the enabled interrupt: late, but not lost */
TEST_F(updown, packet_comes_in_up)
{
	struct count c;
	unsigned int i;

	for (i = 0; i < OPENS; i++) {
		ASSERT_EQ(0, nl_link_up(self->pcc.link.ifindex, false));
		ASSERT_EQ(0, pkt_post(&self->pcc, MCTP_MTU_MIN, 0, NULL));
		ASSERT_EQ(0, pkt_post(&self->pcc, MCTP_MTU_MIN, 0, NULL));
		ASSERT_EQ(0, nl_link_up(self->pcc.link.ifindex, true));
		ASSERT_EQ(0, plat_quiesce(&self->pcc));
	}
	ASSERT_EQ(0, count_since(&self->pcc, &c));
	EXPECT_EQ(OPENS, c.rx);
	EXPECT_EQ(0, mctp_echo(&self->pcc, 1000));
}

/* Mappings of the shared memory do not pile up */
TEST_F(updown, mappings)
{
	int ifindex = self->pcc.link.ifindex;
	int down, i;

	ASSERT_EQ(0, nl_link_up(ifindex, false));
	down = pcc_mappings();
	if (down < 0)
		SKIP(return, "no /proc/vmallocinfo");
	for (i = 0; i < 10; i++) {
		ASSERT_EQ(0, nl_link_up(ifindex, true));
		EXPECT_LT(down, pcc_mappings());
		ASSERT_EQ(0, nl_link_up(ifindex, false));
		EXPECT_TRUE(pcc_mapped(down));
	}
}

/* A transfer that the platform does not complete; ten more behind it */
FIXTURE(in_flight) { struct pcc pcc; };

FIXTURE_VARIANT(in_flight) { unsigned int behind; };

FIXTURE_VARIANT_ADD(in_flight, alone) { .behind = 0 };
FIXTURE_VARIANT_ADD(in_flight, with_more) { .behind = 10 };

SETUP(in_flight)
{
	if (!setup_link(&self->pcc, 0, MCTP_MTU_MIN))
		return;
	ASSERT_PLAT(&self->pcc, "completion mode=hold");
	send_many(&self->pcc, 1 + variant->behind);
	ASSERT_EQ(0, plat_wait_busy(&self->pcc));
}

TEST_F(in_flight, down)
{
	long long start = now_ms();
	struct count c;

	ASSERT_EQ(0, nl_link_up(self->pcc.link.ifindex, false));
	EXPECT_GT(DOWN_MAX_MS, now_ms() - start);

	/* each packet is freed and counted */
	EXPECT_EQ(0, pkt_wait_sent(self->pcc.fd));
	ASSERT_EQ(0, count_since(&self->pcc, &c));
	EXPECT_EQ(0, c.tx);
	EXPECT_EQ(1, c.tx_errors);
	EXPECT_EQ(variant->behind, c.tx_dropped);
	EXPECT_EQ(1, c.plat.busy);
	EXPECT_EQ(0, c.plat.violations);

	ASSERT_PLAT(&self->pcc, "release");
	ASSERT_EQ(0, nl_link_up(self->pcc.link.ifindex, true));
	EXPECT_EQ(0, mctp_echo(&self->pcc, 1000));
}

/* Up again while the buffer is still the platform's */
TEST_F(in_flight, up_before_release)
{
	struct pcc_counters c;
	long long start;

	ASSERT_EQ(0, nl_link_up(self->pcc.link.ifindex, false));
	start = now_ms();
	ASSERT_EQ(0, nl_link_up(self->pcc.link.ifindex, true));
	ASSERT_EQ(0, plat_wait_busy(&self->pcc));
	send_behind(&self->pcc, start, 50000, "release");
	EXPECT_EQ(0, plat_wait_in(&self->pcc, 2));
	EXPECT_EQ(0, pkt_wait_sent(self->pcc.fd));
	ASSERT_EQ(0, plat_counters(&self->pcc, &c));
	EXPECT_EQ(2, c.in_packets + c.dropped_while_busy);
	EXPECT_EQ(0, c.bad_messages);
	EXPECT_EQ(0, plat_forgive(&self->pcc));
	EXPECT_EQ(0, mctp_echo(&self->pcc, 1000));
}

TEST_F(in_flight, unbind)
{
	long long start = now_ms();

	ASSERT_EQ(0, pcc_bind(self->pcc.device, false));
	EXPECT_GT(DOWN_MAX_MS, now_ms() - start);
	EXPECT_EQ(0, pkt_wait_sent(self->pcc.fd));
	ASSERT_PLAT(&self->pcc, "release");

	ASSERT_EQ(0, pcc_bind(self->pcc.device, true));
	EXPECT_EQ(0, pcc_back(&self->pcc));
	check_sound(&self->pcc);
}

/* The completion comes while the link is down */
TEST_F(in_flight, release_while_down)
{
	ASSERT_EQ(0, nl_link_up(self->pcc.link.ifindex, false));
	ASSERT_PLAT(&self->pcc, "release");
	ASSERT_EQ(0, nl_link_up(self->pcc.link.ifindex, true));
	EXPECT_EQ(0, mctp_echo(&self->pcc, 1000));
	check_sound(&self->pcc);
}

TEST_HARNESS_MAIN
