/* SPDX-License-Identifier: GPL-2.0 */
/* Copyright (C) 2026 The mctp-pcc authors */
/* Inbound messages at random, the same ones for the same seed */
#ifndef PCC_PLATFORM_FUZZ_H
#define PCC_PLATFORM_FUZZ_H

#include "base/util.h"

/* What a driver must make of a message; a wrong command comes first. */
enum fuzz_result { FUZZ_VALID, FUZZ_LENGTH, FUZZ_COMMAND, FUZZ_RESULTS };

struct fuzz {
	u64 state;
	u32 left;
};

/* data: room for the largest packet, and where it is put. */
struct fuzz_message {
	u8 dest;	/* EID that many go to */
	u8 not_dest;	/* EID that none goes to: the OS would send it back */
	u32 signature;
	u32 flags;
	u32 length;
	u32 command;
	size_t len;
	u8 *data;
};

void fuzz_start(struct fuzz *f, u32 seed, u32 count);
/* The next message for an inbox that takes packets of up to most bytes. */
enum fuzz_result fuzz_next(struct fuzz *f, u32 most, struct fuzz_message *m);

#endif /* PCC_PLATFORM_FUZZ_H */
