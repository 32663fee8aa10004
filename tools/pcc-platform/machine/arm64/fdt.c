// SPDX-License-Identifier: GPL-2.0
/*
 * A flattened device tree, version 17 (Devicetree Specification 0.4, 5)
 *
 * Copyright (C) 2026 The mctp-pcc authors
 */
#include <assert.h>
#include <string.h>

#include "fdt.h"

#define FDT_MAGIC	0xd00dfeed
#define FDT_VERSION	17
#define FDT_COMPATIBLE	16
#define FDT_HEADER	40
#define FDT_RESERVED	16	/* the end of an empty memory reservation */

enum { FDT_BEGIN_NODE = 1, FDT_END_NODE, FDT_PROP, FDT_END = 9 };

static void fdt_word(struct fdt *f, u32 value)
{
	assert(f->n + 4 <= sizeof(f->structure));
	put_be32(f->structure + f->n, value);
	f->n += 4;
}

/* Padded with zeroes to a word. */
static void fdt_data(struct fdt *f, const void *data, size_t len)
{
	size_t padded = (len + 3) & ~3;

	assert(f->n + padded <= sizeof(f->structure));
	memset(f->structure + f->n, 0, padded);
	memcpy(f->structure + f->n, data, len);
	f->n += padded;
}

void fdt_begin(struct fdt *f, const char *name)
{
	fdt_word(f, FDT_BEGIN_NODE);
	fdt_data(f, name, strlen(name) + 1);
}

void fdt_end(struct fdt *f)
{
	fdt_word(f, FDT_END_NODE);
}

void fdt_property(struct fdt *f, const char *name, const void *data, size_t len)
{
	size_t name_len = strlen(name) + 1;

	assert(f->strings_len + name_len <= sizeof(f->strings));
	fdt_word(f, FDT_PROP);
	fdt_word(f, len);
	fdt_word(f, f->strings_len);
	fdt_data(f, data, len);
	memcpy(f->strings + f->strings_len, name, name_len);
	f->strings_len += name_len;
}

void fdt_u32(struct fdt *f, const char *name, u32 value)
{
	u8 bytes[4];

	put_be32(bytes, value);
	fdt_property(f, name, bytes, sizeof(bytes));
}

void fdt_u64(struct fdt *f, const char *name, u64 value)
{
	u8 bytes[8];

	put_be32(bytes, value >> 32);
	put_be32(bytes + 4, value);
	fdt_property(f, name, bytes, sizeof(bytes));
}

size_t fdt_finish(struct fdt *f, u8 *blob, size_t size)
{
	u32 structure = FDT_HEADER + FDT_RESERVED, strings, total;

	fdt_word(f, FDT_END);
	strings = structure + f->n;
	total = strings + f->strings_len;
	assert(total <= size);
	memset(blob, 0, structure);
	put_be32(blob, FDT_MAGIC);
	put_be32(blob + 4, total);
	put_be32(blob + 8, structure);
	put_be32(blob + 12, strings);
	put_be32(blob + 16, FDT_HEADER);
	put_be32(blob + 20, FDT_VERSION);
	put_be32(blob + 24, FDT_COMPATIBLE);
	put_be32(blob + 32, f->strings_len);
	put_be32(blob + 36, f->n);
	memcpy(blob + structure, f->structure, f->n);
	memcpy(blob + strings, f->strings, f->strings_len);
	return total;
}
