// SPDX-License-Identifier: GPL-2.0
/* Copyright (C) 2026 The mctp-pcc authors */
/* The command channel's commands and their errors */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "ports/ports.h"
#include "test.h"

static struct cmd_channel cmd;
static char answer[4096];

static void answer_take(struct cmd_channel *s, const char *text)
{
	snprintf(answer, sizeof(answer), "%s", text);
}

static void expect(const char *command, const char *want)
{
	answer[0] = '\0';
	cmd_input(&cmd, command, strlen(command));
	cmd_input(&cmd, "\n", 1);
	for (int i = 0; i < 2000 && cmd_waiting(&cmd); i++) {
		cmd_irqs_next(&cmd);
		test_later(5 * NSEC_PER_MSEC);
	}
	CHECK(!strncmp(answer, want, strlen(want)), "%s: got %s, want %s",
	      command, answer, want);
}

static void answer_has(const char *want)
{
	CHECK(strstr(answer, want), "%s: %s", want, answer);
}

static void test_side_errors(void)
{
	expect("", "error: empty line");
	expect("jump 0", "error: unknown command jump");
	expect("counters", "error: link : there are 3");
	expect("counters 3", "error: link 3: there are 3");
	expect("counters x", "error: link x");
	expect("counters 0 n=1", "error: n: no such key");
	expect("flood 0 n=5", "error: n: no such key");
	expect("flood 0 count=0", "error: count=0: must be");
	expect("flood 0", "error: count= is missing");
	expect("flood 2 count=1 len=69", "error: len=69: must be");
	expect("flood 2 count=1 len=4", "error: len=4: must be");
	expect("completion 0", "error: mode= is missing");
	expect("completion 0 mode=lazy", "error: mode=lazy: no such mode");
	expect("completion 0 mode=delay us=-1", "error: us=-1: must be");
	expect("lag 0 us=1", "error: the OS itself sets the check register");
	expect("lag 0 box=tray us=1", "error: box=tray: no such box");
	expect("lag 0 us=600000001", "error: us=600000001: must be");
	expect("lag 0 us=1 every=0", "error: every=0: must be");
	expect("lag 0 us=1 irq=2", "error: irq=2: must be");
	expect("lag 0 box=outbox us=1 irq=1", "error: irq=1: must be");
	expect("lose-irq 0 every=-1", "error: every=-1: must be");
	expect("doorbell 0", "error: mode= is missing");
	expect("doorbell 0 mode=loud", "error: mode=loud: no such mode");
	expect("doorbell 0 mode=ignore count=x", "error: count=x: must be");
	expect("fuzz 0 count=5", "error: seed= is missing");
	expect("fuzz 0 seed=5", "error: count= is missing");
	expect("post-raw 0 change=2000000", "error: change=2000000: must be");
	expect("post-raw 0 wait=2", "error: wait=2: must be");
	expect("post-raw 0 error=2", "error: error=2: must be");
	expect("release 0", "error: no transfer is held");
	expect("irq 0 box=both", "error: box=both: no such box");
	expect("post 0 data=0", "error: data: 1 hex digits");
	expect("post 0 data=0g", "error: data: not hex");
	expect("post 0", "error: data= is missing");
	expect("post 0 data=", "error: data= is empty");
	expect("answer 0 us=1 us=2", "error: us: twice");
	expect("expect-violations 0", "error: n= is missing");
	expect("expect-violations 0 n=1", "error: violations=0, expected 1");
}

static void test_side_faults(struct link *l)
{
	expect("completion 0 mode=hold", "ok");
	test_os_send(l, get_eid, sizeof(get_eid));
	expect("counters 0", "ok in_packets=0 ");
	answer_has(" busy=1 ");
	expect("quiesce 0 ms=50", "error: not quiet");
	expect("release 0 irq=0", "ok");
	CHECK(l->c.outbox_irqs == 0 && l->c.in_packets == 1);
	expect("post 0 data=010809c87f", "ok");
	expect("post-raw 0 length=3", "error: inbox is busy");
	test_os_ack(l);
	test_os_ack(l);
	expect("quiesce 0", "ok");
	expect("irq 0 box=outbox count=9", "ok sent=9 taken=0");
	CHECK(l->c.outbox_irqs == 9);
	expect("reset 0", "ok");
	test_os_send(l, get_eid, sizeof(get_eid));
	test_os_ack(l);
	test_now += 77;
	test_os_send(l, get_eid, sizeof(get_eid));
	expect("counters 0", "ok ");
	answer_has(" idle_count=1 idle_p50_ns=64 cycle_p50_ns=64");
	answer_has(" ring_max_ns=77 ack_max_ns=0");
	test_os_ack(l);
}

/* Whoever waited for these is gone, in the middle of a line. */
static void test_side_cancel(struct link *l)
{
	static const char gone[] = "quiesce 0\nflood 0 count=7\npost 0 da";

	expect("reset 0", "ok");
	expect("completion 0 mode=hold", "ok");
	test_os_send(l, get_eid, sizeof(get_eid));
	answer[0] = '\0';
	cmd_input(&cmd, gone, sizeof(gone) - 1);
	CHECK(cmd_waiting(&cmd) && !answer[0], "got %s", answer);
	expect("\ncancel 12-34", "ok 12-34");
	CHECK(!cmd_waiting(&cmd) && !l->flood.left);
	test_later(10000 * NSEC_PER_MSEC);
	CHECK(!strcmp(answer, "ok 12-34"), "%s", answer);
	cmd_input(&cmd, gone, 4);
	expect("\ncancel 5", "ok 5");
	expect("reset 0", "ok");
	test_os_ack(l);
	expect("quiesce 0", "ok");
}

static void test_side_raw(struct link *l)
{
	u64 before = l->c.inbox_irqs;

	expect("post-raw 0 signature=1 flags=0 length=~0 data=aa", "error: ");
	expect("post-raw 0 flags=0 length=0xffffffff command=5 data=aabb irq=0",
	       "ok");
	test_bytes("post-raw", l->in.buf, 18,
		   "01 43 43 50 00 00 00 00 ff ff ff ff 05 00 00 00 aa bb");
	CHECK(l->c.inbox_irqs == before);
	*l->in.complete |= 1;
	expect("quiesce 0", "ok");
	expect("post-raw 0 error=1 length=3", "ok");
	CHECK(reg_read(l->in.error) & REG_BIT);
	test_os_ack(l);
	expect("quiesce 0", "ok");
	expect("flood 0 count=3", "ok");
	CHECK(!(reg_read(l->in.error) & REG_BIT));
	test_os_ack(l);
	expect("flood-stop 0", "ok sent=2");
	test_os_ack(l);
	expect("quiesce 0", "ok");
}

static void test_side_ignore(struct link *l)
{
	expect("reset 0", "ok");
	expect("doorbell 0 mode=ignore", "ok");
	test_os_send(l, get_eid, sizeof(get_eid));
	expect("counters 0", "ok ");
	answer_has(" faults=1 ignored=1 ");
	expect("doorbell 0 mode=ignore count=0", "ok");
	expect("doorbell 0 mode=normal", "ok");
	CHECK(!l->ignore);
	expect("completion 0 mode=early", "ok");
	test_os_send(l, get_eid, sizeof(get_eid));
	expect("counters 0", "ok ");
	answer_has(" in_early=1 faults=2 ");
	expect("fuzz 0 seed=1 count=2", "ok");
	expect("post-raw 0 length=3", "error: inbox is busy");
	expect("post-raw 0 length=3 wait=1 change=5", "ok");
	expect("post-raw 0 length=3 wait=1", "error: inbox is busy");
	expect("reset 0", "ok");
	test_os_ack(l);
	expect("quiesce 0", "ok");
}

static void test_side_quirks(struct link *l)
{
	l->in.update_by = UPDATE_NONE;
	expect("lag 0 us=7 every=3 irq=1", "ok");
	CHECK(l->in_lag.us == 7 && l->in_lag.every == 3 && l->in_lag.irq &&
	      !l->out_lag.us);
	expect("lag 0 box=outbox us=7", "error: the OS itself");
	expect("lose-irq 0 every=2", "ok");
	CHECK(l->lose_every == 2);
	expect("completion 0 mode=late us=9", "ok");
	CHECK(l->fault.mode == LATE && l->fault.us == 9);
	expect("reset 0", "ok");
	expect("counters 0", "ok");
	answer_has(" refused=0 lagged=0 irqs_lost=0");
	l->in.update_by = UPDATE_SAME;
}

static void test_side_violations(void)
{
	CHECK_SAYS("VIOLATION: link 1: seeded",
		   expect("seed-violation 1", "ok"));
	expect("reset 1", "ok");
	expect("counters 1", "ok");
	answer_has(" violations=1 ");
	expect("expect-violations 1 n=1", "ok");
	expect("expect-violations 1 n=0", "ok");
}

static void test_side_reset(struct link *l)
{
	expect("completion 0 mode=hold count=0", "ok");
	test_os_send(l, get_eid, sizeof(get_eid));
	expect("post 0 data=010809c87f", "ok");
	expect("post 0 data=010809c87f", "ok");
	expect("reset 0", "ok");
	CHECK(!l->busy && *l->out.complete & 1);
	expect("counters 0", "ok in_packets=0 ");
	answer_has(" out_packets=0 ");
	answer_has(" out_pending=1 ");
	test_os_ack(l);
	CHECK(!l->c.out_acked && link_idle(l));
	expect("restart 0", "ok");
}

static void test_side_lines(void)
{
	static char line[CMD_LINE_MAX + 100];

	memset(line, 'x', sizeof(line) - 1);
	expect(line, "error: line too long");
	expect("links", "ok n=3");
	cmd_input(&cmd, "help\nlin", 8);
	CHECK(!strncmp(answer, "ok commands=help,", 17), "help: %s", answer);
	cmd_input(&cmd, "ks\n", 3);
	CHECK(!strcmp(answer, "ok n=3"), "links: %s", answer);
}

static void test_side_log(void)
{
	static const char lines[] = "a b=c\x1e";
	char path[64], dir[] = "/tmp/test-commands.XXXXXX";
	const char *found;

	expect("log", "ok");
	CHECK(!answer[2], "without a log: %s", answer);
	CHECK(mkdtemp(dir) && log_open(dir, 1), "log in %s", dir);
	expect("log a b=c", "ok");
	expect("log", "ok\x1e");
	found = strstr(answer, lines);
	CHECK(found && strstr(found, "command: log") && !strchr(answer, '\n'),
	      "short: %s", answer);
	for (int i = 0; i < 100; i++)
		expect("log one line of a hundred", "ok");
	expect("log", "ok\x1e");
	CHECK(strlen(answer) > 1900 && answer[8] == '.' &&
	      !strcmp(answer + strlen(answer) - 12, "command: log"),
	      "long: %s", answer);
	log_close();
	snprintf(path, sizeof(path), "%s/platform.log", dir);
	unlink(path);
	rmdir(dir);
}

void test_side(void)
{
	struct link *l = test_links.link;

	test_links_read("good");
	cmd = (struct cmd_channel){ .links = l, .n = 3, .reply = answer_take };
	test_side_errors();
	test_side_faults(l);
	test_side_cancel(l);
	test_side_raw(l);
	test_side_ignore(l);
	test_side_quirks(l);
	test_side_violations();
	test_side_reset(l);
	test_side_lines();
	test_side_log();
	CHECK(!l->violations);
	test_links_free();
}
