// SPDX-License-Identifier: GPL-2.0
/*
 * The platform loses an interrupt, fails, is slow or restarts: the loss is
 * counted, and the link recovers by itself
 * Copyright (C) 2026 The mctp-pcc authors
 */
#include "lib/harness.h"

#define MANY		200

FIXTURE_LINK(recover, setup_link(&self->pcc, 0, MCTP_MTU_MIN));

static void send_one(const struct pcc *pcc, const char *completion)
{
	ASSERT_PLAT(pcc, "completion %s", completion);
	ASSERT_EQ(0, pkt_send_load(pcc->fd, pcc, MCTP_MTU_MIN, 1));
}

/* All packets have left the driver; the platform took @taken of them */
static void check_tx(const struct pcc *pcc, unsigned int packets,
		     unsigned int errors, unsigned int taken)
{
	EXPECT_EQ(0, pkt_wait_sent(pcc->fd));
	check_counted_now(pcc, .tx = packets, .tx_errors = errors,
			  .taken = taken);
}

/* The message still arrives */
TEST_F(recover, lost_interrupt)
{
	send_one(&self->pcc, "mode=no-irq");
	check_tx(&self->pcc, 0, 1, 1);
	EXPECT_EQ(0, mctp_echo(&self->pcc, 1000));
}

TEST_F(recover, lost_interrupt_in_message)
{
	unsigned int packets = mctp_packets(8000, MCTP_MTU_MIN);

	ASSERT_PLAT(&self->pcc, "completion mode=no-irq");
	EXPECT_EQ(0, mctp_echo(&self->pcc, 8000));
	check_counted(&self->pcc, .tx = packets - 1, .tx_errors = 1,
		      .taken = packets, .rx = packets);
}

/* Counted once, whether the core tells it or it times out */
TEST_F(recover, error_completion)
{
	send_one(&self->pcc, "mode=error");
	check_tx(&self->pcc, 0, 1, 0);
	EXPECT_EQ(0, mctp_echo(&self->pcc, 1000));
}

TEST_F(recover, slow_completion)
{
	send_one(&self->pcc, "mode=delay us=20000");
	check_tx(&self->pcc, 1, 0, 1);
}

/*
 * The buffer is the platform's: nothing is written over it, and the packet
 * counts as delivered. A slow host shows nothing of that.
 */
TEST_F(recover, late_completion)
{
	long long start = now_ms();

	send_one(&self->pcc, "mode=hold");
	ASSERT_EQ(0, plat_wait_busy(&self->pcc));
	if (send_behind(&self->pcc, start, 300000, "release"))
		check_tx(&self->pcc, 2, 0, 2);
	EXPECT_EQ(0, pkt_wait_sent(self->pcc.fd));
	EXPECT_EQ(0, plat_agree(&self->pcc));
	EXPECT_EQ(0, plat_forgive(&self->pcc));
}

/* Given up, and completed when nothing is in flight */
TEST_F(recover, no_completion)
{
	send_one(&self->pcc, "mode=hold");
	EXPECT_TRUE(wait_until(count_errors(&self->pcc, 1)));
	check_tx(&self->pcc, 0, 1, 0);
	ASSERT_PLAT(&self->pcc, "release");
	EXPECT_EQ(0, plat_agree(&self->pcc));
}

TEST_F(recover, double_interrupt)
{
	ASSERT_PLAT(&self->pcc, "completion mode=double-irq count=0");
	send_many(&self->pcc, MANY);
	check_tx(&self->pcc, MANY, 0, MANY);
	EXPECT_EQ(0, mctp_echo(&self->pcc, 1000));
}

TEST_F(recover, stop_after_lost_interrupt)
{
	int ifindex = self->pcc.link.ifindex;

	send_one(&self->pcc, "mode=no-irq");
	ASSERT_EQ(0, nl_link_up(ifindex, false));
	check_tx(&self->pcc, 0, 1, 1);
	ASSERT_EQ(0, nl_link_up(ifindex, true));
	EXPECT_EQ(0, mctp_echo(&self->pcc, 1000));
}

/* Comes up without memory of the transfer, all registers as at power-on */
TEST_F(recover, platform_restart)
{
	send_one(&self->pcc, "mode=hold");
	ASSERT_EQ(0, plat_wait_busy(&self->pcc));
	ASSERT_PLAT(&self->pcc, "restart");
	/* one that owns the bus asks at its start */
	check_counted(&self->pcc, .tx_errors = 1, .rx = ANY);
	EXPECT_EQ(0, mctp_peer_start(&self->pcc));
	EXPECT_EQ(0, mctp_echo(&self->pcc, 1000));
}

static void check_rx(const struct pcc *pcc, unsigned int packets)
{
	check_counted(pcc, .rx = packets);
}

/* Nothing to the OS (ACPI 14.1.6), but a core may stumble over it */
TEST_F(recover, inbound_error_status)
{
	ASSERT_EQ(0, pkt_post(&self->pcc, MCTP_MTU_MIN, 3, "error=1"));
	check_rx(&self->pcc, 1);
	EXPECT_EQ(0, mctp_echo(&self->pcc, 1000));
}

/* No interrupt: found when it is there at two checks in a row */
TEST_F(recover, inbound_without_interrupt)
{
	ASSERT_EQ(0, pkt_post(&self->pcc, MCTP_MTU_MIN, 3, "irq=0"));
	check_rx(&self->pcc, 1);
	ASSERT_PLAT(&self->pcc, "flood count=%u", MANY);
	check_rx(&self->pcc, MANY + 1);
	EXPECT_EQ(0, mctp_echo(&self->pcc, 1000));
}

TEST_HARNESS_MAIN
