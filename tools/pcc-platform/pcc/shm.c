// SPDX-License-Identifier: GPL-2.0
/* Copyright (C) 2026 The mctp-pcc authors */
/* The shared memory */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "acpi/layout.h"
#include "link.h"
#include "wire/wire.h"

static u8 shm_image[SHM_SIZE];

/* ACPI 6.5, 14.2: command and status in the shared memory. */
#define GENERIC_REGION							\
	.header = PCC_GENERIC_HDR_SIZE,					\
	.command = PCC_GENERIC_WORD,					\
	.command_mask = PCC_GENERIC_COMMAND,				\
	.status = PCC_GENERIC_WORD,					\
	.complete = PCC_GENERIC_COMPLETE,				\
	.error = PCC_GENERIC_ERROR,					\
	/* the OS clears the interrupt in its handler */		\
	.fixed = ~(PCC_GENERIC_COMMAND | PCC_GENERIC_NOTIFY |		\
		   PCC_GENERIC_COMPLETE | PCC_GENERIC_ERROR)

static const struct subspace_type subspace_types[] = {
	{
		.first = 0,
		.last = 0,
		.silent = true,
		GENERIC_REGION,
	}, {
		.first = 1,
		.last = 2,
		.notify = PCC_GENERIC_NOTIFY,
		.interrupt = PCC_GENERIC_INTERRUPT,
		GENERIC_REGION,
	}, {
		.first = 3,
		.last = 4,
		.header = PCC_HDR_SIZE,
		.length = PCC_OFF_LENGTH,
		.command = PCC_OFF_COMMAND,
		.command_mask = ~0u,
		.flags = ~0u,
		.complete = REG_BIT,
		.fixed = ~REG_BIT,
		.fill = REG_FILL,
	}, {
		.first = 5,
		.last = 5,
		.silent = true,
		.rings = true,
		.header = PCC_REDUCED_HDR_SIZE,
	},
};

const struct subspace_type *subspace_type_find(u64 type)
{
	for (size_t i = 0; i < ARRAY_SIZE(subspace_types); i++)
		if (type >= subspace_types[i].first &&
		    type <= subspace_types[i].last)
			return &subspace_types[i];
	return NULL;
}

u8 *shm_create(const char *file)
{
	int fd = open(file, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	void *mem = MAP_FAILED;

	/* allocate all blocks: a full disk would be a bus error later */
	if (fd >= 0)
		errno = posix_fallocate(fd, 0, FILE_SIZE);
	if (fd >= 0 && !errno)
		mem = mmap(NULL, FILE_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED,
			   fd, 0);
	if (mem == MAP_FAILED)
		complain("%s: %m", file);
	if (fd >= 0)
		close(fd);
	return mem == MAP_FAILED ? NULL : mem;
}

/* Not periodic in anything a driver copies, and never 0 for long. */
static u8 shm_fill(u64 offset)
{
	return 0xa5 ^ offset * 29 ^ offset >> 8;
}

u32 reg_read(const u32 *reg)
{
	return __atomic_load_n(reg, __ATOMIC_ACQUIRE);
}

/* Release: what was written to the buffer is there before the bit tells. */
static void word_write(u32 *word, u32 value)
{
	__atomic_store_n(word, value, __ATOMIC_RELEASE);
}

void reg_write(u32 *reg, u32 bit)
{
	word_write(reg, REG_FILL | bit);
}

static void shared_write(struct channel *ch, bool set)
{
	u32 bit = 1u << ch->index;

	if (set)
		__atomic_fetch_or(ch->complete, bit, __ATOMIC_RELEASE);
	else
		__atomic_fetch_and(ch->complete, ~bit, __ATOMIC_RELEASE);
}

bool channel_shows(const struct channel *ch)
{
	u32 bit = ch->registers == REGISTERS_SHARED ? 1u << ch->index :
						      ch->type->complete;

	return reg_read(ch->complete) & bit;
}

void channel_show(struct channel *ch, bool complete)
{
	if (ch->registers == REGISTERS_SHARED)
		shared_write(ch, complete);
	else
		reg_write(ch->complete, complete ? REG_BIT : 0);
}

bool channel_others_kept(const struct channel *ch)
{
	const struct subspace_type *type = ch->type;

	return !((reg_read(ch->update) ^ type->fill) & type->fixed) &&
	       (ch->registers != REGISTERS_64 ||
		reg_read(ch->update - 1) == REG_FILL);
}

void channel_update(struct channel *ch, u32 bit)
{
	if (ch->update != ch->complete)
		reg_write(ch->update, bit);
}

/* The update first: the OS may write there once it sees the other. */
void channel_complete(struct channel *ch, u32 bits)
{
	channel_update(ch, REG_BIT);
	if (ch->registers == REGISTERS_SHARED)
		shared_write(ch, true);
	else
		word_write(ch->complete,
			   ch->type->fill | ch->type->complete | bits);
	ch->heard = false;
}

void channel_init(struct channel *ch, u32 signature)
{
	u64 offset = ch->base - SHM_BASE;

	for (u32 i = 0; i < ch->size; i++)
		ch->image[i] = shm_fill(offset + i);
	if (signature)
		put_le32(ch->image + PCC_OFF_SIGNATURE, signature);
	/* asks for no doorbell; of type 2, not complete while it is filled */
	put_le32(ch->image + PCC_OFF_FLAGS, 0);
	memcpy(ch->buf, ch->image, ch->size);
	reg_write(ch->error, 0);
	channel_complete(ch, 0);
}

/* Of 64 bits, the upper half has the bit. */
static u32 *channel_register(const struct channel *ch, u32 at, u32 wide_at)
{
	if (ch->registers == REGISTERS_64)
		return (u32 *)(ch->block + wide_at) + 1;
	return (u32 *)(ch->block + at);
}

static void channel_map(struct channel *ch, u8 *mem)
{
	ch->buf = mem + (ch->base - SHM_BASE);
	ch->image = shm_image + (ch->base - SHM_BASE);
	ch->block = mem + (ch->regs - SHM_BASE);
	ch->complete = channel_register(ch, 0, REG_WIDE);
	if (ch->type->status)
		ch->complete = (u32 *)(ch->buf + ch->type->status);
#ifdef REG_DOORBELL
	if (ch->type->rings)
		ch->complete = (u32 *)(ch->block + REG_DOORBELL);
#endif
	ch->update = ch->complete;
	if (ch->update_by == UPDATE_OWN)
		ch->update = channel_register(ch, REG_UPDATE, REG_WIDE_UPDATE);
	ch->error = channel_register(ch, REG_ERROR, REG_WIDE_ERROR);
	ch->ack = (u32 *)(ch->block + REG_ACK);
	if (ch->registers == REGISTERS_SHARED) {
		ch->complete = (u32 *)(mem + (REG_BASE - SHM_BASE) +
				       REG_SHARED);
		ch->update = &ch->written;
	}
}

/* Also of subspaces that no link has: the tables name them. */
static void shm_init_registers(u8 *block)
{
	reg_write((u32 *)block, REG_BIT);
	reg_write((u32 *)(block + REG_ERROR), 0);
	reg_write((u32 *)(block + REG_ACK), 0);
	for (u32 at = REG_WIDE; at < REG_SHARED; at += sizeof(u32))
		reg_write((u32 *)(block + at), 0);
}

void shm_init(u8 *mem, struct link *links, unsigned int n)
{
	for (u32 i = 0; i < SHM_SIZE; i++)
		shm_image[i] = shm_fill(i);
	memcpy(mem, shm_image, SHM_SIZE);

	for (u64 r = REG_BASE; r < REG_END; r += REG_STRIDE)
		shm_init_registers(mem + (r - SHM_BASE));
	word_write((u32 *)(mem + (REG_BASE - SHM_BASE) + REG_SHARED), 0);
	for (unsigned int i = 0; i < n; i++) {
		channel_map(&links[i].out, mem);
		channel_map(&links[i].in, mem);
		link_channels_init(&links[i]);
	}
}

bool channel_guard_ok(const struct channel *ch)
{
	u64 before = (ch->base - SHM_BASE) % SHM_SLOT;
	u64 after = (u64)-(before + ch->size) % SHM_SLOT;

	return !memcmp(ch->buf - before, ch->image - before, before) &&
	       !memcmp(ch->buf + ch->size, ch->image + ch->size, after);
}

/* An outbox may be half written when its guest ends. */
static u64 shm_skip(u64 at, const struct link *links, unsigned int n)
{
	if (at == REG_BASE - SHM_BASE)
		return REG_END - REG_BASE;
	for (unsigned int i = 0; i < n; i++)
		if (at == links[i].out.base - SHM_BASE)
			return links[i].out.size;
	return 0;
}

bool shm_ok(const u8 *mem, const struct link *links, unsigned int n)
{
	u64 at = 0;

	while (at < SHM_SIZE) {
		u64 skip = shm_skip(at, links, n);

		if (skip) {
			at += skip;
			continue;
		}
		if (mem[at] != shm_image[at])
			return false;
		at++;
	}
	return true;
}
