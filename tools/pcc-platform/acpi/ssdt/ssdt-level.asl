/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Link 0, interrupted by a UART that no driver may take.
 *
 * Copyright (C) 2026 The mctp-pcc authors
 */
#include "layout.h"
#include "mctp-device.asl"

DefinitionBlock ("", "SSDT", 2, "MCTPPC", "LEVEL", 1)
{
	External (\_SB.PCI0.SF8.COM4._STA, IntObj)

	/*
	 * QEMU's own table lists the UART. Not present, it is not taken for
	 * a serial port, the console's perhaps. Runs when the table is loaded.
	 */
	\_SB.PCI0.SF8.COM4._STA = Zero

	Scope (\_SB) {
		MCTP_DEVICE (MCP0, Zero, "MCTP link 0")
			Name (_CRS, Buffer () {
				PCC (S0_INDEX), PCC (S1_INDEX), END_TAG
			})
		MCTP_DEVICE_END
	}
}
