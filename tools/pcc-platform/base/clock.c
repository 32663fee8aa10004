// SPDX-License-Identifier: GPL-2.0
/*
 * The time; the host tests have one of their own
 *
 * Copyright (C) 2026 The mctp-pcc authors
 */
#include <time.h>

#include "util.h"

u64 now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * NSEC_PER_SEC + ts.tv_nsec;
}
