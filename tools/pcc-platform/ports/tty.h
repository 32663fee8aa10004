/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A serial port of the guest with an endpoint behind it
 *
 * Copyright (C) 2026 The mctp-pcc authors
 */
#ifndef PCC_PLATFORM_TTY_H
#define PCC_PLATFORM_TTY_H

#include "base/sock.h"
#include "endpoint/endpoint.h"
#include "wire/serial.h"

/**
 * struct tty - a serial line and what speaks MCTP on it
 * @sock: the line, QEMU at its other end
 * @reader: the frame that is being read
 * @ep: a built-in endpoint of its own, no link's
 */
struct tty {
	struct sock sock;
	struct serial_reader reader;
	struct endpoint ep;
};

/* NUMBER is the endpoint's in log and UUID. */
void tty_init(struct tty *t, unsigned int number);
/* Takes what the guest sent; the replies are queued on the socket. */
void tty_input(struct tty *t, const u8 *bytes, size_t n);

#endif /* PCC_PLATFORM_TTY_H */
