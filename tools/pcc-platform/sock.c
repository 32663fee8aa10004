// SPDX-License-Identifier: GPL-2.0
/*
 * A listening Unix socket with its one peer, never blocking
 *
 * Copyright (C) 2026 The mctp-pcc authors
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "sock.h"

bool sock_listen(struct sock *s, const char *dir, const char *name)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int n = snprintf(addr.sun_path, sizeof(addr.sun_path), "%s/%s", dir,
			 name);

	s->name = name;
	s->fd = -1;
	if ((size_t)n >= sizeof(addr.sun_path)) {
		fprintf(stderr, "pcc-platform: %s: too long for a socket\n",
			dir);
		return false;
	}
	unlink(addr.sun_path);
	s->listen_fd = socket(AF_UNIX,
			      SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (s->listen_fd < 0 ||
	    bind(s->listen_fd, (struct sockaddr *)&addr, sizeof(addr)) ||
	    listen(s->listen_fd, 1)) {
		fprintf(stderr, "pcc-platform: %s: %s\n", addr.sun_path,
			strerror(errno));
		return false;
	}
	return true;
}

void sock_accept(struct sock *s)
{
	s->fd = accept4(s->listen_fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
}

void sock_close(struct sock *s)
{
	if (s->fd >= 0)
		close(s->fd);
	s->fd = -1;
}

void sock_queue(struct sock *s, const void *data, size_t len)
{
	if (s->out_len + len > s->out_room) {
		s->out_room = 2 * (s->out_len + len);
		s->out = realloc(s->out, s->out_room);
		if (!s->out) {
			fprintf(stderr, "pcc-platform: out of memory\n");
			exit(3);
		}
	}
	memcpy(s->out + s->out_len, data, len);
	s->out_len += len;
}

void sock_flush(struct sock *s)
{
	ssize_t n;

	if (!s->out_len || s->fd < 0)
		return;
	n = send(s->fd, s->out, s->out_len, MSG_NOSIGNAL);
	if (n <= 0)
		return;		/* full, or its end is seen at the next read */
	memmove(s->out, s->out + n, s->out_len - n);
	s->out_len -= n;
}

size_t sock_read(struct sock *s, void *buf, size_t size)
{
	ssize_t n = recv(s->fd, buf, size, 0);

	if (n > 0)
		return n;
	if (!n || (errno != EAGAIN && errno != EINTR))
		sock_close(s);
	return 0;
}
