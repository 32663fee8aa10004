// SPDX-License-Identifier: GPL-2.0
/* Copyright (C) 2026 The mctp-pcc authors */
/*
 * The endpoint as the owner of the bus: gives the OS an EID, and asks what it
 * supports (DSP0236 1.3, 12.3 and 12.7)
 */
#include <string.h>

#include "base/log.h"
#include "endpoint.h"
#include "wire/wire.h"

#define OWNER_EID	MCTP_EID_FIRST	/* ours, if nobody gave us one */
#define OWNER_TAG	0x05
#define OWNER_AGAIN	NSEC_PER_SEC
#define EID_ASSIGNED	0x30		/* 5:4 of Set Endpoint ID's answer */

static void owner_ask(void *arg)
{
	struct endpoint *ep = arg;
	struct owner *o = &ep->owner;
	bool set = o->state == OWNER_SETS_EID;
	u8 packet[] = {
		MCTP_VERSION, set ? MCTP_EID_NULL : o->eid, ep->eid,
		MCTP_SOM | MCTP_EOM | MCTP_TO | OWNER_TAG,
		MCTP_TYPE_CONTROL, 0, set ? CTRL_SET_EID : CTRL_GET_TYPES,
		0x00, o->eid,
	};

	o->instance = (o->instance + 1) & CTRL_INSTANCE_MASK;
	packet[MCTP_HDR_SIZE + CTRL_OFF_INSTANCE] = CTRL_RQ | o->instance;
	o->asked++;
	timer_set(&o->retry, OWNER_AGAIN, owner_ask, ep);
	ep->send(ep->arg, packet, sizeof(packet) - (set ? 0 : 2));
}

void owner_start(struct endpoint *ep, u8 eid)
{
	if (!ep->eid)
		ep->eid = OWNER_EID;
	ep->owner.state = OWNER_SETS_EID;
	ep->owner.eid = eid;
	ep->owner.asked = 0;
	ep->owner.n = 0;
	owner_ask(ep);
}

void owner_stop(struct endpoint *ep)
{
	timer_cancel(&ep->owner.retry);
	ep->owner.state = OWNER_OFF;
}

static bool owner_answer_ok(const struct owner *o, const u8 *msg, size_t len)
{
	bool set = o->state == OWNER_SETS_EID;

	if (len <= CTRL_OFF_CC + 1 || msg[0] != MCTP_TYPE_CONTROL ||
	    msg[CTRL_OFF_INSTANCE] != o->instance ||
	    msg[CTRL_OFF_COMMAND] != (set ? CTRL_SET_EID : CTRL_GET_TYPES) ||
	    msg[CTRL_OFF_CC] != CC_SUCCESS)
		return false;
	if (set)
		return len == CTRL_OFF_CC + 4 &&
		       !(msg[CTRL_OFF_CC + 1] & EID_ASSIGNED) &&
		       msg[CTRL_OFF_CC + 2] == o->eid;
	return len == CTRL_OFF_CC + 2 + (size_t)msg[CTRL_OFF_CC + 1];
}

static void owner_learn_types(struct owner *o, const u8 *msg)
{
	o->n = msg[CTRL_OFF_CC + 1];
	memcpy(o->types, msg + CTRL_OFF_CC + 2,
	       o->n < sizeof(o->types) ? o->n : sizeof(o->types));
	o->state = OWNER_DONE;
}

void owner_answer(struct endpoint *ep, const u8 *packet, const u8 *msg,
		  size_t len)
{
	struct owner *o = &ep->owner;

	if (o->state == OWNER_OFF || o->state == OWNER_DONE ||
	    (packet[MCTP_OFF_FLAGS] & MCTP_TAG_MASK) != OWNER_TAG)
		return;
	if (!owner_answer_ok(o, msg, len)) {
		log_line("link %u: not an answer to the bus owner", ep->link);
		return;
	}
	timer_cancel(&o->retry);
	if (o->state == OWNER_ASKS_TYPES) {
		owner_learn_types(o, msg);
		return;
	}
	o->state = OWNER_ASKS_TYPES;
	owner_ask(ep);
}
