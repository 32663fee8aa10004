#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
#
# The guest's part of `make cost`: lines "figure WHO.BYTES.INTERVAL INSTRUCTIONS", of the
# driver and of the bare mailbox, several rounds of each.

ROUNDS=3
SIZES='68 512 4096 8192'
COUNT=/sys/module/pcc_count/parameters
BARE=/sys/module/pcc_bare/parameters

inbound() {
	platform flood 0 count=50 len="$1" eid=8 src=9 rest=0 >/dev/null &&
		platform quiesce 0 >/dev/null
}

# One packet at a time on an idle channel; many that wait, while the platform keeps the
# first; and inbound ones.
driver() {
	packets mctppcc1 20 "$1" step >/dev/null &&
		packets mctppcc1 50 "$1" queued 0 >/dev/null && inbound "$1"
}

bare() {
	echo "20 $1" >"$BARE/step" && echo "50 $1" >"$BARE/pump" && inbound "$1"
}

# measure WHO NAME: NAME is what pcc_count calls it
measure() {
	for _ in $(seq "$ROUNDS"); do
		for size in $SIZES; do
			echo "$2" >"$COUNT/on"
			"$1" "$size" || exit
			echo off >"$COUNT/on"
			sed "s/^/figure $1.$size./; s/ [0-9]*$//" \
				"$COUNT/figures"
		done
	done
}

set -e
insmod /lab/pcc_count.ko outbox=0 inbox=1
ip link set mctppcc1 mtu 8192 up
measure driver mctppcc1
ip link set mctppcc1 down
insmod /lab/pcc_bare.ko outbox=0 inbox=1
measure bare bare
rmmod pcc_bare
rmmod pcc_count
