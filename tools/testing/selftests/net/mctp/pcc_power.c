// SPDX-License-Identifier: GPL-2.0
/*
 * Suspend to idle and back, with the link up: what the platform did in the
 * meantime is seen, nothing is lost uncounted, and the link goes on. By the
 * kernel's own test of suspend (PM_DEBUG), which suspends all devices and
 * their interrupts and resumes after a while: nothing has to wake the system.
 * Copyright (C) 2026 The mctp-pcc authors
 */
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
	guard_undo = power_undo;
	if (!setup_found(_metadata, can_sleep()))
		return;
	setup_up(_metadata, &self->pcc,
		 pcc_get(&self->pcc, 0, PCC_NEED_LAB), MCTP_MTU_MIN);
	self->slept = times_slept();
}

FIXTURE_TEARDOWN(power) { }

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
 * So often the system has slept. Packets are confirmed, or counted as in doubt;
 * what the platform sent has all come in.
 */
static void check(struct __test_metadata *_metadata, const struct pcc *pcc,
		  unsigned long long slept, struct counted want)
{
	want.rx = ANY;
	check_counted(_metadata, pcc, want);
	EXPECT_EQ(0, mctp_echo(pcc, 1000));
	EXPECT_EQ(slept, times_slept());
	check_log(_metadata, pcc);
}

TEST_F(power, idle)
{
	suspend(_metadata);
	check(_metadata, &self->pcc, self->slept + 1, (struct counted) { });
}

/* The interrupt waits for the system to wake up */
TEST_F(power, completed_asleep)
{
	ASSERT_EQ(0, plat_cmd(&self->pcc,
			      "completion mode=delay us=" WHILE_ASLEEP_US));
	ASSERT_EQ(0, pkt_send_load(self->pcc.fd, &self->pcc, MCTP_MTU_MIN, 1));
	suspend(_metadata);
	check(_metadata, &self->pcc, self->slept + 1, (struct counted) {
		.tx = 1, .taken = 1,
	});
}

TEST_F(power, both_ways)
{
	ASSERT_EQ(0, plat_cmd(&self->pcc, "flood count=%u", FLOOD));
	ASSERT_EQ(0, pkt_sender_start(&self->sender, &self->pcc, false));
	EXPECT_EQ(0, plat_wait_in(&self->pcc, WARM));
	suspend(_metadata);
	suspend(_metadata);
	ASSERT_EQ(0, plat_cmd(&self->pcc, "flood-stop"));
	EXPECT_EQ(0, pkt_sender_stop(&self->sender));
	EXPECT_LT(WARM, self->sender.sent);
	check(_metadata, &self->pcc, self->slept + 2, (struct counted) {
		.tx = self->sender.sent, .taken = self->sender.sent,
	});
}

/* The first transfer is being given up when the system falls asleep */
TEST_F(power, recovering)
{
	ASSERT_EQ(0, plat_cmd(&self->pcc, "doorbell mode=ignore"));
	send_many(_metadata, &self->pcc, MANY);
	suspend(_metadata);
	check(_metadata, &self->pcc, self->slept + 1, (struct counted) {
		.tx = MANY - 1, .tx_errors = 1, .taken = MANY - 1,
	});
}

/* Taken down as soon as the system is awake, with the transfer in flight */
TEST_F(power, down_after)
{
	ASSERT_EQ(0, plat_cmd(&self->pcc, "completion mode=hold"));
	ASSERT_EQ(0, pkt_send_load(self->pcc.fd, &self->pcc, MCTP_MTU_MIN, 1));
	ASSERT_EQ(0, plat_wait_held(&self->pcc));
	suspend(_metadata);
	ASSERT_EQ(0, nl_link_up(self->pcc.link.ifindex, false));
	EXPECT_EQ(0, pkt_wait_sent(self->pcc.fd));
	ASSERT_EQ(0, plat_cmd(&self->pcc, "release"));
	check_counted(_metadata, &self->pcc, (struct counted) {
		.tx_errors = 1, .taken = 1,
	});
	ASSERT_EQ(0, nl_link_up(self->pcc.link.ifindex, true));
	EXPECT_EQ(0, mctp_echo(&self->pcc, 1000));
	EXPECT_EQ(self->slept + 1, times_slept());
	check_log(_metadata, &self->pcc);
}

TEST_HARNESS_MAIN
