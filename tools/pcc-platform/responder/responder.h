/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What answers PCC commands that are not MCTP
 *
 * Copyright (C) 2026 The mctp-pcc authors
 */
#ifndef PCC_PLATFORM_RESPONDER_H
#define PCC_PLATFORM_RESPONDER_H

#include "base/util.h"

/**
 * struct responder - the commands that a subspace of type 3 or 2 takes
 * @name: as a description of tables and links.conf have it
 * @execute: runs a command. @data holds what came after the header, @len bytes,
 *	of type 2 all there is room for, and takes the reply, @room bytes at
 *	most. Returns the length of the reply, or a negative number: the command
 *	ends with an error status. NULL: a program outside is asked
 *
 * The reply is in the shared memory, length field included, when the OS is told
 * of the completion. Signature, flags, length, turnaround and the command's
 * protocol are checked as for MCTP, and faults of the command channel befall it
 * alike. The subspace's inbox takes `post-raw`.
 */
struct responder {
	const char *name;
	int (*execute)(u32 command, u8 *data, size_t len, size_t room);
};

/* By its name; NULL: there is none such. */
const struct responder *responder_find(const char *name);

extern const struct responder responder_cppc;
extern const struct responder responder_thermometer;
extern const struct responder responder_xgene;

#endif /* PCC_PLATFORM_RESPONDER_H */
