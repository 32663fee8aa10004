// SPDX-License-Identifier: GPL-2.0
/*
 * pccsim_tables DIRECTORY: writes pcct.aml and ssdt.aml there, a PCCT with two
 * links and an SSDT with their devices
 * Copyright (C) 2026 The mctp-pcc authors
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/types.h>

#include "layout.h"

#define EDGE		0x02
#define GAS_MEMORY	0
#define ACCESS_DWORD	3
#define LATENCY_US	1000

/*
 * Even ones are outboxes (type 3), odd ones inboxes (type 4); free interrupts
 * on QEMU's q35, pc and microvm
 */
static const struct subspace {
	__u32 gsi, size, turnaround_us;
} subspaces[BOXES] = {
	{ .gsi = 3, .size = 0xc00 },
	{ .gsi = 6, .size = 0x1000 },
	{ .gsi = 7, .size = 0x410, .turnaround_us = 100 },
	{ .gsi = 13, .size = 0x810 },
};

static __u8 *put(__u8 *p, __u64 value, int bytes)
{
	for (; bytes; bytes--, value >>= 8)
		*p++ = value & 0xff;
	return p;
}

static __u8 *put_register(__u8 *p, unsigned int index, unsigned int reg)
{
	*p++ = GAS_MEMORY;
	*p++ = 32;
	*p++ = 0;
	*p++ = ACCESS_DWORD;
	return put(p, REG_BASE + index * REG_STRIDE + 4 * reg, 8);
}

/* ACPI 6.5, 14.1.6 */
static __u8 *put_subspace(__u8 *p, unsigned int i)
{
	const struct subspace *s = &subspaces[i];
	bool inbox = i & 1;

	*p++ = inbox ? 4 : 3;
	*p++ = 164;
	p = put(p, s->gsi, 4);
	*p++ = EDGE;
	*p++ = 0;
	p = put(p, SHM_BASE + i * BOX_STRIDE, 8);
	p = put(p, s->size, 4);
	p = put_register(p, i, REG_DOORBELL);
	p = put(p, 0, 8);
	p = put(p, 1, 8);
	p = put(p, LATENCY_US, 4);
	p = put(p, 0, 4);
	p = put(p, s->turnaround_us, 4);
	p = put_register(p, i, REG_ACK);
	p = put(p, 0xfffffffe, 8);
	p = put(p, 0, 16);
	p = put_register(p, i, REG_COMPLETE);
	p = put(p, 1, 8);
	p = put_register(p, i, REG_COMPLETE);
	p = put(p, 0xfffffffe, 8);
	p = put(p, inbox, 8);
	p = put_register(p, i, REG_ERROR);
	return put(p, 1, 8);
}

/* Length and checksum come at the end */
static __u8 *put_header(__u8 *p, const char *name)
{
	memcpy(p, name, 4);
	p = put(p + 4, 0, 4);
	*p++ = 2;
	*p++ = 0;
	p = put(p, 0, 18);
	memcpy(p - 18, OEM, sizeof(OEM) - 1);
	memcpy(p, "TEST", 4);
	return put(p + 4, 1, 4);
}

static size_t finish(__u8 *table, const __u8 *end)
{
	size_t i, len = end - table;
	__u8 sum = 0;

	put(table + 4, len, 4);
	for (i = 0; i < len; i++)
		sum += table[i];
	table[9] = -sum;
	return len;
}

static size_t pcct_build(__u8 *table)
{
	__u8 *p = put_header(table, "PCCT");
	unsigned int i;

	p = put(p, 1, 12);	/* the platform interrupts */
	for (i = 0; i < BOXES; i++)
		p = put_subspace(p, i);
	return finish(table, p);
}

/* A PkgLength of two bytes (ACPI 6.5, 20.2.4), put when its end is known */
static __u8 *end_package(__u8 *length, __u8 *end)
{
	size_t n = end - length;

	put(length, 0x40 | (n & 0xf) | n >> 4 << 8, 2);
	return end;
}

static __u8 *put_bytes(__u8 *p, const char *bytes, size_t n)
{
	memcpy(p, bytes, n);
	return p + n;
}

#define PUT(p, bytes) put_bytes(p, bytes, sizeof(bytes) - 1)

/* Address space of type PCC, or memory as firmware in the field has it */
static __u8 *put_channel(__u8 *p, bool memory, unsigned int index)
{
	p = put(p, 0x001787, 3);
	*p++ = memory ? 0x00 : 0x0a;
	*p++ = 0x0c;		/* both ends are fixed */
	*p++ = memory;		/* read and write */
	p = put(p, 0, 4);
	p = put(p, index, 4);
	p = put(p, index, 4);
	p = put(p, 0, 4);
	return put(p, 1, 4);
}

static __u8 *put_device(__u8 *p, unsigned int n)
{
	__u8 *device, *buffer;

	p = PUT(p, "\x5b\x82");
	device = p;
	p = PUT(p + 2, "MCP");
	*p++ = '0' + n;
	p = put_bytes(PUT(p, "\x08_HID\x0d"), "DMT0001", 8);
	p = PUT(p, "\x08_UID\x0a");
	*p++ = n;
	p = PUT(p, "\x08_CRS\x11");
	buffer = p;
	p = PUT(p + 2, "\x0a\x36");	/* two channels and the end */
	p = put_channel(p, n, 2 * n);
	p = put_channel(p, n, 2 * n + 1);
	p = put(p, 0x79, 2);
	return end_package(device, end_package(buffer, p));
}

static size_t ssdt_build(__u8 *table)
{
	__u8 *p = put_header(table, "SSDT"), *scope;
	unsigned int i;

	*p++ = 0x10;
	scope = p;
	p = PUT(p + 2, "\\_SB_");
	for (i = 0; i < LINKS; i++)
		p = put_device(p, i);
	return finish(table, end_package(scope, p));
}

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
