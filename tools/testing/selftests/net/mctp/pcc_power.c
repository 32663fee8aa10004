// SPDX-License-Identifier: GPL-2.0
/*
 * Suspend to idle and back, with the link up. The kernel's own test of suspend
 * (PM_DEBUG) resumes by itself after a while.
 * Copyright (C) 2026 The mctp-pcc authors
 */
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
};

static unsigned long long times_slept(void)
{
	char buf[32] = "0";

	file_read(buf, sizeof(buf), "/sys/power/suspend_stats/success");
	return strtoull(buf, NULL, 10);
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

SETUP(power)
{
	guard_undo = power_undo;
	if (!setup_found(can_sleep()))
		return;
	setup_up(&self->pcc, pcc_get(&self->pcc, 0, PCC_NEED_LAB),
		 MCTP_MTU_MIN);
	self->slept = times_slept();
}

static void suspend(void)
{
	ASSERT_EQ(0, file_write(POWER_DELAY, ASLEEP_S));
	ASSERT_EQ(0, file_write(POWER_TEST, "platform"));
	ASSERT_EQ(0, plat_away(true));
	EXPECT_EQ(0, file_write(POWER_STATE, "freeze"));
	ASSERT_EQ(0, plat_away(false));
	ASSERT_EQ(0, file_write(POWER_TEST, "none"));
}

/* The system has slept so often, and the link still works */
static void check(const struct pcc *pcc, unsigned long long slept)
{
	EXPECT_EQ(0, mctp_echo(pcc, 1000));
	EXPECT_EQ(slept, times_slept());
	check_log(pcc);
}

TEST_F(power, idle)
{
	suspend();
	check_counted(&self->pcc, .rx = ANY);
	check(&self->pcc, self->slept + 1);
}

/* The interrupt waits for the system to wake up */
TEST_F(power, completed_asleep)
{
	ASSERT_PLAT(&self->pcc, "completion mode=delay us=" WHILE_ASLEEP_US);
	ASSERT_EQ(0, pkt_send_load(self->pcc.fd, &self->pcc, MCTP_MTU_MIN, 1));
	suspend();
	check_counted(&self->pcc, .tx = 1, .taken = 1, .rx = ANY);
	check(&self->pcc, self->slept + 1);
}

TEST_F(power, both_ways)
{
	ASSERT_PLAT(&self->pcc, "flood count=%u", FLOOD);
	ASSERT_EQ(0, pkt_sender_start(&self->sender, &self->pcc, false));
	EXPECT_EQ(0, plat_wait_in(&self->pcc, WARM));
	suspend();
	suspend();
	ASSERT_PLAT(&self->pcc, "flood-stop");
	EXPECT_EQ(0, pkt_sender_stop(&self->sender));
	EXPECT_LT(WARM, self->sender.sent);
	check_counted(&self->pcc, .tx = self->sender.sent,
		      .taken = self->sender.sent, .rx = ANY);
	check(&self->pcc, self->slept + 2);
}

/* The first transfer is being given up when the system falls asleep */
TEST_F(power, recovering)
{
	ASSERT_PLAT(&self->pcc, "doorbell mode=ignore");
	send_many(&self->pcc, MANY);
	suspend();
	check_counted(&self->pcc, .tx = MANY - 1, .tx_errors = 1,
		      .taken = MANY - 1, .rx = ANY);
	check(&self->pcc, self->slept + 1);
}

/* Taken down as soon as the system is awake, with the transfer in flight */
TEST_F(power, down_after)
{
	ASSERT_PLAT(&self->pcc, "completion mode=hold");
	ASSERT_EQ(0, pkt_send_load(self->pcc.fd, &self->pcc, MCTP_MTU_MIN, 1));
	ASSERT_EQ(0, plat_wait_busy(&self->pcc));
	suspend();
	ASSERT_EQ(0, nl_link_up(self->pcc.link.ifindex, false));
	EXPECT_EQ(0, pkt_wait_sent(self->pcc.fd));
	ASSERT_PLAT(&self->pcc, "release");
	check_counted(&self->pcc, .tx_errors = 1, .taken = 1);
	ASSERT_EQ(0, nl_link_up(self->pcc.link.ifindex, true));
	check(&self->pcc, self->slept + 1);
}

TEST_HARNESS_MAIN
