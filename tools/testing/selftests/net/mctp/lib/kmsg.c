// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel's log, from a moment on
 * Copyright (C) 2026 The mctp-pcc authors
 */
#include <syslog.h>

#include "pcc.h"

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
