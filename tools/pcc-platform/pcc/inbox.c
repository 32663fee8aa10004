// SPDX-License-Identifier: GPL-2.0
/* Copyright (C) 2026 The mctp-pcc authors */
/*
 * Type 4 subspace: what the platform sends (ACPI 6.5, 14.6)
 *
 * We fill the buffer, clear command complete and interrupt. The OS sets
 * command complete when it is done, and rings if bit 0 of the flags asked.
 */
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "link.h"
#include "wire/wire.h"

/*
 * The OS rings a moment after it sets the bit: a doorbell that never comes is
 * given up at the second slow poll. A header that asks for none is polled fast.
 */
#define ACK_POLL_SLOW	(20 * NSEC_PER_MSEC)
#define ACK_POLL_FAST	(100 * NSEC_PER_USEC)

/* Pauses let an emulated OS do other work; a packet counts 20 ms at most. */
#define FLOOD_BURST	32
#define FLOOD_TOOK_MAX	(20 * NSEC_PER_MSEC)

static void inbox_next(struct link *l);
static void inbox_ack_poll(void *arg);

static void inbox_ack_watch(struct link *l)
{
	link_later(l, ACK_TIMER, l->ring_wanted ? ACK_POLL_SLOW : ACK_POLL_FAST,
		   inbox_ack_poll);
}

static void inbox_check(struct link *l)
{
	if (memcmp(l->in.buf, l->in.image, l->in.size))
		link_violation(l, OUR_RULE, "inbox written by the OS");
}

void inbox_follow(void *arg)
{
	struct link *l = arg;

	timer_cancel(&l->timers[IN_LAG_TIMER]);
	timer_cancel(&l->timers[LAG_IRQ_TIMER]);
	l->lagging = false;
	l->posted = false;
	if (l->in.update_by != UPDATE_SAME)
		channel_complete(&l->in, 0);
	inbox_next(l);
}

static void inbox_lag_irq(void *arg)
{
	link_raise(arg, INBOX);
}

static void inbox_lag(struct link *l)
{
	u64 lag = l->in_lag.us * NSEC_PER_USEC;

	l->lagging = true;
	l->c.lagged++;
	link_later(l, IN_LAG_TIMER, lag, inbox_follow);
	if (l->in_lag.irq)
		link_later(l, LAG_IRQ_TIMER, lag / 2, inbox_lag_irq);
}

static void inbox_acked(struct link *l)
{
	u64 took = now_ns() - l->posted_at;

	if (!channel_others_kept(&l->in))
		link_violation(l, ACPI_TABLE,
			       "inbox update changed other bits: 0x%08x",
			       reg_read(l->in.update));
	inbox_check(l);
	timer_cancel(&l->timers[ACK_TIMER]);
	timer_cancel(&l->timers[CHANGE_TIMER]);
	l->flood.took += took < FLOOD_TOOK_MAX ? took : FLOOD_TOOK_MAX;
	if (l->posted_counted) {
		l->c.out_acked++;
		if (took > l->c.ack_max)
			l->c.ack_max = took;
	}
	if (lag_next(&l->in_lag))
		inbox_lag(l);
	else
		inbox_follow(l);
}

static void inbox_ack_poll(void *arg)
{
	struct link *l = arg;

	bool set = reg_read(l->in.update) & REG_BIT;

	if (set && (l->ack_seen || !l->ring_wanted)) {
		inbox_acked(l);
		return;
	}
	l->ack_seen = set;
	inbox_ack_watch(l);
}

/*
 * A doorbell may be an old one: of the OS's start, or of a message whose bit
 * was seen by polling. The bit decides, if the OS can set it.
 */
static bool inbox_taken(struct link *l)
{
	return l->in.update_by == UPDATE_NONE ||
	       reg_read(l->in.update) & REG_BIT;
}

void inbox_doorbell(struct link *l)
{
	l->c.doorbells++;
	if (l->posted && !l->lagging && inbox_taken(l))
		inbox_acked(l);
	else
		l->c.stray_rings++;
}

struct post inbox_message(const struct link *l, const u8 *packet, size_t len)
{
	return (struct post){
		.signature = PCC_SIGNATURE | l->in.index,
		.flags = PCC_FLAG_NOTIFY,
		.length = len + PCC_COMMAND_SIZE,
		.command = get_le32((const u8 *)PCC_COMMAND),
		.data = packet,
		.len = len,
		.irq = true,
	};
}

/* Read first: the OS may see the change and acknowledge before we read. */
static void inbox_change(void *arg)
{
	struct link *l = arg;
	size_t len = PCC_HDR_SIZE - PCC_OFF_LENGTH;

	l->c.changed += !(reg_read(l->in.update) & REG_BIT);
	memset(l->in.image + PCC_OFF_LENGTH, 0xff, len);
	memset(l->in.buf + PCC_OFF_LENGTH, 0xff, len);
}

static bool inbox_irq_lost(struct link *l)
{
	if (!l->lose_every || ++l->lose_n < l->lose_every)
		return false;
	l->lose_n = 0;
	l->c.irqs_lost++;
	return true;
}

u32 inbox_packet_max(const struct link *l)
{
	u32 most = l->in.size - PCC_HDR_SIZE;

	return most < MESSAGE_MAX ? most : MESSAGE_MAX;
}

void inbox_post(struct link *l, const struct post *p)
{
	u8 *image = l->in.image;

	inbox_check(l);
	put_le32(image + PCC_OFF_SIGNATURE, p->signature);
	put_le32(image + PCC_OFF_FLAGS, p->flags);
	put_le32(image + PCC_OFF_LENGTH, p->length);
	put_le32(image + PCC_OFF_COMMAND, p->command);
	memcpy(image + PCC_HDR_SIZE, p->data, p->len);
	memcpy(l->in.buf, image, PCC_HDR_SIZE + p->len);

	l->posted = true;
	l->posted_at = now_ns();
	l->posted_counted = true;
	l->ring_wanted = p->flags & PCC_FLAG_NOTIFY;
	l->ack_seen = false;
	l->c.out_packets++;
	l->c.out_bytes += p->len;
	reg_write(l->in.error, p->error ? REG_BIT : 0);
	channel_update(&l->in, 0);
	channel_show(&l->in, false);
	if (p->irq && !inbox_irq_lost(l))
		link_raise(l, INBOX);
	if (p->change)
		link_later(l, CHANGE_TIMER, p->change_us * NSEC_PER_USEC,
			   inbox_change);
	inbox_ack_watch(l);
	capture_packet(l->number, false, p->data, p->len);
}

static void inbox_post_packet(struct link *l, const u8 *packet, size_t len)
{
	struct post p = inbox_message(l, packet, len);

	inbox_post(l, &p);
}

/* Single-packet messages, each with a tag and a seed of its own. */
static void inbox_flood_one(struct link *l)
{
	struct flood *f = &l->flood;
	u8 packet[MESSAGE_MAX];

	packet[MCTP_OFF_VERSION] = MCTP_VERSION;
	packet[MCTP_OFF_DEST] = f->dest;
	packet[MCTP_OFF_SRC] = f->src;
	packet[MCTP_OFF_FLAGS] = MCTP_SOM | MCTP_EOM | MCTP_TO |
				 (f->sent & MCTP_TAG_MASK);
	load_build(packet + MCTP_HDR_SIZE, f->len - MCTP_HDR_SIZE, f->sent);
	packet[MCTP_HDR_SIZE] = f->type;
	f->sent++;
	f->left--;
	f->burst++;
	inbox_post_packet(l, packet, f->len);
}

static void inbox_flood_goes_on(void *arg)
{
	struct link *l = arg;

	l->flood.resting = false;
	inbox_next(l);
}

static bool inbox_flood_rests(struct link *l)
{
	struct flood *f = &l->flood;

	if (f->rest && f->burst == FLOOD_BURST) {
		link_later(l, FLOOD_TIMER, f->took, inbox_flood_goes_on);
		f->resting = true;
		f->burst = 0;
		f->took = 0;
	}
	return f->resting;
}

static void inbox_fuzz_one(struct link *l)
{
	struct post p = { .irq = true };
	u8 data[MESSAGE_MAX];

	l->fuzz.left--;
	l->fuzz.dest = l->ep.last_peer;
	l->fuzz.not_dest = l->ep.eid;
	l->c.fuzz[fuzz_next(&l->fuzz, inbox_packet_max(l), &p, data)]++;
	inbox_post(l, &p);
}

static void inbox_next_one(struct link *l)
{
	struct post *p = l->next;

	l->next = NULL;
	inbox_post(l, p);
	free(p);
}

static void inbox_next(struct link *l)
{
	struct queued *q;

	if (l->posted)
		return;
	if (l->next) {
		inbox_next_one(l);
		return;
	}
	q = queue_take(&l->queue);
	if (!q) {
		if (l->fuzz.left)
			inbox_fuzz_one(l);
		else if (l->flood.left && !inbox_flood_rests(l))
			inbox_flood_one(l);
		return;
	}
	inbox_post_packet(l, q->data, q->len);
	free(q);
}

void inbox_flood(struct link *l, const struct flood *flood)
{
	timer_cancel(&l->timers[FLOOD_TIMER]);
	l->flood = *flood;
	inbox_next(l);
}

void inbox_fuzz(struct link *l, u32 seed, u32 count)
{
	fuzz_start(&l->fuzz, seed, count);
	inbox_next(l);
}

bool inbox_post_next(struct link *l, const struct post *p)
{
	u8 *data;

	if (l->next)
		return false;
	l->next = xcalloc(1, sizeof(*p) + p->len);
	data = (u8 *)(l->next + 1);
	memcpy(data, p->data, p->len);
	*l->next = *p;
	l->next->data = data;
	inbox_next(l);
	return true;
}

void inbox_queue(struct link *l, const u8 *packet, size_t len)
{
	if (!l->posted && !l->queue.len) {
		inbox_post_packet(l, packet, len);
		return;
	}
	if (l->queue.len >= QUEUE_MAX) {
		l->c.out_dropped++;
		log_line("link %u: inbox queue full, packet dropped",
			 l->number);
		return;
	}
	queue_add(&l->queue, packet, len);
}

void inbox_purge(struct link *l)
{
	queue_purge(&l->queue);
	free(l->next);
	l->next = NULL;
	l->flood.left = 0;
	l->fuzz.left = 0;
}
