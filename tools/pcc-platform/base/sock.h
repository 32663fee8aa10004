/* SPDX-License-Identifier: GPL-2.0 */
/* Copyright (C) 2026 The mctp-pcc authors */
/* A listening Unix socket with its one peer, never blocking */
#ifndef PCC_PLATFORM_SOCK_H
#define PCC_PLATFORM_SOCK_H

#include <poll.h>
#include <sys/un.h>

#include "util.h"

struct sock {
	void (*input)(struct sock *s);	/* something is there to be read */
	int listen_fd;
	int fd;			/* -1: the peer is not there */
	char *out;
	size_t out_len;
	size_t out_room;
	size_t in_len;		/* of the line that sock_read_lines() reads */
};

/* False, and one line on stderr, if the path is too long for a socket. */
bool sock_address(struct sockaddr_un *addr, const char *path);
/* -1 and errno if nobody listens there. */
int sock_connect(const char *path, int type);
/*
 * -1, and one line on stderr with the name, if it cannot listen. A socket that
 * nobody listens on any more makes room, nothing else does.
 */
int sock_bind(const char *name, const char *path, int type);
/* The same for DIR/NAME. */
bool sock_listen(struct sock *s, const char *dir, const char *name);
/* Sends what has room by now, then says what to wait for. */
void sock_pollfd(struct sock *s, struct pollfd *f);
/* Takes the peer, or calls @input. */
void sock_event(struct sock *s, const struct pollfd *f);
void sock_close(struct sock *s);
/* Appended to what is to be sent; sent by sock_pollfd(). */
void sock_queue(struct sock *s, const void *data, size_t len);
/* Bytes read, 0 if there are none; the peer's end closes our side. */
size_t sock_read(struct sock *s, void *buf, size_t size);
/* Calls @take for each whole line, cut to the room that @line has. */
void sock_read_lines(struct sock *s, char *line, size_t room,
		     void (*take)(void *arg, const char *line), void *arg);

#endif /* PCC_PLATFORM_SOCK_H */
