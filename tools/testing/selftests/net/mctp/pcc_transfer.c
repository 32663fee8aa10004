// SPDX-License-Identifier: GPL-2.0
/*
 * Round trips of MCTP messages of all sizes over PCC, each byte checked on
 * both sides, and the statistics of the link against the platform's
 * Copyright (C) 2026 The mctp-pcc authors
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "lib/harness.h"

FIXTURE(transfer) { struct pcc pcc; };

FIXTURE_VARIANT(transfer)
{
	unsigned int nth;
	unsigned int mtu;	/* 0: the largest */
};

FIXTURE_VARIANT_ADD(transfer, first_min) { .nth = 0, .mtu = MCTP_MTU_MIN };
FIXTURE_VARIANT_ADD(transfer, first_max) { .nth = 0 };
FIXTURE_VARIANT_ADD(transfer, second_min) { .nth = 1, .mtu = MCTP_MTU_MIN };
FIXTURE_VARIANT_ADD(transfer, second_max) { .nth = 1 };
FIXTURE_VARIANT_ADD(transfer, third) { .nth = 2, .mtu = MCTP_MTU_MIN };

FIXTURE_SETUP(transfer)
{
	const char *why;

	why = pcc_get(&self->pcc, variant->nth, PCC_NEED_PLATFORM);
	if (why)
		SKIP(return, "%s", why);
	ASSERT_EQ(0, pcc_up(&self->pcc, variant->mtu));
}

FIXTURE_TEARDOWN(transfer)
{
	pcc_put(&self->pcc);
}

/* Messages of these sizes went there and back, and nothing else did */
static void check_counters(struct __test_metadata *_metadata,
			   const struct pcc *pcc, const size_t *sizes,
			   unsigned int n)
{
	const struct rtnl_link_stats64 *before = &pcc->start.stats;
	unsigned long long packets = 0, bytes = 0;
	struct rtnl_link_stats64 after;
	struct pcc_counters c;
	unsigned int i;

	for (i = 0; i < n; i++) {
		packets += mctp_packets(sizes[i], pcc->start.mtu);
		bytes += mctp_bytes(sizes[i], pcc->start.mtu);
	}
	ASSERT_EQ(0, plat_quiesce(pcc));
	ASSERT_EQ(0, plat_counters(pcc, &c));
	EXPECT_EQ(packets, c.in_packets);
	EXPECT_EQ(bytes, c.in_bytes);
	EXPECT_EQ(packets, c.out_packets);
	EXPECT_EQ(bytes, c.out_bytes);
	EXPECT_EQ(packets, c.out_acked);
	EXPECT_EQ(n, c.in_messages);
	EXPECT_EQ(0, c.bad_messages);
	EXPECT_EQ(0, c.violations);

	/* the platform has completed the last one, the interrupt may lag */
	EXPECT_TRUE(wait_until(!nl_link_stats(pcc->link.ifindex, &after) &&
			       after.tx_packets - before->tx_packets ==
			       packets));
	EXPECT_EQ(bytes, after.tx_bytes - before->tx_bytes);
	EXPECT_EQ(packets, after.rx_packets - before->rx_packets);
	EXPECT_EQ(bytes, after.rx_bytes - before->rx_bytes);
	EXPECT_EQ(before->tx_errors, after.tx_errors);
	EXPECT_EQ(before->tx_dropped, after.tx_dropped);
	EXPECT_EQ(before->rx_errors, after.rx_errors);
	EXPECT_EQ(before->rx_dropped, after.rx_dropped);
}

static void echo_all(struct __test_metadata *_metadata,
		     const struct pcc *pcc, const size_t *sizes,
		     unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		ASSERT_EQ(0, mctp_echo(pcc, sizes[i]));
	check_counters(_metadata, pcc, sizes, n);
}

/* Down to the message type alone */
TEST_F(transfer, short_messages)
{
	static const size_t sizes[] = { 0, 1, 2, 11, 12, 13, 14 };

	echo_all(_metadata, &self->pcc, sizes, ARRAY_SIZE(sizes));
}

/* Around one and two packets of the baseline transmission unit */
TEST_F(transfer, baseline_unit)
{
	static const size_t sizes[] = {
		62, 63, 64, 65, 125, 126, 127, 128, 129,
	};

	echo_all(_metadata, &self->pcc, sizes, ARRAY_SIZE(sizes));
}

/* Around one and two packets of this MTU: type and header take five bytes */
TEST_F(transfer, packet_limits)
{
	const size_t unit = self->pcc.start.mtu - MCTP_HDR_LEN;
	const size_t sizes[] = {
		unit - 2, unit - 1, unit, 2 * unit - 2, 2 * unit - 1, 2 * unit,
	};

	echo_all(_metadata, &self->pcc, sizes, ARRAY_SIZE(sizes));
}

TEST_F(transfer, large_messages)
{
	static const size_t sizes[] = { 8000, MCTP_MSG_MAX };

	echo_all(_metadata, &self->pcc, sizes, ARRAY_SIZE(sizes));
}

/* A message that the other side begins, at the link's largest packet */
TEST_F(transfer, inbound)
{
	const struct pcc *pcc = &self->pcc;
	size_t len = pcc->start.mtu;
	__u8 packet[8192], body[8192];
	struct sockaddr_mctp from;
	int fd;

	fd = mctp_bind(pcc, MCTP_TYPE_VENDOR_IANA);
	ASSERT_LE(0, fd);
	pkt_load(pcc, packet, len, 7);
	packet[1] = pcc->eid;
	packet[2] = pcc->peer_eid;
	ASSERT_EQ(0, plat_post(pcc, packet, len));
	ASSERT_EQ(len - MCTP_HDR_LEN - 1,
		  mctp_recv(fd, &from, body, sizeof(body), PCC_WAIT_MS));
	EXPECT_EQ(0, memcmp(packet + MCTP_HDR_LEN + 1, body,
			    len - MCTP_HDR_LEN - 1));
	EXPECT_EQ(pcc->peer_eid, from.smctp_addr.s_addr);
	EXPECT_EQ(MCTP_TYPE_VENDOR_IANA, from.smctp_type);
	EXPECT_EQ(MCTP_TO | 7, from.smctp_tag);
	close(fd);
}

/* What any endpoint answers, on real hardware too */
FIXTURE(control) { struct pcc pcc; };

FIXTURE_VARIANT(control) { unsigned int nth; };

FIXTURE_VARIANT_ADD(control, first) { .nth = 0 };
FIXTURE_VARIANT_ADD(control, second) { .nth = 1 };
FIXTURE_VARIANT_ADD(control, third) { .nth = 2 };

FIXTURE_SETUP(control)
{
	const char *why;

	why = pcc_get(&self->pcc, variant->nth, 0);
	if (why)
		SKIP(return, "%s", why);
	ASSERT_EQ(0, pcc_up(&self->pcc, MCTP_MTU_MIN));
}

FIXTURE_TEARDOWN(control)
{
	pcc_put(&self->pcc);
}

TEST_F(control, get_endpoint_id)
{
	struct rtnl_link_stats64 before, after;
	int i;

	ASSERT_EQ(0, nl_link_stats(self->pcc.link.ifindex, &before));
	for (i = 0; i < 20; i++)
		ASSERT_EQ(self->pcc.peer_eid, mctp_get_eid(&self->pcc));
	ASSERT_TRUE(wait_until(!nl_link_stats(self->pcc.link.ifindex,
					      &after) &&
			       after.tx_packets - before.tx_packets >= 20));
	EXPECT_LE(20, after.rx_packets - before.rx_packets);
	EXPECT_EQ(before.tx_errors, after.tx_errors);
	EXPECT_EQ(before.rx_errors, after.rx_errors);
}

TEST_HARNESS_MAIN
