// SPDX-License-Identifier: GPL-2.0
/*
 * Copyright (C) 2026 The mctp-pcc authors
 *
 * Load on an MCTP link, and how long it takes, as one line of NAME=VALUE:
 *
 * traffic serial TTY: makes a network device of a serial port, never ends
 * traffic join IFNAME OUR PEER: EIDs for both ends of a link, and a route
 * traffic out IFNAME PEER SIZE COUNT: messages one way, until all are sent
 * traffic in|in-mctp IFNAME COUNT: receives packets by AF_PACKET or AF_MCTP
 * traffic echo PEER SIZE WINDOW MS: requests with replies of the same size,
 *	WINDOW outstanding, for MS milliseconds
 * traffic control PEER COUNT [SIZE WINDOW]: COUNT times Get Endpoint ID, one
 *	after the other; beside them WINDOW echoes of SIZE bytes
 *
 * SIZE is the message's, type byte included.
 */
#include <err.h>
#include <net/if.h>
#include <termios.h>
#include <linux/if_ether.h>
#include <linux/tty.h>

#include "pcc.h"

#define NETWORK 1		/* the kernel's first one */
#define SECOND 1000000000ULL
#define WINDOW_MAX 8		/* the tags of a peer */
#define SAMPLES_MAX 1000000
#define LOST_S 10		/* no reply for so long: none will come */
#define RECEIVE_BUFFER (64 << 20)
/* A 64 KiB message in 1,024 packets weighs more than its bytes. */
#define SOCKET_BUFFER (4 << 20)

/* DSP0236, table 12 */
#define GET_EID 0x02
#define REQUEST 0x80

/* One outstanding request, on a socket of its own */
struct slot {
	int sd;
	__u8 tag;
	__u32 seed;		/* of the message */
	unsigned long long sent;	/* ns; 0: none is outstanding */
};

/* What came of a number of requests. */
struct tally {
	unsigned long long *sample;		/* round trips, ns */
	unsigned int n;
	unsigned int lost;
	unsigned int wrong;
};

static struct pcc pcc = { .net = NETWORK };
static struct tally echoes;
static bool stop;

static int require(int rc, const char *what)
{
	if (rc < 0)
		errx(1, "%s: %s", what, strerror(-rc));
	return rc;
}

static unsigned long long transmitted(void)
{
	struct rtnl_link_stats64 stats;

	require(nl_link_stats(pcc.link.ifindex, &stats), "statistics");
	return stats.tx_packets;
}

static void set_limits(int sd, int seconds, int size)
{
	struct timeval limit = { .tv_sec = seconds };

	if (setsockopt(sd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)) ||
	    setsockopt(sd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) ||
	    setsockopt(sd, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof(size)))
		err(1, "buffers of a socket");
}

static void slot_open(struct slot *s)
{
	s->sent = 0;
	s->sd = require(mctp_socket(&pcc, &s->tag), "AF_MCTP socket");
	set_limits(s->sd, LOST_S, SOCKET_BUFFER);
}

static int by_value(const void *a, const void *b)
{
	const unsigned long long *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static unsigned long long percentile(struct tally *t, unsigned int percent)
{
	return t->n ? t->sample[(t->n - 1) * percent / 100] : 0;
}

static void print_tally(struct tally *t, unsigned long long ns)
{
	qsort(t->sample, t->n, sizeof(*t->sample), by_value);
	printf("messages=%u ns=%llu p50_ns=%llu p99_ns=%llu max_ns=%llu ", t->n,
	       ns, percentile(t, 50), percentile(t, 99), percentile(t, 100));
	printf("lost=%u wrong=%u\n", t->lost, t->wrong);
}

static unsigned int number(const char *text, const char *name,
			   unsigned int least, unsigned int most)
{
	unsigned long value = strtoul(text, NULL, 0);

	if (value < least || value > most)
		errx(2, "%s is %u to %u", name, least, most);
	return value;
}

static size_t size_of(const char *text)
{
	return number(text, "SIZE", 2, MCTP_MSG_MAX + 1);
}

static unsigned int window_of(const char *text)
{
	return number(text, "WINDOW", 1, WINDOW_MAX);
}

static void serial(char **argv)
{
	int fd = open(argv[0], O_RDWR | O_NOCTTY | O_CLOEXEC), ldisc = N_MCTP;
	struct termios raw;

	if (fd < 0 || tcgetattr(fd, &raw))
		err(1, "%s", argv[0]);
	cfmakeraw(&raw);
	cfsetspeed(&raw, B115200);
	raw.c_cflag |= CLOCAL | CREAD;
	if (tcsetattr(fd, TCSANOW, &raw) || ioctl(fd, TIOCSETD, &ldisc))
		err(1, "%s: line discipline of MCTP", argv[0]);
	for (;;)
		pause();
}

/* A route or an EID that is there already is as good: bench.sh joins anew. */
static void join(char **argv)
{
	int our = atoi(argv[1]), peer = atoi(argv[2]);
	int ifindex = pcc.link.ifindex, rc = nl_addr(ifindex, our, true);

	if (!rc || rc == -EEXIST)
		rc = nl_route(ifindex, peer, true);
	if (rc != -EEXIST)
		require(rc, "our EID, and a route to the peer's");
	require(mctp_set_eid(&pcc, peer), "Set Endpoint ID");
}

static void out(char **argv)
{
	unsigned int count = strtoul(argv[3], NULL, 0);
	static __u8 body[MCTP_MSG_MAX];
	size_t size = size_of(argv[2]);
	unsigned long long start, want, seen = 0, is, end;
	unsigned int refused = 0;
	struct pcc_attrs attrs;
	struct slot s;
	int rc;

	pcc.peer_eid = atoi(argv[1]);
	require(nl_link_get(pcc.link.ifindex, &attrs), "no such link");
	slot_open(&s);
	load_request(body, size - 1, 1, 0);
	want = attrs.stats.tx_packets +
	       count * mctp_packets(size - 1, attrs.mtu);
	start = now_ns();
	for (unsigned int i = 0; i < count; i++) {
		while ((rc = mctp_send(s.sd, &pcc, MCTP_TYPE_VENDOR_IANA,
				       s.tag, body, size - 1))) {
			if (rc != -ENOBUFS && rc != -EAGAIN)
				require(rc, "sending");
			refused++;
			usleep(1000);
		}
	}
	end = now_ns() + LOST_S * SECOND;
	while ((is = transmitted()) < want && now_ns() < end) {
		if (is != seen)
			end = now_ns() + LOST_S * SECOND;
		seen = is;
		usleep(1000);
	}
	printf("messages=%u refused=%u missing=%llu ns=%llu\n", count, refused,
	       is < want ? want - is : 0, now_ns() - start);
}

/* Prints "ready" for the flood to begin; the first packet starts the clock. */
static void take(int sd, unsigned int count)
{
	static __u8 packet[65536];
	unsigned long long start = 0, last, bytes = 0;
	unsigned int n = 0;
	ssize_t len;

	set_limits(require(sd, "a socket to receive"), 5, RECEIVE_BUFFER);
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

static void in(char **argv)
{
	take(pkt_bind(pcc.link.ifindex, ETH_P_MCTP),
	     strtoul(argv[1], NULL, 0));
}

static void in_mctp(char **argv)
{
	take(mctp_bind(&pcc, MCTP_TYPE_VENDOR_IANA),
	     strtoul(argv[1], NULL, 0));
}

static void slot_send(struct slot *s, size_t size)
{
	static __u8 body[MCTP_MSG_MAX];
	static __u32 seed;

	s->seed = ++seed;
	load_request(body, size - 1, s->seed, size - 1);
	s->sent = now_ns();
	if (mctp_send(s->sd, &pcc, MCTP_TYPE_VENDOR_IANA, s->tag, body,
		      size - 1))
		s->sent = 0;	/* no room just now */
}

static void slot_receive(struct slot *s, size_t size, struct tally *t)
{
	static __u8 body[MCTP_MSG_MAX];
	ssize_t n = recv(s->sd, body, sizeof(body), MSG_DONTWAIT);

	if (n < 0)
		return;
	if (n != (ssize_t)size - 1 || load_check(body, n, s->seed))
		t->wrong++;
	else if (t->n < SAMPLES_MAX)
		t->sample[t->n++] = now_ns() - s->sent;
	s->sent = 0;
}

/* With a new socket, which does not get the reply to the lost request */
static void slot_expire(struct slot *s, struct tally *t)
{
	if (!s->sent || now_ns() - s->sent < LOST_S * SECOND)
		return;
	t->lost++;
	close(s->sd);
	slot_open(s);
}

/* Until @end, or until told; then what is outstanding is waited for. */
static void echo_until(unsigned long long end, size_t size,
		       unsigned int window, struct tally *t)
{
	struct pollfd fds[WINDOW_MAX];
	struct slot slots[WINDOW_MAX];
	unsigned int busy;
	bool over;

	for (unsigned int i = 0; i < window; i++)
		slot_open(&slots[i]);
	do {
		over = __atomic_load_n(&stop, __ATOMIC_RELAXED) ||
		       now_ns() > end;
		busy = 0;
		for (unsigned int i = 0; i < window; i++) {
			slot_expire(&slots[i], t);
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

static void echo(char **argv)
{
	unsigned long long start = now_ns();

	pcc.peer_eid = atoi(argv[0]);
	echo_until(start + strtoul(argv[3], NULL, 0) * 1000000ULL,
		   size_of(argv[1]), window_of(argv[2]), &echoes);
	print_tally(&echoes, now_ns() - start);
}

static void *background(void *arg)
{
	char **argv = arg;

	echo_until(~0ULL, size_of(argv[2]), window_of(argv[3]), &echoes);
	return NULL;
}

static void get_eid(struct slot *s, unsigned int instance, struct tally *t)
{
	__u8 request[] = { REQUEST | (instance & 0x1f), GET_EID }, answer[16];
	unsigned long long sent = now_ns();

	require(mctp_send(s->sd, &pcc, MCTP_TYPE_CONTROL, s->tag, request,
			  sizeof(request)), "Get Endpoint ID");
	if (recv(s->sd, answer, sizeof(answer), 0) < 0)
		t->lost++;
	else if (answer[0] != (instance & 0x1f) || answer[2])
		t->wrong++;
	else
		t->sample[t->n++] = now_ns() - sent;
}

static void control(char **argv)
{
	unsigned int count = strtoul(argv[1], NULL, 0);
	struct tally t = { .sample = calloc(count, sizeof(*t.sample)) };
	unsigned long long start;
	pthread_t thread;
	struct slot s;

	pcc.peer_eid = atoi(argv[0]);
	slot_open(&s);
	if (argv[2]) {
		pthread_create(&thread, NULL, background, argv);
		usleep(300000);	/* under way */
	}
	start = now_ns();
	for (unsigned int i = 0; i < count; i++) {
		get_eid(&s, i, &t);
		usleep(1000 + i % 7 * 1000);
	}
	start = now_ns() - start;
	__atomic_store_n(&stop, true, __ATOMIC_RELAXED);
	if (argv[2])
		pthread_join(thread, NULL);
	t.wrong += echoes.wrong;
	t.lost += echoes.lost;
	print_tally(&t, start);
}

static const struct {
	const char *name;
	int args;
	bool link;		/* the first is one */
	void (*run)(char **argv);
} words[] = {
	{ "serial", 1, false, serial },
	{ "join", 3, true, join },
	{ "out", 4, true, out },
	{ "in", 2, true, in },
	{ "in-mctp", 2, true, in_mctp },
	{ "echo", 4, false, echo },
	{ "control", 2, false, control },
	{ "control", 4, false, control },
};

int main(int argc, char **argv)
{
	size_t i;

	echoes.sample = calloc(SAMPLES_MAX, sizeof(*echoes.sample));
	if (!echoes.sample)
		err(1, "memory");
	for (i = 0; i < ARRAY_SIZE(words); i++) {
		if (argc != words[i].args + 2 || strcmp(argv[1], words[i].name))
			continue;
		if (words[i].link)
			pcc.link.ifindex = if_nametoindex(argv[2]);
		if (words[i].link && !pcc.link.ifindex)
			err(1, "%s", argv[2]);
		words[i].run(argv + 2);
		return 0;
	}
	errx(2, "usage: traffic serial|join|out|in|in-mctp|echo|control ...");
}
