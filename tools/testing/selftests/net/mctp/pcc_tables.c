// SPDX-License-Identifier: GPL-2.0
/*
 * ACPI tables, a fixture for each: devices to be refused, no PCCT, one that the
 * mailbox driver refuses, both channels on one interrupt line
 * Copyright (C) 2026 The mctp-pcc authors
 */
#include "lib/harness.h"

#define BURST		2000
#define SPURIOUS	100
#define CYCLES		10
#define FLOOD		5000		/* a slow machine does nothing else */
#define GOOD		PCC_HID ":00"
#define INBOX		PCC_HID ":08"	/* names the good one's inbox */
#define OUTBOX		PCC_HID ":0c"	/* names the good one's outbox */

/* Each with one line that names what is wrong; for the tables "refusals" */
FIXTURE(refusal)
{
	char device[32];
	int kmsg;
};

FIXTURE_VARIANT(refusal)
{
	unsigned int number;		/* of the device */
	const char *description;	/* its _STR */
	const char *value;		/* which the driver's line names */
};

#define REFUSAL(name)	FIXTURE_VARIANT_ADD(refusal, name)

REFUSAL(one_descriptor) { 1, "one descriptor", " 1 " };
REFUSAL(three_descriptors) { 2, "three descriptors", " 3 " };
REFUSAL(equal_indices) { 3, "equal indices", "(5, 5)" };
REFUSAL(missing_index) { 4, "missing index", "subspace 77" };
REFUSAL(swapped_pair) { 5, "swapped pair", "subspace 3 of type 3" };
REFUSAL(outbox_type) { 6, "outbox of type 2", "subspace 2 of type 3" };
REFUSAL(outbox_size) { 7, "outbox of 83 bytes", "83" };
/* By the name of its link, which the first device's has */
REFUSAL(second_owner) { 8, "names link 0's inbox", "mctppcc1" };
REFUSAL(no_crs) { 9, "no _CRS", "_CRS" };
REFUSAL(no_descriptor) { 10, "no address descriptor", " 0 " };
REFUSAL(inbox_size) { 11, "inbox of 83 bytes", "83" };

/* The device is not what the platform's tables "refusals" say of it */
static const char *other_tables(const char *device, const char *description)
{
	char text[128];

	return pcc_description(device, text, sizeof(text)) < 0 ||
	       strcmp(text, description) ?
	       "not the platform's tables of refusals" : NULL;
}

SETUP(refusal)
{
	snprintf(self->device, sizeof(self->device), PCC_HID ":%02x",
		 variant->number);
	if (!setup_found(pcc_driver()) ||
	    !setup_found(other_tables(self->device, variant->description)))
		return;
	guard();
	self->kmsg = kmsg_open();
	ASSERT_LE(0, self->kmsg);
}

/* The driver refuses the device, and its one line about it names @value */
static void check_refused(const char *device, int kmsg, const char *value)
{
	char line[1024];

	EXPECT_GT(0, pcc_bind(device, true));
	EXPECT_FALSE(pcc_bound(device));
	EXPECT_EQ(1, kmsg_of_device(kmsg, device, line, sizeof(line)));
	EXPECT_NE(NULL, strstr(line, value))
		TH_LOG("'%s' does not name '%s'", line, value);
}

TEST_F(refusal, one_line)
{
	EXPECT_FALSE(pcc_bound(self->device));
	check_refused(self->device, self->kmsg, variant->value);
}

FIXTURE(good) { struct pcc pcc; };

SETUP(good)
{
	if (setup_found(pcc_get(&self->pcc, 0, 0)))
		setup_found(other_tables(OUTBOX, "names link 0's outbox"));
}

/* The refused ones took nothing away from the good one */
TEST_F(good, device_only)
{
	char devices[DEVICES_MAX][64];
	struct pcc *pcc = &self->pcc;
	int i, n;

	n = pcc_devices(devices, DEVICES_MAX);
	EXPECT_LE(13, n);
	for (i = 0; i < n; i++)
		EXPECT_EQ(!strcmp(devices[i], GOOD) ||
			  !strcmp(devices[i], OUTBOX), pcc_bound(devices[i]));
	check_talks(pcc);
}

/* An inbox that its owner gives up may have another, and back */
TEST_F(good, device_again)
{
	struct pcc *pcc = &self->pcc;

	ASSERT_EQ(0, pcc_bind(GOOD, false));
	EXPECT_EQ(0, pcc_bind(INBOX, true));
	EXPECT_GT(0, pcc_bind(GOOD, true));
	EXPECT_EQ(0, pcc_bind(INBOX, false));
	ASSERT_EQ(0, pcc_bind(GOOD, true));
	EXPECT_EQ(0, pcc_link_of(pcc->device, &pcc->link));
}

/* Of two links with one outbox only one can be up */
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

/* The first device where there is nothing of that path; or else why not */
static const char *device_without(const char *path, const char *why,
				  char device[][64])
{
	const char *driver = pcc_driver();

	if (driver || !access(path, F_OK))
		return driver ? driver : why;
	guard();
	pcc_devices(device, 1);
	return NULL;
}

/* A device on a machine without a PCCT; for the tables "no-pcct" */
FIXTURE_OF(no_pcct, char device[1][64],
	   setup_found(device_without("/sys/firmware/acpi/tables/PCCT",
				      "there is a PCCT", self->device)));

TEST_F(no_pcct, refused)
{
	struct pcc_link link;

	EXPECT_FALSE(pcc_bound(self->device[0]));
	EXPECT_EQ(0, pcc_links(&link, 1));
}

TEST_F(no_pcct, one_line)
{
	int kmsg = kmsg_open();

	ASSERT_LE(0, kmsg);
	check_refused(self->device[0], kmsg, "PCCT");
}

/* The kernel refuses the PCCT; for the tables "mailbox-refuses" */
FIXTURE_OF(mailbox_refuses, char device[1][64],
	   setup_found(device_without("/sys/bus/platform/drivers/PCCT",
				      "the kernel takes the PCCT",
				      self->device)));

/* The link exists and cannot be brought up */
TEST_F(mailbox_refuses, stays_down)
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
TEST_F(mailbox_refuses, goes)
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

/* Has one line two actions of the mailbox controller? */
static bool interrupt_shared(void)
{
	char line[1024], *first = NULL;
	FILE *f;

	f = fopen("/proc/interrupts", "re");
	if (!f)
		return false;
	while (!first && fgets(line, sizeof(line), f)) {
		first = strstr(line, "pcc-mbox");
		first = first ? strstr(first + 1, "pcc-mbox") : NULL;
	}
	fclose(f);
	return first;
}

/* Both channels on one shared, level-triggered line; for the tables "level" */
FIXTURE(level) { struct pcc pcc; };

SETUP(level)
{
	if (setup_link(&self->pcc, 0, MCTP_MTU_MIN) && !interrupt_shared())
		SKIP(return, "the channels do not share an interrupt");
}

/* A busy host may make the platform look quiet too soon */
static void check(const struct pcc *pcc, unsigned long long tx,
		  unsigned long long rx)
{
	struct count c;

	EXPECT_TRUE(count_wait(pcc, &c, tx));
	check_counted(pcc, .tx = tx, .taken = tx, .rx = rx);
}

TEST_F(level, echo)
{
	unsigned long long packets = mctp_packets(MCTP_MSG_MAX, MCTP_MTU_MIN);

	EXPECT_EQ(0, mctp_echo(&self->pcc, MCTP_MSG_MAX));
	check(&self->pcc, packets, packets);
}

TEST_F(level, both_ways)
{
	ASSERT_PLAT(&self->pcc, "flood count=%u", BURST);
	send_many(&self->pcc, BURST);
	check(&self->pcc, BURST, BURST);
}

TEST_F(level, spurious)
{
	ASSERT_PLAT(&self->pcc, "irq box=inbox count=%u", SPURIOUS);
	ASSERT_PLAT(&self->pcc, "irq box=outbox count=%u", SPURIOUS);
	check(&self->pcc, 0, 0);
	EXPECT_EQ(0, mctp_echo(&self->pcc, 1000));
}

TEST_F(level, updown)
{
	unsigned int i;

	ASSERT_PLAT(&self->pcc, "flood count=%u", FLOOD);
	for (i = 0; i < CYCLES; i++) {
		usleep(i * 3 % 10 * 1000);
		ASSERT_EQ(0, pcc_reopen(&self->pcc));
	}
	ASSERT_PLAT(&self->pcc, "flood-stop");
	ASSERT_EQ(0, plat_quiesce(&self->pcc));
	EXPECT_EQ(0, mctp_echo(&self->pcc, 8000));
	check_sound(&self->pcc);
}

TEST_HARNESS_MAIN
