// SPDX-License-Identifier: GPL-2.0
/*
 * Copyright (C) 2026 The mctp-pcc authors
 */
#include <string.h>

#include "load.h"

/* Enterprise number kept for examples (RFC 5612), big endian. */
static const __u8 enterprise[] = { 0x00, 0x00, 0x7e, 0xd9 };

#define FORM 'L'
#define LONG_HEADER 13
#define REPLY_SEED 0x5a5a5a5a

static __u8 mix(__u32 seed, __u32 i)
{
	__u32 x = seed + i * 0x9e3779b1;

	x ^= x >> 16;
	x *= 0x85ebca6b;
	x ^= x >> 13;
	return x;
}

static void put_le32(__u8 *at, __u32 value)
{
	at[0] = value;
	at[1] = value >> 8;
	at[2] = value >> 16;
	at[3] = value >> 24;
}

static void fill(__u8 *body, size_t len, __u32 seed, __u32 reply_len)
{
	size_t i = 0;

	if (len >= LONG_HEADER) {
		memcpy(body, enterprise, sizeof(enterprise));
		body[4] = FORM;
		put_le32(body + 5, seed);
		put_le32(body + 9, reply_len);
		i = LONG_HEADER;
	}
	for (; i < len; i++)
		body[i] = mix(seed, i);
}

/* A body without room for a seed has one all the same: its length. */
static __u32 seed_of(size_t len, __u32 seed)
{
	return len < LONG_HEADER ? len : seed;
}

void load_fill(__u8 *body, size_t len, __u32 seed)
{
	fill(body, len, seed_of(len, seed), len);
}

bool load_check(const __u8 *body, size_t len, __u32 seed)
{
	static __u8 expected[LOAD_MAX];

	fill(expected, len, seed_of(len, seed) ^ REPLY_SEED, 0);
	return !memcmp(body, expected, len);
}
