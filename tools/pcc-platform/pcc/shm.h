/* SPDX-License-Identifier: GPL-2.0 */
/* Copyright (C) 2026 The mctp-pcc authors */
/*
 * The shared memory, and the image of what it must hold
 *
 * Every byte that is not a register has a value that we know: a fill pattern,
 * or what we last wrote there. The image holds it, so that a byte which the
 * OS changed outside its message is found by comparing.
 */
#ifndef PCC_PLATFORM_SHM_H
#define PCC_PLATFORM_SHM_H

#include "link.h"

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

#endif /* PCC_PLATFORM_SHM_H */
