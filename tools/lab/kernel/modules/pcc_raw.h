/* SPDX-License-Identifier: GPL-2.0 */
/*
 * pcc_raw.h - what pcc_span.ko wants of pcc_raw.ko
 *
 * Copyright (C) 2026 The mctp-pcc authors
 */
#ifndef PCC_RAW_H
#define PCC_RAW_H

/* Hands the ready-made message over. A variable, so that others can get in
 * between, as they can with ndo_start_xmit.
 */
extern void (*pcc_raw_submit)(void);

#endif /* PCC_RAW_H */
