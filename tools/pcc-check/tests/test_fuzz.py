# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
"""Mutated input: never an exception, never a long time, never much memory."""

import contextlib
import itertools
import os
import resource
import sys
import tempfile
import time
import types
import unittest
from unittest import mock

import mutate
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


class Fuzz(unittest.TestCase):
    """Seeded: a failure can be seen again."""

    def setUp(self):
        self.rng = mutate.Mutator(SEED)
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
        """The input number i."""
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
        for text in ('ACPI Namespace (from Namespace Root):\n 0  _SB_ Device  '
                     '0x1 000 \n 9  X Y\n 7    ABCD Integer 0x1 000 = zz\n'
                     'Namespace node count: 2\n', '', 'ACPI Namespace (from'):
            for _ in range(200):
                printed = self.rng.bytes_of(text.encode()).decode('utf-8', 'replace')
                with contextlib.suppress(acpica.ToolError):
                    acpica.Loaded(printed)
                acpica.values(printed, acpica.Reads([]))

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


if __name__ == '__main__':
    unittest.main()
