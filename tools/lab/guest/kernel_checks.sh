#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
#
# kernel_checks.sh debug|kcsan|rt: proves, in KTAP, that what the kernel was
# configured for is really there: a Kconfig conflict may drop an option without a
# word.

. "$(dirname "$0")/tap.sh"

configured() {
	zcat /proc/config.gz | grep -qx "CONFIG_$1=y"
}

logged() {
	dmesg | grep -q "$1"
}

case $1 in
debug)
	echo "1..13"
	check kasan.configured configured KASAN_GENERIC
	check kasan.running logged 'KernelAddressSanitizer initialized'
	check lockdep.configured configured PROVE_LOCKING
	check lockdep.running grep -q 'debug_locks: *1' /proc/lockdep_stats
	check atomic_sleep.configured configured DEBUG_ATOMIC_SLEEP
	check kmemleak.running test -e /sys/kernel/debug/kmemleak
	check kmemleak.scans sh -c 'echo scan >/sys/kernel/debug/kmemleak'
	check slub.running \
		test "$(cat /sys/kernel/slab/kmalloc-64/poison)" = 1
	check net.configured configured DEBUG_NET
	check refcount.configured configured NET_DEV_REFCNT_TRACKER
	check list.configured configured DEBUG_LIST
	check objects.running test -e /sys/kernel/debug/debug_objects/stats
	check failslab.running test -e /sys/kernel/debug/failslab/probability
	;;
kcsan)
	echo "1..3"
	check kcsan.configured configured KCSAN
	check kcsan.weak_memory configured KCSAN_WEAK_MEMORY
	# it has watched accesses, and some of its watches were hit
	check kcsan.running grep -q '^setup_watchpoints: *[1-9]' \
		/sys/kernel/debug/kcsan
	;;
rt)
	echo "1..3"
	check rt.running grep -q PREEMPT_RT /proc/version
	check rt.threads sh -c 'ps | grep -q "\[irq/"'
	check lockdep.running grep -q 'debug_locks: *1' /proc/lockdep_stats
	;;
esac
