// SPDX-License-Identifier: GPL-2.0
/*
 * Copyright (C) 2026 The mctp-pcc authors
 *
 * A bus owner's first conversation with the endpoint behind a mctppcc link:
 * control protocol (DSP0236), PLDM's base commands (DSP0240), messages of 1
 * byte to 64 KiB, and the kernel's counters beside the platform's.
 */
#include <err.h>
#include <net/if.h>

#include "pcc.h"

#define OUR_EID 8
#define PEER_EID 9
#define PEER_TID 1

#define TYPE_PLDM 0x01
#define REQUEST 0x80

/* In their order: DSP0236, table 12, and PLDM's base type, DSP0240, table 2. */
enum {
	SET_EID, GET_EID, GET_UUID, GET_VERSION, GET_TYPES,
	SET_TID, GET_TID, GET_PLDM_VERSION, GET_PLDM_TYPES, GET_PLDM_COMMANDS,
};

/* With @len bytes of @data; at least @reply_len follow the completion code. */
static struct command {
	const char *name;
	__u8 type, code;
	int reply_len;
	size_t len;
	__u8 data[6];
} commands[] = {
	{ "Set Endpoint ID", MCTP_TYPE_CONTROL, 1, 3, 2, { 0, PEER_EID } },
	{ "Get Endpoint ID", MCTP_TYPE_CONTROL, 2, 3, 0, { 0 } },
	{ "Get Endpoint UUID", MCTP_TYPE_CONTROL, 3, 16, 0, { 0 } },
	{ "Get MCTP Version Support, base specification",
	  MCTP_TYPE_CONTROL, 4, 5, 1, { 0xff } },
	{ "Get Message Type Support", MCTP_TYPE_CONTROL, 5, 1, 0, { 0 } },
	{ "PLDM SetTID", TYPE_PLDM, 1, 0, 1, { PEER_TID } },
	{ "PLDM GetTID", TYPE_PLDM, 2, 1, 0, { 0 } },
	{ "PLDM GetPLDMVersion, type 0", TYPE_PLDM, 3, 13, 6,
	  { 0, 0, 0, 0, 1, 0 } },
	{ "PLDM GetPLDMTypes", TYPE_PLDM, 4, 8, 0, { 0 } },
	{ "PLDM GetPLDMCommands, type 0", TYPE_PLDM, 5, 32, 5, { 0 } },
};

/* The other side has no EID until it is given one. */
static struct talk {
	struct pcc pcc;
	const char *ifname;
	__u8 instance;
	__u8 reply[MCTP_MSG_MAX + 1];
	int reply_len;
	struct pcc_counters before;
} talk;

static void require(bool ok, const char *what)
{
	if (!ok)
		errx(1, "FAIL: %s", what);
}

/* What is there already is as good: the program may run twice. */
static void require_ok(int rc, const char *what)
{
	if (rc < 0 && rc != -EEXIST)
		errx(1, "FAIL: %s: %s", what, strerror(-rc));
}

/* Returns the reply to one of the commands, behind its completion code. */
static const __u8 *request(unsigned int number)
{
	const struct command *c = &commands[number];
	unsigned int at = c->type == TYPE_PLDM ? 2 : 1;
	__u8 text[16] = { REQUEST | talk.instance };

	printf("-> %s\n", c->name);
	text[at] = c->code;
	memcpy(text + at + 1, c->data, c->len);
	talk.reply_len = mctp_exchange(&talk.pcc, c->type, text,
				       at + 1 + c->len, talk.reply,
				       sizeof(talk.reply), PCC_WAIT_MS);
	require_ok(talk.reply_len, "a reply");
	require(talk.reply_len >= (int)at + 2 + c->reply_len,
		"the reply is as long as it must be");
	require(talk.reply[0] == talk.instance, "the reply's instance ID");
	require(talk.reply[at] == c->code, "the reply's command code");
	require(!talk.reply[at + 1], "completion code: success");
	talk.instance = (talk.instance + 1) & 0x1f;
	return talk.reply + at + 2;
}

static __u8 get_eid(void)
{
	static const char * const types[] = {
		"endpoint", "bus owner or bridge", "reserved", "reserved"
	};
	const __u8 *reply = request(GET_EID);

	printf("<- EID %u%s, %s, EID type %u\n", reply[0],
	       reply[0] ? "" : " (none yet)", types[reply[1] >> 4 & 3],
	       reply[1] & 3);
	return reply[0];
}

static void set_eid(void)
{
	const __u8 *reply = request(SET_EID);

	printf("<- EID %u %s, pool of %u\n", reply[1],
	       reply[0] & 0x30 ? "rejected" : "accepted", reply[2]);
	require(!(reply[0] & 0x30) && reply[1] == PEER_EID,
		"the endpoint took the EID");
	require_ok(nl_route(talk.pcc.link.ifindex, PEER_EID, true), "a route");
	talk.pcc.peer_eid = PEER_EID;
	printf("   route to EID %u through %s\n", PEER_EID, talk.ifname);
}

static void get_uuid(void)
{
	const __u8 *u = request(GET_UUID);
	unsigned int i;

	printf("<- ");
	for (i = 0; i < 16; i++)
		printf(i == 4 || i == 6 || i == 8 || i == 10 ? "-%02x" : "%02x",
		       u[i]);
	printf("\n");
}

/* A number of a version, DSP0236 section 12.6: BCD, 0xf before one digit. */
static unsigned int digits(__u8 bcd)
{
	return bcd >> 4 == 0xf ? bcd & 0xf : bcd;
}

static void print_version(const __u8 *v)
{
	printf(" %x.%x", digits(v[0]), digits(v[1]));
	if (v[2] != 0xff)
		printf(".%x", digits(v[2]));
}

static void get_version(void)
{
	const __u8 *reply = request(GET_VERSION);
	unsigned int i;

	require(reply[0] && talk.reply_len == 4 + 4 * reply[0],
		"as many versions as announced");
	printf("<-");
	for (i = 0; i < reply[0]; i++)
		print_version(reply + 1 + 4 * i);
	printf("\n");
}

static void get_types(void)
{
	const __u8 *reply = request(GET_TYPES);
	unsigned int i;

	require(talk.reply_len == 4 + reply[0], "as many types as announced");
	printf("<- types");
	for (i = 0; i < reply[0]; i++)
		printf(" 0x%02x", reply[1 + i]);
	printf("\n");
	require(memchr(reply + 1, TYPE_PLDM, reply[0]) &&
		memchr(reply + 1, MCTP_TYPE_VENDOR_IANA, reply[0]),
		"PLDM and the load service are among them");
}

static void pldm_tid(void)
{
	const __u8 *reply;

	request(SET_TID);
	printf("<- success\n");
	reply = request(GET_TID);
	printf("<- TID %u\n", reply[0]);
	require(reply[0] == PEER_TID, "the TID is the one that was set");
}

/* Of the base type, little endian; the request of its commands needs it. */
static void pldm_version(void)
{
	const __u8 *v = request(GET_PLDM_VERSION) + 5;

	memcpy(commands[GET_PLDM_COMMANDS].data + 1, v, 4);
	printf("<-");
	print_version((__u8[]){ v[3], v[2], v[1] });
	printf("\n");
}

/* A map of @len bytes, which has all the bits @need of the first */
static void pldm_bits(unsigned int number, const char *what, unsigned int len,
		      __u8 need)
{
	const __u8 *map = request(number);
	unsigned int i;

	printf("<- %s", what);
	for (i = 0; i < len * 8; i++)
		if (map[i / 8] & 1 << i % 8)
			printf(" %u", i);
	printf("\n");
	require((map[0] & need) == need, "the base ones are among them");
}

static void load(unsigned int mtu)
{
	static const size_t sizes[] = {
		0, 1, 12, 13, 62, 63, 64, 65, 126, 127, 128, 129, 1000, 4096,
		8000, 8192, 16384, 32768, 65534, MCTP_MSG_MAX
	};
	size_t i;

	require_ok(nl_link_mtu(talk.pcc.link.ifindex, mtu), "setting the MTU");
	printf("   MTU %u\n", mtu);
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		require_ok(mctp_echo(&talk.pcc, sizes[i]),
			   "the echo, and every byte of it");
		printf("<> %5zu bytes, %4llu packets each way: all right\n",
		       sizes[i] + 1, mctp_packets(sizes[i], mtu));
	}
}

static void set_up(void)
{
	struct pcc_attrs *link = &talk.pcc.start;
	int ifindex = if_nametoindex(talk.ifname);

	require(ifindex, "the link exists");
	talk.pcc.link.ifindex = ifindex;
	require_ok(nl_link_up(ifindex, true), "setting the link up");
	require_ok(nl_addr(ifindex, OUR_EID, true), "our EID");
	require_ok(plat_quiesce(&talk.pcc), "the platform is at rest");
	require_ok(plat_counters(&talk.pcc, &talk.before),
		   "reading the platform's counters");
	require_ok(nl_link_get(ifindex, link), "reading the link");
	talk.pcc.net = link->net;
	printf("   %s is up, our EID is %u, MTU %u (%u to %u)\n", talk.ifname,
	       OUR_EID, link->mtu, link->min_mtu, link->max_mtu);
}

static bool compare(const char *what, unsigned long long kernel,
		    unsigned long long platform)
{
	printf("   %-20s %14llu %14llu%s\n", what, kernel, platform,
	       kernel == platform ? "" : "   DIFFERENT");
	return kernel == platform;
}

/* Of this conversation alone: an earlier fault may have left a difference. */
static bool counters_agree(void)
{
	const struct pcc_counters *from = &talk.before;
	struct count c;
	bool ok;

	require_ok(plat_quiesce(&talk.pcc), "the platform is at rest");
	require_ok(count_since(&talk.pcc, &c), "reading the counters");
	printf("   %-20s %14s %14s\n", "", talk.ifname, "platform");
	ok = compare("packets sent", c.tx,
		     c.plat.in_packets - from->in_packets);
	ok &= compare("bytes sent", c.tx_bytes,
		      c.plat.in_bytes - from->in_bytes);
	ok &= compare("packets received", c.rx,
		      c.plat.out_packets - from->out_packets);
	ok &= compare("bytes received", c.rx_bytes,
		      c.plat.out_bytes - from->out_bytes);
	ok &= compare("errors, drops",
		      c.tx_errors + c.tx_dropped + c.rx_errors + c.rx_dropped +
		      c.stack,
		      c.plat.violations + c.plat.bad_messages -
		      from->violations - from->bad_messages);
	return ok;
}

int main(int argc, char **argv)
{
	if (argc != 3)
		errx(2, "usage: conversation IFNAME PLATFORM-LINK");
	talk.ifname = argv[1];
	talk.pcc.number = strtoul(argv[2], NULL, 0);
	setvbuf(stdout, NULL, _IOLBF, 0);

	set_up();
	get_eid();
	set_eid();
	require(get_eid() == PEER_EID, "the endpoint keeps its EID");
	get_uuid();
	get_version();
	get_types();
	pldm_tid();
	pldm_version();
	pldm_bits(GET_PLDM_TYPES, "types", 8, 0x01);
	pldm_bits(GET_PLDM_COMMANDS, "commands", 32, 0x3e);
	load(talk.pcc.start.min_mtu);
	load(talk.pcc.start.max_mtu);
	require(counters_agree(), "the counters agree");
	return 0;
}
