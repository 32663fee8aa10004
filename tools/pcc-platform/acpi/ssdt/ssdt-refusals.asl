/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Link 0, one device for each refusal, and one more.
 *
 * Copyright (C) 2026 The mctp-pcc authors
 *
 * The kernel numbers DMT0001:NN in this order; _UID is NN too.
 *	00 link 0
 *	01 one descriptor
 *	02 three descriptors
 *	03 equal indices
 *	04 an index that the PCCT does not have
 *	05 a swapped pair: type 4 first, type 3 second
 *	06 outbox of type 2
 *	07 outbox of 83 bytes
 *	08 names link 0's inbox
 *	09 no _CRS
 *	0a a _CRS without any address descriptor
 *	0b inbox of 83 bytes
 *	0c names link 0's outbox: not refused, but cannot be up beside it
 */
#include "layout.h"
#include "mctp-device.asl"

DefinitionBlock ("", "SSDT", 2, "MCTPPC", "REFUSALS", 1)
{
	Scope (\_SB) {
		MCTP_DEVICE (MCP0, Zero, "MCTP link 0")
			Name (_CRS, Buffer () {
				PCC (S0_INDEX), PCC (S1_INDEX), END_TAG
			})
		MCTP_DEVICE_END

		MCTP_DEVICE (MCP1, One, "one descriptor")
			Name (_CRS, Buffer () {
				PCC (R5_INDEX), END_TAG
			})
		MCTP_DEVICE_END

		MCTP_DEVICE (MCP2, 2, "three descriptors")
			Name (_CRS, Buffer () {
				PCC (R5_INDEX), PCC (R3_INDEX), PCC (R6_INDEX),
				END_TAG
			})
		MCTP_DEVICE_END

		MCTP_DEVICE (MCP3, 3, "equal indices")
			Name (_CRS, Buffer () {
				PCC (R5_INDEX), PCC (R5_INDEX), END_TAG
			})
		MCTP_DEVICE_END

		MCTP_DEVICE (MCP4, 4, "missing index")
			Name (_CRS, Buffer () {
				PCC (R5_INDEX), PCC (R_MISSING), END_TAG
			})
		MCTP_DEVICE_END

		MCTP_DEVICE (MCP5, 5, "swapped pair")
			Name (_CRS, Buffer () {
				PCC (R3_INDEX), PCC (R5_INDEX), END_TAG
			})
		MCTP_DEVICE_END

		MCTP_DEVICE (MCP6, 6, "outbox of type 2")
			Name (_CRS, Buffer () {
				PCC (R2_INDEX), PCC (R3_INDEX), END_TAG
			})
		MCTP_DEVICE_END

		MCTP_DEVICE (MCP7, 7, "outbox of 83 bytes")
			Name (_CRS, Buffer () {
				PCC (R4_INDEX), PCC (R3_INDEX), END_TAG
			})
		MCTP_DEVICE_END

		MCTP_DEVICE (MCP8, 8, "names link 0's inbox")
			Name (_CRS, Buffer () {
				PCC (R5_INDEX), PCC (S1_INDEX), END_TAG
			})
		MCTP_DEVICE_END

		MCTP_DEVICE (MCP9, 9, "no _CRS")
		MCTP_DEVICE_END

		MCTP_DEVICE (MCPA, 10, "no address descriptor")
			Name (_CRS, ResourceTemplate () {
				IO (Decode16, 0x730, 0x730, 1, 1)
			})
		MCTP_DEVICE_END

		MCTP_DEVICE (MCPB, 11, "inbox of 83 bytes")
			Name (_CRS, Buffer () {
				PCC (R5_INDEX), PCC (R6_INDEX), END_TAG
			})
		MCTP_DEVICE_END

		MCTP_DEVICE (MCPC, 12, "names link 0's outbox")
			Name (_CRS, Buffer () {
				PCC (S0_INDEX), PCC (R3_INDEX), END_TAG
			})
		MCTP_DEVICE_END
	}
}
