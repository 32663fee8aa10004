// SPDX-License-Identifier: GPL-2.0
/*
 * pccsim_tables DIRECTORY: writes pcct.aml and ssdt.aml there
 * Copyright (C) 2026 The mctp-pcc authors
 */
#include <stdio.h>
#include <stdlib.h>

#include "sim.h"

static void write_table(const char *dir, const char *name,
			size_t (*build)(__u8 *table))
{
	static __u8 table[4096];
	size_t len = build(table);
	char path[4096];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "wb");
	if (!f || fwrite(table, len, 1, f) != 1 || fclose(f)) {
		perror(path);
		exit(1);
	}
}

int main(int argc, char **argv)
{
	if (argc != 2 || argv[1][0] == '-') {
		fprintf(stderr, "usage: pccsim_tables DIRECTORY\n");
		return 2;
	}
	write_table(argv[1], "pcct.aml", pcct_build);
	write_table(argv[1], "ssdt.aml", ssdt_build);
	return 0;
}
