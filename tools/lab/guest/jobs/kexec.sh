#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
#
# kexec.sh PROGRAM VARIANT: runs the program's test "before", which starts this guest's own
# kernel and initramfs (boot-guest --own), and under those its test "after".

if grep -qw "$1" /proc/cmdline; then
	exec "$1" -r "kexec.$2.after"
fi
PCC_KEXEC_KERNEL=/lab/own/kernel PCC_KEXEC_INITRD=/lab/own/initrd \
	exec "$1" -r "kexec.$2.before"
