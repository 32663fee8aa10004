# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
# shellcheck shell=bash disable=SC2034 # used by those who read lib.sh
#
# x86-64, the machine that the lab itself runs on.

# Whose kernels: a fragment of config/, and part of their directories' names.
CONFIG_ARCH=x86_64
ARCH_INFIX=
CROSS=
KERNEL_ENV=()
KERNEL_TARGET=bzImage
KERNEL_IMAGE=arch/x86/boot/bzImage
QEMU=(qemu-system-x86_64 -cpu "max,la57=off")
# On a busy host the guest measures the TSC wrongly: its clock runs too fast.
CLOCK=(tsc=unstable clocksource=hpet)
CMDLINE="console=ttyS0 loglevel=5 printk.devkmsg=on panic=-1"
CMDLINE="$CMDLINE random.trust_cpu=on no_timer_check ${CLOCK[*]}"
KUNIT=(--arch x86_64 "${CLOCK[@]/#/--kernel_args=}")
# Table variants of pcc-platform that this machine lacks.
NO_TABLES=

# The guest's programs are those of the host.
guest_packages() {
	:
}

# libraries ROOT PROGRAM: what a dynamic program needs, and its loader; others
# need none. A line each, as the guest has it.
libraries() {
	{ ldd "$2" 2>/dev/null || true; } | awk '
		$2 == "=>" && $3 ~ /^\// { print $3 }
		$1 ~ /^\// { print $1 }
	'
}
