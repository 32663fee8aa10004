/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A platform for drivers/mailbox/pcc.c: PCCT, registers, shared memory and
 * interrupts, below a second copy of that driver on the real mailbox core.
 *
 * Copyright (C) 2026 The mctp-pcc authors
 */

/* The functions that pcc.c exports are in the kernel already */
#define pcc_mbox_request_channel fake_pcc_request
#define pcc_mbox_free_channel fake_pcc_free

#include <linux/acpi.h>
#include <linux/completion.h>
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/init.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/io-64-nonatomic-lo-hi.h>
#include <linux/mailbox_client.h>
#include <linux/mailbox_controller.h>
#include <linux/platform_device.h>
#include <linux/workqueue.h>
#include <acpi/pcc.h>
#include <kunit/test.h>

/* Physical addresses: 32-bit registers, then a page for each shared memory */
#define FAKE_REGS	0x10000000
#define FAKE_SHMEM	0x10001000
#define FAKE_SHMEM_SIZE	64
#define FAKE_SUBSPACES	3

/* Registers of subspace n. The last one is shared by whoever wants to. */
#define FAKE_DOORBELL(n)	((n) * 4)
#define FAKE_ACK(n)		((n) * 4 + 1)
#define FAKE_COMPLETE(n)	((n) * 4 + 2)
#define FAKE_ERROR(n)		((n) * 4 + 3)
#define FAKE_OTHER		(FAKE_SUBSPACES * 4)
#define FAKE_NREGS		(FAKE_OTHER + 1)

#define FAKE_GSI		40
#define FAKE_WAIT		(2 * HZ)

/**
 * struct fake_client - a client of one subspace
 * @cl: client of the mailbox core
 * @pcc: its channel
 * @received: calls of rx_callback
 * @lost: calls of it without shared memory
 * @done: calls of tx_done
 * @status: what the last one said
 * @sent: completed by tx_done
 */
struct fake_client {
	struct mbox_client cl;
	struct pcc_mbox_chan *pcc;
	unsigned int received;
	unsigned int lost;
	unsigned int done;
	int status;
	struct completion sent;
};

/**
 * struct fake - a platform with one PCCT
 * @test: the test it is for
 * @pdev: device of the controller
 * @table: PCCT
 * @regs: registers
 * @shmem: shared memory of each subspace
 * @mapped: mappings of it that are in use
 * @bad_reads: reads through a pointer to nothing
 * @warned: warnings in the log
 * @irq_rc: what a request of an interrupt fails with
 * @handler: the handler of each interrupt while it is requested
 * @cookie: its argument
 * @on_map: runs once, when shared memory is mapped
 * @on_read: runs once, when the shared register has been read
 * @on_doorbell: runs when the doorbell of subspace 0 was written
 * @on_request_irq: runs before an interrupt is requested
 * @on_free_irq: runs before an interrupt is freed
 * @client: clients
 * @rival: sends on another processor
 * @race: how far @rival is
 */
struct fake {
	struct kunit *test;
	struct platform_device *pdev;
	union {
		struct acpi_table_pcct table;
		u8 table_bytes[1024];
	};
	u32 regs[FAKE_NREGS];
	u32 shmem[FAKE_SUBSPACES][FAKE_SHMEM_SIZE / 4];
	int mapped[FAKE_SUBSPACES];
	unsigned int bad_reads;
	unsigned int warned;
	int irq_rc;
	irq_handler_t handler[FAKE_SUBSPACES];
	void *cookie[FAKE_SUBSPACES];
	void (*on_map)(struct fake *fake);
	void (*on_read)(struct fake *fake);
	void (*on_doorbell)(struct fake *fake);
	void (*on_request_irq)(struct fake *fake);
	void (*on_free_irq)(struct fake *fake);
	struct fake_client client[FAKE_SUBSPACES];
	struct work_struct rival;
	enum {
		FAKE_NO_RIVAL,
		FAKE_RIVAL_READY,
		FAKE_RIVAL_SENDS,
		FAKE_RIVAL_HAS_SENT,
	} race;
};

static struct fake *fake_now;

/* Runs a hook once */
static void fake_call(void (**hook)(struct fake *fake))
{
	void (*run)(struct fake *fake) = *hook;

	*hook = NULL;
	if (run)
		run(fake_now);
}

static acpi_status fake_get_table(char *signature, u32 instance,
				  struct acpi_table_header **table)
{
	*table = &fake_now->table.header;

	return AE_OK;
}

static void fake_put_table(struct acpi_table_header *table)
{
}

/* Calls the handlers for the types that are named, and counts no others */
static int __maybe_unused
fake_parse_entries(char *id, unsigned long size,
		   struct acpi_subtable_proc *proc, int n, unsigned int max)
{
	void *at = &fake_now->table + 1;
	void *end = fake_now->table_bytes + fake_now->table.header.length;
	struct acpi_subtable_header *entry;
	int i, count = 0;

	for (; at < end; at += entry->length) {
		entry = at;
		for (i = 0; i < n; i++) {
			if (proc[i].id != entry->type)
				continue;
			if (proc[i].handler(at, (unsigned long)end))
				return -EINVAL;
			count++;
		}
	}

	return count;
}

static void __iomem *fake_map(u64 address, u64 size)
{
	u64 offset = address - FAKE_SHMEM;

	if (address < FAKE_SHMEM) {
		offset = address - FAKE_REGS;
		return offset < sizeof(fake_now->regs) ?
			(void __iomem *)fake_now->regs + offset : NULL;
	}
	offset >>= PAGE_SHIFT;
	if (offset >= FAKE_SUBSPACES)
		return NULL;

	fake_call(&fake_now->on_map);
	fake_now->mapped[offset]++;

	return (void __iomem *)fake_now->shmem[offset];
}

static void fake_unmap(const void __iomem *addr)
{
	int i;

	for (i = 0; i < FAKE_SUBSPACES; i++)
		if ((__force const void *)addr == fake_now->shmem[i])
			fake_now->mapped[i]--;
}

static u32 fake_ioread32(const void __iomem *addr)
{
	if ((unsigned long)addr < PAGE_SIZE) {
		fake_now->bad_reads++;
		return 0;
	}

	return READ_ONCE(*(__force const u32 *)addr);
}

static u32 fake_readl(void __iomem *addr)
{
	u32 val = READ_ONCE(*(__force const u32 *)addr);

	if ((__force const u32 *)addr == &fake_now->regs[FAKE_OTHER])
		fake_call(&fake_now->on_read);

	return val;
}

static void fake_writel(u32 val, void __iomem *addr)
{
	WRITE_ONCE(*(__force u32 *)addr, val);
	if ((__force u32 *)addr == &fake_now->regs[FAKE_DOORBELL(0)] &&
	    fake_now->on_doorbell)
		fake_now->on_doorbell(fake_now);
}

static int fake_register_gsi(struct device *dev, u32 gsi, int trigger,
			     int polarity)
{
	return gsi;
}

static int fake_request_irq(struct device *dev, int irq, irq_handler_t handler,
			    unsigned long flags, const char *name, void *cookie)
{
	fake_call(&fake_now->on_request_irq);
	if (fake_now->irq_rc)
		return fake_now->irq_rc;

	fake_now->handler[irq - FAKE_GSI] = handler;
	fake_now->cookie[irq - FAKE_GSI] = cookie;

	return 0;
}

static void fake_free_irq(struct device *dev, int irq, void *cookie)
{
	fake_call(&fake_now->on_free_irq);
	fake_now->handler[irq - FAKE_GSI] = NULL;
}

/* No handler runs beside a test: there is nothing to disable */
static void __maybe_unused fake_irq_is_requested(int irq)
{
	KUNIT_EXPECT_NOT_NULL(fake_now->test,
			      fake_now->handler[irq - FAKE_GSI]);
}

/* The driver, with our platform below it */
#undef EXPORT_SYMBOL_GPL
#undef postcore_initcall
#undef __init
#undef pr_warn
#undef readl
#undef writel
#undef ioread32
#undef iounmap
#define EXPORT_SYMBOL_GPL(symbol)
#define postcore_initcall(function)
#define __init __maybe_unused
#define pr_warn(...) (fake_now->warned++, pr_notice(__VA_ARGS__))
#define readl fake_readl
#define writel fake_writel
#define ioread32 fake_ioread32
#define iounmap fake_unmap
#define acpi_os_ioremap fake_map
#define acpi_get_table fake_get_table
#define acpi_put_table fake_put_table
#define acpi_table_parse_entries_array fake_parse_entries
#define acpi_register_gsi fake_register_gsi
#define devm_request_irq fake_request_irq
#define devm_free_irq fake_free_irq
#define disable_irq fake_irq_is_requested
#define enable_irq fake_irq_is_requested

#include "pcc.c"

static struct acpi_generic_address fake_gas(unsigned int reg)
{
	return (struct acpi_generic_address) {
		.space_id = ACPI_ADR_SPACE_SYSTEM_MEMORY,
		.bit_width = 32,
		.access_width = 3,
		.address = FAKE_REGS + 4 * reg,
	};
}

static void *fake_add(struct fake *fake, const void *entry, size_t size)
{
	void *at = fake->table_bytes + fake->table.header.length;

	memcpy(at, entry, size);
	fake->table.header.length += size;

	return at;
}

/* Adds subspace n: type 3 or 4, edge triggered */
static struct acpi_pcct_ext_pcc_master *
fake_add_subspace(struct fake *fake, u8 type, unsigned int n)
{
	struct acpi_pcct_ext_pcc_master entry = {
		.header = { type, sizeof(entry) },
		.platform_interrupt = FAKE_GSI + n,
		.flags = ACPI_PCCT_INTERRUPT_MODE,
		.base_address = FAKE_SHMEM + n * PAGE_SIZE,
		.length = FAKE_SHMEM_SIZE,
		.doorbell_register = fake_gas(FAKE_DOORBELL(n)),
		.write_mask = 1,
		.platform_ack_register = fake_gas(FAKE_ACK(n)),
		.ack_set_mask = 1,
		.cmd_complete_register = fake_gas(FAKE_COMPLETE(n)),
		.cmd_complete_mask = 1,
		.cmd_update_register = fake_gas(FAKE_COMPLETE(n)),
		.cmd_update_set_mask =
			type == ACPI_PCCT_TYPE_EXT_PCC_SLAVE_SUBSPACE,
		.error_status_register = fake_gas(FAKE_ERROR(n)),
		.error_status_mask = 1,
	};

	fake->shmem[n][0] = PCC_SIGNATURE | n;
	fake->regs[FAKE_COMPLETE(n)] = 1;

	return fake_add(fake, &entry, sizeof(entry));
}

/* The usual pair: subspace 0 is an initiator, subspace 1 a responder */
static void fake_add_pair(struct fake *fake)
{
	fake_add_subspace(fake, ACPI_PCCT_TYPE_EXT_PCC_MASTER_SUBSPACE, 0);
	fake_add_subspace(fake, ACPI_PCCT_TYPE_EXT_PCC_SLAVE_SUBSPACE, 1);
}

/* The driver finds the table */
static int fake_probe(struct fake *fake)
{
	int rc = acpi_pcc_probe();

	return rc ?: pcc_mbox_probe(fake->pdev);
}

static void fake_received(struct mbox_client *cl, void *mssg)
{
	struct fake_client *client = container_of(cl, struct fake_client, cl);

	client->received++;
	if (!client->pcc || !client->pcc->shmem)
		client->lost++;
}

static void fake_sent(struct mbox_client *cl, void *mssg, int status)
{
	struct fake_client *client = container_of(cl, struct fake_client, cl);

	client->done++;
	client->status = status;
	complete(&client->sent);
}

/* Requests a subspace. The client has the channel before it returns. */
static int fake_request(struct fake *fake, unsigned int n)
{
	struct fake_client *client = &fake->client[n];
	struct pcc_mbox_chan *pcc;

	client->pcc = &chan_info[n].chan;
	pcc = fake_pcc_request(&client->cl, n);

	return PTR_ERR_OR_ZERO(pcc);
}

static void fake_setup(struct fake *fake)
{
	fake_add_pair(fake);
	KUNIT_ASSERT_EQ(fake->test, fake_probe(fake), 0);
	KUNIT_ASSERT_EQ(fake->test, fake_request(fake, 0), 0);
	KUNIT_ASSERT_EQ(fake->test, fake_request(fake, 1), 0);
}

static int fake_send(struct fake *fake, unsigned int n)
{
	return mbox_send_message(fake->client[n].pcc->mchan, fake);
}

static irqreturn_t fake_raise(struct fake *fake, unsigned int n)
{
	unsigned long flags;
	irqreturn_t rc = IRQ_NONE;

	local_irq_save(flags);
	if (fake->handler[n])
		rc = fake->handler[n](FAKE_GSI + n, fake->cookie[n]);
	local_irq_restore(flags);

	return rc;
}
