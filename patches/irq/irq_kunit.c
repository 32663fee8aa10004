// SPDX-License-Identifier: GPL-2.0
/*
 * Reproducer for the patch in this directory: the test fails without it.
 *
 * Copyright (C) 2026 The mctp-pcc authors
 */

#include <linux/interrupt.h>
#include <linux/irq.h>
#include <kunit/test.h>

#ifdef CONFIG_GENERIC_IRQ_INJECTION

/* Says that it has sent one; nobody handles it before the free */
static int fake_retrigger(struct irq_data *data)
{
	return 1;
}

static void fake_nothing(struct irq_data *data)
{
}

static struct irq_chip fake_chip = {
	.name = "fake",
	.irq_mask = fake_nothing,
	.irq_unmask = fake_nothing,
	.irq_ack = fake_nothing,
	.irq_retrigger = fake_retrigger,
};

static irqreturn_t fake_handler(int irq, void *arg)
{
	return IRQ_HANDLED;
}

static void irq_core_replay_freed(struct kunit *test)
{
	int irq = irq_alloc_desc(NUMA_NO_NODE);

	KUNIT_ASSERT_GT(test, irq, 0);
	irq_set_chip_and_handler(irq, &fake_chip, handle_edge_irq);
	irq_clear_status_flags(irq, IRQ_NOREQUEST);

	KUNIT_EXPECT_EQ(test, 0,
			request_irq(irq, fake_handler, 0, "fake", test));
	KUNIT_EXPECT_EQ(test, 0, irq_inject_interrupt(irq));
	/* the first one is still on its way */
	KUNIT_EXPECT_EQ(test, -EBUSY, irq_inject_interrupt(irq));
	free_irq(irq, test);

	KUNIT_EXPECT_EQ(test, 0,
			request_irq(irq, fake_handler, 0, "fake", test));
	KUNIT_EXPECT_EQ(test, 0, irq_inject_interrupt(irq));
	free_irq(irq, test);
	irq_free_desc(irq);
}

static struct kunit_case irq_core_cases[] = {
	KUNIT_CASE(irq_core_replay_freed),
	{}
};

static struct kunit_suite irq_core_suite = {
	.name = "irq_core",
	.test_cases = irq_core_cases,
};

kunit_test_suite(irq_core_suite);

#endif /* CONFIG_GENERIC_IRQ_INJECTION */
