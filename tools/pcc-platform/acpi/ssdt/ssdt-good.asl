/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Three links.
 *
 * Copyright (C) 2026 The mctp-pcc authors
 */
#include "layout.h"
#include "mctp-device.asl"

DefinitionBlock ("", "SSDT", 2, "MCTPPC", "GOOD", 1)
{
	Scope (\_SB) {
		MCTP_DEVICE (MCP0, Zero, "MCTP link 0")
			Name (_CRS, Buffer () {
				PCC (S0_INDEX), PCC (S1_INDEX), END_TAG
			})
		MCTP_DEVICE_END

		MCTP_DEVICE (MCP1, One, "MCTP link 1")
			Name (_CRS, ResourceTemplate () {
				DWORD_MEMORY (S2_INDEX)
				DWORD_MEMORY (S3_INDEX)
			})
		MCTP_DEVICE_END

		MCTP_DEVICE (MCP2, 2, "MCTP link 2")
			Name (_CRS, Buffer () {
				PCC (S4_INDEX), PCC (S5_INDEX), END_TAG
			})
		MCTP_DEVICE_END
	}
}
