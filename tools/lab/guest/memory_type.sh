#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
#
# memory_type.sh TYPE: says, in KTAP, whether the kernel's page tables have the
# shared memory of each link mapped as TYPE (DEVICE/nGnRnE, MEM/NORMAL, ...).

echo 1 >/proc/sys/kernel/kptr_restrict
# lines "virtual-address physical-address" of what the driver has mapped
mapped=$(awk '/phys=0x00000000401/ {
	split($1, at, "-")
	for (i = 2; i <= NF; i++)
		if ($i ~ /^phys=/)
			print at[1], substr($i, 6)
}' /proc/vmallocinfo)
n=0
echo "TAP version 13"
echo "1..$(echo "$mapped" | grep -c .)"
while read -r virtual physical; do
	n=$((n + 1))
	line=$(awk -v at="$virtual" '
		split($1, range, "-") == 2 && range[1] <= at && at < range[2]
	' /sys/kernel/debug/kernel_page_tables)
	case $line in
	*" $1"*) echo "ok $n memory_type.$physical" ;;
	*) echo "not ok $n memory_type.$physical # $line" ;;
	esac
done <<END_OF_LIST
$mapped
END_OF_LIST
