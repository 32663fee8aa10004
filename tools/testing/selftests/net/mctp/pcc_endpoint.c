// SPDX-License-Identifier: GPL-2.0
/*
 * Endpoints that own the bus, answer later than a tag lives, have an EID or
 * refuse ours. The kernel answers no control message: the test does.
 * Copyright (C) 2026 The mctp-pcc authors
 */
#include "lib/harness.h"

/* Control protocol, DSP0236 clause 12 */
#define CTRL_REQUEST	0x80
#define CTRL_SET_EID	0x01
#define CTRL_GET_TYPES	0x05
#define EID_GIVEN	40	/* + number of the link */

#define EID_REFUSED	"255"	/* of a broadcast */
#define EID_WANTED	"50"

#define QUIET_MS	2500	/* the owner asks once a second */
#define BODY		40	/* one packet, and so is the answer */
#define TAG_LIFE_MS	6000	/* DSP0236, instance ID expiry */

FIXTURE(owner)
{
	struct pcc pcc;
	int fd;
	__u8 eid;
};

FIXTURE_VARIANT(owner) { unsigned int nth; };

FIXTURE_VARIANT_ADD(owner, first) { .nth = 0 };
FIXTURE_VARIANT_ADD(owner, third) { .nth = 2 };

SETUP(owner)
{
	if (!setup_link(&self->pcc, variant->nth, MCTP_MTU_MIN))
		return;
	self->fd = mctp_bind(&self->pcc, MCTP_TYPE_CONTROL);
	ASSERT_LE(0, self->fd);
	self->eid = EID_GIVEN + self->pcc.number;
}

struct message {
	struct sockaddr_mctp from;
	__u8 body[64];
};

static int receive(int fd, struct message *m, int ms)
{
	return mctp_recv(fd, &m->from, m->body, sizeof(m->body), ms);
}

/* The length of the next request, which has to be for an EID */
static int request(const struct pcc *pcc, int fd, struct message *m)
{
	int rc = receive(fd, m, PCC_WAIT_MS);

	if (rc < 0)
		return rc;
	if (rc < 2 || !(m->body[0] & CTRL_REQUEST) ||
	    m->body[1] != CTRL_SET_EID ||
	    m->from.smctp_addr.s_addr != pcc->peer_eid ||
	    !(m->from.smctp_tag & MCTP_TO))
		return -EPROTO;
	return rc;
}

static int answer(int fd, struct message *to, const __u8 *data, size_t len)
{
	__u8 body[16] = { to->body[0] & 0x1f, to->body[1] };

	memcpy(body + 2, data, len);
	to->from.smctp_tag &= ~MCTP_TO;
	return sendto(fd, body, len + 2, 0, (struct sockaddr *)&to->from,
		      sizeof(to->from)) < 0 ? -errno : 0;
}

TEST_F(owner, gives_eid)
{
	const __u8 accepted[] = { 0, 0, self->eid, 0 };
	static const __u8 types[] = { 0, 1, MCTP_TYPE_VENDOR_IANA };
	struct pcc *pcc = &self->pcc;
	struct pcc_counters c;
	struct message m;

	ASSERT_PLAT(pcc, "owner eid=%u", self->eid);
	ASSERT_EQ(4, request(pcc, self->fd, &m));
	EXPECT_EQ(self->eid, m.body[3]);
	ASSERT_EQ(0, nl_addr(pcc->link.ifindex, self->eid, true));
	ASSERT_EQ(0, answer(self->fd, &m, accepted, sizeof(accepted)));
	/* a slow machine may have been asked once more */
	do {
		ASSERT_LE(2, receive(self->fd, &m, PCC_WAIT_MS));
	} while (m.body[1] == CTRL_SET_EID);
	ASSERT_EQ(CTRL_GET_TYPES, m.body[1]);
	ASSERT_EQ(0, answer(self->fd, &m, types, sizeof(types)));
	/* it asks nothing more */
	while (receive(self->fd, &m, QUIET_MS) > 0)
		ASSERT_EQ(CTRL_GET_TYPES, m.body[1]);
	EXPECT_EQ(-ETIMEDOUT, receive(self->fd, &m, QUIET_MS));
	EXPECT_EQ(0, mctp_echo(pcc, 1000));
	ASSERT_EQ(0, plat_counters(pcc, &c));
	EXPECT_EQ(0, c.violations);
	EXPECT_EQ(c.out_packets, c.out_acked);
}

/* A request while the link is down is lost, the next one is not */
TEST_F(owner, asks_again)
{
	struct pcc *pcc = &self->pcc;
	struct message first, next;
	struct pcc_counters c;

	ASSERT_EQ(0, nl_link_up(pcc->link.ifindex, false));
	ASSERT_PLAT(pcc, "owner eid=%u", self->eid);
	usleep(QUIET_MS * 1000);
	ASSERT_EQ(0, nl_link_up(pcc->link.ifindex, true));
	ASSERT_EQ(4, request(pcc, self->fd, &first));
	ASSERT_EQ(4, request(pcc, self->fd, &next));
	EXPECT_NE(first.body[0], next.body[0]);
	ASSERT_EQ(0, plat_reset(pcc));
	while (receive(self->fd, &next, QUIET_MS) > 0)
		;
	ASSERT_EQ(0, plat_counters(pcc, &c));
	EXPECT_EQ(0, c.out_packets);
	EXPECT_EQ(0, c.violations);
}

FIXTURE_LINK(late_answer, setup_link(&self->pcc, 0, MCTP_MTU_MIN));

/* With a tag that expires, as of any program that reserves none */
static int ask(const struct pcc *pcc, int fd, __u32 seed)
{
	__u8 body[BODY];

	load_request(body, BODY, seed, BODY);
	return mctp_send(fd, pcc, MCTP_TYPE_VENDOR_IANA, MCTP_TAG_OWNER, body,
			 BODY);
}

/* 0: the next message is the answer to @seed */
static int answered(int fd, __u32 seed, int ms)
{
	__u8 body[BODY], want[BODY];
	struct sockaddr_mctp from;
	int rc = mctp_recv(fd, &from, body, sizeof(body), ms);

	load_answer(want, BODY, seed);
	if (rc < 0)
		return rc;
	return rc == BODY && !memcmp(body, want, BODY) ? 0 : -EBADMSG;
}

TEST_F(late_answer, in_time)
{
	int fd = socket(AF_MCTP, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	ASSERT_LE(0, fd);
	ASSERT_PLAT(&self->pcc, "answer us=%u000", TAG_LIFE_MS / 2);
	ASSERT_EQ(0, ask(&self->pcc, fd, 1));
	EXPECT_EQ(-ETIMEDOUT, answered(fd, 1, TAG_LIFE_MS / 4));
	EXPECT_EQ(0, answered(fd, 1, PCC_WAIT_MS));
}

/* The driver receives it; no socket gets it, not even the next request's */
TEST_F(late_answer, after_the_tag)
{
	int fd = socket(AF_MCTP, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	const struct pcc *pcc = &self->pcc;
	struct rtnl_link_stats64 stats;
	struct pcc_counters c;

	ASSERT_LE(0, fd);
	ASSERT_PLAT(pcc, "answer us=%u000", TAG_LIFE_MS + 2000);
	ASSERT_EQ(0, ask(pcc, fd, 1));
	EXPECT_EQ(-ETIMEDOUT, answered(fd, 1, TAG_LIFE_MS + 4000));
	ASSERT_EQ(0, nl_link_stats(pcc->link.ifindex, &stats));
	EXPECT_EQ(1, stats.rx_packets - pcc->start.stats.rx_packets);
	ASSERT_EQ(0, ask(pcc, fd, 2));
	EXPECT_EQ(0, answered(fd, 2, PCC_WAIT_MS));
	ASSERT_EQ(0, plat_counters(pcc, &c));
	EXPECT_EQ(2, c.out_acked);
	EXPECT_EQ(0, c.violations);
}

FIXTURE(eid)
{
	struct pcc pcc, other;
	__u8 before;		/* the controller's */
};

SETUP(eid)
{
	if (setup_link(&self->other, 1, MCTP_MTU_MIN) &&
	    setup_link(&self->pcc, 0, MCTP_MTU_MIN))
		self->before = self->pcc.peer_eid;
}

/* Messages pass both ways; gives the controller its old EID back */
static void check_eid(struct pcc *pcc, __u8 peer_eid, __u8 before)
{
	EXPECT_EQ(peer_eid, pcc->peer_eid);
	EXPECT_EQ(peer_eid, mctp_get_eid(pcc));
	EXPECT_NE(peer_eid, pcc->eid);
	EXPECT_EQ(0, mctp_echo(pcc, 1000));
	EXPECT_EQ(0, mctp_set_eid(pcc, before));
}

/* The controller keeps the EID that it has */
TEST_F(eid, kept)
{
	ASSERT_EQ(0, mctp_set_eid(&self->pcc, EID_GIVEN));
	ASSERT_EQ(0, mctp_peer_start(&self->pcc));
	check_eid(&self->pcc, EID_GIVEN, self->before);
}

/* The controller has our EID: we take another one */
TEST_F(eid, was_ours)
{
	__u8 ours = self->pcc.eid;

	ASSERT_EQ(0, mctp_set_eid(&self->pcc, ours));
	ASSERT_EQ(0, mctp_peer_start(&self->pcc));
	check_eid(&self->pcc, ours, self->before);
}

/* Another link's controller has the same EID: this one gets a free one */
TEST_F(eid, taken)
{
	ASSERT_EQ(0, mctp_set_eid(&self->pcc, self->other.peer_eid));
	ASSERT_EQ(0, mctp_peer_start(&self->pcc));
	EXPECT_NE(self->other.peer_eid, self->pcc.peer_eid);
	check_eid(&self->pcc, self->pcc.peer_eid, self->before);
	EXPECT_EQ(0, mctp_echo(&self->other, 1000));
}

TEST_F(eid, wanted)
{
	setenv("PCC_PEER_EID", EID_WANTED, true);
	ASSERT_EQ(0, mctp_peer_start(&self->pcc));
	check_eid(&self->pcc, atoi(EID_WANTED), self->before);
}

/* A controller that takes none is a reason to skip a test, and says so */
TEST_F(eid, refused)
{
	setenv("PCC_PEER_EID", EID_REFUSED, true);
	ASSERT_EQ(-ECONNREFUSED, pcc_up(&self->pcc, MCTP_MTU_MIN));
	ASSERT_FALSE(setup_up(&self->pcc, NULL, MCTP_MTU_MIN));
	ASSERT_EQ(KSFT_SKIP, _metadata->exit_code);
	_metadata->exit_code = KSFT_PASS;
}

TEST_HARNESS_MAIN
