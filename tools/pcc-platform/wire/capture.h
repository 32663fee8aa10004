/* SPDX-License-Identifier: GPL-2.0 */
/* Copyright (C) 2026 The mctp-pcc authors */
/* Packets in words, for platform.log, and in platform.pcap */
#ifndef PCC_PLATFORM_CAPTURE_H
#define PCC_PLATFORM_CAPTURE_H

#include <stdio.h>

#include "base/util.h"

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

#endif /* PCC_PLATFORM_CAPTURE_H */
