/* SPDX-License-Identifier: GPL-2.0 */
/*
 * QEMU's qtest protocol: interrupts and writes
 *
 * Copyright (C) 2026 The mctp-pcc authors
 */
#ifndef PCC_PLATFORM_QTEST_H
#define PCC_PLATFORM_QTEST_H

#include "base/sock.h"

struct qtest {
	struct sock sock;
	unsigned int pending;	/* commands without a reply yet */
	bool failed;		/* a reply was not OK */
	char line[256];		/* a reply, as far as it is there */
};

/* A line, which ends in a newline; no reply is waited for. */
__printf(2, 3)
void qtest_command(struct qtest *q, const char *fmt, ...);
/* Sets a pin of an interrupt controller. */
void qtest_irq(struct qtest *q, const char *device, unsigned int pin,
	       bool level);
/* Takes the replies that are there. */
void qtest_input(struct qtest *q);

#endif /* PCC_PLATFORM_QTEST_H */
