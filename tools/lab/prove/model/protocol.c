// SPDX-License-Identifier: GPL-2.0
/*
 * Copyright (C) 2026 The mctp-pcc authors
 *
 * The protocol's model: all interleavings of transmit path, interrupts, timer,
 * check, open and stop with a platform that completes late, twice or never.
 * What each context does is the driver's or the core's own function, see run().
 * It stops at a point(), and any other may go on.
 */
#include "world.h"

static int path[1 << 16], depth, taken[ACTIONS];

static void violation(const char *what)
{
	int i;

	for (i = 0; i < depth; i++)
		printf("%s%s", i ? ", " : "", names[path[i]]);
	printf("\nviolation: %s\n", what);
	exit(1);
}

static void crashed(int signal)
{
	violation("a crash");
}

/* Context after context: what each does from its start to its end */
static void run(void)
{
	int me = self, i;

	switch (me) {
	case XMIT:
		for (i = 0; w.given[i]; i++)
			;
		w.skb[i].len = MCTP_PCC_TX_BUDGET / 2;
		w.given[i] = 1;
		mctp_pcc_start_xmit(&w.skb[i], &w.ndev);
		break;
	case OUTBOX_IRQ:
	case INBOX_IRQ:
		pcc_mbox_irq(0, &w.chan[me - OUTBOX_IRQ]);
		break;
	case TIMER:
		mctp_pcc_turnaround_over(&w.mp.turnaround);
		break;
	case CHECK:
		mctp_pcc_check(&w.mp.check.work);
		break;
	default:
		if (w.up)
			mctp_pcc_stop(&w.ndev);
		w.up = !w.up && !mctp_pcc_open(&w.ndev);
	}
	w.context[me].running = 0;
	setcontext(&scheduler);
}

static bool enabled(int a)
{
	if (a < CONTEXTS && w.context[a].running)
		return !w.context[a].wait || !*w.context[a].wait;
	switch (a) {
	case XMIT:
		return w.left.packets && !w.ndev.stopped;
	case OUTBOX_IRQ:
		return w.left.irqs && w.requested[0];
	case INBOX_IRQ:
		return w.edges && w.requested[1];
	case TIMER:
		return w.mp.turnaround.armed;
	case CHECK:
		return w.mp.check.work.queued && !running();
	case ADMIN:
		return w.left.opens;
	case COMPLETE:
		return w.commands;
	case SEND:
		return w.left.sends && w.reg[1];
	case FAULT:
		return w.left.faults && !w.fault;
	default:
		return w.chan[0].cl ? w.chan[0].cl == &stranger : w.left.takes;
	}
}

/* Time goes on from one run of the check to the next, while nothing runs */
static void age(unsigned long *since, unsigned long by, unsigned long oldest)
{
	*since = max(*since - by, jiffies - oldest);
}

static void pass(unsigned long by)
{
	age(&w.mp.tx_since, by, MCTP_PCC_TX_RETRY);
	age(&w.mp.rx_since, by, w.mp.rx_waiting ? MCTP_PCC_LAST_RETRY : 0);
	age(&w.mp.get_since, by, w.mp.get_retry);
	w.busy = w.reg[0] ? 0 : min(w.busy + by, MCTP_PCC_TX_TIMEOUT);
}

static void start(int a)
{
	w.left.packets -= a == XMIT;
	w.left.irqs -= a == OUTBOX_IRQ;
	w.edges -= a == INBOX_IRQ;
	w.left.opens -= a == ADMIN;
	if (a == TIMER)
		w.mp.turnaround.armed = false;
	if (a == CHECK) {
		pass(w.mp.check.delay);
		w.mp.check.work.queued = false;
	}
	context_start(&w.context[a], run);
}

static void act(int a)
{
	taken[a]++;
	if (a < CONTEXTS) {
		if (!w.context[a].running)
			start(a);
		context_resume(a);
		memset(&w.ndev.stats, 0, sizeof(w.ndev.stats));
	} else if (a == COMPLETE) {
		w.commands--;
		w.reg[0] = 1;
		w.left.irqs = min(w.left.irqs + 1, 2);
	} else if (a == SEND) {
		w.left.sends--;
		w.edges++;
		w.reg[1] = 0;
	} else if (a == FAULT) {
		w.left.faults--;
		w.fault = true;
	} else if (w.chan[0].cl) {
		w.chan[0].cl = NULL;
	} else {
		w.left.takes--;
		w.chan[0].cl = &stranger;
	}
}

static void finish(int a)
{
	do {
		must(enabled(a));
		act(a);
	} while (w.context[a].running);
}

/* From here on the platform answers: a new packet passes within ten seconds */
static void recover(void)
{
	unsigned long t = 0, tried = -1, limit;
	bool offered = false;

	limit = w.mp.get_retry || w.chan[0].cl == &stranger ? 35 * HZ : 10 * HZ;
	w.left = (struct credits){ .packets = 100, .irqs = 100 };
	w.fault = false;
	if (w.chan[0].cl == &stranger)
		w.chan[0].cl = NULL;
	memset(w.given, 1, PROBE);
	while (!offered || !w.freed[PROBE] || !confirmed) {
		offered &= !w.freed[PROBE];
		if (w.commands) {
			act(COMPLETE);
			if (enabled(OUTBOX_IRQ))
				finish(OUTBOX_IRQ);
		} else if (enabled(TIMER)) {
			finish(TIMER);
		} else if (!offered && enabled(XMIT) && t != tried) {
			w.given[PROBE] = 0;
			w.freed[PROBE] = 0;
			offered = true;
			tried = t;
			finish(XMIT);
		} else {
			t += w.mp.check.delay;
			must(t <= limit);
			finish(CHECK);
		}
	}
}

/* While nothing runs */
static void check_quiet(void)
{
	unsigned int i, queued = 0, blocked = w.mp.tx_blocked;

	for (i = 0; i < PACKETS; i++)
		queued += w.given[i] && !w.freed[i];
	must(queued == w.mp.txq.qlen);
	must(w.mp.tx_bytes == queued * (MCTP_PCC_TX_BUDGET / 2));
	if (!w.up) {
		must(!queued && !w.mp.turnaround.armed &&
		     !w.mp.check.work.queued);
		must(!w.mp.outbox.pcc && !w.mp.inbox.pcc);
		must(!w.requested[0] && !w.requested[1]);
		return;
	}
	must(w.mp.check.work.queued);
	must(!(blocked & MCTP_PCC_IN_FLIGHT) || (queued && w.mp.outbox.pcc));
	must(!(blocked & MCTP_PCC_TURNAROUND) || w.mp.turnaround.armed);
	must(blocked || !queued); /* no lost submit */
	must(!w.ndev.stopped || queued); /* no lost wake-up */
	recover();
}

/* FNV-1a, by words */
static void mix(unsigned long *hash, const void *from, size_t bytes)
{
	const unsigned long *word = from;

	for (; bytes >= 8; bytes -= 8, word++)
		*hash = ((*hash ^ *word) * 0x100000001b3UL) ^ (*hash >> 29);
}

static unsigned long hash_of_world(void)
{
	unsigned long hash = 0xcbf29ce484222325UL;
	unsigned int i;

	mix(&hash, &w, offsetof(struct world, context));
	for (i = 0; i < CONTEXTS; i++) {
		struct context *c = &w.context[i];
		char *sp = (char *)c->at.uc_mcontext.gregs[REG_RSP];

		hash = hash * 3 + c->running;
		if (!c->running)
			continue;
		mix(&hash, c->at.uc_mcontext.gregs, sizeof(gregset_t));
		mix(&hash, &c->wait, 8);
		mix(&hash, sp, c->stack + STACK - sp);
	}
	return hash | 1;
}

#define SLOTS BIT(25)
static unsigned long seen[SLOTS], states, steps;

static bool is_new(unsigned long hash)
{
	unsigned long i;

	for (i = hash % SLOTS; seen[i]; i = (i + 1) % SLOTS)
		if (seen[i] == hash)
			return false;
	seen[i] = hash;
	must(++states < SLOTS / 2);
	return true;
}

static void explore(void)
{
	struct world *here;
	bool any = false;
	int a;

	if (!is_new(hash_of_world()))
		return;
	here = malloc(sizeof(w));
	memcpy(here, &w, sizeof(w));
	if (!running()) {
		check_quiet();
		memcpy(&w, here, sizeof(w));
	}
	for (a = 0; a < ACTIONS; a++) {
		if (!enabled(a))
			continue;
		any |= a < CONTEXTS;
		path[depth++] = a;
		steps++;
		act(a);
		explore();
		depth--;
		memcpy(&w, here, sizeof(w));
	}
	must(any || !running()); /* no deadlock */
	free(here);
}

int main(int argc, char **argv)
{
	int i, *credit = (int *)&w.left;

	signal(SIGSEGV, crashed);
	overtake = argc > 1 && !strcmp(argv[1], "overtake");
	for (i = 1 + overtake; i < argc; i++)
		*credit++ = atoi(argv[i]);
	world_init();
	pass(0);
	explore();
	must(taken[XMIT] && taken[OUTBOX_IRQ] && taken[CHECK] &&
	     taken[COMPLETE]);
	must(!w.mp.outbox.turnaround || taken[TIMER]);
	printf("%lu states, %lu steps\n", states, steps);
	return 0;
}
