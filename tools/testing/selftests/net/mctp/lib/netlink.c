// SPDX-License-Identifier: GPL-2.0
/*
 * rtnetlink: links and queueing disciplines
 * Copyright (C) 2026 The mctp-pcc authors
 */
#include <sys/time.h>

#include <linux/gen_stats.h>
#include <linux/pkt_sched.h>

#include "pcc.h"

union nl_answer {
	struct nlmsghdr hdr;
	char data[32768];
};

void nl_init(struct nl_request *req, int type, int flags,
	     const void *family_hdr, size_t len)
{
	memset(req, 0, sizeof(*req));
	req->hdr.nlmsg_type = type;
	req->hdr.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | flags;
	req->hdr.nlmsg_len = NLMSG_LENGTH(len);
	memcpy(NLMSG_DATA(&req->hdr), family_hdr, len);
}

void nl_put(struct nl_request *req, int type, const void *data, size_t len)
{
	size_t at = NLMSG_ALIGN(req->hdr.nlmsg_len);
	struct rtattr *rta = (struct rtattr *)((char *)req + at);

	rta->rta_type = type;
	rta->rta_len = RTA_LENGTH(len);
	memcpy(RTA_DATA(rta), data, len);
	req->hdr.nlmsg_len = at + RTA_ALIGN(rta->rta_len);
}

/* Handles one datagram; 1: more to come, 0 or less: the kernel's result */
static int nl_parse(const struct nlmsghdr *hdr, int len, nl_handler handler,
		    void *arg)
{
	const struct nlmsgerr *err;

	for (; NLMSG_OK(hdr, (unsigned int)len); hdr = NLMSG_NEXT(hdr, len)) {
		if (hdr->nlmsg_type == NLMSG_DONE)
			return 0;
		if (hdr->nlmsg_type == NLMSG_ERROR) {
			err = NLMSG_DATA(hdr);
			return err->error;
		}
		if (handler)
			handler(hdr, arg);
	}
	return 1;
}

int nl_talk(struct nl_request *req, nl_handler handler, void *arg)
{
	struct timeval timeout = { .tv_sec = PCC_WAIT_MS / 1000 };
	union nl_answer answer;
	int fd, len, rc;

	fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	if (fd < 0)
		return -errno;
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout));

	rc = 1;
	if (send(fd, req, req->hdr.nlmsg_len, 0) < 0)
		rc = -errno;
	while (rc > 0) {
		len = recv(fd, &answer, sizeof(answer), 0);
		if (len < 0)
			rc = -errno;
		else
			rc = nl_parse(&answer.hdr, len, handler, arg);
	}
	close(fd);
	return rc;
}

/* nla_type() without the flags that newer attributes carry */
static unsigned int rta_type(const struct rtattr *rta)
{
	return rta->rta_type & NLA_TYPE_MASK;
}

struct rtattr *rta_find(const void *attrs, int len, unsigned int type)
{
	struct rtattr *rta = (struct rtattr *)attrs;

	for (; RTA_OK(rta, len); rta = RTA_NEXT(rta, len))
		if (rta_type(rta) == type)
			return rta;
	return NULL;
}

static struct rtattr *rta_nested(const struct rtattr *nest, unsigned int type)
{
	return nest ? rta_find(RTA_DATA(nest), RTA_PAYLOAD(nest), type) : NULL;
}

/* One behind the message's family header, which is @header bytes */
static struct rtattr *nl_attr(const struct nlmsghdr *hdr, size_t header,
			      unsigned int type)
{
	return rta_find((char *)NLMSG_DATA(hdr) + NLMSG_ALIGN(header),
			NLMSG_PAYLOAD(hdr, header), type);
}

/* As much as there is, perhaps no @rta at all; the rest is 0 */
static void rta_copy(void *to, size_t size, const struct rtattr *rta)
{
	size_t len = rta ? RTA_PAYLOAD(rta) : 0;

	memset(to, 0, size);
	if (rta)
		memcpy(to, RTA_DATA(rta), len < size ? len : size);
}

#define NUMBER(type, field)	{ type, offsetof(struct pcc_attrs, field) }

static const struct {
	unsigned int type;
	size_t at;
} link_numbers[] = {
	NUMBER(IFLA_MTU, mtu), NUMBER(IFLA_MIN_MTU, min_mtu),
	NUMBER(IFLA_MAX_MTU, max_mtu), NUMBER(IFLA_TXQLEN, txqlen),
	NUMBER(IFLA_CARRIER, carrier), NUMBER(IFLA_OPERSTATE, operstate),
};

static void link_handler(const struct nlmsghdr *hdr, void *arg)
{
	const struct ifinfomsg *ifi = NLMSG_DATA(hdr);
	const struct rtattr *mctp, *rta;
	struct pcc_attrs *attrs = arg;
	size_t i;

	if (hdr->nlmsg_type != RTM_NEWLINK)
		return;
	attrs->type = ifi->ifi_type;
	attrs->flags = ifi->ifi_flags;
	for (i = 0; i < ARRAY_SIZE(link_numbers); i++)
		rta_copy((char *)attrs + link_numbers[i].at,
			 sizeof(unsigned int),
			 nl_attr(hdr, sizeof(*ifi), link_numbers[i].type));
	rta_copy(attrs->qdisc, sizeof(attrs->qdisc),
		 nl_attr(hdr, sizeof(*ifi), IFLA_QDISC));
	rta_copy(&attrs->stats, sizeof(attrs->stats),
		 nl_attr(hdr, sizeof(*ifi), IFLA_STATS64));
	rta = nl_attr(hdr, sizeof(*ifi), IFLA_ADDRESS);
	attrs->addr_len = rta ? RTA_PAYLOAD(rta) : 0;
	mctp = rta_nested(nl_attr(hdr, sizeof(*ifi), IFLA_AF_SPEC), AF_MCTP);
	rta_copy(&attrs->net, sizeof(attrs->net),
		 rta_nested(mctp, IFLA_MCTP_NET));
	rta = rta_nested(mctp, IFLA_MCTP_PHYS_BINDING);
	attrs->binding = rta ? *(__u8 *)RTA_DATA(rta) : -1;
}

int nl_link_get(int ifindex, struct pcc_attrs *attrs)
{
	struct ifinfomsg ifi = { .ifi_index = ifindex };
	struct nl_request req;

	memset(attrs, 0, sizeof(*attrs));
	nl_init(&req, RTM_GETLINK, 0, &ifi, sizeof(ifi));
	return nl_talk(&req, link_handler, attrs);
}

int nl_link_stats(int ifindex, struct rtnl_link_stats64 *stats)
{
	struct pcc_attrs attrs;
	int rc;

	rc = nl_link_get(ifindex, &attrs);
	*stats = attrs.stats;
	return rc;
}

/* IF_OPER_*, as `ip link` shows it; ~0: there is no such link */
unsigned int nl_link_state(int ifindex)
{
	struct pcc_attrs attrs;

	return nl_link_get(ifindex, &attrs) ? ~0U : attrs.operstate;
}

/* A socket for changes of links, as `ip monitor link` has */
int nl_events_open(void)
{
	const struct sockaddr_nl addr = {
		.nl_family = AF_NETLINK,
		.nl_groups = RTMGRP_LINK,
	};

	return sock_bind(AF_NETLINK, SOCK_RAW | SOCK_NONBLOCK, &addr,
			 sizeof(addr));
}

/* The next change of that link; 0: there was one, -EAGAIN: no more */
int nl_events_next(int fd, int ifindex, struct pcc_attrs *attrs)
{
	const struct ifinfomsg *ifi;
	union nl_answer event;
	int len;

	for (;;) {
		len = recv(fd, &event, sizeof(event), 0);
		if (len < 0)
			return -errno;
		ifi = NLMSG_DATA(&event.hdr);
		if (!NLMSG_OK(&event.hdr, (unsigned int)len) ||
		    event.hdr.nlmsg_type != RTM_NEWLINK ||
		    ifi->ifi_index != ifindex)
			continue;
		link_handler(&event.hdr, attrs);
		return 0;
	}
}

int nl_link_up(int ifindex, bool up)
{
	struct ifinfomsg ifi = {
		.ifi_index = ifindex,
		.ifi_flags = up ? IFF_UP : 0,
		.ifi_change = IFF_UP,
	};
	struct nl_request req;

	nl_init(&req, RTM_NEWLINK, 0, &ifi, sizeof(ifi));
	return nl_talk(&req, NULL, NULL);
}

static int nl_link_set(int ifindex, int type, const void *data, size_t len)
{
	struct ifinfomsg ifi = { .ifi_index = ifindex };
	struct nl_request req;

	nl_init(&req, RTM_NEWLINK, 0, &ifi, sizeof(ifi));
	nl_put(&req, type, data, len);
	return nl_talk(&req, NULL, NULL);
}

int nl_link_mtu(int ifindex, unsigned int mtu)
{
	return nl_link_set(ifindex, IFLA_MTU, &mtu, sizeof(mtu));
}

int nl_link_name(int ifindex, const char *name)
{
	return nl_link_set(ifindex, IFLA_IFNAME, name, strlen(name) + 1);
}

/* Of MCTP: an EID is one of a net */
int nl_link_net(int ifindex, unsigned int net)
{
	struct {
		struct rtattr mctp;
		struct rtattr net;
		unsigned int value;
	} spec = {
		.mctp.rta_type = AF_MCTP | NLA_F_NESTED,
		.mctp.rta_len = sizeof(spec),
		.net.rta_type = IFLA_MCTP_NET,
		.net.rta_len = RTA_LENGTH(sizeof(net)),
		.value = net,
	};

	return nl_link_set(ifindex, IFLA_AF_SPEC | NLA_F_NESTED, &spec,
			   sizeof(spec));
}

int nl_link_netns(int ifindex, int netns)
{
	return nl_link_set(ifindex, IFLA_NET_NS_FD, &netns, sizeof(netns));
}

/* @kind: of the root qdisc; NULL: back to the default one */
int nl_qdisc_set(int ifindex, const char *kind)
{
	struct tcmsg tcm = {
		.tcm_ifindex = ifindex,
		.tcm_parent = TC_H_ROOT,
	};
	struct nl_request req;

	nl_init(&req, kind ? RTM_NEWQDISC : RTM_DELQDISC,
		kind ? NLM_F_CREATE | NLM_F_REPLACE : 0, &tcm, sizeof(tcm));
	if (kind)
		nl_put(&req, TCA_KIND, kind, strlen(kind) + 1);
	return nl_talk(&req, NULL, NULL);
}

static void qdisc_handler(const struct nlmsghdr *hdr, void *arg)
{
	size_t header = sizeof(struct tcmsg);
	struct pcc_qdisc *qdisc = arg;
	struct gnet_stats_queue queue;

	if (hdr->nlmsg_type != RTM_NEWQDISC)
		return;
	rta_copy(qdisc->kind, sizeof(qdisc->kind),
		 nl_attr(hdr, header, TCA_KIND));
	rta_copy(&queue, sizeof(queue),
		 rta_nested(nl_attr(hdr, header, TCA_STATS2), TCA_STATS_QUEUE));
	qdisc->qlen = queue.qlen;
	qdisc->drops = queue.drops;
}

int nl_qdisc_get(int ifindex, struct pcc_qdisc *qdisc)
{
	struct tcmsg tcm = {
		.tcm_ifindex = ifindex,
		.tcm_parent = TC_H_ROOT,
	};
	struct nl_request req;

	memset(qdisc, 0, sizeof(*qdisc));
	/* this one answers only with an echo */
	nl_init(&req, RTM_GETQDISC, NLM_F_ECHO, &tcm, sizeof(tcm));
	return nl_talk(&req, qdisc_handler, qdisc);
}
