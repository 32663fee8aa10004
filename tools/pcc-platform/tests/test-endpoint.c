// SPDX-License-Identifier: GPL-2.0
/* Copyright (C) 2026 The mctp-pcc authors */
/*
 * The endpoint against packets written down by hand
 *
 * Whole MCTP packets, from the tables of DSP0236 1.3 and DSP0240 1.1, not
 * from the code. The EID is 0 at first, 9 from the second on; ours is 8.
 */
#include <string.h>

#include "endpoint/endpoint.h"
#include "test.h"
#include "wire/wire.h"

struct golden {
	const char *name;
	const char *request;
	const char *response;	/* "": none */
};

/* Well-formed and accepted: these are written to golden.pcap too. */
static const struct golden golden[] = {
	{ "Get Endpoint ID, none assigned", "01 00 08 c8 00 80 02",
	  "01 08 00 c0 00 00 02 00 00 00 00" },
	{ "Set Endpoint ID", "01 00 08 c9 00 81 01 00 09",
	  "01 08 00 c1 00 01 01 00 00 09 00" },
	{ "Get Endpoint ID", "01 09 08 ca 00 82 02",
	  "01 08 09 c2 00 02 02 00 09 00 00" },
	{ "Get Endpoint ID at the NULL EID", "01 00 08 ca 00 82 02",
	  "01 08 09 c2 00 02 02 00 09 00 00" },
	{ "Get Endpoint UUID", "01 09 08 cb 00 9f 03",
	  "01 08 09 c3 00 1f 03 00 6d637470 7063 4c63 8000 00*6" },
	{ "Get MCTP Version Support, base", "01 09 08 cc 00 84 04 ff",
	  "01 08 09 c4 00 04 04 00 04 f1f0ff00 f1f1ff00 f1f2ff00 f1f3ff00" },
	{ "Get MCTP Version Support, PLDM", "01 09 08 cd 00 85 04 01",
	  "01 08 09 c5 00 05 04 00 01 f1 f0 ff 00" },
	{ "Get Message Type Support", "01 09 08 ce 00 86 05",
	  "01 08 09 c6 00 06 05 00 02 01 7f" },
	{ "Get MCTP Version Support, control", "01 09 08 cc 00 84 04 00",
	  "01 08 09 c4 00 04 04 00 04 f1f0ff00 f1f1ff00 f1f2ff00 f1f3ff00" },
	{ "Get MCTP Version Support, vendor defined by IANA",
	  "01 09 08 cc 00 84 04 7f",
	  "01 08 09 c4 00 04 04 00 04 f1f0ff00 f1f1ff00 f1f2ff00 f1f3ff00" },
	/* no more sets, format IANA, 32473 big endian, version 1 */
	{ "Get Vendor Defined Message Support", "01 09 08 cf 00 87 06 00",
	  "01 08 09 c7 00 07 06 00 ff 01 00007ed9 0001" },
	{ "Get Message Type Support, repeated with its instance",
	  "01 09 08 ce 00 86 05",
	  "01 08 09 c6 00 06 05 00 02 01 7f" },
	{ "Set Endpoint ID at the NULL EID, repeated",
	  "01 00 08 c9 00 81 01 00 09",
	  "01 08 09 c1 00 01 01 00 00 09 00" },
	{ "Set Endpoint ID, forced, the same", "01 09 08 c8 00 80 01 01 09",
	  "01 08 09 c0 00 00 01 00 00 09 00" },
	{ "GetTID, unassigned", "01 09 08 ca 01 82 00 02",
	  "01 08 09 c2 01 02 00 02 00 00" },
	{ "SetTID", "01 09 08 c9 01 81 00 01 21",
	  "01 08 09 c1 01 01 00 01 00" },
	{ "GetTID", "01 09 08 ca 01 82 00 02",
	  "01 08 09 c2 01 02 00 02 00 21" },
	{ "GetPLDMVersion", "01 09 08 cb 01 83 00 03 00 00 00 00 01 00",
	  "01 08 09 c3 01 03 00 03 00 00 00 00 00 05 00 f0 f1 f1 ba be 9d 53" },
	{ "GetPLDMTypes", "01 09 08 cc 01 84 00 04",
	  "01 08 09 c4 01 04 00 04 00 05 00 00 00 00 00 00 00" },
	{ "GetPLDMCommands", "01 09 08 cd 01 85 00 05 00 00 f0 f1 f1",
	  "01 08 09 c5 01 05 00 05 00 3e 00*31" },
	{ "GetPLDMVersion, platform",
	  "01 09 08 cb 01 83 00 03 00 00 00 00 01 02",
	  "01 08 09 c3 01 03 00 03 00 00 00 00 00 05 00 f0 f2 f1 79 ed b0 78" },
	{ "GetPLDMCommands, platform", "01 09 08 cd 01 85 00 05 02 00 f0 f2 f1",
	  "01 08 09 c5 01 05 00 05 00 08 00 02 00*7 03 00*21" },
	{ "GetTerminusUID", "01 09 08 ce 01 86 02 03",
	  "01 08 09 c6 01 06 02 03 00 6d637470 7063 4c63 8000 00*6" },
	/* available, two times, 2 records of 19 and 69 bytes, no timeout */
	{ "GetPDRRepositoryInfo", "01 09 08 cf 01 87 02 50",
	  "01 08 09 c7 01 07 02 50 00 00 00*26 02000000 58000000 45000000 00" },
	/* next record 2; EID 9 has TID 0x21 */
	{ "GetPDR, the first",
	  "01 09 08 c8 01 88 02 51 00000000 00000000 01 ff00 0000",
	  "010809c001080251 00 02000000 00*4 05 1300\n"
	  "01000000 01 01 0000 0900 0100 01 21 0000 01 01 09" },
	{ "GetPDR, the locator, first part of 8",
	  "01 09 08 ca 01 8a 02 51 01000000 00000000 01 0800 0000",
	  "010809c2010a0251 00 02000000 08000000 00 0800 01000000 01 01 0000" },
	{ "GetPDR, the locator, middle part",
	  "01 09 08 cb 01 8b 02 51 01000000 08000000 00 0800 0000",
	  "010809c3010b0251 00 02000000 10000000 01 0800\n"
	  "0900 0100 01 21 0000" },
	{ "GetPDR, the locator, last part and CRC",
	  "01 09 08 cc 01 8c 02 51 01000000 10000000 00 0800 0000",
	  "010809c4010c0251 00 02000000 00000000 04 0300 01 01 09 94" },
	/* sensor 1 of system board 1, degrees C, 0 to 255, every second */
	{ "GetPDR, the sensor, up to its data size",
	  "01 09 08 c9 01 89 02 51 02000000 00000000 01 2100 0000",
	  "010809c101090251 00 00000000 21000000 00 2100\n"
	  "02000000 01 02 0000 3b00 0100 0100 4000 0100 0000 00 00\n"
	  "02 00 00 00 00 00 00 00 00 01 00" },
	{ "GetPDR, the sensor, from its resolution on, and CRC",
	  "01 09 08 c9 01 89 02 51 02000000 21000000 00 ff00 0000",
	  "010809c101090251 00 00000000 00000000 04 2400\n"
	  "0000803f 00000000 0000 01 01 01 00 00 00000000 0000803f\n"
	  "ff 00 00 00 00 00 00 00*6 f4" },
	{ "GetSensorReading", "01 09 08 cd 01 8d 02 11 0100 00",
	  "01 08 09 c5 01 0d 02 11 00 00 00 00 01 01 01 2a" },
	{ "load, empty", "01 09 08 c8 7f",
	  "01 08 09 c0 7f" },
	{ "load, short of 1", "01 09 08 c8 7f 35",
	  "01 08 09 c0 7f 25" },
	{ "load, short of 12",
	  "01 09 08 c9 7f 6f 5b 34 9d 5d a2 1a 5e 84 a6 0f 0b",
	  "01 08 09 c1 7f 5f dd 3c 9a 79 20 c7 42 8e 4b 7e dd" },
	{ "load, long of 16, 18 wanted",
	  "01 09 08 ca 7f 00007ed9 4c 44332211 12000000 49 a6 d8",
	  "01 08 09 c2 7f 00007ed9 4c 1e69784b 00000000 8c 65 1a 32 bd" },
	{ "load, long of 16, 3 wanted",
	  "01 09 08 ca 7f 00 00 7e d9 4c 44 33 22 11 03 00 00 00 49 a6 d8",
	  "01 08 09 c2 7f 4b 8e c3" },
	{ "load, long of 16, nothing wanted",
	  "01 09 08 ca 7f 00 00 7e d9 4c 44 33 22 11 00 00 00 00 49 a6 d8",
	  "" },
};

static const struct golden refused[] = {
	{ "Get MCTP Version Support, type not supported",
	  "01 09 08 cd 00 85 04 7e",
	  "01 08 09 c5 00 05 04 80" },
	{ "unknown control command", "01 09 08 cf 00 87 1f",
	  "01 08 09 c7 00 07 1f 05" },
	{ "Get Endpoint ID, too long", "01 09 08 c8 00 80 02 00",
	  "01 08 09 c0 00 00 02 03" },
	{ "Set Endpoint ID, too short", "01 09 08 c8 00 80 01 00",
	  "01 08 09 c0 00 00 01 03" },
	{ "Set Endpoint ID 0", "01 09 08 c8 00 80 01 00 00",
	  "01 08 09 c0 00 00 01 02" },
	{ "Set Endpoint ID 255", "01 09 08 c8 00 80 01 00 ff",
	  "01 08 09 c0 00 00 01 02" },
	{ "Set Endpoint ID 7, reserved", "01 09 08 c8 00 80 01 00 07",
	  "01 08 09 c0 00 00 01 02" },
	{ "Set Endpoint ID, reset to a static one",
	  "01 09 08 c8 00 80 01 02 0a",
	  "01 08 09 c0 00 00 01 02" },
	{ "Set Endpoint ID, discovered flag", "01 09 08 c8 00 80 01 03 0a",
	  "01 08 09 c0 00 00 01 02" },
	{ "Get Vendor Defined Message Support, no such set",
	  "01 09 08 cf 00 87 06 01",
	  "01 08 09 c7 00 07 06 02" },
	{ "Get Vendor Defined Message Support, too short",
	  "01 09 08 cf 00 87 06",
	  "01 08 09 c7 00 07 06 03" },
	{ "control datagram", "01 09 08 c8 00 c0 02", "" },
	{ "control response", "01 09 08 c8 00 00 02", "" },
	{ "control message without a command", "01 09 08 c8 00 80", "" },
	{ "control request without TO", "01 09 08 c0 00 80 02", "" },
	{ "SetTID 0", "01 09 08 c9 01 81 00 01 00",
	  "01 08 09 c1 01 01 00 01 02" },
	{ "SetTID 255", "01 09 08 c9 01 81 00 01 ff",
	  "01 08 09 c1 01 01 00 01 02" },
	{ "SetTID without a TID", "01 09 08 c9 01 81 00 01",
	  "01 08 09 c1 01 01 00 01 03" },
	{ "GetPLDMVersion, next part of nothing",
	  "01 09 08 cb 01 83 00 03 00 00 00 00 00 00",
	  "01 08 09 c3 01 03 00 03 80" },
	{ "GetPLDMVersion, bad transfer flag",
	  "01 09 08 cb 01 83 00 03 00 00 00 00 07 00",
	  "01 08 09 c3 01 03 00 03 81" },
	{ "GetPLDMVersion of another type",
	  "01 09 08 cb 01 83 00 03 00 00 00 00 01 03",
	  "01 08 09 c3 01 03 00 03 83" },
	{ "GetPLDMVersion, too short", "01 09 08 cb 01 83 00 03 00 00 00 00 01",
	  "01 08 09 c3 01 03 00 03 03" },
	{ "GetPLDMCommands of another type",
	  "01 09 08 cd 01 85 00 05 01 00 f0 f1 f1",
	  "01 08 09 c5 01 05 00 05 83" },
	{ "GetPLDMCommands of another version",
	  "01 09 08 cd 01 85 00 05 00 00 f0 f0 f1",
	  "01 08 09 c5 01 05 00 05 84" },
	{ "unknown PLDM base command", "01 09 08 ce 01 86 00 3f",
	  "01 08 09 c6 01 06 00 3f 05" },
	{ "unknown PLDM type", "01 09 08 cf 01 87 03 01",
	  "01 08 09 c7 01 07 03 01 20" },
	{ "base command of the platform type", "01 09 08 cf 01 87 02 02",
	  "01 08 09 c7 01 07 02 02 05" },
	{ "GetPDR of a record that is not there",
	  "01 09 08 c8 01 88 02 51 03000000 00000000 01 ff00 0000",
	  "01 08 09 c0 01 08 02 51 82" },
	{ "GetPDR, a part behind the end",
	  "01 09 08 c8 01 88 02 51 01000000 13000000 00 ff00 0000",
	  "01 08 09 c0 01 08 02 51 80" },
	{ "GetPDR, the next part of nothing",
	  "01 09 08 c8 01 88 02 51 01000000 00000000 00 ff00 0000",
	  "01 08 09 c0 01 08 02 51 80" },
	{ "GetPDR, bad transfer flag",
	  "01 09 08 c8 01 88 02 51 01000000 00000000 02 ff00 0000",
	  "01 08 09 c0 01 08 02 51 81" },
	{ "GetPDR, another change number",
	  "01 09 08 c8 01 88 02 51 01000000 08000000 00 ff00 0100",
	  "01 08 09 c0 01 08 02 51 83" },
	{ "GetPDR, no bytes wanted",
	  "01 09 08 c8 01 88 02 51 01000000 00000000 01 0000 0000",
	  "01 08 09 c0 01 08 02 51 02" },
	{ "GetPDR, too short",
	  "01 09 08 c8 01 88 02 51 01000000 00000000 01 ff00",
	  "01 08 09 c0 01 08 02 51 03" },
	{ "GetSensorReading of another sensor",
	  "01 09 08 cd 01 8d 02 11 0200 00",
	  "01 08 09 c5 01 0d 02 11 80" },
	{ "PLDM header version 1", "01 09 08 cf 01 87 40 02",
	  "01 08 09 c7 01 07 40 02 02" },
	{ "PLDM response", "01 09 08 cf 01 07 00 02", "" },
	{ "unknown message type", "01 09 08 c8 05 01 02", "" },
	{ "another's EID", "01 0a 08 c8 00 80 02", "" },
};

static const char * const bad_load[] = {
	"01 09 08 c8 7f 34",
	"01 09 08 ca 7f 00 00 7e d8 4c 44 33 22 11 00 00 00 00 49 a6 d8",
	"01 09 08 ca 7f 00 00 7e d9 4d 44 33 22 11 00 00 00 00 49 a6 d8",
	"01 09 08 ca 7f 00 00 7e d9 4c 44 33 22 11 00 00 00 00 49 a6 d9",
	"01 09 08 ca 7f 00 00 7e d9 4c 44 33 22 11 00 00 01 00 49 a6 d8",
};

/* What the endpoint sent, its packets one after the other. */
static u8 sent[2 * MESSAGE_MAX];
static size_t sent_len, sent_packets, sent_last;

static void sent_add(void *arg, const u8 *packet, size_t len)
{
	memcpy(sent + sent_len, packet, len);
	sent_len += len;
	sent_last = len;
	sent_packets++;
}

static void sent_clear(void)
{
	sent_len = 0;
	sent_packets = 0;
}

static void receive_hex(struct endpoint *ep, const char *hex)
{
	u8 packet[1024];

	endpoint_receive(ep, packet, test_hex(packet, hex));
}

static void run_golden(struct endpoint *ep, const struct golden *g, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		sent_clear();
		receive_hex(ep, g[i].request);
		test_bytes(g[i].name, sent, sent_len, g[i].response);
	}
}

void test_endpoint(void)
{
	struct endpoint ep;

	endpoint_init(&ep, 0, 8192, sent_add, NULL);
	run_golden(&ep, golden, ARRAY_SIZE(golden));
	run_golden(&ep, refused, ARRAY_SIZE(refused));
	CHECK(ep.bad_messages == 0);
	/* All but the one for another's EID. */
	CHECK(ep.messages == ARRAY_SIZE(golden) + ARRAY_SIZE(refused) - 1 &&
	      ep.drops == 1);
	for (size_t i = 0; i < ARRAY_SIZE(bad_load); i++) {
		sent_clear();
		receive_hex(&ep, bad_load[i]);
		CHECK(!sent_len && ep.bad_messages == i + 1,
		      "bad load message %zu: %llu", i, ep.bad_messages);
	}
	endpoint_free(&ep);
}

void test_golden_pcap(FILE *f)
{
	u8 packet[1024];
	u64 ns = 1700000000ULL * NSEC_PER_SEC;
	size_t n;

	pcap_header(f);
	for (size_t i = 0; i < ARRAY_SIZE(golden); i++) {
		n = test_hex(packet, golden[i].request);
		pcap_record(f, ns += NSEC_PER_MSEC, true, packet, n);
		n = test_hex(packet, golden[i].response);
		if (n)
			pcap_record(f, ns += NSEC_PER_MSEC, false, packet, n);
	}
}

/* Sends message bytes [from, to) as one packet. */
static void send_part(struct endpoint *ep, u8 flags, const u8 *msg,
		      size_t from, size_t to)
{
	u8 packet[MESSAGE_MAX + 4] = { 0x01, 0x09, 0x08, flags };

	memcpy(packet + 4, msg + from, to - from);
	endpoint_receive(ep, packet, to - from + 4);
}

u8 test_flags(size_t at, size_t len, size_t unit, u8 tag)
{
	return (at ? 0 : 0x80) | (at + unit < len ? 0 : 0x40) |
	       (at / unit & 3) << 4 | 0x08 | tag;
}

static void send_message(struct endpoint *ep, u8 tag, const u8 *msg,
			 size_t len, size_t unit)
{
	for (size_t at = 0; at < len; at += unit)
		send_part(ep, test_flags(at, len, unit, tag), msg, at,
			  at + unit < len ? at + unit : len);
}

static void test_assembly_sizes(struct endpoint *ep)
{
	static u8 msg[MESSAGE_MAX];
	static const struct { size_t unit, packets, last; } want[] = {
		{ 64, 1024, 68 }, { 1020, 65, 260 }, { 8188, 9, 36 },
	};

	load_build(msg, MESSAGE_MAX, 77);
	put_le32(msg + 10, MESSAGE_MAX - 1);
	for (size_t i = 0; i < ARRAY_SIZE(want); i++) {
		sent_clear();
		send_message(ep, i, msg, MESSAGE_MAX, want[i].unit);
		CHECK(sent_packets == want[i].packets &&
		      sent_last == want[i].last,
		      "64 KiB by %zu: %zu packets, last %zu", want[i].unit,
		      sent_packets, sent_last);
		/* Sequence 0, 1 of the reply's first two packets. */
		CHECK(sent[3] == (0x80 | i) &&
		      sent[want[i].unit + 4 + 3] == (0x10 | i),
		      "reply's flags: %02x %02x", sent[3],
		      sent[want[i].unit + 4 + 3]);
	}
	CHECK(!ep->drops && !ep->bad_messages);
}

static void test_assembly_interleaved(struct endpoint *ep)
{
	static u8 msg[200];
	u64 before = ep->messages;

	load_build(msg, sizeof(msg), 5);
	for (u8 tag = 0; tag < 8; tag++)
		send_part(ep, 0x88 | tag, msg, 0, 64);
	for (u8 tag = 0; tag < 8; tag++)
		send_part(ep, 0x18 | tag, msg, 64, 128);
	/* The same tags without TO are other messages. */
	for (u8 tag = 0; tag < 8; tag++)
		send_part(ep, 0xc0 | tag, msg, 0, 64);
	for (u8 tag = 8; tag--;)
		send_part(ep, 0x28 | tag, msg, 128, 192);
	for (u8 tag = 0; tag < 8; tag++)
		send_part(ep, 0x78 | tag, msg, 192, 200);
	CHECK(ep->messages == before + 16 && !ep->bad_messages && !ep->drops);
}

/* Each of these drops its packet, and the message with it. */
static void test_assembly_drops(struct endpoint *ep)
{
	static const struct { u8 flags; size_t from, to, drops; } parts[] = {
		{ 0x18, 64, 128, 1 },				/* no start */
		{ 0x88, 0, 64, 1 }, { 0x28, 64, 128, 2 },	/* sequence */
		{ 0x58, 64, 128, 3 },				/* after that */
		{ 0x88, 0, 64, 3 }, { 0x18, 64, 120, 4 },	/* too short */
		{ 0x88, 0, 64, 4 }, { 0x58, 64, 136, 5 },	/* too long */
		{ 0x88, 0, 64, 5 }, { 0xc8, 0, 64, 6 },		/* begun anew */
	};
	static u8 msg[MESSAGE_MAX + 64];
	u64 messages = ep->messages;

	load_build(msg, 200, 5);
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		send_part(ep, parts[i].flags, msg, parts[i].from, parts[i].to);
		CHECK(ep->drops == parts[i].drops, "part %zu: %llu", i,
		      ep->drops);
	}
	CHECK(ep->messages == messages + 1);
	ep->bad_messages = 0;	/* that last one was not whole */
	send_message(ep, 0, msg, MESSAGE_MAX + 1, 64);
	CHECK(ep->drops == 7 && ep->messages == messages + 1);
}

void test_assembly(void)
{
	struct endpoint ep;

	endpoint_init(&ep, 0, 8192, sent_add, NULL);
	ep.eid = 9;
	test_assembly_sizes(&ep);
	test_assembly_interleaved(&ep);
	test_assembly_drops(&ep);
	endpoint_free(&ep);
}
