/* SPDX-License-Identifier: GPL-2.0 */
/* Copyright (C) 2026 The mctp-pcc authors */
/*
 * The devices of table variant refusals: the link, one for each refusal, and one
 * more. descriptions/refusals.conf has the subspaces that they name.
 *
 * _UID is the NN of the kernel's DMT0001:NN. The last one is not refused, but
 * cannot be up beside link 0.
 */
#define NAMES(name, uid, text, ...)				\
	MCTP_DEVICE (name, uid, text)				\
		Name (_CRS, Buffer () { __VA_ARGS__, END_TAG })	\
	MCTP_DEVICE_END

NAMES (MCP0, 0, "MCTP link 0", PCC (OUTBOX), PCC (INBOX))
NAMES (MCP1, 1, "one descriptor", PCC (5))
NAMES (MCP2, 2, "three descriptors", PCC (5), PCC (3), PCC (6))
NAMES (MCP3, 3, "equal indices", PCC (5), PCC (5))
NAMES (MCP4, 4, "missing index", PCC (5), PCC (77))
/* type 4 first, type 3 second */
NAMES (MCP5, 5, "swapped pair", PCC (3), PCC (5))
NAMES (MCP6, 6, "outbox of type 2", PCC (2), PCC (3))
NAMES (MCP7, 7, "outbox of 83 bytes", PCC (4), PCC (3))
NAMES (MCP8, 8, "names link 0's inbox", PCC (5), PCC (INBOX))

MCTP_DEVICE (MCP9, 9, "no _CRS")
MCTP_DEVICE_END

MCTP_DEVICE (MCPA, 10, "no address descriptor")
	Name (_CRS, ResourceTemplate () {
		IO (Decode16, 0x730, 0x730, 1, 1)
	})
MCTP_DEVICE_END

NAMES (MCPB, 11, "inbox of 83 bytes", PCC (5), PCC (6))
NAMES (MCPC, 12, "names link 0's outbox", PCC (OUTBOX), PCC (3))

#undef NAMES
