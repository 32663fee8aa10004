// SPDX-License-Identifier: GPL-2.0
/* Copyright (C) 2026 The mctp-pcc authors */
/*
 * The event loop of pcc-platform
 *
 * One thread, one ppoll(), nothing that blocks: a guest CPU that rings waits,
 * with QEMU's lock, until the doorbell's socket has room.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "acpi/layout.h"
#include "base/log.h"
#include "machine/machine.h"
#include "pcc/link.h"
#include "ports/ports.h"
#include "settings/settings.h"
#include "wire/wire.h"

#define KILL_AFTER	(3 * NSEC_PER_SEC)
enum {
	FD_SIGNAL, FD_MACHINE, FD_QTEST = FD_MACHINE + MACHINE_SOCKS,
	FD_CONTROL, FD_SERIAL, FD_EXTERNAL,
	FD_REMOTE = FD_EXTERNAL + LINKS_MAX,
	FD_N = FD_REMOTE + LINKS_MAX,
};

static struct {
	struct options options;
	struct link links[LINKS_MAX];
	struct external external[LINKS_MAX];
	struct remote remote[LINKS_MAX];
	bool remote_failed;
	struct conf conf;
	u8 *file;		/* guest memory from FILE_BASE on */
	u8 *mem;		/* ... from SHM_BASE */
	struct sock control;
	struct tty tty;
	struct qtest qtest;
	struct cmd_channel cmd;
	struct timer deadline;
	int signal_fd;
	pid_t qemu;
	int qemu_status;
	bool timed_out;
	bool met;		/* it has connected */
	u32 stopped;		/* by this signal to us */
} p;

/* The host tests have a time of their own. */
u64 now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * NSEC_PER_SEC + ts.tv_nsec;
}

static void platform_reply(struct cmd_channel *s, const char *text)
{
	sock_queue(&p.control, text, strlen(text));
	sock_queue(&p.control, "\n", 1);
}

static void platform_kill(void *arg)
{
	kill(p.qemu, SIGKILL);
}

static void platform_stop(void)
{
	kill(p.qemu, SIGTERM);
	timer_set(&p.deadline, KILL_AFTER, platform_kill, NULL);
}

static void platform_timeout(void *arg)
{
	complain("timeout after %u s, stopping QEMU", p.options.timeout_s);
	log_line("timeout");
	if (!p.met)
		complain("QEMU has never connected");
	p.timed_out = true;
	platform_stop();
}

static void platform_qtest(struct sock *s)
{
	qtest_input(&p.qtest);
	if (p.qtest.failed)
		platform_stop();
	else if (!p.qtest.pending)
		cmd_irqs_next(&p.cmd);
}

static void platform_serial(struct sock *s)
{
	u8 bytes[4096];

	tty_input(&p.tty, bytes, sock_read(s, bytes, sizeof(bytes)));
}

static void platform_control(struct sock *s)
{
	static char data[CMD_LINE_MAX / 2];
	size_t n = sock_read(s, data, sizeof(data));

	cmd_input(&p.cmd, data, n);
}

static void platform_signal(void)
{
	struct signalfd_siginfo si;

	if (read(p.signal_fd, &si, sizeof(si)) != sizeof(si))
		return;
	if (si.ssi_signo == SIGCHLD) {
		if (waitpid(p.qemu, &p.qemu_status, WNOHANG) == p.qemu)
			p.qemu = 0;
		return;
	}
	p.stopped = si.ssi_signo;
	complain("stopped by signal %u", p.stopped);
	platform_stop();
}

/* Doorbells first: a command of a test sees what was rung before it. */
static struct sock *platform_sock(unsigned int fd)
{
	switch (fd) {
	case FD_QTEST:
		return &p.qtest.sock;
	case FD_CONTROL:
		return &p.control;
	case FD_SERIAL:
		return &p.tty.sock;
	default:
		return &machine_socks[fd - FD_MACHINE];
	}
}

static void platform_poll(struct pollfd *f)
{
	u64 next = timers_run(now_ns()), now;
	bool none = next == TIMER_NONE;
	struct timespec ts;

	f[FD_SIGNAL] = (struct pollfd){ .fd = p.signal_fd, .events = POLLIN };
	for (unsigned int i = FD_MACHINE; i < FD_EXTERNAL; i++)
		sock_pollfd(platform_sock(i), &f[i]);
	if (cmd_full(&p.cmd))		/* one command at a time */
		f[FD_CONTROL].events &= ~POLLIN;
	for (unsigned int i = 0; i < LINKS_MAX; i++) {
		external_pollfd(&p.external[i], &f[FD_EXTERNAL + i]);
		remote_pollfd(&p.remote[i], &f[FD_REMOTE + i]);
	}

	now = now_ns();
	next = next > now ? next - now : 0;
	if (machine_poll_ns && next > machine_poll_ns)
		next = machine_poll_ns;
	ts = (struct timespec){ next / NSEC_PER_SEC, next % NSEC_PER_SEC };
	if (ppoll(f, FD_N, none && !machine_poll_ns ? NULL : &ts, NULL) <= 0)
		memset(f, 0, FD_N * sizeof(*f));
}

static void platform_run(void)
{
	struct pollfd f[FD_N];

	while (p.qemu) {
		platform_poll(f);
		machine_doorbells();
		for (unsigned int i = FD_MACHINE; i < FD_EXTERNAL; i++)
			sock_event(platform_sock(i), &f[i]);
		p.met |= p.qtest.sock.fd >= 0;
		for (unsigned int i = 0; i < LINKS_MAX; i++)
			external_event(&p.external[i], &f[FD_EXTERNAL + i]);
		if (remotes_event(p.remote, f + FD_REMOTE)) {
			p.remote_failed = true;
			platform_stop();
		}
		if (f[FD_SIGNAL].revents)
			platform_signal();
	}
}

static bool platform_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	/* Some timers are of 10 us: the kernel's slack would double them. */
	prctl(PR_SET_TIMERSLACK, 1000);
	p.signal_fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return p.signal_fd >= 0;
}

/* A name of the run directory that a socket and QEMU's options take. */
static const char *platform_dir(void)
{
	static char path[64];
	int fd;

	if (!mkdir(p.options.dir, 0700) || errno == EEXIST) {
		fd = open(p.options.dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
		snprintf(path, sizeof(path), "/proc/%d/fd/%d", getpid(), fd);
		if (fd >= 0)
			return path;
	}
	complain("%s: %m", p.options.dir);
	return NULL;
}

static bool platform_sockets(const char *dir)
{
	p.tty.sock.fd = -1;
	p.tty.sock.listen_fd = -1;
	tty_init(&p.tty, p.conf.n);
	p.tty.sock.input = platform_serial;
	p.qtest.sock.input = platform_qtest;
	p.control.input = platform_control;
	return sock_listen(&p.qtest.sock, dir, "qtest.sock") &&
	       sock_listen(&p.control, dir, "control.sock") &&
	       (!p.options.serial ||
		sock_listen(&p.tty.sock, dir, "serial.sock"));
}

static bool platform_has(const char *table)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/%s", p.options.tables, table);
	return !access(path, R_OK) || complain("%s: %m", path);
}

static int platform_tables(void)
{
	char path[4096];

	p.conf.links = p.links;
	snprintf(path, sizeof(path), "%s/links.conf", p.options.tables);
	if (!conf_read(&p.conf, path))
		return EXIT_USAGE;
	/* A variant without a PCCT has no links either. */
	if (!platform_has("ssdt.aml") ||
	    (p.conf.n && !platform_has("pcct.aml")))
		return EXIT_USAGE;
	return -1;
}

static bool platform_endpoints(void)
{
	if (p.options.endpoints > p.conf.n)
		return complain("--endpoint: only %u links", p.conf.n);
	for (unsigned int i = 0; i < p.options.endpoints; i++)
		if (!external_open(&p.external[i], &p.links[i],
				   p.options.endpoint[i], p.options.dir))
			return false;
	return true;
}

static int platform_setup(void)
{
	const char *dir = platform_dir();
	char path[4096];

	/* first of all: fails if another platform runs there */
	if (!dir || !platform_sockets(dir))
		return EXIT_USAGE;
	snprintf(path, sizeof(path), "%s/pcc.mem", p.options.dir);
	p.file = shm_create(path);
	if (!p.file ||
	    !log_open(p.options.dir, p.options.log_mb * 1000000ULL) ||
	    !capture_open(p.options.dir, p.options.log_mb * 1000000ULL))
		return EXIT_USAGE;
	p.options.dir = dir;
	for (unsigned int i = 0; i < p.conf.n; i++) {
		p.links[i].raise = machine_raise;
		link_init(&p.links[i], i);
	}
	p.mem = p.file + (SHM_BASE - FILE_BASE);
	shm_init(p.mem, p.links, p.conf.n);
	if (!platform_endpoints() ||
	    !remotes_open(p.remote, p.links, p.conf.n, p.options.responder) ||
	    !machine_open(&p.options, &p.conf, &p.qtest, p.file))
		return EXIT_USAGE;
	for (unsigned int i = 0; i < p.conf.n; i++)
		link_start(&p.links[i]);
	p.cmd.links = p.links;
	p.cmd.n = p.conf.n;
	p.cmd.reply = platform_reply;
	return platform_signals() ? -1 : EXIT_QEMU;
}

static bool platform_qemu_failed(void)
{
	int status = p.qemu_status;

	if (WIFSIGNALED(status))
		complain("QEMU was killed by signal %d", WTERMSIG(status));
	else if (status)
		complain("QEMU failed, exit status %d", WEXITSTATUS(status));
	else if (!p.met)
		complain("QEMU ended before it had connected");
	return status || !p.met;
}

static int platform_result(void)
{
	u64 violations = 0;
	bool logged;

	if (p.conf.n && !shm_ok(p.mem, p.links, p.conf.n))
		link_violation(&p.links[0], OUR_RULE,
			       "the OS wrote to shared memory outside its outboxes");
	for (unsigned int i = 0; i < p.conf.n; i++)
		violations += p.links[i].violations;
	log_end_limit();
	log_line("QEMU ended with status 0x%x, violations %llu", p.qemu_status,
		 violations);
	logged = log_close();
	logged = capture_close() && logged;
	if (p.stopped)
		return EXIT_SIGNAL + p.stopped;
	if (p.timed_out || p.qtest.failed || p.remote_failed || !logged)
		return EXIT_QEMU;
	if (platform_qemu_failed())
		return EXIT_QEMU;
	return violations ? EXIT_VIOLATION : EXIT_OK;
}

int main(int argc, char **argv)
{
	int rc = options_parse(&p.options, argc, argv);

	if (rc < 0)
		rc = platform_tables();
	if (rc < 0)
		rc = platform_setup();
	if (rc >= 0)
		return rc;
	p.qemu = qemu_start(qemu_args(&p.options, &p.conf));
	if (p.qemu < 0) {
		complain("fork: %m");
		return EXIT_QEMU;
	}
	if (p.options.timeout_s)
		timer_set(&p.deadline, p.options.timeout_s * NSEC_PER_SEC,
			  platform_timeout, NULL);
	platform_run();
	return platform_result();
}
