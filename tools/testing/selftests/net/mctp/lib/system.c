// SPDX-License-Identifier: GPL-2.0
/*
 * What a test takes from the system and gives back: a link, the driver's
 * module, its devices, the kernel's log
 * Copyright (C) 2026 The mctp-pcc authors
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include "pcc.h"

#define PCC_MODULE	"mctp_pcc"
#define SYS_DEVICES	"/sys/bus/platform/devices"
#define SYS_DRIVER	"/sys/bus/platform/drivers/" PCC_DRIVER
#define SYS_NET		"/sys/class/net"

/* What the one who started the test asks for, or @fallback */
unsigned long from_env(const char *name, unsigned long fallback)
{
	const char *text = getenv(name);

	return text && *text ? strtoul(text, NULL, 0) : fallback;
}

long long now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000LL + ts.tv_nsec / 1000000;
}

void sleep_us(unsigned int us)
{
	struct timespec ts = {
		.tv_sec = us / 1000000,
		.tv_nsec = us % 1000000 * 1000,
	};

	nanosleep(&ts, NULL);
}

/* Without the newline at its end; returns the length */
int file_read(char *buf, size_t size, const char *fmt, ...)
{
	char path[512];
	va_list ap;
	int fd, len;

	va_start(ap, fmt);
	vsnprintf(path, sizeof(path), fmt, ap);
	va_end(ap);

	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	len = read(fd, buf, size - 1);
	if (len < 0)
		len = -errno;
	close(fd);
	if (len < 0)
		return len;
	if (len && buf[len - 1] == '\n')
		len--;
	buf[len] = '\0';
	return len;
}

int file_write(const char *path, const char *text)
{
	int fd, rc = 0;

	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (write(fd, text, strlen(text)) < 0)
		rc = -errno;
	close(fd);
	return rc;
}

/* A socket bound to @addr, or a negative errno */
int sock_bind(int family, int type, const void *addr, socklen_t len)
{
	int fd, rc;

	fd = socket(family, type | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	if (bind(fd, addr, len) < 0) {
		rc = -errno;
		close(fd);
		return rc;
	}
	return fd;
}

/* @name may be that in @link */
int pcc_link_find(const char *name, struct pcc_link *link)
{
	struct pcc_link found = { 0 };
	unsigned int inbox;
	char buf[32], end;
	int rc;

	if (sscanf(name, "mctppcc%u%c", &inbox, &end) != 1)
		return -ENODEV;
	rc = file_read(buf, sizeof(buf), SYS_NET "/%s/ifindex", name);
	if (rc < 0)
		return rc;
	snprintf(found.name, sizeof(found.name), "%s", name);
	found.ifindex = atoi(buf);
	found.inbox = inbox;
	*link = found;
	return 0;
}

/* The link of a device, whatever its name */
int pcc_link_of(const char *device, struct pcc_link *link)
{
	struct pcc_link found = { 0 };
	struct dirent *entry;
	char path[128];
	int rc = -ENODEV;
	DIR *dir;

	snprintf(path, sizeof(path), SYS_DEVICES "/%.60s/net", device);
	dir = opendir(path);
	if (!dir)
		return -ENODEV;
	while (rc && (entry = readdir(dir))) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(found.name, IFNAMSIZ, "%.15s", entry->d_name);
		found.ifindex = if_nametoindex(found.name);
		rc = found.ifindex ? 0 : -ENODEV;
	}
	closedir(dir);
	if (!rc)
		*link = found;
	return rc;
}

/* For a link that is about to be made */
int pcc_link_wait(const char *name, struct pcc_link *link)
{
	return wait_until(!pcc_link_find(name, link)) ? 0 : -ETIMEDOUT;
}

static int link_order(const void *a, const void *b)
{
	const struct pcc_link *x = a, *y = b;

	return (x->inbox > y->inbox) - (x->inbox < y->inbox);
}

/* All links there are, by inbox index; returns how many */
int pcc_links(struct pcc_link *links, int max)
{
	struct dirent *entry;
	int n = 0;
	DIR *dir;

	dir = opendir(SYS_NET);
	if (!dir)
		return 0;
	while (n < max && (entry = readdir(dir)))
		if (!pcc_link_find(entry->d_name, &links[n]))
			n++;
	closedir(dir);
	qsort(links, n, sizeof(*links), link_order);
	return n;
}

static int name_order(const void *a, const void *b)
{
	return strcmp(a, b);
}

/* The ACPI devices the driver is for, bound or not; returns how many */
int pcc_devices(char names[][64], int max)
{
	struct dirent *entry;
	int n = 0;
	DIR *dir;

	dir = opendir(SYS_DEVICES);
	if (!dir)
		return 0;
	while (n < max && (entry = readdir(dir)))
		if (!strncmp(entry->d_name, PCC_HID ":", strlen(PCC_HID) + 1))
			snprintf(names[n++], 64, "%.60s", entry->d_name);
	closedir(dir);
	qsort(names, n, sizeof(*names), name_order);
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

/* @name: of a module, or a modalias */
int pcc_modprobe(const char *name)
{
	int status;
	pid_t pid;

	pid = fork();
	if (pid < 0)
		return -errno;
	if (!pid) {
		execlp("modprobe", "modprobe", name, NULL);
		_exit(127);
	}
	if (waitpid(pid, &status, 0) < 0)
		return -errno;
	return WIFEXITED(status) && !WEXITSTATUS(status) ? 0 : -ENOENT;
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

/*
 * Objects of a slab cache in use, without those that the allocator keeps on
 * the processors; -1: cannot be told
 */
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

/*
 * No more of them than @n: ACPI unmaps later, in a work item, and maps a
 * register for as long as it reads it
 */
bool pcc_mapped(int n)
{
	return wait_until(pcc_mappings() <= n);
}

/* What the stack had no room for, on all processors; -1: cannot be told */
long long stack_drops(void)
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

/*
 * From here on: what was logged before is not the test's. What a program
 * logs is not either: such lines have a facility, the kernel's own have none.
 */
int kmsg_open(void)
{
	int fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	lseek(fd, 0, SEEK_END);
	return fd;
}

/* The next line's text; returns its length, 0: no more */
int kmsg_next(int fd, char *line, size_t size)
{
	char record[4096], *text;
	ssize_t len;

	for (;;) {
		len = read(fd, record, sizeof(record) - 1);
		if (len < 0 && errno == EPIPE)	/* lines were overwritten */
			continue;
		if (len <= 0)
			return 0;
		record[len] = '\0';
		if (!(atoi(record) & LOG_FACMASK))
			break;
	}
	text = strchr(record, ';');
	text = text ? text + 1 : record;
	snprintf(line, size, "%.*s", (int)strcspn(text, "\n"), text);
	return strlen(line);
}

/* KCSAN found a race of others: neither of the functions it names is ours */
static bool kmsg_foreign(const char *text)
{
	return strstr(text, "BUG: KCSAN:") && !strstr(text, "mctp_pcc_");
}

/* Counts the lines with one of @words, and gives the first such line */
static int kmsg_count(int fd, const char *const *words, char *line, size_t size)
{
	char text[1024];
	unsigned int i;
	int n = 0;

	line[0] = '\0';
	while (kmsg_next(fd, text, sizeof(text))) {
		for (i = 0; words[i]; i++)
			if (strstr(text, words[i]))
				break;
		if (words[i] && !kmsg_foreign(text) && !n++)
			snprintf(line, size, "%s", text);
	}
	return n;
}

/* Lines of the link or the mailbox */
int kmsg_noise(int fd, char *line, size_t size)
{
	static const char *const words[] = {
		"mctp", "mailbox", "MBOX", "PCC", "pcc", "queue packet", NULL,
	};

	return kmsg_count(fd, words, line, size);
}

/* Something went wrong that the kernel noticed itself */
int kmsg_splats(int fd, char *line, size_t size)
{
	static const char *const words[] = {
		"WARNING:", "BUG:", "Oops:", "refcount_t:", NULL,
	};

	return kmsg_count(fd, words, line, size);
}

/* What the PCCT says of the link's inbox (ACPI 6.5, 14.1); 0: nothing */
size_t pcc_inbox_size(const struct pcc *pcc)
{
	unsigned char table[8192];
	unsigned int index = 0;
	__u32 size;
	int i, len;

	len = file_read((char *)table, sizeof(table),
			"/sys/firmware/acpi/tables/PCCT");
	for (i = 48; i + 20 <= len && table[i + 1]; i += table[i + 1]) {
		if (index++ != pcc->link.inbox)
			continue;
		memcpy(&size, table + i + 16, sizeof(size));
		return table[i] == 4 ? size : 0;
	}
	return 0;
}

/* Loads the driver by the modalias of a device, as udev would */
static int pcc_autoload(const char *device)
{
	char modalias[128];
	int rc;

	rc = file_read(modalias, sizeof(modalias), SYS_DEVICES "/%s/modalias",
		       device);
	return rc < 0 ? rc : pcc_modprobe(modalias);
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
	guard();
	return NULL;
}

/*
 * Finds the link that is the @nth by inbox index. Returns why the test must
 * be skipped, or NULL.
 */
const char *pcc_get(struct pcc *pcc, unsigned int nth, unsigned int needs)
{
	struct pcc_link links[16];
	struct pcc_attrs attrs;
	const char *why;
	unsigned int n;

	memset(pcc, 0, sizeof(*pcc));
	why = pcc_driver();
	if (why)
		return why;
	n = pcc_links(links, 16);
	if (!n)
		return "no " PCC_DRIVER " link";
	if (nth >= n)
		return "not so many links";
	if ((needs & PCC_NEED_MODULE) && !pcc_module_loaded())
		return PCC_DRIVER " is not a module";
	/* also for the endpoint that answers, if it is a process of ours */
	why = (needs & PCC_NEED_LAB) ? plat_not_lab() : plat_absent();
	if (why && (needs & (PCC_NEED_PLATFORM | PCC_NEED_LAB)))
		return why;
	if (nl_link_get(links[nth].ifindex, &attrs))
		return "link cannot be read";

	pcc->platform = needs & (PCC_NEED_PLATFORM | PCC_NEED_LAB);
	pcc->link = links[nth];
	pcc->number = nth;
	pcc->was_up = attrs.flags & IFF_UP;
	pcc->old_mtu = attrs.mtu;
	return NULL;
}

/*
 * Finds the link that the scripted platform's firmware says @quirk of. Returns
 * why the test must be skipped, or NULL; there may be no link then, which is no
 * reason to skip but makes pcc_up() fail.
 */
const char *pcc_get_quirk(struct pcc *pcc, const char *quirk)
{
	char devices[16][64], text[128], driver[64], device[64];
	const char *why = pcc_driver();
	struct pcc_link links[16];
	unsigned int number;
	int i, n;

	memset(pcc, 0, sizeof(*pcc));
	if (why)
		return why;
	for (i = pcc_devices(devices, 16) - 1; i >= 0; i--)
		if (pcc_description(devices[i], text, sizeof(text)) > 0 &&
		    strstr(text, quirk) &&
		    sscanf(text, "MCTP link %u", &number) == 1)
			break;
	if (i < 0)
		return "no link of that kind";
	for (n = pcc_links(links, 16) - 1; n >= 0; n--)
		if (!ethtool_driver(links[n].name, driver, device,
				    sizeof(device)) &&
		    !strcmp(device, devices[i]))
			break;
	if (n < 0) {
		printf("# %s (%s) has no link\n", devices[i], text);
		return NULL;
	}
	why = pcc_get(pcc, n, PCC_NEED_PLATFORM);
	/* the platform counts those too that have no link */
	pcc->number = number;
	return why;
}

/* Up, at @mtu (0: the largest), with a peer; the platform's counters at 0 */
int pcc_up(struct pcc *pcc, unsigned int mtu)
{
	int ifindex = pcc->link.ifindex;
	struct pcc_attrs attrs;
	int rc;

	/* whatever an earlier test left behind */
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
	if (!rc && pcc->platform)
		rc = plat_reset(pcc);
	if (!rc)
		rc = nl_link_get(ifindex, &pcc->start);
	return rc;
}

/* Leaves the link as it was found, whatever came of the test */
void pcc_put(struct pcc *pcc)
{
	struct pcc_link link;

	if (!pcc->link.ifindex)
		return;
	/* the driver may have been loaded anew, with a new index */
	if (!pcc_link_find(pcc->link.name, &link))
		pcc->link = link;
	if (pcc->platform)
		plat_cmd("reset %u", pcc->number);
	mctp_peer_stop(pcc);
	nl_link_up(pcc->link.ifindex, pcc->was_up);
	nl_link_mtu(pcc->link.ifindex, pcc->old_mtu);
	if (pcc->qdisc)
		nl_qdisc_set(pcc->link.ifindex, NULL);
}
