/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A UART whose interrupt all channels share: level-triggered
 *
 * Copyright (C) 2026 The mctp-pcc authors
 */
#ifndef PCC_PLATFORM_UART_H
#define PCC_PLATFORM_UART_H

#include "qtest.h"
#include "settings/conf.h"

/* Listens for QEMU in the directory, if the links have such a line. */
bool uart_open(struct sock *s, struct qtest *q, const char *dir,
	       const struct conf *conf);
void uart_input(struct sock *s);
void uart_raise(void);

#endif /* PCC_PLATFORM_UART_H */
