/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Three links, edge-triggered.
 *
 * Copyright (C) 2026 The mctp-pcc authors
 */
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

#define SS		S2
#define SS_TYPE		03
#define SS_SET		0
#define SS_LATENCY	LINK1_LATENCY
#define SS_TURN		LINK1_TURN
#include "pcct-subspace.asl"

#define SS		S3
#define SS_TYPE		04
#define SS_SET		1
#define SS_LATENCY	LINK1_LATENCY
#define SS_TURN		LINK1_TURN
#include "pcct-subspace.asl"

#define SS		S4
#define SS_TYPE		03
#define SS_SET		0
#define SS_LATENCY	LINK2_LATENCY
#define SS_TURN		LINK2_TURN
#include "pcct-subspace.asl"

#define SS		S5
#define SS_TYPE		04
#define SS_SET		1
#define SS_LATENCY	LINK2_LATENCY
#define SS_TURN		LINK2_TURN
#include "pcct-subspace.asl"
