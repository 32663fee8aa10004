/* SPDX-License-Identifier: GPL-2.0 */
/* Copyright (C) 2026 The mctp-pcc authors */
/* QEMU, and what differs between its machines */
#ifndef PCC_PLATFORM_MACHINE_H
#define PCC_PLATFORM_MACHINE_H

#include <sys/types.h>

#include "base/sock.h"
#include "settings/settings.h"

/* qtest.c: QEMU's qtest protocol, interrupts and writes */
struct qtest {
	struct sock sock;
	unsigned int pending;	/* commands without a reply yet */
	bool failed;		/* a reply was not OK */
	char line[256];		/* a reply, as far as it is there */
};

/* A line, which ends in a newline; no reply is waited for. */
__printf(2, 3)
void qtest_command(struct qtest *q, const char *fmt, ...);
void qtest_irq(struct qtest *q, const char *device, unsigned int pin,
	       bool level);
void qtest_input(struct qtest *q);

/* qemu.c: its command line and process */
struct words {
	char **v;
	size_t n;
};

/* An option, its value behind the first blank. */
__printf(2, 3)
void words_add(struct words *a, const char *fmt, ...);
/* A socket of the run's directory as a character device. */
void words_socket(struct words *a, const struct options *o, const char *name);
/* The whole argument vector, the caller's part first. */
char **qemu_args(const struct options *o, const struct conf *conf);
/* Starts it; it dies with us. Negative if there is no process. */
pid_t qemu_start(char **args);

/* uart.c: a UART whose interrupt all channels share, level-triggered */
/* Listens for QEMU in the directory, if the links have such a line. */
bool uart_open(struct sock *s, struct qtest *q, const char *dir,
	       const struct conf *conf);
void uart_input(struct sock *s);
void uart_raise(void);

/* machine/NAME has one of each of these. */
#define MACHINE_SOCKS	2

/* Sockets of QEMU's beside qtest and the command channel. */
extern struct sock machine_socks[MACHINE_SOCKS];

/* Opens the sockets, writes the guest's tables. False: an error was printed. */
bool machine_open(const struct options *o, struct conf *conf, struct qtest *q,
		  u8 *file);
/* Machine, memory, tables, and the devices that the links and the ports use. */
void machine_args(struct words *w, const struct options *o,
		  const struct conf *conf);
void machine_raise(struct link *l, enum box box);
/* Looks for the doorbells that come by no socket. */
void machine_doorbells(void);
/* How often that is needed, ns; 0: all come by a socket. */
extern const u64 machine_poll_ns;

#endif /* PCC_PLATFORM_MACHINE_H */
