// SPDX-License-Identifier: GPL-2.0
/* Copyright (C) 2026 The mctp-pcc authors */
/* MCTP packets to messages and back (DSP0236 1.3, clause 8) */
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "endpoint.h"
#include "wire/wire.h"

static const u8 endpoint_uuid[16] = {
	/* RFC 4122, version 4; the last byte is the link number */
	0x6d, 0x63, 0x74, 0x70, 0x70, 0x63, 0x4c, 0x63,
	0x80, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
};

void endpoint_init(struct endpoint *ep, unsigned int link, size_t packet_max,
		   void (*send)(void *arg, const u8 *packet, size_t len),
		   void *arg)
{
	memset(ep, 0, sizeof(*ep));
	ep->link = link;
	ep->packet_max = packet_max;
	ep->send = send;
	ep->arg = arg;
	memcpy(ep->uuid, endpoint_uuid, sizeof(ep->uuid));
	ep->uuid[15] = link;
}

static void late_free(struct endpoint *ep, struct late_answer *late)
{
	struct late_answer **at = &ep->late;

	while (*at != late)
		at = &(*at)->next;
	*at = late->next;
	timer_cancel(&late->timer);
	free(late);
}

void endpoint_forget(struct endpoint *ep)
{
	while (ep->late)
		late_free(ep, ep->late);
	ep->late_count = 0;
	owner_stop(ep);
	for (size_t i = 0; i < ARRAY_SIZE(ep->assembly); i++)
		ep->assembly[i].used = false;
}

void endpoint_free(struct endpoint *ep)
{
	endpoint_forget(ep);
	for (size_t i = 0; i < ARRAY_SIZE(ep->assembly); i++)
		free(ep->assembly[i].data);
}

/* Packets are of one size, except for the last (DSP0236 1.3, 8.4). */
static void endpoint_reply(struct endpoint *ep, const u8 *request, u8 src,
			   size_t unit, const u8 *msg, size_t len)
{
	u8 packet[MESSAGE_MAX + MCTP_HDR_SIZE];
	size_t done = 0;
	u8 seq = 0;

	if (unit < MCTP_BASELINE_UNIT)
		unit = MCTP_BASELINE_UNIT;
	if (unit > ep->packet_max - MCTP_HDR_SIZE)
		unit = ep->packet_max - MCTP_HDR_SIZE;

	/* A response has the request's tag, and TO clear (8.1, Table 1). */
	packet[MCTP_OFF_VERSION] = MCTP_VERSION;
	packet[MCTP_OFF_DEST] = request[MCTP_OFF_SRC];
	packet[MCTP_OFF_SRC] = src;
	while (done < len) {
		size_t n = len - done < unit ? len - done : unit;

		packet[MCTP_OFF_FLAGS] = (done ? 0 : MCTP_SOM) |
			(done + n == len ? MCTP_EOM : 0) |
			seq << MCTP_SEQ_SHIFT |
			(request[MCTP_OFF_FLAGS] & MCTP_TAG_MASK);
		memcpy(packet + MCTP_HDR_SIZE, msg + done, n);
		ep->send(ep->arg, packet, n + MCTP_HDR_SIZE);
		done += n;
		seq = (seq + 1) & MCTP_SEQ_MASK;
	}
}

static void late_send(void *arg)
{
	struct late_answer *late = arg;

	endpoint_reply(late->ep, late->request, late->src, late->unit,
		       late->msg, late->len);
	late_free(late->ep, late);
}

static void endpoint_answer(struct endpoint *ep, const u8 *request, u8 src,
			    size_t unit, const u8 *msg, size_t len)
{
	struct late_answer *late;

	if (!ep->late_count) {
		endpoint_reply(ep, request, src, unit, msg, len);
		return;
	}
	ep->late_count--;
	late = xcalloc(1, sizeof(*late) + len);
	late->next = ep->late;
	ep->late = late;
	late->ep = ep;
	memcpy(late->request, request, sizeof(late->request));
	late->src = src;
	late->unit = unit;
	late->len = len;
	memcpy(late->msg, msg, len);
	timer_set(&late->timer, ep->late_us * NSEC_PER_USEC, late_send, late);
}

static void endpoint_message(struct endpoint *ep, const u8 *packet,
			     size_t unit, const u8 *msg, size_t len)
{
	static u8 response[MESSAGE_MAX];
	u8 src = packet[MCTP_OFF_DEST];
	size_t n = 0;

	ep->messages++;
	ep->last_peer = packet[MCTP_OFF_SRC];
	/* A response to the NULL EID's request comes from the EID it had. */
	if (src == MCTP_EID_NULL)
		src = ep->eid;

	/* Without TO it answers something: only the bus owner asks. */
	if (!(packet[MCTP_OFF_FLAGS] & MCTP_TO)) {
		owner_answer(ep, packet, msg, len);
		return;
	}

	switch (msg[0]) {
	case MCTP_TYPE_CONTROL:
		n = control_handle(ep, msg, len, response);
		break;
	case MCTP_TYPE_PLDM:
		n = pldm_handle(ep, msg, len, response);
		break;
	case MCTP_TYPE_VENDOR_IANA:
		n = load_handle(ep, msg, len, response);
		break;
	default:
		log_line("link %u: message type 0x%02x is not supported",
			 ep->link, msg[0]);
	}
	if (n)
		endpoint_answer(ep, packet, src, unit, response, n);
}

static struct assembly *assembly_find(struct endpoint *ep, u8 src, u8 tag)
{
	for (size_t i = 0; i < ARRAY_SIZE(ep->assembly); i++) {
		struct assembly *a = &ep->assembly[i];

		if (a->used && a->src == src && a->tag == tag)
			return a;
	}
	return NULL;
}

/* A free place, else that of the oldest message. */
static struct assembly *assembly_new(struct endpoint *ep)
{
	struct assembly *oldest = &ep->assembly[0];

	for (size_t i = 0; i < ARRAY_SIZE(ep->assembly); i++) {
		struct assembly *a = &ep->assembly[i];

		if (!a->used)
			return a;
		if (a->started < oldest->started)
			oldest = a;
	}
	return oldest;
}

static void endpoint_drop(struct endpoint *ep, struct assembly *a,
			  const char *why)
{
	ep->drops++;
	if (a)
		a->used = false;
	log_line("link %u: packet dropped: %s", ep->link, why);
}

static struct assembly *assembly_start(struct endpoint *ep,
				       struct assembly *a, u8 src, u8 flags)
{
	/* A new start ends the old message (DSP0236 1.3, 8.6). */
	if (a)
		endpoint_drop(ep, a, "its message was begun anew");
	else
		a = assembly_new(ep);
	if (a->used)
		endpoint_drop(ep, a, "too many messages at once");
	if (!a->data)
		a->data = xcalloc(1, MESSAGE_MAX);
	a->used = true;
	a->src = src;
	a->tag = flags & (MCTP_TO | MCTP_TAG_MASK);
	a->seq = flags >> MCTP_SEQ_SHIFT & MCTP_SEQ_MASK;
	a->len = 0;
	a->unit = 0;
	a->started = ++ep->clock;
	return a;
}

/* The reasons to drop a packet of a message under way (DSP0236 1.3, 8.7). */
static const char *assembly_refuses(const struct assembly *a, u8 flags,
				    size_t n)
{
	if ((flags >> MCTP_SEQ_SHIFT & MCTP_SEQ_MASK) != a->seq)
		return "out of sequence";
	if (a->unit && (n > a->unit || (n < a->unit && !(flags & MCTP_EOM))))
		return "size differs from its message's first";
	if (a->len + n > MESSAGE_MAX)
		return "message too long";
	return NULL;
}

void endpoint_receive(struct endpoint *ep, const u8 *packet, size_t len)
{
	u8 src = packet[MCTP_OFF_SRC], dest = packet[MCTP_OFF_DEST];
	u8 flags = packet[MCTP_OFF_FLAGS];
	size_t n = len - MCTP_HDR_SIZE;
	struct assembly *a;
	const char *why;

	if (dest != MCTP_EID_NULL && dest != ep->eid) {
		endpoint_drop(ep, NULL, "not for us");
		return;
	}
	a = assembly_find(ep, src, flags & (MCTP_TO | MCTP_TAG_MASK));
	if (flags & MCTP_SOM)
		a = assembly_start(ep, a, src, flags);
	if (!a) {
		endpoint_drop(ep, NULL, "no message to belong to");
		return;
	}
	why = assembly_refuses(a, flags, n);
	if (why) {
		endpoint_drop(ep, a, why);
		return;
	}
	if (!a->unit)
		a->unit = n;
	memcpy(a->data + a->len, packet + MCTP_HDR_SIZE, n);
	a->len += n;
	a->seq = (a->seq + 1) & MCTP_SEQ_MASK;
	if (flags & MCTP_EOM) {
		a->used = false;
		endpoint_message(ep, packet, a->unit, a->data, a->len);
	}
}
