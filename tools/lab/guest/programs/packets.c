// SPDX-License-Identifier: GPL-2.0
/*
 * Copyright (C) 2026 The mctp-pcc authors
 *
 * packets IFNAME COUNT LENGTH [step | queued LINK]: sends COUNT packets of
 * LENGTH bytes by AF_PACKET, with "step" each when the last was transmitted.
 * With "queued" the platform completes the first one when all are queued.
 * Prints how many were refused for want of room, and how long all took.
 */
#include <err.h>
#include <net/if.h>

#include <linux/if_ether.h>

#include "pcc.h"

#define PACKET_MAX 65536
#define SEND_BUFFER (256 << 20)	/* 10,000 packets of 8 KiB */
#define LIMIT_MS 20000		/* without any progress */
#define LOOK_US 1000
/* As seldom as the bare mailbox, which is compared */
#define LOOK_QUEUED_US 20000

static const char *ifname;
static int sd, stats;

static unsigned long long transmitted(void)
{
	char text[32] = "";

	if (pread(stats, text, sizeof(text) - 1, 0) <= 0)
		err(1, "%s: statistics", ifname);
	return strtoull(text, NULL, 10);
}

/* 0: looks all the time */
static void wait_for(unsigned long long count, unsigned int pause_us)
{
	unsigned long long seen = 0, is;
	long long end = now_ms() + LIMIT_MS;

	while ((is = transmitted()) < count) {
		if (is != seen)
			end = now_ms() + LIMIT_MS;
		else if (now_ms() > end)
			errx(1, "%s: %llu of %llu packets are missing", ifname,
			     count - is, count);
		seen = is;
		if (pause_us)
			usleep(pause_us);
	}
}

static void open_socket(void)
{
	int ifindex = if_nametoindex(ifname), size = SEND_BUFFER;

	sd = ifindex ? pkt_bind(ifindex, ETH_P_MCTP) : -ENODEV;
	if (sd < 0)
		errx(1, "%s: AF_PACKET socket: %s", ifname, strerror(-sd));
	if (setsockopt(sd, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof(size)))
		err(1, "%s: send buffer", ifname);
}

static void open_stats(void)
{
	char path[128];

	snprintf(path, sizeof(path), "/sys/class/net/%s/statistics/tx_packets",
		 ifname);
	stats = open(path, O_RDONLY | O_CLOEXEC);
	if (stats < 0)
		err(1, "%s", path);
}

/* Returns how often one was refused for want of room */
static unsigned int send_all(unsigned int count, unsigned int len,
			     unsigned long long before, bool step)
{
	/* a whole message to the null EID, of a tag that the peer gave out */
	static __u8 packet[PACKET_MAX] = {
		0x01, 0x00, 0x08, 0xc0, MCTP_TYPE_VENDOR_IANA
	};
	unsigned int refused = 0;

	for (unsigned int i = 1; i <= count; i++) {
		while (send(sd, packet, len, 0) < 0) {
			if (errno != ENOBUFS)
				err(1, "%s: send", ifname);
			refused++;
			usleep(1000);
		}
		if (step)
			wait_for(before + i, 0);
	}
	return refused;
}

int main(int argc, char **argv)
{
	bool step = argc == 5 && !strcmp(argv[4], "step");
	bool queued = argc == 6 && !strcmp(argv[4], "queued");
	unsigned int count, len, refused;
	unsigned long long before, start;
	struct pcc pcc = { 0 };

	if (argc != 4 && !step && !queued)
		errx(2,
		     "usage: packets IFNAME COUNT LENGTH [step|queued LINK]");
	ifname = argv[1];
	count = strtoul(argv[2], NULL, 0);
	len = strtoul(argv[3], NULL, 0);
	if (!count || len < 5 || len > PACKET_MAX)
		errx(2, "COUNT from 1, LENGTH from 5 to %u", PACKET_MAX);
	open_socket();
	open_stats();
	if (queued) {
		pcc.number = strtoul(argv[5], NULL, 0);
		if (plat_cmd(&pcc, "completion mode=hold count=1"))
			return 1;
	}
	before = transmitted();
	start = now_ns();
	refused = send_all(count, len, before, step);
	if (queued && plat_cmd(&pcc, "release"))
		return 1;
	wait_for(before + count, queued ? LOOK_QUEUED_US : LOOK_US);
	printf("packets=%u len=%u refused=%u ns=%llu\n", count, len, refused,
	       now_ns() - start);
	return 0;
}
