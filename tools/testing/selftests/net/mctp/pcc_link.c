// SPDX-License-Identifier: GPL-2.0
/*
 * What the system shows of MCTP over PCC links: names, attributes, MTU, devices
 * Copyright (C) 2026 The mctp-pcc authors
 */
#include <limits.h>
#include <sched.h>

#include <linux/if_arp.h>

#include "lib/harness.h"

#define LINKS_MAX	16
#define NETNS		"/proc/self/ns/net"
#define NAME_PREDICTABLE	2	/* NET_NAME_PREDICTABLE of the kernel */
#define TXQLEN_MIN	8192	/* eight messages of 64 KiB */

FIXTURE(link)
{
	struct pcc pcc;
	struct pcc_attrs attrs;
};

FIXTURE_VARIANT(link)
{
	unsigned int nth;
	unsigned int max_mtu;	/* of the scripted platform */
};

FIXTURE_VARIANT_ADD(link, first) { .nth = 0, .max_mtu = 8192 };
FIXTURE_VARIANT_ADD(link, second) { .nth = 1, .max_mtu = 1024 };
FIXTURE_VARIANT_ADD(link, third) { .nth = 2, .max_mtu = 68 };

SETUP(link)
{
	if (!setup_found(pcc_get(&self->pcc, variant->nth, 0)))
		return;
	ASSERT_EQ(0, nl_link_get(self->pcc.link.ifindex, &self->attrs));
}

TEST_F(link, attributes)
{
	struct pcc_attrs *attrs = &self->attrs;

	EXPECT_EQ(ARPHRD_MCTP, attrs->type);
	EXPECT_TRUE(attrs->flags & IFF_NOARP);
	EXPECT_EQ(0, attrs->flags & IFF_BROADCAST);
	EXPECT_EQ(0, attrs->addr_len);
	EXPECT_EQ(MCTP_BINDING_PCC, attrs->binding);
	EXPECT_NE(0, attrs->net);
	EXPECT_LE(TXQLEN_MIN, attrs->txqlen);
}

TEST_F(link, name)
{
	char buf[32];

	ASSERT_LT(0, file_read(buf, sizeof(buf),
			       "/sys/class/net/%s/name_assign_type",
			       self->pcc.link.name));
	EXPECT_EQ(NAME_PREDICTABLE, atoi(buf));
}

/* The index in the name is that of the inbox, the second of a pair here */
TEST_F(link, inbox_index)
{
	char name[IFNAMSIZ];

	if (!setup_found(plat_absent()))
		return;
	snprintf(name, sizeof(name), "mctppcc%u", 2 * variant->nth + 1);
	EXPECT_STREQ(name, self->pcc.link.name);
}

TEST_F(link, mtu_limits)
{
	unsigned int max = self->attrs.max_mtu;
	int ifindex = self->pcc.link.ifindex;
	struct pcc_attrs attrs;

	EXPECT_EQ(MCTP_MTU_MIN, self->attrs.min_mtu);
	ASSERT_LE(MCTP_MTU_MIN, max);
	EXPECT_EQ(-EINVAL, nl_link_mtu(ifindex, MCTP_MTU_MIN - 1));
	EXPECT_EQ(-EINVAL, nl_link_mtu(ifindex, max + 1));
	ASSERT_EQ(0, nl_link_mtu(ifindex, max));
	ASSERT_EQ(0, nl_link_get(ifindex, &attrs));
	EXPECT_EQ(max, attrs.mtu);
	ASSERT_EQ(0, nl_link_mtu(ifindex, MCTP_MTU_MIN));
	ASSERT_EQ(0, nl_link_get(ifindex, &attrs));
	EXPECT_EQ(MCTP_MTU_MIN, attrs.mtu);
}

/* The smaller of the two buffers, less the PCC header */
TEST_F(link, mtu_of_buffers)
{
	if (!setup_found(plat_not_lab()))
		return;
	EXPECT_EQ(variant->max_mtu, self->attrs.max_mtu);
}

TEST_F(link, parent_device)
{
	char path[128], real[PATH_MAX];
	struct ethtool_drvinfo info;

	snprintf(path, sizeof(path), "/sys/class/net/%s/device/driver",
		 self->pcc.link.name);
	ASSERT_NE(NULL, realpath(path, real));
	EXPECT_STREQ(PCC_DRIVER, strrchr(real, '/') + 1);

	snprintf(path, sizeof(path), "/sys/class/net/%s/device",
		 self->pcc.link.name);
	ASSERT_NE(NULL, realpath(path, real));
	ASSERT_EQ(0, ethtool_driver(self->pcc.link.name, &info));
	EXPECT_STREQ(PCC_DRIVER, info.driver);
	EXPECT_STREQ(strrchr(real, '/') + 1, info.bus_info);
	EXPECT_STREQ(self->pcc.device, info.bus_info);
	EXPECT_EQ(0, strncmp(info.bus_info, PCC_HID ":", strlen(PCC_HID) + 1));
}

TEST_F(link, carrier)
{
	struct pcc_attrs attrs;

	ASSERT_EQ(0, nl_link_up(self->pcc.link.ifindex, true));
	ASSERT_EQ(0, nl_link_get(self->pcc.link.ifindex, &attrs));
	EXPECT_EQ(1, attrs.carrier);
	EXPECT_TRUE(attrs.flags & IFF_RUNNING);
	EXPECT_FALSE(attrs.flags & IFF_DORMANT);
	EXPECT_STRNE("noqueue", attrs.qdisc);
	ASSERT_EQ(0, nl_link_up(self->pcc.link.ifindex, false));
	ASSERT_EQ(0, nl_link_get(self->pcc.link.ifindex, &attrs));
	EXPECT_EQ(0, attrs.flags & IFF_UP);
}

TEST_F(link, operstate)
{
	ASSERT_EQ(0, nl_link_up(self->pcc.link.ifindex, true));
	EXPECT_TRUE(wait_until(nl_link_state(self->pcc.link.ifindex) ==
			       IF_OPER_UP));
}

FIXTURE_LINK(mtu, setup_link(&self->pcc, 0, MCTP_MTU_MIN));

/* A change of the MTU takes effect with the link up */
TEST_F(mtu, change_while_up)
{
	struct pcc *pcc = &self->pcc;
	const unsigned int mtus[] = { 68, 1000, 69, pcc->start.max_mtu, 68 };
	struct pcc_counters c;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(mtus); i++) {
		ASSERT_EQ(0, nl_link_mtu(pcc->link.ifindex, mtus[i]));
		ASSERT_EQ(0, plat_reset(pcc));
		ASSERT_EQ(0, mctp_echo(pcc, 8000));
		ASSERT_EQ(0, plat_counters(pcc, &c));
		EXPECT_EQ(mctp_packets(8000, mtus[i]), c.in_packets);
		EXPECT_EQ(mctp_bytes(8000, mtus[i]), c.in_bytes);
	}
}

FIXTURE(netdev)
{
	struct pcc pcc;
	char *name;
};

SETUP(netdev)
{
	if (!setup_found(pcc_get(&self->pcc, 0, 0)))
		return;
	self->name = self->pcc.link.name;
	ASSERT_EQ(0, nl_link_up(self->pcc.link.ifindex, false));
}

TEST_F(netdev, rename)
{
	struct pcc *pcc = &self->pcc;
	struct ethtool_drvinfo info;
	char path[128];

	ASSERT_EQ(0, nl_link_name(pcc->link.ifindex, "bmc0"));
	snprintf(path, sizeof(path), "/sys/class/net/%s", self->name);
	EXPECT_NE(0, access(path, F_OK));
	EXPECT_EQ(0, access("/sys/class/net/bmc0/device/driver", F_OK));
	EXPECT_EQ(0, ethtool_driver("bmc0", &info));
	EXPECT_STREQ(PCC_DRIVER, info.driver);
	check_talks(pcc);
	ASSERT_EQ(0, nl_link_up(pcc->link.ifindex, false));
	ASSERT_EQ(0, nl_link_name(pcc->link.ifindex, self->name));
}

/* Addresses and routes survive a test that unbinds the device */
TEST_F(netdev, addresses_kept)
{
	struct pcc *pcc = &self->pcc;
	struct pcc_state *state;

	if (!setup_up(pcc, NULL, MCTP_MTU_MIN))
		return;
	state = calloc(1, sizeof(*state));
	ASSERT_NE(NULL, state);
	state_save(state);
	ASSERT_EQ(0, pcc_bind(pcc->device, false));
	EXPECT_EQ(0, state_restore(state));
	ASSERT_EQ(0, pcc_link_wait(pcc));
	EXPECT_EQ(-EEXIST, nl_addr(pcc->link.ifindex, pcc->eid, true));
	EXPECT_EQ(-EEXIST, nl_route(pcc->link.ifindex, pcc->peer_eid, true));
	EXPECT_EQ(pcc->peer_eid, mctp_get_eid(pcc));
	free(state);
}

/* It works in another namespace, and comes back when that ends */
TEST_F(netdev, namespace)
{
	int home = open(NETNS, O_RDONLY | O_CLOEXEC), away;
	struct pcc *pcc = &self->pcc;
	struct pcc_link link;

	ASSERT_EQ(0, unshare(CLONE_NEWNET));
	away = open(NETNS, O_RDONLY | O_CLOEXEC);
	ASSERT_EQ(0, setns(home, CLONE_NEWNET));
	ASSERT_EQ(0, nl_link_netns(pcc->link.ifindex, away));
	EXPECT_NE(0, pcc_link_of(pcc->device, &link));
	ASSERT_EQ(0, setns(away, CLONE_NEWNET));
	check_talks(pcc);
	close(pcc->fd);
	pcc->fd = -1;
	ASSERT_EQ(0, setns(home, CLONE_NEWNET));
	close(away);
	ASSERT_EQ(0, pcc_link_wait(pcc));
	check_talks(pcc);
}

/* What a program prints of the link; -1: it is not there, or fails */
static int tool_output(char *buf, size_t size, const char *command,
		       const char *name)
{
	char line[128];
	size_t len;
	FILE *f;

	snprintf(line, sizeof(line), "%s %s 2>&1", command, name);
	f = popen(line, "r");
	if (!f)
		return -1;
	len = fread(buf, 1, size - 1, f);
	buf[len] = '\0';
	return pclose(f) ? -1 : (int)len;
}

TEST_F(netdev, tools)
{
	static const char * const said[] = {
		"\"min_mtu\":68,", "\"parentbus\":\"platform\"",
		"\"parentdev\":\"" PCC_HID ":", "\"stats64\":", "\"NOARP\"",
	};
	char buf[4096];
	unsigned int i;

	if (system("ip -V >/dev/null 2>&1") ||
	    system("ethtool --version >/dev/null 2>&1"))
		SKIP(return, "no ip or no ethtool");
	ASSERT_LT(0, tool_output(buf, sizeof(buf), "ip -d -s -j link show dev",
				 self->name));
	for (i = 0; i < ARRAY_SIZE(said); i++)
		EXPECT_NE(NULL, strstr(buf, said[i]))
			TH_LOG("ip lacks number %u of these: %s", i, buf);
	ASSERT_LT(0, tool_output(buf, sizeof(buf), "ethtool -i", self->name));
	EXPECT_NE(NULL, strstr(buf, "driver: " PCC_DRIVER "\n"));
	EXPECT_NE(NULL, strstr(buf, "bus-info: " PCC_HID ":"));
	/* all counters are in the link's statistics */
	EXPECT_GT(0, tool_output(buf, sizeof(buf), "ethtool -S", self->name));
}

FIXTURE(all)
{
	struct pcc pcc[LINKS_MAX];
	int n;
};

SETUP(all)
{
	int i;

	if (!setup_found(pcc_get(&self->pcc[0], 1, 0)))
		return;
	for (i = 0; i < LINKS_MAX; i++)
		if (pcc_get(&self->pcc[i], i, 0))
			break;
	self->n = i;
}

TEST_F(all, one_per_device)
{
	char devices[LINKS_MAX][64];
	int i, n, bound = 0;

	n = pcc_devices(devices, LINKS_MAX);
	for (i = 0; i < n; i++)
		bound += pcc_bound(devices[i]);
	EXPECT_EQ(bound, self->n);
}

TEST_F(all, up_at_once)
{
	int i;

	for (i = 0; i < self->n; i++)
		check_talks(&self->pcc[i]);
	/* the first is not disturbed by the last */
	for (i = 0; i < self->n; i++)
		EXPECT_EQ(self->pcc[i].peer_eid, mctp_get_eid(&self->pcc[i]));
}

/* Firmware may number inboxes as it likes: these follow each other, from 0 */
FIXTURE_LINK(renumbered,
	     setup_found(pcc_get(&self->pcc, 1, PCC_NEED_PLATFORM)));

TEST_F(renumbered, own_eids)
{
	struct pcc_link links[LINKS_MAX];
	int i, n = pcc_links(links, LINKS_MAX);
	char name[16];

	for (i = 0; i < n; i++) {
		snprintf(name, sizeof(name), "mctppcc%d", i);
		ASSERT_EQ(0, nl_link_name(links[i].ifindex, name));
	}
	for (i = 0; i < n; i++) {
		ASSERT_EQ(NULL, pcc_get(&self->pcc, i, PCC_NEED_PLATFORM));
		check_talks(&self->pcc);
		EXPECT_EQ(PCC_EID + 2 * i, self->pcc.eid);
	}
}

FIXTURE(module)
{
	struct pcc pcc;
	struct pcc_link links[LINKS_MAX];
	int n;
};

SETUP(module)
{
	if (!setup_found(pcc_get(&self->pcc, 0, PCC_NEED_MODULE)))
		return;
	self->n = pcc_links(self->links, LINKS_MAX);
	ASSERT_EQ(0, pcc_module_unload());
}

TEST_F(module, autoload)
{
	struct pcc_link links[LINKS_MAX];

	EXPECT_EQ(0, pcc_links(links, LINKS_MAX));
	ASSERT_EQ(0, pcc_autoload(self->pcc.device));
	EXPECT_TRUE(wait_until(pcc_links(links, LINKS_MAX) == self->n));
	EXPECT_EQ(0, memcmp(links[0].name, self->links[0].name, IFNAMSIZ));
}

/* A probe reads tables and rings no doorbell */
TEST_F(module, silent_until_open)
{
	struct pcc_counters c;

	if (!setup_found(plat_absent()))
		return;
	self->pcc.platform = true;
	ASSERT_PLAT(&self->pcc, "reset");
	ASSERT_EQ(0, pcc_module_load());
	ASSERT_EQ(0, pcc_link_wait(&self->pcc));
	ASSERT_EQ(0, plat_counters(&self->pcc, &c));
	EXPECT_EQ(0, c.doorbells);
	check_talks(&self->pcc);
	ASSERT_EQ(0, plat_counters(&self->pcc, &c));
	EXPECT_LT(0, c.doorbells);
}

TEST_HARNESS_MAIN
