// SPDX-License-Identifier: GPL-2.0
/*
 * Each allocation of a probe, an open and a transmission fails once, those of
 * the receive interrupt at random. Needs a kernel with FAILSLAB.
 * Copyright (C) 2026 The mctp-pcc authors
 */
#include <glob.h>
#include <limits.h>

#include "lib/harness.h"

#define FAILSLAB	"/sys/kernel/debug/failslab"
#define SKB_CACHE	"/sys/kernel/slab/skbuff_head_cache/failslab"
#define NTH		"/proc/thread-self/fail-nth"
#define NTH_MAX		2000	/* no operation allocates more often */
#define PACKETS		5000
#define SPREAD		2000	/* more than an skb keeps in its first part */

struct nomem {
	struct pcc pcc;
	int nth;
	int mappings;		/* with the link down */
};

static int failslab_set(const char *name, const char *value)
{
	char path[128];

	snprintf(path, sizeof(path), FAILSLAB "/%s", name);
	return file_write(path, value);
}

static void failslab_off(void)
{
	failslab_set("probability", "0");
	failslab_set("task-filter", "N");
	failslab_set("cache-filter", "N");
	failslab_set("ignore-gfp-wait", "Y");
	file_write(SKB_CACHE, "0");
}

/* Returns how many of the kernel's workers have no memory */
static int kworkers_fail(bool fail)
{
	char path[PATH_MAX], name[16];
	const char *comm;
	glob_t comms;
	int n = 0;
	size_t i;

	if (glob("/proc/[0-9]*/comm", 0, NULL, &comms))
		return 0;
	for (i = 0; i < comms.gl_pathc; i++) {
		comm = comms.gl_pathv[i];
		if (file_read(name, sizeof(name), "%s", comm) < 0 ||
		    strncmp(name, "kworker/", 8))
			continue;
		snprintf(path, sizeof(path), "%.*smake-it-fail",
			 (int)strlen(comm) - 4, comm);
		n += !file_write(path, fail ? "1" : "0");
	}
	globfree(&comms);
	return n;
}

static void nomem_undo(void)
{
	if (access(FAILSLAB, F_OK))
		return;
	failslab_off();
	kworkers_fail(false);
}

static void nomem_start(struct nomem *nomem)
{
	guard_undo = nomem_undo;
	if (!setup_found(access(FAILSLAB, F_OK) ? "no " FAILSLAB : NULL) ||
	    !setup_found(pcc_get(&nomem->pcc, 0, PCC_NEED_PLATFORM)))
		return;
	ASSERT_EQ(0, nl_link_up(nomem->pcc.link.ifindex, false));
	nomem->mappings = pcc_mappings();
	ASSERT_LE(0, nomem->mappings);
	ASSERT_EQ(0, failslab_set("verbose", "0"));
	ASSERT_EQ(0, failslab_set("times", "-1"));
	ASSERT_EQ(0, failslab_set("ignore-gfp-wait", "N"));
	nomem->nth = open(NTH, O_RDWR | O_CLOEXEC);
	ASSERT_LE(0, nomem->nth);
	ASSERT_EQ(0, pcc_up(&nomem->pcc, 0));
}

/* The link still works, and has no more mappings than before */
static void nomem_end(struct nomem *nomem, const char *expected)
{
	struct pcc *pcc = &nomem->pcc;
	char line[256];

	failslab_off();
	ASSERT_EQ(0, mctp_peer_start(pcc));
	EXPECT_EQ(0, mctp_echo(pcc, 1000));
	ASSERT_EQ(0, plat_quiesce(pcc));
	check_sound(pcc);
	ASSERT_EQ(0, nl_link_up(pcc->link.ifindex, false));
	EXPECT_TRUE(pcc_mapped(nomem->mappings));
	/* DEBUG_OBJECTS allocates for itself, and gives up where it cannot */
	printf("# expected in the kernel's log: ODEBUG: Out of memory\n");
	if (expected)
		printf("# expected in the kernel's log: %s\n", expected);
	EXPECT_TRUE(!kmsg_splats(nomem->pcc.kmsg, line, sizeof(line)) ||
		    (expected && strstr(line, expected)))
		TH_LOG("logged: %s", line);
}

/* Lets this thread's @nth allocation from now on fail; 0: none */
static int nth_arm(const struct nomem *nomem, unsigned int nth)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%u", nth);

	return pwrite(nomem->nth, text, len, 0) == len ? 0 : -errno;
}

static bool nth_failed(const struct nomem *nomem)
{
	char text[16] = "";

	return pread(nomem->nth, text, sizeof(text) - 1, 0) > 0 &&
	       atoi(text) == 0;
}

/* Each ends as it begins, the link up, if no allocation fails */
static int bind_again(struct nomem *nomem)
{
	return pcc_bind(nomem->pcc.device, true);
}

static int open_again(struct nomem *nomem)
{
	return nl_link_up(nomem->pcc.link.ifindex, true);
}

/* Not linear: without NETIF_F_SG the stack linearizes, or drops and counts */
static int send_ring(struct nomem *nomem)
{
	__u8 packet[SPREAD];

	pkt_load(&nomem->pcc, packet, sizeof(packet), 0);
	return pkt_ring_send(&nomem->pcc, packet, sizeof(packet), false);
}

static int send_message(struct nomem *nomem)
{
	int rc = mctp_get_eid(&nomem->pcc);

	return rc < 0 ? rc : 0;
}

static void before_bind(struct nomem *nomem)
{
	ASSERT_EQ(0, pcc_bind(nomem->pcc.device, false));
	EXPECT_FALSE(pcc_bound(nomem->pcc.device));
}

static void before_open(struct nomem *nomem)
{
	ASSERT_EQ(0, nl_link_up(nomem->pcc.link.ifindex, false));
	EXPECT_TRUE(pcc_mapped(nomem->mappings));
}

static void after_bind(struct nomem *nomem)
{
	if (!pcc_bound(nomem->pcc.device))
		ASSERT_EQ(0, pcc_bind(nomem->pcc.device, true));
	ASSERT_EQ(0, pcc_link_wait(&nomem->pcc));
	ASSERT_EQ(0, nl_link_up(nomem->pcc.link.ifindex, true));
}

static void after_open(struct nomem *nomem)
{
	ASSERT_EQ(0, nl_link_up(nomem->pcc.link.ifindex, true));
}

FIXTURE_VARIANT(nomem)
{
	void (*before)(struct nomem *nomem);
	int (*run)(struct nomem *nomem);
	void (*after)(struct nomem *nomem);
	const char *expected;	/* in the kernel's log */
	bool drops;		/* the stack drops a packet, and counts it */
};

FIXTURE_OF(nomem, struct nomem nomem, nomem_start(&self->nomem));

/* mctp_register_netdev() (7.3) leaks a reference when it fails */
FIXTURE_VARIANT_ADD(nomem, probe) {
	.expected = "ref_tracker_dir_exit", .before = before_bind,
	.run = bind_again, .after = after_bind,
};

FIXTURE_VARIANT_ADD(nomem, open) {
	.before = before_open, .run = open_again, .after = after_open,
};

FIXTURE_VARIANT_ADD(nomem, stack_linearizes) {
	.run = send_ring, .drops = true,
};

FIXTURE_VARIANT_ADD(nomem, xmit_message) { .run = send_message };

TEST_F(nomem, each_allocation)
{
	struct nomem *nomem = &self->nomem;
	unsigned int nth, errors = 0;
	struct rtnl_link_stats64 stats;
	bool failed = true;
	int rc;

	for (nth = 1; failed && nth < NTH_MAX; nth++) {
		if (variant->before)
			variant->before(nomem);
		ASSERT_EQ(0, nth_arm(nomem, nth));
		rc = variant->run(nomem);
		failed = nth_failed(nomem);
		ASSERT_EQ(0, nth_arm(nomem, 0));
		errors += rc < 0;
		if (!failed)
			EXPECT_EQ(0, rc);
		if (variant->after)
			variant->after(nomem);
	}
	printf("# %u allocations failed, %u times with an error\n", nth - 2,
	       errors);
	EXPECT_FALSE(failed);
	EXPECT_LT(0, errors);
	ASSERT_EQ(0, nl_link_stats(nomem->pcc.link.ifindex, &stats));
	if (variant->drops)
		EXPECT_LT(nomem->pcc.start.stats.tx_dropped, stats.tx_dropped);
	nomem_end(nomem, variant->expected);
}

FIXTURE(nomem_watch)
{
	struct nomem nomem;
	int kmsg;		/* the other one is read for splats */
};

FIXTURE_VARIANT(nomem_watch)
{
	int (*lose)(const struct nomem *nomem);
	bool dormant;		/* noticed while there is no memory */
};

/* A completion without an interrupt, so that the channel is requested again */
static int lose_outbox(const struct nomem *nomem)
{
	const struct pcc *pcc = &nomem->pcc;
	__u8 packet[MCTP_MTU_MIN];
	int rc;

	rc = plat_cmd(pcc, "completion mode=no-irq");
	if (rc)
		return rc;
	pkt_load(pcc, packet, sizeof(packet), 0);
	return pkt_ring_send(pcc, packet, sizeof(packet), false);
}

static int lose_inbox(const struct nomem *nomem)
{
	return pkt_post(&nomem->pcc, MCTP_MTU_MIN, 0, "irq=0");
}

FIXTURE_VARIANT_ADD(nomem_watch, outbox) {
	.lose = lose_outbox, .dormant = true,
};

/* To read the register takes memory, too: the packet is found afterwards */
FIXTURE_VARIANT_ADD(nomem_watch, inbox) { .lose = lose_inbox };

SETUP(nomem_watch)
{
	nomem_start(&self->nomem);
	self->kmsg = kmsg_open();
	EXPECT_LE(0, self->kmsg);
}

/*
 * The kernel's workers have no memory: the one that requests a channel anew
 * tries until it has, and until then the link is dormant.
 */
TEST_F(nomem_watch, request)
{
	struct nomem *nomem = &self->nomem;
	int ifindex = nomem->pcc.link.ifindex;
	struct count c;

	ASSERT_EQ(0, failslab_set("task-filter", "Y"));
	ASSERT_LT(0, kworkers_fail(true));
	ASSERT_EQ(0, failslab_set("probability", "100"));
	EXPECT_EQ(0, variant->lose(nomem));
	if (variant->dormant) {
		EXPECT_TRUE(wait_until(kmsg_has(self->kmsg,
						"does not answer")));
	} else {
		sleep(3);
	}
	failslab_off();
	/* the second try comes half a minute after the first */
	EXPECT_TRUE(wait_until(nl_link_state(ifindex) == IF_OPER_UP));
	EXPECT_TRUE(variant->dormant ?
		    kmsg_has(self->kmsg, "the platform answers again") :
		    wait_until(!count_link(&nomem->pcc, &c) && c.rx == 1));
	nomem_end(nomem, NULL);
}

FIXTURE_OF(nomem_rx, struct nomem nomem, nomem_start(&self->nomem));

/* One packet in five has no skb; all of those are counted */
TEST_F(nomem_rx, flood)
{
	const struct pcc *pcc = &self->nomem.pcc;
	struct count c;

	ASSERT_EQ(0, failslab_set("cache-filter", "Y"));
	ASSERT_EQ(0, file_write(SKB_CACHE, "1"));
	ASSERT_EQ(0, failslab_set("probability", "20"));
	/* nothing else that needs an skb until this is over */
	ASSERT_PLAT(pcc, "flood count=%u", PACKETS);
	ASSERT_PLAT(pcc, "quiesce ms=%u", PCC_TEST_S * 500);
	failslab_off();

	ASSERT_EQ(0, count_since(pcc, &c));
	printf("# %llu received, %llu dropped, %lld more by the stack\n", c.rx,
	       c.rx_dropped, c.stack);
	EXPECT_EQ(PACKETS, c.plat.out_acked);
	EXPECT_EQ(PACKETS, c.rx + c.rx_dropped);
	EXPECT_LT(PACKETS / 10, c.rx_dropped);
	EXPECT_EQ(0, c.rx_errors);
	nomem_end(&self->nomem, NULL);
}

TEST_HARNESS_MAIN
