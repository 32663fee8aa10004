/* SPDX-License-Identifier: GPL-2.0 */
/* Copyright (C) 2026 The mctp-pcc authors */
/* What the program is told */
#ifndef PCC_PLATFORM_SETTINGS_H
#define PCC_PLATFORM_SETTINGS_H

#include "pcc/link.h"

/* links.conf of a table variant */
struct conf {
	struct link *links;	/* LINKS_MAX of them */
	unsigned int n;
	bool level;		/* one line for all, not an edge for each */
};

/* False, and one line on stderr, if the file is not what it should be. */
bool conf_read(struct conf *conf, const char *file);

/* The command line */
struct options {
	const char *dir;
	const char *tables;
	char **command;		/* QEMU's, ended by NULL */
	const char *endpoint[LINKS_MAX];	/* what is behind a link */
	unsigned int endpoints;
	/* of answers=socket; ends with NULL */
	const char *responder[LINKS_MAX + 1];
	unsigned int responders;
	u32 memory_mb;
	u32 processors;
	unsigned int memory_type;	/* of the machine's MEMORY_TYPES */
	u32 timeout_s;		/* 0: none */
	u32 log_mb;
	bool serial;		/* a port with an endpoint behind it */
};

enum { EXIT_OK, EXIT_VIOLATION, EXIT_USAGE, EXIT_QEMU, EXIT_SIGNAL = 128 };

/* Returns -1 to go on, else the exit status. */
int options_parse(struct options *o, int argc, char **argv);

#endif /* PCC_PLATFORM_SETTINGS_H */
