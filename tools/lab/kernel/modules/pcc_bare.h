/* SPDX-License-Identifier: GPL-2.0 */
/*
 * pcc_bare.h - what pcc_count.ko wants of pcc_bare.ko
 *
 * Copyright (C) 2026 The mctp-pcc authors
 */
#ifndef PCC_BARE_H
#define PCC_BARE_H

/* Hands the ready-made message over. A variable, so that others can get in
 * between, as they can with ndo_start_xmit.
 */
extern void (*pcc_bare_submit)(void);

#endif /* PCC_BARE_H */
