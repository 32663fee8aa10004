/* SPDX-License-Identifier: GPL-2.0 */
/* Copyright (C) 2026 The mctp-pcc authors */
/* platform.log and the count of violations */
#ifndef PCC_PLATFORM_LOG_H
#define PCC_PLATFORM_LOG_H

#include <stdio.h>

#include "util.h"

#define LOG_FLUSH_AFTER		(200 * NSEC_PER_MSEC)

/* A file of the run directory; NULL, and a line on stderr, if it cannot be. */
FILE *log_create(const char *dir, const char *name);
/* Closes it; false, and a line on stderr, if not all could be written. */
bool log_finish(FILE **f, const char *name);

/* Creates DIR/platform.log; limit: bytes of lines, a megabyte at the least. */
bool log_open(const char *dir, u64 limit);
/* False, and a line on stderr, if not all of it could be written. */
bool log_close(void);

void log_line(const char *fmt, ...) __printf(1, 2);
/* No limit from here on. */
void log_end_limit(void);
/* Up to size bytes of the log's last whole lines; returns how many. */
size_t log_end(char *buf, size_t size);
/* The first hundred of them in full, the others are counted. */
void log_violation(unsigned int link, const char *text);

#endif /* PCC_PLATFORM_LOG_H */
