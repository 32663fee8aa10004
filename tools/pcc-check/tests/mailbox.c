// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 The mctp-pcc authors
/*
 * The kernel's own parsing of a PCCT, in user space: test_kernel.py takes the
 * functions and headers out of a kernel tree. This file is the world around
 * them. Memory can be mapped up to 52 bits of address, and every interrupt
 * number can be had.
 *
 * Standard input: tables, each behind its length (u32) and the byte that fills
 * the memory behind it (u8). Standard output: a line for each, "refused" or
 * "accepted TYPE:BASE:SIZE:IRQ...".
 */
#include "standins.h"
#include "kernel_headers.h"

#define __init
#define __force
#define __init_or_acpilib
#define pr_info			pr_err
#define pr_debug		pr_err
#define le16_to_cpu(x)		(x)
#define le32_to_cpu(x)		(x)
#define is_power_of_2(n)	(__builtin_popcountl(n) == 1)
#define acpi_put_table(table)			((void)(table))
#define acpi_table_parse_entries_array(name, size, ...) \
	acpi_parse_entries_array(name, size, (void *)memory, 0, __VA_ARGS__)
#define mbox_controller_register(controller)	0
#define ROOM			(1024 * 1024)

typedef u16 __le16;
typedef u32 __le32;
static u8 memory[ROOM];
static struct pcc_chan_info *chan_info;
static int pcc_chan_count;
static const struct mbox_chan_ops pcc_chan_ops;

acpi_status acpi_get_table(char *signature, u32 instance,
			   struct acpi_table_header **out)
{
	*out = (void *)memory;
	return AE_OK;
}

void *acpi_os_ioremap(u64 address, u64 size)
{
	return address >> 52 ? NULL : memory;
}

#include "kernel_parts.h"

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
	u32 length;
	u8 fill;

	while (fread(&length, sizeof(length), 1, stdin) == 1) {
		if (length > ROOM / 2 || fread(&fill, 1, 1, stdin) != 1)
			return 1;
		memset(memory, fill, ROOM);
		if (fread(memory, 1, length, stdin) != length)
			return 1;
		judge();
	}
	return 0;
}
