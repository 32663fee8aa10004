// SPDX-License-Identifier: GPL-2.0
/*
 * Each fault of the platform on an idle link, beside single requests, and in a
 * flood both ways: each packet is counted, and the link recovers by itself
 * Copyright (C) 2026 The mctp-pcc authors
 */
#include "lib/harness.h"

#define LINK		1
#define INBOX_OVER	"2053"		/* length that is one byte too much */
#define ANSWER_MS	200		/* then a client asks again */
#define GIVEN_UP_MS	600		/* a transfer has 3/4 s */
#define PACE_US		100000
#define FLOOD		100000000	/* more than a test takes */
#define WARM		100		/* packets before the first fault */

enum load { IDLE, REQUESTS, BOTH_WAYS };

/* One of the first three is the fault. Expectations are for one of @times. */
struct fault {
	const char *transfer;	/* of the next transfer */
	const char *post;	/* options of an inbound message */
	const char *command;	/* anything else */
	bool restart;		/* with the transfer in flight */
	unsigned int times;	/* 0: once */
	unsigned int packets;	/* that have the fault; 0: one */
	/* Expected */
	unsigned int error;	/* told by the core, or else given up */
	unsigned int given_up;
	unsigned int taken;	/* by the platform, without a confirmation */
	bool dead;		/* two in a row: what waits is dropped */
	bool late;		/* perhaps given up, and taken in any case */
	unsigned int length;
	unsigned int foreign;
	bool maybe;		/* an error of the header, or none */
};

struct test {
	struct pcc pcc;
	struct fault fault;
	enum load load;
	struct mctp_client client;
	struct pkt_sender sender;
	unsigned long long recovery_ms;	/* the longest */
};

FIXTURE(fault) { struct test test; };

FIXTURE_VARIANT(fault) { struct fault fault; };

#define VARIANT(name)	FIXTURE_VARIANT_ADD(fault, name)

VARIANT(lost_interrupt) { { .transfer = "completion mode=no-irq", .times = 3,
	.given_up = 1, .taken = 1 } };
VARIANT(error_status) { { .transfer = "completion mode=error", .times = 3,
	.error = 1 } };
VARIANT(slow) { { .transfer = "completion mode=delay us=50000", .times = 3 } };
VARIANT(slower) { { .transfer = "completion mode=delay us=200000",
	.times = 2 } };
VARIANT(late) { { .transfer = "completion mode=delay us=1000000",
	.late = true } };
VARIANT(second_interrupt) { { .transfer = "completion mode=double-irq",
	.times = 20 } };
VARIANT(completed_before_read) { { .transfer = "completion mode=early",
	.times = 5 } };
VARIANT(restart) { { .transfer = "completion mode=hold", .restart = true,
	.times = 2, .given_up = 1 } };
VARIANT(doorbell_ignored) { { .transfer = "doorbell mode=ignore",
	.given_up = 1 } };
VARIANT(two_doorbells_ignored) { { .transfer = "doorbell mode=ignore count=2",
	.packets = 2, .given_up = 2, .dead = true } };
VARIANT(spurious_outbox) { { .command = "irq box=outbox count=1000" } };
VARIANT(spurious_inbox) { { .command = "irq box=inbox count=1000" } };
VARIANT(inbound_without_interrupt) { { .post = "irq=0" } };
/* Nothing to the OS (ACPI 14.1.6), but a core may stumble over it */
VARIANT(inbound_error_status) { { .post = "error=1", .times = 3 } };
VARIANT(inbound_signature) { { .post = "signature=0", .times = 3 } };
VARIANT(inbound_command) { { .post = "command=0x4d435450", .times = 3,
	.foreign = 1 } };
VARIANT(inbound_length_0) { { .post = "length=0", .times = 3, .length = 1 } };
VARIANT(inbound_length_3) { { .post = "length=3", .times = 3, .length = 1 } };
VARIANT(inbound_length_7) { { .post = "length=7", .times = 3, .length = 1 } };
VARIANT(inbound_length_over) { { .post = "length=" INBOX_OVER, .times = 3,
	.length = 1 } };
VARIANT(inbound_length_ones) { { .post = "length=0xffffffff", .times = 3,
	.length = 1 } };
/* Length and command become all ones while the driver may be reading them */
VARIANT(inbound_header_changes) { { .post = "change=0", .times = 100,
	.maybe = true } };
VARIANT(inbound_header_changes_later) { { .post = "change=40", .times = 100,
	.maybe = true } };

SETUP(fault)
{
	self->test.fault = variant->fault;
	self->test.fault.times += !variant->fault.times;
	setup_link(&self->test.pcc, LINK, MCTP_MTU_MIN);
}

static void load_start(struct test *test)
{
	if (test->load == REQUESTS)
		ASSERT_EQ(0, mctp_client_start(&test->client, &test->pcc,
					       ANSWER_MS));
	if (test->load == BOTH_WAYS) {
		ASSERT_PLAT(&test->pcc, "flood count=%u", FLOOD);
		ASSERT_EQ(0, pkt_sender_start(&test->sender, &test->pcc,
					      false));
	}
	if (test->load != IDLE)
		EXPECT_EQ(0, plat_wait_in(&test->pcc, WARM));
}

static void load_stop(struct test *test)
{
	if (test->load == REQUESTS) {
		mctp_client_stop(&test->client);
		EXPECT_EQ(0, test->client.bad);
		EXPECT_LT(0, test->client.answered);
		test->pcc.sent += test->client.sent;
	}
	if (test->load == BOTH_WAYS) {
		EXPECT_EQ(0, plat_cmd(&test->pcc, "flood-stop"));
		EXPECT_EQ(0, pkt_sender_stop(&test->sender));
		test->pcc.sent += test->sender.sent;
	}
}

static void transfer_fault(struct test *test)
{
	const struct fault *fault = &test->fault;
	unsigned int packets = fault->packets ? fault->packets : 1;
	struct pcc_counters before, c;

	ASSERT_EQ(0, plat_counters(&test->pcc, &before));
	ASSERT_PLAT(&test->pcc, "%s", fault->transfer);
	/* on an idle link no other packet takes the fault */
	if (test->load == IDLE)
		send_many(&test->pcc, packets);
	ASSERT_TRUE(wait_until(!plat_counters(&test->pcc, &c) &&
			       c.faults >= before.faults + packets));
	if (!fault->restart)
		return;
	ASSERT_EQ(0, plat_wait_busy(&test->pcc));
	ASSERT_PLAT(&test->pcc, "restart");
	/* which has forgotten that, too */
	if (test->load == BOTH_WAYS)
		ASSERT_PLAT(&test->pcc, "flood count=%u", FLOOD);
}

static void inbound_fault(const struct pcc *pcc, const char *options)
{
	char all[64];

	snprintf(all, sizeof(all), "%s wait=1", options);
	ASSERT_EQ(0, pkt_post(pcc, MCTP_MTU_MIN, 3, all));
}

static bool moves(const struct test *test, const struct count *from)
{
	struct count now;

	if (count_since(&test->pcc, &now))
		return false;
	if (test->load == IDLE)
		return count_gone(&now) == test->pcc.sent &&
		       !now.plat.out_pending;
	/* the first may have been before the fault, and just not counted */
	return now.tx >= from->tx + 2 && now.rx >= from->rx + 2;
}

/* The driver tries the platform only when packets are sent */
static void revive(struct test *test)
{
	int ifindex = test->pcc.link.ifindex;
	long long start = now_ms();

	EXPECT_TRUE(wait_until(nl_link_state(ifindex) == IF_OPER_DORMANT));
	while (nl_link_state(ifindex) == IF_OPER_DORMANT) {
		send_many(&test->pcc, 1);
		usleep(PACE_US);
		ASSERT_GT(PCC_WAIT_MS, now_ms() - start);
	}
}

/* The expected recoveries are counted, and packets go through again */
static void wait_recovered(struct test *test, unsigned int times)
{
	const struct fault *fault = &test->fault;
	struct count now, from;

	ASSERT_EQ(0, count_since(&test->pcc, &from));
	ASSERT_TRUE(wait_until(!count_since(&test->pcc, &now) &&
			       now.tx_errors >= times *
			       (fault->error + fault->given_up) &&
			       now.rx_length >= times * fault->length &&
			       now.rx_dropped >= times * fault->foreign))
		TH_LOG("tx errors %llu, rx length %llu, dropped %llu",
		       now.tx_errors, now.rx_length, now.rx_dropped);
	if (fault->dead && test->load == IDLE)
		revive(test);
	ASSERT_TRUE(wait_until(moves(test, &from)));
}

/* Packets to the platform are confirmed, in doubt, or dropped */
static void check_out(const struct test *test, const struct count *c)
{
	const struct fault *fault = &test->fault;
	unsigned long long errors, taken;

	errors = fault->times * (fault->error + fault->given_up);
	taken = fault->times * fault->taken;
	if (fault->late && c->tx_errors) {
		errors = 1;
		taken = 1;
	}
	EXPECT_EQ(test->pcc.sent, count_gone(c));
	if (!fault->dead)
		EXPECT_EQ(0, c->tx_dropped);
	EXPECT_EQ(errors, c->tx_errors);
	EXPECT_EQ(fault->times * fault->error, c->plat.in_errored);
	/*
	 * The completion of an older transfer may be taken for that of one
	 * which the platform has not seen.
	 */
	EXPECT_EQ(c->tx + taken, c->plat.in_packets + c->plat.in_early +
				 c->plat.dropped_while_busy);
	EXPECT_LE(c->plat.dropped_while_busy, c->tx_errors);
	EXPECT_EQ(0, c->plat.bad_messages);
}

/* Packets from the platform are received, or dropped and counted */
static void check_in(const struct fault *fault, const struct count *c)
{
	unsigned long long seen = c->rx + c->rx_errors + c->rx_dropped;

	EXPECT_LE(c->plat.out_acked, seen);
	EXPECT_GE(c->plat.out_packets, seen);
	if (!fault->restart)
		EXPECT_EQ(c->plat.out_packets, c->plat.out_acked);
	EXPECT_EQ(c->rx_length, c->rx_errors);
	if (fault->maybe) {
		EXPECT_LE(c->rx_errors + c->rx_dropped, c->plat.changed);
		return;
	}
	EXPECT_EQ(fault->times * fault->length, c->rx_length);
	EXPECT_EQ(fault->times * fault->foreign, c->rx_dropped);
}

/* A row for `make stress`: sent, arrived, counted as lost, not counted */
static void report(const struct test *test, const struct count *c)
{
	unsigned long long out = c->plat.in_packets + c->plat.in_early;
	unsigned long long out_lost = c->tx_errors + c->tx_dropped;
	unsigned long long in_lost = c->rx_errors + c->rx_dropped;
	unsigned long long out_open = test->pcc.sent - c->tx - out_lost;
	unsigned long long in_open = c->plat.out_acked > c->rx + in_lost ?
				     c->plat.out_acked - c->rx - in_lost : 0;

	printf("# row out %u %llu %llu %llu ", test->pcc.sent, out, out_lost,
	       out_open);
	printf("in %llu %llu %llu %llu ", c->plat.out_acked, c->rx, in_lost,
	       in_open);
	printf("recovery %llu.%03llu\n", test->recovery_ms / 1000,
	       test->recovery_ms % 1000);
}

static void cause_faults(struct test *test)
{
	const struct fault *fault = &test->fault;
	unsigned long long start, took;
	unsigned int i;

	for (i = 1; i <= fault->times; i++) {
		start = now_ms();
		if (fault->transfer)
			transfer_fault(test);
		else if (fault->post)
			inbound_fault(&test->pcc, fault->post);
		else
			ASSERT_PLAT(&test->pcc, "%s", fault->command);
		wait_recovered(test, i);
		took = now_ms() - start;
		if (took > test->recovery_ms)
			test->recovery_ms = took;
	}
}

/* In a flood this process may run late: take the platform's time */
static void time_flood(struct test *test)
{
	struct pcc_counters c;

	ASSERT_EQ(0, plat_counters(&test->pcc, &c));
	test->recovery_ms = (test->fault.post ? c.ack_max_ns :
						   c.ring_max_ns) / 1000000;
}

static void run(struct test *test, enum load load)
{
	struct count c;

	test->load = load;
	load_start(test);
	cause_faults(test);
	if (load == BOTH_WAYS)
		time_flood(test);
	load_stop(test);
	/* one without a fault: the platform may have forgotten the last */
	send_many(&test->pcc, 1);
	EXPECT_EQ(0, pkt_wait_sent(test->pcc.fd));
	ASSERT_EQ(0, plat_quiesce(&test->pcc));
	ASSERT_TRUE(count_wait(&test->pcc, &c, test->pcc.sent));
	check_out(test, &c);
	check_in(&test->fault, &c);
	EXPECT_EQ(0, plat_forgive(&test->pcc));
	/* not given up too soon */
	if (test->fault.given_up)
		EXPECT_LE(GIVEN_UP_MS, test->recovery_ms);
	report(test, &c);
	EXPECT_EQ(0, plat_agree(&test->pcc));
}

TEST_F(fault, idle)
{
	run(&self->test, IDLE);
}

TEST_F(fault, one_at_a_time)
{
	run(&self->test, REQUESTS);
}

TEST_F(fault, both_ways)
{
	run(&self->test, BOTH_WAYS);
}

TEST_HARNESS_MAIN
