// SPDX-License-Identifier: GPL-2.0
/*
 * The commands of a test, in the words of the lab's platform:
 * WORD LINK [KEY=VALUE]..., answered with "ok ..." or "error: ..."
 * Copyright (C) 2026 The mctp-pcc authors
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim.h"

#define MS		1000000ULL
#define STEP		(5 * MS)
#define TAKEN_WAIT	(200 * MS)
#define MISSES_MAX	5

static const char *args;	/* " KEY=VALUE"... */
static unsigned int used;
static char error[100];

__printf(1, 2)
static void fail(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	vsnprintf(error, sizeof(error), format, ap);
	va_end(ap);
}

/* What stands behind KEY=; each command asks for a key once */
static const char *text(const char *key)
{
	size_t n = strlen(key);
	const char *p;

	for (p = strchr(args, ' '); p; p = strchr(p + 1, ' ')) {
		if (strncmp(p + 1, key, n) || p[n + 1] != '=')
			continue;
		used++;
		return p + n + 2;
	}
	return NULL;
}

static __u32 number(const char *key, __u32 fallback)
{
	const char *value = text(key);
	unsigned long n;
	char *end;

	if (!value)
		return fallback;
	n = strtoul(value, &end, 0);
	if (end == value || (*end && *end != ' ') || n > 0xffffffff)
		fail("%s: neither decimal nor 0x", key);
	return n;
}

/* The place of a word in "first second ..." */
static unsigned int word(const char *key, const char *words)
{
	const char *value = text(key);
	size_t n = value ? strcspn(value, " ") : 0;
	unsigned int i;

	for (i = 0; n && *words; i++) {
		if (strcspn(words, " ") == n && !strncmp(words, value, n))
			return i;
		words += strcspn(words, " ");
		words += strspn(words, " ");
	}
	fail("%s: unknown", key);
	return 0;
}

/* Of data=HEX */
static struct packet *packet(struct link *l)
{
	size_t n = 0, most = l->in.size - 16;
	const char *hex = text("data");
	__u8 data[PACKET_MAX];
	char digits[3] = "";
	char *end;

	for (; hex && *hex && *hex != ' '; hex += 2) {
		memcpy(digits, hex, 2);
		data[n] = strtoul(digits, &end, 16);
		if (*end || n++ == most) {
			fail("data: hex of %zu bytes at most", most);
			break;
		}
	}
	return packet_new(l, data, n);
}

static void counters(struct link *l)
{
	static const char *const names[COUNTERS] = {
		"in_packets", "in_bytes", "in_messages", "in_errored",
		"in_early", "out_packets", "out_bytes", "out_acked",
		"out_dropped", "doorbells", "completions",
		"dropped_while_busy", "bad_messages", "faults", "ignored",
		"changed", "ring_max_ns", "ack_max_ns",
	};
	unsigned int i;

	printf("ok violations=%llu held=%u out_pending=%llu", l->violations,
	       l->s.busy, link_pending(l));
	for (i = 0; i < COUNTERS; i++)
		printf(" %s=%llu", names[i], l->c[i]);
	putchar('\n');
}

/* Idle at two looks, and no doorbell in between */
static void quiesce(struct link *l)
{
	__u64 end = now_ns() + number("ms", 5000) * MS;
	__u64 next, doorbells = ~0ULL;

	while (l->s.busy || l->s.ignored || link_pending(l) ||
	       !(reg_read(&l->out, REG_COMPLETE) & 1) ||
	       doorbells != l->c[DOORBELLS]) {
		doorbells = l->c[DOORBELLS];
		for (next = now_ns() + STEP; now_ns() < next; )
			run_once();
		if (now_ns() < end)
			continue;
		fail("not quiet: %llu pending", link_pending(l));
		return;
	}
}

static void expect_violations(struct link *l)
{
	if (number("n", ~0U) == l->violations)
		l->violations = 0;
	else
		fail("that is not their number");
}

static void completion(struct link *l)
{
	l->mode = word("mode",
		       "normal hold no-irq error delay double-irq early");
	l->mode_us = number("us", 0);
	l->mode_count = number("count", 1);
}

static void doorbell(struct link *l)
{
	l->deaf = word("mode", "normal ignore");
	l->deaf_count = number("count", 1);
}

static void release(struct link *l)
{
	bool irq = number("irq", 1);

	if (l->s.busy)
		outbox_complete(l, irq);
	else
		fail("no transfer is held");
}

/* Each when the last one was acknowledged, or is not going to be */
static void irq(struct link *l)
{
	struct box *box = word("box", "outbox inbox") ? &l->in : &l->out;
	__u32 count = number("count", 1);
	unsigned int misses = 0;
	__u64 end;

	for (; count && !error[0]; count--) {
		reg_write(box, REG_ACK, 1);
		box_raise(box);
		end = now_ns() + (misses < MISSES_MAX ? TAKEN_WAIT : 0);
		while (reg_read(box, REG_ACK) && now_ns() < end)
			run_once();
		misses = reg_read(box, REG_ACK) ? misses + 1 : 0;
	}
}

static void send(struct link *l, struct packet *p, bool first)
{
	if (error[0])
		free(p);
	else
		inbox_queue(l, p, first);
}

static void post(struct link *l)
{
	send(l, packet(l), false);
}

static void post_raw(struct link *l)
{
	struct packet *p = packet(l);

	p->header[0] = number("signature", p->header[0]);
	p->header[1] = number("flags", p->header[1]);
	p->header[2] = number("length", p->header[2]);
	p->header[3] = number("command", p->header[3]);
	p->no_irq = !number("irq", 1);
	p->error = number("error", 0);
	p->change_ns = 1000ULL * number("change", 0);
	p->change = strstr(args, " change=");
	if (!number("wait", 0) && link_pending(l))
		fail("inbox is busy");
	send(l, p, true);
}

static void flood(struct link *l)
{
	l->s.flood_sent = 0;
	l->s.flood_len = number("len", 68);
	l->s.flood_left = number("count", 0);
	if (l->s.flood_len < 5 || l->s.flood_len > l->in.size - 16) {
		fail("len: there is no such packet");
		l->s.flood_left = 0;
	}
	inbox_next(l);
}

static void flood_stop(struct link *l)
{
	l->s.flood_left = 0;
}

static const struct {
	const char *name;
	void (*run)(struct link *l);
} commands[] = {
	{ "counters", counters }, { "reset", link_reset },
	{ "quiesce", quiesce }, { "expect-violations", expect_violations },
	{ "completion", completion }, { "doorbell", doorbell },
	{ "release", release }, { "irq", irq }, { "post", post },
	{ "post-raw", post_raw }, { "flood", flood },
	{ "flood-stop", flood_stop }, { "restart", link_restart }, { 0 }
};

/* An answer means that it has begun */
void run_line(const char *line)
{
	unsigned int i = 0, link, n = 0;
	char name[20] = "";

	args = line + strcspn(line, "0123456789");
	error[0] = '\0';
	used = 0;
	if (!strcmp(line, "links")) {
		printf("ok n=%u\n", LINKS);
		fflush(stdout);
		return;
	}
	if (sscanf(line, "%19s %u", name, &link) != 2 || link >= LINKS)
		fail("must be WORD LINK [KEY=VALUE]...");
	while (commands[i].name && strcmp(name, commands[i].name))
		i++;
	if (!error[0] && commands[i].name)
		commands[i].run(&links[link]);
	else if (!error[0])
		fail("no command %s here", name);
	run_once();
	for (; *args; args++)
		n += *args == ' ';
	if (!error[0] && n != used)
		fail("unknown argument");
	if (error[0])
		printf("error: %s\n", error);
	else if (commands[i].run != counters)
		puts("ok");
	fflush(stdout);
}
