/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Reading links.conf of a table variant
 *
 * Copyright (C) 2026 The mctp-pcc authors
 */
#ifndef PCC_PLATFORM_CONF_H
#define PCC_PLATFORM_CONF_H

#include "pcc/link.h"

struct conf {
	struct link *links;	/* LINKS_MAX of them */
	unsigned int n;
	bool level;		/* one line for all, not an edge for each */
};

/* False, and one line on stderr, if the file is not what it should be. */
bool conf_read(struct conf *conf, const char *file);

#endif /* PCC_PLATFORM_CONF_H */
