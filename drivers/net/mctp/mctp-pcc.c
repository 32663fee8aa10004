// SPDX-License-Identifier: GPL-2.0
/*
 * mctp-pcc.c - MCTP over ACPI Platform Communication Channels (DMTF DSP0292).
 *
 * DSP0292 is available at:
 * https://www.dmtf.org/sites/default/files/standards/documents/DSP0292_1.0.0.pdf
 *
 * Copyright (C) 2026 The mctp-pcc authors
 */

#include <linux/acpi.h>
#include <linux/ethtool.h>
#include <linux/hrtimer.h>
#include <linux/if_arp.h>
#include <linux/io.h>
#include <linux/iopoll.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/platform_device.h>

#include <acpi/pcc.h>
#include <kunit/static_stub.h>
#include <net/mctp.h>
#include <net/mctpdevice.h>

/* DSP0292: the bytes 'M', 'C', 'T', 'P' in memory order */
#define MCTP_PCC_COMMAND	0x5054434d

/* DSP0236, baseline transmission unit: 64 bytes of payload and the header */
#define MCTP_PCC_MIN_MTU	(64 + sizeof(struct mctp_hdr))
#define MCTP_PCC_HDR_LEN	sizeof(struct acpi_pcct_ext_pcc_shared_memory)

/* The length field counts the command word and the packet (ACPI 14.3) */
#define MCTP_PCC_CMD_LEN	sizeof(u32)

/* Packets accepted and not completed, the one in the mailbox among them. Not
 * only a few, with the rest in the qdisc: AF_MCTP queues all fragments of a
 * message in one loop that never waits, 1,024 for 64 KiB at the minimum MTU,
 * for up to 8 tags per peer. That stands in the queue for longer than fq_codel,
 * the default on many machines, lets anything stand, and one fragment dropped
 * there costs the message.
 */
#define MCTP_PCC_TXQ_LEN	(8 * 1024)

/* One wake for half a queue. One for each completion would cost a packet 100
 * instructions more, a lower threshold saves none, and the other half goes out
 * until the wake takes effect.
 */
#define MCTP_PCC_TXQ_WAKE	(MCTP_PCC_TXQ_LEN / 2)

/* As much again, for peers behind a bridge */
#define MCTP_PCC_QDISC_LEN	MCTP_PCC_TXQ_LEN

/* Four bits of the destination, tag owner and tag */
#define MCTP_PCC_FLOWS		256

/* A transfer is late after this many nominal latencies, the factor that the
 * other PCC clients use, within bounds: tables say 0 and 0xffffffff.
 */
#define MCTP_PCC_LATE_FACTOR	500
#define MCTP_PCC_LATE_MIN_MS	100
#define MCTP_PCC_LATE_MAX_MS	1000

/* A transfer is given up after this many deadlines */
#define MCTP_PCC_HARD_FACTOR	8

/* After so many transfers given up in a row the platform counts as dead: what
 * waits is dropped, and one packet at a time tries it, ever more rarely.
 */
#define MCTP_PCC_DEAD_STRIKES	3
#define MCTP_PCC_DEAD_BACKOFF	6

/* No table means more than this by its turnaround time, microseconds */
#define MCTP_PCC_REST_MAX_US	USEC_PER_SEC

/* How often to look at a buffer that should change hands any moment, and at an
 * idle link's inbox
 */
#define MCTP_PCC_POLL_MS	10
#define MCTP_PCC_IDLE_POLL_MS	1000

/**
 * struct mctp_pcc_subspace - what the PCCT says about one channel
 * @index: position in the PCCT, the number that _CRS names
 * @base: physical address of the shared memory
 * @size: bytes of shared memory, header included
 * @latency: nominal latency of a command, microseconds
 * @turnaround: least time from a completion to the next command, microseconds
 * @complete: the command complete check register (ACPI 14.1.6)
 * @complete_mask: its command complete bit
 */
struct mctp_pcc_subspace {
	u32 index;
	u64 base;
	u32 size;
	u32 latency;
	u32 turnaround;
	struct acpi_generic_address complete;
	u64 complete_mask;
};

/**
 * struct mctp_pcc_chan - one PCC channel
 * @sub: set at probe, constant afterwards
 * @shmem: our own mapping of the shared memory, from probe to remove
 * @client: what the mailbox core calls back, between request and free
 * @pcc: the channel while it is ours, otherwise NULL. The outbox's is protected
 *	by the transmit lock; the inbox's belongs to whoever opens, stops or
 *	watches the link, which exclude each other
 *
 * The core maps the memory anew for each request, and has its interrupt live
 * both before the request returns and after the free has unmapped. A mapping
 * of our own outlives all that.
 */
struct mctp_pcc_chan {
	struct mctp_pcc_subspace sub;
	void __iomem *shmem;
	struct mbox_client client;
	struct pcc_mbox_chan *pcc;
};

/**
 * enum mctp_pcc_tx_state - who may write to the outbox
 * @MCTP_PCC_TX_IDLE: the driver; nothing is in the mailbox core
 * @MCTP_PCC_TX_BUSY: the platform; the head of the queue is in the core
 * @MCTP_PCC_TX_REST: nobody, until the turnaround time has passed
 * @MCTP_PCC_TX_OWNED: the platform, with a command that nobody waits for: from
 *	before the link came up, or given up and the platform dead
 */
enum mctp_pcc_tx_state {
	MCTP_PCC_TX_IDLE,
	MCTP_PCC_TX_BUSY,
	MCTP_PCC_TX_REST,
	MCTP_PCC_TX_OWNED,
};

/**
 * struct mctp_pcc - one MCTP link, private data of the net device
 * @ndev: the net device
 * @outbox: OS to platform, a type 3 subspace
 * @inbox: platform to OS, a type 4 subspace
 * @late: a transfer's deadline, jiffies
 * @turnaround: keeps the outbox's minimum turnaround time
 * @watch: looks for overdue transfers and for an inbox without interrupt, in
 *	process context; runs from open to stop, but not while the system is
 *	suspended, when each interrupt is late
 * @tx_lock: the gate of the outbox, taken in hard interrupt, softirq and
 *	process context. The outbox may be touched while it is held and
 *	@outbox.pcc is set: that is published when the request has returned
 *	and taken away before the free. Nests outside the mailbox channel's
 *	lock; never held across request and free, which wait for the interrupt
 * @txq: packets accepted and not completed: the one in the mailbox core,
 *	control messages, the rest, each oldest first. Protected, like all up
 *	to @tx_watched, by @tx_lock
 * @tx_urgent: the last control message in @txq that overtook others, NULL if
 *	there is none
 * @tx_flows: see mctp_pcc_flow()
 * @tx_up: packets are accepted, true from open to stop
 * @tx_state: who may write to the outbox
 * @tx_seq: counts the transfers, to know one again
 * @tx_since: when @tx_state became busy or owned, jiffies
 * @tx_strikes: transfers given up since the last confirmed one
 * @tx_watched: @watch is due within a deadline
 * @rx_seq: counts the inbox's interrupts. Written by the interrupt only
 * @rx_seen: @rx_seq at the last look of @watch. Belongs, like all up to
 *	@rx_strikes, to whoever opens, stops or watches the link: one at a time
 * @rx_waiting: at that look a packet waited
 * @rx_fresh: the inbox was requested since that look
 * @rx_read: the packet that waits has been read
 * @rx_since: when the inbox was last requested, in vain or not, jiffies
 * @rx_strikes: requests of the inbox in a row without an interrupt in between
 * @tx_lost_irq: completions without an interrupt. Written by @watch only
 * @tx_timeout: transfers given up. Written by @watch only
 * @rx_lost_irq: packets without an interrupt. Written by @watch only
 */
struct mctp_pcc {
	struct net_device *ndev;
	struct mctp_pcc_chan outbox;
	struct mctp_pcc_chan inbox;
	unsigned long late;
	struct hrtimer turnaround;
	struct delayed_work watch;

	spinlock_t tx_lock; /* see above */
	struct sk_buff_head txq;
	struct sk_buff *tx_urgent;
	u16 tx_flows[MCTP_PCC_FLOWS];
	bool tx_up;
	enum mctp_pcc_tx_state tx_state;
	unsigned int tx_seq;
	unsigned long tx_since;
	unsigned int tx_strikes;
	bool tx_watched;

	unsigned int rx_seq;
	unsigned int rx_seen;
	bool rx_waiting;
	bool rx_fresh;
	bool rx_read;
	unsigned long rx_since;
	unsigned int rx_strikes;

	unsigned long tx_lost_irq;
	unsigned long tx_timeout;
	unsigned long rx_lost_irq;
};

/* Subspaces that belong to a link: two devices must not share one */
static DECLARE_BITMAP(mctp_pcc_claimed, MAX_PCC_SUBSPACES);

/* From here to the statistics: the two ends of a channel's life, its register,
 * and the PCCT. The unit tests put their own in the place of these.
 */
static struct pcc_mbox_chan *mctp_pcc_request(struct mctp_pcc_chan *chan)
{
	KUNIT_STATIC_STUB_REDIRECT(mctp_pcc_request, chan);

	return pcc_mbox_request_channel(&chan->client, chan->sub.index);
}

/* pcc_mbox_free_channel() unmaps the core's mapping while the core's interrupt
 * handler still uses it. Free the interrupt first; @pcc->shmem may be the next
 * owner's by then.
 */
static void mctp_pcc_free(struct mctp_pcc_chan *chan, struct pcc_mbox_chan *pcc)
{
	void __iomem *shmem = pcc->shmem;

	KUNIT_STATIC_STUB_REDIRECT(mctp_pcc_free, chan, pcc);

	mbox_free_channel(pcc->mchan);
	iounmap(shmem);
}

/* 1: the buffer is not the platform's. In the outbox the last command is done,
 * in the inbox none waits. 0: the opposite. Otherwise the register cannot be
 * read, which says neither.
 */
static int mctp_pcc_complete(struct mctp_pcc_chan *chan)
{
	u64 val;

	KUNIT_STATIC_STUB_REDIRECT(mctp_pcc_complete, chan);

	if (ACPI_FAILURE(acpi_read(&val, &chan->sub.complete)))
		return -EIO;

	return !!(val & chan->sub.complete_mask);
}

static acpi_status mctp_pcc_get_pcct(struct acpi_table_header **pcct)
{
	KUNIT_STATIC_STUB_REDIRECT(mctp_pcc_get_pcct, pcct);

	return acpi_get_table(ACPI_SIG_PCCT, 0, pcct);
}

/* The dev_dstats helpers do not expect an interrupt on a 32-bit machine */
static void mctp_pcc_count_tx(struct net_device *ndev, unsigned int len)
{
	struct pcpu_dstats *dstats = get_cpu_ptr(ndev->dstats);
	unsigned long flags;

	flags = u64_stats_update_begin_irqsave(&dstats->syncp);
	u64_stats_inc(&dstats->tx_packets);
	u64_stats_add(&dstats->tx_bytes, len);
	u64_stats_update_end_irqrestore(&dstats->syncp, flags);
	put_cpu_ptr(ndev->dstats);
}

static void mctp_pcc_count_rx(struct net_device *ndev, unsigned int len)
{
	struct pcpu_dstats *dstats = get_cpu_ptr(ndev->dstats);
	unsigned long flags;

	flags = u64_stats_update_begin_irqsave(&dstats->syncp);
	u64_stats_inc(&dstats->rx_packets);
	u64_stats_add(&dstats->rx_bytes, len);
	u64_stats_update_end_irqrestore(&dstats->syncp, flags);
	put_cpu_ptr(ndev->dstats);
}

/* Signature and flags are written each time: not every platform presets the
 * one, and without the other type 3 never interrupts.
 */
static void mctp_pcc_write(struct mctp_pcc_chan *outbox,
			   const struct sk_buff *skb)
{
	struct acpi_pcct_ext_pcc_shared_memory __iomem *hdr;

	hdr = outbox->shmem;
	writel(PCC_SIGNATURE | outbox->sub.index, &hdr->signature);
	writel(PCC_CMD_COMPLETION_NOTIFY, &hdr->flags);
	writel(skb->len + MCTP_PCC_CMD_LEN, &hdr->length);
	writel(MCTP_PCC_COMMAND, &hdr->command);
	memcpy_toio(hdr + 1, skb->data, skb->len);
}

static bool mctp_pcc_is_single(const struct sk_buff *skb)
{
	const u8 single = MCTP_HDR_FLAG_SOM | MCTP_HDR_FLAG_EOM;
	const struct mctp_hdr *hdr = (const void *)skb->data;

	return (hdr->flags_seq_tag & single) == single;
}

/* DSP0236: a control message is a single packet, of message type 0 */
static bool mctp_pcc_is_control(const struct sk_buff *skb)
{
	return skb->len > sizeof(struct mctp_hdr) &&
	       skb->data[sizeof(struct mctp_hdr)] == 0;
}

/* How many packets of a longer message wait with this destination and tag, or
 * with one that shares the count
 */
static u16 *mctp_pcc_flow(struct mctp_pcc *mp, const struct sk_buff *skb)
	__must_hold(&mp->tx_lock)
{
	const u8 tag = MCTP_HDR_FLAG_TO | MCTP_HDR_TAG_MASK;
	const struct mctp_hdr *hdr = (const void *)skb->data;

	return &mp->tx_flows[(hdr->dest << 4 | (hdr->flags_seq_tag & tag)) %
			     MCTP_PCC_FLOWS];
}

/* Behind the transfer in flight and other control messages */
static void mctp_pcc_overtake(struct mctp_pcc *mp, struct sk_buff *skb)
	__must_hold(&mp->tx_lock)
{
	struct sk_buff *after = mp->tx_urgent;

	if (!after && mp->tx_state == MCTP_PCC_TX_BUSY)
		after = skb_peek(&mp->txq);
	if (after)
		__skb_queue_after(&mp->txq, after, skb);
	else
		__skb_queue_head(&mp->txq, skb);
	mp->tx_urgent = skb;
}

/* A control message, whose requester waits for a fraction of a second, is not
 * held up by a thousand packets of a long one. No qdisc can see to that: the
 * queue has to be here. But it stays behind a long one with its own tag: when
 * the sender of that has given up, the tag is given out again.
 */
static void mctp_pcc_enqueue(struct mctp_pcc *mp, struct sk_buff *skb)
	__must_hold(&mp->tx_lock)
{
	lockdep_assert_held(&mp->tx_lock);

	if (!mctp_pcc_is_single(skb)) {
		++*mctp_pcc_flow(mp, skb);
	} else if (mctp_pcc_is_control(skb) && !*mctp_pcc_flow(mp, skb)) {
		mctp_pcc_overtake(mp, skb);
		return;
	}
	__skb_queue_tail(&mp->txq, skb);
}

/* Counterpart of mctp_pcc_enqueue(), for the head of a queue that has one */
static struct sk_buff *mctp_pcc_dequeue(struct mctp_pcc *mp)
	__must_hold(&mp->tx_lock)
{
	struct sk_buff *skb = __skb_dequeue(&mp->txq);

	lockdep_assert_held(&mp->tx_lock);
	if (!mctp_pcc_is_single(skb))
		--*mctp_pcc_flow(mp, skb);
	if (mp->tx_urgent == skb)
		mp->tx_urgent = NULL;

	return skb;
}

/* Hands the head of the queue over if the outbox is ours. The skb stays in the
 * queue: with one message in it the core has nothing to queue, to refuse or to
 * send behind our back. If the doorbell fails the core says nothing and keeps
 * the message; @watch finds it by its deadline.
 */
static void mctp_pcc_submit(struct mctp_pcc *mp)
	__must_hold(&mp->tx_lock)
{
	struct sk_buff *skb = skb_peek(&mp->txq);

	lockdep_assert_held(&mp->tx_lock);
	if (!mp->outbox.pcc || !skb || mp->tx_state != MCTP_PCC_TX_IDLE)
		return;

	mp->tx_state = MCTP_PCC_TX_BUSY;
	mp->tx_since = jiffies;
	mp->tx_seq++;
	mctp_pcc_write(&mp->outbox, skb);
	mbox_send_message(mp->outbox.pcc->mchan, skb);

	if (!mp->tx_watched) {
		mp->tx_watched = true;
		mod_delayed_work(system_freezable_wq, &mp->watch, mp->late);
	}
}

static bool mctp_pcc_dead(struct mctp_pcc *mp)
	__must_hold(&mp->tx_lock)
{
	lockdep_assert_held(&mp->tx_lock);

	return mp->tx_strikes >= MCTP_PCC_DEAD_STRIKES;
}

/* True if the platform counted as dead: to be logged, without the lock */
static bool mctp_pcc_alive(struct mctp_pcc *mp)
	__must_hold(&mp->tx_lock)
{
	bool back = mctp_pcc_dead(mp);

	mp->tx_strikes = 0;

	return back;
}

static void mctp_pcc_log_back(struct mctp_pcc *mp)
{
	if (net_ratelimit())
		netdev_info(mp->ndev, "the platform answers again\n");
}

/* How long a transfer may take before it is given up, jiffies. With a dead
 * platform it is the pause between two attempts, doubled each time.
 */
static unsigned long mctp_pcc_patience(struct mctp_pcc *mp)
	__must_hold(&mp->tx_lock)
{
	unsigned int step = 0;

	if (mctp_pcc_dead(mp) && mp->tx_state == MCTP_PCC_TX_OWNED)
		step = min(mp->tx_strikes - MCTP_PCC_DEAD_STRIKES + 1,
			   MCTP_PCC_DEAD_BACKOFF);

	return (mp->late * MCTP_PCC_HARD_FACTOR) << step;
}

/* Stop and wake are both under the lock: no wake-up is lost */
static void mctp_pcc_wake(struct mctp_pcc *mp)
	__must_hold(&mp->tx_lock)
{
	lockdep_assert_held(&mp->tx_lock);

	if (skb_queue_len(&mp->txq) <= MCTP_PCC_TXQ_WAKE &&
	    netif_queue_stopped(mp->ndev) && mp->tx_up)
		netif_wake_queue(mp->ndev);
}

/* The transfer is over, one way or another: on to the next */
static void mctp_pcc_next(struct mctp_pcc *mp)
	__must_hold(&mp->tx_lock)
{
	u32 turnaround = mp->outbox.sub.turnaround;

	if (turnaround) {
		mp->tx_state = MCTP_PCC_TX_REST;
		hrtimer_start(&mp->turnaround, us_to_ktime(turnaround),
			      HRTIMER_MODE_REL);
	} else {
		mp->tx_state = MCTP_PCC_TX_IDLE;
		mctp_pcc_submit(mp);
	}
	mctp_pcc_wake(mp);
}

/* Drops what waits behind the transfer in flight, if there is one */
static void mctp_pcc_purge_waiting(struct mctp_pcc *mp)
{
	struct sk_buff *head = NULL;
	struct sk_buff_head purge;
	unsigned long flags;

	__skb_queue_head_init(&purge);
	spin_lock_irqsave(&mp->tx_lock, flags);
	if (mp->tx_state == MCTP_PCC_TX_BUSY)
		head = mctp_pcc_dequeue(mp);
	skb_queue_splice_init(&mp->txq, &purge);
	mp->tx_urgent = NULL;
	memset(mp->tx_flows, 0, sizeof(mp->tx_flows));
	if (head)
		mctp_pcc_enqueue(mp, head);
	mctp_pcc_wake(mp);
	spin_unlock_irqrestore(&mp->tx_lock, flags);

	DEV_STATS_ADD(mp->ndev, tx_dropped, skb_queue_len(&purge));
	__skb_queue_purge_reason(&purge, SKB_DROP_REASON_DEV_READY);
}

/* Timer interrupt, softirq on PREEMPT_RT */
static enum hrtimer_restart mctp_pcc_rested(struct hrtimer *timer)
{
	struct mctp_pcc *mp = container_of(timer, struct mctp_pcc, turnaround);
	unsigned long flags;

	spin_lock_irqsave(&mp->tx_lock, flags);
	if (mp->tx_state == MCTP_PCC_TX_REST) {
		mp->tx_state = MCTP_PCC_TX_IDLE;
		mctp_pcc_submit(mp);
	}
	spin_unlock_irqrestore(&mp->tx_lock, flags);

	return HRTIMER_NORESTART;
}

/* Mailbox callback, hard interrupt (a thread on PREEMPT_RT): the platform has
 * consumed @mssg, the head of the queue, or failed to, if the core tells. The
 * core has let go of it and of its lock.
 */
static void mctp_pcc_tx_done(struct mbox_client *client, void *mssg, int rc)
{
	struct mctp_pcc *mp = container_of(client, struct mctp_pcc,
					   outbox.client);
	struct sk_buff *skb;
	unsigned long flags;
	bool back;

	spin_lock_irqsave(&mp->tx_lock, flags);
	if (!mp->outbox.pcc || mp->tx_state != MCTP_PCC_TX_BUSY) {
		spin_unlock_irqrestore(&mp->tx_lock, flags);
		return;
	}
	skb = mctp_pcc_dequeue(mp);
	back = mctp_pcc_alive(mp);
	mctp_pcc_next(mp);
	spin_unlock_irqrestore(&mp->tx_lock, flags);

	if (back)
		mctp_pcc_log_back(mp);
	if (rc) {
		DEV_STATS_INC(mp->ndev, tx_errors);
		dev_kfree_skb_any_reason(skb, SKB_DROP_REASON_DEV_READY);
		return;
	}
	mctp_pcc_count_tx(mp->ndev, skb->len);
	dev_consume_skb_any(skb);
}

/* Takes the packet out of the inbox. The platform may write at any time, so
 * each field is read once. The signature is left alone: it identifies the
 * memory, not the message, and not every platform fills it in.
 */
static struct sk_buff *mctp_pcc_read(struct mctp_pcc *mp)
{
	struct acpi_pcct_ext_pcc_shared_memory __iomem *hdr = mp->inbox.shmem;
	struct net_device *ndev = mp->ndev;
	struct sk_buff *skb;
	u32 len, command;

	len = readl(&hdr->length);
	command = readl(&hdr->command);

	if (command != MCTP_PCC_COMMAND) {
		DEV_STATS_INC(ndev, rx_frame_errors);
		goto err;
	}

	if (len < MCTP_PCC_CMD_LEN + sizeof(struct mctp_hdr) ||
	    len - MCTP_PCC_CMD_LEN > mp->inbox.sub.size - MCTP_PCC_HDR_LEN) {
		DEV_STATS_INC(ndev, rx_length_errors);
		goto err;
	}
	len -= MCTP_PCC_CMD_LEN;

	skb = __netdev_alloc_skb(ndev, len, GFP_ATOMIC | __GFP_NOWARN);
	if (!skb) {
		DEV_STATS_INC(ndev, rx_dropped);
		return NULL;
	}
	memcpy_fromio(skb_put(skb, len), hdr + 1, len);

	return skb;

err:
	DEV_STATS_INC(ndev, rx_errors);
	return NULL;
}

/* In the interrupt, or without one. Interrupts are off for as long as it takes
 * to copy one packet, which the size of the inbox bounds.
 */
static void mctp_pcc_receive(struct mctp_pcc *mp)
{
	struct sk_buff *skb;

	skb = mctp_pcc_read(mp);
	if (!skb)
		return;

	skb->protocol = htons(ETH_P_MCTP);
	skb_reset_mac_header(skb);
	skb_reset_network_header(skb);
	__mctp_cb(skb)->halen = 0;
	mctp_pcc_count_rx(mp->ndev, skb->len);
	netif_rx(skb);
}

/* Mailbox callback, hard interrupt (a thread on PREEMPT_RT): the inbox holds a
 * packet until this returns. May run before the request has returned.
 */
static void mctp_pcc_rx_callback(struct mbox_client *client, void *mssg)
{
	struct mctp_pcc *mp = container_of(client, struct mctp_pcc,
					   inbox.client);

	WRITE_ONCE(mp->rx_seq, mp->rx_seq + 1);
	mctp_pcc_receive(mp);
}

/* Opens the outbox's gate, but leaves the outbox to the platform: the caller
 * says mctp_pcc_next(), and until then nobody can send. Process context.
 */
static int mctp_pcc_open_outbox(struct mctp_pcc *mp)
{
	struct pcc_mbox_chan *pcc;
	unsigned long flags;

	pcc = mctp_pcc_request(&mp->outbox);
	if (IS_ERR(pcc))
		return PTR_ERR(pcc);

	spin_lock_irqsave(&mp->tx_lock, flags);
	mp->outbox.pcc = pcc;
	mp->tx_state = MCTP_PCC_TX_OWNED;
	mp->tx_since = jiffies;
	spin_unlock_irqrestore(&mp->tx_lock, flags);

	return 0;
}

/* Counterpart of mctp_pcc_open_outbox() */
static void mctp_pcc_shut_outbox(struct mctp_pcc *mp)
{
	struct pcc_mbox_chan *pcc;
	unsigned long flags;

	spin_lock_irqsave(&mp->tx_lock, flags);
	pcc = mp->outbox.pcc;
	mp->outbox.pcc = NULL;
	spin_unlock_irqrestore(&mp->tx_lock, flags);

	if (pcc)
		mctp_pcc_free(&mp->outbox, pcc);
}

/* The core acknowledges what waits in the inbox, then enables the interrupt,
 * which may fail. What comes in between has none: @watch is to look at once.
 * Process context.
 */
static int mctp_pcc_open_inbox(struct mctp_pcc *mp)
{
	bool unread = mctp_pcc_complete(&mp->inbox) == 0 && !mp->rx_read;
	struct pcc_mbox_chan *pcc;

	mp->rx_fresh = true;
	mp->rx_waiting = true;
	mp->rx_seen = READ_ONCE(mp->rx_seq);
	mp->rx_since = jiffies;
	pcc = mctp_pcc_request(&mp->inbox);
	if (!IS_ERR(pcc) || mctp_pcc_complete(&mp->inbox) > 0) {
		if (unread)
			DEV_STATS_INC(mp->ndev, rx_missed_errors);
		mp->rx_read = false;
	}
	if (IS_ERR(pcc))
		return PTR_ERR(pcc);

	mp->inbox.pcc = pcc;
	return 0;
}

/* Counterpart of mctp_pcc_open_inbox() */
static void mctp_pcc_shut_inbox(struct mctp_pcc *mp)
{
	if (mp->inbox.pcc)
		mctp_pcc_free(&mp->inbox, mp->inbox.pcc);
	mp->inbox.pcc = NULL;
}

static void mctp_pcc_log_lost(struct mctp_pcc *mp, const char *box, int rc)
{
	if (net_ratelimit())
		netdev_err(mp->ndev, "%s not available, will try again: %pe\n",
			   box, ERR_PTR(rc));
}

/* Frees the outbox, which is the only way to make the core forget transfer
 * @seq. False: it was completed in the meantime.
 */
static bool mctp_pcc_abort(struct mctp_pcc *mp, unsigned int seq)
{
	struct pcc_mbox_chan *pcc;
	struct sk_buff *skb;
	unsigned long flags;

	spin_lock_irqsave(&mp->tx_lock, flags);
	if (mp->tx_seq != seq || mp->tx_state != MCTP_PCC_TX_BUSY) {
		spin_unlock_irqrestore(&mp->tx_lock, flags);
		return false;
	}
	pcc = mp->outbox.pcc;
	mp->outbox.pcc = NULL;
	spin_unlock_irqrestore(&mp->tx_lock, flags);

	mctp_pcc_free(&mp->outbox, pcc);

	spin_lock_irqsave(&mp->tx_lock, flags);
	skb = mctp_pcc_dequeue(mp);
	mp->tx_state = MCTP_PCC_TX_OWNED;
	spin_unlock_irqrestore(&mp->tx_lock, flags);

	/* perhaps it was delivered, but nobody said so */
	DEV_STATS_INC(mp->ndev, tx_errors);
	dev_kfree_skb_any_reason(skb, SKB_DROP_REASON_DEV_READY);

	return true;
}

/* One more failure in a row. Enough of them, and nothing waits any longer. */
static void mctp_pcc_strike(struct mctp_pcc *mp)
{
	unsigned long flags;
	bool dead, news;

	spin_lock_irqsave(&mp->tx_lock, flags);
	mp->tx_strikes++;
	dead = mctp_pcc_dead(mp);
	news = mp->tx_strikes == MCTP_PCC_DEAD_STRIKES;
	spin_unlock_irqrestore(&mp->tx_lock, flags);

	if (news && net_ratelimit())
		netdev_warn(mp->ndev,
			    "the platform does not answer, dropping packets\n");
	if (dead)
		mctp_pcc_purge_waiting(mp);
}

/* The outbox anew after an abort, or after a failed attempt at this: the next
 * packet goes out, or @watch tries again in a while.
 */
static void mctp_pcc_reopen_outbox(struct mctp_pcc *mp)
{
	unsigned long flags;
	int rc;

	rc = mctp_pcc_open_outbox(mp);

	spin_lock_irqsave(&mp->tx_lock, flags);
	if (rc)
		mp->tx_since = jiffies;
	else if (!mctp_pcc_dead(mp))
		mctp_pcc_next(mp);
	spin_unlock_irqrestore(&mp->tx_lock, flags);

	if (rc) {
		mctp_pcc_log_lost(mp, "outbox", rc);
		mctp_pcc_strike(mp);
	}
}

/* The platform has completed transfer @seq, but no interrupt came, or one with
 * an error status, which the core keeps to itself.
 */
static void mctp_pcc_lost_irq(struct mctp_pcc *mp, unsigned int seq)
{
	unsigned long flags;
	bool back;

	if (!mctp_pcc_abort(mp, seq))
		return;

	WRITE_ONCE(mp->tx_lost_irq, mp->tx_lost_irq + 1);
	spin_lock_irqsave(&mp->tx_lock, flags);
	back = mctp_pcc_alive(mp);
	spin_unlock_irqrestore(&mp->tx_lock, flags);
	if (back)
		mctp_pcc_log_back(mp);
	mctp_pcc_reopen_outbox(mp);
}

/* Transfer @seq has had all the time there is. The platform restarted and has
 * forgotten it: the next one goes. Or it is dead. What cannot be told apart: a
 * platform that still reads this one, which the next then overwrites, and whose
 * completion counts for the next, until the link has been idle once.
 */
static void mctp_pcc_timeout(struct mctp_pcc *mp, unsigned int seq)
{
	if (!mctp_pcc_abort(mp, seq))
		return;

	WRITE_ONCE(mp->tx_timeout, mp->tx_timeout + 1);
	mctp_pcc_strike(mp);
	mctp_pcc_reopen_outbox(mp);
}

static void mctp_pcc_watch_outbox(struct mctp_pcc *mp)
{
	enum mctp_pcc_tx_state state;
	struct pcc_mbox_chan *pcc;
	bool complete, expired, back;
	unsigned long flags;
	unsigned long age;
	unsigned int seq;

	spin_lock_irqsave(&mp->tx_lock, flags);
	pcc = mp->outbox.pcc;
	state = mp->tx_state;
	seq = mp->tx_seq;
	age = jiffies - mp->tx_since;
	/* one that sends is about to listen: back to the shortest pause */
	if (READ_ONCE(mp->rx_seq) != mp->rx_seen)
		mp->tx_strikes = min(mp->tx_strikes, MCTP_PCC_DEAD_STRIKES);
	expired = age >= mctp_pcc_patience(mp);
	spin_unlock_irqrestore(&mp->tx_lock, flags);

	if (!pcc) {
		if (expired)
			mctp_pcc_reopen_outbox(mp);
		return;
	}

	if (state != MCTP_PCC_TX_OWNED &&
	    (state != MCTP_PCC_TX_BUSY || age < mp->late))
		return;

	complete = mctp_pcc_complete(&mp->outbox) > 0;
	if (!complete && !expired)
		return;

	if (state == MCTP_PCC_TX_BUSY) {
		if (complete)
			mctp_pcc_lost_irq(mp, seq);
		else
			mctp_pcc_timeout(mp, seq);
		return;
	}

	/* nobody but us leaves this state */
	spin_lock_irqsave(&mp->tx_lock, flags);
	back = complete && mctp_pcc_alive(mp);
	mctp_pcc_next(mp);
	spin_unlock_irqrestore(&mp->tx_lock, flags);
	if (back)
		mctp_pcc_log_back(mp);
}

/* A platform that restarts may show a packet for seconds, whatever we do. One
 * that is quick has the next packet there before each request has enabled the
 * interrupt. Nothing tells the two apart: a few requests of the inbox at once,
 * then one per deadline. Those that fail grow ever rarer, as for the outbox.
 */
static bool mctp_pcc_rx_paused(struct mctp_pcc *mp)
{
	unsigned int step = 0;

	if (mp->rx_strikes < MCTP_PCC_DEAD_STRIKES)
		return false;
	if (!mp->inbox.pcc)
		step = min(mp->rx_strikes, MCTP_PCC_DEAD_BACKOFF);

	return jiffies - mp->rx_since < mp->late << step;
}

/* A packet that waits, with no interrupt since the last look, came while the
 * core enabled the interrupt, or with an error status that the core swallowed.
 * It is read when the interrupt is off for sure; the request acknowledges it.
 * While the channel is not ours, what waits may be another client's.
 */
static void mctp_pcc_watch_inbox(struct mctp_pcc *mp)
{
	bool waiting = mctp_pcc_complete(&mp->inbox) == 0;
	unsigned int seq = READ_ONCE(mp->rx_seq);
	bool heard = seq != mp->rx_seen;
	bool ours = mp->inbox.pcc;
	bool stuck = waiting && mp->rx_waiting && !heard;
	int rc;

	mp->rx_fresh = false;
	mp->rx_waiting = waiting;
	mp->rx_seen = seq;
	if (!waiting)
		mp->rx_read = false;
	if (heard || (ours && !waiting))
		mp->rx_strikes = 0;
	if ((ours && !stuck) || mctp_pcc_rx_paused(mp))
		return;

	mp->rx_strikes++;
	if (ours) {
		mctp_pcc_shut_inbox(mp);
		if (mctp_pcc_complete(&mp->inbox) == 0) {
			WRITE_ONCE(mp->rx_lost_irq, mp->rx_lost_irq + 1);
			mctp_pcc_receive(mp);
			mp->rx_read = true;
		}
	}

	rc = mctp_pcc_open_inbox(mp);
	if (rc) {
		mp->rx_strikes = max(mp->rx_strikes, MCTP_PCC_DEAD_STRIKES);
		mctp_pcc_log_lost(mp, "inbox", rc);
	} else if (!ours) {
		/* the failures were not the platform's */
		mp->rx_strikes = 0;
	}
}

/* When to look next. Decided under the lock, so that a transfer that starts
 * now either is seen here or shortens the delay itself.
 */
static void mctp_pcc_watch_again(struct mctp_pcc *mp)
{
	unsigned long age, delay = mp->late;
	unsigned long flags;

	spin_lock_irqsave(&mp->tx_lock, flags);
	mp->tx_watched = true;
	if ((mp->rx_fresh && mp->inbox.pcc) ||
	    (mp->tx_state == MCTP_PCC_TX_OWNED && mp->outbox.pcc &&
	     !mctp_pcc_dead(mp))) {
		delay = msecs_to_jiffies(MCTP_PCC_POLL_MS);
	} else if (mp->tx_state == MCTP_PCC_TX_BUSY) {
		age = jiffies - mp->tx_since;
		if (age < mp->late)
			delay = mp->late - age;
	} else if (mp->tx_state != MCTP_PCC_TX_OWNED &&
		   !(mp->rx_waiting && mp->inbox.pcc)) {
		mp->tx_watched = false;
		delay = msecs_to_jiffies(MCTP_PCC_IDLE_POLL_MS);
	}
	mod_delayed_work(system_freezable_wq, &mp->watch, delay);
	spin_unlock_irqrestore(&mp->tx_lock, flags);
}

/* Workqueue. Never takes rtnl: stop waits for it. */
static void mctp_pcc_watch(struct work_struct *work)
{
	struct mctp_pcc *mp = container_of(to_delayed_work(work),
					   struct mctp_pcc, watch);

	mctp_pcc_watch_outbox(mp);
	mctp_pcc_watch_inbox(mp);
	mctp_pcc_watch_again(mp);
}

/* Refuses what cannot be sent as one packet; MTU changes count at once */
static enum skb_drop_reason mctp_pcc_tx_check(const struct net_device *ndev,
					      struct sk_buff *skb)
{
	if (skb->len < sizeof(struct mctp_hdr))
		return SKB_DROP_REASON_PKT_TOO_SMALL;
	if (skb->len > READ_ONCE(ndev->mtu))
		return SKB_DROP_REASON_PKT_TOO_BIG;
	if (skb_linearize(skb))
		return SKB_DROP_REASON_NOMEM;

	return SKB_NOT_DROPPED_YET;
}

/* Softirq, or any context through netpoll. The skb is only read, so a clone
 * will do.
 */
static netdev_tx_t mctp_pcc_start_xmit(struct sk_buff *skb,
				       struct net_device *ndev)
{
	struct mctp_pcc *mp = netdev_priv(ndev);
	enum skb_drop_reason reason;
	unsigned long flags;

	reason = mctp_pcc_tx_check(ndev, skb);
	if (reason)
		goto err_drop;

	spin_lock_irqsave(&mp->tx_lock, flags);
	if (!mp->tx_up ||
	    (mctp_pcc_dead(mp) && mp->tx_state != MCTP_PCC_TX_IDLE)) {
		spin_unlock_irqrestore(&mp->tx_lock, flags);
		reason = SKB_DROP_REASON_DEV_READY;
		goto err_drop;
	}
	mctp_pcc_enqueue(mp, skb);
	mctp_pcc_submit(mp);
	if (skb_queue_len(&mp->txq) >= MCTP_PCC_TXQ_LEN)
		netif_stop_queue(ndev);
	spin_unlock_irqrestore(&mp->tx_lock, flags);

	return NETDEV_TX_OK;

err_drop:
	DEV_STATS_INC(ndev, tx_dropped);
	dev_kfree_skb_any_reason(skb, reason);
	return NETDEV_TX_OK;
}

static int mctp_pcc_open(struct net_device *ndev)
{
	struct mctp_pcc *mp = netdev_priv(ndev);
	unsigned long flags;
	bool done;
	int rc;

	done = mctp_pcc_complete(&mp->outbox) > 0;
	rc = mctp_pcc_open_outbox(mp);
	if (rc)
		return rc;

	mp->rx_strikes = 0;
	rc = mctp_pcc_open_inbox(mp);
	if (rc)
		goto err_shut_outbox;

	spin_lock_irqsave(&mp->tx_lock, flags);
	/* a command from before a link down or a kexec is not overwritten, and
	 * one that is done may be just done
	 */
	if (done)
		mctp_pcc_next(mp);
	mp->tx_strikes = 0;
	mp->tx_up = true;
	spin_unlock_irqrestore(&mp->tx_lock, flags);

	enable_delayed_work(&mp->watch);
	mctp_pcc_watch_again(mp);
	netif_start_queue(ndev);

	return 0;

err_shut_outbox:
	mctp_pcc_shut_outbox(mp);
	return rc;
}

static bool mctp_pcc_tx_busy(struct mctp_pcc *mp)
{
	unsigned long flags;
	bool busy;

	spin_lock_irqsave(&mp->tx_lock, flags);
	busy = mp->outbox.pcc && mp->tx_state == MCTP_PCC_TX_BUSY;
	spin_unlock_irqrestore(&mp->tx_lock, flags);

	return busy;
}

/* Counterpart of mctp_pcc_open(). Ends within one deadline, a second at most,
 * and the time that a request and a free of a channel take, whatever the
 * platform does.
 */
static int mctp_pcc_stop(struct net_device *ndev)
{
	struct mctp_pcc *mp = netdev_priv(ndev);
	struct sk_buff *skb = NULL;
	unsigned long flags;
	bool busy;

	spin_lock_irqsave(&mp->tx_lock, flags);
	mp->tx_up = false;
	spin_unlock_irqrestore(&mp->tx_lock, flags);

	/* AF_PACKET can bypass the qdisc that the core has shut */
	netif_tx_disable(ndev);
	disable_delayed_work_sync(&mp->watch);
	mctp_pcc_purge_waiting(mp);

	read_poll_timeout(mctp_pcc_tx_busy, busy, !busy, USEC_PER_MSEC,
			  jiffies_to_usecs(mp->late), false, mp);

	mctp_pcc_shut_outbox(mp);
	hrtimer_cancel(&mp->turnaround);
	mctp_pcc_shut_inbox(mp);

	spin_lock_irqsave(&mp->tx_lock, flags);
	if (!skb_queue_empty(&mp->txq))
		skb = mctp_pcc_dequeue(mp);
	spin_unlock_irqrestore(&mp->tx_lock, flags);
	if (skb) {
		/* the core has forgotten it, delivered or not */
		DEV_STATS_INC(ndev, tx_errors);
		dev_kfree_skb_any_reason(skb, SKB_DROP_REASON_DEV_READY);
	}

	return 0;
}

static const struct net_device_ops mctp_pcc_netdev_ops = {
	.ndo_open = mctp_pcc_open,
	.ndo_stop = mctp_pcc_stop,
	.ndo_start_xmit = mctp_pcc_start_xmit,
};

static const char mctp_pcc_stat_names[][ETH_GSTRING_LEN] = {
	"tx_lost_irq",
	"tx_timeout",
	"rx_lost_irq",
};

static int mctp_pcc_get_sset_count(struct net_device *ndev, int sset)
{
	return sset == ETH_SS_STATS ? ARRAY_SIZE(mctp_pcc_stat_names) :
				      -EOPNOTSUPP;
}

static void mctp_pcc_get_strings(struct net_device *ndev, u32 sset, u8 *data)
{
	if (sset == ETH_SS_STATS)
		memcpy(data, mctp_pcc_stat_names, sizeof(mctp_pcc_stat_names));
}

static void mctp_pcc_get_ethtool_stats(struct net_device *ndev,
				       struct ethtool_stats *stats, u64 *data)
{
	struct mctp_pcc *mp = netdev_priv(ndev);

	data[0] = READ_ONCE(mp->tx_lost_irq);
	data[1] = READ_ONCE(mp->tx_timeout);
	data[2] = READ_ONCE(mp->rx_lost_irq);
}

static const struct ethtool_ops mctp_pcc_ethtool_ops = {
	.get_sset_count = mctp_pcc_get_sset_count,
	.get_strings = mctp_pcc_get_strings,
	.get_ethtool_stats = mctp_pcc_get_ethtool_stats,
};

static void mctp_pcc_netdev_setup(struct net_device *ndev)
{
	ndev->type = ARPHRD_MCTP;
	ndev->mtu = MCTP_PCC_MIN_MTU;
	ndev->min_mtu = MCTP_PCC_MIN_MTU;
	ndev->tx_queue_len = MCTP_PCC_QDISC_LEN;
	ndev->flags = IFF_NOARP;
	ndev->netdev_ops = &mctp_pcc_netdev_ops;
	ndev->ethtool_ops = &mctp_pcc_ethtool_ops;
	ndev->pcpu_stat_type = NETDEV_PCPU_STAT_DSTATS;
}

/**
 * struct mctp_pcc_crs - the PCC descriptors of _CRS, in their order
 * @count: how many there are, also beyond the two that fit
 * @index: subspaces of the first two: outbox, inbox
 */
struct mctp_pcc_crs {
	unsigned int count;
	u64 index[2];
};

/* Firmware spells a PCC descriptor as what it is (ACPI 6.6, 19.6) or, before
 * there was one, as memory; either way the minimum is the subspace.
 */
static acpi_status mctp_pcc_crs_entry(struct acpi_resource *res, void *data)
{
	struct acpi_resource_address64 addr;
	struct mctp_pcc_crs *crs = data;

	if (ACPI_FAILURE(acpi_resource_to_address64(res, &addr)) ||
	    (addr.resource_type != ACPI_ADR_SPACE_PLATFORM_COMM &&
	     addr.resource_type != ACPI_MEMORY_RANGE))
		return AE_OK;

	if (crs->count < ARRAY_SIZE(crs->index))
		crs->index[crs->count] = addr.address.minimum;
	crs->count++;

	return AE_OK;
}

static int mctp_pcc_check_crs(struct device *dev,
			      const struct mctp_pcc_crs *crs)
{
	if (crs->count != ARRAY_SIZE(crs->index))
		return dev_err_probe(dev, -EINVAL,
				     "_CRS has %u PCC descriptors instead of outbox and inbox\n",
				     crs->count);
	if (crs->index[0] == crs->index[1])
		return dev_err_probe(dev, -EINVAL,
				     "_CRS names subspace %llu as outbox and as inbox\n",
				     crs->index[0]);

	return 0;
}

static int mctp_pcc_read_crs(struct device *dev, struct mctp_pcc_crs *crs)
{
	acpi_status status;

	KUNIT_STATIC_STUB_REDIRECT(mctp_pcc_read_crs, dev, crs);

	status = acpi_walk_resources(ACPI_HANDLE(dev), METHOD_NAME__CRS,
				     mctp_pcc_crs_entry, crs);
	if (ACPI_FAILURE(status))
		return dev_err_probe(dev, -EINVAL, "_CRS cannot be read: %s\n",
				     acpi_format_exception(status));

	return mctp_pcc_check_crs(dev, crs);
}

/* Entry @index of the PCCT, NULL if there is none or if the table is broken
 * before its end. The entry lies within the table.
 */
static const struct acpi_subtable_header *
mctp_pcc_find_entry(const struct acpi_table_header *pcct, u64 index)
{
	const struct acpi_subtable_header *entry;
	u32 pos = sizeof(struct acpi_table_pcct);
	u64 i;

	for (i = 0; pos + sizeof(*entry) <= pcct->length; i++) {
		entry = (const void *)pcct + pos;
		if (entry->length < sizeof(*entry) ||
		    entry->length > pcct->length - pos)
			return NULL;
		if (i == index)
			return entry;
		pos += entry->length;
	}

	return NULL;
}

/* Type 4 has the layout of type 3 */
static int mctp_pcc_read_entry(struct device *dev,
			       const struct acpi_table_header *pcct, u64 index,
			       u8 type, struct mctp_pcc_subspace *sub)
{
	const struct acpi_subtable_header *entry;
	const struct acpi_pcct_ext_pcc_master *ext;

	entry = mctp_pcc_find_entry(pcct, index);
	if (!entry || index >= MAX_PCC_SUBSPACES)
		return dev_err_probe(dev, -EINVAL,
				     "PCCT has no subspace %llu\n", index);
	if (entry->type != type)
		return dev_err_probe(dev, -EINVAL,
				     "subspace %llu is of type %u instead of %u\n",
				     index, entry->type, type);
	if (entry->length < sizeof(*ext))
		return dev_err_probe(dev, -EINVAL,
				     "subspace %llu has a PCCT entry of %u bytes instead of %zu\n",
				     index, entry->length, sizeof(*ext));

	ext = container_of(entry, struct acpi_pcct_ext_pcc_master, header);
	if (ext->length < MCTP_PCC_HDR_LEN + MCTP_PCC_MIN_MTU)
		return dev_err_probe(dev, -EINVAL,
				     "subspace %llu has %u bytes of memory, needs %zu\n",
				     index, ext->length,
				     MCTP_PCC_HDR_LEN + MCTP_PCC_MIN_MTU);

	sub->index = index;
	sub->base = ext->base_address;
	sub->size = ext->length;
	sub->latency = ext->latency;
	sub->turnaround = min_t(u32, ext->min_turnaround_time,
				MCTP_PCC_REST_MAX_US);
	sub->complete = ext->cmd_complete_register;
	sub->complete_mask = ext->cmd_complete_mask;

	return 0;
}

/* From the table, because a request of the inbox already acknowledges what
 * waits there.
 */
static int mctp_pcc_read_pcct(struct device *dev,
			      const struct mctp_pcc_crs *crs,
			      struct mctp_pcc_subspace *outbox,
			      struct mctp_pcc_subspace *inbox)
{
	struct acpi_table_header *pcct;
	acpi_status status;
	int rc;

	status = mctp_pcc_get_pcct(&pcct);
	if (ACPI_FAILURE(status))
		return dev_err_probe(dev, -ENODEV, "no PCCT: %s\n",
				     acpi_format_exception(status));

	rc = mctp_pcc_read_entry(dev, pcct, crs->index[0],
				 ACPI_PCCT_TYPE_EXT_PCC_MASTER_SUBSPACE,
				 outbox);
	if (!rc)
		rc = mctp_pcc_read_entry(dev, pcct, crs->index[1],
					 ACPI_PCCT_TYPE_EXT_PCC_SLAVE_SUBSPACE,
					 inbox);
	acpi_put_table(pcct);

	return rc;
}

static int mctp_pcc_claim(struct device *dev, u32 index)
{
	if (test_and_set_bit(index, mctp_pcc_claimed))
		return dev_err_probe(dev, -EBUSY,
				     "subspace %u belongs to another MCTP link\n",
				     index);

	return 0;
}

/* The memory, and the register, which acpi_read() would map at each access */
static int mctp_pcc_map(struct device *dev, struct mctp_pcc_chan *chan)
{
	struct mctp_pcc_subspace *sub = &chan->sub;

	chan->shmem = acpi_os_map_iomem(sub->base, sub->size);
	if (!chan->shmem)
		return dev_err_probe(dev, -ENOMEM,
				     "subspace %u: cannot map %u bytes at %#llx\n",
				     sub->index, sub->size, sub->base);

	if (sub->complete.space_id == ACPI_ADR_SPACE_SYSTEM_MEMORY &&
	    !acpi_os_map_generic_address(&sub->complete)) {
		acpi_os_unmap_iomem(chan->shmem, sub->size);
		return dev_err_probe(dev, -ENOMEM,
				     "subspace %u: cannot map its command complete register\n",
				     sub->index);
	}

	return 0;
}

/* Counterpart of mctp_pcc_map() */
static void mctp_pcc_unmap(struct mctp_pcc_chan *chan)
{
	acpi_os_unmap_generic_address(&chan->sub.complete);
	acpi_os_unmap_iomem(chan->shmem, chan->sub.size);
}

static unsigned long mctp_pcc_deadline(u32 latency)
{
	u64 ms = div_u64((u64)latency * MCTP_PCC_LATE_FACTOR, USEC_PER_MSEC);

	return msecs_to_jiffies(clamp_t(u64, ms, MCTP_PCC_LATE_MIN_MS,
					MCTP_PCC_LATE_MAX_MS));
}

static void mctp_pcc_init(struct mctp_pcc *mp, struct device *dev)
{
	mp->outbox.client.dev = dev;
	mp->outbox.client.tx_done = mctp_pcc_tx_done;
	mp->inbox.client.dev = dev;
	mp->inbox.client.rx_callback = mctp_pcc_rx_callback;

	spin_lock_init(&mp->tx_lock);
	__skb_queue_head_init(&mp->txq);
	mp->late = mctp_pcc_deadline(mp->outbox.sub.latency);
	hrtimer_setup(&mp->turnaround, mctp_pcc_rested, CLOCK_MONOTONIC,
		      HRTIMER_MODE_REL);
	INIT_DELAYED_WORK(&mp->watch, mctp_pcc_watch);
	disable_delayed_work(&mp->watch);
}

static struct net_device *
mctp_pcc_alloc(struct device *dev, const struct mctp_pcc_subspace *outbox,
	       const struct mctp_pcc_subspace *inbox)
{
	struct net_device *ndev;
	char name[IFNAMSIZ];
	struct mctp_pcc *mp;

	KUNIT_STATIC_STUB_REDIRECT(mctp_pcc_alloc, dev, outbox, inbox);

	snprintf(name, sizeof(name), "mctppcc%u", inbox->index);
	ndev = alloc_netdev(sizeof(*mp), name, NET_NAME_PREDICTABLE,
			    mctp_pcc_netdev_setup);
	if (!ndev)
		return NULL;

	SET_NETDEV_DEV(ndev, dev);
	ndev->max_mtu = min(outbox->size, inbox->size) - MCTP_PCC_HDR_LEN;
	mp = netdev_priv(ndev);
	mp->ndev = ndev;
	mp->outbox.sub = *outbox;
	mp->inbox.sub = *inbox;
	mctp_pcc_init(mp, dev);

	return ndev;
}

static int mctp_pcc_probe(struct platform_device *pdev)
{
	struct mctp_pcc_subspace outbox, inbox;
	struct device *dev = &pdev->dev;
	struct mctp_pcc_crs crs = {};
	struct net_device *ndev;
	struct mctp_pcc *mp;
	int rc;

	rc = mctp_pcc_read_crs(dev, &crs);
	if (rc)
		return rc;

	rc = mctp_pcc_read_pcct(dev, &crs, &outbox, &inbox);
	if (rc)
		return rc;

	rc = mctp_pcc_claim(dev, outbox.index);
	if (rc)
		return rc;

	rc = mctp_pcc_claim(dev, inbox.index);
	if (rc)
		goto err_unclaim_outbox;

	rc = -ENOMEM;
	ndev = mctp_pcc_alloc(dev, &outbox, &inbox);
	if (!ndev)
		goto err_unclaim_inbox;

	mp = netdev_priv(ndev);
	rc = mctp_pcc_map(dev, &mp->outbox);
	if (rc)
		goto err_free_netdev;

	rc = mctp_pcc_map(dev, &mp->inbox);
	if (rc)
		goto err_unmap_outbox;

	platform_set_drvdata(pdev, ndev);
	rc = mctp_register_netdev(ndev, NULL, MCTP_PHYS_BINDING_PCC);
	if (rc)
		goto err_unmap_inbox;

	return 0;

err_unmap_inbox:
	mctp_pcc_unmap(&mp->inbox);
err_unmap_outbox:
	mctp_pcc_unmap(&mp->outbox);
err_free_netdev:
	free_netdev(ndev);
err_unclaim_inbox:
	clear_bit(inbox.index, mctp_pcc_claimed);
err_unclaim_outbox:
	clear_bit(outbox.index, mctp_pcc_claimed);
	return rc;
}

static void mctp_pcc_remove(struct platform_device *pdev)
{
	struct net_device *ndev = platform_get_drvdata(pdev);
	struct mctp_pcc *mp = netdev_priv(ndev);
	u32 outbox = mp->outbox.sub.index;
	u32 inbox = mp->inbox.sub.index;

	mctp_unregister_netdev(ndev);
	mctp_pcc_unmap(&mp->inbox);
	mctp_pcc_unmap(&mp->outbox);
	free_netdev(ndev);
	clear_bit(inbox, mctp_pcc_claimed);
	clear_bit(outbox, mctp_pcc_claimed);
}

static const struct acpi_device_id mctp_pcc_ids[] = {
	{ "DMT0001" },
	{ }
};
MODULE_DEVICE_TABLE(acpi, mctp_pcc_ids);

static struct platform_driver mctp_pcc_driver = {
	.probe = mctp_pcc_probe,
	.remove = mctp_pcc_remove,
	.driver = {
		.name = "mctp-pcc",
		.acpi_match_table = mctp_pcc_ids,
	},
};
module_platform_driver(mctp_pcc_driver);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("The mctp-pcc authors");
MODULE_DESCRIPTION("MCTP over PCC transport");

#if IS_ENABLED(CONFIG_MCTP_TRANSPORT_PCC_KUNIT_TEST)
#include "tests/mctp_pcc_kunit.c"
#endif
