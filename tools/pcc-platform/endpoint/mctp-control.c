// SPDX-License-Identifier: GPL-2.0
/* Copyright (C) 2026 The mctp-pcc authors */
/* MCTP control protocol, responder (DSP0236 1.3, 11 and 12) */
#include <string.h>

#include "base/log.h"
#include "endpoint.h"
#include "wire/wire.h"

/* Set Endpoint ID, request byte 1, bits 1:0 (DSP0236 1.3, Table 14). */
#define EID_OP_MASK		0x03
#define EID_OP_SET		0x00
#define EID_OP_FORCE		0x01

/* Get MCTP Version Support (DSP0236 1.3, Get MCTP Version Support). */
#define VERSION_BASE		0xff	/* asks for the base specification's */
#define CC_TYPE_NOT_SUPPORTED	0x80

/* Versions 1.0 to 1.3: major, minor, any update, no alpha. */
static const u8 base_versions[] = {
	4,
	0xf1, 0xf0, 0xff, 0x00,
	0xf1, 0xf1, 0xff, 0x00,
	0xf1, 0xf2, 0xff, 0x00,
	0xf1, 0xf3, 0xff, 0x00,
};

/* PLDM over MCTP (DSP0241) 1.0. */
static const u8 pldm_versions[] = { 1, 0xf1, 0xf0, 0xff, 0x00 };

/* The control type itself is not listed (Get Message Type Support). */
static const u8 message_types[] = { 2, MCTP_TYPE_PLDM, MCTP_TYPE_VENDOR_IANA };

/* Get Vendor Defined Message Support (DSP0236 1.3): one set, numbered 0. */
#define VENDOR_SET		0x00
#define VENDOR_NO_MORE_SETS	0xff
#define VENDOR_FORMAT_IANA	0x01
#define VENDOR_VERSION		0x0001

const struct command *command_find(const struct command *list, u8 code)
{
	for (; list->run; list++)
		if (list->code == code)
			return list;
	return NULL;
}

bool request_begin(struct endpoint *ep, const u8 *msg, size_t len,
		   size_t header, u8 *response)
{
	if (len < header ||
	    (msg[CTRL_OFF_INSTANCE] & (CTRL_RQ | CTRL_DATAGRAM)) != CTRL_RQ) {
		log_line("link %u: message of type 0x%02x is not a request",
			 ep->link, msg[0]);
		return false;
	}
	memcpy(response, msg, header);
	response[CTRL_OFF_INSTANCE] &= CTRL_INSTANCE_MASK;
	return true;
}

size_t command_run(const struct command *list, struct endpoint *ep,
		   const u8 *msg, size_t len, size_t header, u8 *response)
{
	const struct command *c = command_find(list, msg[header - 1]);
	int n;

	if (!c)
		n = -CC_UNSUPPORTED_CMD;
	else if (len - header != c->size)
		n = -CC_INVALID_LENGTH;
	else
		n = c->run(ep, msg + header, response + header + 1);
	response[header] = n < 0 ? -n : CC_SUCCESS;
	return header + 1 + (n < 0 ? 0 : n);
}

int command_uuid(struct endpoint *ep, const u8 *data, u8 *out)
{
	memcpy(out, ep->uuid, sizeof(ep->uuid));
	return sizeof(ep->uuid);
}

static int control_set_eid(struct endpoint *ep, const u8 *data, u8 *out)
{
	u8 op = data[0] & EID_OP_MASK, eid = data[1];

	/* No static EID to reset to, no discovered flag on this binding. */
	if ((op != EID_OP_SET && op != EID_OP_FORCE) || eid < MCTP_EID_FIRST ||
	    eid == MCTP_EID_BROADCAST)
		return -CC_INVALID_DATA;
	ep->eid = eid;
	out[0] = 0x00;		/* 5:4 accepted, 1:0 takes no EID pool */
	out[1] = eid;
	out[2] = 0x00;		/* pool size */
	return 3;
}

static int control_get_eid(struct endpoint *ep, const u8 *data, u8 *out)
{
	out[0] = ep->eid;
	out[1] = 0x00;		/* 5:4 simple endpoint, 1:0 dynamic EID */
	out[2] = 0x00;		/* medium-specific: none for PCC */
	return 3;
}

static int control_get_version(struct endpoint *ep, const u8 *data, u8 *out)
{
	switch (data[0]) {
	case VERSION_BASE:
	case MCTP_TYPE_CONTROL:
	case MCTP_TYPE_VENDOR_IANA:
		memcpy(out, base_versions, sizeof(base_versions));
		return sizeof(base_versions);
	case MCTP_TYPE_PLDM:
		memcpy(out, pldm_versions, sizeof(pldm_versions));
		return sizeof(pldm_versions);
	default:
		return -CC_TYPE_NOT_SUPPORTED;
	}
}

static int control_get_types(struct endpoint *ep, const u8 *data, u8 *out)
{
	memcpy(out, message_types, sizeof(message_types));
	return sizeof(message_types);
}

static int control_get_vendor(struct endpoint *ep, const u8 *data, u8 *out)
{
	if (data[0] != VENDOR_SET)
		return -CC_INVALID_DATA;
	out[0] = VENDOR_NO_MORE_SETS;
	out[1] = VENDOR_FORMAT_IANA;
	put_be32(out + 2, MCTP_ENTERPRISE);
	out[6] = VENDOR_VERSION >> 8;
	out[7] = VENDOR_VERSION & 0xff;
	return 8;
}

static const struct command control_commands[] = {
	{ CTRL_SET_EID, 2, control_set_eid },
	{ CTRL_GET_EID, 0, control_get_eid },
	{ CTRL_GET_UUID, 0, command_uuid },
	{ CTRL_GET_VERSION, 1, control_get_version },
	{ CTRL_GET_TYPES, 0, control_get_types },
	{ CTRL_GET_VENDOR, 1, control_get_vendor },
	{ }
};

size_t control_handle(struct endpoint *ep, const u8 *msg, size_t len,
		      u8 *response)
{
	if (!request_begin(ep, msg, len, CTRL_OFF_CC, response))
		return 0;
	return command_run(control_commands, ep, msg, len, CTRL_OFF_CC,
			   response);
}
