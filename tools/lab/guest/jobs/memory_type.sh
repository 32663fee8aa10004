#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
#
# memory_type.sh TYPE: says, in KTAP, whether the kernel's page tables have the
# shared memory of each link mapped as TYPE (DEVICE/nGnRnE, MEM/NORMAL, ...).

. "$(dirname "$0")/tap.sh"

TYPE=$1

# mapping VIRTUAL: the line of the page tables that has this address
mapping() {
	awk -v at="$1" '
		split($1, range, "-") == 2 && range[1] <= at && at < range[2]
	' /sys/kernel/debug/kernel_page_tables
}

has_type() {
	case $1 in
	*" $TYPE"*) ;;
	*) return 1 ;;
	esac
}

echo 1 >/proc/sys/kernel/kptr_restrict
# lines "virtual-address physical-address" of what the driver has mapped
mapped=$(awk '/phys=0x00000000401/ {
	split($1, at, "-")
	for (i = 2; i <= NF; i++)
		if ($i ~ /^phys=/)
			print at[1], substr($i, 6)
}' /proc/vmallocinfo)
echo "1..$(echo "$mapped" | grep -c .)"
while read -r virtual physical; do
	line=$(mapping "$virtual")
	echo "# $line"
	check "memory_type.$physical" has_type "$line"
done <<END_OF_LIST
$mapped
END_OF_LIST
