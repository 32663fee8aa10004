// SPDX-License-Identifier: GPL-2.0
/* Copyright (C) 2026 The mctp-pcc authors */
/* Numbers, memory, and packets or frames that wait their turn */
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util.h"

/* A whole decimal or 0x number and nothing else; strtoull takes "-1". */
bool parse_u64(const char *text, u64 *value)
{
	char *end;

	if (!isdigit((unsigned char)*text))
		return false;
	errno = 0;
	*value = strtoull(text, &end,
			  text[0] == '0' && (text[1] | 0x20) == 'x' ? 16 : 10);
	return !errno && !*end;
}

bool complain(const char *fmt, ...)
{
	va_list ap;

	fputs("pcc-platform: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	putc('\n', stderr);
	return false;
}

void *xcalloc(size_t n, size_t size)
{
	void *p = calloc(n, size);

	if (!p) {
		complain("out of memory");
		exit(3);
	}
	return p;
}

void queue_add(struct queue *queue, const u8 *data, size_t len)
{
	struct queued *q = xcalloc(1, sizeof(*q) + len);

	q->len = len;
	memcpy(q->data, data, len);
	if (queue->tail)
		queue->tail->next = q;
	else
		queue->head = q;
	queue->tail = q;
	queue->len++;
}

struct queued *queue_take(struct queue *queue)
{
	struct queued *q = queue->head;

	if (!q)
		return NULL;
	queue->head = q->next;
	if (!queue->head)
		queue->tail = NULL;
	queue->len--;
	return q;
}

void queue_purge(struct queue *queue)
{
	struct queued *q;

	while ((q = queue_take(queue)))
		free(q);
}
