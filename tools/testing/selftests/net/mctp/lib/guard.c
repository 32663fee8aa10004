// SPDX-License-Identifier: GPL-2.0
/*
 * A test runs in a child of the harness's process, which only waits and then
 * restores the machine, however the child has ended
 * Copyright (C) 2026 The mctp-pcc authors
 */
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "pcc.h"

#define LOOK_MS		1000	/* at the time, and at the program */

/* Shared: when the test counts as hung, in ms of now_ms() */
static long long *hung_at;
static bool guarded;
static pid_t program;
void (*guard_undo)(void);
static int stopped;

__attribute__((constructor))
static void program_note(void)
{
	program = getpid();
}

static void stop_note(int signal)
{
	__atomic_store_n(&stopped, signal, __ATOMIC_RELAXED);
}

void guard_time(unsigned int seconds)
{
	__atomic_store_n(hung_at, now_ms() + seconds * 1000LL,
			 __ATOMIC_RELAXED);
}

/* The test must end now; says why */
static bool guard_over(void)
{
	if (now_ms() >= __atomic_load_n(hung_at, __ATOMIC_RELAXED)) {
		printf("# the test hangs: ended\n");
		return true;
	}
	if (__atomic_load_n(&stopped, __ATOMIC_RELAXED) || kill(program, 0)) {
		printf("# stopped from outside: ended\n");
		return true;
	}
	return false;
}

/* All that the test has started ends with it; returns its status */
static int guard_wait(pid_t body)
{
	struct pollfd pfd = {
		.fd = syscall(SYS_pidfd_open, body, 0),
		.events = POLLIN,
	};
	int status = SIGKILL;

	while (poll(&pfd, 1, LOOK_MS) <= 0 && !guard_over())
		;
	close(pfd.fd);
	kill(body, SIGKILL);
	while (waitpid(body, &status, 0) < 0 && errno == EINTR)
		;
	kill(-body, SIGKILL);
	while (waitpid(-1, NULL, 0) > 0 || errno == EINTR)
		;
	return status;
}

/* Ends as the test has ended */
static void guard_end(int status)
{
	if (WIFSIGNALED(status)) {
		signal(WTERMSIG(status), SIG_DFL);
		raise(WTERMSIG(status));
	}
	_exit(WEXITSTATUS(status));
}

static void guard_body(pid_t guard)
{
	guarded = true;
	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != guard)
		_exit(KSFT_FAIL);
}

/* Returns in the child; see guard_undo */
void guard_anew(void)
{
	struct pcc_state *state = calloc(1, sizeof(*state));
	pid_t body, self = getpid();
	int status;

	if (!state)
		_exit(KSFT_FAIL);
	state_save(state);
	hung_at = mmap(NULL, sizeof(*hung_at), PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	guard_time(PCC_TEST_S);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	fflush(stdout);
	body = fork();
	if (body < 0)
		_exit(KSFT_FAIL);
	if (!body) {
		guard_body(self);
		return;
	}
	signal(SIGINT, stop_note);
	signal(SIGTERM, stop_note);
	status = guard_wait(body);
	if (guard_undo)
		guard_undo();
	if (state_restore(state) && !status)
		status = KSFT_FAIL << 8;
	guard_end(status);
}

void guard(void)
{
	if (!guarded)
		guard_anew();
}
