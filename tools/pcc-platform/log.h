/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Platform.log, platform.pcap and the count of violations
 *
 * Copyright (C) 2026 The mctp-pcc authors
 */
#ifndef PCC_PLATFORM_LOG_H
#define PCC_PLATFORM_LOG_H

#include <stdio.h>

#include "util.h"

/*
 * Opens DIR/platform.log and DIR/platform.pcap; limit is bytes of packets, and
 * again as many of other lines.
 */
bool log_open(const char *dir, u64 limit);
/* False, and a line on stderr, if not all of it could be written. */
bool log_close(void);

void log_line(const char *fmt, ...) __printf(1, 2);
/* The same beyond the limit. */
void log_last(const char *fmt, ...) __printf(1, 2);
/* Up to size bytes of the log's last whole lines; returns how many. */
size_t log_end(char *buf, size_t size);
/* One MCTP packet, 4-byte header first; from_os gives the arrow. */
void log_packet(unsigned int link, bool from_os, const u8 *packet, size_t len);
/* The first hundred of them in full, the others are counted. */
void log_violation(unsigned int link, const char *text);

/* Also used by the host tests to write golden.pcap. */
void pcap_header(FILE *f);
void pcap_record(FILE *f, u64 ns, bool from_os, const u8 *packet, size_t len);
/* The readable form of a packet. */
void packet_describe(char *buf, size_t size, const u8 *packet, size_t len);

#endif /* PCC_PLATFORM_LOG_H */
