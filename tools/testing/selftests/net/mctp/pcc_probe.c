// SPDX-License-Identifier: GPL-2.0
/*
 * Devices that the driver must refuse, each with one line that names what is
 * wrong; for the platform's tables "refusals"
 * Copyright (C) 2026 The mctp-pcc authors
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/pcc.h"
#include "kselftest_harness.h"

#define MAX_DEVICES	64
#define GOOD		PCC_HID ":00"

/* The driver core's own line on a failed probe */
#define CORE_LINE	"probe with driver"

FIXTURE(refusal)
{
	int kmsg;
};

FIXTURE_VARIANT(refusal)
{
	const char *device;
	const char *description;	/* _STR of the device */
	const char *value;		/* which the driver's line names */
};

FIXTURE_VARIANT_ADD(refusal, one_descriptor)
{
	.device = PCC_HID ":01",
	.description = "one descriptor",
	.value = " 1 ",
};

FIXTURE_VARIANT_ADD(refusal, three_descriptors)
{
	.device = PCC_HID ":02",
	.description = "three descriptors",
	.value = " 3 ",
};

FIXTURE_VARIANT_ADD(refusal, equal_indices)
{
	.device = PCC_HID ":03",
	.description = "equal indices",
	.value = "subspace 5",
};

FIXTURE_VARIANT_ADD(refusal, missing_index)
{
	.device = PCC_HID ":04",
	.description = "missing index",
	.value = "subspace 77",
};

FIXTURE_VARIANT_ADD(refusal, swapped_pair)
{
	.device = PCC_HID ":05",
	.description = "swapped pair",
	.value = "type 4",
};

FIXTURE_VARIANT_ADD(refusal, outbox_type)
{
	.device = PCC_HID ":06",
	.description = "outbox of type 2",
	.value = "type 2",
};

FIXTURE_VARIANT_ADD(refusal, outbox_size)
{
	.device = PCC_HID ":07",
	.description = "outbox of 83 bytes",
	.value = "83",
};

FIXTURE_VARIANT_ADD(refusal, second_owner)
{
	.device = PCC_HID ":08",
	.description = "names link 0's outbox",
	.value = "subspace 0",
};

FIXTURE_VARIANT_ADD(refusal, no_crs)
{
	.device = PCC_HID ":09",
	.description = "no _CRS",
	.value = "_CRS",
};

FIXTURE_VARIANT_ADD(refusal, no_descriptor)
{
	.device = PCC_HID ":0a",
	.description = "no address descriptor",
	.value = " 0 ",
};

FIXTURE_VARIANT_ADD(refusal, inbox_size)
{
	.device = PCC_HID ":0b",
	.description = "inbox of 83 bytes",
	.value = "83",
};

FIXTURE_SETUP(refusal)
{
	const char *why;
	char description[128];

	why = pcc_driver();
	if (why)
		SKIP(return, "%s", why);
	if (pcc_description(variant->device, description,
			    sizeof(description)) < 0 ||
	    strcmp(description, variant->description))
		SKIP(return, "not the platform's tables of refusals");
	self->kmsg = kmsg_open();
	ASSERT_LE(0, self->kmsg);
}

FIXTURE_TEARDOWN(refusal)
{
	close(self->kmsg);
}

TEST_F(refusal, one_line)
{
	char line[1024], ours[1024] = "", prefix[64];
	int n = 0;

	EXPECT_FALSE(pcc_bound(variant->device));
	EXPECT_GT(0, pcc_bind(variant->device, true));
	EXPECT_FALSE(pcc_bound(variant->device));

	snprintf(prefix, sizeof(prefix), PCC_DRIVER " %s: ", variant->device);
	while (kmsg_next(self->kmsg, line, sizeof(line))) {
		if (strncmp(line, prefix, strlen(prefix)) ||
		    !strncmp(line + strlen(prefix), CORE_LINE,
			     strlen(CORE_LINE)))
			continue;
		memcpy(ours, line, sizeof(ours));
		n++;
	}
	EXPECT_EQ(1, n);
	EXPECT_NE(NULL, strstr(ours, variant->value))
		TH_LOG("'%s' does not name '%s'", ours, variant->value);
}

/* The refused ones took nothing away from the good one */
TEST(good_device_only)
{
	const char *why;
	char devices[MAX_DEVICES][64], description[128];
	struct pcc_link links[2];
	struct pcc pcc;
	int i, n;

	why = pcc_get(&pcc, 0, 0);
	if (why)
		SKIP(return, "%s", why);
	n = pcc_devices(devices, MAX_DEVICES);
	if (n < 2 || pcc_description(devices[1], description,
				     sizeof(description)) < 0 ||
	    strcmp(description, "one descriptor"))
		SKIP(return, "not the platform's tables of refusals");
	for (i = 0; i < n; i++)
		EXPECT_EQ(!strcmp(devices[i], GOOD), pcc_bound(devices[i]));
	EXPECT_EQ(1, pcc_links(links, 2));
	ASSERT_EQ(0, pcc_up(&pcc, MCTP_MTU_MIN));
	EXPECT_EQ(pcc.peer_eid, mctp_get_eid(&pcc));
	pcc_put(&pcc);
}

/* Given up by its owner, a subspace may have another; then it is free again */
TEST(good_device_again)
{
	const char *why;
	char description[128];
	struct pcc pcc;

	why = pcc_get(&pcc, 0, 0);
	if (why)
		SKIP(return, "%s", why);
	if (pcc_description(PCC_HID ":08", description,
			    sizeof(description)) < 0 ||
	    strcmp(description, "names link 0's outbox"))
		SKIP(return, "not the platform's tables of refusals");
	ASSERT_EQ(0, pcc_bind(GOOD, false));
	EXPECT_EQ(0, pcc_bind(PCC_HID ":08", true));
	EXPECT_GT(0, pcc_bind(GOOD, true));
	EXPECT_EQ(0, pcc_bind(PCC_HID ":08", false));
	ASSERT_EQ(0, pcc_bind(GOOD, true));
	EXPECT_EQ(0, pcc_link_find(pcc.link.name, &pcc.link));
}

TEST_HARNESS_MAIN
