// SPDX-License-Identifier: GPL-2.0
/*
 * Copyright (C) 2026 The mctp-pcc authors
 *
 * platform COMMAND [WORD...]: sends a command to the virtual platform and
 * prints the reply, see tools/pcc-platform/README.md. `platform help` lists the
 * commands.
 */
#include <err.h>

#include "pcc.h"

#define LINE_MAX_LEN 65536

static char command[LINE_MAX_LEN], reply[LINE_MAX_LEN];

int main(int argc, char **argv)
{
	size_t n = 0;
	int rc;

	if (argc < 2)
		errx(2, "usage: platform COMMAND [WORD...] (try help)");
	for (int i = 1; i < argc; i++) {
		n += snprintf(command + n, sizeof(command) - n, "%s%s",
			      i > 1 ? " " : "", argv[i]);
		if (n >= sizeof(command) || strchr(argv[i], '\n'))
			errx(2, "a command is one line of less than %u bytes",
			     LINE_MAX_LEN);
	}
	rc = plat_ask(command, reply, sizeof(reply));
	if (rc && rc != -EREMOTEIO)
		errx(1, "%s", rc == -ENODEV ? plat_absent() : strerror(-rc));
	/* What stands between the lines of `log` in a reply of one line. */
	for (char *p = reply; (p = strchr(p, '\x1e')); p++)
		*p = '\n';
	puts(reply);
	return rc ? 1 : 0;
}
