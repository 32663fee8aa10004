// SPDX-License-Identifier: GPL-2.0
/* Copyright (C) 2026 The mctp-pcc authors */
/* Doorbells, interrupts and command line of QEMU's q35 */
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "machine/machine.h"
#include "tests/test.h"

static void test_rings(struct link *l, int peer)
{
	struct sock *doorbell = &machine_socks[0];

	test_os_message(l, get_eid, sizeof(get_eid));
	CHECK(write(peer, "\x01\x63", 2) == 2);
	CHECK_SAYS("doorbell value 0x63 is no link's",
		   machine_socks[0].input(doorbell));
	CHECK(l->c.in_packets == 1);
}

void test_machine(void)
{
	static const char want[] =
		"set_irq_in /machine/q35/ioapic unnamed-gpio-in 19 1\n";
	struct options o = { .dir = test_dir };
	struct qtest q = { .pending = 0 };
	struct link *l = test_links.link;
	struct conf conf = { .links = l, .n = 3 };
	int fds[2];

	test_links_read("good");
	if (!CHECK(machine_open(&o, &conf, &q, NULL)) ||
	    !CHECK(!socketpair(AF_UNIX, SOCK_STREAM, 0, fds)))
		return;
	machine_socks[0].fd = fds[0];
	test_rings(l, fds[1]);
	machine_raise(&l[1], INBOX);
	test_queued(&q.sock, want);
	close(fds[1]);
	sock_close(&machine_socks[0]);
	close(machine_socks[0].listen_fd);
	test_links_free();
}
