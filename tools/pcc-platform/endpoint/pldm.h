/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the PLDM types share
 *
 * Copyright (C) 2026 The mctp-pcc authors
 */
#ifndef PCC_PLATFORM_PLDM_H
#define PCC_PLATFORM_PLDM_H

#include "endpoint.h"

/* TransferOperationFlag of a request, TransferFlag of an answer (DSP0240). */
#define TRANSFER_GET_NEXT_PART		0x00
#define TRANSFER_GET_FIRST_PART		0x01
#define TRANSFER_START			0x00
#define TRANSFER_MIDDLE			0x01
#define TRANSFER_END			0x04
#define TRANSFER_START_AND_END		0x05

/**
 * struct pldm_type - the commands of one PLDM type
 * @number: the type
 * @version: ver32 as it is sent
 * @commands: those that it takes
 */
struct pldm_type {
	u8 number;
	u8 version[4];
	const struct command *commands;
};

extern const struct pldm_type pldm_platform;

#endif /* PCC_PLATFORM_PLDM_H */
