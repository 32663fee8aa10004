#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
#
# clients.sh: two other clients of the kernel, on the tables `example`: the PCC operation
# region with link 2 (type 3), xgene-hwmon with links 3 and 4 (types 2 and 1).

. "$(dirname "$0")/tap.sh"

SUN=/sys/bus/acpi/devices/MPCC0001:00/sun
cd /sys/bus/platform/devices/APMC0D29:00/hwmon/hwmon* || exit

acknowledged() {
	platform irq 3 box=outbox count=3 | grep -q 'sent=3 taken=3'
}

# went_well LINK COMMANDS: all did, and each ended with an interrupt
went_well() {
	counted "$1" "in_packets=$2" "doorbells=$2" "completions=$2" "outbox_irqs=$2" \
		violations=0 in_errored=0
}

# With one read: cat tries again.
late() {
	platform completion 3 mode=no-irq && ! read -r _ <temp1_input
}

echo "1..14"
check clients.type3.set shows "$SUN" 2983
check clients.type3.again shows "$SUN" 2984
check clients.type3.counted went_well 2 6
check clients.type2.name shows name apm_xgene
check clients.type2.temperature shows temp1_input 42000
check clients.type2.cores shows power1_input 5250000
check clients.type2.rest shows power2_input 3125000
check clients.type2.counted went_well 3 5
check clients.type2.acknowledge acknowledged
check clients.type2.no-irq late
check clients.type2.later shows temp1_input 42000
check clients.type2.quiesce platform quiesce 3
cd /sys/bus/platform/devices/APMC0D29:01/hwmon/hwmon* || exit
check clients.type1.temperature shows temp1_input 42000
check clients.type1.counted went_well 4 1
