/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Copyright (C) 2026 The mctp-pcc authors
 *
 * What the programs that measure have in common.
 */
#ifndef LAB_MEASURE_H
#define LAB_MEASURE_H

#include <linux/types.h>

#define MSEC 1000000ULL
#define SEC (1000 * MSEC)

/* Nanoseconds of a clock that nobody sets. */
__u64 now_ns(void);

/* A socket for whole MCTP packets on that interface. Exits if there is none. */
int packet_socket(const char *ifname);

#endif
