// SPDX-License-Identifier: GPL-2.0
/*
 * Reading links.conf of a table variant
 *
 * Copyright (C) 2026 The mctp-pcc authors
 *
 * A line is the word link, and KEY=VALUE for each key of its table, once and in
 * any order. The word none stands for a variant without links, level for one
 * line that all channels share.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "acpi/layout.h"
#include "settings.h"
#include "pcc/shm.h"
#include "wire/mctp.h"
#include "wire/pcc.h"

#define SIZE_LEAST	(PCC_HDR_SIZE + MCTP_HDR_SIZE + MCTP_BASELINE_UNIT)

/**
 * struct key - one key of a line
 * @name: its name
 * @least: the least value
 * @most: the largest value
 * @step: the value is a multiple of it; 0: any
 * @optional: 0 if it is not there
 * @responder: the value is the name of one, and the number its address
 * @names: the value is one of these, and the number its place
 */
struct key {
	const char *name;
	u64 least;
	u64 most;
	u64 step;
	bool optional;
	bool responder;
	const char * const *names;
};

static const char * const updates[] = {
	[UPDATE_SAME] = "same", [UPDATE_OWN] = "own", [UPDATE_NONE] = "none",
	NULL
};

static const char * const registers[] = {
	[REGISTERS_32] = "32", [REGISTERS_64] = "64",
	[REGISTERS_SHARED] = "shared", NULL
};

static const char * const owners[] = { "os", "platform", NULL };

static const char * const signatures[] = {
	[SIGNED_PLATFORM] = "platform", [SIGNED_OS] = "os",
	[SIGNED_CLEARED] = "cleared", [SIGNED_OTHER] = "other", NULL
};

enum { BOX_INDEX, BOX_BASE, BOX_SIZE, BOX_REGS, BOX_GSI, BOX_KEYS };

enum {
	LINK_TYPE, LINK_OUT, LINK_IN = LINK_OUT + BOX_KEYS,
	LINK_TURNAROUND = LINK_IN + BOX_KEYS, LINK_SIGNATURE, LINK_UPDATE,
	LINK_REGISTERS, LINK_LAG, LINK_OWNER, LINK_ANSWERS, LINK_KEYS
};

#define BASE_MOST	(SHM_BASE + SHM_SIZE - SIZE_LEAST)
#define REGS_MOST	(REG_END - REG_STRIDE)
#define INDEX_MOST	(RING_UPDATE - 2)
#define SHARED_MOST	31	/* bit of a register of 32 bits */

/* The doorbell of type 5 has to tell when its command is complete. */
#ifdef REG_DOORBELL
#define TYPE_MOST	5
#else
#define TYPE_MOST	3
#endif

/*
 * A doorbell is one byte with a bit for updates; a pin past the last one aborts
 * QEMU.
 */
static const struct key link_keys[LINK_KEYS] = {
	[LINK_TYPE] = { "type", 0, TYPE_MOST },
	[LINK_OUT + BOX_INDEX] = { "out_index", 0, INDEX_MOST },
	[LINK_OUT + BOX_BASE] = { "out_base", SHM_BASE, BASE_MOST, 4 },
	[LINK_OUT + BOX_SIZE] = { "out_size", SIZE_LEAST, SHM_SIZE },
	[LINK_OUT + BOX_REGS] = { "out_regs", REG_BASE, REGS_MOST, REG_STRIDE },
	[LINK_OUT + BOX_GSI] = { "out_gsi", 1, GSI_END - 1 },
	[LINK_IN + BOX_INDEX] = { "in_index", 0, INDEX_MOST },
	[LINK_IN + BOX_BASE] = { "in_base", SHM_BASE, BASE_MOST, 4 },
	[LINK_IN + BOX_SIZE] = { "in_size", SIZE_LEAST, SHM_SIZE },
	[LINK_IN + BOX_REGS] = { "in_regs", REG_BASE, REGS_MOST, REG_STRIDE },
	[LINK_IN + BOX_GSI] = { "in_gsi", 1, GSI_END - 1 },
	[LINK_TURNAROUND] = { "turnaround_us", 0, UINT32_MAX },
	[LINK_SIGNATURE] = { "signature", .names = signatures },
	[LINK_UPDATE] = { "update", .optional = true, .names = updates },
	[LINK_REGISTERS] = { "registers", .optional = true,
			     .names = registers },
	[LINK_LAG] = { "lag", 0, LAG_MAX_US, .optional = true },
	[LINK_OWNER] = { "owner", .optional = true, .names = owners },
	[LINK_ANSWERS] = { "answers", .optional = true, .responder = true },
};

struct line {
	const char *file;
	unsigned int number;
};

__printf(2, 3)
static bool conf_bad(const struct line *at, const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "pcc-platform: %s: line %u: ", at->file, at->number);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	putc('\n', stderr);
	return false;
}

static bool key_name(const struct line *at, const struct key *key,
		     const char *text, u64 *v)
{
	for (*v = 0; key->names[*v]; ++*v)
		if (!strcmp(text, key->names[*v]))
			return true;
	return conf_bad(at, "%s=%s: no such %s", key->name, text, key->name);
}

static bool key_value(const struct line *at, const struct key *key,
		      const char *text, u64 *v)
{
	if (key->responder) {
		*v = (uintptr_t)responder_find(text);
		return *v || conf_bad(at, "%s=%s: no such responder", key->name,
				      text);
	}
	if (key->names)
		return key_name(at, key, text, v);
	if (!parse_u64(text, v) || *v < key->least || *v > key->most)
		return conf_bad(at, "%s=%s: must be %#llx to %#llx", key->name,
				text, key->least, key->most);
	if (key->step && *v % key->step)
		return conf_bad(at, "%s=%s: must be a multiple of %llu",
				key->name, text, key->step);
	return true;
}

/* The rest of a line that strtok_r() has begun, by a table of n keys. */
static bool conf_keys(const struct line *at, char **rest,
		      const struct key *keys, size_t n, u64 *v)
{
	char *word, *text;
	u32 seen = 0;
	size_t i;

	memset(v, 0, n * sizeof(*v));
	while ((word = strtok_r(NULL, " \t\n", rest))) {
		text = strchr(word, '=');
		if (text)
			*text++ = '\0';
		for (i = 0; i < n && strcmp(word, keys[i].name); i++)
			;
		if (!text || i == n)
			return conf_bad(at, "%s: no such key", word);
		if (seen & 1u << i)
			return conf_bad(at, "%s: twice", word);
		seen |= 1u << i;
		if (!key_value(at, &keys[i], text, &v[i]))
			return false;
	}
	for (i = 0; i < n; i++)
		if (!(seen & 1u << i) && !keys[i].optional)
			return conf_bad(at, "%s= is missing", keys[i].name);
	return true;
}

static bool conf_channel(const struct line *at, const u64 *v, u64 type,
			 struct channel *ch)
{
	bool pin = v[BOX_GSI] >= GSI_FIRST;

#ifdef GSI_ISA
	pin |= v[BOX_GSI] < 16 && GSI_ISA >> v[BOX_GSI] & 1;
#endif
	if (!pin)
		return conf_bad(at, "interrupt %llu is not free", v[BOX_GSI]);
	if (v[BOX_BASE] + v[BOX_SIZE] > REG_BASE)
		return conf_bad(at, "%llu bytes at %#llx: over the registers",
				v[BOX_SIZE], v[BOX_BASE]);
	ch->type = subspace_type_find(type);
	ch->index = v[BOX_INDEX];
	ch->base = v[BOX_BASE];
	ch->size = v[BOX_SIZE];
	ch->regs = v[BOX_REGS];
	ch->gsi = v[BOX_GSI];
	return true;
}

static u64 slot_end(const struct channel *ch)
{
	return (ch->base + ch->size - SHM_BASE - 1) / SHM_SLOT;
}

/* What no two channels may share; the guard of a slot is one buffer's. */
static bool conf_apart(const struct line *at, const struct channel *a,
		       const struct channel *b)
{
	const char *what = a->index == b->index ? "index" :
			   a->regs == b->regs ? "registers" :
			   a->gsi == b->gsi ? "interrupt" :
			   (a->base - SHM_BASE) / SHM_SLOT <= slot_end(b) &&
			   (b->base - SHM_BASE) / SHM_SLOT <= slot_end(a) ?
			   "slot of shared memory" : NULL;

	return !what || conf_bad(at, "two channels have the same %s", what);
}

static bool conf_apart_all(struct conf *conf, const struct line *at)
{
	struct link *l = &conf->links[conf->n];

	for (unsigned int i = 0; i < conf->n; i++)
		if (!conf_apart(at, &conf->links[i].out, &l->out) ||
		    !conf_apart(at, &conf->links[i].out, &l->in) ||
		    !conf_apart(at, &conf->links[i].in, &l->out) ||
		    !conf_apart(at, &conf->links[i].in, &l->in))
			return false;
	return conf_apart(at, &l->out, &l->in);
}

/* How the OS changes command complete, and where it looks. */
static bool conf_registers(const struct line *at, const u64 *v, struct link *l)
{
	enum update update = v[LINK_UPDATE];
	enum registers regs = v[LINK_REGISTERS];

	/* A subspace of another type has no register for updates. */
	if (v[LINK_TYPE] != 3 && update != UPDATE_SAME)
		return conf_bad(at, "update=%s: not with type=%llu",
				updates[update], v[LINK_TYPE]);
	if (v[LINK_TYPE] != 3 && regs != REGISTERS_32)
		return conf_bad(at, "registers=%s: not with type=%llu",
				registers[regs], v[LINK_TYPE]);
	if (regs == REGISTERS_SHARED && update != UPDATE_SAME)
		return conf_bad(at, "update=%s: not with registers=shared",
				updates[update]);
	if (regs == REGISTERS_SHARED &&
	    (l->out.index > SHARED_MOST || l->in.index > SHARED_MOST))
		return conf_bad(at, "registers=shared: index of %u at most",
				SHARED_MOST);
	if (v[LINK_LAG] && regs != REGISTERS_SHARED && update == UPDATE_SAME)
		return conf_bad(at, "lag=%llu: not with update=same",
				v[LINK_LAG]);
	l->lag_us = v[LINK_LAG];
	l->out.registers = regs;
	l->in.registers = regs;
	/* The OS has to clear command complete of an outbox somewhere. */
	l->in.update_by = regs == REGISTERS_SHARED ? UPDATE_OWN : update;
	l->out.update_by = l->in.update_by == UPDATE_OWN ? UPDATE_OWN :
							   UPDATE_SAME;
#ifndef DOORBELL_PORT
	if (regs == REGISTERS_SHARED)
		return conf_bad(at, "registers=shared: not on this machine");
#endif
	return true;
}

static bool conf_link(struct conf *conf, const struct line *at, char **rest)
{
	struct link *l = &conf->links[conf->n];
	u64 v[LINK_KEYS];

	if (conf->n == LINKS_MAX)
		return conf_bad(at, "more than %u links", LINKS_MAX);
	if (!conf_keys(at, rest, link_keys, LINK_KEYS, v) ||
	    !conf_channel(at, v + LINK_OUT, v[LINK_TYPE], &l->out) ||
	    !conf_channel(at, v + LINK_IN, 4, &l->in) ||
	    !conf_apart_all(conf, at))
		return false;
	if (v[LINK_TYPE] == 4)
		return conf_bad(at, "type=4: is that of each link's inbox");
	if (v[LINK_TYPE] != 3 && !v[LINK_ANSWERS])
		return conf_bad(at, "type=%llu: needs answers=, MCTP has 3",
				v[LINK_TYPE]);
	if (v[LINK_OWNER] && v[LINK_ANSWERS])
		return conf_bad(at, "owner=platform: not with answers=");
	l->owner = v[LINK_OWNER];
	l->turnaround_us = v[LINK_TURNAROUND];
	l->signature = v[LINK_SIGNATURE];
	if (!conf_registers(at, v, l))
		return false;
	l->responder = (const struct responder *)(uintptr_t)v[LINK_ANSWERS];
	conf->n++;
	return true;
}

static bool conf_line(struct conf *conf, const struct line *at, char *text,
		      bool *none)
{
	char *rest, *word;

	text[strcspn(text, "#")] = '\0';
	word = strtok_r(text, " \t\n", &rest);
	if (!word)
		return true;
	if (!strcmp(word, "link"))
		return conf_link(conf, at, &rest);
	if (strtok_r(NULL, " \t\n", &rest))
		return conf_bad(at, "%s: only link has keys", word);
	if (!strcmp(word, "level") && !conf->level) {
		conf->level = true;
		return true;
	}
	*none = !strcmp(word, "none");
	return *none || conf_bad(at, "%s: must be link, level once, or none",
				 word);
}

bool conf_read(struct conf *conf, const char *file)
{
	struct line at = { .file = file };
	FILE *f = fopen(file, "r");
	bool ok = true, none = false;
	char text[1024];

	if (!f) {
		fprintf(stderr, "pcc-platform: %s: %s\n", file,
			strerror(errno));
		return false;
	}
	while (ok && fgets(text, sizeof(text), f)) {
		at.number++;
		ok = strlen(text) + 1 < sizeof(text) ?
		     conf_line(conf, &at, text, &none) :
		     conf_bad(&at, "longer than %zu bytes", sizeof(text) - 2);
	}
	fclose(f);
	if (ok && !conf->n == !none)
		return conf_bad(&at, "must have links, or the word none");
	return ok;
}
