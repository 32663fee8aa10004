// SPDX-License-Identifier: GPL-2.0
/*
 * What the OS sends, by a subspace of type 3 or 2 (ACPI 6.5, 14.1 and 14.5)
 *
 * Copyright (C) 2026 The mctp-pcc authors
 *
 * The OS fills the buffer, clears command complete and rings. The buffer is
 * then ours until we set command complete, which we follow by the interrupt.
 */
#include <stdlib.h>
#include <string.h>

#include "link.h"
#include "log.h"
#include "mctp.h"
#include "shm.h"

/* A guest's clock may run this much faster than ours, in percent. */
#define TURNAROUND_SLACK	10
/* Apart enough that two edges do not become one. */
#define EXTRA_IRQ_AFTER		NSEC_PER_MSEC

/* The doorbell's protocol: is it the OS's turn? */
static bool outbox_turn_ok(struct link *l)
{
	u64 least = l->turnaround_us * NSEC_PER_USEC *
		    (100 - TURNAROUND_SLACK) / 100;
	const struct subspace_type *type = l->out.type;
	u64 before = l->violations;
	u32 reg = reg_read(l->out.complete);
	u64 since = now_ns() - l->completed_at;

	/* Command update register: preserve 0xFFFFFFFE, set 0. */
	if (reg & type->complete)
		link_violation(l, "doorbell, but command complete is set");
	if ((reg ^ type->fill) & type->fixed)
		link_violation(l, "command update changed other bits: 0x%08x",
			       reg);
	if (l->completed_at && since < least)
		link_violation(l, "turnaround %llu us, least is %u us",
			       since / NSEC_PER_USEC, l->turnaround_us);
	return l->violations == before;
}

/* MCTP transport header (DSP0236 1.3, 8.1). */
static void outbox_check_packet(struct link *l, const u8 *packet)
{
	u8 version = packet[MCTP_OFF_VERSION];

	if ((version & MCTP_VERSION_MASK) != MCTP_VERSION)
		link_violation(l, "MCTP header version %u",
			       version & MCTP_VERSION_MASK);
	if (version & ~MCTP_VERSION_MASK)
		link_violation(l, "MCTP reserved bits set: 0x%02x", version);
}

/* The header's length; returns the packet's, 0 if it has none. */
static size_t outbox_check_length(struct link *l, const u8 *h)
{
	u32 least = PCC_COMMAND_SIZE + (l->responder ? 0 : MCTP_PACKET_MIN);
	u32 length;

	if (!l->out.type->length)
		return l->out.size - l->out.type->header;
	length = get_le32(h + l->out.type->length);
	if (length >= least && length <= l->out.size - PCC_OFF_COMMAND)
		return length - PCC_COMMAND_SIZE;
	link_violation(l, "length %u, must be %u to %u", length, least,
		       l->out.size - PCC_OFF_COMMAND);
	return 0;
}

/* The header; returns the packet's length, 0 if it has none. */
static size_t outbox_check_header(struct link *l, const u8 *h)
{
	u32 signature = get_le32(h + PCC_OFF_SIGNATURE);
	u32 flags = get_le32(h + PCC_OFF_FLAGS);

	if (signature != (PCC_SIGNATURE | l->out.index))
		link_violation(l, "signature 0x%08x, must be 0x%08x", signature,
			       PCC_SIGNATURE | l->out.index);
	if ((flags ^ PCC_FLAG_NOTIFY) & l->out.type->flags)
		link_violation(l, "flags 0x%08x, must be 0x%08x", flags,
			       PCC_FLAG_NOTIFY);
	if (!l->responder &&
	    memcmp(h + PCC_OFF_COMMAND, PCC_COMMAND, PCC_COMMAND_SIZE))
		link_violation(l, "command bytes %02x %02x %02x %02x",
			       h[12], h[13], h[14], h[15]);
	l->notify = !l->out.type->notify || flags & l->out.type->notify;
	return outbox_check_length(l, h);
}

static void outbox_check_around(struct link *l, size_t packet_len)
{
	size_t end = l->out.type->header + packet_len;

	/* other clients may copy a structure of fixed size */
	if (!l->stale && !l->responder &&
	    memcmp(l->out.buf + end, l->out.image + end, l->out.size - end))
		link_violation(l, "outbox written beyond the message");
	if (!channel_guard_ok(&l->out))
		link_violation(l, "memory beside the outbox written");
	if (!channel_guard_ok(&l->in))
		link_violation(l, "memory beside the inbox written");
}

static bool outbox_take(struct link *l)
{
	const struct subspace_type *type = l->out.type;
	u64 before = l->violations;
	u8 header[PCC_HDR_SIZE];

	memcpy(header, l->out.buf, sizeof(header));
	l->packet_len = outbox_check_header(l, header);
	memcpy(l->packet, l->out.buf + type->header, l->packet_len);
	l->command = get_le32(header + type->command) & type->command_mask;
	if (l->packet_len && !l->responder)
		outbox_check_packet(l, l->packet);
	if (l->packet_len || l->responder)
		outbox_check_around(l, l->packet_len);
	return l->violations == before;
}

static void outbox_extra_irq(void *arg)
{
	struct link *l = arg;

	l->raise(l, OUTBOX);
}

static void outbox_deliver(struct link *l)
{
	l->c.in_packets++;
	l->c.in_bytes += l->packet_len;
	log_packet(l->number, true, l->packet, l->packet_len);
	l->receive(l->receive_arg, l->packet, l->packet_len);
}

/* The reply takes the command's place; what is left of it, the next's. */
static void outbox_execute(struct link *l)
{
	const struct subspace_type *type = l->out.type;
	size_t room = l->out.size - type->header;
	u8 *buf = l->out.buf;
	int n;

	n = l->responder->execute(l->command, l->packet, l->packet_len, room);
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
		median_add(&l->c.turn, now - l->completed_at);
	l->completed_at = now;
	l->gap = true;
	if (error)
		reg_write(l->out.error, REG_BIT);
	channel_complete(&l->out, (error ? type->error : 0) |
			 (irq ? type->interrupt : 0));
	if (irq)
		l->raise(l, OUTBOX);
}

/* How long the channel stood idle, as seen from our side of it. */
static void outbox_gap(struct link *l, u64 now)
{
	if (!l->gap)
		return;
	l->gap = false;
	median_add(&l->c.gap, now - l->completed_at);
}

/* The longest pause of a flood is the slowest recovery in it. */
static void outbox_rang(struct link *l, u64 now)
{
	if (l->rang_at && now - l->rang_at > l->c.ring_max)
		l->c.ring_max = now - l->rang_at;
	l->rang_at = now;
}

/* Hands the buffer back, without a trace of the message in it. */
void outbox_complete(struct link *l, bool irq)
{
	bool deliver = l->deliver && !l->fail;
	bool whole = l->held || l->stale || !l->deliver;

	if (l->held && memcmp(l->out.buf, l->held, l->out.size))
		link_violation(l, "outbox written while it was the platform's");
	memcpy(l->out.buf, l->out.image, whole ? l->out.size :
	       l->out.type->header + l->packet_len);
	free(l->held);
	l->held = NULL;
	l->stale = false;
	timer_cancel(&l->complete_timer);
	if (deliver && l->responder)
		outbox_execute(l);

	l->busy = false;
	l->c.completions++;
	l->c.in_errored += l->fail;
	outbox_hand_back(l, l->fail, irq && l->notify);
	if (deliver && !l->responder)
		outbox_deliver(l);
}

/*
 * The OS has the buffer again before we have read it, and may have the next
 * message in it when we do: nothing of that can be relied on, or held against
 * the OS, so the message is not delivered.
 */
static void outbox_complete_early(struct link *l)
{
	l->busy = false;
	l->stale = true;
	l->c.completions++;
	l->c.in_early++;
	outbox_hand_back(l, false, l->notify);
}

void outbox_remember(struct link *l)
{
	l->forgotten = false;
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

static void outbox_hold(struct link *l)
{
	l->held = xcalloc(1, l->out.size);
	memcpy(l->held, l->out.buf, l->out.size);
}

/*
 * A transfer that was under way in a restart may ring late, its bit set or
 * its message wiped by us: no fault of the OS. It is lost, as in real life.
 */
static bool outbox_lost_in_restart(struct link *l)
{
	u32 signature = get_le32(l->out.buf + PCC_OFF_SIGNATURE);
	bool lost = l->restarted &&
		    (reg_read(l->out.complete) & l->out.type->complete ||
		     signature != (PCC_SIGNATURE | l->out.index) ||
		     (!l->responder &&
		      memcmp(l->out.buf + PCC_OFF_COMMAND, PCC_COMMAND,
			     PCC_COMMAND_SIZE)));

	l->restarted = false;
	return lost;
}

/* The ring was not heard, the buffer is as if nothing had been written. */
static bool outbox_ignore(struct link *l)
{
	if (!l->deaf)
		return false;
	if (l->deaf_count && !--l->deaf_count)
		l->deaf = false;
	l->c.faults++;
	l->c.ignored++;
	l->forgotten = true;
	if (l->busy)
		memcpy(l->held, l->out.buf, l->out.size);
	else
		memcpy(l->out.buf, l->out.image, l->out.size);
	log_line("link %u: doorbell ignored", l->number);
	return true;
}

void outbox_doorbell(struct link *l)
{
	enum completion mode;
	u64 now = now_ns();
	bool turn_ok;

	l->c.doorbells++;
	outbox_rang(l, now);
	outbox_gap(l, now);
	if (outbox_ignore(l))
		return;
	l->forgotten = false;
	if (l->busy) {
		l->c.dropped_while_busy++;
		link_violation(l, "doorbell before the last command completed");
		/* What it wrote is part of that one violation. */
		memcpy(l->held, l->out.buf, l->out.size);
		return;
	}
	if (outbox_lost_in_restart(l)) {
		l->c.dropped_while_busy++;
		log_line("link %u: transfer lost in the restart", l->number);
		channel_init(&l->out, l->prefill);
		l->raise(l, OUTBOX);
		return;
	}
	turn_ok = outbox_turn_ok(l);
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
	case DELAY:
		outbox_hold(l);
		timer_set(&l->complete_timer,
			  now_ns() + l->fault.us * NSEC_PER_USEC,
			  outbox_delay_over, l);
		return;
	case DOUBLE_IRQ:
		timer_set(&l->extra_irq_timer, now_ns() + EXTRA_IRQ_AFTER,
			  outbox_extra_irq, l);
		break;
	default:
		break;
	}
	outbox_complete(l, mode != NO_IRQ);
}
