// SPDX-License-Identifier: GPL-2.0
/*
 * What the driver and the platform have counted
 * Copyright (C) 2026 The mctp-pcc authors
 */
#include "pcc.h"

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
