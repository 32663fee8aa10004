// SPDX-License-Identifier: GPL-2.0
/*
 * A platform that does not answer: after two failed transfers in a row the link
 * is dormant, packets are dropped and counted, and single packets test whether
 * the platform is back
 * Copyright (C) 2026 The mctp-pcc authors
 */
#include "lib/harness.h"

#define LINK		1
#define FAILURES	2	/* in a row, then the platform is dead */
#define MANY		20
#define TRIES		3
#define ANSWER_MS	200
#define FULL		5000
#define INBOUND		1000
#define PACE_US		5000
#define PAUSE_MS	5000	/* from a failure to the next try, at least */
#define ALONE_US	12000000	/* longer than two pauses */
#define BACK_MAX_MS	10000	/* from the platform's return, worst phase */
#define SEES_MAX_MS	3000	/* by its register */
#define DOWN_MAX_MS	10000	/* unbind or unload, on any machine */
#define DOWN_SHARE	2	/* of the time until one is given up, at most */

#define SILENT		"the platform does not answer, dropping packets"
#define ANSWERS		"the platform answers again"
#define NO_IRQ		"no interrupt, dropping packets; command complete: 1"

/* What the driver said of the platform, and what the link's state was */
struct said {
	int events;
	unsigned int silent, answers, no_irq;
	unsigned int state, changes;
};

struct link {
	struct pcc pcc;
	struct said said;
};

static const struct said *said_update(struct link *link)
{
	struct said *said = &link->said;
	struct pcc_attrs attrs;
	char line[512];

	while (kmsg_next(link->pcc.kmsg, line, sizeof(line))) {
		said->silent += !!strstr(line, SILENT);
		said->answers += !!strstr(line, ANSWERS);
		said->no_irq += !!strstr(line, NO_IRQ);
	}
	while (!nl_events_next(said->events, link->pcc.link.ifindex, &attrs)) {
		said->changes += attrs.operstate != said->state;
		said->state = attrs.operstate;
	}
	return said;
}

/* So many lines, and as many changes of the link's state */
static void said_check(struct link *link, unsigned int silent,
		       unsigned int answers)
{
	unsigned int state = silent > answers ? IF_OPER_DORMANT : IF_OPER_UP;
	const struct said *said;

	EXPECT_TRUE(wait_until(nl_link_state(link->pcc.link.ifindex) == state));
	said = said_update(link);
	EXPECT_EQ(silent, said->silent);
	EXPECT_EQ(answers, said->answers);
	EXPECT_EQ(silent + answers, said->changes);
	EXPECT_EQ(state, said->state);
}

static bool said_silent(struct link *link, unsigned int n)
{
	return said_update(link)->silent >= n;
}

static bool said_answers(struct link *link)
{
	return said_update(link)->answers;
}

/* As `ip monitor link` shows it; sysfs has it sooner */
static bool is_dormant(const struct link *link)
{
	char buf[8];

	return file_read(buf, sizeof(buf), "/sys/class/net/%s/dormant",
			 link->pcc.link.name) > 0 && buf[0] == '1';
}

/* Returns how much longer that took: the host has other things to do */
static long long pace(void)
{
	long long start = now_ms();

	usleep(PACE_US);
	return now_ms() - start - PACE_US / 1000;
}

/* It ignores doorbells from here on. Sends until @failures are given up. */
static void let_fail(struct link *link, unsigned int failures)
{
	unsigned int lines = said_update(link)->silent;

	ASSERT_PLAT(&link->pcc, "doorbell mode=ignore count=0");
	send_many(&link->pcc, MANY);
	ASSERT_TRUE(wait_until(count_errors(&link->pcc, failures)));
	if (failures < FAILURES)
		return;
	ASSERT_TRUE(wait_until(said_silent(link, lines + 1)));
	EXPECT_TRUE(wait_until(is_dormant(link)));
	EXPECT_EQ(0, pkt_wait_sent(link->pcc.fd));
}

/* Each packet is confirmed, in doubt or dropped, and freed */
static void all_counted(const struct link *link, struct count *now)
{
	EXPECT_EQ(0, pkt_wait_sent(link->pcc.fd));
	/* a completion is counted a moment after the packet is let go */
	count_wait(&link->pcc, now, link->pcc.sent);
	EXPECT_EQ(link->pcc.sent, count_gone(now))
		TH_LOG("%u sent; %llu confirmed, %llu errors, %llu dropped",
		       link->pcc.sent, now->tx, now->tx_errors,
		       now->tx_dropped);
}

/* ... and the platform agrees */
static void check_counts(const struct link *link)
{
	struct count now;

	all_counted(link, &now);
	EXPECT_EQ(now.tx, now.plat.in_packets);
	EXPECT_EQ(0, now.plat.bad_messages);
	EXPECT_EQ(now.plat.dropped_while_busy, now.plat.violations);
}

static void check(struct link *link, unsigned int silent, unsigned int answers)
{
	check_counts(link);
	said_check(link, silent, answers);
}

/* Sends until so many doorbells were ignored; returns when the last was not */
static long long send_until_tried(struct link *link, unsigned int ignored,
				  long long *late)
{
	long long start = now_ms(), before, last;
	struct pcc_counters c;

	*late = 0;
	before = start;
	do {
		last = before;
		send_many(&link->pcc, 1);
		*late += pace();
		before = now_ms();
		ASSERT_EQ(0, plat_counters(&link->pcc, &c));
		ASSERT_GT(PCC_WAIT_MS, before - start);
	} while (c.ignored < ignored);
	return last;
}

/* The platform is back: sends until one is confirmed, in time for any phase */
static void send_until_taken(struct link *link)
{
	long long start = now_ms(), late = 0;
	struct count from, now;

	ASSERT_EQ(0, count_link(&link->pcc, &from));
	do {
		send_many(&link->pcc, 1);
		late += pace();
		ASSERT_EQ(0, count_link(&link->pcc, &now));
		ASSERT_GT(PCC_WAIT_MS, now_ms() - start);
	} while (now.tx == from.tx);
	while (is_dormant(link)) {
		late += pace();
		ASSERT_GT(PCC_WAIT_MS, now_ms() - start);
	}
	EXPECT_GE(BACK_MAX_MS + late, now_ms() - start);
}

static bool link_start(struct link *link)
{
	if (!setup_link(&link->pcc, LINK, MCTP_MTU_MIN))
		return false;
	link->said.events = nl_events_open();
	ASSERT_LE(0, link->said.events);
	link->said.state = IF_OPER_UP;
	return true;
}

FIXTURE_OF(dead, struct link link, link_start(&self->link));

/* Two transfers are in doubt, all else is dropped, now and later */
TEST_F(dead, purged)
{
	struct mctp_client client;
	struct count now;

	let_fail(&self->link, FAILURES);
	ASSERT_EQ(0, count_since(&self->link.pcc, &now));
	EXPECT_EQ(FAILURES, now.tx_errors);
	EXPECT_EQ(MANY - FAILURES, now.tx_dropped);
	/* a program sees only that nobody answers */
	ASSERT_EQ(0, mctp_client_start(&client, &self->link.pcc, ANSWER_MS));
	usleep(5 * ANSWER_MS * 1000);
	mctp_client_stop(&client);
	EXPECT_LT(0, client.sent);
	EXPECT_EQ(0, client.answered);
	self->link.pcc.sent += client.sent;
	check(&self->link, 1, 0);
	ASSERT_EQ(0, count_since(&self->link.pcc, &now));
	EXPECT_EQ(0, now.tx);
	EXPECT_EQ(now.tx_errors, now.plat.ignored);
}

/* More than the driver takes at once: all of it is freed */
TEST_F(dead, full_queue)
{
	struct link *link = &self->link;

	queue_many(&link->pcc);
	let_fail(link, 0);
	send_many(&link->pcc, FULL);
	ASSERT_TRUE(wait_until(said_silent(link, 1)));
	check(link, 1, 0);
}

/* Nobody sends: no doorbell, no line, and the link stays dormant */
TEST_F(dead, left_alone)
{
	struct pcc_counters before, after;

	let_fail(&self->link, FAILURES);
	ASSERT_EQ(0, plat_counters(&self->link.pcc, &before));
	usleep(ALONE_US);
	ASSERT_EQ(0, plat_counters(&self->link.pcc, &after));
	EXPECT_EQ(before.doorbells, after.doorbells);
	said_check(&self->link, 1, 0);
}

/* Single packets, no more lines, and the link is not up in between */
TEST_F(dead, tried)
{
	long long before = 0, last, late;
	struct count now;
	unsigned int i;

	let_fail(&self->link, FAILURES);
	for (i = 1; i <= TRIES; i++) {
		last = send_until_tried(&self->link, FAILURES + i, &late);
		if (before)
			EXPECT_LE(PAUSE_MS, now_ms() - before);
		before = last;
	}
	ASSERT_TRUE(wait_until(count_errors(&self->link.pcc,
					    FAILURES + TRIES)));
	check(&self->link, 1, 0);
	ASSERT_EQ(0, count_since(&self->link.pcc, &now));
	EXPECT_EQ(FAILURES + TRIES, now.tx_errors);
}

TEST_F(dead, sends)
{
	long long start, late;

	let_fail(&self->link, FAILURES);
	start = now_ms();
	ASSERT_EQ(0, pkt_post(&self->link.pcc, MCTP_MTU_MIN, 0, NULL));
	send_until_tried(&self->link, FAILURES + 1, &late);
	EXPECT_GT(PAUSE_MS + late, now_ms() - start);
	ASSERT_TRUE(wait_until(count_errors(&self->link.pcc, FAILURES + 1)));
	check(&self->link, 1, 0);
}

/* Doorbells work again: the next packet finds that. Then it dies once more. */
TEST_F(dead, hears_again)
{
	long long late;

	let_fail(&self->link, FAILURES);
	send_until_tried(&self->link, FAILURES + 1, &late);
	ASSERT_PLAT(&self->link.pcc, "doorbell mode=normal");
	send_until_taken(&self->link);
	check(&self->link, 1, 1);
	EXPECT_EQ(0, mctp_echo(&self->link.pcc, 1000));

	ASSERT_EQ(0, count_anew(&self->link.pcc));
	let_fail(&self->link, FAILURES);
	check(&self->link, 2, 1);
}

/* Doorbells work again and transfers complete, without an interrupt */
TEST_F(dead, no_interrupt)
{
	const struct pcc *pcc = &self->link.pcc;
	struct count now;
	long long start;

	let_fail(&self->link, FAILURES);
	ASSERT_PLAT(pcc, "completion mode=no-irq count=0");
	ASSERT_PLAT(pcc, "doorbell mode=normal");
	for (start = now_ms(); !said_answers(&self->link); pace()) {
		send_many(&self->link.pcc, 1);
		ASSERT_GT(PCC_WAIT_MS, now_ms() - start);
	}

	ASSERT_PLAT(pcc, "completion mode=normal");
	send_until_taken(&self->link);
	EXPECT_EQ(0, pkt_wait_sent(pcc->fd));
	ASSERT_EQ(0, plat_quiesce(pcc));
	all_counted(&self->link, &now);
	/* those without an interrupt are in doubt */
	EXPECT_LT(now.plat.ignored, now.tx_errors);
	EXPECT_EQ(now.tx + now.tx_errors - now.plat.ignored,
		  now.plat.in_packets);
	said_check(&self->link, 1, 1);
}

/* Registers as at power-on: the driver sees that without a packet */
TEST_F(dead, restarted)
{
	long long start, late = 0;

	let_fail(&self->link, FAILURES);
	ASSERT_PLAT(&self->link.pcc, "doorbell mode=normal");
	start = now_ms();
	ASSERT_PLAT(&self->link.pcc, "restart");
	while (!said_answers(&self->link) && now_ms() - start < PCC_WAIT_MS)
		late += pace();
	EXPECT_GE(SEES_MAX_MS + late, now_ms() - start);
	send_many(&self->link.pcc, MANY);
	check(&self->link, 1, 1);
	EXPECT_EQ(0, mctp_echo(&self->link.pcc, 1000));
}

/*
 * It has the first packet all the time, and the driver rings again meanwhile:
 * it cannot know that this platform remembers.
 */
TEST_F(dead, completes_at_last)
{
	struct count now;

	ASSERT_PLAT(&self->link.pcc, "completion mode=hold");
	send_many(&self->link.pcc, MANY);
	ASSERT_TRUE(wait_until(said_silent(&self->link, 1)));
	EXPECT_EQ(0, pkt_wait_sent(self->link.pcc.fd));
	ASSERT_PLAT(&self->link.pcc, "release");
	EXPECT_TRUE(wait_until(said_answers(&self->link)));
	send_many(&self->link.pcc, MANY);
	EXPECT_EQ(0, pkt_wait_sent(self->link.pcc.fd));
	EXPECT_EQ(0, plat_agree(&self->link.pcc));
	said_check(&self->link, 1, 1);

	ASSERT_EQ(0, count_since(&self->link.pcc, &now));
	EXPECT_EQ(FAILURES, now.tx_errors);
	EXPECT_EQ(MANY - FAILURES, now.tx_dropped);
	EXPECT_EQ(FAILURES - 1, now.plat.dropped_while_busy);
	EXPECT_EQ(0, plat_forgive(&self->link.pcc));
}

TEST_F(dead, inbound)
{
	struct count c;

	let_fail(&self->link, FAILURES);
	ASSERT_PLAT(&self->link.pcc, "flood count=%u", INBOUND);
	EXPECT_TRUE(wait_until(!count_link(&self->link.pcc, &c) &&
			       c.rx >= INBOUND));
	EXPECT_EQ(INBOUND, c.rx);
	EXPECT_EQ(0, c.rx_errors);
	said_check(&self->link, 1, 0);
}

/*
 * The platform takes all without an interrupt: packets are dropped, one line
 * says so, and the link stays up.
 */
TEST_F(dead, interrupt_line)
{
	const struct pcc *pcc = &self->link.pcc;
	struct count now;

	ASSERT_PLAT(pcc, "completion mode=no-irq count=0");
	send_many(&self->link.pcc, MANY);
	all_counted(&self->link, &now);
	EXPECT_EQ(0, now.tx);
	EXPECT_EQ(FAILURES, now.tx_errors);
	send_many(&self->link.pcc, MANY);
	EXPECT_EQ(0, pkt_wait_sent(pcc->fd));

	ASSERT_PLAT(pcc, "completion mode=normal");
	send_many(&self->link.pcc, 1);
	all_counted(&self->link, &now);
	EXPECT_EQ(1, now.tx);
	EXPECT_EQ(now.tx + now.tx_errors, now.plat.in_packets);
	said_check(&self->link, 0, 0);
	EXPECT_EQ(1, self->link.said.no_irq);
	EXPECT_EQ(0, mctp_echo(pcc, 1000));
}

/* How long the driver waits for a transfer; resets all counters */
static long long time_given_up(struct link *link)
{
	long long start = now_ms(), given_up;

	EXPECT_EQ(0, plat_cmd(&link->pcc, "doorbell mode=ignore"));
	send_many(&link->pcc, 1);
	EXPECT_TRUE(wait_until(count_errors(&link->pcc, 1)));
	given_up = now_ms() - start;
	EXPECT_EQ(0, mctp_echo(&link->pcc, 1000));
	EXPECT_EQ(0, count_anew(&link->pcc));
	return given_up;
}

/* The link is taken down or away after so many transfers given up */
FIXTURE(taken)
{
	struct link link;
	long long given_up;
};

FIXTURE_VARIANT(taken) { unsigned int failures; };

FIXTURE_VARIANT_ADD(taken, waiting) { .failures = 0 };
FIXTURE_VARIANT_ADD(taken, recovering) { .failures = 1 };
FIXTURE_VARIANT_ADD(taken, dead) { .failures = FAILURES };

SETUP(taken)
{
	if (!link_start(&self->link))
		return;
	self->given_up = time_given_up(&self->link);
	let_fail(&self->link, variant->failures);
}

/* Down waits for nothing; a transfer is given up after a second and more */
TEST_F(taken, down)
{
	struct pcc *pcc = &self->link.pcc;
	long long start = now_ms();
	long long down;

	ASSERT_EQ(0, nl_link_up(pcc->link.ifindex, false));
	down = now_ms() - start;
	EXPECT_GT(self->given_up, DOWN_SHARE * down);
	check_counts(&self->link);

	ASSERT_EQ(0, nl_link_up(pcc->link.ifindex, true));
	ASSERT_PLAT(pcc, "doorbell mode=normal");
	EXPECT_EQ(0, mctp_echo(pcc, 1000));
}

/* Up again, still dead: detected and logged once more */
TEST_F(taken, up_still_dead)
{
	struct pcc *pcc = &self->link.pcc;
	struct count c;

	ASSERT_EQ(0, nl_link_up(pcc->link.ifindex, false));
	check_counts(&self->link);
	ASSERT_EQ(0, nl_link_up(pcc->link.ifindex, true));
	EXPECT_TRUE(wait_until(nl_link_state(pcc->link.ifindex) ==
			       IF_OPER_UP));
	ASSERT_EQ(0, count_since(&self->link.pcc, &c));
	let_fail(&self->link, c.tx_errors + 1);
	check_counts(&self->link);
	said_update(&self->link);
	EXPECT_EQ(1 + (variant->failures == FAILURES), self->link.said.silent);
	EXPECT_EQ(0, self->link.said.answers);
	ASSERT_PLAT(pcc, "doorbell mode=normal");
	send_until_taken(&self->link);
	EXPECT_EQ(0, mctp_echo(pcc, 1000));
}

static void check_gone(const struct pcc *pcc, long long start)
{
	EXPECT_GT(DOWN_MAX_MS, now_ms() - start);
	EXPECT_EQ(0, pkt_wait_sent(pcc->fd));
	ASSERT_PLAT(pcc, "doorbell mode=normal");
}

TEST_F(taken, unbind)
{
	struct pcc *pcc = &self->link.pcc;
	long long start = now_ms();

	ASSERT_EQ(0, pcc_bind(pcc->device, false));
	check_gone(pcc, start);
	ASSERT_EQ(0, pcc_bind(pcc->device, true));
	EXPECT_EQ(0, pcc_back(pcc));
}

TEST_F(taken, rmmod)
{
	struct pcc *pcc = &self->link.pcc;
	long long start = now_ms();

	if (!pcc_module_loaded())
		SKIP(return, PCC_DRIVER " is not a module");
	ASSERT_EQ(0, pcc_module_unload());
	check_gone(pcc, start);
	ASSERT_EQ(0, pcc_module_load());
	EXPECT_EQ(0, pcc_back(pcc));
}

TEST_HARNESS_MAIN
