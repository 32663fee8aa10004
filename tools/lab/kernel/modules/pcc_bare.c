// SPDX-License-Identifier: GPL-2.0
/*
 * pcc_bare.c - the bare mailbox, as a limit to compare the driver with
 *
 * Copyright (C) 2026 The mctp-pcc authors
 *
 * Has a link's two PCC channels by the plain mailbox API: no network device, no
 * queue, no lock. Sends one message over and over, and takes what comes in.
 * While it is loaded another client's request fails with -EBUSY.
 *
 * Parameters, in /sys/module/pcc_bare/parameters:
 *
 * outbox, inbox: subspaces to hold, given at load; -1: none
 * pump: write "COUNT LENGTH" to send so many MCTP packets of so many bytes,
 *	each as soon as the last is completed; returns when all are
 * step: the same, but each on a channel that stood idle
 * expect: write "COUNT": how many packets will come in, counted from now on
 * received: packets taken out of the inbox
 * ns: of the last pump, first doorbell to last completion; or from the first
 *	to the last of the packets that were expected
 */

#include <linux/acpi.h>
#include <linux/delay.h>
#include <linux/io.h>
#include <linux/ktime.h>
#include <linux/mctp.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <net/mctp.h>

#include <acpi/pcc.h>

#include "pcc_bare.h"

#define PCC_BARE_COMMAND		0x5054434d	/* 'M', 'C', 'T', 'P' */
#define PCC_BARE_HDR_LEN	sizeof(struct acpi_pcct_ext_pcc_shared_memory)
#define PCC_BARE_MOST		SZ_16K
/* Without a completion for so long nothing more is waited for */
#define PCC_BARE_TIMEOUT		(10 * HZ)

static int outbox = -1;
module_param(outbox, int, 0444);
MODULE_PARM_DESC(outbox, "type 3 subspace to hold, -1: none");
static int inbox = -1;
module_param(inbox, int, 0444);
MODULE_PARM_DESC(inbox, "type 4 subspace to hold, -1: none");
static u64 ns;
module_param(ns, ullong, 0444);
MODULE_PARM_DESC(ns, "how long the last pump, or what was expected, took");
static unsigned int received;
module_param(received, uint, 0444);
MODULE_PARM_DESC(received, "packets taken out of the inbox");

/* The channels, or NULL, and the one message */
struct pcc_bare {
	struct pcc_mbox_chan *out;
	struct pcc_mbox_chan *in;
	u8 *message;		/* with its PCC header */
	size_t len;		/* of the message, bytes */
	unsigned int left;	/* messages to be sent */
	unsigned int done;	/* completions, written by the interrupt */
	bool chain;		/* a completion sends the next message */
	unsigned int expected;	/* packets that will come in */
	ktime_t began;		/* when the first of them came */
	ktime_t ended;		/* when the last message was completed */
	u8 *packet;		/* copy of what came in */
};

static struct pcc_bare bare;

static void pcc_bare_send(void)
{
	bare.left--;
	memcpy_toio(bare.out->shmem, bare.message, bare.len);
	mbox_send_message(bare.out->mchan, bare.message);
}

typeof(pcc_bare_submit) pcc_bare_submit = pcc_bare_send;
EXPORT_SYMBOL_GPL(pcc_bare_submit);

static void pcc_bare_tx_done(struct mbox_client *client, void *mssg, int rc)
{
	WRITE_ONCE(bare.done, bare.done + 1);
	if (!bare.chain)
		return;

	if (bare.left)
		pcc_bare_send();
	else
		bare.ended = ktime_get();
}

static void pcc_bare_rx_callback(struct mbox_client *client, void *mssg)
{
	struct acpi_pcct_ext_pcc_shared_memory __iomem *hdr;
	u32 len;

	/* the request may not have returned yet */
	if (!bare.in)
		return;

	hdr = bare.in->shmem;
	len = readl(&hdr->length);
	if (readl(&hdr->command) != PCC_BARE_COMMAND ||
	    len < sizeof(u32) || len > PCC_BARE_MOST)
		return;

	memcpy_fromio(bare.packet, hdr + 1, len - sizeof(u32));
	received++;
	if (received == 1)
		bare.began = ktime_get();
	if (received == bare.expected)
		ns = ktime_to_ns(ktime_sub(ktime_get(), bare.began));
}

static struct mbox_client pcc_bare_out = {
	.tx_done = pcc_bare_tx_done,
};

static struct mbox_client pcc_bare_in = {
	.rx_callback = pcc_bare_rx_callback,
};

/* A whole message of the load service's type. Nobody answers: the tag is not
 * ours.
 */
static void pcc_bare_make(size_t len)
{
	struct acpi_pcct_ext_pcc_shared_memory *hdr = (void *)bare.message;
	struct mctp_hdr *mctp = (void *)(hdr + 1);
	size_t i;

	hdr->signature = PCC_SIGNATURE | outbox;
	hdr->flags = PCC_CMD_COMPLETION_NOTIFY;
	hdr->length = len + sizeof(hdr->command);
	hdr->command = PCC_BARE_COMMAND;
	mctp->ver = 1;
	mctp->dest = 0;
	mctp->src = 8;
	mctp->flags_seq_tag = MCTP_HDR_FLAG_SOM | MCTP_HDR_FLAG_EOM;
	for (i = sizeof(*mctp); i < len; i++)
		bare.message[sizeof(*hdr) + i] = 0x7f;
	bare.len = sizeof(*hdr) + len;
}

/* Polls: nothing is woken by a completion, which is what is being measured */
static bool pcc_bare_wait(unsigned int done, bool sleep)
{
	unsigned long end = jiffies + PCC_BARE_TIMEOUT;
	unsigned int seen = READ_ONCE(bare.done), now;

	while ((now = READ_ONCE(bare.done)) != done) {
		if (now != seen)
			end = jiffies + PCC_BARE_TIMEOUT;
		else if (time_after(jiffies, end))
			return false;
		seen = now;
		if (sleep)
			msleep(20);
		else
			cond_resched();
	}

	return true;
}

static int pcc_bare_args(const char *val, unsigned int *count)
{
	unsigned int len;

	if (!bare.out)
		return -ENODEV;
	if (sscanf(val, "%u %u", count, &len) != 2 || !*count ||
	    len <= sizeof(struct mctp_hdr) ||
	    len > min_t(u64, bare.out->shmem_size, PCC_BARE_MOST) -
		  PCC_BARE_HDR_LEN)
		return -EINVAL;

	pcc_bare_make(len);
	bare.done = 0;
	bare.left = *count;

	return 0;
}

static int pcc_bare_pump(const char *val, const struct kernel_param *kp)
{
	unsigned int count;
	ktime_t start;
	int rc;

	rc = pcc_bare_args(val, &count);
	if (rc)
		return rc;

	bare.chain = true;
	start = ktime_get();
	pcc_bare_submit();
	if (!pcc_bare_wait(count, true)) {
		bare.left = 0;
		return -ETIMEDOUT;
	}
	ns = ktime_to_ns(ktime_sub(bare.ended, start));

	return 0;
}

static int pcc_bare_step(const char *val, const struct kernel_param *kp)
{
	unsigned int count, i;
	int rc;

	rc = pcc_bare_args(val, &count);
	if (rc)
		return rc;

	bare.chain = false;
	for (i = 1; i <= count; i++) {
		pcc_bare_submit();
		if (!pcc_bare_wait(i, false))
			return -ETIMEDOUT;
	}

	return 0;
}

static int pcc_bare_expect(const char *val, const struct kernel_param *kp)
{
	int rc = kstrtouint(val, 0, &bare.expected);

	if (!rc)
		received = 0;

	return rc;
}

static const struct kernel_param_ops pcc_bare_ops[] = {
	{ .set = pcc_bare_pump },
	{ .set = pcc_bare_step },
	{ .set = pcc_bare_expect },
};
module_param_cb(pump, &pcc_bare_ops[0], NULL, 0200);
MODULE_PARM_DESC(pump, "COUNT LENGTH: send, each when the last is completed");
module_param_cb(step, &pcc_bare_ops[1], NULL, 0200);
MODULE_PARM_DESC(step, "COUNT LENGTH: send, each on an idle channel");
module_param_cb(expect, &pcc_bare_ops[2], NULL, 0200);
MODULE_PARM_DESC(expect, "COUNT: packets that will come in");

/* See mctp_pcc_put() of the driver */
static void pcc_bare_free(struct pcc_mbox_chan *pcc)
{
	void __iomem *shmem;

	if (!pcc)
		return;

	shmem = pcc->shmem;
	mbox_free_channel(pcc->mchan);
	if (pcc->shmem == shmem)	/* else the core has done it */
		iounmap(shmem);
}

static int pcc_bare_hold(void)
{
	struct pcc_mbox_chan *pcc;

	if (outbox >= 0) {
		pcc = pcc_mbox_request_channel(&pcc_bare_out, outbox);
		if (IS_ERR(pcc))
			return PTR_ERR(pcc);
		bare.out = pcc;
	}

	if (inbox >= 0) {
		pcc = pcc_mbox_request_channel(&pcc_bare_in, inbox);
		if (IS_ERR(pcc))
			return PTR_ERR(pcc);
		bare.in = pcc;
	}

	return 0;
}

static void pcc_bare_exit(void)
{
	pcc_bare_free(bare.in);
	pcc_bare_free(bare.out);
	kfree(bare.packet);
	kfree(bare.message);
}
module_exit(pcc_bare_exit);

static int __init pcc_bare_init(void)
{
	int rc = -ENOMEM;

	bare.message = kzalloc(PCC_BARE_MOST, GFP_KERNEL);
	bare.packet = kzalloc(PCC_BARE_MOST, GFP_KERNEL);
	if (bare.message && bare.packet)
		rc = pcc_bare_hold();
	if (rc)
		pcc_bare_exit();

	return rc;
}
module_init(pcc_bare_init);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("The mctp-pcc authors");
MODULE_DESCRIPTION("The bare mailbox under an MCTP link, for measurements");
