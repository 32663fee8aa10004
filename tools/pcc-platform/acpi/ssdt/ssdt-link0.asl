/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The device of link 0 alone (no-pcct, no-core).
 *
 * Copyright (C) 2026 The mctp-pcc authors
 */
#include "layout.h"
#include "mctp-device.asl"

DefinitionBlock ("", "SSDT", 2, "MCTPPC", "LINK0", 1)
{
	Scope (\_SB) {
		MCTP_DEVICE (MCP0, Zero, "MCTP link 0")
			Name (_CRS, Buffer () {
				PCC (S0_INDEX), PCC (S1_INDEX), END_TAG
			})
		MCTP_DEVICE_END
	}
}
