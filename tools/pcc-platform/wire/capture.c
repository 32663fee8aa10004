// SPDX-License-Identifier: GPL-2.0
/* Copyright (C) 2026 The mctp-pcc authors */
/* Packets in words, for platform.log, and in platform.pcap */
#include <time.h>

#include "base/log.h"
#include "base/util.h"
#include "wire.h"

#define PCAP_MAGIC_NSEC		0xa1b23c4du	/* pcap, nanoseconds */
#define LINKTYPE_LINUX_SLL	113u
#define SLL_TO_HOST		0
#define SLL_FROM_HOST		4
#define SLL_SIZE		16
#define SLL_ARPHRD_MCTP		290
#define SLL_ETH_P_MCTP		0x00fa

static FILE *pcap_file;
static u64 packet_room;
static struct timer flush_timer;

bool capture_open(const char *dir, u64 limit)
{
	pcap_file = log_create(dir, "platform.pcap");
	if (!pcap_file)
		return false;
	packet_room = limit;
	pcap_header(pcap_file);
	return true;
}

bool capture_close(void)
{
	timer_cancel(&flush_timer);
	return log_finish(&pcap_file, "platform.pcap");
}

static void capture_flush(void *arg)
{
	fflush(pcap_file);
}

#define CONTROL		0xff	/* no type of PLDM */

static const struct {
	u8 type;
	u8 command;
	const char *name;
} commands[] = {
	{ CONTROL, CTRL_SET_EID, "Set Endpoint ID" },
	{ CONTROL, CTRL_GET_EID, "Get Endpoint ID" },
	{ CONTROL, CTRL_GET_UUID, "Get Endpoint UUID" },
	{ CONTROL, CTRL_GET_VERSION, "Get MCTP Version Support" },
	{ CONTROL, CTRL_GET_TYPES, "Get Message Type Support" },
	{ CONTROL, CTRL_GET_VENDOR, "Get Vendor Defined Message Support" },
	{ PLDM_TYPE_BASE, PLDM_SET_TID, "SetTID" },
	{ PLDM_TYPE_BASE, PLDM_GET_TID, "GetTID" },
	{ PLDM_TYPE_BASE, PLDM_GET_VERSION, "GetPLDMVersion" },
	{ PLDM_TYPE_BASE, PLDM_GET_TYPES, "GetPLDMTypes" },
	{ PLDM_TYPE_BASE, PLDM_GET_COMMANDS, "GetPLDMCommands" },
	{ PLDM_TYPE_PLATFORM, PLDM_GET_TERMINUS_UID, "GetTerminusUID" },
	{ PLDM_TYPE_PLATFORM, PLDM_GET_SENSOR, "GetSensorReading" },
	{ PLDM_TYPE_PLATFORM, PLDM_GET_PDR_INFO, "GetPDRRepositoryInfo" },
	{ PLDM_TYPE_PLATFORM, PLDM_GET_PDR, "GetPDR" },
};

static const char *command_name(u8 type, u8 command)
{
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		if (commands[i].type == type && commands[i].command == command)
			return commands[i].name;
	return "unknown command";
}

static void message_describe(char *buf, size_t size, const u8 *msg, size_t len)
{
	u8 type = msg[0] & ~MCTP_TYPE_IC;
	bool rq = len > CTRL_OFF_INSTANCE && msg[CTRL_OFF_INSTANCE] & CTRL_RQ;
	u8 pldm = len > PLDM_OFF_TYPE ? msg[PLDM_OFF_TYPE] & PLDM_TYPE_MASK : 0;

	if (type == MCTP_TYPE_CONTROL && len > CTRL_OFF_COMMAND)
		snprintf(buf, size, "control %s %s",
			 rq ? "request" : "response",
			 command_name(CONTROL, msg[CTRL_OFF_COMMAND]));
	else if (type == MCTP_TYPE_PLDM && len > PLDM_OFF_COMMAND)
		snprintf(buf, size, "PLDM type %u %s %s", pldm,
			 rq ? "request" : "response",
			 command_name(pldm, msg[PLDM_OFF_COMMAND]));
	else if (type == MCTP_TYPE_VENDOR_IANA)
		snprintf(buf, size, "load");
	else
		snprintf(buf, size, "type 0x%02x", type);
}

void packet_describe(char *buf, size_t size, const u8 *packet, size_t len)
{
	char what[64] = "";
	u8 flags;

	if (len < MCTP_PACKET_MIN) {
		snprintf(buf, size, "%zu bytes, too short", len);
		return;
	}
	flags = packet[MCTP_OFF_FLAGS];
	if (flags & MCTP_SOM)
		message_describe(what, sizeof(what), packet + MCTP_HDR_SIZE,
				 len - MCTP_HDR_SIZE);
	snprintf(buf, size, "%zu bytes eid %u > %u%s%s seq %u tag %u%s %s", len,
		 packet[MCTP_OFF_SRC], packet[MCTP_OFF_DEST],
		 flags & MCTP_SOM ? " SOM" : "", flags & MCTP_EOM ? " EOM" : "",
		 flags >> MCTP_SEQ_SHIFT & MCTP_SEQ_MASK, flags & MCTP_TAG_MASK,
		 flags & MCTP_TO ? " TO" : "", what);
}

void capture_packet(unsigned int link, bool from_os, const u8 *packet,
		    size_t len)
{
	struct timespec ts;
	char text[192];

	if (!pcap_file || !packet_room)
		return;
	if (packet_room < len) {
		packet_room = 0;
		log_line("log limit reached: no more packets from here on");
		return;
	}
	packet_room -= len;
	if (!flush_timer.armed)
		timer_set(&flush_timer, LOG_FLUSH_AFTER, capture_flush, NULL);
	packet_describe(text, sizeof(text), packet, len);
	log_line("link %u %s %s", link, from_os ? "->" : "<-", text);
	clock_gettime(CLOCK_REALTIME, &ts);
	pcap_record(pcap_file, ts.tv_sec * NSEC_PER_SEC + ts.tv_nsec, from_os,
		    packet, len);
}

/* Version 2.4. Wireshark up to 4.6 does not know the link type of MCTP. */
void pcap_header(FILE *f)
{
	u8 h[24] = { 0 };

	put_le32(h, PCAP_MAGIC_NSEC);
	h[4] = 2;
	h[6] = 4;
	put_le32(h + 16, 65535);
	put_le32(h + 20, LINKTYPE_LINUX_SLL);
	fwrite(h, sizeof(h), 1, f);
}

/* The cooked header is in big endian: direction, kind of link, no address. */
void pcap_record(FILE *f, u64 ns, bool from_os, const u8 *packet, size_t len)
{
	u8 h[16 + SLL_SIZE] = { 0 };

	put_le32(h, ns / NSEC_PER_SEC);
	put_le32(h + 4, ns % NSEC_PER_SEC);
	put_le32(h + 8, SLL_SIZE + len);
	put_le32(h + 12, SLL_SIZE + len);
	h[16 + 1] = from_os ? SLL_FROM_HOST : SLL_TO_HOST;
	put_be16(h + 16 + 2, SLL_ARPHRD_MCTP);
	put_be16(h + 16 + 14, SLL_ETH_P_MCTP);
	fwrite(h, sizeof(h), 1, f);
	fwrite(packet, len, 1, f);
}
