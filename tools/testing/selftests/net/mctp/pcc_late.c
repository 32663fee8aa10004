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

#include "lib/pcc.h"
#include "kselftest_harness.h"

#define MANY		100
#define SENT_MAX	2048
#define BODY		40	/* one packet, and so is the answer */
#define ANSWER_LEN	(MCTP_HDR_LEN + 1 + BODY)
#define LEFT_MS		30000	/* after the late one, all are counted */
#define BACK_MS		60000
#define PACE_US		100000
#define TAKES_US	500

FIXTURE(late)
{
	struct pcc pcc;
	int fd, listener;
	unsigned int sent;
	__u8 seen[SENT_MAX];
	unsigned int strange;
};

FIXTURE_VARIANT(late)
{
	unsigned int ms;
	bool all_seen;		/* sooner than a second transfer is given up */
};

FIXTURE_VARIANT_ADD(late, after_1200ms)
{
	.ms = 1200,
	.all_seen = true,
};

FIXTURE_VARIANT_ADD(late, after_2s)
{
	.ms = 2000,
};

FIXTURE_VARIANT_ADD(late, after_3s)
{
	.ms = 3000,
};

/* While a second transfer is in flight, whatever the phase of the driver */
FIXTURE_VARIANT_ADD(late, after_3600ms)
{
	.ms = 3600,
};

FIXTURE_VARIANT_ADD(late, after_12s)
{
	.ms = 12000,
};

FIXTURE_SETUP(late)
{
	const char *why = pcc_get(&self->pcc, 0, PCC_NEED_PLATFORM);

	self->fd = -1;
	self->listener = -1;
	if (why)
		SKIP(return, "%s", why);
	ASSERT_EQ(0, pcc_up(&self->pcc, MCTP_MTU_MIN));
	self->fd = pkt_socket(0);
	ASSERT_LE(0, self->fd);
	self->listener = pkt_listen(&self->pcc);
	ASSERT_LE(0, self->listener);
}

FIXTURE_TEARDOWN(late)
{
	close(self->listener);
	close(self->fd);
	pcc_put(&self->pcc);
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
static void take_answers(FIXTURE_DATA(late) *self)
{
	__u8 packet[256], want[BODY];
	unsigned int seed;
	ssize_t len;

	while ((len = recv(self->listener, packet, sizeof(packet),
			   MSG_DONTWAIT)) > 0) {
		if (packet[1] != self->pcc.eid)
			continue;
		for (seed = 0; seed < self->sent; seed++) {
			load_answer(want, BODY, seed);
			if (len == ANSWER_LEN &&
			    !memcmp(want, packet + MCTP_HDR_LEN + 1, BODY))
				break;
		}
		if (seed < self->sent)
			self->seen[seed]++;
		else
			self->strange++;
	}
}

static void send_more(struct __test_metadata *_metadata,
		      FIXTURE_DATA(late) *self, unsigned int n)
{
	for (; n; n--) {
		ASSERT_GT(SENT_MAX, self->sent);
		ASSERT_EQ(0, send_one(&self->pcc, self->fd, self->sent));
		self->sent++;
		take_answers(self);
	}
}

/* Until each packet is confirmed, in doubt or dropped */
static void all_counted(struct __test_metadata *_metadata,
			FIXTURE_DATA(late) *self, unsigned int ms)
{
	long long end = now_ms() + ms;
	struct sum sum;

	do {
		sleep_us(PACE_US);
		take_answers(self);
		ASSERT_EQ(0, sum_read(&self->pcc, &sum));
	} while (sum.tx + sum.errors + sum.dropped != self->sent &&
		 now_ms() < end);
	EXPECT_EQ(self->sent, sum.tx + sum.errors + sum.dropped)
		TH_LOG("%llu confirmed, %llu errors, %llu dropped", sum.tx,
		       sum.errors, sum.dropped);
}

/* Sends now and then until one packet is confirmed */
static void until_confirmed(struct __test_metadata *_metadata,
			    FIXTURE_DATA(late) *self)
{
	long long start = now_ms();
	struct sum from, now;

	ASSERT_EQ(0, sum_read(&self->pcc, &from));
	do {
		send_more(_metadata, self, 1);
		sleep_us(PACE_US);
		ASSERT_EQ(0, sum_read(&self->pcc, &now));
		ASSERT_GT(BACK_MS, now_ms() - start);
	} while (now.tx == from.tx);
}

TEST_F_TIMEOUT(late, not_the_next_ones, 240)
{
	unsigned int i, seen = 0, twice = 0;
	struct pcc_counters c;
	struct sum sum;

	ASSERT_EQ(0, plat_cmd("completion %u mode=late us=%u000",
			      self->pcc.number, variant->ms));
	send_more(_metadata, self, 1);
	ASSERT_EQ(0, plat_wait_held(&self->pcc));
	/* what is rung while one of the others is not done is a violation */
	ASSERT_EQ(0, plat_cmd("completion %u mode=delay us=%u count=0",
			      self->pcc.number, TAKES_US));
	send_more(_metadata, self, MANY - 1);
	all_counted(_metadata, self, variant->ms + LEFT_MS);
	until_confirmed(_metadata, self);
	send_more(_metadata, self, MANY);
	all_counted(_metadata, self, LEFT_MS);
	EXPECT_EQ(0, plat_quiesce(&self->pcc));
	sleep_us(PACE_US);
	take_answers(self);

	for (i = 0; i < self->sent; i++) {
		seen += !!self->seen[i];
		twice += self->seen[i] > 1;
	}
	ASSERT_EQ(0, sum_read(&self->pcc, &sum));
	printf("# %u sent: %llu confirmed, %llu errors, %llu dropped; %u seen\n",
	       self->sent, sum.tx, sum.errors, sum.dropped, seen);
	/* the late one was seen; given up, it does not count as sent */
	EXPECT_EQ(1, self->seen[0]);
	EXPECT_LE(sum.tx, seen - !!sum.errors);
	EXPECT_GE(sum.tx + sum.errors, seen);
	EXPECT_EQ(0, twice);
	EXPECT_EQ(0, self->strange);
	if (variant->all_seen) {
		EXPECT_EQ(self->sent, seen);
		EXPECT_GE(1, sum.errors);
	}
	ASSERT_EQ(0, plat_counters(&self->pcc, &c));
	EXPECT_EQ(seen, c.in_packets);
	EXPECT_EQ(0, c.bad_messages);
	EXPECT_EQ(0, c.violations);
	EXPECT_EQ(0, plat_agree(&self->pcc));
}

TEST_HARNESS_MAIN
