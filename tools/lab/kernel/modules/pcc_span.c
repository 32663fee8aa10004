// SPDX-License-Identifier: GPL-2.0
/*
 * pcc_span.c - instructions per packet, measured from outside of the driver
 *
 * Copyright (C) 2026 The mctp-pcc authors
 *
 * Gets in between wherever one part calls another by a pointer: the operations
 * of the net device, the callbacks of a mailbox client, the operations of the
 * mailbox controller, the interrupt's handler. In a guest whose clock counts
 * instructions (QEMU, -icount shift=0) the difference of two reads of the time
 * stamp counter, or of arm64's cycle counter, is the number of instructions
 * between them, the same each time. Of each span the least is kept: some calls
 * have more to do than others, such as arming a timer. Figures contain the few
 * instructions of the probes that lie within a span.
 *
 * For the lab's guests only: one processor, nothing else on these channels, and
 * not unloaded or switched while traffic runs.
 *
 * Parameters, in /sys/module/pcc_span/parameters:
 *
 * outbox, inbox: subspaces of the link, given at load, when they must be free
 * on: write the name of a net device, or "raw" for pcc_raw.ko, to measure it
 *	from now on, and "off" to end that
 * figures: a line "NAME LEAST COUNT" for each span that occurred:
 *	xmit: ndo_start_xmit, or the raw module's, that rang the doorbell
 *	queue: ndo_start_xmit that did not, the channel being busy
 *	done: tx_done after which the channel is idle
 *	done-to-bell: tx_done to the doorbell that it rang
 *	irq-to-bell: completion interrupt to that doorbell
 *	rx: rx_callback
 *	irq-in: the whole interrupt of the inbox
 */

#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/irq.h>
#include <linux/module.h>
#include <linux/netdevice.h>

#include <acpi/pcc.h>

#include "pcc_raw.h"

enum pcc_span_name {
	PCC_SPAN_XMIT,
	PCC_SPAN_QUEUE,
	PCC_SPAN_DONE,
	PCC_SPAN_DONE_TO_BELL,
	PCC_SPAN_IRQ_TO_BELL,
	PCC_SPAN_RX,
	PCC_SPAN_IRQ_IN,
	PCC_SPAN_MAX
};

static const char * const pcc_span_names[] = {
	"xmit", "queue", "done", "done-to-bell", "irq-to-bell", "rx", "irq-in",
};

static int outbox = -1;
module_param(outbox, int, 0444);
MODULE_PARM_DESC(outbox, "type 3 subspace of the link");
static int inbox = -1;
module_param(inbox, int, 0444);
MODULE_PARM_DESC(inbox, "type 4 subspace of the link");

/**
 * struct pcc_span - what is measured, and what was there before
 * @out: mailbox channel of the outbox
 * @in: mailbox channel of the inbox
 * @ndev: the net device, NULL: the raw module or nothing
 * @raw: the raw module's function, NULL: a net device or nothing
 * @active: the probes are in
 * @out_action: the outbox's interrupt
 * @in_action: the inbox's interrupt
 * @least: of each span, instructions
 * @count: of each span
 * @bell: when the doorbell was rung last
 * @rung: ... since the innermost span began
 */
struct pcc_span {
	struct mbox_chan *out;
	struct mbox_chan *in;
	struct net_device *ndev;
	typeof(pcc_raw_submit) *raw;
	bool active;
	struct irqaction *out_action;
	struct irqaction *in_action;
	u64 least[PCC_SPAN_MAX];
	u64 count[PCC_SPAN_MAX];
	u64 bell;
	bool rung;

	/* what was there before, and a copy with one change */
	const struct net_device_ops *ndev_ops;
	const struct mbox_chan_ops *mbox_ops;
	struct mbox_chan_ops our_mbox_ops;
	typeof(pcc_raw_submit) submit;
	void (*tx_done)(struct mbox_client *cl, void *mssg, int rc);
	void (*rx_callback)(struct mbox_client *cl, void *mssg);
	irq_handler_t handler;
};

static struct pcc_span span;

#ifdef CONFIG_ARM64
/* Of the PMU: the generic timer ticks but once in 16 instructions */
static u64 pcc_span_now(void)
{
	return read_sysreg(pmccntr_el0);
}

static void pcc_span_start_clock(void)
{
	write_sysreg(BIT(31), pmcntenset_el0);	/* the cycle counter */
	write_sysreg(read_sysreg(pmcr_el0) | BIT(0), pmcr_el0);	/* enable */
	isb();
}
#else
static u64 pcc_span_now(void)
{
	return rdtsc();
}

static void pcc_span_start_clock(void)
{
}
#endif

static void pcc_span_note(enum pcc_span_name name, u64 start, u64 end)
{
	if (!span.count[name]++ || end - start < span.least[name])
		span.least[name] = end - start;
}

/* Interrupts are off in what follows, or there would be more in a span than
 * what it is named for.
 */
static int pcc_span_send_data(struct mbox_chan *chan, void *data)
{
	int rc = span.mbox_ops->send_data(chan, data);

	if (chan == span.out) {
		span.bell = pcc_span_now();
		span.rung = true;
	}

	return rc;
}

static netdev_tx_t pcc_span_start_xmit(struct sk_buff *skb,
				       struct net_device *ndev)
{
	unsigned long flags;
	netdev_tx_t rc;
	u64 start, end;

	local_irq_save(flags);
	span.rung = false;
	start = pcc_span_now();
	rc = span.ndev_ops->ndo_start_xmit(skb, ndev);
	end = pcc_span_now();
	pcc_span_note(span.rung ? PCC_SPAN_XMIT : PCC_SPAN_QUEUE, start, end);
	local_irq_restore(flags);

	return rc;
}

/* Nobody opens or stops it in the meantime */
static const struct net_device_ops pcc_span_ndev_ops = {
	.ndo_start_xmit = pcc_span_start_xmit,
};

static void pcc_span_submit(void)
{
	unsigned long flags;
	u64 start, end;

	local_irq_save(flags);
	start = pcc_span_now();
	span.submit();
	end = pcc_span_now();
	pcc_span_note(PCC_SPAN_XMIT, start, end);
	local_irq_restore(flags);
}

static void pcc_span_tx_done(struct mbox_client *client, void *mssg, int rc)
{
	u64 start, end;

	span.rung = false;
	start = pcc_span_now();
	span.tx_done(client, mssg, rc);
	end = pcc_span_now();
	if (span.rung)
		pcc_span_note(PCC_SPAN_DONE_TO_BELL, start, span.bell);
	else
		pcc_span_note(PCC_SPAN_DONE, start, end);
}

static void pcc_span_rx_callback(struct mbox_client *client, void *mssg)
{
	u64 start, end;

	start = pcc_span_now();
	span.rx_callback(client, mssg);
	end = pcc_span_now();
	pcc_span_note(PCC_SPAN_RX, start, end);
}

static irqreturn_t pcc_span_irq(int irq, void *data)
{
	irqreturn_t rc;
	u64 start, end;

	span.rung = false;
	start = pcc_span_now();
	rc = span.handler(irq, data);
	end = pcc_span_now();
	if (data == span.in)
		pcc_span_note(PCC_SPAN_IRQ_IN, start, end);
	else if (span.rung)
		pcc_span_note(PCC_SPAN_IRQ_TO_BELL, start, span.bell);

	return rc;
}

/* The interrupt that the PCC core requested for a channel */
static struct irqaction *pcc_span_action(struct mbox_chan *chan)
{
	struct irq_data *data;
	struct irq_desc *desc;
	unsigned int irq;

	for (irq = 0; irq < irq_get_nr_irqs(); irq++) {
		data = irq_get_irq_data(irq);
		if (!data)
			continue;
		desc = irq_data_to_desc(data);
		if (desc->action && desc->action->dev_id == chan)
			return desc->action;
	}

	return NULL;
}

static int pcc_span_find(const char *name)
{
	if (!strcmp(name, "raw")) {
		span.raw = symbol_get(pcc_raw_submit);
		if (!span.raw)
			return -ENODEV;
	} else {
		span.ndev = dev_get_by_name(&init_net, name);
		if (!span.ndev)
			return -ENODEV;
	}

	span.out_action = pcc_span_action(span.out);
	span.in_action = pcc_span_action(span.in);
	if (!span.out->cl || !span.in->cl || !span.out_action ||
	    !span.in_action)
		return -ENETDOWN;

	return 0;
}

static void pcc_span_put(void)
{
	if (span.raw)
		symbol_put(pcc_raw_submit);
	if (span.ndev)
		dev_put(span.ndev);
	span.raw = NULL;
	span.ndev = NULL;
}

static void pcc_span_insert(void)
{
	unsigned long flags;

	local_irq_save(flags);
	memset(span.count, 0, sizeof(span.count));
	span.active = true;
	if (span.ndev) {
		span.ndev_ops = span.ndev->netdev_ops;
		span.ndev->netdev_ops = &pcc_span_ndev_ops;
	} else {
		span.submit = *span.raw;
		*span.raw = pcc_span_submit;
	}

	span.mbox_ops = span.out->mbox->ops;
	span.our_mbox_ops = *span.mbox_ops;
	span.our_mbox_ops.send_data = pcc_span_send_data;
	span.out->mbox->ops = &span.our_mbox_ops;

	span.tx_done = span.out->cl->tx_done;
	span.out->cl->tx_done = pcc_span_tx_done;
	span.rx_callback = span.in->cl->rx_callback;
	span.in->cl->rx_callback = pcc_span_rx_callback;

	/* both are the PCC core's one handler */
	span.handler = span.out_action->handler;
	span.out_action->handler = pcc_span_irq;
	span.in_action->handler = pcc_span_irq;
	local_irq_restore(flags);
}

/* Counterpart of pcc_span_insert() */
static void pcc_span_remove(void)
{
	unsigned long flags;

	if (!span.active)
		return;

	local_irq_save(flags);
	span.active = false;
	span.in_action->handler = span.handler;
	span.out_action->handler = span.handler;
	span.in->cl->rx_callback = span.rx_callback;
	span.out->cl->tx_done = span.tx_done;
	span.out->mbox->ops = span.mbox_ops;
	if (span.ndev)
		span.ndev->netdev_ops = span.ndev_ops;
	else
		*span.raw = span.submit;
	local_irq_restore(flags);
	pcc_span_put();
}

static int pcc_span_on(const char *val, const struct kernel_param *kp)
{
	char name[IFNAMSIZ];
	int rc;

	if (!span.out)
		return -ENODEV;

	strscpy(name, val, sizeof(name));
	pcc_span_remove();
	if (sysfs_streq(val, "off"))
		return 0;

	rc = pcc_span_find(strim(name));
	if (rc)
		pcc_span_put();
	else
		pcc_span_insert();

	return rc;
}

static const struct kernel_param_ops pcc_span_on_ops = {
	.set = pcc_span_on,
};
module_param_cb(on, &pcc_span_on_ops, NULL, 0200);
MODULE_PARM_DESC(on, "net device to measure, or raw, or off");

static int pcc_span_figures(char *buf, const struct kernel_param *kp)
{
	unsigned int i;
	int len = 0;

	for (i = 0; i < PCC_SPAN_MAX; i++)
		if (span.count[i])
			len += sysfs_emit_at(buf, len, "%s %llu %llu\n",
					     pcc_span_names[i], span.least[i],
					     span.count[i]);

	return len;
}

static const struct kernel_param_ops pcc_span_figures_ops = {
	.get = pcc_span_figures,
};
module_param_cb(figures, &pcc_span_figures_ops, NULL, 0444);
MODULE_PARM_DESC(figures, "least and count of each span");

/* The core tells its channels to clients only, so be one for a moment */
static struct mbox_chan *pcc_span_visit(int index)
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

static int __init pcc_span_init(void)
{
	struct mbox_chan *out, *in;

	BUILD_BUG_ON(ARRAY_SIZE(pcc_span_names) != PCC_SPAN_MAX);

	out = pcc_span_visit(outbox);
	if (IS_ERR(out))
		return PTR_ERR(out);

	in = pcc_span_visit(inbox);
	if (IS_ERR(in))
		return PTR_ERR(in);

	span.in = in;
	span.out = out;
	pcc_span_start_clock();

	return 0;
}
module_init(pcc_span_init);

static void __exit pcc_span_exit(void)
{
	pcc_span_remove();
}
module_exit(pcc_span_exit);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("The mctp-pcc authors");
MODULE_DESCRIPTION("Instructions per packet of an MCTP link over PCC");
