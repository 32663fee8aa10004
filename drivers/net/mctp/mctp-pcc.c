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
#include <linux/hrtimer.h>
#include <linux/if_arp.h>
#include <linux/io.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/platform_device.h>

#include <acpi/pcc.h>
#include <kunit/static_stub.h>
#include <net/mctp.h>
#include <net/mctpdevice.h>

/* DSP0292: the bytes 'M', 'C', 'T', 'P'. ACPI 14.3: the length counts them. */
#define MCTP_PCC_COMMAND	0x5054434d
#define MCTP_PCC_CMD_LEN	sizeof(u32)
#define MCTP_PCC_HDR_LEN	sizeof(struct acpi_pcct_ext_pcc_shared_memory)

/* DSP0236, baseline transmission unit: 64 bytes of payload and the header */
#define MCTP_PCC_MIN_MTU	(64 + sizeof(struct mctp_hdr))

/* Bytes queued in the driver: one message of 64 KiB at the minimum MTU, which
 * fq_codel would break. A shorter packet counts as that, for it takes as much
 * memory. tx_queue_len is for eight, as many as a peer has MCTP tags.
 */
#define MCTP_PCC_TX_BUDGET	(1024 * MCTP_PCC_MIN_MTU)
#define MCTP_PCC_TX_QUEUE_LEN	(8 * 1024)

/* Jiffies. The check runs about once a second, rounding included. */
#define MCTP_PCC_TX_TIMEOUT	(3 * HZ / 4)	/* two runs see a transfer */
#define MCTP_PCC_RX_TIMEOUT	(HZ / 10)	/* a packet has no interrupt */
#define MCTP_PCC_TX_RETRY	(5 * HZ)	/* silent platform; channel */
#define MCTP_PCC_RX_RETRY	(3 * HZ)	/* a packet that may be read */
#define MCTP_PCC_LAST_RETRY	(30 * HZ)	/* second retry and later */

/* Reasons not to submit a packet */
#define MCTP_PCC_IN_FLIGHT	BIT(0)	/* the head of the queue is submitted */
#define MCTP_PCC_TURNAROUND	BIT(1)	/* the turnaround time runs */
#define MCTP_PCC_RECOVERING	BIT(2)	/* only the check uses the outbox */

/* One channel. All up to @lags is constant after probe. */
struct mctp_pcc_chan {
	u32 index;			/* of the subspace in the PCCT */
	u32 size;			/* of the shared memory, bytes */
	u64 base;			/* its physical address */
	u32 turnaround;			/* completion to next command, us */
	struct acpi_generic_address complete;	/* command complete check */
	u64 complete_mask;		/* its bit; 0: cannot be read */
	bool lags;			/* may stay clear after acknowledge */
	struct mbox_client client;
	struct pcc_mbox_chan *pcc;	/* NULL: not requested */
};

/* First bytes of a packet, to know it again: length, header, payload */
struct mctp_pcc_peek {
	u32 word[4];
};

/* One MCTP link, private data of the net device */
struct mctp_pcc {
	struct net_device *ndev;
	struct mctp_pcc_chan outbox;	/* OS to platform, type 3 */
	struct mctp_pcc_chan inbox;	/* platform to OS, type 4 */
	struct hrtimer turnaround;	/* runs while TURNAROUND is set */
	struct delayed_work check;	/* periodic, from open to stop */

	/* txq.lock protects use of the outbox too, while RECOVERING is not set.
	 * Taken in any context; the mailbox channel's lock nests inside it; not
	 * held across request and free.
	 */
	struct sk_buff_head txq;	/* not completed; head is in flight */

	unsigned int __guarded_by(&txq.lock) tx_bytes; /* in txq */
	unsigned int __guarded_by(&txq.lock) tx_blocked; /* reasons, above */
	unsigned int __guarded_by(&txq.lock) tx_transfers; /* last number */
	bool __guarded_by(&txq.lock) tx_accept; /* false: packets are dropped */

	/* Written by the inbox's interrupt, or while that is freed */
	unsigned int rx_irqs;		/* packets that it announced */
	struct mctp_pcc_peek rx_last;	/* last packet read or discarded */
	bool rx_compare;		/* it may be announced once more */

	/* Belong to open, stop and check, which exclude each other */
	u32 tx_signature;		/* as the platform wants it */
	unsigned int tx_seen;		/* tx_transfers of the last run */
	unsigned long tx_since;		/* seen first or given up, jiffies */
	unsigned int tx_failed;		/* last transfer given up */
	unsigned int tx_failures;	/* given up in a row */
	unsigned int tx_silent;		/* the same, not complete */
	void __iomem *rx_shmem;		/* own mapping, from open to stop */
	unsigned int rx_seen;		/* rx_irqs of the last run */
	bool rx_idle;			/* complete seen after rx_last */
	bool rx_waiting;		/* rx_peek waited at the last run */
	struct mctp_pcc_peek rx_peek;
	unsigned long rx_since;		/* seen first or retried, jiffies */
	unsigned long rx_retry;		/* pause before a retry, jiffies */
	unsigned long get_since;	/* a request failed, jiffies */
	unsigned long get_retry;	/* pause before the next; 0: none did */
};

/* From here to mctp_pcc_complete(): the unit tests replace these */
static struct pcc_mbox_chan *mctp_pcc_request(struct mctp_pcc_chan *chan)
{
	KUNIT_STATIC_STUB_REDIRECT(mctp_pcc_request, chan);
	return pcc_mbox_request_channel(&chan->client, chan->index);
}

static void __iomem *mctp_pcc_map(struct mctp_pcc_chan *chan)
{
	KUNIT_STATIC_STUB_REDIRECT(mctp_pcc_map, chan);
	return acpi_os_map_iomem(chan->base, chan->size);
}

static void mctp_pcc_unmap(struct mctp_pcc_chan *chan, void __iomem *shmem)
{
	KUNIT_STATIC_STUB_REDIRECT(mctp_pcc_unmap, chan, shmem);
	acpi_os_unmap_iomem(shmem, chan->size);
}

/* 1: the outbox's last command is done; no packet waits in the inbox. Negative,
 * and counts as 1: the register cannot be read. Process context.
 */
static int mctp_pcc_complete(struct mctp_pcc_chan *chan)
{
	u64 val;

	KUNIT_STATIC_STUB_REDIRECT(mctp_pcc_complete, chan);
	if (!chan->complete_mask ||
	    ACPI_FAILURE(acpi_read(&val, &chan->complete)))
		return -EIO;
	return !!(val & chan->complete_mask);
}

/* The skb stays in the queue: with one message the core has nothing to queue,
 * refuse or send by itself. It hides a doorbell that fails: the check gives up.
 */
static void mctp_pcc_submit(struct mctp_pcc *mp)
	__must_hold(&mp->txq.lock)
{
	struct acpi_pcct_ext_pcc_shared_memory __iomem *hdr;
	struct sk_buff *skb = skb_peek(&mp->txq);

	if (!skb)
		return;

	mp->tx_blocked |= MCTP_PCC_IN_FLIGHT;
	mp->tx_transfers++;

	hdr = mp->outbox.pcc->shmem;
	writel(mp->tx_signature, &hdr->signature);
	writel(PCC_CMD_COMPLETION_NOTIFY, &hdr->flags);
	writel(skb->len + MCTP_PCC_CMD_LEN, &hdr->length);
	writel(MCTP_PCC_COMMAND, &hdr->command);
	memcpy_toio(hdr + 1, skb->data, skb->len);
	mbox_send_message(mp->outbox.pcc->mchan, skb);
}

/* The last command is complete: the next is due after the turnaround time */
static void mctp_pcc_submit_next(struct mctp_pcc *mp)
	__must_hold(&mp->txq.lock)
{
	if (mp->outbox.turnaround) {
		mp->tx_blocked |= MCTP_PCC_TURNAROUND;
		hrtimer_start(&mp->turnaround,
			      us_to_ktime(mp->outbox.turnaround),
			      HRTIMER_MODE_REL);
	} else if (!mp->tx_blocked) {
		mctp_pcc_submit(mp);
	}
}

/* Timer interrupt, softirq on PREEMPT_RT */
static enum hrtimer_restart mctp_pcc_turnaround_over(struct hrtimer *timer)
{
	struct mctp_pcc *mp = container_of(timer, struct mctp_pcc, turnaround);

	guard(spinlock_irqsave)(&mp->txq.lock);
	mp->tx_blocked &= ~MCTP_PCC_TURNAROUND;
	if (!mp->tx_blocked)
		mctp_pcc_submit(mp);
	return HRTIMER_NORESTART;
}

static netdev_tx_t mctp_pcc_start_xmit(struct sk_buff *skb,
				       struct net_device *ndev)
{
	enum skb_drop_reason reason = SKB_NOT_DROPPED_YET;
	struct mctp_pcc *mp = netdev_priv(ndev);
	unsigned long flags;

	spin_lock_irqsave(&mp->txq.lock, flags);
	if (!mp->tx_accept) {
		reason = SKB_DROP_REASON_DEV_READY;
	} else if (skb->len < sizeof(struct mctp_hdr)) {
		reason = SKB_DROP_REASON_PKT_TOO_SMALL;
	} else if (skb->len > READ_ONCE(ndev->mtu)) {
		reason = SKB_DROP_REASON_PKT_TOO_BIG;
	} else {
		__skb_queue_tail(&mp->txq, skb);
		mp->tx_bytes += max(skb->len, MCTP_PCC_MIN_MTU);
		if (!mp->tx_blocked)
			mctp_pcc_submit(mp);
		/* stopped and woken under the lock: no wake-up is lost */
		if (mp->tx_bytes >= MCTP_PCC_TX_BUDGET)
			netif_stop_queue(ndev);
	}
	spin_unlock_irqrestore(&mp->txq.lock, flags);

	if (reason) {
		DEV_STATS_INC(ndev, tx_dropped);
		dev_kfree_skb_any_reason(skb, reason);
	}
	return NETDEV_TX_OK;
}

/* Mailbox callback, hard interrupt (a thread on PREEMPT_RT): the platform has
 * consumed @mssg, the head of the queue, or failed to
 */
static void mctp_pcc_tx_done(struct mbox_client *client, void *mssg, int rc)
{
	struct mctp_pcc *mp = container_of(client, struct mctp_pcc,
					   outbox.client);
	struct sk_buff *skb = mssg;
	unsigned long flags;

	spin_lock_irqsave(&mp->txq.lock, flags);
	__skb_unlink(skb, &mp->txq);
	mp->tx_blocked &= ~MCTP_PCC_IN_FLIGHT;
	mctp_pcc_submit_next(mp);
	mp->tx_bytes -= max(skb->len, MCTP_PCC_MIN_MTU);
	if (!rc)
		dev_dstats_tx_add(mp->ndev, skb->len);
	/* at half: on each completion it costs 100 instructions per packet */
	if (mp->tx_bytes <= MCTP_PCC_TX_BUDGET / 2 &&
	    netif_queue_stopped(mp->ndev))
		netif_wake_queue(mp->ndev);
	spin_unlock_irqrestore(&mp->txq.lock, flags);

	if (rc)
		DEV_STATS_INC(mp->ndev, tx_errors);
	dev_kfree_skb_any_reason(skb, rc ? SKB_DROP_REASON_DEV_READY :
					   SKB_CONSUMED);
}

/* Drops what waits, unless a packet is in flight: then the outbox works */
static void mctp_pcc_tx_purge(struct mctp_pcc *mp)
{
	struct sk_buff_head purge;

	__skb_queue_head_init(&purge);
	scoped_guard(spinlock_irqsave, &mp->txq.lock) {
		if (mp->tx_blocked & MCTP_PCC_IN_FLIGHT)
			return;
		skb_queue_splice_init(&mp->txq, &purge);
		mp->tx_bytes = 0;
		netif_wake_queue(mp->ndev);
	}
	DEV_STATS_ADD(mp->ndev, tx_dropped, skb_queue_len(&purge));
	__skb_queue_purge_reason(&purge, SKB_DROP_REASON_DEV_READY);
}

/* Reads the inbox, in the interrupt or while that is freed. Each field is read
 * once: the platform may write at any time. Some leave the signature empty.
 */
static void mctp_pcc_receive(struct mctp_pcc *mp)
{
	struct acpi_pcct_ext_pcc_shared_memory __iomem *hdr = mp->rx_shmem;
	u32 len = readl(&hdr->length);
	struct sk_buff *skb;

	if (readl(&hdr->command) != MCTP_PCC_COMMAND)
		goto err_drop;
	if (len < MCTP_PCC_CMD_LEN + sizeof(struct mctp_hdr) ||
	    len - MCTP_PCC_CMD_LEN > mp->inbox.size - MCTP_PCC_HDR_LEN) {
		DEV_STATS_INC(mp->ndev, rx_length_errors);
		DEV_STATS_INC(mp->ndev, rx_errors);
		return;
	}

	len -= MCTP_PCC_CMD_LEN;
	skb = __netdev_alloc_skb(mp->ndev, len, GFP_ATOMIC | __GFP_NOWARN);
	if (!skb)
		goto err_drop;

	memcpy_fromio(skb_put(skb, len), hdr + 1, len);
	skb->protocol = htons(ETH_P_MCTP);
	skb_reset_mac_header(skb);
	skb_reset_network_header(skb);
	__mctp_cb(skb)->halen = 0;
	/* an interrupt counts too, and does not expect to be interrupted */
	scoped_guard(irqsave)
		dev_dstats_rx_add(mp->ndev, len);
	netif_rx(skb);
	return;

err_drop:
	DEV_STATS_INC(mp->ndev, rx_dropped);
}

/* All within the smallest buffer. Single reads: memcpy_fromio() is a call. */
static struct mctp_pcc_peek mctp_pcc_peek(const struct mctp_pcc *mp)
{
	struct acpi_pcct_ext_pcc_shared_memory __iomem *hdr = mp->rx_shmem;
	u32 __iomem *packet = (u32 __iomem *)(hdr + 1);

	return (struct mctp_pcc_peek) {{ readl(&hdr->length), readl(packet),
				       readl(packet + 1), readl(packet + 2) }};
}

/* Mailbox callback, hard interrupt (a thread on PREEMPT_RT): the inbox holds a
 * packet until this returns. May run before the request has returned.
 */
static void mctp_pcc_rx_callback(struct mbox_client *client, void *mssg)
{
	struct mctp_pcc *mp = container_of(client, struct mctp_pcc,
					   inbox.client);
	struct mctp_pcc_peek last;
	bool again = false;

	WRITE_ONCE(mp->rx_irqs, mp->rx_irqs + 1);
	if (mp->inbox.lags) {
		last = mp->rx_last;
		mp->rx_last = mctp_pcc_peek(mp);
		again = mp->rx_compare &&
			!memcmp(&mp->rx_last, &last, sizeof(last));
		mp->rx_compare = false;
	}
	if (!again)
		mctp_pcc_receive(mp);
}

/* Requests the channels that the link does not have. The core acknowledges the
 * inbox before it requests the interrupt: run the check soon after.
 */
static int mctp_pcc_get(struct mctp_pcc *mp)
{
	struct pcc_mbox_chan *pcc;

	if (!mp->outbox.pcc) {
		pcc = mctp_pcc_request(&mp->outbox);
		if (IS_ERR(pcc))
			return PTR_ERR(pcc);
		mp->outbox.pcc = pcc;

		/* some number their subspaces otherwise, and insist on it */
		mp->tx_signature = readl(pcc->shmem);
		if ((mp->tx_signature ^ PCC_SIGNATURE) >= MAX_PCC_SUBSPACES)
			mp->tx_signature = PCC_SIGNATURE | mp->outbox.index;
	}

	if (!mp->inbox.pcc) {
		mp->rx_idle = mctp_pcc_complete(&mp->inbox);
		if (!mp->rx_idle)
			mp->rx_last = mctp_pcc_peek(mp);
		pcc = mctp_pcc_request(&mp->inbox);
		if (IS_ERR(pcc))
			return PTR_ERR(pcc);
		mp->inbox.pcc = pcc;
	}
	mp->get_retry = 0;
	return 0;
}

/* Counterpart of mctp_pcc_get(). pcc_mbox_free_channel() would unmap the memory
 * under the interrupt handler. With "mailbox: pcc: map the memory in startup"
 * the core has unmapped it, and cleared the pointer.
 */
static void mctp_pcc_put(struct mctp_pcc_chan *chan)
{
	struct pcc_mbox_chan *pcc = chan->pcc;
	void __iomem *shmem;

	if (!pcc)
		return;
	shmem = pcc->shmem;
	mbox_free_channel(pcc->mchan);
	if (pcc->shmem == shmem)
		iounmap(shmem);
	chan->pcc = NULL;
}

/* Ends the transfer in flight, which may have arrived. False: there is none */
static bool mctp_pcc_put_outbox(struct mctp_pcc *mp)
{
	struct sk_buff *skb = NULL;

	mctp_pcc_put(&mp->outbox);
	scoped_guard(spinlock_irqsave, &mp->txq.lock)
		if (mp->tx_blocked & MCTP_PCC_IN_FLIGHT)
			skb = skb_peek(&mp->txq);
	if (skb)
		mctp_pcc_tx_done(&mp->outbox.client, skb, -ETIMEDOUT);
	return skb;
}

/* The qdisc stays active: what it holds is dropped in ndo_start_xmit */
static void mctp_pcc_link_lost(struct mctp_pcc *mp)
{
	scoped_guard(spinlock_irqsave, &mp->txq.lock)
		mp->tx_accept = false;
	mctp_pcc_tx_purge(mp);
	if (!netif_dormant(mp->ndev))
		netdev_warn(mp->ndev,
			    "the platform does not answer, dropping packets\n");
	netif_dormant_on(mp->ndev);
}

/* @complete: the platform has done its part, but no interrupt came, or one with
 * an error status, of which the core says nothing
 */
static void mctp_pcc_give_up(struct mctp_pcc *mp, bool complete)
{
	mp->tx_since = jiffies;
	if (!mctp_pcc_put_outbox(mp))
		return;

	netdev_dbg(mp->ndev, "transfer given up, complete: %d\n", complete);
	if (mp->tx_seen != mp->tx_failed + 1)
		mp->tx_failures = 0;
	mp->tx_failed = mp->tx_seen;
	mp->tx_failures++;
	mp->tx_silent = complete ? 0 : min(mp->tx_silent + 1, mp->tx_failures);

	if (mp->tx_silent >= 2)
		mctp_pcc_link_lost(mp);
	else if (mp->tx_failures == 2)
		netdev_warn(mp->ndev,
			    "no interrupt, dropping packets; command complete: %d\n",
			    complete);
	if (mp->tx_failures >= 2)
		mctp_pcc_tx_purge(mp);
}

/* Two runs about a second apart see the same packet in flight: give it up. Its
 * completion may come late, and would count for the next. So until nothing is
 * in flight and command complete is set, packets are submitted here only, one
 * by one, and a completion starts nothing.
 */
static void mctp_pcc_check_outbox(struct mctp_pcc *mp)
{
	bool complete = mctp_pcc_complete(&mp->outbox);
	unsigned long age = jiffies - mp->tx_since;
	bool give_up = false, idle = false;
	unsigned long flags;

	spin_lock_irqsave(&mp->txq.lock, flags);
	if (!(mp->tx_blocked & MCTP_PCC_IN_FLIGHT)) {
		idle = complete;
		if (idle && mp->tx_blocked & MCTP_PCC_RECOVERING) {
			mp->tx_blocked &= ~MCTP_PCC_RECOVERING;
			mp->tx_silent = 0;
			mctp_pcc_submit_next(mp);
		} else if (mp->tx_blocked == MCTP_PCC_RECOVERING &&
			   age >= MCTP_PCC_TX_TIMEOUT) {
			mctp_pcc_submit(mp);
		}
	} else if (mp->tx_seen == mp->tx_transfers &&
		   age >= MCTP_PCC_TX_TIMEOUT) {
		mp->tx_blocked |= MCTP_PCC_RECOVERING;
		give_up = true;
	}
	if (mp->tx_seen != mp->tx_transfers) {
		mp->tx_seen = mp->tx_transfers;
		mp->tx_since = jiffies;
	}
	/* a silent platform is tried after a while, or when it sends */
	if (idle || age >= MCTP_PCC_TX_RETRY ||
	    READ_ONCE(mp->rx_irqs) != mp->rx_seen)
		mp->tx_accept = true;
	spin_unlock_irqrestore(&mp->txq.lock, flags);

	if (give_up)
		mctp_pcc_give_up(mp, complete);
	if (idle && netif_dormant(mp->ndev)) {
		netdev_info(mp->ndev, "the platform answers again\n");
		netif_dormant_off(mp->ndev);
	}
}

/* A packet waits at two runs, and no interrupt came in between: it was lost, or
 * had an error status. Read the packet; the request that follows acknowledges
 * it. On a link that lags it may be the one that was read last: acknowledge it
 * only, and rarely, for it may be new. True: the next run is due soon.
 */
static bool mctp_pcc_check_inbox(struct mctp_pcc *mp)
{
	/* before the register: what comes later is for the next run */
	unsigned int irqs = READ_ONCE(mp->rx_irqs);
	bool heard = irqs != mp->rx_seen, again;
	struct mctp_pcc_peek peek;

	mp->rx_seen = irqs;
	if (mctp_pcc_complete(&mp->inbox)) {
		mp->rx_idle = true;
		mp->rx_waiting = false;
		return false;
	}

	peek = mctp_pcc_peek(mp);
	mp->rx_idle &= !heard;
	if (heard || !mp->rx_waiting ||
	    memcmp(&peek, &mp->rx_peek, sizeof(peek))) {
		mp->rx_waiting = true;
		mp->rx_peek = peek;
		mp->rx_since = jiffies;
		mp->rx_retry = MCTP_PCC_RX_RETRY;
		return true;
	}

	again = mp->inbox.lags && !mp->rx_idle;
	/* an interrupt that changes rx_last now is seen below */
	again &= data_race(!memcmp(&peek, &mp->rx_last, sizeof(peek)));
	if (jiffies - mp->rx_since <
	    (again ? mp->rx_retry : MCTP_PCC_RX_TIMEOUT))
		return !again;

	mctp_pcc_put(&mp->inbox);
	mp->rx_since = jiffies;
	mp->rx_retry = again ? MCTP_PCC_LAST_RETRY : MCTP_PCC_RX_RETRY;
	if (!again && READ_ONCE(mp->rx_irqs) == irqs) {
		netdev_dbg(mp->ndev, "packet without an interrupt\n");
		mctp_pcc_receive(mp);
		mp->rx_compare = true;
	}
	return false;
}

/* Workqueue. Never takes rtnl: stop waits for it. */
static void mctp_pcc_check(struct work_struct *work)
{
	struct mctp_pcc *mp = container_of(to_delayed_work(work),
					   struct mctp_pcc, check);
	unsigned long delay = round_jiffies_relative(HZ);

	if (mp->outbox.pcc && mp->inbox.pcc) {
		mctp_pcc_check_outbox(mp);
		if (mctp_pcc_check_inbox(mp))
			delay = MCTP_PCC_RX_TIMEOUT;
	}

	/* rarely if another client has one: the core logs each failure */
	if ((!mp->outbox.pcc || !mp->inbox.pcc) &&
	    jiffies - mp->get_since >= mp->get_retry) {
		mp->get_since = jiffies;
		delay = 1;
		if (mctp_pcc_get(mp)) {
			delay = HZ;
			mp->get_retry = mp->get_retry ? MCTP_PCC_LAST_RETRY :
							MCTP_PCC_TX_RETRY;
			mctp_pcc_link_lost(mp);
		}
	}
	queue_delayed_work(system_freezable_power_efficient_wq, &mp->check,
			   delay);
}

static int mctp_pcc_stop(struct net_device *ndev)
{
	struct mctp_pcc *mp = netdev_priv(ndev);

	cancel_delayed_work_sync(&mp->check);
	scoped_guard(spinlock_irqsave, &mp->txq.lock) {
		mp->tx_accept = false;
		mp->tx_blocked |= MCTP_PCC_RECOVERING;
	}
	mctp_pcc_put(&mp->inbox);
	mctp_pcc_put_outbox(mp);
	hrtimer_cancel(&mp->turnaround);
	mctp_pcc_tx_purge(mp);
	mctp_pcc_unmap(&mp->inbox, mp->rx_shmem);
	return 0;
}

static int mctp_pcc_open(struct net_device *ndev)
{
	struct mctp_pcc *mp = netdev_priv(ndev);
	int rc;

	mp->rx_shmem = mctp_pcc_map(&mp->inbox);
	if (!mp->rx_shmem)
		return -ENOMEM;

	mp->rx_waiting = false;
	mp->rx_compare = false;
	mp->tx_since = jiffies;
	rc = mctp_pcc_get(mp);
	if (rc) {
		mctp_pcc_stop(ndev);
		return rc;
	}

	/* without a change the operational state would remain unknown */
	netif_dormant_on(ndev);
	netif_start_queue(ndev);
	scoped_guard(spinlock_irqsave, &mp->txq.lock) {
		/* from before a link down or a kexec, a command may be left */
		mp->tx_blocked = MCTP_PCC_RECOVERING;
		mp->tx_accept = true;
	}
	netif_dormant_off(ndev);
	queue_delayed_work(system_freezable_power_efficient_wq, &mp->check, 1);
	return 0;
}

static const struct net_device_ops mctp_pcc_netdev_ops = {
	.ndo_open = mctp_pcc_open,
	.ndo_stop = mctp_pcc_stop,
	.ndo_start_xmit = mctp_pcc_start_xmit,
};

static void mctp_pcc_netdev_setup(struct net_device *ndev)
{
	ndev->type = ARPHRD_MCTP;
	ndev->mtu = MCTP_PCC_MIN_MTU;
	ndev->min_mtu = MCTP_PCC_MIN_MTU;
	ndev->tx_queue_len = MCTP_PCC_TX_QUEUE_LEN;
	ndev->flags = IFF_NOARP;
	ndev->netdev_ops = &mctp_pcc_netdev_ops;
	ndev->pcpu_stat_type = NETDEV_PCPU_STAT_DSTATS;
}

/* The PCC descriptors of _CRS or, if there are none, those of memory */
struct mctp_pcc_crs {
	bool is_pcc;
	unsigned int count;
	u64 index[2];		/* subspaces: outbox, inbox */
};

/* Firmware spells a PCC descriptor as what it is (ACPI 6.6, 19.6) or, before
 * there was one, as memory; either way the minimum is the subspace
 */
static acpi_status mctp_pcc_crs_entry(struct acpi_resource *res, void *data)
{
	struct acpi_resource_address64 addr;
	struct mctp_pcc_crs *crs = data;
	bool is_pcc;

	if (ACPI_FAILURE(acpi_resource_to_address64(res, &addr)))
		return AE_OK;
	is_pcc = addr.resource_type == ACPI_ADR_SPACE_PLATFORM_COMM;
	if (!is_pcc && (crs->is_pcc || addr.resource_type != ACPI_MEMORY_RANGE))
		return AE_OK;

	if (is_pcc != crs->is_pcc)
		crs->count = 0;
	crs->is_pcc = is_pcc;
	if (crs->count < ARRAY_SIZE(crs->index))
		crs->index[crs->count] = addr.address.minimum;
	crs->count++;
	return AE_OK;
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
	return 0;
}

/* Entry @index of the PCCT, if all of it is within the table; otherwise NULL */
static const struct acpi_subtable_header *
mctp_pcc_find_entry(const struct acpi_table_header *pcct, u64 index)
{
	const struct acpi_subtable_header *entry;
	u32 pos = sizeof(struct acpi_table_pcct);

	for (u64 i = 0; pos + sizeof(*entry) <= pcct->length; i++) {
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
			       u8 type, struct mctp_pcc_chan *chan)
{
	const struct acpi_subtable_header *entry;
	const struct acpi_pcct_ext_pcc_master *ext;
	const struct acpi_generic_address *update;

	entry = mctp_pcc_find_entry(pcct, index);
	if (!entry || index >= MAX_PCC_SUBSPACES || entry->type != type ||
	    entry->length < sizeof(*ext))
		return dev_err_probe(dev, -EINVAL,
				     "PCCT has no subspace %llu of type %u\n",
				     index, type);

	ext = container_of(entry, struct acpi_pcct_ext_pcc_master, header);
	if (ext->length < MCTP_PCC_HDR_LEN + MCTP_PCC_MIN_MTU)
		return dev_err_probe(dev, -EINVAL,
				     "subspace %llu has %u bytes of memory, needs %zu\n",
				     index, ext->length,
				     MCTP_PCC_HDR_LEN + MCTP_PCC_MIN_MTU);

	update = &ext->cmd_update_register;
	chan->index = index;
	chan->base = ext->base_address;
	/* with interrupts off, no more than 64 KiB are copied */
	chan->size = min(ext->length, SZ_64K + MCTP_PCC_HDR_LEN);
	/* no table means more than a second */
	chan->turnaround = min(ext->min_turnaround_time, USEC_PER_SEC);
	chan->complete = ext->cmd_complete_register;
	chan->complete_mask = ext->cmd_complete_mask;
	chan->lags = update->space_id != chan->complete.space_id ||
		     update->address != chan->complete.address ||
		     ~ext->cmd_update_set_mask & chan->complete_mask;

	/* ACPICA logs each attempt: this is the last */
	if (mctp_pcc_complete(chan) < 0) {
		dev_warn(dev, "subspace %llu: cannot read command complete\n",
			 index);
		chan->complete_mask = 0;
	}
	return 0;
}

/* From the table: a request of the inbox acknowledges what waits there */
static int mctp_pcc_read_pcct(struct device *dev, const u64 index[2],
			      struct mctp_pcc *mp)
{
	struct acpi_table_header *pcct;
	acpi_status status;
	int rc;

	KUNIT_STATIC_STUB_REDIRECT(mctp_pcc_read_pcct, dev, index, mp);
	status = acpi_get_table(ACPI_SIG_PCCT, 0, &pcct);
	if (ACPI_FAILURE(status))
		return dev_err_probe(dev, -ENODEV, "no PCCT: %s\n",
				     acpi_format_exception(status));

	rc = mctp_pcc_read_entry(dev, pcct, index[0],
				 ACPI_PCCT_TYPE_EXT_PCC_MASTER_SUBSPACE,
				 &mp->outbox);
	if (!rc)
		rc = mctp_pcc_read_entry(dev, pcct, index[1],
					 ACPI_PCCT_TYPE_EXT_PCC_SLAVE_SUBSPACE,
					 &mp->inbox);
	acpi_put_table(pcct);
	return rc;
}

static int mctp_pcc_probe(struct platform_device *pdev)
{
	struct device *dev = &pdev->dev;
	struct mctp_pcc_crs crs = {};
	struct net_device *ndev, *other;
	char name[IFNAMSIZ];
	struct mctp_pcc *mp;
	int rc;

	rc = mctp_pcc_read_crs(dev, &crs);
	if (rc)
		return rc;
	if (crs.count != 2 || crs.index[0] == crs.index[1])
		return dev_err_probe(dev, -EINVAL,
				     "_CRS has %u PCC descriptors (%llu, %llu), needs outbox and inbox\n",
				     crs.count, crs.index[0], crs.index[1]);

	snprintf(name, sizeof(name), "mctppcc%u", (u8)crs.index[1]);
	ndev = alloc_netdev(sizeof(*mp), name, NET_NAME_PREDICTABLE,
			    mctp_pcc_netdev_setup);
	if (!ndev)
		return -ENOMEM;

	SET_NETDEV_DEV(ndev, dev);
	mp = netdev_priv(ndev);
	mp->ndev = ndev;
	mp->outbox.client.dev = dev;
	mp->outbox.client.tx_done = mctp_pcc_tx_done;
	mp->inbox.client.dev = dev;
	mp->inbox.client.rx_callback = mctp_pcc_rx_callback;
	skb_queue_head_init(&mp->txq);
	hrtimer_setup(&mp->turnaround, mctp_pcc_turnaround_over,
		      CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	INIT_DELAYED_WORK(&mp->check, mctp_pcc_check);

	rc = mctp_pcc_read_pcct(dev, crs.index, mp);
	if (rc)
		goto err_free_netdev;

	ndev->max_mtu = min(mp->outbox.size, mp->inbox.size) - MCTP_PCC_HDR_LEN;
	platform_set_drvdata(pdev, ndev);
	/* two devices, one inbox: mctp_register_netdev() leaks on that error */
	other = dev_get_by_name(&init_net, name);
	dev_put(other);
	rc = other ? -EEXIST :
		     mctp_register_netdev(ndev, NULL, MCTP_PHYS_BINDING_PCC);
	if (rc) {
		dev_err_probe(dev, rc, "cannot register %s\n", name);
		goto err_free_netdev;
	}

	return 0;

err_free_netdev:
	free_netdev(ndev);
	return rc;
}

static void mctp_pcc_remove(struct platform_device *pdev)
{
	struct net_device *ndev = platform_get_drvdata(pdev);

	mctp_unregister_netdev(ndev);
	free_netdev(ndev);
}

static const struct acpi_device_id mctp_pcc_ids[] = { { "DMT0001" }, { } };
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
