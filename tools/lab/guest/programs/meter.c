// SPDX-License-Identifier: GPL-2.0
/*
 * Copyright (C) 2026 The mctp-pcc authors
 *
 * meter LINK COMMAND [WORD...]: runs a command that loads a link, and prints
 * the processor time that it took and how many packets the platform saw.
 *
 * The kernel's tick does not see time in interrupts, so an idle thread measures
 * the time that is left.
 */
#include <err.h>
#include <sched.h>
#include <spawn.h>

#include "pcc.h"

#define MEASURE_MS 100

static unsigned long long turns;		/* of the thread, by now */

static void *idle(void *arg)
{
	struct sched_param param = { 0 };

	(void)arg;
	if (sched_setscheduler(0, SCHED_IDLE, &param))
		err(1, "SCHED_IDLE");
	for (;;)
		__atomic_store_n(&turns, turns + 1, __ATOMIC_RELAXED);
	return NULL;
}

static unsigned long long left(void)
{
	return __atomic_load_n(&turns, __ATOMIC_RELAXED);
}

/* Turns in a second that has nothing else in it. */
static double measure(void)
{
	unsigned long long before = left(), start = now_ns();

	usleep(MEASURE_MS * 1000);
	return (left() - before) * 1e9 / (now_ns() - start);
}

static int run(char **argv)
{
	int status;
	pid_t pid;

	errno = posix_spawnp(&pid, argv[0], NULL, NULL, argv, environ);
	if (errno || waitpid(pid, &status, 0) != pid)
		err(1, "%s", argv[0]);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

int main(int argc, char **argv)
{
	struct pcc_counters counters;
	unsigned long long start, from;
	struct pcc pcc = { 0 };
	double before, busy;
	pthread_t thread;
	int rc;

	if (argc < 3)
		errx(2, "usage: meter LINK COMMAND [WORD...]");
	pcc.number = strtoul(argv[1], NULL, 0);
	if (pthread_create(&thread, NULL, idle, NULL))
		errx(1, "no thread");
	if (plat_cmd(&pcc, "reset"))
		errx(1, "no platform");
	plat_close();	/* the command may want it, too */
	before = measure();
	start = now_ns();
	from = left();
	rc = run(argv + 2);
	busy = now_ns() - start;
	from = left() - from;
	busy -= from * 2e9 / (before + measure());
	if (plat_cmd(&pcc, "quiesce") || plat_counters(&pcc, &counters))
		errx(1, "no platform");
	printf("busy_ns=%.0f in_packets=%llu out_packets=%llu\n",
	       busy > 0 ? busy : 0, counters.in_packets, counters.out_acked);
	return rc;
}
