/* SPDX-License-Identifier: GPL-2.0 */
/* Copyright (C) 2026 The mctp-pcc authors */
/* What the host tests share */
#ifndef PCC_PLATFORM_TEST_H
#define PCC_PLATFORM_TEST_H

#include <stdio.h>

#include "base/sock.h"
#include "pcc/link.h"
#include "settings/settings.h"

/*
 * A check that fails prints itself, the message if there is one, and the
 * counters of the links.
 */
#define CHECK(ok, ...)							\
	test_check(ok, __FILE__, __LINE__, #ok, " " __VA_ARGS__)

__printf(5, 6)
bool test_check(bool ok, const char *file, int line, const char *what,
		const char *fmt, ...);

/* "01 0a0b 00*3" into bytes; returns how many. */
size_t test_hex(u8 *out, const char *hex);
/* Bytes are what the hex says; name tells which. */
void test_bytes(const char *name, const u8 *got, size_t len, const char *hex);

/* A little-endian number of 32 bits at an offset; 64 bits are two of them. */
struct word {
	u32 at;
	u32 value;
};

/* The bytes have these words. */
#define CHECK_WORDS(bytes, ...)						\
	test_words(bytes, (const struct word[]){ __VA_ARGS__ },		\
		   sizeof((const struct word[]){ __VA_ARGS__ }) /	\
		   sizeof(struct word), __FILE__, __LINE__)

void test_words(const u8 *bytes, const struct word *words, size_t n,
		const char *file, int line);

extern u64 test_now;

/* A file, as much as there is room for; 0, and a failed check: not there. */
__printf(3, 4)
size_t test_read_file(void *data, size_t room, const char *fmt, ...);

/* Timers run at the end of that time. */
void test_later(u64 ns);

/* What goes to stderr between these two; valid until the next begin. */
void test_stderr_begin(void);
const char *test_stderr_end(void);
const char *test_stderr(void);

/* The statement says that on stderr; CHECK_LINE: in one line. */
#define CHECK_SAYS(want, ...)	TEST_SAYS(want, false, __VA_ARGS__)
#define CHECK_LINE(want, ...)	TEST_SAYS(want, true, __VA_ARGS__)
#define TEST_SAYS(want, line, ...)					\
	do {								\
		test_stderr_begin();					\
		__VA_ARGS__;						\
		test_said(want, line, __FILE__, __LINE__);		\
	} while (0)

/* The call says that in one line, and returns false. */
#define CHECK_REFUSED(want, call)					\
	do {								\
		bool ok;						\
									\
		CHECK_LINE(want, ok = (call));				\
		CHECK(!ok, #call);					\
	} while (0)

void test_said(const char *want, bool line, const char *file, int number);

/* The links of a table, on memory of our own. */
struct test_links {
	struct link link[LINKS_MAX];
	unsigned int n;
	u8 *mem;
};

extern struct test_links test_links;
extern const char *test_dir;
void test_links_read(const char *table);
void test_links_free(void);
/* All of it but registers and outboxes is as the platform left it. */
bool test_memory_ok(void);

/* One test, of one link of a table that is read for it. */
void test_run(const char *table, unsigned int link,
	      void (*run)(struct link *l));

/* That is all which waits to be sent; takes it out. */
void test_queued(struct sock *s, const char *want);

/* Two MCTP packets, of which one is a request. */
extern const u8 get_eid[7];
extern const u8 longer[14];

/* A driver: message into the outbox, command complete clear, doorbell. */
void test_os_put(struct link *l, u32 command, const u8 *data, size_t len);
void test_os_send(struct link *l, const u8 *packet, size_t len);
void test_os_message(struct link *l, const u8 *packet, size_t len);
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

/* arm64/: all tables, in memory that the guest has at base */
void test_acpi(const u8 *mem, u64 base, u64 rsdp, u32 processors);
/* On the links of the table type5; @conf, which the machine has, is theirs. */
void test_type5(struct conf *conf);
void test_firmware(struct options o);
u64 get_le64(const u8 *p);

/* Of a packet of a message that is cut into packets of @unit bytes. */
u8 test_flags(size_t at, size_t len, size_t unit, u8 tag);

/* All golden packets, in the order of the table. */
void test_golden_pcap(FILE *f);

#endif /* PCC_PLATFORM_TEST_H */
