// SPDX-License-Identifier: GPL-2.0
/* Copyright (C) 2026 The mctp-pcc authors */
/*
 * PLDM for platform monitoring and control, responder (DSP0248 1.2)
 *
 * A terminus locator and one temperature sensor.
 */
#include <string.h>

#include "endpoint.h"
#include "wire/wire.h"

/* Completion codes of GetPDR and of GetSensorReading (DSP0248 1.2). */
#define CC_INVALID_TRANSFER_HANDLE	0x80
#define CC_INVALID_TRANSFER_FLAG	0x81
#define CC_INVALID_RECORD_HANDLE	0x82
#define CC_INVALID_CHANGE_NUMBER	0x83
#define CC_INVALID_SENSOR_ID		0x80

#define SENSOR_ID	0x0001
#define SENSOR_READING	42	/* degrees C: as good as any */

/* The two PDRs: bytes 0-9 are the common header, the handle first. */
#define RECORDS		2
#define RECORD_MAX	128

static size_t pdr_header(u8 *out, u32 handle, u8 type)
{
	put_le32(out, handle);
	out[4] = 0x01;		/* header version */
	out[5] = type;
	put_le16(out + 6, 0);	/* record change number */
	return 10;
}

static size_t pdr_end(u8 *out, size_t len)
{
	put_le16(out + 8, len - 10);
	return len;
}

static size_t pdr_terminus_locator(const struct endpoint *ep, u8 *out)
{
	size_t n = pdr_header(out, 1, 0x01);

	put_le16(out + n, 0x0001);	/* terminus handle */
	out[n + 2] = 0x01;		/* valid */
	out[n + 3] = ep->tid;
	put_le16(out + n + 4, 0);	/* container: the system */
	out[n + 6] = 0x01;		/* locator: an MCTP EID */
	out[n + 7] = 1;			/* its size */
	out[n + 8] = ep->eid;
	return pdr_end(out, n + 9);
}

/* Everything is uint8: a temperature of the system board, unscaled. */
static size_t pdr_numeric_sensor(u8 *out)
{
	static const u8 body[] = {
		0x01, 0x00,		/* terminus handle */
		SENSOR_ID & 0xff, SENSOR_ID >> 8,
		0x40, 0x00, 0x01, 0x00,	/* entity: system board, instance 1 */
		0x00, 0x00,		/* container: the system */
		0x00, 0x00,		/* no initialisation, no name PDR */
		0x02, 0x00, 0x00, 0x00,	/* degrees C, 10^0, no rate, no OEM */
		0x00, 0x00, 0x00, 0x00, 0x00,	/* no auxiliary unit */
		0x01,			/* linear */
		0x00,			/* uint8 */
		0x00, 0x00, 0x80, 0x3f,	/* resolution 1.0 */
		0x00, 0x00, 0x00, 0x00,	/* offset 0.0 */
		0x00, 0x00, 0x01, 0x01,	/* accuracy, tolerances */
		0x01,			/* hysteresis */
		0x00, 0x00,		/* no thresholds, nothing volatile */
		0x00, 0x00, 0x00, 0x00,	/* state transition interval */
		0x00, 0x00, 0x80, 0x3f,	/* update interval 1.0 s */
		0xff, 0x00,		/* readable: most, least */
		0x00, 0x00,		/* ranges: uint8, none supported */
		0x00, 0x00, 0x00,	/* nominal, normal */
		0x00, 0x00, 0x00, 0x00, 0x00, 0x00,	/* warning to fatal */
	};
	size_t n = pdr_header(out, 2, 0x02);

	memcpy(out + n, body, sizeof(body));
	return pdr_end(out, n + sizeof(body));
}

static size_t pdr_record(const struct endpoint *ep, u32 handle, u8 *out)
{
	return handle == 1 ? pdr_terminus_locator(ep, out) :
			     pdr_numeric_sensor(out);
}

/* CRC-8 as GetPDR asks: x^8 + x^2 + x + 1. */
static u8 pdr_crc8(const u8 *data, size_t len)
{
	u8 crc = 0;

	while (len--) {
		crc ^= *data++;
		for (int bit = 0; bit < 8; bit++)
			crc = crc << 1 ^ (crc & 0x80 ? 0x07 : 0);
	}
	return crc;
}

/* State, two times that nobody keeps, count, sizes, timeout of a handle. */
static int pdr_get_info(struct endpoint *ep, const u8 *data, u8 *out)
{
	u8 record[RECORD_MAX];
	u32 size = 0, largest = 0;

	for (u32 i = 1; i <= RECORDS; i++) {
		u32 n = pdr_record(ep, i, record);

		size += n;
		if (n > largest)
			largest = n;
	}
	memset(out, 0, 27);	/* available */
	put_le32(out + 27, RECORDS);
	put_le32(out + 31, size);
	put_le32(out + 35, largest);
	out[39] = 0x00;		/* handles do not expire */
	return 40;
}

/* Why a request for a part of a record is refused; success if it is not. */
static u8 pdr_refuses(const u8 *data, u32 at, size_t len)
{
	u8 flag = data[8];

	if (get_le32(data) > RECORDS)
		return CC_INVALID_RECORD_HANDLE;
	if (flag != TRANSFER_GET_FIRST_PART && flag != TRANSFER_GET_NEXT_PART)
		return CC_INVALID_TRANSFER_FLAG;
	if (flag == TRANSFER_GET_NEXT_PART && (!at || at >= len))
		return CC_INVALID_TRANSFER_HANDLE;
	if (get_le16(data + 11))
		return CC_INVALID_CHANGE_NUMBER;
	return get_le16(data + 9) ? CC_SUCCESS : CC_INVALID_DATA;
}

/*
 * Request: record (0 is the first), transfer handle, operation, bytes wanted,
 * change number. The transfer handle is the offset of the next part.
 */
static int pdr_get(struct endpoint *ep, const u8 *data, u8 *out)
{
	u32 handle = get_le32(data) ? get_le32(data) : 1;
	bool first = data[8] == TRANSFER_GET_FIRST_PART;
	u32 at = first ? 0 : get_le32(data + 4);
	size_t n = get_le16(data + 9), len;
	u8 record[RECORD_MAX], refused;
	bool last;

	len = pdr_record(ep, handle, record);
	refused = pdr_refuses(data, at, len);
	if (refused)
		return -refused;
	last = n >= len - at;
	if (last)
		n = len - at;
	put_le32(out, handle < RECORDS ? handle + 1 : 0);
	put_le32(out + 4, last ? 0 : at + n);
	out[8] = first ? (last ? TRANSFER_START_AND_END : TRANSFER_START) :
			 (last ? TRANSFER_END : TRANSFER_MIDDLE);
	put_le16(out + 9, n);
	memcpy(out + 11, record + at, n);
	if (out[8] != TRANSFER_END)
		return 11 + n;
	out[11 + n] = pdr_crc8(record, len);
	return 12 + n;
}

/* Request: sensor, rearm. Enabled, no events, all states normal. */
static int pdr_get_sensor(struct endpoint *ep, const u8 *data, u8 *out)
{
	static const u8 reading[] = {
		0x00, 0x00, 0x00, 0x01, 0x01, 0x01, SENSOR_READING,
	};

	if (get_le16(data) != SENSOR_ID)
		return -CC_INVALID_SENSOR_ID;
	memcpy(out, reading, sizeof(reading));
	return sizeof(reading);
}

static const struct command pdr_commands[] = {
	{ PLDM_GET_TERMINUS_UID, 0, command_uuid },
	{ PLDM_GET_SENSOR, 3, pdr_get_sensor },
	{ PLDM_GET_PDR_INFO, 0, pdr_get_info },
	{ PLDM_GET_PDR, 13, pdr_get },
	{ }
};

const struct pldm_type pldm_platform = {
	.number = PLDM_TYPE_PLATFORM,
	.version = { 0x00, 0xf0, 0xf2, 0xf1 },	/* 1.2.0 */
	.commands = pdr_commands,
};
