/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Link 0, and subspaces that no device may bind.
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

#define SS		R2
#define SS_TYPE		02
#define SS_LATENCY	LINK0_LATENCY
#define SS_TURN		0
#include "pcct-subspace.asl"

#define SS		R3
#define SS_TYPE		04
#define SS_SET		1
#define SS_LATENCY	LINK0_LATENCY
#define SS_TURN		LINK0_TURN
#include "pcct-subspace.asl"

#define SS		R4
#define SS_TYPE		03
#define SS_SET		0
#define SS_LATENCY	LINK0_LATENCY
#define SS_TURN		LINK0_TURN
#include "pcct-subspace.asl"

#define SS		R5
#define SS_TYPE		03
#define SS_SET		0
#define SS_LATENCY	LINK0_LATENCY
#define SS_TURN		LINK0_TURN
#include "pcct-subspace.asl"

#define SS		R6
#define SS_TYPE		04
#define SS_SET		1
#define SS_LATENCY	LINK0_LATENCY
#define SS_TURN		LINK0_TURN
#include "pcct-subspace.asl"
