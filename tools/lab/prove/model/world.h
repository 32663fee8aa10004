/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Copyright (C) 2026 The mctp-pcc authors
 *
 * The world that protocol.c explores: the driver and the mailbox core (their
 * own functions, in driver.c and core.c), and stand-ins for what they call of
 * the kernel. Each context has a stack here; it stops at each lock and
 * register, and where it waits.
 */
#define _GNU_SOURCE
#include <signal.h>
#include "standins.h"
#include <ucontext.h>
#include "kernel.h"

static struct pcc_chan_info *chan_info;
static int pcc_chan_count = 2;
static int devm_request_irq(struct device *dev, int irq, void *handler,
			    int flags, const char *name, void *chan);
static void devm_free_irq(struct device *dev, int irq, void *chan);
/* What is in a packet has no part in the protocol, and none is received. */
#define memcpy_toio(...)
#define memcpy_fromio(...)
#define __netdev_alloc_skb(...)	NULL
#define skb_put(skb, ...)	((skb)->data)
#define netif_rx(...)
#include "core.c"
#include "driver.c"

enum {
	XMIT, OUTBOX_IRQ, INBOX_IRQ, TIMER, CHECK, ADMIN, CONTEXTS,
	COMPLETE = CONTEXTS, SEND, FAULT, TAKE, ACTIONS
};

static const char *const names[] = {
	"xmit", "outbox irq", "inbox irq", "timer", "check", "admin",
	"platform completes", "platform sends", "doorbell will fail",
	"other client"
};

#define PACKETS 8
#define STACK 4096
#define PROBE (PACKETS - 1)

/* What may happen, and how often: the scenario */
struct credits {
	int packets, irqs, opens, sends, faults, takes, turnaround;
};

static struct world {
	struct mctp_pcc mp;
	struct net_device ndev;
	struct mbox_chan chan[2];
	struct pcc_chan_info info[2];
	struct credits left;
	u32 reg[2]; /* command complete, of outbox and inbox */
	int edges; /* interrupts of the inbox that may come */
	int commands; /* that the platform has yet to do */
	int busy; /* it has had the outbox for so long, jiffies */
	bool requested[2], up, fault;
	struct sk_buff skb[PACKETS];
	u8 given[PACKETS], freed[PACKETS];
	u8 shmem[2][256];
	struct context {
		u8 running;
		u8 looked; /* at command complete */
		u8 *wait; /* not before this is 0 */
		ucontext_t at;
		char stack[STACK] __aligned(16);
	} context[CONTEXTS];
} w;

unsigned long jiffies = 1UL << 40;
static struct device device = { .driver = (void *)&device };
static struct mbox_chan_ops ops = { pcc_send_data, NULL, pcc_startup,
				    pcc_shutdown, pcc_last_tx_done };
static struct mbox_controller controller = { .dev = &device, .ops = &ops };
static struct acpi_generic_address gas = { .bit_width = 32 };
static struct mbox_client stranger;
static bool confirmed; /* the last skb that was freed */
static bool overtake; /* without that assumption */

static ucontext_t scheduler;
static int self = -1; /* the context that runs */
static bool swift; /* it is not overtaken until it has txq.lock */

static void violation(const char *what);

#define must(x) ((x) ? (void)0 : violation(#x))

/* Anything may happen here. With a flag: until it is 0 */
static void point(u8 *wait)
{
	if (self < 0 || (swift && !(wait && *wait)))
		return;
	w.context[self].wait = wait;
	swapcontext(&w.context[self].at, &scheduler);
}

/* Any context */
static bool running(void)
{
	int i;

	for (i = 0; i < CONTEXTS && !w.context[i].running; i++)
		;
	return i < CONTEXTS;
}

static void context_start(struct context *c, void (*function)(void))
{
	memset(c, 0, sizeof(*c));
	c->running = 1;
	getcontext(&c->at);
	c->at.uc_stack.ss_sp = c->stack;
	c->at.uc_stack.ss_size = STACK;
	makecontext(&c->at, function, 0);
}

/* Until its next point(), or its end */
static void context_resume(int i)
{
	self = i;
	swift = false;
	swapcontext(&scheduler, &w.context[i].at);
	self = -1;
}

void spin_take(spinlock_t *lock)
{
	point(&lock->locked);
	must(!lock->locked);
	lock->locked = 1;
	swift &= lock != &w.mp.txq.lock;
}

void spin_drop(spinlock_t *lock)
{
	must(lock->locked);
	lock->locked = 0;
}

static void wait_for(int context)
{
	point(&w.context[context].running);
}

/* The registers, and the memory of the outbox, which is the platform's
 * meanwhile. No packet is submitted between the core's look at command
 * complete and tx_done.
 */
u32 readl(const void *addr)
{
	bool look = self == OUTBOX_IRQ && !overtake && !w.context[self].looked;

	if (addr != &w.reg[0] && addr != &w.reg[1])
		return *(const u32 *)addr;
	if (look || !w.chan[addr == &w.reg[1]].lock.locked)
		point(look ? &w.mp.txq.lock.locked : NULL);
	if (look) {
		w.context[self].looked = 1;
		swift = w.reg[0];
	}
	return *(const u32 *)addr;
}

void writel(u32 val, void *addr)
{
	if (addr == &w.reg[0]) {
		point(NULL);
		if (w.reg[0] && !val)
			w.busy = 0;
	} else if (addr == w.shmem[0]) {
		must(w.reg[0] || w.busy >= MCTP_PCC_TX_TIMEOUT);
	}
	*(u32 *)addr = val;
}

/* The doorbell of the outbox is the only register that acpi_write() is for */
acpi_status acpi_write(u64 value, struct acpi_generic_address *reg)
{
	point(NULL);
	if (w.fault) {
		w.fault = false;
		return AE_BAD_ADDRESS;
	}
	w.commands = min(w.commands + 1, 2);
	return AE_OK;
}

acpi_status acpi_read(u64 *value, struct acpi_generic_address *reg)
{
	*value = reg->address ? readl((void *)reg->address) : 0;
	return AE_OK;
}

static int devm_request_irq(struct device *dev, int irq, void *handler,
			    int flags, const char *name, void *chan)
{
	w.requested[chan == &w.chan[1]] = true;
	return 0;
}

static void devm_free_irq(struct device *dev, int irq, void *chan)
{
	w.requested[chan == &w.chan[1]] = false;
	wait_for(chan == &w.chan[1] ? INBOX_IRQ : OUTBOX_IRQ);
}

void *acpi_os_ioremap(u64 base, u64 size)
{
	return w.shmem[base];
}

void hrtimer_start(struct hrtimer *timer, ktime_t time, int mode)
{
	timer->armed = true;
}

void hrtimer_cancel(struct hrtimer *timer)
{
	timer->armed = false;
	wait_for(TIMER);
	must(!timer->armed);
}

void queue_work_in(struct delayed_work *work, unsigned long delay)
{
	work->work.queued = true;
	work->delay = delay;
}

/* The work queues itself again: it does not while this waits */
void cancel_delayed_work_sync(struct delayed_work *work)
{
	wait_for(CHECK);
	work->work.queued = false;
}

void dev_kfree_skb_any_reason(struct sk_buff *skb, enum skb_drop_reason reason)
{
	int i = skb - w.skb;

	must(w.given[i] && !w.freed[i]);
	must(!skb->next);
	w.freed[i] = 1;
	confirmed = reason == SKB_CONSUMED;
	skb->len = 0;
}

/* A link that is down, on two channels of the mailbox core */
static void world_init(void)
{
	int i;

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
			(struct pcc_chan_reg){ &w.reg[i], &gas, 0, 0, 1 };
		info->cmd_update =
			(struct pcc_chan_reg){ &w.reg[i], &gas, ~1UL, i, 0 };
		if (!i)
			info->db.gas = &gas;
		w.chan[i].mbox = &controller;
		w.chan[i].con_priv = info;
		w.chan[i].txdone_method = MBOX_TXDONE_BY_IRQ;
	}
}
