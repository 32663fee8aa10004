// SPDX-License-Identifier: GPL-2.0
/* Copyright (C) 2026 The mctp-pcc authors */
/* The command line */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "acpi/layout.h"
#include "settings.h"
#include "ports/ports.h"

static const char options_help[] =
"Usage: pcc-platform --dir RUNDIR --tables VARIANT_DIR [options] -- QEMU...\n"
"\n"
"Plays the firmware and the management controller of a machine with MCTP over\n"
"PCC links, and runs QEMU in front of them. QEMU... is the binary with -kernel,\n"
"-initrd, -append, -serial and the like; machine, memory, tables and the\n"
"devices of the links are appended.\n"
"\n"
"  --dir RUNDIR     where pcc.mem, the sockets, platform.log and platform.pcap\n"
"                   are made; created if it is not there\n"
"  --tables DIR     table variant: ssdt.aml, links.conf; pcct.aml if it has links\n"
"  --endpoint WHAT  what answers behind link 0; given again: link 1, and so on.\n"
"                   builtin (default); pty: serial framing on RUNDIR/link0.pty;\n"
"                   socket:PATH: a packet a message, made by us; connect:PATH:\n"
"                   the same, made by the endpoint\n"
"  --responder socket:PATH  where the program connects that answers for the first\n"
"                   link with answers=socket; given again: the second, and so on\n"
"  --serial         one more serial port, COM2, with an endpoint behind it that\n"
"                   speaks the framing of mctp-serial (x86_64 only)\n"
"  --memory MB      the guest's memory, 128 to 2048 (256; KASAN wants more)\n"
"  --memory-type T  what the guest's memory map says of the shared memory:\n"
"                   unlisted, nothing (default); arm64 also wb, wc, uc: reserved\n"
"  --processors N   of the guest, 1 to 8 (1)\n"
"  --timeout SEC    stop QEMU after SEC seconds and exit 3 (0: never)\n"
"  --log-limit MB   packet bytes that log and pcap take before they go on without\n"
"                   packets, and bytes of other log lines, 1 to 4096 (64)\n"
"  --help           this text\n"
"\n"
"VARIANT_DIR is of make-tables, and says what each link of the platform does its\n"
"own way. Its keys, the first value is the default:\n"
"  registers=32|64|shared   update=same|own|none   lag=US, 0 to 600000000 (0)\n"
"  signature=platform|os|cleared|other             complete=readable|unreadable\n"
"  owner=os|platform        crs=pcc|memory|qword|method|window\n"
"  outbox=BYTES inbox=BYTES, 84 to 131072 (8208)   latency=US (1000)\n"
"  turnaround=US (0)        outbox-irq=N inbox-irq=N\n"
"  answers=NAME type=3|2|1|0 device=FILE: another client's, instead of MCTP\n"
"Faults are commands of the guest's test: completion, doorbell, lag, lose-irq,\n"
"answer, owner and others (README.md).\n"
"\n"
"Exit status: 0 all well; 1 the driver broke the protocol (VIOLATION lines on\n"
"stderr and in the log); 2 bad option or table; 3 QEMU or a responder could not\n"
"start, failed, timed out or never connected; 128 + N stopped by signal N.\n";

enum {
	OPT_DIR = 1, OPT_TABLES, OPT_MEMORY, OPT_TIMEOUT, OPT_LOG,
	OPT_ENDPOINT, OPT_RESPONDER, OPT_SERIAL, OPT_PROCESSORS,
	OPT_MEMORY_TYPE, OPT_HELP,
};

static const struct option options_long[] = {
	{ "dir", required_argument, NULL, OPT_DIR },
	{ "tables", required_argument, NULL, OPT_TABLES },
	{ "memory", required_argument, NULL, OPT_MEMORY },
	{ "memory-type", required_argument, NULL, OPT_MEMORY_TYPE },
	{ "processors", required_argument, NULL, OPT_PROCESSORS },
	{ "timeout", required_argument, NULL, OPT_TIMEOUT },
	{ "log-limit", required_argument, NULL, OPT_LOG },
	{ "endpoint", required_argument, NULL, OPT_ENDPOINT },
	{ "responder", required_argument, NULL, OPT_RESPONDER },
	{ "serial", no_argument, NULL, OPT_SERIAL },
	{ "help", no_argument, NULL, OPT_HELP },
	{ NULL, 0, NULL, 0 },
};

static bool options_number(const char *name, const char *text, u32 least,
			   u32 most, u32 *value)
{
	u64 v;

	if (!parse_u64(text, &v) || v < least || v > most)
		return complain("--%s %s: must be %u to %u", name, text, least,
				most);
	*value = v;
	return true;
}

static bool options_list(const char *name, const char **list, unsigned int *n,
			 const char *text)
{
	if (*n < LINKS_MAX) {
		list[(*n)++] = text;
		return true;
	}
	return complain("--%s: %u times at most", name, LINKS_MAX);
}

static bool options_endpoint(struct options *o, const char *text)
{
	if (external_spec_ok(text))
		return options_list("endpoint", o->endpoint, &o->endpoints,
				    text);
	return complain("--endpoint %s: must be %s", text,
			"builtin, pty, socket:PATH or connect:PATH");
}

static bool options_responder(struct options *o, const char *text)
{
	if (!strncmp(text, "socket:", 7) && text[7])
		return options_list("responder", o->responder, &o->responders,
				    text + 7);
	return complain("--responder %s: must be socket:PATH", text);
}

static bool options_memory_type(struct options *o, const char *text)
{
	static const char * const names[] = { MEMORY_TYPES };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (!strcmp(text, names[i])) {
			o->memory_type = i;
			return true;
		}
	}
	return complain("--memory-type %s: not on this machine", text);
}

static bool options_one(struct options *o, int opt)
{
	switch (opt) {
	case OPT_DIR:
		o->dir = optarg;
		return true;
	case OPT_TABLES:
		o->tables = optarg;
		return true;
	case OPT_MEMORY:
		return options_number("memory", optarg, 128, 2048,
				      &o->memory_mb);
	case OPT_MEMORY_TYPE:
		return options_memory_type(o, optarg);
	case OPT_PROCESSORS:
		return options_number("processors", optarg, 1, 8,
				      &o->processors);
	case OPT_TIMEOUT:
		return options_number("timeout", optarg, 0, 1000000,
				      &o->timeout_s);
	case OPT_LOG:
		return options_number("log-limit", optarg, 1, 4096,
				      &o->log_mb);
	case OPT_ENDPOINT:
		return options_endpoint(o, optarg);
	case OPT_RESPONDER:
		return options_responder(o, optarg);
	case OPT_SERIAL:
		o->serial = true;
		return true;
	default:
		return false;
	}
}

static bool options_complete(const struct options *o)
{
	const char *missing = !o->dir ? "--dir RUNDIR" :
			      !o->tables ? "--tables VARIANT_DIR" :
			      !o->command[0] ? "-- QEMU..." : NULL;

	if (missing)
		return complain("%s is missing (--help)", missing);
	/* A comma or a newline would end QEMU's option there. */
	return !strpbrk(o->tables, ",\n") ||
	       complain("--tables %s: no comma", o->tables);
}

int options_parse(struct options *o, int argc, char **argv)
{
	int opt;

	*o = (struct options){ .memory_mb = 256, .processors = 1,
				.log_mb = 64 };
	optind = 0;
	opterr = 1;
	while ((opt = getopt_long(argc, argv, "+", options_long, NULL)) != -1) {
		if (opt == OPT_HELP) {
			fputs(options_help, stdout);
			return EXIT_OK;
		}
		if (!options_one(o, opt))
			return EXIT_USAGE;
	}
	o->command = argv + optind;
	return options_complete(o) ? -1 : EXIT_USAGE;
}
