/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The endpoint as the owner of the bus
 *
 * Copyright (C) 2026 The mctp-pcc authors
 */
#ifndef PCC_PLATFORM_OWNER_H
#define PCC_PLATFORM_OWNER_H

#include "base/timer.h"

struct endpoint;

enum owner_state { OWNER_OFF, OWNER_SETS_EID, OWNER_ASKS_TYPES, OWNER_DONE };

/**
 * struct owner - what it asks of the OS's endpoint, and what it was told
 * @state: the request that it waits for an answer to
 * @eid: which it gives the OS
 * @instance: of the last request
 * @asked: requests sent
 * @types: message types that the OS said it supports, the first eight
 * @n: how many it said it supports
 * @retry: the next request
 */
struct owner {
	enum owner_state state;
	u8 eid;
	u8 instance;
	u32 asked;
	u8 types[8];
	u8 n;
	struct timer retry;
};

/* Asks once a second until it is answered; anew if it has asked before. */
void owner_start(struct endpoint *ep, u8 eid);
void owner_stop(struct endpoint *ep);
/* A message without the tag owner bit: it may be the answer. */
void owner_answer(struct endpoint *ep, const u8 *packet, const u8 *msg,
		  size_t len);

#endif /* PCC_PLATFORM_OWNER_H */
