/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A responder outside of the program, on a Unix socket
 *
 * Copyright (C) 2026 The mctp-pcc authors
 */
#ifndef PCC_PLATFORM_REMOTE_H
#define PCC_PLATFORM_REMOTE_H

#include <poll.h>

#include "pcc/link.h"

/**
 * struct remote - the way to the responder of one link
 * @link: whose commands it is asked; NULL: there is none
 * @listen_fd: where it connects
 * @fd: the way itself; -1: it has not connected yet
 * @waiting: a command from before it connected, with its id and number
 * @waiting_len: of that; 0: none
 * @answered: id of the last answer
 * @failed: it did what it must not, which was said: the platform has to end
 * @told: that was returned
 */
struct remote {
	struct link *link;
	int listen_fd;
	int fd;
	u8 *waiting;
	size_t waiting_len;
	u32 answered;
	bool failed;
	bool told;
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

#endif /* PCC_PLATFORM_REMOTE_H */
