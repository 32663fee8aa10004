// SPDX-License-Identifier: GPL-2.0
/*
 * Copyright (C) 2026 The mctp-pcc authors
 *
 * For CBMC: each prove_FUNCTION() calls that function of the driver with all
 * that a platform, a firmware or a sender can give it. What one assumes of the
 * state another has proven: sizes and MTU those of mctp_pcc_read_entry() and
 * mctp_pcc_probe().
 */
#define CBMC /* the locks are another part's */
#include "standins.h"
#include "kernel.h"
#define mbox_send_message(chan, mssg) 0
#include "driver.c"

#define ENTRIES 4
#define assert(x) __CPROVER_assert(x, #x)
#define assume(x) __CPROVER_assume(x)
/* A buffer that mctp_pcc_read_entry() lets through, in bytes */
#define SHORTEST (MCTP_PCC_HDR_LEN + MCTP_PCC_MIN_MTU)
#define LONGEST (MCTP_PCC_HDR_LEN + SZ_64K)

unsigned long jiffies;
static struct net_device ndev;
static struct mctp_pcc mp;
static unsigned int sent; /* bytes of the packet in the buffer */
static unsigned int delivered; /* the same of a packet that was received */
static u32 command; /* last word read where the command is */
static unsigned int entries; /* of the table, and where each is */
static unsigned int place[ENTRIES];
/* Descriptors that ACPI could convert: of memory, and of PCC type */
static unsigned int descriptors[2];
static u64 minimum[2][ENTRIES];

static unsigned int any_between(unsigned int least, unsigned int most)
{
	unsigned int any = nondet_uint();

	assume(any >= least && any <= most);
	return any;
}

/* The platform may have written anything, and something else each time */
u32 readl(const void *addr)
{
	u32 val = nondet_uint();

	assert(__CPROVER_r_ok(addr, 4));
	if (addr == mp.rx_shmem + 12)
		command = val;
	return val;
}

void writel(u32 val, void *addr)
{
	assert(__CPROVER_w_ok(addr, 4));
}

void memcpy_toio(void *to, const void *from, size_t n)
{
	assert(__CPROVER_w_ok(to, n) && __CPROVER_r_ok(from, n));
	sent = n;
}

void memcpy_fromio(void *to, const void *from, size_t n)
{
	assert(__CPROVER_r_ok(from, n) && __CPROVER_w_ok(to, n));
}

struct sk_buff *__netdev_alloc_skb(struct net_device *net, unsigned int len,
				   int gfp)
{
	struct sk_buff *skb = malloc(sizeof(*skb));

	if (!skb || nondet_bool())
		return NULL;
	skb->data = malloc(len);
	skb->room = len;
	skb->len = 0;
	return skb->data ? skb : NULL;
}

void *skb_put(struct sk_buff *skb, unsigned int len)
{
	assert(skb->len <= skb->room && len <= skb->room - skb->len);
	skb->len += len;
	return skb->data;
}

int netif_rx(struct sk_buff *skb)
{
	delivered = skb->len;
	return 0;
}

void dev_kfree_skb_any_reason(struct sk_buff *skb, enum skb_drop_reason reason)
{
}

void hrtimer_start(struct hrtimer *timer, ktime_t time, int mode)
{
	assert(time > 0 && time <= USEC_PER_SEC * 1000L);
}

acpi_status acpi_read(u64 *value, struct acpi_generic_address *reg)
{
	*value = nondet_ulong();
	return nondet_bool() ? AE_OK : AE_BAD_ADDRESS;
}

acpi_status acpi_resource_to_address64(struct acpi_resource *res,
				       struct acpi_resource_address64 *out)
{
	bool pcc;

	*out = nondet_address();
	if (nondet_bool())
		return AE_BAD_PARAMETER;
	pcc = out->resource_type == ACPI_ADR_SPACE_PLATFORM_COMM;
	if (pcc || out->resource_type == ACPI_MEMORY_RANGE)
		minimum[pcc][descriptors[pcc]++] = out->address.minimum;
	return AE_OK;
}

/* Any bytes as the table, so long as the walk meets at most ENTRIES entries.
 * The block is no longer than the table says: a read beyond it is an error.
 */
static struct acpi_table_header *any_table(void)
{
	unsigned int len, pos = sizeof(struct acpi_table_pcct);
	struct acpi_table_header *pcct;
	u8 *bytes;

	len = any_between(sizeof(*pcct), pos + ENTRIES * 255);
	bytes = malloc(len);
	assume(bytes);
	pcct = (void *)bytes;
	assume(pcct->length == len);
	while (entries < ENTRIES && pos + 2 <= len && bytes[pos + 1] >= 2 &&
	       pos + bytes[pos + 1] <= len) {
		place[entries++] = pos;
		pos += bytes[pos + 1];
	}
	assume(pos + 2 > len || bytes[pos + 1] < 2 ||
	       pos + bytes[pos + 1] > len);
	return pcct;
}

void prove_mctp_pcc_find_entry(void)
{
	const struct acpi_table_header *pcct = any_table();
	const struct acpi_subtable_header *entry;
	u64 index = nondet_ulong();

	entry = mctp_pcc_find_entry(pcct, index);
	assert(index < entries ? entry == (const void *)pcct + place[index] :
				 !entry);
}

void prove_mctp_pcc_read_entry(void)
{
	const struct acpi_table_header *pcct = any_table();
	u64 index = nondet_ulong();
	struct mctp_pcc_chan chan;
	u8 type = nondet_uchar();

	if (mctp_pcc_read_entry(NULL, pcct, index, type, &chan))
		return;
	assert(chan.index == index && index < entries);
	assert(((const u8 *)pcct)[place[index]] == type);
	assert(chan.size >= SHORTEST && chan.size <= LONGEST);
	assert(chan.turnaround <= USEC_PER_SEC);
}

/* Those of PCC type count, or those of memory if there is none */
void prove_mctp_pcc_crs_entry(void)
{
	unsigned int i, n = any_between(0, ENTRIES);
	struct mctp_pcc_crs crs = {};
	struct acpi_resource res;
	bool pcc;

	for (i = 0; i < n; i++)
		assert(mctp_pcc_crs_entry(&res, &crs) == AE_OK);
	pcc = descriptors[1];
	assert(crs.is_pcc == pcc && crs.count == descriptors[pcc]);
	for (i = 0; i < 2; i++)
		assert(i >= crs.count || crs.index[i] == minimum[pcc][i]);
}

static void any_link(void)
{
	static struct pcc_mbox_chan outbox;

	mp.ndev = &ndev;
	ndev.priv = &mp;
	mp.outbox.size = any_between(SHORTEST, LONGEST);
	mp.inbox.size = any_between(SHORTEST, LONGEST);
	mp.rx_shmem = malloc(mp.inbox.size);
	mp.outbox.pcc = &outbox;
	outbox.shmem = malloc(mp.outbox.size);
	assume(mp.rx_shmem && outbox.shmem);
	ndev.max_mtu = min(mp.outbox.size, mp.inbox.size) - MCTP_PCC_HDR_LEN;
	ndev.mtu = any_between(MCTP_PCC_MIN_MTU, ndev.max_mtu);
	__skb_queue_head_init(&mp.txq);
}

void prove_mctp_pcc_receive(void)
{
	any_link();
	mctp_pcc_receive(&mp);
	assert(!ndev.stats.rx_packets || delivered >= sizeof(struct mctp_hdr));
	assert(delivered <= mp.inbox.size - MCTP_PCC_HDR_LEN);
	assert(!ndev.stats.rx_packets || command == MCTP_PCC_COMMAND);
	assert(ndev.stats.rx_packets + ndev.stats.rx_dropped +
		       ndev.stats.rx_length_errors ==
	       1);
}

void prove_mctp_pcc_peek(void)
{
	any_link();
	mctp_pcc_peek(&mp);
}

static struct sk_buff *any_packet(void)
{
	struct sk_buff *skb = malloc(sizeof(*skb));

	assume(skb);
	skb->len = any_between(0, SZ_64K);
	skb->data = malloc(skb->len);
	assume(skb->data);
	return skb;
}

void prove_mctp_pcc_submit(void)
{
	struct sk_buff *skb = any_packet();

	any_link();
	assume(skb->len <= ndev.mtu);
	if (nondet_bool())
		__skb_queue_tail(&mp.txq, skb);
	mctp_pcc_submit(&mp);
	assert(sent == (skb_queue_len(&mp.txq) ? skb->len : 0));
}

/* The packets behind the head stand for any number of them, with their bytes.
 * The queue is stopped only while more than half of the budget is used: what
 * is in it will be completed or purged, so the wake-up comes.
 */
static void any_queue(struct sk_buff *head)
{
	unsigned int behind = nondet_uint();

	any_link();
	mp.tx_blocked = nondet_uint() & 7;
	mp.tx_accept = nondet_bool();
	ndev.stopped = nondet_bool();
	if (head)
		__skb_queue_tail(&mp.txq, head);
	assume(behind < MCTP_PCC_TX_BUDGET + SZ_64K);
	mp.tx_bytes = behind + (head ? max(head->len, MCTP_PCC_MIN_MTU) : 0);
	assume(mp.tx_bytes < MCTP_PCC_TX_BUDGET + SZ_64K);
	assume(!ndev.stopped || mp.tx_bytes > MCTP_PCC_TX_BUDGET / 2);
	assume(ndev.stopped || mp.tx_bytes < MCTP_PCC_TX_BUDGET);
}

static void assert_queue(void)
{
	assert(mp.tx_bytes < MCTP_PCC_TX_BUDGET + SZ_64K);
	assert(!ndev.stopped || mp.tx_bytes > MCTP_PCC_TX_BUDGET / 2);
	assert(ndev.stopped || mp.tx_bytes < MCTP_PCC_TX_BUDGET);
}

/* The core calls it only while the queue is not stopped */
void prove_mctp_pcc_start_xmit(void)
{
	struct sk_buff *skb = any_packet();
	unsigned int before, blocked;
	bool queued;

	any_queue(NULL);
	assume(!ndev.stopped);
	before = mp.tx_bytes;
	blocked = mp.tx_blocked;
	mctp_pcc_start_xmit(skb, &ndev);
	assert_queue();
	queued = skb_queue_len(&mp.txq);
	assert(mp.tx_bytes - before ==
	       (queued ? max(skb->len, MCTP_PCC_MIN_MTU) : 0));
	assert(queued == (mp.tx_accept && skb->len >= sizeof(struct mctp_hdr) &&
			  skb->len <= ndev.mtu));
	assert(sent == (queued && !blocked ? skb->len : 0));
}

void prove_mctp_pcc_tx_done(void)
{
	struct sk_buff *skb = any_packet();
	unsigned int before;

	assume(skb->len >= sizeof(struct mctp_hdr));
	any_queue(skb);
	before = mp.tx_bytes;
	mp.outbox.turnaround = any_between(0, USEC_PER_SEC);
	mctp_pcc_tx_done(&mp.outbox.client, skb,
			 nondet_bool() ? 0 : -ETIMEDOUT);
	assert_queue();
	assert(before - mp.tx_bytes == max(skb->len, MCTP_PCC_MIN_MTU));
}

void prove_mctp_pcc_tx_purge(void)
{
	any_queue(any_packet());
	mctp_pcc_tx_purge(&mp);
	assert_queue();
	assert(!mp.tx_bytes == !skb_queue_len(&mp.txq));
}

acpi_status acpi_walk_resources(acpi_handle dev, char *name,
				acpi_walk_resource_callback callback,
				void *context)
{
	unsigned int i, n = any_between(0, ENTRIES);
	struct acpi_resource res;

	for (i = 0; i < n; i++)
		callback(&res, context);
	return nondet_bool() ? AE_OK : AE_NOT_FOUND;
}

/* Two entries of the usual length: prove_mctp_pcc_read_entry() has any table */
acpi_status acpi_get_table(char *signature, u32 instance,
			   struct acpi_table_header **out)
{
	static struct {
		struct acpi_table_pcct table;
		struct acpi_pcct_ext_pcc_master entry[2];
	} __packed any;
	unsigned int i;

	__CPROVER_havoc_object(&any);
	any.table.header.length = sizeof(any);
	for (i = 0; i < 2; i++)
		any.entry[i].header.length = sizeof(any.entry[i]);
	*out = &any.table.header;
	return nondet_bool() ? AE_OK : AE_NOT_FOUND;
}

struct net_device *alloc_netdev(size_t size, const char *name, int type,
				void (*setup)(struct net_device *net))
{
	ndev.priv = &mp;
	setup(&ndev);
	return nondet_bool() ? &ndev : NULL;
}

struct net_device *dev_get_by_name(void *net, const char *name)
{
	return nondet_bool() ? &ndev : NULL;
}

int mctp_register_netdev(struct net_device *net, void *ops, int binding)
{
	bool pcc = descriptors[1];

	assert(descriptors[pcc] == 2);
	assert(mp.outbox.index == minimum[pcc][0]);
	assert(mp.inbox.index == minimum[pcc][1]);
	assert(net->max_mtu >= MCTP_PCC_MIN_MTU);
	assert(net->max_mtu <= mp.outbox.size - MCTP_PCC_HDR_LEN);
	assert(net->max_mtu <= mp.inbox.size - MCTP_PCC_HDR_LEN);
	return nondet_bool() ? 0 : -ENOMEM;
}

void prove_mctp_pcc_probe(void)
{
	struct platform_device pdev;

	mctp_pcc_probe(&pdev);
}
