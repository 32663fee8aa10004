/* SPDX-License-Identifier: GPL-2.0 */
/* Copyright (C) 2026 The mctp-pcc authors */
/* The board: processors, console, and the transport of the command channel. */
#include "layout.h"

#define PROCESSOR(name, uid)						\
	Device (name) {							\
		Name (_HID, "ACPI0007")					\
		Name (_UID, uid)					\
	}

DefinitionBlock ("", "DSDT", 2, "MCTPPC", "VIRT", 1)
{
	Scope (\_SB) {
		/* those that the MADT lacks are not there */
		PROCESSOR (CPU0, 0)
		PROCESSOR (CPU1, 1)
		PROCESSOR (CPU2, 2)
		PROCESSOR (CPU3, 3)
		PROCESSOR (CPU4, 4)
		PROCESSOR (CPU5, 5)
		PROCESSOR (CPU6, 6)
		PROCESSOR (CPU7, 7)

		Device (COM0) {
			Name (_HID, "ARMH0011")
			Name (_UID, Zero)
			Name (_CRS, ResourceTemplate () {
				Memory32Fixed (ReadWrite, CONSOLE_BASE, 0x1000)
				Interrupt (ResourceConsumer, Level, ActiveHigh,
					   Exclusive) { CONSOLE_GSI }
			})
		}

		Device (VIO0) {
			Name (_HID, "LNRO0005")
			Name (_UID, Zero)
			Name (_CCA, One)
			Name (_CRS, ResourceTemplate () {
				Memory32Fixed (ReadWrite, VIRTIO_BASE, 0x200)
				Interrupt (ResourceConsumer, Level, ActiveHigh,
					   Exclusive) { VIRTIO_GSI }
			})
		}
	}
}
