// SPDX-License-Identifier: GPL-2.0
/*
 * pcc_count.c - instructions per packet, measured from outside of the driver
 *
 * Copyright (C) 2026 The mctp-pcc authors
 *
 * Replaces pointers to functions by probes: operations of the net device and
 * the mailbox controller, the client's callbacks, the interrupt's handler. In
 * a guest whose clock counts instructions (QEMU, -icount shift=0) two reads of
 * the time stamp counter, or arm64's cycle counter, tell the number between
 * them. The least of each interval is kept, probes within it included.
 *
 * One processor, nothing else on these channels, no switch under traffic.
 *
 * Parameters, in /sys/module/pcc_count/parameters:
 *
 * outbox, inbox: subspaces of the link, given at load, when they must be free
 * on: write the name of a net device, or "bare" for pcc_bare.ko, to measure it
 *	from now on, and "off" to end that
 * figures: a line "NAME LEAST COUNT" for each interval that occurred:
 *	xmit: ndo_start_xmit, or the bare mailbox's, that rang the doorbell
 *	queue: ndo_start_xmit that did not, the channel being busy
 *	done: tx_done after which the channel is idle
 *	completion-to-doorbell: tx_done to the doorbell that it rang
 *	interrupt-to-doorbell: completion interrupt to that doorbell
 *	rx: rx_callback
 *	irq-in: the whole interrupt of the inbox
 */

#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/irq.h>
#include <linux/module.h>
#include <linux/netdevice.h>

#include <acpi/pcc.h>

#include "pcc_bare.h"

enum pcc_count_name {
	PCC_COUNT_XMIT, PCC_COUNT_QUEUE, PCC_COUNT_DONE,
	PCC_COUNT_DONE_DOORBELL, PCC_COUNT_IRQ_DOORBELL, PCC_COUNT_RX,
	PCC_COUNT_IRQ_IN, PCC_COUNT_MAX
};

static const char * const pcc_count_names[PCC_COUNT_MAX] = {
	"xmit", "queue", "done", "completion-to-doorbell",
	"interrupt-to-doorbell", "rx", "irq-in",
};

static int outbox = -1;
module_param(outbox, int, 0444);
MODULE_PARM_DESC(outbox, "type 3 subspace of the link");
static int inbox = -1;
module_param(inbox, int, 0444);
MODULE_PARM_DESC(inbox, "type 4 subspace of the link");

/* What is measured: @ndev, or @bare, or neither */
struct pcc_count {
	struct mbox_chan *out;
	struct mbox_chan *in;
	struct net_device *ndev;
	typeof(pcc_bare_submit) *bare;	/* the bare mailbox's function */
	bool active;			/* the probes are in */
	struct irqaction *out_action;
	struct irqaction *in_action;
	u64 least[PCC_COUNT_MAX];	/* instructions of an interval */
	u64 count[PCC_COUNT_MAX];	/* of intervals */
	u64 bell;			/* when the doorbell was rung last */
	bool rung;			/* since the inner interval began */

	/* what was there before, and a copy with one change */
	const struct net_device_ops *ndev_ops;
	const struct mbox_chan_ops *mbox_ops;
	struct mbox_chan_ops our_mbox_ops;
	typeof(pcc_bare_submit) submit;
	void (*tx_done)(struct mbox_client *cl, void *mssg, int rc);
	void (*rx_callback)(struct mbox_client *cl, void *mssg);
	irq_handler_t handler;
};

static struct pcc_count counter;

#ifdef CONFIG_ARM64
/* Of the PMU: the generic timer ticks but once in 16 instructions */
static u64 pcc_count_now(void)
{
	return read_sysreg(pmccntr_el0);
}

static void pcc_count_start_clock(void)
{
	write_sysreg(BIT(31), pmcntenset_el0);	/* the cycle counter */
	write_sysreg(read_sysreg(pmcr_el0) | BIT(0), pmcr_el0);	/* enable */
	isb();
}
#else
static u64 pcc_count_now(void)
{
	return rdtsc();
}

static void pcc_count_start_clock(void)
{
}
#endif

static void pcc_count_note(enum pcc_count_name name, u64 start, u64 end)
{
	if (!counter.count[name]++ || end - start < counter.least[name])
		counter.least[name] = end - start;
}

/* Interrupts are off in what follows: an interval contains no other one */
static int pcc_count_send_data(struct mbox_chan *chan, void *data)
{
	int rc = counter.mbox_ops->send_data(chan, data);

	if (chan == counter.out) {
		counter.bell = pcc_count_now();
		counter.rung = true;
	}

	return rc;
}

static netdev_tx_t pcc_count_start_xmit(struct sk_buff *skb,
					struct net_device *ndev)
{
	unsigned long flags;
	netdev_tx_t rc;
	u64 start, end;

	local_irq_save(flags);
	counter.rung = false;
	start = pcc_count_now();
	rc = counter.ndev_ops->ndo_start_xmit(skb, ndev);
	end = pcc_count_now();
	pcc_count_note(counter.rung ? PCC_COUNT_XMIT : PCC_COUNT_QUEUE, start,
		       end);
	local_irq_restore(flags);

	return rc;
}

/* Nobody opens or stops it in the meantime */
static const struct net_device_ops pcc_count_ndev_ops = {
	.ndo_start_xmit = pcc_count_start_xmit,
};

static void pcc_count_submit(void)
{
	unsigned long flags;
	u64 start, end;

	local_irq_save(flags);
	start = pcc_count_now();
	counter.submit();
	end = pcc_count_now();
	pcc_count_note(PCC_COUNT_XMIT, start, end);
	local_irq_restore(flags);
}

static void pcc_count_tx_done(struct mbox_client *client, void *mssg, int rc)
{
	u64 start, end;

	counter.rung = false;
	start = pcc_count_now();
	counter.tx_done(client, mssg, rc);
	end = pcc_count_now();
	if (counter.rung)
		pcc_count_note(PCC_COUNT_DONE_DOORBELL, start, counter.bell);
	else
		pcc_count_note(PCC_COUNT_DONE, start, end);
}

static void pcc_count_rx_callback(struct mbox_client *client, void *mssg)
{
	u64 start, end;

	start = pcc_count_now();
	counter.rx_callback(client, mssg);
	end = pcc_count_now();
	pcc_count_note(PCC_COUNT_RX, start, end);
}

static irqreturn_t pcc_count_irq(int irq, void *data)
{
	irqreturn_t rc;
	u64 start, end;

	counter.rung = false;
	start = pcc_count_now();
	rc = counter.handler(irq, data);
	end = pcc_count_now();
	if (data == counter.in)
		pcc_count_note(PCC_COUNT_IRQ_IN, start, end);
	else if (counter.rung)
		pcc_count_note(PCC_COUNT_IRQ_DOORBELL, start, counter.bell);

	return rc;
}

/* The interrupt that the PCC core requested for a channel */
static struct irqaction *pcc_count_action(struct mbox_chan *chan)
{
	struct irqaction *action;
	struct irq_data *data;
	unsigned int irq;

	for (irq = 0; irq < irq_get_nr_irqs(); irq++) {
		data = irq_get_irq_data(irq);
		action = data ? irq_data_to_desc(data)->action : NULL;
		if (action && action->dev_id == chan)
			return action;
	}

	return NULL;
}

static int pcc_count_find(const char *name)
{
	if (!strcmp(name, "bare")) {
		counter.bare = symbol_get(pcc_bare_submit);
		if (!counter.bare)
			return -ENODEV;
	} else {
		counter.ndev = dev_get_by_name(&init_net, name);
		if (!counter.ndev)
			return -ENODEV;
	}

	counter.out_action = pcc_count_action(counter.out);
	counter.in_action = pcc_count_action(counter.in);
	if (!counter.out->cl || !counter.in->cl || !counter.out_action ||
	    !counter.in_action)
		return -ENETDOWN;

	return 0;
}

static void pcc_count_put(void)
{
	if (counter.bare)
		symbol_put(pcc_bare_submit);
	if (counter.ndev)
		dev_put(counter.ndev);
	counter.bare = NULL;
	counter.ndev = NULL;
}

static void pcc_count_insert(void)
{
	unsigned long flags;

	local_irq_save(flags);
	memset(counter.count, 0, sizeof(counter.count));
	counter.active = true;
	if (counter.ndev) {
		counter.ndev_ops = counter.ndev->netdev_ops;
		counter.ndev->netdev_ops = &pcc_count_ndev_ops;
	} else {
		counter.submit = *counter.bare;
		*counter.bare = pcc_count_submit;
	}

	counter.mbox_ops = counter.out->mbox->ops;
	counter.our_mbox_ops = *counter.mbox_ops;
	counter.our_mbox_ops.send_data = pcc_count_send_data;
	counter.out->mbox->ops = &counter.our_mbox_ops;

	counter.tx_done = counter.out->cl->tx_done;
	counter.out->cl->tx_done = pcc_count_tx_done;
	counter.rx_callback = counter.in->cl->rx_callback;
	counter.in->cl->rx_callback = pcc_count_rx_callback;

	/* both are the PCC core's one handler */
	counter.handler = counter.out_action->handler;
	counter.out_action->handler = pcc_count_irq;
	counter.in_action->handler = pcc_count_irq;
	local_irq_restore(flags);
}

static void pcc_count_remove(void)
{
	unsigned long flags;

	if (!counter.active)
		return;

	local_irq_save(flags);
	counter.active = false;
	counter.in_action->handler = counter.handler;
	counter.out_action->handler = counter.handler;
	counter.in->cl->rx_callback = counter.rx_callback;
	counter.out->cl->tx_done = counter.tx_done;
	counter.out->mbox->ops = counter.mbox_ops;
	if (counter.ndev)
		counter.ndev->netdev_ops = counter.ndev_ops;
	else
		*counter.bare = counter.submit;
	local_irq_restore(flags);
	pcc_count_put();
}

static int pcc_count_on(const char *val, const struct kernel_param *kp)
{
	char name[IFNAMSIZ];
	int rc;

	if (!counter.out)
		return -ENODEV;

	strscpy(name, val, sizeof(name));
	pcc_count_remove();
	if (sysfs_streq(val, "off"))
		return 0;

	rc = pcc_count_find(strim(name));
	if (rc)
		pcc_count_put();
	else
		pcc_count_insert();

	return rc;
}

static const struct kernel_param_ops pcc_count_on_ops = { .set = pcc_count_on };
module_param_cb(on, &pcc_count_on_ops, NULL, 0200);
MODULE_PARM_DESC(on, "net device to measure, or bare, or off");

static int pcc_count_figures(char *buf, const struct kernel_param *kp)
{
	unsigned int i;
	int len = 0;

	for (i = 0; i < PCC_COUNT_MAX; i++)
		if (counter.count[i])
			len += sysfs_emit_at(buf, len, "%s %llu %llu\n",
					     pcc_count_names[i],
					     counter.least[i],
					     counter.count[i]);

	return len;
}

static const struct kernel_param_ops pcc_count_figures_ops = {
	.get = pcc_count_figures,
};
module_param_cb(figures, &pcc_count_figures_ops, NULL, 0444);
MODULE_PARM_DESC(figures, "least and count of each interval");

/* The core tells its channels to clients only, so be one for a moment */
static struct mbox_chan *pcc_count_visit(int index)
{
	struct mbox_client client = {};
	struct pcc_mbox_chan *pcc;
	struct mbox_chan *chan;
	void __iomem *shmem;

	pcc = pcc_mbox_request_channel(&client, index);
	if (IS_ERR(pcc))
		return ERR_CAST(pcc);

	chan = pcc->mchan;
	shmem = pcc->shmem;
	mbox_free_channel(chan);
	iounmap(shmem);

	return chan;
}

static int __init pcc_count_init(void)
{
	struct mbox_chan *out = pcc_count_visit(outbox);
	struct mbox_chan *in = pcc_count_visit(inbox);

	if (IS_ERR(out))
		return PTR_ERR(out);
	if (IS_ERR(in))
		return PTR_ERR(in);

	counter.in = in;
	counter.out = out;
	pcc_count_start_clock();

	return 0;
}
module_init(pcc_count_init);

static void __exit pcc_count_exit(void)
{
	pcc_count_remove();
}
module_exit(pcc_count_exit);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("The mctp-pcc authors");
MODULE_DESCRIPTION("Instructions per packet of an MCTP link over PCC");
