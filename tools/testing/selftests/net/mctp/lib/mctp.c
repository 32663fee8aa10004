// SPDX-License-Identifier: GPL-2.0
/*
 * AF_MCTP sockets, and the endpoint's control protocol and load service
 * Copyright (C) 2026 The mctp-pcc authors
 */
#include "pcc.h"

#ifndef SOL_MCTP
#define SOL_MCTP 285
#endif

/* Control protocol, DSP0236 clause 12 */
#define CTRL_REQUEST	0x80
#define CTRL_SET_EID	0x01
#define CTRL_GET_EID	0x02
#define CTRL_REJECTED	0x30	/* of an answer to Set Endpoint ID */
#define MCTP_EID_MIN	8
#define MCTP_EID_MAX	254

#define MCTP_TRIES	3

/* Body of a client's request: one packet at any MTU, either way */
#define CLIENT_LEN	40

/* A socket with a tag that does not expire; by interface to the null EID */
int mctp_socket(const struct pcc *pcc, __u8 *tag)
{
	struct mctp_ioc_tag_ctl2 ctl = {
		.net = pcc->net,
		.peer_addr = pcc->peer_eid,
	};
	int fd, rc, on = 1;

	fd = socket(AF_MCTP, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	if (pcc->peer_eid)
		rc = ioctl(fd, SIOCMCTPALLOCTAG2, &ctl);
	else
		rc = setsockopt(fd, SOL_MCTP, MCTP_OPT_ADDR_EXT, &on,
				sizeof(on));
	if (rc < 0) {
		rc = -errno;
		close(fd);
		return rc;
	}
	*tag = pcc->peer_eid ? ctl.tag : MCTP_TAG_OWNER;
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

int mctp_send(int fd, const struct pcc *pcc, __u8 type, __u8 tag,
	      const void *body, size_t len)
{
	struct sockaddr_mctp_ext addr = {
		.smctp_base.smctp_family = AF_MCTP,
		.smctp_base.smctp_network = pcc->net,
		.smctp_base.smctp_addr.s_addr = pcc->peer_eid,
		.smctp_base.smctp_type = type,
		.smctp_base.smctp_tag = tag,
		.smctp_ifindex = pcc->link.ifindex,
	};

	if (sendto(fd, body, len, 0, (struct sockaddr *)&addr,
		   pcc->peer_eid ? sizeof(addr.smctp_base) : sizeof(addr)) < 0)
		return -errno;
	return 0;
}

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
int mctp_exchange(const struct pcc *pcc, __u8 type, const void *req,
		  size_t len, void *resp, size_t size, int timeout_ms)
{
	struct sockaddr_mctp from;
	__u8 tag = 0;
	int fd, rc;

	fd = mctp_socket(pcc, &tag);
	if (fd < 0)
		return fd;
	rc = mctp_send(fd, pcc, type, tag, req, len);
	if (!rc)
		rc = mctp_recv(fd, &from, resp, size, timeout_ms);
	if (rc >= 0 && (from.smctp_type != type ||
			(pcc->peer_eid &&
			 from.smctp_addr.s_addr != pcc->peer_eid)))
		rc = -EPROTO;
	close(fd);
	return rc;
}

/* Set or Get Endpoint ID; returns the EID that the other side then has */
static int control(const struct pcc *pcc, __u8 command, __u8 eid,
		   int timeout_ms)
{
	const __u8 req[] = { CTRL_REQUEST, command, 0, eid };
	bool set = command == CTRL_SET_EID;
	__u8 resp[16] = { 0 };
	int rc;

	rc = mctp_exchange(pcc, MCTP_TYPE_CONTROL, req, set ? 4 : 2, resp,
			   sizeof(resp), timeout_ms);
	if (rc < 0)
		return rc;
	if (rc < 3 || resp[0] || resp[1] != command)
		return -EPROTO;
	if (resp[2] || (set && (resp[3] & CTRL_REJECTED)))
		return -ECONNREFUSED;
	return rc == 6 ? resp[set ? 4 : 3] : -EPROTO;
}

int mctp_get_eid(const struct pcc *pcc)
{
	return control(pcc, CTRL_GET_EID, 0, PCC_WAIT_MS);
}

/* Packets that left the queue, whatever came of them */
static unsigned long long mctp_counted(const struct pcc *pcc)
{
	struct rtnl_link_stats64 stats;

	if (nl_link_stats(pcc->link.ifindex, &stats))
		return 0;
	return stats.tx_packets + stats.tx_errors + stats.tx_dropped;
}

/*
 * To the null EID, as the peer may have any. The kernel waits 6 s for an
 * answer, which may come behind a flood.
 */
static int control_any(const struct pcc *pcc, __u8 command, __u8 eid)
{
	const unsigned long long counted = mctp_counted(pcc);
	struct pcc to = *pcc;
	int rc, tries = 0;

	to.peer_eid = 0;
	do
		rc = control(&to, command, eid, PCC_WAIT_MS / MCTP_TRIES);
	while (rc == -ETIMEDOUT && ++tries < MCTP_TRIES);
	/* the answer may overtake it, and tests begin their counts here */
	if (rc >= 0 && !wait_until(mctp_counted(pcc) > counted))
		return -ETIMEDOUT;
	return rc;
}

/* 0, or -ECONNREFUSED: the other side does not take it */
int mctp_set_eid(const struct pcc *pcc, __u8 eid)
{
	int rc = control_any(pcc, CTRL_SET_EID, eid);

	if (rc < 0)
		return rc;
	return rc == eid ? 0 : -EPROTO;
}

/* @eid or the first after it that no other link has, or has a route to */
static __u8 mctp_free_eid(const struct pcc *pcc, unsigned int eid)
{
	while (nl_eid_taken(pcc->link.ifindex, eid))
		eid++;
	return eid;
}

static int mctp_our_eid(struct pcc *pcc, unsigned int eid)
{
	int rc;

	pcc->eid = mctp_free_eid(pcc, eid);
	/* a route to an EID excludes an address */
	nl_route(pcc->link.ifindex, pcc->eid, false);
	rc = nl_addr(pcc->link.ifindex, pcc->eid, true);
	return rc == -EEXIST ? 0 : rc;
}

/* The other side keeps its EID, unless PCC_PEER_EID is set */
static int mctp_their_eid(struct pcc *pcc)
{
	unsigned int wanted = from_env("PCC_PEER_EID", 0);
	int has, rc;

	has = control_any(pcc, CTRL_GET_EID, 0);
	if (has < 0)
		return has;
	/* where it was ours until now, or is */
	nl_addr(pcc->link.ifindex, has, false);
	if (has == pcc->eid) {
		rc = mctp_our_eid(pcc, has + 1);
		/* it sends to the EID that was the last to ask */
		if (!rc)
			rc = control_any(pcc, CTRL_GET_EID, 0);
		if (rc < 0)
			return rc;
	}
	if (wanted)
		wanted += 2 * pcc->number;
	else if (has >= MCTP_EID_MIN && has <= MCTP_EID_MAX &&
		 !nl_eid_taken(pcc->link.ifindex, has))
		wanted = has;
	else
		wanted = mctp_free_eid(pcc, pcc->eid + 1);
	pcc->peer_eid = wanted;
	return pcc->peer_eid == has ? 0 : mctp_set_eid(pcc, pcc->peer_eid);
}

/* Both sides have an EID, in a net of our own, and we a route to theirs */
int mctp_peer_start(struct pcc *pcc)
{
	int rc;

	pcc->net = from_env("PCC_NET", PCC_NET);
	rc = nl_link_net(pcc->link.ifindex, pcc->net);
	if (!rc)
		rc = mctp_our_eid(pcc, from_env("PCC_EID", PCC_EID) +
				       2 * pcc->number);
	if (!rc)
		rc = mctp_their_eid(pcc);
	if (!rc)
		rc = nl_route(pcc->link.ifindex, pcc->peer_eid, true);
	return rc == -EEXIST ? 0 : rc;
}

/* Sends @len bytes, expects as many back, and checks each */
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
				   MCTP_MSG_MAX + 1, PCC_WAIT_MS);
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

/* The answer to @seed, behind late ones to earlier requests */
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
			usleep(500);
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
