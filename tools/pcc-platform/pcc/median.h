/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The median of many short times
 *
 * Copyright (C) 2026 The mctp-pcc authors
 */
#ifndef PCC_PLATFORM_MEDIAN_H
#define PCC_PLATFORM_MEDIAN_H

#include "base/util.h"

#define MEDIAN_STEP_NS	128
#define MEDIAN_STEPS	8192

/**
 * struct median - how often each time occurred; all zero is an empty one
 * @n: how many times there are
 * @count: those from so many steps on, the last has all that are longer
 */
struct median {
	u32 n;
	u32 count[MEDIAN_STEPS];
};

void median_add(struct median *m, u64 ns);
/* Nanoseconds, to half a step; 0: there is none. */
u64 median_ns(const struct median *m);

#endif /* PCC_PLATFORM_MEDIAN_H */
