// SPDX-License-Identifier: GPL-2.0
/*
 * QEMU's qtest protocol
 *
 * Copyright (C) 2026 The mctp-pcc authors
 *
 * A line a command, a line a reply. QEMU answers in order, so replies need
 * only be counted and looked at: nothing waits for one, since QEMU may itself
 * be waiting for us to drain the doorbells.
 */
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "qtest.h"

static void qtest_command(struct qtest *q, const char *line)
{
	sock_queue(&q->sock, line, strlen(line));
	q->pending++;
}

void qtest_irq(struct qtest *q, const char *device, unsigned int pin,
	       bool level)
{
	char line[160];

	snprintf(line, sizeof(line), "set_irq_in %s unnamed-gpio-in %u %u\n",
		 device, pin, level);
	qtest_command(q, line);
}

void qtest_outb(struct qtest *q, unsigned int port, u8 value)
{
	char line[40];

	snprintf(line, sizeof(line), "outb 0x%x 0x%x\n", port, value);
	qtest_command(q, line);
}

void qtest_writel(struct qtest *q, u64 address, u32 value)
{
	char line[60];

	snprintf(line, sizeof(line), "writel 0x%llx 0x%x\n", address, value);
	qtest_command(q, line);
}

static void qtest_reply(struct qtest *q)
{
	if (q->pending && !strncmp(q->line, "OK", 2)) {
		q->pending--;
		return;
	}
	q->failed = true;
	fprintf(stderr, "pcc-platform: qtest replied: %s\n", q->line);
	log_line("qtest replied: %s", q->line);
}

void qtest_input(struct qtest *q)
{
	char buf[4096];
	size_t n = sock_read(&q->sock, buf, sizeof(buf));

	for (size_t i = 0; i < n; i++) {
		if (buf[i] != '\n') {
			if (q->line_len < sizeof(q->line) - 1)
				q->line[q->line_len++] = buf[i];
			continue;
		}
		q->line[q->line_len] = '\0';
		q->line_len = 0;
		qtest_reply(q);
	}
}
