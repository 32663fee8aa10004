// SPDX-License-Identifier: GPL-2.0
/*
 * The endpoint: packets to messages and back (DSP0236 1.3, clause 8), the
 * control protocol, and the load service of the tests (see ../lib/load.c)
 * Copyright (C) 2026 The mctp-pcc authors
 */
#include <string.h>

#include "sim.h"

#define START		0x80
#define END		0x40
#define OWNER		0x08
#define UNIT		64
#define TYPE_CONTROL	0x00
#define TYPE_LOAD	0x7f
#define LOAD_HEADER	13
#define LOAD_REPLY	0x5a5a5a5a

/* In packets as large as the request's were, with its tag */
static void reply(struct link *l, const __u8 *request, size_t unit,
		  const __u8 *msg, size_t len)
{
	__u8 packet[PACKET_MAX] = {
		1, request[2], request[1] ? request[1] : l->eid
	};
	size_t n, done, most = l->in.size - 20;
	__u8 seq = 0;

	if (unit < UNIT)
		unit = UNIT;
	if (unit > most)
		unit = most;
	for (done = 0; done < len; done += n) {
		n = len - done < unit ? len - done : unit;
		packet[3] = (request[3] & 7) | seq << 4 | (done ? 0 : START) |
			    (done + n == len ? END : 0);
		seq = (seq + 1) & 3;
		memcpy(packet + 4, msg + done, n);
		inbox_queue(l, packet_new(l, packet, n + 4), false);
	}
}

/* Set and Get Endpoint ID; returns the answer's length */
static size_t control(struct link *l, const __u8 *msg, size_t len,
		      __u8 *out)
{
	bool set = len == 5 && msg[2] == 1 && msg[4] >= 8 && msg[4] < 255;
	bool get = len == 3 && msg[2] == 2;

	if (len < 3 || (msg[1] & 0xc0) != 0x80)
		return 0;
	if (set)
		l->eid = msg[4];
	memset(out, 0, 7);
	out[1] = msg[1] & 0x1f;
	out[2] = msg[2];
	out[set ? 5 : 4] = l->eid;
	if (set || get)
		return 7;
	out[3] = msg[2] == 1 || msg[2] == 2 ? 2 : 5;	/* data, command */
	return 4;
}

static __u8 pattern(__u32 seed, __u32 i)
{
	__u32 x = seed + i * 0x9e3779b1;

	x = (x ^ x >> 16) * 0x85ebca6b;
	return x ^ x >> 13;
}

/* Enterprise number, form, seed and wanted length, if there is room */
void load_fill(__u8 *body, size_t len, __u32 seed, __u32 reply)
{
	size_t i = 0;

	if (len >= LOAD_HEADER) {
		memcpy(body, "\x00\x00\x7e\xd9L", 5);
		memcpy(body + 5, &seed, 4);
		memcpy(body + 9, &reply, 4);
		i = LOAD_HEADER;
	}
	for (; i < len; i++)
		body[i] = pattern(seed, i);
}

static size_t load(struct link *l, const __u8 *body, size_t len,
		   __u8 *out)
{
	__u32 seed = len, answer = len;

	if (len >= LOAD_HEADER) {
		memcpy(&seed, body + 5, 4);
		memcpy(&answer, body + 9, 4);
	}
	load_fill(out, len, seed, answer);
	if (memcmp(out, body, len) || answer >= MESSAGE_MAX) {
		l->c[BAD_MESSAGES]++;
		return 0;
	}
	if (len >= LOAD_HEADER && !answer)
		return 0;
	if (answer < LOAD_HEADER)
		seed = answer;
	out[0] = TYPE_LOAD;
	load_fill(out + 1, answer, seed ^ LOAD_REPLY, 0);
	return answer + 1;
}

static void message(struct link *l, const __u8 *packet,
		    const struct assembly *a)
{
	static __u8 out[MESSAGE_MAX];
	size_t n = 0;

	l->c[IN_MESSAGES]++;
	l->peer = packet[2];
	if (!(packet[3] & OWNER))
		return;
	if (a->data[0] == TYPE_CONTROL)
		n = control(l, a->data, a->len, out);
	else if (a->data[0] == TYPE_LOAD)
		n = load(l, a->data + 1, a->len - 1, out);
	reply(l, packet, a->unit, out, n);
}

/* One peer, so that a message under way is told by its tag and owner */
void endpoint_receive(struct link *l, const __u8 *packet, size_t len)
{
	__u8 flags = packet[3], seq = flags >> 4 & 3;
	struct assembly *a = &l->s.assembly[flags & 15];
	size_t n = len - 4;

	if (packet[1] && packet[1] != l->eid)
		return;
	if (flags & START) {
		a->len = 0;
		a->unit = n;
		a->from = packet[2];
		a->seq = seq;
	}
	if (a->from != packet[2] || a->seq != seq || n > a->unit ||
	    a->len + n > MESSAGE_MAX) {
		a->unit = 0;
		return;
	}
	memcpy(a->data + a->len, packet + 4, n);
	a->len += n;
	a->seq = (seq + 1) & 3;
	if (flags & END) {
		message(l, packet, a);
		a->unit = 0;
	}
}
