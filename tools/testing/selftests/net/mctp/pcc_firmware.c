// SPDX-License-Identifier: GPL-2.0
/*
 * What firmware may do its own way: sign the outbox or not, list memory beside
 * the channels, have registers that ACPI cannot read, and large buffers; for
 * tables "quirks" of the scripted platform
 * Copyright (C) 2026 The mctp-pcc authors
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/harness.h"

#define MANY		50
#define PACKET_MAX	65536	/* the most that one packet may have */
#define LOOKS_US	4000000	/* the driver has looked at its registers */
#define ACPI_LINE	"Unsupported register access width"

FIXTURE(signature)
{
	struct pcc pcc;
	int fd;
};

FIXTURE_VARIANT(signature) { const char *quirk; };

FIXTURE_VARIANT_ADD(signature, os) { .quirk = "signature=os" };
FIXTURE_VARIANT_ADD(signature, cleared) { .quirk = "signature=cleared" };
FIXTURE_VARIANT_ADD(signature, other) { .quirk = "signature=other" };

FIXTURE_SETUP(signature)
{
	const char *why = pcc_get_quirk(&self->pcc, variant->quirk);

	self->fd = -1;
	if (why)
		SKIP(return, "%s", why);
	ASSERT_EQ(0, pcc_up(&self->pcc, MCTP_MTU_MIN));
	self->fd = pkt_socket(0);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(signature)
{
	close(self->fd);
	pcc_put(&self->pcc);
}

/* All are taken by the platform and confirmed; and both ways works */
static void check_sent(struct __test_metadata *_metadata, struct pcc *pcc,
		       int fd)
{
	struct rtnl_link_stats64 before, after;
	struct pcc_counters c;
	int i;

	ASSERT_EQ(0, plat_reset(pcc));
	ASSERT_EQ(0, nl_link_stats(pcc->link.ifindex, &before));
	for (i = 0; i < MANY; i++)
		ASSERT_EQ(0, pkt_send_load(fd, pcc, MCTP_MTU_MIN, i));
	EXPECT_EQ(0, pkt_wait_sent(fd));
	EXPECT_EQ(0, plat_quiesce(pcc));
	ASSERT_EQ(0, plat_counters(pcc, &c));
	EXPECT_EQ(MANY, c.in_packets);
	EXPECT_EQ(MANY, c.in_messages);
	EXPECT_EQ(0, c.refused);
	EXPECT_EQ(0, c.bad_messages);
	EXPECT_TRUE(wait_until(!nl_link_stats(pcc->link.ifindex, &after) &&
			       after.tx_packets - before.tx_packets >= MANY));
	EXPECT_EQ(MANY, after.tx_packets - before.tx_packets);
	EXPECT_EQ(before.tx_errors, after.tx_errors);
	EXPECT_EQ(before.tx_dropped, after.tx_dropped);
	EXPECT_EQ(0, mctp_echo(pcc, 8000));
	ASSERT_EQ(0, plat_counters(pcc, &c));
	EXPECT_EQ(0, c.violations);
}

TEST_F(signature, all_taken)
{
	check_sent(_metadata, &self->pcc, self->fd);
}

TEST_F(signature, reopened)
{
	int ifindex = self->pcc.link.ifindex;

	EXPECT_EQ(0, mctp_echo(&self->pcc, 1000));
	ASSERT_EQ(0, nl_link_up(ifindex, false));
	ASSERT_EQ(0, nl_link_up(ifindex, true));
	check_sent(_metadata, &self->pcc, self->fd);
}

/* Its memory is as at power-on, and the driver knows nothing of it */
TEST_F(signature, restarted)
{
	EXPECT_EQ(0, mctp_echo(&self->pcc, 1000));
	ASSERT_EQ(0, plat_quiesce(&self->pcc));
	ASSERT_EQ(0, plat_cmd("restart %u", self->pcc.number));
	check_sent(_metadata, &self->pcc, self->fd);
}

FIXTURE(layout)
{
	struct pcc pcc;
	int fd;
};

FIXTURE_VARIANT(layout)
{
	const char *quirk;
	unsigned int max_mtu;
};

FIXTURE_VARIANT_ADD(layout, memory_window) {
	.quirk = "crs=window", .max_mtu = 8192,
};

FIXTURE_VARIANT_ADD(layout, unreadable_register) {
	.quirk = "complete=unreadable", .max_mtu = 8192,
};

/* More than a packet can have: the length of one is all that counts */
FIXTURE_VARIANT_ADD(layout, large_buffers) {
	.quirk = "outbox=98320 inbox=98320", .max_mtu = PACKET_MAX,
};

FIXTURE_SETUP(layout)
{
	const char *why = pcc_get_quirk(&self->pcc, variant->quirk);

	self->fd = -1;
	if (why)
		SKIP(return, "%s", why);
	ASSERT_EQ(0, pcc_up(&self->pcc, MCTP_MTU_MIN));
	self->fd = pkt_socket(0);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(layout)
{
	close(self->fd);
	pcc_put(&self->pcc);
}

TEST_F(layout, works)
{
	const struct pcc *pcc = &self->pcc;

	EXPECT_EQ(variant->max_mtu, pcc->start.max_mtu);
	check_sent(_metadata, &self->pcc, self->fd);
	ASSERT_EQ(0, nl_link_up(pcc->link.ifindex, false));
	ASSERT_EQ(0, nl_link_mtu(pcc->link.ifindex, variant->max_mtu));
	ASSERT_EQ(0, nl_link_up(pcc->link.ifindex, true));
	EXPECT_EQ(0, mctp_echo(pcc, 1000));
	EXPECT_EQ(0, mctp_echo(pcc, 64000));
}

TEST_F(layout, largest_packet)
{
	const struct rtnl_link_stats64 *before = &self->pcc.start.stats;
	struct rtnl_link_stats64 after;
	struct pcc_counters c;

	ASSERT_EQ(0, plat_cmd("flood %u count=3 len=%u", self->pcc.number,
			      variant->max_mtu));
	EXPECT_EQ(0, plat_quiesce(&self->pcc));
	ASSERT_EQ(0, nl_link_stats(self->pcc.link.ifindex, &after));
	EXPECT_EQ(3, after.rx_packets - before->rx_packets);
	EXPECT_EQ(3 * variant->max_mtu, after.rx_bytes - before->rx_bytes);
	EXPECT_EQ(before->rx_errors, after.rx_errors);
	ASSERT_EQ(0, plat_counters(&self->pcc, &c));
	EXPECT_EQ(0, c.violations);
}

/* Tried once for each register; the driver says so in a line */
TEST(unreadable_is_tried_once)
{
	char driver[64], device[64], prefix[128], line[1024];
	unsigned int tried = 0, said = 0;
	const char *why;
	struct pcc pcc;
	int kmsg;

	why = pcc_get_quirk(&pcc, "complete=unreadable");
	if (why)
		SKIP(return, "%s", why);
	ASSERT_EQ(0, ethtool_driver(pcc.link.name, driver, device,
				    sizeof(device)));
	kmsg = kmsg_open();
	ASSERT_LE(0, kmsg);
	ASSERT_EQ(0, pcc_bind(device, false));
	ASSERT_EQ(0, pcc_bind(device, true));
	ASSERT_EQ(0, pcc_link_wait(pcc.link.name, &pcc.link));
	EXPECT_EQ(0, pcc_up(&pcc, MCTP_MTU_MIN));
	EXPECT_EQ(0, mctp_echo(&pcc, 8000));
	sleep_us(LOOKS_US);
	EXPECT_EQ(0, mctp_echo(&pcc, 8000));
	pcc_put(&pcc);

	snprintf(prefix, sizeof(prefix), PCC_DRIVER " %s", device);
	while (kmsg_next(kmsg, line, sizeof(line))) {
		tried += !!strstr(line, ACPI_LINE);
		said += !strncmp(line, prefix, strlen(prefix));
	}
	EXPECT_GE(2, tried);
	EXPECT_LE(1, said);
	EXPECT_GE(2, said);
	close(kmsg);
}

TEST_HARNESS_MAIN
