# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
# shellcheck shell=dash
#
# Shared by the guest's test scripts: results in KTAP, and common checks.

# shows FILE TEXT
shows() {
	[ "$(cat "$1")" = "$2" ]
}

# counted LINK COUNTER=N...: the platform has counted this on the link
counted() {
	counters=" $(platform counters "$1") "
	shift
	for counter; do
		case $counters in
		*" $counter "*) ;;
		*) return 1 ;;
		esac
	done
}

echo "TAP version 13"
n=0

# check NAME COMMAND...: one result; a failure with the last lines of the output
check() {
	name=$1
	shift
	n=$((n + 1))
	if output=$("$@" 2>&1); then
		echo "ok $n $name"
	else
		echo "not ok $n $name"
		echo "$output" | tail -n 3 | sed 's/^/# /'
	fi
}
