/* SPDX-License-Identifier: GPL-2.0 */
/* Copyright (C) 2026 The mctp-pcc authors */
/* Small types, byte order, timers and queues */
#ifndef PCC_PLATFORM_UTIL_H
#define PCC_PLATFORM_UTIL_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

typedef __u8 u8;
typedef __u16 u16;
typedef __u32 u32;
typedef __u64 u64;

#define __printf(fmt, args)	__attribute((format(printf, fmt, args)))
#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define NSEC_PER_SEC	1000000000ULL
#define NSEC_PER_MSEC	1000000ULL
#define NSEC_PER_USEC	1000ULL

static inline u16 get_le16(const u8 *p)
{
	return p[0] | p[1] << 8;
}

static inline u32 get_le32(const u8 *p)
{
	return p[0] | p[1] << 8 | p[2] << 16 | (u32)p[3] << 24;
}

static inline void put_le16(u8 *p, u16 v)
{
	p[0] = v;
	p[1] = v >> 8;
}

static inline void put_le32(u8 *p, u32 v)
{
	p[0] = v;
	p[1] = v >> 8;
	p[2] = v >> 16;
	p[3] = v >> 24;
}

static inline void put_le64(u8 *p, u64 v)
{
	put_le32(p, v);
	put_le32(p + 4, v >> 32);
}

static inline void put_be16(u8 *p, u16 v)
{
	p[0] = v >> 8;
	p[1] = v;
}

static inline u32 get_be32(const u8 *p)
{
	return (u32)p[0] << 24 | p[1] << 16 | p[2] << 8 | p[3];
}

static inline void put_be32(u8 *p, u32 v)
{
	p[0] = v >> 24;
	p[1] = v >> 16;
	p[2] = v >> 8;
	p[3] = v;
}

/* Monotonic time; the host tests move it by hand. */
u64 now_ns(void);

/* One line on stderr, which needs no newline; returns false. */
__printf(1, 2)
bool complain(const char *fmt, ...);
bool parse_u64(const char *text, u64 *value);
void *xcalloc(size_t n, size_t size);

/* One-shot timers of the event loop */
struct timer {
	struct timer *next;
	void (*fn)(void *arg);
	void *arg;
	u64 at;
	bool armed;
};

/* Calls @fn after so many nanoseconds. */
void timer_set(struct timer *t, u64 ns, void (*fn)(void *arg), void *arg);
void timer_cancel(struct timer *t);
#define TIMER_NONE	(~0ULL)
/* Runs what is due; returns when the next is due, or TIMER_NONE. */
u64 timers_run(u64 now);

struct queued {
	struct queued *next;
	size_t len;
	u8 data[];
};

/* First in, first out; all zero is an empty one */
struct queue {
	struct queued *head;	/* the oldest, next to go */
	struct queued *tail;	/* the youngest */
	u32 len;		/* how many they are */
};

/* Takes a copy. */
void queue_add(struct queue *queue, const u8 *data, size_t len);
/* The caller frees it; NULL: nothing waits. */
struct queued *queue_take(struct queue *queue);
void queue_purge(struct queue *queue);

#endif /* PCC_PLATFORM_UTIL_H */
