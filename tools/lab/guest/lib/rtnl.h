/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Copyright (C) 2026 The mctp-pcc authors
 *
 * What a bus owner asks of rtnetlink. iproute2 has no `ip mctp`.
 */
#ifndef LAB_RTNL_H
#define LAB_RTNL_H

#include <stdbool.h>

#include <linux/types.h>
#include <linux/if_link.h>

/* All return 0, or a negative errno. */
int rtnl_set_up(int ifindex, bool up);
int rtnl_set_mtu(int ifindex, __u32 mtu);
int rtnl_add_eid(int ifindex, __u8 eid);
int rtnl_add_route(int ifindex, __u8 eid);

/* Limits and statistics of a link. */
struct rtnl_link {
	__u32 mtu;
	__u32 min_mtu;
	__u32 max_mtu;
	struct rtnl_link_stats64 stats;
};

int rtnl_get_link(int ifindex, struct rtnl_link *link);

#endif
