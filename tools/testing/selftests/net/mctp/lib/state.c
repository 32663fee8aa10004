// SPDX-License-Identifier: GPL-2.0
/*
 * What a test may change: module, devices, links, EIDs, routes, the port
 * Copyright (C) 2026 The mctp-pcc authors
 */
#include "pcc.h"

static void save_link(struct link_state *link, const char *device)
{
	snprintf(link->device, sizeof(link->device), "%.63s", device);
	link->bound = pcc_bound(device);
	if (!pcc_link_of(device, &link->link))
		nl_link_get(link->link.ifindex, &link->attrs);
}

static struct link_state *state_link(struct pcc_state *state, int ifindex)
{
	int i;

	for (i = 0; i < state->n; i++)
		if (ifindex && state->links[i].link.ifindex == ifindex)
			return &state->links[i];
	return NULL;
}

/* Addresses and routes of these links, of all that the kernel has */
static void save_addresses(struct pcc_state *state)
{
	int i, n = 0;

	state->n_addrs = nl_addrs(state->addrs, ADDRS_MAX);
	for (i = 0; i < state->n_addrs; i++)
		if (state_link(state, state->addrs[i].ifindex))
			state->addrs[n++] = state->addrs[i];
	state->n_addrs = n;
}

void state_save(struct pcc_state *state)
{
	char devices[DEVICES_MAX][64];
	int i;

	memset(state, 0, sizeof(*state));
	state->module = pcc_module_loaded();
	plat_device(state->port, sizeof(state->port));
	state->n = pcc_devices(devices, DEVICES_MAX);
	for (i = 0; i < state->n; i++)
		save_link(&state->links[i], devices[i]);
	save_addresses(state);
}

/* A link may have another's name: that one cannot be registered */
static int free_names(struct pcc_state *state)
{
	struct link_state *link;
	char other[IFNAMSIZ];
	int rc = 0;

	for (link = state->links; link < state->links + state->n; link++) {
		if (!link->link.ifindex ||
		    pcc_link_of(link->device, &link->now) ||
		    !strcmp(link->now.name, link->link.name))
			continue;
		snprintf(other, sizeof(other), "pcc-%d", link->now.ifindex);
		rc |= nl_link_up(link->now.ifindex, false);
		rc |= nl_link_name(link->now.ifindex, other);
	}
	return rc;
}

/* First unbind what a test has bound: it may have a channel of another */
static int restore_devices(struct pcc_state *state)
{
	struct link_state *link;
	int rc = 0;

	if (state->module && !pcc_module_loaded())
		rc = pcc_module_load();
	for (link = state->links; link < state->links + state->n; link++)
		if (!link->bound && pcc_bound(link->device))
			rc |= pcc_bind(link->device, false);
	rc |= free_names(state);
	for (link = state->links; link < state->links + state->n; link++)
		if (link->bound && !pcc_bound(link->device))
			rc |= pcc_bind(link->device, true);
	return rc;
}

/* A link that has never been up has none yet: "noop" */
static void restore_qdisc(int ifindex, const char *kind)
{
	struct pcc_attrs now;

	if (nl_link_get(ifindex, &now) || !strcmp(now.qdisc, kind))
		return;
	nl_qdisc_set(ifindex, NULL);
	if (!nl_link_get(ifindex, &now) && strcmp(now.qdisc, kind) &&
	    strcmp(kind, "noop"))
		nl_qdisc_set(ifindex, kind);
}

static int restore_link(const struct link_state *link)
{
	unsigned int up = link->attrs.flags & IFF_UP;
	int ifindex = link->now.ifindex, rc;
	struct pcc_attrs now;

	restore_qdisc(ifindex, link->attrs.qdisc);
	if (strcmp(link->now.name, link->link.name))
		nl_link_name(ifindex, link->link.name);
	rc = nl_link_get(ifindex, &now);
	if (!rc && now.net != link->attrs.net)
		rc = nl_link_net(ifindex, link->attrs.net);
	if (!rc && now.mtu != link->attrs.mtu)
		rc = nl_link_mtu(ifindex, link->attrs.mtu);
	if (!rc && (now.flags & IFF_UP) != up)
		rc = nl_link_up(ifindex, up);
	return rc;
}

static int restore_links(struct pcc_state *state)
{
	struct link_state *link;
	int i, n = 0, rc = 0;

	/* those of devices that have none go to the end of the list */
	for (i = 0; i < state->n; i++)
		if (state->links[i].link.ifindex)
			state->links[n++] = state->links[i];
	state->n = n;
	for (link = state->links; link < state->links + n; link++)
		rc |= wait_until(!pcc_link_of(link->device, &link->now)) ?
		      restore_link(link) : -ENODEV;
	return rc;
}

static bool addr_in(const struct nl_addr *addr, const struct nl_addr *list,
		    int n)
{
	int i;

	for (i = 0; i < n; i++)
		if (!memcmp(addr, &list[i], sizeof(*addr)))
			return true;
	return false;
}

static int restore_addresses(struct pcc_state *state)
{
	struct nl_addr now[ADDRS_MAX];
	struct link_state *link;
	int i, n, rc = 0;

	for (i = 0; i < state->n_addrs; i++) {
		link = state_link(state, state->addrs[i].ifindex);
		if (link)
			nl_addr_move(&state->addrs[i], link->now.ifindex);
	}
	for (link = state->links; link < state->links + state->n; link++)
		link->link.ifindex = link->now.ifindex;
	n = nl_addrs(now, ADDRS_MAX);
	for (i = n - 1; i >= 0; i--)
		if (state_link(state, now[i].ifindex) &&
		    !addr_in(&now[i], state->addrs, state->n_addrs))
			rc |= nl_addr_put(&now[i], false);
	for (i = 0; i < state->n_addrs; i++)
		if (!addr_in(&state->addrs[i], now, n))
			rc |= nl_addr_put(&state->addrs[i], true);
	return rc;
}

/* 0: all is as it was; ends the use of @state */
int state_restore(struct pcc_state *state)
{
	int rc;

	rc = plat_restore(state->port);
	if (rc)
		printf("# the platform cannot be reset: %s\n", strerror(-rc));
	rc |= restore_devices(state);
	rc |= restore_links(state);
	rc |= restore_addresses(state);
	if (rc)
		printf("# not everything is as it was before\n");
	return rc;
}
