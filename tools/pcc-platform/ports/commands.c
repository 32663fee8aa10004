// SPDX-License-Identifier: GPL-2.0
/* Copyright (C) 2026 The mctp-pcc authors */
/* The commands of a test (README.md, "Command channel") */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "pcc/link.h"
#include "ports.h"
#include "wire/wire.h"

#define U32_MAX			(~0u)
#define QUIESCE_DEFAULT_MS	5000
#define LOG_END_MAX		2048
#define LOG_SEPARATOR		0x1e

static u64 num(const struct args *a, const char *key)
{
	return keys_number(&a->keys, key);
}

/* A key whose default is not fixed. */
static u64 num_or(const struct args *a, const char *key, u64 fallback)
{
	return keys_text(&a->keys, key) ? num(a, key) : fallback;
}

/* A limit that is not fixed; says what is wrong. */
static bool num_most(struct args *a, const char *key, u64 most)
{
	if (num(a, key) > most)
		cmd_say(a->s, "error: %s=%llu: must be %llu at most", key,
			num(a, key), most);
	return num(a, key) <= most;
}

/* data=HEX into out; false, and said, if it is not hex or too long. */
static bool arg_data(struct args *a, u8 *out, size_t most, size_t *len)
{
	const char *text = keys_text(&a->keys, "data") ?: "";
	size_t n = strlen(text);
	char digits[3] = "";

	*len = n / 2;
	if (n % 2 || *len > most) {
		cmd_say(a->s, "error: data: %zu hex digits, at most %zu bytes",
			n, most);
		return false;
	}
	if (strspn(text, "0123456789abcdefABCDEF") != n) {
		cmd_say(a->s, "error: data: not hex");
		return false;
	}
	for (size_t i = 0; i < *len; i++) {
		memcpy(digits, text + 2 * i, 2);
		out[i] = strtoul(digits, NULL, 16);
	}
	return true;
}

static void cmd_links(struct args *a)
{
	cmd_say(a->s, "ok n=%u", a->s->n);
}

static void cmd_counters(struct args *a)
{
	const struct link *l = a->l;
	const struct counters *c = &l->c;

	cmd_say(a->s,
		"ok in_packets=%llu in_bytes=%llu in_messages=%llu out_packets=%llu out_bytes=%llu out_acked=%llu out_pending=%llu doorbells=%llu completions=%llu outbox_irqs=%llu inbox_irqs=%llu violations=%llu busy=%u dropped_while_busy=%llu bad_messages=%llu in_errored=%llu out_dropped=%llu reassembly_drops=%llu stray_rings=%llu in_early=%llu faults=%llu ignored=%llu changed=%llu fuzz_valid=%llu fuzz_malformed_length=%llu fuzz_malformed_command=%llu ext_dropped=%llu idle_count=%u idle_p50_ns=%llu cycle_p50_ns=%llu ring_max_ns=%llu ack_max_ns=%llu refused=%llu lagged=%llu irqs_lost=%llu",
		c->in_packets, c->in_bytes, l->ep.messages, c->out_packets,
		c->out_bytes, c->out_acked, link_pending(l), c->doorbells,
		c->completions, c->outbox_irqs, c->inbox_irqs, l->violations,
		l->busy, c->dropped_while_busy, l->ep.bad_messages,
		c->in_errored, c->out_dropped, l->ep.drops, c->stray_rings,
		c->in_early, c->faults, c->ignored, c->changed,
		c->fuzz[FUZZ_VALID], c->fuzz[FUZZ_LENGTH],
		c->fuzz[FUZZ_COMMAND], c->ext_dropped, c->idle.n,
		median_ns(&c->idle), median_ns(&c->cycle), c->ring_max,
		c->ack_max, c->refused, c->lagged, c->irqs_lost);
}

static void cmd_reset(struct args *a)
{
	link_reset(a->l);
}

static void cmd_quiesce(struct args *a)
{
	cmd_quiesce_start(a->s, a->l, num(a, "ms"));
}

static void cmd_seed_violation(struct args *a)
{
	link_violation(a->l, OUR_RULE, "seeded by a test");
}

static void cmd_expect_violations(struct args *a)
{
	if (a->l->violations == num(a, "n"))
		a->l->violations = 0;
	else
		cmd_say(a->s, "error: violations=%llu, expected %llu",
			a->l->violations, num(a, "n"));
}

static const char * const completions[] = {
	[NORMAL] = "normal", [HOLD] = "hold", [NO_IRQ] = "no-irq",
	[ERROR] = "error", [DELAY] = "delay", [DOUBLE_IRQ] = "double-irq",
	[EARLY] = "early", [LATE] = "late", NULL
};

static void cmd_completion(struct args *a)
{
	a->l->fault = (struct fault){
		.mode = num(a, "mode"), .count = num(a, "count"),
		.us = num(a, "us"),
	};
}

static const char * const doorbells[] = { "normal", "ignore", NULL };

static void cmd_doorbell(struct args *a)
{
	a->l->ignore = num(a, "mode");
	a->l->ignore_count = num(a, "count");
}

static const char * const boxes[] = {
	[OUTBOX] = "outbox", [INBOX] = "inbox", NULL
};

static void cmd_lag(struct args *a)
{
	bool out = num(a, "box") == OUTBOX;
	struct lag lag = {
		.us = num(a, "us"), .every = num(a, "every"),
		.irq = num(a, "irq"),
	};

	if (!num_most(a, "irq", !out))
		return;
	if ((out ? &a->l->out : &a->l->in)->update_by == UPDATE_SAME) {
		cmd_say(a->s, "error: the OS itself sets the check register");
		return;
	}
	*(out ? &a->l->out_lag : &a->l->in_lag) = lag;
}

static void cmd_answer(struct args *a)
{
	a->l->ep.late_us = num(a, "us");
	a->l->ep.late_count = num(a, "count");
}

/* With eid= it begins to ask; without, what it has been told. */
static void cmd_owner(struct args *a)
{
	static const char * const names[] = {
		[OWNER_OFF] = "off", [OWNER_SETS_EID] = "sets-eid",
		[OWNER_ASKS_TYPES] = "asks-types", [OWNER_DONE] = "done",
	};
	const struct owner *o = &a->l->ep.owner;
	char types[2 * sizeof(o->types) + 1] = "";

	if (num(a, "eid")) {
		owner_start(&a->l->ep, num(a, "eid"));
		return;
	}
	for (size_t i = 0; i < o->n && i < sizeof(o->types); i++)
		snprintf(types + 2 * i, 3, "%02x", o->types[i]);
	cmd_say(a->s, "ok state=%s eid=%u asked=%u n=%u types=%s",
		names[o->state], o->eid, o->asked, o->n, types);
}

static void cmd_lose_irq(struct args *a)
{
	a->l->lose_every = num(a, "every");
	a->l->lose_n = 0;
}

static void cmd_release(struct args *a)
{
	if (a->l->busy)
		outbox_complete(a->l, num(a, "irq"));
	else
		cmd_say(a->s, "error: no transfer is held");
}

static void cmd_irq(struct args *a)
{
	cmd_irqs_start(a->s, a->l, num(a, "box"), num(a, "count"));
}

static void cmd_post(struct args *a)
{
	u8 data[MESSAGE_MAX];
	size_t len;

	if (!arg_data(a, data, inbox_packet_max(a->l), &len))
		return;
	if (len)
		inbox_queue(a->l, data, len);
	else
		cmd_say(a->s, "error: data= is empty");
}

static void cmd_post_raw(struct args *a)
{
	u8 data[MESSAGE_MAX];
	struct post p;
	size_t len;

	if (!arg_data(a, data, inbox_packet_max(a->l), &len))
		return;
	p = inbox_message(a->l, data, len);
	p.signature = num_or(a, "signature", p.signature);
	p.flags = num_or(a, "flags", p.flags);
	p.length = num_or(a, "length", p.length);
	p.command = num_or(a, "command", p.command);
	p.irq = num(a, "irq");
	p.error = num(a, "error");
	p.change = keys_text(&a->keys, "change");
	p.change_us = num(a, "change");
	if ((!num(a, "wait") && link_pending(a->l)) ||
	    !inbox_post_next(a->l, &p))
		cmd_say(a->s, "error: inbox is busy");
}

static void cmd_flood(struct args *a)
{
	struct link *l = a->l;
	struct flood f = {
		.left = num(a, "count"), .len = num(a, "len"),
		.type = num(a, "type"), .rest = num(a, "rest"),
		.dest = num_or(a, "eid", l->ep.last_peer),
		.src = num_or(a, "src", l->ep.eid),
	};

	if (num_most(a, "len", inbox_packet_max(l)))
		inbox_flood(l, &f);
}

static void cmd_fuzz(struct args *a)
{
	inbox_fuzz(a->l, num(a, "seed"), num(a, "count"));
}

static void cmd_flood_stop(struct args *a)
{
	a->l->flood.left = 0;
	cmd_say(a->s, "ok sent=%u", a->l->flood.sent);
}

static void cmd_restart(struct args *a)
{
	link_restart(a->l);
}

/* One line: a separator stands before each line of the log. */
static void cmd_log_end(struct cmd_channel *s)
{
	char text[LOG_END_MAX + 4] = "ok\n";
	size_t n = log_end(text + 3, LOG_END_MAX);

	text[2 + n] = '\0';
	for (char *p = text; (p = strchr(p, '\n')); p++)
		*p = LOG_SEPARATOR;
	s->replied = true;
	s->reply(s, text);
}

static void cmd_log(struct args *a)
{
	if (!a->text || !*a->text) {
		cmd_log_end(a->s);
		return;
	}
	log_line("%s", a->text);
}

static void cmd_cancel(struct args *a)
{
	cmd_say(a->s, "ok %s", a->text ? a->text : "");
}

static void cmd_help(struct args *a)
{
	char names[512] = "";
	size_t n = 0;

	for (const struct cmd *c = cmd_list; c->name; c++)
		n += snprintf(names + n, sizeof(names) - n, "%s%s",
			      n ? "," : "", c->name);
	cmd_say(a->s, "ok commands=%s", names);
}

#define KEYS(...)	((const struct key[]){ __VA_ARGS__, { } })
#define NO_KEYS		((const struct key[]){ { } })

const struct cmd cmd_list[] = {
	{ "help", cmd_help, false, NO_KEYS },
	{ "links", cmd_links, false, NO_KEYS },
	{ "counters", cmd_counters, true, NO_KEYS },
	{ "reset", cmd_reset, true, NO_KEYS },
	{ "quiesce", cmd_quiesce, true,
	  KEYS({ "ms", OPTIONAL, 0, 600000, .fallback = QUIESCE_DEFAULT_MS }) },
	{ "seed-violation", cmd_seed_violation, true, NO_KEYS },
	{ "expect-violations", cmd_expect_violations, true,
	  KEYS({ "n", NEEDED, 0, U32_MAX }) },
	{ "completion", cmd_completion, true,
	  KEYS({ "mode", NEEDED, .names = completions },
	       { "us", OPTIONAL, 0, U32_MAX },
	       { "count", OPTIONAL, 0, U32_MAX, .fallback = 1 }) },
	{ "doorbell", cmd_doorbell, true,
	  KEYS({ "mode", NEEDED, .names = doorbells },
	       { "count", OPTIONAL, 0, U32_MAX, .fallback = 1 }) },
	{ "lag", cmd_lag, true,
	  KEYS({ "box", .names = boxes, .fallback = INBOX },
	       { "us", OPTIONAL, 0, LAG_MAX_US },
	       { "every", OPTIONAL, 1, U32_MAX, .fallback = 1 },
	       { "irq", OPTIONAL, 0, 1 }) },
	{ "answer", cmd_answer, true,
	  KEYS({ "us", OPTIONAL, 0, LAG_MAX_US },
	       { "count", OPTIONAL, 0, U32_MAX, .fallback = 1 }) },
	{ "owner", cmd_owner, true,
	  KEYS({ "eid", OPTIONAL, MCTP_EID_FIRST, MCTP_EID_BROADCAST - 1 }) },
	{ "lose-irq", cmd_lose_irq, true,
	  KEYS({ "every", OPTIONAL, 0, U32_MAX }) },
	{ "release", cmd_release, true,
	  KEYS({ "irq", OPTIONAL, 0, 1, .fallback = 1 }) },
	{ "irq", cmd_irq, true,
	  KEYS({ "box", NEEDED, .names = boxes },
	       { "count", OPTIONAL, 1, 10000000, .fallback = 1 }) },
	{ "post", cmd_post, true,
	  KEYS({ "data", NEEDED, .text = true }) },
	{ "post-raw", cmd_post_raw, true,
	  KEYS({ "signature", OPTIONAL, 0, U32_MAX },
	       { "flags", OPTIONAL, 0, U32_MAX },
	       { "length", OPTIONAL, 0, U32_MAX },
	       { "command", OPTIONAL, 0, U32_MAX },
	       { "data", .text = true },
	       { "irq", OPTIONAL, 0, 1, .fallback = 1 },
	       { "error", OPTIONAL, 0, 1 },
	       { "change", OPTIONAL, 0, 1000000 },
	       { "wait", OPTIONAL, 0, 1 }) },
	{ "flood", cmd_flood, true,
	  KEYS({ "count", NEEDED, 1, U32_MAX },
	       { "len", OPTIONAL, MCTP_PACKET_MIN, U32_MAX,
		 .fallback = MCTP_HDR_SIZE + MCTP_BASELINE_UNIT },
	       { "type", OPTIONAL, 0, 0xff, .fallback = MCTP_TYPE_VENDOR_IANA },
	       { "eid", OPTIONAL, 0, 0xff },
	       { "src", OPTIONAL, 0, 0xff },
	       { "rest", OPTIONAL, 0, 1, .fallback = 1 }) },
	{ "flood-stop", cmd_flood_stop, true, NO_KEYS },
	{ "fuzz", cmd_fuzz, true,
	  KEYS({ "seed", NEEDED, 0, U32_MAX },
	       { "count", NEEDED, 1, U32_MAX }) },
	{ "restart", cmd_restart, true, NO_KEYS },
	{ "log", cmd_log },
	{ "cancel", cmd_cancel },
	{ }
};
