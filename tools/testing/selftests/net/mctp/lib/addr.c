// SPDX-License-Identifier: GPL-2.0
/*
 * EIDs of links, and routes
 * Copyright (C) 2026 The mctp-pcc authors
 */
#include <linux/if_addr.h>

#include "pcc.h"

int nl_addr(int ifindex, __u8 eid, bool add)
{
	struct ifaddrmsg ifa = {
		.ifa_family = AF_MCTP,
		.ifa_index = ifindex,
	};
	struct nl_request req;

	nl_init(&req, add ? RTM_NEWADDR : RTM_DELADDR, 0, &ifa, sizeof(ifa));
	nl_put(&req, IFA_LOCAL, &eid, sizeof(eid));
	return nl_talk(&req, NULL, NULL);
}

int nl_route(int ifindex, __u8 eid, bool add)
{
	struct rtmsg rtm = {
		.rtm_family = AF_MCTP,
		.rtm_type = RTN_UNICAST,
	};
	struct nl_request req;

	nl_init(&req, add ? RTM_NEWROUTE : RTM_DELROUTE, 0, &rtm, sizeof(rtm));
	nl_put(&req, RTA_DST, &eid, sizeof(eid));
	nl_put(&req, RTA_OIF, &ifindex, sizeof(ifindex));
	return nl_talk(&req, NULL, NULL);
}

struct nl_list {
	struct nl_addr *addrs;
	int n, max;
};

static struct rtattr *addr_attr(struct nl_addr *addr, unsigned int type)
{
	size_t header = NLMSG_ALIGN(addr->type == RTM_NEWADDR ?
				    sizeof(struct ifaddrmsg) :
				    sizeof(struct rtmsg));

	return rta_find(addr->data + header, addr->len - header, type);
}

/* Where the interface's index is */
static void *addr_ifindex(struct nl_addr *addr)
{
	struct rtattr *rta;

	if (addr->type == RTM_NEWADDR)
		return &((struct ifaddrmsg *)addr->data)->ifa_index;
	rta = addr_attr(addr, RTA_OIF);
	return rta ? RTA_DATA(rta) : NULL;
}

/* A gateway's route belongs to no link, one of our own EIDs to that */
static void addr_handler(const struct nlmsghdr *hdr, void *arg)
{
	size_t len = hdr->nlmsg_len - NLMSG_HDRLEN;
	struct nl_list *list = arg;
	struct nl_addr *addr;
	void *ifindex;

	if (list->n == list->max || len > sizeof(addr->data))
		return;
	addr = &list->addrs[list->n];
	memset(addr, 0, sizeof(*addr));
	addr->type = hdr->nlmsg_type;
	addr->len = len;
	memcpy(addr->data, NLMSG_DATA(hdr), len);
	ifindex = addr_ifindex(addr);
	if (!ifindex || (addr->type == RTM_NEWROUTE &&
			 ((struct rtmsg *)addr->data)->rtm_type != RTN_UNICAST))
		return;
	memcpy(&addr->ifindex, ifindex, sizeof(addr->ifindex));
	list->n++;
}

/* The EIDs of all links, and the routes by them; returns how many */
int nl_addrs(struct nl_addr *addrs, int max)
{
	const struct ifaddrmsg ifa = { .ifa_family = AF_MCTP };
	const struct rtmsg rtm = { .rtm_family = AF_MCTP };
	struct nl_list list = { .addrs = addrs, .max = max };
	struct nl_request req;

	nl_init(&req, RTM_GETADDR, NLM_F_DUMP, &ifa, sizeof(ifa));
	nl_talk(&req, addr_handler, &list);
	nl_init(&req, RTM_GETROUTE, NLM_F_DUMP, &rtm, sizeof(rtm));
	nl_talk(&req, addr_handler, &list);
	return list.n;
}

/* Has another link this EID, or a route to it? */
bool nl_eid_taken(int ifindex, __u8 eid)
{
	struct nl_addr addrs[ADDRS_MAX];
	int i, n = nl_addrs(addrs, ADDRS_MAX);
	struct rtattr *rta;

	for (i = 0; i < n; i++) {
		rta = addr_attr(&addrs[i], addrs[i].type == RTM_NEWADDR ?
					   IFA_LOCAL : RTA_DST);
		if (addrs[i].ifindex != ifindex && rta &&
		    *(__u8 *)RTA_DATA(rta) == eid)
			return true;
	}
	return false;
}

void nl_addr_move(struct nl_addr *addr, int ifindex)
{
	addr->ifindex = ifindex;
	memcpy(addr_ifindex(addr), &ifindex, sizeof(ifindex));
}

int nl_addr_put(const struct nl_addr *addr, bool add)
{
	struct nl_addr copy = *addr;
	struct nl_request req;
	struct rtattr *nest;

	/* which the kernel tells without the flag, but wants with it */
	nest = addr->type == RTM_NEWROUTE ? addr_attr(&copy, RTA_METRICS) :
					    NULL;
	if (nest)
		nest->rta_type |= NLA_F_NESTED;
	/* the message that takes it away has the next number */
	nl_init(&req, copy.type + !add, 0, copy.data, copy.len);
	return nl_talk(&req, NULL, NULL);
}
