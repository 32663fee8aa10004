// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 The mctp-pcc authors
/*
 * The kernel's own parsing of a PCCT, in user space: kernel_parts.h has the
 * functions, which kernel.py takes out of a kernel tree when the tests run.
 * This file is the world around them. Memory can be mapped up to 52 bits of
 * address, and every interrupt number can be had.
 *
 * Standard input: tables, each behind its length (u32) and the byte that fills
 * the memory behind it (u8). Standard output: a line for each, "refused" or
 * "accepted TYPE:BASE:SIZE:IRQ...".
 */
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef uint16_t __le16;
typedef uint32_t __le32;

#include <acpi/acpi.h>

#define __iomem
#define __init
#define __force
#define __init_or_fwtbl_lib
#define __init_or_acpilib
#define GFP_KERNEL		0
#define pr_err(...)		do { } while (0)
#define pr_warn(...)		do { } while (0)
#define pr_info(...)		do { } while (0)
#define pr_debug(...)		do { } while (0)
#define le16_to_cpu(x)		(x)
#define le32_to_cpu(x)		(x)
#define acpi_get_table		world_get_table
#define acpi_put_table(table)	((void)(table))
#define ROOM			(1024 * 1024)

struct device { int unused; };
struct platform_device { struct device dev; };
struct mbox_client;
struct mbox_chan { void *con_priv; };
struct mbox_chan_ops { int unused; };
struct mbox_controller {
	struct device *dev;
	const struct mbox_chan_ops *ops;
	struct mbox_chan *chans;
	int num_chans;
	bool txdone_irq, txdone_poll;
};

static const struct mbox_chan_ops pcc_chan_ops;
static struct acpi_table_header *world_pcct;
static char world_mapping[8];

static bool is_power_of_2(unsigned long n)
{
	return n && !(n & (n - 1));
}

static int world_get_table(const char *signature, u32 instance,
			   struct acpi_table_header **out)
{
	*out = world_pcct;
	return AE_OK;
}

static void *acpi_os_ioremap(u64 address, u64 size)
{
	return address >> 52 ? NULL : world_mapping;
}

static int acpi_register_gsi(void *dev, u32 gsi, int trigger, int polarity)
{
	return gsi & 0x7fffffff ?: 1;
}

static void *devm_kcalloc(struct device *dev, size_t number, size_t size,
			  int flags)
{
	return calloc(number, size);
}

static void *devm_kzalloc(struct device *dev, size_t size, int flags)
{
	return calloc(1, size);
}

static int mbox_controller_register(struct mbox_controller *controller)
{
	return 0;
}

#include <linux/fw_table.h>
#include <acpi/pcc.h>

static int acpi_table_parse_entries_array(char *id, unsigned long size,
					  struct acpi_subtable_proc *proc,
					  int number, unsigned int most);

static struct pcc_chan_info *chan_info;
static int pcc_chan_count;

#include "kernel_parts.h"

static int acpi_table_parse_entries_array(char *id, unsigned long size,
					  struct acpi_subtable_proc *proc,
					  int number, unsigned int most)
{
	return acpi_parse_entries_array(id, size, (void *)world_pcct, 0, proc,
					number, most);
}

static void judge(void)
{
	struct platform_device device;
	int i;

	pcc_chan_count = 0;
	if (acpi_pcc_probe() || pcc_mbox_probe(&device)) {
		puts("refused");
		return;
	}
	printf("accepted");
	for (i = 0; i < pcc_chan_count; i++)
		printf(" %u:%llx:%llx:%d", chan_info[i].type,
		       (unsigned long long)chan_info[i].chan.shmem_base_addr,
		       (unsigned long long)chan_info[i].chan.shmem_size,
		       chan_info[i].plat_irq);
	puts("");
}

int main(void)
{
	static u8 memory[ROOM];
	u32 length;
	u8 fill;

	while (fread(&length, sizeof(length), 1, stdin) == 1) {
		if (length > ROOM / 2 || fread(&fill, 1, 1, stdin) != 1)
			return 1;
		memset(memory, fill, ROOM);
		if (fread(memory, 1, length, stdin) != length)
			return 1;
		world_pcct = (void *)memory;
		judge();
	}
	return 0;
}
