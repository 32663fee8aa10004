// SPDX-License-Identifier: GPL-2.0
/*
 * Copyright (C) 2026 The mctp-pcc authors
 *
 * One of two guests whose links are joined: an echo service, and a client of
 * the other's. Messages of 64 KiB go both ways, at the smallest and the largest
 * MTU; then one side takes its link down and up meanwhile. Results are TAP.
 */
#include <err.h>
#include <net/if.h>
#include <time.h>

#include "pcc.h"

/* A message that is cut never comes; others take their time on a busy host. */
#define REPLY_LIMIT_MS 15000
#define SYNC_LIMIT_S 240
#define OUTAGE_MS 1000
#define STEP 'S'		/* a body of two: STEP and its number */

struct peer {
	struct pcc pcc;
	const char *ifname;
	unsigned int count;
	bool cut;		/* a link goes down in the middle of messages */
	/* written by the service's thread */
	int their_step;
	unsigned int served;	/* messages of 64 KiB */
	unsigned int lost;
	unsigned int tests;
	unsigned int failed;
};

static struct peer peer;

#define load(value) __atomic_load_n(value, __ATOMIC_RELAXED)

/* Echoes whatever comes, for ever. */
static void *serve(void *arg)
{
	int sd = mctp_bind(&peer.pcc, MCTP_TYPE_VENDOR_IANA);
	static __u8 body[MCTP_MSG_MAX];
	struct sockaddr_mctp addr;
	int n;

	if (sd < 0)
		errx(1, "FAIL: a socket for requests: %s", strerror(-sd));
	for (;;) {
		n = mctp_recv(sd, &addr, body, sizeof(body), -1);
		if (n < 0)
			continue;
		if (n == 2 && body[0] == STEP && body[1] > peer.their_step)
			__atomic_store_n(&peer.their_step, body[1],
					 __ATOMIC_RELAXED);
		if (n == MCTP_MSG_MAX)
			__atomic_add_fetch(&peer.served, 1, __ATOMIC_RELAXED);
		addr.smctp_tag &= ~MCTP_TAG_OWNER;
		sendto(sd, body, n, 0, (void *)&addr, sizeof(addr));
	}
	return arg;
}

/* Packets have numbers modulo 4: one that lost four in a row seems whole. */
static bool is_cut(int missing)
{
	int payload = peer.pcc.start.max_mtu - MCTP_HDR_LEN;

	return missing > 0 && missing % (4 * payload) == 0;
}

/* One message and its echo. 1: all bytes are right, 0: lost, -1: wrong. */
static int exchange(const __u8 *body, int len, int limit_ms)
{
	static __u8 echo[MCTP_MSG_MAX];
	int n = mctp_exchange(&peer.pcc, MCTP_TYPE_VENDOR_IANA, body, len, echo,
			      sizeof(echo), limit_ms);

	if (n < 0 && n != -ETIMEDOUT)
		usleep(limit_ms * 100);	/* the link is down just now */
	if (n < 0 || (peer.cut && is_cut(len - n)))
		return 0;
	return n == len && !memcmp(body, echo, len) ? 1 : -1;
}

static void result(bool ok, const char *name)
{
	peer.tests++;
	peer.failed += !ok;
	printf("%sok %u %s\n", ok ? "" : "not ", peer.tests, name);
}

/* Waits for the other side to come to this step too. */
static bool step(int number)
{
	__u8 body[2] = { STEP, number };
	time_t end = time(NULL) + SYNC_LIMIT_S;
	bool told = false;

	while (time(NULL) < end) {
		if (!told)
			told = exchange(body, sizeof(body), 1000) > 0;
		if (told && load(&peer.their_step) >= number)
			return true;
		usleep(10000);
	}
	return false;
}

static void *outage(void *arg)
{
	int rc;

	(void)arg;
	rc = nl_link_up(peer.pcc.link.ifindex, false);
	printf("   %s down\n", peer.ifname);
	usleep(OUTAGE_MS * 1000);
	if (!rc)
		rc = nl_link_up(peer.pcc.link.ifindex, true);
	printf("   %s up again\n", peer.ifname);
	return rc ? arg : NULL;
}

/* As many messages as there shall be; lost ones are sent again. */
static bool run(bool down)
{
	static __u8 body[MCTP_MSG_MAX];
	static __u32 seed;
	unsigned int good = 0, wrong = 0;
	time_t end = time(NULL) + SYNC_LIMIT_S;
	pthread_t thread;
	void *failed = NULL;
	int rc;

	peer.lost = 0;
	while (good < peer.count && time(NULL) < end) {
		if (down && good == peer.count / 2)
			pthread_create(&thread, NULL, outage, &peer);
		load_request(body, MCTP_MSG_MAX, seed++ << 8 | peer.pcc.eid,
			     MCTP_MSG_MAX);
		rc = exchange(body, MCTP_MSG_MAX, REPLY_LIMIT_MS);
		if (down && good == peer.count / 2) {
			pthread_join(thread, &failed);
			down = false;
		}
		good += rc > 0;
		peer.lost += !rc;
		wrong += rc < 0;
	}
	printf("<> %u messages of 65536 bytes echoed, %u lost, %u wrong\n",
	       good, peer.lost, wrong);
	return good == peer.count && !wrong && !failed;
}

static void set_up(__u32 mtu)
{
	int rc = nl_link_mtu(peer.pcc.link.ifindex, mtu);

	if (!rc)
		rc = nl_link_up(peer.pcc.link.ifindex, true);
	if (rc)
		errx(1, "%s: %s", peer.ifname, strerror(-rc));
	printf("   MTU %u\n", mtu);
}

static void both_ways(int number, __u32 mtu, const char *name)
{
	unsigned int served;
	bool ok;

	set_up(mtu);
	ok = step(number);
	served = load(&peer.served);
	ok = run(false) && ok;
	result(ok && !peer.lost && load(&peer.served) > served, name);
}

static void start(char **argv)
{
	struct pcc *pcc = &peer.pcc;
	pthread_t thread;
	int rc;

	peer.ifname = argv[1];
	pcc->eid = atoi(argv[2]);
	pcc->peer_eid = atoi(argv[3]);
	peer.count = atoi(argv[4]);
	pcc->link.ifindex = if_nametoindex(peer.ifname);
	rc = nl_link_get(pcc->link.ifindex, &pcc->start);
	pcc->net = pcc->start.net;
	if (!rc)
		rc = nl_addr(pcc->link.ifindex, pcc->eid, true);
	if (!rc)
		rc = nl_route(pcc->link.ifindex, pcc->peer_eid, true);
	if (rc)
		errx(1, "%s: %s", peer.ifname, strerror(-rc));
	set_up(pcc->start.min_mtu);
	pthread_create(&thread, NULL, serve, NULL);
	printf("   %s is up, our EID is %u, the other's %u\n", peer.ifname,
	       pcc->eid, pcc->peer_eid);
}

int main(int argc, char **argv)
{
	bool down = argc == 6 && !strcmp(argv[5], "down");

	if (argc < 5 || argc > 6 || (argc == 6 && !down))
		errx(2, "usage: peer IFNAME OUR-EID PEER-EID COUNT [down]");
	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("TAP version 13\n1..4\n");
	start(argv);
	result(step(1), "the other guest answers");
	both_ways(2, peer.pcc.start.min_mtu, "64 KiB both ways, smallest MTU");
	both_ways(3, peer.pcc.start.max_mtu, "64 KiB both ways, largest MTU");
	step(4);
	peer.cut = true;
	result(run(down) && step(5), down ? "our link down in the middle" :
					    "the other's link down");
	usleep(500000);		/* our last echo is on its way */
	return peer.failed ? 1 : 0;
}
