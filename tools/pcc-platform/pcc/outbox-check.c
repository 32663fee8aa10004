// SPDX-License-Identifier: GPL-2.0
/* Copyright (C) 2026 The mctp-pcc authors */
/* The strict checks of what the OS sends: each wrong message is a violation */
#include <string.h>

#include "base/log.h"
#include "link.h"
#include "wire/wire.h"

/* A guest's clock may run this much faster than ours, in percent. */
#define TURNAROUND_SLACK	10

bool outbox_turn_ok(struct link *l)
{
	u64 least = l->turnaround_us * NSEC_PER_USEC *
		    (100 - TURNAROUND_SLACK) / 100;
	const struct subspace_type *type = l->out.type;
	u64 before = l->violations;
	u32 reg = reg_read(l->out.update);
	u64 since = now_ns() - l->completed_at;

	if (reg & type->complete)
		link_violation(l, ACPI_DOORBELL,
			       "doorbell, but command complete is set");
	if (!channel_others_kept(&l->out))
		link_violation(l, ACPI_TABLE,
			       "command update changed other bits: 0x%08x",
			       reg);
	if (l->completed_at && since < least)
		link_violation(l, ACPI_TABLE,
			       "turnaround %llu us, least is %u us",
			       since / NSEC_PER_USEC, l->turnaround_us);
	return l->violations == before;
}

static void outbox_check_packet(struct link *l, const u8 *packet)
{
	u8 version = packet[MCTP_OFF_VERSION];

	if ((version & MCTP_VERSION_MASK) != MCTP_VERSION)
		link_violation(l, MCTP_HEADER, "MCTP header version %u",
			       version & MCTP_VERSION_MASK);
	if (version & ~MCTP_VERSION_MASK)
		link_violation(l, MCTP_HEADER,
			       "MCTP reserved bits set: 0x%02x", version);
}

/* The header's length; returns the packet's, 0 if it has none. */
static size_t outbox_check_length(struct link *l, const u8 *h)
{
	u32 least = PCC_COMMAND_SIZE + (l->responder ? 0 : MCTP_PACKET_MIN);
	u32 most = l->out.size - PCC_OFF_COMMAND;
	u32 length;

	if (!l->out.type->length)
		return l->out.size - l->out.type->header;
	length = get_le32(h + l->out.type->length);
	if (length >= least && length <= most)
		return length - PCC_COMMAND_SIZE;
	link_violation(l, length < PCC_COMMAND_SIZE || length > most ?
			  ACPI_EXTENDED : MCTP_HEADER,
		       "length %u, must be %u to %u", length, least, most);
	return 0;
}

u32 outbox_signature(const struct link *l)
{
	return PCC_SIGNATURE | (l->out.index + (l->signature == SIGNED_OTHER));
}

/* With signature=cleared or other, a message with another one is dropped. */
static void outbox_check_signature(struct link *l, u32 signature)
{
	u32 want = outbox_signature(l);

	l->refused = false;
	if (signature == want)
		return;
	if (l->signature == SIGNED_OS || l->signature == SIGNED_PLATFORM) {
		link_violation(l, l->out.type->status ? ACPI_GENERIC :
			       l->out.type->rings ? ACPI_REDUCED :
						    ACPI_EXTENDED,
			       "signature 0x%08x, must be 0x%08x", signature,
			       want);
		return;
	}
	l->refused = true;
	l->c.refused++;
	log_line("link %u: refused, signature 0x%08x is not 0x%08x",
		 l->number, signature, want);
}

/* The header; returns the packet's length, 0 if it has none. */
static size_t outbox_check_header(struct link *l, const u8 *h)
{
	u32 flags = get_le32(h + PCC_OFF_FLAGS);

	outbox_check_signature(l, get_le32(h + PCC_OFF_SIGNATURE));
	if ((flags ^ PCC_FLAG_NOTIFY) & l->out.type->flags)
		link_violation(l, flags & ~PCC_FLAG_NOTIFY ? ACPI_EXTENDED :
							     OUR_RULE,
			       "flags 0x%08x, must be 0x%08x", flags,
			       PCC_FLAG_NOTIFY);
	if (!l->responder &&
	    memcmp(h + PCC_OFF_COMMAND, PCC_COMMAND, PCC_COMMAND_SIZE))
		link_violation(l, MCTP_OVER_PCC,
			       "command bytes %02x %02x %02x %02x",
			       h[12], h[13], h[14], h[15]);
	l->notify = !l->out.type->silent &&
		    (!l->out.type->notify || flags & l->out.type->notify);
	return outbox_check_length(l, h);
}

static void outbox_check_around(struct link *l, size_t packet_len)
{
	size_t end = l->out.type->header + packet_len;

	/* other clients may copy a structure of fixed size */
	if (!l->stale && !l->responder &&
	    memcmp(l->out.buf + end, l->out.image + end, l->out.size - end))
		link_violation(l, OUR_RULE,
			       "outbox written beyond the message");
	if (!channel_guard_ok(&l->out))
		link_violation(l, OUR_RULE,
			       "memory beside the outbox written");
	if (!channel_guard_ok(&l->in))
		link_violation(l, OUR_RULE,
			       "memory beside the inbox written");
}

bool outbox_take(struct link *l)
{
	const struct subspace_type *type = l->out.type;
	u64 before = l->violations;
	u8 header[PCC_HDR_SIZE];

	memcpy(header, l->out.buf, sizeof(header));
	l->packet_len = outbox_check_header(l, header);
	memcpy(l->packet, l->out.buf + type->header, l->packet_len);
	l->command = get_le32(header + type->command) & type->command_mask;
	if (l->packet_len && !l->responder)
		outbox_check_packet(l, l->packet);
	if (l->packet_len || l->responder)
		outbox_check_around(l, l->packet_len);
	return l->violations == before && !l->refused;
}
