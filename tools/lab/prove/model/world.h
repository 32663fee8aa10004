/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Copyright (C) 2026 The mctp-pcc authors
 *
 * The world that protocol.c explores: the driver and the mailbox core (their
 * own functions, in driver.c and core.c), and what the kernel and the platform
 * do for them. Each context has a stack here; it stops at each lock and
 * register.
 */
#define _GNU_SOURCE
#include "standins.h"
#include <ucontext.h>
#include "kernel.h"

static struct pcc_chan_info *chan_info;
static int pcc_chan_count = 2;
static int devm_request_irq(struct device *dev, int irq, void *handler,
			    int flags, const char *name, void *chan);
static void devm_free_irq(struct device *dev, int irq, void *chan);
#include "core.c"
#include "driver.c"

enum {
	XMIT,
	OUTBOX_IRQ,
	INBOX_IRQ,
	TIMER,
	CHECK,
	ADMIN,
	CONTEXTS,
	COMPLETE = CONTEXTS,
	SEND,
	FAULT,
	TAKE,
	ACTIONS
};

static const char *const names[] = {
	"xmit",
	"outbox irq",
	"inbox irq",
	"timer",
	"check",
	"admin",
	"platform completes",
	"platform sends",
	"doorbell will fail",
	"other client",
};

#define PACKETS 8
#define STACK 4096
#define OLDEST (31 * HZ)
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
	int owned; /* it has had the outbox for so long, jiffies */
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
int init_net;
static struct device device = { .driver = (void *)&device };
static struct mbox_chan_ops ops = { pcc_send_data, NULL, pcc_startup,
				    pcc_shutdown, pcc_last_tx_done };
static struct mbox_controller controller = { .dev = &device, .ops = &ops };
static struct acpi_generic_address gas[3] = { { .bit_width = 32 },
					      { .bit_width = 32 },
					      { .bit_width = 32 } };
static struct mbox_client stranger;
static bool confirmed; /* the last skb that was freed */
static bool overtake; /* without that assumption */

#include "explore.h"

void spin_take(spinlock_t *lock)
{
	point(&lock->held);
	must(!lock->held);
	lock->held = 1;
	swift &= lock != &w.mp.txq.lock;
}

void spin_drop(spinlock_t *lock)
{
	must(lock->held);
	lock->held = 0;
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
	if (look || !w.chan[addr == &w.reg[1]].lock.held)
		point(look ? &w.mp.txq.lock.held : NULL);
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
			w.owned = 0;
	} else if (addr == w.shmem[0]) {
		must(w.reg[0] || w.owned >= MCTP_PCC_TX_TIMEOUT);
	}
	*(u32 *)addr = val;
}

void memcpy_toio(void *to, const void *from, size_t n)
{
}

void memcpy_fromio(void *to, const void *from, size_t n)
{
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

void iounmap(void *addr)
{
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

long round_jiffies_relative(long delay)
{
	return delay;
}

struct sk_buff *__netdev_alloc_skb(struct net_device *net, unsigned int len,
				   int gfp)
{
	return NULL;
}

void *skb_put(struct sk_buff *skb, unsigned int len)
{
	return skb->data;
}

int netif_rx(struct sk_buff *skb)
{
	return 0;
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
