# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
"""Mutated input: never an exception, never a long time, never much memory."""

import contextlib
import itertools
import os
import random
import resource
import struct
import sys
import tempfile
import time
import types
import unittest
from unittest import mock

import tables
from tables import (PAIR, SOUND, aml, checksum, crs, crs_bytes, device, dump,
                    generic, pcct, plain, run_on, write)
import acpica
import crs as resources
import link
import notes
from inputs import Inputs
from pcct import Pcct

SEED = 2
COUNT = 5000            # inputs: readers and rules in this process
PROGRAMS = 60           # runs of the whole program, with acpiexec
LONGEST = 2.0           # seconds of processor time for one input
GROWTH = 64 << 10       # KiB that all of them together may take
METHODS = f'''Method (_STA) {{ If (CondRefOf (\\_SB.PCI0)) {{ Return (0) }}
    Return (15) }} Method (_CRS, 0, Serialized) {{ Name (RBUF, {crs(0, 0)})
    CreateDWordField (RBUF, 36, INBX) INBX = 1 Return (RBUF) }}'''
EDGES = (0, 1, 2, 3, 7, 8, 16, 63, 64, 83, 84, 127, 128, 164, 255, 0xff00,
         0xffff, 1 << 31, (1 << 32) - 1, 1 << 52, (1 << 64) - 1)
# Where the fields of a type 3 or 4 entry are that the kernel looks at.
FIELDS = ((0, 'B'), (1, 'B'), (2, 'I'), (6, 'B'), (8, 'Q'), (16, 'I'),
          (20, 'B'), (21, 'B'), (24, 'Q'), (48, 'I'), (56, 'I'), (60, 'B'),
          (61, 'B'), (64, 'Q'), (96, 'B'), (97, 'B'), (99, 'B'), (100, 'Q'),
          (108, 'Q'), (116, 'B'), (117, 'B'), (128, 'Q'), (136, 'Q'),
          (144, 'B'), (145, 'B'), (148, 'Q'))
WORDS = ('PCCT @ 0x0', 'SSDT @ 0x0000000000000000', '0000: ', '    0010: 00 01',
         'DefinitionBlock', '\t', '\ufeff', '\r', '> ', '\0', 'Signature : "PCC')


class Mutator(random.Random):
    """Mutations of tables, of dumps, and of AML, all from one seed."""

    def entry(self):
        """An entry, as a rule a sound one."""
        kind = self.choice((0, 1, 2, 2, 3, 3, 3, 4, 4, 4, 5, 6, 255))
        if kind < 3:
            return tables.generic(kind, self.choice((0, 9, 9, 9, 300)),
                                  self.choice((0, 2, 2, 2, 3)))
        if kind < 5:
            return tables.ext(kind, gsi=self.choice((0, 16, 17, 18, 19, 20)))
        if kind == 5:
            return tables.registers()
        return struct.pack('<BB', kind, 2) + self.randbytes(self.randrange(8))

    def poke(self, data):
        """One field of an entry, or one byte, has another value."""
        data = bytearray(data)
        offset, form = self.choice(FIELDS)
        size = struct.calcsize('<' + form)
        if self.random() < 0.7 and offset + size <= len(data):
            struct.pack_into('<' + form, data, offset,
                             self.choice(EDGES) & (1 << 8 * size) - 1)
        elif data:
            data[self.randrange(len(data))] = self.randrange(256)
        return bytes(data)

    def pcct(self):
        """A PCCT: entries, some of them mutated, at times cut or with a tail."""
        entries = [self.entry() for _ in range(self.randrange(1, 6))]
        if self.random() < 0.3:
            entries = list(tables.PAIR) + entries
        for _ in range(self.choice((0, 0, 0, 1, 1, 2, 5))):
            i = self.randrange(len(entries))
            entries[i] = self.poke(entries[i])
        if self.random() < 0.02:
            entries *= self.choice((50, 90, 300))
        tail = self.randbytes(self.randrange(40)) \
            if self.random() < 0.1 else b''
        body = b''.join(entries) + tail
        cut = self.randrange(120) if self.random() < 0.4 else 0
        return tables.pcct(body, flags=self.choice((1, 1, 1, 1, 0, 3)),
                           cut=min(cut, len(body)))

    def bytes_of(self, data):
        """data with a few bytes changed, moved, left out or put in."""
        data = bytearray(data)
        for _ in range(self.randrange(1, 9)):
            at, other = (self.randrange(len(data) + 1) for _ in range(2))
            length, new = self.choice((
                (self.randrange(1, 40), b''),
                (0, self.randbytes(self.randrange(1, 20))),
                (0, data[other:other + 64]),
                (4, struct.pack('<I', self.choice(EDGES) & 0xffffffff)),
                (1, bytes(b ^ 1 << self.randrange(8) for b in data[at:at + 1]))))
            data[at:at + length] = new
        return bytes(data)

    def text_of(self, text):
        """The same for lines, in one of many encodings."""
        lines = text.splitlines()
        for _ in range(self.randrange(1, 9)):
            at = self.randrange(len(lines))
            word = self.choice(WORDS)
            lines[at] = self.choice((
                '', word + lines[at], lines[at][:self.randrange(80)],
                lines[at] + word, lines[at].replace(' ', '', 3),
                lines[at].lower(), self.choice(lines),
                lines[at].replace('0', self.choice('1fg\xe4'))))
        encoding = self.choice(('utf-8', 'utf-16', 'utf-16-be', 'latin-1'))
        data = self.choice(('\n', '\r\n', '\n\n')).join(lines).encode(
            encoding, 'replace')
        return self.bytes_of(data) if self.random() < 0.3 else data


class Fuzz(unittest.TestCase):
    """Seeded: a failure can be seen again."""

    def setUp(self):
        self.rng = Mutator(SEED)
        self.ssdt = aml(plain(0, 1))
        self.text = dump(pcct(*PAIR, generic(2)), self.ssdt)

    @staticmethod
    def judge(data):
        """The rules for a PCCT, for each pair of its first subspaces."""
        table = Pcct(data)
        for pair in itertools.product(range(4), repeat=2):
            device_of_pair = types.SimpleNamespace(crs=acpica.Result(crs_bytes(*pair)))
            try:
                both = link.probe(device_of_pair, table, set())
            except (link.Refusal, link.Unknown):
                continue
            list(notes.notes(both, table, {0: ['x']}))

    def read(self, data, directory):
        """A file of these bytes, as the program reads it, but without iasl."""
        write(directory, {'input': data})
        inputs = Inputs()
        inputs.iasl = mock.Mock(run=mock.Mock(side_effect=acpica.ToolError('none')))
        inputs.add(os.path.join(directory, 'input'))
        for table in inputs.tables:
            if table.signature == 'PCCT':
                self.judge(table.data)
        for name, reason in inputs.unreadable:
            self.assertTrue(name and reason and '\n' not in reason)

    def one(self, i, directory):
        kind = i % 5
        if kind == 0:
            self.judge(self.rng.pcct())
        elif kind == 1:
            self.read(self.rng.bytes_of(SOUND + self.ssdt), directory)
        elif kind == 2:
            with contextlib.suppress(resources.CrsError):
                resources.indices(self.rng.bytes_of(crs_bytes(0, 1)))
        else:
            self.read(self.rng.text_of(self.text), directory)

    def test_readers(self):
        """All in this process."""
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        longest = 0
        with tempfile.TemporaryDirectory() as top:
            for i in range(COUNT):
                with self.subTest(number=i):
                    start = time.process_time()
                    self.one(i, top)
                    longest = max(longest, time.process_time() - start)
        after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        print(f'{COUNT} inputs, the longest took {longest:.3f} s, '
              f'{after - before} KiB more', file=sys.stderr)
        self.assertLess(longest, LONGEST)
        self.assertLess(after - before, GROWTH)

    def test_acpica(self):
        """What acpiexec prints of mutated tables."""
        empty = acpica.Loaded('ACPI Namespace (from\nNamespace node count: 0')
        for text in ('ACPI Namespace (from Namespace Root):\n 0  _SB_ Device  '
                     '0x1 000 \n 9  X Y\n 7    ABCD Integer 0x1 000 = zz\n'
                     'Namespace node count: 2\n', '', 'ACPI Namespace (from'):
            for _ in range(200):
                printed = self.rng.bytes_of(text.encode()).decode('utf-8', 'replace')
                with contextlib.suppress(acpica.ToolError):
                    acpica.Loaded(printed)
                acpica.values(printed, empty)

    def test_program(self):
        """With acpiexec: mutated AML, its checksum right so that it is run."""
        sources = [plain(0, 1), device(METHODS),
                   f'Name (HAVE, 1) If (HAVE) {{ {plain(0, 1)} }}']
        seen = set()
        for i in range(PROGRAMS):
            data = aml(sources[i % 3])
            body = self.rng.bytes_of(data[36:])
            data = checksum(data[:4] + (36 + len(body)).to_bytes(4, 'little') +
                            data[8:36] + body)
            with self.subTest(number=i):
                status, out, err = run_on({'p.dat': SOUND, 's.aml': data})
                self.assertIn(status, (0, 1, 2), data.hex())
                self.assertNotRegex(err, 'Traceback|a defect of pcc-check', data.hex())
                self.assertTrue(out + err)
                seen.add(status)
        self.assertGreater(len(seen), 1)
