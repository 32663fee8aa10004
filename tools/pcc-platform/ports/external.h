/* SPDX-License-Identifier: GPL-2.0 */
/*
 * An endpoint outside of the program, in the place of the built-in one
 *
 * Copyright (C) 2026 The mctp-pcc authors
 */
#ifndef PCC_PLATFORM_EXTERNAL_H
#define PCC_PLATFORM_EXTERNAL_H

#include <poll.h>

#include "pcc/link.h"
#include "wire/serial.h"

/**
 * struct external - the way to the endpoint behind one link
 * @link: what its packets come from and go to; NULL: the built-in one answers
 * @path: of the socket; NULL: a pty
 * @listen_fd: where the endpoint connects; -1: we connect, or a pty
 * @fd: the way itself; -1: nobody is there
 * @hold_fd: the pty's other end, open so that ours never hangs up
 * @reader: of a pty
 * @queue: what waits for room, oldest first: packets, or frames for a pty
 * @sent: bytes of the oldest frame that a pty has taken
 * @retry: when to connect again
 */
struct external {
	struct link *link;
	const char *path;
	int listen_fd;
	int fd;
	int hold_fd;
	struct serial_reader reader;
	struct queue queue;
	size_t sent;
	struct timer retry;
};

/* SPEC is one of builtin, pty, socket:PATH, connect:PATH. */
bool external_spec_ok(const char *spec);
/* Puts it behind the link; false, and one line on stderr, if that fails. */
bool external_open(struct external *x, struct link *l, const char *spec,
		   const char *dir);
void external_close(struct external *x);
/* Sends what has room by now, then says what to wait for. */
void external_pollfd(struct external *x, struct pollfd *f);
void external_event(struct external *x, const struct pollfd *f);

#endif /* PCC_PLATFORM_EXTERNAL_H */
