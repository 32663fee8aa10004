// SPDX-License-Identifier: GPL-2.0
/* Copyright (C) 2026 The mctp-pcc authors */
/* Options, links.conf, the built ACPI tables, the pcap header */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "acpi/layout.h"
#include "base/log.h"
#include "expect.h"
#include "settings/settings.h"
#include "test.h"
#include "wire/wire.h"

static size_t read_table(const char *name, void *buf, size_t size)
{
	return test_read_file(buf, size, "%s/tables/%s", test_dir, name);
}

static size_t read_pcct(const char *table, u8 *buf, size_t size)
{
	test_links_read(table);
	return test_read_file(buf, size, "%s/tables/%s/pcct.aml", test_dir,
			      table);
}

static void check_gas(const char *what, const u8 *gas, u8 space, u8 width,
		      u8 access, u64 address)
{
	/* ACPI 6.5, 5.2.3.2: space, width, offset, access size, address. */
	CHECK(gas[0] == space && gas[1] == width && gas[2] == 0 &&
	      gas[3] == access &&
	      (get_le32(gas + 4) | (u64)get_le32(gas + 8) << 32) == address,
	      "%s register: space %u width %u access %u address %#x", what,
	      gas[0], gas[1], gas[3], get_le32(gas + 4));
}

/* Offsets of ACPI 6.5, 14.1.6, types 3 and 4. */
static void check_subspace(const u8 *s, u8 type, const struct channel *ch,
			   bool level)
{
	CHECK(s[0] == type && s[1] == 164 && s[6] == (level ? 0 : 2));
	CHECK_WORDS(s, { 2, level ? EXPECT_LEVEL_GSI : ch->gsi },
		    { 8, ch->base }, { 12, EXPECT_BASE_HIGH }, { 16, ch->size },
		    /* masks: doorbell, acknowledge, complete, update, error */
		    { 32, 0 }, { 40, ch->index + 1 },
		    { 72, level ? 0 : 0xfffffffe }, { 80, 0 }, { 108, 1 },
		    { 128, 0xfffffffe }, { 136, type == 4 }, { 156, 1 });
	check_gas("doorbell", s + 20, EXPECT_RING_SPACE, EXPECT_RING_WIDTH,
		  EXPECT_RING_ACCESS, ch->regs + EXPECT_RING_OFFSET);
	if (level)
		check_gas("ack", s + 60, EXPECT_RING_SPACE, 8, 1, EXPECT_UART);
	else
		check_gas("ack", s + 60, 0, 32, 3, ch->regs + 8);
	check_gas("complete", s + 96, 0, 32, 3, ch->regs);
	check_gas("update", s + 116, 0, 32, 3, ch->regs);
	check_gas("error", s + 144, 0, 32, 3, ch->regs + 4);
}

/* ACPI 6.5, 14.1: header of 36, flags, 8 reserved. */
static void test_pcct(const char *table, bool level)
{
	static const u32 latency[] = { 1000, 0, 0xffffffff };
	struct link *l = test_links.link;
	u8 buf[4096], sum = 0;
	size_t n = read_pcct(table, buf, sizeof(buf));

	CHECK(n >= 48 + test_links.n * 328 && !memcmp(buf, "PCCT", 4));
	CHECK_WORDS(buf, { 4, n }, { 36, 1 });
	for (size_t i = 0; i < n; i++)
		sum += buf[i];
	CHECK(!sum);
	for (unsigned int i = 0; i < test_links.n; i++) {
		const u8 *s = buf + 48 + i * 328;

		check_subspace(s, 3, &l[i].out, level);
		check_subspace(s + 164, 4, &l[i].in, level);
		CHECK_WORDS(s, { 48, latency[i] }, { 56, l[i].turnaround_us });
	}
	test_links_free();
}

/* Offsets of ACPI 6.5, 14.1.3 to 14.1.5; an inbox of type 4 follows. */
static void check_generic(const u8 *s, u8 type, const struct channel *ch)
{
	u8 length = type == 2 ? 90 : 62;

	CHECK(s[0] == type && s[1] == length && s[length] == 4 &&
	      s[length + 1] == 164 && s[6] == (type ? 2 : 0) && !s[7]);
	CHECK_WORDS(s, { 2, type ? ch->gsi : 0 },
		    { 8, ch->base }, { 12, EXPECT_BASE_HIGH },
		    { 16, 128 }, { 20, 0 },
		    /* doorbell masks, latency and rate, turnaround */
		    { 36, 0 }, { 40, 0 }, { 44, ch->index + 1 }, { 48, 0 },
		    { 52, 4000 }, { 56, 0 });
	CHECK(!get_le16(s + 60));
	check_gas("doorbell", s + 24, EXPECT_RING_SPACE, EXPECT_RING_WIDTH,
		  EXPECT_RING_ACCESS, ch->regs + EXPECT_RING_OFFSET);
	if (type < 2)
		return;
	check_gas("ack", s + 62, 0, 32, 3, ch->regs + 8);
	CHECK_WORDS(s, { 74, 0xfffffffe }, { 78, 0 }, { 82, 0 }, { 86, 0 });
}

/* Links 3, 4 and 5 of `example`, behind six entries of 164 bytes. */
static void test_pcct_generic(void)
{
	struct link *l = test_links.link;
	u8 buf[4096], *s = buf + 48 + 6 * 164;
	size_t n = read_pcct("example", buf, sizeof(buf));

	CHECK(test_links.n == 6 && n == 48 + 9 * 164 + 90 + 2 * 62);
	check_generic(s, 2, &l[3].out);
	check_generic(s + 90 + 164, 1, &l[4].out);
	check_generic(s + 90 + 164 + 62 + 164, 0, &l[5].out);
	test_links_free();
}

/* Registers of `quirks` that are not as in all other tables. */
static void test_pcct_quirks(void)
{
	struct link *l = test_links.link;
	u8 buf[4096], *s = buf + 48;

	read_pcct("quirks", buf, sizeof(buf));
	CHECK(test_links.n == 8);
	check_gas("own update", s + 116, 0, 32, 3, l[0].out.regs + 16);
	check_gas("own update", s + 164 + 116, 0, 32, 3, l[0].in.regs + 16);
	s += 328;
	check_gas("update", s + 164 + 116, 0, 32, 3, l[1].in.regs);
	CHECK_WORDS(s, { 128, 0xfffffffe }, { 136, 0 },
		    { 164 + 128, 0xffffffff }, { 164 + 136, 0 });
	s += 4 * 328;
	check_gas("unreadable", s + 96, 0, 32, 5, l[5].out.regs);
	check_gas("unreadable", s + 164 + 96, 0, 32, 5, l[5].in.regs);
	s += 328;
	check_gas("readable", s + 96, 0, 32, 3, l[6].out.regs);
	CHECK_WORDS(s + 328, { 16, 98320 }, { 164 + 16, 98320 });
	test_links_free();
}

/* The bytes of a _CRS, by hand from ACPI 6.5, 6.4.3.5.2. */
static void test_ssdt(void)
{
	static const char * const want[] = {
		"87 1700 0a 0c 00 00*4 00000000 00000000 00*4 01000000",
		"87 1700 0a 0c 00 00*4 01000000 01000000 00*4 01000000 79 00",
		"87 1700 00 0d 01 00*4 02000000 02000000 00*4 01000000",
		"87 1700 00 0d 01 00*4 03000000 03000000 00*4 01000000 79",
		"87 1700 0a 0c 00 00*4 04000000 04000000 00*4 01000000",
		"87 1700 0a 0c 00 00*4 05000000 05000000 00*4 01000000 79 00",
	};
	size_t n, len;
	u8 buf[8192], bytes[64];

	n = read_table("good/ssdt.aml", buf, sizeof(buf));
	for (size_t i = 0; i < ARRAY_SIZE(want); i++) {
		len = test_hex(bytes, want[i]);
		CHECK(memmem(buf, n, bytes, len), "subspace %zu has no _CRS",
		      i);
	}
	CHECK(memmem(buf, n, "DMT0001", 8));
	n = read_table("quirks/ssdt.aml", buf, sizeof(buf));
	/* 6.4.3.5.1: memory between the channels 12 and 13 */
	len = test_hex(bytes,
		       "0c000000 00*4 01000000 8a 2b00 00 0c 01 00*8");
	CHECK(memmem(buf, n, bytes, len));
	read_table("no-pcct/ssdt.aml", buf, sizeof(buf));
	read_table("refusals/ssdt.aml", buf, sizeof(buf));
}

static void bad_option(const char *want, ...)
{
	char *argv[24] = { "pcc-platform" };
	struct options o;
	int argc = 1, rc;
	va_list ap;

	va_start(ap, want);
	while ((argv[argc] = va_arg(ap, char *)))
		argc++;
	va_end(ap);
	CHECK_LINE(want, rc = options_parse(&o, argc, argv));
	CHECK(rc == 2, "%s: exit status %d", want, rc);
}

static void test_options(void)
{
	char *argv[12] = { "pcc-platform", "--dir", "d", "--tables", "t",
			 "--memory", "1024", "--", "qemu", "-s", "2", NULL };
	struct options o;

	CHECK(options_parse(&o, 11, argv) == -1 && o.memory_mb == 1024 &&
	      !o.timeout_s && !strcmp(o.dir, "d") && !strcmp(o.tables, "t") &&
	      !strcmp(o.command[0], "qemu") && !strcmp(o.command[2], "2") &&
	      o.processors == 1);
	CHECK(!o.serial);
	argv[5] = "--serial";
	argv[6] = "--";
	CHECK(options_parse(&o, 11, argv) == -1 && o.serial);
	bad_option("--dir", "--tables", "t", "--", "qemu", NULL);
	bad_option("--tables", "--dir", "d", "--", "qemu", NULL);
	bad_option("QEMU", "--dir", "d", "--tables", "t", NULL);
	bad_option("--memory 64", "--memory", "64", NULL);
	bad_option("--processors 9", "--processors", "9", NULL);
	bad_option("--memory-type wt", "--memory-type", "wt", NULL);
	bad_option("--timeout x", "--timeout", "x", NULL);
	bad_option("--log-limit 0", "--log-limit", "0", NULL);
	bad_option("unrecognized", "--frob", NULL);
	bad_option("requires an argument", "--dir", NULL);
	bad_option("--endpoint tcp:1", "--endpoint", "tcp:1", NULL);
	bad_option("8 times", "--endpoint", "pty", "--endpoint", "pty",
		   "--endpoint", "pty", "--endpoint", "pty", "--endpoint",
		   "pty", "--endpoint", "pty", "--endpoint", "pty",
		   "--endpoint", "pty", "--endpoint", "pty", NULL);
	bad_option("comma", "--dir", "d", "--tables", "a,b", "qemu", NULL);
}

/* Refused, in one line that says why. */
static void bad_conf(const char *want, const char *line)
{
	struct link links[LINKS_MAX] = { 0 };
	struct conf conf = { .links = links };
	char path[4096];
	FILE *f;

	snprintf(path, sizeof(path), "%s/bad-links.conf", test_dir);
	f = fopen(path, "w");
	if (!CHECK(f, "%s", path))
		return;
	fprintf(f, "%s\n", line);
	fclose(f);
	CHECK_REFUSED(want, conf_read(&conf, path));
	remove(path);
}

static void bad_conf_value(const char *want, const char *key, const char *value)
{
	char good[4096], text[4200];
	char *at, *end;
	size_t n;

	n = read_table("good/links.conf", good, sizeof(good) - 1);
	good[n] = '\0';
	at = strstr(good, key);
	if (!CHECK(at, "%s is not in links.conf", key))
		return;
	at += strlen(key) + 1;
	end = at + strcspn(at, "\n ");
	snprintf(text, sizeof(text), "%.*s%s%s", (int)(at - good), good, value,
		 end);
	bad_conf(want, text);
}

static void bad_conf_number(const char *want, const char *key, u64 value)
{
	char text[32];

	snprintf(text, sizeof(text), "%#llx", value);
	bad_conf_value(want, key, text);
}

static void test_conf_pairs(struct link *l)
{
	bad_conf_number("same interrupt", "in_gsi", l[1].in.gsi);
	bad_conf_number("same registers", "in_regs", l[2].out.regs);
	bad_conf_number("same slot", "out_base", l[1].out.base);
	/* another place, but the guard of the other's */
	bad_conf_number("same slot", "out_base", l[1].out.base + 0x800);
	bad_conf_number("multiple of 64", "out_regs", l[1].out.regs + 4);
	bad_conf_number("multiple of 4", "out_base", l[0].out.base + 1);
	bad_conf_number("over the registers", "out_base", l[0].out.regs);
	bad_conf_number("over the registers", "in_size",
			REG_BASE - l[0].in.base + 4);
}

/* Each of these in the place of the good value. */
static const struct {
	const char *want;
	const char *key;
	const char *value;
} bad_values[] = {
	{ "same index", "out_index", "1" },
	{ "same index", "out_index", "5" },
	{ "out_gsi=", "out_gsi", EXPECT_BAD_GSI },
	{ "must be 1 to", "out_gsi", "0" },		/* the timer's */
	{ "not free", "out_gsi", "1" },
	/* a byte with a bit for updates */
	{ "in_index=127", "in_index", "127" },
	{ "out_base=", "out_base", EXPECT_BAD_BASE },
	{ "in_size=83", "in_size", "83" },
	{ "out_size=", "out_size", "0xfffffffffffff000" },
	{ "same slot", "out_size", "0x3004" },
	{ "out_regs=", "out_regs", EXPECT_BAD_REGS },
	{ "turnaround_us=-1", "turnaround_us", "-1" },
	{ "turnaround_us=4294967297", "turnaround_us", "4294967297" },
	{ "turnaround_us=18446744073709551617", "turnaround_us",
	  "18446744073709551617" },
	{ "signature=mine: no such signature", "signature", "mine" },
	{ "update=never: no such update", "signature", "os update=never" },
	{ "registers=16: no such registers", "signature", "os registers=16" },
	{ "update=own: not with registers=shared", "signature",
	  "os update=own registers=shared" },
	{ "lag=1: not with update=same", "signature", "os lag=1" },
	{ "lag=600000001: must be", "signature",
	  "os update=own lag=600000001" },
	{ "owner=both: no such owner", "signature", "os owner=both" },
	{ "owner=platform: not with answers=", "signature",
	  "os owner=platform answers=xgene" },
	{ "no such responder", "signature", "os answers=barometer" },
	{ "no such key", "signature", "os turnaround=1" },
	{ "no such key", "signature", "os out" },
	{ "twice", "signature", "os signature=os" },
	{ "type=2: needs", "type", "2" },		/* MCTP is not */
	{ "type=1: needs", "type", "1" },
	{ "update=own: not with type=0", "type", "0 answers=xgene update=own" },
	{ "type=4", "type", "4 answers=xgene" },
};

static void test_conf(void)
{
	struct link links[LINKS_MAX] = { 0 };
	struct conf conf = { .links = links };

	bad_conf("must be link, level once, or none", "frob");
	bad_conf("type= is missing", "link out_index=0");
	bad_conf("must be link, level once, or none", "level\nlevel");
	bad_conf("level: only link has keys", "level gsi=3");
	bad_conf("none: only link has keys", "none 1");
	bad_conf("must have links", "# nothing\n\t");
	for (size_t i = 0; i < ARRAY_SIZE(bad_values); i++)
		bad_conf_value(bad_values[i].want, bad_values[i].key,
			       bad_values[i].value);
	test_links_read("good");
	test_conf_pairs(test_links.link);
	test_links_free();
	CHECK_REFUSED("No such file",
		      conf_read(&conf, "/nonexistent/links.conf"));
}

static void test_pcap(void)
{
	char *buf = NULL;
	size_t len;
	FILE *f = open_memstream(&buf, &len);

	pcap_header(f);
	pcap_record(f, 258 * NSEC_PER_SEC + 7, true,
		    (const u8 *)"\x01\x02\x03\x04\x05", 5);
	pcap_record(f, 1, false, (const u8 *)"\x06", 1);
	fclose(f);
	/* Magic of nanoseconds, 2.4, zone, accuracy, length, type 113. */
	test_bytes("pcap header", (u8 *)buf, 24,
		   "4d 3c b2 a1 02 00 04 00 00 00 00 00 00 00 00 00 ff ff 00 00 71 00 00 00");
	/* Outgoing, ARPHRD_MCTP, no address, ETH_P_MCTP. */
	test_bytes("pcap record, from the OS", (u8 *)buf + 24, 37,
		   "02 01 00 00 07 00 00 00 15 00 00 00 15 00 00 00 00 04 01 22 00 00 00 00 00 00 00 00 00 00 00 fa 01 02 03 04 05");
	test_bytes("pcap record, to the OS", (u8 *)buf + 61, len - 61,
		   "00 00 00 00 01 00 00 00 11 00 00 00 11 00 00 00 00 00 01 22 00 00 00 00 00 00 00 00 00 00 00 fa 06");
	free(buf);
}

static void test_describe(void)
{
	char text[192];

	packet_describe(text, sizeof(text), get_eid, sizeof(get_eid));
	CHECK(!strncmp(text, "7 bytes eid 8 > 0 SOM EOM seq 0 tag 0 TO ", 41) &&
	      !strcmp(text + 41, "control request Get Endpoint ID"), "%s",
	      text);
	packet_describe(text, sizeof(text), get_eid, 3);
	CHECK(!strcmp(text, "3 bytes, too short"), "%s", text);
}

void test_files(void)
{
	test_pcct("good", false);
	test_pcct("refusals", false);
	test_pcct("level", true);
	test_pcct_generic();
	test_pcct_quirks();
	test_ssdt();
	test_options();
	test_conf();
	test_pcap();
	test_describe();
}
