// SPDX-License-Identifier: GPL-2.0
/*
 * Time, files, sockets
 * Copyright (C) 2026 The mctp-pcc authors
 */
#include <dirent.h>
#include <time.h>

#include "pcc.h"

/* What the one who started the test asks for, or @fallback */
unsigned long from_env(const char *name, unsigned long fallback)
{
	const char *text = getenv(name);

	return text && *text ? strtoul(text, NULL, 0) : fallback;
}

unsigned long long now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}

long long now_ms(void)
{
	return now_ns() / 1000000;
}

void sleep_us(unsigned int us)
{
	struct timespec ts = {
		.tv_sec = us / 1000000,
		.tv_nsec = us % 1000000 * 1000,
	};

	nanosleep(&ts, NULL);
}

/* Without the newline at its end; returns the length */
int file_read(char *buf, size_t size, const char *fmt, ...)
{
	char path[512];
	va_list ap;
	int fd, len;

	va_start(ap, fmt);
	vsnprintf(path, sizeof(path), fmt, ap);
	va_end(ap);

	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	len = read(fd, buf, size - 1);
	if (len < 0)
		len = -errno;
	close(fd);
	if (len < 0)
		return len;
	if (len && buf[len - 1] == '\n')
		len--;
	buf[len] = '\0';
	return len;
}

int file_write(const char *path, const char *text)
{
	int fd, rc = 0;

	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (write(fd, text, strlen(text)) < 0)
		rc = -errno;
	close(fd);
	return rc;
}

static int name_order(const void *a, const void *b)
{
	return strcmp(a, b);
}

/* What is in a directory and begins so, in order; returns how many */
int dir_read(char names[][64], int max, const char *prefix, const char *fmt,
	     ...)
{
	struct dirent *entry;
	char path[512];
	va_list ap;
	int n = 0;
	DIR *dir;

	va_start(ap, fmt);
	vsnprintf(path, sizeof(path), fmt, ap);
	va_end(ap);
	dir = opendir(path);
	if (!dir)
		return 0;
	while (n < max && (entry = readdir(dir)))
		if (entry->d_name[0] != '.' &&
		    !strncmp(entry->d_name, prefix, strlen(prefix)))
			snprintf(names[n++], 64, "%.63s", entry->d_name);
	closedir(dir);
	qsort(names, n, sizeof(*names), name_order);
	return n;
}

/* A socket bound to @addr, or a negative errno */
int sock_bind(int family, int type, const void *addr, socklen_t len)
{
	int fd, rc;

	fd = socket(family, type | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	if (bind(fd, addr, len) < 0) {
		rc = -errno;
		close(fd);
		return rc;
	}
	return fd;
}
