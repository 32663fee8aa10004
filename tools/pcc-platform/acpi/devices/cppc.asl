/* SPDX-License-Identifier: GPL-2.0 */
/* Copyright (C) 2026 The mctp-pcc authors */
/*
 * What the kernel's cppc_acpi (CONFIG_ACPI_CPPC_LIB) looks for: an _OSC that grants
 * all, and the _CPC of the first processor (ACPI 6.5, 8.4.6.1), whose registers are
 * in the PCC subspace, behind its header of 8 bytes.
 */
#define CPPC_REGISTER(width, offset)	\
	ResourceTemplate () { Register (PCC, width, 0, offset, OUTBOX) }
#define CPPC_NONE	ResourceTemplate () { Register (SystemMemory, 0, 0, 0, 0) }

Method (_OSC, 4, NotSerialized) { Return (Arg3) }
External (\_SB.CPUS.C000, DeviceObj)
Scope (\_SB.CPUS.C000)
{
	Name (_CPC, Package (21) {
		21, 2,
		CPPC_REGISTER (32, 0x00),	/* highest performance */
		CPPC_REGISTER (32, 0x04),	/* nominal */
		CPPC_REGISTER (32, 0x08),	/* lowest nonlinear */
		CPPC_REGISTER (32, 0x0C),	/* lowest */
		CPPC_NONE,			/* guaranteed */
		CPPC_REGISTER (32, 0x10),	/* desired */
		CPPC_NONE, CPPC_NONE,		/* minimum, maximum */
		CPPC_NONE, CPPC_NONE,		/* tolerance, time window */
		CPPC_NONE,			/* wraparound time */
		CPPC_REGISTER (64, 0x18),	/* reference counter */
		CPPC_REGISTER (64, 0x20),	/* delivered counter */
		CPPC_REGISTER (32, 0x28),	/* performance limited */
		CPPC_NONE,			/* enable */
		CPPC_NONE, CPPC_NONE,		/* autonomous selection */
		CPPC_NONE,			/* energy preference */
		CPPC_NONE			/* reference performance */
	})
}
