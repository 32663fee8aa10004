// SPDX-License-Identifier: GPL-2.0
/* Copyright (C) 2026 The mctp-pcc authors */
/* One-shot timers of the event loop */
#include "util.h"

/* A dozen at the most: a plain list, soonest first. */
static struct timer *timers;

void timer_cancel(struct timer *t)
{
	struct timer **p = &timers;

	if (!t->armed)
		return;
	while (*p != t)
		p = &(*p)->next;
	*p = t->next;
	t->armed = false;
}

void timer_set(struct timer *t, u64 ns, void (*fn)(void *arg), void *arg)
{
	struct timer **p = &timers;
	u64 at = now_ns() + ns;

	timer_cancel(t);
	t->at = at;
	t->fn = fn;
	t->arg = arg;
	while (*p && (*p)->at <= at)
		p = &(*p)->next;
	t->next = *p;
	*p = t;
	t->armed = true;
}

u64 timers_run(u64 now)
{
	while (timers && timers->at <= now) {
		struct timer *t = timers;

		timers = t->next;
		t->armed = false;
		t->fn(t->arg);
	}
	return timers ? timers->at : TIMER_NONE;
}
