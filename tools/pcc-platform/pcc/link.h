/* SPDX-License-Identifier: GPL-2.0 */
/* Copyright (C) 2026 The mctp-pcc authors */
/* A link: an outbox, an inbox, and the endpoint behind them */
#ifndef PCC_PLATFORM_LINK_H
#define PCC_PLATFORM_LINK_H

#include "base/util.h"
#include "endpoint/endpoint.h"
#include "responder/responder.h"

#define LINKS_MAX	8
#define OWNER_GIVES	32	/* a bus owner's EID for the OS, + link */
#define LAG_MAX_US	600000000
#define QUEUE_MAX	65536	/* packets; a reply of 64 KiB has 1,025 */

enum box { OUTBOX, INBOX };

/* Where the OS sets or clears command complete. */
enum update {
	UPDATE_SAME,	/* in the register where it is checked */
	UPDATE_OWN,	/* in one of its own, which the platform follows */
	UPDATE_NONE,	/* inbox: nowhere, its masks change nothing */
};

/* The registers of command complete and error status. */
enum registers {
	REGISTERS_32,
	REGISTERS_64,
	/* one to check, a bit for each; updates go to the doorbell's */
	REGISTERS_SHARED,
};

/* The signature of an outbox: who fills it in, and which is taken. */
enum signature {
	SIGNED_PLATFORM,	/* the platform, for each message */
	SIGNED_OS,		/* the OS */
	SIGNED_CLEARED,		/* the platform, for the first message only */
	SIGNED_OTHER,		/* the platform, with its own number */
};

/* What the types of subspace differ in */
struct subspace_type {
	u32 first;	/* number of the type in the PCCT */
	u32 last;	/* the same, or that of the last one alike */
	bool silent;	/* there is no interrupt */
	bool rings;	/* the doorbell's register is the status; 0: complete */
	u32 header;	/* bytes before the command's data */
	u32 length;	/* offset of the length; 0: all the rest is data */
	u32 command;	/* offset of the command's word */
	u32 command_mask;	/* the command's bits in that word */
	/* bit behind the signature that asks for the interrupt; 0: always */
	u32 notify;
	/* bits of that word that must be what PCC_FLAG_NOTIFY has there */
	u32 flags;
	u32 status;	/* offset in the header; 0: it is a register */
	u32 complete;	/* bit of the status: command complete */
	u32 interrupt;	/* bit of the status: an interrupt was sent */
	u32 error;	/* bit of the status: failed; 0: a register has it */
	u32 fixed;	/* bits of the status with one value at each doorbell */
	u32 fill;	/* that value */
};

/* One subspace. @image is what the memory must hold: see below. */
struct channel {
	const struct subspace_type *type;
	unsigned int index;
	unsigned int gsi;
	u64 base;
	u64 regs;
	u32 size;
	u8 *buf;
	u8 *image;
	enum update update_by;
	enum registers registers;
	u8 *block;	/* of registers */
	u32 *complete;	/* the status; of 64 bits, the upper half */
	u32 *update;	/* where the OS changes it */
	u32 written;	/* what @update is, if the OS writes it to a port */
	u32 *error;	/* of type 2, nobody looks there */
	u32 *ack;	/* the OS clears its bit; NULL: level variant */
	bool heard;	/* the status that is the doorbell: taken for one */
};

enum completion { NORMAL, HOLD, NO_IRQ, ERROR, DELAY, DOUBLE_IRQ, EARLY, LATE };

struct fault {
	enum completion mode;
	u32 count;	/* transfers left; 0: until changed */
	u32 us;		/* DELAY, LATE */
};

/* How the check register follows the OS's update. */
struct lag {
	u32 us;
	u32 every;	/* only each Nth does; 0: as 1 */
	u32 n;		/* since the last one that did */
	bool irq;	/* inbox: an interrupt without a cause meanwhile */
};

/* Of a link; a restart forgets them. */
enum link_timer {
	COMPLETE_TIMER, EXTRA_IRQ_TIMER, AGAIN_TIMER, OUT_LAG_TIMER,
	IN_LAG_TIMER, LAG_IRQ_TIMER, ACK_TIMER, CHANGE_TIMER, FLOOD_TIMER,
	LINK_TIMERS
};

/* Header and data of one inbound message as it will be posted. */
struct post {
	u32 signature;
	u32 flags;
	u32 length;
	u32 command;
	const u8 *data;
	size_t len;
	bool irq;
	bool error;		/* status that the OS is to ignore */
	bool change;		/* the header, after the interrupt */
	u32 change_us;
};

/* fuzz.c: inbound messages at random, the same ones for the same seed */
/* What a driver must make of a message; a wrong command comes first. */
enum fuzz_result { FUZZ_VALID, FUZZ_LENGTH, FUZZ_COMMAND, FUZZ_RESULTS };

struct fuzz {
	u64 state;
	u32 left;
	u8 dest;	/* EID that many go to */
	u8 not_dest;	/* EID that none goes to: the OS would send it back */
};

void fuzz_start(struct fuzz *f, u32 seed, u32 count);
/* The next message for an inbox that takes packets of up to most bytes. */
enum fuzz_result fuzz_next(struct fuzz *f, u32 most, struct post *p, u8 *data);

struct flood {
	u32 left;
	u32 sent;
	size_t len;	/* MCTP packet */
	u8 type;
	u8 dest;
	u8 src;
	bool rest;		/* after each burst, as long as it took */
	bool resting;
	u32 burst;		/* packets since the last rest */
	u64 took;		/* ns, which the OS had them */
};

#define MEDIAN_STEP_NS	128
#define MEDIAN_STEPS	8192

/* How often each time occurred; all zero is an empty one */
struct median {
	u32 n;			/* how many times there are */
	/* those from so many steps on, the last has all that are longer */
	u32 count[MEDIAN_STEPS];
};

struct counters {
	u64 in_packets;
	u64 in_bytes;
	u64 in_errored;
	u64 out_packets;
	u64 out_bytes;
	u64 out_acked;
	u64 out_dropped;
	u64 doorbells;
	u64 completions;
	u64 outbox_irqs;
	u64 inbox_irqs;
	u64 dropped_while_busy;
	u64 stray_rings;	/* of the inbox, acknowledging nothing */
	u64 in_early;		/* completed before they were read */
	u64 faults;		/* transfers that a fault befell */
	u64 ignored;		/* ... because their doorbell was not seen */
	u64 changed;		/* headers changed before the acknowledge */
	u64 refused;		/* of the OS, for their signature */
	u64 lagged;		/* acknowledgments that showed late */
	u64 irqs_lost;		/* of the inbox */
	u64 ext_dropped;	/* packets from or to an outside endpoint */
	struct median idle;	/* from a completion to the next doorbell */
	struct median cycle;	/* from a completion to the next */
	u64 ring_max;		/* ns, from an outbox's doorbell to the next */
	u64 ack_max;		/* ns, from a message to its acknowledgment */
	u64 fuzz[FUZZ_RESULTS];
};

struct link {
	unsigned int number;
	struct channel out;
	struct channel in;
	u32 turnaround_us;
	enum signature signature;
	u32 lag_us;		/* of both, unless a test wants another */
	bool owner;		/* the endpoint owns the bus, from the start */
	/* The machine's way to interrupt the OS; NULL: there is none. */
	void (*raise)(struct link *l, enum box box);
	struct counters c;
	u64 violations;		/* not yet expected by a test */
	struct endpoint ep;
	/* Takes what the OS sends: the endpoint, or one outside. */
	void (*receive)(void *arg, const u8 *packet, size_t len);
	void *receive_arg;
	const struct responder *responder;	/* NULL: MCTP */
	u32 state[RESPONDER_STATE];		/* the responder's */
	/* A responder outside, which answers by outbox_answer(). */
	void (*ask)(void *arg, u32 id, u32 command, const u8 *data, size_t len);
	void *ask_arg;
	u32 asked;		/* id of the last command */
	bool asking;		/* ... which has no answer yet */
	bool ask_irq;		/* ... and ends with an interrupt */
	bool answered;		/* in outbox_answer() */
	int answer;		/* length, or -1: the command failed */
	struct timer timers[LINK_TIMERS];

	/* outbox */
	bool busy;		/* a transfer is ours and not completed */
	bool fail;		/* ... and will end in error */
	bool refused;		/* ... and had another signature */
	bool deliver;		/* ... and was flawless */
	bool late;		/* ... and may be rung over meanwhile */
	bool rung_again;	/* ... which it was */
	bool notify;		/* ... and is to end with an interrupt */
	bool restarted;		/* no doorbell since a restart */
	u32 command;
	size_t packet_len;	/* of what follows the command */
	u8 *packet;		/* copy taken at the doorbell */
	u8 *saved;		/* whole buffer, while the transfer is ours */
	u64 completed_at;	/* 0: none yet */
	u64 rang_at;		/* 0: none since a reset */
	bool idle;		/* completed, no doorbell since */
	bool ignored;		/* the OS waits, but its ring was ignored */
	bool stale;		/* something of an earlier message is left */
	bool ignore;		/* doorbells are not seen */
	u32 ignore_count;	/* ... how many more; 0: until changed */
	struct fault fault;
	struct lag out_lag;

	/* inbox */
	bool posted;
	u64 posted_at;
	bool posted_counted;	/* its acknowledgment counts: no reset since */
	bool ring_wanted;	/* flags bit 0 of what is posted */
	bool ack_seen;
	bool lagging;		/* acknowledged, and does not look like it */
	struct lag in_lag;
	u32 lose_every;		/* interrupts; 0: none */
	u32 lose_n;		/* since the last one lost */
	struct post *next;	/* goes before the queue */
	struct queue queue;
	struct flood flood;
	struct fuzz fuzz;
};

void median_add(struct median *m, u64 ns);
/* Nanoseconds, to half a step; 0: there is none. */
u64 median_ns(const struct median *m);

void link_init(struct link *l, unsigned int number);
/* Starts the bus owner, if there is one; after shm_init(). */
void link_start(struct link *l);
void link_free(struct link *l);
void link_raise(struct link *l, enum box box);
void link_later(struct link *l, enum link_timer timer, u64 ns,
		void (*fn)(void *arg));
void link_channels_init(struct link *l);
/*
 * Whose rule was broken, at the end of a violation's line: a specification's,
 * with its section, or one of ours, which another platform need not have.
 */
#define ACPI_TABLE	"ACPI 6.5, 14.1"	/* what the PCCT says */
#define ACPI_GENERIC	"ACPI 6.5, 14.2"	/* memory of types 0 to 2 */
#define ACPI_EXTENDED	"ACPI 6.5, 14.3"	/* ... and of types 3 and 4 */
#define ACPI_REDUCED	"ACPI 6.5, 14.4"	/* ... and of type 5 */
#define ACPI_DOORBELL	"ACPI 6.5, 14.5"	/* whose turn it is */
#define MCTP_HEADER	"DSP0236 1.3, 8.1"
#define MCTP_OVER_PCC	"DSP0292 1.0"
#define OUR_RULE	"our rule"

__printf(3, 4)
void link_violation(struct link *l, const char *rule, const char *fmt, ...);
bool link_idle(const struct link *l);
u64 link_pending(const struct link *l);
bool lag_next(struct lag *lag);
/* Counters to zero, faults off, queue dropped, a transfer completed. */
void link_reset(struct link *l);
/* The platform restarts: forgets all but the endpoint's EID and TID. */
void link_restart(struct link *l);

/*
 * A doorbell: the value is the subspace's index + 1. With RING_UPDATE, of
 * layout.h, it is an update of command complete, of a subspace that shares its
 * registers.
 */
void link_ring(struct link *links, unsigned int n, u32 value);

/* outbox-check.c */
/* What the signature of a message in the outbox has to be. */
u32 outbox_signature(const struct link *l);
/* False: it was not the OS's turn. */
bool outbox_turn_ok(struct link *l);
/* Copies the message; false if it is not to be delivered. */
bool outbox_take(struct link *l);

/* outbox.c */
void outbox_doorbell(struct link *l);
void outbox_complete(struct link *l, bool irq);
/* Takes the update register's bit over into the check register. */
void outbox_follow(void *arg);
void outbox_init(struct link *l);
/* Of a responder outside; no more than the buffer takes. */
void outbox_answer(struct link *l, u32 id, bool ok, const u8 *data, size_t len);
/* Completes, unread, the transfer whose doorbell was ignored. */
void outbox_end_ignored(struct link *l);

/* inbox.c */
void inbox_doorbell(struct link *l);
u32 inbox_packet_max(const struct link *l);
/* The acknowledgment shows in the check register; the next message may come. */
void inbox_follow(void *arg);
void inbox_queue(struct link *l, const u8 *packet, size_t len);
void inbox_purge(struct link *l);
void inbox_flood(struct link *l, const struct flood *flood);
void inbox_fuzz(struct link *l, u32 seed, u32 count);
/* An MCTP message with that packet. */
struct post inbox_message(const struct link *l, const u8 *packet, size_t len);
void inbox_post(struct link *l, const struct post *p);
/* Posts as soon as the inbox is free; false if one such waits already. */
bool inbox_post_next(struct link *l, const struct post *p);

/*
 * shm.c: every byte that is not a register has a value that we know: a fill
 * pattern, or what we last wrote there. The image holds it: a byte which the OS
 * changed outside its message is found by comparing.
 */

/* The bits beside command complete and error status: the OS preserves them. */
#define REG_FILL	0x5aa50f00u
#define REG_BIT		0x00000001u

/* Maps the machine's file, creating it; NULL and a message if that fails. */
u8 *shm_create(const char *file);
/* Fills memory and image; each link's pointers are set. */
void shm_init(u8 *mem, struct link *links, unsigned int n);
/* One channel as at the start: memory, image and registers. 0: not signed. */
void channel_init(struct channel *ch, u32 signature);
/* What lies beside the buffer in its slot is as it was. */
bool channel_guard_ok(const struct channel *ch);
/* The same for all the memory but registers and outboxes. */
bool shm_ok(const u8 *mem, const struct link *links, unsigned int n);

u32 reg_read(const u32 *reg);
void reg_write(u32 *reg, u32 bit);
/* Command complete as the OS sees it. */
bool channel_shows(const struct channel *ch);
void channel_show(struct channel *ch, bool complete);
/* The register where the OS changes it has the other bits as they were. */
bool channel_others_kept(const struct channel *ch);
/* Sets command complete, and other bits of the status. */
void channel_complete(struct channel *ch, u32 bits);
/* The bit of a register of its own for updates; none if there is not. */
void channel_update(struct channel *ch, u32 bit);

/* NULL: no link has subspaces of that type. */
const struct subspace_type *subspace_type_find(u64 type);

#endif /* PCC_PLATFORM_LINK_H */
