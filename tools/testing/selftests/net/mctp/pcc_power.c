// SPDX-License-Identifier: GPL-2.0
/*
 * Suspend to idle and back, with the link up: what the platform did in the
 * meantime is seen, nothing is lost uncounted, and the link goes on. By the
 * kernel's own test of suspend (PM_DEBUG), which suspends all devices and
 * their interrupts and resumes after a while: nothing has to wake the system.
 * Copyright (C) 2026 The mctp-pcc authors
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/harness.h"

#define POWER_STATE	"/sys/power/state"
#define POWER_TEST	"/sys/power/pm_test"
#define POWER_DELAY	"/sys/module/suspend/parameters/pm_test_delay"
#define ASLEEP_S	"4"	/* a transfer would be given up */
#define WHILE_ASLEEP_US	"1000000"	/* after that the system sleeps */
#define FLOOD		100000000	/* more than a test takes */
#define WARM		100
#define MANY		20

FIXTURE(power)
{
	struct pcc pcc;
	struct pkt_sender sender;
	unsigned long long slept;
	int kmsg;
	int fd;
};

static unsigned long long times_slept(void)
{
	unsigned long long n = 0;
	char buf[32];

	if (file_read(buf, sizeof(buf), "/sys/power/suspend_stats/success") > 0)
		n = strtoull(buf, NULL, 10);
	return n;
}

static const char *can_sleep(void)
{
	char buf[64];

	if (file_read(buf, sizeof(buf), POWER_STATE) < 0 ||
	    !strstr(buf, "freeze"))
		return "no suspend to idle";
	if (access(POWER_TEST, W_OK) || access(POWER_DELAY, W_OK))
		return "no " POWER_TEST;
	return NULL;
}

/* As after boot: the delay has a default of five seconds */
static void power_undo(void)
{
	file_write(POWER_TEST, "none");
	file_write(POWER_DELAY, "5");
}

FIXTURE_SETUP(power)
{
	const char *why;

	guard_undo = power_undo;
	why = can_sleep();
	if (!why)
		why = pcc_get(&self->pcc, 0, PCC_NEED_LAB);
	if (why)
		SKIP(return, "%s", why);
	ASSERT_EQ(0, pcc_up(&self->pcc, MCTP_MTU_MIN));
	self->slept = times_slept();
	self->kmsg = kmsg_open();
	ASSERT_LE(0, self->kmsg);
	self->fd = pkt_socket(0);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(power)
{
	close(self->fd);
	close(self->kmsg);
	pcc_put(&self->pcc);
}

/* Returns when the system is awake again */
static void suspend(struct __test_metadata *_metadata)
{
	ASSERT_EQ(0, file_write(POWER_DELAY, ASLEEP_S));
	ASSERT_EQ(0, file_write(POWER_TEST, "platform"));
	ASSERT_EQ(0, plat_away(true));
	EXPECT_EQ(0, file_write(POWER_STATE, "freeze"));
	ASSERT_EQ(0, plat_away(false));
	ASSERT_EQ(0, file_write(POWER_TEST, "none"));
}

/*
 * @sent packets are confirmed, or counted as in doubt; the platform took
 * @taken of them
 */
static void check(struct __test_metadata *_metadata, const struct pcc *pcc,
		  unsigned long long sent, unsigned long long errors,
		  unsigned long long taken)
{
	const struct rtnl_link_stats64 *before = &pcc->start.stats;
	struct rtnl_link_stats64 after;
	struct pcc_counters c;

	ASSERT_EQ(0, plat_quiesce(pcc));
	ASSERT_EQ(0, plat_counters(pcc, &c));
	EXPECT_TRUE(wait_until(!nl_link_stats(pcc->link.ifindex, &after) &&
			       after.tx_packets + after.tx_errors -
			       before->tx_packets - before->tx_errors >=
			       sent));
	EXPECT_EQ(sent - errors, after.tx_packets - before->tx_packets);
	EXPECT_EQ(errors, after.tx_errors - before->tx_errors);
	EXPECT_EQ(before->tx_dropped, after.tx_dropped);
	EXPECT_EQ(taken, c.in_packets);
	EXPECT_EQ(c.out_packets, c.out_acked);
	EXPECT_EQ(c.out_acked, after.rx_packets - before->rx_packets);
	EXPECT_EQ(before->rx_errors, after.rx_errors);
	EXPECT_EQ(0, c.bad_messages);
	EXPECT_EQ(0, c.violations);
}

static void check_log(struct __test_metadata *_metadata, int kmsg,
		      unsigned long long slept)
{
	char line[256];

	EXPECT_EQ(slept, times_slept());
	EXPECT_EQ(0, kmsg_splats(kmsg, line, sizeof(line)))
		TH_LOG("logged: %s", line);
}

TEST_F(power, idle)
{
	suspend(_metadata);
	check(_metadata, &self->pcc, 0, 0, 0);
	EXPECT_EQ(0, mctp_echo(&self->pcc, 1000));
	check_log(_metadata, self->kmsg, self->slept + 1);
}

/* The interrupt waits for the system to wake up */
TEST_F(power, completed_asleep)
{
	ASSERT_EQ(0, plat_cmd("completion %u mode=delay us=" WHILE_ASLEEP_US,
			      self->pcc.number));
	ASSERT_EQ(0, pkt_send_load(self->fd, &self->pcc, MCTP_MTU_MIN, 1));
	suspend(_metadata);
	EXPECT_EQ(0, pkt_wait_sent(self->fd));
	check(_metadata, &self->pcc, 1, 0, 1);
	EXPECT_EQ(0, mctp_echo(&self->pcc, 1000));
	check_log(_metadata, self->kmsg, self->slept + 1);
}

TEST_F(power, both_ways)
{
	ASSERT_EQ(0, plat_cmd("flood %u count=%u", self->pcc.number,
			      FLOOD));
	ASSERT_EQ(0, pkt_sender_start(&self->sender, &self->pcc, false));
	EXPECT_EQ(0, plat_wait_in(&self->pcc, WARM));
	suspend(_metadata);
	suspend(_metadata);
	ASSERT_EQ(0, plat_cmd("flood-stop %u", self->pcc.number));
	EXPECT_EQ(0, pkt_sender_stop(&self->sender));
	EXPECT_LT(WARM, self->sender.sent);
	check(_metadata, &self->pcc, self->sender.sent, 0, self->sender.sent);
	EXPECT_EQ(0, mctp_echo(&self->pcc, 1000));
	check_log(_metadata, self->kmsg, self->slept + 2);
}

/* The first transfer is being given up when the system falls asleep */
TEST_F(power, recovering)
{
	unsigned int i;

	ASSERT_EQ(0, plat_cmd("doorbell %u mode=ignore",
			      self->pcc.number));
	for (i = 0; i < MANY; i++)
		ASSERT_EQ(0, pkt_send_load(self->fd, &self->pcc, MCTP_MTU_MIN,
					   i));
	suspend(_metadata);
	EXPECT_EQ(0, pkt_wait_sent(self->fd));
	check(_metadata, &self->pcc, MANY, 1, MANY - 1);
	EXPECT_EQ(0, mctp_echo(&self->pcc, 1000));
	check_log(_metadata, self->kmsg, self->slept + 1);
}

/* Taken down as soon as the system is awake, with the transfer in flight */
TEST_F(power, down_after)
{
	ASSERT_EQ(0, plat_cmd("completion %u mode=hold",
			      self->pcc.number));
	ASSERT_EQ(0, pkt_send_load(self->fd, &self->pcc, MCTP_MTU_MIN, 1));
	ASSERT_EQ(0, plat_wait_held(&self->pcc));
	suspend(_metadata);
	ASSERT_EQ(0, nl_link_up(self->pcc.link.ifindex, false));
	EXPECT_EQ(0, pkt_wait_sent(self->fd));
	ASSERT_EQ(0, plat_cmd("release %u", self->pcc.number));
	check(_metadata, &self->pcc, 1, 1, 1);
	ASSERT_EQ(0, nl_link_up(self->pcc.link.ifindex, true));
	EXPECT_EQ(0, mctp_echo(&self->pcc, 1000));
	check_log(_metadata, self->kmsg, self->slept + 1);
}

TEST_HARNESS_MAIN
