// SPDX-License-Identifier: GPL-2.0
/*
 * QEMU's command line and process
 *
 * Copyright (C) 2026 The mctp-pcc authors
 */
#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "layout.h"
#include "qemu.h"

#define ADDED_MAX	64

struct arg_list {
	char **v;
	size_t n;
};

__printf(2, 3)
static void arg(struct arg_list *a, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&a->v[a->n], fmt, ap) < 0)
		abort();
	va_end(ap);
	a->n++;
}

static void args_machine(struct arg_list *a, const struct options *o)
{
	/* What is off would share the interrupt lines from 16 up. */
	arg(a, "-M");
	arg(a, "q35,nvdimm=on,accel=tcg,smbus=off,sata=off,usb=off");
	arg(a, "-m");
	arg(a, "%uM,slots=2,maxmem=%uM", o->memory_mb, o->memory_mb + 1024);
	arg(a, "-nodefaults");
	arg(a, "-no-user-config");
	arg(a, "-no-reboot");
	arg(a, "-display");
	arg(a, "none");
	arg(a, "-bios");	/* boots faster than SeaBIOS */
	arg(a, "qboot.rom");
	arg(a, "-object");
	arg(a, "memory-backend-file,id=m,share=on,size=%u,mem-path=%s/pcc.mem",
	    SHM_SIZE, o->dir);
	arg(a, "-device");
	arg(a, "nvdimm,memdev=m,addr=0x%llx",
	    (unsigned long long)SHM_BASE);
}

static void args_table(struct arg_list *a, const struct options *o,
		       const char *name)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/%s", o->tables, name);
	if (access(path, R_OK))
		return;
	arg(a, "-acpitable");
	arg(a, "file=%s", path);
}

static void args_socket(struct arg_list *a, const struct options *o,
			const char *name)
{
	arg(a, "-chardev");
	arg(a, "socket,id=pcc-%s,path=%s/%s.sock", name, o->dir, name);
}

static void args_links(struct arg_list *a, const struct options *o,
		       const struct conf *conf)
{
	arg(a, "-qtest");
	arg(a, "unix:%s/qtest.sock", o->dir);
	arg(a, "-qtest-log");
	arg(a, "none");
	args_socket(a, o, "doorbell");
	arg(a, "-device");
	arg(a, "isa-debugcon,chardev=pcc-doorbell,iobase=%#x", DOORBELL_PORT);
	args_socket(a, o, "control");
	/* Slot 3: should it ever use its pin, that is line 23, not ours. */
	arg(a, "-device");
	arg(a, "virtio-serial-pci,addr=3");
	arg(a, "-device");
	arg(a, "virtserialport,chardev=pcc-control,name=mctp-pcc.platform");
	if (o->serial) {
		args_socket(a, o, "serial");
		arg(a, "-device");
		arg(a, "isa-serial,chardev=pcc-serial,index=1");	/* COM2 */
	}
	if (conf->uart_port) {
		args_socket(a, o, "uart");
		arg(a, "-device");
		/* index 3: the table calls it COM4, see ssdt-level.asl */
		arg(a, "isa-serial,chardev=pcc-uart,index=3,iobase=%#x,irq=%u",
		    conf->uart_port, conf->uart_irq);
	}
}

char **qemu_args(const struct options *o, const struct conf *conf)
{
	struct arg_list a = { .n = 0 };

	while (o->command[a.n])
		a.n++;
	a.v = xcalloc(a.n + ADDED_MAX, sizeof(*a.v));
	memcpy(a.v, o->command, a.n * sizeof(*a.v));
	args_machine(&a, o);
	args_table(&a, o, "pcct.aml");
	args_table(&a, o, "ssdt.aml");
	args_links(&a, o, conf);
	return a.v;
}

pid_t qemu_start(char **args)
{
	pid_t parent = getpid(), pid = fork();
	sigset_t none;

	if (pid)
		return pid;
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() == parent)
		execvp(args[0], args);
	fprintf(stderr, "pcc-platform: %s: %s\n", args[0], strerror(errno));
	_exit(127);
}
