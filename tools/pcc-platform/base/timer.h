/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One-shot timers of the event loop
 *
 * Copyright (C) 2026 The mctp-pcc authors
 */
#ifndef PCC_PLATFORM_TIMER_H
#define PCC_PLATFORM_TIMER_H

#include "util.h"

struct timer {
	struct timer *next;
	void (*fn)(void *arg);
	void *arg;
	u64 at;
	bool armed;
};

void timer_set(struct timer *t, u64 at, void (*fn)(void *arg), void *arg);
void timer_cancel(struct timer *t);
#define TIMER_NONE	(~0ULL)
/* Runs what is due; returns when the next is due, or TIMER_NONE. */
u64 timers_run(u64 now);

#endif /* PCC_PLATFORM_TIMER_H */
