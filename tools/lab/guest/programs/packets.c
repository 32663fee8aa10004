// SPDX-License-Identifier: GPL-2.0
/*
 * Copyright (C) 2026 The mctp-pcc authors
 *
 * packets IFNAME COUNT LENGTH [step | queued LINK]: sends COUNT MCTP packets of
 * LENGTH bytes past AF_MCTP, as fast as they are taken. With "step" it sends
 * each when the one before was transmitted. With "queued" the platform keeps
 * the first one until all are queued, so that no sender runs beside them.
 * Waits until the interface has counted all. Prints how many were refused for
 * want of room, and how long it took: first call to last count.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "load.h"
#include "measure.h"
#include "side.h"

#define PACKET_MAX 65536
#define SEND_BUFFER (256 << 20)	/* 10,000 packets of 8 KiB */
#define LIMIT_S 20		/* without any progress */
#define LOOK_US 1000
/* As seldom as the bare mailbox, which is compared */
#define LOOK_QUEUED_US 20000

static const char *ifname;
static int stats;

static __u64 transmitted(void)
{
	char text[32] = "";

	if (pread(stats, text, sizeof(text) - 1, 0) <= 0)
		err(1, "%s: statistics", ifname);
	return strtoull(text, NULL, 10);
}

/* 0: looks all the time */
static void wait_for(__u64 count, unsigned int pause_us)
{
	__u64 end = now_ns() + LIMIT_S * SEC, seen = 0, is;

	while ((is = transmitted()) < count) {
		if (is != seen)
			end = now_ns() + LIMIT_S * SEC;
		else if (now_ns() > end)
			errx(1, "%s: %llu of %llu packets are missing", ifname,
			     count - is, count);
		seen = is;
		if (pause_us)
			usleep(pause_us);
	}
}

static void tell(const char *command, const char *link, const char *more)
{
	char line[64], reply[256];

	snprintf(line, sizeof(line), "%s %s%s", command, link, more);
	side_command(line, reply, sizeof(reply));
}

static int open_socket(void)
{
	int sd = packet_socket(ifname), size = SEND_BUFFER;

	if (setsockopt(sd, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof(size)))
		err(1, "%s: send buffer", ifname);
	return sd;
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

int main(int argc, char **argv)
{
	/* a whole message to the null EID, of a tag that the peer gave out */
	static __u8 packet[PACKET_MAX] = { 0x01, 0x00, 0x08, 0xc0, LOAD_TYPE };
	bool step = argc == 5 && !strcmp(argv[4], "step");
	bool queued = argc == 6 && !strcmp(argv[4], "queued");
	unsigned int count, len, refused = 0;
	__u64 before, start;
	int sd;

	if (argc != 4 && !step && !queued)
		errx(2,
		     "usage: packets IFNAME COUNT LENGTH [step|queued LINK]");
	ifname = argv[1];
	count = strtoul(argv[2], NULL, 0);
	len = strtoul(argv[3], NULL, 0);
	if (!count || len < 5 || len > PACKET_MAX)
		errx(2, "COUNT from 1, LENGTH from 5 to %u", PACKET_MAX);
	sd = open_socket();
	open_stats();
	if (queued)
		tell("completion", argv[5], " mode=hold count=1");
	before = transmitted();
	start = now_ns();
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
	if (queued)
		tell("release", argv[5], "");
	wait_for(before + count, queued ? LOOK_QUEUED_US : LOOK_US);
	printf("packets=%u len=%u refused=%u ns=%llu\n", count, len, refused,
	       now_ns() - start);
	return 0;
}
