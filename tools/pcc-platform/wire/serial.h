/* SPDX-License-Identifier: GPL-2.0 */
/* Copyright (C) 2026 The mctp-pcc authors */
/* MCTP packets in a stream of bytes: the framing of DSP0253 1.0 */
#ifndef PCC_PLATFORM_SERIAL_H
#define PCC_PLATFORM_SERIAL_H

#include "base/util.h"

#define SERIAL_PACKET_MAX	255	/* its length is one byte */
/* Flags, revision, length, check sequence; each byte may take two. */
#define SERIAL_FRAME_MAX	(2 * SERIAL_PACKET_MAX + 6)

/**
 * struct serial_reader - the place in the frame that is being read
 * @packet: its bytes, unescaped
 * @len: the length that it announced
 * @n: bytes of @packet read so far
 * @fcs: check sequence of what was read
 * @want: check sequence that the frame has
 * @state: what the next byte is, see serial.c
 * @bad: frames that were dropped
 */
struct serial_reader {
	u8 packet[SERIAL_PACKET_MAX];
	size_t len;
	size_t n;
	u16 fcs;
	u16 want;
	unsigned int state;
	u64 bad;
};

/* Writes a frame of SERIAL_FRAME_MAX bytes at most; returns its length. */
size_t serial_frame(u8 *out, const u8 *packet, size_t len);
/* Takes a byte; true when packet and len hold a packet. */
bool serial_read(struct serial_reader *r, u8 byte);

#endif /* PCC_PLATFORM_SERIAL_H */
