/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Copyright (C) 2026 The mctp-pcc authors
 *
 * The platform's side channel: one command, one reply, a line each.
 */
#ifndef LAB_SIDE_H
#define LAB_SIDE_H

#include <stddef.h>
#include <linux/types.h>

/* Opens the virtio port of the platform: a descriptor, or a negative errno. */
int side_open(void);

/* Sends a command. Returns 0 when the reply, put into reply, is "ok ...". */
int side_ask(int fd, const char *command, char *reply, size_t len);

/*
 * The same on a descriptor of its own, for the platform has one client at a
 * time and others want it too. Exits unless the reply is "ok ...".
 */
void side_command(const char *command, char *reply, size_t len);

/* Reads NAME=NUMBER from a reply. */
__u64 side_value(const char *reply, const char *name);

#endif
