/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Copyright (C) 2026 The mctp-pcc authors
 *
 * The platform's load service: both sides compute every byte (see
 * tools/pcc-platform/README.md), so a reply is checked, not compared with what
 * was sent.
 */
#ifndef LAB_LOAD_H
#define LAB_LOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <linux/types.h>

#define LOAD_TYPE 0x7f
/* AF_MCTP takes 64 KiB less the type byte. */
#define LOAD_MAX 65535

/* Writes the body of a request that asks for a reply of the same length. */
void load_fill(__u8 *body, size_t len, __u32 seed);

/* True when the body is the reply to a request of that length and seed. */
bool load_check(const __u8 *body, size_t len, __u32 seed);

#endif
