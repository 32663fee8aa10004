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
	char line[256];
	size_t line_len;
};

/* Sets a pin of an interrupt controller; no reply is waited for. */
void qtest_irq(struct qtest *q, const char *device, unsigned int pin,
	       bool level);
void qtest_outb(struct qtest *q, unsigned int port, u8 value);
void qtest_writel(struct qtest *q, u64 address, u32 value);
/* Takes the replies that are there. */
void qtest_input(struct qtest *q);

#endif /* PCC_PLATFORM_QTEST_H */
