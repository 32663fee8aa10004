// SPDX-License-Identifier: GPL-2.0
/*
 * Packets that AF_MCTP never makes, and more than the link can take at once
 * Copyright (C) 2026 The mctp-pcc authors
 */
#include "lib/harness.h"

#define MANY		500
#define QUEUE_MAX	20000
#define BIG		1000
#define BIGS		5
#define BURST		10000
#define SENDERS		8	/* a peer has so many tags */
#define SLOW		"mode=delay us=200 count=0"

FIXTURE(packet) { struct pcc pcc; };

SETUP(packet)
{
	if (setup_link(&self->pcc, 0, MCTP_MTU_MIN))
		queue_many(&self->pcc);
}

static void check_tx(const struct pcc *pcc, unsigned long long packets,
		     unsigned long long dropped)
{
	check_counted(pcc, .tx = packets, .taken = packets, .messages = packets,
		      .tx_dropped = dropped);
}

/* A listening socket shares each packet */
TEST_F(packet, clones)
{
	__u8 packet[256], want[256];
	int listener, i;

	listener = pkt_listen(&self->pcc);
	ASSERT_LE(0, listener);
	send_many(&self->pcc, MANY);
	check_tx(&self->pcc, MANY, 0);

	/* the driver has not written to it */
	for (i = 0; i < 100; i++) {
		ASSERT_EQ(MCTP_MTU_MIN, recv(listener, packet, sizeof(packet),
					     MSG_DONTWAIT));
		pkt_load(&self->pcc, want, MCTP_MTU_MIN, i);
		ASSERT_EQ(0, memcmp(want, packet, MCTP_MTU_MIN));
	}
	EXPECT_EQ(0, mctp_echo(&self->pcc, 8000));
	close(listener);
}

TEST_F(packet, scattered)
{
	unsigned int max = self->pcc.start.max_mtu;
	__u8 packet[8192];

	pkt_load(&self->pcc, packet, MCTP_MTU_MIN, 1);
	ASSERT_EQ(0, pkt_ring_send(&self->pcc, packet, MCTP_MTU_MIN, false));
	ASSERT_EQ(0, nl_link_mtu(self->pcc.link.ifindex, max));
	pkt_load(&self->pcc, packet, max, 2);
	ASSERT_EQ(0, pkt_ring_send(&self->pcc, packet, max, false));
	check_tx(&self->pcc, 2, 0);
}

TEST_F(packet, runts)
{
	const __u8 packet[] = { 1, 9, 8 };
	size_t len;

	for (len = 1; len <= sizeof(packet); len++)
		ASSERT_EQ(0, pkt_send(self->pcc.fd, self->pcc.link.ifindex,
				      packet, len));
	send_many(&self->pcc, 1);
	check_tx(&self->pcc, 1, 3);
}

/* With a virtio header AF_PACKET does not check the MTU */
TEST_F(packet, over_mtu)
{
	unsigned int max = self->pcc.start.max_mtu;
	__u8 packet[8192 + 64];

	pkt_load(&self->pcc, packet, sizeof(packet), 1);
	EXPECT_EQ(-EMSGSIZE, pkt_send(self->pcc.fd, self->pcc.link.ifindex,
				      packet, MCTP_MTU_MIN + 1));
	ASSERT_EQ(0, pkt_ring_send(&self->pcc, packet, MCTP_MTU_MIN + 1,
				   true));
	ASSERT_EQ(0, nl_link_mtu(self->pcc.link.ifindex, max));
	ASSERT_EQ(0, pkt_ring_send(&self->pcc, packet, max + 1, true));
	ASSERT_EQ(0, pkt_ring_send(&self->pcc, packet, sizeof(packet), true));
	send_many(&self->pcc, 1);
	check_tx(&self->pcc, 1, 3);
}

/* Sends to a slow platform until some wait in the qdisc */
static void fill_queue(struct pcc *pcc)
{
	struct pcc_qdisc qdisc = { 0 };

	ASSERT_PLAT(pcc, "completion mode=delay us=20000 count=0");
	while (pcc->sent < QUEUE_MAX && !qdisc.qlen) {
		send_many(pcc, 64);
		ASSERT_EQ(0, nl_qdisc_get(pcc->link.ifindex, &qdisc));
	}
	ASSERT_LT(0, qdisc.qlen);
}

/* Both queues fill up, and drain when the platform goes on */
TEST_F(packet, more_than_the_driver_takes)
{
	fill_queue(&self->pcc);
	send_many(&self->pcc, MANY);
	ASSERT_PLAT(&self->pcc, "completion mode=normal");
	check_tx(&self->pcc, self->pcc.sent, 0);
}

TEST_F(packet, qdisc_bypass)
{
	ASSERT_EQ(0, pkt_bypass(self->pcc.fd));
	send_many(&self->pcc, MANY);
	check_tx(&self->pcc, MANY, 0);
}

/* Sends at a larger MTU, lowers it, and lets the platform go on */
static void send_big(const struct pcc *pcc)
{
	int ifindex = pcc->link.ifindex;
	int i;

	ASSERT_EQ(0, nl_link_mtu(ifindex, BIG));
	for (i = 0; i < BIGS; i++)
		ASSERT_EQ(0, pkt_send_load(pcc->fd, pcc, BIG, i));
	ASSERT_EQ(0, nl_link_mtu(ifindex, MCTP_MTU_MIN));
	ASSERT_PLAT(pcc, "completion mode=normal");
}

/* The MTU is lowered while they wait in the qdisc: they are over it now */
TEST_F(packet, mtu_lowered_behind)
{
	fill_queue(&self->pcc);
	send_big(&self->pcc);
	check_tx(&self->pcc, self->pcc.sent, BIGS);
}

/* Accepted within the MTU, which was lowered while they waited in the driver */
TEST_F(packet, mtu_lowered_before)
{
	ASSERT_PLAT(&self->pcc, "completion mode=delay us=100000 count=0");
	send_big(&self->pcc);
	check_tx(&self->pcc, BIGS, 0);
}

static void burst_start(struct pcc *pcc, const char *kind)
{
	struct pcc_qdisc qdisc;
	int rc;

	if (!setup_link(pcc, 0, MCTP_MTU_MIN))
		return;
	rc = nl_qdisc_set(pcc->link.ifindex, kind);
	if (rc == -ENOENT)
		SKIP(return, "no such qdisc");
	ASSERT_EQ(0, rc);
	ASSERT_EQ(0, nl_qdisc_get(pcc->link.ifindex, &qdisc));
	ASSERT_STREQ(kind, qdisc.kind);
}

/*
 * Nothing is lost and nothing logged: the driver takes one message of 64 KiB,
 * pfifo_fast the rest of eight.
 */
FIXTURE_VARIANT(burst) { const char *qdisc; };

FIXTURE_LINK(burst, burst_start(&self->pcc, variant->qdisc));

FIXTURE_VARIANT_ADD(burst, pfifo_fast) { .qdisc = "pfifo_fast" };
FIXTURE_VARIANT_ADD(burst, fq_codel) { .qdisc = "fq_codel" };

static void check_nothing_lost(const struct pcc *pcc,
			       unsigned long long packets,
			       unsigned long long in)
{
	struct pcc_qdisc qdisc;
	char line[256];

	check_counted(pcc, .tx = packets, .taken = packets, .rx = in);
	ASSERT_EQ(0, nl_qdisc_get(pcc->link.ifindex, &qdisc));
	EXPECT_EQ(0, qdisc.drops);
	EXPECT_EQ(0, kmsg_noise(pcc->kmsg, line, sizeof(line)))
		TH_LOG("logged: %s", line);
}

static void echo_large(const struct pcc *pcc)
{
	unsigned long long packets = mctp_packets(MCTP_MSG_MAX, MCTP_MTU_MIN);

	ASSERT_EQ(0, mctp_echo(pcc, MCTP_MSG_MAX));
	check_nothing_lost(pcc, packets, packets);
}

TEST_F(burst, one_message)
{
	echo_large(&self->pcc);
}

TEST_F(burst, one_message_slow)
{
	ASSERT_PLAT(&self->pcc, "completion " SLOW);
	echo_large(&self->pcc);
}

static void *echo_thread(void *arg)
{
	return (void *)(long)mctp_echo(arg, MCTP_MSG_MAX);
}

static void send_eight(struct pcc *pcc)
{
	unsigned long long packets = mctp_packets(MCTP_MSG_MAX, MCTP_MTU_MIN);
	pthread_t threads[SENDERS];
	void *rc;
	int i;

	for (i = 0; i < SENDERS; i++)
		ASSERT_EQ(0, pthread_create(&threads[i], NULL, echo_thread,
					    pcc));
	for (i = 0; i < SENDERS; i++) {
		ASSERT_EQ(0, pthread_join(threads[i], &rc));
		EXPECT_EQ(0, (long)rc);
	}
	check_nothing_lost(pcc, SENDERS * packets, SENDERS * packets);
}

/* The sender sleeps whenever its socket's buffer is full */
TEST_F(burst, packets)
{
	send_many(&self->pcc, BURST);
	check_nothing_lost(&self->pcc, BURST, 0);
}

TEST_F(burst, packets_both_ways)
{
	ASSERT_PLAT(&self->pcc, "flood count=%u", BURST);
	send_many(&self->pcc, BURST);
	check_nothing_lost(&self->pcc, BURST, BURST);
}

FIXTURE_LINK(eight, burst_start(&self->pcc, "pfifo_fast"));

/* The driver has room for one of them, the qdisc for the rest */
TEST_F(eight, messages)
{
	send_eight(&self->pcc);
}

TEST_F(eight, messages_slow)
{
	ASSERT_PLAT(&self->pcc, "completion " SLOW);
	send_eight(&self->pcc);
}

TEST_HARNESS_MAIN
