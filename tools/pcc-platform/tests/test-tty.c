// SPDX-License-Identifier: GPL-2.0
/* Copyright (C) 2026 The mctp-pcc authors */
/* The serial port with an endpoint behind it */
#include <stdlib.h>
#include <string.h>

#include "ports/ports.h"
#include "test.h"

/* Get Endpoint ID of EID 8, framed, and the answer: no EID yet, simple. */
static const char request[] =
	"7e 01 07 01 00 08 c8 00 80 02 2bc1 7e";
static const u8 answer[] = {
	0x01, 0x08, 0x00, 0xc0, 0x00, 0x00, 0x02, 0x00, 0x00, 0x00, 0x00,
};

static void tty_hex(struct tty *t, const char *hex)
{
	u8 bytes[1024];

	tty_input(t, bytes, test_hex(bytes, hex));
}

/* How many of the frames on the line hold that packet; empties the line. */
static unsigned int tty_count(struct tty *t, const u8 *packet, size_t len)
{
	struct serial_reader r = { 0 };
	unsigned int n = 0;

	for (size_t i = 0; i < t->sock.out_len; i++)
		if (serial_read(&r, t->sock.out[i]))
			n += r.len == len && !memcmp(r.packet, packet, len);
	CHECK(!r.bad);
	t->sock.out_len = 0;
	return n;
}

/* A message of 2,000 bytes comes back in packets that mctp-serial takes. */
static void test_tty_load(struct tty *t)
{
	u8 msg[2000], packet[68] = { 1, 0, 8 }, frame[SERIAL_FRAME_MAX];
	struct serial_reader r = { 0 };
	size_t bytes = 0;

	load_build(msg, sizeof(msg), 1);
	put_le32(msg + 10, sizeof(msg) - 1);
	for (size_t at = 0; at < sizeof(msg); at += 64) {
		size_t n = sizeof(msg) - at < 64 ? sizeof(msg) - at : 64;

		packet[3] = test_flags(at, sizeof(msg), 64, 0);
		memcpy(packet + 4, msg + at, n);
		tty_input(t, frame, serial_frame(frame, packet, n + 4));
	}
	for (size_t i = 0; i < t->sock.out_len; i++) {
		if (!serial_read(&r, t->sock.out[i]))
			continue;
		CHECK(r.len <= 68, "a packet of %zu bytes", r.len);
		bytes += r.len - 4;
	}
	CHECK(bytes == sizeof(msg) && !t->ep.bad_messages, "%zu bytes", bytes);
	t->sock.out_len = 0;
}

void test_tty(void)
{
	struct tty t = { .sock.fd = -1 };

	tty_init(&t, 3);
	tty_hex(&t, request);
	CHECK(tty_count(&t, answer, sizeof(answer)) == 1);
	/* in pieces, behind noise, and two with one flag between them */
	tty_hex(&t, "00 12 7e 01 07 01 00");
	CHECK(!t.sock.out_len);
	tty_hex(&t, "08 c8 00 80 02 2bc1");
	tty_hex(&t, "7e 01 07 01 00 08 c8 00 80 02 2bc1 7e");
	CHECK(tty_count(&t, answer, sizeof(answer)) == 2);
	/* a wrong check sequence, a packet without a message */
	tty_hex(&t, "7e 01 07 01 00 08 c8 00 80 03 2bc1 7e");
	tty_hex(&t, "7e 01 00 e960 7e");
	CHECK(!t.sock.out_len && t.reader.bad);
	test_tty_load(&t);
	endpoint_free(&t.ep);
	free(t.sock.out);
}
