/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A flattened device tree of a root with one node
 *
 * Copyright (C) 2026 The mctp-pcc authors
 */
#ifndef PCC_PLATFORM_FDT_H
#define PCC_PLATFORM_FDT_H

#include "base/util.h"

#define FDT_MAX	4096

struct fdt {
	u8 structure[FDT_MAX];
	size_t n;
	char strings[FDT_MAX];
	size_t strings_len;
};

void fdt_begin(struct fdt *f, const char *name);
void fdt_end(struct fdt *f);
void fdt_property(struct fdt *f, const char *name, const void *data,
		  size_t len);
void fdt_u32(struct fdt *f, const char *name, u32 value);
void fdt_u64(struct fdt *f, const char *name, u64 value);
/* The whole blob; returns its length. */
size_t fdt_finish(struct fdt *f, u8 *blob, size_t size);

#endif /* PCC_PLATFORM_FDT_H */
