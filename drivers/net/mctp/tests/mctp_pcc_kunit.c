// SPDX-License-Identifier: GPL-2.0
/*
 * Unit tests of the MCTP PCC transport.
 *
 * Included at the end of mctp-pcc.c. A link here is a real net device on the
 * real mailbox core; the controller, the shared memory and the platform are
 * fakes. The tests run the periodic check themselves, and move its times back
 * instead of waiting. fake_check_all() checks what each test leaves.
 *
 * Copyright (C) 2026 The mctp-pcc authors
 */

#include <kunit/device.h>
#include <kunit/platform_device.h>
#include <kunit/test.h>
#include <linux/hw_breakpoint.h>
#include <linux/kmsg_dump.h>
#include <linux/mailbox_controller.h>
#include <linux/perf_event.h>
#include <linux/rtnetlink.h>
#include <linux/unaligned.h>
#include <linux/vmalloc.h>

/* Indices of the subspaces. The signature of the outbox has the first. */
#define FAKE_OUTBOX	254
#define FAKE_INBOX	255

/* Of different sizes, so that one cannot stand in for the other */
#define FAKE_OUTBOX_SIZE	1040
#define FAKE_INBOX_SIZE		2064
#define FAKE_MTU		1024

/* Bytes behind each buffer that nobody may write */
#define FAKE_GUARD	64

/* Outbox that was requested and not written, and one that is not requested */
#define FAKE_FRESH	0xee
#define FAKE_GONE	0xa5

/* The command of MCTP: 'M', 'C', 'T', 'P', little endian */
#define FAKE_COMMAND	0x5054434d

/* More than the kernel ever allocates at once: no need to inject a failure */
#define FAKE_NOMEM	(2 * KMALLOC_MAX_SIZE)

/* A turnaround time that no test reaches, us; fits 32 bits without a sign */
#define FAKE_TURNAROUND	(3600U * USEC_PER_SEC)

/* Jiffies; only ever waited for when a test fails */
#define FAKE_WAIT	(2 * HZ)

/* What pcc.c and the platform know of a channel */
struct fake_chan {
	struct pcc_mbox_chan pcc;	/* what a request returns */
	struct mctp_pcc_chan *chan;	/* the driver's end */
	struct hrtimer timer;		/* delivers the interrupt */
	struct completion fired;	/* the interrupt has been handled */
	u8 *shmem;			/* shared memory */
	size_t size;			/* of it, without the guard */
	u8 *sent;			/* the last doorbell found this there */
	u32 signature;			/* there before a request, if not 0 */
	bool live;			/* the interrupt is requested */
	bool in_use;			/* doorbell without an answer */
	int complete;			/* the command complete bit */
	bool no_ack;			/* which no acknowledgment sets */
	bool keeps_shmem;		/* @pcc after a free: see below */
	int request_rc;			/* error before the core is reached */
	int startup_rc;			/* error of the startup */
	int send_rc;			/* error of the doorbell */
	int done_rc;			/* result of transfers */
	int complete_rc;		/* error of reading @complete */
	void (*at_request)(struct fake_chan *fc);  /* interrupt enabled */
	void (*at_free)(struct fake_chan *fc);	/* interrupt still enabled */
	void (*at_look)(struct fake_chan *fc);	/* @complete has been read */
	unsigned int requests;		/* successful ones */
	unsigned int refused;		/* failed with @request_rc */
	unsigned int frees;
	unsigned int sends;		/* doorbells, failed ones too */
	unsigned int max_msgs;		/* most that the core held at one */
};

/* A link and the platform behind it */
struct fake {
	struct kunit *test;
	struct platform_device *pdev;	/* the device DMT0001 */
	struct mctp_pcc_crs crs;
	int crs_rc;			/* error of reading that */
	int pcct_rc;			/* error of reading the PCCT */
	struct mbox_controller mbox;
	struct mbox_chan mchans[2];
	struct fake_chan outbox;
	struct fake_chan inbox;
	struct net_device *ndev;	/* NULL: removed by the test */
	struct mctp_pcc *mp;
	bool map_fails;
	unsigned int maps;		/* of the inbox */
	unsigned int unmaps;
	unsigned long ran;		/* start of the last check, jiffies */
	unsigned long since;		/* its end, or that of open, jiffies */
	struct kmsg_dump_iter log;	/* end of the log at the start */
	unsigned int lines;		/* expected since, of the driver */
	struct packet_type tap;		/* sees what the link delivers */
	wait_queue_head_t wait;		/* woken for @freed, @tapped, sends */
	unsigned int made;		/* packets given to the driver */
	atomic_t freed;			/* those of them that are free */
	bool freed_badly;		/* where kfree_skb() is not allowed */
	bool freed_later;		/* the last one, in a softirq */
	atomic_t tapped;
	bool tap_badly;			/* no MAC header, or an address */
	unsigned int tap_len;		/* of the last one */
	u8 tap_data[FAKE_INBOX_SIZE];
};

/* The test's, from mctp_pcc_kunit_init() on */
static struct fake *fake;

#define expect_eq(a, b)		KUNIT_EXPECT_EQ(fake->test, a, b)
#define expect_true(a)		KUNIT_EXPECT_TRUE(fake->test, a)
#define expect_false(a)		KUNIT_EXPECT_FALSE(fake->test, a)

/* ---- the mailbox controller and the platform ---- */

/* The interrupt of a channel, as pcc_mbox_irq() handles it */
static void fake_irq(struct fake_chan *fc)
{
	bool outbox = fc == &fake->outbox;

	if (!fc->live || (outbox && !fc->in_use) || fc->complete != outbox)
		return;

	fc->in_use = false;
	if (!fc->done_rc)
		mbox_chan_received_data(fc->pcc.mchan, NULL);
	mbox_chan_txdone(fc->pcc.mchan, fc->done_rc);
	if (!outbox)
		fc->complete = !fc->no_ack;
}

static enum hrtimer_restart fake_timer(struct hrtimer *timer)
{
	struct fake_chan *fc = container_of(timer, struct fake_chan, timer);

	fake_irq(fc);
	complete(&fc->fired);
	return HRTIMER_NORESTART;
}

/* Raises the interrupt, in hard interrupt context, and waits for its end */
static void fake_raise(struct fake_chan *fc)
{
	reinit_completion(&fc->fired);
	hrtimer_start(&fc->timer, 0, HRTIMER_MODE_REL);
	expect_true(wait_for_completion_timeout(&fc->fired, FAKE_WAIT));
}

/* The same as a threaded handler runs it */
static void fake_raise_thread(struct fake_chan *fc)
{
	bool still_on;

	local_bh_disable();
	fake_irq(fc);
	still_on = !irqs_disabled();
	local_bh_enable();
	expect_true(still_on);
}

/* The same with interrupts off outside any interrupt */
static void fake_raise_irqs_off(struct fake_chan *fc)
{
	unsigned long flags;
	bool still_off;

	local_bh_disable();
	local_irq_save(flags);
	fake_irq(fc);
	still_off = irqs_disabled();
	local_irq_restore(flags);
	local_bh_enable();
	expect_true(still_off);
}

/* The platform has consumed the outbox so many times, and says so */
static void fake_done(unsigned int n)
{
	while (n--) {
		fake->outbox.complete = true;
		fake_raise(&fake->outbox);
	}
}

/* The platform writes to the inbox. The interrupt is the caller's. */
static void fake_post_raw(u32 command, u32 length, unsigned int seed)
{
	u8 *shmem = fake->inbox.shmem;
	unsigned int i;

	put_unaligned_le32(0x50434300 | FAKE_INBOX, shmem);
	put_unaligned_le32(1, shmem + 4);
	put_unaligned_le32(length, shmem + 8);
	put_unaligned_le32(command, shmem + 12);
	for (i = 16; i < FAKE_INBOX_SIZE; i++)
		shmem[i] = i * 7 + seed;
	fake->inbox.complete = false;
}

/* A packet of 68 bytes that depend on @seed */
static void fake_post(unsigned int seed)
{
	fake_post_raw(FAKE_COMMAND, 72, seed);
}

/* The same with its interrupt */
static void fake_deliver(unsigned int seed)
{
	fake_post(seed);
	fake_raise(&fake->inbox);
}

/* Like pcc_startup(): acknowledge, then enable the interrupt */
static int fake_startup(struct mbox_chan *mchan)
{
	struct fake_chan *fc = mchan->con_priv;

	if (fc == &fake->inbox && !fc->no_ack)
		fc->complete = true;
	fc->live = true;
	if (fc->at_request)
		fc->at_request(fc);
	if (fc->startup_rc)
		fc->live = false;
	return fc->startup_rc;
}

/* While the outbox is not requested the driver must not write there. The inbox
 * is the platform's at all times.
 */
static void fake_fill(struct fake_chan *fc, u8 byte)
{
	if (fc == &fake->outbox)
		memset(fc->shmem, byte, fc->size);
}

static void fake_check_gone(struct fake_chan *fc)
{
	if (fc == &fake->outbox)
		expect_true(!memchr_inv(fc->shmem, FAKE_GONE, fc->size));
}

/* A core with "mailbox: pcc: map the memory in startup" unmaps here */
static void fake_shutdown(struct mbox_chan *mchan)
{
	struct fake_chan *fc = mchan->con_priv;

	if (fc->at_free)
		fc->at_free(fc);
	fc->live = false;
	fc->frees++;
	if (!fc->keeps_shmem)
		fc->pcc.shmem = NULL;
	fake_fill(fc, FAKE_GONE);
}

/* Under the mailbox channel's lock: only take notes here */
static int fake_send_data(struct mbox_chan *mchan, void *data)
{
	struct fake_chan *fc = mchan->con_priv;

	fc->sends++;
	fc->max_msgs = max(fc->max_msgs, mchan->msg_count);
	if (fc->send_rc)
		return fc->send_rc;

	memcpy(fc->sent, fc->shmem, fc->size + FAKE_GUARD);
	fc->complete = false;
	fc->in_use = true;
	wake_up(&fake->wait);
	return 0;
}

static const struct mbox_chan_ops fake_ops = {
	.send_data = fake_send_data,
	.startup = fake_startup,
	.shutdown = fake_shutdown,
};

/* ---- in the place of functions of the driver ---- */

static struct fake_chan *fake_find(const struct mctp_pcc_chan *chan)
{
	return chan == fake->outbox.chan ? &fake->outbox : &fake->inbox;
}

static struct pcc_mbox_chan *fake_request(struct mctp_pcc_chan *chan)
{
	struct fake_chan *fc = fake_find(chan);
	int rc = fc->request_rc;

	if (rc) {
		fc->refused++;
		return ERR_PTR(rc);
	}

	fake_check_gone(fc);
	fake_fill(fc, FAKE_FRESH);
	if (fc->signature)
		put_unaligned_le32(fc->signature, fc->shmem);
	fc->pcc.shmem = (void __force __iomem *)fc->shmem;
	rc = mbox_bind_client(fc->pcc.mchan, &chan->client);
	if (rc) {
		fc->pcc.shmem = NULL;
		fake_fill(fc, FAKE_GONE);
		return ERR_PTR(rc);
	}
	fc->requests++;
	return &fc->pcc;
}

static void __iomem *fake_map(struct mctp_pcc_chan *chan)
{
	expect_true(chan == fake->inbox.chan);
	if (fake->map_fails)
		return NULL;
	fake->maps++;
	return (void __force __iomem *)fake->inbox.shmem;
}

static void fake_unmap(struct mctp_pcc_chan *chan, void __iomem *shmem)
{
	expect_true((void __force *)shmem == fake->inbox.shmem);
	expect_false(fake->inbox.live);
	fake->unmaps++;
}

static int fake_complete(struct mctp_pcc_chan *chan)
{
	struct fake_chan *fc = fake_find(chan);
	int rc = fc->complete_rc ?: fc->complete;

	if (fc->at_look)
		fc->at_look(fc);
	return rc;
}

static int fake_read_crs(struct device *dev, struct mctp_pcc_crs *crs)
{
	*crs = fake->crs;
	return fake->crs_rc;
}

static int fake_read_pcct(struct device *dev, const u64 index[2],
			  struct mctp_pcc *mp)
{
	fake->mp = mp;
	mp->outbox.index = index[0];
	mp->outbox.size = fake->outbox.size;
	fake->outbox.chan = &mp->outbox;
	mp->inbox.index = index[1];
	mp->inbox.size = fake->inbox.size;
	fake->inbox.chan = &mp->inbox;
	return fake->pcct_rc;
}

/* The workqueue has no stubs: what it would run, the tests run */
static void fake_work(struct work_struct *work)
{
}

/* ---- a link ---- */

static int fake_tap(struct sk_buff *skb, struct net_device *ndev,
		    struct packet_type *pt, struct net_device *orig)
{
	if (!skb_mac_header_was_set(skb) || mctp_cb(skb)->halen)
		fake->tap_badly = true;
	fake->tap_len = skb->len;
	skb_copy_bits(skb, 0, fake->tap_data,
		      min_t(unsigned int, skb->len, sizeof(fake->tap_data)));
	atomic_inc(&fake->tapped);
	wake_up(&fake->wait);
	consume_skb(skb);
	return NET_RX_SUCCESS;
}

/* Lines of the link's in the log that have @text */
static unsigned int fake_logged(const char *text)
{
	struct kmsg_dump_iter iter = fake->log;
	unsigned int lines = 0;
	char line[256];
	size_t len;

	while (kmsg_dump_get_line(&iter, false, line, sizeof(line) - 1, &len)) {
		line[len] = '\0';
		if (strstr(line, "mctppcc255: ") && strstr(line, text))
			lines++;
	}
	return lines;
}

/* What each test must leave behind */
static void fake_check_chan(struct fake_chan *fc)
{
	expect_true(!fc->pcc.mchan->cl);
	expect_eq(fc->frees, fc->requests);
	expect_true(fc->max_msgs <= 1);
	fake_check_gone(fc);
	expect_true(!memchr_inv(fc->shmem + fc->size, FAKE_FRESH, FAKE_GUARD));
}

static void fake_check_all(void *data)
{
	fake_check_chan(&fake->outbox);
	fake_check_chan(&fake->inbox);
	expect_eq(fake->unmaps, fake->maps);
	expect_eq(atomic_read(&fake->freed), fake->made);
	expect_false(fake->freed_badly);
	expect_false(fake->tap_badly);
	expect_eq(fake_logged(""), fake->lines);
}

static void fake_init_chan(struct fake_chan *fc, unsigned int i, size_t size)
{
	size_t all = size + FAKE_GUARD;

	fc->size = size;
	fc->shmem = kunit_kzalloc(fake->test, all, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(fake->test, fc->shmem);
	fake_fill(fc, FAKE_GONE);
	memset(fc->shmem + size, FAKE_FRESH, FAKE_GUARD);
	fc->sent = kunit_kzalloc(fake->test, all, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(fake->test, fc->sent);
	fc->complete = true;
	fc->pcc.mchan = &fake->mchans[i];
	fake->mchans[i].con_priv = fc;
	init_completion(&fc->fired);
	hrtimer_setup(&fc->timer, fake_timer, CLOCK_MONOTONIC,
		      HRTIMER_MODE_REL);
}

/* The machine, before the driver probes it */
static int mctp_pcc_kunit_init(struct kunit *test)
{
	struct device *dev = kunit_device_register(test, "pcc");

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, dev);
	fake = kunit_kzalloc(test, sizeof(*fake), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, fake);
	fake->test = test;
	init_waitqueue_head(&fake->wait);
	kmsg_dump_rewind(&fake->log);
	fake->log.cur_seq = fake->log.next_seq;
	fake_init_chan(&fake->outbox, 0, FAKE_OUTBOX_SIZE);
	fake_init_chan(&fake->inbox, 1, FAKE_INBOX_SIZE);
	fake->mbox.dev = dev;
	fake->mbox.ops = &fake_ops;
	fake->mbox.chans = fake->mchans;
	fake->mbox.num_chans = ARRAY_SIZE(fake->mchans);
	fake->mbox.txdone_irq = true;
	KUNIT_ASSERT_EQ(test, 0, devm_mbox_controller_register(dev,
							       &fake->mbox));
	fake->crs.is_pcc = true;
	fake->crs.count = 2;
	fake->crs.index[0] = FAKE_OUTBOX;
	fake->crs.index[1] = FAKE_INBOX;
	fake->pdev = kunit_platform_device_alloc(test, "mctp-pcc-kunit",
						 PLATFORM_DEVID_NONE);
	KUNIT_ASSERT_NOT_NULL(test, fake->pdev);
	KUNIT_ASSERT_EQ(test, 0, kunit_platform_device_add(test, fake->pdev));

	kunit_activate_static_stub(test, mctp_pcc_request, fake_request);
	kunit_activate_static_stub(test, mctp_pcc_map, fake_map);
	kunit_activate_static_stub(test, mctp_pcc_unmap, fake_unmap);
	kunit_activate_static_stub(test, mctp_pcc_complete, fake_complete);
	kunit_activate_static_stub(test, mctp_pcc_read_crs, fake_read_crs);
	kunit_activate_static_stub(test, mctp_pcc_read_pcct, fake_read_pcct);
	return 0;
}

static int fake_open(void)
{
	int rc;

	fake->ran = jiffies;
	fake->mp->check.timer.expires = fake->ran;
	rtnl_lock();
	rc = dev_open(fake->ndev, NULL);
	rtnl_unlock();
	fake->since = jiffies;
	return rc;
}

static void fake_close(void)
{
	rtnl_lock();
	dev_close(fake->ndev);
	rtnl_unlock();
	expect_false(hrtimer_active(&fake->mp->turnaround));
	expect_false(delayed_work_pending(&fake->mp->check));
	expect_eq(fake->mp->tx_bytes, 0);
	expect_true(skb_queue_empty(&fake->mp->txq));
}

/* Each packet is in one of three counters */
static void fake_remove(void *data)
{
	struct rtnl_link_stats64 stats;

	if (!fake->ndev)
		return;
	fake_close();
	dev_get_stats(fake->ndev, &stats);
	expect_eq(fake->made,
		  stats.tx_packets + stats.tx_errors + stats.tx_dropped);
	dev_remove_pack(&fake->tap);
	mctp_pcc_remove(fake->pdev);
	fake->ndev = NULL;
}

/* A link that is down */
static void fake_link(void)
{
	struct kunit *test = fake->test;
	int rc;

	KUNIT_ASSERT_EQ(test, 0, mctp_pcc_probe(fake->pdev));
	fake->ndev = platform_get_drvdata(fake->pdev);
	KUNIT_ASSERT_PTR_EQ(test, netdev_priv(fake->ndev), (void *)fake->mp);
	KUNIT_ASSERT_PTR_EQ(test, fake->mp->check.work.func, &mctp_pcc_check);
	fake->mp->check.work.func = fake_work;

	fake->tap.type = htons(ETH_P_MCTP);
	fake->tap.dev = fake->ndev;
	fake->tap.func = fake_tap;
	dev_add_pack(&fake->tap);

	/* in the reverse order */
	rc = kunit_add_action_or_reset(test, fake_check_all, NULL);
	KUNIT_EXPECT_EQ(test, 0, rc);
	rc = kunit_add_action_or_reset(test, fake_remove, NULL);
	KUNIT_ASSERT_EQ(test, 0, rc);
}

/* Lets the link be @age jiffies older than after the last check, however long
 * that is ago, and runs the check, which queues itself anew
 */
static void fake_run_after(unsigned long age)
{
	struct mctp_pcc *mp = fake->mp;

	cancel_delayed_work_sync(&mp->check);
	fake->ran = jiffies;
	mp->check.timer.expires = fake->ran;
	age -= fake->ran - fake->since;
	mp->tx_since -= age;
	mp->rx_since -= age;
	mp->get_since -= age;
	mctp_pcc_check(&mp->check.work);
	fake->since = jiffies;
	expect_true(mp->check.timer.expires != fake->ran);
}

static void fake_run(void)
{
	fake_run_after(0);
}

/* A link that is up, and where the outbox is ready */
static void fake_up(void)
{
	fake_link();
	KUNIT_ASSERT_EQ(fake->test, 0, fake_open());
	fake_run();
	KUNIT_ASSERT_EQ(fake->test, fake->mp->tx_blocked, 0);
}

/* Two runs of the check a second apart see the same packet in flight */
static void fake_give_up(bool complete)
{
	unsigned int requests = fake->outbox.requests + fake->outbox.refused;

	expect_true(fake->mp->tx_blocked & MCTP_PCC_IN_FLIGHT);
	fake->outbox.complete = complete;
	fake_run();
	fake_run_after(HZ);
	expect_eq(fake->outbox.requests + fake->outbox.refused, requests + 1);
}

static void fake_destruct(struct sk_buff *skb)
{
	if (in_hardirq() || irqs_disabled())
		fake->freed_badly = true;
	fake->freed_later = in_serving_softirq();
	atomic_inc(&fake->freed);
	wake_up(&fake->wait);
}

/* Packets of @len bytes that depend on how many there were before, in softirq
 * context, as the qdisc sends them
 */
static void fake_xmit(unsigned int n, unsigned int len)
{
	struct sk_buff *skb;
	unsigned int i;

	while (n--) {
		skb = alloc_skb(len, GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(fake->test, skb);
		skb_put(skb, len);
		for (i = 0; i < len; i++)
			skb->data[i] = i * 3 + fake->made;
		skb->dev = fake->ndev;
		skb->destructor = fake_destruct;
		fake->made++;
		local_bh_disable();
		expect_eq(mctp_pcc_start_xmit(skb, fake->ndev), NETDEV_TX_OK);
		local_bh_enable();
	}
}

/* ---- what is expected of it ---- */

static void expect_freed(unsigned int n)
{
	wait_event_timeout(fake->wait, atomic_read(&fake->freed) >= n,
			   FAKE_WAIT);
	expect_eq(atomic_read(&fake->freed), n);
}

static void expect_sends(unsigned int n)
{
	wait_event_timeout(fake->wait, READ_ONCE(fake->outbox.sends) >= n,
			   FAKE_WAIT);
	expect_eq(fake->outbox.sends, n);
}

/* The last of @sends doorbells found packet number @seq in the outbox */
static void expect_sent(unsigned int sends, unsigned int seq, unsigned int len)
{
	const u8 hdr[16] = {
		FAKE_OUTBOX, 'C', 'C', 'P', 1, 0, 0, 0,
		(len + 4) & 0xff, (len + 4) >> 8, 0, 0, 'M', 'C', 'T', 'P',
	};
	u8 *sent = fake->outbox.sent;
	unsigned int i;

	expect_sends(sends);
	KUNIT_EXPECT_MEMEQ(fake->test, sent, hdr, sizeof(hdr));
	for (i = 0; i < len; i++)
		if (sent[i + 16] != (u8)(i * 3 + seq))
			break;
	KUNIT_EXPECT_EQ_MSG(fake->test, i, len, "first wrong byte of %u", seq);
}

static void expect_tapped(unsigned int n)
{
	wait_event_timeout(fake->wait, atomic_read(&fake->tapped) >= n,
			   FAKE_WAIT);
	expect_eq(atomic_read(&fake->tapped), n);
}

/* The last of @n packets, see fake_post_raw() */
static void expect_received(unsigned int n, unsigned int len, unsigned int seed)
{
	unsigned int i;

	expect_tapped(n);
	expect_eq(fake->tap_len, len);
	for (i = 0; i < len; i++)
		if (fake->tap_data[i] != (u8)((i + 16) * 7 + seed))
			break;
	KUNIT_EXPECT_EQ_MSG(fake->test, i, len, "first wrong byte");
}

/* Confirmed, given and not confirmed, never given */
static void expect_tx(unsigned int packets, unsigned int bytes,
		      unsigned int errors, unsigned int dropped)
{
	struct rtnl_link_stats64 stats;

	dev_get_stats(fake->ndev, &stats);
	expect_eq(stats.tx_packets, packets);
	expect_eq(stats.tx_bytes, bytes);
	expect_eq(stats.tx_errors, errors);
	expect_eq(stats.tx_dropped, dropped);
}

/* Given to the stack, wrong length, all else */
static void expect_rx(unsigned int packets, unsigned int bytes,
		      unsigned int length_errors, unsigned int dropped)
{
	struct rtnl_link_stats64 stats;

	dev_get_stats(fake->ndev, &stats);
	expect_eq(stats.rx_packets, packets);
	expect_eq(stats.rx_bytes, bytes);
	expect_eq(stats.rx_length_errors, length_errors);
	expect_eq(stats.rx_errors, length_errors);
	expect_eq(stats.rx_dropped, dropped);
	expect_eq(stats.rx_frame_errors + stats.rx_missed_errors, 0);
}

/* Lines in the log: once for each change, and not in normal operation */
static void expect_log(unsigned int lost, unsigned int found, unsigned int irq)
{
	if (!IS_ENABLED(CONFIG_PRINTK))
		return;
	expect_eq(fake_logged("the platform does not answer, dropping"), lost);
	expect_eq(fake_logged("the platform answers again"), found);
	expect_eq(fake_logged("no interrupt, dropping packets"), irq);
	fake->lines = lost + found + irq;
}

/* The check is due after so many jiffies: from its start, or from its end. A
 * second is rounded.
 */
static void expect_next(unsigned long delay)
{
	unsigned long slack = delay == HZ ? HZ * 3 / 4 : 0;
	unsigned long next = fake->mp->check.timer.expires - fake->ran;

	expect_true(next >= delay - slack / 3);
	expect_true(next <= delay + slack + (jiffies - fake->ran));
}

/* ---- _CRS ---- */

struct fake_desc {
	u32 type;
	u8 resource_type;
	u64 min;
};

#define A(bits, res, min)	{ ACPI_RESOURCE_TYPE_ADDRESS##bits, res, min }
#define PCC(min)		A(32, 0x0a, min)
#define MEM(min)		A(32, 0x00, min)
#define OTHER(name)		{ ACPI_RESOURCE_TYPE_##name, 0, 9 }

static const struct mctp_pcc_crs_case {
	const char *name;
	struct fake_desc desc[5];	/* up to one of type 0, IRQ */
	struct mctp_pcc_crs want;
} mctp_pcc_crs_cases[] = {
	{ "none", { }, { } },
	{ "end tag only", { OTHER(END_TAG) }, { } },
	{ "one", { PCC(1) }, { true, 1, { 1 } } },
	{ "16 bits", { A(16, 0x0a, 1), A(16, 0x0a, 2) },
	  { true, 2, { 1, 2 } } },
	{ "32 bits", { PCC(2), PCC(1) }, { true, 2, { 2, 1 } } },
	{ "64 bits", { A(64, 0x0a, 0), A(64, 0x0a, 255) },
	  { true, 2, { 0, 255 } } },
	{ "64 bits are kept", { A(64, 0x0a, 1ULL << 32), PCC(0) },
	  { true, 2, { 1ULL << 32, 0 } } },
	{ "memory", { MEM(3), MEM(4) }, { false, 2, { 3, 4 } } },
	{ "memory first", { MEM(3), PCC(4), PCC(5) }, { true, 2, { 4, 5 } } },
	{ "memory between", { PCC(4), MEM(3), PCC(5) }, { true, 2, { 4, 5 } } },
	{ "memory last", { PCC(4), PCC(5), MEM(3), MEM(6) },
	  { true, 2, { 4, 5 } } },
	{ "two of memory, one PCC", { MEM(3), MEM(6), PCC(4) },
	  { true, 1, { 4, 6 } } },
	{ "others between",
	  { A(32, 0x01, 7), PCC(5), A(16, 0x02, 8), PCC(6), OTHER(END_TAG) },
	  { true, 2, { 5, 6 } } },
	{ "others beside memory",
	  { A(32, 0x01, 7), MEM(3), A(16, 0x02, 8), MEM(4), OTHER(END_TAG) },
	  { false, 2, { 3, 4 } } },
	{ "not descriptors", { OTHER(IO), OTHER(FIXED_MEMORY32),
	    OTHER(EXTENDED_IRQ), OTHER(END_TAG) }, { } },
	{ "three", { PCC(1), PCC(2), PCC(3) }, { true, 3, { 1, 2 } } },
};

#undef A

KUNIT_ARRAY_PARAM_DESC(mctp_pcc_crs, mctp_pcc_crs_cases, name);

static void fake_resource(struct acpi_resource *res,
			  const struct fake_desc *desc)
{
	memset(res, 0, sizeof(*res));
	res->type = desc->type;
	res->length = sizeof(*res);
	if (desc->type == ACPI_RESOURCE_TYPE_ADDRESS16)
		res->data.address16.address.minimum = desc->min;
	else if (desc->type == ACPI_RESOURCE_TYPE_ADDRESS32)
		res->data.address32.address.minimum = desc->min;
	else if (desc->type == ACPI_RESOURCE_TYPE_ADDRESS64)
		res->data.address64.address.minimum = desc->min;
	else
		return;
	/* at the same place in all three */
	res->data.address.resource_type = desc->resource_type;
}

static void mctp_pcc_test_crs(struct kunit *test)
{
	const struct mctp_pcc_crs_case *c = test->param_value;
	const struct mctp_pcc_crs empty = { };
	struct mctp_pcc_crs list[2] = { };
	struct acpi_resource *res;
	unsigned int i;

	res = kunit_kzalloc(test, sizeof(*res), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, res);
	for (i = 0; i < ARRAY_SIZE(c->desc) && c->desc[i].type; i++) {
		fake_resource(res, &c->desc[i]);
		expect_eq(AE_OK, mctp_pcc_crs_entry(res, list));
	}

	expect_eq(c->want.is_pcc, list[0].is_pcc);
	expect_eq(c->want.count, list[0].count);
	expect_eq(c->want.index[0], list[0].index[0]);
	expect_eq(c->want.index[1], list[0].index[1]);
	KUNIT_EXPECT_MEMEQ(test, &list[1], &empty, sizeof(empty));
}

/* ---- PCCT ---- */

/* ACPI 6.5: 5.2.6 (length of a table), 14.1 (PCCT), 14.1.6 (types 3 and 4) */
#define PCCT_LEN	48
#define PCCT_ENTRY	164

static u8 *fake_pcct(u32 length)
{
	u8 *pcct = kunit_kzalloc(fake->test, max(length, PCCT_LEN), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(fake->test, pcct);
	memcpy(pcct, "PCCT", 4);
	put_unaligned_le32(length, pcct + 4);
	return pcct;
}

static const struct mctp_pcc_find_case {
	const char *name;
	u32 length;	/* of the table */
	u8 entries[4];	/* their lengths, one after the other */
	u64 index;
	u32 found;	/* offset, or 0 */
} mctp_pcc_find_cases[] = {
	{ "first of one", 48 + 164, { 164 }, 0, 48 },
	{ "second of two", 48 + 328, { 164, 164 }, 1, 212 },
	{ "after a shorter one", 48 + 226, { 62, 164 }, 1, 110 },
	{ "smallest entry", 50, { 2 }, 0, 48 },
	{ "beyond the last", 48 + 328, { 164, 164 }, 2, 0 },
	{ "index 1 << 32", 48 + 328, { 164, 164 }, 1ULL << 32, 0 },
	{ "largest index", 48 + 328, { 164, 164 }, U64_MAX, 0 },
	{ "zero length", 48 + 164, { 0 }, 0, 0 },
	{ "length one", 48 + 164, { 1 }, 0, 0 },
	{ "after zero length", 48 + 328, { 164, 0 }, 2, 0 },
	{ "before a broken one", 48 + 328, { 164, 0 }, 0, 48 },
	{ "one byte beyond the end", 48 + 163, { 164 }, 0, 0 },
	{ "second beyond the end", 48 + 327, { 164, 164 }, 1, 0 },
	{ "first with the second beyond", 48 + 327, { 164, 164 }, 0, 48 },
	{ "half an entry header", 49, { 2 }, 0, 0 },
	{ "no entries", 48, { }, 0, 0 },
	{ "shorter than its header", 47, { }, 0, 0 },
	{ "length zero", 0, { }, 0, 0 },
};

KUNIT_ARRAY_PARAM_DESC(mctp_pcc_find, mctp_pcc_find_cases, name);

static void mctp_pcc_test_pcct_find(struct kunit *test)
{
	const struct mctp_pcc_find_case *c = test->param_value;
	const struct acpi_subtable_header *entry;
	u8 *pcct = fake_pcct(c->length);
	u32 i, pos = PCCT_LEN;

	for (i = 0; i < ARRAY_SIZE(c->entries) && pos + 2 <= c->length; i++) {
		pcct[pos] = 3;
		pcct[pos + 1] = c->entries[i];
		if (c->entries[i] < 2)
			break;
		pos += c->entries[i];
	}
	entry = mctp_pcc_find_entry((void *)pcct, c->index);
	KUNIT_EXPECT_PTR_EQ(test, (void *)entry,
			    (void *)(c->found ? pcct + c->found : NULL));
}

/* Every field another value, also in an entry that is too short by one */
static void fake_entry(u8 *entry, u8 type, u8 length, u32 size)
{
	entry[0] = type;
	entry[1] = length;
	if (length < PCCT_ENTRY - 1)
		return;

	put_unaligned_le32(16, entry + 2);
	put_unaligned_le64(0x100000000, entry + 8);
	put_unaligned_le32(size, entry + 16);
	put_unaligned_le64(0x710, entry + 24);
	put_unaligned_le32(1001, entry + 48);	/* nominal latency */
	put_unaligned_le32(1002, entry + 52);	/* maximum access rate */
	put_unaligned_le32(70000, entry + 56);	/* minimum turnaround */
	entry[96] = 1;				/* system I/O */
	entry[97] = 32;
	entry[98] = 8;
	entry[99] = 3;
	put_unaligned_le64(0x1122334455667788, entry + 100);
	put_unaligned_le64(0x8000000000000001, entry + 108);
	entry[116] = 1;
	put_unaligned_le64(0x1122334455667788, entry + 120);
	put_unaligned_le64(0x7ffffffffffffffe, entry + 128);
	put_unaligned_le64(0x8000000000000001, entry + 136);
}

/* A table with one entry, and in front of it @before that are too short */
static u8 *fake_table(unsigned int before, u8 type, u8 length, u32 size)
{
	u32 first = PCCT_LEN + before * 2;
	u8 *pcct = fake_pcct(first + length);
	u32 i;

	for (i = PCCT_LEN; i < first; i += 2)
		pcct[i + 1] = 2;
	fake_entry(pcct + first, type, length, size);
	return pcct;
}

static int read_table(u8 *pcct, u64 index, u8 type, struct mctp_pcc_chan *chan)
{
	return mctp_pcc_read_entry(&fake->pdev->dev, (void *)pcct, index, type,
				   chan);
}

static const struct mctp_pcc_entry_case {
	const char *name;
	u8 type;
	u8 length;
	u32 size;
	u64 index;
	u8 want;
	u32 clipped;	/* its size for the driver, or 0 if it is refused */
} mctp_pcc_entry_cases[] = {
	{ "outbox", 3, 164, 8208, 1, 3, 8208 },
	{ "inbox", 4, 164, 8208, 1, 4, 8208 },
	{ "larger than it must be", 3, 200, 8208, 1, 3, 8208 },
	{ "smallest memory", 3, 164, 84, 1, 3, 84 },
	{ "largest memory that is used", 4, 164, 65552, 1, 4, 65552 },
	{ "more memory by one", 4, 164, 65553, 1, 4, 65552 },
	{ "largest memory", 3, 164, U32_MAX, 1, 3, 65552 },
	{ "outbox of type 4", 4, 164, 8208, 1, 3 },
	{ "inbox of type 3", 3, 164, 8208, 1, 4 },
	{ "type 0", 0, 164, 8208, 1, 3 },
	{ "type 1", 1, 164, 8208, 1, 3 },
	{ "type 2", 2, 164, 8208, 1, 3 },
	{ "type 5", 5, 164, 8208, 1, 4 },
	{ "type 255", 255, 164, 8208, 1, 4 },
	{ "entry too short by one", 3, 163, 8208, 1, 3 },
	{ "entry of two bytes", 4, 2, 8208, 1, 4 },
	{ "memory too short by one", 3, 164, 83, 1, 3 },
	{ "no memory", 4, 164, 0, 1, 4 },
	{ "no such subspace", 3, 164, 8208, 2, 3 },
	{ "no such subspace, huge", 3, 164, 8208, U64_MAX, 3 },
	{ "no such subspace, 32 bits", 3, 164, 8208, 0x100000001, 3 },
};

KUNIT_ARRAY_PARAM_DESC(mctp_pcc_entry, mctp_pcc_entry_cases, name);

static void mctp_pcc_test_pcct_entry(struct kunit *test)
{
	const struct mctp_pcc_entry_case *c = test->param_value;
	u8 *pcct = fake_table(1, c->type, c->length, c->size);
	struct mctp_pcc_chan chan = { .index = 77 };

	expect_eq(c->clipped ? 0 : -EINVAL,
		  read_table(pcct, c->index, c->want, &chan));
	expect_eq(chan.index, c->clipped ? 1 : 77);
	expect_eq(chan.size, c->clipped);
}

static void mctp_pcc_test_pcct_values(struct kunit *test)
{
	u8 *pcct = fake_table(0, 4, PCCT_ENTRY, 2064);
	struct mctp_pcc_chan chan = { };

	expect_eq(0, read_table(pcct, 0, 4, &chan));
	expect_eq(chan.index, 0);
	expect_eq(chan.base, 0x100000000);
	expect_eq(chan.size, 2064);
	expect_eq(chan.turnaround, 70000);
	expect_eq(chan.complete.space_id, 1);
	expect_eq(chan.complete.bit_width, 32);
	expect_eq(chan.complete.bit_offset, 8);
	expect_eq(chan.complete.access_width, 3);
	expect_eq(chan.complete.address, 0x1122334455667788);
	expect_eq(chan.complete_mask, 0x8000000000000001);
	expect_false(chan.lags);

	/* no turnaround time is longer than a second */
	put_unaligned_le32(1000000, pcct + PCCT_LEN + 56);
	expect_eq(0, read_table(pcct, 0, 4, &chan));
	expect_eq(chan.turnaround, 1000000);
	put_unaligned_le32(U32_MAX, pcct + PCCT_LEN + 56);
	expect_eq(0, read_table(pcct, 0, 4, &chan));
	expect_eq(chan.turnaround, 1000000);
}

static const struct mctp_pcc_lags_case {
	const char *name;
	u8 space;	/* of the update register, the other has 1 */
	u64 address;	/* the same, the other has 0x1122334455667788 */
	u64 set;	/* by that, the other's mask is 0x8000000000000001 */
	bool lags;
} mctp_pcc_lags_cases[] = {
	{ "one register", 1, 0x1122334455667788, 0x8000000000000001, false },
	{ "sets more", 1, 0x1122334455667788, 0xc000000000000003, false },
	{ "another space", 0, 0x1122334455667788, 0x8000000000000001, true },
	{ "another address", 1, 0x112233445566778c, 0x8000000000000001, true },
	{ "another high address", 1, 0x55667788, 0x8000000000000001, true },
	{ "sets no bit", 1, 0x1122334455667788, 0, true },
	{ "sets the low bit only", 1, 0x1122334455667788, 1, true },
	{ "sets other bits", 1, 0x1122334455667788, 0x7ffffffffffffffe, true },
};

KUNIT_ARRAY_PARAM_DESC(mctp_pcc_lags, mctp_pcc_lags_cases, name);

/* Whether a packet that was read can look as if it still waited */
static void mctp_pcc_test_pcct_lags(struct kunit *test)
{
	const struct mctp_pcc_lags_case *c = test->param_value;
	u8 *pcct = fake_table(0, 4, PCCT_ENTRY, 2064);
	struct mctp_pcc_chan chan = { };

	pcct[PCCT_LEN + 116] = c->space;
	put_unaligned_le64(c->address, pcct + PCCT_LEN + 120);
	put_unaligned_le64(c->set, pcct + PCCT_LEN + 136);
	expect_eq(0, read_table(pcct, 0, 4, &chan));
	expect_eq(chan.lags, c->lags);
}

/* Each attempt costs two lines of ACPICA's, so there is one */
static void mctp_pcc_test_pcct_unreadable(struct kunit *test)
{
	u8 *pcct = fake_table(0, 3, PCCT_ENTRY, 84);
	struct mctp_pcc_chan chan = { };

	/* before probe the stub takes each channel for the inbox */
	fake->inbox.complete = false;
	expect_eq(0, read_table(pcct, 0, 3, &chan));
	expect_true(chan.complete_mask);
	fake->inbox.complete_rc = -EIO;
	expect_eq(0, read_table(pcct, 0, 3, &chan));
	expect_eq(chan.complete_mask, 0);
	expect_eq(chan.size, 84);
}

/* The mailbox core has channels for 256 subspaces, whatever the table says */
static void mctp_pcc_test_pcct_index_limit(struct kunit *test)
{
	struct mctp_pcc_chan chan = { };

	expect_eq(0, read_table(fake_table(255, 3, PCCT_ENTRY, 84), 255, 3,
				&chan));
	expect_eq(chan.index, 255);
	expect_eq(-EINVAL, read_table(fake_table(256, 3, PCCT_ENTRY, 84), 256,
				      3, &chan));
}

/* ---- probe and remove ---- */

static void mctp_pcc_test_probe(struct kunit *test)
{
	struct net_device *ndev;

	fake_link();
	ndev = fake->ndev;
	expect_eq(ndev->reg_state, NETREG_REGISTERED);
	KUNIT_EXPECT_STREQ(test, ndev->name, "mctppcc255");
	expect_eq(ndev->name_assign_type, NET_NAME_PREDICTABLE);
	expect_true(ndev->dev.parent == &fake->pdev->dev);
	expect_eq(ndev->type, ARPHRD_MCTP);
	expect_eq(ndev->addr_len, 0);
	expect_eq(ndev->hard_header_len, 0);
	expect_true(ndev->flags & IFF_NOARP);
	expect_false(ndev->priv_flags & IFF_NO_QUEUE);
	expect_false(ndev->features & NETIF_F_SG);
	expect_eq(ndev->mtu, 68);
	expect_eq(ndev->min_mtu, 68);
	expect_eq(ndev->max_mtu, FAKE_MTU);
	expect_eq(ndev->tx_queue_len, 8192);
	expect_true(fake->mp->outbox.client.dev == &fake->pdev->dev);
	expect_true(fake->mp->inbox.client.dev == &fake->pdev->dev);
	rtnl_lock();
	expect_eq(mctp_dev_get_rtnl(ndev)->binding, MCTP_PHYS_BINDING_PCC);
	rtnl_unlock();

	/* nothing is asked of the platform before the link comes up */
	expect_eq(fake->outbox.requests + fake->inbox.requests, 0);
	expect_eq(fake->maps, 0);
}

/* The MTU fits both buffers, whichever is smaller */
static void mctp_pcc_test_probe_mtu(struct kunit *test)
{
	fake->inbox.size = 84;
	KUNIT_ASSERT_EQ(test, 0, mctp_pcc_probe(fake->pdev));
	expect_eq(fake->mp->ndev->max_mtu, 68);
	mctp_pcc_remove(fake->pdev);
}

/* With the link up, and packets in it */
static void mctp_pcc_test_remove(struct kunit *test)
{
	struct device *ndev;

	fake_up();
	fake_xmit(3, 64);
	dev_remove_pack(&fake->tap);
	ndev = get_device(&fake->ndev->dev);
	mctp_pcc_remove(fake->pdev);
	fake->ndev = NULL;
	expect_eq(kref_read(&ndev->kobj.kref), 1);
	put_device(ndev);

	expect_freed(3);
	expect_eq(fake->outbox.frees, 1);
	expect_eq(fake->inbox.frees, 1);
	expect_eq(fake->unmaps, 1);
}

static const struct mctp_pcc_probe_case {
	const char *name;
	struct mctp_pcc_crs crs;
	int crs_rc;
	int pcct_rc;
	bool refused;	/* by another part of the kernel, see below */
	int rc;
} mctp_pcc_probe_cases[] = {
	{ "_CRS", { true, 2, { 254, 255 } }, -EIO, 0, false, -EIO },
	{ "no descriptor", { }, 0, 0, false, -EINVAL },
	{ "one", { true, 1, { 254 } }, 0, 0, false, -EINVAL },
	{ "three", { true, 3, { 254, 255 } }, 0, 0, false, -EINVAL },
	{ "equal", { true, 2, { 255, 255 } }, 0, 0, false, -EINVAL },
	{ "PCCT", { true, 2, { 254, 255 } }, 0, -ENODEV, false, -ENODEV },
	{ "registration", { false, 2, { 254, 255 } }, 0, 0, true, -EPERM },
};

KUNIT_ARRAY_PARAM_DESC(mctp_pcc_probe, mctp_pcc_probe_cases, name);

static int fake_refuse(struct notifier_block *nb, unsigned long event,
		       void *info)
{
	struct net_device *ndev = netdev_notifier_info_to_dev(info);

	if (event != NETDEV_REGISTER || strcmp(ndev->name, "mctppcc255"))
		return NOTIFY_DONE;
	return notifier_from_errno(-EPERM);
}

/* The second of two devices with one inbox is refused, and the first works */
static void mctp_pcc_test_probe_name_taken(struct kunit *test)
{
	struct mctp_pcc *mp;

	fake_link();
	mp = fake->mp;
	expect_eq(-EEXIST, mctp_pcc_probe(fake->pdev));
	expect_true(fake->mp != mp);
	platform_set_drvdata(fake->pdev, fake->ndev);
	fake->mp = mp;
	fake->outbox.chan = &mp->outbox;
	fake->inbox.chan = &mp->inbox;
	expect_eq(0, fake_open());
}

/* Each other way out of probe */
static void mctp_pcc_test_probe_fails(struct kunit *test)
{
	struct notifier_block refuser = { .notifier_call = fake_refuse };
	const struct mctp_pcc_probe_case *c = test->param_value;

	fake->crs = c->crs;
	fake->crs_rc = c->crs_rc;
	fake->pcct_rc = c->pcct_rc;
	if (c->refused)
		register_netdevice_notifier(&refuser);
	expect_eq(c->rc, mctp_pcc_probe(fake->pdev));
	if (c->refused)
		unregister_netdevice_notifier(&refuser);

	/* what _CRS says is checked before the PCCT is read */
	expect_eq(!!fake->mp, c->pcct_rc || c->refused);
	expect_true(!dev_get_by_name(&init_net, "mctppcc255"));
}

/* ---- the functions that have a stub, themselves ---- */

static void mctp_pcc_test_real_request(struct kunit *test)
{
	fake_link();
	kunit_deactivate_static_stub(test, mctp_pcc_request);
	fake->mp->outbox.index = INT_MAX;
	expect_eq(-ENOENT, fake_open());
}

/* Not a device of the ACPI namespace, and no machine has such subspaces */
static void mctp_pcc_test_real_tables(struct kunit *test)
{
	const u64 index[2] = { U64_MAX, U64_MAX - 1 };
	struct acpi_table_header *pcct;
	int rc = -ENODEV;

	fake_link();
	kunit_deactivate_static_stub(test, mctp_pcc_read_crs);
	expect_eq(-EINVAL, mctp_pcc_probe(fake->pdev));

	if (ACPI_SUCCESS(acpi_get_table(ACPI_SIG_PCCT, 0, &pcct))) {
		acpi_put_table(pcct);
		rc = -EINVAL;
	}
	kunit_deactivate_static_stub(test, mctp_pcc_read_pcct);
	expect_eq(rc, mctp_pcc_read_pcct(&fake->pdev->dev, index, fake->mp));
}

/* ACPI maps ordinary memory in the place of a device's on x86 only. Elsewhere
 * the selftests have to do, which probe real devices.
 */
#ifdef CONFIG_X86

static void mctp_pcc_test_real_map(struct kunit *test)
{
	u8 *page = kunit_kzalloc(test, PAGE_SIZE, GFP_KERNEL);
	struct mctp_pcc_chan chan = { .size = 84 };
	void __iomem *shmem;

	KUNIT_ASSERT_NOT_NULL(test, page);
	kunit_deactivate_static_stub(test, mctp_pcc_map);
	kunit_deactivate_static_stub(test, mctp_pcc_unmap);
	chan.base = virt_to_phys(page);
	put_unaligned_le32(0x12345678, page);
	shmem = mctp_pcc_map(&chan);
	KUNIT_ASSERT_NOT_NULL(test, (void __force *)shmem);
	expect_eq(readl(shmem), 0x12345678);
	mctp_pcc_unmap(&chan, shmem);
	expect_true(!acpi_os_get_iomem(chan.base, 16));

	/* no more than a page of it */
	chan.size = 2 * PAGE_SIZE;
	expect_true(!mctp_pcc_map(&chan));
}

/* Only the bits of the mask count. A page of memory has the register. */
static void mctp_pcc_test_real_complete(struct kunit *test)
{
	u32 *reg = kunit_kzalloc(test, PAGE_SIZE, GFP_KERNEL);
	struct mctp_pcc_chan chan = { .complete_mask = 0x10 };

	KUNIT_ASSERT_NOT_NULL(test, reg);
	kunit_deactivate_static_stub(test, mctp_pcc_complete);
	chan.complete.space_id = ACPI_ADR_SPACE_SYSTEM_MEMORY;
	chan.complete.bit_width = 32;
	chan.complete.address = virt_to_phys(reg);
	WRITE_ONCE(*reg, 0xffffffef);
	expect_eq(0, mctp_pcc_complete(&chan));
	WRITE_ONCE(*reg, 0x00000010);
	expect_eq(1, mctp_pcc_complete(&chan));

	/* a register that was unreadable, and one of address zero */
	chan.complete_mask = 0;
	expect_eq(-EIO, mctp_pcc_complete(&chan));
	chan.complete_mask = 0x10;
	chan.complete.address = 0;
	expect_eq(-EIO, mctp_pcc_complete(&chan));
}

#endif /* CONFIG_X86 */

/* ---- transmit ---- */

static const struct mctp_pcc_len_case {
	const char *name;
	unsigned int len;
	unsigned int mtu;
	bool good;
} mctp_pcc_len_cases[] = {
	{ "empty", 0, 68, false },
	{ "3 bytes", 3, 68, false },
	{ "4, header only", 4, 68, true },
	{ "5", 5, 68, true },
	{ "63", 63, 68, true },
	{ "65", 65, 1024, true },
	{ "68, as the MTU", 68, 68, true },
	{ "69, over the MTU", 69, 68, false },
	{ "251, last of one length byte", 251, 1024, true },
	{ "252, first of two length bytes", 252, 1024, true },
	{ "1023", 1023, 1024, true },
	{ "1024, largest", 1024, 1024, true },
	{ "1025, over the largest", 1025, 1024, false },
};

KUNIT_ARRAY_PARAM_DESC(mctp_pcc_len, mctp_pcc_len_cases, name);

/* Each byte of the header and of the packet, and no byte behind them */
static void mctp_pcc_test_tx_bytes(struct kunit *test)
{
	const struct mctp_pcc_len_case *c = test->param_value;
	size_t end = 16 + c->len;

	fake_up();
	fake->ndev->mtu = c->mtu;
	fake_xmit(1, c->len);
	expect_sends(c->good);
	if (c->good) {
		expect_sent(1, 0, c->len);
		expect_true(!memchr_inv(fake->outbox.sent + end, FAKE_FRESH,
					FAKE_OUTBOX_SIZE + FAKE_GUARD - end));
		fake_done(1);
	}
	expect_freed(1);
	expect_tx(c->good, c->good ? c->len : 0, 0, !c->good);
}

static const struct mctp_pcc_signature_case {
	const char *name;
	u32 index;
	u32 found;	/* in the outbox, before the request */
	u32 want;
} mctp_pcc_signature_cases[] = {
	{ "none, subspace 0", 0, 0, 0x50434300 },
	{ "none, subspace 1", 1, 0, 0x50434301 },
	{ "none, subspace 255", 255, 0, 0x504343ff },
	{ "right", 67, 0x50434343, 0x50434343 },
	{ "one more", 67, 0x50434344, 0x50434344 },
	{ "one less", 67, 0x50434342, 0x50434342 },
	{ "first of PCC", 67, 0x50434300, 0x50434300 },
	{ "last of PCC", 67, 0x504343ff, 0x504343ff },
	{ "behind the last of PCC", 67, 0x50434400, 0x50434343 },
	{ "before the first of PCC", 67, 0x504342ff, 0x50434343 },
	{ "bit 8 off", 67, 0x50434200, 0x50434343 },
	{ "other way round", 67, 0x43434350, 0x50434343 },
	{ "top bit off", 67, 0xd0434343, 0x50434343 },
};

KUNIT_ARRAY_PARAM_DESC(mctp_pcc_signature, mctp_pcc_signature_cases, name);

static void mctp_pcc_test_tx_signature(struct kunit *test)
{
	const struct mctp_pcc_signature_case *c = test->param_value;
	unsigned int i;

	fake_link();
	fake->mp->outbox.index = c->index;
	fake->outbox.signature = c->found;
	KUNIT_ASSERT_EQ(test, 0, fake_open());
	fake_run();

	/* with each transfer: there are platforms that clear the header */
	for (i = 0; i < 2; i++) {
		fake_xmit(1, 64);
		expect_eq(c->want, get_unaligned_le32(fake->outbox.sent));
		memset(fake->outbox.shmem, 0, 16);
		fake_done(1);
	}

	/* each request reads it anew: the platform may have been replaced */
	fake_xmit(1, 64);
	fake->outbox.signature = 0x50434311;
	fake_give_up(true);
	fake_run();
	fake_xmit(1, 64);
	expect_eq(0x50434311, get_unaligned_le32(fake->outbox.sent));
}

/* In order, one in the core at a time, each counted when it is done. The next
 * one is submitted in the completion.
 */
static void mctp_pcc_hazard_10_next_from_tx_done(struct kunit *test)
{
	unsigned int i, bytes = 0;

	fake_up();
	for (i = 0; i < 8; i++)
		fake_xmit(1, 40 + i);
	for (i = 0; i < 8; i++) {
		expect_tx(i, bytes, 0, 0);
		expect_eq(fake->outbox.sends, i + 1);
		expect_sent(i + 1, i, 40 + i);
		expect_true(fake->mchans[0].active_req ==
			    skb_peek(&fake->mp->txq));
		expect_eq(fake->mchans[0].msg_count, 0);
		fake_done(1);
		expect_freed(i + 1);
		bytes += 40 + i;
	}
	expect_sends(8);
	expect_tx(8, bytes, 0, 0);
}

static const struct mctp_pcc_budget_case {
	const char *name;
	unsigned int len;
	unsigned int stop;	/* packets queued that stop the queue */
	unsigned int wake;	/* that wake it */
} mctp_pcc_budget_cases[] = {
	{ "4 bytes", 4, 1024, 512 },
	{ "68 bytes", 68, 1024, 512 },
	{ "69 bytes", 69, 1010, 504 },
	{ "1024 bytes", 1024, 68, 34 },
};

KUNIT_ARRAY_PARAM_DESC(mctp_pcc_budget, mctp_pcc_budget_cases, name);

static void mctp_pcc_test_tx_budget(struct kunit *test)
{
	const struct mctp_pcc_budget_case *c = test->param_value;
	struct net_device *ndev;

	fake_up();
	ndev = fake->ndev;
	ndev->mtu = FAKE_MTU;
	fake_xmit(c->stop - 1, c->len);
	expect_false(netif_queue_stopped(ndev));
	fake_xmit(1, c->len);
	expect_true(netif_queue_stopped(ndev));
	fake_done(c->stop - c->wake - 1);
	expect_true(netif_queue_stopped(ndev));
	fake_done(1);
	expect_false(netif_queue_stopped(ndev));

	/* nobody is refused, not even one who ignores the stopped queue */
	fake_xmit(c->stop, c->len);
	expect_true(netif_queue_stopped(ndev));
	fake_done(c->stop + c->wake);
	expect_false(netif_queue_stopped(ndev));
	expect_eq(fake->mp->tx_bytes, 0);
	expect_freed(fake->made);
	expect_tx(fake->made, fake->made * c->len, 0, 0);
}

/* The turnaround time with a timer that ends */
static void mctp_pcc_test_turnaround_timer(struct kunit *test)
{
	unsigned int i, sends;
	unsigned long flags;

	fake_up();
	fake->mp->outbox.turnaround = 100;
	fake_xmit(3, 64);
	for (i = 1; i <= 3; i++) {
		fake->outbox.complete = true;
		local_bh_disable();
		local_irq_save(flags);
		fake_irq(&fake->outbox);
		sends = fake->outbox.sends;
		local_irq_restore(flags);
		local_bh_enable();
		expect_eq(sends, i);
		expect_sends(min(i + 1, 3U));
	}
	expect_freed(3);
	expect_tx(3, 192, 0, 0);
}

enum fake_between {
	NOTHING_BETWEEN,
	LATE,		/* the platform is ready, too late */
	STALE,		/* a late completion counts for the next packet */
	SUCCESS,	/* the next packet is confirmed */
};

static const struct mctp_pcc_row_case {
	const char *name;
	bool first;		/* command complete at the first give-up */
	enum fake_between between;
	bool second;		/* the same at the second */
	bool purged;
	bool dormant;
} mctp_pcc_row_cases[] = {
	{ "silent twice", false, NOTHING_BETWEEN, false, true, true },
	{ "complete twice", true, NOTHING_BETWEEN, true, true, false },
	{ "silent, complete", false, NOTHING_BETWEEN, true, true, false },
	{ "complete, silent", true, NOTHING_BETWEEN, false, true, false },
	{ "slow", false, LATE, false, true, false },
	{ "stale between", false, STALE, false, false, false },
	{ "success between", false, SUCCESS, false, false, false },
	{ "success between, complete", true, SUCCESS, true, false, false },
};

KUNIT_ARRAY_PARAM_DESC(mctp_pcc_row, mctp_pcc_row_cases, name);

/* Two failures in a row of any kind purge the queue, two silent ones end in
 * dormant as well
 */
static void mctp_pcc_test_row(struct kunit *test)
{
	const struct mctp_pcc_row_case *c = test->param_value;
	bool done = c->between >= STALE;
	unsigned int rest = done ? 2 : 3;

	fake_up();
	fake_xmit(5, 64);
	fake_give_up(c->first);
	expect_eq(skb_queue_len(&fake->mp->txq), 4);
	expect_false(netif_dormant(fake->ndev));

	if (c->between == LATE)
		fake->outbox.complete = true;
	fake_run_after(HZ);
	if (done) {
		fake_done(1);
		if (c->between == STALE)
			fake->outbox.complete = false;
		fake_run_after(HZ);
	}
	fake_give_up(c->second);

	expect_eq(skb_queue_len(&fake->mp->txq), c->purged ? 0 : rest);
	expect_eq(netif_dormant(fake->ndev), c->dormant);
	expect_eq(fake->mp->tx_accept, !c->dormant);
	expect_log(c->dormant, 0, c->purged && !c->dormant);
	if (fake->lines && !c->dormant)
		expect_eq(1, fake_logged(c->second ? "command complete: 1" :
						     "command complete: 0"));
	expect_tx(done, done * 64, 2, c->purged ? rest : 0);
}

/* Users see UP, and not UNKNOWN. The core needs up to a second for that. */
static void mctp_pcc_test_operstate(struct kunit *test)
{
	unsigned int i;

	fake_up();
	for (i = 0; i < 100; i++) {
		if (READ_ONCE(fake->ndev->operstate) == IF_OPER_UP)
			break;
		msleep(30);
	}
	expect_eq(fake->ndev->operstate, IF_OPER_UP);
}

/* ---- receive ---- */

#define RX_MAX	(FAKE_INBOX_SIZE - 16 + 4)

enum fake_rx_result { RX_GOOD, RX_LENGTH, RX_OTHER };

static const struct mctp_pcc_rx_case {
	const char *name;
	u32 command;
	u32 length;
	enum fake_rx_result result;
} mctp_pcc_rx_cases[] = {
	{ "header only", FAKE_COMMAND, 8, RX_GOOD },
	{ "one byte more", FAKE_COMMAND, 9, RX_GOOD },
	{ "default MTU", FAKE_COMMAND, 72, RX_GOOD },
	{ "largest", FAKE_COMMAND, RX_MAX, RX_GOOD },
	{ "beyond the memory", FAKE_COMMAND, RX_MAX + 1, RX_LENGTH },
	{ "as the memory", FAKE_COMMAND, FAKE_INBOX_SIZE, RX_LENGTH },
	{ "length 0", FAKE_COMMAND, 0, RX_LENGTH },
	{ "length 3", FAKE_COMMAND, 3, RX_LENGTH },
	{ "length 4", FAKE_COMMAND, 4, RX_LENGTH },
	{ "length 7", FAKE_COMMAND, 7, RX_LENGTH },
	{ "length 0x80000008", FAKE_COMMAND, 0x80000008, RX_LENGTH },
	{ "length 0xffffffff", FAKE_COMMAND, U32_MAX, RX_LENGTH },
	{ "command 0", 0, 72, RX_OTHER },
	{ "command the other way round", 0x4d435450, 72, RX_OTHER },
	{ "command one bit off", 0x5054434c, 72, RX_OTHER },
	{ "command top bit off", 0xd054434d, 72, RX_OTHER },
	{ "both wrong", 0x12345678, 0, RX_OTHER },
};

KUNIT_ARRAY_PARAM_DESC(mctp_pcc_rx, mctp_pcc_rx_cases, name);

static void mctp_pcc_test_rx(struct kunit *test)
{
	const struct mctp_pcc_rx_case *c = test->param_value;
	bool good = c->result == RX_GOOD;

	fake_up();
	fake_post_raw(c->command, c->length, 1);
	fake_raise(&fake->inbox);
	if (good)
		expect_received(1, c->length - 4, 1);
	expect_tapped(good);
	expect_rx(good, good ? c->length - 4 : 0, c->result == RX_LENGTH,
		  c->result == RX_OTHER);

	/* and the next one is received, whatever this one was */
	fake_deliver(2);
	expect_received(good + 1, 68, 2);
}

/* An inbox of a size for which there is no skb */
static void mctp_pcc_test_rx_nomem(struct kunit *test)
{
	fake_up();
	fake->mp->inbox.size = U32_MAX;
	fake_post_raw(FAKE_COMMAND, FAKE_NOMEM, 1);
	fake_raise(&fake->inbox);
	expect_rx(0, 0, 0, 1);
	fake_deliver(2);
	expect_received(1, 68, 2);
	expect_rx(1, 68, 0, 1);
}

/* Not every platform fills in the signature, and flags are the core's. The
 * driver only reads from the inbox, in the interrupt and in the check.
 */
static void mctp_pcc_test_rx_header(struct kunit *test)
{
	u8 *before = kunit_kmalloc(test, FAKE_INBOX_SIZE, GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, before);
	fake_up();
	for (i = 1; i <= 4; i++) {
		fake->mp->inbox.lags = i > 2;
		fake_post(i);
		memset(fake->inbox.shmem, i & 1 ? 0 : 0xff, 8);
		memcpy(before, fake->inbox.shmem, FAKE_INBOX_SIZE);
		if (i & 1) {
			fake_raise(&fake->inbox);
		} else {
			fake_run();
			fake_run_after(HZ);
		}
		expect_received(i, 68, i);
		KUNIT_EXPECT_MEMEQ(test, fake->inbox.shmem, before,
				   FAKE_INBOX_SIZE);
	}
}

/* Here a breakpoint fires behind the access, not before it */
#ifdef CONFIG_X86

/* A field that is watched */
struct fake_field {
	void *pos;
	u32 next;		/* in the inbox: written when it is read */
	spinlock_t *lock;	/* elsewhere: protects it */
	unsigned int uses;
	unsigned int unlocked;	/* uses while nobody held @lock */
	struct perf_event * __percpu *bp;
};

/* Debug exception */
static void fake_field_used(struct perf_event *bp,
			    struct perf_sample_data *data, struct pt_regs *regs)
{
	struct fake_field *field = bp->overflow_handler_context;

	field->uses++;
	if (!field->lock) {
		put_unaligned_le32(field->next, field->pos);
	} else if (spin_trylock(field->lock)) {
		field->unlocked++;
		spin_unlock(field->lock);
	}
}

static void fake_unwatch(void *data)
{
	struct fake_field *field = data;

	unregister_wide_hw_breakpoint(field->bp);
}

static struct fake_field *fake_watch(void *pos, u8 len, u32 next,
				     spinlock_t *lock)
{
	struct perf_event_attr attr;
	struct fake_field *field;

	field = kunit_kzalloc(fake->test, sizeof(*field), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(fake->test, field);
	field->pos = pos;
	field->next = next;
	field->lock = lock;
	hw_breakpoint_init(&attr);
	attr.bp_addr = (unsigned long)pos;
	attr.bp_len = len;
	attr.bp_type = HW_BREAKPOINT_RW;
	field->bp = register_wide_hw_breakpoint(&attr, fake_field_used, field);
	KUNIT_ASSERT_FALSE(fake->test, IS_ERR_PCPU(field->bp));
	KUNIT_ASSERT_EQ(fake->test, 0,
			kunit_add_action_or_reset(fake->test, fake_unwatch,
						  field));
	return field;
}

/* The platform writes between two reads of the driver, of any two: what was
 * checked is what counts.
 */
static void mctp_pcc_test_rx_changes(struct kunit *test)
{
	struct fake_field *length, *command;

	fake_up();
	fake_post(1);
	length = fake_watch(fake->inbox.shmem + 8, HW_BREAKPOINT_LEN_4, 14,
			    NULL);
	command = fake_watch(fake->inbox.shmem + 12, HW_BREAKPOINT_LEN_4, 0,
			     NULL);
	fake_raise(&fake->inbox);
	expect_received(1, 68, 1);
	expect_eq(length->uses, 1);
	expect_eq(command->uses, 1);
	expect_rx(1, 68, 0, 0);
}

/* What the lock protects is never used without it: in open, in a transmission,
 * in an interrupt, in the timer, in the check, in stop
 */
static void mctp_pcc_test_locked(struct kunit *test)
{
	struct fake_field *blocked, *accept;
	struct mctp_pcc *mp;

	if (!IS_ENABLED(CONFIG_SMP))
		kunit_skip(test, "one processor: a lock that is not there");

	fake_link();
	mp = fake->mp;
	blocked = fake_watch(&mp->tx_blocked, HW_BREAKPOINT_LEN_4, 0,
			     &mp->txq.lock);
	accept = fake_watch(&mp->tx_accept, HW_BREAKPOINT_LEN_1, 0,
			    &mp->txq.lock);
	mp->outbox.turnaround = 1;
	KUNIT_ASSERT_EQ(test, 0, fake_open());
	fake_run();
	fake_xmit(3, 64);
	expect_sends(1);
	fake_done(1);
	expect_sends(2);
	fake->outbox.request_rc = -EBUSY;
	fake_run();
	fake_run_after(HZ);
	fake_xmit(1, 64);
	fake_close();
	expect_true(blocked->uses && accept->uses);
	expect_eq(blocked->unlocked + accept->unlocked, 0);
	expect_log(1, 0, 0);
	expect_tx(1, 64, 1, 2);
}

#endif /* CONFIG_X86 */

static const struct mctp_pcc_context_case {
	const char *name;
	void (*raise)(struct fake_chan *fc);
	bool frees;	/* at once, but for who holds the lock */
} mctp_pcc_context_cases[] = {
	{ "hard interrupt", fake_raise },
	{ "thread with interrupts on", fake_raise_thread, true },
	{ "interrupts off", fake_raise_irqs_off },
};

KUNIT_ARRAY_PARAM_DESC(mctp_pcc_context, mctp_pcc_context_cases, name);

static void mctp_pcc_hazard_15_any_context(struct kunit *test)
{
	const struct mctp_pcc_context_case *c = test->param_value;

	fake_up();
	fake_xmit(2, 64);
	fake->outbox.complete = true;
	c->raise(&fake->outbox);
	expect_freed(1);
	expect_eq(fake->freed_later, !c->frees);
	expect_sent(2, 1, 64);
	fake_post(3);
	c->raise(&fake->inbox);
	expect_received(1, 68, 3);
	expect_tx(1, 64, 0, 0);
	expect_rx(1, 68, 0, 0);
}

static const struct mctp_pcc_peek_case {
	const char *name;
	unsigned int pos;	/* of the byte that differs, 8: the length */
	bool differs;
} mctp_pcc_peek_cases[] = {
	{ "length", 8, true },
	{ "first byte of the header", 16, true },
	{ "last byte of the header", 19, true },
	{ "first byte of the payload", 20, true },
	{ "byte 7 of the payload", 27, true },
	{ "byte 8 of the payload", 28, false },
	{ "last byte of the payload", 83, false },
};

KUNIT_ARRAY_PARAM_DESC(mctp_pcc_peek, mctp_pcc_peek_cases, name);

/* On a link that lags a packet without an interrupt is delivered if it differs
 * from the last one. Once: its interrupt may come late. After that interrupt
 * none is compared.
 */
static void mctp_pcc_test_lags_differs(struct kunit *test)
{
	const struct mctp_pcc_peek_case *c = test->param_value;
	unsigned int i, n = 1 + c->differs;

	fake_up();
	fake->mp->inbox.lags = true;
	fake->inbox.no_ack = true;
	fake_deliver(1);
	expect_received(1, 68, 1);
	fake_run();
	fake->inbox.shmem[c->pos]--;
	for (i = 0; i < 2; i++) {
		fake_run();
		fake_run_after(HZ / 10);
		expect_tapped(n);
		expect_eq(fake->inbox.requests, n);
	}
	fake_raise(&fake->inbox);
	expect_tapped(2);
	fake_raise(&fake->inbox);
	expect_tapped(3);
}

/* ---- open and stop ---- */

static const struct mctp_pcc_open_case {
	const char *name;
	bool map;
	bool inbox;
	bool startup;
	int rc;
} mctp_pcc_open_cases[] = {
	{ "map", true, false, false, -ENOMEM },
	{ "outbox request, ENOENT", false, false, false, -ENOENT },
	{ "outbox request, EBUSY", false, false, false, -EBUSY },
	{ "outbox startup, ENOMEM", false, false, true, -ENOMEM },
	{ "inbox request, EBUSY", false, true, false, -EBUSY },
	{ "inbox request, ENXIO", false, true, false, -ENXIO },
	{ "inbox startup, ENOMEM", false, true, true, -ENOMEM },
};

KUNIT_ARRAY_PARAM_DESC(mctp_pcc_open, mctp_pcc_open_cases, name);

static void mctp_pcc_test_open_fails(struct kunit *test)
{
	const struct mctp_pcc_open_case *c = test->param_value;
	struct fake_chan *fc = c->inbox ? &fake->inbox : &fake->outbox;

	fake_link();
	*(c->startup ? &fc->startup_rc : &fc->request_rc) = c->rc;
	fake->map_fails = c->map;
	expect_eq(c->rc, fake_open());
	expect_false(netif_running(fake->ndev));
	expect_false(delayed_work_pending(&fake->mp->check));
	expect_eq(fake->outbox.requests, c->inbox);
	expect_eq(fake->outbox.frees, c->inbox);
	expect_eq(fake->inbox.requests, 0);
	expect_eq(fake->maps, !c->map);
	expect_eq(fake->unmaps, !c->map);
	fake_xmit(1, 64);
	expect_freed(1);

	fc->startup_rc = 0;
	fc->request_rc = 0;
	fake->map_fails = false;
	KUNIT_ASSERT_EQ(test, 0, fake_open());
	fake_run();
	fake_xmit(1, 64);
	expect_sent(1, 1, 64);
}

static const struct mctp_pcc_free_case {
	const char *name;
	bool keeps_shmem;	/* the core leaves the pointer */
	bool next_owner;	/* and another client stores its own */
	bool unmapped;		/* by the driver */
} mctp_pcc_free_cases[] = {
	{ "unmodified core", true, false, true },
	{ "core that unmaps", false, false, false },
	{ "next owner's mapping", true, true, false },
};

KUNIT_ARRAY_PARAM_DESC(mctp_pcc_free, mctp_pcc_free_cases, name);

static void fake_next_owner(struct fake_chan *fc)
{
	fc->pcc.shmem = (void __force __iomem *)fc->shmem;
}

static void fake_still_mapped(struct fake_chan *fc)
{
	expect_true(find_vm_area((void __force *)fc->pcc.shmem));
}

/* The interrupt first, then the mapping, and that only if it is still this
 * owner's: nothing is unmapped twice
 */
static void mctp_pcc_hazard_01_free_order(struct kunit *test)
{
	const struct mctp_pcc_free_case *c = test->param_value;
	struct fake_chan *fc = &fake->inbox;
	void __iomem *shmem;

	/* the address of some device: mapped, never touched */
	shmem = ioremap(0xfed40000, PAGE_SIZE);
	KUNIT_ASSERT_NOT_NULL(test, (void __force *)shmem);
	fake_up();
	fc->pcc.shmem = shmem;
	fc->keeps_shmem = c->keeps_shmem;
	fc->at_free = c->next_owner ? fake_next_owner : fake_still_mapped;
	fake_close();
	expect_false(fc->live);
	expect_eq(c->unmapped, !find_vm_area((void __force *)shmem));
	if (find_vm_area((void __force *)shmem))
		iounmap(shmem);
}

/* ---- scenarios ---- */

/* The steps of a scenario: see the functions below for what each does or
 * expects
 */
enum fake_op {
	END,
	UP, OPEN, CLOSE, XMIT, RUN, STUCK, GIVE_UP, SILENT, TURNAROUND, TIMER,
	DONE, SPURIOUS, LAGS, POST, DELIVER, RAISE, AT_LOOK, AT_FREE,
	AT_REQUEST,
	COMPLETE, SHOWN, DOORBELL_RC, DONE_RC, OUTBOX_RC, INBOX_RC,
	OUTBOX_COMPLETE_RC, INBOX_COMPLETE_RC,
	SENDS, SENT, FREED, TX, RECEIVED, RX, REQUESTS, NEXT, LOG,
	QUEUED, REFUSED, STOPPED, DORMANT, BLOCKED,
};

struct fake_step {
	enum fake_op op;
	int a, b, c;
	bool inbox;			/* @hook is for that channel */
	void (*hook)(struct fake_chan *fc);
};

static void fake_irq_hook(struct fake_chan *fc)
{
	fc->complete = fc == &fake->outbox;
	fc->in_use = true;
	fake_raise(fc);
}

/* The same once */
static void fake_irq_once(struct fake_chan *fc)
{
	fc->at_look = NULL;
	fc->at_free = NULL;
	fake_irq_hook(fc);
}

static void fake_post_once(struct fake_chan *fc)
{
	fc->at_request = NULL;
	fake_post(1);
}

static void fake_deliver_hook(struct fake_chan *fc)
{
	fc->at_look = NULL;
	fake_deliver(1);
}

/* By one who bypasses the qdisc */
static void fake_xmit_once(struct fake_chan *fc)
{
	fc->at_free = NULL;
	fake_xmit(1, 64);
}

/* Two packets are given up, the third is purged */
static void fake_silent(void)
{
	fake_up();
	fake_xmit(3, 64);
	fake_give_up(false);
	fake_run_after(HZ);
	fake_give_up(false);
	expect_freed(3);
	expect_log(1, 0, 0);
	expect_true(netif_dormant(fake->ndev));
}

/* What a step sets */
static int *fake_field(enum fake_op op)
{
	switch (op) {
	case COMPLETE:
		return &fake->outbox.complete;
	case SHOWN:	/* the inbox's register follows at last */
		return &fake->inbox.complete;
	case DOORBELL_RC:
		return &fake->outbox.send_rc;
	case DONE_RC:
		return &fake->outbox.done_rc;
	case OUTBOX_RC:
		return &fake->outbox.request_rc;
	case INBOX_RC:
		return &fake->inbox.startup_rc;
	case OUTBOX_COMPLETE_RC:
		return &fake->outbox.complete_rc;
	case INBOX_COMPLETE_RC:
		return &fake->inbox.complete_rc;
	default:
		return NULL;
	}
}

static bool fake_link_step(const struct fake_step *s)
{
	switch (s->op) {
	case UP:	/* and ready, or else blocked for this reason */
		expect_eq(0, fake_open());
		fake_run();
		expect_eq(fake->mp->tx_blocked, s->a);
		break;
	case OPEN:
		expect_eq(s->a, fake_open());
		break;
	case CLOSE:
		fake_close();
		break;
	case XMIT:
		fake_xmit(s->a, 64);
		break;
	case RUN:	/* the check, after so many quarters of a second */
		fake_run_after(s->a * HZ / 4);
		break;
	case STUCK:	/* two runs 100 ms apart see the same packet */
		fake_run();
		fake_run_after(HZ / 10);
		break;
	case GIVE_UP:	/* with command complete, or silent */
		fake_give_up(s->a);
		break;
	case SILENT:	/* two were given up, the third was purged */
		fake_silent();
		break;
	default:
		return false;
	}
	return true;
}

static bool fake_platform_step(const struct fake_step *s)
{
	switch (s->op) {
	case TURNAROUND:
		fake->mp->outbox.turnaround = FAKE_TURNAROUND;
		break;
	case TIMER:	/* the turnaround time is over */
		expect_true(hrtimer_cancel(&fake->mp->turnaround));
		mctp_pcc_turnaround_over(&fake->mp->turnaround);
		break;
	case DONE:
		fake_done(s->a);
		break;
	case SPURIOUS:	/* interrupts that nobody waits for */
		fake->outbox.in_use = true;
		fake_raise(&fake->outbox);
		fake_raise(&fake->inbox);
		break;
	case LAGS:
		fake->mp->inbox.lags = true;
		fake->inbox.no_ack = true;
		break;
	case POST:
		fake_post(s->a);
		break;
	case DELIVER:
		fake_deliver(s->a);
		break;
	case RAISE:
		fake_raise(&fake->inbox);
		break;
	default:
		return false;
	}
	return true;
}

/* The driver is just there in the code when @hook runs */
static bool fake_hook_step(const struct fake_step *s)
{
	struct fake_chan *fc = s->inbox ? &fake->inbox : &fake->outbox;

	switch (s->op) {
	case AT_LOOK:
		fc->at_look = s->hook;
		break;
	case AT_FREE:
		fc->at_free = s->hook;
		break;
	case AT_REQUEST:
		fc->at_request = s->hook;
		break;
	default:
		return false;
	}
	return true;
}

/* What a step compares with its number */
static int fake_value(enum fake_op op)
{
	switch (op) {
	case QUEUED:
		return skb_queue_len(&fake->mp->txq);
	case REFUSED:
		return fake->outbox.refused;
	case STOPPED:
		return netif_queue_stopped(fake->ndev);
	case DORMANT:
		expect_true(netif_carrier_ok(fake->ndev));
		return netif_dormant(fake->ndev);
	case BLOCKED:
		return fake->mp->tx_blocked;
	default:
		KUNIT_FAIL(fake->test, "no such step");
		return 0;
	}
}

static void fake_expect_step(const struct fake_step *s)
{
	switch (s->op) {
	case SENDS:
		expect_sends(s->a);
		break;
	case SENT:	/* so many, the last one was number b */
		expect_sent(s->a, s->b, 64);
		break;
	case FREED:
		expect_freed(s->a);
		break;
	case TX:	/* confirmed, not confirmed, never given */
		expect_tx(s->a, s->a * 64, s->b, s->c);
		break;
	case RECEIVED:	/* so many, the last one had seed b */
		expect_tapped(s->a);
		if (s->a)
			expect_received(s->a, 68, s->b);
		break;
	case RX:	/* good ones, wrong length, all else */
		expect_rx(s->a, s->a * 68, s->b, s->c);
		break;
	case REQUESTS:	/* of outbox and inbox */
		expect_eq(fake->outbox.requests, s->a);
		expect_eq(fake->inbox.requests, s->b);
		break;
	case NEXT:	/* run of the check, jiffies */
		expect_next(s->a);
		break;
	case LOG:	/* does not answer, answers again, no interrupt */
		expect_log(s->a, s->b, s->c);
		break;
	default:
		expect_eq(fake_value(s->op), s->a);
	}
}

#define IRQ_ONCE	.hook = fake_irq_once

static const struct mctp_pcc_scenario_case {
	const char *name;
	struct fake_step steps[56];
} mctp_pcc_scenario_cases[] = {
	{ "up and down", {
		{ UP }, { DORMANT, false }, { STOPPED, false }, { XMIT, 1 },
		{ SENT, 1, 0 }, { DONE, 1 }, { DELIVER, 1 }, { CLOSE }, { UP },
		{ DORMANT, false }, { XMIT, 1 }, { SENT, 2, 1 }, { DONE, 1 },
		{ DELIVER, 2 }, { CLOSE }, { RECEIVED, 2, 2 },
		{ REQUESTS, 2, 2 }, { TX, 2 }, { RX, 2 },
	} },
	/* each is counted, and nothing of it comes back */
	{ "stop frees all (hazard 9)", {
		{ UP }, { XMIT, 1024 }, { STOPPED, true }, { CLOSE },
		{ FREED, 1024 }, { TX, 0, 1, 1023 }, { COMPLETE, true }, { UP },
		{ STOPPED, false }, { SENDS, 1 }, { XMIT, 1 },
		{ SENT, 2, 1024 }, { DONE, 1 }, { FREED, 1025 },
	} },
	{ "interrupts inside stop (hazard 1)", {
		{ UP }, { AT_FREE, .hook = fake_irq_hook },
		{ AT_FREE, .hook = fake_irq_hook, .inbox = true }, { XMIT, 3 },
		{ POST, 1 }, { CLOSE }, { FREED, 3 }, { SENDS, 1 },
		{ TX, 1, 0, 2 },
		/* the net device is down: netif_rx() drops the packet */
		{ RECEIVED, 0 }, { RX, 1, 0, 1 },
	} },
	/* before the driver knows the channel, and if the request then fails */
	{ "interrupts inside requests (hazard 2)", {
		{ AT_REQUEST, .hook = fake_irq_hook },
		{ AT_REQUEST, .hook = fake_deliver_hook, .inbox = true },
		{ INBOX_RC, -EBUSY }, { OPEN, -EBUSY }, { RECEIVED, 1, 1 },
		{ INBOX_RC, 0 }, { UP }, { RECEIVED, 2, 1 }, { XMIT, 1 },
		{ DONE, 1 }, { DELIVER, 2 }, { RECEIVED, 3, 2 }, { TX, 1 },
	} },
	{ "send and stop (hazard 14)", {
		{ UP }, { AT_FREE, .hook = fake_xmit_once }, { CLOSE },
		{ XMIT, 1 }, { SENDS, 0 }, { FREED, 2 }, { TX, 0, 0, 2 },
	} },
	{ "send and recover (hazard 14)", {
		{ UP }, { XMIT, 1 }, { AT_FREE, .hook = fake_xmit_once },
		{ GIVE_UP, true }, { SENDS, 1 }, { RUN }, { SENT, 2, 1 },
		{ DONE, 1 }, { TX, 1, 1, 0 },
	} },
	{ "stop while recovering", {
		{ UP }, { XMIT, 3 }, { GIVE_UP, false }, { CLOSE },
		{ TX, 0, 1, 2 }, { COMPLETE, true }, { UP }, { XMIT, 1 },
		{ DONE, 1 }, { XMIT, 3 },
		/* and without a channel: the request of the first one failed */
		{ POST, 1 }, { OUTBOX_RC, -EBUSY }, { RUN }, { RUN, 4 },
		{ CLOSE }, { LOG, 1 }, { TX, 1, 2, 4 }, { RECEIVED, 1, 1 },
		{ REQUESTS, 3, 2 },
	} },
	/* a command from before the link was down, or before a kexec */
	{ "open while owned (hazard 7)", {
		{ COMPLETE, false }, { OPEN }, { XMIT, 3 }, { SPURIOUS },
		{ RUN }, { RUN, 2 }, { SENDS, 0 },
		/* forgotten: one packet tries it */
		{ RUN, 1 }, { SENT, 1, 0 }, { DONE, 1 }, { SENDS, 1 }, { RUN },
		{ SENT, 2, 1 }, { DONE, 1 }, { SENT, 3, 2 }, { DONE, 1 },
		{ TX, 3 }, { REQUESTS, 1, 1 },
	} },
	/* its interrupt decides nothing, the register does */
	{ "open while owned, complete (hazard 7)", {
		{ COMPLETE, false }, { OPEN }, { XMIT, 2 }, { RUN },
		{ COMPLETE, true }, { SPURIOUS }, { SENDS, 0 }, { RUN },
		{ SENT, 1, 0 }, { DONE, 1 }, { SENT, 2, 1 },
	} },
	{ "spurious interrupts", {
		{ UP }, { SPURIOUS }, { XMIT, 1 }, { SPURIOUS }, { TX },
		{ DONE, 1 }, { SPURIOUS }, { TX, 1 }, { RX },
	} },
	/* a core that tells of an error: on to the next at once */
	{ "completion with an error", {
		{ UP }, { XMIT, 3 }, { DONE_RC, -EIO }, { DONE, 1 },
		{ FREED, 1 }, { SENT, 2, 1 }, { TX, 0, 1 }, { DONE_RC, 0 },
		{ DONE, 1 }, { SENT, 3, 2 }, { DONE_RC, -EIO }, { DONE, 1 },
		{ FREED, 3 }, { TX, 1, 2 }, { REQUESTS, 1, 1 },
	} },
	/* nothing is sent before its end, whatever else happens */
	{ "turnaround time", {
		{ UP }, { TURNAROUND }, { XMIT, 2 }, { SENDS, 1 }, { DONE, 1 },
		{ FREED, 1 }, { BLOCKED, MCTP_PCC_TURNAROUND }, { XMIT, 1 },
		{ RUN }, { RUN, 4 }, { SENDS, 1 }, { TIMER }, { SENT, 2, 1 },
		{ DONE, 1 }, { SENDS, 2 }, { CLOSE }, { TX, 2, 0, 1 },
		/* the last command before may be just done */
		{ UP, MCTP_PCC_TURNAROUND }, { XMIT, 1 }, { SENDS, 2 },
		{ TIMER }, { SENT, 3, 3 }, { DONE, 1 }, { TIMER },
		/* and an idle outbox has none */
		{ RUN }, { BLOCKED, 0 },
	} },
	/* the same, and its end submits nothing */
	{ "turnaround time, recovering", {
		{ UP }, { TURNAROUND }, { XMIT, 4 }, { GIVE_UP, false },
		{ RUN, 4 }, { SENDS, 1 }, { TIMER }, { SENDS, 1 }, { RUN },
		{ SENT, 2, 1 }, { DONE, 1 }, { TIMER }, { RUN },
		{ BLOCKED, MCTP_PCC_TURNAROUND }, { SENDS, 2 }, { TIMER },
		{ SENT, 3, 2 },
	} },
	{ "next run of the check", {
		{ OPEN }, { NEXT, 1 }, { RUN }, { NEXT, HZ }, { POST, 1 },
		{ RUN }, { NEXT, HZ / 10 }, { RUN }, { NEXT, HZ / 10 },
		/* after each request, but not again and again if it fails */
		{ RUN, 1 }, { RECEIVED, 1, 1 }, { NEXT, 1 }, { XMIT, 1 },
		{ GIVE_UP, true }, { NEXT, 1 }, { RUN }, { NEXT, HZ },
		{ XMIT, 2 }, { DONE, 1 }, { OUTBOX_RC, -EBUSY },
		{ GIVE_UP, true }, { NEXT, HZ }, { RUN }, { NEXT, HZ },
		{ REFUSED, 1 }, { LOG, 1 },
	} },
	/* a transfer is young until a run has seen it */
	{ "no give-up of a young one", {
		{ UP }, { XMIT, 3 }, { RUN, 99 }, { DONE, 1 }, { RUN, 99 },
		{ DONE, 1 }, { RUN, 99 }, { DONE, 1 }, { RUN, 99 }, { TX, 3 },
		{ REQUESTS, 1, 1 },
	} },
	/* 3/4 s after the run that saw it first; the next 3/4 s after that */
	{ "give-up", {
		{ UP }, { XMIT, 2 }, { RUN }, { RUN, 2 }, { REQUESTS, 1, 1 },
		{ FREED, 0 }, { RUN, 1 }, { REQUESTS, 2, 1 }, { FREED, 1 },
		{ TX, 0, 1 }, { RUN }, { RUN, 2 }, { SENDS, 1 }, { RUN, 1 },
		{ SENT, 2, 1 }, { DONE, 1 }, { TX, 1, 1 },
	} },
	/* It counts for the next packet, and nothing starts from it: else each
	 * completion were one behind, until the link is idle.
	 */
	{ "late completion", {
		{ UP }, { XMIT, 6 }, { GIVE_UP, false }, { RUN, 4 },
		{ SENT, 2, 1 },
		/* that of 0: the platform reads 1 now */
		{ DONE, 1 }, { COMPLETE, false }, { SENDS, 2 }, { TX, 1, 1 },
		/* one packet per run */
		{ RUN, 4 }, { SENT, 3, 2 }, { RUN }, { XMIT, 1 }, { SENDS, 3 },
		/* that of 1, and then that of 2, for which nobody waits */
		{ DONE, 1 }, { SPURIOUS }, { SENDS, 3 }, { TX, 2, 1 },
		/* idle and complete: in step again */
		{ RUN }, { SENT, 4, 3 }, { DONE, 1 }, { SENT, 5, 4 },
		{ DONE, 3 }, { TX, 6, 1 }, { REQUESTS, 2, 1 },
	} },
	/* between the look at the register and what it leads to */
	{ "late interrupt at the look", {
		{ UP }, { XMIT, 2 }, { RUN }, { AT_LOOK, IRQ_ONCE }, { RUN, 4 },
		{ SENT, 2, 1 }, { RUN }, { AT_LOOK, IRQ_ONCE }, { RUN, 4 },
		{ TX, 2 }, { REQUESTS, 1, 1 }, { BLOCKED, 0 },
	} },
	/* It ends the transfer, and the check does not too. That is no failure,
	 * so the one after it is not the second in a row.
	 */
	{ "late interrupt inside free", {
		{ UP }, { XMIT, 4 }, { AT_FREE, IRQ_ONCE }, { GIVE_UP, false },
		{ FREED, 1 }, { SENDS, 1 }, { TX, 1 }, { RUN }, { SENT, 2, 1 },
		{ GIVE_UP, false }, { TX, 1, 1 }, { RUN, 4 }, { SENT, 3, 2 },
	} },
	/* from ndo_start_xmit, and from a completion: the core is silent */
	{ "doorbell fails (hazard 6)", {
		{ UP }, { DOORBELL_RC, -EIO }, { XMIT, 4 }, { SENDS, 1 },
		{ GIVE_UP, true }, { SENDS, 1 }, { DOORBELL_RC, 0 }, { RUN },
		{ SENT, 2, 1 }, { DOORBELL_RC, -EIO }, { DONE, 1 },
		{ SENDS, 3 }, { GIVE_UP, true }, { DOORBELL_RC, 0 }, { RUN },
		{ SENT, 4, 3 }, { DONE, 1 }, { TX, 2, 2 },
	} },
	/* packets do arrive: they are accepted, and purged at each failure */
	{ "dead interrupt line", {
		{ UP }, { XMIT, 2 }, { GIVE_UP, true }, { RUN }, { XMIT, 1024 },
		{ STOPPED, true }, { GIVE_UP, true }, { RUN },
		{ STOPPED, false }, { QUEUED, 0 }, { XMIT, 1 }, { SENDS, 3 },
		{ XMIT, 1024 }, { STOPPED, true }, { GIVE_UP, true }, { RUN },
		{ STOPPED, false }, { QUEUED, 0 }, { XMIT, 1 }, { SENDS, 4 },
		{ DORMANT, false }, { LOG, 0, 0, 1 }, { TX, 0, 3, 2048 },
		{ DONE, 1 }, { TX, 1, 3, 2048 },
	} },
	{ "silent, drops and counts", {
		{ SILENT }, { XMIT, 2000 }, { FREED, 2003 }, { STOPPED, false },
		{ RUN }, { RUN, 16 }, { XMIT, 1 }, { SENDS, 2 },
		{ TX, 0, 2, 2002 },
	} },
	/* five seconds after the last give-up, each time; no line is added */
	{ "silent, tried again", {
		{ SILENT }, { RUN, 16 }, { XMIT, 1 }, { QUEUED, 0 }, { RUN, 4 },
		{ XMIT, 2 }, { SENDS, 2 }, { RUN }, { SENDS, 3 },
		{ DORMANT, true }, { GIVE_UP, false }, { QUEUED, 0 },
		{ RUN, 16 }, { XMIT, 1 }, { QUEUED, 0 }, { RUN, 4 },
		{ XMIT, 2 }, { RUN }, { SENT, 4, 7 },
		/* an answer ends it, once there is nothing in flight */
		{ DONE, 1 }, { DORMANT, true }, { RUN }, { DORMANT, false },
		{ SENT, 5, 8 }, { DONE, 1 }, { LOG, 1, 1 }, { TX, 2, 3, 4 },
		/* and the next failure is the first in a row */
		{ XMIT, 2 }, { GIVE_UP, false }, { DORMANT, false },
		{ QUEUED, 1 },
	} },
	/* no answer yet: one packet of the platform's is one attempt */
	{ "silent, sends", {
		{ SILENT }, { RUN }, { DELIVER, 1 }, { RECEIVED, 1, 1 },
		{ RUN }, { DORMANT, true }, { XMIT, 1 }, { RUN, 4 },
		{ SENDS, 3 }, { GIVE_UP, false }, { RUN, 4 }, { XMIT, 1 },
		{ FREED, 5 }, { DORMANT, true },
	} },
	{ "silent, the register tells that it is back", {
		{ SILENT }, { COMPLETE, true }, { RUN }, { DORMANT, false },
		{ LOG, 1, 1 }, { XMIT, 2 }, { SENDS, 3 }, { DONE, 2 },
		{ TX, 2, 2, 1 },
	} },
	{ "silent, down and up", {
		{ SILENT }, { CLOSE }, { OPEN }, { DORMANT, false },
		{ XMIT, 2 }, { QUEUED, 2 }, { RUN, 4 }, { SENDS, 3 },
	} },
	/* all is dropped until it is back; requested after 5 s, then 30 s */
	{ "outbox is taken", {
		{ UP }, { XMIT, 3 }, { OUTBOX_RC, -EBUSY }, { GIVE_UP, true },
		{ FREED, 3 }, { DORMANT, true }, { DELIVER, 1 }, { RUN, 16 },
		{ XMIT, 1 }, { FREED, 4 }, { REFUSED, 1 }, { RUN, 4 },
		{ REFUSED, 2 }, { RUN, 116 }, { REFUSED, 2 }, { RUN, 4 },
		{ REFUSED, 3 }, { LOG, 1 }, { OUTBOX_RC, 0 }, { RUN, 116 },
		{ REQUESTS, 1, 1 }, { RUN, 4 }, { REQUESTS, 2, 1 }, { RUN },
		{ DORMANT, false }, { LOG, 1, 1 }, { XMIT, 1 }, { DONE, 1 },
		{ TX, 1, 1, 3 }, { RECEIVED, 1, 1 },
		/* the next one that fails is the first */
		{ XMIT, 1 }, { OUTBOX_RC, -EBUSY }, { GIVE_UP, true },
		{ RUN, 20 }, { REFUSED, 5 }, { LOG, 2, 1 },
		/* and after down and up too */
		{ CLOSE }, { OUTBOX_RC, 0 }, { UP }, { XMIT, 2 }, { DONE, 1 },
		{ GIVE_UP, true }, { REQUESTS, 4, 2 }, { REFUSED, 5 },
	} },
	/* what is in flight may be confirmed, which does not end it */
	{ "inbox is taken", {
		{ UP }, { XMIT, 3 }, { POST, 1 }, { INBOX_RC, -EBUSY },
		{ STUCK }, { RECEIVED, 1, 1 }, { DORMANT, true }, { XMIT, 1 },
		{ FREED, 1 }, { DONE, 3 }, { FREED, 4 }, { RUN, 16 },
		{ XMIT, 1 }, { FREED, 5 }, { INBOX_RC, 0 }, { RUN, 4 },
		{ REQUESTS, 1, 2 }, { DORMANT, true }, { RUN },
		{ DORMANT, false }, { LOG, 1, 1 }, { XMIT, 1 }, { DONE, 1 },
		{ DELIVER, 2 }, { RECEIVED, 2, 2 }, { TX, 4, 0, 2 },
	} },
	/* counts as set, and never as a packet; only interrupts help */
	{ "registers cannot be read", {
		{ OUTBOX_COMPLETE_RC, -EIO }, { INBOX_COMPLETE_RC, -EIO },
		{ UP }, { XMIT, 2 }, { SENDS, 1 }, { POST, 1 }, { RUN },
		{ RUN, 2 }, { REQUESTS, 1, 1 }, { RAISE }, { RECEIVED, 1, 1 },
		{ RUN, 1 }, { REQUESTS, 2, 1 }, { RUN }, { SENT, 2, 1 },
		{ TX, 0, 1 }, { DORMANT, false },
	} },
	/* Delivered 100 ms after the run that saw it first, and never by one
	 * run. Where the register does not lag an equal packet is a new one.
	 */
	{ "inbound interrupt lost (hazard 20)", {
		{ UP }, { POST, 1 }, { RUN, 99 }, { RUN }, { RECEIVED, 0 },
		{ RUN, 1 }, { RECEIVED, 1, 1 }, { REQUESTS, 1, 2 }, { RUN },
		{ RUN, 99 }, { POST, 1 }, { RUN, 99 }, { RUN },
		{ RECEIVED, 1, 1 }, { RUN, 1 }, { RECEIVED, 2, 1 },
		{ REQUESTS, 1, 3 }, { DELIVER, 1 }, { RECEIVED, 3, 1 },
		{ RX, 3 },
	} },
	/* each packet has its time; interrupts or bytes tell them apart */
	{ "inbox is busy", {
		{ UP }, { POST, 1 }, { RUN, 4 }, { RAISE }, { POST, 1 },
		{ RUN, 4 }, { RAISE }, { POST, 1 }, { RUN, 4 },
		{ RECEIVED, 2, 1 }, { POST, 2 }, { RUN, 4 }, { RECEIVED, 2, 1 },
		{ REQUESTS, 1, 1 }, { RUN, 4 }, { RECEIVED, 3, 2 }, { RX, 3 },
	} },
	/* the interrupt comes after all, at the look or inside the free */
	{ "late inbound interrupt (hazard 20)", {
		{ UP }, { POST, 1 }, { RUN },
		{ AT_FREE, IRQ_ONCE, .inbox = true }, { RUN, 4 },
		{ REQUESTS, 1, 2 }, { RECEIVED, 1, 1 }, { STUCK }, { POST, 2 },
		{ RUN }, { AT_LOOK, IRQ_ONCE, .inbox = true }, { RUN, 4 },
		{ STUCK }, { RECEIVED, 2, 2 }, { RX, 2 },
	} },
	/* between the core's acknowledge and its interrupt; looked at twice */
	{ "packet inside a request (hazard 20)", {
		{ UP }, { POST, 1 }, { RUN }, { CLOSE },
		{ AT_REQUEST, .hook = fake_post_once, .inbox = true }, { OPEN },
		{ RUN, 4 }, { RECEIVED, 0 }, { RUN, 4 }, { RECEIVED, 1, 1 },
		{ RX, 1 },
	} },
	/* Not delivered again. But it may be a new packet, so it is
	 * acknowledged, after 3 s and then each 30 s.
	 */
	{ "lags, the packet that was read", {
		{ LAGS }, { UP }, { DELIVER, 1 }, { RUN }, { RUN, 8 },
		{ NEXT, HZ }, { REQUESTS, 1, 1 }, { RUN, 4 },
		{ REQUESTS, 1, 2 }, { NEXT, 1 }, { RUN, 116 },
		{ REQUESTS, 1, 2 }, { RUN, 4 }, { REQUESTS, 1, 3 },
		{ RUN, 116 }, { REQUESTS, 1, 3 }, { RUN, 4 },
		{ REQUESTS, 1, 4 }, { RECEIVED, 1, 1 },
		/* another packet begins anew */
		{ DELIVER, 2 }, { RUN }, { RUN, 12 }, { REQUESTS, 1, 5 },
		{ RECEIVED, 2, 2 }, { RX, 2 },
	} },
	{ "lags, read without an interrupt", {
		{ LAGS }, { UP }, { POST, 1 }, { STUCK }, { RECEIVED, 1, 1 },
		{ REQUESTS, 1, 2 }, { RUN, 8 }, { REQUESTS, 1, 2 }, { RUN, 4 },
		{ REQUESTS, 1, 3 }, { RECEIVED, 1, 1 },
	} },
	/* packets with interrupts are delivered, however equal */
	{ "lags, equal packets", {
		{ LAGS }, { UP }, { DELIVER, 1 }, { STUCK }, { DELIVER, 1 },
		{ STUCK }, { DELIVER, 1 }, { STUCK }, { RECEIVED, 3, 1 },
		{ REQUESTS, 1, 1 },
	} },
	/* once command complete was seen an equal one is new */
	{ "lags, equal packets without interrupts", {
		{ LAGS }, { UP }, { DELIVER, 1 }, { STUCK }, { RECEIVED, 1, 1 },
		{ SHOWN, true }, { RUN }, { POST, 1 }, { STUCK },
		{ RECEIVED, 2, 1 }, { STUCK }, { RECEIVED, 2, 1 },
		{ SHOWN, true }, { RUN }, { POST, 1 }, { STUCK },
		{ RECEIVED, 3, 1 }, { STUCK }, { RECEIVED, 3, 1 },
		{ REQUESTS, 1, 3 },
	} },
	/* it comes right after command complete was seen */
	{ "lags, interrupt at the look", {
		{ LAGS }, { UP },
		{ AT_LOOK, .hook = fake_deliver_hook, .inbox = true }, { RUN },
		{ RECEIVED, 1, 1 }, { STUCK }, { STUCK }, { RECEIVED, 1, 1 },
		{ REQUESTS, 1, 1 },
	} },
	/* the first interrupt after a delivery by the check, and no other */
	{ "lags, compares one", {
		{ LAGS }, { UP }, { POST, 1 }, { STUCK }, { RECEIVED, 1, 1 },
		{ DELIVER, 2 }, { RECEIVED, 2, 2 }, { DELIVER, 2 },
		{ RECEIVED, 3, 2 },
	} },
	{ "lags, compares none after up", {
		{ LAGS }, { UP }, { POST, 1 }, { STUCK }, { RECEIVED, 1, 1 },
		{ CLOSE }, { SHOWN, true }, { UP }, { DELIVER, 1 },
		{ RECEIVED, 2, 1 },
	} },
	/* The OS cannot set command complete: what a request discards was read
	 * before the link went down, and is not delivered again.
	 */
	{ "lags, discarded by a request", {
		{ LAGS }, { POST, 1 }, { UP }, { STUCK }, { RUN, 8 },
		{ REQUESTS, 1, 1 }, { RUN, 4 }, { REQUESTS, 1, 2 },
		{ RECEIVED, 0 }, { POST, 2 }, { STUCK }, { RECEIVED, 1, 2 },
	} },
};

KUNIT_ARRAY_PARAM_DESC(mctp_pcc_scenario, mctp_pcc_scenario_cases, name);

/* What tools/lab/prove/model/protocol.c checks in each state, by all orders of
 * these steps: it holds on the real kernel after each step of a scenario.
 */
static void fake_check_quiet(void)
{
	unsigned int blocked, counted, bytes = 0;
	struct mctp_pcc *mp = fake->mp;
	bool accept, stopped, timer;
	struct sk_buff *skb;

	scoped_guard(spinlock_irqsave, &mp->txq.lock) {
		skb_queue_walk(&mp->txq, skb)
			bytes += max(skb->len, MCTP_PCC_MIN_MTU);
		counted = mp->tx_bytes;
		blocked = mp->tx_blocked;
		accept = mp->tx_accept;
		stopped = netif_queue_stopped(fake->ndev);
		timer = hrtimer_active(&mp->turnaround);
	}
	expect_eq(counted, bytes);
	if (!netif_running(fake->ndev)) {
		expect_true(!bytes && !timer && !accept);
		expect_true(!mp->outbox.pcc && !mp->inbox.pcc);
		return;
	}
	expect_true(!(blocked & MCTP_PCC_IN_FLIGHT) ||
		    (bytes && mp->outbox.pcc));
	expect_eq(!!(blocked & MCTP_PCC_TURNAROUND), timer);
	expect_true(blocked || !bytes);	/* no lost submit */
	expect_true(!stopped || bytes);	/* no lost wake-up */
}

static void mctp_pcc_test_scenario(struct kunit *test)
{
	const struct mctp_pcc_scenario_case *c = test->param_value;
	const struct fake_step *s;

	if (c->steps[0].op != SILENT)
		fake_link();
	for (s = c->steps; s->op != END; s++) {
		if (fake_field(s->op))
			*fake_field(s->op) = s->a;
		else if (!fake_link_step(s) && !fake_platform_step(s) &&
			 !fake_hook_step(s))
			fake_expect_step(s);
		fake_check_quiet();
		if (test->status == KUNIT_FAILURE) {
			kunit_info(test, "at step %td", s - c->steps + 1);
			return;
		}
	}
}

/* What the check reads and refuses is counted once, also where it lags */
static void mctp_pcc_test_check_refuses(struct kunit *test)
{
	unsigned int i;

	fake_up();
	fake_post_raw(FAKE_COMMAND, 3, 1);
	for (i = 0; i < 4; i++)
		fake_run_after(HZ);
	expect_rx(0, 0, 1, 0);
	expect_eq(fake->inbox.requests, 2);

	fake->mp->inbox.lags = true;
	fake->inbox.no_ack = true;
	fake_post_raw(0, 72, 1);
	fake_raise(&fake->inbox);
	for (i = 0; i < 6; i++)
		fake_run_after(HZ);
	expect_rx(0, 0, 1, 1);
	expect_eq(fake->inbox.requests, 3);
}

static struct kunit_case mctp_pcc_kunit_cases[] = {
	KUNIT_CASE_PARAM(mctp_pcc_test_crs, mctp_pcc_crs_gen_params),
	KUNIT_CASE_PARAM(mctp_pcc_test_pcct_find, mctp_pcc_find_gen_params),
	KUNIT_CASE_PARAM(mctp_pcc_test_pcct_entry, mctp_pcc_entry_gen_params),
	KUNIT_CASE(mctp_pcc_test_pcct_values),
	KUNIT_CASE_PARAM(mctp_pcc_test_pcct_lags, mctp_pcc_lags_gen_params),
	KUNIT_CASE(mctp_pcc_test_pcct_unreadable),
	KUNIT_CASE(mctp_pcc_test_pcct_index_limit),
	KUNIT_CASE(mctp_pcc_test_probe),
	KUNIT_CASE(mctp_pcc_test_probe_mtu),
	KUNIT_CASE(mctp_pcc_test_remove),
	KUNIT_CASE(mctp_pcc_test_probe_name_taken),
	KUNIT_CASE_PARAM(mctp_pcc_test_probe_fails, mctp_pcc_probe_gen_params),
	KUNIT_CASE(mctp_pcc_test_real_request),
	KUNIT_CASE(mctp_pcc_test_real_tables),
#ifdef CONFIG_X86
	KUNIT_CASE(mctp_pcc_test_real_map),
	KUNIT_CASE(mctp_pcc_test_real_complete),
#endif
	KUNIT_CASE_PARAM(mctp_pcc_test_tx_bytes, mctp_pcc_len_gen_params),
	KUNIT_CASE_PARAM(mctp_pcc_test_tx_signature,
			 mctp_pcc_signature_gen_params),
	KUNIT_CASE(mctp_pcc_hazard_10_next_from_tx_done),
	KUNIT_CASE_PARAM(mctp_pcc_test_tx_budget, mctp_pcc_budget_gen_params),
	KUNIT_CASE(mctp_pcc_test_turnaround_timer),
	KUNIT_CASE_PARAM(mctp_pcc_test_row, mctp_pcc_row_gen_params),
	KUNIT_CASE(mctp_pcc_test_operstate),
	KUNIT_CASE_PARAM(mctp_pcc_test_rx, mctp_pcc_rx_gen_params),
	KUNIT_CASE(mctp_pcc_test_rx_nomem),
	KUNIT_CASE(mctp_pcc_test_rx_header),
#ifdef CONFIG_X86
	KUNIT_CASE(mctp_pcc_test_rx_changes),
	KUNIT_CASE(mctp_pcc_test_locked),
#endif
	KUNIT_CASE_PARAM(mctp_pcc_hazard_15_any_context,
			 mctp_pcc_context_gen_params),
	KUNIT_CASE_PARAM(mctp_pcc_test_lags_differs, mctp_pcc_peek_gen_params),
	KUNIT_CASE_PARAM(mctp_pcc_test_open_fails, mctp_pcc_open_gen_params),
	KUNIT_CASE_PARAM(mctp_pcc_hazard_01_free_order,
			 mctp_pcc_free_gen_params),
	KUNIT_CASE_PARAM(mctp_pcc_test_scenario, mctp_pcc_scenario_gen_params),
	KUNIT_CASE(mctp_pcc_test_check_refuses),
	{ }
};

static struct kunit_suite mctp_pcc_kunit_suite = {
	.name = "mctp_pcc",
	.init = mctp_pcc_kunit_init,
	.test_cases = mctp_pcc_kunit_cases,
};

kunit_test_suite(mctp_pcc_kunit_suite);
