// SPDX-License-Identifier: GPL-2.0
/*
 * AF_MCTP sockets, and the two services of the endpoint behind a link that
 * the tests use: the control protocol of DSP0236, and a load service of a
 * vendor-defined message type that checks what it gets against a pattern
 * and answers with its own
 * Copyright (C) 2026 The mctp-pcc authors
 */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <linux/sockios.h>

#include "pcc.h"

#ifndef SOL_MCTP
#define SOL_MCTP 285
#endif

/* Control protocol, DSP0236 clause 12 */
#define CTRL_REQUEST	0x80
#define CTRL_SET_EID	0x01
#define CTRL_GET_EID	0x02

/* Load service: enterprise number for documentation (RFC 5612), long form */
#define LOAD_ENTERPRISE	32473
#define LOAD_LONG	0x4c
#define LOAD_HEADER	13
#define LOAD_REPLY_SEED	0x5a5a5a5a

#define MCTP_TRIES	3

/* Body of a client's request: one packet at any MTU, either way */
#define CLIENT_LEN	40

/* A socket with a tag of its own, which unlike others does not expire */
static int mctp_socket(const struct pcc *pcc, __u8 *tag)
{
	struct mctp_ioc_tag_ctl2 ctl = {
		.net = pcc->net,
		.peer_addr = pcc->peer_eid,
	};
	int fd, rc;

	fd = socket(AF_MCTP, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	if (ioctl(fd, SIOCMCTPALLOCTAG2, &ctl) < 0) {
		rc = -errno;
		close(fd);
		return rc;
	}
	*tag = ctl.tag;
	return fd;
}

/* A socket for messages of @type that the other side begins */
int mctp_bind(const struct pcc *pcc, __u8 type)
{
	struct sockaddr_mctp addr = {
		.smctp_family = AF_MCTP,
		.smctp_network = pcc->net,
		.smctp_addr.s_addr = MCTP_ADDR_ANY,
		.smctp_type = type,
	};

	return sock_bind(AF_MCTP, SOCK_DGRAM, &addr, sizeof(addr));
}

static int mctp_send(int fd, const struct pcc *pcc, __u8 type, __u8 tag,
		     const void *body, size_t len)
{
	struct sockaddr_mctp addr = {
		.smctp_family = AF_MCTP,
		.smctp_network = pcc->net,
		.smctp_addr.s_addr = pcc->peer_eid,
		.smctp_type = type,
		.smctp_tag = tag,
	};

	if (sendto(fd, body, len, 0, (struct sockaddr *)&addr,
		   sizeof(addr)) < 0)
		return -errno;
	return 0;
}

/* Returns the length of the body */
int mctp_recv(int fd, struct sockaddr_mctp *from, void *body, size_t size,
	      int timeout_ms)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	socklen_t len = sizeof(*from);
	ssize_t rc;

	rc = poll(&pfd, 1, timeout_ms);
	if (rc <= 0)
		return rc ? -errno : -ETIMEDOUT;
	rc = recvfrom(fd, body, size, MSG_TRUNC, (struct sockaddr *)from,
		      &len);
	if (rc < 0)
		return -errno;
	return (size_t)rc > size ? -EMSGSIZE : rc;
}

/* One request and its answer; returns the length of the answer's body */
static int mctp_exchange(const struct pcc *pcc, __u8 type, const void *req,
			 size_t len, void *resp, size_t size)
{
	struct sockaddr_mctp from;
	__u8 tag = 0;
	int fd, rc;

	fd = mctp_socket(pcc, &tag);
	if (fd < 0)
		return fd;
	rc = mctp_send(fd, pcc, type, tag, req, len);
	if (!rc)
		rc = mctp_recv(fd, &from, resp, size, PCC_WAIT_MS);
	if (rc >= 0 && (from.smctp_type != type ||
			from.smctp_addr.s_addr != pcc->peer_eid))
		rc = -EPROTO;
	close(fd);
	return rc;
}

/* Packets that left the queue, whatever came of them */
static unsigned long long mctp_counted(const struct pcc *pcc)
{
	struct rtnl_link_stats64 stats;

	if (nl_link_stats(pcc->link.ifindex, &stats))
		return 0;
	return stats.tx_packets + stats.tx_errors + stats.tx_dropped;
}

/* To the null EID, by interface: the other side may have no EID yet */
static int mctp_set_eid(const struct pcc *pcc)
{
	struct sockaddr_mctp_ext addr = {
		.smctp_base.smctp_family = AF_MCTP,
		.smctp_base.smctp_network = pcc->net,
		.smctp_base.smctp_type = MCTP_TYPE_CONTROL,
		.smctp_base.smctp_tag = MCTP_TAG_OWNER,
		.smctp_ifindex = pcc->link.ifindex,
	};
	const __u8 req[] = { CTRL_REQUEST, CTRL_SET_EID, 0, pcc->peer_eid };
	const unsigned long long counted = mctp_counted(pcc);
	struct sockaddr_mctp from;
	int fd, rc, on = 1;
	__u8 resp[16];

	fd = socket(AF_MCTP, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	rc = setsockopt(fd, SOL_MCTP, MCTP_OPT_ADDR_EXT, &on, sizeof(on));
	if (!rc)
		rc = sendto(fd, req, sizeof(req), 0, (struct sockaddr *)&addr,
			    sizeof(addr));
	if (rc < 0)
		rc = -errno;
	else
		rc = mctp_recv(fd, &from, resp, sizeof(resp),
			       PCC_WAIT_MS / MCTP_TRIES);
	close(fd);
	if (rc < 0)
		return rc;
	if (rc < 5 || resp[1] != CTRL_SET_EID || resp[2] ||
	    resp[4] != pcc->peer_eid)
		return -EPROTO;
	/* the answer may overtake it, and tests begin their counts here */
	return wait_until(mctp_counted(pcc) > counted) ? 0 : -ETIMEDOUT;
}

/* Gives both sides an EID, in a net of our own, and a route to theirs */
int mctp_peer_start(struct pcc *pcc)
{
	int ifindex = pcc->link.ifindex;
	int rc, tries = 0;

	pcc->net = from_env("PCC_NET", PCC_NET);
	pcc->eid = from_env("PCC_EID", PCC_EID) + 2 * pcc->number;
	pcc->peer_eid = pcc->eid + 1;

	rc = nl_link_net(ifindex, pcc->net);
	if (!rc)
		rc = nl_addr(ifindex, pcc->eid, true);
	if (rc && rc != -EEXIST)
		return rc;
	/* an answer may come behind a flood, and the kernel waits for 6 s */
	do
		rc = mctp_set_eid(pcc);
	while (rc == -ETIMEDOUT && ++tries < MCTP_TRIES);
	if (!rc)
		rc = nl_route(ifindex, pcc->peer_eid, true);
	return rc == -EEXIST ? 0 : rc;
}

/* Asks the other side by the control protocol; returns its EID */
int mctp_get_eid(const struct pcc *pcc)
{
	const __u8 req[] = { CTRL_REQUEST, CTRL_GET_EID };
	__u8 resp[16];
	int rc;

	rc = mctp_exchange(pcc, MCTP_TYPE_CONTROL, req, sizeof(req), resp,
			   sizeof(resp));
	if (rc < 0)
		return rc;
	if (rc != 6 || resp[0] || resp[1] != CTRL_GET_EID || resp[2])
		return -EPROTO;
	return resp[3];
}

/* How many packets, and MCTP bytes, a body of @len makes at @mtu */
unsigned long long mctp_packets(size_t len, unsigned int mtu)
{
	unsigned int unit = mtu - MCTP_HDR_LEN;

	return (len + 1 + unit - 1) / unit;
}

unsigned long long mctp_bytes(size_t len, unsigned int mtu)
{
	return len + 1 + MCTP_HDR_LEN * mctp_packets(len, mtu);
}

static __u8 load_byte(__u32 seed, __u32 i)
{
	__u32 x = seed + i * 0x9e3779b1;

	x ^= x >> 16;
	x *= 0x85ebca6b;
	x ^= x >> 13;
	return x & 0xff;
}

static void load_le32(__u8 *p, __u32 value)
{
	int i;

	for (i = 0; i < 4; i++)
		p[i] = value >> (8 * i);
}

/*
 * A body that is too short for the header is all pattern, and its own length
 * is the seed.
 */
void load_request(__u8 *body, size_t len, __u32 seed, __u32 reply_len)
{
	size_t i, start = len < LOAD_HEADER ? 0 : LOAD_HEADER;

	if (start) {
		body[0] = LOAD_ENTERPRISE >> 24;
		body[1] = LOAD_ENTERPRISE >> 16 & 0xff;
		body[2] = LOAD_ENTERPRISE >> 8 & 0xff;
		body[3] = LOAD_ENTERPRISE & 0xff;
		body[4] = LOAD_LONG;
		load_le32(body + 5, seed);
		load_le32(body + 9, reply_len);
	} else {
		seed = len;
	}
	for (i = start; i < len; i++)
		body[i] = load_byte(seed, i);
}

/* The body of the answer to a request that was made with @seed */
void load_answer(__u8 *body, size_t len, __u32 seed)
{
	load_request(body, len, seed ^ LOAD_REPLY_SEED, 0);
}

/* Is this the answer to the request that was made with @seed? */
static int load_check(const __u8 *body, size_t len, __u32 seed)
{
	__u8 *want;
	size_t i;
	int rc = 0;

	want = malloc(len + 1);
	if (!want)
		return -ENOMEM;
	if (len < LOAD_HEADER)
		for (i = 0; i < len; i++)
			want[i] = load_byte(len ^ LOAD_REPLY_SEED, i);
	else
		load_answer(want, len, seed);
	for (i = 0; i < len && !rc; i++) {
		if (body[i] == want[i])
			continue;
		printf("# byte %zu of %zu is %02x, not %02x\n", i, len,
		       body[i], want[i]);
		rc = -EBADMSG;
	}
	free(want);
	return rc;
}

/* Sends a body of @len and wants as much back, each byte as it should be */
int mctp_echo(const struct pcc *pcc, size_t len)
{
	__u32 seed = 0x20260000 + len;
	__u8 *req, *resp;
	int rc = -ENOMEM;

	req = malloc(len + 1);
	resp = malloc(MCTP_MSG_MAX + 1);
	if (req && resp) {
		load_request(req, len, seed, len);
		rc = mctp_exchange(pcc, MCTP_TYPE_VENDOR_IANA, req, len, resp,
				   MCTP_MSG_MAX + 1);
		if (rc >= 0)
			rc = (size_t)rc == len ? load_check(resp, len, seed) :
						 -EMSGSIZE;
	}
	if (rc)
		printf("# a body of %zu bytes: %s\n", len, strerror(-rc));
	free(req);
	free(resp);
	return rc;
}

/* The answer to @seed; one that comes late, to an earlier request, is not it */
static int client_answer(struct mctp_client *client, __u32 seed)
{
	long long end = now_ms() + client->timeout_ms;
	struct sockaddr_mctp from;
	__u8 body[CLIENT_LEN];
	__u8 want[CLIENT_LEN];
	int rc;

	load_answer(want, CLIENT_LEN, seed);
	while (now_ms() < end) {
		rc = mctp_recv(client->fd, &from, body, CLIENT_LEN,
			       client->timeout_ms);
		if (rc == CLIENT_LEN && !memcmp(body, want, CLIENT_LEN))
			return 0;
		if (rc != CLIENT_LEN && rc != -ETIMEDOUT)
			client->bad++;
	}
	return -ETIMEDOUT;
}

static void *client_thread(void *arg)
{
	struct mctp_client *client = arg;
	__u8 body[CLIENT_LEN];

	while (!__atomic_load_n(&client->stop, __ATOMIC_RELAXED)) {
		load_request(body, CLIENT_LEN, client->sent, CLIENT_LEN);
		if (mctp_send(client->fd, &client->pcc, MCTP_TYPE_VENDOR_IANA,
			      client->tag, body, CLIENT_LEN)) {
			sleep_us(500);
			continue;
		}
		client->sent++;
		if (!client_answer(client, client->sent - 1))
			client->answered++;
	}
	return NULL;
}

int mctp_client_start(struct mctp_client *client, const struct pcc *pcc,
		      int timeout_ms)
{
	int rc;

	memset(client, 0, sizeof(*client));
	client->pcc = *pcc;
	client->timeout_ms = timeout_ms;
	client->fd = mctp_socket(pcc, &client->tag);
	if (client->fd < 0)
		return client->fd;
	rc = -pthread_create(&client->thread, NULL, client_thread, client);
	if (rc)
		close(client->fd);
	return rc;
}

void mctp_client_stop(struct mctp_client *client)
{
	__atomic_store_n(&client->stop, true, __ATOMIC_RELAXED);
	pthread_join(client->thread, NULL);
	close(client->fd);
}
