// SPDX-License-Identifier: GPL-2.0
/*
 * Messages of all sizes there and back, each byte checked on both sides; then
 * many at once, which a missing memory barrier would spoil
 * Copyright (C) 2026 The mctp-pcc authors
 */
#include "lib/harness.h"

#define SENDERS		2
#define MESSAGES	1000	/* of each; PCC_MESSAGES wins */
#define LEN_MIN		13	/* shorter bodies have no check of their own */
#define LEN_MAX		1600	/* two packets */
#define MTU		1024

FIXTURE_VARIANT(transfer)
{
	unsigned int nth;
	unsigned int mtu;	/* 0: the largest */
};

FIXTURE_LINK(transfer, setup_link(&self->pcc, variant->nth, variant->mtu));

FIXTURE_VARIANT_ADD(transfer, first_min) { .nth = 0, .mtu = MCTP_MTU_MIN };
FIXTURE_VARIANT_ADD(transfer, first_max) { .nth = 0 };
FIXTURE_VARIANT_ADD(transfer, second_min) { .nth = 1, .mtu = MCTP_MTU_MIN };
FIXTURE_VARIANT_ADD(transfer, second_max) { .nth = 1 };
FIXTURE_VARIANT_ADD(transfer, third) { .nth = 2, .mtu = MCTP_MTU_MIN };

/* So many packets went both ways, and no others */
static void check_both_ways(const struct pcc *pcc, unsigned int messages,
			    unsigned long long packets)
{
	check_counted(pcc, .tx = packets, .taken = packets,
		      .messages = messages, .rx = packets);
}

static void echo_all(const struct pcc *pcc, const size_t *sizes, unsigned int n)
{
	unsigned long long packets = 0, bytes = 0;
	struct count c;
	unsigned int i;

	for (i = 0; i < n; i++) {
		ASSERT_EQ(0, mctp_echo(pcc, sizes[i]));
		packets += mctp_packets(sizes[i], pcc->start.mtu);
		bytes += mctp_bytes(sizes[i], pcc->start.mtu);
	}
	check_both_ways(pcc, n, packets);
	ASSERT_EQ(0, count_since(pcc, &c));
	EXPECT_EQ(bytes, c.tx_bytes);
	EXPECT_EQ(bytes, c.plat.in_bytes);
	EXPECT_EQ(bytes, c.rx_bytes);
	EXPECT_EQ(bytes, c.plat.out_bytes);
}

#define ECHO_ALL(pcc, ...)						\
	do {								\
		const size_t sizes[] = { __VA_ARGS__ };			\
									\
		echo_all(pcc, sizes, ARRAY_SIZE(sizes));		\
	} while (0)

TEST_F(transfer, short_messages)
{
	ECHO_ALL(&self->pcc, 0, 1, 2, 11, 12, 13, 14);
}

/* Around one and two packets of the baseline transmission unit */
TEST_F(transfer, baseline_unit)
{
	ECHO_ALL(&self->pcc, 62, 63, 64, 65, 125, 126, 127, 128, 129);
}

/* Around one and two packets of this MTU: type and header take five bytes */
TEST_F(transfer, packet_limits)
{
	const size_t unit = self->pcc.start.mtu - MCTP_HDR_LEN;

	ECHO_ALL(&self->pcc, unit - 2, unit - 1, unit, 2 * unit - 2,
		 2 * unit - 1, 2 * unit);
}

TEST_F(transfer, large_messages)
{
	ECHO_ALL(&self->pcc, 8000, MCTP_MSG_MAX);
}

/* A message that the other side begins, at the link's largest packet */
TEST_F(transfer, inbound)
{
	check_inbound(&self->pcc, self->pcc.start.mtu, 7);
}

/* What any endpoint answers, on real hardware too */
FIXTURE_VARIANT(control) { unsigned int nth; };

FIXTURE_LINK(control,
	     setup_up(&self->pcc, pcc_get(&self->pcc, variant->nth, 0),
		      MCTP_MTU_MIN));

FIXTURE_VARIANT_ADD(control, first) { .nth = 0 };
FIXTURE_VARIANT_ADD(control, second) { .nth = 1 };
FIXTURE_VARIANT_ADD(control, third) { .nth = 2 };

TEST_F(control, get_endpoint_id)
{
	const struct rtnl_link_stats64 *before = &self->pcc.start.stats;
	struct rtnl_link_stats64 after;
	int i;

	for (i = 0; i < 20; i++)
		ASSERT_EQ(self->pcc.peer_eid, mctp_get_eid(&self->pcc));
	ASSERT_TRUE(wait_until(!nl_link_stats(self->pcc.link.ifindex,
					      &after) &&
			       after.tx_packets - before->tx_packets >= 20));
	EXPECT_LE(20, after.rx_packets - before->rx_packets);
	EXPECT_EQ(before->tx_errors, after.tx_errors);
	EXPECT_EQ(before->rx_errors, after.rx_errors);
}

struct sender {
	const struct pcc *pcc;
	unsigned int first;
	unsigned int count;
	unsigned int good;
	unsigned long long packets;
	pthread_t thread;
};

/* Each length has a content of its own; neighbours in time differ */
static void *sender_run(void *arg)
{
	struct sender *s = arg;
	unsigned int i;
	size_t len;

	for (i = 0; i < s->count; i++) {
		len = LEN_MIN + (s->first + 7 * i) % (LEN_MAX - LEN_MIN);
		s->packets += mctp_packets(len, MTU);
		s->good += !mctp_echo(s->pcc, len);
	}
	return NULL;
}

/* Over as many links, by turns */
static void send_all(struct sender *senders, unsigned int count,
		     const struct pcc *pcc, int links)
{
	int i;

	for (i = 0; i < SENDERS; i++) {
		senders[i] = (struct sender) {
			.pcc = &pcc[i % links], .first = 500 * i,
			.count = count,
		};
		ASSERT_EQ(0, pthread_create(&senders[i].thread, NULL,
					    sender_run, &senders[i]));
	}
	for (i = 0; i < SENDERS; i++) {
		ASSERT_EQ(0, pthread_join(senders[i].thread, NULL));
		EXPECT_EQ(senders[i].count, senders[i].good);
	}
}

FIXTURE_LINK(content, setup_link(&self->pcc, 0, MTU));

TEST_F(content, echo)
{
	unsigned int count = from_env("PCC_MESSAGES", MESSAGES);
	unsigned long long packets = 0;
	struct sender senders[SENDERS];
	int i;

	guard_time(PCC_LONG_S);
	send_all(senders, count, &self->pcc, 1);
	for (i = 0; i < SENDERS; i++)
		packets += senders[i].packets;
	check_both_ways(&self->pcc, SENDERS * count, packets);
}

/* As on a machine of two sockets: each has a link, and none the other's */
FIXTURE(links) { struct pcc pcc[SENDERS]; };

SETUP(links)
{
	int i;

	for (i = 0; i < SENDERS; i++)
		if (!setup_link(&self->pcc[i], i, MTU))
			return;
}

TEST_F(links, at_once)
{
	struct sender senders[SENDERS];
	int i;

	send_all(senders, MESSAGES, self->pcc, SENDERS);
	for (i = 0; i < SENDERS; i++)
		check_both_ways(&self->pcc[i], MESSAGES, senders[i].packets);
}

TEST_HARNESS_MAIN
