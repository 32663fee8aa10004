// SPDX-License-Identifier: GPL-2.0
/*
 * Copyright (C) 2026 The mctp-pcc authors
 *
 * A bus owner's first conversation with the endpoint behind a mctppcc link,
 * line by line: discovery and EID assignment by the control protocol (DSP0236),
 * PLDM's base commands (DSP0240), then load of 1 byte to 64 KiB, and in the end
 * the kernel's counters beside the platform's.
 */
#include <err.h>
#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "load.h"
#include "mctp.h"
#include "rtnl.h"
#include "side.h"

#ifndef SOL_MCTP
#define SOL_MCTP 285
#endif

#define OUR_EID 8
#define PEER_EID 9
#define PEER_TID 1
#define NULL_EID 0

#define TYPE_CONTROL 0x00
#define TYPE_PLDM 0x01

/* DSP0236, table 12: command codes of the control protocol. */
#define SET_EID 0x01
#define GET_EID 0x02
#define GET_UUID 0x03
#define GET_VERSION 0x04
#define GET_TYPES 0x05

/* DSP0240, table 2: command codes of PLDM's base type. */
#define SET_TID 0x01
#define GET_TID 0x02
#define GET_PLDM_VERSION 0x03
#define GET_PLDM_TYPES 0x04
#define GET_PLDM_COMMANDS 0x05

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

#define REQUEST 0x80
#define REPLY_LIMIT_MS 20000

/* MCTP traffic as one side has counted it: sent by the OS, received by it. */
struct totals {
	__u64 sent, sent_bytes;
	__u64 received, received_bytes;
	__u64 bad;
};

struct talk {
	int sd;
	int side;
	int ifindex;
	unsigned int link;
	const char *ifname;
	__u8 eid;
	__u8 tag;
	__u8 instance;
	__u8 reply[LOAD_MAX + 1];
	ssize_t reply_len;
	struct totals kernel;
	struct totals platform;
};

static struct talk talk;

static void require(bool ok, const char *what)
{
	if (!ok)
		errx(1, "FAILED: %s", what);
}

static void require_ok(int rc, const char *what)
{
	if (rc)
		errx(1, "FAILED: %s: %s", what, strerror(-rc));
}

static void open_socket(void)
{
	int one = 1;

	talk.sd = mctp_socket(REPLY_LIMIT_MS);
	if (setsockopt(talk.sd, SOL_MCTP, MCTP_OPT_ADDR_EXT, &one,
		       sizeof(one)))
		err(1, "FAILED: extended addresses");
}

/*
 * Sends a message to the peer and receives its reply. The NULL EID has no
 * route: extended addressing names the interface.
 */
static void exchange(__u8 type, const void *data, size_t len)
{
	struct sockaddr_mctp_ext to = {
		.smctp_base = {
			.smctp_family = AF_MCTP,
			.smctp_network = NETWORK,
			.smctp_addr.s_addr = talk.eid,
			.smctp_type = type,
			.smctp_tag = talk.tag,
		},
		.smctp_ifindex = talk.ifindex,
	};
	socklen_t to_len = sizeof(to.smctp_base);
	struct sockaddr_mctp from;
	socklen_t from_len = sizeof(from);

	if (talk.eid == NULL_EID)
		to_len = sizeof(to);
	if (sendto(talk.sd, data, len, 0, (void *)&to, to_len) !=
	    (ssize_t)len)
		err(1, "FAILED: sending %zu bytes", len);
	talk.reply_len = recvfrom(talk.sd, talk.reply, sizeof(talk.reply), 0,
				  (void *)&from, &from_len);
	if (talk.reply_len < 0)
		err(1, "FAILED: no reply to %zu bytes", len);
	require(from.smctp_type == type, "the reply has the request's type");
}

/*
 * A request whose command is byte @at; returns the reply behind its completion
 * code, which is the byte after that.
 */
static const __u8 *request(__u8 type, unsigned int at, __u8 command,
			   const void *data, size_t len, ssize_t reply_len)
{
	__u8 text[16] = { REQUEST | talk.instance };

	text[at] = command;
	memcpy(text + at + 1, data, len);
	exchange(type, text, at + 1 + len);
	require(talk.reply_len >= at + 2 + reply_len,
		"the reply is as long as it must be");
	require(talk.reply[0] == talk.instance, "the reply's instance ID");
	require(talk.reply[at] == command, "the reply's command code");
	require(!talk.reply[at + 1], "completion code: success");
	talk.instance = (talk.instance + 1) & 0x1f;
	return talk.reply + at + 2;
}

static const __u8 *control(__u8 command, const void *data, size_t len,
			   ssize_t reply_len)
{
	return request(TYPE_CONTROL, 1, command, data, len, reply_len);
}

/* Of PLDM's base type. */
static const __u8 *pldm(__u8 command, const void *data, size_t len,
			ssize_t reply_len)
{
	return request(TYPE_PLDM, 2, command, data, len, reply_len);
}

static __u8 get_eid(void)
{
	static const char * const types[] = {
		"endpoint", "bus owner or bridge", "reserved", "reserved"
	};
	const __u8 *reply;

	printf("-> Get Endpoint ID\n");
	reply = control(GET_EID, NULL, 0, 3);
	printf("<- EID %u%s, %s, EID type %u\n", reply[0],
	       reply[0] ? "" : " (none yet)", types[reply[1] >> 4 & 3],
	       reply[1] & 3);
	return reply[0];
}

static void set_eid(void)
{
	__u8 request[] = { 0, PEER_EID };
	const __u8 *reply;

	printf("-> Set Endpoint ID %u\n", PEER_EID);
	reply = control(SET_EID, request, sizeof(request), 3);
	printf("<- EID %u %s, pool of %u\n", reply[1],
	       reply[0] & 0x30 ? "rejected" : "accepted", reply[2]);
	require(!(reply[0] & 0x30) && reply[1] == PEER_EID,
		"the endpoint took the EID");
	require_ok(rtnl_add_route(talk.ifindex, PEER_EID), "adding a route");
	talk.eid = PEER_EID;
	talk.tag = mctp_own_tag(talk.sd, PEER_EID);
	printf("   route to EID %u through %s\n", PEER_EID, talk.ifname);
}

static void get_uuid(void)
{
	unsigned int i;
	const __u8 *u;

	printf("-> Get Endpoint UUID\n");
	u = control(GET_UUID, NULL, 0, 16);
	printf("<- ");
	for (i = 0; i < 16; i++)
		printf(i == 4 || i == 6 || i == 8 || i == 10 ? "-%02x" : "%02x",
		       u[i]);
	printf("\n");
}

/* One version number, DSP0236 section 12.6: BCD, 0xf in front of one digit. */
static void print_digits(__u8 bcd)
{
	if (bcd >> 4 == 0xf)
		printf("%u", bcd & 0xf);
	else
		printf("%u%u", bcd >> 4, bcd & 0xf);
}

static void print_version(const __u8 *v)
{
	putchar(' ');
	print_digits(v[0]);
	putchar('.');
	print_digits(v[1]);
	if (v[2] != 0xff) {
		putchar('.');
		print_digits(v[2]);
	}
}

static void get_version(void)
{
	__u8 base = 0xff;
	const __u8 *reply;
	unsigned int i;

	printf("-> Get MCTP Version Support, base specification\n");
	reply = control(GET_VERSION, &base, sizeof(base), 5);
	require(reply[0] && talk.reply_len == 4 + 4 * reply[0],
		"as many versions as announced");
	printf("<-");
	for (i = 0; i < reply[0]; i++)
		print_version(reply + 1 + 4 * i);
	printf("\n");
}

static void get_types(void)
{
	const __u8 *reply;
	unsigned int i;

	printf("-> Get Message Type Support\n");
	reply = control(GET_TYPES, NULL, 0, 1);
	require(talk.reply_len == 4 + reply[0], "as many types as announced");
	printf("<- types");
	for (i = 0; i < reply[0]; i++)
		printf(" 0x%02x", reply[1 + i]);
	printf("\n");
	require(memchr(reply + 1, TYPE_PLDM, reply[0]) &&
		memchr(reply + 1, LOAD_TYPE, reply[0]),
		"PLDM and the load service are among them");
}

static void pldm_tid(void)
{
	__u8 tid = PEER_TID;
	const __u8 *reply;

	printf("-> PLDM SetTID %u\n", tid);
	pldm(SET_TID, &tid, sizeof(tid), 0);
	printf("<- success\n");
	printf("-> PLDM GetTID\n");
	reply = pldm(GET_TID, NULL, 0, 1);
	printf("<- TID %u\n", reply[0]);
	require(reply[0] == PEER_TID, "the TID is the one that was set");
}

/* Reads the version of the base type into version, little endian. */
static void pldm_version(__u8 *version)
{
	__u8 request[] = { 0, 0, 0, 0, 1, 0 };
	const __u8 *reply;

	printf("-> PLDM GetPLDMVersion, type 0\n");
	reply = pldm(GET_PLDM_VERSION, request, sizeof(request), 13);
	memcpy(version, reply + 5, 4);
	printf("<-");
	print_version((__u8[]){ version[3], version[2], version[1] });
	printf("\n");
}

static void print_bits(const char *what, const __u8 *map, unsigned int len)
{
	unsigned int i;

	printf("<- %s", what);
	for (i = 0; i < len * 8; i++) {
		if (map[i / 8] & 1 << i % 8)
			printf(" %u", i);
	}
	printf("\n");
}

static void pldm_types(void)
{
	const __u8 *reply;

	printf("-> PLDM GetPLDMTypes\n");
	reply = pldm(GET_PLDM_TYPES, NULL, 0, 8);
	print_bits("types", reply, 8);
	require(reply[0] & 1, "the base type is among them");
}

static void pldm_commands(const __u8 *version)
{
	__u8 request[5] = { 0 };
	const __u8 *reply;

	memcpy(request + 1, version, 4);
	printf("-> PLDM GetPLDMCommands, type 0\n");
	reply = pldm(GET_PLDM_COMMANDS, request, sizeof(request), 32);
	print_bits("commands", reply, 32);
	require((reply[0] & 0x3e) == 0x3e, "the five base commands are there");
}

static void round_trip(size_t len)
{
	static __u8 body[LOAD_MAX];
	static __u32 seed = 1;

	load_fill(body, len, ++seed);
	exchange(LOAD_TYPE, body, len);
	require(talk.reply_len == (ssize_t)len, "the echo's length");
	require(load_check(talk.reply, len, seed), "every byte of the echo");
}

static void load(__u32 mtu)
{
	static const size_t sizes[] = {
		0, 1, 12, 13, 62, 63, 64, 65, 126, 127, 128, 129, 1000, 4096,
		8000, 8192, 16384, 32768, 65534, LOAD_MAX
	};
	/* What a packet of this MTU carries of the message, type byte first. */
	size_t i, room = mtu - 4;

	require_ok(rtnl_set_mtu(talk.ifindex, mtu), "setting the MTU");
	printf("   MTU %u\n", mtu);
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		round_trip(sizes[i]);
		printf("<> %5zu bytes, %4zu packets each way: all right\n",
		       sizes[i] + 1, (sizes[i] + room) / room);
	}
}

static void set_up(void)
{
	struct rtnl_link link;

	talk.ifindex = if_nametoindex(talk.ifname);
	require(talk.ifindex, "the link exists");
	require_ok(rtnl_get_link(talk.ifindex, &link), "reading the link");
	require_ok(rtnl_set_up(talk.ifindex, true), "setting the link up");
	require_ok(rtnl_add_eid(talk.ifindex, OUR_EID), "adding our EID");
	open_socket();
	printf("   %s is up, our EID is %u, MTU %u (%u to %u)\n", talk.ifname,
	       OUR_EID, link.mtu, link.min_mtu, link.max_mtu);
}

static void read_kernel(struct totals *t)
{
	struct rtnl_link link;

	require_ok(rtnl_get_link(talk.ifindex, &link), "reading the link");
	t->sent = link.stats.tx_packets;
	t->sent_bytes = link.stats.tx_bytes;
	t->received = link.stats.rx_packets;
	t->received_bytes = link.stats.rx_bytes;
	t->bad = link.stats.tx_errors + link.stats.rx_errors +
		 link.stats.tx_dropped + link.stats.rx_dropped;
}

static void read_platform(struct totals *t)
{
	char command[64], reply[1024];

	snprintf(command, sizeof(command), "quiesce %u", talk.link);
	require_ok(side_ask(talk.side, command, reply, sizeof(reply)),
		   "the platform is at rest");
	snprintf(command, sizeof(command), "counters %u", talk.link);
	require_ok(side_ask(talk.side, command, reply, sizeof(reply)),
		   "reading the platform's counters");
	t->sent = side_value(reply, "in_packets");
	t->sent_bytes = side_value(reply, "in_bytes");
	t->received = side_value(reply, "out_packets");
	t->received_bytes = side_value(reply, "out_bytes");
	t->bad = side_value(reply, "violations") +
		 side_value(reply, "bad_messages");
}

static bool compare(const char *what, __u64 kernel, __u64 platform)
{
	printf("   %-20s %14llu %14llu%s\n", what, (unsigned long long)kernel,
	       (unsigned long long)platform,
	       kernel == platform ? "" : "   DIFFERENT");
	return kernel == platform;
}

/* Of this conversation alone: an earlier fault may have left a difference. */
static bool counters_agree(void)
{
	const struct totals *k0 = &talk.kernel, *p0 = &talk.platform;
	struct totals k, p;
	bool ok;

	read_platform(&p);
	read_kernel(&k);
	printf("   %-20s %14s %14s\n", "", talk.ifname, "platform");
	ok = compare("packets sent", k.sent - k0->sent, p.sent - p0->sent);
	ok &= compare("bytes sent", k.sent_bytes - k0->sent_bytes,
		      p.sent_bytes - p0->sent_bytes);
	ok &= compare("packets received", k.received - k0->received,
		      p.received - p0->received);
	ok &= compare("bytes received", k.received_bytes - k0->received_bytes,
		      p.received_bytes - p0->received_bytes);
	ok &= compare("errors, drops", k.bad - k0->bad, p.bad - p0->bad);
	return ok;
}

int main(int argc, char **argv)
{
	__u8 version[4];
	struct rtnl_link link;

	if (argc != 3)
		errx(2, "usage: conversation IFNAME PLATFORM-LINK");
	talk.ifname = argv[1];
	talk.link = strtoul(argv[2], NULL, 0);
	talk.tag = MCTP_TAG_OWNER;
	setvbuf(stdout, NULL, _IOLBF, 0);

	talk.side = side_open();
	if (talk.side < 0)
		errx(1, "FAILED: command channel: %s", strerror(-talk.side));
	set_up();
	read_platform(&talk.platform);
	read_kernel(&talk.kernel);
	get_eid();
	set_eid();
	require(get_eid() == PEER_EID, "the endpoint keeps its EID");
	get_uuid();
	get_version();
	get_types();
	pldm_tid();
	pldm_version(version);
	pldm_types();
	pldm_commands(version);
	require_ok(rtnl_get_link(talk.ifindex, &link), "reading the link");
	load(link.min_mtu);
	load(link.max_mtu);
	require(counters_agree(), "the counters agree");
	return 0;
}
