// SPDX-License-Identifier: GPL-2.0
/*
 * Copyright (C) 2026 The mctp-pcc authors
 */
#include <arpa/inet.h>
#include <err.h>
#include <net/if.h>
#include <sys/socket.h>
#include <time.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>

#include "measure.h"

__u64 now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * SEC + ts.tv_nsec;
}

int packet_socket(const char *ifname)
{
	struct sockaddr_ll addr = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_MCTP),
		.sll_ifindex = if_nametoindex(ifname),
	};
	int sd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);

	if (!addr.sll_ifindex || sd < 0 ||
	    bind(sd, (void *)&addr, sizeof(addr)))
		err(1, "%s: AF_PACKET socket", ifname);
	return sd;
}
