// SPDX-License-Identifier: GPL-2.0
/*
 * The median of many short times
 *
 * Copyright (C) 2026 The mctp-pcc authors
 *
 * A mean would tell of the moments in which this host ran something else.
 */
#include "median.h"

void median_add(struct median *m, u64 ns)
{
	u64 step = ns / MEDIAN_STEP_NS;

	m->n++;
	m->count[step < MEDIAN_STEPS ? step : MEDIAN_STEPS - 1]++;
}

u64 median_ns(const struct median *m)
{
	u32 shorter = 0;
	u64 i;

	if (!m->n)
		return 0;
	for (i = 0; shorter + m->count[i] <= m->n / 2; i++)
		shorter += m->count[i];
	return i * MEDIAN_STEP_NS + MEDIAN_STEP_NS / 2;
}
