/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One subspace of type 2 (ACPI 6.5, 14.1.5), or an extended
 * one (14.1.6). The includer defines:
 *	SS		prefix of its names in layout.h (S0, S1, R3, ...)
 *	SS_TYPE		02 HW-reduced with acknowledge, 03 initiator (outbox)
 *			or 04 responder (inbox)
 *	SS_SET		command update: 0 the OS clears complete, 1 it sets it;
 *			not for type 2, whose status is in the shared memory
 *	SS_LATENCY	nominal latency, us
 *	SS_TURN		minimum request turnaround, us
 *	SS_UPDATE	optional: 1 the command update register is one of its
 *			own, 2 its masks change nothing; not for type 2
 *	SS_UNREADABLE	optional: the command complete register has an access
 *			width that ACPI does not know
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
#if SS_UPDATE == 1
#define SS_UPDATE_REG	REG_UPDATE
#else
#define SS_UPDATE_REG	0
#endif
#if SS_UPDATE == 2
#define SS_PRESERVE	FFFFFFFF
#define SS_SET_MASK	0
#else
#define SS_PRESERVE	FFFFFFFE
#define SS_SET_MASK	SS_SET
#endif
#ifdef SS_UNREADABLE
#define SS_CHECK_ACCESS	05
#else
#define SS_CHECK_ACCESS	03
#endif
#if SS_TYPE == 2
#define SS_LENGTH	5A
#define SS_SIZE_BYTES	0008
#define SS_TURN_BYTES	0002
#define SS_ACK_MASK	ACK Write Mask
#else
#define SS_LENGTH	A4
#define SS_SIZE_BYTES	0004
#define SS_TURN_BYTES	0004
#define SS_ACK_MASK	ACK Set Mask
#endif

[0001]                      Subtable Type : SS_TYPE
[0001]                             Length : SS_LENGTH
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
[0004]                Maximum Access Rate : 00000000
[SS_TURN_BYTES]   Minimum Turnaround Time : SS_TURN
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
#if SS_TYPE != 2
[0008]                           Reserved : 0
[0012]          Command Complete Register : [Generic Address Structure]
[0001]                           Space ID : 00
[0001]                          Bit Width : 20
[0001]                         Bit Offset : 00
[0001]               Encoded Access Width : SS_CHECK_ACCESS
[0008]                            Address : OF(_REGS)
[0008]        Command Complete Check Mask : 1
[0012]            Command Update Register : [Generic Address Structure]
[0001]                           Space ID : 00
[0001]                          Bit Width : 20
[0001]                         Bit Offset : 00
[0001]               Encoded Access Width : 03
[0008]                            Address : (OF(_REGS) + SS_UPDATE_REG)
[0008]       Command Update Preserve Mask : SS_PRESERVE
[0008]            Command Update Set Mask : SS_SET_MASK
[0012]              Error Status Register : [Generic Address Structure]
[0001]                           Space ID : 00
[0001]                          Bit Width : 20
[0001]                         Bit Offset : 00
[0001]               Encoded Access Width : 03
[0008]                            Address : (OF(_REGS) + REG_ERROR)
[0008]                  Error Status Mask : 1
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
#undef SS_PRESERVE
#undef SS_SET_MASK
#undef SS_UNREADABLE
#undef SS_CHECK_ACCESS
#undef SS_LATENCY
#undef SS_TURN
#undef SS_LENGTH
#undef SS_SIZE_BYTES
#undef SS_TURN_BYTES
#undef SS_ACK_MASK
