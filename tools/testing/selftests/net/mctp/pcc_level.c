// SPDX-License-Identifier: GPL-2.0
/*
 * Both channels on one shared, level-triggered line; for the platform's
 * tables "level"
 * Copyright (C) 2026 The mctp-pcc authors
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/harness.h"

#define BURST		2000
#define SPURIOUS	100
#define CYCLES		10
#define FLOOD		5000		/* a slow machine does nothing else */

/* Has one line two actions of the mailbox controller? */
static bool interrupt_shared(void)
{
	char line[1024], *first;
	bool shared = false;
	FILE *f;

	f = fopen("/proc/interrupts", "re");
	if (!f)
		return false;
	while (fgets(line, sizeof(line), f)) {
		first = strstr(line, "pcc-mbox");
		if (first && strstr(first + 1, "pcc-mbox"))
			shared = true;
	}
	fclose(f);
	return shared;
}

FIXTURE(level) { struct pcc pcc; };

FIXTURE_SETUP(level)
{
	const char *why;

	why = pcc_get(&self->pcc, 0, PCC_NEED_PLATFORM);
	if (why)
		SKIP(return, "%s", why);
	ASSERT_EQ(0, nl_link_up(self->pcc.link.ifindex, true));
	if (!interrupt_shared()) {
		pcc_put(&self->pcc);
		SKIP(return, "the channels do not share an interrupt");
	}
	ASSERT_EQ(0, pcc_up(&self->pcc, MCTP_MTU_MIN));
}

FIXTURE_TEARDOWN(level)
{
	pcc_put(&self->pcc);
}

static void check(struct __test_metadata *_metadata, const struct pcc *pcc,
		  unsigned long long tx, unsigned long long rx)
{
	const struct rtnl_link_stats64 *before = &pcc->start.stats;
	struct rtnl_link_stats64 after;
	struct pcc_counters c;

	/* a busy host may keep the guest so long that all looks quiet */
	ASSERT_EQ(0, plat_quiesce(pcc));
	EXPECT_TRUE(wait_until(!nl_link_stats(pcc->link.ifindex, &after) &&
			       after.tx_packets - before->tx_packets == tx));
	ASSERT_EQ(0, plat_quiesce(pcc));
	ASSERT_EQ(0, nl_link_stats(pcc->link.ifindex, &after));
	ASSERT_EQ(0, plat_counters(pcc, &c));
	EXPECT_EQ(tx, c.in_packets);
	EXPECT_EQ(rx, c.out_acked);
	EXPECT_EQ(0, c.bad_messages);
	EXPECT_EQ(0, c.violations);
	EXPECT_EQ(rx, after.rx_packets - before->rx_packets);
	EXPECT_EQ(before->tx_errors, after.tx_errors);
	EXPECT_EQ(before->rx_errors, after.rx_errors);
}

TEST_F(level, echo)
{
	unsigned long long packets = mctp_packets(MCTP_MSG_MAX, MCTP_MTU_MIN);

	EXPECT_EQ(0, mctp_echo(&self->pcc, MCTP_MSG_MAX));
	check(_metadata, &self->pcc, packets, packets);
}

TEST_F(level, both_ways)
{
	int fd, i;

	fd = pkt_socket(0);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, plat_cmd("flood %u count=%u", self->pcc.number,
			      BURST));
	for (i = 0; i < BURST; i++)
		ASSERT_EQ(0, pkt_send_load(fd, &self->pcc, MCTP_MTU_MIN, i));
	check(_metadata, &self->pcc, BURST, BURST);
	close(fd);
}

TEST_F(level, spurious)
{
	unsigned int number = self->pcc.number;

	ASSERT_EQ(0, plat_cmd("irq %u box=inbox count=%u", number, SPURIOUS));
	ASSERT_EQ(0, plat_cmd("irq %u box=outbox count=%u", number, SPURIOUS));
	check(_metadata, &self->pcc, 0, 0);
	EXPECT_EQ(0, mctp_echo(&self->pcc, 1000));
}

TEST_F(level, updown)
{
	int ifindex = self->pcc.link.ifindex;
	struct pcc_counters c;
	unsigned int i;

	ASSERT_EQ(0, plat_cmd("flood %u count=%u", self->pcc.number,
			      FLOOD));
	for (i = 0; i < CYCLES; i++) {
		sleep_us(i * 3 % 10 * 1000);
		ASSERT_EQ(0, nl_link_up(ifindex, false));
		ASSERT_EQ(0, nl_link_up(ifindex, true));
	}
	ASSERT_EQ(0, plat_cmd("flood-stop %u", self->pcc.number));
	ASSERT_EQ(0, plat_quiesce(&self->pcc));
	EXPECT_EQ(0, mctp_echo(&self->pcc, 8000));
	ASSERT_EQ(0, plat_counters(&self->pcc, &c));
	EXPECT_EQ(0, c.violations);
}

TEST_HARNESS_MAIN
