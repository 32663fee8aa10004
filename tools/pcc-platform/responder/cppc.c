// SPDX-License-Identifier: GPL-2.0
/* Copyright (C) 2026 The mctp-pcc authors */
/*
 * The performance of a processor behind a type 0 subspace (ACPI 6.5, 8.4.6.1)
 *
 * Command 0 puts all registers there, command 1 takes those that the OS writes.
 * acpi/devices/cppc.asl says where each is.
 */
#include "responder.h"

#define CPPC_READ	0
#define CPPC_WRITE	1
#define CPPC_SIZE	0x2c
#define CPPC_DESIRED	0x10
#define CPPC_REFERENCE	0x18
#define CPPC_DELIVERED	0x20

/* Of the state: five levels as in the message, then how often it was read */
#define CPPC_READS	(CPPC_DESIRED / 4 + 1)

static int cppc_execute(u32 *state, u32 command, u8 *data, size_t len,
			size_t room)
{
	if (len < CPPC_SIZE || room < CPPC_SIZE)
		return -1;
	if (command == CPPC_WRITE) {
		state[CPPC_DESIRED / 4] = get_le32(data + CPPC_DESIRED);
		return 0;
	}
	if (command != CPPC_READ)
		return -1;
	for (u32 at = 0; at < CPPC_SIZE; at += 4)
		put_le32(data + at, at <= CPPC_DESIRED ? state[at / 4] : 0);
	state[CPPC_READS]++;
	put_le32(data + CPPC_REFERENCE, state[CPPC_READS] * 100);
	put_le32(data + CPPC_DELIVERED, state[CPPC_READS] * 150);
	return CPPC_SIZE;
}

const struct responder responder_cppc = {
	.name = "cppc",
	/* highest, nominal, lowest nonlinear, lowest, desired performance */
	.start = { 300, 200, 100, 50, 200 },
	.execute = cppc_execute,
};
