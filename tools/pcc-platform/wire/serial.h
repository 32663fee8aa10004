/* SPDX-License-Identifier: GPL-2.0 */
/* Copyright (C) 2026 The mctp-pcc authors */
/* MCTP packets in a stream of bytes: the framing of DSP0253 1.0 */
#ifndef PCC_PLATFORM_SERIAL_H
#define PCC_PLATFORM_SERIAL_H

#include "base/util.h"

#define SERIAL_PACKET_MAX	255	/* its length is one byte */
/* Flags, revision, length, check sequence; each byte may take two. */
#define SERIAL_FRAME_MAX	(2 * SERIAL_PACKET_MAX + 6)

/* The place in the frame that is being read */
struct serial_reader {
	u8 packet[SERIAL_PACKET_MAX];	/* its bytes, unescaped */
	size_t len;		/* the length that it announced */
	size_t n;		/* bytes of @packet read so far */
	u16 fcs;		/* check sequence of what was read */
	u16 want;		/* check sequence that the frame has */
	unsigned int state;	/* what the next byte is, see serial.c */
	u64 bad;		/* frames that were dropped */
};

/* Writes a frame of SERIAL_FRAME_MAX bytes at most; returns its length. */
size_t serial_frame(u8 *out, const u8 *packet, size_t len);
/* Takes a byte; true when packet and len hold a packet. */
bool serial_read(struct serial_reader *r, u8 byte);

#endif /* PCC_PLATFORM_SERIAL_H */
