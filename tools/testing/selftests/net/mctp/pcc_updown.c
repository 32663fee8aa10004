// SPDX-License-Identifier: GPL-2.0
/*
 * A link that goes up and down under traffic in both directions, and while
 * the platform holds a transfer: no packet is lost without being counted
 * Copyright (C) 2026 The mctp-pcc authors
 */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/harness.h"

#define CYCLES		20
#define OPENS		50
#define ECHO		1000		/* at the end of each test */
#define FLOOD		50000		/* more than the cycles take */
#define DOWN_MAX_MS	10000		/* it ends; pcc_dead: how soon */
#define PATIENCE_MS	700		/* the driver waits longer, from up */

FIXTURE(updown)
{
	struct pcc pcc;
	int kmsg;
	struct pkt_sender sender[2];
};

FIXTURE_VARIANT(updown) { unsigned int nth; };

FIXTURE_VARIANT_ADD(updown, first) { .nth = 0 };
FIXTURE_VARIANT_ADD(updown, second) { .nth = 1 };
FIXTURE_VARIANT_ADD(updown, third) { .nth = 2 };

FIXTURE_SETUP(updown)
{
	const char *why;

	why = pcc_get(&self->pcc, variant->nth, PCC_NEED_PLATFORM);
	if (why)
		SKIP(return, "%s", why);
	ASSERT_EQ(0, pcc_up(&self->pcc, MCTP_MTU_MIN));
	self->kmsg = kmsg_open();
	ASSERT_LE(0, self->kmsg);
}

FIXTURE_TEARDOWN(updown)
{
	close(self->kmsg);
	pcc_put(&self->pcc);
}

/* Up for 0 to 31 ms, another time in each cycle */
static void cycles(struct __test_metadata *_metadata, struct pcc *pcc)
{
	unsigned int i;

	for (i = 0; i < CYCLES; i++) {
		sleep_us(i * 11 % 32 * 1000);
		ASSERT_EQ(0, nl_link_up(pcc->link.ifindex, false));
		sleep_us(i * 7 % 8 * 1000);
		ASSERT_EQ(0, nl_link_up(pcc->link.ifindex, true));
	}
}

/* Of the packets that were sent so many must have been counted */
struct sent {
	unsigned long long least, most;
};

/*
 * What was sent is confirmed, in doubt or dropped. What the platform took is
 * confirmed or in doubt, one at each stop. What the driver acknowledged it has
 * received, but for one packet at each open, which may have waited there.
 */
static void reconcile(struct __test_metadata *_metadata,
		      const struct pcc *pcc, int kmsg, struct sent sent)
{
	unsigned int echo = mctp_packets(ECHO, MCTP_MTU_MIN);
	const struct rtnl_link_stats64 *before = &pcc->start.stats;
	unsigned long long tx, tx_errors, tx_dropped, rx;
	struct rtnl_link_stats64 after;
	struct pcc_counters c;
	char line[256];

	ASSERT_EQ(0, plat_quiesce(pcc));
	ASSERT_EQ(0, plat_counters(pcc, &c));
	EXPECT_TRUE(wait_until(!nl_link_stats(pcc->link.ifindex, &after) &&
			       after.tx_packets + after.tx_errors -
			       before->tx_packets - before->tx_errors >=
			       c.in_packets));
	tx = after.tx_packets - before->tx_packets;
	tx_errors = after.tx_errors - before->tx_errors;
	tx_dropped = after.tx_dropped - before->tx_dropped;
	rx = after.rx_packets - before->rx_packets;
	EXPECT_LE(sent.least + echo, tx + tx_errors + tx_dropped);
	EXPECT_LE(tx + tx_errors + tx_dropped, sent.most + echo);
	EXPECT_LE(tx, c.in_packets);
	EXPECT_LE(c.in_packets, tx + tx_errors);
	EXPECT_LE(tx_errors, CYCLES);
	EXPECT_LE(rx, c.out_acked);
	EXPECT_LE(c.out_acked, rx + CYCLES);
	printf("# %llu confirmed, %llu in doubt, %llu dropped, %llu taken\n",
	       tx, tx_errors, tx_dropped, c.in_packets);
	printf("# %llu received, %llu acknowledged\n", rx, c.out_acked);
	EXPECT_EQ(before->rx_errors, after.rx_errors);
	EXPECT_EQ(0, c.bad_messages);
	EXPECT_EQ(0, c.violations);
	EXPECT_LT(0, tx);
	EXPECT_LT(0, rx);
	EXPECT_EQ(0, kmsg_splats(kmsg, line, sizeof(line)))
		TH_LOG("logged: %s", line);
}

static void senders_start(struct __test_metadata *_metadata,
			  struct pkt_sender *sender, const struct pcc *pcc,
			  bool qdisc)
{
	ASSERT_EQ(0, pkt_sender_start(&sender[0], pcc, !qdisc));
	ASSERT_EQ(0, pkt_sender_start(&sender[1], pcc, true));
}

/* What a qdisc holds when the link goes down is gone, and nobody counts it */
static struct sent senders_stop(struct __test_metadata *_metadata,
				struct pkt_sender *sender, bool qdisc)
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

TEST_F(updown, idle)
{
	const struct sent none = { 0 };

	cycles(_metadata, &self->pcc);
	EXPECT_EQ(0, mctp_echo(&self->pcc, ECHO));
	reconcile(_metadata, &self->pcc, self->kmsg, none);
}

TEST_F(updown, inbound)
{
	const struct sent none = { 0 };

	ASSERT_EQ(0, plat_cmd("flood %u count=%u", self->pcc.number, FLOOD));
	cycles(_metadata, &self->pcc);
	ASSERT_EQ(0, plat_cmd("flood-stop %u", self->pcc.number));
	ASSERT_EQ(0, plat_quiesce(&self->pcc));
	EXPECT_EQ(0, mctp_echo(&self->pcc, ECHO));
	reconcile(_metadata, &self->pcc, self->kmsg, none);
}

TEST_F(updown, outbound)
{
	struct sent sent;

	senders_start(_metadata, self->sender, &self->pcc, false);
	cycles(_metadata, &self->pcc);
	sent = senders_stop(_metadata, self->sender, false);
	EXPECT_EQ(0, mctp_echo(&self->pcc, ECHO));
	reconcile(_metadata, &self->pcc, self->kmsg, sent);
}

TEST_F(updown, both_ways)
{
	struct sent sent;

	ASSERT_EQ(0, plat_cmd("flood %u count=%u", self->pcc.number, FLOOD));
	senders_start(_metadata, self->sender, &self->pcc, true);
	cycles(_metadata, &self->pcc);
	ASSERT_EQ(0, plat_cmd("flood-stop %u", self->pcc.number));
	sent = senders_stop(_metadata, self->sender, true);
	ASSERT_EQ(0, plat_quiesce(&self->pcc));
	EXPECT_EQ(0, mctp_echo(&self->pcc, ECHO));
	reconcile(_metadata, &self->pcc, self->kmsg, sent);
}

/*
 * A packet that waits in the inbox when the link comes up: the mailbox
 * controller acknowledges it unread, nobody counts it, the next ones come
 */
TEST_F(updown, packet_waits_at_up)
{
	const struct rtnl_link_stats64 *before = &self->pcc.start.stats;
	struct rtnl_link_stats64 after;
	__u8 packet[MCTP_MTU_MIN];
	struct pcc_counters c;

	ASSERT_EQ(0, nl_link_up(self->pcc.link.ifindex, false));
	pkt_load(&self->pcc, packet, sizeof(packet), 0);
	ASSERT_EQ(0, plat_post(&self->pcc, packet, sizeof(packet)));
	ASSERT_EQ(0, plat_counters(&self->pcc, &c));
	EXPECT_EQ(1, c.out_pending);
	ASSERT_EQ(0, nl_link_up(self->pcc.link.ifindex, true));
	ASSERT_EQ(0, plat_quiesce(&self->pcc));
	ASSERT_EQ(0, nl_link_stats(self->pcc.link.ifindex, &after));
	ASSERT_EQ(0, plat_counters(&self->pcc, &c));
	EXPECT_EQ(1, c.out_acked);
	EXPECT_EQ(before->rx_packets, after.rx_packets);
	EXPECT_EQ(before->rx_errors, after.rx_errors);
	EXPECT_EQ(before->rx_dropped, after.rx_dropped);
	EXPECT_EQ(0, mctp_echo(&self->pcc, 1000));
}

/*
 * The platform's next packet comes on the acknowledgment of the one that
 * waited at up, often before the core has enabled the interrupt: then it is
 * late, but not lost
 */
TEST_F(updown, packet_comes_in_up)
{
	const struct rtnl_link_stats64 *before = &self->pcc.start.stats;
	struct rtnl_link_stats64 after;
	__u8 packet[MCTP_MTU_MIN];
	unsigned int i;

	pkt_load(&self->pcc, packet, sizeof(packet), 0);
	for (i = 0; i < OPENS; i++) {
		ASSERT_EQ(0, nl_link_up(self->pcc.link.ifindex, false));
		ASSERT_EQ(0, plat_post(&self->pcc, packet, sizeof(packet)));
		ASSERT_EQ(0, plat_post(&self->pcc, packet, sizeof(packet)));
		ASSERT_EQ(0, nl_link_up(self->pcc.link.ifindex, true));
		ASSERT_EQ(0, plat_quiesce(&self->pcc));
	}
	ASSERT_EQ(0, nl_link_stats(self->pcc.link.ifindex, &after));
	EXPECT_EQ(OPENS, after.rx_packets - before->rx_packets);
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
FIXTURE(held)
{
	struct pcc pcc;
	int fd;
};

FIXTURE_VARIANT(held) { unsigned int behind; };

FIXTURE_VARIANT_ADD(held, alone) { .behind = 0 };
FIXTURE_VARIANT_ADD(held, with_more) { .behind = 10 };

FIXTURE_SETUP(held)
{
	const char *why;
	unsigned int i;

	why = pcc_get(&self->pcc, 0, PCC_NEED_PLATFORM);
	if (why)
		SKIP(return, "%s", why);
	ASSERT_EQ(0, pcc_up(&self->pcc, MCTP_MTU_MIN));
	self->fd = pkt_socket(0);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, plat_cmd("completion %u mode=hold",
			      self->pcc.number));
	for (i = 0; i < 1 + variant->behind; i++)
		ASSERT_EQ(0, pkt_send_load(self->fd, &self->pcc, MCTP_MTU_MIN,
					   i));
	ASSERT_EQ(0, plat_wait_held(&self->pcc));
}

FIXTURE_TEARDOWN(held)
{
	close(self->fd);
	pcc_put(&self->pcc);
}

TEST_F(held, down)
{
	const struct rtnl_link_stats64 *before = &self->pcc.start.stats;
	struct rtnl_link_stats64 after;
	long long start = now_ms();
	struct pcc_counters c;

	ASSERT_EQ(0, nl_link_up(self->pcc.link.ifindex, false));
	EXPECT_GT(DOWN_MAX_MS, now_ms() - start);

	/* nobody holds any of the packets any more, and each was counted */
	EXPECT_EQ(0, pkt_wait_sent(self->fd));
	ASSERT_EQ(0, nl_link_stats(self->pcc.link.ifindex, &after));
	EXPECT_EQ(before->tx_packets, after.tx_packets);
	EXPECT_EQ(1, after.tx_errors - before->tx_errors);
	EXPECT_EQ(variant->behind, after.tx_dropped - before->tx_dropped);
	ASSERT_EQ(0, plat_counters(&self->pcc, &c));
	EXPECT_EQ(1, c.held);
	EXPECT_EQ(0, c.violations);

	ASSERT_EQ(0, plat_cmd("release %u", self->pcc.number));
	ASSERT_EQ(0, nl_link_up(self->pcc.link.ifindex, true));
	EXPECT_EQ(0, mctp_echo(&self->pcc, 1000));
}

/*
 * Up again while the buffer is still the platform's: it must not be touched for
 * a while, which a busy host may spend on something else
 */
TEST_F(held, up_before_release)
{
	struct pcc_counters c;
	long long start;

	ASSERT_EQ(0, nl_link_up(self->pcc.link.ifindex, false));
	start = now_ms();
	ASSERT_EQ(0, nl_link_up(self->pcc.link.ifindex, true));
	ASSERT_EQ(0, pkt_send_load(self->fd, &self->pcc, 60, 99));
	sleep_us(50000);
	ASSERT_EQ(0, plat_counters(&self->pcc, &c));
	ASSERT_EQ(0, plat_cmd("release %u", self->pcc.number));
	if (now_ms() - start < PATIENCE_MS) {
		EXPECT_EQ(0, c.in_packets);
		EXPECT_EQ(1, c.held);
		EXPECT_EQ(0, c.violations);
	}

	EXPECT_EQ(0, plat_wait_in(&self->pcc, 2));
	EXPECT_EQ(0, pkt_wait_sent(self->fd));
	ASSERT_EQ(0, plat_counters(&self->pcc, &c));
	EXPECT_EQ(2, c.in_packets + c.dropped_while_busy);
	EXPECT_EQ(0, c.bad_messages);
	EXPECT_EQ(0, plat_forgive(&self->pcc));
	EXPECT_EQ(0, mctp_echo(&self->pcc, 1000));
}

/* The device is taken from the driver, and given back */
TEST_F(held, unbind)
{
	char driver[64], device[64];
	struct pcc_counters c;
	long long start;

	ASSERT_EQ(0, ethtool_driver(self->pcc.link.name, driver, device,
				    sizeof(device)));
	start = now_ms();
	ASSERT_EQ(0, pcc_bind(device, false));
	EXPECT_GT(DOWN_MAX_MS, now_ms() - start);
	EXPECT_EQ(0, pkt_wait_sent(self->fd));
	ASSERT_EQ(0, plat_cmd("release %u", self->pcc.number));

	ASSERT_EQ(0, pcc_bind(device, true));
	ASSERT_EQ(0, pcc_link_wait(self->pcc.link.name, &self->pcc.link));
	ASSERT_EQ(0, nl_link_up(self->pcc.link.ifindex, true));
	ASSERT_EQ(0, mctp_peer_start(&self->pcc));
	EXPECT_EQ(0, mctp_echo(&self->pcc, 1000));
	ASSERT_EQ(0, plat_counters(&self->pcc, &c));
	EXPECT_EQ(0, c.violations);
}

/* The completion comes while the link is down */
TEST_F(held, release_while_down)
{
	struct pcc_counters c;

	ASSERT_EQ(0, nl_link_up(self->pcc.link.ifindex, false));
	ASSERT_EQ(0, plat_cmd("release %u", self->pcc.number));
	ASSERT_EQ(0, nl_link_up(self->pcc.link.ifindex, true));
	EXPECT_EQ(0, mctp_echo(&self->pcc, 1000));
	ASSERT_EQ(0, plat_counters(&self->pcc, &c));
	EXPECT_EQ(0, c.violations);
}

TEST_HARNESS_MAIN
