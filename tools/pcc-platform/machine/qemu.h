/* SPDX-License-Identifier: GPL-2.0 */
/*
 * QEMU's command line and process
 *
 * Copyright (C) 2026 The mctp-pcc authors
 */
#ifndef PCC_PLATFORM_QEMU_H
#define PCC_PLATFORM_QEMU_H

#include <sys/types.h>

#include "settings/conf.h"
#include "settings/options.h"

struct words {
	char **v;
	size_t n;
};

/* One more word. */
__printf(2, 3)
void words_add(struct words *a, const char *fmt, ...);
/* An option and its value. */
__printf(3, 4)
void words_option(struct words *a, const char *option, const char *fmt, ...);
/* A socket of the run's directory as a character device. */
void words_socket(struct words *a, const struct options *o, const char *name);
/* The whole argument vector, the caller's part first. */
char **qemu_args(const struct options *o, const struct conf *conf);
/* Starts it; it dies with us. Negative if there is no process. */
pid_t qemu_start(char **args);

#endif /* PCC_PLATFORM_QEMU_H */
