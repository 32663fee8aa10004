// SPDX-License-Identifier: GPL-2.0
/*
 * The command channel: commands of a test, a line each
 *
 * Copyright (C) 2026 The mctp-pcc authors
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "pcc/shm.h"
#include "ports.h"
#include "wire/mctp.h"

#define ARGS_MAX		8
#define QUIESCE_STEP		(5 * NSEC_PER_MSEC)
#define QUIESCE_DEFAULT_MS	5000
/*
 * Two edges that the guest did not take in between are one. So the next waits
 * for the acknowledge of the last, unless nobody acknowledges any. A guest on a
 * busy host may be slow with it.
 */
#define IRQ_ACK_STEP		(10 * NSEC_PER_USEC)
#define IRQ_ACK_TIMEOUT		(200 * NSEC_PER_MSEC)
#define IRQ_MISSES_MAX		5
#define LOG_END_MAX		2048
#define LOG_SEPARATOR		0x1e

struct args {
	struct side *s;
	struct link *l;
	char *text;		/* `log`: as it stands */
	char *key[ARGS_MAX];
	char *value[ARGS_MAX];
	unsigned int n;
	bool bad;		/* an error was already said */
};

struct side_command {
	const char *name;
	const char *keys;	/* allowed, each followed by a blank */
	void (*run)(struct args *a);	/* the reply is ok if it says nothing */
	bool link;		/* first word is a link number */
};

/* The reply: begins with "ok", or with "error: ". */
__printf(2, 3)
static void side_say(struct side *s, const char *fmt, ...)
{
	char text[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	log_line("side < %s", text);
	s->replied = true;
	s->reply(s, text);
}

static char *arg_text(const struct args *a, const char *key)
{
	for (unsigned int i = 0; i < a->n; i++)
		if (!strcmp(a->key[i], key))
			return a->value[i];
	return NULL;
}

/* A number within limits; says what is wrong with it, once. */
static u32 arg_u32(struct args *a, const char *key, u32 fallback, u32 least,
		   u32 most)
{
	const char *text = arg_text(a, key);
	u64 value;

	if (!text || a->bad)
		return fallback;
	if (parse_u64(text, &value) && value >= least && value <= most)
		return value;
	side_say(a->s, "error: %s=%s: must be a number from %u to %u", key,
		 text, least, most);
	a->bad = true;
	return fallback;
}

/* One of a list of names; its place in the list. */
static int arg_name(struct args *a, const char *key, const char * const *names,
		    size_t n)
{
	const char *text = arg_text(a, key);

	for (size_t i = 0; text && i < n; i++)
		if (!strcmp(text, names[i]))
			return i;
	side_say(a->s, "error: %s=%s: unknown", key, text ? text : "");
	a->bad = true;
	return 0;
}

/* data=HEX into out; false, and said, if it is not hex or too long. */
static bool arg_data(struct args *a, u8 *out, size_t most, size_t *len)
{
	const char *text = arg_text(a, "data") ?: "";
	size_t n = strlen(text);
	char digits[3] = "";

	*len = n / 2;
	if (n % 2 || *len > most) {
		side_say(a->s, "error: data: %zu hex digits, at most %zu bytes",
			 n, most);
		return false;
	}
	if (strspn(text, "0123456789abcdefABCDEF") != n) {
		side_say(a->s, "error: data: not hex");
		return false;
	}
	for (size_t i = 0; i < *len; i++) {
		memcpy(digits, text + 2 * i, 2);
		out[i] = strtoul(digits, NULL, 16);
	}
	return true;
}

static void side_links(struct args *a)
{
	side_say(a->s, "ok n=%u", a->s->n);
}

static void side_counters(struct args *a)
{
	const struct link *l = a->l;
	const struct counters *c = &l->c;

	side_say(a->s,
		 "ok in_packets=%llu in_bytes=%llu in_messages=%llu out_packets=%llu out_bytes=%llu out_acked=%llu out_pending=%llu doorbells=%llu completions=%llu irqs_out=%llu irqs_in=%llu violations=%llu held=%u dropped_while_busy=%llu bad_messages=%llu in_errored=%llu out_dropped=%llu reassembly_drops=%llu stray_rings=%llu in_early=%llu faults=%llu ignored=%llu changed=%llu fuzz_valid=%llu fuzz_malformed_length=%llu fuzz_malformed_command=%llu ext_dropped=%llu gaps=%u gap_p50_ns=%llu turn_p50_ns=%llu ring_max_ns=%llu ack_max_ns=%llu refused=%llu lagged=%llu irqs_lost=%llu",
		 c->in_packets, c->in_bytes, l->ep.messages, c->out_packets,
		 c->out_bytes, c->out_acked, link_pending(l), c->doorbells,
		 c->completions, c->irqs_out, c->irqs_in, l->violations,
		 l->busy, c->dropped_while_busy, l->ep.bad_messages,
		 c->in_errored, c->out_dropped, l->ep.drops, c->stray_rings,
		 c->in_early, c->faults, c->ignored, c->changed,
		 c->fuzz[FUZZ_VALID], c->fuzz[FUZZ_LENGTH],
		 c->fuzz[FUZZ_COMMAND], c->ext_dropped, c->gap.n,
		 median_ns(&c->gap), median_ns(&c->turn), c->ring_max,
		 c->ack_max, c->refused, c->lagged, c->irqs_lost);
}

static void side_reset(struct args *a)
{
	link_reset(a->l);
}

/* Idle at two looks with no doorbell in between, not in a gap of traffic. */
static void side_quiesce_look(void *arg)
{
	struct side *s = arg;
	struct link *l = s->quiescing;
	bool idle = link_idle(l);

	if (idle && s->quiesce_seen && s->quiesce_doorbells == l->c.doorbells) {
		s->quiescing = NULL;
		side_say(s, "ok");
	} else if (now_ns() >= s->quiesce_until) {
		s->quiescing = NULL;
		side_say(s,
			 "error: not quiet: %llu packets to post, outbox busy %u",
			 link_pending(l), l->busy);
	} else {
		s->quiesce_seen = idle;
		s->quiesce_doorbells = l->c.doorbells;
		timer_set(&s->quiesce_timer, now_ns() + QUIESCE_STEP,
			  side_quiesce_look, s);
		return;
	}
	side_input(s, NULL, 0);		/* lines that waited */
}

static void side_quiesce(struct args *a)
{
	struct side *s = a->s;
	u32 ms = arg_u32(a, "ms", QUIESCE_DEFAULT_MS, 0, 600000);

	if (a->bad)
		return;
	s->quiescing = a->l;
	s->quiesce_until = now_ns() + ms * NSEC_PER_MSEC;
	s->quiesce_seen = false;
	timer_set(&s->quiesce_timer, now_ns(), side_quiesce_look, s);
}

static void side_seed_violation(struct args *a)
{
	link_violation(a->l, OUR_RULE, "seeded by a test");
}

static void side_expect_violations(struct args *a)
{
	u32 n = arg_u32(a, "n", 0, 0, ~0u);

	if (a->bad)
		return;
	if (!arg_text(a, "n")) {
		side_say(a->s, "error: n= is missing");
	} else if (a->l->violations != n) {
		side_say(a->s, "error: violations=%llu, expected %u",
			 a->l->violations, n);
	} else {
		a->l->violations = 0;
	}
}

static void side_completion(struct args *a)
{
	static const char * const names[] = {
		[NORMAL] = "normal", [HOLD] = "hold", [NO_IRQ] = "no-irq",
		[ERROR] = "error", [DELAY] = "delay",
		[DOUBLE_IRQ] = "double-irq", [EARLY] = "early",
		[LATE] = "late",
	};
	int mode = arg_name(a, "mode", names, ARRAY_SIZE(names));
	struct fault fault = { .mode = mode };

	if (!a->bad)
		fault.us = arg_u32(a, "us", 0, 0, ~0u);
	fault.count = arg_u32(a, "count", 1, 0, ~0u);
	if (a->bad)
		return;
	a->l->fault = fault;
}

static void side_doorbell(struct args *a)
{
	static const char * const names[] = { "normal", "ignore" };
	int mode = arg_name(a, "mode", names, ARRAY_SIZE(names));
	u32 count = a->bad ? 0 : arg_u32(a, "count", 1, 0, ~0u);

	if (a->bad)
		return;
	a->l->deaf = mode;
	a->l->deaf_count = count;
}

static void side_lag(struct args *a)
{
	static const char * const names[] = { "inbox", "outbox" };
	bool out = arg_text(a, "box") && arg_name(a, "box", names, 2);
	struct lag lag = {
		.us = arg_u32(a, "us", 0, 0, LAG_MAX_US),
		.every = arg_u32(a, "every", 1, 1, ~0u),
		.irq = arg_u32(a, "irq", 0, 0, !out),
	};

	if (a->bad)
		return;
	if ((out ? &a->l->out : &a->l->in)->update_by == UPDATE_SAME) {
		side_say(a->s, "error: the OS itself sets the check register");
		return;
	}
	*(out ? &a->l->out_lag : &a->l->in_lag) = lag;
}

static void side_answer(struct args *a)
{
	u32 us = arg_u32(a, "us", 0, 0, LAG_MAX_US);
	u32 count = arg_u32(a, "count", 1, 0, ~0u);

	if (a->bad)
		return;
	a->l->ep.late_us = us;
	a->l->ep.late_count = count;
}

/* With eid= it begins to ask; without, what it has been told. */
static void side_owner(struct args *a)
{
	static const char * const names[] = {
		[OWNER_OFF] = "off", [OWNER_SETS_EID] = "sets-eid",
		[OWNER_ASKS_TYPES] = "asks-types", [OWNER_DONE] = "done",
	};
	const struct owner *o = &a->l->ep.owner;
	u32 eid = arg_u32(a, "eid", 0, MCTP_EID_FIRST, MCTP_EID_BROADCAST - 1);
	char types[2 * sizeof(o->types) + 1] = "";

	if (a->bad)
		return;
	if (eid) {
		owner_start(&a->l->ep, eid);
		return;
	}
	for (size_t i = 0; i < o->n && i < sizeof(o->types); i++)
		snprintf(types + 2 * i, 3, "%02x", o->types[i]);
	side_say(a->s, "ok state=%s eid=%u asked=%u n=%u types=%s",
		 names[o->state], o->eid, o->asked, o->n, types);
}

static void side_lose_irq(struct args *a)
{
	u32 every = arg_u32(a, "every", 0, 0, ~0u);

	if (a->bad)
		return;
	a->l->lose_every = every;
	a->l->lose_n = 0;
}

static void side_release(struct args *a)
{
	bool irq = arg_u32(a, "irq", 1, 0, 1);

	if (a->bad)
		return;
	if (!a->l->busy) {
		side_say(a->s, "error: no transfer is held");
		return;
	}
	outbox_complete(a->l, irq);
}

static void side_irq(struct args *a)
{
	static const char * const names[] = { "outbox", "inbox" };
	struct side *s = a->s;
	int box = arg_name(a, "box", names, ARRAY_SIZE(names));
	u32 count = a->bad ? 0 : arg_u32(a, "count", 1, 1, 10000000);

	if (a->bad)
		return;
	s->irq_link = a->l;
	s->irq_box = box;
	s->irq_left = count;
	s->irq_sent = 0;
	s->irq_taken = 0;
	s->irq_misses = 0;
	s->irq_waiting = false;
	side_irqs_next(s);
}

static void side_irq_timer(void *arg)
{
	side_irqs_next(arg);
}

/* The last one is acknowledged, or is not going to be. */
static bool side_irq_over(struct side *s, const u32 *ack)
{
	bool taken;

	if (!s->irq_waiting)
		return true;
	taken = !(reg_read(ack) & REG_BIT);
	if (!taken && now_ns() < s->irq_until) {
		timer_set(&s->irq_timer, now_ns() + IRQ_ACK_STEP,
			  side_irq_timer, s);
		return false;
	}
	s->irq_taken += taken;
	s->irq_misses = taken ? 0 : s->irq_misses + 1;
	s->irq_waiting = false;
	return true;
}

void side_irqs_next(struct side *s)
{
	struct link *l = s->irq_link;
	u32 *ack;

	if (!l)
		return;
	ack = s->irq_box == OUTBOX ? l->out.ack : l->in.ack;
	if (!side_irq_over(s, ack))
		return;
	if (!s->irq_left) {
		s->irq_link = NULL;
		timer_cancel(&s->irq_timer);
		side_say(s, "ok sent=%u taken=%u", s->irq_sent, s->irq_taken);
		side_input(s, NULL, 0);
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

static void side_post(struct args *a)
{
	u8 data[MESSAGE_MAX];
	size_t len;

	if (!arg_data(a, data, inbox_packet_max(a->l), &len))
		return;
	if (!len) {
		side_say(a->s, "error: data= is missing");
		return;
	}
	inbox_queue(a->l, data, len);
}

static void side_post_raw(struct args *a)
{
	u8 data[MESSAGE_MAX];
	struct post p;
	size_t len;
	bool wait;

	if (!arg_data(a, data, inbox_packet_max(a->l), &len))
		return;
	inbox_post_defaults(a->l, &p, data, len);
	p.signature = arg_u32(a, "signature", p.signature, 0, ~0u);
	p.flags = arg_u32(a, "flags", p.flags, 0, ~0u);
	p.length = arg_u32(a, "length", p.length, 0, ~0u);
	put_le32(p.command, arg_u32(a, "command", get_le32(p.command), 0, ~0u));
	p.irq = arg_u32(a, "irq", 1, 0, 1);
	p.error = arg_u32(a, "error", 0, 0, 1);
	p.change = arg_text(a, "change");
	p.change_us = arg_u32(a, "change", 0, 0, 1000000);
	wait = arg_u32(a, "wait", 0, 0, 1);
	if (a->bad)
		return;
	if ((!wait && link_pending(a->l)) || !inbox_post_next(a->l, &p)) {
		side_say(a->s, "error: inbox is busy");
		return;
	}
}

static void side_flood(struct args *a)
{
	struct link *l = a->l;
	u32 most = inbox_packet_max(l);
	struct flood f = {
		.left = arg_u32(a, "count", 0, 1, ~0u),
		.len = arg_u32(a, "len", MCTP_HDR_SIZE + MCTP_BASELINE_UNIT,
			       MCTP_PACKET_MIN, most),
		.type = arg_u32(a, "type", MCTP_TYPE_VENDOR_IANA, 0, 0xff),
		.dest = arg_u32(a, "eid", l->ep.last_peer, 0, 0xff),
		.src = arg_u32(a, "src", l->ep.eid, 0, 0xff),
		.rest = arg_u32(a, "rest", 1, 0, 1),
	};

	if (a->bad)
		return;
	if (!f.left) {
		side_say(a->s, "error: count= is missing");
		return;
	}
	inbox_flood(l, &f);
}

static void side_fuzz(struct args *a)
{
	u32 seed = arg_u32(a, "seed", 0, 0, ~0u);
	u32 count = arg_u32(a, "count", 0, 1, ~0u);

	if (a->bad)
		return;
	if (!arg_text(a, "seed") || !count) {
		side_say(a->s, "error: seed= or count= is missing");
		return;
	}
	inbox_fuzz(a->l, seed, count);
}

static void side_flood_stop(struct args *a)
{
	a->l->flood.left = 0;
	side_say(a->s, "ok sent=%u", a->l->flood.sent);
}

static void side_restart(struct args *a)
{
	link_restart(a->l);
}

/* A reply is one line: those of the log follow, a separator before each. */
static void side_log_end(struct side *s)
{
	char text[LOG_END_MAX + 4] = "ok\n";
	size_t n = log_end(text + 3, LOG_END_MAX);

	text[2 + n] = '\0';
	for (char *p = text; (p = strchr(p, '\n')); p++)
		*p = LOG_SEPARATOR;
	s->replied = true;
	s->reply(s, text);
}

static void side_log(struct args *a)
{
	if (!a->text || !*a->text) {
		side_log_end(a->s);
		return;
	}
	log_line("%s", a->text);
}

/* An opener of the channel knows by it which replies are its own. */
static void side_cancel(struct args *a)
{
	side_say(a->s, "ok %s", a->text ? a->text : "");
}

static void side_help(struct args *a);

static const struct side_command side_commands[] = {
	{ "help", "", side_help, false },
	{ "links", "", side_links, false },
	{ "counters", "", side_counters, true },
	{ "reset", "", side_reset, true },
	{ "quiesce", "ms ", side_quiesce, true },
	{ "seed-violation", "", side_seed_violation, true },
	{ "expect-violations", "n ", side_expect_violations, true },
	{ "completion", "mode us count ", side_completion, true },
	{ "doorbell", "mode count ", side_doorbell, true },
	{ "lag", "box us every irq ", side_lag, true },
	{ "answer", "us count ", side_answer, true },
	{ "owner", "eid ", side_owner, true },
	{ "lose-irq", "every ", side_lose_irq, true },
	{ "release", "irq ", side_release, true },
	{ "irq", "box count ", side_irq, true },
	{ "post", "data ", side_post, true },
	{ "post-raw",
	  "signature flags length command data irq error change wait ",
	  side_post_raw, true },
	{ "flood", "count len type eid src rest ", side_flood, true },
	{ "flood-stop", "", side_flood_stop, true },
	{ "fuzz", "seed count ", side_fuzz, true },
	{ "restart", "", side_restart, true },
	{ "log", NULL, side_log, false },
	{ "cancel", NULL, side_cancel, false },
};

static void side_help(struct args *a)
{
	char names[512] = "";
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(side_commands); i++)
		n += snprintf(names + n, sizeof(names) - n, "%s%s",
			      i ? "," : "", side_commands[i].name);
	side_say(a->s, "ok commands=%s", names);
}

static bool args_link(struct args *a, char **rest)
{
	char *word = strtok_r(NULL, " ", rest);
	u64 n;

	if (!word || !parse_u64(word, &n) || n >= a->s->n) {
		side_say(a->s, "error: link %s: there are %u",
			 word ? word : "", a->s->n);
		return false;
	}
	a->l = &a->s->links[n];
	return true;
}

/* KEY stands in KEYS as a whole word. */
static bool key_allowed(const char *keys, const char *key)
{
	size_t n = strlen(key);

	for (; *keys; keys += strcspn(keys, " ") + 1)
		if (strcspn(keys, " ") == n && !strncmp(keys, key, n))
			return true;
	return false;
}

static bool args_keys(struct args *a, const char *keys, char **rest)
{
	char *word, *eq;

	while ((word = strtok_r(NULL, " ", rest))) {
		eq = strchr(word, '=');
		if (eq)
			*eq = '\0';
		if (!eq || a->n == ARGS_MAX || !key_allowed(keys, word)) {
			side_say(a->s, "error: unknown argument %s", word);
			return false;
		}
		a->key[a->n] = word;
		a->value[a->n++] = eq + 1;
	}
	return true;
}

static void side_command(struct side *s, char *line)
{
	struct args a = { .s = s };
	char *rest, *word;

	log_line("side > %.200s", line);
	word = strtok_r(line, " ", &rest);
	if (!word) {
		side_say(s, "error: empty line");
		return;
	}
	for (size_t i = 0; i < ARRAY_SIZE(side_commands); i++) {
		const struct side_command *c = &side_commands[i];

		if (strcmp(word, c->name))
			continue;
		a.text = rest;
		s->replied = false;
		if ((!c->link || args_link(&a, &rest)) &&
		    (!c->keys || args_keys(&a, c->keys, &rest)))
			c->run(&a);
		if (!s->replied && !side_waiting(s))
			side_say(s, "ok");
		return;
	}
	side_say(s, "error: unknown command %s", word);
}

bool side_waiting(const struct side *s)
{
	return s->quiescing || s->irq_link;
}

bool side_full(const struct side *s)
{
	return side_waiting(s) && s->len > SIDE_LINE_MAX / 2;
}

/* The one who waits for a reply is gone, and perhaps left half a line. */
static void side_cancel_waiting(struct side *s)
{
	static const char word[] = "\ncancel ";
	char *at = side_waiting(s) ?
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

/* Takes the first line out of the buffer; false if there is none whole. */
static bool side_next(struct side *s, char *line)
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

void side_input(struct side *s, const char *data, size_t len)
{
	static char line[SIDE_LINE_MAX];

	for (size_t i = 0; i < len; i++) {
		if (s->len == sizeof(s->buf)) {
			s->len = 0;
			s->too_long = true;
		}
		s->buf[s->len++] = data[i];
	}
	side_cancel_waiting(s);
	while (!side_waiting(s) && side_next(s, line)) {
		if (s->too_long)
			side_say(s, "error: line too long");
		else
			side_command(s, line);
		s->too_long = false;
	}
}
