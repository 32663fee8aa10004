// SPDX-License-Identifier: GPL-2.0
/*
 * Reproducers for the patches in this directory: each test fails without one.
 *
 * Copyright (C) 2026 The mctp-pcc authors
 */

#include <linux/if_arp.h>
#include <linux/mctp.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <net/mctp.h>
#include <net/mctpdevice.h>
#include <net/pkt_sched.h>
#include <net/sch_generic.h>
#include <net/sock.h>
#include <kunit/test.h>

#define FAKE_MTU	68
#define FAKE_PRIORITY	6

static netdev_tx_t fake_xmit(struct sk_buff *skb, struct net_device *ndev)
{
	dev_kfree_skb(skb);

	return NETDEV_TX_OK;
}

static const struct net_device_ops fake_ops = {
	.ndo_start_xmit = fake_xmit,
};

static void fake_link_setup(struct net_device *ndev)
{
	ndev->type = ARPHRD_MCTP;
	ndev->mtu = FAKE_MTU;
	ndev->tx_queue_len = 16;
	ndev->flags = IFF_NOARP;
	ndev->netdev_ops = &fake_ops;
}

static struct net_device *fake_link(struct kunit *test, const char *name)
{
	struct net_device *ndev;

	ndev = alloc_netdev(0, name, NET_NAME_ENUM, fake_link_setup);
	KUNIT_ASSERT_NOT_NULL(test, ndev);

	return ndev;
}

static void mctp_core_default_qdisc(struct kunit *test)
{
	struct net_device *ndev = fake_link(test, "mctpq%d");
	char before[IFNAMSIZ], id[IFNAMSIZ];

	qdisc_get_default(before, sizeof(before));
	KUNIT_EXPECT_EQ(test, qdisc_set_default("fq_codel"), 0);
	KUNIT_EXPECT_EQ(test, mctp_register_netdev(ndev, NULL, 0), 0);
	rtnl_lock();
	KUNIT_EXPECT_EQ(test, dev_open(ndev, NULL), 0);
	strscpy(id, rtnl_dereference(ndev->qdisc)->ops->id);
	dev_close(ndev);
	rtnl_unlock();
	mctp_unregister_netdev(ndev);
	free_netdev(ndev);
	KUNIT_EXPECT_EQ(test, qdisc_set_default(before), 0);

	KUNIT_EXPECT_STREQ(test, id, "pfifo_fast");
}

static u32 fake_priorities[4];
static unsigned int fake_count;

static int fake_output(struct mctp_dst *dst, struct sk_buff *skb)
{
	if (fake_count < ARRAY_SIZE(fake_priorities))
		fake_priorities[fake_count] = skb->priority;
	fake_count++;
	kfree_skb(skb);

	return 0;
}

/* Sends @len bytes in packets of 68 */
static void fake_send(struct kunit *test, struct mctp_dev *mdev, size_t len)
{
	struct mctp_dst dst = {
		.dev = mdev,
		.mtu = FAKE_MTU,
		.saddr = 8,
		.output = fake_output,
	};
	struct socket *sock;
	struct sk_buff *skb;

	KUNIT_ASSERT_EQ(test, 0, sock_create_kern(&init_net, AF_MCTP,
						  SOCK_DGRAM, 0, &sock));
	sock_set_priority(sock->sk, FAKE_PRIORITY);
	skb = alloc_skb(len + sizeof(struct mctp_hdr), GFP_KERNEL);
	if (skb) {
		skb_reserve(skb, sizeof(struct mctp_hdr));
		skb_put_zero(skb, len);
		fake_count = 0;
		mctp_local_output(sock->sk, &dst, skb, 9, 0);
	}
	sock_release(sock);
}

static void mctp_core_priority(struct kunit *test)
{
	struct net_device *ndev = fake_link(test, "mctpp%d");
	struct mctp_dev *mdev;
	unsigned int i;

	KUNIT_ASSERT_EQ(test, mctp_register_netdev(ndev, NULL, 0), 0);
	rtnl_lock();
	mdev = mctp_dev_get_rtnl(ndev);
	rtnl_unlock();
	fake_send(test, mdev, 2 * 64 + 1);
	mctp_unregister_netdev(ndev);
	free_netdev(ndev);

	/* each fragment, so that the qdisc keeps their order */
	KUNIT_EXPECT_EQ(test, fake_count, 3);
	for (i = 0; i < 3; i++)
		KUNIT_EXPECT_EQ(test, fake_priorities[i], FAKE_PRIORITY);
}

static void mctp_core_name_taken(struct kunit *test)
{
	struct net_device *first = fake_link(test, "mctpn0");
	struct net_device *second = fake_link(test, "mctpn0");
	void *left;

	KUNIT_ASSERT_EQ(test, mctp_register_netdev(first, NULL, 0), 0);
	KUNIT_EXPECT_EQ(test, mctp_register_netdev(second, NULL, 0), -EEXIST);

	/* its state would point to a device that is about to be freed */
	left = rcu_access_pointer(second->mctp_ptr);
	KUNIT_EXPECT_NULL(test, left);
	mctp_unregister_netdev(first);
	free_netdev(first);
	free_netdev(second);
}

static struct kunit_case mctp_core_cases[] = {
	KUNIT_CASE(mctp_core_default_qdisc),
	KUNIT_CASE(mctp_core_priority),
	KUNIT_CASE(mctp_core_name_taken),
	{}
};

static struct kunit_suite mctp_core_suite = {
	.name = "mctp_core",
	.test_cases = mctp_core_cases,
};

kunit_test_suite(mctp_core_suite);
