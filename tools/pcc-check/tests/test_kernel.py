# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
"""Our rules for the PCCT against the kernel's own functions, in user space."""

import collections
import os
import struct
import subprocess
import sys
import tempfile
import unittest

from tables import write
from test_cases import CASES
from test_fuzz import Mutator
from test_rules import REFUSED, WARNINGS
import pcct

SEED, TABLES = 1, 2000
ZEROS, ONES = 0x00, 0xff
TYPE_1, TYPE_4 = 1, 4
HERE = os.path.dirname(os.path.abspath(__file__))
LAB = os.path.join(HERE, '..', '..', 'lab')
HEADERS = ('linux/mailbox_client', 'linux/mailbox_controller', 'linux/fw_table',
           'acpi/pcc')
# What mailbox.c calls, and which file has it
CALLED = (('lib/fw_table.c', 'acpi_parse_entries_array'),
          ('drivers/mailbox/pcc.c', 'acpi_pcc_probe', 'pcc_mbox_probe'))


def printed(*command, **kwargs):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, **kwargs).stdout


def build(top):
    """Compiles mailbox.c with the kernel's parts; the program's path."""
    prepare = os.path.join(LAB, 'prove', 'prepare-source')
    # KDIR, or Debian's
    kernel = printed(os.path.join(LAB, 'kernel', 'fetch-source')).decode().strip()
    headers = [printed(prepare, '--bare', f'{kernel}/include/{name}.h')
               for name in HEADERS]
    parts = [printed(prepare, '--parts', f'{kernel}/{path}', *names)
             for path, *names in CALLED]
    write(top, {'kernel_headers.h': b''.join(headers),
                'kernel_parts.h': b''.join(parts)})
    program = os.path.join(top, 'mailbox')
    printed('gcc', '-O1', '-w', '-D_LINUX', '-I', top, '-I', f'{kernel}/include',
            '-I', os.path.join(LAB, 'prove', 'model'), '-o', program,
            os.path.join(HERE, 'mailbox.c'))
    return program


def ours(data, fill):
    """Our result as mailbox.c prints the kernel's."""
    try:
        entries = pcct.walk(data, pcct.count(data), fill)
    except pcct.Unusable:
        return 'refused'
    interrupts = data[36] & 1
    words = ['accepted']
    for entry in entries:
        size = entry.field('<Q', 16) if entry.type <= 2 else entry.size
        gsi = entry.gsi & 0x7fffffff or 1
        words.append(f'{entry.type}:{entry.base:x}:{size:x}:' + str(
            gsi if interrupts and TYPE_1 <= entry.type <= TYPE_4 else 0))
    return ' '.join(words)


class Kernel(unittest.TestCase):
    """Same result, same subspaces."""

    @classmethod
    def setUpClass(cls):
        cls.top = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.top.cleanup)
        cls.program = build(cls.top.name)

    def compare(self, tables):
        """How often the kernel says what, with zeros and with ones behind."""
        pairs = [(data, fill) for data in tables for fill in (ZEROS, ONES)]
        stream = b''.join(struct.pack('<IB', len(data), fill) + data
                          for data, fill in pairs)
        said = printed(self.program, input=stream, timeout=120).decode().splitlines()
        self.assertEqual(len(said), len(pairs))
        for (data, fill), result in zip(pairs, said):
            self.assertEqual(ours(data, fill), result, f'{data.hex()} before {fill:#x}')
        for data, zeros, ones in zip(tables, said[::2], said[1::2]):
            differ = zeros.split()[0] != ones.split()[0]
            self.assertFalse(differ and pcct.Mailbox(data).certain, data.hex())
        return collections.Counter(
            (zeros.split()[0], ones.split()[0])
            for zeros, ones in zip(said[::2], said[1::2]))

    def test_cases(self):
        """The tables of all other tests."""
        tables = [files['PCCT.dat'] for _, files, *_ in CASES if 'PCCT.dat' in files]
        tables += [data for _, data, *_ in REFUSED + WARNINGS if data]
        self.compare(tables)

    def test_fuzzed(self):
        """Mutated tables; each kind of result has its share."""
        rng = Mutator(SEED)
        counts = self.compare([rng.pcct() for _ in range(TABLES)])
        print(f'{TABLES} tables, with zeros and with ones behind:',
              ', '.join(f'{number} {a}/{b}' for (a, b), number
                        in sorted(counts.items())), file=sys.stderr)
        for kind in (('accepted',) * 2, ('refused',) * 2, ('refused', 'accepted')):
            self.assertGreater(counts[kind], TABLES // 50, kind)
