// SPDX-License-Identifier: GPL-2.0
/*
 * What may come out of an inbox: malformed messages are dropped and counted,
 * the smallest and the largest are taken, interrupts for nothing do nothing
 * Copyright (C) 2026 The mctp-pcc authors
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/harness.h"

#define SPURIOUS	1000
#define PCC_HDR_LEN	16	/* ACPI 14.1.6: of shared memory of type 3, 4 */
#define PCC_CMD_LEN	4	/* the length field counts the command word */

struct rx {
	unsigned long long packets, bytes;
	unsigned long long errors, length, dropped;
};

static int rx_read(const struct pcc *pcc, struct rx *rx)
{
	struct rtnl_link_stats64 stats;
	int rc;

	/* the platform sees the acknowledge after the driver has counted */
	rc = plat_quiesce(pcc);
	if (!rc)
		rc = nl_link_stats(pcc->link.ifindex, &stats);
	rx->packets = stats.rx_packets;
	rx->bytes = stats.rx_bytes;
	rx->errors = stats.rx_errors;
	rx->length = stats.rx_length_errors;
	rx->dropped = stats.rx_dropped;
	return rc;
}

static void good_packet(const struct pcc *pcc, __u8 *packet, size_t len)
{
	pkt_load_in(pcc, packet, len, 0);
}

FIXTURE(malformed)
{
	struct pcc pcc;
	struct rx before;
};

FIXTURE_VARIANT(malformed)
{
	const char *options;
	bool foreign;		/* the command is wrong, not the length */
};

FIXTURE_VARIANT_ADD(malformed, command_zero) {
	.options = "command=0", .foreign = true,
};

FIXTURE_VARIANT_ADD(malformed, command_one_bit_off) {
	.options = "command=0x5054434c", .foreign = true,
};

FIXTURE_VARIANT_ADD(malformed, command_swapped) {
	.options = "command=0x4d435450", .foreign = true,
};

FIXTURE_VARIANT_ADD(malformed, length_0) { .options = "length=0" };
FIXTURE_VARIANT_ADD(malformed, length_3) { .options = "length=3" };
/* The command and no packet */
FIXTURE_VARIANT_ADD(malformed, length_4) { .options = "length=4" };
/* One byte less than a packet's header */
FIXTURE_VARIANT_ADD(malformed, length_7) { .options = "length=7" };
FIXTURE_VARIANT_ADD(malformed, length_all_ones) {
	.options = "length=0xffffffff",
};

FIXTURE_VARIANT_ADD(malformed, length_sign_bit) {
	.options = "length=0x80000008",
};

FIXTURE_SETUP(malformed)
{
	const char *why;

	why = pcc_get(&self->pcc, 0, PCC_NEED_PLATFORM);
	if (why)
		SKIP(return, "%s", why);
	ASSERT_EQ(0, pcc_up(&self->pcc, MCTP_MTU_MIN));
	ASSERT_EQ(0, rx_read(&self->pcc, &self->before));
}

FIXTURE_TEARDOWN(malformed)
{
	pcc_put(&self->pcc);
}

/* Dropped, counted once, acknowledged, and the next packet comes through */
static void check_refused(struct __test_metadata *_metadata,
			  const struct pcc *pcc, const struct rx *before,
			  const char *options, bool foreign)
{
	struct rx after, next;
	__u8 packet[MCTP_MTU_MIN];

	good_packet(pcc, packet, sizeof(packet));
	ASSERT_EQ(0, plat_post_raw(pcc, packet, sizeof(packet), options));
	ASSERT_EQ(0, rx_read(pcc, &after));
	EXPECT_EQ(before->packets, after.packets);
	EXPECT_EQ(before->bytes, after.bytes);
	EXPECT_EQ(before->errors + !foreign, after.errors);
	EXPECT_EQ(before->length + !foreign, after.length);
	EXPECT_EQ(before->dropped + foreign, after.dropped);

	ASSERT_EQ(0, plat_post(pcc, packet, sizeof(packet)));
	ASSERT_EQ(0, rx_read(pcc, &next));
	EXPECT_EQ(after.packets + 1, next.packets);
	EXPECT_EQ(after.errors, next.errors);
	EXPECT_EQ(after.dropped, next.dropped);
	EXPECT_EQ(0, mctp_echo(pcc, 1000));
}

TEST_F(malformed, refused)
{
	check_refused(_metadata, &self->pcc, &self->before, variant->options,
		      variant->foreign);
}

FIXTURE(limits)
{
	struct pcc pcc;
	struct rx before;
	unsigned int size;
};

FIXTURE_VARIANT(limits) { unsigned int nth; };

FIXTURE_VARIANT_ADD(limits, first) { .nth = 0 };
FIXTURE_VARIANT_ADD(limits, second) { .nth = 1 };
FIXTURE_VARIANT_ADD(limits, third) { .nth = 2 };

FIXTURE_SETUP(limits)
{
	const char *why;

	why = pcc_get(&self->pcc, variant->nth, PCC_NEED_PLATFORM);
	if (why)
		SKIP(return, "%s", why);
	ASSERT_EQ(0, pcc_up(&self->pcc, MCTP_MTU_MIN));
	ASSERT_EQ(0, rx_read(&self->pcc, &self->before));
	self->size = pcc_inbox_size(&self->pcc);
	ASSERT_LT(MCTP_MTU_MIN, self->size);
}

FIXTURE_TEARDOWN(limits)
{
	pcc_put(&self->pcc);
}

static void check_taken(struct __test_metadata *_metadata,
			const struct pcc *pcc, const struct rx *before,
			size_t len)
{
	struct rx after;

	ASSERT_EQ(0, rx_read(pcc, &after));
	EXPECT_EQ(before->packets + 1, after.packets);
	EXPECT_EQ(before->bytes + len, after.bytes);
	EXPECT_EQ(before->errors, after.errors);
	EXPECT_EQ(before->dropped, after.dropped);
}

/* The MTU limits what is sent, the buffer what is received */
TEST_F(limits, largest)
{
	size_t len = self->size - PCC_HDR_LEN;
	__u8 packet[8192], body[8192];
	struct sockaddr_mctp from;
	int fd;

	fd = mctp_bind(&self->pcc, MCTP_TYPE_VENDOR_IANA);
	ASSERT_LE(0, fd);
	good_packet(&self->pcc, packet, len);
	ASSERT_EQ(0, plat_post(&self->pcc, packet, len));
	check_taken(_metadata, &self->pcc, &self->before, len);
	ASSERT_EQ(len - MCTP_HDR_LEN - 1,
		  mctp_recv(fd, &from, body, sizeof(body), PCC_WAIT_MS));
	EXPECT_EQ(0, memcmp(packet + MCTP_HDR_LEN + 1, body,
			    len - MCTP_HDR_LEN - 1));
	close(fd);
}

TEST_F(limits, one_more)
{
	char options[32];

	snprintf(options, sizeof(options), "length=%u",
		 self->size - PCC_HDR_LEN + PCC_CMD_LEN + 1);
	check_refused(_metadata, &self->pcc, &self->before, options, false);
}

/* A header without payload is AF_MCTP's to refuse, not the driver's */
TEST_F(limits, smallest)
{
	__u8 packet[MCTP_MTU_MIN];

	good_packet(&self->pcc, packet, sizeof(packet));
	ASSERT_EQ(0, plat_post(&self->pcc, packet, MCTP_HDR_LEN));
	check_taken(_metadata, &self->pcc, &self->before, MCTP_HDR_LEN);
	EXPECT_EQ(0, mctp_echo(&self->pcc, 1000));
}

/* Not every platform fills the signature in, so it is not looked at */
TEST_F(limits, wrong_signature)
{
	__u8 packet[MCTP_MTU_MIN];

	good_packet(&self->pcc, packet, sizeof(packet));
	ASSERT_EQ(0, plat_post_raw(&self->pcc, packet, sizeof(packet),
				   "signature=0"));
	check_taken(_metadata, &self->pcc, &self->before, sizeof(packet));
}

TEST_F(limits, spurious_inbox)
{
	struct rx after;

	ASSERT_EQ(0, plat_cmd("irq %u box=inbox count=%u",
			      self->pcc.number, SPURIOUS));
	ASSERT_EQ(0, rx_read(&self->pcc, &after));
	EXPECT_EQ(0, memcmp(&self->before, &after, sizeof(after)));
	EXPECT_EQ(0, mctp_echo(&self->pcc, 1000));
}

TEST_F(limits, spurious_outbox)
{
	struct rtnl_link_stats64 before, after;

	ASSERT_EQ(0, nl_link_stats(self->pcc.link.ifindex, &before));
	ASSERT_EQ(0, plat_cmd("irq %u box=outbox count=%u",
			      self->pcc.number, SPURIOUS));
	sleep_us(20000);
	ASSERT_EQ(0, nl_link_stats(self->pcc.link.ifindex, &after));
	EXPECT_EQ(0, memcmp(&before, &after, sizeof(after)));
	EXPECT_EQ(0, mctp_echo(&self->pcc, 1000));
}

TEST_HARNESS_MAIN
