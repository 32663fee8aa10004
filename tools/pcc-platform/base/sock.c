// SPDX-License-Identifier: GPL-2.0
/* Copyright (C) 2026 The mctp-pcc authors */
/* A listening Unix socket with its one peer, never blocking */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sock.h"

bool sock_address(struct sockaddr_un *addr, const char *path)
{
	size_t n = strlen(path);

	*addr = (struct sockaddr_un){ .sun_family = AF_UNIX };
	if (n >= sizeof(addr->sun_path))
		return complain("%s: a socket's path: %zu bytes, %zu at most",
				path, n, sizeof(addr->sun_path) - 1);
	memcpy(addr->sun_path, path, n + 1);
	return true;
}

int sock_connect(const char *path, int type)
{
	int fd = socket(AF_UNIX, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	struct sockaddr_un addr;
	int rc;

	if (fd < 0 || (sock_address(&addr, path) &&
		       !connect(fd, (struct sockaddr *)&addr, sizeof(addr))))
		return fd;
	rc = errno;
	close(fd);
	errno = rc;
	return -1;
}

static const char *sock_clear(const char *path, int type)
{
	struct stat st;
	int fd;

	if (lstat(path, &st))
		return NULL;
	if (!S_ISSOCK(st.st_mode))
		return "is there and is no socket: remove it, or name another";
	fd = sock_connect(path, type);
	if (fd >= 0)
		close(fd);
	if (fd >= 0 || errno != ECONNREFUSED)
		return "another program listens there";
	return unlink(path) ? strerror(errno) : NULL;
}

int sock_bind(const char *name, const char *path, int type)
{
	struct sockaddr_un addr;
	const char *why;
	int fd;

	if (!sock_address(&addr, path))
		return -1;
	why = sock_clear(path, type);
	fd = socket(AF_UNIX, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (!why && fd >= 0 &&
	    !bind(fd, (struct sockaddr *)&addr, sizeof(addr)) &&
	    !listen(fd, 1))
		return fd;
	complain("%s: %s", name, why ? why : strerror(errno));
	if (fd >= 0)
		close(fd);
	return -1;
}

bool sock_listen(struct sock *s, const char *dir, const char *name)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	s->fd = -1;
	s->listen_fd = sock_bind(name, path, SOCK_STREAM);
	return s->listen_fd >= 0;
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
			complain("out of memory");
			exit(3);
		}
	}
	memcpy(s->out + s->out_len, data, len);
	s->out_len += len;
}

static void sock_flush(struct sock *s)
{
	ssize_t n;

	if (!s->out_len || s->fd < 0)
		return;
	n = send(s->fd, s->out, s->out_len, MSG_NOSIGNAL);
	if (n <= 0)
		return;
	memmove(s->out, s->out + n, s->out_len - n);
	s->out_len -= n;
}

void sock_pollfd(struct sock *s, struct pollfd *f)
{
	sock_flush(s);
	f->fd = s->fd >= 0 ? s->fd : s->listen_fd;
	f->events = POLLIN | (s->fd >= 0 && s->out_len ? POLLOUT : 0);
}

void sock_event(struct sock *s, const struct pollfd *f)
{
	if (!(f->revents & (POLLIN | POLLHUP | POLLERR)))
		return;
	if (s->fd >= 0)
		s->input(s);
	else
		s->fd = accept4(s->listen_fd, NULL, NULL,
				SOCK_NONBLOCK | SOCK_CLOEXEC);
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

void sock_read_lines(struct sock *s, char *line, size_t room,
		     void (*take)(void *arg, const char *line), void *arg)
{
	char buf[4096];
	size_t n = sock_read(s, buf, sizeof(buf));

	for (size_t i = 0; i < n; i++) {
		if (buf[i] != '\n') {
			if (s->in_len < room - 1)
				line[s->in_len++] = buf[i];
			continue;
		}
		line[s->in_len] = '\0';
		s->in_len = 0;
		take(arg, line);
	}
}
