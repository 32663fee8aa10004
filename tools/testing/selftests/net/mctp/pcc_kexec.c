// SPDX-License-Identifier: GPL-2.0
/*
 * A second kernel takes over in the middle of traffic. Run test "before" of one
 * variant, which on success does not return, and "after" in the second kernel.
 * A reboot goes the same way and has no test.
 * Copyright (C) 2026 The mctp-pcc authors
 */
#include <sys/syscall.h>

#include <linux/reboot.h>

#include "lib/harness.h"

#define SECOND		"pcc_kexec"	/* on the second's command line */
#define FLOOD		1000000
#define WARM		100

FIXTURE(kexec)
{
	struct pcc pcc;
	struct pkt_sender sender;
	bool second;
};

FIXTURE_VARIANT(kexec)
{
	unsigned int nth;
	bool recovering;
};

/* The transfer has just been sent */
FIXTURE_VARIANT_ADD(kexec, in_flight) { .nth = 0 };
/* One has been given up, the next one is in flight */
FIXTURE_VARIANT_ADD(kexec, recovering) { .nth = 1, .recovering = true };

SETUP(kexec)
{
	char cmdline[2048];

	if (!setup_found(pcc_get(&self->pcc, variant->nth, PCC_NEED_LAB)))
		return;
	ASSERT_LT(0, file_read(cmdline, sizeof(cmdline), "/proc/cmdline"));
	self->second = strstr(cmdline, SECOND);
	self->pcc.fd = pkt_socket(0);
	ASSERT_LE(0, self->pcc.fd);
}

static int load_second(const char *kernel, const char *initrd)
{
	char cmdline[2048];
	int kernel_fd, initrd_fd, len, rc;

	len = file_read(cmdline, sizeof(cmdline) - sizeof(SECOND) - 1,
			"/proc/cmdline");
	if (len < 0)
		return len;
	len += sprintf(cmdline + len, " " SECOND) + 1;
	kernel_fd = open(kernel, O_RDONLY | O_CLOEXEC);
	initrd_fd = open(initrd, O_RDONLY | O_CLOEXEC);
	rc = syscall(SYS_kexec_file_load, kernel_fd, initrd_fd, len, cmdline,
		     0) ? -errno : 0;
	close(kernel_fd);
	close(initrd_fd);
	return rc;
}

TEST_F(kexec, before)
{
	const char *kernel = getenv("PCC_KEXEC_KERNEL");
	const char *initrd = getenv("PCC_KEXEC_INITRD");

	if (self->second)
		SKIP(return, "this is the second kernel");
	if (!kernel || !initrd)
		SKIP(return, "needs PCC_KEXEC_KERNEL and PCC_KEXEC_INITRD");
	ASSERT_EQ(0, load_second(kernel, initrd));
	ASSERT_EQ(0, pcc_up(&self->pcc, MCTP_MTU_MIN));
	ASSERT_PLAT(&self->pcc, "flood count=%u", FLOOD);
	ASSERT_EQ(0, pkt_sender_start(&self->sender, &self->pcc, false));
	ASSERT_EQ(0, plat_wait_in(&self->pcc, WARM));
	if (variant->recovering) {
		ASSERT_PLAT(&self->pcc, "doorbell mode=ignore count=0");
		ASSERT_TRUE(wait_until(count_errors(&self->pcc, 1)));
	} else {
		ASSERT_PLAT(&self->pcc, "completion mode=hold");
		ASSERT_EQ(0, plat_wait_busy(&self->pcc));
	}
	syscall(SYS_reboot, LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2,
		LINUX_REBOOT_CMD_KEXEC, NULL);
	EXPECT_EQ(0, errno);	/* not reached */
}

TEST_F(kexec, after)
{
	struct rtnl_link_stats64 stats;
	struct pcc *pcc = &self->pcc;
	struct pcc_counters c;
	struct pcc_attrs attrs;
	long long start;

	if (!self->second)
		SKIP(return, "this is the first kernel");
	ASSERT_EQ(0, nl_link_get(pcc->link.ifindex, &attrs));
	EXPECT_FALSE(attrs.flags & IFF_UP);
	start = now_ms();
	ASSERT_EQ(0, nl_link_up(pcc->link.ifindex, true));
	ASSERT_EQ(0, plat_counters(pcc, &c));
	EXPECT_EQ(!variant->recovering, c.busy);
	send_behind(pcc, start, 50000,
		    variant->recovering ? "doorbell mode=normal" : "release");
	EXPECT_EQ(0, plat_wait_in(pcc, c.in_packets + c.busy + 1));
	EXPECT_EQ(0, pkt_wait_sent(pcc->fd));
	ASSERT_TRUE(wait_until(!nl_link_stats(pcc->link.ifindex, &stats) &&
			       stats.rx_packets >= WARM));
	EXPECT_EQ(1, stats.tx_packets);
	EXPECT_EQ(0, stats.tx_errors);
	EXPECT_EQ(0, stats.rx_errors);

	ASSERT_PLAT(pcc, "flood-stop");
	ASSERT_EQ(0, plat_quiesce(pcc));
	ASSERT_EQ(0, mctp_peer_start(pcc));
	EXPECT_EQ(0, mctp_echo(pcc, MCTP_MSG_MAX));
	ASSERT_EQ(0, plat_counters(pcc, &c));
	EXPECT_EQ(0, c.bad_messages);
	EXPECT_EQ(0, plat_forgive(pcc));
	check_log(pcc);
}

TEST_HARNESS_MAIN
