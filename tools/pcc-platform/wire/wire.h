/* SPDX-License-Identifier: GPL-2.0 */
/* Copyright (C) 2026 The mctp-pcc authors */
/* The formats on the wire */
#ifndef PCC_PLATFORM_WIRE_H
#define PCC_PLATFORM_WIRE_H

#include <stdio.h>

#include "base/util.h"

/*
 * Extended PCC shared memory region (ACPI 6.5, 14.3), little endian:
 * signature, flags, length of what follows the length field, command, then
 * the command's data. DSP0292 1.0: the command is the bytes "MCTP" in memory
 * order, the data one MCTP packet.
 */
#define PCC_SIGNATURE		0x50434300u	/* | subspace index */
#define PCC_FLAG_NOTIFY		0x1u		/* notify on completion */
#define PCC_OFF_SIGNATURE	0
#define PCC_OFF_FLAGS		4
#define PCC_OFF_LENGTH		8
#define PCC_OFF_COMMAND		12
#define PCC_HDR_SIZE		16
#define PCC_COMMAND_SIZE	4		/* counted by the length */
#define PCC_COMMAND		"MCTP"

/*
 * Generic communications channel shared memory region (ACPI 6.5, 14.2), of
 * types 0 to 2: signature, command and status, then data to the end. Command
 * and status, 16 bits each, are one word here: bits 7:0 command, 15 notify on
 * completion, 16 command complete, 17 platform interrupt, 18 error, 19 platform
 * notification, the rest reserved.
 */
#define PCC_GENERIC_WORD	4
#define PCC_GENERIC_HDR_SIZE	8
#define PCC_GENERIC_COMMAND	0x000000ffu
#define PCC_GENERIC_NOTIFY	0x00008000u
#define PCC_GENERIC_COMPLETE	0x00010000u
#define PCC_GENERIC_INTERRUPT	0x00020000u
#define PCC_GENERIC_ERROR	0x00040000u

/* Reduced region (ACPI 6.5, 14.4), of type 5: signature, then data. */
#define PCC_REDUCED_HDR_SIZE	4

/* MCTP transport header (DSP0236 1.3, 8.1, Table 1). */
#define MCTP_HDR_SIZE		4
#define MCTP_OFF_VERSION	0	/* 7:4 reserved, 3:0 version */
#define MCTP_OFF_DEST		1
#define MCTP_OFF_SRC		2
#define MCTP_OFF_FLAGS		3
#define MCTP_VERSION_MASK	0x0f
#define MCTP_VERSION		0x01
#define MCTP_SOM		0x80
#define MCTP_EOM		0x40
#define MCTP_SEQ_SHIFT		4
#define MCTP_SEQ_MASK		0x3
#define MCTP_TO			0x08
#define MCTP_TAG_MASK		0x07
/* Baseline transmission unit (DSP0236 1.3, 8.4.2): payload bytes. */
#define MCTP_BASELINE_UNIT	64
/* A header and at least the message type. */
#define MCTP_PACKET_MIN		5

/* Special EIDs (DSP0236 1.3, 8.2, Table 2). */
#define MCTP_EID_NULL		0x00
#define MCTP_EID_FIRST		0x08
#define MCTP_EID_BROADCAST	0xff

/* Message types (DSP0239). Bit 7 of the first byte is the integrity check. */
#define MCTP_TYPE_IC		0x80
#define MCTP_TYPE_CONTROL	0x00
#define MCTP_TYPE_PLDM		0x01
#define MCTP_TYPE_VENDOR_IANA	0x7f
/* The enterprise of our vendor-defined messages (RFC 5612: documentation). */
#define MCTP_ENTERPRISE		32473u

/* Control message header (DSP0236 1.3, clause 11): bytes of the message. */
#define CTRL_OFF_INSTANCE	1
#define CTRL_OFF_COMMAND	2
#define CTRL_OFF_CC		3	/* response only */
#define CTRL_RQ			0x80
#define CTRL_DATAGRAM		0x40
#define CTRL_INSTANCE_MASK	0x1f

/* Control commands (DSP0236 1.3, clause 12, Table 12). */
#define CTRL_SET_EID		0x01
#define CTRL_GET_EID		0x02
#define CTRL_GET_UUID		0x03
#define CTRL_GET_VERSION	0x04
#define CTRL_GET_TYPES		0x05
#define CTRL_GET_VENDOR		0x06

/* Completion codes (DSP0236 1.3, Table 13; DSP0240 1.1 has the same). */
#define CC_SUCCESS		0x00
#define CC_INVALID_DATA		0x02
#define CC_INVALID_LENGTH	0x03
#define CC_UNSUPPORTED_CMD	0x05

/* PLDM header (DSP0240 1.1, PLDM message fields), after the MCTP type. */
#define PLDM_OFF_INSTANCE	1	/* Rq, D, instance as in control */
#define PLDM_OFF_TYPE		2	/* 7:6 header version, 5:0 type */
#define PLDM_OFF_COMMAND	3
#define PLDM_OFF_CC		4	/* response only */
#define PLDM_TYPE_MASK		0x3f
#define PLDM_TYPE_BASE		0x00
#define PLDM_TYPE_PLATFORM	0x02

/* PLDM base commands (DSP0240 1.1, PLDM messaging control and discovery). */
#define PLDM_SET_TID		0x01
#define PLDM_GET_TID		0x02
#define PLDM_GET_VERSION	0x03
#define PLDM_GET_TYPES		0x04
#define PLDM_GET_COMMANDS	0x05

/* PLDM for platform monitoring and control (DSP0248 1.2, command numbers). */
#define PLDM_GET_TERMINUS_UID	0x03
#define PLDM_GET_SENSOR		0x11
#define PLDM_GET_PDR_INFO	0x50
#define PLDM_GET_PDR		0x51

/* serial.c: MCTP packets in a stream of bytes, the framing of DSP0253 1.0 */
#define SERIAL_PACKET_MAX	255	/* its length is one byte */
/* Flags, revision, length, check sequence; each byte may take two. */
#define SERIAL_FRAME_MAX	(2 * SERIAL_PACKET_MAX + 6)

/* The place in the frame that is being read */
struct serial_reader {
	u8 packet[SERIAL_PACKET_MAX];	/* its bytes, unescaped */
	size_t len;		/* the length that it announced */
	size_t n;		/* bytes of @packet read so far */
	u16 fcs;		/* check sequence of what was read */
	u16 want;		/* check sequence that the frame has */
	unsigned int state;	/* what the next byte is, see serial.c */
	u64 bad;		/* frames that were dropped */
};

/* Writes a frame of SERIAL_FRAME_MAX bytes at most; returns its length. */
size_t serial_frame(u8 *out, const u8 *packet, size_t len);
/* Takes a byte; true when packet and len hold a packet. */
bool serial_read(struct serial_reader *r, u8 byte);

/* capture.c: packets in words, for platform.log, and in platform.pcap */
/* Creates DIR/platform.pcap; limit: bytes of packets. */
bool capture_open(const char *dir, u64 limit);
/* False, and a line on stderr, if not all of it could be written. */
bool capture_close(void);
/* One MCTP packet, 4-byte header first; from_os gives the arrow. */
void capture_packet(unsigned int link, bool from_os, const u8 *packet,
		    size_t len);

/* Also used by the host tests to write golden.pcap. */
void pcap_header(FILE *f);
void pcap_record(FILE *f, u64 ns, bool from_os, const u8 *packet, size_t len);
/* The readable form of a packet. */
void packet_describe(char *buf, size_t size, const u8 *packet, size_t len);

#endif /* PCC_PLATFORM_WIRE_H */
