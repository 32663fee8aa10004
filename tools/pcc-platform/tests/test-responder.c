// SPDX-License-Identifier: GPL-2.0
/*
 * Clients of PCC beyond MCTP: a responder's commands and its tables
 *
 * Copyright (C) 2026 The mctp-pcc authors
 */
#include <string.h>

#include "conf.h"
#include "shm.h"
#include "test.h"

/* A client's command: what is in the whole buffer, with its length. */
static void os_command(struct link *l, u32 command, u32 value, u32 length)
{
	u8 *b = l->out.buf;

	memset(b, 0, l->out.size);
	put_le32(b, 0x50434300 | l->out.index);
	put_le32(b + 4, 1);
	put_le32(b + 8, length);
	put_le32(b + 12, command);
	put_le32(b + 16, value);
	*l->out.complete &= 0xfffffffe;
	outbox_doorbell(l);
}

static void check_reply(struct link *l, u32 length, u32 value, const char *what)
{
	CHECK(get_le32(l->out.buf + 8) == length &&
	      (length < 8 || get_le32(l->out.buf + 16) == value) &&
	      *l->out.complete & 1 && !(*l->out.error & 1),
	      "%s: length %u, value %u", what, get_le32(l->out.buf + 8),
	      get_le32(l->out.buf + 16));
}

static void test_thermometer(struct link *l)
{
	const char *said;

	/* a client that writes more than its message, as structures go */
	os_command(l, 1, 0, 8);
	check_reply(l, 8, 2982, "read");
	os_command(l, 2, 3000, 8);
	check_reply(l, 4, 0, "set");
	os_command(l, 1, 0, 4);
	check_reply(l, 8, 3000, "read what was set");
	CHECK(l->c.in_packets == 3 && l->c.irqs_out == 3 && !l->violations,
	      "commands %llu, violations %llu", l->c.in_packets,
	      l->violations);
	/* refused: an error status, and no reply */
	os_command(l, 9, 0, 8);
	CHECK(*l->out.error & 1 && l->c.in_errored == 1, "unknown command");
	*l->out.error &= 0xfffffffe;
	os_command(l, 2, 0, 6);
	CHECK(*l->out.error & 1 && l->c.in_errored == 2, "too short");
	*l->out.error &= 0xfffffffe;
	test_stderr_begin();
	os_command(l, 1, 0, 3);
	said = test_stderr_end();
	CHECK(strstr(said, "length 3, must be 4"), "bad length: %s", said);
	/* faults befall it too: completed, and not executed */
	l->fault = (struct fault){ .mode = HOLD, .count = 1 };
	os_command(l, 1, 0, 4);
	CHECK(l->busy && !(*l->out.complete & 1), "not held");
	outbox_complete(l, true);
	check_reply(l, 8, 3000, "after it was held");
}

void test_responder(void)
{
	struct link links[LINKS_MAX] = { 0 };
	struct conf conf = { .links = links };
	char path[4096];
	static u8 mem[0x200000];

	snprintf(path, sizeof(path), "%s/tables/example/links.conf", test_dir);
	if (!CHECK(conf_read(&conf, path) && conf.n == 3 &&
		   !links[0].responder && links[2].responder &&
		   links[2].out.size == 128, "%s", path))
		return;
	for (unsigned int i = 0; i < conf.n; i++) {
		links[i].raise = test_raise;
		link_init(&links[i], i);
	}
	shm_init(mem, links, conf.n);
	test_thermometer(&links[2]);
	CHECK(!responder_find("barometer"), "an unknown responder is found");
	for (unsigned int i = 0; i < conf.n; i++)
		link_free(&links[i]);
}
