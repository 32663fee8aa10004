/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What differs between the machines: machine/NAME has one of each of these
 *
 * Copyright (C) 2026 The mctp-pcc authors
 */
#ifndef PCC_PLATFORM_MACHINE_H
#define PCC_PLATFORM_MACHINE_H

#include "qemu.h"
#include "qtest.h"
#include "settings/conf.h"
#include "settings/options.h"

#define MACHINE_PORTS	2

/* A socket of QEMU's beside qtest and the command channel. */
struct machine_port {
	struct sock sock;
	void (*input)(struct sock *s);
};

extern struct machine_port machine_ports[MACHINE_PORTS];

/* The ports, and what the guest is to find in the file; false: it was said. */
bool machine_open(const struct options *o, struct conf *conf, struct qtest *q,
		  u8 *file);
/* Machine, memory, tables, and the devices that the links and the ports use. */
void machine_args(struct words *w, const struct options *o,
		  const struct conf *conf);
void machine_raise(struct link *l, enum box box);
/* Hears the doorbells that come by no port. */
void machine_doorbells(void);

#endif /* PCC_PLATFORM_MACHINE_H */
