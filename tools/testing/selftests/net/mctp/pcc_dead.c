// SPDX-License-Identifier: GPL-2.0
/*
 * A platform that takes nothing any more: what waits is dropped and counted,
 * one packet at a time tries it ever more rarely, one line says so, and one
 * that it is back; the link then works again by itself
 * Copyright (C) 2026 The mctp-pcc authors
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/pcc.h"
#include "kselftest_harness.h"

/* The second link: latency 0, for which the driver's deadline is its least */
#define LINK		1
#define DEADLINE_MS	100
#define STRIKES		3	/* transfers given up until it counts as dead */
#define MANY		20
#define PROBES		2
#define INBOUND		1000
#define PACE_US		5000
#define DOWN_MAX_MS	10000	/* unbind or unload, on any machine */
#define DOWN_SHARE	2	/* of the time until one is given up, at most */

#define SILENT		"the platform does not answer"
#define ANSWERS		"the platform answers again"

struct count {
	unsigned long long tx, errors, dropped, timeout, lost_irq;
};

/* What the driver said of the platform */
struct said {
	int kmsg;
	unsigned int silent, answers;
};

struct link {
	struct pcc pcc;
	struct count base;
	struct said said;
	unsigned long long sent;
	int fd;
};

static int count_read(const struct pcc *pcc, struct count *c)
{
	const char *name = pcc->link.name;
	struct rtnl_link_stats64 stats;
	int rc;

	rc = nl_link_stats(pcc->link.ifindex, &stats);
	if (!rc)
		rc = ethtool_stat(name, "tx_timeout", &c->timeout);
	if (!rc)
		rc = ethtool_stat(name, "tx_lost_irq", &c->lost_irq);
	c->tx = stats.tx_packets;
	c->errors = stats.tx_errors;
	c->dropped = stats.tx_dropped;
	return rc;
}

static int count_since(const struct link *link, struct count *c)
{
	int rc;

	rc = count_read(&link->pcc, c);
	c->tx -= link->base.tx;
	c->errors -= link->base.errors;
	c->dropped -= link->base.dropped;
	c->timeout -= link->base.timeout;
	c->lost_irq -= link->base.lost_irq;
	return rc;
}

static void said_update(struct said *said)
{
	char line[512];

	while (kmsg_next(said->kmsg, line, sizeof(line))) {
		said->silent += !!strstr(line, SILENT);
		said->answers += !!strstr(line, ANSWERS);
	}
}

static void said_check(struct __test_metadata *_metadata, struct said *said,
		       unsigned int silent, unsigned int answers)
{
	said_update(said);
	EXPECT_EQ(silent, said->silent);
	EXPECT_EQ(answers, said->answers);
}

static bool said_answers(struct said *said)
{
	said_update(said);
	return said->answers;
}

static bool timeouts(const struct link *link, unsigned int n)
{
	struct count c;

	return !count_since(link, &c) && c.timeout >= n;
}

static void report(const char *what, long long start)
{
	long long ms = now_ms() - start;

	printf("# %s after %lld.%02lld deadlines\n", what, ms / DEADLINE_MS,
	       ms % DEADLINE_MS);
}

static void send_packets(struct __test_metadata *_metadata,
			 struct link *link, unsigned int n)
{
	for (; n; n--) {
		ASSERT_EQ(0, pkt_send_load(link->fd, &link->pcc, MCTP_MTU_MIN,
					   link->sent));
		link->sent++;
	}
}

/* Deaf from here on; sends until @strikes transfers have been given up */
static void strike(struct __test_metadata *_metadata, struct link *link,
		   unsigned int strikes)
{
	long long start = now_ms();

	ASSERT_EQ(0, plat_cmd("doorbell %u mode=ignore count=0",
			      link->pcc.number));
	send_packets(_metadata, link, MANY);
	ASSERT_TRUE(wait_until(timeouts(link, strikes)));
	if (strikes < STRIKES)
		return;
	EXPECT_EQ(0, pkt_wait_sent(link->fd));
	report("given up", start);
}

/* Each packet is confirmed, in doubt or dropped; the platform agrees */
static void check_counts(struct __test_metadata *_metadata,
			 const struct link *link)
{
	struct pcc_counters c;
	struct count now;

	EXPECT_EQ(0, pkt_wait_sent(link->fd));
	ASSERT_EQ(0, plat_counters(&link->pcc, &c));
	/* a completion is counted a moment after the packet is let go */
	EXPECT_TRUE(wait_until(!count_since(link, &now) &&
			       now.tx + now.errors + now.dropped ==
			       link->sent))
		TH_LOG("%llu sent; %llu confirmed, %llu errors, %llu dropped",
		       link->sent, now.tx, now.errors, now.dropped);
	EXPECT_EQ(now.tx, c.in_packets);
	EXPECT_EQ(0, c.bad_messages);
	EXPECT_EQ(c.dropped_while_busy, c.violations);
}

/* Sends now and then until one packet is confirmed */
static void send_until_taken(struct __test_metadata *_metadata,
			     struct link *link)
{
	long long start = now_ms();
	struct count from, now;

	ASSERT_EQ(0, count_since(link, &from));
	do {
		send_packets(_metadata, link, 1);
		sleep_us(PACE_US);
		ASSERT_EQ(0, count_since(link, &now));
		ASSERT_GT(60000, now_ms() - start);
	} while (now.tx == from.tx);
	report("back", start);
}

static const char *link_start(struct __test_metadata *_metadata,
			      struct link *link)
{
	const char *why;

	link->said.kmsg = -1;
	link->fd = -1;
	why = pcc_get(&link->pcc, LINK, PCC_NEED_PLATFORM);
	if (why)
		return why;
	EXPECT_EQ(0, pcc_up(&link->pcc, MCTP_MTU_MIN));
	EXPECT_EQ(0, count_read(&link->pcc, &link->base));
	link->said.kmsg = kmsg_open();
	EXPECT_LE(0, link->said.kmsg);
	link->fd = pkt_socket(0);
	EXPECT_LE(0, link->fd);
	return NULL;
}

static void link_end(struct link *link)
{
	close(link->fd);
	close(link->said.kmsg);
	pcc_put(&link->pcc);
}

FIXTURE(dead)
{
	struct link link;
};

FIXTURE_SETUP(dead)
{
	const char *why = link_start(_metadata, &self->link);

	if (why)
		SKIP(return, "%s", why);
}

FIXTURE_TEARDOWN(dead)
{
	link_end(&self->link);
}

/* Three are in doubt, the rest is dropped, and so is what comes then */
TEST_F_TIMEOUT(dead, purged, 60)
{
	struct pcc_counters c;
	struct count now;

	strike(_metadata, &self->link, STRIKES);
	check_counts(_metadata, &self->link);
	send_packets(_metadata, &self->link, MANY);
	check_counts(_metadata, &self->link);
	ASSERT_EQ(0, count_since(&self->link, &now));
	EXPECT_EQ(STRIKES, now.errors);
	EXPECT_EQ(STRIKES, now.timeout);
	EXPECT_EQ(2 * MANY - STRIKES, now.dropped);
	ASSERT_EQ(0, plat_counters(&self->link.pcc, &c));
	EXPECT_EQ(STRIKES, c.ignored);
	said_check(_metadata, &self->link.said, 1, 0);
}

/* Nobody sends: nothing is rung, nothing is said */
TEST_F_TIMEOUT(dead, left_alone, 60)
{
	struct pcc_counters before, after;

	strike(_metadata, &self->link, STRIKES);
	ASSERT_EQ(0, plat_counters(&self->link.pcc, &before));
	sleep_us(50 * DEADLINE_MS * 1000);
	ASSERT_EQ(0, plat_counters(&self->link.pcc, &after));
	EXPECT_EQ(before.doorbells, after.doorbells);
	said_check(_metadata, &self->link.said, 1, 0);
}

/*
 * Sends now and then until the platform has ignored so many doorbells, and
 * taken so many packets; returns how long it took
 */
static long long send_until(struct __test_metadata *_metadata,
			    struct link *link, unsigned int ignored,
			    unsigned int taken)
{
	long long start = now_ms();
	struct pcc_counters c;

	do {
		send_packets(_metadata, link, 1);
		sleep_us(PACE_US);
		ASSERT_EQ(0, plat_counters(&link->pcc, &c));
		ASSERT_GT(60000, now_ms() - start);
	} while (c.ignored < ignored || c.in_packets < taken);
	EXPECT_EQ(ignored, c.ignored);
	return now_ms() - start;
}

/* One packet for each step, the steps ever longer, and no more lines */
TEST_F_TIMEOUT(dead, probed, 120)
{
	long long pause[PROBES];
	unsigned int i;
	struct count now;

	strike(_metadata, &self->link, STRIKES);
	for (i = 0; i < PROBES; i++) {
		pause[i] = send_until(_metadata, &self->link,
				      STRIKES + i + 1, 0);
		/* the rest has no time to wait for that one */
		send_packets(_metadata, &self->link, MANY);
		ASSERT_TRUE(wait_until(timeouts(&self->link,
						STRIKES + i + 1)));
		printf("# probe after %lld deadlines\n",
		       pause[i] / DEADLINE_MS);
	}
	/* twice as long, but for what a busy machine adds */
	EXPECT_GT(2 * pause[1], 3 * pause[0]);
	check_counts(_metadata, &self->link);
	ASSERT_EQ(0, count_since(&self->link, &now));
	EXPECT_EQ(STRIKES + PROBES, now.errors);
	said_check(_metadata, &self->link.said, 1, 0);
}

/* It hears doorbells again, and remembers nothing: a probe finds it */
TEST_F_TIMEOUT(dead, hears_again, 120)
{
	strike(_metadata, &self->link, STRIKES);
	ASSERT_EQ(0, plat_cmd("doorbell %u mode=normal",
			      self->link.pcc.number));
	send_until_taken(_metadata, &self->link);
	check_counts(_metadata, &self->link);
	said_check(_metadata, &self->link.said, 1, 1);
	EXPECT_EQ(0, mctp_echo(&self->link.pcc, 1000));

	/* and again, from the beginning */
	ASSERT_EQ(0, count_read(&self->link.pcc, &self->link.base));
	ASSERT_EQ(0, plat_reset(&self->link.pcc));
	self->link.sent = 0;
	strike(_metadata, &self->link, STRIKES);
	check_counts(_metadata, &self->link);
	said_check(_metadata, &self->link.said, 2, 1);
}

/* It hears doorbells again, and completes, but its interrupts do not come */
TEST_F_TIMEOUT(dead, no_interrupt, 120)
{
	const struct pcc *pcc = &self->link.pcc;
	struct pcc_counters c;
	struct count now;

	strike(_metadata, &self->link, STRIKES);
	ASSERT_EQ(0, plat_cmd("completion %u mode=no-irq count=0",
			      pcc->number));
	ASSERT_EQ(0, plat_cmd("doorbell %u mode=normal", pcc->number));
	send_until(_metadata, &self->link, STRIKES, 1);
	EXPECT_TRUE(wait_until(said_answers(&self->link.said)));

	ASSERT_EQ(0, plat_cmd("completion %u mode=normal", pcc->number));
	send_until_taken(_metadata, &self->link);
	EXPECT_EQ(0, pkt_wait_sent(self->link.fd));
	ASSERT_EQ(0, plat_quiesce(pcc));
	ASSERT_EQ(0, plat_counters(pcc, &c));
	ASSERT_EQ(0, count_since(&self->link, &now));
	/* those it took and said nothing of are in doubt */
	EXPECT_LT(STRIKES, now.errors);
	EXPECT_EQ(now.tx + now.errors - STRIKES, c.in_packets);
	EXPECT_EQ(STRIKES, now.timeout);
	said_check(_metadata, &self->link.said, 1, 1);
}

/* Its registers are as at power-on: nobody has to send for that to be seen */
TEST_F_TIMEOUT(dead, restarted, 60)
{
	unsigned int number = self->link.pcc.number;
	long long start;

	strike(_metadata, &self->link, STRIKES);
	ASSERT_EQ(0, plat_cmd("doorbell %u mode=normal", number));
	start = now_ms();
	ASSERT_EQ(0, plat_cmd("restart %u", number));
	EXPECT_TRUE(wait_until(said_answers(&self->link.said)));
	report("back", start);
	send_packets(_metadata, &self->link, MANY);
	check_counts(_metadata, &self->link);
	said_check(_metadata, &self->link.said, 1, 1);
	EXPECT_EQ(0, mctp_echo(&self->link.pcc, 1000));
}

/*
 * It has the first of them all the time. That it is rung over is what the
 * driver cannot help: it has no way to know that this one does remember.
 */
TEST_F_TIMEOUT(dead, completes_at_last, 60)
{
	unsigned int number = self->link.pcc.number;
	struct pcc_counters c;
	struct count now;
	long long start;

	ASSERT_EQ(0, plat_cmd("completion %u mode=hold", number));
	send_packets(_metadata, &self->link, MANY);
	ASSERT_TRUE(wait_until(timeouts(&self->link, STRIKES)));
	EXPECT_EQ(0, pkt_wait_sent(self->link.fd));
	start = now_ms();
	ASSERT_EQ(0, plat_cmd("release %u", number));
	EXPECT_TRUE(wait_until(said_answers(&self->link.said)));
	report("back", start);
	send_packets(_metadata, &self->link, MANY);
	EXPECT_EQ(0, pkt_wait_sent(self->link.fd));
	EXPECT_EQ(0, plat_agree(&self->link.pcc));
	said_check(_metadata, &self->link.said, 1, 1);

	ASSERT_EQ(0, plat_counters(&self->link.pcc, &c));
	ASSERT_EQ(0, count_since(&self->link, &now));
	EXPECT_EQ(STRIKES, now.errors);
	EXPECT_EQ(MANY - STRIKES, now.dropped);
	EXPECT_EQ(STRIKES - 1, c.dropped_while_busy);
	EXPECT_EQ(STRIKES - 1, c.violations);
	EXPECT_EQ(0, plat_cmd("expect-violations %u n=%llu", number,
			      c.violations));
}

/* What comes in has nothing to do with it */
TEST_F_TIMEOUT(dead, inbound, 60)
{
	const struct rtnl_link_stats64 *before = &self->link.pcc.start.stats;
	struct rtnl_link_stats64 after = { 0 };

	strike(_metadata, &self->link, STRIKES);
	ASSERT_EQ(0, plat_cmd("flood %u count=%u", self->link.pcc.number,
			      INBOUND));
	EXPECT_TRUE(wait_until(!nl_link_stats(self->link.pcc.link.ifindex,
					      &after) &&
			       after.rx_packets - before->rx_packets >=
			       INBOUND));
	EXPECT_EQ(INBOUND, after.rx_packets - before->rx_packets);
	EXPECT_EQ(before->rx_errors, after.rx_errors);
}

/* How long it takes until a transfer is given up; then all is as before */
static long long time_given_up(struct __test_metadata *_metadata,
			       struct link *link)
{
	long long start = now_ms(), given_up;

	EXPECT_EQ(0, plat_cmd("doorbell %u mode=ignore", link->pcc.number));
	send_packets(_metadata, link, 1);
	EXPECT_TRUE(wait_until(timeouts(link, 1)));
	given_up = now_ms() - start;
	report("given up", start);
	EXPECT_EQ(0, mctp_echo(&link->pcc, 1000));
	EXPECT_EQ(0, plat_reset(&link->pcc));
	EXPECT_EQ(0, count_read(&link->pcc, &link->base));
	link->sent = 0;
	return given_up;
}

/* The link is taken down or away after so many transfers given up */
FIXTURE(taken)
{
	struct link link;
	long long given_up;
};

FIXTURE_VARIANT(taken)
{
	unsigned int strikes;
};

FIXTURE_VARIANT_ADD(taken, waiting)
{
	.strikes = 0,
};

FIXTURE_VARIANT_ADD(taken, recovering)
{
	.strikes = 1,
};

FIXTURE_VARIANT_ADD(taken, dead)
{
	.strikes = STRIKES,
};

FIXTURE_SETUP(taken)
{
	const char *why = link_start(_metadata, &self->link);

	if (why)
		SKIP(return, "%s", why);
	self->given_up = time_given_up(_metadata, &self->link);
	strike(_metadata, &self->link, variant->strikes);
}

FIXTURE_TEARDOWN(taken)
{
	link_end(&self->link);
}

/* Down waits for one deadline; a transfer is given up after eight */
TEST_F_TIMEOUT(taken, down, 120)
{
	struct pcc *pcc = &self->link.pcc;
	long long start = now_ms();
	long long down;

	ASSERT_EQ(0, nl_link_up(pcc->link.ifindex, false));
	down = now_ms() - start;
	report("down", start);
	EXPECT_GT(self->given_up, DOWN_SHARE * down);
	check_counts(_metadata, &self->link);

	ASSERT_EQ(0, nl_link_up(pcc->link.ifindex, true));
	ASSERT_EQ(0, plat_cmd("doorbell %u mode=normal", pcc->number));
	start = now_ms();
	EXPECT_EQ(0, mctp_echo(pcc, 1000));
	report("back", start);
}

/* Up again, and it is still dead: found out anew, said anew */
TEST_F_TIMEOUT(taken, up_still_dead, 120)
{
	struct pcc *pcc = &self->link.pcc;
	unsigned int before;
	struct count c;

	ASSERT_EQ(0, nl_link_up(pcc->link.ifindex, false));
	check_counts(_metadata, &self->link);
	ASSERT_EQ(0, nl_link_up(pcc->link.ifindex, true));
	ASSERT_EQ(0, count_since(&self->link, &c));
	said_update(&self->link.said);
	before = self->link.said.silent;
	strike(_metadata, &self->link, c.timeout + STRIKES);
	EXPECT_EQ(0, pkt_wait_sent(self->link.fd));
	check_counts(_metadata, &self->link);
	said_check(_metadata, &self->link.said, before + 1, 0);
	ASSERT_EQ(0, plat_cmd("doorbell %u mode=normal", pcc->number));
	send_until_taken(_metadata, &self->link);
	EXPECT_EQ(0, mctp_echo(pcc, 1000));
}

/* The link is there again, and the platform, too */
static void again(struct __test_metadata *_metadata, struct pcc *pcc)
{
	ASSERT_EQ(0, pcc_link_wait(pcc->link.name, &pcc->link));
	ASSERT_EQ(0, plat_cmd("doorbell %u mode=normal", pcc->number));
	ASSERT_EQ(0, nl_link_up(pcc->link.ifindex, true));
	ASSERT_EQ(0, mctp_peer_start(pcc));
	EXPECT_EQ(0, mctp_echo(pcc, 1000));
}

TEST_F_TIMEOUT(taken, unbind, 120)
{
	struct pcc *pcc = &self->link.pcc;
	char driver[64], device[64];
	long long start;

	ASSERT_EQ(0, ethtool_driver(pcc->link.name, driver, device,
				    sizeof(device)));
	start = now_ms();
	ASSERT_EQ(0, pcc_bind(device, false));
	EXPECT_GT(DOWN_MAX_MS, now_ms() - start);
	report("unbound", start);
	EXPECT_EQ(0, pkt_wait_sent(self->link.fd));

	ASSERT_EQ(0, pcc_bind(device, true));
	again(_metadata, pcc);
}

TEST_F_TIMEOUT(taken, rmmod, 120)
{
	struct pcc *pcc = &self->link.pcc;
	long long start = now_ms();

	if (!pcc_module_loaded())
		SKIP(return, PCC_DRIVER " is not a module");
	ASSERT_EQ(0, pcc_module_unload());
	EXPECT_GT(DOWN_MAX_MS, now_ms() - start);
	report("unloaded", start);
	EXPECT_EQ(0, pkt_wait_sent(self->link.fd));

	ASSERT_EQ(0, pcc_module_load());
	again(_metadata, pcc);
}

TEST_HARNESS_MAIN
