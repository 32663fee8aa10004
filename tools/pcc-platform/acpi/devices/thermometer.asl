/* SPDX-License-Identifier: GPL-2.0 */
/* Copyright (C) 2026 The mctp-pcc authors */
/*
 * Each reading of `sun` in sysfs is three commands of the kernel's own client,
 * the PCC operation region: read, set one tenth higher, read. Fields are written
 * as buffers: ACPICA takes an integer's value for a buffer's address.
 */
Device (LINK_NAME (THM))
{
	Name (_HID, "MPCC0001")
	Name (_UID, LINK)
	OperationRegion (TREG, PCC, OUTBOX, 0x14)
	Field (TREG, ByteAcc, NoLock, Preserve) {
		TSIG, 32, TFLG, 32, TLEN, 32, TCMD, 32, TDAT, 32
	}
	Method (TRUN, 1, Serialized) {
		TSIG = ToBuffer (0x50434300 | OUTBOX)
		TFLG = ToBuffer (1)
		TLEN = ToBuffer (8)
		TCMD = ToBuffer (Arg0)
	}
	Method (_SUN, 0, Serialized) {
		TRUN (1)
		TDAT = ToBuffer (TDAT + 1)
		TRUN (2)
		TRUN (1)
		Return (TDAT)
	}
}
