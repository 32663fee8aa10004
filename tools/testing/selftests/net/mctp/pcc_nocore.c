// SPDX-License-Identifier: GPL-2.0
/*
 * A link whose PCCT the kernel's mailbox driver refuses; for the platform's
 * tables "no-core"
 * Copyright (C) 2026 The mctp-pcc authors
 */
#include <errno.h>
#include <unistd.h>

#include "lib/harness.h"

FIXTURE(no_core) { char device[1][64]; };

FIXTURE_SETUP(no_core)
{
	const char *why;

	why = pcc_driver();
	if (why)
		SKIP(return, "%s", why);
	if (!access("/sys/bus/platform/drivers/PCCT", F_OK))
		SKIP(return, "the kernel takes the PCCT");
	ASSERT_EQ(1, pcc_devices(self->device, 1));
}

FIXTURE_TEARDOWN(no_core)
{
}

/* There, with what the table says of it, and cannot be brought up */
TEST_F(no_core, stays_down)
{
	struct pcc_link link;
	struct pcc_attrs attrs;

	ASSERT_TRUE(pcc_bound(self->device[0]));
	ASSERT_EQ(1, pcc_links(&link, 1));
	for (int i = 0; i < 3; i++)
		EXPECT_EQ(-ENOENT, nl_link_up(link.ifindex, true));
	ASSERT_EQ(0, nl_link_get(link.ifindex, &attrs));
	EXPECT_EQ(0, attrs.flags & IFF_UP);
	EXPECT_LE(MCTP_MTU_MIN, attrs.max_mtu);
}

/* Nothing is left of the attempts */
TEST_F(no_core, goes)
{
	const int mapped = pcc_mappings();
	struct pcc_link link;

	ASSERT_EQ(1, pcc_links(&link, 1));
	EXPECT_EQ(-ENOENT, nl_link_up(link.ifindex, true));
	EXPECT_TRUE(pcc_mapped(mapped));
	EXPECT_EQ(0, pcc_bind(self->device[0], false));
	EXPECT_EQ(0, pcc_links(&link, 1));
	EXPECT_EQ(0, pcc_bind(self->device[0], true));
	EXPECT_EQ(1, pcc_links(&link, 1));
	EXPECT_TRUE(pcc_mapped(mapped));
}

TEST_HARNESS_MAIN
