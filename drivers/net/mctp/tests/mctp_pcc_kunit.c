// SPDX-License-Identifier: GPL-2.0
/*
 * Unit tests of the MCTP PCC transport.
 *
 * Included at the end of mctp-pcc.c. A link here is a real net device on the
 * real mailbox core; the controller, the shared memory and the platform are
 * fakes. Whatever a test does, mctp_pcc_fake_check() looks at what it left.
 *
 * Copyright (C) 2026 The mctp-pcc authors
 */

#include <kunit/device.h>
#include <kunit/platform_device.h>
#include <kunit/test.h>
#include <linux/hw_breakpoint.h>
#include <linux/mailbox_controller.h>
#include <linux/perf_event.h>
#include <linux/rtnetlink.h>
#include <linux/unaligned.h>
#include <linux/vmalloc.h>

/* Channels that no machine has which runs these tests */
#define MCTP_PCC_FAKE_OUTBOX	254
#define MCTP_PCC_FAKE_INBOX	255

/* Of different sizes, so that one cannot stand in for the other */
#define MCTP_PCC_FAKE_OUTBOX_SIZE	1040
#define MCTP_PCC_FAKE_INBOX_SIZE	2064
#define MCTP_PCC_FAKE_MTU	1024

/* Memory behind each buffer that nobody may touch */
#define MCTP_PCC_FAKE_GUARD	64

/* Outbox that nobody has written, and outbox that is nobody's */
#define MCTP_PCC_FAKE_FRESH	0xee
#define MCTP_PCC_FAKE_GONE	0xa5

/* More than the kernel ever allocates at once: no need to inject a failure */
#define MCTP_PCC_NOMEM	(2 * KMALLOC_MAX_SIZE)

/* A deadline that no test reaches, however slow the machine is */
#define MCTP_PCC_FAKE_LATE	(3600 * HZ)

/* The same for a turnaround time, microseconds; fits 32 bits without a sign */
#define MCTP_PCC_FAKE_REST	(3600U * USEC_PER_SEC)

/* Only ever waited for when a test fails */
#define MCTP_PCC_FAKE_WAIT	(2 * HZ)

struct mctp_pcc_fake;

/**
 * struct mctp_pcc_fake_chan - what pcc.c and the platform know of a channel
 * @pcc: what a request returns. First, for it is first in what pcc.c has at
 *	con_priv, and that is where pcc_mbox_free_channel() looks for it
 * @fake: the link
 * @chan: the driver's end
 * @timer: delivers the interrupt
 * @in_stop: but not before the link is on its way down
 * @fired: the interrupt has been handled
 * @shmem: shared memory, as the driver has mapped it
 * @decoy: the core's mapping of it, which comes and goes as it likes: not for
 *	the driver
 * @size: its size, the guard not counted
 * @sent: the whole of @shmem as the last doorbell found it
 * @live: the interrupt is requested
 * @in_use: a doorbell has not been answered, see pcc_send_data()
 * @complete: the command complete bit
 * @request_rc: what a request fails with before it reaches the core
 * @startup_rc: what the controller's startup fails with
 * @send_rc: what the doorbell fails with
 * @done_rc: what transfers end with
 * @complete_rc: what reading @complete fails with
 * @on_startup: runs in a request, with the interrupt enabled
 * @on_shutdown: runs in a free, before the interrupt is disabled
 * @on_free: runs before a free
 * @on_complete: runs when the driver has read @complete
 * @requests: successful requests
 * @refused: those that failed by @request_rc
 * @frees: frees
 * @sends: doorbells, failed ones too
 * @max_msgs: most messages the core ever held at a doorbell
 * @gate_open: the driver freed the outbox with its gate open
 */
struct mctp_pcc_fake_chan {
	struct pcc_mbox_chan pcc;
	struct mctp_pcc_fake *fake;
	struct mctp_pcc_chan *chan;
	struct hrtimer timer;
	bool in_stop;
	struct completion fired;
	u8 *shmem;
	u8 *decoy;
	size_t size;
	u8 *sent;
	bool live;
	bool in_use;
	bool complete;
	int request_rc;
	int startup_rc;
	int send_rc;
	int done_rc;
	int complete_rc;
	void (*on_startup)(struct mctp_pcc_fake_chan *fc);
	void (*on_shutdown)(struct mctp_pcc_fake_chan *fc);
	void (*on_free)(struct mctp_pcc_fake_chan *fc);
	void (*on_complete)(struct mctp_pcc_fake_chan *fc);
	unsigned int requests;
	unsigned int refused;
	unsigned int frees;
	unsigned int sends;
	unsigned int max_msgs;
	bool gate_open;
};

/**
 * struct mctp_pcc_fake - a link and the platform behind it
 * @test: whose it is
 * @dev: parent of the net device and of @mbox
 * @mbox: controller of both channels
 * @mchans: its channels
 * @outbox: outbox
 * @inbox: inbox
 * @ndev: the net device, NULL once a test has removed it
 * @mp: its private data
 * @tap: sees what the link delivers
 * @wait: woken by everything counted below
 * @made: packets handed to the driver
 * @freed: how many of those were freed
 * @freed_badly: one was, where kfree_skb() must not be called
 * @freed_later: the last one was in a softirq, which nobody enters by itself
 * @tapped: packets that @tap saw
 * @tap_badly: one had no MAC header, or a hardware address
 * @tap_len: length of the last one
 * @tap_data: its bytes
 */
struct mctp_pcc_fake {
	struct kunit *test;
	struct device *dev;
	struct mbox_controller mbox;
	struct mbox_chan mchans[2];
	struct mctp_pcc_fake_chan outbox;
	struct mctp_pcc_fake_chan inbox;
	struct net_device *ndev;
	struct mctp_pcc *mp;
	struct packet_type tap;
	wait_queue_head_t wait;
	unsigned int made;
	atomic_t freed;
	bool freed_badly;
	bool freed_later;
	atomic_t tapped;
	bool tap_badly;
	unsigned int tap_len;
	u8 tap_data[MCTP_PCC_FAKE_INBOX_SIZE];
};

/* The interrupt of a channel, as pcc_mbox_irq() handles it */
static void mctp_pcc_fake_irq(struct mctp_pcc_fake_chan *fc)
{
	bool outbox = fc == &fc->fake->outbox;

	if (!fc->live || (outbox && !fc->in_use) || fc->complete != outbox)
		return;

	fc->in_use = false;
	if (!fc->done_rc)
		mbox_chan_received_data(fc->pcc.mchan, NULL);
	mbox_chan_txdone(fc->pcc.mchan, fc->done_rc);
	fc->complete = true;
}

static enum hrtimer_restart mctp_pcc_fake_timer(struct hrtimer *timer)
{
	struct mctp_pcc_fake_chan *fc;

	fc = container_of(timer, struct mctp_pcc_fake_chan, timer);
	if (fc->in_stop && READ_ONCE(fc->fake->mp->tx_up)) {
		/* when the driver has begun to wait */
		hrtimer_forward_now(timer, ms_to_ktime(20));
		return HRTIMER_RESTART;
	}
	mctp_pcc_fake_irq(fc);
	complete(&fc->fired);

	return HRTIMER_NORESTART;
}

/* Raises the interrupt, in hard interrupt context, and waits for its end */
static void mctp_pcc_fake_raise(struct mctp_pcc_fake_chan *fc)
{
	reinit_completion(&fc->fired);
	hrtimer_start(&fc->timer, 0, HRTIMER_MODE_REL);
	KUNIT_EXPECT_NE(fc->fake->test, 0UL,
			wait_for_completion_timeout(&fc->fired,
						    MCTP_PCC_FAKE_WAIT));
}

/* The same as a threaded handler runs it */
static void mctp_pcc_fake_raise_thread(struct mctp_pcc_fake_chan *fc)
{
	bool still_on;

	local_bh_disable();
	mctp_pcc_fake_irq(fc);
	still_on = !irqs_disabled();
	local_bh_enable();

	KUNIT_EXPECT_TRUE(fc->fake->test, still_on);
}

/* The same with interrupts off outside any interrupt */
static void mctp_pcc_fake_raise_irqs_off(struct mctp_pcc_fake_chan *fc)
{
	unsigned long flags;
	bool still_off;

	local_bh_disable();
	local_irq_save(flags);
	mctp_pcc_fake_irq(fc);
	still_off = irqs_disabled();
	local_irq_restore(flags);
	local_bh_enable();

	KUNIT_EXPECT_TRUE(fc->fake->test, still_off);
}

/* The platform has consumed the outbox, and says so */
static void mctp_pcc_fake_done(struct mctp_pcc_fake *fake)
{
	fake->outbox.complete = true;
	mctp_pcc_fake_raise(&fake->outbox);
}

/* The same many times */
static void mctp_pcc_fake_done_many(struct mctp_pcc_fake *fake,
				    unsigned int n)
{
	while (n--) {
		fake->outbox.complete = true;
		mctp_pcc_fake_raise_thread(&fake->outbox);
	}
}

/* The platform writes to the inbox. The interrupt is the caller's. */
static void mctp_pcc_fake_post(struct mctp_pcc_fake *fake, u32 command,
			       u32 length, unsigned int seed)
{
	u8 *shmem = fake->inbox.shmem;
	unsigned int i;

	put_unaligned_le32(0x50434300 | MCTP_PCC_FAKE_INBOX, shmem);
	put_unaligned_le32(1, shmem + 4);
	put_unaligned_le32(length, shmem + 8);
	put_unaligned_le32(command, shmem + 12);
	for (i = 16; i < MCTP_PCC_FAKE_INBOX_SIZE; i++)
		shmem[i] = i * 7 + seed;
	fake->inbox.complete = false;
}

static int mctp_pcc_fake_startup(struct mbox_chan *mchan)
{
	struct mctp_pcc_fake_chan *fc = mchan->con_priv;

	/* like pcc_startup(): acknowledge, then enable */
	if (fc == &fc->fake->inbox)
		fc->complete = true;
	fc->live = true;
	if (fc->on_startup)
		fc->on_startup(fc);
	if (fc->startup_rc)
		fc->live = false;

	return fc->startup_rc;
}

static void mctp_pcc_fake_shutdown(struct mbox_chan *mchan)
{
	struct mctp_pcc_fake_chan *fc = mchan->con_priv;

	if (fc->on_shutdown)
		fc->on_shutdown(fc);
	fc->live = false;
}

/* Under the mailbox channel's lock: only take notes here */
static int mctp_pcc_fake_send_data(struct mbox_chan *mchan, void *data)
{
	struct mctp_pcc_fake_chan *fc = mchan->con_priv;

	fc->sends++;
	fc->max_msgs = max(fc->max_msgs, mchan->msg_count);
	if (fc->send_rc)
		return fc->send_rc;

	memcpy(fc->sent, fc->shmem, fc->size + MCTP_PCC_FAKE_GUARD);
	fc->complete = false;
	fc->in_use = true;
	wake_up(&fc->fake->wait);

	return 0;
}

static const struct mbox_chan_ops mctp_pcc_fake_ops = {
	.send_data = mctp_pcc_fake_send_data,
	.startup = mctp_pcc_fake_startup,
	.shutdown = mctp_pcc_fake_shutdown,
};

static struct mctp_pcc_fake_chan *
mctp_pcc_fake_find(const struct mctp_pcc_chan *chan)
{
	struct mctp_pcc_fake *fake = kunit_get_current_test()->priv;

	return chan == fake->outbox.chan ? &fake->outbox : &fake->inbox;
}

/* While the outbox is not the driver's it must not write there. The inbox is
 * the platform's at all times.
 */
static void mctp_pcc_fake_fill(struct mctp_pcc_fake_chan *fc, u8 byte)
{
	if (fc == &fc->fake->outbox)
		memset(fc->shmem, byte, fc->size);
}

static void mctp_pcc_fake_check_gone(struct mctp_pcc_fake_chan *fc)
{
	if (fc == &fc->fake->outbox)
		KUNIT_EXPECT_NULL(fc->fake->test,
				  memchr_inv(fc->shmem, MCTP_PCC_FAKE_GONE,
					     fc->size));
}

/* In the place of mctp_pcc_request() */
static struct pcc_mbox_chan *mctp_pcc_fake_request(struct mctp_pcc_chan *chan)
{
	struct mctp_pcc_fake_chan *fc = mctp_pcc_fake_find(chan);
	int rc;

	if (fc->request_rc) {
		fc->refused++;
		return ERR_PTR(fc->request_rc);
	}

	mctp_pcc_fake_check_gone(fc);
	mctp_pcc_fake_fill(fc, MCTP_PCC_FAKE_FRESH);
	rc = mbox_bind_client(fc->pcc.mchan, &chan->client);
	if (rc) {
		mctp_pcc_fake_fill(fc, MCTP_PCC_FAKE_GONE);
		return ERR_PTR(rc);
	}
	fc->requests++;

	return &fc->pcc;
}

/* In the place of mctp_pcc_free() */
static void mctp_pcc_fake_free(struct mctp_pcc_chan *chan,
			       struct pcc_mbox_chan *pcc)
{
	struct mctp_pcc_fake_chan *fc = mctp_pcc_fake_find(chan);
	unsigned long flags;

	fc->frees++;
	if (fc == &fc->fake->outbox) {
		spin_lock_irqsave(&fc->fake->mp->tx_lock, flags);
		fc->gate_open |= !!chan->pcc;
		spin_unlock_irqrestore(&fc->fake->mp->tx_lock, flags);
	}
	if (fc->on_free)
		fc->on_free(fc);
	mbox_free_channel(pcc->mchan);
	mctp_pcc_fake_fill(fc, MCTP_PCC_FAKE_GONE);
}

/* In the place of mctp_pcc_complete() */
static int mctp_pcc_fake_complete(struct mctp_pcc_chan *chan)
{
	struct mctp_pcc_fake_chan *fc = mctp_pcc_fake_find(chan);
	int rc = fc->complete_rc ?: fc->complete;

	if (fc->on_complete)
		fc->on_complete(fc);

	return rc;
}

static int mctp_pcc_fake_tap(struct sk_buff *skb, struct net_device *ndev,
			     struct packet_type *pt, struct net_device *orig)
{
	struct mctp_pcc_fake *fake = pt->af_packet_priv;

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

/* What every test must leave behind */
static void mctp_pcc_fake_check_chan(struct mctp_pcc_fake_chan *fc)
{
	struct kunit *test = fc->fake->test;

	KUNIT_EXPECT_NULL(test, fc->pcc.mchan->cl);
	KUNIT_EXPECT_EQ(test, fc->frees, fc->requests);
	KUNIT_EXPECT_FALSE(test, fc->gate_open);
	KUNIT_EXPECT_LE(test, fc->max_msgs, 1);
	mctp_pcc_fake_check_gone(fc);
	KUNIT_EXPECT_NULL(test, memchr_inv(fc->decoy, 0, fc->size));
	KUNIT_EXPECT_NULL(test, memchr_inv(fc->shmem + fc->size,
					   MCTP_PCC_FAKE_FRESH,
					   MCTP_PCC_FAKE_GUARD));
}

static void mctp_pcc_fake_check(void *data)
{
	struct mctp_pcc_fake *fake = data;

	mctp_pcc_fake_check_chan(&fake->outbox);
	mctp_pcc_fake_check_chan(&fake->inbox);
	KUNIT_EXPECT_EQ(fake->test, atomic_read(&fake->freed), fake->made);
	KUNIT_EXPECT_FALSE(fake->test, fake->freed_badly);
	KUNIT_EXPECT_FALSE(fake->test, fake->tap_badly);
}

static void mctp_pcc_fake_unregister(void *data)
{
	struct mctp_pcc_fake *fake = data;

	if (!fake->ndev)
		return;
	dev_remove_pack(&fake->tap);
	fake->mp->late = 1;
	mctp_unregister_netdev(fake->ndev);
	KUNIT_EXPECT_FALSE(fake->test, hrtimer_cancel(&fake->mp->turnaround));
	KUNIT_EXPECT_FALSE(fake->test,
			   cancel_delayed_work_sync(&fake->mp->watch));
	free_netdev(fake->ndev);
}

static void mctp_pcc_fake_init_chan(struct mctp_pcc_fake *fake,
				    struct mctp_pcc_fake_chan *fc,
				    unsigned int i, size_t size)
{
	size_t all = size + MCTP_PCC_FAKE_GUARD;

	fc->fake = fake;
	fc->size = size;
	fc->shmem = kunit_kzalloc(fake->test, all, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(fake->test, fc->shmem);
	mctp_pcc_fake_fill(fc, MCTP_PCC_FAKE_GONE);
	memset(fc->shmem + size, MCTP_PCC_FAKE_FRESH, MCTP_PCC_FAKE_GUARD);
	fc->decoy = kunit_kzalloc(fake->test, size, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(fake->test, fc->decoy);
	fc->pcc.shmem = (void __force __iomem *)fc->decoy;
	fc->sent = kunit_kzalloc(fake->test, all, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(fake->test, fc->sent);
	fc->complete = true;
	fc->pcc.mchan = &fake->mchans[i];
	fake->mchans[i].con_priv = fc;
	init_completion(&fc->fired);
	hrtimer_setup(&fc->timer, mctp_pcc_fake_timer, CLOCK_MONOTONIC,
		      HRTIMER_MODE_REL);
}

static struct mctp_pcc_fake *mctp_pcc_fake_alloc(struct kunit *test)
{
	struct mctp_pcc_fake *fake;

	fake = kunit_kzalloc(test, sizeof(*fake), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, fake);
	test->priv = fake;
	fake->test = test;
	init_waitqueue_head(&fake->wait);
	fake->dev = kunit_device_register(test, "pcc");
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, fake->dev);

	mctp_pcc_fake_init_chan(fake, &fake->outbox, 0,
				MCTP_PCC_FAKE_OUTBOX_SIZE);
	mctp_pcc_fake_init_chan(fake, &fake->inbox, 1,
				MCTP_PCC_FAKE_INBOX_SIZE);
	fake->mbox.dev = fake->dev;
	fake->mbox.ops = &mctp_pcc_fake_ops;
	fake->mbox.chans = fake->mchans;
	fake->mbox.num_chans = ARRAY_SIZE(fake->mchans);
	fake->mbox.txdone_irq = true;
	KUNIT_ASSERT_EQ(test, 0,
			devm_mbox_controller_register(fake->dev, &fake->mbox));

	kunit_activate_static_stub(test, mctp_pcc_request,
				   mctp_pcc_fake_request);
	kunit_activate_static_stub(test, mctp_pcc_free, mctp_pcc_fake_free);
	kunit_activate_static_stub(test, mctp_pcc_complete,
				   mctp_pcc_fake_complete);

	return fake;
}

/* A link that is down. Its work item is disabled once more than the driver
 * knows: it would run in another thread, where there are no stubs. The tests
 * call mctp_pcc_watch() themselves.
 */
static struct mctp_pcc_fake *mctp_pcc_fake_link(struct kunit *test)
{
	const struct mctp_pcc_subspace outbox = {
		.index = MCTP_PCC_FAKE_OUTBOX,
		.size = MCTP_PCC_FAKE_OUTBOX_SIZE,
	};
	const struct mctp_pcc_subspace inbox = {
		.index = MCTP_PCC_FAKE_INBOX,
		.size = MCTP_PCC_FAKE_INBOX_SIZE,
	};
	struct mctp_pcc_fake *fake = mctp_pcc_fake_alloc(test);
	int rc;

	fake->ndev = mctp_pcc_alloc(fake->dev, &outbox, &inbox);
	KUNIT_ASSERT_NOT_NULL(test, fake->ndev);
	fake->mp = netdev_priv(fake->ndev);
	fake->outbox.chan = &fake->mp->outbox;
	fake->inbox.chan = &fake->mp->inbox;
	fake->mp->outbox.shmem = (void __force __iomem *)fake->outbox.shmem;
	fake->mp->inbox.shmem = (void __force __iomem *)fake->inbox.shmem;
	fake->mp->late = MCTP_PCC_FAKE_LATE;
	disable_delayed_work(&fake->mp->watch);

	rc = mctp_register_netdev(fake->ndev, NULL, MCTP_PHYS_BINDING_PCC);
	if (rc)
		free_netdev(fake->ndev);
	KUNIT_ASSERT_EQ(test, 0, rc);

	fake->tap.type = htons(ETH_P_MCTP);
	fake->tap.dev = fake->ndev;
	fake->tap.func = mctp_pcc_fake_tap;
	fake->tap.af_packet_priv = fake;
	dev_add_pack(&fake->tap);

	/* in the reverse order */
	rc = kunit_add_action_or_reset(test, mctp_pcc_fake_check, fake);
	KUNIT_EXPECT_EQ(test, 0, rc);
	rc = kunit_add_action_or_reset(test, mctp_pcc_fake_unregister, fake);
	KUNIT_ASSERT_EQ(test, 0, rc);

	return fake;
}

static int mctp_pcc_fake_open(struct mctp_pcc_fake *fake)
{
	int rc;

	rtnl_lock();
	rc = dev_open(fake->ndev, NULL);
	rtnl_unlock();

	return rc;
}

/* Nobody answers the transfer in flight while the link goes down */
static void mctp_pcc_fake_close(struct mctp_pcc_fake *fake)
{
	fake->mp->late = 1;
	rtnl_lock();
	dev_close(fake->ndev);
	rtnl_unlock();
	fake->mp->late = MCTP_PCC_FAKE_LATE;
}

static struct mctp_pcc_fake *mctp_pcc_fake_up(struct kunit *test)
{
	struct mctp_pcc_fake *fake = mctp_pcc_fake_link(test);

	KUNIT_ASSERT_EQ(test, 0, mctp_pcc_fake_open(fake));

	return fake;
}

static void mctp_pcc_fake_watch(struct mctp_pcc_fake *fake)
{
	mctp_pcc_watch(&fake->mp->watch.work);
}

/* Lets the transfer in flight and the inbox's request grow older by so many
 * deadlines
 */
static void mctp_pcc_fake_age(struct mctp_pcc_fake *fake, unsigned int n)
{
	unsigned long flags;

	spin_lock_irqsave(&fake->mp->tx_lock, flags);
	fake->mp->tx_since -= n * fake->mp->late;
	spin_unlock_irqrestore(&fake->mp->tx_lock, flags);
	fake->mp->rx_since -= n * fake->mp->late;
}

/* Gives up the transfer in flight */
static void mctp_pcc_fake_give_up(struct mctp_pcc_fake *fake)
{
	mctp_pcc_fake_age(fake, MCTP_PCC_HARD_FACTOR);
	mctp_pcc_fake_watch(fake);
}

static void mctp_pcc_fake_destruct(struct sk_buff *skb)
{
	struct mctp_pcc_fake *fake = skb_shinfo(skb)->destructor_arg;

	if (in_hardirq() || irqs_disabled())
		fake->freed_badly = true;
	fake->freed_later = in_serving_softirq();
	atomic_inc(&fake->freed);
	wake_up(&fake->wait);
}

/* The bytes of a packet depend on how many there were before it; its flags say
 * that it is from the middle of a message, never a control message by chance
 */
static u8 mctp_pcc_fake_byte(unsigned int pos, unsigned int seq)
{
	return pos == 3 ? 0 : pos * 3 + seq;
}

static struct sk_buff *mctp_pcc_fake_skb(struct mctp_pcc_fake *fake,
					 unsigned int len)
{
	struct sk_buff *skb = alloc_skb(len, GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(fake->test, skb);
	skb_put(skb, len);
	for (i = 0; i < len; i++)
		skb->data[i] = mctp_pcc_fake_byte(i, fake->made);
	skb->dev = fake->ndev;
	skb_shinfo(skb)->destructor_arg = fake;
	skb->destructor = mctp_pcc_fake_destruct;
	fake->made++;

	return skb;
}

/* Softirq context, as the qdisc calls it */
static void mctp_pcc_fake_xmit_skb(struct mctp_pcc_fake *fake,
				   struct sk_buff *skb)
{
	netdev_tx_t rc;

	local_bh_disable();
	rc = mctp_pcc_start_xmit(skb, fake->ndev);
	local_bh_enable();

	KUNIT_EXPECT_EQ(fake->test, rc, NETDEV_TX_OK);
}

static void mctp_pcc_fake_xmit(struct mctp_pcc_fake *fake, unsigned int n)
{
	while (n--)
		mctp_pcc_fake_xmit_skb(fake, mctp_pcc_fake_skb(fake, 64));
}

static void mctp_pcc_expect_freed(struct mctp_pcc_fake *fake, unsigned int n)
{
	wait_event_timeout(fake->wait, atomic_read(&fake->freed) >= n,
			   MCTP_PCC_FAKE_WAIT);
	KUNIT_EXPECT_EQ(fake->test, atomic_read(&fake->freed), n);
}

static void mctp_pcc_expect_sends(struct mctp_pcc_fake *fake, unsigned int n)
{
	wait_event_timeout(fake->wait, READ_ONCE(fake->outbox.sends) >= n,
			   MCTP_PCC_FAKE_WAIT);
	KUNIT_EXPECT_EQ(fake->test, fake->outbox.sends, n);
}

static void mctp_pcc_expect_tapped(struct mctp_pcc_fake *fake, unsigned int n)
{
	wait_event_timeout(fake->wait, atomic_read(&fake->tapped) >= n,
			   MCTP_PCC_FAKE_WAIT);
	KUNIT_EXPECT_EQ(fake->test, atomic_read(&fake->tapped), n);
}

/* The last doorbell found packet @seq in the outbox, and nothing behind it */
static void mctp_pcc_expect_sent(struct mctp_pcc_fake *fake, unsigned int seq,
				 unsigned int len)
{
	const u8 hdr[16] = {
		MCTP_PCC_FAKE_OUTBOX, 'C', 'C', 'P', 1, 0, 0, 0,
		(len + 4) & 0xff, (len + 4) >> 8, 0, 0, 'M', 'C', 'T', 'P',
	};
	u8 *want, *sent = fake->outbox.sent;
	unsigned int i;

	want = kunit_kzalloc(fake->test, len, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(fake->test, want);
	for (i = 0; i < len; i++)
		want[i] = mctp_pcc_fake_byte(i, seq);

	KUNIT_EXPECT_MEMEQ(fake->test, sent, hdr, sizeof(hdr));
	KUNIT_EXPECT_MEMEQ(fake->test, sent + sizeof(hdr), want, len);
	kunit_kfree(fake->test, want);
}

#define MCTP_PCC_STAT(name) \
	{ #name, offsetof(struct rtnl_link_stats64, name) }

static const struct {
	const char *name;
	size_t offset;
} mctp_pcc_stats[] = {
	MCTP_PCC_STAT(rx_packets),
	MCTP_PCC_STAT(rx_bytes),
	MCTP_PCC_STAT(rx_errors),
	MCTP_PCC_STAT(rx_dropped),
	MCTP_PCC_STAT(rx_length_errors),
	MCTP_PCC_STAT(rx_frame_errors),
	MCTP_PCC_STAT(rx_missed_errors),
	MCTP_PCC_STAT(tx_packets),
	MCTP_PCC_STAT(tx_bytes),
	MCTP_PCC_STAT(tx_errors),
	MCTP_PCC_STAT(tx_dropped),
};

static void mctp_pcc_check_stats(struct mctp_pcc_fake *fake,
				 const struct rtnl_link_stats64 *want)
{
	struct rtnl_link_stats64 stats;
	unsigned int i;
	size_t pos;

	dev_get_stats(fake->ndev, &stats);
	for (i = 0; i < ARRAY_SIZE(mctp_pcc_stats); i++) {
		pos = mctp_pcc_stats[i].offset;
		KUNIT_EXPECT_EQ_MSG(fake->test, *(u64 *)((void *)&stats + pos),
				    *(u64 *)((void *)want + pos), "%s",
				    mctp_pcc_stats[i].name);
	}
}

/* All counters: those that are not named must be zero */
#define mctp_pcc_expect_stats(fake, ...) \
	mctp_pcc_check_stats(fake, \
			     &(const struct rtnl_link_stats64){ __VA_ARGS__ })

/* The driver's own counters */
static void mctp_pcc_expect_lost(struct mctp_pcc_fake *fake, u64 tx_lost_irq,
				 u64 tx_timeout, u64 rx_lost_irq)
{
	u64 data[ARRAY_SIZE(mctp_pcc_stat_names)];

	mctp_pcc_get_ethtool_stats(fake->ndev, NULL, data);
	KUNIT_EXPECT_EQ_MSG(fake->test, data[0], tx_lost_irq, "tx_lost_irq");
	KUNIT_EXPECT_EQ_MSG(fake->test, data[1], tx_timeout, "tx_timeout");
	KUNIT_EXPECT_EQ_MSG(fake->test, data[2], rx_lost_irq, "rx_lost_irq");
}

/* ---- _CRS ---- */

struct mctp_pcc_crs_desc {
	u32 type;
	u8 resource_type;
	u64 min;
};

#define MCTP_PCC_CRS(bits, res, index) \
	{ ACPI_RESOURCE_TYPE_ADDRESS##bits, res, index }
#define MCTP_PCC_CRS_OTHER(name)	{ ACPI_RESOURCE_TYPE_##name, 0, 9 }

static const struct mctp_pcc_crs_case {
	const char *name;
	struct mctp_pcc_crs_desc desc[5];
	unsigned int n;
	int rc;
	u64 outbox;
	u64 inbox;
} mctp_pcc_crs_cases[] = {
	{ "no descriptor", { }, 0, -EINVAL },
	{ "end tag only", { MCTP_PCC_CRS_OTHER(END_TAG) }, 1, -EINVAL },
	{ "one", { MCTP_PCC_CRS(32, 0x0a, 1) }, 1, -EINVAL },
	{ "two of 16 bits",
	  { MCTP_PCC_CRS(16, 0x0a, 1), MCTP_PCC_CRS(16, 0x0a, 2) },
	  2, 0, 1, 2 },
	{ "two of 32 bits",
	  { MCTP_PCC_CRS(32, 0x0a, 2), MCTP_PCC_CRS(32, 0x0a, 1) },
	  2, 0, 2, 1 },
	{ "two of 64 bits",
	  { MCTP_PCC_CRS(64, 0x0a, 0), MCTP_PCC_CRS(64, 0x0a, 255) },
	  2, 0, 0, 255 },
	{ "64 bits are kept",
	  { MCTP_PCC_CRS(64, 0x0a, 1ULL << 32), MCTP_PCC_CRS(32, 0x0a, 0) },
	  2, 0, 1ULL << 32, 0 },
	{ "memory type",
	  { MCTP_PCC_CRS(32, 0x00, 3), MCTP_PCC_CRS(32, 0x00, 4) },
	  2, 0, 3, 4 },
	{ "memory and PCC type",
	  { MCTP_PCC_CRS(32, 0x00, 3), MCTP_PCC_CRS(32, 0x0a, 4) },
	  2, 0, 3, 4 },
	{ "others between",
	  { MCTP_PCC_CRS(32, 0x01, 7), MCTP_PCC_CRS(32, 0x0a, 5),
	    MCTP_PCC_CRS(16, 0x02, 8), MCTP_PCC_CRS(32, 0x0a, 6),
	    MCTP_PCC_CRS_OTHER(END_TAG) },
	  5, 0, 5, 6 },
	{ "plain resources are not descriptors",
	  { MCTP_PCC_CRS_OTHER(IO), MCTP_PCC_CRS_OTHER(FIXED_MEMORY32),
	    MCTP_PCC_CRS_OTHER(EXTENDED_IRQ), MCTP_PCC_CRS_OTHER(END_TAG) },
	  4, -EINVAL },
	{ "one and IO type",
	  { MCTP_PCC_CRS(32, 0x0a, 1), MCTP_PCC_CRS(32, 0x01, 2) },
	  2, -EINVAL },
	{ "three",
	  { MCTP_PCC_CRS(32, 0x0a, 1), MCTP_PCC_CRS(32, 0x0a, 2),
	    MCTP_PCC_CRS(32, 0x0a, 3) },
	  3, -EINVAL },
	{ "equal",
	  { MCTP_PCC_CRS(32, 0x0a, 1), MCTP_PCC_CRS(16, 0x0a, 1) },
	  2, -EINVAL },
};

KUNIT_ARRAY_PARAM_DESC(mctp_pcc_crs, mctp_pcc_crs_cases, name);

static void mctp_pcc_make_resource(struct acpi_resource *res,
				   const struct mctp_pcc_crs_desc *desc)
{
	memset(res, 0, sizeof(*res));
	res->type = desc->type;
	res->length = sizeof(*res);

	switch (desc->type) {
	case ACPI_RESOURCE_TYPE_ADDRESS16:
		res->data.address16.address.minimum = desc->min;
		break;
	case ACPI_RESOURCE_TYPE_ADDRESS32:
		res->data.address32.address.minimum = desc->min;
		break;
	case ACPI_RESOURCE_TYPE_ADDRESS64:
		res->data.address64.address.minimum = desc->min;
		break;
	default:
		return;
	}
	/* at the same place in all three */
	res->data.address.resource_type = desc->resource_type;
}

static void mctp_pcc_test_crs(struct kunit *test)
{
	const struct mctp_pcc_crs_case *c = test->param_value;
	struct device *dev = kunit_device_register(test, "crs");
	const struct mctp_pcc_crs empty = { };
	struct mctp_pcc_crs list[2] = { }, *crs = list;
	struct acpi_resource *res;
	unsigned int i;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, dev);
	res = kunit_kzalloc(test, sizeof(*res), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, res);

	for (i = 0; i < c->n; i++) {
		mctp_pcc_make_resource(res, &c->desc[i]);
		KUNIT_EXPECT_EQ(test, AE_OK, mctp_pcc_crs_entry(res, crs));
	}

	KUNIT_EXPECT_MEMEQ(test, &list[1], &empty, sizeof(empty));
	KUNIT_EXPECT_EQ(test, c->rc, mctp_pcc_check_crs(dev, crs));
	if (c->rc)
		return;
	KUNIT_EXPECT_EQ(test, c->outbox, crs->index[0]);
	KUNIT_EXPECT_EQ(test, c->inbox, crs->index[1]);
}

/* ---- PCCT ---- */

/* ACPI 6.5: 5.2.6 (length of a table), 14.1 (PCCT), 14.1.6 (types 3 and 4) */
#define MCTP_PCC_PCCT_LEN	48
#define MCTP_PCC_PCCT_ENTRY	164

static u8 *mctp_pcc_make_pcct(struct kunit *test, u32 length)
{
	u8 *pcct = kunit_kzalloc(test, max(length, MCTP_PCC_PCCT_LEN),
				 GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, pcct);
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
	{ "index 256", 48 + 328, { 164, 164 }, 256, 0 },
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
	u32 i, pos = MCTP_PCC_PCCT_LEN;
	u8 *pcct;

	pcct = mctp_pcc_make_pcct(test, c->length);
	for (i = 0; i < ARRAY_SIZE(c->entries) && pos + 2 <= c->length; i++) {
		pcct[pos] = 3;
		pcct[pos + 1] = c->entries[i];
		if (c->entries[i] < 2)
			break;
		pos += c->entries[i];
	}

	entry = mctp_pcc_find_entry((void *)pcct, c->index);
	if (c->found)
		KUNIT_EXPECT_PTR_EQ(test, (void *)entry, pcct + c->found);
	else
		KUNIT_EXPECT_NULL(test, entry);
}

/* Every field another value, also in an entry that is too short by one */
static void mctp_pcc_make_entry(u8 *entry, u8 type, u8 length, u32 size)
{
	entry[0] = type;
	entry[1] = length;
	if (length < MCTP_PCC_PCCT_ENTRY - 1)
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
	put_unaligned_le64(0x730, entry + 120);
}

static const struct mctp_pcc_entry_case {
	const char *name;
	u8 type;
	u8 length;
	u32 size;
	u64 index;
	u8 want;
	int rc;
} mctp_pcc_entry_cases[] = {
	{ "outbox", 3, 164, 8208, 1, 3, 0 },
	{ "inbox", 4, 164, 8208, 1, 4, 0 },
	{ "larger than it must be", 3, 200, 8208, 1, 3, 0 },
	{ "smallest memory", 3, 164, 84, 1, 3, 0 },
	{ "largest memory", 4, 164, U32_MAX, 1, 4, 0 },
	{ "outbox of type 4", 4, 164, 8208, 1, 3, -EINVAL },
	{ "inbox of type 3", 3, 164, 8208, 1, 4, -EINVAL },
	{ "type 0", 0, 164, 8208, 1, 3, -EINVAL },
	{ "type 1", 1, 164, 8208, 1, 3, -EINVAL },
	{ "type 2", 2, 164, 8208, 1, 3, -EINVAL },
	{ "type 5", 5, 164, 8208, 1, 4, -EINVAL },
	{ "type 255", 255, 164, 8208, 1, 4, -EINVAL },
	{ "entry too short by one", 3, 163, 8208, 1, 3, -EINVAL },
	{ "entry of two bytes", 4, 2, 8208, 1, 4, -EINVAL },
	{ "memory too short by one", 3, 164, 83, 1, 3, -EINVAL },
	{ "no memory", 4, 164, 0, 1, 4, -EINVAL },
	{ "no such subspace", 3, 164, 8208, 2, 3, -EINVAL },
	{ "no such subspace, huge", 3, 164, 8208, U64_MAX, 3, -EINVAL },
	{ "no such subspace, 32 bits", 3, 164, 8208, 0x100000001, 3, -EINVAL },
};

KUNIT_ARRAY_PARAM_DESC(mctp_pcc_entry, mctp_pcc_entry_cases, name);

static void mctp_pcc_test_pcct_entry(struct kunit *test)
{
	const struct mctp_pcc_entry_case *c = test->param_value;
	struct mctp_pcc_subspace sub = { .index = 77 };
	u32 length = MCTP_PCC_PCCT_LEN + 2 + c->length;
	struct device *dev;
	u8 *pcct;
	int rc;

	dev = kunit_device_register(test, "pcct");
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, dev);
	pcct = mctp_pcc_make_pcct(test, length);
	pcct[MCTP_PCC_PCCT_LEN + 1] = 2;
	mctp_pcc_make_entry(pcct + MCTP_PCC_PCCT_LEN + 2, c->type, c->length,
			    c->size);

	rc = mctp_pcc_read_entry(dev, (void *)pcct, c->index, c->want, &sub);
	KUNIT_EXPECT_EQ(test, c->rc, rc);
	KUNIT_EXPECT_EQ(test, sub.index, rc ? 77 : 1);
	KUNIT_EXPECT_EQ(test, sub.size, rc ? 0 : c->size);
}

static void mctp_pcc_test_pcct_values(struct kunit *test)
{
	struct device *dev = kunit_device_register(test, "pcct");
	struct mctp_pcc_subspace sub = { };
	u8 *pcct;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, dev);
	pcct = mctp_pcc_make_pcct(test, MCTP_PCC_PCCT_LEN +
					MCTP_PCC_PCCT_ENTRY);
	mctp_pcc_make_entry(pcct + MCTP_PCC_PCCT_LEN, 4, MCTP_PCC_PCCT_ENTRY,
			    2064);

	KUNIT_ASSERT_EQ(test, 0, mctp_pcc_read_entry(dev, (void *)pcct, 0, 4,
						     &sub));
	KUNIT_EXPECT_EQ(test, sub.index, 0);
	KUNIT_EXPECT_EQ(test, sub.base, 0x100000000);
	KUNIT_EXPECT_EQ(test, sub.size, 2064);
	KUNIT_EXPECT_EQ(test, sub.latency, 1001);
	KUNIT_EXPECT_EQ(test, sub.turnaround, 70000);
	KUNIT_EXPECT_EQ(test, sub.complete.space_id, 1);
	KUNIT_EXPECT_EQ(test, sub.complete.bit_width, 32);
	KUNIT_EXPECT_EQ(test, sub.complete.bit_offset, 8);
	KUNIT_EXPECT_EQ(test, sub.complete.access_width, 3);
	KUNIT_EXPECT_EQ(test, sub.complete.address, 0x1122334455667788);
	KUNIT_EXPECT_EQ(test, sub.complete_mask, 0x8000000000000001);

	/* no turnaround time is longer than a second */
	put_unaligned_le32(U32_MAX, pcct + MCTP_PCC_PCCT_LEN + 56);
	KUNIT_ASSERT_EQ(test, 0, mctp_pcc_read_entry(dev, (void *)pcct, 0, 4,
						     &sub));
	KUNIT_EXPECT_EQ(test, sub.turnaround, 1000000);
}

/* The mailbox core has channels for 256 subspaces, whatever the table says */
static void mctp_pcc_test_pcct_index_limit(struct kunit *test)
{
	u32 last = MCTP_PCC_PCCT_LEN + 255 * 2;
	struct mctp_pcc_subspace sub = { };
	struct device *dev;
	u8 *pcct;
	u32 i;

	dev = kunit_device_register(test, "pcct");
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, dev);
	pcct = mctp_pcc_make_pcct(test, last + 2 * MCTP_PCC_PCCT_ENTRY);
	for (i = MCTP_PCC_PCCT_LEN; i < last; i += 2)
		pcct[i + 1] = 2;
	for (i = 0; i < 2; i++)
		mctp_pcc_make_entry(pcct + last + i * MCTP_PCC_PCCT_ENTRY, 3,
				    MCTP_PCC_PCCT_ENTRY, 84);

	KUNIT_EXPECT_EQ(test, 0, mctp_pcc_read_entry(dev, (void *)pcct, 255,
						     3, &sub));
	KUNIT_EXPECT_EQ(test, sub.index, 255);
	KUNIT_EXPECT_EQ(test, -EINVAL,
			mctp_pcc_read_entry(dev, (void *)pcct, 256, 3, &sub));
}

/* ---- what probe derives from them ---- */

static const struct mctp_pcc_deadline_case {
	const char *name;
	u32 latency;
	unsigned int ms;
} mctp_pcc_deadline_cases[] = {
	{ "no latency", 0, 100 },
	{ "1 us", 1, 100 },
	{ "last at the floor", 201, 100 },
	{ "first above the floor", 220, 110 },
	{ "1 ms", 1000, 500 },
	{ "last below the ceiling", 1980, 990 },
	{ "first at the ceiling", 2000, 1000 },
	{ "1 s", 1000000, 1000 },
	{ "32-bit overflow", 8589935, 1000 },
	{ "unlimited", 0xffffffff, 1000 },
};

KUNIT_ARRAY_PARAM_DESC(mctp_pcc_deadline, mctp_pcc_deadline_cases, name);

static void mctp_pcc_test_deadline(struct kunit *test)
{
	const struct mctp_pcc_deadline_case *c = test->param_value;

	KUNIT_EXPECT_EQ(test, msecs_to_jiffies(c->ms),
			mctp_pcc_deadline(c->latency));
}

static void mctp_pcc_test_netdev(struct kunit *test)
{
	struct mctp_pcc_fake *fake = mctp_pcc_fake_link(test);
	struct net_device *ndev = fake->ndev;

	KUNIT_EXPECT_STREQ(test, ndev->name, "mctppcc255");
	KUNIT_EXPECT_PTR_EQ(test, ndev->dev.parent, fake->dev);
	KUNIT_EXPECT_EQ(test, ndev->type, ARPHRD_MCTP);
	KUNIT_EXPECT_EQ(test, ndev->addr_len, 0);
	KUNIT_EXPECT_EQ(test, ndev->hard_header_len, 0);
	KUNIT_EXPECT_EQ(test, ndev->flags & IFF_NOARP, IFF_NOARP);
	KUNIT_EXPECT_EQ(test, ndev->priv_flags & IFF_NO_QUEUE, 0);
	KUNIT_EXPECT_EQ(test, ndev->mtu, 68);
	KUNIT_EXPECT_EQ(test, ndev->min_mtu, 68);
	KUNIT_EXPECT_EQ(test, ndev->max_mtu, MCTP_PCC_FAKE_MTU);
	KUNIT_EXPECT_GE(test, ndev->tx_queue_len, 4096);
	KUNIT_EXPECT_PTR_EQ(test, ndev->ethtool_ops, &mctp_pcc_ethtool_ops);
	KUNIT_EXPECT_PTR_EQ(test, fake->mp->outbox.client.dev, fake->dev);
	KUNIT_EXPECT_PTR_EQ(test, fake->mp->inbox.client.dev, fake->dev);

	/* nothing is asked of the platform before the link comes up */
	KUNIT_EXPECT_EQ(test, fake->outbox.requests, 0);
	KUNIT_EXPECT_EQ(test, fake->inbox.requests, 0);
	mctp_pcc_expect_stats(fake);
}

static void mctp_pcc_test_ethtool(struct kunit *test)
{
	struct mctp_pcc_fake *fake = mctp_pcc_fake_link(test);
	char names[3][ETH_GSTRING_LEN] = { };
	u64 data[3] = { };

	KUNIT_EXPECT_EQ(test, 3,
			mctp_pcc_get_sset_count(fake->ndev, ETH_SS_STATS));
	KUNIT_EXPECT_EQ(test, -EOPNOTSUPP,
			mctp_pcc_get_sset_count(fake->ndev, ETH_SS_TEST));

	fake->mp->tx_lost_irq = 11;
	fake->mp->tx_timeout = 22;
	fake->mp->rx_lost_irq = 33;
	mctp_pcc_get_strings(fake->ndev, ETH_SS_TEST, (u8 *)names);
	KUNIT_EXPECT_STREQ(test, names[0], "");
	mctp_pcc_get_strings(fake->ndev, ETH_SS_STATS, (u8 *)names);
	mctp_pcc_get_ethtool_stats(fake->ndev, NULL, data);

	KUNIT_EXPECT_STREQ(test, names[0], "tx_lost_irq");
	KUNIT_EXPECT_EQ(test, data[0], 11);
	KUNIT_EXPECT_STREQ(test, names[1], "tx_timeout");
	KUNIT_EXPECT_EQ(test, data[1], 22);
	KUNIT_EXPECT_STREQ(test, names[2], "rx_lost_irq");
	KUNIT_EXPECT_EQ(test, data[2], 33);
}

static void mctp_pcc_unclaim(void *data)
{
	clear_bit((uintptr_t)data, mctp_pcc_claimed);
}

static void mctp_pcc_test_claim(struct kunit *test)
{
	struct device *dev = kunit_device_register(test, "claim");

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, dev);
	KUNIT_ASSERT_EQ(test, 0, mctp_pcc_claim(dev, 255));
	kunit_add_action(test, mctp_pcc_unclaim, (void *)255);
	KUNIT_EXPECT_EQ(test, -EBUSY, mctp_pcc_claim(dev, 255));
	KUNIT_ASSERT_EQ(test, 0, mctp_pcc_claim(dev, 254));
	kunit_add_action(test, mctp_pcc_unclaim, (void *)254);
	KUNIT_EXPECT_EQ(test, -EBUSY, mctp_pcc_claim(dev, 255));
	KUNIT_EXPECT_EQ(test, -EBUSY, mctp_pcc_claim(dev, 254));
}

/* Not a device of the ACPI namespace: no _CRS */
static void mctp_pcc_test_probe_no_crs(struct kunit *test)
{
	struct platform_device *pdev;

	pdev = kunit_platform_device_alloc(test, "mctp-pcc-kunit",
					   PLATFORM_DEVID_NONE);
	KUNIT_ASSERT_NOT_NULL(test, pdev);
	KUNIT_EXPECT_EQ(test, -EINVAL, mctp_pcc_probe(pdev));
}

/* ACPI maps ordinary memory in the place of a device's on x86 only. Elsewhere
 * the selftests have to do, which probe real devices.
 */
#ifdef CONFIG_X86

/* A page of memory in the place of a device's, the register at its end */
static phys_addr_t mctp_pcc_map_page(struct kunit *test,
				     struct mctp_pcc_chan *chan)
{
	void *page = kunit_kzalloc(test, PAGE_SIZE, GFP_KERNEL);
	struct mctp_pcc_fake *fake = test->priv;

	KUNIT_ASSERT_NOT_NULL(test, page);
	chan->sub.base = virt_to_phys(page);
	chan->sub.complete.space_id = ACPI_ADR_SPACE_SYSTEM_MEMORY;
	chan->sub.complete.bit_width = 32;
	chan->sub.complete.address = chan->sub.base + PAGE_SIZE - 4;
	KUNIT_ASSERT_EQ(test, 0, mctp_pcc_map(fake->dev, chan));
	KUNIT_EXPECT_NOT_NULL(test, (void __force *)chan->shmem);

	return chan->sub.base;
}

static bool mctp_pcc_is_mapped(phys_addr_t base)
{
	void __iomem *virt = acpi_os_get_iomem(base, 16);

	/* that was a reference */
	if (virt)
		acpi_os_unmap_iomem(virt, 16);

	return virt;
}

static void mctp_pcc_test_map(struct kunit *test)
{
	struct mctp_pcc_fake *fake = mctp_pcc_fake_link(test);
	struct mctp_pcc_chan chan = { .sub.size = 84 };
	phys_addr_t base = mctp_pcc_map_page(test, &chan);

	KUNIT_EXPECT_TRUE(test, mctp_pcc_is_mapped(base));
	mctp_pcc_unmap(&chan);
	KUNIT_EXPECT_FALSE(test, mctp_pcc_is_mapped(base));

	/* a register that cannot be mapped takes the memory with it */
	chan.sub.complete.address = 0;
	KUNIT_EXPECT_EQ(test, -ENOMEM, mctp_pcc_map(fake->dev, &chan));
	KUNIT_EXPECT_FALSE(test, mctp_pcc_is_mapped(base));

	/* one that is a port needs no mapping */
	chan.sub.complete.space_id = ACPI_ADR_SPACE_SYSTEM_IO;
	KUNIT_ASSERT_EQ(test, 0, mctp_pcc_map(fake->dev, &chan));
	mctp_pcc_unmap(&chan);
	KUNIT_EXPECT_FALSE(test, mctp_pcc_is_mapped(base));

	/* ACPI maps no more than a page of ordinary memory */
	chan.sub.size = 2 * PAGE_SIZE;
	KUNIT_EXPECT_EQ(test, -ENOMEM, mctp_pcc_map(fake->dev, &chan));
	KUNIT_EXPECT_FALSE(test, mctp_pcc_is_mapped(base));
}

/* With the link up, and packets in it */
static void mctp_pcc_test_remove(struct kunit *test)
{
	struct mctp_pcc_fake *fake = mctp_pcc_fake_up(test);
	phys_addr_t outbox = mctp_pcc_map_page(test, &fake->mp->outbox);
	phys_addr_t inbox = mctp_pcc_map_page(test, &fake->mp->inbox);
	struct device *ndev = &fake->ndev->dev;
	struct platform_device *pdev;

	pdev = kunit_platform_device_alloc(test, "mctp-pcc-kunit",
					   PLATFORM_DEVID_NONE);
	KUNIT_ASSERT_NOT_NULL(test, pdev);
	platform_set_drvdata(pdev, fake->ndev);
	KUNIT_ASSERT_EQ(test, 0, mctp_pcc_claim(fake->dev, 254));
	KUNIT_ASSERT_EQ(test, 0, mctp_pcc_claim(fake->dev, 255));
	mctp_pcc_fake_xmit(fake, 3);
	fake->mp->late = 1;
	dev_remove_pack(&fake->tap);

	get_device(ndev);
	mctp_pcc_remove(pdev);
	fake->ndev = NULL;
	KUNIT_EXPECT_EQ(test, kref_read(&ndev->kobj.kref), 1);
	put_device(ndev);

	KUNIT_EXPECT_FALSE(test, mctp_pcc_is_mapped(outbox));
	KUNIT_EXPECT_FALSE(test, mctp_pcc_is_mapped(inbox));
	KUNIT_EXPECT_FALSE(test, test_bit(254, mctp_pcc_claimed));
	KUNIT_EXPECT_FALSE(test, test_bit(255, mctp_pcc_claimed));
	KUNIT_EXPECT_EQ(test, fake->outbox.frees, 1);
	KUNIT_EXPECT_EQ(test, fake->inbox.frees, 1);
}

/* ---- probe, up to a link that can be brought up ---- */

/**
 * struct mctp_pcc_machine - what the firmware of a machine describes
 * @pdev: the device DMT0001
 * @pcct: its PCCT, NULL if there is none
 * @entry: the entries of outbox and inbox in it
 * @base: their memory, a page each
 * @crs_rc: what reading _CRS fails with
 * @refuser: who does not let the net device be registered, if anyone
 * @refused: that net device's own, with a reference
 */
struct mctp_pcc_machine {
	struct platform_device *pdev;
	u8 *pcct;
	u8 *entry[2];
	phys_addr_t base[2];
	int crs_rc;
	struct notifier_block refuser;
	struct device *refused;
};

static acpi_status mctp_pcc_machine_pcct(struct acpi_table_header **pcct)
{
	struct mctp_pcc_machine *m = kunit_get_current_test()->priv;

	*pcct = (void *)m->pcct;

	return m->pcct ? AE_OK : AE_NOT_FOUND;
}

static int mctp_pcc_machine_crs(struct device *dev, struct mctp_pcc_crs *crs)
{
	struct mctp_pcc_machine *m = kunit_get_current_test()->priv;

	crs->count = 2;
	crs->index[0] = MCTP_PCC_FAKE_OUTBOX;
	crs->index[1] = MCTP_PCC_FAKE_INBOX;

	return m->crs_rc;
}

/* A subspace whose memory and register share a page */
static void mctp_pcc_machine_entry(struct kunit *test,
				   struct mctp_pcc_machine *m, unsigned int i)
{
	void *page = kunit_kzalloc(test, PAGE_SIZE, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, page);
	m->base[i] = virt_to_phys(page);
	mctp_pcc_make_entry(m->entry[i], 3 + i, MCTP_PCC_PCCT_ENTRY,
			    i ? 1040 : 2064);
	put_unaligned_le64(m->base[i], m->entry[i] + 8);
	put_unaligned_le32(1001 + i * USEC_PER_SEC, m->entry[i] + 48);
	m->entry[i][96] = ACPI_ADR_SPACE_SYSTEM_MEMORY;
	m->entry[i][98] = 0;
	put_unaligned_le64(m->base[i] + PAGE_SIZE - 4, m->entry[i] + 100);
}

static struct mctp_pcc_machine *mctp_pcc_make_machine(struct kunit *test)
{
	u32 first = MCTP_PCC_PCCT_LEN + MCTP_PCC_FAKE_OUTBOX * 2;
	struct mctp_pcc_machine *m;
	u32 i;

	m = kunit_kzalloc(test, sizeof(*m), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, m);
	test->priv = m;
	m->pdev = kunit_platform_device_alloc(test, "mctp-pcc-kunit",
					      PLATFORM_DEVID_NONE);
	KUNIT_ASSERT_NOT_NULL(test, m->pdev);
	KUNIT_ASSERT_EQ(test, 0, kunit_platform_device_add(test, m->pdev));

	m->pcct = mctp_pcc_make_pcct(test, first + 2 * MCTP_PCC_PCCT_ENTRY);
	for (i = MCTP_PCC_PCCT_LEN; i < first; i += 2)
		m->pcct[i + 1] = 2;
	for (i = 0; i < 2; i++) {
		m->entry[i] = m->pcct + first + i * MCTP_PCC_PCCT_ENTRY;
		mctp_pcc_machine_entry(test, m, i);
	}
	kunit_activate_static_stub(test, mctp_pcc_read_crs,
				   mctp_pcc_machine_crs);
	kunit_activate_static_stub(test, mctp_pcc_get_pcct,
				   mctp_pcc_machine_pcct);

	return m;
}

static void mctp_pcc_test_probe(struct kunit *test)
{
	struct mctp_pcc_machine *m = mctp_pcc_make_machine(test);
	struct net_device *ndev;
	struct mctp_pcc *mp;

	KUNIT_ASSERT_EQ(test, 0, mctp_pcc_probe(m->pdev));
	ndev = platform_get_drvdata(m->pdev);
	mp = netdev_priv(ndev);
	KUNIT_EXPECT_EQ(test, ndev->reg_state, NETREG_REGISTERED);
	KUNIT_EXPECT_STREQ(test, ndev->name, "mctppcc255");
	KUNIT_EXPECT_PTR_EQ(test, ndev->dev.parent, &m->pdev->dev);
	KUNIT_EXPECT_EQ(test, ndev->max_mtu, 1024);
	KUNIT_EXPECT_EQ(test, ndev->tx_queue_len, MCTP_PCC_QDISC_LEN);
	KUNIT_EXPECT_EQ(test, mp->outbox.sub.index, 254);
	KUNIT_EXPECT_EQ(test, mp->outbox.sub.base, m->base[0]);
	KUNIT_EXPECT_EQ(test, mp->outbox.sub.turnaround, 70000);
	KUNIT_EXPECT_EQ(test, mp->inbox.sub.index, 255);
	KUNIT_EXPECT_EQ(test, mp->inbox.sub.base, m->base[1]);
	KUNIT_EXPECT_EQ(test, mp->late, msecs_to_jiffies(500));
	KUNIT_EXPECT_NOT_NULL(test, (void __force *)mp->outbox.shmem);
	KUNIT_EXPECT_NOT_NULL(test, (void __force *)mp->inbox.shmem);
	rtnl_lock();
	KUNIT_EXPECT_EQ(test, mctp_dev_get_rtnl(ndev)->binding,
			MCTP_PHYS_BINDING_PCC);
	rtnl_unlock();
	KUNIT_EXPECT_TRUE(test, test_bit(254, mctp_pcc_claimed));
	KUNIT_EXPECT_TRUE(test, test_bit(255, mctp_pcc_claimed));

	mctp_pcc_remove(m->pdev);
	KUNIT_EXPECT_FALSE(test, test_bit(254, mctp_pcc_claimed));
	KUNIT_EXPECT_FALSE(test, test_bit(255, mctp_pcc_claimed));
	KUNIT_EXPECT_FALSE(test, mctp_pcc_is_mapped(m->base[0]));
	KUNIT_EXPECT_FALSE(test, mctp_pcc_is_mapped(m->base[1]));
}

static void mctp_pcc_spoil_crs(struct mctp_pcc_machine *m)
{
	m->crs_rc = -EINVAL;
}

static void mctp_pcc_spoil_pcct(struct mctp_pcc_machine *m)
{
	m->pcct = NULL;
}

static void mctp_pcc_spoil_outbox_type(struct mctp_pcc_machine *m)
{
	m->entry[0][0] = 4;
}

static void mctp_pcc_spoil_inbox_type(struct mctp_pcc_machine *m)
{
	m->entry[1][0] = 3;
}

/* ACPI maps no more than a page of ordinary memory */
static void mctp_pcc_spoil_outbox_memory(struct mctp_pcc_machine *m)
{
	put_unaligned_le32(2 * PAGE_SIZE, m->entry[0] + 16);
}

static void mctp_pcc_spoil_inbox_memory(struct mctp_pcc_machine *m)
{
	put_unaligned_le32(2 * PAGE_SIZE, m->entry[1] + 16);
}

/* ACPI maps no address of zero */
static void mctp_pcc_spoil_outbox_register(struct mctp_pcc_machine *m)
{
	put_unaligned_le64(0, m->entry[0] + 100);
}

static void mctp_pcc_spoil_inbox_register(struct mctp_pcc_machine *m)
{
	put_unaligned_le64(0, m->entry[1] + 100);
}

static void mctp_pcc_spoil_outbox_claim(struct mctp_pcc_machine *m)
{
	set_bit(MCTP_PCC_FAKE_OUTBOX, mctp_pcc_claimed);
}

static void mctp_pcc_spoil_inbox_claim(struct mctp_pcc_machine *m)
{
	set_bit(MCTP_PCC_FAKE_INBOX, mctp_pcc_claimed);
}

static struct net_device *
mctp_pcc_no_netdev(struct device *dev, const struct mctp_pcc_subspace *outbox,
		   const struct mctp_pcc_subspace *inbox)
{
	return NULL;
}

static void mctp_pcc_spoil_netdev(struct mctp_pcc_machine *m)
{
	kunit_activate_static_stub(kunit_get_current_test(), mctp_pcc_alloc,
				   mctp_pcc_no_netdev);
}

static int mctp_pcc_refuse(struct notifier_block *nb, unsigned long event,
			   void *info)
{
	struct mctp_pcc_machine *m;
	struct net_device *ndev;

	m = container_of(nb, struct mctp_pcc_machine, refuser);
	ndev = netdev_notifier_info_to_dev(info);
	if (event != NETDEV_REGISTER || strcmp(ndev->name, "mctppcc255"))
		return NOTIFY_DONE;

	m->refused = get_device(&ndev->dev);

	return notifier_from_errno(-EPERM);
}

/*
 * Not by a name that is taken: mctp_register_netdev() then keeps a reference
 * to the net device, which debug kernels complain about.
 */
static void mctp_pcc_spoil_registration(struct mctp_pcc_machine *m)
{
	m->refuser.notifier_call = mctp_pcc_refuse;
	register_netdevice_notifier(&m->refuser);
}

static const struct mctp_pcc_spoil_case {
	const char *name;
	void (*spoil)(struct mctp_pcc_machine *m);
	int rc;
} mctp_pcc_spoil_cases[] = {
	{ "_CRS", mctp_pcc_spoil_crs, -EINVAL },
	{ "no PCCT", mctp_pcc_spoil_pcct, -ENODEV },
	{ "type of the outbox", mctp_pcc_spoil_outbox_type, -EINVAL },
	{ "type of the inbox", mctp_pcc_spoil_inbox_type, -EINVAL },
	{ "memory of the outbox", mctp_pcc_spoil_outbox_memory, -ENOMEM },
	{ "memory of the inbox", mctp_pcc_spoil_inbox_memory, -ENOMEM },
	{ "register of the outbox", mctp_pcc_spoil_outbox_register, -ENOMEM },
	{ "register of the inbox", mctp_pcc_spoil_inbox_register, -ENOMEM },
	{ "outbox taken", mctp_pcc_spoil_outbox_claim, -EBUSY },
	{ "inbox taken", mctp_pcc_spoil_inbox_claim, -EBUSY },
	{ "net device", mctp_pcc_spoil_netdev, -ENOMEM },
	{ "registration", mctp_pcc_spoil_registration, -EPERM },
};

KUNIT_ARRAY_PARAM_DESC(mctp_pcc_spoil, mctp_pcc_spoil_cases, name);

/* Every way out of probe leaves nothing behind, and takes nobody else's */
static void mctp_pcc_test_probe_fails(struct kunit *test)
{
	const struct mctp_pcc_spoil_case *c = test->param_value;
	struct mctp_pcc_machine *m = mctp_pcc_make_machine(test);
	bool outbox, inbox;

	c->spoil(m);
	outbox = test_bit(MCTP_PCC_FAKE_OUTBOX, mctp_pcc_claimed);
	inbox = test_bit(MCTP_PCC_FAKE_INBOX, mctp_pcc_claimed);

	KUNIT_EXPECT_EQ(test, c->rc, mctp_pcc_probe(m->pdev));

	KUNIT_EXPECT_EQ(test, outbox,
			test_bit(MCTP_PCC_FAKE_OUTBOX, mctp_pcc_claimed));
	KUNIT_EXPECT_EQ(test, inbox,
			test_bit(MCTP_PCC_FAKE_INBOX, mctp_pcc_claimed));
	KUNIT_EXPECT_FALSE(test, mctp_pcc_is_mapped(m->base[0]));
	KUNIT_EXPECT_FALSE(test, mctp_pcc_is_mapped(m->base[1]));
	clear_bit(MCTP_PCC_FAKE_OUTBOX, mctp_pcc_claimed);
	clear_bit(MCTP_PCC_FAKE_INBOX, mctp_pcc_claimed);
	if (m->refuser.notifier_call)
		unregister_netdevice_notifier(&m->refuser);
	if (m->refused) {
		/* nobody else has it */
		KUNIT_EXPECT_EQ(test, 1, kref_read(&m->refused->kobj.kref));
		put_device(m->refused);
	}
}

#endif /* CONFIG_X86 */

/* ---- transmit ---- */

static const struct mctp_pcc_len_case {
	const char *name;
	unsigned int len;
} mctp_pcc_len_cases[] = {
	{ "4, header only", 4 },
	{ "5", 5 },
	{ "63", 63 },
	{ "64", 64 },
	{ "65", 65 },
	{ "68, default MTU", 68 },
	{ "251, last of one length byte", 251 },
	{ "252, first of two length bytes", 252 },
	{ "1023", 1023 },
	{ "1024, largest", 1024 },
};

KUNIT_ARRAY_PARAM_DESC(mctp_pcc_len, mctp_pcc_len_cases, name);

/* Each byte of the header and of the packet, and no byte behind them */
static void mctp_pcc_test_tx_bytes(struct kunit *test)
{
	const struct mctp_pcc_len_case *c = test->param_value;
	struct mctp_pcc_fake *fake = mctp_pcc_fake_up(test);
	size_t all = MCTP_PCC_FAKE_OUTBOX_SIZE + MCTP_PCC_FAKE_GUARD;
	size_t end = 16 + c->len;

	fake->ndev->mtu = MCTP_PCC_FAKE_MTU;
	mctp_pcc_fake_xmit_skb(fake, mctp_pcc_fake_skb(fake, c->len));

	KUNIT_EXPECT_EQ(test, fake->outbox.sends, 1);
	mctp_pcc_expect_sent(fake, 0, c->len);
	KUNIT_EXPECT_NULL(test, memchr_inv(fake->outbox.sent + end,
					   MCTP_PCC_FAKE_FRESH, all - end));
	mctp_pcc_fake_done(fake);
	mctp_pcc_expect_freed(fake, 1);
	mctp_pcc_expect_stats(fake, .tx_packets = 1, .tx_bytes = c->len);
}

static void mctp_pcc_test_tx_signature(struct kunit *test)
{
	static const u32 index[] = { 0, 1, 0x43, 0xff };
	struct mctp_pcc_fake *fake = mctp_pcc_fake_up(test);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(index); i++) {
		fake->mp->outbox.sub.index = index[i];
		mctp_pcc_fake_xmit(fake, 1);
		KUNIT_EXPECT_EQ(test, get_unaligned_le32(fake->outbox.sent),
				0x50434300 + index[i]);
		mctp_pcc_fake_done(fake);
	}
}

static const struct mctp_pcc_check_case {
	const char *name;
	unsigned int len;
	unsigned int mtu;
	enum skb_drop_reason reason;
} mctp_pcc_check_cases[] = {
	{ "empty", 0, 68, SKB_DROP_REASON_PKT_TOO_SMALL },
	{ "3 bytes", 3, 68, SKB_DROP_REASON_PKT_TOO_SMALL },
	{ "4 bytes", 4, 68, SKB_NOT_DROPPED_YET },
	{ "as the MTU", 68, 68, SKB_NOT_DROPPED_YET },
	{ "over the MTU", 69, 68, SKB_DROP_REASON_PKT_TOO_BIG },
	{ "as the largest MTU", 1024, 1024, SKB_NOT_DROPPED_YET },
	{ "over the largest MTU", 1025, 1024, SKB_DROP_REASON_PKT_TOO_BIG },
};

KUNIT_ARRAY_PARAM_DESC(mctp_pcc_check, mctp_pcc_check_cases, name);

static void mctp_pcc_test_tx_check(struct kunit *test)
{
	const struct mctp_pcc_check_case *c = test->param_value;
	struct mctp_pcc_fake *fake = mctp_pcc_fake_up(test);
	bool good = c->reason == SKB_NOT_DROPPED_YET;
	struct sk_buff *skb;

	fake->ndev->mtu = c->mtu;
	skb = mctp_pcc_fake_skb(fake, c->len);
	KUNIT_EXPECT_EQ(test, c->reason, mctp_pcc_tx_check(fake->ndev, skb));

	mctp_pcc_fake_xmit_skb(fake, skb);
	KUNIT_EXPECT_EQ(test, fake->outbox.sends, good);
	if (good)
		mctp_pcc_fake_done(fake);
	mctp_pcc_expect_freed(fake, 1);
	mctp_pcc_expect_stats(fake, .tx_packets = good,
			      .tx_bytes = good ? c->len : 0,
			      .tx_dropped = !good);
}

/* AF_PACKET makes both */
static void mctp_pcc_test_tx_nonlinear(struct kunit *test)
{
	struct mctp_pcc_fake *fake = mctp_pcc_fake_up(test);
	struct sk_buff *skb = mctp_pcc_fake_skb(fake, 20);
	struct page *page = alloc_page(GFP_KERNEL);
	unsigned int i;
	u8 *data;

	KUNIT_ASSERT_NOT_NULL(test, page);
	data = page_address(page);
	for (i = 0; i < 44; i++)
		data[i] = mctp_pcc_fake_byte(i + 20, 0);
	skb_add_rx_frag(skb, 0, page, 0, 44, PAGE_SIZE);
	KUNIT_ASSERT_TRUE(test, skb_is_nonlinear(skb));

	mctp_pcc_fake_xmit_skb(fake, skb);
	mctp_pcc_expect_sent(fake, 0, 64);
	mctp_pcc_fake_done(fake);
	mctp_pcc_expect_freed(fake, 1);
	mctp_pcc_expect_stats(fake, .tx_packets = 1, .tx_bytes = 64);
}

/* In pieces that no memory can be had for in one */
static void mctp_pcc_test_tx_nomem(struct kunit *test)
{
	struct mctp_pcc_fake *fake = mctp_pcc_fake_up(test);
	struct sk_buff *skb = mctp_pcc_fake_skb(fake, 20);
	struct page *page = alloc_page(GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, page);
	skb_add_rx_frag(skb, 0, page, 0, MCTP_PCC_NOMEM, MCTP_PCC_NOMEM);
	fake->ndev->mtu = INT_MAX;
	KUNIT_EXPECT_EQ(test, SKB_DROP_REASON_NOMEM,
			mctp_pcc_tx_check(fake->ndev, skb));

	mctp_pcc_fake_xmit_skb(fake, skb);
	mctp_pcc_expect_freed(fake, 1);
	KUNIT_EXPECT_EQ(test, fake->outbox.sends, 0);
	mctp_pcc_expect_stats(fake, .tx_dropped = 1);

	/* the next one is sent */
	mctp_pcc_fake_xmit(fake, 1);
	mctp_pcc_expect_sent(fake, 1, 64);
}

static void mctp_pcc_test_tx_clone(struct kunit *test)
{
	struct mctp_pcc_fake *fake = mctp_pcc_fake_up(test);
	struct sk_buff *skb = mctp_pcc_fake_skb(fake, 64);
	struct sk_buff *clone = skb_clone(skb, GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, clone);
	mctp_pcc_fake_xmit_skb(fake, clone);
	mctp_pcc_expect_sent(fake, 0, 64);
	mctp_pcc_fake_done(fake);
	mctp_pcc_expect_stats(fake, .tx_packets = 1, .tx_bytes = 64);

	/* the other owner's bytes are as they were */
	for (i = 0; i < 64; i++)
		KUNIT_EXPECT_EQ(test, skb->data[i],
				mctp_pcc_fake_byte(i, 0));
	consume_skb(skb);
	mctp_pcc_expect_freed(fake, 1);
}

/* In order, one in the core at a time, each counted when it is done */
static void mctp_pcc_test_tx_order(struct kunit *test)
{
	struct mctp_pcc_fake *fake = mctp_pcc_fake_up(test);
	const unsigned int n = 8;
	unsigned int i;

	for (i = 0; i < n; i++)
		mctp_pcc_fake_xmit_skb(fake, mctp_pcc_fake_skb(fake, 40 + i));
	mctp_pcc_expect_stats(fake);

	for (i = 0; i < n; i++) {
		KUNIT_EXPECT_EQ(test, fake->outbox.sends, i + 1);
		mctp_pcc_expect_sent(fake, i, 40 + i);
		KUNIT_EXPECT_EQ(test, fake->mchans[0].msg_count, 0);
		mctp_pcc_fake_done(fake);
		mctp_pcc_expect_freed(fake, i + 1);
	}
	KUNIT_EXPECT_EQ(test, fake->outbox.sends, n);
	mctp_pcc_expect_stats(fake, .tx_packets = n,
			      .tx_bytes = n * 40 + n * (n - 1) / 2);
}

/* A packet with this first word of its own; its number stays to be seen */
static void mctp_pcc_fake_xmit_type(struct mctp_pcc_fake *fake,
				    unsigned int len, u8 flags, u8 type)
{
	struct sk_buff *skb = mctp_pcc_fake_skb(fake, 64);

	skb->data[3] = flags;
	skb->data[4] = type;
	skb_trim(skb, len);
	mctp_pcc_fake_xmit_skb(fake, skb);
}

static void mctp_pcc_fake_xmit_control(struct mctp_pcc_fake *fake)
{
	mctp_pcc_fake_xmit_type(fake, 64, 0xc8, 0);
}

/* What was in the mailbox at each doorbell from this one on, and its end */
static void mctp_pcc_expect_order(struct mctp_pcc_fake *fake, const u8 *want,
				  unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++) {
		KUNIT_EXPECT_EQ_MSG(fake->test, fake->outbox.sent[16], want[i],
				    "at %u", i);
		mctp_pcc_fake_done(fake);
	}
	KUNIT_EXPECT_FALSE(fake->test, mctp_pcc_tx_busy(fake->mp));
	KUNIT_EXPECT_PTR_EQ(fake->test, fake->mp->tx_urgent, NULL);
}

static const struct mctp_pcc_control_case {
	const char *name;
	unsigned int len;
	u8 flags;
	u8 type;
	bool first;
} mctp_pcc_control_cases[] = {
	{ "control request", 64, 0xc8, 0, true },
	{ "control response", 64, 0xc0, 0, true },
	{ "shortest", 5, 0xc8, 0, true },
	{ "no type", 4, 0xc8, 0, false },
	{ "PLDM", 64, 0xc8, 1, false },
	{ "first of several", 64, 0x88, 0, false },
	{ "last of several", 64, 0x48, 0, false },
	{ "in the middle", 64, 0x08, 0, false },
};

KUNIT_ARRAY_PARAM_DESC(mctp_pcc_control, mctp_pcc_control_cases, name);

/* A control message, and nothing else, overtakes what waits, but not the
 * transfer in flight
 */
static void mctp_pcc_test_tx_control(struct kunit *test)
{
	static const u8 first[] = { 0, 3, 1, 2 }, last[] = { 0, 1, 2, 3 };
	const struct mctp_pcc_control_case *c = test->param_value;
	struct mctp_pcc_fake *fake = mctp_pcc_fake_up(test);

	mctp_pcc_fake_xmit(fake, 3);
	mctp_pcc_fake_xmit_type(fake, c->len, c->flags, c->type);
	mctp_pcc_expect_order(fake, c->first ? first : last, 4);
}

/* Control messages do not overtake each other */
static void mctp_pcc_test_tx_control_order(struct kunit *test)
{
	static const u8 order[] = { 3, 4, 6, 1, 2, 5 }, busy[] = { 7, 8, 9 };
	struct mctp_pcc_fake *fake = mctp_pcc_fake_up(test);

	mctp_pcc_fake_xmit(fake, 3);
	mctp_pcc_fake_xmit_control(fake);
	mctp_pcc_fake_xmit_control(fake);
	mctp_pcc_fake_xmit(fake, 1);
	mctp_pcc_fake_done(fake);
	mctp_pcc_fake_xmit_control(fake);
	mctp_pcc_expect_order(fake, order, ARRAY_SIZE(order));

	/* behind one in flight too, of whatever kind */
	mctp_pcc_fake_xmit_control(fake);
	mctp_pcc_fake_xmit_control(fake);
	mctp_pcc_fake_xmit_control(fake);
	mctp_pcc_expect_order(fake, busy, ARRAY_SIZE(busy));
}

static void mctp_pcc_fake_xmit_to(struct mctp_pcc_fake *fake, u8 dest, u8 flags)
{
	struct sk_buff *skb = mctp_pcc_fake_skb(fake, 64);

	skb->data[1] = dest;
	skb->data[3] = flags;
	skb->data[4] = 0;
	mctp_pcc_fake_xmit_skb(fake, skb);
}

/* Of a message that was given up packets wait, and its tag is used again */
static void mctp_pcc_test_tx_control_tag(struct kunit *test)
{
	static const u8 order[] = { 0, 3, 5, 1, 2, 4 }, sent[] = { 6, 8, 7 };
	static const u8 purged[] = { 9, 12, 11 };
	struct mctp_pcc_fake *fake = mctp_pcc_fake_up(test);

	mctp_pcc_fake_xmit(fake, 1);
	mctp_pcc_fake_xmit_to(fake, 0x29, 0x08);
	mctp_pcc_fake_xmit_to(fake, 0x29, 0x08);
	mctp_pcc_fake_xmit_to(fake, 0x29, 0xc9);
	mctp_pcc_fake_xmit_to(fake, 0x29, 0xc8);
	mctp_pcc_fake_xmit_to(fake, 0x2a, 0xc8);
	mctp_pcc_expect_order(fake, order, ARRAY_SIZE(order));

	mctp_pcc_fake_xmit(fake, 2);
	mctp_pcc_fake_xmit_to(fake, 0x29, 0xc8);
	mctp_pcc_expect_order(fake, sent, ARRAY_SIZE(sent));

	mctp_pcc_fake_xmit(fake, 1);
	mctp_pcc_fake_xmit_to(fake, 0x29, 0x08);
	mctp_pcc_purge_waiting(fake->mp);
	mctp_pcc_fake_xmit(fake, 1);
	mctp_pcc_fake_xmit_to(fake, 0x29, 0xc8);
	mctp_pcc_expect_order(fake, purged, ARRAY_SIZE(purged));
}

/* While the outbox rests nothing is in flight: to the very front */
static void mctp_pcc_test_tx_control_rest(struct kunit *test)
{
	static const u8 order[] = { 2, 1 };
	struct mctp_pcc_fake *fake = mctp_pcc_fake_up(test);
	struct mctp_pcc *mp = fake->mp;

	mp->outbox.sub.turnaround = MCTP_PCC_FAKE_REST;
	mctp_pcc_fake_xmit(fake, 2);
	mctp_pcc_fake_done(fake);
	KUNIT_ASSERT_EQ(test, mp->tx_state, MCTP_PCC_TX_REST);
	mctp_pcc_fake_xmit_control(fake);
	mp->outbox.sub.turnaround = 0;
	mctp_pcc_rested(&mp->turnaround);
	mctp_pcc_expect_order(fake, order, ARRAY_SIZE(order));
}

/* One that was given up or forgotten is nobody's landmark */
static void mctp_pcc_test_tx_control_gone(struct kunit *test)
{
	static const u8 aborted[] = { 1, 3, 2 }, reopened[] = { 7, 9, 8 };
	struct mctp_pcc_fake *fake = mctp_pcc_fake_up(test);

	mctp_pcc_fake_xmit_control(fake);
	mctp_pcc_fake_xmit(fake, 2);
	mctp_pcc_fake_give_up(fake);
	mctp_pcc_fake_xmit_control(fake);
	mctp_pcc_expect_order(fake, aborted, ARRAY_SIZE(aborted));

	mctp_pcc_fake_xmit_control(fake);
	mctp_pcc_fake_xmit_control(fake);
	mctp_pcc_fake_xmit(fake, 1);
	mctp_pcc_fake_close(fake);
	mctp_pcc_expect_freed(fake, 7);
	KUNIT_ASSERT_PTR_EQ(test, fake->mp->tx_urgent, NULL);
	fake->outbox.complete = true;
	KUNIT_ASSERT_EQ(test, mctp_pcc_fake_open(fake), 0);
	mctp_pcc_fake_xmit(fake, 2);
	mctp_pcc_fake_xmit_control(fake);
	mctp_pcc_expect_order(fake, reopened, ARRAY_SIZE(reopened));
}

/* A core that tells of an error: counted at once, and on to the next */
static void mctp_pcc_test_tx_error(struct kunit *test)
{
	struct mctp_pcc_fake *fake = mctp_pcc_fake_up(test);

	mctp_pcc_fake_xmit(fake, 3);
	fake->outbox.done_rc = -EIO;
	mctp_pcc_fake_done(fake);
	mctp_pcc_expect_freed(fake, 1);
	mctp_pcc_expect_sent(fake, 1, 64);
	mctp_pcc_expect_stats(fake, .tx_errors = 1);
	fake->outbox.done_rc = 0;
	mctp_pcc_fake_done(fake);
	mctp_pcc_expect_sent(fake, 2, 64);
	fake->outbox.done_rc = -EIO;
	mctp_pcc_fake_done(fake);
	mctp_pcc_expect_freed(fake, 3);

	KUNIT_EXPECT_EQ(test, fake->outbox.requests, 1);
	mctp_pcc_expect_lost(fake, 0, 0, 0);
	mctp_pcc_expect_stats(fake, .tx_packets = 1, .tx_bytes = 64,
			      .tx_errors = 2);
}

static void mctp_pcc_test_tx_queue_limits(struct kunit *test)
{
	struct mctp_pcc_fake *fake = mctp_pcc_fake_up(test);
	struct net_device *ndev = fake->ndev;

	mctp_pcc_fake_xmit(fake, MCTP_PCC_TXQ_LEN - 1);
	KUNIT_EXPECT_FALSE(test, netif_queue_stopped(ndev));
	mctp_pcc_fake_xmit(fake, 1);
	KUNIT_EXPECT_TRUE(test, netif_queue_stopped(ndev));

	mctp_pcc_fake_done(fake);
	KUNIT_EXPECT_TRUE(test, netif_queue_stopped(ndev));
	mctp_pcc_fake_done_many(fake, MCTP_PCC_TXQ_LEN - MCTP_PCC_TXQ_WAKE - 2);
	KUNIT_EXPECT_TRUE(test, netif_queue_stopped(ndev));
	mctp_pcc_fake_done(fake);
	KUNIT_EXPECT_FALSE(test, netif_queue_stopped(ndev));

	/* nobody is refused, not even one who ignores the stopped queue */
	mctp_pcc_fake_xmit(fake, MCTP_PCC_TXQ_LEN);
	KUNIT_EXPECT_EQ(test, skb_queue_len(&fake->mp->txq),
			MCTP_PCC_TXQ_WAKE + MCTP_PCC_TXQ_LEN);
	mctp_pcc_expect_stats(fake, .tx_packets = fake->outbox.sends - 1,
			      .tx_bytes = 64 * (fake->outbox.sends - 1));
}

/* Until the timer has fired nothing is sent, whatever else happens */
static void mctp_pcc_test_tx_turnaround(struct kunit *test)
{
	struct mctp_pcc_fake *fake = mctp_pcc_fake_up(test);
	struct mctp_pcc *mp = fake->mp;

	mp->outbox.sub.turnaround = MCTP_PCC_FAKE_REST;
	mctp_pcc_fake_xmit(fake, 2);
	KUNIT_EXPECT_EQ(test, fake->outbox.sends, 1);
	KUNIT_EXPECT_FALSE(test, hrtimer_active(&mp->turnaround));

	mctp_pcc_fake_done(fake);
	KUNIT_EXPECT_EQ(test, mp->tx_state, MCTP_PCC_TX_REST);
	KUNIT_EXPECT_TRUE(test, hrtimer_active(&mp->turnaround));
	mctp_pcc_fake_xmit(fake, 1);
	mctp_pcc_fake_watch(fake);
	KUNIT_EXPECT_EQ(test, fake->outbox.sends, 1);
	mctp_pcc_expect_freed(fake, 1);

	mctp_pcc_rested(&mp->turnaround);
	KUNIT_EXPECT_EQ(test, fake->outbox.sends, 2);
	mctp_pcc_expect_sent(fake, 1, 64);

	/* a timer that comes too late finds nothing to do */
	mctp_pcc_rested(&mp->turnaround);
	KUNIT_EXPECT_EQ(test, fake->outbox.sends, 2);
	mctp_pcc_fake_close(fake);
	KUNIT_EXPECT_FALSE(test, hrtimer_active(&mp->turnaround));
}

/* The same with a time that ends */
static void mctp_pcc_test_tx_turnaround_timer(struct kunit *test)
{
	struct mctp_pcc_fake *fake = mctp_pcc_fake_up(test);
	unsigned int i, sends;
	unsigned long flags;

	fake->mp->outbox.sub.turnaround = 100;
	mctp_pcc_fake_xmit(fake, 3);
	for (i = 1; i <= 3; i++) {
		fake->outbox.complete = true;
		local_bh_disable();
		local_irq_save(flags);
		mctp_pcc_fake_irq(&fake->outbox);
		sends = fake->outbox.sends;
		local_irq_restore(flags);
		local_bh_enable();
		KUNIT_EXPECT_EQ(test, sends, i);
		mctp_pcc_expect_sends(fake, min(i + 1, 3U));
	}
	mctp_pcc_expect_freed(fake, 3);
	mctp_pcc_expect_stats(fake, .tx_packets = 3, .tx_bytes = 192);
}

/* Turnaround time, stop: neither keeps a timer nor waits for it */
static void mctp_pcc_test_tx_turnaround_stop(struct kunit *test)
{
	struct mctp_pcc_fake *fake = mctp_pcc_fake_up(test);

	fake->mp->outbox.sub.turnaround = MCTP_PCC_FAKE_REST;
	mctp_pcc_fake_xmit(fake, 3);
	mctp_pcc_fake_done(fake);
	mctp_pcc_fake_close(fake);

	KUNIT_EXPECT_FALSE(test, hrtimer_active(&fake->mp->turnaround));
	mctp_pcc_expect_freed(fake, 3);
	mctp_pcc_expect_stats(fake, .tx_packets = 1, .tx_bytes = 64,
			      .tx_dropped = 2);
}

/* ---- receive ---- */

#define MCTP_PCC_RX_MAX	(MCTP_PCC_FAKE_INBOX_SIZE - 16 + 4)

enum mctp_pcc_rx_result {
	MCTP_PCC_RX_GOOD,
	MCTP_PCC_RX_FRAME,
	MCTP_PCC_RX_LENGTH,
};

static const struct mctp_pcc_rx_case {
	const char *name;
	u32 command;
	u32 length;
	enum mctp_pcc_rx_result result;
} mctp_pcc_rx_cases[] = {
	{ "header only", 0x5054434d, 8, MCTP_PCC_RX_GOOD },
	{ "one byte more", 0x5054434d, 9, MCTP_PCC_RX_GOOD },
	{ "default MTU", 0x5054434d, 72, MCTP_PCC_RX_GOOD },
	{ "largest", 0x5054434d, MCTP_PCC_RX_MAX, MCTP_PCC_RX_GOOD },
	{ "beyond the memory", 0x5054434d, MCTP_PCC_RX_MAX + 1,
	  MCTP_PCC_RX_LENGTH },
	{ "as the memory", 0x5054434d, MCTP_PCC_FAKE_INBOX_SIZE,
	  MCTP_PCC_RX_LENGTH },
	{ "length 0", 0x5054434d, 0, MCTP_PCC_RX_LENGTH },
	{ "length 3", 0x5054434d, 3, MCTP_PCC_RX_LENGTH },
	{ "length 4", 0x5054434d, 4, MCTP_PCC_RX_LENGTH },
	{ "length 7", 0x5054434d, 7, MCTP_PCC_RX_LENGTH },
	{ "length 0x80000008", 0x5054434d, 0x80000008, MCTP_PCC_RX_LENGTH },
	{ "length 0xffffffff", 0x5054434d, U32_MAX, MCTP_PCC_RX_LENGTH },
	{ "command 0", 0, 72, MCTP_PCC_RX_FRAME },
	{ "command the other way round", 0x4d435450, 72, MCTP_PCC_RX_FRAME },
	{ "command one bit off", 0x5054434c, 72, MCTP_PCC_RX_FRAME },
	{ "command top bit off", 0xd054434d, 72, MCTP_PCC_RX_FRAME },
	{ "both wrong", 0x12345678, 0, MCTP_PCC_RX_FRAME },
};

KUNIT_ARRAY_PARAM_DESC(mctp_pcc_rx, mctp_pcc_rx_cases, name);

static void mctp_pcc_expect_packet(struct mctp_pcc_fake *fake,
				   unsigned int len, unsigned int seed)
{
	unsigned int i;

	KUNIT_EXPECT_EQ(fake->test, fake->tap_len, len);
	for (i = 0; i < len; i++)
		if (fake->tap_data[i] != (u8)((i + 16) * 7 + seed))
			break;
	KUNIT_EXPECT_EQ_MSG(fake->test, i, len, "first wrong byte");
}

static void mctp_pcc_test_rx(struct kunit *test)
{
	const struct mctp_pcc_rx_case *c = test->param_value;
	struct mctp_pcc_fake *fake = mctp_pcc_fake_up(test);
	bool good = c->result == MCTP_PCC_RX_GOOD;

	mctp_pcc_fake_post(fake, c->command, c->length, 1);
	mctp_pcc_fake_raise(&fake->inbox);

	mctp_pcc_expect_tapped(fake, good);
	if (good)
		mctp_pcc_expect_packet(fake, c->length - 4, 1);
	mctp_pcc_expect_stats(fake, .rx_packets = good,
			      .rx_bytes = good ? c->length - 4 : 0,
			      .rx_errors = !good,
			      .rx_frame_errors = c->result == MCTP_PCC_RX_FRAME,
			      .rx_length_errors =
				      c->result == MCTP_PCC_RX_LENGTH);

	/* and the next one is received, whatever this one was */
	mctp_pcc_fake_post(fake, 0x5054434d, 14, 2);
	mctp_pcc_fake_raise(&fake->inbox);
	mctp_pcc_expect_tapped(fake, good + 1);
	mctp_pcc_expect_packet(fake, 10, 2);
}

/* An inbox of a size for which there is no skb: nothing of it is read */
static void mctp_pcc_test_rx_nomem(struct kunit *test)
{
	struct mctp_pcc_fake *fake = mctp_pcc_fake_up(test);

	fake->mp->inbox.sub.size = U32_MAX;
	mctp_pcc_fake_post(fake, 0x5054434d, MCTP_PCC_NOMEM, 1);
	mctp_pcc_fake_raise(&fake->inbox);
	mctp_pcc_expect_tapped(fake, 0);
	mctp_pcc_expect_stats(fake, .rx_dropped = 1);

	/* the next one is received */
	mctp_pcc_fake_post(fake, 0x5054434d, 14, 2);
	mctp_pcc_fake_raise(&fake->inbox);
	mctp_pcc_expect_tapped(fake, 1);
	mctp_pcc_expect_packet(fake, 10, 2);
	mctp_pcc_expect_stats(fake, .rx_packets = 1, .rx_bytes = 10,
			      .rx_dropped = 1);
}

/* Not every platform fills in the signature, and flags are the core's */
static void mctp_pcc_test_rx_signature(struct kunit *test)
{
	struct mctp_pcc_fake *fake = mctp_pcc_fake_up(test);

	mctp_pcc_fake_post(fake, 0x5054434d, 72, 1);
	memset(fake->inbox.shmem, 0, 8);
	mctp_pcc_fake_raise(&fake->inbox);
	mctp_pcc_expect_tapped(fake, 1);

	mctp_pcc_fake_post(fake, 0x5054434d, 72, 2);
	memset(fake->inbox.shmem, 0xff, 8);
	mctp_pcc_fake_raise(&fake->inbox);
	mctp_pcc_expect_tapped(fake, 2);
	mctp_pcc_expect_packet(fake, 68, 2);
	mctp_pcc_expect_stats(fake, .rx_packets = 2, .rx_bytes = 136);
}

/* The driver only ever reads from the inbox */
static void mctp_pcc_test_rx_untouched(struct kunit *test)
{
	struct mctp_pcc_fake *fake = mctp_pcc_fake_up(test);
	u8 *before;

	mctp_pcc_fake_post(fake, 0x5054434d, MCTP_PCC_RX_MAX, 1);
	before = kunit_kmalloc(test, fake->inbox.size, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, before);
	memcpy(before, fake->inbox.shmem, fake->inbox.size);
	mctp_pcc_fake_raise(&fake->inbox);
	mctp_pcc_expect_tapped(fake, 1);
	KUNIT_EXPECT_MEMEQ(test, fake->inbox.shmem, before, fake->inbox.size);
}

/* Here a breakpoint fires behind the access, not before it */
#ifdef CONFIG_X86

/**
 * struct mctp_pcc_field - a field that is watched
 * @pos: where it is
 * @next: in the inbox's header, what the platform writes there as soon as it
 *	has been read
 * @mp: in the driver's state, whose transmit lock protects it
 * @uses: how often it was read or written
 * @unlocked: how often while nobody held that lock
 */
struct mctp_pcc_field {
	void *pos;
	u32 next;
	struct mctp_pcc *mp;
	unsigned int uses;
	unsigned int unlocked;
};

/* Debug exception */
static void mctp_pcc_field_read(struct perf_event *bp,
				struct perf_sample_data *data,
				struct pt_regs *regs)
{
	struct mctp_pcc_field *field = bp->overflow_handler_context;

	field->uses++;
	put_unaligned_le32(field->next, field->pos);
}

/* Debug exception */
static void mctp_pcc_field_used(struct perf_event *bp,
				struct perf_sample_data *data,
				struct pt_regs *regs)
{
	struct mctp_pcc_field *field = bp->overflow_handler_context;

	field->uses++;
	if (spin_trylock(&field->mp->tx_lock)) {
		field->unlocked++;
		spin_unlock(&field->mp->tx_lock);
	}
}

static void mctp_pcc_unwatch_field(void *bp)
{
	unregister_wide_hw_breakpoint((void __force __percpu *)bp);
}

static struct mctp_pcc_field *
mctp_pcc_watch_field(struct kunit *test, void *pos, u8 len,
		     perf_overflow_handler_t handler)
{
	struct perf_event * __percpu *bp;
	struct perf_event_attr attr;
	struct mctp_pcc_field *field;

	field = kunit_kzalloc(test, sizeof(*field), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, field);
	field->pos = pos;

	hw_breakpoint_init(&attr);
	attr.bp_addr = (unsigned long)pos;
	attr.bp_len = len;
	attr.bp_type = HW_BREAKPOINT_RW;
	bp = register_wide_hw_breakpoint(&attr, handler, field);
	KUNIT_ASSERT_FALSE(test, IS_ERR_PCPU(bp));
	KUNIT_ASSERT_EQ(test, 0,
			kunit_add_action_or_reset(test, mctp_pcc_unwatch_field,
						  (void __force *)bp));

	return field;
}

/* The platform writes between two reads of the driver, of any two: what was
 * checked is what counts.
 */
static void mctp_pcc_test_rx_changes(struct kunit *test)
{
	struct mctp_pcc_fake *fake = mctp_pcc_fake_up(test);
	struct mctp_pcc_field *length, *command;

	mctp_pcc_fake_post(fake, 0x5054434d, 72, 1);
	length = mctp_pcc_watch_field(test, fake->inbox.shmem + 8,
				      HW_BREAKPOINT_LEN_4, mctp_pcc_field_read);
	length->next = 14;
	command = mctp_pcc_watch_field(test, fake->inbox.shmem + 12,
				       HW_BREAKPOINT_LEN_4,
				       mctp_pcc_field_read);
	command->next = 0;
	mctp_pcc_fake_raise(&fake->inbox);

	mctp_pcc_expect_tapped(fake, 1);
	mctp_pcc_expect_packet(fake, 68, 1);
	KUNIT_EXPECT_EQ(test, length->uses, 1);
	KUNIT_EXPECT_EQ(test, command->uses, 1);
	mctp_pcc_expect_stats(fake, .rx_packets = 1, .rx_bytes = 68);
}

/* Neither end of the outbox is seen without the transmit lock: in open, in a
 * transmission, in an interrupt, in a recovery, in stop
 */
static void mctp_pcc_test_gate_locked(struct kunit *test)
{
	struct mctp_pcc_fake *fake = mctp_pcc_fake_link(test);
	struct mctp_pcc_field *gate;

	if (!IS_ENABLED(CONFIG_SMP))
		kunit_skip(test, "one processor: a lock that is not there");

	gate = mctp_pcc_watch_field(test, &fake->mp->outbox.pcc, sizeof(void *),
				    mctp_pcc_field_used);
	gate->mp = fake->mp;
	KUNIT_ASSERT_EQ(test, 0, mctp_pcc_fake_open(fake));
	KUNIT_EXPECT_NE(test, gate->uses, 0);
	mctp_pcc_fake_xmit(fake, 2);
	mctp_pcc_fake_done(fake);
	mctp_pcc_fake_give_up(fake);
	mctp_pcc_fake_xmit(fake, 1);
	mctp_pcc_fake_close(fake);
	KUNIT_EXPECT_EQ(test, gate->unlocked, 0);
	mctp_pcc_expect_stats(fake, .tx_packets = 1, .tx_bytes = 64,
			      .tx_errors = 2);
}

#endif /* CONFIG_X86 */

/* One outbox interrupt that nobody asked for, one on an empty inbox */
static void mctp_pcc_test_spurious(struct kunit *test)
{
	struct mctp_pcc_fake *fake = mctp_pcc_fake_up(test);

	mctp_pcc_fake_raise(&fake->inbox);
	mctp_pcc_fake_raise(&fake->outbox);
	fake->outbox.in_use = true;
	mctp_pcc_fake_raise(&fake->outbox);
	mctp_pcc_tx_done(&fake->mp->outbox.client, NULL, 0);
	mctp_pcc_expect_stats(fake);

	mctp_pcc_fake_xmit(fake, 1);
	mctp_pcc_fake_raise(&fake->outbox);
	mctp_pcc_expect_stats(fake);
	mctp_pcc_fake_done(fake);
	mctp_pcc_fake_raise(&fake->outbox);
	mctp_pcc_expect_stats(fake, .tx_packets = 1, .tx_bytes = 64);
}

/* ---- open and stop ---- */

static const struct mctp_pcc_open_case {
	const char *name;
	bool inbox;
	bool startup;
	int rc;
} mctp_pcc_open_cases[] = {
	{ "outbox request, ENOENT", false, false, -ENOENT },
	{ "outbox request, EBUSY", false, false, -EBUSY },
	{ "outbox request, ENXIO", false, false, -ENXIO },
	{ "outbox request, EINVAL", false, false, -EINVAL },
	{ "outbox startup, ENOMEM", false, true, -ENOMEM },
	{ "inbox request, ENOENT", true, false, -ENOENT },
	{ "inbox request, EBUSY", true, false, -EBUSY },
	{ "inbox request, ENXIO", true, false, -ENXIO },
	{ "inbox request, EINVAL", true, false, -EINVAL },
	{ "inbox startup, ENOMEM", true, true, -ENOMEM },
};

KUNIT_ARRAY_PARAM_DESC(mctp_pcc_open, mctp_pcc_open_cases, name);

static void mctp_pcc_test_open_fails(struct kunit *test)
{
	const struct mctp_pcc_open_case *c = test->param_value;
	struct mctp_pcc_fake *fake = mctp_pcc_fake_link(test);
	struct mctp_pcc_fake_chan *fc;

	fc = c->inbox ? &fake->inbox : &fake->outbox;
	*(c->startup ? &fc->startup_rc : &fc->request_rc) = c->rc;

	KUNIT_EXPECT_EQ(test, c->rc, mctp_pcc_fake_open(fake));
	KUNIT_EXPECT_FALSE(test, netif_running(fake->ndev));
	KUNIT_EXPECT_EQ(test, fake->outbox.requests, c->inbox);
	KUNIT_EXPECT_EQ(test, fake->outbox.frees, c->inbox);
	KUNIT_EXPECT_EQ(test, fake->inbox.requests, 0);
	KUNIT_EXPECT_NULL(test, fake->mp->outbox.pcc);
	KUNIT_EXPECT_NULL(test, fake->mp->inbox.pcc);
	mctp_pcc_fake_xmit(fake, 1);
	mctp_pcc_expect_freed(fake, 1);

	fc->startup_rc = 0;
	fc->request_rc = 0;
	KUNIT_ASSERT_EQ(test, 0, mctp_pcc_fake_open(fake));
	mctp_pcc_fake_xmit(fake, 1);
	mctp_pcc_expect_sent(fake, 1, 64);
}

static void mctp_pcc_test_flap(struct kunit *test)
{
	struct mctp_pcc_fake *fake = mctp_pcc_fake_link(test);
	unsigned int i;

	for (i = 0; i < 5; i++) {
		KUNIT_ASSERT_EQ(test, 0, mctp_pcc_fake_open(fake));
		KUNIT_EXPECT_FALSE(test, netif_queue_stopped(fake->ndev));
		mctp_pcc_fake_xmit(fake, 1);
		mctp_pcc_expect_sent(fake, i, 64);
		mctp_pcc_fake_done(fake);
		mctp_pcc_fake_post(fake, 0x5054434d, 14, i);
		mctp_pcc_fake_raise(&fake->inbox);
		mctp_pcc_expect_tapped(fake, i + 1);
		mctp_pcc_fake_close(fake);
		KUNIT_EXPECT_TRUE(test, netif_queue_stopped(fake->ndev));
	}
	mctp_pcc_expect_stats(fake, .tx_packets = 5, .tx_bytes = 320,
			      .rx_packets = 5, .rx_bytes = 50);
}

/* The last command before may be just done: its rest is kept */
static void mctp_pcc_test_open_rests(struct kunit *test)
{
	struct mctp_pcc_fake *fake = mctp_pcc_fake_link(test);

	fake->mp->outbox.sub.turnaround = MCTP_PCC_FAKE_REST;
	KUNIT_ASSERT_EQ(test, 0, mctp_pcc_fake_open(fake));
	mctp_pcc_fake_xmit(fake, 1);
	KUNIT_EXPECT_EQ(test, fake->outbox.sends, 0);
	KUNIT_EXPECT_TRUE(test, hrtimer_active(&fake->mp->turnaround));

	mctp_pcc_rested(&fake->mp->turnaround);
	mctp_pcc_expect_sent(fake, 0, 64);
}

/* A packet that the request will acknowledge unread is not lost in silence */
static void mctp_pcc_test_open_counts_missed(struct kunit *test)
{
	struct mctp_pcc_fake *fake = mctp_pcc_fake_link(test);

	/* a request that fails at once has left it alone */
	fake->inbox.complete = false;
	fake->inbox.request_rc = -EBUSY;
	KUNIT_EXPECT_EQ(test, -EBUSY, mctp_pcc_fake_open(fake));
	mctp_pcc_expect_stats(fake);

	/* one that got no interrupt has not */
	fake->inbox.request_rc = 0;
	fake->inbox.startup_rc = -ENOSPC;
	KUNIT_EXPECT_EQ(test, -ENOSPC, mctp_pcc_fake_open(fake));
	mctp_pcc_expect_stats(fake, .rx_missed_errors = 1);

	fake->inbox.complete = false;
	fake->inbox.startup_rc = 0;
	KUNIT_ASSERT_EQ(test, 0, mctp_pcc_fake_open(fake));
	mctp_pcc_expect_stats(fake, .rx_missed_errors = 2);
}

/* The transfer in flight ends in time, what waits behind it is not sent */
static void mctp_pcc_test_stop_done_meanwhile(struct kunit *test)
{
	struct mctp_pcc_fake *fake = mctp_pcc_fake_up(test);

	mctp_pcc_fake_xmit(fake, 3);
	fake->outbox.complete = true;
	fake->outbox.in_stop = true;
	fake->mp->late = MCTP_PCC_FAKE_WAIT;
	hrtimer_start(&fake->outbox.timer, 0, HRTIMER_MODE_REL);
	rtnl_lock();
	dev_close(fake->ndev);
	rtnl_unlock();

	KUNIT_EXPECT_FALSE(test, hrtimer_cancel(&fake->outbox.timer));
	KUNIT_EXPECT_TRUE(test, completion_done(&fake->outbox.fired));
	KUNIT_EXPECT_EQ(test, fake->outbox.sends, 1);
	mctp_pcc_expect_freed(fake, 3);
	mctp_pcc_expect_stats(fake, .tx_packets = 1, .tx_bytes = 64,
			      .tx_dropped = 2);
}

/* The work item is queued while the link is up, and never otherwise */
static void mctp_pcc_test_watch_lifetime(struct kunit *test)
{
	struct mctp_pcc_fake *fake = mctp_pcc_fake_link(test);
	struct delayed_work *watch = &fake->mp->watch;

	/* if it comes to run after all it finds nothing to do */
	enable_delayed_work(watch);
	KUNIT_EXPECT_FALSE(test, delayed_work_pending(watch));
	KUNIT_ASSERT_EQ(test, 0, mctp_pcc_fake_open(fake));
	KUNIT_EXPECT_TRUE(test, delayed_work_pending(watch));
	KUNIT_EXPECT_TRUE(test, fake->mp->tx_watched);
	cancel_delayed_work_sync(watch);
	mctp_pcc_fake_watch(fake);
	KUNIT_EXPECT_TRUE(test, delayed_work_pending(watch));
	KUNIT_EXPECT_FALSE(test, fake->mp->tx_watched);

	/* a transfer shortens the wait */
	fake->mp->late = HZ / 10;
	mctp_pcc_fake_xmit(fake, 1);
	KUNIT_EXPECT_TRUE(test, fake->mp->tx_watched);
	KUNIT_EXPECT_TRUE(test, time_before_eq(watch->timer.expires,
					       jiffies + fake->mp->late));

	mctp_pcc_fake_close(fake);
	KUNIT_EXPECT_FALSE(test, delayed_work_pending(watch));
	mctp_pcc_watch_again(fake->mp);
	KUNIT_EXPECT_FALSE(test, delayed_work_pending(watch));
	disable_delayed_work(watch);
}

/* ---- what the watch does ---- */

static void mctp_pcc_test_watch_idle(struct kunit *test)
{
	struct mctp_pcc_fake *fake = mctp_pcc_fake_up(test);

	mctp_pcc_fake_watch(fake);
	mctp_pcc_fake_xmit(fake, 2);
	mctp_pcc_fake_watch(fake);
	mctp_pcc_fake_age(fake, MCTP_PCC_HARD_FACTOR);
	mctp_pcc_fake_done(fake);

	/* the second is young, however old the first was */
	mctp_pcc_fake_watch(fake);
	mctp_pcc_fake_done(fake);
	mctp_pcc_fake_watch(fake);
	KUNIT_EXPECT_EQ(test, fake->outbox.requests, 1);
	KUNIT_EXPECT_EQ(test, fake->inbox.requests, 1);
	mctp_pcc_expect_lost(fake, 0, 0, 0);
	mctp_pcc_expect_stats(fake, .tx_packets = 2, .tx_bytes = 128);
}

static void mctp_pcc_test_watch_lost_irq(struct kunit *test)
{
	struct mctp_pcc_fake *fake = mctp_pcc_fake_up(test);

	mctp_pcc_fake_xmit(fake, 2);
	fake->outbox.complete = true;
	mctp_pcc_fake_watch(fake);
	KUNIT_EXPECT_EQ(test, fake->outbox.requests, 1);

	mctp_pcc_fake_age(fake, 1);
	mctp_pcc_fake_watch(fake);
	mctp_pcc_expect_freed(fake, 1);
	mctp_pcc_expect_sent(fake, 1, 64);
	KUNIT_EXPECT_EQ(test, fake->outbox.requests, 2);
	KUNIT_EXPECT_EQ(test, fake->inbox.requests, 1);

	mctp_pcc_fake_done(fake);
	mctp_pcc_expect_lost(fake, 1, 0, 0);
	mctp_pcc_expect_stats(fake, .tx_packets = 1, .tx_bytes = 64,
			      .tx_errors = 1);
}

/* Past the deadline the platform still owns the buffer, and may finish */
static void mctp_pcc_test_watch_late(struct kunit *test)
{
	struct mctp_pcc_fake *fake = mctp_pcc_fake_up(test);

	mctp_pcc_fake_xmit(fake, 2);
	mctp_pcc_fake_age(fake, MCTP_PCC_HARD_FACTOR - 1);
	mctp_pcc_fake_watch(fake);
	mctp_pcc_fake_watch(fake);
	KUNIT_EXPECT_EQ(test, fake->outbox.requests, 1);
	KUNIT_EXPECT_EQ(test, fake->outbox.sends, 1);

	mctp_pcc_fake_done(fake);
	mctp_pcc_fake_done(fake);
	mctp_pcc_expect_lost(fake, 0, 0, 0);
	mctp_pcc_expect_stats(fake, .tx_packets = 2, .tx_bytes = 128);
}

static void mctp_pcc_test_watch_timeout(struct kunit *test)
{
	struct mctp_pcc_fake *fake = mctp_pcc_fake_up(test);

	mctp_pcc_fake_xmit(fake, 2);
	mctp_pcc_fake_give_up(fake);
	mctp_pcc_expect_freed(fake, 1);
	mctp_pcc_expect_sent(fake, 1, 64);
	KUNIT_EXPECT_EQ(test, fake->outbox.requests, 2);

	/* the next one has its own time */
	mctp_pcc_fake_watch(fake);
	KUNIT_EXPECT_EQ(test, fake->outbox.requests, 2);
	mctp_pcc_fake_done(fake);
	mctp_pcc_expect_lost(fake, 0, 1, 0);
	mctp_pcc_expect_stats(fake, .tx_packets = 1, .tx_bytes = 64,
			      .tx_errors = 1);
}

/* A register that cannot be read says neither: only time helps */
static void mctp_pcc_test_watch_unreadable(struct kunit *test)
{
	struct mctp_pcc_fake *fake = mctp_pcc_fake_up(test);

	mctp_pcc_fake_xmit(fake, 1);
	fake->outbox.complete_rc = -EIO;
	fake->inbox.complete_rc = -EIO;
	mctp_pcc_fake_age(fake, MCTP_PCC_HARD_FACTOR - 1);
	mctp_pcc_fake_watch(fake);
	mctp_pcc_fake_watch(fake);
	mctp_pcc_fake_watch(fake);
	KUNIT_EXPECT_EQ(test, fake->outbox.requests, 1);
	KUNIT_EXPECT_EQ(test, fake->inbox.requests, 1);

	mctp_pcc_fake_age(fake, 1);
	mctp_pcc_fake_watch(fake);
	KUNIT_EXPECT_EQ(test, fake->outbox.requests, 2);
	mctp_pcc_expect_lost(fake, 0, 1, 0);
	mctp_pcc_expect_stats(fake, .tx_errors = 1);
}

static void mctp_pcc_raise_now(struct mctp_pcc_fake_chan *fc)
{
	fc->on_complete = NULL;
	mctp_pcc_fake_raise(fc);
}

/* The interrupt comes after all, just when the watch has looked */
static void mctp_pcc_test_watch_race(struct kunit *test)
{
	struct mctp_pcc_fake *fake = mctp_pcc_fake_up(test);

	mctp_pcc_fake_xmit(fake, 2);
	fake->outbox.complete = true;
	fake->outbox.on_complete = mctp_pcc_raise_now;
	mctp_pcc_fake_age(fake, 1);
	mctp_pcc_fake_watch(fake);

	/* the second one is in flight, and not the one that was late */
	KUNIT_EXPECT_EQ(test, fake->outbox.requests, 1);
	mctp_pcc_expect_sent(fake, 1, 64);
	mctp_pcc_fake_done(fake);
	mctp_pcc_expect_lost(fake, 0, 0, 0);
	mctp_pcc_expect_stats(fake, .tx_packets = 2, .tx_bytes = 128);
}

/* The same with nothing behind it: the link is idle then, and stays open */
static void mctp_pcc_test_watch_race_last(struct kunit *test)
{
	struct mctp_pcc_fake *fake = mctp_pcc_fake_up(test);

	mctp_pcc_fake_xmit(fake, 1);
	fake->outbox.complete = true;
	fake->outbox.on_complete = mctp_pcc_raise_now;
	mctp_pcc_fake_age(fake, 1);
	mctp_pcc_fake_watch(fake);

	KUNIT_EXPECT_EQ(test, fake->outbox.requests, 1);
	KUNIT_EXPECT_EQ(test, fake->mp->tx_state, MCTP_PCC_TX_IDLE);
	mctp_pcc_expect_lost(fake, 0, 0, 0);
	mctp_pcc_expect_stats(fake, .tx_packets = 1, .tx_bytes = 64);
}

#define MCTP_PCC_POLL	DIV_ROUND_UP(HZ, 100)
#define MCTP_PCC_SECOND	HZ

static const struct mctp_pcc_again_case {
	const char *name;
	enum mctp_pcc_tx_state state;
	unsigned long age;	/* jiffies */
	unsigned int strikes;
	bool no_outbox;
	bool no_inbox;
	bool fresh;
	bool waiting;
	unsigned long delay;
	bool watched;
} mctp_pcc_again_cases[] = {
	{ .name = "idle", .delay = MCTP_PCC_SECOND },
	{ .name = "turnaround", .state = MCTP_PCC_TX_REST,
	  .delay = MCTP_PCC_SECOND },
	{ .name = "young transfer", .state = MCTP_PCC_TX_BUSY,
	  .delay = MCTP_PCC_FAKE_LATE, .watched = true },
	{ .name = "older transfer", .state = MCTP_PCC_TX_BUSY,
	  .age = MCTP_PCC_FAKE_LATE / 4, .delay = MCTP_PCC_FAKE_LATE / 4 * 3,
	  .watched = true },
	{ .name = "late transfer", .state = MCTP_PCC_TX_BUSY,
	  .age = 2 * MCTP_PCC_FAKE_LATE,
	  .delay = MCTP_PCC_FAKE_LATE, .watched = true },
	{ .name = "owned", .state = MCTP_PCC_TX_OWNED,
	  .delay = MCTP_PCC_POLL, .watched = true },
	{ .name = "owned, one strike missing", .state = MCTP_PCC_TX_OWNED,
	  .strikes = 2, .delay = MCTP_PCC_POLL, .watched = true },
	{ .name = "owned by a dead platform", .state = MCTP_PCC_TX_OWNED,
	  .strikes = 3, .delay = MCTP_PCC_FAKE_LATE, .watched = true },
	{ .name = "no outbox", .state = MCTP_PCC_TX_OWNED, .no_outbox = true,
	  .delay = MCTP_PCC_FAKE_LATE, .watched = true },
	{ .name = "packet waits", .waiting = true,
	  .delay = MCTP_PCC_FAKE_LATE, .watched = true },
	{ .name = "packet waits, no inbox", .waiting = true, .no_inbox = true,
	  .delay = MCTP_PCC_SECOND },
	{ .name = "fresh inbox", .fresh = true, .waiting = true,
	  .delay = MCTP_PCC_POLL, .watched = true },
	{ .name = "fresh inbox, young transfer", .fresh = true,
	  .state = MCTP_PCC_TX_BUSY, .delay = MCTP_PCC_POLL, .watched = true },
	{ .name = "no inbox yet", .fresh = true, .no_inbox = true,
	  .delay = MCTP_PCC_SECOND },
};

KUNIT_ARRAY_PARAM_DESC(mctp_pcc_again, mctp_pcc_again_cases, name);

/* When the watch looks next. With interrupts off it cannot run meanwhile. */
static void mctp_pcc_test_watch_again(struct kunit *test)
{
	const struct mctp_pcc_again_case *c = test->param_value;
	struct mctp_pcc_fake *fake = mctp_pcc_fake_up(test);
	struct pcc_mbox_chan *outbox = fake->mp->outbox.pcc;
	struct pcc_mbox_chan *inbox = fake->mp->inbox.pcc;
	unsigned long flags, before, after, expires;
	struct mctp_pcc *mp = fake->mp;
	bool watched;

	mp->tx_state = c->state;
	mp->tx_strikes = c->strikes;
	mp->rx_fresh = c->fresh;
	mp->rx_waiting = c->waiting;
	if (c->no_outbox)
		mp->outbox.pcc = NULL;
	if (c->no_inbox)
		mp->inbox.pcc = NULL;
	enable_delayed_work(&mp->watch);

	local_irq_save(flags);
	/* a transfer has asked for a later look in the meantime */
	queue_delayed_work(system_freezable_wq, &mp->watch, 2 * c->delay);
	before = jiffies;
	mp->tx_since = before - c->age;
	mctp_pcc_watch_again(mp);
	after = jiffies;
	expires = mp->watch.timer.expires;
	watched = mp->tx_watched;
	cancel_delayed_work(&mp->watch);
	local_irq_restore(flags);
	disable_delayed_work_sync(&mp->watch);

	KUNIT_EXPECT_GE(test, expires, before + c->delay);
	KUNIT_EXPECT_LE(test, expires, after + c->delay);
	KUNIT_EXPECT_EQ(test, watched, c->watched);
	mp->tx_state = MCTP_PCC_TX_IDLE;
	mp->tx_strikes = 0;
	mp->outbox.pcc = outbox;
	mp->inbox.pcc = inbox;
}

static void mctp_pcc_test_watch_turnaround(struct kunit *test)
{
	struct mctp_pcc_fake *fake = mctp_pcc_fake_up(test);

	fake->mp->outbox.sub.turnaround = MCTP_PCC_FAKE_REST;
	mctp_pcc_fake_xmit(fake, 2);
	fake->outbox.complete = true;
	mctp_pcc_fake_age(fake, 1);
	mctp_pcc_fake_watch(fake);

	/* recycled, but the platform's rest is kept */
	KUNIT_EXPECT_EQ(test, fake->outbox.requests, 2);
	KUNIT_EXPECT_EQ(test, fake->outbox.sends, 1);
	mctp_pcc_rested(&fake->mp->turnaround);
	mctp_pcc_expect_sent(fake, 1, 64);
}

static void mctp_pcc_test_reopen_outbox(struct kunit *test)
{
	struct mctp_pcc_fake *fake = mctp_pcc_fake_up(test);

	mctp_pcc_fake_xmit(fake, 1);
	mctp_pcc_fake_age(fake, MCTP_PCC_HARD_FACTOR);
	fake->outbox.request_rc = -EBUSY;
	mctp_pcc_fake_watch(fake);
	mctp_pcc_expect_freed(fake, 1);
	KUNIT_EXPECT_NULL(test, fake->mp->outbox.pcc);

	/* accepted, and held back by the queue alone; no retry for a while */
	fake->outbox.request_rc = 0;
	mctp_pcc_fake_xmit(fake, MCTP_PCC_TXQ_LEN);
	mctp_pcc_fake_age(fake, MCTP_PCC_HARD_FACTOR - 1);
	mctp_pcc_fake_watch(fake);
	KUNIT_EXPECT_TRUE(test, netif_queue_stopped(fake->ndev));
	KUNIT_EXPECT_EQ(test, fake->outbox.requests, 1);
	mctp_pcc_expect_freed(fake, 1);

	mctp_pcc_fake_age(fake, 1);
	mctp_pcc_fake_watch(fake);
	KUNIT_EXPECT_EQ(test, fake->outbox.requests, 2);
	mctp_pcc_expect_sent(fake, 1, 64);
	mctp_pcc_fake_done_many(fake, MCTP_PCC_TXQ_LEN);
	mctp_pcc_expect_freed(fake, fake->made);
	KUNIT_EXPECT_FALSE(test, netif_queue_stopped(fake->ndev));
	mctp_pcc_expect_lost(fake, 0, 1, 0);
	mctp_pcc_expect_stats(fake, .tx_packets = MCTP_PCC_TXQ_LEN,
			      .tx_bytes = MCTP_PCC_TXQ_LEN * 64,
			      .tx_errors = 1);
}

/* A channel that is gone for good counts as a dead platform */
static void mctp_pcc_test_reopen_gives_up(struct kunit *test)
{
	struct mctp_pcc_fake *fake = mctp_pcc_fake_up(test);
	unsigned int i;

	mctp_pcc_fake_xmit(fake, 3);
	fake->outbox.request_rc = -EBUSY;
	for (i = 1; i < MCTP_PCC_DEAD_STRIKES; i++) {
		mctp_pcc_expect_freed(fake, i - 1);
		mctp_pcc_fake_give_up(fake);
	}
	mctp_pcc_expect_freed(fake, 3);
	mctp_pcc_fake_xmit(fake, 1);
	mctp_pcc_expect_freed(fake, 4);
	mctp_pcc_expect_stats(fake, .tx_errors = 1, .tx_dropped = 3);

	/* it comes back, and then its platform */
	fake->outbox.request_rc = 0;
	mctp_pcc_fake_age(fake, 2 * MCTP_PCC_HARD_FACTOR);
	mctp_pcc_fake_watch(fake);
	KUNIT_EXPECT_EQ(test, fake->outbox.requests, 2);
	fake->outbox.complete = true;
	mctp_pcc_fake_watch(fake);
	mctp_pcc_fake_xmit(fake, 1);
	mctp_pcc_expect_sent(fake, 4, 64);
	KUNIT_EXPECT_EQ(test, fake->mp->tx_strikes, 0);
}

/* A sender may come between the opening of the gate and the next packet */
static void mctp_pcc_test_reopen_gate(struct kunit *test)
{
	struct mctp_pcc_fake *fake = mctp_pcc_fake_up(test);
	unsigned long flags;

	mctp_pcc_fake_xmit(fake, 1);
	KUNIT_ASSERT_TRUE(test, mctp_pcc_abort(fake->mp, fake->mp->tx_seq));
	KUNIT_ASSERT_EQ(test, 0, mctp_pcc_open_outbox(fake->mp));
	mctp_pcc_fake_xmit(fake, 1);
	KUNIT_EXPECT_EQ(test, fake->outbox.sends, 1);

	spin_lock_irqsave(&fake->mp->tx_lock, flags);
	mctp_pcc_next(fake->mp);
	spin_unlock_irqrestore(&fake->mp->tx_lock, flags);
	mctp_pcc_expect_sent(fake, 1, 64);
}

/* An interrupt may come between a look at the transfer and what it leads to */
static void mctp_pcc_test_done_meanwhile(struct kunit *test)
{
	struct mctp_pcc_fake *fake = mctp_pcc_fake_up(test);
	unsigned int seq;

	mctp_pcc_fake_xmit(fake, 2);
	seq = fake->mp->tx_seq;
	mctp_pcc_fake_done(fake);
	mctp_pcc_timeout(fake->mp, seq);
	mctp_pcc_lost_irq(fake->mp, seq);
	KUNIT_EXPECT_EQ(test, fake->outbox.sends, 2);
	mctp_pcc_fake_done(fake);
	mctp_pcc_timeout(fake->mp, seq + 1);
	mctp_pcc_lost_irq(fake->mp, seq + 1);
	KUNIT_EXPECT_EQ(test, fake->outbox.requests, 1);
	mctp_pcc_expect_lost(fake, 0, 0, 0);
	mctp_pcc_expect_stats(fake, .tx_packets = 2, .tx_bytes = 128);
}

static void mctp_pcc_test_stop_without_channels(struct kunit *test)
{
	struct mctp_pcc_fake *fake = mctp_pcc_fake_up(test);

	mctp_pcc_fake_post(fake, 0x5054434d, 72, 1);
	fake->inbox.request_rc = -EBUSY;
	mctp_pcc_fake_watch(fake);
	mctp_pcc_fake_watch(fake);
	mctp_pcc_expect_tapped(fake, 1);
	mctp_pcc_fake_xmit(fake, 3);
	KUNIT_EXPECT_TRUE(test, mctp_pcc_tx_busy(fake->mp));
	mctp_pcc_fake_age(fake, MCTP_PCC_HARD_FACTOR);
	fake->outbox.request_rc = -EBUSY;
	mctp_pcc_fake_watch(fake);
	KUNIT_EXPECT_NULL(test, fake->mp->outbox.pcc);
	KUNIT_EXPECT_NULL(test, fake->mp->inbox.pcc);

	mctp_pcc_fake_close(fake);
	mctp_pcc_expect_freed(fake, 3);
	mctp_pcc_expect_lost(fake, 0, 1, 1);
	mctp_pcc_expect_stats(fake, .tx_errors = 1, .tx_dropped = 2,
			      .rx_packets = 1, .rx_bytes = 68);
}

/* From link up to the last transfer that is given up before that counts */
static struct mctp_pcc_fake *mctp_pcc_fake_dead(struct kunit *test)
{
	struct mctp_pcc_fake *fake = mctp_pcc_fake_up(test);
	unsigned int i;

	mctp_pcc_fake_xmit(fake, MCTP_PCC_DEAD_STRIKES + 2);
	for (i = 0; i < MCTP_PCC_DEAD_STRIKES; i++) {
		KUNIT_EXPECT_EQ(test, fake->outbox.sends, i + 1);
		mctp_pcc_fake_give_up(fake);
	}

	return fake;
}

static void mctp_pcc_test_dead_drops(struct kunit *test)
{
	struct mctp_pcc_fake *fake = mctp_pcc_fake_dead(test);
	const unsigned int n = MCTP_PCC_DEAD_STRIKES;

	/* those that waited, and those that come */
	mctp_pcc_expect_freed(fake, n + 2);
	mctp_pcc_fake_xmit(fake, 1);
	mctp_pcc_expect_freed(fake, n + 3);
	KUNIT_EXPECT_FALSE(test, netif_queue_stopped(fake->ndev));
	KUNIT_EXPECT_EQ(test, fake->outbox.requests, n + 1);
	mctp_pcc_expect_lost(fake, 0, n, 0);
	mctp_pcc_expect_stats(fake, .tx_errors = n, .tx_dropped = 3);

	/* a link that goes down and up starts afresh */
	mctp_pcc_fake_close(fake);
	fake->outbox.complete = true;
	KUNIT_ASSERT_EQ(test, 0, mctp_pcc_fake_open(fake));
	mctp_pcc_fake_xmit(fake, 2);
	mctp_pcc_expect_sent(fake, n + 3, 64);
	KUNIT_EXPECT_EQ(test, skb_queue_len(&fake->mp->txq), 2);
}

/* A full queue is let go of as well: nothing else would wake it */
static void mctp_pcc_test_dead_wakes(struct kunit *test)
{
	struct mctp_pcc_fake *fake = mctp_pcc_fake_up(test);
	unsigned int i;

	mctp_pcc_fake_xmit(fake, MCTP_PCC_TXQ_LEN + MCTP_PCC_DEAD_STRIKES);
	KUNIT_EXPECT_TRUE(test, netif_queue_stopped(fake->ndev));
	for (i = 0; i < MCTP_PCC_DEAD_STRIKES; i++)
		mctp_pcc_fake_give_up(fake);
	KUNIT_EXPECT_FALSE(test, netif_queue_stopped(fake->ndev));
	mctp_pcc_expect_stats(fake, .tx_errors = MCTP_PCC_DEAD_STRIKES,
			      .tx_dropped = MCTP_PCC_TXQ_LEN);
}

/* One packet tries it, after a pause that doubles */
static void mctp_pcc_test_dead_retry(struct kunit *test)
{
	struct mctp_pcc_fake *fake = mctp_pcc_fake_dead(test);
	unsigned int sends = fake->outbox.sends;

	mctp_pcc_fake_age(fake, 2 * MCTP_PCC_HARD_FACTOR - 1);
	mctp_pcc_fake_watch(fake);
	mctp_pcc_fake_xmit(fake, 1);
	KUNIT_EXPECT_EQ(test, fake->outbox.sends, sends);
	mctp_pcc_fake_age(fake, 1);
	mctp_pcc_fake_watch(fake);
	mctp_pcc_fake_xmit(fake, 2);
	KUNIT_EXPECT_EQ(test, fake->outbox.sends, sends + 1);
	KUNIT_EXPECT_EQ(test, skb_queue_len(&fake->mp->txq), 1);

	mctp_pcc_fake_give_up(fake);
	mctp_pcc_fake_age(fake, 4 * MCTP_PCC_HARD_FACTOR - 1);
	mctp_pcc_fake_watch(fake);
	mctp_pcc_fake_xmit(fake, 1);
	KUNIT_EXPECT_EQ(test, fake->outbox.sends, sends + 1);
	mctp_pcc_fake_age(fake, 1);
	mctp_pcc_fake_watch(fake);
	mctp_pcc_fake_xmit(fake, 1);
	KUNIT_EXPECT_EQ(test, fake->outbox.sends, sends + 2);

	/* an answer ends it */
	mctp_pcc_fake_done(fake);
	mctp_pcc_fake_xmit(fake, 3);
	KUNIT_EXPECT_EQ(test, skb_queue_len(&fake->mp->txq), 3);
}

/* An answer that nobody hears ends it too */
static void mctp_pcc_test_dead_unheard(struct kunit *test)
{
	struct mctp_pcc_fake *fake = mctp_pcc_fake_dead(test);

	mctp_pcc_fake_age(fake, 2 * MCTP_PCC_HARD_FACTOR);
	mctp_pcc_fake_watch(fake);
	mctp_pcc_fake_xmit(fake, 1);
	fake->outbox.complete = true;
	mctp_pcc_fake_age(fake, 1);
	mctp_pcc_fake_watch(fake);
	KUNIT_EXPECT_EQ(test, fake->mp->tx_strikes, 0);
	mctp_pcc_expect_lost(fake, 1, MCTP_PCC_DEAD_STRIKES, 0);
	mctp_pcc_fake_xmit(fake, 3);
	KUNIT_EXPECT_EQ(test, skb_queue_len(&fake->mp->txq), 3);
}

/* Or it comes back by itself, and its register says so */
static void mctp_pcc_test_dead_comes_back(struct kunit *test)
{
	struct mctp_pcc_fake *fake = mctp_pcc_fake_dead(test);
	unsigned int sends = fake->outbox.sends;

	fake->outbox.complete = true;
	mctp_pcc_fake_watch(fake);
	mctp_pcc_fake_xmit(fake, 3);
	KUNIT_EXPECT_EQ(test, fake->outbox.sends, sends + 1);
	KUNIT_EXPECT_EQ(test, skb_queue_len(&fake->mp->txq), 3);
	KUNIT_EXPECT_EQ(test, fake->mp->tx_strikes, 0);
}

/* Or it sends something, which is not yet an answer */
static void mctp_pcc_test_dead_sends(struct kunit *test)
{
	struct mctp_pcc_fake *fake = mctp_pcc_fake_dead(test);
	unsigned int sends = fake->outbox.sends;

	fake->mp->tx_strikes = 9;
	mctp_pcc_fake_age(fake, 2 * MCTP_PCC_HARD_FACTOR);
	mctp_pcc_fake_watch(fake);
	mctp_pcc_fake_xmit(fake, 1);
	KUNIT_EXPECT_EQ(test, fake->outbox.sends, sends);

	mctp_pcc_fake_post(fake, 0x5054434d, 72, 1);
	mctp_pcc_fake_raise(&fake->inbox);
	mctp_pcc_fake_watch(fake);
	mctp_pcc_fake_xmit(fake, 1);
	KUNIT_EXPECT_EQ(test, fake->outbox.sends, sends + 1);

	/* one attempt a pause, as ever */
	mctp_pcc_fake_give_up(fake);
	mctp_pcc_fake_post(fake, 0x5054434d, 72, 2);
	mctp_pcc_fake_raise(&fake->inbox);
	mctp_pcc_fake_age(fake, 2 * MCTP_PCC_HARD_FACTOR - 1);
	mctp_pcc_fake_watch(fake);
	mctp_pcc_fake_xmit(fake, 1);
	KUNIT_EXPECT_EQ(test, fake->outbox.sends, sends + 1);
	mctp_pcc_expect_tapped(fake, 2);
}

/* Only transfers given up in a row count */
static void mctp_pcc_test_dead_not_yet(struct kunit *test)
{
	struct mctp_pcc_fake *fake = mctp_pcc_fake_up(test);
	unsigned int i;

	for (i = 0; i < 3; i++) {
		mctp_pcc_fake_xmit(fake, MCTP_PCC_DEAD_STRIKES);
		while (skb_queue_len(&fake->mp->txq) > 1)
			mctp_pcc_fake_give_up(fake);
		mctp_pcc_fake_done(fake);
	}
	mctp_pcc_expect_stats(fake, .tx_packets = 3, .tx_bytes = 192,
			      .tx_errors = 3 * (MCTP_PCC_DEAD_STRIKES - 1));
}

static const struct mctp_pcc_patience_case {
	const char *name;
	unsigned int strikes;
	enum mctp_pcc_tx_state state;
	unsigned int deadlines;
} mctp_pcc_patience_cases[] = {
	{ "transfer", 0, MCTP_PCC_TX_BUSY, 8 },
	{ "owned since open", 0, MCTP_PCC_TX_OWNED, 8 },
	{ "one strike missing", 2, MCTP_PCC_TX_OWNED, 8 },
	{ "first pause", 3, MCTP_PCC_TX_OWNED, 16 },
	{ "second pause", 4, MCTP_PCC_TX_OWNED, 32 },
	{ "first of the longest", 8, MCTP_PCC_TX_OWNED, 512 },
	{ "longest", 9, MCTP_PCC_TX_OWNED, 512 },
	{ "after ages", U32_MAX, MCTP_PCC_TX_OWNED, 512 },
	{ "attempt in between", 9, MCTP_PCC_TX_BUSY, 8 },
};

KUNIT_ARRAY_PARAM_DESC(mctp_pcc_patience, mctp_pcc_patience_cases, name);

static void mctp_pcc_test_patience(struct kunit *test)
{
	const struct mctp_pcc_patience_case *c = test->param_value;
	unsigned long patience;
	struct mctp_pcc *mp;

	mp = kunit_kzalloc(test, sizeof(*mp), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, mp);
	spin_lock_init(&mp->tx_lock);
	mp->late = 100;
	mp->tx_strikes = c->strikes;
	mp->tx_state = c->state;

	spin_lock_irq(&mp->tx_lock);
	patience = mctp_pcc_patience(mp);
	spin_unlock_irq(&mp->tx_lock);
	KUNIT_EXPECT_EQ(test, patience, 100 * c->deadlines);
}

/* ---- the functions that have a stub, themselves ---- */

static void mctp_pcc_test_real_request(struct kunit *test)
{
	struct mctp_pcc_fake *fake = mctp_pcc_fake_link(test);

	kunit_deactivate_static_stub(test, mctp_pcc_request);
	fake->mp->outbox.sub.index = INT_MAX;
	KUNIT_EXPECT_EQ(test, -ENOENT, mctp_pcc_fake_open(fake));
}

#ifdef CONFIG_X86
/* Only the bits of the mask count. A page of memory has the register. */
static void mctp_pcc_test_real_complete_bits(struct kunit *test)
{
	struct mctp_pcc_fake *fake = mctp_pcc_fake_link(test);
	struct mctp_pcc_chan chan = { .sub.size = 84 };
	u32 *reg;

	reg = phys_to_virt(mctp_pcc_map_page(test, &chan)) + PAGE_SIZE - 4;
	chan.sub.complete_mask = 0x10;
	kunit_deactivate_static_stub(test, mctp_pcc_complete);

	WRITE_ONCE(*reg, 0xffffffef);
	KUNIT_EXPECT_EQ(test, 0, mctp_pcc_complete(&chan));
	WRITE_ONCE(*reg, 0x00000010);
	KUNIT_EXPECT_EQ(test, 1, mctp_pcc_complete(&chan));
	mctp_pcc_unmap(&chan);
	KUNIT_EXPECT_FALSE(test, netif_running(fake->ndev));
}
#endif

/* An address of zero is what acpi_read() refuses */
static void mctp_pcc_test_real_complete(struct kunit *test)
{
	struct mctp_pcc_fake *fake = mctp_pcc_fake_link(test);

	kunit_deactivate_static_stub(test, mctp_pcc_complete);
	KUNIT_EXPECT_EQ(test, -EIO, mctp_pcc_complete(&fake->mp->outbox));
}

/* ---- hazards, by their number in the project's platform facts ---- */

/* Both interrupts arrive when the core has unmapped, and they are still on */
static void mctp_pcc_irq_in_free(struct mctp_pcc_fake_chan *fc)
{
	fc->complete = fc == &fc->fake->outbox;
	mctp_pcc_fake_raise(fc);
}

static void mctp_pcc_hazard_01_irq_inside_free(struct kunit *test)
{
	struct mctp_pcc_fake *fake = mctp_pcc_fake_up(test);

	fake->outbox.on_free = mctp_pcc_irq_in_free;
	fake->inbox.on_free = mctp_pcc_irq_in_free;
	mctp_pcc_fake_xmit(fake, 2);
	mctp_pcc_fake_post(fake, 0x5054434d, 72, 1);
	mctp_pcc_fake_close(fake);

	mctp_pcc_expect_freed(fake, 2);
	/* the net device is down: netif_rx() drops it */
	mctp_pcc_expect_tapped(fake, 0);
	mctp_pcc_expect_stats(fake, .tx_errors = 1, .tx_dropped = 1,
			      .rx_packets = 1, .rx_bytes = 68,
			      .rx_dropped = 1);
}

/* The same while the watch recycles either channel */
static void mctp_pcc_hazard_01_irq_inside_recycle(struct kunit *test)
{
	struct mctp_pcc_fake *fake = mctp_pcc_fake_up(test);

	fake->outbox.on_free = mctp_pcc_irq_in_free;
	fake->inbox.on_free = mctp_pcc_irq_in_free;
	mctp_pcc_fake_xmit(fake, 2);
	mctp_pcc_fake_age(fake, MCTP_PCC_HARD_FACTOR);
	mctp_pcc_fake_post(fake, 0x5054434d, 72, 1);
	mctp_pcc_fake_watch(fake);
	mctp_pcc_expect_sent(fake, 1, 64);
	mctp_pcc_expect_freed(fake, 1);

	/* received there, and not a second time */
	mctp_pcc_expect_tapped(fake, 1);
	mctp_pcc_expect_packet(fake, 68, 1);
	KUNIT_EXPECT_EQ(test, fake->inbox.requests, 2);
	mctp_pcc_expect_lost(fake, 0, 1, 0);
	mctp_pcc_expect_stats(fake, .tx_errors = 1, .rx_packets = 1,
			      .rx_bytes = 68);
	fake->outbox.on_free = NULL;
	fake->inbox.on_free = NULL;
}

/* The driver's own order: the interrupt first, then the mapping it took note
 * of, because the channel's may be the next owner's.
 */
static void mctp_pcc_next_owner(struct mctp_pcc_fake_chan *fc)
{
	KUNIT_EXPECT_NOT_NULL(fc->fake->test,
			      find_vm_area((void __force *)fc->pcc.shmem));
	fc->pcc.shmem = NULL;
}

static void mctp_pcc_hazard_01_free_order(struct kunit *test)
{
	struct mctp_pcc_fake *fake = mctp_pcc_fake_up(test);
	struct mctp_pcc_fake_chan *fc = &fake->inbox;
	void __iomem *shmem;

	/* the address of some device: mapped, never touched */
	shmem = ioremap(0xfed40000, PAGE_SIZE);
	KUNIT_ASSERT_NOT_NULL(test, (void __force *)shmem);
	fc->pcc.shmem = shmem;
	fc->on_shutdown = mctp_pcc_next_owner;

	kunit_deactivate_static_stub(test, mctp_pcc_free);
	mctp_pcc_shut_inbox(fake->mp);
	kunit_activate_static_stub(test, mctp_pcc_free, mctp_pcc_fake_free);
	mctp_pcc_fake_close(fake);

	KUNIT_EXPECT_FALSE(test, fc->live);
	KUNIT_EXPECT_NULL(test, fc->pcc.mchan->cl);
	KUNIT_EXPECT_NULL(test, find_vm_area((void __force *)shmem));
	fc->frees++;
}

static void mctp_pcc_irq_in_startup(struct mctp_pcc_fake_chan *fc)
{
	if (fc == &fc->fake->inbox)
		mctp_pcc_fake_post(fc->fake, 0x5054434d, 72, 1);
	else
		fc->in_use = true;
	mctp_pcc_fake_raise(fc);
}

static void mctp_pcc_hazard_02_irq_inside_request(struct kunit *test)
{
	struct mctp_pcc_fake *fake = mctp_pcc_fake_link(test);

	fake->outbox.on_startup = mctp_pcc_irq_in_startup;
	fake->inbox.on_startup = mctp_pcc_irq_in_startup;
	KUNIT_ASSERT_EQ(test, 0, mctp_pcc_fake_open(fake));
	mctp_pcc_expect_tapped(fake, 1);
	mctp_pcc_expect_packet(fake, 68, 1);

	mctp_pcc_fake_xmit(fake, 1);
	mctp_pcc_fake_done(fake);
	mctp_pcc_fake_post(fake, 0x5054434d, 72, 2);
	mctp_pcc_fake_raise(&fake->inbox);
	mctp_pcc_expect_tapped(fake, 2);
	mctp_pcc_expect_packet(fake, 68, 2);
	mctp_pcc_expect_stats(fake, .tx_packets = 1, .tx_bytes = 64,
			      .rx_packets = 2, .rx_bytes = 136);
}

/* The same when the request then fails, and after an earlier one that did */
static void mctp_pcc_hazard_02_irq_inside_failing(struct kunit *test)
{
	struct mctp_pcc_fake *fake = mctp_pcc_fake_link(test);
	unsigned int i;

	fake->inbox.on_startup = mctp_pcc_irq_in_startup;
	fake->inbox.startup_rc = -EBUSY;
	for (i = 0; i < 2; i++)
		KUNIT_EXPECT_EQ(test, -EBUSY, mctp_pcc_fake_open(fake));
	fake->inbox.startup_rc = 0;
	KUNIT_ASSERT_EQ(test, 0, mctp_pcc_fake_open(fake));
	mctp_pcc_expect_tapped(fake, 3);
	mctp_pcc_expect_stats(fake, .rx_packets = 3, .rx_bytes = 204);
}

/* An error of the doorbell reaches nobody; the watch finds it by its time */
static void mctp_pcc_hazard_06_doorbell_fails(struct kunit *test)
{
	struct mctp_pcc_fake *fake = mctp_pcc_fake_up(test);

	fake->outbox.send_rc = -EIO;
	mctp_pcc_fake_xmit(fake, 2);
	KUNIT_EXPECT_EQ(test, fake->outbox.sends, 1);
	KUNIT_EXPECT_EQ(test, fake->mchans[0].msg_count, 1);
	mctp_pcc_fake_watch(fake);
	KUNIT_EXPECT_EQ(test, fake->outbox.requests, 1);

	fake->outbox.send_rc = 0;
	mctp_pcc_fake_age(fake, 1);
	mctp_pcc_fake_watch(fake);
	mctp_pcc_expect_freed(fake, 1);
	KUNIT_EXPECT_EQ(test, fake->outbox.requests, 2);
	KUNIT_EXPECT_EQ(test, fake->outbox.sends, 2);
	mctp_pcc_expect_sent(fake, 1, 64);

	mctp_pcc_fake_done(fake);
	mctp_pcc_expect_freed(fake, 2);
	mctp_pcc_expect_lost(fake, 1, 0, 0);
	mctp_pcc_expect_stats(fake, .tx_packets = 1, .tx_bytes = 64,
			      .tx_errors = 1);
}

/* The same for the one that is sent from within a completion */
static void mctp_pcc_hazard_06_next_doorbell_fails(struct kunit *test)
{
	struct mctp_pcc_fake *fake = mctp_pcc_fake_up(test);

	mctp_pcc_fake_xmit(fake, 3);
	fake->outbox.send_rc = -EIO;
	mctp_pcc_fake_done(fake);
	KUNIT_EXPECT_EQ(test, fake->outbox.sends, 2);
	mctp_pcc_expect_freed(fake, 1);

	fake->outbox.send_rc = 0;
	mctp_pcc_fake_age(fake, 1);
	mctp_pcc_fake_watch(fake);
	mctp_pcc_expect_sent(fake, 2, 64);
	mctp_pcc_fake_done(fake);
	mctp_pcc_expect_freed(fake, 3);
	mctp_pcc_expect_stats(fake, .tx_packets = 2, .tx_bytes = 128,
			      .tx_errors = 1);
}

/* How the platform comes to give the buffer back, or does not */
static const struct mctp_pcc_owned_case {
	const char *name;
	int complete_rc;
	bool complete;
	unsigned int age;
	bool sent;
} mctp_pcc_owned_cases[] = {
	{ "still owned", 0, false, 0, false },
	{ "still owned past the deadline", 0, false,
	  MCTP_PCC_HARD_FACTOR - 1, false },
	{ "complete", 0, true, 0, true },
	{ "forgotten", 0, false, MCTP_PCC_HARD_FACTOR, true },
	{ "unreadable", -EIO, true, 0, false },
	{ "unreadable for long", -EIO, true, MCTP_PCC_HARD_FACTOR, true },
};

KUNIT_ARRAY_PARAM_DESC(mctp_pcc_owned, mctp_pcc_owned_cases, name);

static void mctp_pcc_hazard_07_open_while_owned(struct kunit *test)
{
	const struct mctp_pcc_owned_case *c = test->param_value;
	struct mctp_pcc_fake *fake = mctp_pcc_fake_link(test);

	fake->outbox.complete = false;
	fake->outbox.complete_rc = c->complete_rc;
	fake->outbox.in_use = true;
	KUNIT_ASSERT_EQ(test, 0, mctp_pcc_fake_open(fake));
	mctp_pcc_fake_xmit(fake, 2);
	mctp_pcc_fake_watch(fake);
	KUNIT_EXPECT_NULL(test, memchr_inv(fake->outbox.shmem,
					   MCTP_PCC_FAKE_FRESH,
					   fake->outbox.size));

	/* an interrupt of the old command is nobody's, and decides nothing */
	fake->outbox.complete = c->complete;
	mctp_pcc_fake_raise(&fake->outbox);
	KUNIT_EXPECT_EQ(test, fake->outbox.sends, 0);
	mctp_pcc_fake_age(fake, c->age);
	mctp_pcc_fake_watch(fake);

	KUNIT_EXPECT_EQ(test, fake->outbox.sends, c->sent);
	KUNIT_EXPECT_EQ(test, fake->outbox.requests, 1);
	if (c->sent)
		mctp_pcc_expect_sent(fake, 0, 64);
	mctp_pcc_expect_stats(fake);
}

static void mctp_pcc_hazard_09_stop_frees_all(struct kunit *test)
{
	struct mctp_pcc_fake *fake = mctp_pcc_fake_up(test);

	mctp_pcc_fake_xmit(fake, 5);
	mctp_pcc_fake_close(fake);
	mctp_pcc_expect_freed(fake, 5);
	KUNIT_EXPECT_TRUE(test, skb_queue_empty(&fake->mp->txq));
	mctp_pcc_expect_stats(fake, .tx_errors = 1, .tx_dropped = 4);

	/* and nothing of it comes back */
	fake->outbox.complete = true;
	KUNIT_ASSERT_EQ(test, 0, mctp_pcc_fake_open(fake));
	KUNIT_EXPECT_EQ(test, fake->outbox.sends, 1);
	mctp_pcc_fake_xmit(fake, 1);
	mctp_pcc_expect_sent(fake, 5, 64);
	mctp_pcc_fake_done(fake);
	mctp_pcc_expect_freed(fake, 6);
}

/* The next one goes out in the completion itself, and is alone in the core:
 * mctp_pcc_fake_check() has the count of every doorbell.
 */
static void mctp_pcc_hazard_10_next_from_tx_done(struct kunit *test)
{
	struct mctp_pcc_fake *fake = mctp_pcc_fake_up(test);
	struct mbox_chan *mchan = &fake->mchans[0];
	struct sk_buff *first, *second;

	first = mctp_pcc_fake_skb(fake, 64);
	second = mctp_pcc_fake_skb(fake, 64);
	mctp_pcc_fake_xmit_skb(fake, first);
	mctp_pcc_fake_xmit_skb(fake, second);
	KUNIT_EXPECT_PTR_EQ(test, mchan->active_req, (void *)first);
	KUNIT_EXPECT_EQ(test, mchan->msg_count, 0);
	mctp_pcc_expect_sent(fake, 0, 64);

	mctp_pcc_fake_done(fake);
	KUNIT_EXPECT_EQ(test, fake->outbox.sends, 2);
	KUNIT_EXPECT_PTR_EQ(test, mchan->active_req, (void *)second);
	KUNIT_EXPECT_EQ(test, mchan->msg_count, 0);
	KUNIT_EXPECT_EQ(test, fake->outbox.max_msgs, 1);
	mctp_pcc_expect_sent(fake, 1, 64);
	mctp_pcc_fake_done(fake);
}

static void mctp_pcc_xmit_in_free(struct mctp_pcc_fake_chan *fc)
{
	unsigned int sends = fc->sends;

	mctp_pcc_fake_xmit(fc->fake, 1);
	KUNIT_EXPECT_EQ(fc->fake->test, fc->sends, sends);
}

/* AF_PACKET can bypass the qdisc at any time */
static void mctp_pcc_hazard_14_send_and_stop(struct kunit *test)
{
	struct mctp_pcc_fake *fake = mctp_pcc_fake_up(test);

	fake->outbox.on_free = mctp_pcc_xmit_in_free;
	mctp_pcc_fake_close(fake);
	mctp_pcc_fake_xmit(fake, 1);
	KUNIT_EXPECT_EQ(test, fake->outbox.sends, 0);
	mctp_pcc_expect_freed(fake, 2);
	mctp_pcc_expect_stats(fake, .tx_dropped = 2);
}

static void mctp_pcc_hazard_14_send_and_recycle(struct kunit *test)
{
	struct mctp_pcc_fake *fake = mctp_pcc_fake_up(test);

	mctp_pcc_fake_xmit(fake, 1);
	mctp_pcc_fake_age(fake, MCTP_PCC_HARD_FACTOR);
	fake->outbox.on_free = mctp_pcc_xmit_in_free;
	mctp_pcc_fake_watch(fake);
	fake->outbox.on_free = NULL;

	/* held back, not lost */
	KUNIT_EXPECT_EQ(test, fake->outbox.sends, 2);
	mctp_pcc_expect_sent(fake, 1, 64);
	mctp_pcc_fake_done(fake);
	mctp_pcc_expect_stats(fake, .tx_packets = 1, .tx_bytes = 64,
			      .tx_errors = 1);
}

static const struct mctp_pcc_context_case {
	const char *name;
	void (*raise)(struct mctp_pcc_fake_chan *fc);
	bool frees;	/* there and then, but for who holds the lock */
} mctp_pcc_context_cases[] = {
	{ "hard interrupt", mctp_pcc_fake_raise },
	{ "thread with interrupts on", mctp_pcc_fake_raise_thread, true },
	{ "interrupts off", mctp_pcc_fake_raise_irqs_off },
};

KUNIT_ARRAY_PARAM_DESC(mctp_pcc_context, mctp_pcc_context_cases, name);

static void mctp_pcc_hazard_15_any_context(struct kunit *test)
{
	const struct mctp_pcc_context_case *c = test->param_value;
	struct mctp_pcc_fake *fake = mctp_pcc_fake_up(test);

	mctp_pcc_fake_xmit(fake, 2);
	fake->outbox.complete = true;
	c->raise(&fake->outbox);
	mctp_pcc_expect_freed(fake, 1);
	KUNIT_EXPECT_EQ(test, fake->freed_later, !c->frees);
	mctp_pcc_expect_sent(fake, 1, 64);
	mctp_pcc_fake_post(fake, 0x5054434d, 72, 3);
	c->raise(&fake->inbox);
	mctp_pcc_expect_tapped(fake, 1);
	mctp_pcc_expect_packet(fake, 68, 3);
	mctp_pcc_expect_stats(fake, .tx_packets = 1, .tx_bytes = 64,
			      .rx_packets = 1, .rx_bytes = 68);
}

static void mctp_pcc_hazard_20_waiting_without_irq(struct kunit *test)
{
	struct mctp_pcc_fake *fake = mctp_pcc_fake_up(test);
	unsigned int i;

	mctp_pcc_fake_watch(fake);
	KUNIT_EXPECT_FALSE(test, fake->mp->tx_watched);
	mctp_pcc_fake_post(fake, 0x5054434d, 72, 1);
	mctp_pcc_fake_watch(fake);
	mctp_pcc_expect_tapped(fake, 0);
	KUNIT_EXPECT_TRUE(test, fake->mp->tx_watched);

	/* a request, and soon a look at what came of it */
	mctp_pcc_fake_watch(fake);
	KUNIT_EXPECT_TRUE(test, fake->mp->rx_fresh);
	for (i = 0; i < 3; i++)
		mctp_pcc_fake_watch(fake);
	mctp_pcc_expect_tapped(fake, 1);
	mctp_pcc_expect_packet(fake, 68, 1);
	KUNIT_EXPECT_EQ(test, fake->inbox.requests, 2);
	KUNIT_EXPECT_EQ(test, fake->outbox.requests, 1);
	mctp_pcc_expect_lost(fake, 0, 0, 1);
	mctp_pcc_expect_stats(fake, .rx_packets = 1, .rx_bytes = 68);
}

static void mctp_pcc_post_in_each_startup(struct mctp_pcc_fake_chan *fc)
{
	mctp_pcc_fake_post(fc->fake, 0x5054434d, 72, 1);
}

static void mctp_pcc_post_in_startup(struct mctp_pcc_fake_chan *fc)
{
	fc->on_startup = NULL;
	mctp_pcc_post_in_each_startup(fc);
}

/* Between the core's acknowledge and its interrupt: one look is enough, also
 * when there were interrupts since the last look before.
 */
static void mctp_pcc_hazard_20_lost_in_request(struct kunit *test)
{
	struct mctp_pcc_fake *fake = mctp_pcc_fake_up(test);

	mctp_pcc_fake_post(fake, 0x5054434d, 72, 2);
	mctp_pcc_fake_raise(&fake->inbox);
	mctp_pcc_expect_tapped(fake, 1);
	mctp_pcc_fake_close(fake);

	fake->inbox.on_startup = mctp_pcc_post_in_startup;
	KUNIT_ASSERT_EQ(test, 0, mctp_pcc_fake_open(fake));
	KUNIT_EXPECT_TRUE(test, fake->mp->tx_watched);
	mctp_pcc_expect_tapped(fake, 1);
	mctp_pcc_fake_watch(fake);
	mctp_pcc_expect_tapped(fake, 2);
	mctp_pcc_expect_packet(fake, 68, 1);
	mctp_pcc_fake_watch(fake);
	KUNIT_EXPECT_FALSE(test, fake->mp->tx_watched);
	mctp_pcc_expect_lost(fake, 0, 0, 1);
	mctp_pcc_expect_stats(fake, .rx_packets = 2, .rx_bytes = 136);
}

/* Another one waits at each look: that is a busy link, not a stuck one */
static void mctp_pcc_hazard_20_not_stuck(struct kunit *test)
{
	struct mctp_pcc_fake *fake = mctp_pcc_fake_up(test);
	unsigned int i;

	mctp_pcc_fake_watch(fake);
	for (i = 1; i <= 4; i++) {
		mctp_pcc_fake_post(fake, 0x5054434d, 72, i);
		mctp_pcc_fake_watch(fake);
		mctp_pcc_fake_raise(&fake->inbox);
		mctp_pcc_expect_tapped(fake, i);
		mctp_pcc_expect_packet(fake, 68, i);
	}
	KUNIT_EXPECT_EQ(test, fake->inbox.requests, 1);
	mctp_pcc_expect_lost(fake, 0, 0, 0);
	mctp_pcc_expect_stats(fake, .rx_packets = 4, .rx_bytes = 272);
}

/* A platform that shows the same packet for ever, or always has a next one */
static void mctp_pcc_hazard_20_not_acknowledged(struct kunit *test)
{
	struct mctp_pcc_fake *fake = mctp_pcc_fake_up(test);
	unsigned int i;

	fake->inbox.on_startup = mctp_pcc_post_in_each_startup;
	mctp_pcc_fake_post(fake, 0x5054434d, 72, 1);
	for (i = 1; i <= MCTP_PCC_DEAD_STRIKES; i++) {
		mctp_pcc_fake_watch(fake);
		mctp_pcc_expect_tapped(fake, i);
	}

	for (i = MCTP_PCC_DEAD_STRIKES; i < 8; i++) {
		mctp_pcc_fake_watch(fake);
		mctp_pcc_expect_tapped(fake, i);
		mctp_pcc_fake_age(fake, 1);
		mctp_pcc_fake_watch(fake);
		mctp_pcc_expect_tapped(fake, i + 1);
	}
	mctp_pcc_expect_lost(fake, 0, 0, 8);

	/* the interrupts come back, and one is lost: no pause any more */
	fake->inbox.on_startup = NULL;
	mctp_pcc_fake_raise(&fake->inbox);
	mctp_pcc_expect_tapped(fake, 9);
	mctp_pcc_fake_watch(fake);
	KUNIT_EXPECT_EQ(test, fake->mp->rx_strikes, 0);
	mctp_pcc_fake_post(fake, 0x5054434d, 14, 2);
	mctp_pcc_fake_watch(fake);
	mctp_pcc_fake_watch(fake);
	mctp_pcc_expect_tapped(fake, 10);
	mctp_pcc_expect_lost(fake, 0, 0, 9);
}

/* A link that was down starts without a pause */
static void mctp_pcc_hazard_20_up_again(struct kunit *test)
{
	struct mctp_pcc_fake *fake = mctp_pcc_fake_up(test);
	unsigned int i;

	fake->inbox.on_startup = mctp_pcc_post_in_each_startup;
	mctp_pcc_fake_post(fake, 0x5054434d, 72, 1);
	for (i = 0; i <= MCTP_PCC_DEAD_STRIKES; i++)
		mctp_pcc_fake_watch(fake);
	mctp_pcc_expect_tapped(fake, MCTP_PCC_DEAD_STRIKES);

	mctp_pcc_fake_close(fake);
	fake->outbox.complete = true;
	KUNIT_ASSERT_EQ(test, 0, mctp_pcc_fake_open(fake));
	mctp_pcc_fake_watch(fake);
	mctp_pcc_expect_tapped(fake, MCTP_PCC_DEAD_STRIKES + 1);
}

/* Another client took the packet that was read, and the next one is new */
static void mctp_pcc_hazard_20_next_unread(struct kunit *test)
{
	struct mctp_pcc_fake *fake = mctp_pcc_fake_up(test);

	mctp_pcc_fake_post(fake, 0x5054434d, 72, 1);
	fake->inbox.request_rc = -EBUSY;
	mctp_pcc_fake_watch(fake);
	mctp_pcc_expect_tapped(fake, 1);
	fake->inbox.complete = true;
	mctp_pcc_fake_watch(fake);

	mctp_pcc_fake_post(fake, 0x5054434d, 72, 2);
	fake->inbox.request_rc = 0;
	mctp_pcc_fake_age(fake, MCTP_PCC_HARD_FACTOR);
	mctp_pcc_fake_watch(fake);
	mctp_pcc_expect_tapped(fake, 1);
	mctp_pcc_expect_stats(fake, .rx_packets = 1, .rx_bytes = 68,
			      .rx_missed_errors = 1);
}

/* An inbox that has nothing to say is not one that fails */
static void mctp_pcc_hazard_20_idle(struct kunit *test)
{
	struct mctp_pcc_fake *fake = mctp_pcc_fake_up(test);

	fake->mp->rx_strikes = MCTP_PCC_DEAD_STRIKES - 1;
	mctp_pcc_fake_watch(fake);
	KUNIT_EXPECT_EQ(test, fake->mp->rx_strikes, 0);
}

/* What was read is forgotten as soon as it is acknowledged */
static void mctp_pcc_hazard_20_read_once(struct kunit *test)
{
	struct mctp_pcc_fake *fake = mctp_pcc_fake_up(test);

	mctp_pcc_fake_post(fake, 0x5054434d, 72, 1);
	mctp_pcc_fake_watch(fake);
	mctp_pcc_expect_tapped(fake, 1);

	mctp_pcc_fake_post(fake, 0x5054434d, 72, 2);
	mctp_pcc_fake_close(fake);
	KUNIT_ASSERT_EQ(test, 0, mctp_pcc_fake_open(fake));
	mctp_pcc_expect_stats(fake, .rx_packets = 1, .rx_bytes = 68,
			      .rx_missed_errors = 1);
}

/* One failure is enough for a pause */
static void mctp_pcc_hazard_20_request_fails_once(struct kunit *test)
{
	struct mctp_pcc_fake *fake = mctp_pcc_fake_up(test);

	mctp_pcc_fake_post(fake, 0x5054434d, 72, 1);
	fake->inbox.request_rc = -EBUSY;
	mctp_pcc_fake_watch(fake);
	fake->inbox.request_rc = 0;
	mctp_pcc_fake_watch(fake);
	KUNIT_EXPECT_EQ(test, fake->inbox.requests, 1);
}

static void mctp_pcc_hazard_20_request_fails(struct kunit *test)
{
	struct mctp_pcc_fake *fake = mctp_pcc_fake_up(test);
	unsigned int i;

	mctp_pcc_fake_post(fake, 0x5054434d, 72, 1);
	fake->inbox.request_rc = -EBUSY;
	for (i = 0; i < 4; i++)
		mctp_pcc_fake_watch(fake);
	KUNIT_EXPECT_NULL(test, fake->mp->inbox.pcc);
	mctp_pcc_expect_tapped(fake, 1);

	/* the next attempt is not at once; what it finds has been read */
	fake->inbox.request_rc = 0;
	mctp_pcc_fake_age(fake, MCTP_PCC_HARD_FACTOR - 1);
	mctp_pcc_fake_watch(fake);
	KUNIT_EXPECT_EQ(test, fake->inbox.requests, 1);
	mctp_pcc_fake_age(fake, 1);
	mctp_pcc_fake_watch(fake);
	KUNIT_EXPECT_EQ(test, fake->inbox.requests, 2);
	mctp_pcc_expect_stats(fake, .rx_packets = 1, .rx_bytes = 68);

	mctp_pcc_fake_post(fake, 0x5054434d, 14, 2);
	mctp_pcc_fake_raise(&fake->inbox);
	mctp_pcc_expect_tapped(fake, 2);
	mctp_pcc_expect_packet(fake, 10, 2);
	mctp_pcc_expect_lost(fake, 0, 0, 1);
	mctp_pcc_expect_stats(fake, .rx_packets = 2, .rx_bytes = 78);
}

/* Once a request has not failed, what it misses is looked for at once again */
static void mctp_pcc_hazard_20_request_failed(struct kunit *test)
{
	struct mctp_pcc_fake *fake = mctp_pcc_fake_up(test);
	unsigned int i;

	mctp_pcc_fake_post(fake, 0x5054434d, 72, 1);
	fake->inbox.request_rc = -EBUSY;
	mctp_pcc_fake_watch(fake);
	mctp_pcc_expect_tapped(fake, 1);

	fake->inbox.request_rc = 0;
	fake->inbox.on_startup = mctp_pcc_post_in_each_startup;
	mctp_pcc_fake_age(fake, MCTP_PCC_HARD_FACTOR);
	for (i = 0; i <= MCTP_PCC_DEAD_STRIKES; i++)
		mctp_pcc_fake_watch(fake);
	mctp_pcc_expect_tapped(fake, MCTP_PCC_DEAD_STRIKES + 1);
}

/* Whoever has the inbox is asked ever more rarely */
static void mctp_pcc_hazard_20_request_fails_rarely(struct kunit *test)
{
	struct mctp_pcc_fake *fake = mctp_pcc_fake_up(test);
	unsigned int i, deadlines = 8;

	mctp_pcc_fake_post(fake, 0x5054434d, 72, 1);
	fake->inbox.request_rc = -EBUSY;
	mctp_pcc_fake_watch(fake);

	for (i = 1; i <= 5; i++) {
		mctp_pcc_fake_age(fake, deadlines - 1);
		mctp_pcc_fake_watch(fake);
		KUNIT_EXPECT_EQ(test, fake->inbox.refused, i);
		mctp_pcc_fake_age(fake, 1);
		mctp_pcc_fake_watch(fake);
		KUNIT_EXPECT_EQ(test, fake->inbox.refused, i + 1);
		deadlines = min(2 * deadlines, 64U);
	}
}

/* Each attempt without an interrupt acknowledges what has come since */
static void mctp_pcc_hazard_20_startup_fails(struct kunit *test)
{
	struct mctp_pcc_fake *fake = mctp_pcc_fake_up(test);

	mctp_pcc_fake_post(fake, 0x5054434d, 72, 1);
	fake->inbox.startup_rc = -ENOSPC;
	mctp_pcc_fake_watch(fake);
	mctp_pcc_fake_watch(fake);
	mctp_pcc_expect_tapped(fake, 1);
	mctp_pcc_expect_stats(fake, .rx_packets = 1, .rx_bytes = 68);

	mctp_pcc_fake_post(fake, 0x5054434d, 72, 2);
	mctp_pcc_fake_age(fake, MCTP_PCC_HARD_FACTOR);
	mctp_pcc_fake_watch(fake);
	mctp_pcc_expect_stats(fake, .rx_packets = 1, .rx_bytes = 68,
			      .rx_missed_errors = 1);

	fake->inbox.startup_rc = 0;
	mctp_pcc_fake_post(fake, 0x5054434d, 72, 3);
	mctp_pcc_fake_age(fake, 2 * MCTP_PCC_HARD_FACTOR);
	mctp_pcc_fake_watch(fake);
	mctp_pcc_expect_stats(fake, .rx_packets = 1, .rx_bytes = 68,
			      .rx_missed_errors = 2);
	mctp_pcc_expect_tapped(fake, 1);
}

static struct kunit_case mctp_pcc_kunit_cases[] = {
	KUNIT_CASE_PARAM(mctp_pcc_test_crs, mctp_pcc_crs_gen_params),
	KUNIT_CASE_PARAM(mctp_pcc_test_pcct_find, mctp_pcc_find_gen_params),
	KUNIT_CASE_PARAM(mctp_pcc_test_pcct_entry, mctp_pcc_entry_gen_params),
	KUNIT_CASE(mctp_pcc_test_pcct_values),
	KUNIT_CASE(mctp_pcc_test_pcct_index_limit),
	KUNIT_CASE_PARAM(mctp_pcc_test_deadline, mctp_pcc_deadline_gen_params),
	KUNIT_CASE(mctp_pcc_test_netdev),
	KUNIT_CASE(mctp_pcc_test_ethtool),
	KUNIT_CASE(mctp_pcc_test_claim),
	KUNIT_CASE(mctp_pcc_test_probe_no_crs),
#ifdef CONFIG_X86
	KUNIT_CASE(mctp_pcc_test_map),
	KUNIT_CASE(mctp_pcc_test_remove),
	KUNIT_CASE(mctp_pcc_test_probe),
	KUNIT_CASE_PARAM(mctp_pcc_test_probe_fails, mctp_pcc_spoil_gen_params),
#endif
	KUNIT_CASE_PARAM(mctp_pcc_test_tx_bytes, mctp_pcc_len_gen_params),
	KUNIT_CASE(mctp_pcc_test_tx_signature),
	KUNIT_CASE_PARAM(mctp_pcc_test_tx_check, mctp_pcc_check_gen_params),
	KUNIT_CASE(mctp_pcc_test_tx_nonlinear),
	KUNIT_CASE(mctp_pcc_test_tx_nomem),
	KUNIT_CASE(mctp_pcc_test_tx_clone),
	KUNIT_CASE(mctp_pcc_test_tx_order),
	KUNIT_CASE_PARAM(mctp_pcc_test_tx_control, mctp_pcc_control_gen_params),
	KUNIT_CASE(mctp_pcc_test_tx_control_order),
	KUNIT_CASE(mctp_pcc_test_tx_control_tag),
	KUNIT_CASE(mctp_pcc_test_tx_control_rest),
	KUNIT_CASE(mctp_pcc_test_tx_control_gone),
	KUNIT_CASE(mctp_pcc_test_tx_error),
	KUNIT_CASE(mctp_pcc_test_tx_queue_limits),
	KUNIT_CASE(mctp_pcc_test_tx_turnaround),
	KUNIT_CASE(mctp_pcc_test_tx_turnaround_timer),
	KUNIT_CASE(mctp_pcc_test_tx_turnaround_stop),
	KUNIT_CASE_PARAM(mctp_pcc_test_rx, mctp_pcc_rx_gen_params),
	KUNIT_CASE(mctp_pcc_test_rx_nomem),
	KUNIT_CASE(mctp_pcc_test_rx_signature),
	KUNIT_CASE(mctp_pcc_test_rx_untouched),
#ifdef CONFIG_X86
	KUNIT_CASE(mctp_pcc_test_rx_changes),
	KUNIT_CASE(mctp_pcc_test_gate_locked),
#endif
	KUNIT_CASE(mctp_pcc_test_spurious),
	KUNIT_CASE_PARAM(mctp_pcc_test_open_fails, mctp_pcc_open_gen_params),
	KUNIT_CASE(mctp_pcc_test_flap),
	KUNIT_CASE(mctp_pcc_test_open_rests),
	KUNIT_CASE(mctp_pcc_test_open_counts_missed),
	KUNIT_CASE(mctp_pcc_test_stop_done_meanwhile),
	KUNIT_CASE(mctp_pcc_test_watch_lifetime),
	KUNIT_CASE(mctp_pcc_test_watch_idle),
	KUNIT_CASE(mctp_pcc_test_watch_lost_irq),
	KUNIT_CASE(mctp_pcc_test_watch_late),
	KUNIT_CASE(mctp_pcc_test_watch_timeout),
	KUNIT_CASE(mctp_pcc_test_watch_unreadable),
	KUNIT_CASE(mctp_pcc_test_watch_race),
	KUNIT_CASE(mctp_pcc_test_watch_race_last),
	KUNIT_CASE_PARAM(mctp_pcc_test_watch_again, mctp_pcc_again_gen_params),
	KUNIT_CASE(mctp_pcc_test_watch_turnaround),
	KUNIT_CASE(mctp_pcc_test_reopen_outbox),
	KUNIT_CASE(mctp_pcc_test_reopen_gives_up),
	KUNIT_CASE(mctp_pcc_test_reopen_gate),
	KUNIT_CASE(mctp_pcc_test_done_meanwhile),
	KUNIT_CASE(mctp_pcc_test_stop_without_channels),
	KUNIT_CASE(mctp_pcc_test_dead_drops),
	KUNIT_CASE(mctp_pcc_test_dead_wakes),
	KUNIT_CASE(mctp_pcc_test_dead_retry),
	KUNIT_CASE(mctp_pcc_test_dead_unheard),
	KUNIT_CASE(mctp_pcc_test_dead_comes_back),
	KUNIT_CASE(mctp_pcc_test_dead_sends),
	KUNIT_CASE(mctp_pcc_test_dead_not_yet),
	KUNIT_CASE_PARAM(mctp_pcc_test_patience, mctp_pcc_patience_gen_params),
	KUNIT_CASE(mctp_pcc_test_real_request),
	KUNIT_CASE(mctp_pcc_test_real_complete),
#ifdef CONFIG_X86
	KUNIT_CASE(mctp_pcc_test_real_complete_bits),
#endif
	KUNIT_CASE(mctp_pcc_hazard_01_irq_inside_free),
	KUNIT_CASE(mctp_pcc_hazard_01_irq_inside_recycle),
	KUNIT_CASE(mctp_pcc_hazard_01_free_order),
	KUNIT_CASE(mctp_pcc_hazard_02_irq_inside_request),
	KUNIT_CASE(mctp_pcc_hazard_02_irq_inside_failing),
	KUNIT_CASE(mctp_pcc_hazard_06_doorbell_fails),
	KUNIT_CASE(mctp_pcc_hazard_06_next_doorbell_fails),
	KUNIT_CASE_PARAM(mctp_pcc_hazard_07_open_while_owned,
			 mctp_pcc_owned_gen_params),
	KUNIT_CASE(mctp_pcc_hazard_09_stop_frees_all),
	KUNIT_CASE(mctp_pcc_hazard_10_next_from_tx_done),
	KUNIT_CASE(mctp_pcc_hazard_14_send_and_stop),
	KUNIT_CASE(mctp_pcc_hazard_14_send_and_recycle),
	KUNIT_CASE_PARAM(mctp_pcc_hazard_15_any_context,
			 mctp_pcc_context_gen_params),
	KUNIT_CASE(mctp_pcc_hazard_20_waiting_without_irq),
	KUNIT_CASE(mctp_pcc_hazard_20_lost_in_request),
	KUNIT_CASE(mctp_pcc_hazard_20_not_stuck),
	KUNIT_CASE(mctp_pcc_hazard_20_not_acknowledged),
	KUNIT_CASE(mctp_pcc_hazard_20_up_again),
	KUNIT_CASE(mctp_pcc_hazard_20_next_unread),
	KUNIT_CASE(mctp_pcc_hazard_20_idle),
	KUNIT_CASE(mctp_pcc_hazard_20_read_once),
	KUNIT_CASE(mctp_pcc_hazard_20_request_fails_once),
	KUNIT_CASE(mctp_pcc_hazard_20_request_fails),
	KUNIT_CASE(mctp_pcc_hazard_20_request_failed),
	KUNIT_CASE(mctp_pcc_hazard_20_request_fails_rarely),
	KUNIT_CASE(mctp_pcc_hazard_20_startup_fails),
	{ }
};

static struct kunit_suite mctp_pcc_kunit_suite = {
	.name = "mctp_pcc",
	.test_cases = mctp_pcc_kunit_cases,
};

kunit_test_suite(mctp_pcc_kunit_suite);
