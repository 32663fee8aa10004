// SPDX-License-Identifier: GPL-2.0
/* Copyright (C) 2026 The mctp-pcc authors */
/* The command channel: commands of a test, a line each */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "pcc/link.h"
#include "ports.h"
#include "wire/wire.h"

#define QUIESCE_STEP		(5 * NSEC_PER_MSEC)
/*
 * Two edges that the guest did not take are one: the next waits for the
 * acknowledge of the last, until five in a row were not acknowledged.
 */
#define IRQ_ACK_STEP		(10 * NSEC_PER_USEC)
#define IRQ_ACK_TIMEOUT		(200 * NSEC_PER_MSEC)
#define IRQ_MISSES_MAX		5

void cmd_say(struct cmd_channel *s, const char *fmt, ...)
{
	char text[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	log_line("reply: %s", text);
	s->replied = true;
	s->reply(s, text);
}

/* Idle twice, with no doorbell in between. */
static void cmd_quiesce_look(void *arg)
{
	struct cmd_channel *s = arg;
	struct link *l = s->quiescing;
	bool idle = link_idle(l);

	if (idle && s->quiesce_seen && s->quiesce_doorbells == l->c.doorbells) {
		s->quiescing = NULL;
		cmd_say(s, "ok");
	} else if (now_ns() >= s->quiesce_until) {
		s->quiescing = NULL;
		cmd_say(s,
			"error: not quiet: %llu packets to post, outbox busy %u",
			link_pending(l), l->busy);
	} else {
		s->quiesce_seen = idle;
		s->quiesce_doorbells = l->c.doorbells;
		timer_set(&s->quiesce_timer, QUIESCE_STEP,
			  cmd_quiesce_look, s);
		return;
	}
	cmd_input(s, NULL, 0);		/* lines that waited */
}

void cmd_quiesce_start(struct cmd_channel *s, struct link *l, u32 ms)
{
	s->quiescing = l;
	s->quiesce_until = now_ns() + ms * NSEC_PER_MSEC;
	s->quiesce_seen = false;
	timer_set(&s->quiesce_timer, 0, cmd_quiesce_look, s);
}

void cmd_irqs_start(struct cmd_channel *s, struct link *l,
		    enum box box, u32 count)
{
	s->irq_link = l;
	s->irq_box = box;
	s->irq_left = count;
	s->irq_sent = 0;
	s->irq_taken = 0;
	s->irq_misses = 0;
	s->irq_waiting = false;
	cmd_irqs_next(s);
}

static void cmd_irq_timer(void *arg)
{
	cmd_irqs_next(arg);
}

static bool cmd_irq_over(struct cmd_channel *s, const u32 *ack)
{
	bool taken;

	if (!s->irq_waiting)
		return true;
	taken = !(reg_read(ack) & REG_BIT);
	if (!taken && now_ns() < s->irq_until) {
		timer_set(&s->irq_timer, IRQ_ACK_STEP, cmd_irq_timer, s);
		return false;
	}
	s->irq_taken += taken;
	s->irq_misses = taken ? 0 : s->irq_misses + 1;
	s->irq_waiting = false;
	return true;
}

void cmd_irqs_next(struct cmd_channel *s)
{
	struct link *l = s->irq_link;
	u32 *ack;

	if (!l)
		return;
	ack = s->irq_box == OUTBOX ? l->out.ack : l->in.ack;
	if (!cmd_irq_over(s, ack))
		return;
	if (!s->irq_left) {
		s->irq_link = NULL;
		timer_cancel(&s->irq_timer);
		cmd_say(s, "ok sent=%u taken=%u", s->irq_sent, s->irq_taken);
		cmd_input(s, NULL, 0);
		return;
	}
	s->irq_left--;
	s->irq_sent++;
	s->irq_waiting = ack && s->irq_misses < IRQ_MISSES_MAX;
	if (s->irq_waiting) {
		reg_write(ack, REG_BIT);
		s->irq_until = now_ns() + IRQ_ACK_TIMEOUT;
	}
	link_raise(l, s->irq_box);
}

static bool args_link(struct args *a, char **rest)
{
	char *word = strtok_r(NULL, " ", rest);
	u64 n;

	if (!word || !parse_u64(word, &n) || n >= a->s->n) {
		cmd_say(a->s, "error: link %s: there are %u",
			word ? word : "", a->s->n);
		return false;
	}
	a->l = &a->s->links[n];
	return true;
}

static void cmd_run(struct args *a, const struct cmd *c, char *rest)
{
	const char *wrong = NULL;

	a->text = rest;
	a->s->replied = false;
	if (c->link && !args_link(a, &rest))
		return;
	if (c->keys)
		wrong = keys_parse(&a->keys, c->keys, &rest);
	if (wrong)
		cmd_say(a->s, "error: %s", wrong);
	else
		c->run(a);
	if (!a->s->replied && !cmd_waiting(a->s))
		cmd_say(a->s, "ok");
}

static void cmd_line(struct cmd_channel *s, char *line)
{
	const struct cmd *c = cmd_list;
	struct args a = { .s = s };
	char *rest, *word;

	log_line("command: %.200s", line);
	word = strtok_r(line, " ", &rest);
	if (!word) {
		cmd_say(s, "error: empty line");
		return;
	}
	while (c->name && strcmp(word, c->name))
		c++;
	if (c->name)
		cmd_run(&a, c, rest);
	else
		cmd_say(s, "error: unknown command %s", word);
}

bool cmd_waiting(const struct cmd_channel *s)
{
	return s->quiescing || s->irq_link;
}

bool cmd_full(const struct cmd_channel *s)
{
	return cmd_waiting(s) && s->len > CMD_LINE_MAX / 2;
}

/* Whoever waited for a reply is gone, and may have left half a line. */
static void cmd_cancel_waiting(struct cmd_channel *s)
{
	static const char word[] = "\ncancel ";
	char *at = cmd_waiting(s) ?
		   memmem(s->buf, s->len, word, sizeof(word) - 1) : NULL;

	if (!at)
		return;
	timer_cancel(&s->quiesce_timer);
	timer_cancel(&s->irq_timer);
	s->quiescing = NULL;
	s->irq_link = NULL;
	s->len -= at + 1 - s->buf;
	memmove(s->buf, at + 1, s->len);
}

static bool cmd_next(struct cmd_channel *s, char *line)
{
	char *end = memchr(s->buf, '\n', s->len);
	size_t n;

	if (!end)
		return false;
	n = end - s->buf;
	memcpy(line, s->buf, n);
	line[n] = '\0';
	s->len -= n + 1;
	memmove(s->buf, end + 1, s->len);
	return true;
}

void cmd_input(struct cmd_channel *s, const char *data, size_t len)
{
	static char line[CMD_LINE_MAX];

	for (size_t i = 0; i < len; i++) {
		if (s->len == sizeof(s->buf)) {
			s->len = 0;
			s->too_long = true;
		}
		s->buf[s->len++] = data[i];
	}
	cmd_cancel_waiting(s);
	while (!cmd_waiting(s) && cmd_next(s, line)) {
		if (s->too_long)
			cmd_say(s, "error: line too long");
		else
			cmd_line(s, line);
		s->too_long = false;
	}
}
