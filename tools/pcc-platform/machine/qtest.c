// SPDX-License-Identifier: GPL-2.0
/* Copyright (C) 2026 The mctp-pcc authors */
/*
 * QEMU's qtest protocol
 *
 * A line a command, a line a reply, in order. Nothing waits for a reply: QEMU
 * may itself wait for us to read the doorbells.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "machine.h"

void qtest_command(struct qtest *q, const char *fmt, ...)
{
	char line[160];
	va_list ap;

	va_start(ap, fmt);
	sock_queue(&q->sock, line, vsnprintf(line, sizeof(line), fmt, ap));
	va_end(ap);
	q->pending++;
}

void qtest_irq(struct qtest *q, const char *device, unsigned int pin,
	       bool level)
{
	qtest_command(q, "set_irq_in %s unnamed-gpio-in %u %u\n", device, pin,
		      level);
}

static void qtest_reply(void *arg, const char *line)
{
	struct qtest *q = arg;

	if (q->pending && !strncmp(line, "OK", 2)) {
		q->pending--;
		return;
	}
	q->failed = true;
	complain("qtest replied: %s", line);
	log_line("qtest replied: %s", line);
}

void qtest_input(struct qtest *q)
{
	sock_read_lines(&q->sock, q->line, sizeof(q->line), qtest_reply, q);
}
