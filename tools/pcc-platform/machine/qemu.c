// SPDX-License-Identifier: GPL-2.0
/* Copyright (C) 2026 The mctp-pcc authors */
/* QEMU's command line and process */
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "acpi/layout.h"
#include "machine.h"

#define ADDED_MAX	64

void words_add(struct words *w, const char *fmt, ...)
{
	char *option, *value;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&option, fmt, ap) < 0)
		abort();
	va_end(ap);
	w->v[w->n++] = option;
	value = strchr(option, ' ');
	if (value) {
		*value = '\0';
		w->v[w->n++] = value + 1;
	}
}

void words_socket(struct words *w, const struct options *o, const char *name)
{
	words_add(w, "-chardev socket,id=pcc-%s,path=%s/%s.sock",
		  name, o->dir, name);
}

static void words_common(struct words *w, const struct options *o)
{
	words_add(w, "-smp %u", o->processors);
	words_add(w, "-nodefaults");
	words_add(w, "-no-user-config");
	words_add(w, "-no-reboot");
	words_add(w, "-display none");
	words_add(w, "-qtest unix:%s/qtest.sock", o->dir);
	words_add(w, "-qtest-log none");
	words_socket(w, o, "control");
	words_add(w,
		  "-object memory-backend-file,id=m,share=on,size=%u,mem-path=%s/pcc.mem",
		  FILE_SIZE, o->dir);
}

char **qemu_args(const struct options *o, const struct conf *conf)
{
	struct words w = { .n = 0 };

	while (o->command[w.n])
		w.n++;
	w.v = xcalloc(w.n + ADDED_MAX, sizeof(*w.v));
	memcpy(w.v, o->command, w.n * sizeof(*w.v));
	words_common(&w, o);
	machine_args(&w, o, conf);
	return w.v;
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
	complain("%s: %m", args[0]);
	_exit(127);
}
