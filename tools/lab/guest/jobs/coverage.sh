#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
#
# coverage.sh PROGRAM...: runs selftests, then prints the counts of gcov in lines that
# begin with "gcda ".

cd /lab/selftests || exit
for program; do
	echo "coverage.sh: $program"
	"./$program"
done
found=$(find /sys/kernel/debug/gcov -name mctp-pcc.gcda)
[ -n "$found" ] || exit
busybox base64 "$found" | sed 's/^/gcda /'
echo "gcda end"
