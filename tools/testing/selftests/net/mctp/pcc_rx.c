// SPDX-License-Identifier: GPL-2.0
/*
 * Inbound messages: malformed ones, the smallest and the largest, interrupts
 * without one, and random headers
 * Copyright (C) 2026 The mctp-pcc authors
 *
 * PCC_FUZZ_COUNT: random messages, default 20,000; PCC_FUZZ_SEED: their seed;
 * PCC_STRESS=1: also as many interrupts as make the kernel disable the line
 */
#include "lib/harness.h"

#define SPURIOUS	1000
#define FUZZ_COUNT	20000
#define SPURIOUS_LOTS	10000	/* the kernel is silent about so many */
#define SPURIOUS_MANY	150000	/* of 100,000 it disables the line */
#define SPURIOUS_TRIES	8	/* a pause of 100 ms makes it count anew */
#define PCC_HDR_LEN	16	/* ACPI 14.1.6: of shared memory of type 3, 4 */
#define PCC_CMD_LEN	4	/* the length field counts the command word */

FIXTURE_VARIANT(malformed)
{
	const char *options;
	bool foreign;		/* the command is wrong, not the length */
};

FIXTURE_LINK(malformed, setup_link(&self->pcc, 0, MCTP_MTU_MIN));

FIXTURE_VARIANT_ADD(malformed, command_zero) { "command=0", true };
FIXTURE_VARIANT_ADD(malformed, command_one_bit_off)
	{ "command=0x5054434c", true };
FIXTURE_VARIANT_ADD(malformed, command_swapped) { "command=0x4d435450", true };
FIXTURE_VARIANT_ADD(malformed, length_0) { "length=0", false };
FIXTURE_VARIANT_ADD(malformed, length_3) { "length=3", false };
FIXTURE_VARIANT_ADD(malformed, length_4) { "length=4", false };
FIXTURE_VARIANT_ADD(malformed, length_7) { "length=7", false };
FIXTURE_VARIANT_ADD(malformed, length_all_ones) { "length=0xffffffff", false };
FIXTURE_VARIANT_ADD(malformed, length_sign_bit) { "length=0x80000008", false };

/* Dropped, counted once, acknowledged, and the next packet comes through */
static void check_refused(const struct pcc *pcc, const char *options,
			  bool foreign)
{
	struct count c;

	ASSERT_EQ(0, pkt_post(pcc, MCTP_MTU_MIN, 0, options));
	ASSERT_EQ(0, plat_quiesce(pcc));
	ASSERT_EQ(0, count_since(pcc, &c));
	EXPECT_EQ(0, c.rx);
	EXPECT_EQ(0, c.rx_bytes);
	EXPECT_EQ(!foreign, c.rx_errors);
	EXPECT_EQ(!foreign, c.rx_length);
	EXPECT_EQ(foreign, c.rx_dropped);

	ASSERT_EQ(0, pkt_post(pcc, MCTP_MTU_MIN, 0, NULL));
	ASSERT_EQ(0, plat_quiesce(pcc));
	ASSERT_EQ(0, count_since(pcc, &c));
	EXPECT_EQ(1, c.rx);
	EXPECT_EQ(!foreign, c.rx_errors);
	EXPECT_EQ(foreign, c.rx_dropped);
	EXPECT_EQ(0, mctp_echo(pcc, 1000));
}

TEST_F(malformed, refused)
{
	check_refused(&self->pcc, variant->options, variant->foreign);
}

FIXTURE_VARIANT(limits) { unsigned int nth; };

FIXTURE_LINK(limits, setup_link(&self->pcc, variant->nth, MCTP_MTU_MIN));

FIXTURE_VARIANT_ADD(limits, first) { .nth = 0 };
FIXTURE_VARIANT_ADD(limits, second) { .nth = 1 };
FIXTURE_VARIANT_ADD(limits, third) { .nth = 2 };

/* The largest packet that the inbox has room for */
static size_t largest(const struct pcc *pcc)
{
	size_t size = pcc_inbox_size(pcc);

	ASSERT_LT(MCTP_MTU_MIN, size);
	return size - PCC_HDR_LEN;
}

static void check_taken(const struct pcc *pcc, size_t len)
{
	struct count c;

	check_counted(pcc, .rx = 1);
	ASSERT_EQ(0, count_since(pcc, &c));
	EXPECT_EQ(len, c.rx_bytes);
}

/* The MTU limits what is sent, the buffer what is received */
TEST_F(limits, largest)
{
	size_t len = largest(&self->pcc);

	check_inbound(&self->pcc, len, 0);
	check_taken(&self->pcc, len);
}

TEST_F(limits, one_more)
{
	char options[32];

	snprintf(options, sizeof(options), "length=%zu",
		 largest(&self->pcc) + PCC_CMD_LEN + 1);
	check_refused(&self->pcc, options, false);
}

/* AF_MCTP refuses a header without payload, not the driver */
TEST_F(limits, smallest)
{
	__u8 packet[MCTP_MTU_MIN];

	pkt_load_in(&self->pcc, packet, sizeof(packet), 0);
	ASSERT_EQ(0, plat_post(&self->pcc, packet, MCTP_HDR_LEN, NULL));
	check_taken(&self->pcc, MCTP_HDR_LEN);
	EXPECT_EQ(0, mctp_echo(&self->pcc, 1000));
}

/* Not every platform fills the signature in, so it is not looked at */
TEST_F(limits, wrong_signature)
{
	ASSERT_EQ(0, pkt_post(&self->pcc, MCTP_MTU_MIN, 0, "signature=0"));
	check_taken(&self->pcc, MCTP_MTU_MIN);
}

/* Nothing is received, sent or recovered for it */
static void check_untouched(const struct pcc *pcc)
{
	struct rtnl_link_stats64 after;

	ASSERT_EQ(0, nl_link_stats(pcc->link.ifindex, &after));
	EXPECT_EQ(0, memcmp(&pcc->start.stats, &after, sizeof(after)));
}

TEST_F(limits, spurious_inbox)
{
	ASSERT_PLAT(&self->pcc, "irq box=inbox count=%u", SPURIOUS);
	ASSERT_EQ(0, plat_quiesce(&self->pcc));
	check_untouched(&self->pcc);
	EXPECT_EQ(0, mctp_echo(&self->pcc, 1000));
}

TEST_F(limits, spurious_outbox)
{
	ASSERT_PLAT(&self->pcc, "irq box=outbox count=%u", SPURIOUS);
	usleep(20000);
	check_untouched(&self->pcc);
	EXPECT_EQ(0, mctp_echo(&self->pcc, 1000));
}

/* Buffers of different sizes, and where the most fits between the limits */
FIXTURE_VARIANT(fuzz)
{
	unsigned int nth;
	unsigned int share;	/* of the messages, in percent */
};

FIXTURE_LINK(fuzz, setup_up(&self->pcc, pcc_get(&self->pcc, variant->nth,
						PCC_NEED_LAB), MCTP_MTU_MIN));

FIXTURE_VARIANT_ADD(fuzz, first) { .nth = 0, .share = 20 };
FIXTURE_VARIANT_ADD(fuzz, second) { .nth = 1, .share = 20 };
FIXTURE_VARIANT_ADD(fuzz, third) { .nth = 2, .share = 60 };

/* Waits as long as there is progress */
static void wait_fuzzed(const struct pcc *pcc, int fd)
{
	static __u8 message[65536];
	struct sockaddr_mctp from;
	unsigned long long last = 0;
	long long since = now_ms();
	struct pcc_counters c;

	do {
		while (mctp_recv(fd, &from, message, sizeof(message), 0) >= 0)
			;
		usleep(20000);
		ASSERT_EQ(0, plat_counters(pcc, &c));
		if (c.out_acked != last)
			since = now_ms();
		last = c.out_acked;
		ASSERT_GT(PCC_WAIT_MS, now_ms() - since)
			TH_LOG("stuck after message %llu", c.out_packets);
	} while (c.out_pending);
}

static void check_fuzzed(const struct pcc *pcc, unsigned long count)
{
	struct count c;

	ASSERT_EQ(0, plat_quiesce(pcc));
	ASSERT_EQ(0, count_since(pcc, &c));
	EXPECT_EQ(c.plat.fuzz_valid, c.rx);
	EXPECT_EQ(c.plat.fuzz_malformed_length, c.rx_length);
	EXPECT_EQ(c.plat.fuzz_malformed_length, c.rx_errors);
	EXPECT_EQ(c.plat.fuzz_malformed_command, c.rx_dropped);
	EXPECT_EQ(count, c.rx + c.rx_errors + c.rx_dropped);
	/* random bytes must never come back to the other side */
	EXPECT_EQ(0, c.tx);
	EXPECT_EQ(0, c.plat.in_packets);
	EXPECT_EQ(0, c.plat.violations);
	printf("# received %llu, wrong length %llu, wrong command %llu\n",
	       c.rx, c.rx_length, c.rx_dropped);
}

TEST_F(fuzz, headers)
{
	unsigned long count = from_env("PCC_FUZZ_COUNT", FUZZ_COUNT);
	unsigned long seed = from_env("PCC_FUZZ_SEED", now_ms() ^ getpid());
	/* so that messages of this type get as far as a socket */
	int fd = mctp_bind(&self->pcc, MCTP_TYPE_VENDOR_IANA);

	ASSERT_LE(0, fd);
	guard_time(PCC_LONG_S);
	count = count * variant->share / 100;
	seed &= 0xffffffff;
	printf("# seed %lu, count %lu\n", seed, count);
	ASSERT_PLAT(&self->pcc, "fuzz seed=%lu count=%lu", seed, count);
	wait_fuzzed(&self->pcc, fd);
	check_fuzzed(&self->pcc, count);
	EXPECT_EQ(0, mctp_echo(&self->pcc, 1000));
}

FIXTURE_VARIANT(spurious) { const char *box; };

FIXTURE_LINK(spurious, setup_link(&self->pcc, 1, MCTP_MTU_MIN));

FIXTURE_VARIANT_ADD(spurious, inbox) { .box = "inbox" };
FIXTURE_VARIANT_ADD(spurious, outbox) { .box = "outbox" };

TEST_F(spurious, thousands)
{
	ASSERT_PLAT(&self->pcc, "irq box=%s count=%u", variant->box,
		    SPURIOUS_LOTS);
	check_untouched(&self->pcc);
	check_log(&self->pcc);
	EXPECT_EQ(0, mctp_echo(&self->pcc, 1000));
}

static void disable_line(const struct pcc *pcc, const char *box)
{
	bool disabled = false;
	unsigned int i;

	/* for who judges the log */
	printf("# expected in the kernel's log: nobody cared\n");
	for (i = 0; i < SPURIOUS_TRIES && !disabled; i++) {
		ASSERT_PLAT(pcc, "irq box=%s count=%u", box, SPURIOUS_MANY);
		disabled = kmsg_has(pcc->kmsg, "nobody cared");
	}
	ASSERT_TRUE(disabled);
}

/*
 * The kernel disables the line. The driver misses an interrupt and requests the
 * channel anew, which enables it: one packet is in doubt if it is the outbox.
 */
TEST_F(spurious, line_disabled)
{
	const struct rtnl_link_stats64 *before = &self->pcc.start.stats;
	unsigned int doubt = !strcmp(variant->box, "outbox");
	struct rtnl_link_stats64 after, last;

	if (!from_env("PCC_STRESS", 0))
		SKIP(return, "only with PCC_STRESS=1");
	guard_time(PCC_LONG_S);
	disable_line(&self->pcc, variant->box);
	check_untouched(&self->pcc);
	EXPECT_EQ(0, mctp_echo(&self->pcc, 1000));
	ASSERT_EQ(0, nl_link_stats(self->pcc.link.ifindex, &after));
	EXPECT_EQ(doubt, after.tx_errors - before->tx_errors);

	/* the line works again: nothing more to recover */
	EXPECT_EQ(0, mctp_echo(&self->pcc, 60000));
	ASSERT_EQ(0, nl_link_stats(self->pcc.link.ifindex, &last));
	EXPECT_EQ(after.tx_errors, last.tx_errors);
}

TEST_HARNESS_MAIN
