// SPDX-License-Identifier: GPL-2.0
/*
 * A platform that completes a transfer long after it was given up: that
 * completion is not taken for the next packet's, so that what counts as sent
 * was seen by the platform. The platform answers each packet that it sees.
 * Copyright (C) 2026 The mctp-pcc authors
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/harness.h"

#define MANY		100
#define SENT_MAX	2048
#define BODY		40	/* one packet, and so is the answer */
#define ANSWER_LEN	(MCTP_HDR_LEN + 1 + BODY)
#define PACE_US		100000
#define TAKES_US	500

struct link {
	struct pcc pcc;
	int fd, listener;
	unsigned int sent;
	__u8 seen[SENT_MAX];
	unsigned int strange;	/* answers to nothing that was sent */
};

FIXTURE(late) { struct link link; };

FIXTURE_VARIANT(late)
{
	unsigned int ms;
	bool all_seen;		/* sooner than a second transfer is given up */
};

FIXTURE_VARIANT_ADD(late, after_1200ms) { .ms = 1200, .all_seen = true };
FIXTURE_VARIANT_ADD(late, after_2s) { .ms = 2000 };
FIXTURE_VARIANT_ADD(late, after_3s) { .ms = 3000 };
/* While a second transfer is in flight, whatever the phase of the driver */
FIXTURE_VARIANT_ADD(late, after_3600ms) { .ms = 3600 };
FIXTURE_VARIANT_ADD(late, after_12s) { .ms = 12000 };

FIXTURE_SETUP(late)
{
	const char *why = pcc_get(&self->link.pcc, 0, PCC_NEED_LAB);

	self->link.fd = -1;
	self->link.listener = -1;
	if (why)
		SKIP(return, "%s", why);
	ASSERT_EQ(0, pcc_up(&self->link.pcc, MCTP_MTU_MIN));
	self->link.fd = pkt_socket(0);
	ASSERT_LE(0, self->link.fd);
	self->link.listener = pkt_listen(&self->link.pcc);
	ASSERT_LE(0, self->link.listener);
}

FIXTURE_TEARDOWN(late)
{
	close(self->link.listener);
	close(self->link.fd);
	pcc_put(&self->link.pcc);
}

struct sum {
	unsigned long long tx, errors, dropped;
};

static int sum_read(const struct pcc *pcc, struct sum *sum)
{
	const struct rtnl_link_stats64 *before = &pcc->start.stats;
	struct rtnl_link_stats64 now;
	int rc;

	rc = nl_link_stats(pcc->link.ifindex, &now);
	sum->tx = now.tx_packets - before->tx_packets;
	sum->errors = now.tx_errors - before->tx_errors;
	sum->dropped = now.tx_dropped - before->tx_dropped;
	return rc;
}

static int send_one(const struct pcc *pcc, int fd, __u32 seed)
{
	__u8 packet[ANSWER_LEN];

	pkt_load(pcc, packet, sizeof(packet), seed);
	load_request(packet + MCTP_HDR_LEN + 1, BODY, seed, BODY);
	return pkt_send(fd, pcc->link.ifindex, packet, sizeof(packet));
}

/* Each answer tells that the platform has seen a packet */
static void take_answers(struct link *link)
{
	__u8 packet[256], want[BODY];
	unsigned int seed;
	ssize_t len;

	while ((len = recv(link->listener, packet, sizeof(packet),
			   MSG_DONTWAIT)) > 0) {
		if (packet[1] != link->pcc.eid)
			continue;
		for (seed = 0; seed < link->sent; seed++) {
			load_answer(want, BODY, seed);
			if (len == ANSWER_LEN &&
			    !memcmp(want, packet + MCTP_HDR_LEN + 1, BODY))
				break;
		}
		if (seed < link->sent)
			link->seen[seed]++;
		else
			link->strange++;
	}
}

static void send_more(struct __test_metadata *_metadata,
		      struct link *link, unsigned int n)
{
	for (; n; n--) {
		ASSERT_GT(SENT_MAX, link->sent);
		ASSERT_EQ(0, send_one(&link->pcc, link->fd, link->sent));
		link->sent++;
		take_answers(link);
	}
}

/* Until each packet is confirmed, in doubt or dropped */
static void all_counted(struct __test_metadata *_metadata,
			struct link *link, unsigned int ms)
{
	long long end = now_ms() + ms;
	struct sum sum;

	do {
		sleep_us(PACE_US);
		take_answers(link);
		ASSERT_EQ(0, sum_read(&link->pcc, &sum));
	} while (sum.tx + sum.errors + sum.dropped != link->sent &&
		 now_ms() < end);
	EXPECT_EQ(link->sent, sum.tx + sum.errors + sum.dropped)
		TH_LOG("%llu confirmed, %llu errors, %llu dropped", sum.tx,
		       sum.errors, sum.dropped);
}

/* Sends now and then until one packet is confirmed */
static void until_confirmed(struct __test_metadata *_metadata,
			    struct link *link)
{
	long long start = now_ms();
	struct sum from, now;

	ASSERT_EQ(0, sum_read(&link->pcc, &from));
	do {
		send_more(_metadata, link, 1);
		sleep_us(PACE_US);
		ASSERT_EQ(0, sum_read(&link->pcc, &now));
		ASSERT_GT(PCC_WAIT_MS, now_ms() - start);
	} while (now.tx == from.tx);
}

TEST_F(late, not_the_next_ones)
{
	struct link *link = &self->link;
	unsigned int i, seen = 0, twice = 0;
	struct pcc_counters c;
	struct sum sum;

	ASSERT_EQ(0, plat_cmd("completion %u mode=late us=%u000",
			      link->pcc.number, variant->ms));
	send_more(_metadata, link, 1);
	ASSERT_EQ(0, plat_wait_held(&link->pcc));
	/* what is rung while one of the others is not done is a violation */
	ASSERT_EQ(0, plat_cmd("completion %u mode=delay us=%u count=0",
			      link->pcc.number, TAKES_US));
	send_more(_metadata, link, MANY - 1);
	all_counted(_metadata, link, variant->ms + PCC_WAIT_MS);
	until_confirmed(_metadata, link);
	send_more(_metadata, link, MANY);
	all_counted(_metadata, link, PCC_WAIT_MS);
	EXPECT_EQ(0, plat_quiesce(&link->pcc));
	sleep_us(PACE_US);
	take_answers(link);

	for (i = 0; i < link->sent; i++) {
		seen += !!link->seen[i];
		twice += link->seen[i] > 1;
	}
	ASSERT_EQ(0, sum_read(&link->pcc, &sum));
	printf("# %u sent: %llu confirmed, %llu errors, %llu drops; %u seen\n",
	       link->sent, sum.tx, sum.errors, sum.dropped, seen);
	/* the late one was seen; given up, it does not count as sent */
	EXPECT_EQ(1, link->seen[0]);
	EXPECT_LE(sum.tx, seen - !!sum.errors);
	EXPECT_GE(sum.tx + sum.errors, seen);
	EXPECT_EQ(0, twice);
	EXPECT_EQ(0, link->strange);
	if (variant->all_seen) {
		EXPECT_EQ(link->sent, seen);
		EXPECT_GE(1, sum.errors);
	}
	ASSERT_EQ(0, plat_counters(&link->pcc, &c));
	EXPECT_EQ(seen, c.in_packets);
	EXPECT_EQ(0, c.bad_messages);
	EXPECT_EQ(0, c.violations);
	EXPECT_EQ(0, plat_agree(&link->pcc));
}

TEST_HARNESS_MAIN
