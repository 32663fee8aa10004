// SPDX-License-Identifier: GPL-2.0
/*
 * Copyright (C) 2026 The mctp-pcc authors
 */
#include <errno.h>
#include <net/if.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <linux/netlink.h>
#include <linux/rtnetlink.h>

#include "rtnl.h"

#ifndef AF_MCTP
#define AF_MCTP 45
#endif

struct request {
	struct nlmsghdr nh;
	char body[256];
};

struct answer {
	struct nlmsghdr nh;
	char body[16384];
};

static void start(struct request *req, __u16 type, __u16 flags,
		  const void *header, size_t len)
{
	memset(req, 0, sizeof(*req));
	req->nh.nlmsg_type = type;
	req->nh.nlmsg_flags = NLM_F_REQUEST | flags;
	req->nh.nlmsg_len = NLMSG_LENGTH(len);
	memcpy(NLMSG_DATA(&req->nh), header, len);
}

static void add(struct request *req, __u16 type, const void *data,
		size_t len)
{
	size_t at = NLMSG_ALIGN(req->nh.nlmsg_len);
	struct rtattr *attr = (void *)((char *)req + at);

	attr->rta_type = type;
	attr->rta_len = RTA_LENGTH(len);
	memcpy(RTA_DATA(attr), data, len);
	req->nh.nlmsg_len = at + RTA_LENGTH(len);
}

/* Sends a request and receives its one answer. Returns the answer's length. */
static ssize_t ask(struct request *req, struct answer *reply)
{
	struct timeval limit = { .tv_sec = 20 };
	ssize_t rc = -1;
	int sd;

	sd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	if (sd < 0)
		return -errno;

	if (!setsockopt(sd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)) &&
	    send(sd, req, req->nh.nlmsg_len, 0) >= 0)
		rc = recv(sd, reply, sizeof(*reply), 0);
	if (rc < 0)
		rc = -errno;

	close(sd);
	return rc;
}

/* The errno of an answer that is an acknowledgment or a refusal. */
static int verdict(const struct nlmsghdr *nh, ssize_t len)
{
	const struct nlmsgerr *err = NLMSG_DATA(nh);

	if (!NLMSG_OK(nh, len))
		return -EPROTO;
	return nh->nlmsg_type == NLMSG_ERROR ? err->error : 0;
}

static int command(struct request *req)
{
	struct answer reply;
	ssize_t len;

	req->nh.nlmsg_flags |= NLM_F_ACK;
	len = ask(req, &reply);
	return len < 0 ? len : verdict(&reply.nh, len);
}

int rtnl_set_up(int ifindex, bool up)
{
	struct ifinfomsg msg = {
		.ifi_index = ifindex,
		.ifi_flags = up ? IFF_UP : 0,
		.ifi_change = IFF_UP,
	};
	struct request req;

	start(&req, RTM_NEWLINK, 0, &msg, sizeof(msg));
	return command(&req);
}

int rtnl_set_mtu(int ifindex, __u32 mtu)
{
	struct ifinfomsg msg = { .ifi_index = ifindex };
	struct request req;

	start(&req, RTM_NEWLINK, 0, &msg, sizeof(msg));
	add(&req, IFLA_MTU, &mtu, sizeof(mtu));
	return command(&req);
}

/* What is there already is as good: a program may run twice. */
static int add_command(struct request *req)
{
	int rc = command(req);

	return rc == -EEXIST ? 0 : rc;
}

int rtnl_add_eid(int ifindex, __u8 eid)
{
	struct ifaddrmsg msg = {
		.ifa_family = AF_MCTP,
		.ifa_index = ifindex,
	};
	struct request req;

	start(&req, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, &msg, sizeof(msg));
	add(&req, IFA_LOCAL, &eid, sizeof(eid));
	return add_command(&req);
}

int rtnl_add_route(int ifindex, __u8 eid)
{
	struct rtmsg msg = {
		.rtm_family = AF_MCTP,
		.rtm_type = RTN_UNICAST,
	};
	struct request req;
	__u32 oif = ifindex;

	start(&req, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL, &msg, sizeof(msg));
	add(&req, RTA_DST, &eid, sizeof(eid));
	add(&req, RTA_OIF, &oif, sizeof(oif));
	return add_command(&req);
}

static void take(struct rtnl_link *link, const struct rtattr *attr)
{
	switch (attr->rta_type) {
	case IFLA_MTU:
		memcpy(&link->mtu, RTA_DATA(attr), sizeof(link->mtu));
		break;
	case IFLA_MIN_MTU:
		memcpy(&link->min_mtu, RTA_DATA(attr), sizeof(link->min_mtu));
		break;
	case IFLA_MAX_MTU:
		memcpy(&link->max_mtu, RTA_DATA(attr), sizeof(link->max_mtu));
		break;
	case IFLA_STATS64:
		memcpy(&link->stats, RTA_DATA(attr),
		       RTA_PAYLOAD(attr) < sizeof(link->stats) ?
		       RTA_PAYLOAD(attr) : sizeof(link->stats));
		break;
	}
}

int rtnl_get_link(int ifindex, struct rtnl_link *link)
{
	struct ifinfomsg msg = { .ifi_index = ifindex };
	const struct rtattr *attr;
	const struct nlmsghdr *nh;
	struct answer reply;
	struct request req;
	ssize_t len;
	int rc;

	start(&req, RTM_GETLINK, 0, &msg, sizeof(msg));
	len = ask(&req, &reply);
	nh = &reply.nh;
	rc = len < 0 ? len : verdict(nh, len);
	if (rc)
		return rc;

	memset(link, 0, sizeof(*link));
	len = IFLA_PAYLOAD(nh);
	for (attr = IFLA_RTA(NLMSG_DATA(nh)); RTA_OK(attr, len);
	     attr = RTA_NEXT(attr, len))
		take(link, attr);
	return 0;
}
