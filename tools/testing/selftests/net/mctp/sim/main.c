// SPDX-License-Identifier: GPL-2.0
/*
 * pccsim: plays the platform until its input ends. It touches nothing unless
 * the kernel's PCCT is, byte for byte, the one that pccsim_tables writes.
 * Copyright (C) 2026 The mctp-pcc authors
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include "../lib/pcc.h"
#include "sim.h"

#define PCCT		"/sys/firmware/acpi/tables/PCCT"
#define IRQS		"/sys/kernel/irq"
#define IRQS_MAX	1024
#define TRIGGERS	"/sys/kernel/debug/irq/irqs"
#define BUSY_ROUNDS	2000
#define SLEEP_NS	50000
#define IDLE_NS		500000		/* nothing came up in BUSY_ROUNDS */

struct link links[LINKS];

__printf(1, 2)
static void refuse(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	printf("error: ");
	vprintf(format, ap);
	putchar('\n');
	exit(1);
}

static void check_tables(void)
{
	char have[PACKET_MAX];
	__u8 want[PACKET_MAX];
	int len = pcct_build(want);

	if (access(PCCT, F_OK))
		refuse("no PCCT");
	if (file_read(have, sizeof(have), PCCT) != len ||
	    memcmp(have, want, len))
		refuse("the PCCT is not that of pccsim_tables");
}

/* One process at a time: that of the last test may not have ended */
static __u8 *map_memory(void)
{
	int fd = open("/dev/mem", O_RDWR | O_CLOEXEC), tries = 500;
	void *mem;

	if (fd < 0)
		refuse("no /dev/mem: %s", strerror(errno));
	while (flock(fd, LOCK_EX | LOCK_NB)) {
		if (!--tries)
			refuse("another pccsim has /dev/mem");
		usleep(10000);
	}
	mem = mmap(NULL, SHM_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd,
		   SHM_BASE);
	if (mem == MAP_FAILED)
		refuse("/dev/mem cannot be mapped: %s", strerror(errno));
	return mem;
}

static bool is_gsi(const char *irq, unsigned int gsi)
{
	char chip[64], hwirq[16];

	return file_read(chip, sizeof(chip), IRQS "/%s/chip_name", irq) > 0 &&
	       strstr(chip, "IO-APIC") &&
	       file_read(hwirq, sizeof(hwirq), IRQS "/%s/hwirq", irq) > 0 &&
	       strtoul(hwirq, NULL, 10) == gsi;
}

static int open_trigger(unsigned int gsi)
{
	char irqs[IRQS_MAX][64], path[128];
	int fd, i = dir_read(irqs, IRQS_MAX, "", IRQS) - 1;

	while (i >= 0 && !is_gsi(irqs[i], gsi))
		i--;
	if (i < 0)
		refuse("no I/O APIC has an interrupt for GSI %u", gsi);
	snprintf(path, sizeof(path), TRIGGERS "/%s", irqs[i]);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		refuse("no %s: debugfs and GENERIC_IRQ_DEBUGFS are needed",
		       path);
	return fd;
}

static void setup_box(struct box *box, __u8 *mem, unsigned int index)
{
	box->index = index;
	box->size = subspaces[index].size;
	box->mem = mem + index * BOX_STRIDE;
	box->reg = (__u32 *)(mem + REG_BASE - SHM_BASE + index * REG_STRIDE);
	box->trigger = open_trigger(subspaces[index].gsi);
}

static void setup(void)
{
	unsigned int i;
	__u8 *mem;

#ifndef __x86_64__
	refuse("needs x86-64");
#endif
	check_tables();
	mem = map_memory();
	for (i = 0; i < LINKS; i++) {
		links[i].number = i;
		setup_box(&links[i].out, mem, 2 * i);
		setup_box(&links[i].in, mem, 2 * i + 1);
		link_init(&links[i]);
	}
}

void run_once(void)
{
	static unsigned int idle;
	struct timespec ts = { 0 };
	unsigned int i;

	idle++;
	for (i = 0; i < LINKS; i++)
		if (link_poll(&links[i]))
			idle = 0;
	ts.tv_nsec = idle < BUSY_ROUNDS ? SLEEP_NS : IDLE_NS;
	if (idle)
		nanosleep(&ts, NULL);
}

/* Runs what lines there are; false at the end of the input */
static bool read_commands(void)
{
	static char buf[16 * PACKET_MAX];
	static size_t have;
	struct pollfd pfd = { .fd = STDIN_FILENO, .events = POLLIN };
	char *end;
	ssize_t n;

	if (poll(&pfd, 1, 0) <= 0)
		return true;
	if (have == sizeof(buf))
		refuse("a line is longer than %zu bytes", sizeof(buf));
	n = read(STDIN_FILENO, buf + have, sizeof(buf) - have);
	if (n <= 0)
		return false;
	have += n;
	while ((end = memchr(buf, '\n', have))) {
		*end++ = '\0';
		run_line(buf);
		have -= end - buf;
		memmove(buf, end, have);
	}
	return true;
}

int main(int argc, char **argv)
{
	if (argc > 1) {
		fprintf(stderr, "usage: %s, then commands as input\n", argv[0]);
		return 2;
	}
	setup();
	prctl(PR_SET_TIMERSLACK, 1UL);
	puts("ok");
	fflush(stdout);
	while (read_commands())
		run_once();
	return 0;
}
