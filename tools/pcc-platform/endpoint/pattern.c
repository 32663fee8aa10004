// SPDX-License-Identifier: GPL-2.0
/* Copyright (C) 2026 The mctp-pcc authors */
/*
 * The load service: messages of a pattern that both sides compute
 *
 * Body after the type byte. Long, 13 bytes and up: enterprise number (be32,
 * as DSP0236 1.3 has it for vendor defined messages, IANA), form, seed (le32),
 * wanted reply's length (le32), pattern. Short, up to 12 bytes: pattern only,
 * its seed the body's length.
 */
#include "base/log.h"
#include "endpoint.h"
#include "wire/wire.h"

#define LOAD_FORM		0x4c
#define LOAD_OFF_FORM		4
#define LOAD_OFF_SEED		5
#define LOAD_OFF_REPLY		9
#define LOAD_OFF_PATTERN	13	/* and the least long body */
#define LOAD_REPLY_SEED		0x5a5a5a5au

u8 load_byte(u32 seed, u32 i)
{
	u32 x = seed + i * 0x9e3779b1u;

	x ^= x >> 16;
	x *= 0x85ebca6bu;
	x ^= x >> 13;
	return x;
}

static void load_fill(u8 *body, size_t from, size_t len, u32 seed)
{
	for (size_t i = from; i < len; i++)
		body[i] = load_byte(seed, i);
}

static bool load_matches(const u8 *body, size_t from, size_t len, u32 seed)
{
	for (size_t i = from; i < len; i++)
		if (body[i] != load_byte(seed, i))
			return false;
	return true;
}

void load_build(u8 *msg, size_t len, u32 seed)
{
	u8 *body = msg + 1;
	size_t n = len - 1;

	msg[0] = MCTP_TYPE_VENDOR_IANA;
	if (n < LOAD_OFF_PATTERN) {
		load_fill(body, 0, n, seed);
		return;
	}
	put_be32(body, MCTP_ENTERPRISE);
	body[LOAD_OFF_FORM] = LOAD_FORM;
	put_le32(body + LOAD_OFF_SEED, seed);
	put_le32(body + LOAD_OFF_REPLY, 0);
	load_fill(body, LOAD_OFF_PATTERN, n, seed);
}

static size_t load_bad(struct endpoint *ep, const char *why)
{
	ep->bad_messages++;
	log_line("link %u: load message: %s", ep->link, why);
	return 0;
}

size_t load_handle(struct endpoint *ep, const u8 *msg, size_t len,
		   u8 *response)
{
	const u8 *body = msg + 1;
	size_t n = len - 1;
	u32 seed, want;

	if (n < LOAD_OFF_PATTERN) {
		if (!load_matches(body, 0, n, n))
			return load_bad(ep, "wrong pattern, short form");
		load_build(response, len, n ^ LOAD_REPLY_SEED);
		return len;
	}
	if (get_be32(body) != MCTP_ENTERPRISE ||
	    body[LOAD_OFF_FORM] != LOAD_FORM)
		return load_bad(ep, "neither form");
	seed = get_le32(body + LOAD_OFF_SEED);
	want = get_le32(body + LOAD_OFF_REPLY);
	if (!load_matches(body, LOAD_OFF_PATTERN, n, seed))
		return load_bad(ep, "wrong pattern");
	if (want >= MESSAGE_MAX)
		return load_bad(ep, "wants too long a reply");
	if (!want)
		return 0;
	/* Too short a reply for the long form takes the short form's seed. */
	if (want < LOAD_OFF_PATTERN)
		seed = want;
	load_build(response, want + 1, seed ^ LOAD_REPLY_SEED);
	return want + 1;
}
