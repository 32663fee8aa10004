/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The command channel: commands of a test, a line each
 *
 * Copyright (C) 2026 The mctp-pcc authors
 */
#ifndef PCC_PLATFORM_SIDE_H
#define PCC_PLATFORM_SIDE_H

#include "pcc/link.h"

#define SIDE_LINE_MAX	65536

struct side {
	struct link *links;
	unsigned int n;
	void (*reply)(struct side *s, const char *text);
	char buf[SIDE_LINE_MAX];
	size_t len;
	bool too_long;		/* the line's rest is to be skipped */
	bool replied;		/* to the command that runs, or ran last */

	/* A command whose reply waits; later lines wait with it. */
	struct link *quiescing;
	u64 quiesce_until;
	u64 quiesce_doorbells;
	bool quiesce_seen;
	struct timer quiesce_timer;
	struct link *irq_link;
	enum box irq_box;
	u32 irq_left;
	u32 irq_sent;
	u32 irq_taken;
	u32 irq_misses;		/* in a row */
	u64 irq_until;		/* when the one under way counts as missed */
	bool irq_waiting;	/* for the acknowledge of the last one */
	struct timer irq_timer;
};

bool side_waiting(const struct side *s);
/* A command waits, and those behind it leave little room for more. */
bool side_full(const struct side *s);
void side_input(struct side *s, const char *data, size_t len);
/* Called when QEMU took all interrupts so far: the next of `irq`. */
void side_irqs_next(struct side *s);

#endif /* PCC_PLATFORM_SIDE_H */
