# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
# shellcheck shell=bash disable=SC2034 # used by those who read lib.sh
#
# i386: the KUnit suite only. The virtual platform is a 64-bit machine.

# shellcheck source=tools/lab/common/arch/x86_64.sh
. "$LAB/common/arch/x86_64.sh"
ARCH_INFIX=i386-
CONFIG_ARCH=i386
KERNEL_ENV=(ARCH=i386)
QEMU=(qemu-system-i386)
KUNIT=(--arch i386 "${CLOCK[@]/#/--kernel_args=}")

guest_packages() {
	die "ARCH=i386 has the KUnit suite and nothing else"
}
