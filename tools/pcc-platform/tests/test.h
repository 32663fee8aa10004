/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the host tests share
 *
 * Copyright (C) 2026 The mctp-pcc authors
 */
#ifndef PCC_PLATFORM_TEST_H
#define PCC_PLATFORM_TEST_H

#include <stdio.h>

#include "pcc/link.h"

#define CHECK(ok, ...)	test_check(ok, __FILE__, __LINE__, __VA_ARGS__)

__printf(4, 5)
bool test_check(bool ok, const char *file, int line, const char *fmt, ...);

/* "01 0a0b 00*3" into bytes; returns how many. */
size_t test_hex(u8 *out, const char *hex);
/* Bytes are what the hex says; name tells which. */
void test_bytes(const char *name, const u8 *got, size_t len, const char *hex);

extern u64 test_now;

/* What goes to stderr between these two; valid until the next begin. */
void test_stderr_begin(void);
const char *test_stderr_end(void);

/* The links of a table on memory of our own: of `good`, or one by name. */
#define TEST_LINKS	3

struct test_links {
	struct link link[LINKS_MAX];
	unsigned int n;
	u8 *mem;
};

extern const char *test_dir;
void test_links_init(struct test_links *t);
void test_links_read(struct test_links *t, const char *table);
void test_links_free(struct test_links *t);

/* Counts an interrupt. */
void test_raise(struct link *l, enum box box);

/* A driver: message into the outbox, command complete clear, doorbell. */
void test_os_send(struct link *l, const u8 *packet, size_t len);
void test_os_message(struct link *l, const u8 *packet, size_t len);
void test_os_ring(struct link *l);
void test_os_ack(struct link *l);

void test_endpoint(void);
void test_assembly(void);
void test_outbox(void);
void test_inbox(void);
void test_external(void);
void test_fault(void);
void test_quirks(void);
void test_registers(void);
void test_remote(void);
void test_owner(void);
void test_responder(void);
void test_side(void);
void test_tty(void);
void test_files(void);
void test_machine(void);

/* All golden packets, in the order of the table. */
void test_golden_pcap(FILE *f);

#endif /* PCC_PLATFORM_TEST_H */
