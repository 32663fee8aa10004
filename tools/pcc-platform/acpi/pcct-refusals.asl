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

/* Type 2, HW-reduced with acknowledge (ACPI 6.5, 14.1.5): R2. */
#define THIS_REGS	R2_REGS
[0001]                      Subtable Type : 02
[0001]                             Length : 5A
[0004]                 Platform Interrupt : R2_GSI
[0001]              Flags (Decoded Below) : 02
                                 Polarity : 0
                                     Mode : 1
[0001]                           Reserved : 00
[0008]                       Base Address : R2_BASE
[0008]                     Address Length : R2_SIZE
[0012]                  Doorbell Register : [Generic Address Structure]
[0001]                           Space ID : DOORBELL_SPACE
[0001]                          Bit Width : DOORBELL_WIDTH
[0001]                         Bit Offset : 00
[0001]               Encoded Access Width : DOORBELL_ACCESS
[0008]                            Address : DOORBELL_ADDRESS
[0008]                      Preserve Mask : 0
[0008]                         Write Mask : (R2_INDEX + 1)
[0004]                    Command Latency : LINK0_LATENCY
[0004]                Maximum Access Rate : 00000000
[0002]            Minimum Turnaround Time : 0000
[0012]              Platform ACK Register : [Generic Address Structure]
[0001]                           Space ID : 00
[0001]                          Bit Width : 20
[0001]                         Bit Offset : 00
[0001]               Encoded Access Width : 03
[0008]                            Address : (R2_REGS + REG_ACK)
[0008]                  ACK Preserve Mask : FFFFFFFE
[0008]                     ACK Write Mask : 0
#undef THIS_REGS

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
