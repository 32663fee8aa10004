// SPDX-License-Identifier: GPL-2.0
/*
 * The driver goes away and comes back under traffic in both directions: the
 * module unloaded, the device unbound
 * Copyright (C) 2026 The mctp-pcc authors
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "lib/harness.h"

#define CYCLES	8
#define FLOOD	50000		/* more than the cycles take */

FIXTURE(module)
{
	struct pcc pcc;
	char device[64];
	struct pkt_sender sender;
	int mappings;
	int kmsg;
};

FIXTURE_SETUP(module)
{
	const char *why;
	char driver[64];

	why = pcc_get(&self->pcc, 0,
		      PCC_NEED_PLATFORM | PCC_NEED_MODULE);
	if (why)
		SKIP(return, "%s", why);
	ASSERT_EQ(0, ethtool_driver(self->pcc.link.name, driver, self->device,
				    sizeof(driver)));
	self->mappings = pcc_mappings();
	ASSERT_LE(0, self->mappings);
	self->kmsg = kmsg_open();
	ASSERT_LE(0, self->kmsg);
	ASSERT_EQ(0, pcc_up(&self->pcc, MCTP_MTU_MIN));
	ASSERT_EQ(0, plat_cmd("flood %u count=%u", self->pcc.number, FLOOD));
	ASSERT_EQ(0, pkt_sender_start(&self->sender, &self->pcc, false));
}

/* Whatever failed, the next test wants the driver */
FIXTURE_TEARDOWN(module)
{
	struct pcc_link link;

	close(self->kmsg);
	if (!pcc_module_loaded())
		pcc_module_load();
	if (!pcc_bound(self->device))
		pcc_bind(self->device, true);
	pcc_link_wait(self->pcc.link.name, &link);
	pcc_put(&self->pcc);
}

static void check_platform(struct __test_metadata *_metadata,
			   const struct pcc *pcc, struct pcc_counters *c)
{
	ASSERT_EQ(0, plat_counters(pcc, c));
	EXPECT_EQ(0, c->violations);
	EXPECT_EQ(0, c->bad_messages);
}

/* The next link has its statistics from 0 on, and so has the platform */
static void count_anew(struct __test_metadata *_metadata, struct pcc *pcc)
{
	struct pcc_counters c;

	check_platform(_metadata, pcc, &c);
	ASSERT_EQ(0, plat_reset(pcc));
	ASSERT_EQ(0, plat_cmd("flood %u count=%u", pcc->number, FLOOD));
}

/* Finds the new link, brings it up and lets traffic run for a moment */
static void link_again(struct __test_metadata *_metadata, struct pcc *pcc,
		       unsigned int ms)
{
	struct rtnl_link_stats64 stats;

	ASSERT_EQ(0, pcc_link_wait(pcc->link.name, &pcc->link));
	ASSERT_EQ(0, nl_link_stats(pcc->link.ifindex, &stats));
	EXPECT_EQ(0, stats.tx_packets);
	EXPECT_EQ(0, stats.rx_packets);
	ASSERT_EQ(0, nl_link_up(pcc->link.ifindex, true));
	sleep_us(ms * 1000);
}

/* All is accounted for, but for a packet that may have waited at up */
static void check_after(struct __test_metadata *_metadata,
			struct pcc *pcc, struct pkt_sender *sender, int kmsg)
{
	struct rtnl_link_stats64 stats;
	struct pcc_counters c;
	char line[256];

	EXPECT_TRUE(wait_until(!nl_link_stats(pcc->link.ifindex, &stats) &&
			       stats.tx_packets && stats.rx_packets));
	ASSERT_EQ(0, plat_cmd("flood-stop %u", pcc->number));
	EXPECT_EQ(0, pkt_sender_stop(sender));
	ASSERT_EQ(0, mctp_peer_start(pcc));
	EXPECT_EQ(0, mctp_echo(pcc, 1000));
	ASSERT_EQ(0, plat_quiesce(pcc));
	check_platform(_metadata, pcc, &c);
	EXPECT_TRUE(wait_until(!nl_link_stats(pcc->link.ifindex, &stats) &&
			       stats.tx_packets + stats.tx_errors >=
			       c.in_packets));
	EXPECT_LE(stats.tx_packets, c.in_packets);
	EXPECT_LE(c.in_packets, stats.tx_packets + stats.tx_errors);
	EXPECT_LE(stats.rx_packets, c.out_acked);
	EXPECT_LE(c.out_acked, stats.rx_packets + 1);
	EXPECT_EQ(0, stats.rx_errors);
	ASSERT_EQ(0, nl_link_up(pcc->link.ifindex, false));
	EXPECT_EQ(0, kmsg_splats(kmsg, line, sizeof(line)))
		TH_LOG("logged: %s", line);
}

TEST_F(module, reload)
{
	unsigned int i;

	for (i = 0; i < CYCLES; i++) {
		ASSERT_EQ(0, pcc_module_unload());
		EXPECT_FALSE(pcc_bound(self->device));
		if (i == CYCLES - 1)
			count_anew(_metadata, &self->pcc);
		ASSERT_EQ(0, pcc_module_load());
		link_again(_metadata, &self->pcc, i * 5 % 24);
	}
	check_after(_metadata, &self->pcc, &self->sender, self->kmsg);
	EXPECT_TRUE(pcc_mapped(self->mappings));
}

TEST_F(module, rebind)
{
	unsigned int i;

	for (i = 0; i < CYCLES; i++) {
		ASSERT_EQ(0, pcc_bind(self->device, false));
		EXPECT_FALSE(pcc_bound(self->device));
		if (i == CYCLES - 1)
			count_anew(_metadata, &self->pcc);
		ASSERT_EQ(0, pcc_bind(self->device, true));
		EXPECT_TRUE(pcc_bound(self->device));
		link_again(_metadata, &self->pcc, i * 5 % 24);
	}
	check_after(_metadata, &self->pcc, &self->sender, self->kmsg);
	EXPECT_TRUE(pcc_mapped(self->mappings));
}

TEST_HARNESS_MAIN
