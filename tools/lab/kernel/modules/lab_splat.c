// SPDX-License-Identifier: GPL-2.0
/*
 * lab_splat.c - makes the kernel complain, for a test of who reads the console
 *
 * Copyright (C) 2026 The mctp-pcc authors
 *
 * insmod lab_splat.ko kind=NAME makes the mistake of that name at once. The
 * guest may be of no use afterwards. Kinds: see the table at the end.
 */

#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/refcount.h>
#include <linux/sched.h>
#include <linux/sizes.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

#define STUCK_MS	12000	/* longer than the limits that the job sets */
#define RACE_MS		5000	/* for KCSAN, which looks at few accesses */

static char *kind = "";
module_param(kind, charp, 0444);
MODULE_PARM_DESC(kind, "which mistake to make");

static DEFINE_MUTEX(lab_first);
static DEFINE_MUTEX(lab_second);
static DEFINE_SPINLOCK(lab_spinlock);
static int lab_number;

static void lab_warn(void)
{
	WARN_ON(1);
}

static void lab_bug(void)
{
	struct sk_buff *skb = alloc_skb(16, GFP_KERNEL);

	if (skb)
		skb_put(skb, SZ_64K);
}

static void lab_null(void)
{
	static int *nowhere;

	WRITE_ONCE(*READ_ONCE(nowhere), 1);
}

static void lab_refcount(void)
{
	refcount_t count = REFCOUNT_INIT(0);

	refcount_inc(&count);
}

static void lab_list(void)
{
	LIST_HEAD(first);
	LIST_HEAD(second);
	struct list_head entry;

	list_add(&entry, &first);
	entry.next = &second;
	list_del(&entry);
}

static void lab_called(struct rcu_head *head)
{
}

/* The other processor waits for this one, as a grace period has to */
static void lab_stuck(void)
{
	static struct rcu_head head;

	call_rcu(&head, lab_called);
	preempt_disable();
	mdelay(STUCK_MS);
	preempt_enable();
}

static void lab_hung(void)
{
	set_current_state(TASK_UNINTERRUPTIBLE);
	schedule_timeout(msecs_to_jiffies(STUCK_MS));
}

static void lab_kasan(void)
{
	char *bytes = kmalloc(16, GFP_KERNEL);

	if (bytes)
		READ_ONCE(bytes[16 + (STUCK_MS > 0)]);
	kfree(bytes);
}

static void lab_lockdep(void)
{
	mutex_lock(&lab_first);
	mutex_lock(&lab_second);
	mutex_unlock(&lab_second);
	mutex_unlock(&lab_first);
	mutex_lock(&lab_second);
	mutex_lock(&lab_first);
	mutex_unlock(&lab_first);
	mutex_unlock(&lab_second);
}

static void lab_atomic(void)
{
	spin_lock(&lab_spinlock);
	might_sleep();
	spin_unlock(&lab_spinlock);
}

static void lab_nothing(struct work_struct *work)
{
}

static void lab_object(void)
{
	struct work_struct work;

	INIT_WORK(&work, lab_nothing);
}

/* The judge of the console asks only for races in functions of the driver. */
static noinline void mctp_pcc_lab_race(void)
{
	lab_number++;
	cond_resched();
}

static int lab_racer(void *data)
{
	while (!kthread_should_stop())
		mctp_pcc_lab_race();
	return 0;
}

static void lab_race(void)
{
	unsigned long end = jiffies + msecs_to_jiffies(RACE_MS);
	struct task_struct *other = kthread_run(lab_racer, NULL, "lab_racer");

	if (IS_ERR(other))
		return;
	while (time_before(jiffies, end))
		mctp_pcc_lab_race();
	kthread_stop(other);
}

static void lab_ubsan(void)
{
	WRITE_ONCE(lab_number, 1 << (READ_ONCE(lab_number) + 40));
}

static const struct {
	const char *kind;
	void (*make)(void);
} lab_mistakes[] = {
	{ "warn", lab_warn },
	{ "bug", lab_bug },
	{ "null", lab_null },
	{ "refcount", lab_refcount },
	{ "stuck", lab_stuck },		/* RCU stall, soft lockup */
	{ "hung", lab_hung },
	{ "list", lab_list },
	{ "kasan", lab_kasan },
	{ "lockdep", lab_lockdep },
	{ "atomic", lab_atomic },
	{ "object", lab_object },	/* of debug_objects */
	{ "race", lab_race },		/* for KCSAN */
	{ "ubsan", lab_ubsan },
};

static int __init lab_splat_init(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(lab_mistakes); i++) {
		if (strcmp(kind, lab_mistakes[i].kind))
			continue;
		lab_mistakes[i].make();
		return 0;
	}
	return -EINVAL;
}
module_init(lab_splat_init);

static void __exit lab_splat_exit(void)
{
}
module_exit(lab_splat_exit);

MODULE_DESCRIPTION("Mistakes on demand, for the lab's guests only");
MODULE_LICENSE("GPL");
