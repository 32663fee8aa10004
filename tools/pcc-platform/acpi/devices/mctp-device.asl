/* SPDX-License-Identifier: GPL-2.0 */
/* Copyright (C) 2026 The mctp-pcc authors */
/*
 * The parts of a DMT0001 device
 *
 * iasl 20200925 cannot spell DWordPCC, so the resources are written as bytes:
 * a 32-bit address space descriptor (ACPI 6.5, 6.4.3.5.2: large tag 0x87,
 * length 23) of type 0x0A, platform communication channel, general flags 0x0C
 * (minimum and maximum fixed), minimum = maximum = subspace index, length 1.
 * Then the end tag (6.4.2.9).
 */
#define PCC(index)						\
	0x87, 0x17, 0x00, 0x0A, 0x0C, 0x00,			\
	0x00, 0x00, 0x00, 0x00, index, 0x00, 0x00, 0x00,	\
	index, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,	\
	0x01, 0x00, 0x00, 0x00
#define END_TAG		0x79, 0x00

/* The same fields in a memory-type descriptor, as firmware in the field has. */
#define DWORD_MEMORY(index)					\
	DWordMemory (ResourceConsumer, PosDecode, MinFixed, MaxFixed,	\
		     NonCacheable, ReadWrite, 0, index, index, 0, 1)

/*
 * What the file of a description's device= may use: LINK, OUTBOX and INBOX, the
 * numbers of the link and of its subspaces, and a name that ends in the first.
 */
#define LINK_PASTE2(a, b)	a##b
#define LINK_PASTE(a, b)	LINK_PASTE2 (a, b)
#define LINK_NAME(abc)		LINK_PASTE (abc, LINK)

#define MCTP_DEVICE(name, uid, text)				\
	Device (name) {						\
		Name (_HID, "DMT0001")				\
		Name (_UID, uid)				\
		Name (_STR, Unicode (text))
#define MCTP_DEVICE_END	}
