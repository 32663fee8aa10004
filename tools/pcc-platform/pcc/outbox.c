// SPDX-License-Identifier: GPL-2.0
/* Copyright (C) 2026 The mctp-pcc authors */
/*
 * What the OS sends, by a subspace of type 3 or 2 (ACPI 6.5, 14.1 and 14.5)
 *
 * The OS fills the buffer, clears command complete and rings. The buffer is
 * then ours until we set command complete, which we follow by the interrupt.
 */
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "link.h"
#include "wire/wire.h"

/* Apart enough that two edges do not become one. */
#define EXTRA_IRQ_AFTER		NSEC_PER_MSEC
/* From a late completion to a look for what was rung meanwhile. */
#define RING_AGAIN_AFTER	(500 * NSEC_PER_USEC)

static void outbox_again(void *arg);

static void outbox_extra_irq(void *arg)
{
	link_raise(arg, OUTBOX);
}

static void outbox_deliver(struct link *l)
{
	l->c.in_packets++;
	l->c.in_bytes += l->packet_len;
	capture_packet(l->number, true, l->packet, l->packet_len);
	l->receive(l->receive_arg, l->packet, l->packet_len);
}

static void outbox_execute(struct link *l)
{
	const struct subspace_type *type = l->out.type;
	size_t room = l->out.size - type->header;
	u8 *buf = l->out.buf;
	int n;

	n = l->ask ? l->answer :
		     l->responder->execute(l->state, l->command, l->packet,
					   l->packet_len, room);
	log_line("link %u -> %s command %#x, %zu bytes: %d", l->number,
		 l->responder->name, l->command, l->packet_len, n);
	if (n > 0 && (size_t)n > room) {
		log_line("link %u: %s replied with more than %zu bytes",
			 l->number, l->responder->name, room);
		n = -1;
	}
	if (n < 0) {
		l->fail = true;
		return;
	}
	if (type->length) {
		put_le32(buf + type->length, n + PCC_COMMAND_SIZE);
		put_le32(buf + type->command, l->command);
	}
	memcpy(buf + type->header, l->packet, n);
	l->stale = true;
	l->c.in_packets++;
	l->c.in_bytes += l->packet_len;
}

static void outbox_hand_back(struct link *l, bool error, bool irq)
{
	const struct subspace_type *type = l->out.type;
	u64 now = now_ns();	/* before the OS can see it */

	if (l->completed_at && l->c.completions > 1)
		median_add(&l->c.cycle, now - l->completed_at);
	l->completed_at = now;
	l->idle = true;
	/* the OS clears error status of type 3, but not of type 5 */
	if (error || type->rings)
		reg_write(l->out.error, error ? REG_BIT : 0);
	timer_cancel(&l->timers[OUT_LAG_TIMER]);
	channel_complete(&l->out, (error ? type->error : 0) |
			 (irq ? type->interrupt : 0));
	if (irq)
		link_raise(l, OUTBOX);
}

static void outbox_idle_end(struct link *l, u64 now)
{
	if (!l->idle)
		return;
	l->idle = false;
	median_add(&l->c.idle, now - l->completed_at);
}

static void outbox_rang(struct link *l, u64 now)
{
	if (l->rang_at && now - l->rang_at > l->c.ring_max)
		l->c.ring_max = now - l->rang_at;
	l->rang_at = now;
}

static void outbox_end(struct link *l, bool irq)
{
	bool deliver = l->deliver && !l->fail;
	bool whole = l->saved || l->stale || !l->deliver;

	if (l->saved && memcmp(l->out.buf, l->saved, l->out.size))
		link_violation(l, ACPI_DOORBELL,
			       "outbox written while it was the platform's");
	if (l->signature == SIGNED_CLEARED)
		memset(l->out.image, 0, l->out.type->header);
	/* the OS may have written the next message */
	if (!l->late)
		memcpy(l->out.buf, l->out.image, whole ? l->out.size :
		       l->out.type->header + l->packet_len);
	free(l->saved);
	l->saved = NULL;
	l->stale = l->late;
	l->late = false;
	timer_cancel(&l->timers[COMPLETE_TIMER]);
	if (deliver && l->responder)
		outbox_execute(l);

	l->busy = false;
	l->c.completions++;
	l->c.in_errored += l->fail;
	outbox_hand_back(l, l->fail, irq && l->notify);
	if (deliver && !l->responder)
		outbox_deliver(l);
	if (l->rung_again)
		link_later(l, AGAIN_TIMER, RING_AGAIN_AFTER, outbox_again);
	l->rung_again = false;
}

static void outbox_hold(struct link *l)
{
	l->saved = xcalloc(1, l->out.size);
	memcpy(l->saved, l->out.buf, l->out.size);
}

/* True: the transfer ends when the responder outside has answered. */
static bool outbox_ask(struct link *l, bool irq)
{
	if (!l->ask || !l->deliver || l->fail || l->answered)
		return false;
	/* asked already: a reset needs no answer */
	if (l->asking) {
		l->asking = false;
		l->fail = true;
		return false;
	}
	if (!l->saved && !l->late)
		outbox_hold(l);
	l->asking = true;
	l->ask_irq = irq;
	l->ask(l->ask_arg, ++l->asked, l->command, l->packet, l->packet_len);
	return true;
}

void outbox_answer(struct link *l, u32 id, bool ok, const u8 *data, size_t len)
{
	if (!l->asking || id != l->asked)
		return;
	l->asking = false;
	memcpy(l->packet, data, len);
	l->answer = ok ? (int)len : -1;
	l->answered = true;
	outbox_complete(l, l->ask_irq);
	l->answered = false;
}

void outbox_complete(struct link *l, bool irq)
{
	if (!outbox_ask(l, irq))
		outbox_end(l, irq);
}

/* The OS may write the next message before we read this one: not delivered. */
static void outbox_complete_early(struct link *l)
{
	l->busy = false;
	l->stale = true;
	l->c.completions++;
	l->c.in_early++;
	outbox_hand_back(l, false, l->notify);
}

void outbox_end_ignored(struct link *l)
{
	l->ignored = false;
	outbox_hand_back(l, false, true);
}

static void outbox_delay_over(void *arg)
{
	outbox_complete(arg, true);
}

static enum completion outbox_mode(struct link *l)
{
	enum completion mode = l->fault.mode;

	l->c.faults += mode != NORMAL;
	if (l->fault.count && !--l->fault.count)
		l->fault.mode = NORMAL;
	return mode;
}

/* The doorbell of a transfer whose bit or message the restart overwrote. */
static bool outbox_lost_in_restart(struct link *l)
{
	u32 signature = get_le32(l->out.buf + PCC_OFF_SIGNATURE);
	bool lost = l->restarted &&
		    (reg_read(l->out.update) & l->out.type->complete ||
		     signature != outbox_signature(l) ||
		     (!l->responder &&
		      memcmp(l->out.buf + PCC_OFF_COMMAND, PCC_COMMAND,
			     PCC_COMMAND_SIZE)));

	l->restarted = false;
	return lost;
}

/* The buffer is as if nothing had been written. */
static bool outbox_ignore(struct link *l)
{
	if (!l->ignore)
		return false;
	if (l->ignore_count && !--l->ignore_count)
		l->ignore = false;
	l->c.faults++;
	l->c.ignored++;
	l->ignored = true;
	if (l->busy)
		memcpy(l->saved, l->out.buf, l->out.size);
	else
		memcpy(l->out.buf, l->out.image, l->out.size);
	log_line("link %u: doorbell ignored", l->number);
	return true;
}

void outbox_init(struct link *l)
{
	channel_init(&l->out, l->signature == SIGNED_OS ? 0 :
		     outbox_signature(l));
	if (l->responder)
		memcpy(l->state, l->responder->start, sizeof(l->state));
}

void outbox_follow(void *arg)
{
	struct link *l = arg;

	if (l->out.update != l->out.complete)
		channel_show(&l->out, reg_read(l->out.update) & REG_BIT);
}

/* Takes what is in the buffer; ends it as the fault has it. */
static void outbox_start(struct link *l, bool turn_ok)
{
	enum completion mode;

	l->deliver = outbox_take(l) && turn_ok;
	l->busy = true;
	mode = outbox_mode(l);
	l->fail = mode == ERROR;
	switch (mode) {
	case HOLD:
		outbox_hold(l);
		return;
	case EARLY:
		outbox_complete_early(l);
		return;
	case LATE:
	case DELAY:
		l->late = mode == LATE;
		if (!l->late)
			outbox_hold(l);
		link_later(l, COMPLETE_TIMER, l->fault.us * NSEC_PER_USEC,
			   outbox_delay_over);
		return;
	case DOUBLE_IRQ:
		link_later(l, EXTRA_IRQ_TIMER, EXTRA_IRQ_AFTER,
			   outbox_extra_irq);
		break;
	default:
		break;
	}
	outbox_complete(l, mode != NO_IRQ);
}

static void outbox_again(void *arg)
{
	outbox_start(arg, true);
}

void outbox_doorbell(struct link *l)
{
	u64 now = now_ns();
	bool turn_ok;

	l->c.doorbells++;
	outbox_rang(l, now);
	outbox_idle_end(l, now);
	if (outbox_ignore(l))
		return;
	l->ignored = false;
	if (l->busy && l->late) {
		l->rung_again = true;
		log_line("link %u: doorbell during a late transfer", l->number);
		return;
	}
	if (l->busy) {
		l->c.dropped_while_busy++;
		link_violation(l, ACPI_DOORBELL,
			       "doorbell before the last command completed");
		/* what it wrote is no second violation */
		memcpy(l->saved, l->out.buf, l->out.size);
		return;
	}
	if (outbox_lost_in_restart(l)) {
		l->c.dropped_while_busy++;
		log_line("link %u: transfer lost in the restart", l->number);
		outbox_init(l);
		link_raise(l, OUTBOX);
		return;
	}
	timer_cancel(&l->timers[AGAIN_TIMER]);	/* one look for both rings */
	turn_ok = outbox_turn_ok(l);
	if (lag_next(&l->out_lag))
		link_later(l, OUT_LAG_TIMER, l->out_lag.us * NSEC_PER_USEC,
			   outbox_follow);
	else
		outbox_follow(l);
	outbox_start(l, turn_ok);
}
