// SPDX-License-Identifier: GPL-2.0
/*
 * pcc_raw.c - the bare mailbox, as a limit to compare the driver with
 *
 * Copyright (C) 2026 The mctp-pcc authors
 *
 * Holds a link's two PCC channels by the plain mailbox API: no network device,
 * no queue, no lock. Sends one ready-made message over and over, the next from
 * the completion of the last, and takes what comes in. While it is loaded the
 * channels are taken: another client's request fails with -EBUSY.
 *
 * Parameters, in /sys/module/pcc_raw/parameters:
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

#include "pcc_raw.h"

#define PCC_RAW_COMMAND		0x5054434d	/* 'M', 'C', 'T', 'P' */
#define PCC_RAW_HDR_LEN		sizeof(struct acpi_pcct_ext_pcc_shared_memory)
#define PCC_RAW_MOST		SZ_16K
/* Without a completion for so long nothing more is waited for */
#define PCC_RAW_TIMEOUT		(10 * HZ)

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

/**
 * struct pcc_raw - the two channels, and the one message
 * @out: the outbox; NULL: not held
 * @in: the inbox; NULL: not held
 * @message: what is sent, PCC header included
 * @len: its bytes
 * @left: messages still to hand over
 * @done: completions. Written by the interrupt
 * @chain: the completion of one message sends the next
 * @expected: packets that will come in
 * @began: when the first one came
 * @ended: when the last message was completed
 * @packet: where what comes in is copied to
 */
struct pcc_raw {
	struct pcc_mbox_chan *out;
	struct pcc_mbox_chan *in;
	u8 *message;
	size_t len;
	unsigned int left;
	unsigned int done;
	bool chain;
	unsigned int expected;
	ktime_t began;
	ktime_t ended;
	u8 *packet;
};

static struct pcc_raw raw;

static void pcc_raw_send(void)
{
	raw.left--;
	memcpy_toio(raw.out->shmem, raw.message, raw.len);
	mbox_send_message(raw.out->mchan, raw.message);
}

typeof(pcc_raw_submit) pcc_raw_submit = pcc_raw_send;
EXPORT_SYMBOL_GPL(pcc_raw_submit);

static void pcc_raw_tx_done(struct mbox_client *client, void *mssg, int rc)
{
	WRITE_ONCE(raw.done, raw.done + 1);
	if (!raw.chain)
		return;

	if (raw.left)
		pcc_raw_send();
	else
		raw.ended = ktime_get();
}

static void pcc_raw_rx_callback(struct mbox_client *client, void *mssg)
{
	struct acpi_pcct_ext_pcc_shared_memory __iomem *hdr;
	u32 len;

	/* the request may not have returned yet */
	if (!raw.in)
		return;

	hdr = raw.in->shmem;
	len = readl(&hdr->length);
	if (readl(&hdr->command) != PCC_RAW_COMMAND ||
	    len < sizeof(u32) || len > PCC_RAW_MOST)
		return;

	memcpy_fromio(raw.packet, hdr + 1, len - sizeof(u32));
	received++;
	if (received == 1)
		raw.began = ktime_get();
	if (received == raw.expected)
		ns = ktime_to_ns(ktime_sub(ktime_get(), raw.began));
}

static struct mbox_client pcc_raw_out = {
	.tx_done = pcc_raw_tx_done,
};

static struct mbox_client pcc_raw_in = {
	.rx_callback = pcc_raw_rx_callback,
};

/* A whole message of the load service's type, which nobody answers: it has a
 * tag of the endpoint's, which owns none.
 */
static void pcc_raw_make(size_t len)
{
	struct acpi_pcct_ext_pcc_shared_memory *hdr = (void *)raw.message;
	struct mctp_hdr *mctp = (void *)(hdr + 1);
	size_t i;

	hdr->signature = PCC_SIGNATURE | outbox;
	hdr->flags = PCC_CMD_COMPLETION_NOTIFY;
	hdr->length = len + sizeof(hdr->command);
	hdr->command = PCC_RAW_COMMAND;
	mctp->ver = 1;
	mctp->dest = 0;
	mctp->src = 8;
	mctp->flags_seq_tag = MCTP_HDR_FLAG_SOM | MCTP_HDR_FLAG_EOM;
	for (i = sizeof(*mctp); i < len; i++)
		raw.message[sizeof(*hdr) + i] = 0x7f;
	raw.len = sizeof(*hdr) + len;
}

/* Polls: nothing is woken by a completion, which is what is being measured */
static bool pcc_raw_wait(unsigned int done, bool sleep)
{
	unsigned long end = jiffies + PCC_RAW_TIMEOUT;
	unsigned int seen = READ_ONCE(raw.done), now;

	while ((now = READ_ONCE(raw.done)) != done) {
		if (now != seen)
			end = jiffies + PCC_RAW_TIMEOUT;
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

static int pcc_raw_args(const char *val, unsigned int *count)
{
	unsigned int len;

	if (!raw.out)
		return -ENODEV;
	if (sscanf(val, "%u %u", count, &len) != 2 || !*count ||
	    len <= sizeof(struct mctp_hdr) ||
	    len > min_t(u64, raw.out->shmem_size, PCC_RAW_MOST) -
		  PCC_RAW_HDR_LEN)
		return -EINVAL;

	pcc_raw_make(len);
	raw.done = 0;
	raw.left = *count;

	return 0;
}

static int pcc_raw_pump(const char *val, const struct kernel_param *kp)
{
	unsigned int count;
	ktime_t start;
	int rc;

	rc = pcc_raw_args(val, &count);
	if (rc)
		return rc;

	raw.chain = true;
	start = ktime_get();
	pcc_raw_submit();
	if (!pcc_raw_wait(count, true)) {
		raw.left = 0;
		return -ETIMEDOUT;
	}
	ns = ktime_to_ns(ktime_sub(raw.ended, start));

	return 0;
}

static int pcc_raw_step(const char *val, const struct kernel_param *kp)
{
	unsigned int count, i;
	int rc;

	rc = pcc_raw_args(val, &count);
	if (rc)
		return rc;

	raw.chain = false;
	for (i = 1; i <= count; i++) {
		pcc_raw_submit();
		if (!pcc_raw_wait(i, false))
			return -ETIMEDOUT;
	}

	return 0;
}

static const struct kernel_param_ops pcc_raw_pump_ops = {
	.set = pcc_raw_pump,
};
module_param_cb(pump, &pcc_raw_pump_ops, NULL, 0200);
MODULE_PARM_DESC(pump, "COUNT LENGTH: send, each when the last is completed");

static const struct kernel_param_ops pcc_raw_step_ops = {
	.set = pcc_raw_step,
};
module_param_cb(step, &pcc_raw_step_ops, NULL, 0200);
MODULE_PARM_DESC(step, "COUNT LENGTH: send, each on an idle channel");

static int pcc_raw_expect(const char *val, const struct kernel_param *kp)
{
	int rc = kstrtouint(val, 0, &raw.expected);

	if (!rc)
		received = 0;

	return rc;
}

static const struct kernel_param_ops pcc_raw_expect_ops = {
	.set = pcc_raw_expect,
};
module_param_cb(expect, &pcc_raw_expect_ops, NULL, 0200);
MODULE_PARM_DESC(expect, "COUNT: packets that will come in");

/* See mctp_pcc_put() of the driver */
static void pcc_raw_free(struct pcc_mbox_chan *pcc)
{
	void __iomem *shmem = pcc->shmem;

	mbox_free_channel(pcc->mchan);
	iounmap(shmem);
}

static int pcc_raw_hold(void)
{
	struct pcc_mbox_chan *pcc;

	if (outbox >= 0) {
		pcc = pcc_mbox_request_channel(&pcc_raw_out, outbox);
		if (IS_ERR(pcc))
			return PTR_ERR(pcc);
		raw.out = pcc;
	}

	if (inbox >= 0) {
		pcc = pcc_mbox_request_channel(&pcc_raw_in, inbox);
		if (IS_ERR(pcc))
			goto err_free_outbox;
		raw.in = pcc;
	}

	return 0;

err_free_outbox:
	if (raw.out)
		pcc_raw_free(raw.out);
	raw.out = NULL;
	return PTR_ERR(pcc);
}

static int __init pcc_raw_init(void)
{
	int rc = -ENOMEM;

	raw.message = kzalloc(PCC_RAW_MOST, GFP_KERNEL);
	raw.packet = kzalloc(PCC_RAW_MOST, GFP_KERNEL);
	if (!raw.message || !raw.packet)
		goto err_free;

	rc = pcc_raw_hold();
	if (rc)
		goto err_free;

	return 0;

err_free:
	kfree(raw.packet);
	kfree(raw.message);
	return rc;
}
module_init(pcc_raw_init);

static void __exit pcc_raw_exit(void)
{
	if (raw.in)
		pcc_raw_free(raw.in);
	if (raw.out)
		pcc_raw_free(raw.out);
	kfree(raw.packet);
	kfree(raw.message);
}
module_exit(pcc_raw_exit);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("The mctp-pcc authors");
MODULE_DESCRIPTION("The bare mailbox under an MCTP link, for measurements");
