/* SPDX-License-Identifier: GPL-2.0 */
/* Copyright (C) 2026 The mctp-pcc authors */
/* The MCTP endpoint behind a link */
#ifndef PCC_PLATFORM_ENDPOINT_H
#define PCC_PLATFORM_ENDPOINT_H

#include "base/util.h"

#define MESSAGE_MAX	65536	/* including the message type byte */
#define ASSEMBLIES	32

struct assembly {
	u8 *data;	/* MESSAGE_MAX bytes, kept once allocated */
	size_t len;
	size_t unit;	/* payload of its first packet */
	u64 started;
	u8 src;
	u8 tag;		/* with the TO bit */
	u8 seq;		/* expected next */
	bool used;
};

/* A message's answer that is not to be sent yet. */
struct late_answer {
	struct late_answer *next;
	struct timer timer;
	struct endpoint *ep;
	u8 request[4];		/* header of the request's last packet */
	u8 src;
	size_t unit;
	size_t len;
	u8 msg[];
};

enum owner_state { OWNER_OFF, OWNER_SETS_EID, OWNER_ASKS_TYPES, OWNER_DONE };

/* What it asks of the OS's endpoint, and what it was told */
struct owner {
	enum owner_state state;	/* the request that it waits for an answer to */
	u8 eid;			/* which it gives the OS */
	u8 instance;		/* of the last request */
	u32 asked;		/* requests sent */
	/* message types that the OS said it supports, the first eight */
	u8 types[8];
	u8 n;			/* how many it said it supports */
	struct timer retry;	/* the next request */
};

struct endpoint {
	void (*send)(void *arg, const u8 *packet, size_t len);
	void *arg;
	unsigned int link;
	size_t packet_max;	/* largest packet towards the OS */
	u8 eid;
	u8 tid;
	u8 uuid[16];
	u8 last_peer;
	u64 messages;
	u64 bad_messages;	/* load service: pattern or form */
	u64 drops;		/* packets that made no message */
	u32 late_us;		/* the next answers' delay */
	u32 late_count;		/* how many more have it; 0: none */
	struct late_answer *late;
	struct owner owner;
	u64 clock;		/* orders assemblies by age */
	struct assembly assembly[ASSEMBLIES];
};

void endpoint_init(struct endpoint *ep, unsigned int link, size_t packet_max,
		   void (*send)(void *arg, const u8 *packet, size_t len),
		   void *arg);
/* Forgets half-assembled messages, answers to come and what it asks. */
void endpoint_forget(struct endpoint *ep);
void endpoint_free(struct endpoint *ep);
void endpoint_receive(struct endpoint *ep, const u8 *packet, size_t len);

/*
 * Message handlers: a whole message in, type byte first; the response into
 * response (MESSAGE_MAX bytes), its length returned, 0 for none.
 */
size_t control_handle(struct endpoint *ep, const u8 *msg, size_t len,
		      u8 *response);
size_t pldm_handle(struct endpoint *ep, const u8 *msg, size_t len,
		   u8 *response);
size_t load_handle(struct endpoint *ep, const u8 *msg, size_t len,
		   u8 *response);

/* A command of the control protocol, or of a PLDM type */
struct command {
	u8 code;	/* its number */
	u8 size;	/* bytes of request data, no more and no less */
	/* bytes after the completion code, or that, negative; NULL: the end */
	int (*run)(struct endpoint *ep, const u8 *data, u8 *out);
};

const struct command *command_find(const struct command *list, u8 code);
/*
 * Begins the response with the @header bytes before the completion code; the
 * last of them is the command. False: the message is no request.
 */
bool request_begin(struct endpoint *ep, const u8 *msg, size_t len,
		   size_t header, u8 *response);
/* Fills in the rest of it; returns its length. */
size_t command_run(const struct command *list, struct endpoint *ep,
		   const u8 *msg, size_t len, size_t header, u8 *response);
/* Of a command that has the endpoint's UUID for an answer. */
int command_uuid(struct endpoint *ep, const u8 *data, u8 *out);

/* A load message without a request for a reply; len includes the type byte. */
void load_build(u8 *msg, size_t len, u32 seed);
u8 load_byte(u32 seed, u32 i);

/* Asks once a second until it is answered; anew if it has asked before. */
void owner_start(struct endpoint *ep, u8 eid);
void owner_stop(struct endpoint *ep);
/* A message without the tag owner bit: it may be the answer. */
void owner_answer(struct endpoint *ep, const u8 *packet, const u8 *msg,
		  size_t len);

/* TransferOperationFlag of a request, TransferFlag of an answer (DSP0240). */
#define TRANSFER_GET_NEXT_PART		0x00
#define TRANSFER_GET_FIRST_PART		0x01
#define TRANSFER_START			0x00
#define TRANSFER_MIDDLE			0x01
#define TRANSFER_END			0x04
#define TRANSFER_START_AND_END		0x05

/* The commands of one PLDM type */
struct pldm_type {
	u8 number;		/* the type */
	u8 version[4];		/* ver32 as it is sent */
	const struct command *commands;	/* those that it takes */
};

extern const struct pldm_type pldm_platform;

#endif /* PCC_PLATFORM_ENDPOINT_H */
