// SPDX-License-Identifier: GPL-2.0
/*
 * A device on a machine without a PCCT; for the platform's tables "no-pcct"
 * Copyright (C) 2026 The mctp-pcc authors
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/harness.h"

#define CORE_LINE	"probe with driver"

FIXTURE(no_pcct) { char device[1][64]; };

FIXTURE_SETUP(no_pcct)
{
	const char *why;

	why = pcc_driver();
	if (why)
		SKIP(return, "%s", why);
	if (!access("/sys/firmware/acpi/tables/PCCT", F_OK))
		SKIP(return, "there is a PCCT");
	ASSERT_EQ(1, pcc_devices(self->device, 1));
}

FIXTURE_TEARDOWN(no_pcct)
{
}

TEST_F(no_pcct, refused)
{
	struct pcc_link link;

	EXPECT_FALSE(pcc_bound(self->device[0]));
	EXPECT_EQ(0, pcc_links(&link, 1));
}

TEST_F(no_pcct, one_line)
{
	char line[1024], prefix[128];
	int kmsg, n = 0;

	kmsg = kmsg_open();
	ASSERT_LE(0, kmsg);
	EXPECT_GT(0, pcc_bind(self->device[0], true));
	snprintf(prefix, sizeof(prefix), PCC_DRIVER " %s: ", self->device[0]);
	while (kmsg_next(kmsg, line, sizeof(line))) {
		if (strncmp(line, prefix, strlen(prefix)) ||
		    !strncmp(line + strlen(prefix), CORE_LINE,
			     strlen(CORE_LINE)))
			continue;
		EXPECT_NE(NULL, strstr(line, "PCCT"))
			TH_LOG("'%s'", line);
		n++;
	}
	EXPECT_EQ(1, n);
	close(kmsg);
}

TEST_HARNESS_MAIN
