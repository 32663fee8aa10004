// SPDX-License-Identifier: GPL-2.0
/*
 * The side channel of the scripted platform: a virtio-serial port that takes
 * one command per line and answers each with one line, "ok ..." or
 * "error: ...". Never the link under test. Where there is no such port, a
 * process takes the commands and plays the platform: pccsim.
 * Copyright (C) 2026 The mctp-pcc authors
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "pcc.h"

#define PLAT_SIM	"pccsim"
#define PLAT_PORT	"mctp-pcc.platform"
#define PLAT_PORTS	"/sys/class/virtio-ports"
#define PLAT_DRIVER	"/sys/bus/virtio/drivers/virtio_console"

static pthread_mutex_t plat_lock = PTHREAD_MUTEX_INITIALIZER;
/* Open until the test's process ends: the port takes one opener at a time */
static int plat_fd = -1;
static bool plat_is_sim;
static char plat_reason[256] = "no scripted platform";

/* The device node of the port; -ENODEV: there is no scripted platform */
static int plat_path(char *path, size_t size)
{
	struct dirent *entry;
	int rc = -ENODEV;
	char name[64];
	DIR *dir;

	dir = opendir(PLAT_PORTS);
	if (!dir)
		return -ENODEV;
	while (rc && (entry = readdir(dir))) {
		if (file_read(name, sizeof(name), PLAT_PORTS "/%s/name",
			      entry->d_name) < 0 || strcmp(name, PLAT_PORT))
			continue;
		snprintf(path, size, "/dev/%.60s", entry->d_name);
		rc = 0;
	}
	closedir(dir);
	return rc;
}

static int plat_try_open(void)
{
	char path[80];
	int rc;

	rc = plat_path(path, sizeof(path));
	if (rc)
		return rc;
	rc = open(path, O_RDWR | O_CLOEXEC);
	return rc < 0 ? -errno : rc;
}

void plat_close(void)
{
	close(plat_fd);
	plat_fd = -1;
}

/* Reads one line, without its end; what a test left unread is thrown away */
static int plat_line(int fd, char *reply, size_t size, int timeout_ms)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	size_t len = 0;
	char c;

	for (;;) {
		if (poll(&pfd, 1, timeout_ms) <= 0)
			return -ETIMEDOUT;
		if (read(fd, &c, 1) != 1)
			return -EIO;
		if (c == '\n')
			break;
		if (len < size - 1)
			reply[len++] = c;
	}
	reply[len] = '\0';
	return 0;
}

static int plat_write(int fd, const char *text, size_t len)
{
	ssize_t rc;

	while (len) {
		rc = write(fd, text, len);
		if (rc < 0)
			return -errno;
		text += rc;
		len -= rc;
	}
	return 0;
}

/* Beside the test's own program; its input is our end, and ends with us */
static void plat_sim(int fd)
{
	char path[512];
	ssize_t len;

	len = readlink("/proc/self/exe", path, sizeof(path) - sizeof(PLAT_SIM));
	while (len > 0 && path[len - 1] != '/')
		len--;
	strcpy(path + (len > 0 ? len : 0), PLAT_SIM);
	dup2(fd, STDIN_FILENO);
	dup2(fd, STDOUT_FILENO);
	execl(path, PLAT_SIM, NULL);
	dprintf(fd, "error: no program %s\n", path);
	_exit(1);
}

/* Its first line says that it plays, or why it does not */
static int plat_start(void)
{
	char reply[200] = "error: " PLAT_SIM " does not start";
	int fds[2];
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds))
		return -errno;
	pid = fork();
	if (!pid)
		plat_sim(fds[1]);
	close(fds[1]);
	if (pid > 0)
		plat_line(fds[0], reply, sizeof(reply), PCC_WAIT_MS);
	if (!strcmp(reply, "ok")) {
		plat_is_sim = true;
		return fds[0];
	}
	snprintf(plat_reason, sizeof(plat_reason), "no scripted platform: %s",
		 reply + strlen("error: "));
	close(fds[0]);
	return -ENODEV;
}

/*
 * Whoever had the port before may have been killed, which takes a while on a
 * busy machine, with a command on its way: what comes before the answer to ours
 * is not for us
 */
static int plat_open(void)
{
	char line[64], reply[2048], want[64];
	int fd, rc;

	if (plat_fd >= 0)
		return plat_fd;
	wait_until((fd = plat_try_open()) != -EBUSY);
	if (fd == -ENODEV) {
		plat_fd = plat_start();
		return plat_fd;
	}
	if (fd < 0) {
		printf("# the platform's port: %s\n", strerror(-fd));
		return fd;
	}
	snprintf(want, sizeof(want), "ok %d-%lld", getpid(), now_ms());
	rc = snprintf(line, sizeof(line), "\ncancel %s\n", want + 3);
	rc = plat_write(fd, line, rc);
	do {
		if (!rc)
			rc = plat_line(fd, reply, sizeof(reply), PCC_WAIT_MS);
	} while (!rc && strcmp(reply, want));
	if (rc) {
		close(fd);
		return rc;
	}
	plat_fd = fd;
	return fd;
}

bool plat_present(void)
{
	char path[80];

	return !plat_path(path, sizeof(path)) || plat_open() >= 0;
}

/* Why there is none, if there is none */
const char *plat_absent(void)
{
	return plat_present() ? NULL : plat_reason;
}

/* ... or why it is not the lab's */
const char *plat_not_lab(void)
{
	const char *why = plat_absent();

	return !why && plat_is_sim ? "needs the lab's platform" : why;
}

static void plat_drain(int fd)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	char buf[256];

	while (poll(&pfd, 1, 0) > 0 && (pfd.revents & POLLIN))
		if (read(fd, buf, sizeof(buf)) <= 0)
			break;
}

static int plat_talk(const char *line, size_t len, char *reply, size_t size,
		     int timeout_ms)
{
	int fd, rc;

	reply[0] = '\0';
	pthread_mutex_lock(&plat_lock);
	fd = plat_open();
	rc = fd < 0 ? fd : 0;
	if (!rc) {
		plat_drain(fd);
		rc = plat_write(fd, line, len);
	}
	if (!rc)
		rc = plat_line(fd, reply, size, timeout_ms);
	pthread_mutex_unlock(&plat_lock);
	if (!rc && strncmp(reply, "ok", 2))
		rc = -EREMOTEIO;
	return rc;
}

/* The device that has the port; one is enough for a scripted platform */
int plat_device(char *name, size_t size)
{
	struct dirent *entry;
	int rc = -ENODEV;
	DIR *dir;

	dir = opendir(PLAT_DRIVER);
	if (!dir)
		return -ENODEV;
	while (rc && (entry = readdir(dir))) {
		if (strncmp(entry->d_name, "virtio", 6))
			continue;
		snprintf(name, size, "%.60s", entry->d_name);
		rc = 0;
	}
	closedir(dir);
	return rc;
}

static int plat_back(const char *device)
{
	int rc = file_write(PLAT_DRIVER "/bind", device);

	return rc ? rc : wait_until(plat_present()) ? 0 : -ETIMEDOUT;
}

/*
 * A virtio-serial port does not work any more after a suspend: it has to go
 * away before, and to come back behind it
 */
int plat_away(bool away)
{
	static char name[64];
	int rc;

	if (!away)
		return plat_back(name);
	plat_close();
	rc = plat_device(name, sizeof(name));
	return rc ? rc : file_write(PLAT_DRIVER "/unbind", name);
}

static int plat_vask(char *reply, size_t size, int timeout_ms, const char *fmt,
		     va_list ap)
{
	char *line;
	int len, rc;

	len = vasprintf(&line, fmt, ap);
	if (len < 0)
		return -ENOMEM;
	line[len] = '\n';	/* the end of the string is not sent */
	rc = plat_talk(line, len + 1, reply, size, timeout_ms);
	if (rc)
		printf("# platform: '%.*s': %s\n", len > 60 ? 60 : len, line,
		       reply[0] ? reply : strerror(-rc));
	free(line);
	return rc;
}

__printf(3, 4)
static int plat_ask(char *reply, size_t size, const char *fmt, ...)
{
	va_list ap;
	int rc;

	va_start(ap, fmt);
	rc = plat_vask(reply, size, PCC_WAIT_MS, fmt, ap);
	va_end(ap);
	return rc;
}

int plat_cmd(const char *fmt, ...)
{
	char reply[512];
	va_list ap;
	int rc;

	va_start(ap, fmt);
	rc = plat_vask(reply, sizeof(reply), PCC_WAIT_MS, fmt, ap);
	va_end(ap);
	return rc;
}

/* For one that is answered when a hundred thousand interrupts are done */
int plat_slow_cmd(const char *fmt, ...)
{
	char reply[512];
	va_list ap;
	int rc;

	va_start(ap, fmt);
	rc = plat_vask(reply, sizeof(reply), PCC_LONG_S * 1000, fmt, ap);
	va_end(ap);
	return rc;
}

/* A missing key is as wrong as can be, so that no comparison passes by it */
static unsigned long long plat_value(const char *reply, const char *key)
{
	size_t len = strlen(key);
	const char *p = reply;

	while ((p = strchr(p, ' '))) {
		p++;
		if (!strncmp(p, key, len) && p[len] == '=')
			return strtoull(p + len + 1, NULL, 0);
	}
	return ~0ULL;
}

int plat_counters(const struct pcc *pcc, struct pcc_counters *c)
{
	char reply[1024];
	int rc;

	rc = plat_ask(reply, sizeof(reply), "counters %u", pcc->number);
	if (rc)
		return rc;
	c->in_packets = plat_value(reply, "in_packets");
	c->in_bytes = plat_value(reply, "in_bytes");
	c->in_messages = plat_value(reply, "in_messages");
	c->out_packets = plat_value(reply, "out_packets");
	c->out_bytes = plat_value(reply, "out_bytes");
	c->out_acked = plat_value(reply, "out_acked");
	c->out_pending = plat_value(reply, "out_pending");
	c->doorbells = plat_value(reply, "doorbells");
	c->completions = plat_value(reply, "completions");
	c->violations = plat_value(reply, "violations") - pcc->violations;
	c->held = plat_value(reply, "held");
	c->bad_messages = plat_value(reply, "bad_messages");
	c->in_errored = plat_value(reply, "in_errored");
	c->in_early = plat_value(reply, "in_early");
	c->out_dropped = plat_value(reply, "out_dropped");
	c->dropped_while_busy = plat_value(reply, "dropped_while_busy");
	c->faults = plat_value(reply, "faults");
	c->ignored = plat_value(reply, "ignored");
	c->changed = plat_value(reply, "changed");
	c->fuzz_valid = plat_value(reply, "fuzz_valid");
	c->fuzz_length = plat_value(reply, "fuzz_malformed_length");
	c->fuzz_command = plat_value(reply, "fuzz_malformed_command");
	c->ring_max_ns = plat_value(reply, "ring_max_ns");
	c->ack_max_ns = plat_value(reply, "ack_max_ns");
	c->refused = plat_value(reply, "refused");
	c->lagged = plat_value(reply, "lagged");
	c->irqs_lost = plat_value(reply, "irqs_lost");
	return 0;
}

static int plat_send_packet(const char *command, const struct pcc *pcc,
			    const void *data, size_t len, const char *options)
{
	const __u8 *bytes = data;
	char *hex;
	size_t i;
	int rc;

	hex = malloc(2 * len + 1);
	if (!hex)
		return -ENOMEM;
	hex[0] = '\0';
	for (i = 0; i < len; i++)
		sprintf(hex + 2 * i, "%02x", bytes[i]);
	rc = plat_cmd("%s %u%s%s%s%s", command, pcc->number,
		      *options ? " " : "", options, len ? " data=" : "", hex);
	free(hex);
	return rc;
}

/* Counters to zero; violations the platform keeps to its end */
int plat_reset(struct pcc *pcc)
{
	struct pcc_counters c;
	int rc;

	rc = plat_cmd("reset %u", pcc->number);
	pcc->violations = 0;
	if (!rc)
		rc = plat_counters(pcc, &c);
	if (!rc)
		pcc->violations = c.violations;
	return rc;
}

/* Until nothing is on its way in either direction; longer than recovery */
int plat_quiesce(const struct pcc *pcc)
{
	return plat_slow_cmd("quiesce %u ms=%u", pcc->number, PCC_WAIT_MS);
}

int plat_quiesce_slow(const struct pcc *pcc, unsigned int ms)
{
	return plat_slow_cmd("quiesce %u ms=%u", pcc->number, ms);
}

/* Nothing is scripted or sent any more, on any link; @device has the port */
int plat_restore(const char *device)
{
	unsigned int i, n;
	char reply[64];
	int rc = 0;

	if (!device[0])
		return 0;
	if (!plat_present())
		rc = plat_back(device);
	if (!rc)
		rc = plat_ask(reply, sizeof(reply), "links");
	n = rc ? 0 : plat_value(reply, "n");
	for (i = 0; i < n && !rc; i++)
		rc = plat_cmd("reset %u", i);
	plat_close();
	return rc;
}

/*
 * On a link that is idle, with all that was sent counted: whatever completion
 * was taken for another's before, from here on each packet has its own.
 */
int plat_agree(const struct pcc *pcc)
{
	struct rtnl_link_stats64 from, to = { 0 };
	struct pcc_counters before, after;
	unsigned long long taken, acked;
	int rc;

	rc = plat_quiesce(pcc);
	if (!rc)
		rc = plat_counters(pcc, &before);
	if (!rc)
		rc = nl_link_stats(pcc->link.ifindex, &from);
	if (!rc)
		rc = mctp_echo(pcc, 1000);
	if (!rc)
		rc = plat_quiesce(pcc);
	if (!rc)
		rc = plat_counters(pcc, &after);
	if (rc)
		return rc;
	taken = after.in_packets - before.in_packets;
	acked = after.out_acked - before.out_acked;
	if (wait_until(!nl_link_stats(pcc->link.ifindex, &to) &&
		       to.tx_packets - from.tx_packets >= taken) &&
	    to.tx_packets - from.tx_packets == taken &&
	    to.rx_packets - from.rx_packets == acked &&
	    to.tx_errors == from.tx_errors &&
	    after.violations == before.violations)
		return 0;
	printf("# confirmed %llu of %llu, received %llu of %llu\n",
	       to.tx_packets - from.tx_packets, taken,
	       to.rx_packets - from.rx_packets, acked);
	return -EPROTO;
}

/*
 * Takes off what the driver cannot help: it cannot tell late from never, and
 * rang while the platform had the last command. Anything else is an error.
 */
int plat_forgive(const struct pcc *pcc)
{
	struct pcc_counters c;
	int rc;

	rc = plat_counters(pcc, &c);
	if (!rc && c.violations != c.dropped_while_busy)
		rc = -EPROTO;
	if (!rc && c.violations)
		rc = plat_cmd("expect-violations %u n=%llu", pcc->number,
			      c.violations);
	return rc;
}

/* One inbound message with any field of its header overridden */
int plat_post_raw(const struct pcc *pcc, const void *data, size_t len,
		  const char *options)
{
	return plat_send_packet("post-raw", pcc, data, len, options);
}

int plat_post(const struct pcc *pcc, const void *data, size_t len)
{
	return plat_send_packet("post", pcc, data, len, "");
}

/* Waits until the driver has handed over so many, some perhaps to a busy one */
int plat_wait_in(const struct pcc *pcc, unsigned long long packets)
{
	struct pcc_counters c;

	return wait_until(!plat_counters(pcc, &c) &&
			  c.in_packets + c.dropped_while_busy >= packets) ?
	       0 : -ETIMEDOUT;
}

int plat_wait_held(const struct pcc *pcc)
{
	struct pcc_counters c;

	return wait_until(!plat_counters(pcc, &c) && c.held) ? 0 : -ETIMEDOUT;
}
