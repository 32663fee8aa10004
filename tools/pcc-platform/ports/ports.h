/* SPDX-License-Identifier: GPL-2.0 */
/* Copyright (C) 2026 The mctp-pcc authors */
/* What others connect to */
#ifndef PCC_PLATFORM_PORTS_H
#define PCC_PLATFORM_PORTS_H

#include <poll.h>

#include "base/keys.h"
#include "base/sock.h"
#include "pcc/link.h"
#include "wire/wire.h"

/* command-channel.c: commands of a test, a line each */
#define CMD_LINE_MAX	65536

struct cmd_channel {
	struct link *links;
	unsigned int n;
	void (*reply)(struct cmd_channel *s, const char *text);
	char buf[CMD_LINE_MAX];
	size_t len;
	bool too_long;		/* the line's rest is to be skipped */
	bool replied;		/* to the command that runs, or ran last */

	/* A command whose reply waits; later lines wait with it. */
	struct link *quiescing;
	u64 quiesce_until;
	u64 quiesce_doorbells;
	bool quiesce_seen;
	struct timer quiesce_timer;
	struct link *irq_link;
	enum box irq_box;
	u32 irq_left;
	u32 irq_sent;
	u32 irq_taken;
	u32 irq_misses;		/* in a row */
	u64 irq_until;		/* when the one under way counts as missed */
	bool irq_waiting;	/* for the acknowledge of the last one */
	struct timer irq_timer;
};

/* One command that runs. */
struct args {
	struct cmd_channel *s;
	struct link *l;
	char *text;		/* of a command without keys: as it stands */
	struct keys keys;
};

/* A command of the channel */
struct cmd {
	const char *name;	/* its name; NULL: the end of the list */
	void (*run)(struct args *a);	/* the reply is ok if it says nothing */
	bool link;		/* the first word is a link's number */
	const struct key *keys;	/* what it takes; NULL: any text */
};

extern const struct cmd cmd_list[];

/* The reply: begins with "ok", or with "error: ". */
__printf(2, 3)
void cmd_say(struct cmd_channel *s, const char *fmt, ...);
/* Replies when nothing is under way in either direction. */
void cmd_quiesce_start(struct cmd_channel *s, struct link *l, u32 ms);
/* Replies when so many interrupts without a cause are sent. */
void cmd_irqs_start(struct cmd_channel *s, struct link *l,
		    enum box box, u32 count);
bool cmd_waiting(const struct cmd_channel *s);
/* A command waits, and those behind it leave little room for more. */
bool cmd_full(const struct cmd_channel *s);
void cmd_input(struct cmd_channel *s, const char *data, size_t len);
/* Called when QEMU took all interrupts so far: the next of `irq`. */
void cmd_irqs_next(struct cmd_channel *s);

/* external.c: an endpoint in the place of the built-in one */
struct external {
	struct link *link;	/* NULL: the built-in endpoint answers */
	const char *path;	/* of the socket; NULL: a pty */
	/* where the endpoint connects; -1: we connect, or a pty */
	int listen_fd;
	int fd;			/* -1: nobody is there */
	/* the pty's other end, open so that ours never hangs up */
	int hold_fd;
	struct serial_reader reader;	/* of a pty */
	/* what waits for room, oldest first: packets, or frames for a pty */
	struct queue queue;
	size_t sent;	/* bytes of the oldest frame that a pty has taken */
	struct timer retry;	/* when to connect again */
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

/* remote.c: a program that answers PCC commands */
struct remote {
	struct link *link;	/* NULL: there is none */
	int listen_fd;		/* where it connects */
	int fd;			/* -1: it has not connected yet */
	/* a command from before it connected, with its id and number */
	u8 *waiting;
	size_t waiting_len;	/* of that; 0: none */
	u32 answered;		/* id of the last answer */
	bool failed;		/* the platform has to end */
	bool told;		/* that was returned */
};

/*
 * Makes the sockets of the links that want one, one of @r for each of the @n
 * links; @paths ends with NULL. False, and one line on stderr, if that fails.
 */
bool remotes_open(struct remote *r, struct link *links, unsigned int n,
		  const char * const *paths);
/* Takes what is there of all LINKS_MAX; true once: one has failed. */
bool remotes_event(struct remote *r, const struct pollfd *f);
bool remote_open(struct remote *r, struct link *l, const char *path);
void remote_close(struct remote *r);
void remote_pollfd(const struct remote *r, struct pollfd *f);
void remote_event(struct remote *r, const struct pollfd *f);

/* tty.c: a serial port of the guest with an endpoint behind it */
struct tty {
	struct sock sock;	/* the line, QEMU at its other end */
	struct serial_reader reader;	/* the frame that is being read */
	struct endpoint ep;	/* a built-in endpoint of its own, no link's */
};

/* NUMBER is the endpoint's in log and UUID. */
void tty_init(struct tty *t, unsigned int number);
/* Takes what the guest sent; the replies are queued on the socket. */
void tty_input(struct tty *t, const u8 *bytes, size_t n);

#endif /* PCC_PLATFORM_PORTS_H */
