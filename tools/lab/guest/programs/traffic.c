// SPDX-License-Identifier: GPL-2.0
/*
 * Copyright (C) 2026 The mctp-pcc authors
 *
 * Load on an MCTP link, and how long it takes:
 *
 * traffic serial TTY: makes a network device of a serial port, and stays
 *	until it is ended
 * traffic join IFNAME OUR PEER: EIDs for both ends of a link that is up, and a
 *	route
 * traffic out IFNAME PEER SIZE COUNT: messages one way, until all are sent
 * traffic in IFNAME COUNT: receives packets of a flood at an AF_PACKET socket
 * traffic in-mctp IFNAME COUNT: ... at an AF_MCTP socket
 * traffic echo PEER SIZE WINDOW MS: requests with replies of the same size, so
 *	many outstanding, for so long
 * traffic control PEER COUNT [SIZE WINDOW]: Get Endpoint ID, one after the
 *	other, while such echoes go on beside it
 *
 * SIZE is the message's, type byte included. Prints one line of NAME=VALUE.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>
#include <linux/tty.h>

#include "load.h"
#include "mctp.h"
#include "measure.h"
#include "rtnl.h"

#ifndef SOL_MCTP
#define SOL_MCTP 285
#endif

#define WINDOW_MAX 8		/* the tags of a peer */
#define SAMPLES_MAX 1000000
#define LOST_MS 10000		/* no reply for so long: none will come */
#define RECEIVE_BUFFER (64 << 20)

/* DSP0236, table 12 */
#define TYPE_CONTROL 0x00
#define SET_EID 0x01
#define GET_EID 0x02
#define REQUEST 0x80

/**
 * struct slot - one outstanding request
 * @sd: a socket of its own
 * @to: the peer, with a tag of its own
 * @seed: of the message under way
 * @sent: when; 0: none is
 */
struct slot {
	int sd;
	struct sockaddr_mctp to;
	__u32 seed;
	__u64 sent;
};

/* What came of a number of requests. */
struct tally {
	__u64 *sample;		/* round trips, ns */
	unsigned int n;
	unsigned int lost;
	unsigned int wrong;
};

static struct tally echoes;
static bool stop;

static int index_of(const char *ifname)
{
	int ifindex = if_nametoindex(ifname);

	if (!ifindex)
		err(1, "%s", ifname);
	return ifindex;
}

static __u64 transmitted(int ifindex)
{
	struct rtnl_link link;
	int rc = rtnl_get_link(ifindex, &link);

	if (rc)
		errx(1, "statistics: %s", strerror(-rc));
	return link.stats.tx_packets;
}

static void address(struct slot *s, __u8 peer, __u8 type)
{
	s->to = (struct sockaddr_mctp){
		.smctp_family = AF_MCTP,
		.smctp_network = NETWORK,
		.smctp_addr.s_addr = peer,
		.smctp_type = type,
		.smctp_tag = mctp_own_tag(s->sd, peer),
	};
}

static int by_value(const void *a, const void *b)
{
	__u64 x = *(const __u64 *)a, y = *(const __u64 *)b;

	return x < y ? -1 : x > y;
}

static __u64 percentile(struct tally *t, unsigned int percent)
{
	return t->n ? t->sample[(t->n - 1) * percent / 100] : 0;
}

static void print_tally(struct tally *t, __u64 ns)
{
	qsort(t->sample, t->n, sizeof(*t->sample), by_value);
	printf("messages=%u ns=%llu p50_ns=%llu p99_ns=%llu max_ns=%llu ", t->n,
	       ns, percentile(t, 50), percentile(t, 99), percentile(t, 100));
	printf("lost=%u wrong=%u\n", t->lost, t->wrong);
}

static void serial(const char *path)
{
	int fd = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC), ldisc = N_MCTP;
	struct termios raw;

	if (fd < 0 || tcgetattr(fd, &raw))
		err(1, "%s", path);
	cfmakeraw(&raw);
	cfsetspeed(&raw, B115200);
	raw.c_cflag |= CLOCAL | CREAD;
	if (tcsetattr(fd, TCSANOW, &raw) || ioctl(fd, TIOCSETD, &ldisc))
		err(1, "%s: line discipline of MCTP", path);
	for (;;)
		pause();
}

/* Set Endpoint ID, to whoever is at the other end. */
static void set_eid(int ifindex, __u8 eid)
{
	__u8 request[] = { REQUEST, SET_EID, 0, eid }, answer[16];
	struct sockaddr_mctp_ext to = {
		.smctp_base = {
			.smctp_family = AF_MCTP,
			.smctp_network = NETWORK,
			.smctp_type = TYPE_CONTROL,
			.smctp_tag = MCTP_TAG_OWNER,
		},
		.smctp_ifindex = ifindex,
	};
	int sd = mctp_socket(LOST_MS), one = 1;

	if (setsockopt(sd, SOL_MCTP, MCTP_OPT_ADDR_EXT, &one, sizeof(one)) ||
	    sendto(sd, request, sizeof(request), 0, (void *)&to,
		   sizeof(to)) < 0)
		err(1, "Set Endpoint ID");
	if (recv(sd, answer, sizeof(answer), 0) < 5 || answer[2] ||
	    answer[4] != eid)
		errx(1, "Set Endpoint ID: not accepted");
	close(sd);
}

static void join(int ifindex, __u8 our, __u8 peer)
{
	int rc = rtnl_add_eid(ifindex, our);

	if (!rc || rc == -EEXIST)
		rc = rtnl_add_route(ifindex, peer);
	if (rc && rc != -EEXIST)
		errx(1, "EID %u, route to %u: %s", our, peer, strerror(-rc));
	set_eid(ifindex, peer);
}

static void out(int ifindex, __u8 peer, size_t size, unsigned int count)
{
	static __u8 body[LOAD_MAX];
	struct slot s = { .sd = mctp_socket(LOST_MS) };
	struct rtnl_link link;
	__u64 start, want, seen = 0, is, end;
	unsigned int refused = 0;

	if (rtnl_get_link(ifindex, &link))
		errx(1, "no such link");
	address(&s, peer, LOAD_TYPE);
	load_fill(body, size - 1, 1);
	/* wants no reply: the length that it asks for */
	if (size > 13)
		memset(body + 9, 0, 4);
	want = link.stats.tx_packets + (__u64)count *
	       ((size + link.mtu - 5) / (link.mtu - 4));
	start = now_ns();
	for (unsigned int i = 0; i < count; i++) {
		while (sendto(s.sd, body, size - 1, 0, (void *)&s.to,
			      sizeof(s.to)) < 0) {
			if (errno != ENOBUFS && errno != EAGAIN)
				err(1, "sending %zu bytes", size);
			refused++;
			usleep(1000);
		}
	}
	end = now_ns() + LOST_MS * MSEC;
	while ((is = transmitted(ifindex)) < want && now_ns() < end) {
		if (is != seen)
			end = now_ns() + LOST_MS * MSEC;
		seen = is;
		usleep(1000);
	}
	printf("messages=%u refused=%u missing=%llu ns=%llu\n", count, refused,
	       is < want ? want - is : 0, now_ns() - start);
}

/* Prints "ready" for the flood to begin; the first packet starts the clock. */
static void in(int sd, unsigned int count)
{
	static __u8 packet[65536];
	struct timeval limit = { .tv_sec = 5 };
	int size = RECEIVE_BUFFER;
	unsigned int n = 0;
	__u64 start = 0, last = 0, bytes = 0;
	ssize_t len;

	if (setsockopt(sd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)) ||
	    setsockopt(sd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)))
		err(1, "receive buffer");
	puts("ready");
	fflush(stdout);
	while (n < count) {
		len = recv(sd, packet, sizeof(packet), 0);
		if (len < 0)
			break;
		bytes += len;
		/* a look at the clock costs more than a packet does */
		if (!n++)
			start = now_ns();
	}
	last = now_ns();
	printf("packets=%u missing=%u bytes=%llu ns=%llu\n", n, count - n,
	       bytes, last - start);
}

static void slot_open(struct slot *s, __u8 peer)
{
	s->sd = mctp_socket(LOST_MS);
	fcntl(s->sd, F_SETFL, O_NONBLOCK);
	address(s, peer, LOAD_TYPE);
}

static void slot_send(struct slot *s, size_t size)
{
	static __u8 body[LOAD_MAX];
	static __u32 seed;

	s->seed = ++seed;
	load_fill(body, size - 1, s->seed);
	s->sent = now_ns();
	if (sendto(s->sd, body, size - 1, 0, (void *)&s->to,
		   sizeof(s->to)) < 0)
		s->sent = 0;	/* no room just now */
}

static void slot_receive(struct slot *s, size_t size, struct tally *t)
{
	static __u8 body[LOAD_MAX];
	ssize_t n = recv(s->sd, body, sizeof(body), 0);

	if (n < 0)
		return;
	if (n != (ssize_t)size - 1 || !load_check(body, n, s->seed))
		t->wrong++;
	else if (t->n < SAMPLES_MAX)
		t->sample[t->n++] = now_ns() - s->sent;
	s->sent = 0;
}

/* Anew: the reply to a request that was given up is nobody's. */
static void slot_expire(struct slot *s, __u8 peer, struct tally *t)
{
	if (!s->sent || now_ns() - s->sent < LOST_MS * MSEC)
		return;
	t->lost++;
	close(s->sd);
	slot_open(s, peer);
	s->sent = 0;
}

/* Until @end, or until told; then what is outstanding is waited for. */
static void echo(__u8 peer, size_t size, unsigned int window, __u64 end,
		 struct tally *t)
{
	struct pollfd fds[WINDOW_MAX];
	struct slot slots[WINDOW_MAX];
	unsigned int busy;
	bool over;

	for (unsigned int i = 0; i < window; i++) {
		slots[i].sent = 0;
		slot_open(&slots[i], peer);
	}
	do {
		over = __atomic_load_n(&stop, __ATOMIC_RELAXED) ||
		       now_ns() > end;
		busy = 0;
		for (unsigned int i = 0; i < window; i++) {
			slot_expire(&slots[i], peer, t);
			if (!slots[i].sent && !over)
				slot_send(&slots[i], size);
			busy += slots[i].sent != 0;
			fds[i] = (struct pollfd){ slots[i].sd, POLLIN, 0 };
		}
		poll(fds, window, busy ? 100 : 1);
		for (unsigned int i = 0; i < window; i++)
			if (fds[i].revents & POLLIN)
				slot_receive(&slots[i], size, t);
	} while (!over || busy);
	for (unsigned int i = 0; i < window; i++)
		close(slots[i].sd);
}

struct background {
	__u8 peer;
	size_t size;
	unsigned int window;
};

static void *background(void *arg)
{
	struct background *b = arg;

	echo(b->peer, b->size, b->window, ~0ULL, &echoes);
	return NULL;
}

static void get_eid(struct slot *s, unsigned int instance, struct tally *t)
{
	__u8 request[] = { REQUEST | (instance & 0x1f), GET_EID }, answer[16];
	__u64 sent = now_ns();

	if (sendto(s->sd, request, sizeof(request), 0, (void *)&s->to,
		   sizeof(s->to)) < 0)
		err(1, "Get Endpoint ID");
	if (recv(s->sd, answer, sizeof(answer), 0) < 0)
		t->lost++;
	else if (answer[0] != (instance & 0x1f) || answer[2])
		t->wrong++;
	else
		t->sample[t->n++] = now_ns() - sent;
}

static void control(__u8 peer, unsigned int count, struct background *load)
{
	struct slot s = { .sd = mctp_socket(LOST_MS) };
	struct tally t = { .sample = calloc(count, sizeof(__u64)) };
	pthread_t thread;
	__u64 start;

	address(&s, peer, TYPE_CONTROL);
	if (load) {
		pthread_create(&thread, NULL, background, load);
		usleep(300000);	/* under way */
	}
	start = now_ns();
	for (unsigned int i = 0; i < count; i++) {
		get_eid(&s, i, &t);
		usleep(1000 + i % 7 * 1000);
	}
	start = now_ns() - start;
	__atomic_store_n(&stop, true, __ATOMIC_RELAXED);
	if (load)
		pthread_join(thread, NULL);
	t.wrong += echoes.wrong;
	t.lost += echoes.lost;
	print_tally(&t, start);
}

static size_t size_of(const char *text)
{
	size_t size = strtoul(text, NULL, 0);

	if (size < 2 || size > LOAD_MAX + 1)
		errx(2, "SIZE is 2 to %u", LOAD_MAX + 1);
	return size;
}

static unsigned int window_of(const char *text)
{
	unsigned int window = strtoul(text, NULL, 0);

	if (!window || window > WINDOW_MAX)
		errx(2, "WINDOW is 1 to %u", WINDOW_MAX);
	return window;
}

static void run_echo(char **argv)
{
	__u64 start = now_ns(), ms = strtoul(argv[3], NULL, 0);

	echo(atoi(argv[0]), size_of(argv[1]), window_of(argv[2]),
	     start + ms * MSEC, &echoes);
	print_tally(&echoes, now_ns() - start);
}

static void run_control(int argc, char **argv)
{
	struct background b = { .peer = atoi(argv[0]) };

	if (argc == 4) {
		b.size = size_of(argv[2]);
		b.window = window_of(argv[3]);
	}
	control(b.peer, strtoul(argv[1], NULL, 0), argc == 4 ? &b : NULL);
}

int main(int argc, char **argv)
{
	const char *word = argc > 1 ? argv[1] : "";

	argc -= 2;
	argv += 2;
	echoes.sample = calloc(SAMPLES_MAX, sizeof(__u64));
	if (!echoes.sample)
		err(1, "memory");
	if (!strcmp(word, "serial") && argc == 1)
		serial(argv[0]);
	else if (!strcmp(word, "join") && argc == 3)
		join(index_of(argv[0]), atoi(argv[1]), atoi(argv[2]));
	else if (!strcmp(word, "out") && argc == 4)
		out(index_of(argv[0]), atoi(argv[1]), size_of(argv[2]),
		    strtoul(argv[3], NULL, 0));
	else if (!strcmp(word, "in") && argc == 2)
		in(packet_socket(argv[0]), strtoul(argv[1], NULL, 0));
	else if (!strcmp(word, "in-mctp") && argc == 2)
		in(mctp_service(LOAD_TYPE), strtoul(argv[1], NULL, 0));
	else if (!strcmp(word, "echo") && argc == 4)
		run_echo(argv);
	else if (!strcmp(word, "control") && (argc == 2 || argc == 4))
		run_control(argc, argv);
	else
		errx(2, "usage: traffic serial|join|out|in|in-mctp|echo|...");
	return 0;
}
