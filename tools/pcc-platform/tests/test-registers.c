// SPDX-License-Identifier: GPL-2.0
/* Copyright (C) 2026 The mctp-pcc authors */
/* Registers of 64 bits, and registers that all subspaces share */

#include "acpi/layout.h"
#include "test.h"

static u64 *wide(const struct channel *ch, u32 at)
{
	return (u64 *)(ch->block + at);
}

static void test_wide_way(struct link *l)
{
	u64 *update = wide(&l->out, l->out.update == l->out.complete ?
				    REG_WIDE : REG_WIDE_UPDATE);

	test_os_message(l, longer, sizeof(longer));
	l->fault = (struct fault){ .mode = ERROR, .count = 1 };
	outbox_doorbell(l);
	CHECK(*update == 0x5aa50f015aa50f00 &&
	      *wide(&l->out, REG_WIDE_ERROR) == 0x5aa50f015aa50f00 &&
	      l->c.in_errored == 1);
	inbox_queue(l, longer, sizeof(longer));
	CHECK(*wide(&l->in, REG_WIDE) == 0x5aa50f005aa50f00);
	if (l->in.update_by != UPDATE_NONE)
		*wide(&l->in, l->in.update_by == UPDATE_OWN ?
			      REG_WIDE_UPDATE : REG_WIDE) |= 1ULL << 32;
	inbox_doorbell(l);
	CHECK(*wide(&l->in, REG_WIDE) == 0x5aa50f015aa50f00 &&
	      l->c.out_acked == 1 && !l->violations);
	/* the lower half is the OS's to keep, too */
	*update &= ~1ULL;
	test_os_message(l, longer, sizeof(longer));
	*update ^= 0x10;
	CHECK_SAYS("changed other bits", outbox_doorbell(l));
	CHECK(l->violations == 1);
	*update ^= 0x10;
	l->violations = 0;
}

#ifdef DOORBELL_PORT
static void ring(u32 value)
{
	link_ring(test_links.link, test_links.n, value);
}

/* All six begin complete; each write to the port is of one of them. */
static void test_shared(struct link *l)
{
	u32 *check = (u32 *)(test_links.mem + (REG_BASE - SHM_BASE) +
			     REG_SHARED);

	CHECK((*check & 0xff) == 0x3f);
	test_os_message(l, longer, sizeof(longer));
	l->out.written |= 1;
	l->fault = (struct fault){ .mode = HOLD, .count = 1 };
	ring(0x83);
	CHECK((*check & 0xff) == 0x3f);
	ring(0x03);
	CHECK((*check & 0xff) == 0x3b && l->busy);
	outbox_complete(l, true);
	CHECK((*check & 0xff) == 0x3f && l->c.in_packets == 1);
	inbox_queue(l, longer, sizeof(longer));
	CHECK((*check & 0xff) == 0x37);
	ring(0x04);
	CHECK(l->c.stray_rings == 1 && l->posted);
	ring(0x84);
	ring(0x04);
	CHECK((*check & 0xff) == 0x3f && l->c.out_acked == 1 && link_idle(l));
	CHECK(!l[-1].c.doorbells && !l[1].c.doorbells && !l->violations);
	test_os_message(l, longer, sizeof(longer));
	l->out.written |= 1;
	CHECK_SAYS("command complete is set", ring(0x03));
	CHECK_SAYS("value 0x87 is no link's", ring(0x87));
}
#endif

void test_registers(void)
{
	for (unsigned int i = 0; i < 3; i++)
		test_run("wide", i, test_wide_way);
	CHECK(test_links.n == 3);
#ifdef DOORBELL_PORT
	test_run("shared", 1, test_shared);
#endif
}
