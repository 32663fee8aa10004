// SPDX-License-Identifier: GPL-2.0
/* Copyright (C) 2026 The mctp-pcc authors */
/* Host tests of pcc-platform: main and helpers */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "acpi/layout.h"
#include "base/log.h"
#include "ports/ports.h"
#include "test.h"
#include "wire/wire.h"

u64 test_now = NSEC_PER_SEC;
const char *test_dir;
struct test_links test_links;
const u8 get_eid[] = { 0x01, 0x00, 0x08, 0xc8, 0x00, 0x80, 0x02 };
const u8 longer[] = { 0x01, 0x00, 0x08, 0xc8, 0x05, 1, 2, 3, 4, 5, 6, 7, 8, 9 };
static unsigned int checks, failures;
static FILE *real_stderr;
static char *stderr_text;
static size_t stderr_len;

u64 now_ns(void)
{
	return test_now;
}

static void print_reply(struct cmd_channel *s, const char *text)
{
	char copy[2048], *rest = copy, *word;

	snprintf(copy, sizeof(copy), "%s", text);
	while ((word = strsep(&rest, " ")))
		if (strchr(word, '=') && strcmp(strchr(word, '='), "=0"))
			printf(" %s", word);
}

static void print_counters(void)
{
	static struct cmd_channel cmd = { .reply = print_reply };
	char command[32];

	cmd.links = test_links.link;
	cmd.n = test_links.n;
	for (unsigned int i = 0; i < cmd.n; i++) {
		printf("\tlink %u:", i);
		snprintf(command, sizeof(command), "counters %u\n", i);
		cmd_input(&cmd, command, strlen(command));
		putchar('\n');
	}
}

bool test_check(bool ok, const char *file, int line, const char *what,
		const char *fmt, ...)
{
	va_list ap;

	checks++;
	if (ok)
		return true;
	failures++;
	printf("%s:%d: %s", file, line, what);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
	print_counters();
	return false;
}

size_t test_hex(u8 *out, const char *hex)
{
	char digits[3] = "";
	size_t n = 0;
	char *end;

	while (*hex) {
		if (*hex == '*') {
			size_t times = strtoul(hex + 1, &end, 10);

			memset(out + n, out[n - 1], times - 1);
			n += times - 1;
			hex = end;
		} else {
			memcpy(digits, hex, 2);
			out[n++] = strtoul(digits, NULL, 16);
			hex += 2;
		}
		hex += strspn(hex, "\n ");
	}
	return n;
}

void test_bytes(const char *name, const u8 *got, size_t len, const char *hex)
{
	char text[3 * 1024 + 1] = "";
	u8 want[1024];
	size_t n = test_hex(want, hex);

	for (size_t i = 0; i < len && i < 1024; i++)
		snprintf(text + 3 * i, 4, "%02x ", got[i]);
	CHECK(len == n && !memcmp(got, want, n), "%s: got %s, want %s", name,
	      text, hex);
}

void test_words(const u8 *bytes, const struct word *words, size_t n,
		const char *file, int line)
{
	for (size_t i = 0; i < n; i++) {
		u32 got = get_le32(bytes + words[i].at);

		test_check(got == words[i].value, file, line, "word",
			   " at %u: %#x, must be %#x", words[i].at, got,
			   words[i].value);
	}
}

void test_stderr_begin(void)
{
	free(stderr_text);
	stderr_text = NULL;
	real_stderr = stderr;
	stderr = open_memstream(&stderr_text, &stderr_len);
}

const char *test_stderr_end(void)
{
	fclose(stderr);
	stderr = real_stderr;
	return stderr_text;
}

const char *test_stderr(void)
{
	return stderr_text;
}

void test_said(const char *want, bool line, const char *file, int number)
{
	const char *said = test_stderr_end();
	bool ok = strstr(said, want);

	/* of one line the only newline is the last character */
	if (line)
		ok &= strchr(said, '\n') == said + strlen(said) - 1;
	test_check(ok, file, number, want, " is not in: %s", said);
}

size_t test_read_file(void *data, size_t room, const char *fmt, ...)
{
	char path[4096];
	size_t n = 0;
	va_list ap;
	FILE *f;

	va_start(ap, fmt);
	vsnprintf(path, sizeof(path), fmt, ap);
	va_end(ap);
	f = fopen(path, "r");
	if (CHECK(f, "%s is not there", path)) {
		n = fread(data, 1, room, f);
		fclose(f);
	}
	return n;
}

void test_queued(struct sock *s, const char *want)
{
	CHECK(s->out_len == strlen(want) && !memcmp(s->out, want, s->out_len),
	      "%.*s", (int)s->out_len, s->out);
	s->out_len = 0;
}

void test_later(u64 ns)
{
	timers_run(test_now += ns);
}

void test_links_read(const char *table)
{
	struct conf conf = { .links = test_links.link };
	char path[4096];

	memset(&test_links, 0, sizeof(test_links));
	snprintf(path, sizeof(path), "%s/tables/%s/links.conf", test_dir,
		 table);
	if (!conf_read(&conf, path))
		exit(1);
	test_links.n = conf.n;
	test_links.mem = xcalloc(1, SHM_SIZE);
	for (unsigned int i = 0; i < conf.n; i++)
		link_init(&conf.links[i], i);
	shm_init(test_links.mem, conf.links, conf.n);
}

void test_links_free(void)
{
	for (unsigned int i = 0; i < test_links.n; i++)
		link_free(&test_links.link[i]);
	free(test_links.mem);
}

bool test_memory_ok(void)
{
	return shm_ok(test_links.mem, test_links.link, test_links.n);
}

void test_run(const char *table, unsigned int link, void (*run)(struct link *l))
{
	test_links_read(table);
	run(&test_links.link[link]);
	test_links_free();
}

void test_os_put(struct link *l, u32 command, const u8 *data, size_t len)
{
	u8 *b = l->out.buf;

	put_le32(b, 0x50434300 | l->out.index);
	put_le32(b + 4, 1);
	put_le32(b + 8, len + 4);
	put_le32(b + 12, command);
	memcpy(b + 16, data, len);
	*l->out.update &= 0xfffffffe;
}

void test_os_message(struct link *l, const u8 *packet, size_t len)
{
	test_os_put(l, get_le32((const u8 *)"MCTP"), packet, len);
}

void test_os_send(struct link *l, const u8 *packet, size_t len)
{
	test_os_message(l, packet, len);
	outbox_doorbell(l);
}

void test_os_ack(struct link *l)
{
	*l->in.complete |= 1;
	if (get_le32(l->in.buf + 4) & 1)
		inbox_doorbell(l);
}

int main(int argc, char **argv)
{
	static void (*const tests[])(void) = {
		test_endpoint, test_assembly, test_outbox, test_inbox,
		test_external, test_fault, test_quirks, test_registers,
		test_remote, test_owner, test_responder, test_side, test_tty,
		test_files, test_machine,
	};
	char path[4096];
	FILE *f;

	if (argc != 2) {
		fprintf(stderr, "usage: host-test DIR (of the build)\n");
		return 2;
	}
	test_dir = argv[1];
	for (size_t i = 0; i < ARRAY_SIZE(tests); i++)
		tests[i]();
	snprintf(path, sizeof(path), "%s/golden.pcap", test_dir);
	f = fopen(path, "w");
	if (CHECK(f, "%s cannot be written", path)) {
		test_golden_pcap(f);
		fclose(f);
	}
	printf("pcc-platform host tests: %u checks, %u failed\n", checks,
	       failures);
	return failures ? 1 : 0;
}
