// SPDX-License-Identifier: GPL-2.0
/*
 * Inbound messages at random, by the thousand, and interrupts for nothing:
 * each message is handed over or counted by what is wrong with it
 * Copyright (C) 2026 The mctp-pcc authors
 *
 * PCC_FUZZ_COUNT: how many messages (20,000); PCC_FUZZ_SEED: the seed, to
 * replay a run. PCC_STRESS=1: also more interrupts for nothing than the kernel
 * puts up with.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/harness.h"

#define FUZZ_COUNT	20000
#define SPURIOUS	10000	/* the kernel is silent about so many */
#define SPURIOUS_MANY	150000	/* of 100,000 it disables the line */
#define SPURIOUS_TRIES	8	/* a pause of 100 ms makes it count anew */

FIXTURE(fuzz)
{
	struct pcc pcc;
	int fd;
};

/* Buffers of different sizes, and where the most fits between the limits */
FIXTURE_VARIANT(fuzz)
{
	unsigned int nth;
	unsigned int share;	/* of the messages, in percent */
};

FIXTURE_VARIANT_ADD(fuzz, first) { .nth = 0, .share = 20 };
FIXTURE_VARIANT_ADD(fuzz, second) { .nth = 1, .share = 20 };
FIXTURE_VARIANT_ADD(fuzz, third) { .nth = 2, .share = 60 };

FIXTURE_SETUP(fuzz)
{
	const char *why;

	self->fd = -1;
	why = pcc_get(&self->pcc, variant->nth, PCC_NEED_LAB);
	if (why)
		SKIP(return, "%s", why);
	ASSERT_EQ(0, pcc_up(&self->pcc, MCTP_MTU_MIN));
	/* so that messages of this type get as far as a socket */
	self->fd = mctp_bind(&self->pcc, MCTP_TYPE_VENDOR_IANA);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(fuzz)
{
	close(self->fd);
	pcc_put(&self->pcc);
}

static void read_away(int fd)
{
	struct sockaddr_mctp from;
	static __u8 body[65536];

	while (mctp_recv(fd, &from, body, sizeof(body), 0) >= 0)
		;
}

/* However long it takes, as long as it goes on */
static void wait_fuzzed(struct __test_metadata *_metadata,
			const struct pcc *pcc, int fd)
{
	unsigned long long last = 0;
	long long since = now_ms();
	struct pcc_counters c;

	do {
		read_away(fd);
		sleep_us(20000);
		ASSERT_EQ(0, plat_counters(pcc, &c));
		if (c.out_acked != last)
			since = now_ms();
		last = c.out_acked;
		ASSERT_GT(PCC_WAIT_MS, now_ms() - since)
			TH_LOG("stuck after message %llu", c.out_packets);
	} while (c.out_pending);
}

/* @stack: what the network stack had no room for counts as dropped, too */
static void check_fuzzed(struct __test_metadata *_metadata,
			 const struct pcc *pcc, long long stack)
{
	const struct rtnl_link_stats64 *before = &pcc->start.stats;
	struct rtnl_link_stats64 after;
	struct pcc_counters c;

	ASSERT_EQ(0, plat_quiesce(pcc));
	ASSERT_EQ(0, plat_counters(pcc, &c));
	ASSERT_EQ(0, nl_link_stats(pcc->link.ifindex, &after));
	EXPECT_EQ(c.fuzz_valid, after.rx_packets - before->rx_packets);
	EXPECT_EQ(c.fuzz_length,
		  after.rx_length_errors - before->rx_length_errors);
	EXPECT_EQ(c.fuzz_length, after.rx_errors - before->rx_errors);
	EXPECT_EQ(c.fuzz_command + stack_drops() - stack,
		  after.rx_dropped - before->rx_dropped);
	/* random bytes must never come back to the other side */
	EXPECT_EQ(before->tx_packets, after.tx_packets);
	EXPECT_EQ(0, c.in_packets);
	EXPECT_EQ(0, c.violations);
	printf("# handed over %llu, wrong length %llu, wrong command %llu\n",
	       c.fuzz_valid, c.fuzz_length, c.fuzz_command);
}

TEST_F(fuzz, headers)
{
	unsigned long count = from_env("PCC_FUZZ_COUNT", FUZZ_COUNT);
	unsigned long seed = from_env("PCC_FUZZ_SEED", now_ms() ^ getpid());
	long long stack = stack_drops();
	struct pcc_counters c;

	guard_time(PCC_LONG_S);
	count = count * variant->share / 100;
	seed &= 0xffffffff;
	printf("# seed %lu, count %lu\n", seed, count);
	ASSERT_EQ(0, plat_cmd("fuzz %u seed=%lu count=%lu",
			      self->pcc.number, seed, count));
	wait_fuzzed(_metadata, &self->pcc, self->fd);
	check_fuzzed(_metadata, &self->pcc, stack);
	ASSERT_EQ(0, plat_counters(&self->pcc, &c));
	EXPECT_EQ(count, c.fuzz_valid + c.fuzz_length + c.fuzz_command);
	EXPECT_EQ(0, mctp_echo(&self->pcc, 1000));
}

FIXTURE(spurious)
{
	struct pcc pcc;
	int kmsg, fd;
};

FIXTURE_VARIANT(spurious) { const char *box; };

FIXTURE_VARIANT_ADD(spurious, inbox) { .box = "inbox" };
FIXTURE_VARIANT_ADD(spurious, outbox) { .box = "outbox" };

FIXTURE_SETUP(spurious)
{
	const char *why;

	self->kmsg = -1;
	self->fd = -1;
	why = pcc_get(&self->pcc, 1, PCC_NEED_PLATFORM);
	if (why)
		SKIP(return, "%s", why);
	ASSERT_EQ(0, pcc_up(&self->pcc, MCTP_MTU_MIN));
	self->kmsg = kmsg_open();
	ASSERT_LE(0, self->kmsg);
	self->fd = pkt_socket(0);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(spurious)
{
	close(self->fd);
	close(self->kmsg);
	pcc_put(&self->pcc);
}

/* Nothing is received, sent or recovered for it */
static void check_untouched(struct __test_metadata *_metadata,
			    const struct pcc *pcc)
{
	const struct rtnl_link_stats64 *before = &pcc->start.stats;
	struct rtnl_link_stats64 after;

	ASSERT_EQ(0, nl_link_stats(pcc->link.ifindex, &after));
	EXPECT_EQ(0, memcmp(before, &after, sizeof(after)));
}

TEST_F(spurious, thousands)
{
	char line[256];

	ASSERT_EQ(0, plat_slow_cmd("irq %u box=%s count=%u",
				   self->pcc.number, variant->box,
				   SPURIOUS));
	check_untouched(_metadata, &self->pcc);
	EXPECT_EQ(0, kmsg_splats(self->kmsg, line, sizeof(line)))
		TH_LOG("logged: %s", line);
	EXPECT_EQ(0, mctp_echo(&self->pcc, 1000));
}

static bool line_disabled(int kmsg)
{
	char line[512];

	while (kmsg_next(kmsg, line, sizeof(line)))
		if (strstr(line, "nobody cared"))
			return true;
	return false;
}

static void disable_line(struct __test_metadata *_metadata,
			 const struct pcc *pcc, int kmsg, const char *box)
{
	bool disabled = false;
	unsigned int i;

	/* for who judges the log */
	printf("# expected in the kernel's log: nobody cared\n");
	for (i = 0; i < SPURIOUS_TRIES && !disabled; i++) {
		ASSERT_EQ(0, plat_slow_cmd("irq %u box=%s count=%u",
					   pcc->number, box,
					   SPURIOUS_MANY));
		disabled = line_disabled(kmsg);
	}
	ASSERT_TRUE(disabled);
}

/*
 * So many that the kernel takes the line for stuck, says so and disables it.
 * The driver then misses an interrupt, and by requesting the channel anew has
 * the line enabled again: one packet in doubt if it is the outbox's, none if it
 * is the inbox's, and the link is as before.
 */
TEST_F(spurious, line_disabled)
{
	const struct rtnl_link_stats64 *before = &self->pcc.start.stats;
	unsigned int doubt = !strcmp(variant->box, "outbox");
	struct rtnl_link_stats64 after, last;

	if (!from_env("PCC_STRESS", 0))
		SKIP(return, "only with PCC_STRESS=1");
	guard_time(PCC_LONG_S);
	disable_line(_metadata, &self->pcc, self->kmsg, variant->box);
	check_untouched(_metadata, &self->pcc);
	EXPECT_EQ(0, mctp_echo(&self->pcc, 1000));
	ASSERT_EQ(0, nl_link_stats(self->pcc.link.ifindex, &after));
	EXPECT_EQ(doubt, after.tx_errors - before->tx_errors);

	/* the line works again: nothing more to recover */
	EXPECT_EQ(0, mctp_echo(&self->pcc, 60000));
	ASSERT_EQ(0, nl_link_stats(self->pcc.link.ifindex, &last));
	EXPECT_EQ(after.tx_errors, last.tx_errors);
}

TEST_HARNESS_MAIN
