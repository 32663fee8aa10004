// SPDX-License-Identifier: GPL-2.0
/* Copyright (C) 2026 The mctp-pcc authors */
/*
 * Inbound messages at random, the same ones for the same seed
 *
 * Each message is made from the next words of one random sequence and the two
 * EIDs, so that seed and count replay a run on the same link.
 */
#include "link.h"
#include "wire/wire.h"

/* Most packets are short, so that a million of them take minutes. */
#define FUZZ_SHORT	80

/* Of eight: one sound, two with a wrong command, four with a wrong length. */
enum fuzz_kind {
	KIND_SOUND, KIND_COMMAND_BIT, KIND_COMMAND, KIND_LENGTH_SHORT,
	KIND_LENGTH_ABOVE, KIND_LENGTH_SIGN, KIND_LENGTH_ONES, KIND_ANY,
	KINDS
};

/* Linear congruential, modulo 2^64; the upper half is more random. */
static u32 fuzz_u32(struct fuzz *f)
{
	f->state = f->state * 0x5851f42d4c957f2dULL + 0x14057b7ef767814fULL;
	return f->state >> 32;
}

static u32 fuzz_below(struct fuzz *f, u32 n)
{
	return fuzz_u32(f) % n;
}

/* Any bytes; half of the packets have a header that the OS takes. */
static size_t fuzz_packet(struct fuzz *f, u32 most, u8 *p)
{
	size_t len = fuzz_below(f, fuzz_below(f, 8) && most > FUZZ_SHORT ?
				   FUZZ_SHORT + 1 : most + 1);

	for (size_t i = 0; i < len; i++)
		p[i] = fuzz_u32(f);
	if (len < MCTP_HDR_SIZE)
		return len;
	if (fuzz_below(f, 2)) {
		p[MCTP_OFF_VERSION] = MCTP_VERSION;
		p[MCTP_OFF_DEST] = f->dest;
	}
	if (p[MCTP_OFF_DEST] == f->not_dest)
		p[MCTP_OFF_DEST] = f->dest;
	return len;
}

static u32 fuzz_length(struct fuzz *f, enum fuzz_kind kind, u32 most, u32 sound)
{
	switch (kind) {
	case KIND_LENGTH_SHORT:
		return fuzz_below(f, PCC_COMMAND_SIZE + MCTP_HDR_SIZE);
	case KIND_LENGTH_ABOVE:
		return most + PCC_COMMAND_SIZE + 1 + fuzz_below(f, 16);
	case KIND_LENGTH_SIGN:
		return 0x80000000 | fuzz_u32(f);
	case KIND_LENGTH_ONES:
		return 0xffffffff - fuzz_below(f, 8);
	case KIND_ANY:
		return fuzz_u32(f) >> fuzz_below(f, 32);
	default:
		return sound;
	}
}

static u32 fuzz_command(struct fuzz *f, enum fuzz_kind kind)
{
	u32 sound = get_le32((const u8 *)PCC_COMMAND);

	switch (kind) {
	case KIND_COMMAND_BIT:
		return sound ^ 1u << fuzz_below(f, 32);
	case KIND_COMMAND:
		return fuzz_u32(f);
	case KIND_ANY:
		return fuzz_below(f, 2) ? fuzz_u32(f) : sound;
	default:
		return sound;
	}
}

void fuzz_start(struct fuzz *f, u32 seed, u32 count)
{
	f->state = seed;
	f->left = count;
	fuzz_u32(f);	/* spreads a small seed */
}

enum fuzz_result fuzz_next(struct fuzz *f, u32 most, struct post *p, u8 *data)
{
	enum fuzz_kind kind = fuzz_below(f, KINDS);

	p->data = data;
	p->len = fuzz_packet(f, most, data);
	p->signature = fuzz_u32(f);
	/* without the bit we poll for the acknowledge */
	p->flags = fuzz_u32(f) | PCC_FLAG_NOTIFY;
	if (!fuzz_below(f, 32))
		p->flags ^= PCC_FLAG_NOTIFY;
	p->command = fuzz_command(f, kind);
	p->length = fuzz_length(f, kind, most, p->len + PCC_COMMAND_SIZE);

	if (p->command != get_le32((const u8 *)PCC_COMMAND))
		return FUZZ_COMMAND;
	if (p->length < PCC_COMMAND_SIZE + MCTP_HDR_SIZE ||
	    p->length - PCC_COMMAND_SIZE > most)
		return FUZZ_LENGTH;
	return FUZZ_VALID;
}
