#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
#
# Job of `make run`.

set -eu

cat /proc/sys/kernel/ostype /proc/sys/kernel/osrelease | tr '\n' ' '
echo "with mctp-pcc on the virtual platform"
ethtool -i mctppcc1
conversation mctppcc1 0
ip -s link show mctppcc1
