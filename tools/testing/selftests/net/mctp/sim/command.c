// SPDX-License-Identifier: GPL-2.0
/*
 * The commands of a test, in the words of the lab's platform:
 * WORD LINK [KEY=VALUE]..., answered with "ok ..." or "error: ..."
 * Copyright (C) 2026 The mctp-pcc authors
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim.h"

#define ARGS_MAX	10
#define MS		1000000ULL
#define STEP		(5 * MS)
#define TAKEN_WAIT	(200 * MS)
#define MISSES_MAX	5

static char *keys[ARGS_MAX], *values[ARGS_MAX];
static unsigned int n_args, used;
static char error[100];

static const char *text(const char *key)
{
	unsigned int i;

	for (i = 0; i < n_args; i++) {
		if (strcmp(keys[i], key))
			continue;
		used |= 1 << i;
		return values[i];
	}
	return NULL;
}

static uint32_t number(const char *key, uint32_t fallback)
{
	const char *value = text(key);
	unsigned long n;
	char *end;

	if (!value)
		return fallback;
	n = strtoul(value, &end, 0);
	if (!*value || *end || n > 0xffffffff)
		snprintf(error, sizeof(error), "%s: not a number", key);
	return n;
}

static unsigned int name(const char *key, const char *const *names,
			 unsigned int n)
{
	const char *value = text(key);
	unsigned int i;

	for (i = 0; value && i < n; i++)
		if (!strcmp(value, names[i]))
			return i;
	snprintf(error, sizeof(error), "%s: unknown", key);
	return 0;
}

/* Of data=HEX */
static struct packet *packet(struct link *l)
{
	size_t n = 0, most = l->in.size - 16;
	const char *hex = text("data");
	uint8_t data[PACKET_MAX];
	char digits[3] = "";
	char *end = digits;

	for (; hex && *hex && n < most && !*end; hex += 2) {
		digits[0] = hex[0];
		digits[1] = hex[1];
		data[n++] = strtoul(digits, &end, 16);
		if (!hex[1])
			break;
	}
	if ((hex && *hex) || *end)
		snprintf(error, sizeof(error), "data: hex of %zu bytes at most",
			 most);
	return packet_new(l, data, n);
}

static void counters(struct link *l)
{
	printf("ok violations=%llu held=%u out_pending=%llu",
	       (unsigned long long)l->violations, l->s.busy,
	       (unsigned long long)link_pending(l));
#define X(name) printf(" " #name "=%llu", (unsigned long long)l->c.name);
	COUNTERS(X)
#undef X
	putchar('\n');
}

static bool idle(const struct link *l)
{
	return !l->s.busy && !l->s.ignored && l->out.reg[REG_COMPLETE] & 1 &&
	       !link_pending(l);
}

static void run_until(uint64_t end)
{
	while (now_ns() < end)
		run_once();
}

/* Idle at two looks, and no doorbell in between */
static void quiesce(struct link *l)
{
	uint64_t end = now_ns() + number("ms", 5000) * MS;
	uint64_t doorbells = ~0ULL;

	while (!idle(l) || doorbells != l->c.doorbells) {
		doorbells = l->c.doorbells;
		if (now_ns() >= end) {
			snprintf(error, sizeof(error),
				 "not quiet: pending=%llu held=%u",
				 (unsigned long long)link_pending(l),
				 l->s.busy);
			return;
		}
		run_until(now_ns() + STEP);
	}
}

static void expect_violations(struct link *l)
{
	if (number("n", ~0U) == l->violations)
		l->violations = 0;
	else
		strcpy(error, "that is not their number");
}

static void completion(struct link *l)
{
	static const char *const modes[MODES] = {
		[NORMAL] = "normal", [HOLD] = "hold", [NO_IRQ] = "no-irq",
		[ERROR] = "error", [DELAY] = "delay",
		[DOUBLE_IRQ] = "double-irq", [EARLY] = "early",
	};

	l->mode = name("mode", modes, MODES);
	l->mode_us = number("us", 0);
	l->mode_count = number("count", 1);
}

static void doorbell(struct link *l)
{
	static const char *const modes[] = { "normal", "ignore" };

	l->deaf = name("mode", modes, 2);
	l->deaf_count = number("count", 1);
}

static void release(struct link *l)
{
	bool irq = number("irq", 1);

	if (l->s.busy)
		outbox_complete(l, irq);
	else
		strcpy(error, "no transfer is held");
}

/* Each when the last one was acknowledged, or is not going to be */
static void irq(struct link *l)
{
	static const char *const boxes[] = { "outbox", "inbox" };
	struct box *box = name("box", boxes, 2) ? &l->in : &l->out;
	uint32_t count = number("count", 1);
	unsigned int misses = 0;
	uint64_t end;

	for (; count && !error[0]; count--) {
		box->reg[REG_ACK] = 1;
		box_raise(box);
		end = now_ns() + (misses < MISSES_MAX ? TAKEN_WAIT : 0);
		while (box->reg[REG_ACK] && now_ns() < end)
			run_once();
		misses = box->reg[REG_ACK] ? misses + 1 : 0;
	}
}

static void post(struct link *l)
{
	struct packet *p = packet(l);

	if (error[0])
		free(p);
	else
		inbox_queue(l, p);
}

static void post_raw(struct link *l)
{
	struct packet *p = packet(l);
	bool wait = number("wait", 0);

	p->header[0] = number("signature", p->header[0]);
	p->header[1] = number("flags", p->header[1]);
	p->header[2] = number("length", p->header[2]);
	p->header[3] = number("command", p->header[3]);
	p->no_irq = !number("irq", 1);
	p->error = number("error", 0);
	p->change = !!text("change");
	p->change_us = number("change", 0);
	if (l->s.raw || (!wait && link_pending(l)))
		strcpy(error, "inbox is busy");
	if (error[0]) {
		free(p);
		return;
	}
	l->s.raw = p;
	inbox_next(l);
}

static void flood(struct link *l)
{
	l->s.flood.sent = 0;
	l->s.flood.len = number("len", 68);
	l->s.flood.left = number("count", 0);
	if (l->s.flood.len < 5 || l->s.flood.len > l->in.size - 16) {
		strcpy(error, "len: there is no such packet");
		l->s.flood.left = 0;
	}
	inbox_next(l);
}

static void flood_stop(struct link *l)
{
	l->s.flood.left = 0;
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
	{ "flood-stop", flood_stop }, { "restart", link_restart },
};

/* An answer means that it has begun */
static void run(const char *word, struct link *l)
{
	size_t i, n = sizeof(commands) / sizeof(commands[0]);

	for (i = 0; i < n && strcmp(word, commands[i].name); i++)
		;
	if (i < n)
		commands[i].run(l);
	else
		snprintf(error, sizeof(error), "no command %.40s here", word);
	run_once();
	if (!error[0] && used != (1U << n_args) - 1)
		strcpy(error, "unknown argument");
	if (error[0])
		printf("error: %s\n", error);
	else if (commands[i].run != counters)
		puts("ok");
}

void command(char *line)
{
	char *rest = NULL, *word = strtok_r(line, " ", &rest);
	char *link = strtok_r(NULL, " ", &rest), *arg;

	n_args = 0;
	used = 0;
	error[0] = '\0';
	while (n_args < ARGS_MAX && (arg = strtok_r(NULL, " ", &rest))) {
		keys[n_args] = strsep(&arg, "=");
		values[n_args++] = arg ? arg : "";
	}
	if (!link || strlen(link) != 1 || *link < '0' || *link >= '0' + LINKS)
		puts("error: must be WORD LINK [KEY=VALUE]...");
	else
		run(word, &links[*link - '0']);
	fflush(stdout);
}
