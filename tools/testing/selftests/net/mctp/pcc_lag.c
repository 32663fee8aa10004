// SPDX-License-Identifier: GPL-2.0
/*
 * An inbox that still looks full when its packet was acknowledged: the check
 * register follows the update register late, or the platform sets command
 * complete itself. Each packet is received once all the same, and none is lost
 * for a lost interrupt; for tables "quirks" of the scripted platform
 * Copyright (C) 2026 The mctp-pcc authors
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "lib/harness.h"

#define MANY_MAX	256
#define LEN		MCTP_MTU_MIN
#define SEED_AT		10	/* header, type, enterprise, form */
#define QUIET_MS	150000	/* all lost interrupts recovered */
#define EQUAL_SEED	7
#define MEANWHILE	40
#define AT_LAST		3

/* What came in, by the seed that the platform made it of */
struct received {
	unsigned int times[MANY_MAX];
	unsigned int all, wrong, disorder;
};

FIXTURE(lag)
{
	struct pcc pcc;
	int listener;
};

FIXTURE_VARIANT(lag)
{
	const char *quirk;
	unsigned int us, every;		/* one acknowledgment of so many */
	unsigned int lose;		/* one interrupt of so many; 0: none */
	unsigned int packets;
};

FIXTURE_VARIANT_ADD(lag, own_0) {
	.quirk = "update=own", .every = 1, .packets = 200,
};

FIXTURE_VARIANT_ADD(lag, own_50ms) {
	.quirk = "update=own", .us = 50000, .every = 1, .packets = 60,
};

FIXTURE_VARIANT_ADD(lag, own_200ms) {
	.quirk = "update=own", .us = 200000, .every = 1, .packets = 20,
};

FIXTURE_VARIANT_ADD(lag, own_3s) {
	.quirk = "update=own", .us = 3000000, .every = 20, .packets = 60,
};

FIXTURE_VARIANT_ADD(lag, own_5ms_lost) {
	.quirk = "update=own", .us = 5000, .every = 1, .lose = 20,
	.packets = 60,
};

FIXTURE_VARIANT_ADD(lag, own_50ms_lost) {
	.quirk = "update=own", .us = 50000, .every = 1, .lose = 20,
	.packets = 60,
};

FIXTURE_VARIANT_ADD(lag, own_3s_lost) {
	.quirk = "update=own", .us = 3000000, .every = 20, .lose = 20,
	.packets = 60,
};

FIXTURE_VARIANT_ADD(lag, none_0) {
	.quirk = "update=none", .every = 1, .packets = 200,
};

FIXTURE_VARIANT_ADD(lag, none_20ms) {
	.quirk = "update=none", .us = 20000, .every = 1, .packets = 60,
};

FIXTURE_VARIANT_ADD(lag, none_200ms) {
	.quirk = "update=none", .us = 200000, .every = 1, .packets = 20,
};

FIXTURE_VARIANT_ADD(lag, none_20ms_lost) {
	.quirk = "update=none", .us = 20000, .every = 1, .lose = 20,
	.packets = 60,
};

/* Returns why the test must be skipped, or NULL */
static const char *start(struct __test_metadata *_metadata, struct pcc *pcc,
			 int *listener, const char *quirk)
{
	const char *why = pcc_get_quirk(pcc, quirk);

	*listener = -1;
	if (why)
		return why;
	EXPECT_EQ(0, pcc_up(pcc, LEN));
	*listener = pkt_listen(pcc);
	EXPECT_LE(0, *listener);
	return NULL;
}

FIXTURE_SETUP(lag)
{
	const char *why = start(_metadata, &self->pcc, &self->listener,
				variant->quirk);

	if (why)
		SKIP(return, "%s", why);
	ASSERT_EQ(0, plat_cmd("lag %u us=%u every=%u", self->pcc.number,
			      variant->us, variant->every));
	ASSERT_EQ(0, plat_cmd("lose-irq %u every=%u", self->pcc.number,
			      variant->lose));
}

FIXTURE_TEARDOWN(lag)
{
	close(self->listener);
	pcc_put(&self->pcc);
}

/* All that the listener has of the platform's, and only whole packets of it */
static void receive(const struct pcc *pcc, int listener, struct received *r)
{
	__u8 packet[LEN + 1], want[LEN];
	__u32 seed, last = 0;
	ssize_t len;

	memset(r, 0, sizeof(*r));
	while ((len = recv(listener, packet, sizeof(packet),
			   MSG_DONTWAIT)) > 0 || errno == ENETDOWN) {
		/* told once when the link went down */
		if (len < 0 || packet[1] != pcc->eid)
			continue;
		r->all++;
		seed = len == LEN ? packet[SEED_AT] : MANY_MAX;
		if (seed < MANY_MAX)
			pkt_load_in(pcc, want, LEN, seed);
		if (seed == MANY_MAX || memcmp(want, packet, LEN)) {
			r->wrong++;
			continue;
		}
		r->times[seed]++;
		r->disorder += seed < last;
		last = seed;
	}
}

/* The driver, its counters and the platform agree on what came in */
static void check_counts(struct __test_metadata *_metadata,
			 const struct pcc *pcc, const struct received *r)
{
	const struct rtnl_link_stats64 *before = &pcc->start.stats;
	struct rtnl_link_stats64 after;
	struct pcc_counters c;

	ASSERT_EQ(0, nl_link_stats(pcc->link.ifindex, &after));
	EXPECT_EQ(r->all, after.rx_packets - before->rx_packets);
	EXPECT_EQ(r->all * LEN, after.rx_bytes - before->rx_bytes);
	EXPECT_EQ(before->rx_errors, after.rx_errors);
	EXPECT_EQ(before->rx_dropped, after.rx_dropped);
	EXPECT_EQ(0, r->wrong);
	ASSERT_EQ(0, plat_counters(pcc, &c));
	EXPECT_EQ(0, c.violations);
	EXPECT_EQ(0, mctp_echo(pcc, 1000));
}

static void post_many(struct __test_metadata *_metadata,
		      const struct pcc *pcc, unsigned int packets)
{
	long long start = now_ms();

	ASSERT_EQ(0, plat_cmd("flood %u count=%u", pcc->number, packets));
	EXPECT_EQ(0, plat_quiesce_slow(pcc, QUIET_MS));
	printf("# %u packets in %lld ms\n", packets, now_ms() - start);
}

TEST_F(lag, once)
{
	unsigned int i, missing = 0, repeated = 0;
	struct pcc_counters c;
	struct received r;

	post_many(_metadata, &self->pcc, variant->packets);
	ASSERT_EQ(0, plat_counters(&self->pcc, &c));
	EXPECT_EQ(variant->us ? variant->packets / variant->every : 0,
		  c.lagged);
	EXPECT_EQ(variant->lose ? variant->packets / variant->lose : 0,
		  c.irqs_lost);
	receive(&self->pcc, self->listener, &r);
	for (i = 0; i < variant->packets; i++) {
		missing += !r.times[i];
		repeated += r.times[i] > 1;
	}
	EXPECT_EQ(0, missing);
	EXPECT_EQ(0, repeated);
	EXPECT_EQ(0, r.disorder);
	EXPECT_EQ(variant->packets, r.all);
	check_counts(_metadata, &self->pcc, &r);
}

/* Of equal packets the one whose interrupt is lost looks like the one before */
TEST_F(lag, equal)
{
	unsigned int i, packets = variant->packets / 2;
	struct pcc_counters c;
	struct received r;
	__u8 packet[LEN];

	pkt_load_in(&self->pcc, packet, LEN, EQUAL_SEED);
	for (i = 0; i < packets; i++)
		ASSERT_EQ(0, plat_post(&self->pcc, packet, LEN));
	EXPECT_EQ(0, plat_quiesce_slow(&self->pcc, QUIET_MS));
	ASSERT_EQ(0, plat_counters(&self->pcc, &c));
	receive(&self->pcc, self->listener, &r);
	EXPECT_EQ(r.all, r.times[EQUAL_SEED]);
	EXPECT_GE(packets, r.all);
	EXPECT_LE(packets - c.irqs_lost, r.all);
	check_counts(_metadata, &self->pcc, &r);
}

FIXTURE(full)
{
	struct pcc pcc;
	int listener;
};

FIXTURE_VARIANT(full) { const char *quirk; };

FIXTURE_VARIANT_ADD(full, own) { .quirk = "update=own" };
FIXTURE_VARIANT_ADD(full, none) { .quirk = "update=none" };

FIXTURE_SETUP(full)
{
	const char *why = start(_metadata, &self->pcc, &self->listener,
				variant->quirk);

	if (why)
		SKIP(return, "%s", why);
}

FIXTURE_TEARDOWN(full)
{
	close(self->listener);
	pcc_put(&self->pcc);
}

/*
 * A shared interrupt while the last packet still seems to wait: only the core
 * could tell, which calls back again. Nothing is lost, nothing breaks.
 */
TEST_F(full, interrupt_meanwhile)
{
	unsigned int i, missing = 0, more = 0;
	struct received r;

	ASSERT_EQ(0, plat_cmd("lag %u us=50000 irq=1", self->pcc.number));
	post_many(_metadata, &self->pcc, MEANWHILE);
	receive(&self->pcc, self->listener, &r);
	for (i = 0; i < MEANWHILE; i++) {
		missing += !r.times[i];
		more += r.times[i] > 2;
	}
	EXPECT_EQ(0, missing);
	EXPECT_EQ(0, more);
	ASSERT_EQ(0, plat_cmd("lag %u us=0", self->pcc.number));
	check_counts(_metadata, &self->pcc, &r);
}

/* Down and up while the last packet still seems to wait: not read again */
TEST_F(full, reopened)
{
	const struct pcc *pcc = &self->pcc;
	struct received r;
	__u8 packet[LEN];

	ASSERT_EQ(0, plat_cmd("lag %u us=3000000", pcc->number));
	pkt_load_in(pcc, packet, LEN, EQUAL_SEED);
	ASSERT_EQ(0, plat_post(pcc, packet, LEN));
	sleep_us(200000);
	ASSERT_EQ(0, nl_link_up(pcc->link.ifindex, false));
	ASSERT_EQ(0, nl_link_up(pcc->link.ifindex, true));
	EXPECT_EQ(0, plat_quiesce(pcc));
	receive(pcc, self->listener, &r);
	EXPECT_EQ(1, r.times[EQUAL_SEED]);
	EXPECT_EQ(1, r.all);
	ASSERT_EQ(0, plat_cmd("lag %u us=0", pcc->number));
	EXPECT_EQ(0, mctp_echo(pcc, 1000));
}

/* The same for a driver that never saw it; its request acknowledges it */
TEST_F(full, bound_again)
{
	char driver[64], device[64];
	struct pcc *pcc = &self->pcc;
	struct received r;
	__u8 packet[LEN];

	ASSERT_EQ(0, ethtool_driver(pcc->link.name, driver, device,
				    sizeof(device)));
	ASSERT_EQ(0, plat_cmd("lag %u us=3000000", pcc->number));
	pkt_load_in(pcc, packet, LEN, EQUAL_SEED);
	ASSERT_EQ(0, plat_post(pcc, packet, LEN));
	sleep_us(200000);
	close(self->listener);
	ASSERT_EQ(0, pcc_bind(device, false));
	ASSERT_EQ(0, pcc_bind(device, true));
	ASSERT_EQ(0, pcc_link_wait(pcc->link.name, &pcc->link));
	ASSERT_EQ(0, nl_link_up(pcc->link.ifindex, true));
	self->listener = pkt_listen(pcc);
	ASSERT_LE(0, self->listener);
	EXPECT_EQ(0, plat_quiesce(pcc));
	receive(pcc, self->listener, &r);
	EXPECT_EQ(0, r.all);
	ASSERT_EQ(0, plat_cmd("lag %u us=0", pcc->number));
	EXPECT_EQ(0, mctp_peer_start(pcc));
	EXPECT_EQ(0, mctp_echo(pcc, 1000));
}

/* Read without an interrupt, and the interrupt comes at last: still once */
TEST_F(full, interrupt_at_last)
{
	unsigned int number = self->pcc.number, i;
	struct received r;

	ASSERT_EQ(0, plat_cmd("lag %u us=1000000 irq=1", number));
	ASSERT_EQ(0, plat_cmd("lose-irq %u every=1", number));
	post_many(_metadata, &self->pcc, AT_LAST);
	receive(&self->pcc, self->listener, &r);
	for (i = 0; i < AT_LAST; i++)
		EXPECT_EQ(1, r.times[i]);
	ASSERT_EQ(0, plat_cmd("lag %u us=0", number));
	ASSERT_EQ(0, plat_cmd("lose-irq %u every=0", number));
	check_counts(_metadata, &self->pcc, &r);
}

FIXTURE(outbox)
{
	struct pcc pcc;
	int fd;
};

FIXTURE_SETUP(outbox)
{
	const char *why = pcc_get_quirk(&self->pcc, "update=own");

	self->fd = -1;
	if (why)
		SKIP(return, "%s", why);
	ASSERT_EQ(0, pcc_up(&self->pcc, LEN));
	self->fd = pkt_socket(0);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(outbox)
{
	close(self->fd);
	pcc_put(&self->pcc);
}

/*
 * The outbox seems to be the OS's while it is not: nothing may be written over
 * what the platform has
 */
TEST_F(outbox, seems_free)
{
	const struct rtnl_link_stats64 *before = &self->pcc.start.stats;
	unsigned int number = self->pcc.number, i;
	struct rtnl_link_stats64 after;
	struct pcc_counters c;

	ASSERT_EQ(0, plat_cmd("lag %u box=outbox us=5000000", number));
	ASSERT_EQ(0, plat_cmd("completion %u mode=delay us=600000 count=5",
			      number));
	for (i = 0; i < 10; i++)
		ASSERT_EQ(0, pkt_send_load(self->fd, &self->pcc, LEN, i));
	EXPECT_EQ(0, pkt_wait_sent(self->fd));
	EXPECT_EQ(0, plat_quiesce(&self->pcc));
	ASSERT_EQ(0, plat_counters(&self->pcc, &c));
	EXPECT_EQ(10, c.in_packets);
	EXPECT_EQ(0, c.violations);
	EXPECT_EQ(0, c.bad_messages);
	ASSERT_EQ(0, nl_link_stats(self->pcc.link.ifindex, &after));
	EXPECT_EQ(10, after.tx_packets - before->tx_packets);
	EXPECT_EQ(before->tx_errors, after.tx_errors);
	EXPECT_EQ(before->tx_dropped, after.tx_dropped);
	EXPECT_EQ(0, mctp_echo(&self->pcc, 1000));
}

TEST_HARNESS_MAIN
