/* SPDX-License-Identifier: GPL-2.0 */
/* Copyright (C) 2026 The mctp-pcc authors */
/*
 * The device of the kernel's xgene-hwmon (CONFIG_SENSORS_XGENE): a property
 * names its PCC subspace. Its files in /sys/class/hwmon are each a command of
 * type 1 or 2, the power's two.
 */
Device (LINK_NAME (XGE))
{
	Name (_HID, "APMC0D29")
	Name (_UID, LINK)
	Name (_DSD, Package () {
		ToUUID ("daffd814-6eba-4d8c-8a91-bc9bbf4aa301"),
		Package () { Package () { "pcc-channel", OUTBOX } }
	})
}
