// SPDX-License-Identifier: GPL-2.0
/* Copyright (C) 2026 The mctp-pcc authors */
/* platform.log */
#include <stdarg.h>
#include <string.h>

#include "log.h"
#include "util.h"

#define LOG_BUFFER		65536
#define VIOLATIONS_MAX		100
/* The command channel reads the end of the log. */
#define LINES_LEAST		1000000

static FILE *log_file;
static u64 line_room;
static u64 lines_left_out;
static u64 violations;
static u64 started;
static struct timer flush_timer;

FILE *log_create(const char *dir, const char *name)
{
	char path[4096];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "w+");
	if (!f)
		complain("%s: %m", path);
	else
		setvbuf(f, NULL, _IOFBF, LOG_BUFFER);
	return f;
}

bool log_open(const char *dir, u64 limit)
{
	log_file = log_create(dir, "platform.log");
	if (!log_file)
		return false;
	line_room = limit > LINES_LEAST ? limit : LINES_LEAST;
	lines_left_out = 0;
	violations = 0;
	started = now_ns();
	return true;
}

static void log_flush(void *arg)
{
	if (log_file)
		fflush(log_file);
}

bool log_finish(FILE **f, const char *name)
{
	bool ok = true;

	if (*f) {
		ok = !ferror(*f);
		ok &= !fclose(*f);
	}
	*f = NULL;
	return ok || complain("%s: %m", name);
}

bool log_close(void)
{
	timer_cancel(&flush_timer);
	if (violations > VIOLATIONS_MAX)
		fprintf(stderr, "VIOLATION: %llu more, not shown\n",
			violations - VIOLATIONS_MAX);
	if (log_file && lines_left_out)
		fprintf(log_file, "log limit reached: %llu lines left out\n",
			lines_left_out);
	return log_finish(&log_file, "platform.log");
}

void log_line(const char *fmt, ...)
{
	u64 us = (now_ns() - started) / NSEC_PER_USEC, n;
	va_list ap;

	if (!log_file)
		return;
	if (!line_room) {
		lines_left_out++;
		return;
	}
	if (!flush_timer.armed)
		timer_set(&flush_timer, LOG_FLUSH_AFTER, log_flush, NULL);
	va_start(ap, fmt);
	n = fprintf(log_file, "%5llu.%06llu ", us / 1000000, us % 1000000);
	n += vfprintf(log_file, fmt, ap) + 1;
	va_end(ap);
	putc('\n', log_file);
	line_room -= n < line_room ? n : line_room;
}

void log_end_limit(void)
{
	line_room = ~0ULL;
}

size_t log_end(char *buf, size_t size)
{
	char *start = buf;
	size_t n;
	long end;

	if (!log_file)
		return 0;
	end = ftell(log_file);
	fseek(log_file, end > (long)size ? end - (long)size : 0, SEEK_SET);
	n = fread(buf, 1, size, log_file);
	fseek(log_file, end, SEEK_SET);
	if (end > (long)size) {
		start = memchr(buf, '\n', n);
		start = start ? start + 1 : buf + n;
	}
	n -= start - buf;
	memmove(buf, start, n);
	return n;
}

void log_violation(unsigned int link, const char *text)
{
	if (violations++ >= VIOLATIONS_MAX)
		return;
	fprintf(stderr, "VIOLATION: link %u: %s\n", link, text);
	log_line("VIOLATION: link %u: %s", link, text);
}
