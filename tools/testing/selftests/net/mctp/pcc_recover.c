// SPDX-License-Identifier: GPL-2.0
/*
 * A platform that forgets an interrupt, errs, is slow or restarts: the loss
 * is counted and the link goes on by itself
 * Copyright (C) 2026 The mctp-pcc authors
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "lib/harness.h"

#define MANY		200
#define PATIENCE_MS	700	/* the driver waits for so long at least */

FIXTURE(recover)
{
	struct pcc pcc;
	int fd;
};

FIXTURE_SETUP(recover)
{
	const char *why;

	why = pcc_get(&self->pcc, 0, PCC_NEED_PLATFORM);
	if (why)
		SKIP(return, "%s", why);
	ASSERT_EQ(0, pcc_up(&self->pcc, MCTP_MTU_MIN));
	self->fd = pkt_socket(0);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(recover)
{
	close(self->fd);
	pcc_put(&self->pcc);
}

/* Sends one packet, which the platform completes in its own way */
static void send_one(struct __test_metadata *_metadata,
		     const struct pcc *pcc, int fd, const char *completion)
{
	ASSERT_EQ(0, plat_cmd("completion %u %s", pcc->number,
			      completion));
	ASSERT_EQ(0, pkt_send_load(fd, pcc, MCTP_MTU_MIN, 1));
}

/*
 * All packets have left the driver: @packets confirmed, @errors not; the
 * platform took @taken of them
 */
static void check_tx(struct __test_metadata *_metadata,
		     const struct pcc *pcc, int fd, unsigned int packets,
		     unsigned int errors, unsigned int taken)
{
	const struct rtnl_link_stats64 *before = &pcc->start.stats;
	struct rtnl_link_stats64 after;
	struct pcc_counters c;

	EXPECT_EQ(0, pkt_wait_sent(fd));
	ASSERT_EQ(0, nl_link_stats(pcc->link.ifindex, &after));
	EXPECT_EQ(packets, after.tx_packets - before->tx_packets);
	EXPECT_EQ(errors, after.tx_errors - before->tx_errors);
	EXPECT_EQ(before->tx_dropped, after.tx_dropped);
	ASSERT_EQ(0, plat_counters(pcc, &c));
	EXPECT_EQ(taken, c.in_packets);
	EXPECT_EQ(0, c.bad_messages);
	EXPECT_EQ(0, c.violations);
}

/* So many more than at the start were given up */
static bool given_up(const struct pcc *pcc, unsigned int n)
{
	struct rtnl_link_stats64 stats;

	return !nl_link_stats(pcc->link.ifindex, &stats) &&
	       stats.tx_errors - pcc->start.stats.tx_errors == n;
}

/* The message on its way arrives whole, nobody up there knows */
TEST_F(recover, lost_interrupt)
{
	send_one(_metadata, &self->pcc, self->fd, "mode=no-irq");
	check_tx(_metadata, &self->pcc, self->fd, 0, 1, 1);
	EXPECT_EQ(0, mctp_echo(&self->pcc, 1000));
}

TEST_F(recover, lost_interrupt_in_message)
{
	unsigned int packets = mctp_packets(8000, MCTP_MTU_MIN);

	ASSERT_EQ(0, plat_cmd("completion %u mode=no-irq",
			      self->pcc.number));
	EXPECT_EQ(0, mctp_echo(&self->pcc, 8000));
	check_tx(_metadata, &self->pcc, self->fd, packets - 1, 1, packets);
}

/* Told by the core at once, or else found when it is overdue, not both */
TEST_F(recover, error_completion)
{
	send_one(_metadata, &self->pcc, self->fd, "mode=error");
	check_tx(_metadata, &self->pcc, self->fd, 0, 1, 0);
	EXPECT_EQ(0, mctp_echo(&self->pcc, 1000));
}

TEST_F(recover, slow_completion)
{
	send_one(_metadata, &self->pcc, self->fd, "mode=delay us=20000");
	check_tx(_metadata, &self->pcc, self->fd, 1, 0, 1);
}

/*
 * Late, but still the platform's: nothing may be written over it, and it
 * counts as delivered when the completion comes at last. The link's nominal
 * latency is 1 ms; a host that keeps us for longer than the driver waits shows
 * nothing of that.
 */
TEST_F(recover, late_completion)
{
	long long start = now_ms();
	struct pcc_counters c;

	send_one(_metadata, &self->pcc, self->fd, "mode=hold");
	ASSERT_EQ(0, pkt_send_load(self->fd, &self->pcc, 60, 2));
	sleep_us(300000);
	ASSERT_EQ(0, plat_counters(&self->pcc, &c));
	ASSERT_EQ(0, plat_cmd("release %u", self->pcc.number));
	if (now_ms() - start < PATIENCE_MS) {
		EXPECT_EQ(0, c.in_packets);
		EXPECT_EQ(1, c.held);
		check_tx(_metadata, &self->pcc, self->fd, 2, 0, 2);
	}
	EXPECT_EQ(0, pkt_wait_sent(self->fd));
	EXPECT_EQ(0, plat_agree(&self->pcc));
	EXPECT_EQ(0, plat_forgive(&self->pcc));
}

/* Given up, in the end, and completed when nothing is in flight any more */
TEST_F(recover, no_completion)
{
	send_one(_metadata, &self->pcc, self->fd, "mode=hold");
	EXPECT_TRUE(wait_until(given_up(&self->pcc, 1)));
	check_tx(_metadata, &self->pcc, self->fd, 0, 1, 0);
	ASSERT_EQ(0, plat_cmd("release %u", self->pcc.number));
	EXPECT_EQ(0, plat_agree(&self->pcc));
}

TEST_F(recover, double_interrupt)
{
	unsigned int i;

	ASSERT_EQ(0, plat_cmd("completion %u mode=double-irq count=0",
			      self->pcc.number));
	for (i = 0; i < MANY; i++)
		ASSERT_EQ(0, pkt_send_load(self->fd, &self->pcc, MCTP_MTU_MIN,
					   i));
	check_tx(_metadata, &self->pcc, self->fd, MANY, 0, MANY);
	EXPECT_EQ(0, mctp_echo(&self->pcc, 1000));
}

TEST_F(recover, stop_after_lost_interrupt)
{
	int ifindex = self->pcc.link.ifindex;

	send_one(_metadata, &self->pcc, self->fd, "mode=no-irq");
	ASSERT_EQ(0, nl_link_up(ifindex, false));
	check_tx(_metadata, &self->pcc, self->fd, 0, 1, 1);
	ASSERT_EQ(0, nl_link_up(ifindex, true));
	EXPECT_EQ(0, mctp_echo(&self->pcc, 1000));
}

/* Comes up without memory of the transfer, all registers as at power-on */
TEST_F(recover, platform_restart)
{
	send_one(_metadata, &self->pcc, self->fd, "mode=hold");
	ASSERT_EQ(0, plat_wait_held(&self->pcc));
	ASSERT_EQ(0, plat_cmd("restart %u", self->pcc.number));
	check_tx(_metadata, &self->pcc, self->fd, 0, 1, 0);
	EXPECT_EQ(0, mctp_peer_start(&self->pcc));
	EXPECT_EQ(0, mctp_echo(&self->pcc, 1000));
}

static void post_one(struct __test_metadata *_metadata,
		     const struct pcc *pcc, const char *options)
{
	__u8 packet[MCTP_MTU_MIN];

	pkt_load_in(pcc, packet, sizeof(packet), 3);
	ASSERT_EQ(0, plat_post_raw(pcc, packet, sizeof(packet), options));
}

/* Nothing to the OS (ACPI 14.1.6), but a core may stumble over it */
TEST_F(recover, inbound_error_status)
{
	const struct rtnl_link_stats64 *before = &self->pcc.start.stats;
	struct rtnl_link_stats64 after;

	post_one(_metadata, &self->pcc, "error=1");
	ASSERT_EQ(0, plat_quiesce(&self->pcc));
	ASSERT_EQ(0, nl_link_stats(self->pcc.link.ifindex, &after));
	EXPECT_EQ(1, after.rx_packets - before->rx_packets);
	EXPECT_EQ(before->rx_errors, after.rx_errors);
	EXPECT_EQ(0, mctp_echo(&self->pcc, 1000));
}

/* No interrupt: found when it has waited at two looks, and taken */
TEST_F(recover, inbound_without_interrupt)
{
	const struct rtnl_link_stats64 *before = &self->pcc.start.stats;
	struct rtnl_link_stats64 after;

	post_one(_metadata, &self->pcc, "irq=0");
	ASSERT_EQ(0, plat_quiesce(&self->pcc));
	ASSERT_EQ(0, nl_link_stats(self->pcc.link.ifindex, &after));
	EXPECT_EQ(1, after.rx_packets - before->rx_packets);

	ASSERT_EQ(0, plat_cmd("flood %u count=%u", self->pcc.number,
			      MANY));
	ASSERT_EQ(0, plat_quiesce(&self->pcc));
	ASSERT_EQ(0, nl_link_stats(self->pcc.link.ifindex, &after));
	EXPECT_EQ(MANY + 1, after.rx_packets - before->rx_packets);
	EXPECT_EQ(before->rx_errors, after.rx_errors);
	EXPECT_EQ(0, mctp_echo(&self->pcc, 1000));
}

TEST_HARNESS_MAIN
