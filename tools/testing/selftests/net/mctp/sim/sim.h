/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A platform with two MCTP links that is a process in the machine under test.
 * Memory below 1 MB, which Linux on x86 does not use, is the shared memory.
 * Copyright (C) 2026 The mctp-pcc authors
 */
#ifndef SIM_H
#define SIM_H

#include <stdbool.h>
#include <stddef.h>

#include <linux/types.h>

#include "kselftest.h"

#define LINKS		2
#define BOXES		(2 * LINKS)
#define SHM_BASE	0x20000
#define SHM_SIZE	0x10000
#define BOX_STRIDE	0x2000
#define REG_BASE	0x2f000
#define REG_STRIDE	0x40
#define PACKET_MAX	0x1000
#define MESSAGE_MAX	0x10000

/* The registers of a subspace, 4 bytes each */
enum { REG_COMPLETE, REG_ERROR, REG_ACK, REG_DOORBELL };

/* Even ones are of type 3 (outbox), odd ones of type 4 (inbox) */
struct subspace {
	__u32 gsi, size, turnaround_us;
};

extern const struct subspace subspaces[BOXES];
size_t pcct_build(__u8 *table);
size_t ssdt_build(__u8 *table);

struct box {
	__u32 index, size;
	__u8 *mem;
	__u8 image[PACKET_MAX];	/* of an inbox, and of an outbox held */
	__u32 *reg;
	int trigger;
};

static inline __u32 reg_read(const struct box *box, unsigned int i)
{
	return __atomic_load_n(&box->reg[i], __ATOMIC_ACQUIRE);
}

static inline void reg_write(struct box *box, unsigned int i, __u32 value)
{
	__atomic_store_n(&box->reg[i], value, __ATOMIC_RELEASE);
}

struct packet {
	struct packet *next;
	__u32 header[4];
	bool no_irq, error, change;
	__u64 change_ns;
	size_t len;
	__u8 data[];
};

enum mode { NORMAL, HOLD, NO_IRQ, ERROR, DELAY, DOUBLE_IRQ, EARLY };

enum {
	IN_PACKETS, IN_BYTES, IN_MESSAGES, IN_ERRORED, IN_EARLY,
	OUT_PACKETS, OUT_BYTES, OUT_ACKED, OUT_DROPPED, DOORBELLS,
	COMPLETIONS, DROPPED_WHILE_BUSY, BAD_MESSAGES, FAULTS, IGNORED,
	CHANGED, RING_MAX_NS, ACK_MAX_NS, COUNTERS
};

/* A message whose packets are coming in; unit 0: none */
struct assembly {
	size_t unit, len;
	__u8 from, seq;
	__u8 data[MESSAGE_MAX];
};

struct link {
	unsigned int number;
	struct box out, in;
	__u64 c[COUNTERS], violations;
	__u8 eid, peer;

	/* All that a restart forgets */
	struct state {
		bool busy, held, deliver, fail, ignored;
		bool posted, counted;
		size_t len;
		__u64 complete_at, extra_irq_at, completed_at;
		__u64 posted_at, change_at;
		struct packet *head, *last;
		__u32 flood_left, flood_sent, flood_len;
		struct assembly assembly[16];
	} s;
	bool restarted;
	__u64 rang_at;

	/* Faults: how many more, 0 for ever */
	enum mode mode;
	__u32 mode_us, mode_count;
	__u32 deaf, deaf_count;
};

extern struct link links[LINKS];

/* ../lib/base.c */
unsigned long long now_ns(void);

/* main.c */
void run_once(void);	/* handles what has come up, or else sleeps */

/* link.c */
void link_init(struct link *l);
bool link_poll(struct link *l);
void link_reset(struct link *l);
void link_restart(struct link *l);
__u64 link_pending(const struct link *l);
void box_raise(struct box *box);
void outbox_complete(struct link *l, bool irq);
struct packet *packet_new(struct link *l, const __u8 *data, size_t len);
void inbox_queue(struct link *l, struct packet *p, bool first);
void inbox_next(struct link *l);

/* endpoint.c */
void endpoint_receive(struct link *l, const __u8 *packet, size_t len);
void load_fill(__u8 *body, size_t len, __u32 seed, __u32 reply);

/* command.c: one line of a test; the answer goes to stdout */
void run_line(const char *line);

#endif /* SIM_H */
