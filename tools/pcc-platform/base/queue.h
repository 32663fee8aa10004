/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Packets, or frames, that wait their turn
 *
 * Copyright (C) 2026 The mctp-pcc authors
 */
#ifndef PCC_PLATFORM_QUEUE_H
#define PCC_PLATFORM_QUEUE_H

#include "util.h"

struct queued {
	struct queued *next;
	size_t len;
	u8 data[];
};

/**
 * struct queue - first in, first out; all zero is an empty one
 * @head: the oldest, next to go
 * @tail: the youngest
 * @len: how many they are
 */
struct queue {
	struct queued *head;
	struct queued *tail;
	u32 len;
};

/* Takes a copy. */
void queue_add(struct queue *queue, const u8 *data, size_t len);
/* The caller frees it; NULL: nothing waits. */
struct queued *queue_take(struct queue *queue);
void queue_purge(struct queue *queue);

#endif /* PCC_PLATFORM_QUEUE_H */
