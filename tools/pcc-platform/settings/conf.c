// SPDX-License-Identifier: GPL-2.0
/* Copyright (C) 2026 The mctp-pcc authors */
/*
 * Reading links.conf of a table variant
 *
 * A line is the word link, and KEY=VALUE for each key of its table, once and in
 * any order. The word none stands for a variant without links, level for one
 * line that all channels share.
 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "acpi/layout.h"
#include "base/keys.h"
#include "settings.h"
#include "pcc/link.h"
#include "wire/wire.h"

#define SIZE_LEAST	(PCC_HDR_SIZE + MCTP_HDR_SIZE + MCTP_BASELINE_UNIT)

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
static const struct key link_keys[LINK_KEYS + 1] = {
	[LINK_TYPE] = { "type", NEEDED, 0, TYPE_MOST },
	[LINK_OUT + BOX_INDEX] = { "out_index", NEEDED, 0, INDEX_MOST },
	[LINK_OUT + BOX_BASE] = { "out_base", NEEDED, SHM_BASE, BASE_MOST, 4 },
	[LINK_OUT + BOX_SIZE] = { "out_size", NEEDED, SIZE_LEAST, SHM_SIZE },
	[LINK_OUT + BOX_REGS] = { "out_regs", NEEDED, REG_BASE, REGS_MOST,
				  REG_STRIDE },
	[LINK_OUT + BOX_GSI] = { "out_gsi", NEEDED, 1, GSI_END - 1 },
	[LINK_IN + BOX_INDEX] = { "in_index", NEEDED, 0, INDEX_MOST },
	[LINK_IN + BOX_BASE] = { "in_base", NEEDED, SHM_BASE, BASE_MOST, 4 },
	[LINK_IN + BOX_SIZE] = { "in_size", NEEDED, SIZE_LEAST, SHM_SIZE },
	[LINK_IN + BOX_REGS] = { "in_regs", NEEDED, REG_BASE, REGS_MOST,
				 REG_STRIDE },
	[LINK_IN + BOX_GSI] = { "in_gsi", NEEDED, 1, GSI_END - 1 },
	[LINK_TURNAROUND] = { "turnaround_us", NEEDED, 0, UINT32_MAX },
	[LINK_SIGNATURE] = { "signature", NEEDED, .names = signatures },
	[LINK_UPDATE] = { "update", .names = updates },
	[LINK_REGISTERS] = { "registers", .names = registers },
	[LINK_LAG] = { "lag", OPTIONAL, 0, LAG_MAX_US },
	[LINK_OWNER] = { "owner", .names = owners },
	[LINK_ANSWERS] = { "answers", .text = true },
};

static struct {
	const char *file;
	unsigned int number;
} at;

#define conf_bad(fmt, ...)						\
	complain("%s: line %u: " fmt, at.file, at.number, ##__VA_ARGS__)

static bool conf_channel(const u64 *v, u64 type, struct channel *ch)
{
	bool pin = v[BOX_GSI] >= GSI_FIRST;

#ifdef GSI_ISA
	pin |= v[BOX_GSI] < 16 && GSI_ISA >> v[BOX_GSI] & 1;
#endif
	if (!pin)
		return conf_bad("interrupt %llu is not free", v[BOX_GSI]);
	if (v[BOX_BASE] + v[BOX_SIZE] > REG_BASE)
		return conf_bad("%llu bytes at %#llx: over the registers",
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
static bool conf_apart(const struct channel *a, const struct channel *b)
{
	const char *what = a->index == b->index ? "index" :
			   a->regs == b->regs ? "registers" :
			   a->gsi == b->gsi ? "interrupt" :
			   (a->base - SHM_BASE) / SHM_SLOT <= slot_end(b) &&
			   (b->base - SHM_BASE) / SHM_SLOT <= slot_end(a) ?
			   "slot of shared memory" : NULL;

	return !what || conf_bad("two channels have the same %s", what);
}

static bool conf_apart_all(struct conf *conf)
{
	struct link *l = &conf->links[conf->n];

	for (unsigned int i = 0; i < conf->n; i++)
		if (!conf_apart(&conf->links[i].out, &l->out) ||
		    !conf_apart(&conf->links[i].out, &l->in) ||
		    !conf_apart(&conf->links[i].in, &l->out) ||
		    !conf_apart(&conf->links[i].in, &l->in))
			return false;
	return conf_apart(&l->out, &l->in);
}

/* How the OS changes command complete, and where it looks. */
static bool conf_registers(const u64 *v, struct link *l)
{
	enum update update = v[LINK_UPDATE];
	enum registers regs = v[LINK_REGISTERS];

	/* A subspace of another type has no register for updates. */
	if (v[LINK_TYPE] != 3 && update != UPDATE_SAME)
		return conf_bad("update=%s: not with type=%llu",
				updates[update], v[LINK_TYPE]);
	if (v[LINK_TYPE] != 3 && regs != REGISTERS_32)
		return conf_bad("registers=%s: not with type=%llu",
				registers[regs], v[LINK_TYPE]);
	if (regs == REGISTERS_SHARED && update != UPDATE_SAME)
		return conf_bad("update=%s: not with registers=shared",
				updates[update]);
	if (regs == REGISTERS_SHARED &&
	    (l->out.index > SHARED_MOST || l->in.index > SHARED_MOST))
		return conf_bad("registers=shared: index of %u at most",
				SHARED_MOST);
	if (v[LINK_LAG] && regs != REGISTERS_SHARED && update == UPDATE_SAME)
		return conf_bad("lag=%llu: not with update=same", v[LINK_LAG]);
	l->lag_us = v[LINK_LAG];
	l->out.registers = regs;
	l->in.registers = regs;
	/* The OS has to clear command complete of an outbox somewhere. */
	l->in.update_by = regs == REGISTERS_SHARED ? UPDATE_OWN : update;
	l->out.update_by = l->in.update_by == UPDATE_OWN ? UPDATE_OWN :
							   UPDATE_SAME;
#ifndef DOORBELL_PORT
	if (regs == REGISTERS_SHARED)
		return conf_bad("registers=shared: not on this machine");
#endif
	return true;
}

static bool conf_responder(const struct keys *k, struct link *l)
{
	const char *name = k->text[LINK_ANSWERS];
	u64 type = k->number[LINK_TYPE];

	l->responder = name ? responder_find(name) : NULL;
	l->owner = k->number[LINK_OWNER];
	if (name && !l->responder)
		return conf_bad("answers=%s: no such responder", name);
	if (type == 4)
		return conf_bad("type=4: is that of each link's inbox");
	if (type != 3 && !name)
		return conf_bad("type=%llu: needs answers=, MCTP has 3", type);
	if (l->owner && name)
		return conf_bad("owner=platform: not with answers=");
	return true;
}

static bool conf_link(struct conf *conf, char **rest)
{
	struct link *l = &conf->links[conf->n];
	const char *wrong;
	struct keys k;

	if (conf->n == LINKS_MAX)
		return conf_bad("more than %u links", LINKS_MAX);
	wrong = keys_parse(&k, link_keys, rest);
	if (wrong)
		return conf_bad("%s", wrong);
	if (!conf_channel(k.number + LINK_OUT, k.number[LINK_TYPE], &l->out) ||
	    !conf_channel(k.number + LINK_IN, 4, &l->in) ||
	    !conf_apart_all(conf) || !conf_responder(&k, l) ||
	    !conf_registers(k.number, l))
		return false;
	l->turnaround_us = k.number[LINK_TURNAROUND];
	l->signature = k.number[LINK_SIGNATURE];
	conf->n++;
	return true;
}

static bool conf_line(struct conf *conf, char *text, bool *none)
{
	char *rest, *word;

	text[strcspn(text, "#")] = '\0';
	word = strtok_r(text, " \t\n", &rest);
	if (!word)
		return true;
	if (!strcmp(word, "link"))
		return conf_link(conf, &rest);
	if (strtok_r(NULL, " \t\n", &rest))
		return conf_bad("%s: only link has keys", word);
	if (!strcmp(word, "level") && !conf->level) {
		conf->level = true;
		return true;
	}
	*none = !strcmp(word, "none");
	return *none || conf_bad("%s: must be link, level once, or none", word);
}

bool conf_read(struct conf *conf, const char *file)
{
	FILE *f = fopen(file, "r");
	bool ok = true, none = false;
	char text[1024];

	if (!f)
		return complain("%s: %m", file);
	at.file = file;
	at.number = 0;
	while (ok && fgets(text, sizeof(text), f)) {
		at.number++;
		ok = strlen(text) + 1 < sizeof(text) ?
		     conf_line(conf, text, &none) :
		     conf_bad("longer than %zu bytes", sizeof(text) - 2);
	}
	fclose(f);
	if (ok && !conf->n == !none)
		return conf_bad("must have links, or the word none");
	return ok;
}
