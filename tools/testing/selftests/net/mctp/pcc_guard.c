// SPDX-License-Identifier: GPL-2.0
/*
 * A test that hangs, aborts or is killed leaves nothing changed
 * Copyright (C) 2026 The mctp-pcc authors
 */
#include <signal.h>

#include "lib/harness.h"

#define FLOOD		1000000
#define HANG_S		3
#define OTHER_EID	77
#define OTHER_MTU	100

enum end { HANGS, ABORTS, KILLED, STOPPED };

FIXTURE(guard)
{
	struct pcc pcc;
	struct pcc_state before, after;
};

FIXTURE_VARIANT(guard)
{
	enum end end;
	int signal;		/* that it then dies of */
};

FIXTURE_VARIANT_ADD(guard, hangs) { .end = HANGS, .signal = SIGKILL };
FIXTURE_VARIANT_ADD(guard, aborts) { .end = ABORTS, .signal = SIGABRT };
FIXTURE_VARIANT_ADD(guard, killed) { .end = KILLED, .signal = SIGKILL };
FIXTURE_VARIANT_ADD(guard, stopped) { .end = STOPPED, .signal = SIGKILL };

SETUP(guard)
{
	setup_up(&self->pcc, pcc_get(&self->pcc, 0, PCC_NEED_LAB),
		 MCTP_MTU_MIN);
}

/* As many things as a test can change; 0: done */
static int change_all(const struct pcc *pcc)
{
	int ifindex = pcc->link.ifindex;
	char devices[2][64];
	struct pcc_link link;

	return plat_cmd(pcc, "flood count=%u", FLOOD) ||
	       plat_cmd(pcc, "doorbell mode=ignore count=0") ||
	       nl_addr(ifindex, pcc->eid, false) ||
	       nl_addr(ifindex, OTHER_EID, true) ||
	       nl_route(ifindex, pcc->peer_eid, false) ||
	       nl_route(ifindex, OTHER_EID + 1, true) ||
	       nl_qdisc_set(ifindex, "pfifo_fast") ||
	       nl_link_mtu(ifindex, OTHER_MTU) ||
	       nl_link_net(ifindex, OTHER_EID) ||
	       nl_link_up(ifindex, false) ||
	       pcc_devices(devices, 2) != 2 ||
	       pcc_link_of(devices[1], &link) ||
	       pcc_bind(devices[1], false) ||
	       nl_link_name(ifindex, link.name);
}

/* A process that shares nothing but the link with the test */
static void victim(const struct pcc *pcc, enum end end)
{
	guard_anew();
	if (change_all(pcc))
		_exit(KSFT_FAIL);
	if (end == ABORTS)
		abort();
	if (end == KILLED)
		raise(SIGKILL);
	if (end == STOPPED)
		kill(getppid(), SIGTERM);
	else
		guard_time(HANG_S);
	plat_cmd(pcc, "quiesce ms=600000");
	_exit(KSFT_PASS);
}

static void check_links(const struct pcc_state *before,
			const struct pcc_state *after)
{
	const struct link_state *was, *is;
	int i;

	EXPECT_EQ(before->module, after->module);
	EXPECT_STREQ(before->port, after->port);
	ASSERT_EQ(before->n, after->n);
	for (i = 0; i < after->n; i++) {
		was = &before->links[i];
		is = &after->links[i];
		EXPECT_STREQ(was->device, is->device);
		EXPECT_EQ(was->bound, is->bound);
		EXPECT_STREQ(was->link.name, is->link.name);
		EXPECT_EQ(was->attrs.mtu, is->attrs.mtu);
		EXPECT_EQ(was->attrs.net, is->attrs.net);
		EXPECT_EQ(was->attrs.flags & IFF_UP, is->attrs.flags & IFF_UP);
		EXPECT_STREQ(was->attrs.qdisc, is->attrs.qdisc);
	}
}

TEST_F(guard, puts_back)
{
	struct pcc_counters c;
	int status;
	pid_t pid;

	ASSERT_EQ(0, nl_qdisc_set(self->pcc.link.ifindex, "fq_codel"));
	state_save(&self->before);
	EXPECT_STREQ("fq_codel", self->before.links[0].attrs.qdisc);
	EXPECT_LE(2, self->before.n_addrs);
	plat_close();
	pid = fork();
	ASSERT_LE(0, pid);
	if (!pid)
		victim(&self->pcc, variant->end);
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	ASSERT_TRUE(WIFSIGNALED(status));
	EXPECT_EQ(variant->signal, WTERMSIG(status));

	state_save(&self->after);
	check_links(&self->before, &self->after);
	ASSERT_EQ(self->before.n_addrs, self->after.n_addrs);
	EXPECT_EQ(0, memcmp(self->before.addrs, self->after.addrs,
			    sizeof(self->before.addrs)));
	ASSERT_EQ(0, plat_quiesce(&self->pcc));
	ASSERT_EQ(0, plat_counters(&self->pcc, &c));
	EXPECT_GT(FLOOD, c.out_packets);
	EXPECT_EQ(0, mctp_echo(&self->pcc, 1000));
}

FIXTURE_LINK(port, setup_found(pcc_get(&self->pcc, 0, PCC_NEED_LAB)));

/* Another process has the port for a while: the test waits, no skip */
TEST_F(port, busy)
{
	int status, ready[2];
	char byte = 0;
	pid_t pid;

	plat_close();
	ASSERT_EQ(0, pipe(ready));
	pid = fork();
	ASSERT_LE(0, pid);
	if (!pid) {
		if (plat_cmd(&self->pcc, "counters") ||
		    write(ready[1], &byte, 1) != 1)
			_exit(1);
		sleep(HANG_S);
		_exit(0);
	}
	ASSERT_EQ(1, read(ready[0], &byte, 1));
	EXPECT_TRUE(plat_present());
	EXPECT_EQ(0, plat_cmd(&self->pcc, "counters"));
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(0, status);
}

TEST_HARNESS_MAIN
