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
#include <stdint.h>

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
	uint32_t gsi, size, turnaround_us;
};

extern const struct subspace subspaces[BOXES];
size_t pcct_build(uint8_t *table);
size_t ssdt_build(uint8_t *table);

struct box {
	uint32_t index, size;
	uint8_t *mem;
	uint8_t image[PACKET_MAX];	/* of an inbox, and of an outbox held */
	volatile uint32_t *reg;
	int trigger;
};

struct packet {
	struct packet *next;
	uint32_t header[4];
	bool no_irq, error, change;
	uint64_t change_ns;
	size_t len;
	uint8_t data[];
};

enum mode { NORMAL, HOLD, NO_IRQ, ERROR, DELAY, DOUBLE_IRQ, EARLY };

#define COUNTERS(X) \
	X(in_packets) X(in_bytes) X(in_messages) X(in_errored) X(in_early) \
	X(out_packets) X(out_bytes) X(out_acked) X(out_dropped) X(doorbells) \
	X(completions) X(dropped_while_busy) X(bad_messages) X(faults) \
	X(ignored) X(changed) X(ring_max_ns) X(ack_max_ns)

struct counters {
#define X(name) uint64_t name;
	COUNTERS(X)
#undef X
};

/* A message whose packets are coming in; unit 0: none */
struct assembly {
	size_t unit, len;
	uint8_t from, seq;
	uint8_t data[MESSAGE_MAX];
};

struct link {
	unsigned int number;
	struct box out, in;
	struct counters c;
	uint64_t violations;
	uint8_t eid, peer;

	/* All that a restart forgets */
	struct state {
		bool busy, held, deliver, fail, ignored;
		bool posted, counted;
		size_t len;
		uint64_t complete_at, extra_irq_at, completed_at, rang_at;
		uint64_t posted_at, change_at;
		struct packet *head, *last;
		uint32_t flood_left, flood_sent, flood_len;
		struct assembly assembly[16];
	} s;
	bool restarted;

	/* Faults: how many more, 0 for ever */
	enum mode mode;
	uint32_t mode_us, mode_count;
	uint32_t deaf, deaf_count;
};

extern struct link links[LINKS];

/* main.c */
uint64_t now_ns(void);
void run_once(void);	/* handles what has come up, or else sleeps */

/* link.c */
void link_init(struct link *l);
bool link_poll(struct link *l);
void link_reset(struct link *l);
void link_restart(struct link *l);
uint64_t link_pending(const struct link *l);
void box_raise(struct box *box);
void outbox_complete(struct link *l, bool irq);
struct packet *packet_new(struct link *l, const uint8_t *data, size_t len);
void inbox_queue(struct link *l, struct packet *p, bool first);
void inbox_next(struct link *l);

/* endpoint.c */
void endpoint_receive(struct link *l, const uint8_t *packet, size_t len);
void load_fill(uint8_t *body, size_t len, uint32_t seed, uint32_t reply);

/* command.c: one line of a test; the answer goes to stdout */
void command(const char *line);

#endif /* SIM_H */
