// SPDX-License-Identifier: GPL-2.0
/*
 * Packets, or frames, that wait their turn
 *
 * Copyright (C) 2026 The mctp-pcc authors
 */
#include <stdlib.h>
#include <string.h>

#include "queue.h"

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
