/* SPDX-License-Identifier: GPL-2.0 */
/* Copyright (C) 2026 The mctp-pcc authors */
/* The header of a PCC message, on the platform's side */
#ifndef PCC_PLATFORM_PCC_H
#define PCC_PLATFORM_PCC_H

/*
 * Extended PCC shared memory region (ACPI 6.5, 14.3), little endian:
 * signature, flags, length of what follows the length field, command, then
 * the command's data. DSP0292 1.0: the command is the bytes "MCTP" in memory
 * order, the data one MCTP packet.
 */
#define PCC_SIGNATURE		0x50434300u	/* | subspace index */
#define PCC_FLAG_NOTIFY		0x1u		/* notify on completion */
#define PCC_OFF_SIGNATURE	0
#define PCC_OFF_FLAGS		4
#define PCC_OFF_LENGTH		8
#define PCC_OFF_COMMAND		12
#define PCC_HDR_SIZE		16
#define PCC_COMMAND_SIZE	4		/* counted by the length */
#define PCC_COMMAND		"MCTP"

/*
 * Generic communications channel shared memory region (ACPI 6.5, 14.2), of
 * types 0 to 2: signature, command and status, then data to the end. Command
 * and status, 16 bits each, are one word here: bits 7:0 command, 15 notify on
 * completion, 16 command complete, 17 platform interrupt, 18 error, 19 platform
 * notification, the rest reserved.
 */
#define PCC_GENERIC_WORD	4
#define PCC_GENERIC_HDR_SIZE	8
#define PCC_GENERIC_COMMAND	0x000000ffu
#define PCC_GENERIC_NOTIFY	0x00008000u
#define PCC_GENERIC_COMPLETE	0x00010000u
#define PCC_GENERIC_INTERRUPT	0x00020000u
#define PCC_GENERIC_ERROR	0x00040000u

/* Reduced region (ACPI 6.5, 14.4), of type 5: signature, then data. */
#define PCC_REDUCED_HDR_SIZE	4

#endif /* PCC_PLATFORM_PCC_H */
