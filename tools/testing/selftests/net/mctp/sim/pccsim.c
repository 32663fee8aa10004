// SPDX-License-Identifier: GPL-2.0
/*
 * Plays a platform with two MCTP links in the machine under test, until its
 * input ends. It answers WORD LINK [KEY=VALUE]... by "ok ..." or "error: ...",
 * and touches nothing unless the PCCT is that of pccsim_tables.
 * Copyright (C) 2026 The mctp-pcc authors
 */
#include <fcntl.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include <linux/types.h>

#include "kselftest.h"
#include "layout.h"

#define TRIGGERS	"/sys/kernel/debug/irq/irqs"
#define IRQS		256
#define CALM_ROUNDS	100		/* without anything to do */
#define BUSY_ROUNDS	2000

#define HEADER		16		/* ACPI 6.5, 14.1.6 */
#define SIGNATURE	0x50434300
#define NOTIFY		1
#define COMMAND		0x5054434d	/* "MCTP" */
#define FILL		0xee		/* of an outbox that is the OS's */
#define REG_FILL	0x5a3c0000	/* bits that nobody may change */
#define QUEUE		10000		/* eight messages of 64 KiB at MTU 68 */
#define FLOOD_LEN	68

/* Of a packet (DSP0236 1.3, clause 8.1), with the header of the load service */
#define MCTP		4
#define START		0x80
#define END		0x40
#define SEQ		0x30
#define OWNER		0x08
#define TAG		0x07
#define TYPE_CONTROL	0x00
#define TYPE_LOAD	0x7f
#define LOAD_SEED_AT	10
#define LOAD_REPLY_AT	14
#define LOAD_BODY_AT	18
#define LOAD_SEED	0x5a5a5a5a

enum word {
	NORMAL, HOLD, NO_IRQ, ERROR, DELAY, DOUBLE_IRQ, EARLY, IGNORE, OUTBOX,
	INBOX, WORDS
};

static const char *const words[WORDS] = {
	"normal", "hold", "no-irq", "error", "delay", "double-irq", "early",
	"ignore", "outbox", "inbox"
};

struct box {
	__u32 index, size, turnaround_us;
	__u8 *mem;
	atomic_uint *reg;
	int trigger;
	__u8 image[BOX_MAX];	/* of the message */
};

struct packet {
	size_t len;
	bool no_irq, error, change;
	__u32 header[HEADER / 4];
	__u8 data[BOX_MAX];
};

struct fault {
	enum word mode;
	__u32 us, count;	/* 0: for ever */
};

/* A load message whose packets are coming in */
struct load {
	bool runs;
	__u8 seq;
	size_t at, body;
	__u32 seed, reply;
};

struct link {
	unsigned int number;
	struct box out, in;
	struct fault completion, doorbell;
	__u8 eid, peer;
	__u64 rang_at;
	struct packet queue[QUEUE];

	struct counters {
		__u64 violations, in_packets, in_bytes, in_messages;
		__u64 in_errored, in_early, out_packets, out_bytes, out_acked;
		__u64 doorbells, dropped_while_busy, bad_messages, faults;
		__u64 ignored, changed, ring_max_ns;
	} c;

	/* All that a restart forgets */
	struct {
		bool busy, deliver, fail, posted, counted;
		size_t len;
		__u64 complete_at, completed_at;
		__u32 first, queued, flood_left;
		struct load load[TAG + 1];
	} s;
};

static struct link links[LINKS];

static __u64 now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}

/* Unless @so, counts and prints a violation */
static void must(struct link *l, bool so, const char *rule, __u32 found)
{
	if (so)
		return;
	fprintf(stderr, "# VIOLATION on link %u: %s: 0x%x\n", l->number, rule,
		found);
	l->c.violations++;
}

static bool box_is_complete(const struct box *box)
{
	return box->reg[REG_COMPLETE] & 1;
}

/* False if nobody has requested it, or if one is on its way already */
static bool box_raise(struct box *box)
{
	return write(box->trigger, "trigger", 7) == 7;
}

static void box_init(struct box *box, bool sign)
{
	__u32 signature = sign ? SIGNATURE | box->index : 0;

	memset(box->mem, FILL, BOX_STRIDE);
	memset(box->mem, 0, HEADER);
	memcpy(box->mem, &signature, 4);
	memcpy(box->image, box->mem, box->size);
	box->reg[REG_ERROR] = 0;
	box->reg[REG_ACK] = 0;
	box->reg[REG_DOORBELL] = 0;
	box->reg[REG_COMPLETE] = REG_FILL | 1;
}

static bool untouched(const __u8 *p, size_t len)
{
	return !len || (*p == FILL && !memcmp(p, p + 1, len - 1));
}

static void box_check(struct link *l, const struct box *box)
{
	__u32 reg = box->reg[REG_COMPLETE];

	must(l, (reg & ~1U) == REG_FILL, "register written", reg);
	must(l, untouched(box->mem + box->size, BOX_STRIDE - box->size),
	     "memory behind buffer written", box->index);
}

/* A message of ours (ACPI 6.5, 14.6), sent by inbox_next() */
static struct packet *inbox_add(struct link *l, const __u8 *data, size_t len)
{
	struct packet *p = &l->queue[(l->s.first + l->s.queued) % QUEUE];

	if (l->s.queued++ == QUEUE)
		abort();
	memset(p, 0, offsetof(struct packet, data));
	p->len = len;
	p->header[0] = SIGNATURE | l->in.index;
	p->header[1] = NOTIFY;
	p->header[2] = len + 4;
	p->header[3] = COMMAND;
	memcpy(p->data, data, len);
	return p;
}

/* A load message without its pattern, as nobody looks at it */
static void flood_add(struct link *l)
{
	const __u8 packet[FLOOD_LEN] = {
		1, l->peer, l->eid,
		START | END | OWNER | (l->s.flood_left-- & TAG), TYPE_LOAD
	};

	inbox_add(l, packet, FLOOD_LEN);
}

static void inbox_post(struct link *l, const struct packet *p)
{
	memcpy(l->in.image, p->header, HEADER);
	memcpy(l->in.image + HEADER, p->data, p->len);
	memcpy(l->in.mem, l->in.image, HEADER + p->len);
	l->s.posted = true;
	l->s.counted = true;
	l->c.out_packets++;
	l->c.out_bytes += p->len;
	l->in.reg[REG_ERROR] = p->error;
	l->in.reg[REG_COMPLETE] &= ~1U;
	if (!p->no_irq)
		box_raise(&l->in);
	if (!p->change)
		return;
	/* length and command, while the OS may be reading them */
	l->c.changed++;
	memset(l->in.image + 8, 0xff, 8);
	memset(l->in.mem + 8, 0xff, 8);
}

static void inbox_next(struct link *l)
{
	if (!l->s.posted && !l->s.queued && l->s.flood_left)
		flood_add(l);
	if (l->s.posted || !l->s.queued)
		return;
	inbox_post(l, &l->queue[l->s.first]);
	l->s.first = --l->s.queued ? (l->s.first + 1) % QUEUE : 0;
}

static void inbox_acked(struct link *l)
{
	box_check(l, &l->in);
	must(l, !memcmp(l->in.mem, l->in.image, l->in.size),
	     "buffer written by the OS", l->in.index);
	l->s.posted = false;
	l->c.out_acked += l->s.counted;
	inbox_next(l);
}

static struct packet *reply(struct link *l, const __u8 *packet, size_t len)
{
	struct packet *p = inbox_add(l, packet, len);

	p->data[1] = packet[2];
	p->data[2] = l->eid;
	p->data[3] &= ~OWNER;
	return p;
}

/* Set and Get Endpoint ID (DSP0236 1.3, clause 12) */
static void control(struct link *l, const __u8 *packet, size_t len)
{
	bool set = len == MCTP + 5 && packet[MCTP + 2] == 1;
	bool get = len == MCTP + 3 && packet[MCTP + 2] == 2;
	__u8 answer[MCTP + 7] = { 0 };

	if (!set && !get)
		return;
	if (set)
		l->eid = packet[MCTP + 4];
	memcpy(answer, packet, MCTP + 3);
	answer[MCTP + 1] &= 0x1f;
	answer[MCTP + (set ? 5 : 4)] = l->eid;
	reply(l, answer, sizeof(answer));
	inbox_next(l);
}

static __u8 pattern(__u32 seed, __u32 i)
{
	__u32 x = seed + i * 0x9e3779b1;

	x = (x ^ x >> 16) * 0x85ebca6b;
	return x ^ x >> 13;
}

/* A message too short for a header has its length as its seed */
static void load_start(struct load *m, const __u8 *packet, size_t len)
{
	m->runs = packet[MCTP] == TYPE_LOAD;
	m->seq = packet[3] & SEQ;
	m->at = 0;
	m->body = len < LOAD_BODY_AT ? 1 : LOAD_BODY_AT - MCTP;
	m->seed = len - MCTP - 1;
	m->reply = true;
	if (m->body > 1) {
		memcpy(&m->seed, packet + LOAD_SEED_AT, 4);
		memcpy(&m->reply, packet + LOAD_REPLY_AT, 4);
	}
}

/*
 * The service of ../lib/packet.c, packet by packet: an answer has its request's
 * length.
 */
static void load(struct link *l, struct load *m, const __u8 *packet, size_t len)
{
	struct packet *p = reply(l, packet, len);
	__u32 seed = m->seed ^ LOAD_SEED;
	bool good = true;
	size_t i;

	if (!m->at && m->body > 1) {
		memcpy(p->data + LOAD_SEED_AT, &seed, 4);
		memset(p->data + LOAD_REPLY_AT, 0, 4);
	}
	for (i = MCTP; i < len; i++, m->at++) {
		if (m->at < m->body)
			continue;
		good &= packet[i] == pattern(m->seed, m->at - 1);
		p->data[i] = pattern(seed, m->at - 1);
	}
	l->c.bad_messages += !good;
	l->s.queued -= !good || !m->reply;
	m->seq = (m->seq + 0x10) & SEQ;
	m->runs = good && !(packet[3] & END);
	inbox_next(l);
}

/* One peer, whose tag tells a message */
static void receive(struct link *l, const __u8 *packet, size_t len)
{
	struct load *m = &l->s.load[packet[3] & TAG];
	bool start = packet[3] & START;

	if ((packet[1] && packet[1] != l->eid) || !(packet[3] & OWNER))
		return;
	l->peer = packet[2];
	if (start)
		load_start(m, packet, len);
	else if (m->seq != (packet[3] & SEQ))
		m->runs = false;
	l->c.in_messages += packet[3] & END && (start || m->runs);
	if (m->runs)
		load(l, m, packet, len);
	else if (start && packet[MCTP] == TYPE_CONTROL)
		control(l, packet, len);
}

/* A message of the OS (ACPI 6.5, 14.5); false if anything is wrong with it */
static bool outbox_take(struct link *l, __u64 now)
{
	__u64 before = l->c.violations, calm = now - l->s.completed_at;
	__u32 reg = l->out.reg[REG_COMPLETE], header[HEADER / 4];
	size_t end, size = l->out.size;
	__u8 *image = l->out.image;

	memcpy(image, l->out.mem, size);
	memcpy(header, image, HEADER);
	l->s.len = header[2] - 4;
	end = HEADER + l->s.len;
	must(l, !(reg & 1), "command complete not cleared", reg);
	must(l, calm >= l->out.turnaround_us * 1000ULL, "turnaround", calm);
	must(l, header[0] == (SIGNATURE | l->out.index), "signature",
	     header[0]);
	must(l, header[1] == NOTIFY, "flags", header[1]);
	must(l, end > HEADER + MCTP && end <= size, "length", header[2]);
	must(l, header[3] == COMMAND, "command", header[3]);
	must(l, image[HEADER] == 1, "MCTP header version", image[HEADER]);
	must(l, end > size || untouched(image + end, size - end),
	     "more than the message written, whose length is", header[2]);
	box_check(l, &l->out);
	box_check(l, &l->in);
	return l->c.violations == before;
}

/* Gives the buffer back to the OS, with all content erased */
static void outbox_return(struct link *l, bool error, bool irq)
{
	memset(l->out.mem + HEADER, FILL, l->out.size - HEADER);
	if (l->number)
		memset(l->out.mem, 0, HEADER);
	l->s.completed_at = now_ns();
	l->out.reg[REG_ERROR] = error;
	l->out.reg[REG_COMPLETE] |= 1;
	if (irq)
		box_raise(&l->out);
}

static void outbox_complete(struct link *l, bool irq)
{
	l->s.busy = false;
	l->s.complete_at = 0;
	l->c.in_errored += l->s.fail;
	outbox_return(l, l->s.fail, irq);
	if (!l->s.deliver || l->s.fail)
		return;
	l->c.in_packets++;
	l->c.in_bytes += l->s.len;
	receive(l, l->out.image + HEADER, l->s.len);
}

static enum word fault_take(struct link *l, struct fault *fault)
{
	enum word mode = fault->mode;

	l->c.faults += mode != NORMAL;
	if (fault->count && !--fault->count)
		fault->mode = NORMAL;
	return mode;
}

static void outbox_start(struct link *l, __u64 now)
{
	__u64 delay = l->completion.us * 1000ULL;
	enum word mode = fault_take(l, &l->completion);

	l->s.deliver = outbox_take(l, now) && mode != EARLY;
	l->s.busy = true;
	l->s.fail = mode == ERROR;
	l->s.complete_at = mode == DELAY ? now + delay : 0;
	l->c.in_early += mode == EARLY;
	if (mode != HOLD && mode != DELAY)
		outbox_complete(l, mode != NO_IRQ);
	if (mode == DOUBLE_IRQ)
		box_raise(&l->out);
}

static void outbox_rung(struct link *l)
{
	__u64 now = now_ns();

	l->c.doorbells++;
	if (l->rang_at && now - l->rang_at > l->c.ring_max_ns)
		l->c.ring_max_ns = now - l->rang_at;
	l->rang_at = now;
	if (fault_take(l, &l->doorbell) == IGNORE) {
		l->c.ignored++;
		memset(l->out.mem + HEADER, FILL, l->out.size - HEADER);
	} else if (l->s.busy) {
		l->c.dropped_while_busy++;
		must(l, false, "doorbell while busy", l->out.index);
	} else {
		outbox_start(l, now);
	}
}

/* The first one's outbox is signed by the platform, the other's by the OS */
static void link_init(struct link *l)
{
	box_init(&l->out, !l->number);
	box_init(&l->in, true);
}

/* What is not acknowledged, on its way or still to flood */
static __u32 link_pending(const struct link *l)
{
	return l->s.posted + l->s.queued + l->s.flood_left;
}

static bool link_poll(struct link *l)
{
	bool acked = l->s.posted && box_is_complete(&l->in);
	bool rang = atomic_exchange(&l->out.reg[REG_DOORBELL], 0);

	l->c.doorbells += atomic_exchange(&l->in.reg[REG_DOORBELL], 0);
	if (rang)
		outbox_rung(l);
	if (acked)
		inbox_acked(l);
	if (l->s.complete_at && now_ns() >= l->s.complete_at)
		outbox_complete(l, true);
	return acked || rang;
}

/* Handles what has come up, or else sleeps; returns for how many rounds */
static unsigned int run_once(void)
{
	static unsigned int idle;
	struct timespec ts = { 0 };
	struct link *l;

	for (l = links, idle++; l < links + LINKS; l++)
		if (link_poll(l))
			idle = 0;
	ts.tv_nsec = idle < BUSY_ROUNDS ? 50000 : 500000;
	if (idle)
		nanosleep(&ts, NULL);
	return idle;
}

static const char *args, *error;	/* of the command */

static const char *text(const char *key)
{
	const char *p = strstr(args, key);

	return p ? p + strlen(key) : NULL;
}

static __u32 number(const char *key, __u32 fallback)
{
	const char *p = text(key);

	return p ? strtoul(p, NULL, 0) : fallback;
}

static enum word word(const char *key)
{
	const char *p = text(key);
	unsigned int i;

	for (i = 0; p && i < WORDS; i++)
		if (!strncmp(p, words[i], strcspn(p, " ")))
			return i;
	error = "unknown value";
	return NORMAL;
}

static void counters(struct link *l)
{
	const struct counters *c = &l->c;

	printf("ok busy=%u out_pending=%u violations=%llu in_packets=%llu ",
	       l->s.busy, link_pending(l), c->violations, c->in_packets);
	printf("in_bytes=%llu in_messages=%llu in_errored=%llu in_early=%llu ",
	       c->in_bytes, c->in_messages, c->in_errored, c->in_early);
	printf("out_packets=%llu out_bytes=%llu out_acked=%llu doorbells=%llu ",
	       c->out_packets, c->out_bytes, c->out_acked, c->doorbells);
	printf("dropped_while_busy=%llu bad_messages=%llu faults=%llu ",
	       c->dropped_while_busy, c->bad_messages, c->faults);
	printf("ignored=%llu changed=%llu ring_max_ns=%llu\n",
	       c->ignored, c->changed, c->ring_max_ns);
}

/* Command complete is clear after a doorbell that was ignored, too */
static void reset(struct link *l)
{
	l->completion.mode = NORMAL;
	l->doorbell.mode = NORMAL;
	if (l->s.busy)
		outbox_complete(l, true);
	else if (!box_is_complete(&l->out))
		outbox_return(l, false, true);
	l->s.queued = 0;
	l->s.flood_left = 0;
	l->s.counted = false;
	l->rang_at = 0;
	memset(&l->c, 0, sizeof(l->c));
}

static void restart(struct link *l)
{
	memset(&l->s, 0, sizeof(l->s));
	link_init(l);
}

/* No doorbell for a while, and nothing under way */
static void quiesce(struct link *l)
{
	__u64 end = now_ns() + number(" ms=", 5000) * 1000000ULL;
	unsigned int calm = 0;

	while (calm++ < CALM_ROUNDS && !error) {
		if (!run_once() || l->s.busy || link_pending(l) ||
		    !box_is_complete(&l->out))
			calm = 0;
		if (now_ns() > end)
			error = "not quiet";
	}
}

static void expect_violations(struct link *l)
{
	if (l->c.violations != number(" n=", 0))
		error = "not so many";
	l->c.violations = 0;
}

/* "completion" or "doorbell" */
static void fault(struct link *l)
{
	struct fault *fault = *args == 'c' ? &l->completion : &l->doorbell;

	fault->mode = word(" mode=");
	fault->us = number(" us=", 0);
	fault->count = number(" count=", 1);
}

static void release(struct link *l)
{
	if (l->s.busy)
		outbox_complete(l, true);
}

static void irq(struct link *l)
{
	struct box *box = word(" box=") == INBOX ? &l->in : &l->out;
	__u64 end = now_ns() + 50 * 1000000000ULL;
	__u32 left = number(" count=", 1);

	while (left && now_ns() < end)
		left -= box_raise(box);
	if (left)
		error = "nobody takes that interrupt";
}

/* Behind messages that wait already */
static void post(struct link *l)
{
	static const char *const fields[] = {
		" signature=", " flags=", " length=", " command="
	};
	const char *hex = text(" data=");
	size_t i, n = 0, most = l->in.size - HEADER;
	__u8 data[BOX_MAX];
	struct packet *p;

	for (; hex && n < most && sscanf(hex, "%2hhx", data + n) == 1; hex += 2)
		n++;
	p = inbox_add(l, data, n);
	for (i = 0; i < ARRAY_SIZE(fields); i++)
		p->header[i] = number(fields[i], p->header[i]);
	p->no_irq = !number(" irq=", 1);
	p->error = number(" error=", 0);
	p->change = text(" change=");
	inbox_next(l);
}

static void flood(struct link *l)
{
	l->s.flood_left = number(" count=", 0);
	inbox_next(l);
}

static const struct {
	const char *name;
	void (*run)(struct link *l);
} commands[] = {
	{ "counters", counters }, { "reset", reset }, { "restart", restart },
	{ "quiesce", quiesce }, { "expect-violations", expect_violations },
	{ "completion", fault }, { "doorbell", fault },
	{ "release", release }, { "irq", irq }, { "post", post },
	{ "post-raw", post }, { "flood", flood }, { "flood-stop", flood },
	{ NULL, NULL }
};

/* An answer means that it has begun */
static void run_line(char *line)
{
	unsigned int i = 0, link;
	char name[20] = "";

	line[strcspn(line, "\n")] = '\0';
	args = line;
	error = NULL;
	if (sscanf(line, "%19s %u", name, &link) != 2)
		link = LINKS;
	while (commands[i].name && strcmp(name, commands[i].name))
		i++;
	if (commands[i].name && link < LINKS)
		commands[i].run(&links[link]);
	else
		error = "no such command, or no such link";
	run_once();
	if (error)
		printf("error: %s\n", error);
	else if (commands[i].run != counters)
		puts("ok");
}

static void need(bool so, const char *what)
{
	if (so)
		return;
	printf("error: no %s\n", what);
	exit(1);
}

/* One process at a time: that of the last test may not have ended */
static __u8 *map_memory(void)
{
	int fd = open("/dev/mem", O_RDWR | O_CLOEXEC);
	void *mem;

	need(fd >= 0 && !flock(fd, LOCK_EX), "/dev/mem");
	mem = mmap(NULL, SHM_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd,
		   SHM_BASE);
	need(mem != MAP_FAILED, "/dev/mem that can be mapped");
	return mem;
}

/* Of the interrupt that is this input of the I/O APIC */
static int open_trigger(__u32 gsi)
{
	char path[64], want[64], text[2048];
	unsigned int irq;
	ssize_t n;
	int fd;

	snprintf(want, sizeof(want), "IO-APIC-0\n hwirq:   0x%x\n", gsi);
	for (irq = 0; ; irq++) {
		need(irq < IRQS, "interrupt of the I/O APIC in " TRIGGERS);
		snprintf(path, sizeof(path), TRIGGERS "/%u", irq);
		fd = open(path, O_RDWR | O_CLOEXEC);
		n = read(fd, text, sizeof(text) - 1);
		text[n > 0 ? n : 0] = '\0';
		if (strstr(text, want))
			return fd;
		close(fd);
	}
}

static void setup_box(struct box *box, __u8 *mem, const __u8 *table,
		      unsigned int index)
{
	const __u8 *subspace = table + PCCT_HEADER + index * SUBSPACE_LEN;
	__u32 gsi;

	memcpy(&gsi, subspace + GSI_AT, 4);
	memcpy(&box->size, subspace + SIZE_AT, 4);
	memcpy(&box->turnaround_us, subspace + TURNAROUND_AT, 4);
	box->index = index;
	box->mem = mem + index * BOX_STRIDE;
	box->reg = (void *)(mem + REG_BASE - SHM_BASE + index * REG_STRIDE);
	box->trigger = open_trigger(gsi);
}

static void setup(void)
{
	int fd = open("/sys/firmware/acpi/tables/PCCT", O_RDONLY | O_CLOEXEC);
	__u8 table[PCCT_LEN + 1], *mem;
	struct link *l;

	need(read(fd, table, PCCT_LEN + 1) == PCCT_LEN &&
	     !memcmp(table + OEM_AT, OEM, sizeof(OEM) - 1),
	     "PCCT of pccsim_tables");
	mem = map_memory();
	for (l = links; l < links + LINKS; l++) {
		l->number = l - links;
		setup_box(&l->out, mem, table, 2 * l->number);
		setup_box(&l->in, mem, table, 2 * l->number + 1);
		link_init(l);
	}
}

/* The input has no buffer, so that poll() knows of all that is left */
int main(void)
{
	struct pollfd pfd = { .fd = STDIN_FILENO, .events = POLLIN };
	char *line = NULL;
	size_t size = 0;

	setup();
	setvbuf(stdin, NULL, _IONBF, 0);
	setvbuf(stdout, NULL, _IOLBF, 0);
	puts("ok");
	for (;;) {
		while (!poll(&pfd, 1, 0))
			run_once();
		if (getline(&line, &size, stdin) < 0)
			return 0;
		run_line(line);
	}
}
