// SPDX-License-Identifier: GPL-2.0
/*
 * Reproducers for the patches in this directory: each test fails without one.
 *
 * Copyright (C) 2026 The mctp-pcc authors
 */

#include "pcc_fake.h"

/* The platform sends a notification: whoever acknowledges it sets the bit */
static void fake_post(struct fake *fake)
{
	fake->regs[FAKE_COMPLETE(1)] = 0;
}

static void pcc_core_responder_without_error_register(struct kunit *test)
{
	struct acpi_pcct_ext_pcc_master *entry;
	struct fake *fake = test->priv;

	fake_add_subspace(fake, ACPI_PCCT_TYPE_EXT_PCC_MASTER_SUBSPACE, 0);
	entry = fake_add_subspace(fake, ACPI_PCCT_TYPE_EXT_PCC_SLAVE_SUBSPACE,
				  1);
	memset(&entry->error_status_register, 0,
	       sizeof(entry->error_status_register));

	KUNIT_ASSERT_EQ(test, fake_probe(fake), 0);
	KUNIT_EXPECT_EQ(test, fake_request(fake, 1), 0);
}

static void pcc_core_responder_with_error(struct kunit *test)
{
	struct fake *fake = test->priv;

	fake_setup(fake);
	fake->regs[FAKE_ERROR(1)] = 1;
	fake_post(fake);

	KUNIT_EXPECT_EQ(test, fake_raise(fake, 1), IRQ_HANDLED);
	KUNIT_EXPECT_EQ(test, fake->client[1].received, 1);
	KUNIT_EXPECT_EQ(test, fake->regs[FAKE_COMPLETE(1)], 1);
}

static void pcc_core_signature_once(struct kunit *test)
{
	struct fake *fake = test->priv;
	int i;

	fake_add_pair(fake);
	KUNIT_ASSERT_EQ(test, fake_probe(fake), 0);
	fake->shmem[0][0] = 0;
	fake->shmem[1][0] = 0;
	for (i = 0; i < 3; i++) {
		KUNIT_ASSERT_EQ(test, fake_request(fake, 0), 0);
		fake_pcc_free(fake->client[0].pcc);
	}
	KUNIT_EXPECT_EQ(test, fake->warned, 1);

	KUNIT_ASSERT_EQ(test, fake_request(fake, 1), 0);
	KUNIT_EXPECT_EQ(test, fake->warned, 2);
}

static void pcc_core_stale_error(struct kunit *test)
{
	struct fake *fake = test->priv;

	fake_setup(fake);
	fake->regs[FAKE_ERROR(0)] = 1;
	KUNIT_ASSERT_GE(test, fake_send(fake, 0), 0);
	fake->regs[FAKE_COMPLETE(0)] = 1;

	KUNIT_EXPECT_EQ(test, fake_raise(fake, 0), IRQ_HANDLED);
	KUNIT_EXPECT_EQ(test, fake->client[0].done, 1);
	KUNIT_EXPECT_EQ(test, fake->client[0].status, 0);
}

static void pcc_core_failed_command(struct kunit *test)
{
	struct fake_client *client;
	struct fake *fake = test->priv;

	fake_setup(fake);
	client = &fake->client[0];
	KUNIT_ASSERT_GE(test, fake_send(fake, 0), 0);
	KUNIT_ASSERT_GE(test, fake_send(fake, 0), 0);
	fake->regs[FAKE_ERROR(0)] = 1;
	fake->regs[FAKE_COMPLETE(0)] = 1;

	KUNIT_EXPECT_EQ(test, fake_raise(fake, 0), IRQ_HANDLED);
	KUNIT_EXPECT_EQ(test, client->done, 1);
	KUNIT_EXPECT_EQ(test, client->status, -EIO);
	KUNIT_EXPECT_EQ(test, client->received, 0);

	/* the second command is not held up by the first */
	fake->regs[FAKE_COMPLETE(0)] = 1;
	KUNIT_EXPECT_EQ(test, fake_raise(fake, 0), IRQ_HANDLED);
	KUNIT_EXPECT_EQ(test, client->done, 2);
	KUNIT_EXPECT_EQ(test, client->status, 0);
	KUNIT_EXPECT_EQ(test, client->received, 1);
}

/* Sends on another processor, when the first has read the register */
static void fake_rival(struct work_struct *work)
{
	struct fake *fake = container_of(work, struct fake, rival);

	WRITE_ONCE(fake->race, FAKE_RIVAL_READY);
	while (READ_ONCE(fake->race) != FAKE_RIVAL_SENDS)
		cpu_relax();
	KUNIT_EXPECT_GE(fake->test, fake_send(fake, 1), 0);
	WRITE_ONCE(fake->race, FAKE_RIVAL_HAS_SENT);
}

/* Between reading and writing a register: the rival has 0.3 s to do both */
static void fake_let_rival_send(struct fake *fake)
{
	unsigned int i;

	WRITE_ONCE(fake->race, FAKE_RIVAL_SENDS);
	for (i = 0; i < 300 && READ_ONCE(fake->race) == FAKE_RIVAL_SENDS; i++)
		mdelay(1);
}

static void pcc_core_shared_doorbell(struct kunit *test)
{
	u8 type = ACPI_PCCT_TYPE_EXT_PCC_MASTER_SUBSPACE;
	struct acpi_pcct_ext_pcc_master *entry;
	struct fake *fake = test->priv;
	unsigned int i, cpu;

	KUNIT_ASSERT_GT_MSG(test, num_online_cpus(), 1,
			    "two processors are needed");
	for (i = 0; i < 2; i++) {
		entry = fake_add_subspace(fake, type, i);
		entry->doorbell_register = fake_gas(FAKE_OTHER);
		entry->preserve_mask = ~BIT(i) & U32_MAX;
		entry->write_mask = BIT(i);
	}
	KUNIT_ASSERT_EQ(test, fake_probe(fake), 0);
	KUNIT_ASSERT_EQ(test, fake_request(fake, 0), 0);
	KUNIT_ASSERT_EQ(test, fake_request(fake, 1), 0);

	cpu = cpumask_first(cpu_online_mask);
	set_cpus_allowed_ptr(current, cpumask_of(cpu));
	INIT_WORK(&fake->rival, fake_rival);
	schedule_work_on(cpumask_next(cpu, cpu_online_mask), &fake->rival);
	while (READ_ONCE(fake->race) != FAKE_RIVAL_READY)
		msleep(20);
	fake->on_read = fake_let_rival_send;
	KUNIT_EXPECT_GE(test, fake_send(fake, 0), 0);
	flush_work(&fake->rival);
	set_cpus_allowed_ptr(current, cpu_possible_mask);

	KUNIT_EXPECT_EQ(test, fake->regs[FAKE_OTHER], 3);
}

static void fake_notify(struct fake *fake)
{
	fake_post(fake);
	fake_raise(fake, 1);
}

static void pcc_core_interrupt_inside_free(struct kunit *test)
{
	struct fake *fake = test->priv;

	fake_setup(fake);
	fake->on_free_irq = fake_notify;
	fake_pcc_free(fake->client[1].pcc);

	KUNIT_EXPECT_EQ(test, fake->client[1].received, 1);
	KUNIT_EXPECT_EQ(test, fake->client[1].lost, 0);
	KUNIT_EXPECT_EQ(test, fake->bad_reads, 0);
	KUNIT_EXPECT_EQ(test, fake->mapped[1], 0);
	KUNIT_EXPECT_NULL(test, (__force void *)fake->client[1].pcc->shmem);
}

/* A request that fails leaves nothing behind: the next one succeeds */
static void pcc_core_startup_fails(struct kunit *test)
{
	struct fake *fake = test->priv;

	fake_add_pair(fake);
	KUNIT_ASSERT_EQ(test, fake_probe(fake), 0);
	fake->irq_rc = -EBUSY;
	KUNIT_EXPECT_EQ(test, fake_request(fake, 1), -EBUSY);
	KUNIT_EXPECT_EQ(test, fake->mapped[1], 0);
	KUNIT_EXPECT_NULL(test, (__force void *)chan_info[1].chan.shmem);

	fake->irq_rc = 0;
	KUNIT_EXPECT_EQ(test, fake_request(fake, 1), 0);
	KUNIT_EXPECT_EQ(test, fake->mapped[1], 1);
}

/* Another client requests the same channel, and keeps it if it gets it */
static void fake_second_request(struct fake *fake)
{
	fake->client[2].pcc = fake_pcc_request(&fake->client[2].cl, 1);
}

static void pcc_core_two_requests(struct kunit *test)
{
	struct fake *fake = test->priv;
	bool first, second;

	fake_add_pair(fake);
	KUNIT_ASSERT_EQ(test, fake_probe(fake), 0);
	fake->on_map = fake_second_request;
	first = !fake_request(fake, 1);
	second = !IS_ERR(fake->client[2].pcc);

	KUNIT_EXPECT_EQ(test, first + second, 1);
	KUNIT_EXPECT_EQ(test, fake->mapped[1], 1);
	KUNIT_EXPECT_NOT_NULL(test, (__force void *)chan_info[1].chan.shmem);
}

/* An entry whose layout the driver does not know, in front of a good pair */
static void fake_check_unknown(struct fake *fake)
{
	struct kunit *test = fake->test;

	fake_add_subspace(fake, ACPI_PCCT_TYPE_EXT_PCC_MASTER_SUBSPACE, 1);
	fake_add_subspace(fake, ACPI_PCCT_TYPE_EXT_PCC_SLAVE_SUBSPACE, 2);

	KUNIT_ASSERT_EQ(test, fake_probe(fake), 0);
	KUNIT_EXPECT_LT(test, fake_request(fake, 0), 0);
	KUNIT_EXPECT_EQ(test, fake_request(fake, 1), 0);
	KUNIT_EXPECT_EQ(test, fake_request(fake, 2), 0);
	KUNIT_EXPECT_EQ(test, fake->mapped[1], 1);
	KUNIT_EXPECT_EQ(test, fake->mapped[2], 1);
}

static void pcc_core_type_5(struct kunit *test)
{
	struct acpi_pcct_hw_reg entry = {
		.header.type = ACPI_PCCT_TYPE_HW_REG_COMM_SUBSPACE,
		.header.length = sizeof(entry),
		.base_address = FAKE_SHMEM,
		.length = FAKE_SHMEM_SIZE,
		.doorbell_register = fake_gas(FAKE_DOORBELL(0)),
		.doorbell_write = 1,
		.cmd_complete_register = fake_gas(FAKE_COMPLETE(0)),
		.cmd_complete_mask = 1,
	};
	struct fake *fake = test->priv;

	fake_add(fake, &entry, sizeof(entry));
	fake_check_unknown(fake);
}

static void pcc_core_reserved_type(struct kunit *test)
{
	u8 entry[32] = { ACPI_PCCT_TYPE_RESERVED + 10, sizeof(entry) };
	struct fake *fake = test->priv;

	fake_add(fake, entry, sizeof(entry));
	fake_check_unknown(fake);
}

static void pcc_core_missed_in_startup(struct kunit *test)
{
	struct fake *fake = test->priv;

	fake_add_pair(fake);
	KUNIT_ASSERT_EQ(test, fake_probe(fake), 0);
	fake->on_request_irq = fake_post;
	KUNIT_ASSERT_EQ(test, fake_request(fake, 1), 0);

	KUNIT_EXPECT_EQ(test, fake->client[1].received, 1);
	KUNIT_EXPECT_EQ(test, fake->regs[FAKE_COMPLETE(1)], 1);
}

/* What startup has discarded does not look new where check follows late */
static void pcc_core_check_follows_late(struct kunit *test)
{
	struct acpi_pcct_ext_pcc_master *entry;
	struct fake *fake = test->priv;

	fake_add_subspace(fake, ACPI_PCCT_TYPE_EXT_PCC_MASTER_SUBSPACE, 0);
	entry = fake_add_subspace(fake, ACPI_PCCT_TYPE_EXT_PCC_SLAVE_SUBSPACE,
				  1);
	entry->cmd_update_register = fake_gas(FAKE_OTHER);
	fake_post(fake);
	KUNIT_ASSERT_EQ(test, fake_probe(fake), 0);
	KUNIT_ASSERT_EQ(test, fake_request(fake, 1), 0);

	KUNIT_EXPECT_EQ(test, fake->regs[FAKE_OTHER], 1);
	KUNIT_EXPECT_EQ(test, fake->client[1].received, 0);
}

/* The platform completes what an owner before this one has given up */
static void pcc_core_late_completion(struct kunit *test)
{
	struct fake *fake = test->priv;

	fake_setup(fake);
	KUNIT_ASSERT_GE(test, fake_send(fake, 0), 0);
	fake_pcc_free(fake->client[0].pcc);
	KUNIT_ASSERT_EQ(test, fake_request(fake, 0), 0);
	fake->client[0].received = 0;
	fake->regs[FAKE_COMPLETE(0)] = 1;

	KUNIT_EXPECT_EQ(test, fake_raise(fake, 0), IRQ_NONE);
	KUNIT_EXPECT_EQ(test, fake->client[0].received, 0);

	/* its own command it is told of */
	KUNIT_ASSERT_GE(test, fake_send(fake, 0), 0);
	fake->regs[FAKE_COMPLETE(0)] = 1;
	KUNIT_EXPECT_EQ(test, fake_raise(fake, 0), IRQ_HANDLED);
	KUNIT_EXPECT_EQ(test, fake->client[0].received, 1);
}

static void fake_refuse(struct fake *fake)
{
	fake->regs[FAKE_ERROR(0)] = 1;
	fake->regs[FAKE_COMPLETE(0)] = 1;
}

static void pcc_core_failed_poll(struct kunit *test)
{
	struct fake_client *client;
	struct fake *fake = test->priv;

	client = &fake->client[0];
	fake->table.flags = 0;
	fake_add_subspace(fake, ACPI_PCCT_TYPE_EXT_PCC_MASTER_SUBSPACE, 0);
	KUNIT_ASSERT_EQ(test, fake_probe(fake), 0);
	KUNIT_ASSERT_EQ(test, fake_request(fake, 0), 0);
	fake->on_doorbell = fake_refuse;
	KUNIT_ASSERT_GE(test, fake_send(fake, 0), 0);

	KUNIT_ASSERT_NE(test, 0UL, wait_for_completion_timeout(&client->sent,
							       FAKE_WAIT));
	KUNIT_EXPECT_EQ(test, client->done, 1);
	KUNIT_EXPECT_EQ(test, client->status, -EIO);
	KUNIT_EXPECT_EQ(test, client->received, 0);
	KUNIT_EXPECT_EQ(test, fake->regs[FAKE_ERROR(0)], 0);
}

static int pcc_core_init(struct kunit *test)
{
	struct fake *fake;
	int i;

	fake = kunit_kzalloc(test, sizeof(*fake), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, fake);
	fake->pdev = platform_device_alloc("pcc-kunit", PLATFORM_DEVID_NONE);
	KUNIT_ASSERT_NOT_NULL(test, fake->pdev);
	dev_set_name(&fake->pdev->dev, "pcc-kunit");
	/* the mailbox core holds a reference on the driver's module */
	fake->pdev->dev.driver = &pcc_mbox_driver.driver;
	fake->table.header.length = sizeof(fake->table);
	fake->table.flags = ACPI_PCCT_DOORBELL;
	for (i = 0; i < FAKE_SUBSPACES; i++) {
		fake->client[i].cl.rx_callback = fake_received;
		fake->client[i].cl.tx_done = fake_sent;
		init_completion(&fake->client[i].sent);
	}
	fake->test = test;
	fake_now = fake;
	test->priv = fake;
	chan_info = NULL;

	return 0;
}

static void pcc_core_exit(struct kunit *test)
{
	struct mbox_controller *mbox = NULL;
	struct fake *fake = test->priv;
	int i;

	for (i = 0; chan_info && i < pcc_chan_count; i++)
		if (!IS_ERR_OR_NULL(chan_info[i].chan.mchan))
			mbox = chan_info[i].chan.mchan->mbox;
	mbox_controller_unregister(mbox);
	platform_device_put(fake->pdev);
}

static struct kunit_case pcc_core_cases[] = {
	KUNIT_CASE(pcc_core_responder_without_error_register),
	KUNIT_CASE(pcc_core_responder_with_error),
	KUNIT_CASE(pcc_core_signature_once),
	KUNIT_CASE(pcc_core_stale_error),
	KUNIT_CASE(pcc_core_failed_command),
	KUNIT_CASE(pcc_core_shared_doorbell),
	KUNIT_CASE(pcc_core_interrupt_inside_free),
	KUNIT_CASE(pcc_core_startup_fails),
	KUNIT_CASE(pcc_core_two_requests),
	KUNIT_CASE(pcc_core_type_5),
	KUNIT_CASE(pcc_core_reserved_type),
	KUNIT_CASE(pcc_core_missed_in_startup),
	KUNIT_CASE(pcc_core_check_follows_late),
	KUNIT_CASE(pcc_core_failed_poll),
	KUNIT_CASE(pcc_core_late_completion),
	{}
};

static struct kunit_suite pcc_core_suite = {
	.name = "pcc_core",
	.init = pcc_core_init,
	.exit = pcc_core_exit,
	.test_cases = pcc_core_cases,
};

kunit_test_suite(pcc_core_suite);
