/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Link 0 in a table that the kernel's PCC mailbox driver refuses.
 *
 * Copyright (C) 2026 The mctp-pcc authors
 */
#define PCCT_NO_INTERRUPT
#include "layout.h"
#include "pcct-header.asl"

#define SS		S0
#define SS_TYPE		03
#define SS_SET		0
#define SS_LATENCY	LINK0_LATENCY
#define SS_TURN		LINK0_TURN
#include "pcct-subspace.asl"

#define SS		S1
#define SS_TYPE		04
#define SS_SET		1
#define SS_LATENCY	LINK0_LATENCY
#define SS_TURN		LINK0_TURN
#include "pcct-subspace.asl"
