#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
#
# Logs a BUG line if memory leaked: if kmemleak reports an object, or if ref_tracker has a
# file in debugfs of a net device that is gone. kmemleak reports no net device, since that
# file refers to it. lo and dummy0 are older than debugfs: they have no files.

debug=/sys/kernel/debug
[ -e "$debug/kmemleak" ] || exit 0
sleep 6
# Twice: a pointer that moved during the first scan is found by the second.
echo scan >"$debug/kmemleak"
echo scan >"$debug/kmemleak"
devices=$(find /sys/class/net -type l ! -name lo ! -name dummy0 | wc -l)
allocated=$(find "$debug/ref_tracker" -name 'netdev@*' | wc -l)
[ -s "$debug/kmemleak" ] || [ "$allocated" != "$devices" ] || exit 0
cat "$debug/kmemleak"
echo "net devices but lo and dummy0: $devices, allocated: $allocated"
echo '<3>BUG: memory leak, see above' >/dev/kmsg
