// SPDX-License-Identifier: GPL-2.0
/* Copyright (C) 2026 The mctp-pcc authors */
/*
 * The monitor of an X-Gene processor behind a type 2 subspace
 *
 * As much of it as the kernel's xgene-hwmon asks for. A message is three words:
 * type in bits 31:28, which is the PCC command too, and subtype in 27:24; the
 * sensor, in the reply its value; nothing. acpi/devices/xgene.asl is the OS's
 * side.
 */
#include "responder.h"

#define XGENE_MESSAGE		12
#define XGENE_DEBUG		0	/* type and command */
#define XGENE_ERROR		7
#define XGENE_SENSOR_READ	4	/* subtype */

static const struct {
	u32 number;
	u32 value;
} xgene_sensors[] = {
	{ 0x10, 42 },			/* processor: degrees C */
	{ 0x20, 5 }, { 0x26, 250 },	/* cores: W, and mW beside them */
	{ 0x21, 3 }, { 0x27, 125 },	/* the rest of it */
};

static int xgene_execute(u32 *state, u32 command, u8 *data, size_t len,
			 size_t room)
{
	if (command != XGENE_DEBUG || len < XGENE_MESSAGE ||
	    room < XGENE_MESSAGE ||
	    get_le32(data) >> 24 != (XGENE_DEBUG << 4 | XGENE_SENSOR_READ))
		return -1;
	for (size_t i = 0; i < ARRAY_SIZE(xgene_sensors); i++)
		if (get_le32(data + 4) == xgene_sensors[i].number) {
			put_le32(data + 4, xgene_sensors[i].value);
			return XGENE_MESSAGE;
		}
	put_le32(data, (u32)XGENE_ERROR << 28);
	return XGENE_MESSAGE;
}

const struct responder responder_xgene = {
	.name = "xgene",
	.execute = xgene_execute,
};
