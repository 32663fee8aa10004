// SPDX-License-Identifier: GPL-2.0
/*
 * Copyright (C) 2026 The mctp-pcc authors
 */
#include <err.h>
#include <sys/ioctl.h>
#include <sys/time.h>

#include "mctp.h"

/* A 64 KiB message in 1,024 packets weighs more than its bytes. */
#define SOCKET_BUFFER (4 << 20)

int mctp_socket(int limit_ms)
{
	struct timeval limit = {
		.tv_sec = limit_ms / 1000,
		.tv_usec = limit_ms % 1000 * 1000,
	};
	int size = SOCKET_BUFFER;
	int sd;

	sd = socket(AF_MCTP, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (sd < 0 ||
	    setsockopt(sd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)) ||
	    setsockopt(sd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) ||
	    setsockopt(sd, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof(size)))
		err(1, "FAILED: AF_MCTP socket");
	return sd;
}

int mctp_service(__u8 type)
{
	struct sockaddr_mctp addr = {
		.smctp_family = AF_MCTP,
		.smctp_network = MCTP_NET_ANY,
		.smctp_addr.s_addr = MCTP_ADDR_ANY,
		.smctp_type = type,
	};
	int sd = mctp_socket(0);

	if (bind(sd, (void *)&addr, sizeof(addr)))
		err(1, "FAILED: AF_MCTP socket for type %#x", type);
	return sd;
}

__u8 mctp_own_tag(int sd, __u8 eid)
{
	struct mctp_ioc_tag_ctl2 tag = {
		.net = NETWORK,
		.peer_addr = eid,
	};

	if (ioctl(sd, SIOCMCTPALLOCTAG2, &tag))
		err(1, "FAILED: a tag");
	return tag.tag;
}
