# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
"""What the running kernel made of the devices."""

import os
import pathlib
import re
import subprocess

DEVICES = 'sys/bus/platform/devices'
TABLES = 'sys/firmware/acpi/tables'


def links(root):
    """(device, driver or None, [interfaces]) of the machine below root."""
    for path in sorted(pathlib.Path(root, DEVICES).glob('DMT0001:*')):
        driver = path / 'driver'
        yield (path.name,
               os.path.basename(os.readlink(driver)) if driver.is_symlink() else None,
               sorted(net.name for net in path.glob('net/*')))


def lines(root):
    """One for each device."""
    for device, driver, interfaces in links(root):
        state = f'is bound to {driver}' if driver else 'has no driver'
        yield ' '.join([f'kernel: {device} {state}', *interfaces])


def queue_notes(root):
    """A qdisc that does not let a long message through whole."""
    for _, _, interfaces in links(root):
        for name in interfaces:
            try:
                done = subprocess.run(
                    ['tc', 'qdisc', 'show', 'dev', name], timeout=5,
                    stdin=subprocess.DEVNULL, capture_output=True, check=False)
            except (OSError, subprocess.TimeoutExpired):
                return
            if re.search(rb'^qdisc fq_codel', done.stdout, re.M):
                yield name, (
                    f'{name} has the qdisc fq_codel, which drops packets of a '
                    f'long message: tc qdisc replace dev {name} root pfifo_fast')
