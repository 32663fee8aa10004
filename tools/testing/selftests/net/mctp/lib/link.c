// SPDX-License-Identifier: GPL-2.0
/*
 * A link for a test: found, up, with a peer; and what is counted there
 * Copyright (C) 2026 The mctp-pcc authors
 */
#include "pcc.h"

/* Waits for the device's link */
int pcc_link_wait(struct pcc *pcc)
{
	return wait_until(!pcc_link_of(pcc->device, &pcc->link)) ? 0 :
								   -ENODEV;
}

/* No link yet; the sockets of a test are open for as long as it runs */
static const char *link_init(struct pcc *pcc)
{
	const char *why = pcc_driver();

	memset(pcc, 0, sizeof(*pcc));
	pcc->fd = -1;
	pcc->listener = -1;
	pcc->kmsg = -1;
	if (!why)
		guard();
	return why;
}

static const char *link_take(struct pcc *pcc, const char *device,
			     unsigned int needs)
{
	const char *why;

	if ((needs & PCC_NEED_MODULE) && !pcc_module_loaded())
		return PCC_DRIVER " is not a module";
	/* also for the endpoint that answers, if it is a process of ours */
	why = (needs & PCC_NEED_LAB) ? plat_not_lab() : plat_absent();
	needs &= PCC_NEED_PLATFORM | PCC_NEED_LAB;
	if (why && needs)
		return why;
	pcc->platform = needs;
	snprintf(pcc->device, sizeof(pcc->device), "%.63s", device);
	pcc->kmsg = kmsg_open();
	return NULL;
}

/* Finds the @nth link. Returns why the test must be skipped, or NULL. */
const char *pcc_get(struct pcc *pcc, unsigned int nth, unsigned int needs)
{
	char devices[DEVICES_MAX][64];
	const char *why = link_init(pcc);
	unsigned int number = nth;
	int i, n;

	if (why)
		return why;
	n = pcc_devices(devices, DEVICES_MAX);
	for (i = 0; i < n; i++)
		if (!pcc_link_of(devices[i], &pcc->link) && !nth--)
			break;
	if (i == n)
		return number ? "not so many links" : "no " PCC_DRIVER " link";
	pcc->number = number;
	return link_take(pcc, devices[i], needs);
}

/* By a text of the platform's firmware; without a link pcc_up() fails. */
const char *pcc_get_quirk(struct pcc *pcc, const char *quirk)
{
	char devices[DEVICES_MAX][64], text[128];
	const char *why = link_init(pcc);
	int i;

	if (why)
		return why;
	for (i = pcc_devices(devices, DEVICES_MAX) - 1; i >= 0; i--)
		if (pcc_description(devices[i], text, sizeof(text)) > 0 &&
		    strstr(text, quirk) &&
		    sscanf(text, "MCTP link %u", &pcc->number) == 1)
			break;
	if (i < 0)
		return "no link of that kind";
	if (pcc_link_of(devices[i], &pcc->link))
		printf("# %s (%s) has no link\n", devices[i], text);
	return link_take(pcc, devices[i], PCC_NEED_PLATFORM);
}

/* Up, at @mtu (0: the largest), with a peer; all counters at 0 */
int pcc_up(struct pcc *pcc, unsigned int mtu)
{
	int ifindex = pcc->link.ifindex;
	struct pcc_attrs attrs;
	int rc;

	rc = pcc->platform ? plat_reset(pcc) : 0;
	if (!rc)
		rc = nl_link_get(ifindex, &attrs);
	if (!rc)
		rc = nl_link_mtu(ifindex, mtu ? mtu : attrs.max_mtu);
	if (!rc)
		rc = nl_link_up(ifindex, true);
	/* unless the platform has been silent, this is so at once */
	if (!rc && !wait_until(nl_link_state(ifindex) == IF_OPER_UP))
		rc = -ETIMEDOUT;
	if (!rc)
		rc = mctp_peer_start(pcc);
	if (!rc && pcc->platform)
		rc = plat_quiesce(pcc);
	if (!rc && pcc->fd < 0) {
		pcc->fd = pkt_socket(0);
		rc = pcc->fd < 0 ? pcc->fd : 0;
	}
	if (rc)
		return rc;
	return pcc->platform ? count_anew(pcc) :
			       nl_link_get(ifindex, &pcc->start);
}

int pcc_reopen(const struct pcc *pcc)
{
	int rc = nl_link_up(pcc->link.ifindex, false);

	return rc ? rc : nl_link_up(pcc->link.ifindex, true);
}

int pcc_rebind(struct pcc *pcc)
{
	int rc = pcc_bind(pcc->device, false);

	if (!rc)
		rc = pcc_bind(pcc->device, true);
	return rc ? rc : pcc_link_wait(pcc);
}

/* After a bind: the link works again */
int pcc_back(struct pcc *pcc)
{
	int rc = pcc_link_wait(pcc);

	if (!rc)
		rc = nl_link_up(pcc->link.ifindex, true);
	if (!rc)
		rc = mctp_peer_start(pcc);
	return rc ? rc : mctp_echo(pcc, 1000);
}

/* What the stack had no room for, on all processors; -1: cannot be told */
static long long stack_drops(void)
{
	unsigned long long drops;
	long long sum = 0;
	FILE *f;

	f = fopen("/proc/net/softnet_stat", "re");
	if (!f)
		return -1;
	while (fscanf(f, "%*x %llx %*[^\n]", &drops) == 1)
		sum += drops;
	fclose(f);
	return sum;
}

/* The driver's since pcc_up(); drops of the stack are not in @rx_dropped */
int count_link(const struct pcc *pcc, struct count *c)
{
	const struct rtnl_link_stats64 *from = &pcc->start.stats;
	struct rtnl_link_stats64 now;
	int rc;

	rc = nl_link_stats(pcc->link.ifindex, &now);
	c->tx = now.tx_packets - from->tx_packets;
	c->tx_bytes = now.tx_bytes - from->tx_bytes;
	c->tx_errors = now.tx_errors - from->tx_errors;
	c->tx_dropped = now.tx_dropped - from->tx_dropped;
	c->rx = now.rx_packets - from->rx_packets;
	c->rx_bytes = now.rx_bytes - from->rx_bytes;
	c->rx_errors = now.rx_errors - from->rx_errors;
	c->rx_length = now.rx_length_errors - from->rx_length_errors;
	c->stack = stack_drops() - pcc->stack;
	c->rx_dropped = now.rx_dropped - from->rx_dropped - c->stack;
	return rc;
}

/* The platform's, too */
int count_since(const struct pcc *pcc, struct count *c)
{
	int rc = plat_counters(pcc, &c->plat);

	return rc ? rc : count_link(pcc, c);
}

/* From here on */
int count_anew(struct pcc *pcc)
{
	int rc;

	rc = plat_reset(pcc);
	if (!rc)
		rc = nl_link_get(pcc->link.ifindex, &pcc->start);
	pcc->stack = stack_drops();
	pcc->sent = 0;
	return rc;
}

/* Packets that have left the driver */
unsigned long long count_gone(const struct count *c)
{
	return c->tx + c->tx_errors + c->tx_dropped;
}

/* Waits until so many have; false if they never do */
bool count_wait(const struct pcc *pcc, struct count *c, unsigned long long gone)
{
	return wait_until(!count_link(pcc, c) && count_gone(c) >= gone) &&
	       !plat_counters(pcc, &c->plat);
}

bool count_errors(const struct pcc *pcc, unsigned int n)
{
	struct count c;

	return !count_link(pcc, &c) && c.tx_errors >= n;
}

/* On an idle link: from here on each packet has a completion of its own */
int plat_agree(const struct pcc *pcc)
{
	unsigned long long taken, acked;
	struct count from, to;
	int rc;

	rc = plat_quiesce(pcc);
	if (!rc)
		rc = count_since(pcc, &from);
	if (!rc)
		rc = mctp_echo(pcc, 1000);
	if (!rc)
		rc = plat_quiesce(pcc);
	if (rc)
		return rc;
	to = from;
	wait_until(!count_since(pcc, &to) && to.tx - from.tx >=
		   to.plat.in_packets - from.plat.in_packets);
	taken = to.plat.in_packets - from.plat.in_packets;
	acked = to.plat.out_acked - from.plat.out_acked;
	if (to.tx - from.tx == taken && to.rx - from.rx == acked &&
	    to.tx_errors == from.tx_errors &&
	    to.plat.violations == from.plat.violations)
		return 0;
	printf("# confirmed %llu of %llu, received %llu of %llu\n",
	       to.tx - from.tx, taken, to.rx - from.rx, acked);
	return -EPROTO;
}

/*
 * Doorbells while the platform had the last command are no violations: the
 * driver cannot tell late from never.
 */
int plat_forgive(const struct pcc *pcc)
{
	struct pcc_counters c;
	int rc;

	rc = plat_counters(pcc, &c);
	if (!rc && c.violations != c.dropped_while_busy)
		rc = -EPROTO;
	if (!rc && c.violations)
		rc = plat_cmd(pcc, "expect-violations n=%llu", c.violations);
	return rc;
}
