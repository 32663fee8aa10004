/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One subspace of type 0, 1 or 2 (ACPI 6.5, 14.1.3 to 14.1.5), or an extended
 * one (14.1.6). The includer defines:
 *	SS		prefix of its names in layout.h (S0, S1, R3, ...)
 *	SS_TYPE		00 generic, without an interrupt, 01 HW-reduced, 02
 *			HW-reduced with acknowledge, 03 initiator (outbox)
 *			or 04 responder (inbox)
 *	SS_SET		command update: 0 the OS clears complete, 1 it sets it;
 *			not for type 2, whose status is in the shared memory
 *	SS_LATENCY	nominal latency, us
 *	SS_TURN		minimum request turnaround, us
 *	SS_UPDATE	optional: 1 the command update register is one of its
 *			own, 2 its masks change nothing; not for type 2
 *	SS_REGISTERS	optional: 1 of 64 bits, and the bit is one of the upper
 *			half; 2 one for all to check, and updates go to the
 *			doorbell's; not for type 2
 *	SS_UNREADABLE	optional: the command complete register has an access
 *			width that ACPI does not know
 *	SS_RATE		optional, of type 1: marks one that stands for one of a
 *			type that iasl does not know, see put-type5
 *	SS_LEVEL	defined: level-triggered, shared, acknowledged by an
 *			RBR read of the UART
 *
 * Copyright (C) 2026 The mctp-pcc authors
 */
#define PASTE2(a, b)	a ## b
#define PASTE(a, b)	PASTE2(a, b)
#define OF(name)	PASTE(SS, name)
#define THIS_REGS	OF(_REGS)	/* for the machine's doorbell */
#ifndef SS_UPDATE
#define SS_UPDATE	0
#endif
#ifndef SS_RATE
#define SS_RATE		00000000
#endif
#ifndef SS_REGISTERS
#define SS_REGISTERS	0
#endif
#if SS_REGISTERS == 1
#define SS_WIDTH	40
#define SS_ACCESS	04
#define SS_CHECK_REG	(OF(_REGS) + REG_WIDE)
#define SS_OWN_REG	(OF(_REGS) + REG_WIDE_UPDATE)
#define SS_ERROR_REG	(OF(_REGS) + REG_WIDE_ERROR)
#define SS_BIT		0000000100000000
#define SS_OTHERS	FFFFFFFEFFFFFFFF
#else
#define SS_WIDTH	20
#define SS_ACCESS	03
#define SS_OWN_REG	(OF(_REGS) + REG_UPDATE)
#define SS_ERROR_REG	(OF(_REGS) + REG_ERROR)
#define SS_OTHERS	FFFFFFFE
#if SS_REGISTERS == 2
#define SS_CHECK_REG	(REG_BASE + REG_SHARED)
#define SS_BIT		(1 << OF(_INDEX))
#else
#define SS_CHECK_REG	OF(_REGS)
#define SS_BIT		1
#endif
#endif
#if SS_UPDATE == 1
#define SS_UPDATE_REG	SS_OWN_REG
#else
#define SS_UPDATE_REG	SS_CHECK_REG
#endif
#if SS_REGISTERS == 2
#define SS_PRESERVE	0
#define SS_SET_MASK	(RING_UPDATE + OF(_INDEX) + 1)
#elif SS_UPDATE == 2
#define SS_PRESERVE	FFFFFFFFFFFFFFFF
#define SS_SET_MASK	0
#else
#define SS_PRESERVE	SS_OTHERS
#if SS_SET
#define SS_SET_MASK	SS_BIT
#else
#define SS_SET_MASK	0
#endif
#endif
#ifdef SS_UNREADABLE
#define SS_CHECK_ACCESS	05
#else
#define SS_CHECK_ACCESS	SS_ACCESS
#endif
#if SS_TYPE < 2
#define SS_LENGTH	3E
#elif SS_TYPE == 2
#define SS_LENGTH	5A
#else
#define SS_LENGTH	A4
#endif
#if SS_TYPE <= 2
#define SS_SIZE_BYTES	0008
#define SS_TURN_BYTES	0002
#define SS_ACK_MASK	ACK Write Mask
#else
#define SS_SIZE_BYTES	0004
#define SS_TURN_BYTES	0004
#define SS_ACK_MASK	ACK Set Mask
#endif

[0001]                      Subtable Type : SS_TYPE
[0001]                             Length : SS_LENGTH
#if SS_TYPE == 0
[0006]                           Reserved : 000000000000
#else
#ifdef SS_LEVEL
[0004]                 Platform Interrupt : UART_IRQ
[0001]              Flags (Decoded Below) : 00
                                 Polarity : 0
                                     Mode : 0
#else
[0004]                 Platform Interrupt : OF(_GSI)
[0001]              Flags (Decoded Below) : 02
                                 Polarity : 0
                                     Mode : 1
#endif
[0001]                           Reserved : 00
#endif
[0008]                       Base Address : OF(_BASE)
[SS_SIZE_BYTES]            Address Length : OF(_SIZE)

[0012]                  Doorbell Register : [Generic Address Structure]
[0001]                           Space ID : DOORBELL_SPACE
[0001]                          Bit Width : DOORBELL_WIDTH
[0001]                         Bit Offset : 00
[0001]               Encoded Access Width : DOORBELL_ACCESS
[0008]                            Address : DOORBELL_ADDRESS
[0008]                      Preserve Mask : 0
[0008]                         Write Mask : (OF(_INDEX) + 1)
[0004]                    Command Latency : SS_LATENCY
[0004]                Maximum Access Rate : SS_RATE
[SS_TURN_BYTES]   Minimum Turnaround Time : SS_TURN
#if SS_TYPE >= 2
#ifdef SS_LEVEL
[0012]              Platform ACK Register : [Generic Address Structure]
[0001]                           Space ID : 01
[0001]                          Bit Width : 08
[0001]                         Bit Offset : 00
[0001]               Encoded Access Width : 01
[0008]                            Address : UART_PORT
[0008]                  ACK Preserve Mask : 0
[0008]                        SS_ACK_MASK : 0
#else
/* Edge needs no acknowledge; it tells the platform that one was taken. */
[0012]              Platform ACK Register : [Generic Address Structure]
[0001]                           Space ID : 00
[0001]                          Bit Width : 20
[0001]                         Bit Offset : 00
[0001]               Encoded Access Width : 03
[0008]                            Address : (OF(_REGS) + REG_ACK)
[0008]                  ACK Preserve Mask : FFFFFFFE
[0008]                        SS_ACK_MASK : 0
#endif
#endif
#if SS_TYPE > 2
[0008]                           Reserved : 0
[0012]          Command Complete Register : [Generic Address Structure]
[0001]                           Space ID : 00
[0001]                          Bit Width : SS_WIDTH
[0001]                         Bit Offset : 00
[0001]               Encoded Access Width : SS_CHECK_ACCESS
[0008]                            Address : SS_CHECK_REG
[0008]        Command Complete Check Mask : SS_BIT
[0012]            Command Update Register : [Generic Address Structure]
#if SS_REGISTERS == 2
[0001]                           Space ID : DOORBELL_SPACE
[0001]                          Bit Width : DOORBELL_WIDTH
[0001]                         Bit Offset : 00
[0001]               Encoded Access Width : DOORBELL_ACCESS
[0008]                            Address : DOORBELL_ADDRESS
#else
[0001]                           Space ID : 00
[0001]                          Bit Width : SS_WIDTH
[0001]                         Bit Offset : 00
[0001]               Encoded Access Width : SS_ACCESS
[0008]                            Address : SS_UPDATE_REG
#endif
[0008]       Command Update Preserve Mask : SS_PRESERVE
[0008]            Command Update Set Mask : SS_SET_MASK
[0012]              Error Status Register : [Generic Address Structure]
[0001]                           Space ID : 00
[0001]                          Bit Width : SS_WIDTH
[0001]                         Bit Offset : 00
[0001]               Encoded Access Width : SS_ACCESS
[0008]                            Address : SS_ERROR_REG
#if SS_REGISTERS == 1
[0008]                  Error Status Mask : SS_BIT
#else
[0008]                  Error Status Mask : 1
#endif
#endif

#undef PASTE2
#undef PASTE
#undef OF
#undef THIS_REGS
#undef SS
#undef SS_TYPE
#undef SS_SET
#undef SS_UPDATE
#undef SS_UPDATE_REG
#undef SS_REGISTERS
#undef SS_WIDTH
#undef SS_ACCESS
#undef SS_CHECK_REG
#undef SS_OWN_REG
#undef SS_ERROR_REG
#undef SS_BIT
#undef SS_OTHERS
#undef SS_PRESERVE
#undef SS_SET_MASK
#undef SS_UNREADABLE
#undef SS_LEVEL
#undef SS_RATE
#undef SS_CHECK_ACCESS
#undef SS_LATENCY
#undef SS_TURN
#undef SS_LENGTH
#undef SS_SIZE_BYTES
#undef SS_TURN_BYTES
#undef SS_ACK_MASK
