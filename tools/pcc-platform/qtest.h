/* SPDX-License-Identifier: GPL-2.0 */
/*
 * QEMU's qtest protocol: interrupts and port writes
 *
 * Copyright (C) 2026 The mctp-pcc authors
 */
#ifndef PCC_PLATFORM_QTEST_H
#define PCC_PLATFORM_QTEST_H

#include "sock.h"

struct qtest {
	struct sock sock;
	unsigned int pending;	/* commands without a reply yet */
	bool failed;		/* a reply was not OK */
	char line[256];
	size_t line_len;
};

/* A rising edge on an I/O APIC pin; no reply is waited for. */
void qtest_edge(struct qtest *q, unsigned int gsi);
void qtest_outb(struct qtest *q, unsigned int port, u8 value);
/* Takes the replies that are there. */
void qtest_input(struct qtest *q);

#endif /* PCC_PLATFORM_QTEST_H */
