// SPDX-License-Identifier: GPL-2.0
/* Copyright (C) 2026 The mctp-pcc authors */
/* Responders outside of the program, on a socket */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/sock.h"
#include "ports/ports.h"
#include "test.h"

struct remote_test {
	struct link *l;
	struct remote r[LINKS_MAX];
	char path[100];
	int fd;			/* the program's */
};

static void turn(struct remote_test *x)
{
	struct pollfd f;

	for (int i = 0; i < 4; i++) {
		remote_pollfd(&x->r[2], &f);
		if (f.fd >= 0 && poll(&f, 1, 0) > 0)
			remote_event(&x->r[2], &f);
	}
}

static void program_connects(struct remote_test *x)
{
	x->fd = sock_connect(x->path, SOCK_SEQPACKET);
	CHECK(x->fd >= 0, "connect: %s", strerror(errno));
	turn(x);
}

static void program_says(struct remote_test *x, const char *hex)
{
	u8 msg[256];
	size_t n = test_hex(msg, hex);

	CHECK(send(x->fd, msg, n, 0) == (ssize_t)n);
	turn(x);
}

static void program_hears(struct remote_test *x, const char *what,
			  const char *hex)
{
	u8 msg[256];
	ssize_t n = recv(x->fd, msg, sizeof(msg), 0);

	test_bytes(what, msg, n > 0 ? n : 0, hex);
}

static void os_command(struct remote_test *x, u32 command, const char *hex)
{
	u8 data[256];

	test_os_put(x->l, command, data, test_hex(data, hex));
	outbox_doorbell(x->l);
	turn(x);
}

static void os_sees(struct remote_test *x, const char *what, bool error,
		    const char *hex)
{
	u32 length = get_le32(x->l->out.buf + 8);

	CHECK(*x->l->out.complete & 1 && !x->l->busy &&
	      (*x->l->out.error & 1) == error, "%s: not complete", what);
	if (!error)
		test_bytes(what, x->l->out.buf + 16, length - 4, hex);
	*x->l->out.error &= 0xfffffffe;
}

static void remote_begin(struct remote_test *x)
{
	static const struct responder outside = { .name = "socket" };
	const char *const paths[] = { x->path, NULL };

	memset(x, 0, sizeof(*x));
	snprintf(x->path, sizeof(x->path), "/tmp/pcc-test-%d.sock", getpid());
	test_links_read("example");
	x->l = &test_links.link[2];
	x->l->responder = &outside;
	CHECK(remotes_open(x->r, test_links.link, test_links.n, paths));
}

static void remote_end(struct remote_test *x)
{
	close(x->fd);
	remote_close(&x->r[2]);
	unlink(x->path);
	CHECK(!x->l->violations);
	test_links_free();
}

static void test_remote_answers(struct remote_test *x)
{
	os_command(x, 7, "0a0b");
	CHECK(x->l->busy && !(*x->l->out.complete & 1));
	program_connects(x);
	program_hears(x, "asked", "01000000 07000000 0a0b");
	program_says(x, "01000000 00000000 0c0d0e");
	os_sees(x, "answer", false, "0c0d0e");
	CHECK(x->l->c.outbox_irqs == 1);
	os_command(x, 8, "");
	program_hears(x, "asked again", "02000000 08000000");
	program_says(x, "02000000 05000000");
	os_sees(x, "error", true, "");
	x->l->fault = (struct fault){ .mode = NO_IRQ, .count = 1 };
	os_command(x, 9, "01");
	program_hears(x, "asked, no interrupt", "03000000 09000000 01");
	program_says(x, "03000000 00000000");
	os_sees(x, "no interrupt", false, "");
	CHECK(x->l->c.outbox_irqs == 2);
}

/* An answer to a command from before a reset is dropped. */
static void test_remote_reset(struct remote_test *x)
{
	os_command(x, 1, "01");
	program_hears(x, "asked", "04000000 01000000 01");
	link_reset(x->l);
	os_sees(x, "reset", true, "");
	os_command(x, 2, "02");
	program_hears(x, "asked after it", "05000000 02000000 02");
	link_restart(x->l);
	os_command(x, 3, "03");
	program_hears(x, "asked after a restart", "06000000 03000000 03");
	program_says(x, "04000000 00000000 ff");
	program_says(x, "05000000 00000000 ff");
	CHECK(x->l->busy);
	program_says(x, "06000000 00000000 33");
	os_sees(x, "the right answer", false, "33");
}

/* Two notifications: the second waits for the acknowledgment of the first. */
static void test_remote_notifies(struct remote_test *x)
{
	program_says(x, "00000000 21000000 aabb");
	CHECK(x->l->posted && get_le32(x->l->in.buf + 12) == 0x21 &&
	      get_le32(x->l->in.buf + 8) == 6);
	test_bytes("notification", x->l->in.buf + 16, 2, "aabb");
	program_says(x, "00000000 22000000");
	program_says(x, "00000000 23000000");
	test_os_ack(x->l);
	turn(x);
	CHECK(get_le32(x->l->in.buf + 12) == 0x22);
	test_os_ack(x->l);
	turn(x);
	CHECK(get_le32(x->l->in.buf + 12) == 0x23);
	test_os_ack(x->l);
}

static void program_fails(struct remote_test *x, const char *hex)
{
	if (hex)
		program_says(x, hex);
	else
		close(x->fd);
	turn(x);
}

static void test_remote_fails(const char *first, const char *hex,
			      const char *want)
{
	struct pollfd f[LINKS_MAX] = { 0 };
	struct remote_test x;

	remote_begin(&x);
	program_connects(&x);
	os_command(&x, 1, "");
	if (first)
		program_says(&x, first);
	CHECK_LINE(want, program_fails(&x, hex));
	CHECK(remotes_event(x.r, f) && !remotes_event(x.r, f));
	link_reset(x.l);
	remote_end(&x);
}

static void test_remote_numbers(void)
{
	static const char * const none[] = { NULL };
	static const char * const one[] = { "/tmp/x", NULL };
	struct remote r[LINKS_MAX];

	CHECK_REFUSED("link 2 has answers=socket: needs",
		      remotes_open(r, test_links.link, test_links.n, none));
	CHECK_REFUSED("only 0 links",
		      remotes_open(r, test_links.link, 2, one));
}

void test_remote(void)
{
	struct remote_test x;

	remote_begin(&x);
	test_remote_answers(&x);
	test_remote_reset(&x);
	test_remote_notifies(&x);
	test_remote_numbers();
	remote_end(&x);
	test_remote_fails(NULL, "01000000 00000000 00*113",
			  "an answer of 113 bytes, the buffer takes 112");
	test_remote_fails(NULL, "00000000 00000000 00*113",
			  "a notification of 113 bytes, the inbox takes 112");
	test_remote_fails(NULL, "02000000 00000000",
			  "answers 2, which it was not asked");
	test_remote_fails("01000000 00000000", "01000000 00000000",
			  "answers 1, which it was not asked");
	test_remote_fails(NULL, "01000000 000000",
			  "a message of 7 bytes, must be 8 at least");
	test_remote_fails(NULL, NULL, "responder of link 2: has ended");
}
