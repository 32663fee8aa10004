// SPDX-License-Identifier: GPL-2.0
/*
 * The module and the device go away and come back under traffic both ways; then
 * threads do all that changes a link, a few times each, at the same time.
 * PCC_STRESS=N: 1,000/N or 200/N times each.
 * Copyright (C) 2026 The mctp-pcc authors
 */
#include <net/if.h>
#include <sched.h>

#include "lib/harness.h"

#define CYCLES	8
#define FLOOD	50000		/* more than the cycles take */
#define LINK		1
#define CHURN_FLOOD	100000000	/* more than a test takes */
#define SKBS_MORE	10		/* fewer than the cycles of any task */
#define ROUTE_EID	200
#define PROGRESS_MS	30000
#define DONE_FACTOR	4

FIXTURE(module)
{
	struct pcc pcc;
	struct pkt_sender sender;
	int mappings;
};

SETUP(module)
{
	if (!setup_found(pcc_get(&self->pcc, 0,
				 PCC_NEED_PLATFORM | PCC_NEED_MODULE)))
		return;
	self->mappings = pcc_mappings();
	ASSERT_LE(0, self->mappings);
	ASSERT_EQ(0, pcc_up(&self->pcc, MCTP_MTU_MIN));
	ASSERT_PLAT(&self->pcc, "flood count=%u", FLOOD);
	ASSERT_EQ(0, pkt_sender_start(&self->sender, &self->pcc, false));
}

/* The next link has its statistics from 0 on, and so has the platform */
static void platform_anew(struct pcc *pcc)
{
	check_sound(pcc);
	ASSERT_EQ(0, plat_reset(pcc));
	ASSERT_PLAT(pcc, "flood count=%u", FLOOD);
}

static void link_again(struct pcc *pcc, unsigned int ms)
{
	struct rtnl_link_stats64 stats;

	ASSERT_EQ(0, pcc_link_wait(pcc));
	ASSERT_EQ(0, nl_link_stats(pcc->link.ifindex, &stats));
	EXPECT_EQ(0, stats.tx_packets);
	EXPECT_EQ(0, stats.rx_packets);
	ASSERT_EQ(0, nl_link_up(pcc->link.ifindex, true));
	usleep(ms * 1000);
}

/* All is accounted for, but for a packet that may have waited at up */
static void check_after(struct pcc *pcc, struct pkt_sender *sender)
{
	struct rtnl_link_stats64 stats;
	struct pcc_counters c;

	EXPECT_TRUE(wait_until(!nl_link_stats(pcc->link.ifindex, &stats) &&
			       stats.tx_packets && stats.rx_packets));
	ASSERT_PLAT(pcc, "flood-stop");
	EXPECT_EQ(0, pkt_sender_stop(sender));
	ASSERT_EQ(0, mctp_peer_start(pcc));
	EXPECT_EQ(0, mctp_echo(pcc, 1000));
	ASSERT_EQ(0, plat_quiesce(pcc));
	check_sound(pcc);
	ASSERT_EQ(0, plat_counters(pcc, &c));
	EXPECT_TRUE(wait_until(!nl_link_stats(pcc->link.ifindex, &stats) &&
			       stats.tx_packets + stats.tx_errors >=
			       c.in_packets));
	EXPECT_LE(stats.tx_packets, c.in_packets);
	EXPECT_LE(c.in_packets, stats.tx_packets + stats.tx_errors);
	EXPECT_LE(stats.rx_packets, c.out_acked);
	EXPECT_LE(c.out_acked, stats.rx_packets + 1);
	EXPECT_EQ(0, stats.rx_errors);
	ASSERT_EQ(0, nl_link_up(pcc->link.ifindex, false));
	check_log(pcc);
}

/* The whole module, or the driver of one device, goes and comes back */
static void cycles(struct pcc *pcc, struct pkt_sender *sender, bool module)
{
	const char *device = pcc->device;
	unsigned int i;

	for (i = 0; i < CYCLES; i++) {
		ASSERT_EQ(0, module ? pcc_module_unload() :
				      pcc_bind(device, false));
		EXPECT_FALSE(pcc_bound(device));
		if (i == CYCLES - 1)
			platform_anew(pcc);
		ASSERT_EQ(0, module ? pcc_module_load() :
				      pcc_bind(device, true));
		link_again(pcc, i * 5 % 24);
		EXPECT_TRUE(pcc_bound(device));
	}
	check_after(pcc, sender);
}

TEST_F(module, reload)
{
	cycles(&self->pcc, &self->sender, true);
	EXPECT_TRUE(pcc_mapped(self->mappings));
}

TEST_F(module, rebind)
{
	cycles(&self->pcc, &self->sender, false);
	EXPECT_TRUE(pcc_mapped(self->mappings));
}

/* All that can be done to a link, at once, under traffic both ways */
struct churn;

struct task {
	const char *name;
	bool (*step)(struct churn *churn);
	unsigned int cycles;	/* how often it has to succeed */
	unsigned int stress;	/* with PCC_STRESS=1 */
	unsigned int pause_us;	/* after each step, at least */
};

struct run {
	const struct task *task;
	struct churn *churn;
	unsigned int goal;
	unsigned int done;
	pthread_t thread;
};

struct churn {
	struct pcc pcc;
	int home;		/* network namespace */
	bool stop;
	unsigned int seed;
};

static bool step_updown(struct churn *churn)
{
	struct pcc_link link;

	if (pcc_link_of(churn->pcc.device, &link) ||
	    nl_link_up(link.ifindex, false))
		return false;
	return !nl_link_up(link.ifindex, true);
}

static bool step_bind(struct churn *churn)
{
	bool unbound = !pcc_bind(churn->pcc.device, false);

	return !pcc_bind(churn->pcc.device, true) && unbound;
}

static bool step_module(struct churn *churn)
{
	bool unloaded = !pcc_module_unload();

	(void)churn;
	return !pcc_module_load() && unloaded;
}

static bool step_mtu(struct churn *churn)
{
	struct pcc_link link;

	return !pcc_link_of(churn->pcc.device, &link) &&
	       !nl_link_mtu(link.ifindex,
			    MCTP_MTU_MIN + rand_r(&churn->seed) % 64);
}

static bool step_netns(struct churn *churn)
{
	const char *name = churn->pcc.link.name;
	struct pcc_link link;
	int away, ifindex;
	bool back = false;

	if (pcc_link_of(churn->pcc.device, &link) || unshare(CLONE_NEWNET))
		return false;
	away = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
	if (!setns(churn->home, CLONE_NEWNET) &&
	    !nl_link_netns(link.ifindex, away) &&
	    !setns(away, CLONE_NEWNET)) {
		ifindex = if_nametoindex(name);
		if (ifindex) {
			nl_link_up(ifindex, true);
			back = !nl_link_netns(ifindex, churn->home);
		}
	}
	setns(churn->home, CLONE_NEWNET);
	close(away);
	return back;
}

static bool step_address(struct churn *churn)
{
	const struct pcc *pcc = &churn->pcc;
	struct pcc_link link;

	if (pcc_link_of(pcc->device, &link))
		return false;
	nl_addr(link.ifindex, pcc->eid, false);
	nl_route(link.ifindex, pcc->peer_eid, true);
	if (nl_addr(link.ifindex, pcc->eid, true) ||
	    nl_route(link.ifindex, ROUTE_EID, true))
		return false;
	return !nl_route(link.ifindex, ROUTE_EID, false);
}

static const struct task tasks[] = {
	{ "up and down",	step_updown,	20,  1000, 1000 },
	{ "unbind and bind",	step_bind,	4,   200,  20000 },
	{ "module out and in",	step_module,	4,   200,  50000 },
	{ "MTU",		step_mtu,	20,  1000, 1000 },
	{ "namespaces",		step_netns,	4,   200,  20000 },
	{ "addresses",		step_address,	20,  1000, 1000 },
};

#define TASKS	ARRAY_SIZE(tasks)

/*
 * As long as the step took, so that the others find a link on a slow kernel;
 * longer when the task has done its part
 */
static void run_pause(const struct run *run, long long step_ms)
{
	unsigned int factor = run->done < run->goal ? 1 : DONE_FACTOR;
	unsigned int took_us = step_ms * 1000;

	usleep(factor * (took_us > run->task->pause_us ?
			   took_us : run->task->pause_us));
}

static void *run_thread(void *arg)
{
	struct run *run = arg;
	long long start;

	while (!__atomic_load_n(&run->churn->stop, __ATOMIC_RELAXED)) {
		start = now_ms();
		if (run->task->step(run->churn))
			__atomic_fetch_add(&run->done, 1, __ATOMIC_RELAXED);
		run_pause(run, now_ms() - start);
	}
	return NULL;
}

static void print_runs(const struct run *runs)
{
	unsigned int i;

	printf("#");
	for (i = 0; i < TASKS; i++)
		printf(" %s: %u of %u%s", runs[i].task->name,
		       __atomic_load_n(&runs[i].done, __ATOMIC_RELAXED),
		       runs[i].goal, i + 1 < TASKS ? "," : "\n");
	fflush(stdout);
}

static bool all_done(const struct run *runs)
{
	unsigned int i;

	for (i = 0; i < TASKS; i++)
		if (__atomic_load_n(&runs[i].done, __ATOMIC_RELAXED) <
		    runs[i].goal)
			return false;
	return true;
}

/* All tasks run until the last one has reached its goal */
static void churn_run(struct churn *churn)
{
	unsigned long stress = from_env("PCC_STRESS", 0);
	unsigned int limit_s = (stress ? PCC_LONG_S : PCC_TEST_S) / 2;
	long long end = now_ms() + limit_s * 1000LL;
	long long said = now_ms();
	struct run runs[TASKS] = { 0 };
	struct run *run;

	guard_time(2 * limit_s);
	for (run = runs; run < runs + TASKS; run++) {
		run->task = &tasks[run - runs];
		run->churn = churn;
		run->goal = stress ? run->task->stress / stress :
				     run->task->cycles;
		ASSERT_EQ(0, pthread_create(&run->thread, NULL, run_thread,
					    run));
	}
	while (!all_done(runs) && now_ms() < end) {
		usleep(100000);
		if (now_ms() - said < PROGRESS_MS)
			continue;
		said += PROGRESS_MS;
		print_runs(runs);
	}
	__atomic_store_n(&churn->stop, true, __ATOMIC_RELAXED);
	for (run = runs; run < runs + TASKS; run++) {
		pthread_join(run->thread, NULL);
		EXPECT_LE(run->goal, run->done);
	}
	print_runs(runs);
}

FIXTURE(churn)
{
	struct churn churn;
	struct pkt_sender sender[2];
	int mappings;
	long skbs;
};

SETUP(churn)
{
	struct churn *churn = &self->churn;

	if (!setup_found(pcc_get(&churn->pcc, LINK,
				 PCC_NEED_PLATFORM | PCC_NEED_MODULE)))
		return;
	churn->home = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	ASSERT_LE(0, churn->home);
	ASSERT_EQ(0, nl_link_up(churn->pcc.link.ifindex, false));
	self->mappings = pcc_mappings();
	ASSERT_LE(0, self->mappings);
	/* their data: of the heads the network stack keeps some for itself */
	self->skbs = slab_objects("skbuff_small_head");
	ASSERT_LE(0, self->skbs);
	ASSERT_EQ(0, pcc_up(&churn->pcc, MCTP_MTU_MIN));
}

/* The module is loaded, the device bound, the link up */
static void settle(struct churn *churn)
{
	ASSERT_EQ(0, pcc_module_load());
	if (!pcc_bound(churn->pcc.device))
		ASSERT_EQ(0, pcc_bind(churn->pcc.device, true));
	ASSERT_EQ(0, pcc_link_wait(&churn->pcc));
	ASSERT_EQ(0, nl_link_up(churn->pcc.link.ifindex, true));
	ASSERT_EQ(0, nl_link_mtu(churn->pcc.link.ifindex, MCTP_MTU_MIN));
}

TEST_F(churn, all_at_once)
{
	struct churn *churn = &self->churn;
	struct pcc *pcc = &churn->pcc;
	struct pcc_counters c;
	long skbs;

	ASSERT_PLAT(pcc, "flood count=%u", CHURN_FLOOD);
	/*
	 * Neither bypasses the qdisc: AF_PACKET (7.3) then divides by the
	 * number of queues, which is 0 while the device is unregistered.
	 */
	ASSERT_EQ(0, pkt_sender_start(&self->sender[0], pcc, false));
	ASSERT_EQ(0, pkt_sender_start(&self->sender[1], pcc, false));
	churn_run(churn);
	settle(churn);
	ASSERT_PLAT(pcc, "flood-stop");
	/* all their packets are freed */
	EXPECT_EQ(0, pkt_sender_stop(&self->sender[0]));
	EXPECT_EQ(0, pkt_sender_stop(&self->sender[1]));
	EXPECT_LT(0, self->sender[0].sent + self->sender[1].sent);
	ASSERT_EQ(0, plat_quiesce(pcc));
	ASSERT_EQ(0, plat_counters(pcc, &c));
	EXPECT_LT(0, c.in_packets);
	EXPECT_LT(0, c.out_acked);
	check_sound(pcc);

	ASSERT_EQ(0, mctp_peer_start(pcc));
	EXPECT_EQ(0, mctp_echo(pcc, MCTP_MSG_MAX));
	ASSERT_EQ(0, nl_link_up(pcc->link.ifindex, false));
	EXPECT_TRUE(pcc_mapped(self->mappings));
	skbs = slab_objects("skbuff_small_head");
	EXPECT_LE(0, skbs);
	EXPECT_GE(self->skbs + SKBS_MORE, skbs);
	printf("# %llu packets to the platform, %llu from it\n", c.in_packets,
	       c.out_acked);
	printf("# skbs: %ld before, %ld after\n", self->skbs, skbs);
	check_log(pcc);
}

TEST_HARNESS_MAIN
