# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
"""Tables from a short description: built by iasl, judged by pcc-check."""

import json
import os
import re

from scripts import TOP, Temporary, run, write

PLATFORM = os.path.join(TOP, 'tools', 'pcc-platform')
PCC_CHECK = os.path.join(TOP, 'tools', 'pcc-check', 'pcc-check')


class MakeTables(Temporary):

    def built(self, text):
        """(what pcc-check says of the tables, links.conf)."""
        names = [self.at('tables/custom', name)
                 for name in ('pcct.aml', 'ssdt.aml', 'links.conf')]
        self.output(run('make', '-s', '-C', PLATFORM, f'O={self.top}',
                        f'CONF={write(self.at("conf"), text)}', *names))
        check = run(PCC_CHECK, '-v', self.at('tables/custom'))
        self.assertEqual(check.stderr, '')
        return check.stdout, self.read('tables/custom/links.conf')

    def table(self, name):
        """The bytes of a table that was built."""
        with open(self.at('tables/custom', name), 'rb') as file:
            return file.read()

    def entries(self, count):
        """The first entries of the PCCT that was built."""
        pcct = self.table('pcct.aml')
        return [pcct[48 + 164 * n:][:164] for n in range(count)]

    def latencies(self):
        """Of the links of the tables that were built last."""
        check = run(PCC_CHECK, '--json', self.at('tables/custom'))
        return [device['link']['outbox']['latency_us']
                for device in json.loads(check.stdout)['devices']]

    def make_tables(self, text, machine='x86_64'):
        """The finished process of the program itself."""
        return run(os.path.join(PLATFORM, 'acpi', 'make-tables'),
                   os.path.join(PLATFORM, 'acpi', machine),
                   write(self.at('conf'), text), self.top)

    def test_all_keys(self):
        """Each key has its effect on the tables."""
        out, conf = self.built(
            'link # all defaults\n\n'
            'link crs=memory outbox=84 inbox=16384 latency=3000 turnaround=7 '
            'outbox-irq=22 inbox-irq=18 signature=os\n'
            'link crs=qword\n')
        self.assertEqual(re.findall(r'outbox \d+ of (\d+) .*inbox \d+ of '
                                    r'(\d+) .*turnaround (\d+)', out),
                         [('8208', '8208', '0'), ('84', '16384', '7'),
                          ('8208', '8208', '0')])
        self.assertEqual(self.latencies(), [1000, 3000, 1000])
        lines = [dict(p.split('=') for p in line.split()[1:])
                 for line in conf.splitlines() if line.startswith('link')]
        self.assertEqual((lines[1]['turnaround_us'], lines[1]['signature']),
                         ('7', 'os'))
        self.assertEqual(lines[0]['signature'], 'platform')
        self.assertNotIn('update', lines[0])    # the same for both
        pins = [int(line[key], 0) for line in lines
                for key in ('out_gsi', 'in_gsi')]
        self.assertEqual(pins, [16, 17, 22, 18, 19, 20])
        self.assertNotIn('warning', out)

    def test_quirks(self):
        """Registers, a window of memory, buffers of more than one slot."""
        out, conf = self.built('link update=own signature=other\n'
                               'link update=none complete=unreadable\n'
                               'link inbox=20000\nlink\n')
        self.assertEqual(out.count('binds as'), 4)
        self.assertEqual(re.findall(r'signature=(\w+)(?: update=(\w+))?', conf),
                         [('other', 'own'), ('platform', 'none'),
                          ('platform', ''), ('platform', '')])
        self.assertEqual([int(base, 16) - 0x100000000 for base in
                          re.findall(r'_base=(\w+)', conf)][4:],
                         [0x11000, 0x15000, 0x1d000, 0x21000])
        entries = self.entries(4)
        self.assertEqual([e[99] for e in entries], [3, 3, 5, 5])
        self.assertEqual([e[120] - e[100] for e in entries], [16, 16, 0, 0])
        self.assertEqual([(e[128], e[136]) for e in entries],
                         [(0xfe, 0), (0xfe, 1), (0xfe, 0), (0xff, 0)])

    def test_registers(self):
        """64 bits wide, in each way to update them; shared by all."""
        self.built('link registers=64\nlink registers=64 update=own\n'
                   'link registers=64 update=none\nlink registers=shared\n')
        # ACPI 6.5, 14.1.6: check, update and error register with their masks
        fields = [(e[96:100].hex(), int.from_bytes(e[108:116], 'little'),
                   e[116:120].hex(), e[120] - e[100],
                   *(int.from_bytes(e[at:at + 8], 'little') for at in (128, 136)),
                   e[144:148].hex(), int.from_bytes(e[156:164], 'little'))
                  for e in self.entries(8)]
        wide, bit, kept = '00400004', 1 << 32, ~(1 << 32) & (1 << 64) - 1
        self.assertEqual(fields[:6], [
            (wide, bit, wide, distance, *masks, wide, bit)
            for distance, masks in ((0, (kept, 0)), (0, (kept, bit)),
                                    (8, (kept, 0)), (8, (kept, bit)),
                                    (0, (kept, 0)), (0, ((1 << 64) - 1, 0)))])
        for n in (6, 7):
            self.assertEqual(
                (*fields[n][:3], *fields[n][4:]),
                ('00200003', 1 << n, '01080001', 0, 0x80 + n + 1, '00200003', 1))

    def test_level(self):
        """One line for all, level-triggered."""
        out, conf = self.built('link irq=level\nlink irq=level\n')
        self.assertEqual(out.count('interrupt 10 level'), 4)
        self.assertIn('\nlevel\n', conf)

    def test_elsewhere(self):
        """What an arm64 machine does not have."""
        for text, want in (('link registers=shared', 'not on this machine'),
                           ('link\n' + 'subspace\n' * 15, '17 subspaces, must be 16')):
            with self.subTest(text):
                self.check_refused(self.make_tables(text, 'arm64'), want)

    def test_most(self):
        """Eight links, no pin twice."""
        out, conf = self.built('link\n' * 8)
        self.assertEqual(out.count('binds as'), 8)
        pins = re.findall(r'_gsi=(\w+)', conf)
        self.assertEqual((len(pins), len(set(pins))), (16, 16))
        self.assertNotIn('0x17', pins)

    def test_method_and_responder(self):
        """A _CRS that a method returns; a client that is no MCTP link."""
        out, conf = self.built('link crs=method\nlink answers=thermometer\n')
        self.assertEqual(out.count('binds as'), 1)
        self.assertIn('answers=thermometer', conf)
        self.assertNotIn('other clients', out)

    def test_type2(self):
        """A subspace of type 2, and the device that its line names."""
        out, conf = self.built('link answers=xgene type=2 turnaround=65535 '
                               'device=xgene.asl\n'
                               'link\nlink answers=thermometer type=2\n')
        self.assertIn('of types 2, 4, 3, 4, 2, 4\n', out)
        self.assertEqual(re.findall(r'subspace (\d+) is of type (\d+): for '
                                    r'other clients', out),
                         [('0', '2'), ('4', '2')])
        self.assertEqual(out.count('binds as mctppcc3'), 1)
        self.assertEqual(re.findall(r'^link type=(\d)', conf, re.M),
                         ['2', '3', '2'])
        self.assertEqual(re.findall(rb'APMC0D29|MPCC0001|DMT0001',
                                    self.table('ssdt.aml')),
                         [b'APMC0D29', b'DMT0001'])

    def test_device(self):
        """A device of one's own, beside the description; an MCTP link's too."""
        write(self.at('mine.asl'),
              'Device (LINK_NAME (MIN)) { Name (_HID, "MINE0001")\n'
              'Name (_UID, LINK) Name (BOTH, Package () { OUTBOX, INBOX }) }\n')
        out, _ = self.built('link latency=010\n'
                            'link answers=thermometer device=mine.asl type=1\n'
                            'link device=mine.asl\n')
        self.assertEqual(out.count('binds as'), 1)
        self.assertEqual(self.latencies(), [10])
        aml = self.table('ssdt.aml')
        self.assertEqual(re.findall(rb'MIN\d|DMT0001', aml),
                         [b'DMT0001', b'MIN1', b'MIN2'])
        self.assertIn(b'\x0a\x04\x0a\x05', aml)

    def test_refused(self):
        """What the line says, and the number of the line."""
        for text, want in (
                ('', '0 links'), ('link\n' * 9, 'line 9: outbox-irq=none left'),
                ('frob', 'line 1: frob'), ('link\nlink x=1', 'line 2: x=1'),
                ('link outbox', 'outbox: must be one of'),
                ('link outbox=83', 'outbox=83: must be 84 to'),
                ('link inbox=131073', 'inbox=131073'),
                ('link inbox=131072 outbox=131072\n' * 8,
                 'the buffers need 2097152 bytes, there are 2031616'),
                ('link latency=-1', 'latency=-1'),
                ('link crs=dword', 'crs=dword: must be one of pcc, memory'),
                ('link outbox-irq=24', 'outbox-irq=24: must be 3 to 22'),
                ('link outbox-irq=16 inbox-irq=16', 'inbox-irq=16: already'),
                ('link inbox-irq=4', 'inbox-irq=4: already taken'),
                ('link signature=2', 'signature=2: must be one of os, '),
                ('link update=late', 'update=late: must be one of same, own'),
                ('link registers=16', 'registers=16: must be one of 32, 64, sh'),
                ('link registers=shared update=own',
                 'update=own: not with registers=shared'),
                ('link type=2 answers=xgene registers=64',
                 'registers=64: not with type=2'),
                ('link lag=10', 'lag=10: not with update=same'),
                ('link update=own lag=600000001', 'must be 0 to 600000000'),
                ('link owner=me', 'owner=me: must be one of os, platform'),
                ('link owner=platform answers=xgene type=2',
                 'owner=platform: not with answers='),
                ('link irq=both', 'irq=both: must be one of edge, level'),
                ('link irq=level\nlink', 'irq=level: all links must have it'),
                ('link complete=no', 'complete=no: must be one of readable'),
                ('link type=2 answers=xgene update=own',
                 'update=own: not with type=2'),
                ('link outbox=x8208', 'outbox=x8208: must be 84 to'),
                ('link outbox=٨٢٠٨', 'must be 84 to'),
                ('link answers=barometer', 'must be one of cppc, socket, thermo'),
                ('link type=2', 'type=2: needs answers='),
                ('link type=0', 'type=0: needs answers='),
                ('link type=1 answers=xgene registers=64',
                 'registers=64: not with type=1'),
                ('link type=1 answers=xgene irq=level', 'irq=level: not with type=1'),
                ('link device=no.asl', 'device=no.asl: not in '),
                ('link\nsubspace type=5', 'line 2: type=5: must be 0 to 4'),
                ('link\nsubspace inbox=84', 'inbox=84: must be one of type='),
                ('link\n' * 8 + 'subspace', 'line 9: no interrupt is left'),
                ('link\npcct off', 'line 2: pcct: must be link, subspace, '),
                ('link type=4 answers=xgene', "type=4: is that of each link's"),
                ('link type=6 answers=xgene', 'type=6: must be 0 to 5'),
                ('link type=5 answers=xgene', 'type=5: not on this machine'),
                ('link type=5', 'type=5: needs answers='),
                ('link type=5 answers=xgene registers=64',
                 'registers=64: not with type=5'),
                ('link type=2 answers=xgene turnaround=65536',
                 'turnaround=65536: must be 0 to 65535')):
            with self.subTest(text):
                self.check_refused(self.make_tables(text), want)
        self.check_refused(run(os.path.join(PLATFORM, 'acpi', 'make-tables'),
                               os.path.join(PLATFORM, 'acpi', 'x86_64'),
                               self.at('none'), self.top))
