// SPDX-License-Identifier: GPL-2.0
/* Copyright (C) 2026 The mctp-pcc authors */
/*
 * A serial port of the guest with an endpoint behind it
 *
 * The same endpoint as behind a link, so that the kernel's mctp-serial has the
 * same peer as the driver.
 */
#include "base/log.h"
#include "ports.h"
#include "wire/wire.h"

#define TTY_PACKET_MAX	(MCTP_HDR_SIZE + MCTP_BASELINE_UNIT)

static void tty_send(void *arg, const u8 *packet, size_t len)
{
	struct tty *t = arg;
	u8 frame[SERIAL_FRAME_MAX];

	capture_packet(t->ep.link, false, packet, len);
	sock_queue(&t->sock, frame, serial_frame(frame, packet, len));
}

void tty_init(struct tty *t, unsigned int number)
{
	t->reader = (struct serial_reader){ 0 };
	endpoint_init(&t->ep, number, TTY_PACKET_MAX, tty_send, t);
}

static void tty_packet(struct tty *t)
{
	const struct serial_reader *r = &t->reader;

	if (r->len < MCTP_PACKET_MIN) {
		log_line("serial: packet of %zu bytes dropped", r->len);
		return;
	}
	capture_packet(t->ep.link, true, r->packet, r->len);
	endpoint_receive(&t->ep, r->packet, r->len);
}

void tty_input(struct tty *t, const u8 *bytes, size_t n)
{
	u64 before = t->reader.bad;

	for (size_t i = 0; i < n; i++)
		if (serial_read(&t->reader, bytes[i]))
			tty_packet(t);
	if (t->reader.bad != before)
		log_line("serial: bad frames: %llu", t->reader.bad - before);
}
