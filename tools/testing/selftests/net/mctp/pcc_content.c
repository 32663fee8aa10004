// SPDX-License-Identifier: GPL-2.0
/*
 * Many messages of every length, both ways at once, and each byte of them: what
 * a missing barrier between the memory and the doorbell would spoil
 * Copyright (C) 2026 The mctp-pcc authors
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "lib/harness.h"

#define SENDERS		2
#define MESSAGES	1000	/* of each; PCC_MESSAGES wins */
#define LEN_MIN		13	/* shorter bodies have no check of their own */
#define LEN_MAX		1600	/* two packets */
#define MTU		1024

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

static void send_all(struct __test_metadata *_metadata, struct sender *senders)
{
	int i;

	for (i = 0; i < SENDERS; i++) {
		senders[i].first = 500 * i;
		ASSERT_EQ(0, pthread_create(&senders[i].thread, NULL,
					    sender_run, &senders[i]));
	}
	for (i = 0; i < SENDERS; i++) {
		ASSERT_EQ(0, pthread_join(senders[i].thread, NULL));
		EXPECT_EQ(senders[i].count, senders[i].good);
	}
}

/* A link has carried this, both ways, and nothing else */
static void check_link(struct __test_metadata *_metadata,
		       const struct pcc *pcc, unsigned int messages,
		       unsigned long long packets)
{
	const struct rtnl_link_stats64 *before = &pcc->start.stats;
	struct rtnl_link_stats64 after;
	struct pcc_counters c;

	ASSERT_EQ(0, plat_quiesce(pcc));
	ASSERT_EQ(0, plat_counters(pcc, &c));
	EXPECT_EQ(messages, c.in_messages);
	EXPECT_EQ(packets, c.in_packets);
	EXPECT_EQ(packets, c.out_packets);
	EXPECT_EQ(0, c.bad_messages);
	EXPECT_EQ(0, c.violations);
	ASSERT_EQ(0, nl_link_stats(pcc->link.ifindex, &after));
	EXPECT_EQ(packets, after.rx_packets - before->rx_packets);
	EXPECT_EQ(before->rx_errors, after.rx_errors);
	EXPECT_EQ(before->tx_errors, after.tx_errors);
}

FIXTURE(content) { struct pcc pcc; };

FIXTURE_SETUP(content)
{
	const char *why = pcc_get(&self->pcc, 0, PCC_NEED_PLATFORM);

	if (why)
		SKIP(return, "%s", why);
	ASSERT_EQ(0, pcc_up(&self->pcc, MTU));
}

FIXTURE_TEARDOWN(content)
{
	pcc_put(&self->pcc);
}

TEST_F(content, echo)
{
	unsigned int count = from_env("PCC_MESSAGES", MESSAGES);
	struct sender senders[SENDERS] = { 0 };
	unsigned long long packets = 0;
	int i;

	guard_time(PCC_LONG_S);
	for (i = 0; i < SENDERS; i++) {
		senders[i].pcc = &self->pcc;
		senders[i].count = count;
	}
	send_all(_metadata, senders);
	for (i = 0; i < SENDERS; i++)
		packets += senders[i].packets;
	check_link(_metadata, &self->pcc, SENDERS * count, packets);
}

/* As on a machine of two sockets: each has a link, and none the other's */
FIXTURE(links) { struct pcc pcc[SENDERS]; };

FIXTURE_SETUP(links)
{
	const char *why;
	int i;

	for (i = SENDERS - 1; i >= 0; i--) {
		why = pcc_get(&self->pcc[i], i, PCC_NEED_PLATFORM);
		if (why)
			SKIP(return, "%s", why);
	}
	for (i = 0; i < SENDERS; i++)
		ASSERT_EQ(0, pcc_up(&self->pcc[i], MTU));
}

FIXTURE_TEARDOWN(links)
{
	int i;

	for (i = 0; i < SENDERS; i++)
		pcc_put(&self->pcc[i]);
}

TEST_F(links, at_once)
{
	struct sender senders[SENDERS] = { 0 };
	int i;

	for (i = 0; i < SENDERS; i++) {
		senders[i].pcc = &self->pcc[i];
		senders[i].count = MESSAGES;
	}
	send_all(_metadata, senders);
	for (i = 0; i < SENDERS; i++)
		check_link(_metadata, &self->pcc[i], MESSAGES,
			   senders[i].packets);
}

TEST_HARNESS_MAIN
