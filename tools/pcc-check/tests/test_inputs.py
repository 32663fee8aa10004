# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
"""Every form in which people have tables, damaged ones, and what is printed."""

import json
import os
import pathlib
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time

from tables import (PAIR, PROGRAM, SOUND, Runs, aml, crs, device, dump, ext,
                    generic, pcct, plain, write)

PLATFORM = os.path.join(os.path.dirname(PROGRAM), '..', 'pcc-platform')
SSDT = aml(plain(0, 1))
TEXT = dump(SOUND, SSDT)
LINES = TEXT.splitlines()
LARGE_SECONDS = 4       # 1.6 with -dt, 5.6 without
IDLE = f'sleep {1000000 + os.getpid()}'     # no other run has the same
# The head of an acpiexec in the place of the real one
HEAD = '#!/bin/sh\necho version 20200925\n[ "$1" = -v ] && exit\n'
ASL = ('DefinitionBlock ("", "SSDT", 2, "MCTPPC", "TEST", 1)\n{\n%s\n}\n' % plain(0, 1))


def plain_hex(data):
    """Rows without an ASCII column, in small letters, without spaces."""
    return '\n'.join(f'{at:04x}: {data[at:at + 16].hex()}'
                     for at in range(0, len(data), 16))


# Each text means the same.
TEXTS = {
    'acpidump': TEXT,
    'no final newline': TEXT.rstrip(),
    'carriage returns': TEXT.replace('\n', '\r\n'),
    'tabs': TEXT.replace('    ', '\t'),
    'quoted': ''.join(f'> {line}\n' for line in LINES),
    'numbered': ''.join(f'{i:4d}  {line}\n' for i, line in enumerate(LINES)),
    'time stamps': ''.join(f'[   12.{i:06d}] {line}\n' for i, line in enumerate(LINES)),
    'indented': ''.join(f'        {line}\n' for line in LINES),
    'lines of standard error': '\n'.join(
        LINES[:4] + ['Could not open table file: 0010: Permission denied'] +
        LINES[4:9] + ['acpidump: 0xffff: warning'] + LINES[9:]),
    'rows twice': '\n'.join(LINES[:6] + LINES[3:]),
    'words around': f'Hi,\nsee PCCT @ 0x1 below:\n\n{TEXT}\n-- \n0000: 12',
    'without heads': '\n'.join(x for x in LINES if '@' not in x),
    'no ASCII column': f'{plain_hex(SOUND)}\n\n{plain_hex(SSDT)}\n',
    'long offsets': re.sub(r'(?m)^    (?=\w{4}: )', '    0000', TEXT),
    'a table of no interest cut': 'FACP @ 0x0\n    0000: 46 41 43 50 14 01\n' +
                                  TEXT,
}


class Forms(Runs):
    """Where the tables come from."""

    def test_texts(self):
        """As copied from anywhere."""
        for name, text in TEXTS.items():
            with self.subTest(name):
                self.binds({'dump.txt': text.encode()})

    def test_encodings(self):
        """With and without a byte order mark."""
        for encoding in ('utf-8-sig', 'utf-16', 'utf-16-le', 'utf-16-be'):
            with self.subTest(encoding):
                self.binds({'dump.txt': TEXT.encode(encoding)})

    def test_other_tools(self):
        """Rows of hexdump, data tables by iasl."""
        rows = b''.join(subprocess.check_output(['hexdump', '-Cv'], input=table)
                        for table in (SOUND, SSDT))
        self.binds({'rows': rows})
        with tempfile.TemporaryDirectory() as top:
            write(top, {'pcct.dat': SOUND})
            subprocess.run(['iasl', '-d', 'pcct.dat'], cwd=top, check=True,
                           capture_output=True)
            text = pathlib.Path(top, 'pcct.dsl').read_bytes()
        self.assertIn(b'Raw Table Data', text)
        for source in (text, text[:text.index(b'Raw Table Data')]):
            self.binds({'pcct.dsl': source, 'ssdt.aml': SSDT})

    def test_binary(self):
        """One file of several tables; a directory; an empty RSDP."""
        self.binds({'all.bin': SOUND + SSDT})
        self.binds({'rsdp.dat': b'RSD PTR \0', 'PCCT.dat': SOUND, 'ssdt.aml': SSDT})
        self.binds({'PCCT': SOUND, 'SSDT1': SSDT, 'links.conf': b'x'}, '.')
        out = self.binds({'all.bin': SOUND + SSDT + b'junk'})
        self.assertIn('warning: all.bin: offset 0x', out)

    def test_asl(self):
        """Source that iasl compiles, and source that it does not."""
        self.binds({'PCCT.dat': SOUND, 'ssdt.dsl': ASL.encode()})
        self.says({'PCCT.dat': SOUND, 'x.dsl': ASL.replace('Name (_HID', 'Nome (_HID')
                   .encode()}, status=2,
                  err=r'.*x\.dsl: iasl does not compile it: line 3: .*\n')

    def test_order(self):
        """SSDT2 is loaded before SSDT10; the first PCCT counts."""
        files = {'SSDT10': aml('External (\\BOX_, DeviceObj) Scope (\\BOX_) '
                               '{ Name (INN_, 1) }', oem='TEN'),
                 'SSDT2': aml('Device (\\BOX_) { Name (_ADR, 0) }', oem='TWO'),
                 'SSDT1': SSDT, 'PCCT1': SOUND, 'PCCT2': pcct(generic(2))}
        out = self.binds(files, '.')
        self.assertRegex(out, r'PCCT2: PCCT TEST: left out')
        self.assertNotIn('AE_', out)

    def test_kernel(self):
        """The kernel's directory below a root, what it made, and the qdisc."""
        tables = 'sys/firmware/acpi/tables'
        with tempfile.TemporaryDirectory() as top:
            link = os.path.join(top, 'sys/bus/platform/devices/DMT0001:00')
            os.makedirs(os.path.join(link, 'net', 'mctppcc1'))
            os.symlink('../drivers/mctp-pcc', os.path.join(link, 'driver'))
            write(top, {f'{tables}/PCCT': SOUND, f'{tables}/APIC': b'APIC',
                        f'{tables}/dynamic/SSDT1': SSDT,
                        'tc': b'#!/bin/sh\necho qdisc fq_codel 0: dev $4 root\n'})
            out = self.says({}, '--root', top, env=dict(
                os.environ, PATH=f'{top}:{os.environ["PATH"]}'))
        self.assertIn('kernel: DMT0001:00 is bound to mctp-pcc mctppcc1\n', out)
        self.assertIn('    warning: mctppcc1 has the qdisc fq_codel', out)


class Large(Runs):
    """A table of a big server."""

    def test_many_devices(self):
        """acpiexec's help with leaks and its debug output grow with n^2."""
        fields = ', '.join(f'F{i:03d}, 32' for i in range(20))
        others = ''.join(f'''Device (D{i:03X}) {{ Name (_HID, "ACME{i:04d}")
            Name (_CID, Package () {{"PNP0C98", "PNP0C99"}})
            OperationRegion (REGN, SystemMemory, {i << 12:#x}, 0x100)
            Field (REGN, DWordAcc, NoLock, Preserve) {{ {fields} }}
            Method (_STA) {{ If (F000) {{ Return (0) }} Return (15) }} }}
            ''' for i in range(1, 1600))
        data = aml(f'Scope (\\_SB) {{ {others} }} {plain(0, 1)}', 'DSDT')
        before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
        self.binds({'p.dat': SOUND, 'd.aml': data})
        took = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before
        print(f'large table: {took:.1f} s of processor time', file=sys.stderr)
        self.assertLess(took, LARGE_SECONDS)


# (a broken input, its bytes, why it cannot be read)
DAMAGED = (
    ('s.aml', SSDT[:-3], 'offset 0x4: the SSDT says'),
    ('s.aml', SSDT[:20], 'offset 0x14: .*ends in the'),
    ('x.bin', b'\0\1\2\3', 'offset 0x0: no ACPI table'),
    ('x.txt', b'hello', 'no ACPI table, no hex rows'),
    ('x.txt', b'', 'it is empty'),
    ('x.gz', b'\x1f\x8b\x08\0', 'packed: unpack it with'),
    ('d.txt', '\n'.join(LINES[:9] + LINES[10:]).encode(),
     'PCCT: line 9: offset 0x80: line 10 goes on at 0x90'),
    ('d.txt', '\n'.join(LINES[:-4]).encode(),
     r'SSDT: line \d+: offset 0x\w+: the text ends'),
    ('d.txt', TEXT.replace(LINES[3], LINES[3][:30]).encode(),
     'PCCT: line 4: offset 0x27: the hex ends early'),
)


class Damaged(Runs):
    """A broken input is named; the others are judged."""

    def test_each(self):
        """One line with the place and the reason."""
        for name, data, reason in DAMAGED:
            with self.subTest(reason):
                self.says({name: data}, status=2,
                          err=f'pcc-check: {name}: .*{reason}.*\n')

    def test_others_are_judged(self):
        """Beside a damaged SSDT, and beside a damaged PCCT."""
        out = self.says({'p.dat': SOUND, 's.aml': SSDT, 'bad.aml': SSDT[:-1]},
                        status=2, err='.*\n')
        self.assertIn('DMT0001:00: binds as mctppcc1\n', out)
        out = self.says({'p.dat': SOUND[:-1], 's.aml': SSDT}, status=2, err='.*\n')
        self.assertIn('DMT0001:00: cannot be judged: the PCCT could not be read\n', out)

    def test_no_devices_to_look_at(self):
        """A PCCT alone, and places without tables."""
        for files, name in (({'p.dat': SOUND}, 'p.dat'), ({'x': b''}, '.'),
                            ({}, '/nonexistent')):
            self.assertEqual(self.says(files, name, status=2, err='.*\n'), '')


class Tools(Runs):
    """acpiexec and iasl, or something in their place."""

    def replaced(self, script, files=None, **expected):
        """What is said with another acpiexec."""
        with tempfile.TemporaryDirectory() as top:
            for name in ('python3', 'sleep', 'grep'):
                os.symlink(shutil.which(name), os.path.join(top, name))
            if script:
                write(top, {'acpiexec': script.encode()})
            return self.says(files or {'p.dat': SOUND, 's.aml': SSDT},
                             env={'PATH': top}, **expected)

    @staticmethod
    def running():
        return subprocess.run(['pgrep', '-fx', IDLE], check=False,
                              stdout=subprocess.PIPE).stdout

    def test_missing_or_old(self):
        """One line with the package's name and version."""
        for script, text in (('', 'acpiexec is missing'),
                             ('#!/bin/sh\necho version 20190509',
                              r'acpiexec is too old \(20190509\)')):
            out = self.replaced(
                script, status=2, err=f'.*{text}: install the package '
                'acpica-tools, version 20200925 or newer\n')
            self.assertEqual(out, '')

    def test_stuck_or_dead(self):
        """It is stopped, and nothing is left running."""
        for script, text in (('kill -SEGV $$', 'crashes'),
                             ('echo ACPI Exec: Segmentation Fault', 'crashes'),
                             ('echo x', 'prints no namespace'),
                             (f'{IDLE} & {IDLE}', 'takes longer than')):
            with self.subTest(text):
                self.assertRegex(
                    self.replaced(HEAD + script, status=1),
                    rf'\ADMT0001: cannot be judged: acpiexec {text}')
        self.assertFalse(self.running())

    def test_terminated(self):
        """Nothing is left running, and no file behind."""
        with tempfile.TemporaryDirectory() as top:
            write(top, {'acpiexec': f'{HEAD}exec {IDLE}\n'.encode(), 's.aml': SSDT})
            temporary = os.path.join(top, 'tmp')
            os.mkdir(temporary)
            environment = dict(os.environ, TMPDIR=temporary,
                               PATH=f'{top}:{os.environ["PATH"]}')
            with subprocess.Popen([PROGRAM, os.path.join(top, 's.aml')],
                                  stdout=subprocess.DEVNULL,
                                  env=environment) as child:
                for _ in range(100):
                    if self.running():
                        break
                    time.sleep(0.1)
                child.terminate()
            self.assertEqual(child.returncode, 130)
            self.assertEqual(os.listdir(temporary), [])
        self.assertFalse(self.running())

    def test_table_that_crashes_it(self):
        """It is named and left out; the others are judged."""
        out = self.replaced(
            '#!/bin/sh\nfor a; do case $a in *.aml) grep -q BADTABLE $a && '
            'kill -SEGV $$;; esac; done\n'
            f'exec {shutil.which("acpiexec")} "$@"\n',
            {'p.dat': SOUND, 'bad.aml': aml('Name (\\BAD_, 1)', oem='BADTABLE'),
             's.aml': SSDT}, status=2,
            err=r'pcc-check: bad\.aml: SSDT BADTABLE: acpiexec crashes on it\n')
        self.assertRegex(out, r'\ADMT0001:00: binds as mctppcc1\n')


class Output(Runs):
    """What is printed, and how."""

    def test_closed(self):
        """A reader that has gone is no reason for words."""
        reader, writer = os.pipe()
        os.close(reader)
        self.says({'dump.txt': TEXT.encode()}, stdout=writer)
        os.close(writer)

    def test_json(self):
        """The same for programs."""
        said = json.loads(self.says(
            {'p.dat': pcct(*PAIR, generic(2)), 's.aml': SSDT, 'x': b'?'},
            '--json', 'p.dat', 's.aml', 'x', status=2, err='.*\n'))
        self.assertEqual(said['status'], 2)
        self.assertEqual(said['subspaces'], [3, 4, 2])
        self.assertEqual([t['signature'] for t in said['tables']], ['PCCT', 'SSDT'])
        self.assertEqual(said['unreadable'][0]['input'], 'x')
        found = said['devices'][0]
        self.assertEqual((found['result'], found['path'], found['text']),
                         ('binds', '\\_SB.MCP0', 'DMT0001:00: binds as mctppcc1'))
        self.assertEqual(found['link']['inbox'], {
            'subspace': 1, 'size': 4096, 'base': 0x80040000, 'interrupt': 20,
            'edge': True, 'latency_us': 1000})

    def test_text(self):
        """Result, then the link, then others in one line; all with -v."""
        files = {'p.dat': pcct(*PAIR, generic(2), generic(2), generic(0)),
                 's.aml': SSDT}
        self.assertEqual(self.says(files), '''\
DMT0001:00: binds as mctppcc1
    \\_SB.MCP0: outbox 0 of 4096 bytes, interrupt 19 edge; inbox 1 of 4096 \
bytes, interrupt 20 edge; MTU 68 to 4080; turnaround 0 us
PCCT: 3 of 5 subspaces are for other clients (type 0, 2)
''')
        out = self.says(files, '-v', 'p.dat', 's.aml')
        self.assertEqual(re.findall(r'^PCCT: subspace (\d) is of type (\d)',
                                    out, re.M),
                         [('0', '3'), ('1', '4'), ('2', '2'), ('3', '2'), ('4', '0')])
        self.assertIn('table: s.aml: SSDT TEST, ', out)

    def test_odd_names(self):
        """What a file is called cannot spoil the output."""
        self.says({}, 'a\nb\x1b[1m.aml', status=2, err='[^\x1b\n]*\n')


class PlatformTables(Runs):
    """The variants that the lab boots: the guest says the same."""

    @classmethod
    def setUpClass(cls):
        cls.built = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.built.cleanup)
        subprocess.run(['make', '-s', '-C', PLATFORM, f'O={cls.built.name}',
                        'tables'], check=True, stdout=subprocess.DEVNULL)

    def variant(self, name, status):
        """What is said of a variant of the platform."""
        return self.says({}, os.path.join(self.built.name, 'tables', name),
                         status=status)

    def test_good(self):
        """Three links with the MTUs that pcc_link sees in the guest."""
        out = self.variant('good', 0)
        self.assertEqual(re.findall(r'binds as (\w+)\n.*MTU 68 to (\d+)', out),
                         [('mctppcc1', '8192'), ('mctppcc3', '1024'),
                          ('mctppcc5', '68')])
        self.assertNotIn('other clients', out)

    def test_refusals(self):
        """Each device has its line."""
        self.assertEqual(
            re.findall(r'refused: (.*)', self.variant('refusals', 1)),
            ['_CRS has 1 PCC descriptors (5, 0), needs outbox and inbox',
             '_CRS has 3 PCC descriptors (5, 3), needs outbox and inbox',
             '_CRS has 2 PCC descriptors (5, 5), needs outbox and inbox',
             'PCCT has no subspace 77 of type 4',
             'PCCT has no subspace 3 of type 3',
             'PCCT has no subspace 2 of type 3',
             'subspace 4 has 83 bytes of memory, needs 84',
             'cannot register mctppcc1',
             '_CRS cannot be read: AE_NOT_FOUND',
             '_CRS has 0 PCC descriptors (0, 0), needs outbox and inbox',
             'subspace 6 has 83 bytes of memory, needs 84'])

    def test_other_variants(self):
        """No table, one that the mailbox refuses, one level interrupt."""
        for name, status, text in (
                ('no-pcct', 1, 'refused: no PCCT'),
                ('mailbox-refuses', 1, 'flag "platform interrupt" is 0'),
                ('level', 0, 'level; MTU')):
            out = self.variant(name, status)
            self.assertIn(text, out)
            self.assertNotIn('warning', out)


class NoDevice(Runs):
    """A machine without the link."""

    def test_status(self):
        """It is no failure; tables of others are one line."""
        other = device(f'Name (_CRS, {crs(0, 1)})', hid='"ACME0001"')
        self.assertEqual(
            self.says({'p.dat': pcct(generic(2), ext(3), ext(4)), 's.aml': aml(other)}),
            'no DMT0001 device\nPCCT: 1 of 3 subspaces are for other clients '
            '(type 2)\n')
