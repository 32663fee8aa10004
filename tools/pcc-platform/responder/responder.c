// SPDX-License-Identifier: GPL-2.0
/* Copyright (C) 2026 The mctp-pcc authors */
/* What answers PCC commands that are not MCTP: the list */
#include <string.h>

#include "responder.h"

/* A program of its own answers: see ports/remote.c */
static const struct responder responder_socket = { .name = "socket" };

static const struct responder * const responders[] = {
	&responder_cppc,
	&responder_socket,
	&responder_thermometer,
	&responder_xgene,
};

const struct responder *responder_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(responders); i++)
		if (!strcmp(responders[i]->name, name))
			return responders[i];
	return NULL;
}
