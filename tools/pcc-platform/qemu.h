/* SPDX-License-Identifier: GPL-2.0 */
/*
 * QEMU's command line and process
 *
 * Copyright (C) 2026 The mctp-pcc authors
 */
#ifndef PCC_PLATFORM_QEMU_H
#define PCC_PLATFORM_QEMU_H

#include <sys/types.h>

#include "conf.h"
#include "options.h"

/* The whole argument vector, the caller's part first. */
char **qemu_args(const struct options *o, const struct conf *conf);
/* Starts it; it dies with us. Negative if there is no process. */
pid_t qemu_start(char **args);

#endif /* PCC_PLATFORM_QEMU_H */
