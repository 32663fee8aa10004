// SPDX-License-Identifier: GPL-2.0
/* Copyright (C) 2026 The mctp-pcc authors */
/*
 * An endpoint outside of the program, in the place of the built-in one
 *
 * On a pty, in the framing of a serial line (DSP0253); or on a Unix socket of
 * type SOCK_SEQPACKET, one MCTP packet a message. Nothing blocks: a packet
 * without room waits in a queue, and is dropped and counted when that is full.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

#include "base/log.h"
#include "base/sock.h"
#include "ports.h"
#include "wire/wire.h"

#define EXTERNAL_QUEUE_MAX	8192	/* eight messages of 64 KiB, MTU 68 */
#define EXTERNAL_AHEAD		1024	/* of the inbox: stop reading */
#define EXTERNAL_RETRY		(100 * NSEC_PER_MSEC)

static const char *spec_path(const char *spec, const char *kind)
{
	size_t n = strlen(kind);

	return !strncmp(spec, kind, n) && spec[n] ? spec + n : NULL;
}

bool external_spec_ok(const char *spec)
{
	return !strcmp(spec, "builtin") || !strcmp(spec, "pty") ||
	       spec_path(spec, "socket:") || spec_path(spec, "connect:");
}

static void external_drop(struct external *x, const char *why)
{
	x->link->c.ext_dropped++;
	log_line("link %u: endpoint: packet dropped: %s", x->link->number, why);
}

static bool external_write(struct external *x, const struct queued *q)
{
	ssize_t n;

	if (x->path) {
		n = send(x->fd, q->data, q->len, MSG_NOSIGNAL);
		return n == (ssize_t)q->len;
	}
	n = write(x->fd, q->data + x->sent, q->len - x->sent);
	if (n > 0)
		x->sent += n;
	return x->sent == q->len;
}

static void external_flush(struct external *x)
{
	while (x->fd >= 0 && x->queue.len &&
	       external_write(x, x->queue.head)) {
		free(queue_take(&x->queue));
		x->sent = 0;
	}
}

static void external_purge(struct external *x)
{
	queue_purge(&x->queue);
	x->sent = 0;
}

static void external_receive(void *arg, const u8 *packet, size_t len)
{
	struct external *x = arg;
	u8 frame[SERIAL_FRAME_MAX];

	if (x->fd < 0) {
		external_drop(x, "nobody is connected");
	} else if (x->queue.len >= EXTERNAL_QUEUE_MAX) {
		external_drop(x, "the endpoint does not keep up");
	} else if (!x->path && len > SERIAL_PACKET_MAX) {
		external_drop(x, "too long for a serial frame: lower the MTU");
	} else {
		if (!x->path) {
			len = serial_frame(frame, packet, len);
			packet = frame;
		}
		queue_add(&x->queue, packet, len);
		external_flush(x);
	}
}

static void external_post(struct external *x, const u8 *packet, size_t len)
{
	if (len < MCTP_PACKET_MIN || len > x->link->in.size - PCC_HDR_SIZE)
		external_drop(x, "its length does not fit the inbox");
	else
		inbox_queue(x->link, packet, len);
}

static void external_connect(void *arg);

static void external_hang_up(struct external *x)
{
	log_line("link %u: endpoint: disconnected", x->link->number);
	close(x->fd);
	x->fd = -1;
	external_purge(x);
	if (x->listen_fd < 0)
		timer_set(&x->retry, EXTERNAL_RETRY, external_connect, x);
}

static void external_read_pty(struct external *x)
{
	u64 before = x->reader.bad;
	u8 bytes[4096];
	ssize_t n;

	n = read(x->fd, bytes, sizeof(bytes));
	for (ssize_t i = 0; i < n; i++)
		if (serial_read(&x->reader, bytes[i]))
			external_post(x, x->reader.packet, x->reader.len);
	if (x->reader.bad != before)
		external_drop(x, "bad serial frame");
}

static void external_read_socket(struct external *x)
{
	u8 packet[MESSAGE_MAX];
	ssize_t n;

	n = recv(x->fd, packet, sizeof(packet), 0);
	if (n > 0)
		external_post(x, packet, n);
	else if (!n || (errno != EAGAIN && errno != EINTR))
		external_hang_up(x);
}

static void external_connect(void *arg)
{
	struct external *x = arg;

	x->fd = sock_connect(x->path, SOCK_SEQPACKET);
	if (x->fd >= 0)
		log_line("link %u: endpoint: connected to %s", x->link->number,
			 x->path);
	else
		timer_set(&x->retry, EXTERNAL_RETRY, external_connect, x);
}

/* RUNDIR/linkN.pty is a link to the other end. */
static bool external_open_pty(struct external *x, const char *dir)
{
	struct termios raw;
	char path[4096], c;

	x->fd = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	if (x->fd < 0 || grantpt(x->fd) || unlockpt(x->fd))
		return false;
	x->hold_fd = open(ptsname(x->fd), O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (x->hold_fd < 0 || tcgetattr(x->hold_fd, &raw))
		return false;
	cfmakeraw(&raw);
	snprintf(path, sizeof(path), "%s/link%u.pty", dir, x->link->number);
	/* an old link makes room, nothing else does */
	if (readlink(path, &c, 1) > 0)
		unlink(path);
	return !tcsetattr(x->hold_fd, TCSANOW, &raw) &&
	       !symlink(ptsname(x->fd), path);
}

bool external_open(struct external *x, struct link *l, const char *spec,
		   const char *dir)
{
	const char *listen_path = spec_path(spec, "socket:");
	struct sockaddr_un addr;
	bool ok = true;

	*x = (struct external){ .fd = -1, .listen_fd = -1, .hold_fd = -1 };
	if (!strcmp(spec, "builtin"))
		return true;
	x->link = l;
	x->path = listen_path ? listen_path : spec_path(spec, "connect:");
	if (!x->path) {
		ok = external_open_pty(x, dir) ||
		     complain("link%u.pty: %m", l->number);
	} else if (listen_path) {
		x->listen_fd = sock_bind(listen_path, listen_path,
					 SOCK_SEQPACKET);
		ok = x->listen_fd >= 0;
	} else {
		ok = sock_address(&addr, x->path);
		if (ok)
			external_connect(x);
	}
	l->receive = external_receive;
	l->receive_arg = x;
	return ok;
}

void external_close(struct external *x)
{
	timer_cancel(&x->retry);
	external_purge(x);
	if (x->fd >= 0)
		close(x->fd);
	if (x->hold_fd >= 0)
		close(x->hold_fd);
	if (x->listen_fd >= 0)
		close(x->listen_fd);
	x->link = NULL;
}

void external_pollfd(struct external *x, struct pollfd *f)
{
	*f = (struct pollfd){ .fd = -1 };
	if (!x->link)
		return;
	external_flush(x);
	f->fd = x->fd >= 0 ? x->fd : x->listen_fd;
	if (x->link->queue.len < EXTERNAL_AHEAD)
		f->events |= POLLIN;
	if (x->queue.len)
		f->events |= POLLOUT;
}

void external_event(struct external *x, const struct pollfd *f)
{
	if (!x->link || f->fd < 0 ||
	    !(f->revents & (POLLIN | POLLHUP | POLLERR)))
		return;
	if (x->fd < 0) {
		x->fd = accept4(x->listen_fd, NULL, NULL,
				SOCK_NONBLOCK | SOCK_CLOEXEC);
		if (x->fd >= 0)
			log_line("link %u: endpoint: connected",
				 x->link->number);
	} else if (x->path) {
		external_read_socket(x);
	} else {
		external_read_pty(x);
	}
}
