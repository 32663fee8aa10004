// SPDX-License-Identifier: GPL-2.0
/*
 * Copyright (C) 2026 The mctp-pcc authors
 *
 * One of two guests whose links are joined: an echo service, and a client of
 * the other's, at the same time. Messages of 64 KiB go both ways, at the
 * smallest MTU and at the largest; then one side takes its link down and up in
 * the middle of it. Results are TAP.
 */
#include <err.h>
#include <errno.h>
#include <net/if.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "load.h"
#include "mctp.h"
#include "rtnl.h"

/* A message that is cut never comes; others take their time on a busy host. */
#define REPLY_LIMIT_MS 15000
#define SYNC_LIMIT_S 240
#define OUTAGE_MS 1000
#define MCTP_HEADER 4		/* bytes, part of the MTU */
#define STEP 'S'		/* a body of two: STEP and its number */

struct peer {
	const char *ifname;
	int ifindex;
	__u8 our_eid;
	__u8 peer_eid;
	unsigned int count;
	bool cut;		/* a link goes down in the middle of messages */
	struct rtnl_link link;
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
	static __u8 body[LOAD_MAX];
	int sd = mctp_service(LOAD_TYPE);
	struct sockaddr_mctp addr;
	socklen_t len;
	ssize_t n;

	(void)arg;
	for (;;) {
		len = sizeof(addr);
		n = recvfrom(sd, body, sizeof(body), 0, (void *)&addr, &len);
		if (n < 0)
			continue;
		if (n == 2 && body[0] == STEP && body[1] > peer.their_step)
			__atomic_store_n(&peer.their_step, body[1],
					 __ATOMIC_RELAXED);
		if (n == LOAD_MAX)
			__atomic_add_fetch(&peer.served, 1, __ATOMIC_RELAXED);
		addr.smctp_tag &= ~MCTP_TAG_OWNER;
		sendto(sd, body, n, 0, (void *)&addr, sizeof(addr));
	}
	return NULL;
}

/*
 * Packets have numbers modulo 4: of a message that lost four in a row, or
 * eight, the rest is taken for a whole one.
 */
static bool is_cut(ssize_t missing)
{
	ssize_t payload = peer.link.max_mtu - MCTP_HEADER;

	return missing > 0 && missing % (4 * payload) == 0;
}

/*
 * One message and its echo, byte for byte. A socket of its own: the echo of a
 * message that was given up is nobody's. 1: all right, 0: lost, -1: wrong.
 */
static int exchange(const __u8 *body, size_t len, int limit_ms)
{
	static __u8 echo[LOAD_MAX];
	struct sockaddr_mctp addr = {
		.smctp_family = AF_MCTP,
		.smctp_network = NETWORK,
		.smctp_addr.s_addr = peer.peer_eid,
		.smctp_type = LOAD_TYPE,
	};
	int sd = mctp_socket(limit_ms);
	ssize_t n = -1;

	addr.smctp_tag = mctp_own_tag(sd, peer.peer_eid);
	if (sendto(sd, body, len, 0, (void *)&addr, sizeof(addr)) ==
	    (ssize_t)len)
		n = recv(sd, echo, sizeof(echo), 0);
	else
		usleep(limit_ms * 100);	/* the link is down just now */
	close(sd);
	if (n < 0 || (peer.cut && is_cut(len - n)))
		return 0;
	return n == (ssize_t)len && !memcmp(body, echo, len) ? 1 : -1;
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
	rc = rtnl_set_up(peer.ifindex, false);
	printf("   %s down\n", peer.ifname);
	usleep(OUTAGE_MS * 1000);
	if (!rc)
		rc = rtnl_set_up(peer.ifindex, true);
	printf("   %s up again\n", peer.ifname);
	return rc ? arg : NULL;
}

/* As many messages as there shall be; lost ones are sent again. */
static bool run(bool down)
{
	static __u8 body[LOAD_MAX];
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
		load_fill(body, LOAD_MAX, seed++ << 8 | peer.our_eid);
		rc = exchange(body, LOAD_MAX, REPLY_LIMIT_MS);
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
	int rc = rtnl_set_mtu(peer.ifindex, mtu);

	if (!rc)
		rc = rtnl_set_up(peer.ifindex, true);
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
	pthread_t thread;
	int rc;

	peer.ifname = argv[1];
	peer.our_eid = atoi(argv[2]);
	peer.peer_eid = atoi(argv[3]);
	peer.count = atoi(argv[4]);
	peer.ifindex = if_nametoindex(peer.ifname);
	rc = rtnl_get_link(peer.ifindex, &peer.link);
	if (!rc)
		rc = rtnl_add_eid(peer.ifindex, peer.our_eid);
	if (!rc)
		rc = rtnl_add_route(peer.ifindex, peer.peer_eid);
	if (rc)
		errx(1, "%s: %s", peer.ifname, strerror(-rc));
	set_up(peer.link.min_mtu);
	pthread_create(&thread, NULL, serve, NULL);
	printf("   %s is up, our EID is %u, the other's %u\n", peer.ifname,
	       peer.our_eid, peer.peer_eid);
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
	both_ways(2, peer.link.min_mtu, "64 KiB both ways, smallest MTU");
	both_ways(3, peer.link.max_mtu, "64 KiB both ways, largest MTU");
	step(4);
	peer.cut = true;
	result(run(down) && step(5), down ? "our link down in the middle" :
					    "the other's link down");
	usleep(500000);		/* our last echo is on its way */
	return peer.failed ? 1 : 0;
}
