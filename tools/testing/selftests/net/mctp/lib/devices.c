// SPDX-License-Identifier: GPL-2.0
/*
 * The driver's module and devices, and what the kernel has of them in memory
 * Copyright (C) 2026 The mctp-pcc authors
 */
#include <net/if.h>
#include <sys/syscall.h>

#include <linux/ethtool.h>

#include "pcc.h"

#define PCC_MODULE	"mctp_pcc"
#define SYS_DEVICES	"/sys/bus/platform/devices"
#define SYS_DRIVER	"/sys/bus/platform/drivers/" PCC_DRIVER

/* The ACPI devices the driver is for, bound or not; returns how many */
int pcc_devices(char names[][64], int max)
{
	return dir_read(names, max, PCC_HID ":", SYS_DEVICES);
}

int pcc_link_of(const char *device, struct pcc_link *link)
{
	char name[1][64];
	int ifindex = 0;

	if (dir_read(name, 1, "", SYS_DEVICES "/%s/net", device))
		ifindex = if_nametoindex(name[0]);
	if (!ifindex)
		return -ENODEV;
	memset(link, 0, sizeof(*link));
	link->ifindex = ifindex;
	snprintf(link->name, sizeof(link->name), "%.15s", name[0]);
	return 0;
}

/* All links there are, in the order of their devices; returns how many */
int pcc_links(struct pcc_link *links, int max)
{
	char devices[DEVICES_MAX][64];
	int i, n = 0, all;

	all = pcc_devices(devices, DEVICES_MAX);
	for (i = 0; i < all && n < max; i++)
		if (!pcc_link_of(devices[i], &links[n]))
			n++;
	return n;
}

bool pcc_bound(const char *device)
{
	char path[256];

	snprintf(path, sizeof(path), SYS_DRIVER "/%s", device);
	return !access(path, F_OK);
}

int pcc_bind(const char *device, bool bind)
{
	return file_write(bind ? SYS_DRIVER "/bind" : SYS_DRIVER "/unbind",
			  device);
}

/* What the firmware calls the device (_STR) */
int pcc_description(const char *device, char *buf, size_t size)
{
	return file_read(buf, size, SYS_DEVICES "/%s/firmware_node/description",
			 device);
}

static int pcc_modprobe(const char *name)
{
	char command[256];

	snprintf(command, sizeof(command), "modprobe '%s'", name);
	return system(command) ? -ENOENT : 0;
}

/* Loads the driver by the modalias of a device, as udev would */
int pcc_autoload(const char *device)
{
	char modalias[128];
	int rc;

	rc = file_read(modalias, sizeof(modalias), SYS_DEVICES "/%s/modalias",
		       device);
	return rc < 0 ? rc : pcc_modprobe(modalias);
}

bool pcc_module_loaded(void)
{
	return !access("/sys/module/" PCC_MODULE "/initstate", F_OK);
}

int pcc_module_load(void)
{
	return pcc_modprobe(PCC_DRIVER);
}

/* A reader of sysfs or /proc may hold the module for a moment */
int pcc_module_unload(void)
{
	int rc = 0;

	wait_until(!(rc = syscall(SYS_delete_module, PCC_MODULE, O_NONBLOCK) ?
		     -errno : 0) || rc != -EAGAIN);
	return rc;
}

/* Objects of a slab cache, without free ones of processors; -1: unknown */
long slab_objects(const char *cache)
{
	char line[512], name[64];
	long active, n = -1;
	FILE *f;

	snprintf(line, sizeof(line), "/sys/kernel/slab/%s/shrink", cache);
	if (file_write(line, "1"))
		return -1;
	f = fopen("/proc/slabinfo", "re");
	if (!f)
		return -1;
	while (n < 0 && fgets(line, sizeof(line), f))
		if (sscanf(line, "%63s %ld", name, &active) == 2 &&
		    !strcmp(name, cache))
			n = active;
	fclose(f);
	return n;
}

/* What the PCCT says of the link's inbox (ACPI 6.5, 14.1); 0: nothing */
size_t pcc_inbox_size(const struct pcc *pcc)
{
	unsigned int index = 0, inbox;
	unsigned char table[8192];
	__u32 size;
	int i, len;

	if (sscanf(pcc->link.name, "mctppcc%u", &inbox) != 1)
		return 0;
	len = file_read((char *)table, sizeof(table),
			"/sys/firmware/acpi/tables/PCCT");
	for (i = 48; i + 20 <= len && table[i + 1]; i += table[i + 1]) {
		if (index++ != inbox)
			continue;
		memcpy(&size, table + i + 16, sizeof(size));
		return table[i] == 4 ? size : 0;
	}
	return 0;
}

/* How many mappings of I/O memory there are; -1: cannot be told */
int pcc_mappings(void)
{
	char line[512];
	int n = 0;
	FILE *f;

	f = fopen("/proc/vmallocinfo", "re");
	if (!f)
		return -1;
	while (fgets(line, sizeof(line), f))
		if (strstr(line, " ioremap"))
			n++;
	fclose(f);
	return n;
}

/* At most @n of them: ACPI unmaps later, in a work item */
bool pcc_mapped(int n)
{
	return wait_until(pcc_mappings() <= n);
}

/* The driver is there, with or without a link; or why it is not */
const char *pcc_driver(void)
{
	char device[1][64];

	if (geteuid())
		return "needs root";
	if (!pcc_devices(device, 1))
		return "no " PCC_HID " device";
	if (access(SYS_DRIVER, F_OK) &&
	    (pcc_autoload(device[0]) || access(SYS_DRIVER, F_OK)))
		return "no driver " PCC_DRIVER;
	return NULL;
}

/* Driver and bus address of a link, as `ethtool -i` tells them */
int ethtool_driver(const char *ifname, struct ethtool_drvinfo *info)
{
	struct ifreq ifr = { .ifr_data = (void *)info };
	int fd, rc = 0;

	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", ifname);
	memset(info, 0, sizeof(*info));
	info->cmd = ETHTOOL_GDRVINFO;
	fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
	if (fd < 0)
		return -errno;
	if (ioctl(fd, SIOCETHTOOL, &ifr) < 0)
		rc = -errno;
	close(fd);
	return rc;
}
