/* SPDX-License-Identifier: GPL-2.0 */
/* Copyright (C) 2026 The mctp-pcc authors */
/* KEY=VALUE words of a line */
#ifndef PCC_PLATFORM_KEYS_H
#define PCC_PLATFORM_KEYS_H

#include "util.h"

#define KEYS_MAX	20

enum key_use { OPTIONAL, NEEDED };

/* One key of a line */
struct key {
	const char *name;	/* NULL: the end of a list */
	enum key_use use;	/* whether the line has to have it */
	u64 least;
	u64 most;
	u64 step;		/* of addresses, which are multiples; 0: any */
	u64 fallback;		/* the number of a key that is not there */
	/* the value is one of these, the number is its place; ends with NULL */
	const char * const *names;
	bool text;		/* the value is any text */
};

/* The values of a line, in the order of its list of keys. */
struct keys {
	const struct key *list;
	const char *text[KEYS_MAX];	/* NULL: the key is not there */
	u64 number[KEYS_MAX];
};

/*
 * Parses the rest of a line that strtok_r() has begun: each key once, in any
 * order. Returns NULL, or what is wrong, which is valid until the next call.
 */
const char *keys_parse(struct keys *k, const struct key *list, char **rest);
u64 keys_number(const struct keys *k, const char *name);
const char *keys_text(const struct keys *k, const char *name);

#endif /* PCC_PLATFORM_KEYS_H */
