/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kselftest_harness.h with a limit that is never reached: guard.c ends a test
 * before it. Set-ups and comparisons of all tests
 * Copyright (C) 2026 The mctp-pcc authors
 */
#ifndef PCC_HARNESS_H
#define PCC_HARNESS_H

#include "pcc.h"
#include "kselftest_harness.h"

#undef TEST_TIMEOUT_DEFAULT
#define TEST_TIMEOUT_DEFAULT	(2 * PCC_LONG_S)

/* The one test of this process, for EXPECT_*() and the like in functions */
static struct __test_metadata *_metadata __maybe_unused;

static inline void test_begin(struct __test_metadata *test)
{
	_metadata = test;
}

/* In place of FIXTURE_SETUP(). A teardown has nothing to do, see guard.c. */
#define SETUP(type)							\
	static void							\
	type##_begin(struct _test_data_##type *self,			\
		     const struct _fixture_variant_##type *variant);	\
	FIXTURE_TEARDOWN(type) { }					\
	FIXTURE_SETUP(type)						\
	{								\
		test_begin(_metadata);					\
		type##_begin(self, variant);				\
	}								\
	static void							\
	type##_begin(struct _test_data_##type *self,			\
		     __maybe_unused					\
		     const struct _fixture_variant_##type *variant)

/*
 * A fixture with one member, and the call that sets it up. FIXTURE_VARIANT()
 * comes before it. The last line is for the semicolon.
 */
#define FIXTURE_OF(type, member, setup)					\
	FIXTURE(type) { member; };					\
	SETUP(type)							\
	{								\
		setup;							\
	}								\
	struct pcc

#define ASSERT_PLAT(...)	ASSERT_EQ(0, plat_cmd(__VA_ARGS__))

#define FIXTURE_LINK(type, setup) FIXTURE_OF(type, struct pcc pcc, setup)

/* Skips the test for that reason, if there is one */
static inline bool setup_found(const char *why)
{
	if (why)
		SKIP(return false, "%s", why);
	return true;
}

/* A link, if one was found: up at @mtu (0: the largest) */
static inline bool setup_up(struct pcc *pcc, const char *why, unsigned int mtu)
{
	int rc;

	if (!setup_found(why))
		return false;
	rc = pcc_up(pcc, mtu);
	if (rc == -ECONNREFUSED)
		SKIP(return false, "the controller refuses Set Endpoint ID");
	ASSERT_EQ(0, rc);
	return true;
}

static inline bool setup_link(struct pcc *pcc, unsigned int nth,
			      unsigned int mtu)
{
	return setup_up(pcc, pcc_get(pcc, nth, PCC_NEED_PLATFORM), mtu);
}

/* Up at the smallest MTU, the link is that of a controller that answers */
static inline void check_talks(struct pcc *pcc)
{
	if (setup_up(pcc, NULL, MCTP_MTU_MIN))
		EXPECT_EQ(pcc->peer_eid, mctp_get_eid(pcc));
}

static inline void send_many(struct pcc *pcc, unsigned int n)
{
	for (; n; n--)
		ASSERT_EQ(0, pkt_send_load(pcc->fd, pcc, MCTP_MTU_MIN,
					   pcc->sent++));
}

/* A socket and a qdisc that take many packets and keep them */
static inline void queue_many(struct pcc *pcc)
{
	ASSERT_EQ(0, nl_qdisc_set(pcc->link.ifindex, "pfifo_fast"));
	close(pcc->fd);
	pcc->fd = pkt_socket(64 << 20);
	ASSERT_LE(0, pcc->fd);
}

#define TX_TIMEOUT_MS	700	/* the driver waits longer for a transfer */

/*
 * The platform has had a transfer since @start, and @end completes it. Sends a
 * second, which must not be written over it for @us. False: the host was slow.
 */
static inline bool send_behind(const struct pcc *pcc, long long start,
			       unsigned int us, const char *end)
{
	struct pcc_counters first, c;
	bool in_time;

	ASSERT_EQ(0, plat_counters(pcc, &first));
	ASSERT_EQ(0, pkt_send_load(pcc->fd, pcc, 60, 99));
	usleep(us);
	ASSERT_EQ(0, plat_counters(pcc, &c));
	ASSERT_PLAT(pcc, "%s", end);
	in_time = now_ms() - start < TX_TIMEOUT_MS;
	if (in_time) {
		EXPECT_EQ(first.in_packets, c.in_packets);
		EXPECT_EQ(first.ignored, c.ignored);
		EXPECT_EQ(first.busy, c.busy);
		EXPECT_EQ(0, c.violations);
	}
	return in_time;
}

#define ANY	(~0ULL)		/* as many as the platform says */

/* Packets that have to be counted since pcc_up(), neither fewer nor more */
struct counted {
	unsigned long long tx, tx_errors, tx_dropped;
	unsigned long long taken;	/* by the platform */
	unsigned long long messages;	/* of these; 0: any number */
	unsigned long long rx;
};

static inline void check_count(const struct pcc *pcc, struct counted want)
{
	struct count c = { 0 };

	EXPECT_TRUE(count_wait(pcc, &c, want.tx + want.tx_errors +
			       want.tx_dropped));
	EXPECT_EQ(want.tx, c.tx);
	EXPECT_EQ(want.tx_errors, c.tx_errors);
	EXPECT_EQ(want.tx_dropped, c.tx_dropped);
	EXPECT_EQ(want.taken, c.plat.in_packets);
	if (want.messages)
		EXPECT_EQ(want.messages, c.plat.in_messages);
	EXPECT_EQ(want.rx == ANY ? c.plat.out_packets : want.rx, c.rx);
	EXPECT_EQ(c.rx, c.plat.out_acked);
	EXPECT_EQ(0, c.rx_errors);
	EXPECT_EQ(0, c.rx_dropped);
	EXPECT_EQ(0, c.plat.bad_messages);
	EXPECT_EQ(0, c.plat.violations);
}

/* With fields of struct counted: check_counted_now(pcc, .tx = 1, .taken = 1) */
#define check_counted_now(pcc, ...)					\
	check_count(pcc, (struct counted) { __VA_ARGS__ })

static inline const struct pcc *idle(const struct pcc *pcc)
{
	EXPECT_EQ(0, pkt_wait_sent(pcc->fd));
	ASSERT_EQ(0, plat_quiesce(pcc));
	return pcc;
}

/* Once nothing is on its way */
#define check_counted(pcc, ...)	check_counted_now(idle(pcc), __VA_ARGS__)

/* The platform sends one packet of @len, which an AF_MCTP socket gets whole */
static inline void check_inbound(const struct pcc *pcc, size_t len, __u32 seed)
{
	size_t header = MCTP_HDR_LEN + 1;
	__u8 packet[8192], body[8192];
	struct sockaddr_mctp from;
	int fd;

	fd = mctp_bind(pcc, MCTP_TYPE_VENDOR_IANA);
	ASSERT_LE(0, fd);
	pkt_load_in(pcc, packet, len, seed);
	ASSERT_EQ(0, plat_post(pcc, packet, len, NULL));
	ASSERT_EQ(len - header,
		  mctp_recv(fd, &from, body, sizeof(body), PCC_WAIT_MS));
	EXPECT_EQ(0, memcmp(packet + header, body, len - header));
	EXPECT_EQ(pcc->peer_eid, from.smctp_addr.s_addr);
	EXPECT_EQ(MCTP_TYPE_VENDOR_IANA, from.smctp_type);
	EXPECT_EQ(MCTP_TO | seed, from.smctp_tag);
	close(fd);
}

/* Nothing that the platform has to complain of */
static inline void check_sound(const struct pcc *pcc)
{
	struct pcc_counters c;

	ASSERT_EQ(0, plat_counters(pcc, &c));
	EXPECT_EQ(0, c.bad_messages);
	EXPECT_EQ(0, c.violations);
}

static inline void check_log(const struct pcc *pcc)
{
	char line[256];

	EXPECT_EQ(0, kmsg_splats(pcc->kmsg, line, sizeof(line)))
		TH_LOG("logged: %s", line);
}

#endif /* PCC_HARNESS_H */
