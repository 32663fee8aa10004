// SPDX-License-Identifier: GPL-2.0
/*
 * What the specification leaves to the platform, and late completions. All but
 * the latter need the tables "quirks" of the scripted platform.
 * Copyright (C) 2026 The mctp-pcc authors
 */
#include "lib/harness.h"

#define LATE_MANY	100
#define SENT_MAX	2048
#define BODY		40	/* one packet, and so is the answer */
#define ANSWER_LEN	(MCTP_HDR_LEN + 1 + BODY)
#define PACE_US		100000
#define MANY		50
#define PACKET_MAX	65536	/* the most that one packet may have */
#define LOOKS_US	4000000	/* the driver has looked at its registers */
#define ACPI_LINE	"Unsupported register access width"
#define MANY_MAX	256
#define LEN		MCTP_MTU_MIN
#define SEED_AT		10	/* header, type, enterprise, form */
#define QUIET_MS	150000	/* all lost interrupts recovered */
#define EQUAL_SEED	7
#define MEANWHILE	40
#define AT_LAST		3

static bool setup_quirk(struct pcc *pcc, const char *quirk)
{
	return setup_up(pcc, pcc_get_quirk(pcc, quirk), MCTP_MTU_MIN);
}

/* Receives all packets of the link; no @quirk: the first one */
static bool setup_listener(struct pcc *pcc, const char *quirk)
{
	if (!setup_up(pcc, quirk ? pcc_get_quirk(pcc, quirk) :
				   pcc_get(pcc, 0, PCC_NEED_LAB), MCTP_MTU_MIN))
		return false;
	pcc->listener = pkt_listen(pcc);
	ASSERT_LE(0, pcc->listener);
	return true;
}

/*
 * A late completion is not taken for the next packet's: what counts as sent was
 * seen by the platform, which answers each packet.
 */
struct link {
	struct pcc pcc;
	__u8 seen[SENT_MAX];
	unsigned int strange;	/* answers to nothing that was sent */
};

FIXTURE_VARIANT(late)
{
	unsigned int ms;
	bool all_seen;		/* sooner than a second transfer is given up */
};

FIXTURE_OF(late, struct link link, setup_listener(&self->link.pcc, NULL));

FIXTURE_VARIANT_ADD(late, after_1200ms) { .ms = 1200, .all_seen = true };
FIXTURE_VARIANT_ADD(late, after_2s) { .ms = 2000 };
FIXTURE_VARIANT_ADD(late, after_3s) { .ms = 3000 };
/* While a second transfer is in flight, whatever the phase of the driver */
FIXTURE_VARIANT_ADD(late, after_3600ms) { .ms = 3600 };
FIXTURE_VARIANT_ADD(late, after_12s) { .ms = 12000 };

static int send_one(const struct pcc *pcc, __u32 seed)
{
	__u8 packet[ANSWER_LEN];

	pkt_load(pcc, packet, sizeof(packet), seed);
	load_request(packet + MCTP_HDR_LEN + 1, BODY, seed, BODY);
	return pkt_send(pcc->fd, pcc->link.ifindex, packet, sizeof(packet));
}

/* Each answer tells that the platform has seen a packet */
static void take_answers(struct link *link)
{
	__u8 packet[256], want[BODY];
	unsigned int seed;
	ssize_t len;

	while ((len = recv(link->pcc.listener, packet, sizeof(packet),
			   MSG_DONTWAIT)) > 0) {
		if (packet[1] != link->pcc.eid)
			continue;
		for (seed = 0; seed < link->pcc.sent; seed++) {
			load_answer(want, BODY, seed);
			if (len == ANSWER_LEN &&
			    !memcmp(want, packet + MCTP_HDR_LEN + 1, BODY))
				break;
		}
		if (seed < link->pcc.sent)
			link->seen[seed]++;
		else
			link->strange++;
	}
}

static void send_more(struct link *link, unsigned int n)
{
	for (; n; n--) {
		ASSERT_GT(SENT_MAX, link->pcc.sent);
		ASSERT_EQ(0, send_one(&link->pcc, link->pcc.sent++));
		take_answers(link);
	}
}

static void all_counted(struct link *link, unsigned int ms)
{
	long long end = now_ms() + ms;
	struct count sum;

	do {
		usleep(PACE_US);
		take_answers(link);
		ASSERT_EQ(0, count_link(&link->pcc, &sum));
	} while (count_gone(&sum) != link->pcc.sent && now_ms() < end);
	EXPECT_EQ(link->pcc.sent, count_gone(&sum))
		TH_LOG("%llu confirmed, %llu errors, %llu dropped", sum.tx,
		       sum.tx_errors, sum.tx_dropped);
}

static void until_confirmed(struct link *link)
{
	long long start = now_ms();
	struct count from, now;

	ASSERT_EQ(0, count_link(&link->pcc, &from));
	do {
		send_more(link, 1);
		usleep(PACE_US);
		ASSERT_EQ(0, count_link(&link->pcc, &now));
		ASSERT_GT(PCC_WAIT_MS, now_ms() - start);
	} while (now.tx == from.tx);
}

TEST_F(late, not_the_next_ones)
{
	struct link *link = &self->link;
	unsigned int i, seen = 0, twice = 0;
	struct count sum;

	ASSERT_PLAT(&link->pcc, "completion mode=late us=%u000", variant->ms);
	send_more(link, 1);
	ASSERT_EQ(0, plat_wait_busy(&link->pcc));
	/* a doorbell during one of these is a violation */
	ASSERT_PLAT(&link->pcc, "completion mode=delay us=500 count=0");
	send_more(link, LATE_MANY - 1);
	all_counted(link, variant->ms + PCC_WAIT_MS);
	until_confirmed(link);
	send_more(link, LATE_MANY);
	all_counted(link, PCC_WAIT_MS);
	EXPECT_EQ(0, plat_quiesce(&link->pcc));
	usleep(PACE_US);
	take_answers(link);

	for (i = 0; i < link->pcc.sent; i++) {
		seen += !!link->seen[i];
		twice += link->seen[i] > 1;
	}
	ASSERT_EQ(0, count_since(&link->pcc, &sum));
	printf("# %u sent: %llu confirmed, %llu errors, %llu drops; %u seen\n",
	       link->pcc.sent, sum.tx, sum.tx_errors, sum.tx_dropped, seen);
	/* the late one was seen; given up, it does not count as sent */
	EXPECT_EQ(1, link->seen[0]);
	EXPECT_LE(sum.tx, seen - !!sum.tx_errors);
	EXPECT_GE(sum.tx + sum.tx_errors, seen);
	EXPECT_EQ(0, twice);
	EXPECT_EQ(0, link->strange);
	if (variant->all_seen) {
		EXPECT_EQ(link->pcc.sent, seen);
		EXPECT_GE(1, sum.tx_errors);
	}
	EXPECT_EQ(seen, sum.plat.in_packets);
	EXPECT_EQ(0, sum.plat.bad_messages);
	EXPECT_EQ(0, sum.plat.violations);
	EXPECT_EQ(0, plat_agree(&link->pcc));
}

FIXTURE_VARIANT(signature) { const char *quirk; };

FIXTURE_LINK(signature, setup_quirk(&self->pcc, variant->quirk));

FIXTURE_VARIANT_ADD(signature, os) { .quirk = "signature=os" };
FIXTURE_VARIANT_ADD(signature, cleared) { .quirk = "signature=cleared" };
FIXTURE_VARIANT_ADD(signature, other) { .quirk = "signature=other" };

/* All are taken by the platform and confirmed; and both ways works */
static void check_sent(struct pcc *pcc)
{
	struct pcc_counters c;

	ASSERT_EQ(0, count_anew(pcc));
	send_many(pcc, MANY);
	check_counted(pcc, .tx = MANY, .taken = MANY, .messages = MANY);
	ASSERT_EQ(0, plat_counters(pcc, &c));
	EXPECT_EQ(0, c.refused);
	EXPECT_EQ(0, mctp_echo(pcc, 8000));
	check_sound(pcc);
}

TEST_F(signature, all_taken)
{
	check_sent(&self->pcc);
}

TEST_F(signature, reopened)
{
	EXPECT_EQ(0, mctp_echo(&self->pcc, 1000));
	ASSERT_EQ(0, pcc_reopen(&self->pcc));
	check_sent(&self->pcc);
}

/* The driver does not know that the memory is as at power-on */
TEST_F(signature, restarted)
{
	EXPECT_EQ(0, mctp_echo(&self->pcc, 1000));
	ASSERT_EQ(0, plat_quiesce(&self->pcc));
	ASSERT_PLAT(&self->pcc, "restart");
	check_sent(&self->pcc);
}

FIXTURE_VARIANT(layout)
{
	const char *quirk;
	unsigned int max_mtu;
};

FIXTURE_LINK(layout, setup_quirk(&self->pcc, variant->quirk));

FIXTURE_VARIANT_ADD(layout, memory_window) { "crs=window", 8192 };
FIXTURE_VARIANT_ADD(layout, unreadable_register)
	{ "complete=unreadable", 8192 };
/* More than a packet can have: the length of one is all that counts */
FIXTURE_VARIANT_ADD(layout, large_buffers)
	{ "outbox=98320 inbox=98320", PACKET_MAX };

TEST_F(layout, works)
{
	const struct pcc *pcc = &self->pcc;

	EXPECT_EQ(variant->max_mtu, pcc->start.max_mtu);
	check_sent(&self->pcc);
	ASSERT_EQ(0, nl_link_up(pcc->link.ifindex, false));
	ASSERT_EQ(0, nl_link_mtu(pcc->link.ifindex, variant->max_mtu));
	ASSERT_EQ(0, nl_link_up(pcc->link.ifindex, true));
	EXPECT_EQ(0, mctp_echo(pcc, 1000));
	EXPECT_EQ(0, mctp_echo(pcc, 64000));
}

TEST_F(layout, largest_packet)
{
	struct count c;

	ASSERT_PLAT(&self->pcc, "flood count=3 len=%u", variant->max_mtu);
	check_counted(&self->pcc, .rx = 3);
	ASSERT_EQ(0, count_since(&self->pcc, &c));
	EXPECT_EQ(3 * variant->max_mtu, c.rx_bytes);
}

/* Tried once for each register; the driver says so in a line */
TEST(unreadable_is_tried_once)
{
	unsigned int tried = 0, said = 0;
	char prefix[128], line[1024];
	struct pcc pcc;

	test_begin(_metadata);
	if (!setup_found(pcc_get_quirk(&pcc, "complete=unreadable")))
		return;
	ASSERT_EQ(0, pcc_rebind(&pcc));
	EXPECT_EQ(0, pcc_up(&pcc, MCTP_MTU_MIN));
	EXPECT_EQ(0, mctp_echo(&pcc, 8000));
	usleep(LOOKS_US);
	EXPECT_EQ(0, mctp_echo(&pcc, 8000));

	snprintf(prefix, sizeof(prefix), PCC_DRIVER " %s", pcc.device);
	while (kmsg_next(pcc.kmsg, line, sizeof(line))) {
		tried += !!strstr(line, ACPI_LINE);
		said += !strncmp(line, prefix, strlen(prefix));
	}
	EXPECT_GE(2, tried);
	EXPECT_LE(1, said);
	EXPECT_GE(2, said);
}

/* What came in, by the seed that the platform made it of */
struct received {
	unsigned int times[MANY_MAX];
	unsigned int all, wrong, disorder;
};

/*
 * The check register follows late, or the platform sets command complete
 * itself: each packet is received once, with and without an interrupt.
 */
FIXTURE(lag) { struct pcc pcc; };

FIXTURE_VARIANT(lag)
{
	const char *quirk;
	unsigned int us, every;		/* one acknowledgment of so many */
	unsigned int lose;		/* one interrupt of so many; 0: none */
	unsigned int packets;
};

FIXTURE_VARIANT_ADD(lag, own_0) { "update=own", 0, 1, 0, 200 };
FIXTURE_VARIANT_ADD(lag, own_50ms) { "update=own", 50000, 1, 0, 60 };
FIXTURE_VARIANT_ADD(lag, own_200ms) { "update=own", 200000, 1, 0, 20 };
FIXTURE_VARIANT_ADD(lag, own_3s) { "update=own", 3000000, 20, 0, 60 };
FIXTURE_VARIANT_ADD(lag, own_5ms_lost) { "update=own", 5000, 1, 20, 60 };
FIXTURE_VARIANT_ADD(lag, own_50ms_lost) { "update=own", 50000, 1, 20, 60 };
FIXTURE_VARIANT_ADD(lag, own_3s_lost) { "update=own", 3000000, 20, 20, 60 };
FIXTURE_VARIANT_ADD(lag, none_0) { "update=none", 0, 1, 0, 200 };
FIXTURE_VARIANT_ADD(lag, none_20ms) { "update=none", 20000, 1, 0, 60 };
FIXTURE_VARIANT_ADD(lag, none_200ms) { "update=none", 200000, 1, 0, 20 };
FIXTURE_VARIANT_ADD(lag, none_20ms_lost) { "update=none", 20000, 1, 20, 60 };

SETUP(lag)
{
	if (!setup_listener(&self->pcc, variant->quirk))
		return;
	ASSERT_PLAT(&self->pcc, "lag us=%u every=%u", variant->us,
		    variant->every);
	ASSERT_PLAT(&self->pcc, "lose-irq every=%u", variant->lose);
}

/* What the listener has of the platform's packets */
static void receive(const struct pcc *pcc, struct received *r)
{
	__u8 packet[LEN + 1], want[LEN];
	__u32 seed, last = 0;
	ssize_t len;

	memset(r, 0, sizeof(*r));
	while ((len = recv(pcc->listener, packet, sizeof(packet),
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

/* So often each of the first @n came */
static void check_times(const struct received *r, unsigned int n,
			unsigned int least, unsigned int most)
{
	unsigned int seed;

	for (seed = 0; seed < n; seed++) {
		EXPECT_LE(least, r->times[seed]);
		EXPECT_GE(most, r->times[seed]);
	}
}

/* The counters of driver and platform agree with what came in; all is whole */
static void check_received(const struct pcc *pcc, struct received *r)
{
	struct count c;

	receive(pcc, r);
	ASSERT_EQ(0, count_since(pcc, &c));
	EXPECT_EQ(r->all, c.rx);
	EXPECT_EQ(r->all * LEN, c.rx_bytes);
	EXPECT_EQ(0, c.rx_errors);
	EXPECT_EQ(0, c.rx_dropped);
	EXPECT_EQ(0, r->wrong);
	EXPECT_EQ(0, c.plat.violations);
	EXPECT_EQ(0, mctp_echo(pcc, 1000));
}

static void post_many(const struct pcc *pcc, unsigned int packets)
{
	long long start = now_ms();

	ASSERT_PLAT(pcc, "flood count=%u", packets);
	EXPECT_EQ(0, plat_cmd(pcc, "quiesce ms=%u", QUIET_MS));
	printf("# %u packets in %lld ms\n", packets, now_ms() - start);
}

TEST_F(lag, once)
{
	struct pcc_counters c;
	struct received r;

	post_many(&self->pcc, variant->packets);
	ASSERT_EQ(0, plat_counters(&self->pcc, &c));
	EXPECT_EQ(variant->us ? variant->packets / variant->every : 0,
		  c.lagged);
	EXPECT_EQ(variant->lose ? variant->packets / variant->lose : 0,
		  c.irqs_lost);
	check_received(&self->pcc, &r);
	check_times(&r, variant->packets, 1, 1);
	EXPECT_EQ(0, r.disorder);
	EXPECT_EQ(variant->packets, r.all);
}

/* Of equal packets the one whose interrupt is lost looks like the one before */
TEST_F(lag, equal)
{
	unsigned int i, packets = variant->packets / 2;
	struct pcc_counters c;
	struct received r;

	for (i = 0; i < packets; i++)
		ASSERT_EQ(0, pkt_post(&self->pcc, LEN, EQUAL_SEED, NULL));
	EXPECT_EQ(0, plat_cmd(&self->pcc, "quiesce ms=%u", QUIET_MS));
	ASSERT_EQ(0, plat_counters(&self->pcc, &c));
	check_received(&self->pcc, &r);
	EXPECT_EQ(r.all, r.times[EQUAL_SEED]);
	EXPECT_GE(packets, r.all);
	EXPECT_LE(packets - c.irqs_lost, r.all);
}

FIXTURE_VARIANT(full) { const char *quirk; };

FIXTURE_LINK(full, setup_listener(&self->pcc, variant->quirk));

FIXTURE_VARIANT_ADD(full, own) { .quirk = "update=own" };
FIXTURE_VARIANT_ADD(full, none) { .quirk = "update=none" };

/* A shared interrupt while the last packet seems to be there */
TEST_F(full, interrupt_meanwhile)
{
	struct received r;

	ASSERT_PLAT(&self->pcc, "lag us=50000 irq=1");
	post_many(&self->pcc, MEANWHILE);
	ASSERT_PLAT(&self->pcc, "lag us=0");
	check_received(&self->pcc, &r);
	check_times(&r, MEANWHILE, 1, 2);
}

/* One packet, which still seems to wait for the next three seconds */
static void post_lagging(const struct pcc *pcc)
{
	ASSERT_PLAT(pcc, "lag us=3000000");
	ASSERT_EQ(0, pkt_post(pcc, LEN, EQUAL_SEED, NULL));
	usleep(200000);
}

/* Down and up while the last packet still seems to wait: not read again */
TEST_F(full, reopened)
{
	const struct pcc *pcc = &self->pcc;
	struct received r;

	post_lagging(pcc);
	ASSERT_EQ(0, pcc_reopen(pcc));
	EXPECT_EQ(0, plat_quiesce(pcc));
	receive(pcc, &r);
	EXPECT_EQ(1, r.times[EQUAL_SEED]);
	EXPECT_EQ(1, r.all);
	ASSERT_PLAT(pcc, "lag us=0");
	EXPECT_EQ(0, mctp_echo(pcc, 1000));
}

/* The same for a driver that never saw it; its request acknowledges it */
TEST_F(full, bound_again)
{
	struct pcc *pcc = &self->pcc;
	struct received r;

	post_lagging(pcc);
	close(pcc->listener);
	ASSERT_EQ(0, pcc_rebind(pcc));
	ASSERT_EQ(0, nl_link_up(pcc->link.ifindex, true));
	pcc->listener = pkt_listen(pcc);
	ASSERT_LE(0, pcc->listener);
	EXPECT_EQ(0, plat_quiesce(pcc));
	receive(pcc, &r);
	EXPECT_EQ(0, r.all);
	ASSERT_PLAT(pcc, "lag us=0");
	EXPECT_EQ(0, pcc_back(pcc));
}

/* Read without an interrupt, and the interrupt comes at last: still once */
TEST_F(full, interrupt_at_last)
{
	struct received r;

	ASSERT_PLAT(&self->pcc, "lag us=1000000 irq=1");
	ASSERT_PLAT(&self->pcc, "lose-irq every=1");
	post_many(&self->pcc, AT_LAST);
	ASSERT_PLAT(&self->pcc, "lag us=0");
	ASSERT_PLAT(&self->pcc, "lose-irq every=0");
	check_received(&self->pcc, &r);
	check_times(&r, AT_LAST, 1, 1);
}

FIXTURE_LINK(outbox, setup_quirk(&self->pcc, "update=own"));

/* The outbox only seems to be the OS's: nothing may be written over it */
TEST_F(outbox, seems_free)
{
	ASSERT_PLAT(&self->pcc, "lag box=outbox us=5000000");
	ASSERT_PLAT(&self->pcc, "completion mode=delay us=600000 count=5");
	send_many(&self->pcc, 10);
	check_counted(&self->pcc, .tx = 10, .taken = 10);
	EXPECT_EQ(0, mctp_echo(&self->pcc, 1000));
}

TEST_HARNESS_MAIN
