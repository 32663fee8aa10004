// SPDX-License-Identifier: GPL-2.0
/*
 * Messages of the load service: each byte follows from a seed
 * Copyright (C) 2026 The mctp-pcc authors
 */
#include "pcc.h"

/* Load service: enterprise number for documentation (RFC 5612), long form */
#define LOAD_ENTERPRISE	32473
#define LOAD_LONG	0x4c
#define LOAD_HEADER	13
#define LOAD_REPLY_SEED	0x5a5a5a5a

/* How many packets, and MCTP bytes, a body of @len makes at @mtu */
unsigned long long mctp_packets(size_t len, unsigned int mtu)
{
	unsigned int unit = mtu - MCTP_HDR_LEN;

	return (len + 1 + unit - 1) / unit;
}

unsigned long long mctp_bytes(size_t len, unsigned int mtu)
{
	return len + 1 + MCTP_HDR_LEN * mctp_packets(len, mtu);
}

static __u8 load_byte(__u32 seed, __u32 i)
{
	__u32 x = seed + i * 0x9e3779b1;

	x ^= x >> 16;
	x *= 0x85ebca6b;
	x ^= x >> 13;
	return x & 0xff;
}

static void load_le32(__u8 *p, __u32 value)
{
	int i;

	for (i = 0; i < 4; i++)
		p[i] = value >> (8 * i);
}

/* A body that is too short for the header is all pattern */
static void load_fill(__u8 *body, size_t len, __u32 seed, __u32 reply_len)
{
	static const __u8 header[] = {
		LOAD_ENTERPRISE >> 24, LOAD_ENTERPRISE >> 16 & 0xff,
		LOAD_ENTERPRISE >> 8 & 0xff, LOAD_ENTERPRISE & 0xff, LOAD_LONG,
	};
	size_t i = 0;

	if (len >= LOAD_HEADER) {
		memcpy(body, header, sizeof(header));
		load_le32(body + 5, seed);
		load_le32(body + 9, reply_len);
		i = LOAD_HEADER;
	}
	for (; i < len; i++)
		body[i] = load_byte(seed, i);
}

/* One without room for a seed has its length as that */
static __u32 load_seed(size_t len, __u32 seed)
{
	return len < LOAD_HEADER ? len : seed;
}

void load_request(__u8 *body, size_t len, __u32 seed, __u32 reply_len)
{
	load_fill(body, len, load_seed(len, seed), reply_len);
}

void load_answer(__u8 *body, size_t len, __u32 seed)
{
	load_fill(body, len, load_seed(len, seed) ^ LOAD_REPLY_SEED, 0);
}

/* Is this the answer to the request that was made with @seed? */
int load_check(const __u8 *body, size_t len, __u32 seed)
{
	__u8 *want = malloc(len + 1);
	size_t i = 0;
	int rc = 0;

	if (!want)
		return -ENOMEM;
	load_answer(want, len, seed);
	if (memcmp(body, want, len)) {
		while (body[i] == want[i])
			i++;
		printf("# byte %zu of %zu is %02x, not %02x\n", i, len,
		       body[i], want[i]);
		rc = -EBADMSG;
	}
	free(want);
	return rc;
}
