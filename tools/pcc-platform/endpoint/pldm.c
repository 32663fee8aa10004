// SPDX-License-Identifier: GPL-2.0
/* Copyright (C) 2026 The mctp-pcc authors */
/* PLDM, responder: what all types share, and the base type (DSP0240 1.1) */
#include <string.h>

#include "endpoint.h"
#include "wire/wire.h"

/* Completion codes of the base type (DSP0240 1.1). */
#define CC_INVALID_PLDM_TYPE		0x20
#define CC_INVALID_TRANSFER_HANDLE	0x80
#define CC_INVALID_TRANSFER_FLAG	0x81
#define CC_INVALID_TYPE_IN_REQUEST	0x83
#define CC_INVALID_VERSION_IN_REQUEST	0x84

#define TID_UNASSIGNED			0x00
#define TID_RESERVED			0xff

static const struct pldm_type *pldm_type(u8 number);

/* CRC-32 as GetPLDMVersion asks: that of IEEE 802.3, reflected. */
static u32 pldm_crc32(const u8 *data, size_t len)
{
	u32 crc = 0xffffffff;

	while (len--) {
		crc ^= *data++;
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
	}
	return ~crc;
}

static int pldm_set_tid(struct endpoint *ep, const u8 *data, u8 *out)
{
	if (data[0] == TID_UNASSIGNED || data[0] == TID_RESERVED)
		return -CC_INVALID_DATA;
	ep->tid = data[0];
	return 0;
}

static int pldm_get_tid(struct endpoint *ep, const u8 *data, u8 *out)
{
	out[0] = ep->tid;
	return 1;
}

/* Request: transfer handle (4), operation flag, PLDM type. One part is all. */
static int pldm_get_version(struct endpoint *ep, const u8 *data, u8 *out)
{
	const struct pldm_type *type = pldm_type(data[5]);

	if (!type)
		return -CC_INVALID_TYPE_IN_REQUEST;
	if (data[4] == TRANSFER_GET_NEXT_PART)
		return -CC_INVALID_TRANSFER_HANDLE;
	if (data[4] != TRANSFER_GET_FIRST_PART)
		return -CC_INVALID_TRANSFER_FLAG;
	put_le32(out, 0);	/* next transfer handle */
	out[4] = TRANSFER_START_AND_END;
	memcpy(out + 5, type->version, sizeof(type->version));
	put_le32(out + 9, pldm_crc32(type->version, sizeof(type->version)));
	return 13;
}

/* 64 bits, bit N of byte N / 8 for type N. */
static int pldm_get_types(struct endpoint *ep, const u8 *data, u8 *out)
{
	memset(out, 0, 8);
	for (u8 n = 0; n < 64; n++)
		if (pldm_type(n))
			out[n / 8] |= 1 << n % 8;
	return 8;
}

/* Request: PLDM type, ver32. Answer: 256 bits, one a command. */
static int pldm_get_commands(struct endpoint *ep, const u8 *data, u8 *out)
{
	const struct pldm_type *type = pldm_type(data[0]);

	if (!type)
		return -CC_INVALID_TYPE_IN_REQUEST;
	if (memcmp(data + 1, type->version, sizeof(type->version)))
		return -CC_INVALID_VERSION_IN_REQUEST;
	memset(out, 0, 32);
	for (unsigned int n = 0; n < 256; n++)
		if (command_find(type->commands, n))
			out[n / 8] |= 1 << n % 8;
	return 32;
}

static const struct command pldm_base_commands[] = {
	{ PLDM_SET_TID, 1, pldm_set_tid },
	{ PLDM_GET_TID, 0, pldm_get_tid },
	{ PLDM_GET_VERSION, 6, pldm_get_version },
	{ PLDM_GET_TYPES, 0, pldm_get_types },
	{ PLDM_GET_COMMANDS, 5, pldm_get_commands },
	{ }
};

/*
 * ver32 (DSP0240 1.1, PLDM representations), low byte first: alpha, update,
 * minor, major. Wireshark 4.4 shows it reversed.
 */
static const struct pldm_type pldm_base = {
	.number = PLDM_TYPE_BASE,
	.version = { 0x00, 0xf0, 0xf1, 0xf1 },	/* 1.1.0 */
	.commands = pldm_base_commands,
};

static const struct pldm_type *pldm_type(u8 number)
{
	static const struct pldm_type * const types[] = {
		&pldm_base, &pldm_platform,
	};

	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		if (types[i]->number == number)
			return types[i];
	return NULL;
}

size_t pldm_handle(struct endpoint *ep, const u8 *msg, size_t len,
		   u8 *response)
{
	const struct pldm_type *type;

	if (!request_begin(ep, msg, len, PLDM_OFF_CC, response))
		return 0;
	type = pldm_type(msg[PLDM_OFF_TYPE]);
	if (type)
		return command_run(type->commands, ep, msg, len, PLDM_OFF_CC,
				   response);
	response[PLDM_OFF_CC] = msg[PLDM_OFF_TYPE] & ~PLDM_TYPE_MASK ?
				CC_INVALID_DATA : CC_INVALID_PLDM_TYPE;
	return PLDM_OFF_CC + 1;
}
