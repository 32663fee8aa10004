// SPDX-License-Identifier: GPL-2.0
/*
 * Copyright (C) 2026 The mctp-pcc authors
 */
#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "side.h"

#define PORTS "/sys/class/virtio-ports"
#define PORT_NAME "mctp-pcc.platform\n"
#define LIMIT_MS 30000

static int has_name(const char *port)
{
	char path[PATH_MAX], name[64] = "";
	FILE *file;

	snprintf(path, sizeof(path), PORTS "/%s/name", port);
	file = fopen(path, "r");
	if (!file)
		return 0;
	if (!fgets(name, sizeof(name), file))
		name[0] = '\0';
	fclose(file);
	return !strcmp(name, PORT_NAME);
}

int side_open(void)
{
	char path[PATH_MAX] = "";
	struct dirent *entry;
	DIR *dir;
	int fd;

	dir = opendir(PORTS);
	if (!dir)
		return -errno;
	while (!path[0] && (entry = readdir(dir))) {
		if (has_name(entry->d_name))
			snprintf(path, sizeof(path), "/dev/%s", entry->d_name);
	}
	closedir(dir);
	if (!path[0])
		return -ENODEV;
	fd = open(path, O_RDWR | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

static int read_line(int fd, char *line, size_t len)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	size_t used = 0;

	while (used + 1 < len) {
		if (poll(&pfd, 1, LIMIT_MS) != 1)
			return -ETIMEDOUT;
		if (read(fd, line + used, 1) != 1)
			return -EIO;
		if (line[used] == '\n')
			break;
		used++;
	}
	line[used] = '\0';
	return 0;
}

int side_ask(int fd, const char *command, char *reply, size_t len)
{
	int rc;

	rc = dprintf(fd, "%s\n", command);
	if (rc < 0)
		return -errno;
	rc = read_line(fd, reply, len);
	if (rc)
		return rc;
	return strncmp(reply, "ok", 2) ? -EREMOTEIO : 0;
}

void side_command(const char *command, char *reply, size_t len)
{
	int side = side_open();

	if (side < 0)
		errx(1, "no side channel: %s", strerror(-side));
	if (side_ask(side, command, reply, len))
		errx(1, "%s: %s", command, reply);
	close(side);
}

__u64 side_value(const char *reply, const char *name)
{
	size_t len = strlen(name);
	const char *at = reply;

	while ((at = strstr(at, name))) {
		if (at > reply && at[-1] == ' ' && at[len] == '=')
			return strtoull(at + len + 1, NULL, 0);
		at += len;
	}
	return ~0ULL;
}
