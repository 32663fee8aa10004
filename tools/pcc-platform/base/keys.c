// SPDX-License-Identifier: GPL-2.0
/* Copyright (C) 2026 The mctp-pcc authors */
/* KEY=VALUE words of a line */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "keys.h"

__printf(1, 2)
static const char *keys_wrong(const char *fmt, ...)
{
	static char text[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return text;
}

static const char *key_value(const struct key *key, const char *text, u64 *n)
{
	if (key->text)
		return NULL;
	if (key->names) {
		for (*n = 0; key->names[*n]; ++*n)
			if (!strcmp(text, key->names[*n]))
				return NULL;
		return keys_wrong("%s=%s: no such %s", key->name, text,
				  key->name);
	}
	if (!parse_u64(text, n) || *n < key->least || *n > key->most)
		return keys_wrong(key->step ?
				  "%s=%s: must be %#llx to %#llx" :
				  "%s=%s: must be %llu to %llu",
				  key->name, text, key->least, key->most);
	if (key->step && *n % key->step)
		return keys_wrong("%s=%s: must be a multiple of %llu",
				  key->name, text, key->step);
	return NULL;
}

static size_t key_find(const struct key *list, const char *name)
{
	size_t i = 0;

	while (list[i].name && strcmp(name, list[i].name))
		i++;
	return i;
}

static const char *keys_word(struct keys *k, char *word)
{
	char *text = strchr(word, '=');
	size_t i;

	if (text)
		*text++ = '\0';
	i = key_find(k->list, word);
	if (!text || !k->list[i].name)
		return keys_wrong("%s: no such key", word);
	if (k->text[i])
		return keys_wrong("%s: twice", word);
	k->text[i] = text;
	return key_value(&k->list[i], text, &k->number[i]);
}

const char *keys_parse(struct keys *k, const struct key *list, char **rest)
{
	const char *wrong = NULL;
	char *word;

	*k = (struct keys){ .list = list };
	while (!wrong && (word = strtok_r(NULL, " \t\n", rest)))
		wrong = keys_word(k, word);
	for (size_t i = 0; !wrong && list[i].name; i++) {
		if (k->text[i])
			continue;
		k->number[i] = list[i].fallback;
		if (list[i].use == NEEDED)
			wrong = keys_wrong("%s= is missing", list[i].name);
	}
	return wrong;
}

u64 keys_number(const struct keys *k, const char *name)
{
	return k->number[key_find(k->list, name)];
}

const char *keys_text(const struct keys *k, const char *name)
{
	return k->text[key_find(k->list, name)];
}
