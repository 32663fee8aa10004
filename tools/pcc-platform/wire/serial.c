// SPDX-License-Identifier: GPL-2.0
/* Copyright (C) 2026 The mctp-pcc authors */
/*
 * MCTP packets in a stream of bytes: the framing of DSP0253 1.0
 *
 * Flag, revision, length, packet, check sequence (high byte first), flag. Flag
 * and escape bytes within the packet are escaped. The check sequence covers
 * revision, length and the packet before escaping.
 */
#include "wire.h"

#define SERIAL_FLAG	0x7e
#define SERIAL_ESCAPE	0x7d
#define SERIAL_FLIP	0x20
#define SERIAL_REVISION	0x01
#define SERIAL_FCS_INIT	0xffff

enum { FLAG, REVISION, LENGTH, DATA, ESCAPED, FCS_HIGH, FCS_LOW, END };

static u16 serial_fcs(u16 fcs, u8 byte)
{
	fcs ^= byte;
	for (int bit = 0; bit < 8; bit++)
		fcs = fcs >> 1 ^ (fcs & 1 ? 0x8408 : 0);
	return fcs;
}

size_t serial_frame(u8 *out, const u8 *packet, size_t len)
{
	u16 fcs = serial_fcs(SERIAL_FCS_INIT, SERIAL_REVISION);
	size_t n = 0;

	out[n++] = SERIAL_FLAG;
	out[n++] = SERIAL_REVISION;
	out[n++] = len;
	fcs = serial_fcs(fcs, len);
	for (size_t i = 0; i < len; i++) {
		u8 byte = packet[i];

		fcs = serial_fcs(fcs, byte);
		if (byte == SERIAL_FLAG || byte == SERIAL_ESCAPE) {
			out[n++] = SERIAL_ESCAPE;
			byte ^= SERIAL_FLIP;
		}
		out[n++] = byte;
	}
	out[n++] = fcs >> 8;
	out[n++] = fcs;
	out[n++] = SERIAL_FLAG;
	return n;
}

static void serial_data(struct serial_reader *r, u8 byte)
{
	r->fcs = serial_fcs(r->fcs, byte);
	r->packet[r->n++] = byte;
	r->state = r->n == r->len ? FCS_HIGH : DATA;
}

/* The frame is broken at this byte, which may begin the next one. */
static bool serial_drop(struct serial_reader *r, u8 byte)
{
	r->bad++;
	r->state = byte == SERIAL_FLAG ? REVISION : FLAG;
	return false;
}

/* The last flag may be the next frame's first. */
static bool serial_end(struct serial_reader *r, u8 byte)
{
	if (byte != SERIAL_FLAG || r->fcs != r->want)
		return serial_drop(r, byte);
	r->state = REVISION;
	return true;
}

bool serial_read(struct serial_reader *r, u8 byte)
{
	switch (r->state) {
	case FLAG:
		if (byte == SERIAL_FLAG)
			r->state = REVISION;
		return false;
	case REVISION:
		if (byte == SERIAL_FLAG)
			return false;
		if (byte != SERIAL_REVISION)
			return serial_drop(r, byte);
		r->fcs = serial_fcs(SERIAL_FCS_INIT, byte);
		r->state = LENGTH;
		return false;
	case LENGTH:
		r->fcs = serial_fcs(r->fcs, byte);
		r->len = byte;
		r->n = 0;
		r->state = byte ? DATA : FCS_HIGH;
		return false;
	case DATA:
		if (byte == SERIAL_FLAG)
			return serial_drop(r, byte);	/* it was cut short */
		if (byte == SERIAL_ESCAPE)
			r->state = ESCAPED;
		else
			serial_data(r, byte);
		return false;
	case ESCAPED:
		serial_data(r, byte ^ SERIAL_FLIP);
		return false;
	case FCS_HIGH:
		r->want = byte << 8;
		r->state = FCS_LOW;
		return false;
	case FCS_LOW:
		r->want |= byte;
		r->state = END;
		return false;
	default:
		return serial_end(r, byte);
	}
}
