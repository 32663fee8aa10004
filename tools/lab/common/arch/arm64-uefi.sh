# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
# shellcheck shell=bash disable=SC2034 # used by those who read lib.sh
#
# arm64 behind a stock UEFI firmware, with the same kernels.

# shellcheck source=tools/lab/common/arch/arm64.sh
. "$LAB/common/arch/arm64.sh"
QEMU+=(-bios /usr/share/qemu-efi-aarch64/QEMU_EFI.fd)
CMDLINE="console=ttyAMA0 loglevel=5 printk.devkmsg=on panic=-1"
