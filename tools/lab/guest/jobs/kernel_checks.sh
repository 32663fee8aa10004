#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
#
# kernel_checks.sh debug|kcsan|rt|slub|threads|64k...: tests that what the kernel was
# configured for, or told on its command line, is there.

. "$(dirname "$0")/tap.sh"

configured() {
	zcat /proc/config.gz | grep -qx "CONFIG_$1=y"
}

logged() {
	dmesg | grep -q "$1"
}

# While the link is up, its interrupts have threads of their own; other drivers
# ask for such, the mailbox's does not.
threaded() {
	ip link set mctppcc1 up
	grep -qs '^irq/[0-9]*-pcc' /proc/[0-9]*/comm
	rc=$?
	ip link set mctppcc1 down
	return "$rc"
}

# slub CACHE: what is freed into it is poisoned, checked and fenced in
slub() {
	for kind in poison sanity_checks red_zone; do
		[ "$(cat "/sys/kernel/slab/$1/$kind")" = 1 ] || return
	done
}

checks() {
	case $1 in
	debug)
		check kasan.configured configured KASAN_GENERIC
		check kasan.running logged 'KernelAddressSanitizer initialized'
		check lockdep.configured configured PROVE_LOCKING
		check lockdep.running grep -q 'debug_locks: *1' /proc/lockdep_stats
		check atomic_sleep.configured configured DEBUG_ATOMIC_SLEEP
		check kmemleak.running test -e /sys/kernel/debug/kmemleak
		check kmemleak.scans sh -c 'echo scan >/sys/kernel/debug/kmemleak'
		check slub.running slub kmalloc-64
		check net.configured configured DEBUG_NET
		check refcount.configured configured NET_DEV_REFCNT_TRACKER
		check list.configured configured DEBUG_LIST
		check objects.running test -e /sys/kernel/debug/debug_objects/stats
		check failslab.running test -e /sys/kernel/debug/failslab/probability
		;;
	kcsan)
		check kcsan.configured configured KCSAN
		check kcsan.weak_memory configured KCSAN_WEAK_MEMORY
		check kcsan.running grep -q '^setup_watchpoints: *[1-9]' \
			/sys/kernel/debug/kcsan
		;;
	rt)
		check rt.running grep -q PREEMPT_RT /proc/version
		check lockdep.running grep -q 'debug_locks: *1' /proc/lockdep_stats
		;;
	slub)
		# the driver's packets are of these
		check slub.heads slub skbuff_head_cache
		check slub.data slub skbuff_small_head
		check slub.large slub kmalloc-2k
		;;
	threads)
		check threads.running threaded
		;;
	64k)
		check pages.running grep -q '^KernelPageSize: *64 kB' /proc/self/smaps
		;;
	*)
		check "$1" false
		;;
	esac
}

for what; do
	checks "$what"
done
echo "1..$n"
