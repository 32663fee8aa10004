/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Link 0 on one shared, level-triggered line.
 *
 * Copyright (C) 2026 The mctp-pcc authors
 */
#include "layout.h"
#include "pcct-header.asl"

#define SS_LEVEL
#define SS		S0
#define SS_TYPE		03
#define SS_SET		0
#define SS_LATENCY	LINK0_LATENCY
#define SS_TURN		LINK0_TURN
#include "pcct-subspace.asl"

#define SS_LEVEL
#define SS		S1
#define SS_TYPE		04
#define SS_SET		1
#define SS_LATENCY	LINK0_LATENCY
#define SS_TURN		LINK0_TURN
#include "pcct-subspace.asl"
