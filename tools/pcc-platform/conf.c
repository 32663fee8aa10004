// SPDX-License-Identifier: GPL-2.0
/*
 * Reading links.conf of a table variant
 *
 * Copyright (C) 2026 The mctp-pcc authors
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "conf.h"
#include "layout.h"
#include "mctp.h"
#include "shm.h"

/* Takes KEY=WORD out of a line. */
static bool conf_text(const char *line, const char *key, char *text,
		      size_t size)
{
	char word[64];
	const char *p;
	size_t n;

	snprintf(word, sizeof(word), " %s=", key);
	p = strstr(line, word);
	if (!p)
		return false;
	p += strlen(word);
	n = strcspn(p, "\n ");
	if (n >= size)
		return false;
	memcpy(text, p, n);
	text[n] = '\0';
	return true;
}

static bool conf_value(const char *line, const char *key, u64 *value)
{
	char text[32];

	return conf_text(line, key, text, sizeof(text)) &&
	       parse_u64(text, value);
}

static bool conf_channel(const char *line, const char *box, u64 type,
			 struct channel *ch)
{
	static const char * const name[] = {
		"index", "base", "size", "regs", "gsi"
	};
	u64 v[ARRAY_SIZE(name)];
	char key[32];

	for (size_t i = 0; i < ARRAY_SIZE(name); i++) {
		snprintf(key, sizeof(key), "%s_%s", box, name[i]);
		if (!conf_value(line, key, &v[i]))
			return false;
	}
	ch->type = subspace_type_find(type);
	ch->index = v[0];
	ch->base = v[1];
	ch->size = v[2];
	ch->regs = v[3];
	ch->gsi = v[4];
	/* A doorbell is one byte, a pin past the last one aborts QEMU. */
	return ch->type && v[0] < 255 && v[4] < GSI_END &&
	       v[1] >= SHM_BASE && v[1] < REG_BASE &&
	       v[2] >= PCC_HDR_SIZE + MCTP_HDR_SIZE + MCTP_BASELINE_UNIT &&
	       v[2] <= REG_BASE - v[1] &&
	       v[3] >= REG_BASE && v[3] < REG_END && !(v[3] % REG_STRIDE);
}

/* KEY=NAME, one of a list: its place there; without the key: the first. */
static bool conf_name(const char *line, const char *key,
		      const char * const *names, size_t n, unsigned int *value)
{
	char text[32];

	*value = 0;
	if (!conf_text(line, key, text, sizeof(text)))
		return true;
	for (size_t i = 0; i < n; i++) {
		if (!strcmp(text, names[i])) {
			*value = i;
			return true;
		}
	}
	return false;
}

static bool conf_kind(const char *line, struct link *l)
{
	static const char * const updates[] = {
		[UPDATE_SAME] = "same", [UPDATE_OWN] = "own",
		[UPDATE_NONE] = "none",
	};
	static const char * const signatures[] = {
		[SIGNED_OS] = "os", [SIGNED_PLATFORM] = "platform",
		[SIGNED_CLEARED] = "cleared", [SIGNED_OTHER] = "other",
	};
	unsigned int update, signature;

	if (!conf_name(line, "update", updates, ARRAY_SIZE(updates),
		       &update) ||
	    !conf_name(line, "signature", signatures, ARRAY_SIZE(signatures),
		       &signature))
		return false;
	l->in.update_by = update;
	/* The OS has to clear command complete of an outbox somewhere. */
	l->out.update_by = update == UPDATE_OWN ? UPDATE_OWN : UPDATE_SAME;
	l->signature = signature;
	/* A type 2 subspace has its status in memory. */
	return !l->out.type->status || update == UPDATE_SAME;
}

static bool conf_link(struct conf *conf, const char *line)
{
	struct link *l = &conf->links[conf->n];
	u64 turnaround, type;
	char answers[32];

	if (conf->n == LINKS_MAX || !conf_value(line, "type", &type) ||
	    !conf_channel(line, "out", type, &l->out) ||
	    !conf_channel(line, "in", 4, &l->in) ||
	    !conf_value(line, "turnaround_us", &turnaround) ||
	    !conf_kind(line, l))
		return false;
	l->turnaround_us = turnaround;
	if (conf_text(line, "answers", answers, sizeof(answers))) {
		l->responder = responder_find(answers);
		if (!l->responder)
			return false;
	}
	conf->n++;
	/* MCTP has type 3. */
	return type == 3 || (type == 2 && l->responder);
}

static bool conf_uart(struct conf *conf, const char *line)
{
	u64 port, irq;

	if (!conf_value(line, "port", &port) ||
	    !conf_value(line, "irq", &irq) || port > 0xfff8 || irq > 15)
		return false;
	conf->uart_port = port;
	conf->uart_irq = irq;
	return true;
}

static bool conf_line(struct conf *conf, const char *line)
{
	if (!strncmp(line, "link ", 5))
		return conf_link(conf, line);
	if (!strncmp(line, "uart ", 5))
		return conf_uart(conf, line);
	return !line[strspn(line, "\n ")];
}

bool conf_read(struct conf *conf, const char *file)
{
	FILE *f = fopen(file, "r");
	bool ok = true;
	char line[1024];

	if (!f) {
		fprintf(stderr, "pcc-platform: %s: %s\n", file,
			strerror(errno));
		return false;
	}
	while (ok && fgets(line, sizeof(line), f)) {
		ok = conf_line(conf, line);
		if (!ok)
			fprintf(stderr, "pcc-platform: %s: bad line: %.*s\n",
				file, (int)strcspn(line, "\n"), line);
	}
	fclose(f);
	return ok;
}
