// SPDX-License-Identifier: GPL-2.0
/*
 * Registers of 64 bits, and registers that all subspaces share
 *
 * Copyright (C) 2026 The mctp-pcc authors
 */
#include <string.h>

#include "acpi/layout.h"
#include "pcc/shm.h"
#include "test.h"

static const u8 packet[] = {
	0x01, 0x00, 0x08, 0xc8, 0x05, 1, 2, 3, 4, 5, 6, 7, 8, 9,
};

static u64 *wide(const struct channel *ch, u32 at)
{
	return (u64 *)(ch->block + at);
}

/* An OS that knows no half registers: the bit is 32 in each of them. */
static void test_wide_way(struct link *l)
{
	u64 *update = wide(&l->out, l->out.update == l->out.complete ?
				    REG_WIDE : REG_WIDE_UPDATE);

	test_os_message(l, packet, sizeof(packet));
	l->fault = (struct fault){ .mode = ERROR, .count = 1 };
	test_os_ring(l);
	CHECK(*update == 0x5aa50f015aa50f00 &&
	      *wide(&l->out, REG_WIDE_ERROR) == 0x5aa50f015aa50f00 &&
	      l->c.in_errored == 1, "update %#llx, error %#llx", *update,
	      *wide(&l->out, REG_WIDE_ERROR));
	inbox_queue(l, packet, sizeof(packet));
	CHECK(*wide(&l->in, REG_WIDE) == 0x5aa50f005aa50f00, "inbox %#llx",
	      *wide(&l->in, REG_WIDE));
	if (l->in.update_by != UPDATE_NONE)
		*wide(&l->in, l->in.update_by == UPDATE_OWN ?
			      REG_WIDE_UPDATE : REG_WIDE) |= 1ULL << 32;
	inbox_doorbell(l);
	CHECK(*wide(&l->in, REG_WIDE) == 0x5aa50f015aa50f00 &&
	      l->c.out_acked == 1 && !l->violations, "acked %llu",
	      l->c.out_acked);
	/* the lower half is the OS's to keep, too */
	*update &= ~1ULL;
	test_os_message(l, packet, sizeof(packet));
	*update ^= 0x10;
	test_stderr_begin();
	test_os_ring(l);
	CHECK(strstr(test_stderr_end(), "changed other bits") &&
	      l->violations == 1, "violations %llu", l->violations);
	*update ^= 0x10;
	l->violations = 0;
}

static void test_wide(void)
{
	struct test_links t;

	test_links_read(&t, "wide");
	CHECK(t.n == 3, "%u links", t.n);
	for (unsigned int i = 0; i < t.n; i++)
		test_wide_way(&t.link[i]);
	test_links_free(&t);
}

#ifdef DOORBELL_PORT
/* All six begin complete; each write to the port is of one of them. */
static void test_shared(void)
{
	struct test_links t;
	u32 *check;
	struct link *l;

	test_links_read(&t, "shared");
	check = (u32 *)(t.mem + (REG_BASE - SHM_BASE) + REG_SHARED);
	l = &t.link[1];
	CHECK((*check & 0xff) == 0x3f, "at the start: %#x", *check);
	test_os_message(l, packet, sizeof(packet));
	l->out.written |= 1;
	l->fault = (struct fault){ .mode = HOLD, .count = 1 };
	link_ring(t.link, t.n, 0x83);
	CHECK((*check & 0xff) == 0x3f, "shows before the ring: %#x", *check);
	link_ring(t.link, t.n, 0x03);
	CHECK((*check & 0xff) == 0x3b && l->busy, "rung: %#x", *check);
	outbox_complete(l, true);
	CHECK((*check & 0xff) == 0x3f && l->c.in_packets == 1,
	      "complete: %#x", *check);
	inbox_queue(l, packet, sizeof(packet));
	CHECK((*check & 0xff) == 0x37, "posted: %#x", *check);
	link_ring(t.link, t.n, 0x04);
	CHECK(l->c.stray_rings == 1 && l->posted, "a ring without an update");
	link_ring(t.link, t.n, 0x84);
	link_ring(t.link, t.n, 0x04);
	CHECK((*check & 0xff) == 0x3f && l->c.out_acked == 1 && link_idle(l),
	      "acknowledged: %#x", *check);
	/* nothing of this is another link's */
	CHECK(!t.link[0].c.doorbells && !t.link[2].c.doorbells &&
	      !l->violations, "violations %llu", l->violations);
	test_stderr_begin();
	test_os_message(l, packet, sizeof(packet));
	l->out.written |= 1;
	link_ring(t.link, t.n, 0x03);
	CHECK(strstr(test_stderr_end(), "command complete is set"),
	      "a ring without an update");
	l->violations = 0;
	test_stderr_begin();
	link_ring(t.link, t.n, 0x87);
	CHECK(strstr(test_stderr_end(), "value 0x87 is no link's"),
	      "an update of nobody");
	test_links_free(&t);
}
#else
static void test_shared(void)
{
}
#endif

void test_registers(void)
{
	test_wide();
	test_shared();
}
