/* SPDX-License-Identifier: GPL-2.0 */
/* Copyright (C) 2026 The mctp-pcc authors */
/* MCTP, its control messages and PLDM, on the platform's side */
#ifndef PCC_PLATFORM_MCTP_H
#define PCC_PLATFORM_MCTP_H

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

#endif /* PCC_PLATFORM_MCTP_H */
