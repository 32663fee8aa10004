// SPDX-License-Identifier: GPL-2.0
/*
 * The two boxes of a link: what the OS sends (ACPI 6.5, 14.5) and what the
 * platform sends (14.6), with the faults that a test asks for
 * Copyright (C) 2026 The mctp-pcc authors
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim.h"

#define HEADER		16
#define SIGNATURE	0x50434300
#define NOTIFY		1
#define COMMAND		0x5054434d	/* "MCTP" */
#define PACKET_MIN	5
#define FILL		0xee		/* of an outbox that is the OS's */
#define REG_FILL	0x5a3c0000	/* bits that nobody may change */

__printf(2, 3)
static void violation(struct link *l, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	fprintf(stderr, "# VIOLATION on link %u: ", l->number);
	vfprintf(stderr, format, ap);
	fputc('\n', stderr);
	va_end(ap);
	l->violations++;
}

/* Refused if nobody has requested it, or if one is on its way already */
void box_raise(struct box *box)
{
	if (write(box->trigger, "trigger", 7) != 7)
		return;
}

static void box_init(struct box *box, __u32 signature)
{
	memset(box->mem, FILL, BOX_STRIDE);
	memset(box->mem, 0, HEADER);
	memcpy(box->mem, &signature, 4);
	memcpy(box->image, box->mem, box->size);
	reg_write(box, REG_ERROR, 0);
	reg_write(box, REG_ACK, 0);
	reg_write(box, REG_DOORBELL, 0);
	reg_write(box, REG_COMPLETE, REG_FILL | 1);
}

/* The first link's outbox is signed by the platform, the other's by the OS */
static void outbox_init(struct link *l)
{
	box_init(&l->out, l->number ? 0 : SIGNATURE | l->out.index);
}

void link_init(struct link *l)
{
	outbox_init(l);
	box_init(&l->in, SIGNATURE | l->in.index);
}

static void box_check(struct link *l, const struct box *box)
{
	size_t i;

	if ((reg_read(box, REG_COMPLETE) ^ REG_FILL) & ~1U)
		violation(l, "register %u is 0x%08x", box->index,
			  reg_read(box, REG_COMPLETE));
	for (i = box->size; i < BOX_STRIDE && box->mem[i] == FILL; i++)
		;
	if (i < BOX_STRIDE)
		violation(l, "memory behind buffer %u written", box->index);
}

static void outbox_check(struct link *l, const __u32 *header, __u64 now)
{
	__u64 turnaround = subspaces[l->out.index].turnaround_us * 1000ULL;
	const __u32 want[] = {
		SIGNATURE | l->out.index, NOTIFY, 0, COMMAND
	};
	unsigned int i;

	if (reg_read(&l->out, REG_COMPLETE) & 1)
		violation(l, "doorbell with command complete set");
	if (now - l->s.completed_at < turnaround)
		violation(l, "doorbell within the turnaround time");
	for (i = 0; i < 4; i++)
		if (i != 2 && header[i] != want[i])
			violation(l, "word %u is 0x%08x, not 0x%08x", i,
				  header[i], want[i]);
	box_check(l, &l->out);
	box_check(l, &l->in);
}

/* Takes a copy of the message; false if anything is wrong with it */
static bool outbox_take(struct link *l, __u64 now)
{
	__u64 before = l->violations;
	const __u8 *image = l->out.image;
	__u32 header[4];
	size_t i;

	memcpy(l->out.image, l->out.mem, l->out.size);
	memcpy(header, image, HEADER);
	outbox_check(l, header, now);
	l->s.len = header[2] - 4;
	if (header[2] < 4 + PACKET_MIN || header[2] > l->out.size - 12) {
		violation(l, "length %u", header[2]);
		return false;
	}
	if (image[HEADER] != 1)
		violation(l, "MCTP header version 0x%02x", image[HEADER]);
	for (i = HEADER + l->s.len; i < l->out.size; i++)
		if (image[i] != FILL) {
			violation(l, "byte %zu beyond the message written", i);
			break;
		}
	return l->violations == before;
}

/* The OS has the buffer again, without a trace of what was in it */
static void outbox_return(struct link *l, bool error, bool irq)
{
	memset(l->out.mem + HEADER, FILL, l->out.size - HEADER);
	if (l->number)
		memset(l->out.mem, 0, HEADER);
	l->s.completed_at = now_ns();
	reg_write(&l->out, REG_ERROR, error);
	reg_write(&l->out, REG_COMPLETE, reg_read(&l->out, REG_COMPLETE) | 1);
	if (irq)
		box_raise(&l->out);
}

void outbox_complete(struct link *l, bool irq)
{
	if (l->s.held && memcmp(l->out.mem, l->out.image, l->out.size))
		violation(l, "outbox written while it is the platform's");
	l->s.busy = false;
	l->s.held = false;
	l->s.complete_at = 0;
	l->c[COMPLETIONS]++;
	l->c[IN_ERRORED] += l->s.fail;
	outbox_return(l, l->s.fail, irq);
	if (!l->s.deliver || l->s.fail)
		return;
	l->c[IN_PACKETS]++;
	l->c[IN_BYTES] += l->s.len;
	endpoint_receive(l, l->out.image + HEADER, l->s.len);
}

static void outbox_start(struct link *l, __u64 now)
{
	enum mode mode = l->mode;

	l->s.deliver = outbox_take(l, now) && mode != EARLY;
	l->s.busy = true;
	l->s.fail = mode == ERROR;
	l->s.held = mode == HOLD || mode == DELAY;
	if (mode == DELAY)
		l->s.complete_at = now + l->mode_us * 1000ULL;
	if (mode == DOUBLE_IRQ)
		l->s.extra_irq_at = now + 1000000;
	l->c[IN_EARLY] += mode == EARLY;
	l->c[FAULTS] += mode != NORMAL;
	if (l->mode_count && !--l->mode_count)
		l->mode = NORMAL;
	if (!l->s.held)
		outbox_complete(l, mode != NO_IRQ);
}

/* As if nothing had been written, nor rung */
static void outbox_ignore(struct link *l)
{
	if (l->deaf_count && !--l->deaf_count)
		l->deaf = false;
	l->c[FAULTS]++;
	l->c[IGNORED]++;
	l->s.ignored = true;
	l->s.held = false;
	memset(l->out.mem + HEADER, FILL, l->out.size - HEADER);
}

static void outbox_rung(struct link *l)
{
	__u64 now = now_ns();
	bool lost = l->restarted && (reg_read(&l->out, REG_COMPLETE) & 1 ||
				     memcmp(l->out.mem + 12, "MCTP", 4));

	l->c[DOORBELLS]++;
	if (l->rang_at && now - l->rang_at > l->c[RING_MAX_NS])
		l->c[RING_MAX_NS] = now - l->rang_at;
	l->rang_at = now;
	if (l->deaf) {
		outbox_ignore(l);
		return;
	}
	l->s.ignored = false;
	l->restarted = false;
	if (l->s.busy) {
		l->c[DROPPED_WHILE_BUSY]++;
		l->s.held = false;	/* one violation is enough */
		violation(l, "doorbell before the last command completed");
	} else if (lost) {	/* it was under way in the restart */
		l->c[DROPPED_WHILE_BUSY]++;
		outbox_init(l);
		box_raise(&l->out);
	} else {
		outbox_start(l, now);
	}
}

struct packet *packet_new(struct link *l, const __u8 *data, size_t len)
{
	struct packet *p = calloc(1, sizeof(*p) + len);

	if (!p)
		abort();
	p->header[0] = SIGNATURE | l->in.index;
	p->header[1] = NOTIFY;
	p->header[2] = len + 4;
	p->header[3] = COMMAND;
	p->len = len;
	memcpy(p->data, data, len);
	return p;
}

static void inbox_post(struct link *l, struct packet *p)
{
	memcpy(l->in.image, p->header, HEADER);
	memcpy(l->in.image + HEADER, p->data, p->len);
	memcpy(l->in.mem, l->in.image, HEADER + p->len);
	l->s.posted = true;
	l->s.counted = true;
	l->s.posted_at = now_ns();
	l->s.change_at = p->change ? l->s.posted_at + p->change_ns : 0;
	l->c[OUT_PACKETS]++;
	l->c[OUT_BYTES] += p->len;
	reg_write(&l->in, REG_ERROR, p->error);
	reg_write(&l->in, REG_COMPLETE, reg_read(&l->in, REG_COMPLETE) & ~1U);
	if (!p->no_irq)
		box_raise(&l->in);
	free(p);
}

static struct packet *flood_packet(struct link *l)
{
	__u8 data[PACKET_MAX] = {
		1, l->peer, l->eid, 0xc8 | (l->s.flood_sent & 7), 0x7f
	};

	load_fill(data + 5, l->s.flood_len - 5, l->s.flood_sent++, 0);
	l->s.flood_left--;
	return packet_new(l, data, l->s.flood_len);
}

void inbox_next(struct link *l)
{
	struct packet *p = l->s.head;

	if (l->s.posted)
		return;
	if (p)
		l->s.head = p->next;
	else if (l->s.flood_left)
		p = flood_packet(l);
	if (p)
		inbox_post(l, p);
}

void inbox_queue(struct link *l, struct packet *p, bool first)
{
	struct packet **at = l->s.head && !first ? &l->s.last->next :
						   &l->s.head;

	p->next = *at;
	*at = p;
	if (!p->next)
		l->s.last = p;
	inbox_next(l);
}

static void inbox_acked(struct link *l)
{
	__u64 took = now_ns() - l->s.posted_at;

	box_check(l, &l->in);
	if (memcmp(l->in.mem, l->in.image, l->in.size))
		violation(l, "inbox written by the OS");
	l->s.posted = false;
	l->s.change_at = 0;
	l->c[OUT_ACKED] += l->s.counted;
	if (l->s.counted && took > l->c[ACK_MAX_NS])
		l->c[ACK_MAX_NS] = took;
	inbox_next(l);
}

/* Length and command all ones, under the eyes of the OS */
static void inbox_change(struct link *l)
{
	l->c[CHANGED]++;
	memset(l->in.image + 8, 0xff, 8);
	memset(l->in.mem + 8, 0xff, 8);
}

/* What is not acknowledged, on its way or still to flood */
__u64 link_pending(const struct link *l)
{
	__u64 n = l->s.posted + l->s.flood_left;
	const struct packet *p;

	for (p = l->s.head; p; p = p->next)
		n++;
	return n;
}

static bool due(__u64 *at, __u64 now)
{
	if (!*at || now < *at)
		return false;
	*at = 0;
	return true;
}

static bool rung(struct box *box)
{
	if (!reg_read(box, REG_DOORBELL))
		return false;
	reg_write(box, REG_DOORBELL, 0);
	return true;
}

/* True if there was something to do */
bool link_poll(struct link *l)
{
	bool acked = l->s.posted && reg_read(&l->in, REG_COMPLETE) & 1;
	bool rang = rung(&l->out);
	__u64 now = now_ns();

	l->c[DOORBELLS] += rung(&l->in);
	if (rang)
		outbox_rung(l);
	if (acked)
		inbox_acked(l);
	else if (due(&l->s.change_at, now))
		inbox_change(l);
	if (due(&l->s.complete_at, now))
		outbox_complete(l, true);
	if (due(&l->s.extra_irq_at, now))
		box_raise(&l->out);
	return acked || rang;
}

static void inbox_purge(struct link *l)
{
	struct packet *p;

	while ((p = l->s.head)) {
		l->s.head = p->next;
		free(p);
	}
	l->s.flood_left = 0;
}

void link_reset(struct link *l)
{
	l->mode = NORMAL;
	l->deaf = false;
	if (l->s.busy)
		outbox_complete(l, true);
	else if (l->s.ignored)
		outbox_return(l, false, true);
	l->s.ignored = false;
	inbox_purge(l);
	memset(l->c, 0, sizeof(l->c));
	memset(l->s.assembly, 0, sizeof(l->s.assembly));
	l->s.counted = false;
	l->rang_at = 0;
}

void link_restart(struct link *l)
{
	l->s.flood_left = 0;
	l->c[OUT_DROPPED] += link_pending(l);
	inbox_purge(l);
	memset(&l->s, 0, sizeof(l->s));
	l->restarted = true;
	link_init(l);
}
