// SPDX-License-Identifier: GPL-2.0
/* Copyright (C) 2026 The mctp-pcc authors */
/*
 * A responder outside of the program, on a Unix socket
 *
 * README.md, "Other PCC clients", has the form of the messages.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"
#include "base/sock.h"
#include "ports.h"
#include "wire/wire.h"

#define REMOTE_HEADER	8
#define REMOTE_MAX	(REMOTE_HEADER + 0x20000)

__printf(2, 3)
static void remote_fail(struct remote *r, const char *fmt, ...)
{
	char text[200];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	complain("responder of link %u: %s", r->link->number, text);
	log_line("link %u: responder: %s", r->link->number, text);
	r->failed = true;
	close(r->fd);
	r->fd = -1;
}

static void remote_send(struct remote *r)
{
	size_t len = r->waiting_len;

	if (r->fd < 0 || !len)
		return;
	r->waiting_len = 0;
	if (send(r->fd, r->waiting, len, MSG_NOSIGNAL) != (ssize_t)len)
		remote_fail(r, "takes no command: %s", strerror(errno));
}

/* The last command of the OS waits for the responder to connect. */
static void remote_ask(void *arg, u32 id, u32 command, const u8 *data,
		       size_t len)
{
	struct remote *r = arg;

	put_le32(r->waiting, id);
	put_le32(r->waiting + 4, command);
	memcpy(r->waiting + REMOTE_HEADER, data, len);
	r->waiting_len = REMOTE_HEADER + len;
	remote_send(r);
}

static void remote_notify(struct remote *r, const u8 *msg, size_t len)
{
	u32 most = r->link->in.size - PCC_HDR_SIZE;
	struct post p;

	len -= REMOTE_HEADER;
	if (len > most) {
		remote_fail(r,
			    "a notification of %zu bytes, the inbox takes %u",
			    len, most);
		return;
	}
	p = inbox_message(r->link, msg + REMOTE_HEADER, len);
	p.command = get_le32(msg + 4);
	inbox_post_next(r->link, &p);
}

/* The command of an older id was ended by a reset or restart. */
static void remote_answer(struct remote *r, const u8 *msg, size_t len)
{
	size_t room = r->link->out.size - r->link->out.type->header;
	u32 id = get_le32(msg);

	len -= REMOTE_HEADER;
	if (id <= r->answered || id > r->link->asked) {
		remote_fail(r, "answers %u, which it was not asked", id);
	} else if (len > room) {
		remote_fail(r, "an answer of %zu bytes, the buffer takes %zu",
			    len, room);
	} else {
		r->answered = id;
		outbox_answer(r->link, id, !get_le32(msg + 4),
			      msg + REMOTE_HEADER, len);
	}
}

static void remote_read(struct remote *r)
{
	static u8 msg[REMOTE_MAX + 1];
	ssize_t n = recv(r->fd, msg, sizeof(msg), 0);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0)
		remote_fail(r, "has ended");
	else if (n < REMOTE_HEADER)
		remote_fail(r, "a message of %zd bytes, must be %u at least", n,
			    REMOTE_HEADER);
	else if (!get_le32(msg))
		remote_notify(r, msg, n);
	else
		remote_answer(r, msg, n);
}

bool remote_open(struct remote *r, struct link *l, const char *path)
{
	*r = (struct remote){ .link = l, .fd = -1 };
	r->listen_fd = sock_bind(path, path, SOCK_SEQPACKET);
	if (r->listen_fd < 0)
		return false;
	r->waiting = xcalloc(1, REMOTE_HEADER + l->out.size);
	l->ask = remote_ask;
	l->ask_arg = r;
	return true;
}

void remote_close(struct remote *r)
{
	if (r->fd >= 0)
		close(r->fd);
	close(r->listen_fd);
	free(r->waiting);
	r->link = NULL;
}

/* No more is read than the inbox can take. */
void remote_pollfd(const struct remote *r, struct pollfd *f)
{
	*f = (struct pollfd){ .fd = -1 };
	if (!r->link || r->failed)
		return;
	f->fd = r->fd >= 0 ? r->fd : r->listen_fd;
	if (!r->link->next)
		f->events = POLLIN;
}

void remote_event(struct remote *r, const struct pollfd *f)
{
	if (!r->link || f->fd < 0 ||
	    !(f->revents & (POLLIN | POLLHUP | POLLERR)))
		return;
	if (r->fd >= 0) {
		remote_read(r);
		return;
	}
	r->fd = accept4(r->listen_fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (r->fd >= 0)
		log_line("link %u: responder: connected", r->link->number);
	remote_send(r);
}

bool remotes_open(struct remote *r, struct link *links, unsigned int n,
		  const char * const *paths)
{
	unsigned int used = 0;

	for (unsigned int i = 0; i < n; i++) {
		struct link *l = &links[i];

		if (!l->responder || l->responder->execute)
			continue;
		if (!paths[used])
			return complain("link %u has answers=socket: needs %s",
					i, "a --responder socket:PATH");
		if (!remote_open(&r[i], l, paths[used++]))
			return false;
	}
	return !paths[used] ||
	       complain("--responder socket:%s: only %u links have %s",
			paths[used], used, "answers=socket");
}

bool remotes_event(struct remote *r, const struct pollfd *f)
{
	for (unsigned int i = 0; i < LINKS_MAX; i++) {
		remote_event(&r[i], &f[i]);
		if (r[i].failed && !r[i].told) {
			r[i].told = true;
			return true;
		}
	}
	return false;
}
