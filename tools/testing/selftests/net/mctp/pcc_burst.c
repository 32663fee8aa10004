// SPDX-License-Identifier: GPL-2.0
/*
 * More than the link can take at once: nothing is lost and nothing logged. One
 * message fits into the driver, whatever the queueing discipline; the rest of
 * eight waits in pfifo_fast.
 * Copyright (C) 2026 The mctp-pcc authors
 */
#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include "lib/harness.h"

#define BURST		10000
#define SENDERS		8	/* a peer has so many tags */
#define SLOW		"mode=delay us=200 count=0"

FIXTURE(burst)
{
	struct pcc pcc;
	int kmsg;
};

FIXTURE_VARIANT(burst) { const char *qdisc; };

FIXTURE_VARIANT_ADD(burst, pfifo_fast) { .qdisc = "pfifo_fast" };
FIXTURE_VARIANT_ADD(burst, fq_codel) { .qdisc = "fq_codel" };

/* Returns why the test must be skipped, or NULL */
static const char *burst_start(struct __test_metadata *_metadata,
			       struct pcc *pcc, const char *kind)
{
	struct pcc_qdisc qdisc;
	const char *why;
	int rc;

	why = pcc_get(pcc, 0, PCC_NEED_PLATFORM);
	if (why)
		return why;
	EXPECT_EQ(0, pcc_up(pcc, MCTP_MTU_MIN));
	rc = nl_qdisc_set(pcc->link.ifindex, kind);
	if (rc == -ENOENT) {
		pcc_put(pcc);
		return "no such qdisc";
	}
	EXPECT_EQ(0, rc);
	pcc->qdisc = true;
	EXPECT_EQ(0, nl_qdisc_get(pcc->link.ifindex, &qdisc));
	EXPECT_STREQ(kind, qdisc.kind);
	return NULL;
}

FIXTURE_SETUP(burst)
{
	const char *why;

	self->kmsg = -1;
	why = burst_start(_metadata, &self->pcc, variant->qdisc);
	if (why)
		SKIP(return, "%s", why);
	self->kmsg = kmsg_open();
	ASSERT_LE(0, self->kmsg);
}

FIXTURE_TEARDOWN(burst)
{
	close(self->kmsg);
	pcc_put(&self->pcc);
}

static void check_nothing_lost(struct __test_metadata *_metadata,
			       const struct pcc *pcc, int kmsg,
			       unsigned long long packets)
{
	const struct rtnl_link_stats64 *before = &pcc->start.stats;
	struct rtnl_link_stats64 after;
	struct pcc_qdisc qdisc;
	struct pcc_counters c;
	char line[256];

	ASSERT_EQ(0, plat_quiesce(pcc));
	ASSERT_EQ(0, plat_counters(pcc, &c));
	EXPECT_EQ(packets, c.in_packets);
	EXPECT_EQ(0, c.bad_messages);
	EXPECT_EQ(0, c.violations);
	EXPECT_TRUE(wait_until(!nl_link_stats(pcc->link.ifindex, &after) &&
			       after.tx_packets - before->tx_packets ==
			       packets));
	EXPECT_EQ(before->tx_dropped, after.tx_dropped);
	EXPECT_EQ(before->tx_errors, after.tx_errors);
	ASSERT_EQ(0, nl_qdisc_get(pcc->link.ifindex, &qdisc));
	EXPECT_EQ(0, qdisc.drops);
	EXPECT_EQ(0, kmsg_noise(kmsg, line, sizeof(line)))
		TH_LOG("logged: %s", line);
}

TEST_F(burst, one_message)
{
	ASSERT_EQ(0, mctp_echo(&self->pcc, MCTP_MSG_MAX));
	check_nothing_lost(_metadata, &self->pcc, self->kmsg,
			   mctp_packets(MCTP_MSG_MAX, MCTP_MTU_MIN));
}

TEST_F(burst, one_message_slow)
{
	ASSERT_EQ(0, plat_cmd("completion %u " SLOW, self->pcc.number));
	ASSERT_EQ(0, mctp_echo(&self->pcc, MCTP_MSG_MAX));
	check_nothing_lost(_metadata, &self->pcc, self->kmsg,
			   mctp_packets(MCTP_MSG_MAX, MCTP_MTU_MIN));
}

static void *echo_thread(void *arg)
{
	return (void *)(long)mctp_echo(arg, MCTP_MSG_MAX);
}

static void send_eight(struct __test_metadata *_metadata, struct pcc *pcc,
		       int kmsg)
{
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
	check_nothing_lost(_metadata, pcc, kmsg, SENDERS *
			   mctp_packets(MCTP_MSG_MAX, MCTP_MTU_MIN));
}

static void send_burst(struct __test_metadata *_metadata,
		       const struct pcc *pcc)
{
	int fd, i;

	fd = pkt_socket(0);
	ASSERT_LE(0, fd);
	for (i = 0; i < BURST; i++)
		ASSERT_EQ(0, pkt_send_load(fd, pcc, MCTP_MTU_MIN, i));
	EXPECT_EQ(0, pkt_wait_sent(fd));
	close(fd);
}

/* The sender sleeps whenever its socket's buffer is full */
TEST_F(burst, packets)
{
	send_burst(_metadata, &self->pcc);
	check_nothing_lost(_metadata, &self->pcc, self->kmsg, BURST);
}

TEST_F(burst, packets_both_ways)
{
	const struct rtnl_link_stats64 *before = &self->pcc.start.stats;
	struct rtnl_link_stats64 after;
	struct pcc_counters c;

	ASSERT_EQ(0, plat_cmd("flood %u count=%u", self->pcc.number,
			      BURST));
	send_burst(_metadata, &self->pcc);
	check_nothing_lost(_metadata, &self->pcc, self->kmsg, BURST);
	ASSERT_EQ(0, plat_counters(&self->pcc, &c));
	EXPECT_EQ(BURST, c.out_acked);
	ASSERT_EQ(0, nl_link_stats(self->pcc.link.ifindex, &after));
	EXPECT_EQ(BURST, after.rx_packets - before->rx_packets);
	EXPECT_EQ(before->rx_errors, after.rx_errors);
}

FIXTURE(eight)
{
	struct pcc pcc;
	int kmsg;
};

FIXTURE_SETUP(eight)
{
	const char *why;

	self->kmsg = -1;
	why = burst_start(_metadata, &self->pcc, "pfifo_fast");
	if (why)
		SKIP(return, "%s", why);
	self->kmsg = kmsg_open();
	ASSERT_LE(0, self->kmsg);
}

FIXTURE_TEARDOWN(eight)
{
	close(self->kmsg);
	pcc_put(&self->pcc);
}

/* The driver has room for one of them, the qdisc for the rest */
TEST_F(eight, messages)
{
	send_eight(_metadata, &self->pcc, self->kmsg);
}

TEST_F(eight, messages_slow)
{
	ASSERT_EQ(0, plat_cmd("completion %u " SLOW, self->pcc.number));
	send_eight(_metadata, &self->pcc, self->kmsg);
}

TEST_HARNESS_MAIN
