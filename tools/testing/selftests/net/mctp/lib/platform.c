// SPDX-License-Identifier: GPL-2.0
/*
 * The command channel of the scripted platform: a virtio-serial port, or the
 * process pccsim. Each command is a line, and so is its reply: "ok ..." or
 * "error: ...".
 * Copyright (C) 2026 The mctp-pcc authors
 */
#include <libgen.h>

#include "pcc.h"

#define PLAT_SIM	"pccsim"
#define PLAT_PORT	"mctp-pcc.platform"
#define PLAT_PORTS	"/sys/class/virtio-ports"
#define PLAT_DRIVER	"/sys/bus/virtio/drivers/virtio_console"
#define PORTS_MAX	32
#define PLAT_LINE	65536	/* the longest that the platform reads */

static pthread_mutex_t plat_lock = PTHREAD_MUTEX_INITIALIZER;
/* Open until the test's process ends: the port takes one opener at a time */
static int plat_fd = -1;
static bool plat_is_sim;
static char plat_reason[256] = "no scripted platform";

/* The device node of the port; -ENODEV: there is no scripted platform */
static int plat_path(char *path, size_t size)
{
	char ports[PORTS_MAX][64], name[64];
	int n;

	for (n = dir_read(ports, PORTS_MAX, "", PLAT_PORTS); n--; ) {
		snprintf(path, size, "/dev/%s", ports[n]);
		if (file_read(name, sizeof(name), PLAT_PORTS "/%s/name",
			      ports[n]) > 0 && !strcmp(name, PLAT_PORT))
			return 0;
	}
	return -ENODEV;
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

/* The program is beside the test's, and ends with its input */
static void plat_sim(int fd)
{
	char exe[512] = "", *path;

	if (readlink("/proc/self/exe", exe, sizeof(exe) - 1) < 0)
		_exit(1);
	if (asprintf(&path, "%s/" PLAT_SIM, dirname(exe)) < 0)
		_exit(1);
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

/* The last opener may have left a command: skips replies up to that to ours */
static int plat_open(void)
{
	char line[80], reply[2048], want[64];
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
	/* in one piece: it reads nothing behind a line that has to wait */
	rc = snprintf(line, sizeof(line), "\ncancel %s\n", want + 3);
	rc = write(fd, line, rc) < 0 ? -errno : 0;
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

const char *plat_absent(void)
{
	return plat_present() ? NULL : plat_reason;
}

const char *plat_not_lab(void)
{
	const char *why = plat_absent();

	return !why && plat_is_sim ? "needs the lab's platform" : why;
}

/* One command, a line, and its reply; the guard ends what hangs */
int plat_ask(const char *line, char *reply, size_t size)
{
	int fd, rc;

	reply[0] = '\0';
	pthread_mutex_lock(&plat_lock);
	fd = plat_open();
	rc = fd < 0 ? fd : 0;
	if (!rc && dprintf(fd, "%s\n", line) < 0)
		rc = -errno;
	if (!rc)
		rc = plat_line(fd, reply, size, PCC_LONG_S * 1000);
	pthread_mutex_unlock(&plat_lock);
	if (!rc && strncmp(reply, "ok", 2))
		rc = -EREMOTEIO;
	return rc;
}

/* The device that has the port; one is enough for a scripted platform */
int plat_device(char *name, size_t size)
{
	char found[1][64];

	if (!dir_read(found, 1, "virtio", PLAT_DRIVER))
		return -ENODEV;
	snprintf(name, size, "%s", found[0]);
	return 0;
}

static int plat_back(const char *device)
{
	int rc = file_write(PLAT_DRIVER "/bind", device);

	return rc ? rc : wait_until(plat_present()) ? 0 : -ETIMEDOUT;
}

/* A virtio-serial port does not survive a suspend: it is unbound meanwhile */
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

/* "WORD LINK ..."; @fmt has no link */
int plat_cmd(const struct pcc *pcc, const char *fmt, ...)
{
	char reply[1024], args[PLAT_LINE], line[PLAT_LINE];
	int word, rc;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(args, sizeof(args), fmt, ap);
	va_end(ap);
	word = strcspn(args, " ");
	snprintf(line, sizeof(line), "%.*s %u%s", word, args, pcc->number,
		 args + word);
	rc = plat_ask(line, reply, sizeof(reply));
	if (rc)
		printf("# platform: '%.60s': %s\n", line,
		       reply[0] ? reply : strerror(-rc));
	return rc;
}

/* A missing key has a value that fails all comparisons */
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

#define COUNTER(name)	{ #name, offsetof(struct pcc_counters, name) }

static const struct {
	const char *key;
	size_t at;
} plat_keys[] = {
	COUNTER(in_packets), COUNTER(in_bytes), COUNTER(in_messages),
	COUNTER(out_packets), COUNTER(out_bytes), COUNTER(out_acked),
	COUNTER(out_pending), COUNTER(doorbells), COUNTER(irqs_lost),
	COUNTER(violations), COUNTER(busy), COUNTER(bad_messages),
	COUNTER(in_errored), COUNTER(in_early),
	COUNTER(dropped_while_busy), COUNTER(faults), COUNTER(ignored),
	COUNTER(changed), COUNTER(fuzz_valid), COUNTER(ring_max_ns),
	COUNTER(fuzz_malformed_length), COUNTER(fuzz_malformed_command),
	COUNTER(ack_max_ns), COUNTER(refused), COUNTER(lagged),
};

int plat_counters(const struct pcc *pcc, struct pcc_counters *c)
{
	char line[32], reply[1024];
	size_t i;
	int rc;

	snprintf(line, sizeof(line), "counters %u", pcc->number);
	rc = plat_ask(line, reply, sizeof(reply));
	if (rc)
		return rc;
	for (i = 0; i < ARRAY_SIZE(plat_keys); i++)
		*(unsigned long long *)((char *)c + plat_keys[i].at) =
			plat_value(reply, plat_keys[i].key);
	c->violations -= pcc->violations;
	return 0;
}

/* One inbound message; with @options, any field of its header overridden */
int plat_post(const struct pcc *pcc, const void *data, size_t len,
	      const char *options)
{
	const __u8 *bytes = data;
	char *hex;
	size_t i;
	int rc;

	hex = calloc(2, len + 1);
	if (!hex)
		return -ENOMEM;
	for (i = 0; i < len; i++)
		sprintf(hex + 2 * i, "%02x", bytes[i]);
	rc = plat_cmd(pcc, "post%s%s data=%s", options ? "-raw " : "",
		      options ? options : "", hex);
	free(hex);
	return rc;
}

/* Counters to zero; violations the platform keeps to its end */
int plat_reset(struct pcc *pcc)
{
	struct pcc_counters c;
	int rc;

	rc = plat_cmd(pcc, "reset");
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
	return plat_cmd(pcc, "quiesce ms=%u", PCC_WAIT_MS);
}

/* Nothing is scripted or sent any more, on any link; @device has the port */
int plat_restore(const char *device)
{
	struct pcc pcc = { 0 };
	char reply[64];
	unsigned int n;
	int rc = 0;

	if (!device[0])
		return 0;
	if (!plat_present())
		rc = plat_back(device);
	if (!rc)
		rc = plat_ask("links", reply, sizeof(reply));
	n = rc ? 0 : plat_value(reply, "n");
	for (; pcc.number < n && !rc; pcc.number++)
		rc = plat_cmd(&pcc, "reset");
	plat_close();
	return rc;
}

/* Until the driver has sent so many, some perhaps to a busy platform */
int plat_wait_in(const struct pcc *pcc, unsigned long long packets)
{
	struct pcc_counters c;

	return wait_until(!plat_counters(pcc, &c) &&
			  c.in_packets + c.dropped_while_busy >= packets) ?
	       0 : -ETIMEDOUT;
}

int plat_wait_busy(const struct pcc *pcc)
{
	struct pcc_counters c;

	return wait_until(!plat_counters(pcc, &c) && c.busy) ? 0 : -ETIMEDOUT;
}
