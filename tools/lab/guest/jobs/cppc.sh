#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
#
# cppc.sh: the kernel's cppc_acpi, on the tables `cppc`: a client of type 0, which polls.
# Each file is one command.

. "$(dirname "$0")/tap.sh"

cd /sys/devices/system/cpu/cpu0/acpi_cppc || exit

# The core's, of a platform that refuses: an error, and the next one works
refused() {
	platform completion 1 mode=error && ! read -r _ <highest_perf
}

platform reset 1 >/dev/null
echo "1..8"
check cppc.highest shows highest_perf 300
check cppc.nominal shows nominal_perf 200
check cppc.nonlinear shows lowest_nonlinear_perf 100
check cppc.lowest shows lowest_perf 50
check cppc.counters shows feedback_ctrs 'ref:500 del:750'
check cppc.again shows highest_perf 300
# none ended with an interrupt
check cppc.counted counted 1 in_packets=6 completions=6 outbox_irqs=0 violations=0 \
	in_errored=0
check cppc.refused refused
