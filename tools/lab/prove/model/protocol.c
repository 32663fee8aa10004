// SPDX-License-Identifier: GPL-2.0
/*
 * Copyright (C) 2026 The mctp-pcc authors
 *
 * All interleavings of transmit path, interrupts, timer, check, open and stop
 * with a platform that completes late, twice or never. What each context does
 * is the driver's or the core's own function, see run().
 */
#include "world.h"

/* Context after context: what each does from its start to its end */
static void give(int i)
{
	w.skb[i].len = MCTP_PCC_TX_BUDGET / 2;
	w.given[i] = 1;
	mctp_pcc_start_xmit(&w.skb[i], &w.ndev);
}

static void run(void)
{
	int me = self, i;

	switch (me) {
	case XMIT:
		for (i = 0; w.given[i]; i++)
			;
		give(i);
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

static bool running(void)
{
	int i;

	for (i = 0; i < CONTEXTS && !w.context[i].running; i++)
		;
	return i < CONTEXTS;
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
	w.owned = w.reg[0] ? 0 : min(w.owned + by, MCTP_PCC_TX_TIMEOUT);
}

static void start(int a)
{
	struct context *c = &w.context[a];

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
	memset(c, 0, sizeof(*c));
	c->running = 1;
	getcontext(&c->at);
	c->at.uc_stack.ss_sp = c->stack;
	c->at.uc_stack.ss_size = STACK;
	makecontext(&c->at, run, 0);
}

static void act(int a)
{
	taken[a]++;
	if (a < CONTEXTS) {
		if (!w.context[a].running)
			start(a);
		self = a;
		swift = false;
		swapcontext(&scheduler, &w.context[a].at);
		self = -1;
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
	act(a);
	while (w.context[a].running) {
		must(enabled(a));
		act(a);
	}
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
		if (offered && w.freed[PROBE])
			offered = false;
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
	unsigned int i, held = 0, blocked = w.mp.tx_blocked;

	for (i = 0; i < PACKETS; i++)
		held += w.given[i] && !w.freed[i];
	must(held == w.mp.txq.qlen);
	must(w.mp.tx_bytes == held * (MCTP_PCC_TX_BUDGET / 2));
	if (!w.up) {
		must(!held && !w.mp.turnaround.armed &&
		     !w.mp.check.work.queued);
		must(!w.mp.outbox.pcc && !w.mp.inbox.pcc);
		must(!w.requested[0] && !w.requested[1]);
		return;
	}
	must(w.mp.check.work.queued);
	must(!(blocked & MCTP_PCC_IN_FLIGHT) || (held && w.mp.outbox.pcc));
	must(!(blocked & MCTP_PCC_TURNAROUND) || w.mp.turnaround.armed);
	must(blocked || !held); /* no lost submit */
	must(!w.ndev.stopped || held); /* no lost wake-up */
	recover();
}

int main(int argc, char **argv)
{
	int i, *credit = (int *)&w.left;

	signal(SIGSEGV, crashed);
	overtake = argc > 1 && !strcmp(argv[1], "overtake");
	for (i = 1 + overtake; i < argc; i++)
		*credit++ = atoi(argv[i]);
	chan_info = w.info;
	w.mp.outbox.turnaround = w.left.turnaround;
	w.reg[0] = 1;
	w.reg[1] = 1;
	w.ndev.priv = &w.mp;
	w.ndev.mtu = SZ_64K;
	w.mp.ndev = &w.ndev;
	w.mp.outbox.client.tx_done = mctp_pcc_tx_done;
	w.mp.inbox.client.rx_callback = mctp_pcc_rx_callback;
	__skb_queue_head_init(&w.mp.txq);
	for (i = 0; i < 2; i++) {
		struct mctp_pcc_chan *chan = i ? &w.mp.inbox : &w.mp.outbox;
		struct pcc_chan_info *info = &w.info[i];

		chan->index = i;
		chan->base = i;
		chan->size = sizeof(w.shmem[i]);
		chan->client.dev = &device;
		chan->complete_mask = 1;
		chan->complete.address = (u64)&w.reg[i];
		info->chan.shmem_base_addr = i;
		info->chan.shmem_size = chan->size;
		info->chan.mchan = &w.chan[i];
		info->type = i ? ACPI_PCCT_TYPE_EXT_PCC_SLAVE_SUBSPACE :
				 ACPI_PCCT_TYPE_EXT_PCC_MASTER_SUBSPACE;
		info->plat_irq = 1;
		info->cmd_complete =
			(struct pcc_chan_reg){ &w.reg[i], gas, 0, 0, 1 };
		info->cmd_update =
			(struct pcc_chan_reg){ &w.reg[i], gas, ~1UL, i, 0 };
		if (!i)
			info->db.gas = gas;
		w.chan[i].mbox = &controller;
		w.chan[i].con_priv = info;
		w.chan[i].txdone_method = MBOX_TXDONE_BY_IRQ;
	}
	pass(0);
	explore();
	must(taken[XMIT] && taken[OUTBOX_IRQ] && taken[CHECK] &&
	     taken[COMPLETE]);
	must(!w.mp.outbox.turnaround || taken[TIMER]);
	printf("%lu states, %lu steps\n", states, steps);
	return 0;
}
