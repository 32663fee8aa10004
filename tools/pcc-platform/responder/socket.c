// SPDX-License-Identifier: GPL-2.0
/*
 * A program of its own that answers PCC commands: see ports/remote.c
 *
 * Copyright (C) 2026 The mctp-pcc authors
 */
#include "responder.h"

const struct responder responder_socket = {
	.name = "socket",
};
