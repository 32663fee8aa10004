# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
"""The machine for kunit.py; the kernel's own description needs a console driver that
our configuration lacks."""

from ..qemu_config import QemuArchParams

QEMU_ARCH = QemuArchParams(
    linux_arch='arm64', kconfig='', qemu_arch='aarch64',
    kernel_path='arch/arm64/boot/Image',
    kernel_command_line='console=ttyAMA0',
    extra_qemu_params=['-machine', 'virt', '-cpu', 'cortex-a57'])
