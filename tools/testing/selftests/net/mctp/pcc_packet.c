// SPDX-License-Identifier: GPL-2.0
/*
 * Packets that AF_MCTP never makes: shared, scattered, too short, too long
 * Copyright (C) 2026 The mctp-pcc authors
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "lib/harness.h"

#define MANY		500
#define SNDBUF		(64 << 20)
#define QUEUE_MAX	20000
#define BIG		1000

FIXTURE(packet)
{
	struct pcc pcc;
	int fd;
};

FIXTURE_SETUP(packet)
{
	const char *why;

	why = pcc_get(&self->pcc, 0, PCC_NEED_PLATFORM);
	if (why)
		SKIP(return, "%s", why);
	ASSERT_EQ(0, pcc_up(&self->pcc, MCTP_MTU_MIN));
	/* one that does not drop what waits for long */
	ASSERT_EQ(0, nl_qdisc_set(self->pcc.link.ifindex, "pfifo_fast"));
	self->pcc.qdisc = true;
	self->fd = pkt_socket(SNDBUF);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(packet)
{
	close(self->fd);
	pcc_put(&self->pcc);
}

static void check_tx(struct __test_metadata *_metadata,
		     const struct pcc *pcc, int fd, unsigned long long packets,
		     unsigned long long dropped)
{
	const struct rtnl_link_stats64 *before = &pcc->start.stats;
	struct rtnl_link_stats64 after;
	struct pcc_counters c;

	EXPECT_EQ(0, pkt_wait_sent(fd));
	ASSERT_EQ(0, plat_quiesce(pcc));
	EXPECT_TRUE(wait_until(!nl_link_stats(pcc->link.ifindex, &after) &&
			       after.tx_packets - before->tx_packets >=
			       packets));
	EXPECT_EQ(packets, after.tx_packets - before->tx_packets);
	EXPECT_EQ(dropped, after.tx_dropped - before->tx_dropped);
	EXPECT_EQ(before->tx_errors, after.tx_errors);
	ASSERT_EQ(0, plat_counters(pcc, &c));
	EXPECT_EQ(packets, c.in_packets);
	EXPECT_EQ(packets, c.in_messages);
	EXPECT_EQ(0, c.bad_messages);
	EXPECT_EQ(0, c.violations);
}

/* Somebody listens, so that each packet is shared with that socket */
TEST_F(packet, clones)
{
	__u8 packet[256], want[256];
	int listener, i;

	listener = pkt_listen(&self->pcc);
	ASSERT_LE(0, listener);
	for (i = 0; i < MANY; i++)
		ASSERT_EQ(0, pkt_send_load(self->fd, &self->pcc, MCTP_MTU_MIN,
					   i));
	check_tx(_metadata, &self->pcc, self->fd, MANY, 0);

	/* nothing was written into what the listener got */
	for (i = 0; i < 100; i++) {
		ASSERT_EQ(MCTP_MTU_MIN, recv(listener, packet, sizeof(packet),
					     MSG_DONTWAIT));
		pkt_load(&self->pcc, want, MCTP_MTU_MIN, i);
		ASSERT_EQ(0, memcmp(want, packet, MCTP_MTU_MIN));
	}
	EXPECT_EQ(0, mctp_echo(&self->pcc, 8000));
	close(listener);
}

/* Out of a transmit ring: the packet is in a page of user memory */
TEST_F(packet, scattered)
{
	unsigned int max = self->pcc.start.max_mtu;
	__u8 packet[8192];

	pkt_load(&self->pcc, packet, MCTP_MTU_MIN, 1);
	ASSERT_EQ(0, pkt_ring_send(&self->pcc, packet, MCTP_MTU_MIN, false));
	ASSERT_EQ(0, nl_link_mtu(self->pcc.link.ifindex, max));
	pkt_load(&self->pcc, packet, max, 2);
	ASSERT_EQ(0, pkt_ring_send(&self->pcc, packet, max, false));
	check_tx(_metadata, &self->pcc, self->fd, 2, 0);
}

/* Less than a packet's header */
TEST_F(packet, runts)
{
	const __u8 packet[] = { 1, 9, 8 };
	size_t len;

	for (len = 1; len <= sizeof(packet); len++)
		ASSERT_EQ(0, pkt_send(self->fd, self->pcc.link.ifindex, packet,
				      len));
	ASSERT_EQ(0, pkt_send_load(self->fd, &self->pcc, MCTP_MTU_MIN, 1));
	check_tx(_metadata, &self->pcc, self->fd, 1, 3);
}

/* With a virtio header before it the length is not held against the MTU */
TEST_F(packet, over_mtu)
{
	unsigned int max = self->pcc.start.max_mtu;
	__u8 packet[8192 + 64];

	pkt_load(&self->pcc, packet, sizeof(packet), 1);
	EXPECT_EQ(-EMSGSIZE, pkt_send(self->fd, self->pcc.link.ifindex, packet,
				      MCTP_MTU_MIN + 1));
	ASSERT_EQ(0, pkt_ring_send(&self->pcc, packet, MCTP_MTU_MIN + 1,
				   true));
	ASSERT_EQ(0, nl_link_mtu(self->pcc.link.ifindex, max));
	ASSERT_EQ(0, pkt_ring_send(&self->pcc, packet, max + 1, true));
	ASSERT_EQ(0, pkt_ring_send(&self->pcc, packet, sizeof(packet), true));
	ASSERT_EQ(0, pkt_send_load(self->fd, &self->pcc, MCTP_MTU_MIN, 1));
	check_tx(_metadata, &self->pcc, self->fd, 1, 3);
}

/*
 * Sends until some have to wait in the qdisc, to a platform that takes its
 * time but not so long that a transfer would be given up; returns how many
 */
static int fill_queue(const struct pcc *pcc, int fd)
{
	struct pcc_qdisc qdisc = { 0 };
	int i;

	if (plat_cmd("completion %u mode=delay us=20000 count=0",
		     pcc->number))
		return -1;
	for (i = 0; i < QUEUE_MAX && !qdisc.qlen; i++) {
		if (pkt_send_load(fd, pcc, MCTP_MTU_MIN, i))
			return -1;
		if (i % 64 == 0 && nl_qdisc_get(pcc->link.ifindex, &qdisc))
			return -1;
	}
	return qdisc.qlen ? i : -1;
}

/* Both queues fill up, and drain when the platform goes on */
TEST_F(packet, more_than_the_driver_takes)
{
	int i, n;

	n = fill_queue(&self->pcc, self->fd);
	ASSERT_LT(0, n);
	for (i = 0; i < MANY; i++)
		ASSERT_EQ(0, pkt_send_load(self->fd, &self->pcc, MCTP_MTU_MIN,
					   i));
	ASSERT_EQ(0, plat_cmd("completion %u mode=normal",
			      self->pcc.number));
	check_tx(_metadata, &self->pcc, self->fd, n + MANY, 0);
}

TEST_F(packet, qdisc_bypass)
{
	int i;

	ASSERT_EQ(0, pkt_bypass(self->fd));
	for (i = 0; i < MANY; i++)
		ASSERT_EQ(0, pkt_send_load(self->fd, &self->pcc, MCTP_MTU_MIN,
					   i));
	check_tx(_metadata, &self->pcc, self->fd, MANY, 0);
}

/*
 * Sent within the MTU, and over it when their turn comes: the MTU was lowered
 * while they waited in the qdisc.
 */
TEST_F(packet, mtu_lowered_behind)
{
	int ifindex = self->pcc.link.ifindex;
	int i, small;

	small = fill_queue(&self->pcc, self->fd);
	ASSERT_LT(0, small);
	ASSERT_EQ(0, nl_link_mtu(ifindex, BIG));
	for (i = 0; i < 5; i++)
		ASSERT_EQ(0, pkt_send_load(self->fd, &self->pcc, BIG, i));
	ASSERT_EQ(0, nl_link_mtu(ifindex, MCTP_MTU_MIN));
	ASSERT_EQ(0, plat_cmd("completion %u mode=normal",
			      self->pcc.number));
	check_tx(_metadata, &self->pcc, self->fd, small, 5);
}

/* Accepted within the MTU, which was lowered while they waited in the driver */
TEST_F(packet, mtu_lowered_before)
{
	int ifindex = self->pcc.link.ifindex;
	int i;

	ASSERT_EQ(0, plat_cmd("completion %u mode=delay us=100000 count=0",
			      self->pcc.number));
	ASSERT_EQ(0, nl_link_mtu(ifindex, BIG));
	for (i = 0; i < 5; i++)
		ASSERT_EQ(0, pkt_send_load(self->fd, &self->pcc, BIG, i));
	ASSERT_EQ(0, nl_link_mtu(ifindex, MCTP_MTU_MIN));
	ASSERT_EQ(0, plat_cmd("completion %u mode=normal",
			      self->pcc.number));
	check_tx(_metadata, &self->pcc, self->fd, 5, 0);
}

TEST_HARNESS_MAIN
