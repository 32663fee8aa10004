// SPDX-License-Identifier: GPL-2.0
/* Copyright (C) 2026 The mctp-pcc authors */
/*
 * A thermometer behind a type 3 subspace: the example of a responder
 *
 * Command 1 reads it: 4 bytes, tenths of a kelvin as ACPI counts them. Command
 * 2 sets what it shows, from 4 bytes. acpi/devices/thermometer.asl is the OS's
 * side.
 */
#include "responder.h"

#define THERMOMETER_READ	1
#define THERMOMETER_SET		2
#define THERMOMETER_START	2982	/* 25 degrees C */

static int thermometer_execute(u32 *temperature, u32 command, u8 *data,
			       size_t len, size_t room)
{
	switch (command) {
	case THERMOMETER_READ:
		if (room < 4)
			return -1;
		put_le32(data, *temperature);
		return 4;
	case THERMOMETER_SET:
		if (len < 4)
			return -1;
		*temperature = get_le32(data);
		return 0;
	default:
		return -1;
	}
}

const struct responder responder_thermometer = {
	.name = "thermometer",
	.start = { THERMOMETER_START },
	.execute = thermometer_execute,
};
