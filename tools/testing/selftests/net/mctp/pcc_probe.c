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

#include "lib/harness.h"

#define MAX_DEVICES	64
#define GOOD		PCC_HID ":00"
#define INBOX		PCC_HID ":08"	/* names the good one's inbox */
#define OUTBOX		PCC_HID ":0c"	/* names the good one's outbox */

/* The driver core's own line on a failed probe */
#define CORE_LINE	"probe with driver"

FIXTURE(refusal) { int kmsg; };

FIXTURE_VARIANT(refusal)
{
	const char *device;
	const char *description;	/* _STR of the device */
	const char *value;		/* which the driver's line names */
};

FIXTURE_VARIANT_ADD(refusal, one_descriptor) {
	.device = PCC_HID ":01", .description = "one descriptor",
	.value = " 1 ",
};

FIXTURE_VARIANT_ADD(refusal, three_descriptors) {
	.device = PCC_HID ":02", .description = "three descriptors",
	.value = " 3 ",
};

FIXTURE_VARIANT_ADD(refusal, equal_indices) {
	.device = PCC_HID ":03", .description = "equal indices",
	.value = "(5, 5)",
};

FIXTURE_VARIANT_ADD(refusal, missing_index) {
	.device = PCC_HID ":04", .description = "missing index",
	.value = "subspace 77",
};

FIXTURE_VARIANT_ADD(refusal, swapped_pair) {
	.device = PCC_HID ":05", .description = "swapped pair",
	.value = "subspace 3 of type 3",
};

FIXTURE_VARIANT_ADD(refusal, outbox_type) {
	.device = PCC_HID ":06", .description = "outbox of type 2",
	.value = "subspace 2 of type 3",
};

FIXTURE_VARIANT_ADD(refusal, outbox_size) {
	.device = PCC_HID ":07", .description = "outbox of 83 bytes",
	.value = "83",
};

/* By the name of its link, which the first device's has */
FIXTURE_VARIANT_ADD(refusal, second_owner) {
	.device = INBOX, .description = "names link 0's inbox",
	.value = "mctppcc1",
};

FIXTURE_VARIANT_ADD(refusal, no_crs) {
	.device = PCC_HID ":09", .description = "no _CRS", .value = "_CRS",
};

FIXTURE_VARIANT_ADD(refusal, no_descriptor) {
	.device = PCC_HID ":0a", .description = "no address descriptor",
	.value = " 0 ",
};

FIXTURE_VARIANT_ADD(refusal, inbox_size) {
	.device = PCC_HID ":0b", .description = "inbox of 83 bytes",
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

FIXTURE(good) { struct pcc pcc; };

FIXTURE_SETUP(good)
{
	char description[128];
	const char *why;

	why = pcc_get(&self->pcc, 0, 0);
	if (why)
		SKIP(return, "%s", why);
	if (pcc_description(OUTBOX, description, sizeof(description)) < 0 ||
	    strcmp(description, "names link 0's outbox")) {
		self->pcc.link.ifindex = 0;
		SKIP(return, "not the platform's tables of refusals");
	}
}

FIXTURE_TEARDOWN(good)
{
	pcc_put(&self->pcc);
}

/* The refused ones took nothing away from the good one */
TEST_F(good, device_only)
{
	char devices[MAX_DEVICES][64];
	struct pcc *pcc = &self->pcc;
	int i, n;

	n = pcc_devices(devices, MAX_DEVICES);
	EXPECT_LE(13, n);
	for (i = 0; i < n; i++)
		EXPECT_EQ(!strcmp(devices[i], GOOD) ||
			  !strcmp(devices[i], OUTBOX), pcc_bound(devices[i]));
	ASSERT_EQ(0, pcc_up(pcc, MCTP_MTU_MIN));
	EXPECT_EQ(pcc->peer_eid, mctp_get_eid(pcc));
}

/* Given up by its owner, the inbox may have another; then it is free again */
TEST_F(good, device_again)
{
	struct pcc *pcc = &self->pcc;

	ASSERT_EQ(0, pcc_bind(GOOD, false));
	EXPECT_EQ(0, pcc_bind(INBOX, true));
	EXPECT_GT(0, pcc_bind(GOOD, true));
	EXPECT_EQ(0, pcc_bind(INBOX, false));
	ASSERT_EQ(0, pcc_bind(GOOD, true));
	EXPECT_EQ(0, pcc_link_find(pcc->link.name, &pcc->link));
}

/* Two links with one outbox: who is up has it */
TEST_F(good, outbox_busy)
{
	struct pcc *pcc = &self->pcc;
	struct pcc_link links[2];
	struct pcc_attrs attrs;

	ASSERT_EQ(2, pcc_links(links, 2));
	ASSERT_EQ(0, pcc_up(pcc, MCTP_MTU_MIN));
	EXPECT_EQ(-EBUSY, nl_link_up(links[1].ifindex, true));
	ASSERT_EQ(0, nl_link_get(links[1].ifindex, &attrs));
	EXPECT_EQ(0, attrs.flags & IFF_UP);
	EXPECT_EQ(pcc->peer_eid, mctp_get_eid(pcc));
}

TEST_HARNESS_MAIN
