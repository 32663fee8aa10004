# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
# shellcheck shell=bash disable=SC2034 # used by those who read lib.sh
#
# arm64, cross-compiled and emulated on an x86-64 machine.

# Whose kernels: a fragment of config/, and part of their directories' names.
CONFIG_ARCH=arm64
ARCH_INFIX=arm64-
CROSS=aarch64-linux-gnu-
KERNEL_ENV=(ARCH=arm64 "CROSS_COMPILE=$CROSS")
KERNEL_TARGET=Image
KERNEL_IMAGE=arch/arm64/boot/Image
# LAB_QEMU: another version's command, see memory-types
read -r -a QEMU <<<"${LAB_QEMU:-qemu-system-aarch64} -cpu cortex-a57"
# acpi, efi: the platform's tables come without a firmware to call.
CMDLINE="console=ttyAMA0 acpi=force efi=noruntime loglevel=5"
CMDLINE="$CMDLINE printk.devkmsg=on panic=-1"
KUNIT=(--qemu_config "$LAB/common/arch/arm64_kunit.py" --cross_compile "$CROSS")
# Table variants of pcc-platform that this machine lacks.
NO_TABLES='shared cppc'

# Debian's suite, and the packages of it, that the guest's programs are taken from.
guest_packages() {
	echo bookworm/arm64 bash busybox-static dash ethtool iproute2 tcpdump
}

# libraries ROOT PROGRAM: what a dynamic program needs, and its loader; others
# need none. A line each, as the guest has it.
libraries() {
	local todo=("$2") seen=' ' name path

	{ readelf -lW "$2" 2>/dev/null || true; } |
		sed -n 's/.*program interpreter: \(.*\)]$/\1/p'
	while [ ${#todo[@]} -gt 0 ]; do
		while read -r name; do
			[[ $seen != *" $name "* ]] || continue
			seen="$seen$name "
			path=$(cd "$1" && find {usr/,}lib/aarch64-linux-gnu \
				-maxdepth 1 -name "$name" -print -quit)
			[ -n "$path" ] || die "$2: no library $name for arm64"
			echo "/$path"
			todo+=("$1/$path")
		done < <({ readelf -dW "${todo[0]}" 2>/dev/null || true; } |
			sed -n 's/.*(NEEDED).*\[\(.*\)\]$/\1/p')
		todo=("${todo[@]:1}")
	done
}
