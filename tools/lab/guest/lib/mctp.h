/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Copyright (C) 2026 The mctp-pcc authors
 *
 * AF_MCTP sockets for messages of 64 KiB.
 */
#ifndef LAB_MCTP_H
#define LAB_MCTP_H

#include <linux/mctp.h>
#include <sys/socket.h>

#ifndef AF_MCTP
#define AF_MCTP 45
#endif

/* The kernel's first network: an allocated tag needs its number. */
#define NETWORK 1

/*
 * A socket that waits at most so long for a message, 0: for ever. Exits if
 * there is none to be had.
 */
int mctp_socket(int limit_ms);

/*
 * A socket that waits for ever, for what anybody sends us of a message type.
 * Exits if there is none to be had.
 */
int mctp_service(__u8 type);

/*
 * Gives the socket a tag of its own for messages to that EID: others expire
 * after six seconds, too soon for a busy host. Exits if there is none left.
 */
__u8 mctp_own_tag(int sd, __u8 eid);

#endif
