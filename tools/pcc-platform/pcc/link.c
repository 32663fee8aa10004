// SPDX-License-Identifier: GPL-2.0
/* Copyright (C) 2026 The mctp-pcc authors */
/* What concerns both directions of a link */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "acpi/layout.h"
#include "base/log.h"
#include "link.h"
#include "wire/wire.h"

static void link_send(void *arg, const u8 *packet, size_t len)
{
	inbox_queue(arg, packet, len);
}

static void link_receive(void *arg, const u8 *packet, size_t len)
{
	endpoint_receive(arg, packet, len);
}

static void link_lags(struct link *l)
{
	l->out_lag = (struct lag){ .us = l->out.update_by == UPDATE_SAME ?
					 0 : l->lag_us };
	l->in_lag = (struct lag){ .us = l->lag_us };
}

void link_init(struct link *l, unsigned int number)
{
	l->number = number;
	l->packet = xcalloc(1, l->out.size);
	endpoint_init(&l->ep, number, l->in.size - PCC_HDR_SIZE, link_send, l);
	l->receive = link_receive;
	l->receive_arg = &l->ep;
	link_lags(l);
}

void link_raise(struct link *l, enum box box)
{
	if (box == OUTBOX)
		l->c.outbox_irqs++;
	else
		l->c.inbox_irqs++;
	if (l->raise)
		l->raise(l, box);
}

void link_later(struct link *l, enum link_timer timer, u64 ns,
		void (*fn)(void *arg))
{
	timer_set(&l->timers[timer], ns, fn, l);
}

static void link_timers_cancel(struct link *l)
{
	for (size_t i = 0; i < ARRAY_SIZE(l->timers); i++)
		timer_cancel(&l->timers[i]);
}

void link_channels_init(struct link *l)
{
	outbox_init(l);
	channel_init(&l->in, PCC_SIGNATURE | l->in.index);
}

bool lag_next(struct lag *lag)
{
	if (!lag->us || ++lag->n < lag->every)
		return false;
	lag->n = 0;
	return true;
}

void link_free(struct link *l)
{
	endpoint_free(&l->ep);
	inbox_purge(l);
	link_timers_cancel(l);
	free(l->packet);
	free(l->saved);
}

void link_violation(struct link *l, const char *rule, const char *fmt, ...)
{
	char text[200], line[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	snprintf(line, sizeof(line), "%s [%s]", text, rule);
	l->violations++;
	log_violation(l->number, line);
}

/* False: no channel of the link has that value. */
static bool link_rung(struct link *l, u32 value)
{
	if (value == l->out.index + 1)
		outbox_doorbell(l);
	else if (value == l->in.index + 1)
		inbox_doorbell(l);
	else if (l->out.registers != REGISTERS_SHARED)
		return false;
	else if (value == (RING_UPDATE | (l->out.index + 1)))
		channel_update(&l->out, 0);
	else if (value == (RING_UPDATE | (l->in.index + 1)))
		channel_update(&l->in, REG_BIT);
	else
		return false;
	return true;
}

void link_ring(struct link *links, unsigned int n, u32 value)
{
	for (unsigned int i = 0; i < n; i++)
		if (link_rung(&links[i], value))
			return;
	log_line("doorbell of unknown channel: 0x%02x", value);
	if (n)
		link_violation(&links[0], ACPI_TABLE,
			       "doorbell value 0x%02x is no link's", value);
}

u64 link_pending(const struct link *l)
{
	return l->posted + !!l->next + l->queue.len + (u64)l->flood.left +
	       l->fuzz.left;
}

/* A client of type 2 clears command complete after it has seen it. */
static bool link_outbox_idle(const struct link *l)
{
	return !l->busy && !l->ignored &&
	       (channel_shows(&l->out) || !reg_read(l->out.complete));
}

bool link_idle(const struct link *l)
{
	return link_outbox_idle(l) && !link_pending(l);
}

void link_reset(struct link *l)
{
	memset(&l->fault, 0, sizeof(l->fault));
	link_lags(l);
	l->lose_every = 0;
	l->ignore = false;
	inbox_purge(l);
	if (l->busy) {
		l->stale |= l->late;
		l->late = false;
		l->rung_again = false;
		outbox_complete(l, true);
	} else if (l->ignored) {
		outbox_end_ignored(l);
	}
	timer_cancel(&l->timers[AGAIN_TIMER]);
	inbox_purge(l);		/* what that transfer was answered with */
	if (l->lagging)
		inbox_follow(l);
	memset(&l->c, 0, sizeof(l->c));
	l->idle = false;
	l->rang_at = 0;
	l->posted_counted = false;
	l->ep.messages = 0;
	l->ep.bad_messages = 0;
	l->ep.drops = 0;
	endpoint_forget(&l->ep);
}

void link_start(struct link *l)
{
	if (l->owner)
		owner_start(&l->ep, OWNER_GIVES + l->number);
}

void link_restart(struct link *l)
{
	link_timers_cancel(l);
	free(l->saved);
	l->saved = NULL;
	l->busy = false;
	l->ignored = false;
	l->stale = false;
	l->late = false;
	l->rung_again = false;
	l->asking = false;
	l->lagging = false;
	l->restarted = true;
	l->completed_at = 0;
	l->idle = false;
	l->c.out_dropped += l->posted + !!l->next + l->queue.len;
	l->posted = false;
	inbox_purge(l);
	endpoint_forget(&l->ep);
	link_channels_init(l);
	link_start(l);
}

void median_add(struct median *m, u64 ns)
{
	u64 step = ns / MEDIAN_STEP_NS;

	m->n++;
	m->count[step < MEDIAN_STEPS ? step : MEDIAN_STEPS - 1]++;
}

u64 median_ns(const struct median *m)
{
	u32 shorter = 0;
	u64 i;

	if (!m->n)
		return 0;
	for (i = 0; shorter + m->count[i] <= m->n / 2; i++)
		shorter += m->count[i];
	return i * MEDIAN_STEP_NS + MEDIAN_STEP_NS / 2;
}
