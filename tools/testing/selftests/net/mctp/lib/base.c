// SPDX-License-Identifier: GPL-2.0
/*
 * Time, files, sockets, and the kernel's log
 * Copyright (C) 2026 The mctp-pcc authors
 */
#include <dirent.h>
#include <syslog.h>
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
	if (len > 0 && buf[len - 1] == '\n')
		len--;
	if (len >= 0)
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

/* From here on, lines of the kernel: those of programs have a facility */
int kmsg_open(void)
{
	int fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	lseek(fd, 0, SEEK_END);
	return fd;
}

/* The next line's text; returns its length, 0: no more */
int kmsg_next(int fd, char *line, size_t size)
{
	char record[4096], *text;
	ssize_t len;

	for (;;) {
		len = read(fd, record, sizeof(record) - 1);
		if (len < 0 && errno == EPIPE)	/* lines were overwritten */
			continue;
		if (len <= 0)
			return 0;
		record[len] = '\0';
		if (!(atoi(record) & LOG_FACMASK))
			break;
	}
	text = strchr(record, ';');
	text = text ? text + 1 : record;
	snprintf(line, size, "%.*s", (int)strcspn(text, "\n"), text);
	return strlen(line);
}

/* KCSAN found a race of others: neither of the functions it names is ours */
static bool kmsg_foreign(const char *text)
{
	return strstr(text, "BUG: KCSAN:") && !strstr(text, "mctp_pcc_");
}

/* Counts the lines with one of @words, and gives the first such line */
static int kmsg_count(int fd, const char *const *words, char *line, size_t size)
{
	char text[1024];
	unsigned int i;
	int n = 0;

	line[0] = '\0';
	while (kmsg_next(fd, text, sizeof(text))) {
		for (i = 0; words[i]; i++)
			if (strstr(text, words[i]))
				break;
		if (words[i] && !kmsg_foreign(text) && !n++)
			snprintf(line, size, "%s", text);
	}
	return n;
}

bool kmsg_has(int fd, const char *text)
{
	char line[512];

	while (kmsg_next(fd, line, sizeof(line)))
		if (strstr(line, text))
			return true;
	return false;
}

/* Counts the driver's own lines about this device, and gives the last */
int kmsg_of_device(int fd, const char *device, char *line, size_t size)
{
	char prefix[128], text[1024];
	size_t len;
	int n = 0;

	len = snprintf(prefix, sizeof(prefix), PCC_DRIVER " %s: ", device);
	line[0] = '\0';
	while (kmsg_next(fd, text, sizeof(text)))
		if (!strncmp(text, prefix, len) &&
		    strncmp(text + len, "probe with driver", 17)) {
			snprintf(line, size, "%s", text);
			n++;
		}
	return n;
}

int kmsg_noise(int fd, char *line, size_t size)
{
	static const char *const words[] = {
		"mctp", "mailbox", "MBOX", "PCC", "pcc", "queue packet", NULL,
	};

	return kmsg_count(fd, words, line, size);
}

int kmsg_splats(int fd, char *line, size_t size)
{
	static const char *const words[] = {
		"WARNING:", "BUG:", "Oops:", "refcount_t:", NULL,
	};

	return kmsg_count(fd, words, line, size);
}
