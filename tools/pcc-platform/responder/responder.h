/* SPDX-License-Identifier: GPL-2.0 */
/* Copyright (C) 2026 The mctp-pcc authors */
/* What answers PCC commands that are not MCTP */
#ifndef PCC_PLATFORM_RESPONDER_H
#define PCC_PLATFORM_RESPONDER_H

#include "base/util.h"

#define RESPONDER_STATE	6	/* words */

/**
 * struct responder - the commands that a subspace of type 3 or 2 takes
 * @name: as a description of tables and links.conf have it
 * @start: the state of each link at the start and after a restart
 * @execute: runs a command. @state is the link's. @data holds what came after
 *	the header, @len bytes, of type 2 all there is room for, and takes the
 *	reply, @room bytes at most. Returns the length of the reply, or a
 *	negative number: the command ends with an error status. NULL: a program
 *	outside is asked
 *
 * The reply is in the shared memory before the command completes. Checks and
 * faults are as for MCTP.
 */
struct responder {
	const char *name;
	u32 start[RESPONDER_STATE];
	int (*execute)(u32 *state, u32 command, u8 *data, size_t len,
		       size_t room);
};

/* By its name; NULL: there is none such. */
const struct responder *responder_find(const char *name);

extern const struct responder responder_cppc;
extern const struct responder responder_thermometer;
extern const struct responder responder_xgene;

#endif /* PCC_PLATFORM_RESPONDER_H */
