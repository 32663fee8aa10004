# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
# shellcheck shell=bash
#
# For redcheck: a test that has to fail, or else it proves
# nothing. Read after lib.sh; WORK is where the part of the tests that has it puts
# its results and its log.

# run_part kunit -|ARCH | run_part PROGRAM KERNEL: the part of the tests that matters.
run_part() {
	case $1/$2 in
	kunit/-) "$LAB/suites/kunit" ;;
	kunit/*) LAB_ARCH=$2 "$LAB/suites/kunit" ;;
	*) "$LAB/suites/selftest" -o "$1" "$2" ;;
	esac
}

# stays_green PATCH KEY NAME=VALUE...: runs, with these variables, what the patch
# names behind KEY. Prints why that test is not red, or nothing.
stays_green() {
	local part kernel test file=$WORK/results/selftest

	read -r part kernel test < <(sed -n "s/^$2: //p" "$1") || true
	[ -n "$test" ] || { echo "has no line $2: PART KERNEL TEST" && return; }
	case $part/$kernel in
	kunit/-) file=$WORK/results/kunit ;;
	kunit/*) file=$WORK/$kernel/results/kunit ;;
	esac
	rm -f "$file"
	mkdir -p "$WORK/log"
	(export "${@:3}" && run_part "$part" "$kernel") \
		>"$WORK/log/part.log" 2>&1 || true
	[ -s "$file" ] || { echo "ran no test" && return; }
	grep -qP "^fail\t[^\t]*: \Q$test\E\t" "$file" ||
		echo "$test stays green"
}

# judge NAME WHY: one result; WHY is empty if all is red that has to be.
judge() {
	if [ -z "$2" ]; then
		printf 'pass\t%s\t\n' "$1" >>"$RESULTS"
		say "$1: red, as it must be"
		return
	fi
	printf 'fail\t%s\t%s\n' "$1" "$2" >>"$RESULTS"
	say "$1: FAILED: $2"
	tail -n 15 "$WORK/log/part.log" >&2
}
