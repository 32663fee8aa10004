# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
"""Every form in which people have tables, damaged ones, and what is printed."""

import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

from tables import (PAIR, PROGRAM, SOUND, aml, crs, device, dump, ext, generic,
                    pcct, plain, run, run_on)

PLATFORM = os.path.join(os.path.dirname(PROGRAM), '..', 'pcc-platform')
SSDT = aml(plain(0, 1))
TEXT = dump(SOUND, SSDT)
LINES = TEXT.splitlines()
LARGE_SECONDS = 4       # 1.6 with -dt, 5.6 without
IDLE = f'sleep {1000000 + os.getpid()}'     # no other run has the same
ASL = ('DefinitionBlock ("", "SSDT", 2, "MCTPPC", "TEST", 1)\n{\n%s\n}\n' %
       plain(0, 1))


def tool(*args, stdin):
    """What another tool prints."""
    return subprocess.run(args, input=stdin, check=True,
                          stdout=subprocess.PIPE).stdout


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
    'time stamps': ''.join(f'[   12.{i:06d}] {line}\n'
                           for i, line in enumerate(LINES)),
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


class Forms(unittest.TestCase):
    """Where the tables come from."""

    def binds(self, files, *args, **kwargs):
        """It is the device of all tests."""
        status, out, err = run_on(files, *args, **kwargs)
        self.assertEqual((status, err), (0, ''), out)
        self.assertRegex(out, r'\ADMT0001:00: binds as mctppcc1\n')
        return out

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
        """Files of acpixtract, rows of hexdump, data tables by iasl."""
        rows = b''.join(tool('hexdump', '-Cv', stdin=t) for t in (SOUND, SSDT))
        self.binds({'rows': rows})
        with tempfile.TemporaryDirectory() as top:
            path = os.path.join(top, 'pcct.dat')
            with open(path, 'wb') as file:
                file.write(SOUND)
            subprocess.run(['iasl', '-d', path], check=True,
                           capture_output=True)
            with open(os.path.join(top, 'pcct.dsl'), 'rb') as file:
                text = file.read()
        self.assertIn(b'Raw Table Data', text)
        self.binds({'pcct.dsl': text, 'ssdt.aml': SSDT})
        self.binds({'pcct.dsl': text[:text.index(b'Raw Table Data')],
                    'ssdt.aml': SSDT})

    def test_binary(self):
        """One file of several tables; a directory; an empty RSDP."""
        self.binds({'all.bin': SOUND + SSDT})
        self.binds({'rsdp.dat': b'RSD PTR \0', 'PCCT.dat': SOUND,
                    'ssdt.aml': SSDT})
        self.binds({'PCCT': SOUND, 'SSDT1': SSDT, 'links.conf': b'x'}, '.')
        out = self.binds({'all.bin': SOUND + SSDT + b'junk'})
        self.assertIn('warning: all.bin: offset 0x', out)

    def test_asl(self):
        """Source that iasl compiles, and source that it does not."""
        self.binds({'PCCT.dat': SOUND, 'ssdt.dsl': ASL.encode()})
        status, _, err = run_on({'PCCT.dat': SOUND, 'x.dsl': ASL.replace(
            'Name (_HID', 'Nome (_HID').encode()})
        self.assertEqual((status, err.count('\n')), (2, 1))
        self.assertRegex(err, r'x\.dsl: iasl does not compile it: line 3: ')

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
        with tempfile.TemporaryDirectory() as top:
            tables = os.path.join(top, 'sys/firmware/acpi/tables/dynamic')
            sysfs = os.path.join(top, 'sys/bus/platform/devices/DMT0001:00')
            os.makedirs(tables)
            os.makedirs(os.path.join(sysfs, 'net', 'mctppcc1'))
            os.symlink('../drivers/mctp-pcc', os.path.join(sysfs, 'driver'))
            for name, data in (('../PCCT', SOUND), ('../APIC', b'APIC'),
                               ('SSDT1', SSDT)):
                with open(os.path.join(tables, name), 'wb') as file:
                    file.write(data)
            with open(os.path.join(top, 'tc'), 'w', encoding='ascii') as file:
                file.write('#!/bin/sh\necho qdisc fq_codel 0: dev $4 root\n')
            os.chmod(os.path.join(top, 'tc'), 0o755)
            status, out, err = run('--root', top, env=dict(
                os.environ, PATH=f'{top}:{os.environ["PATH"]}'))
        self.assertEqual((status, err), (0, ''))
        self.assertIn('kernel: DMT0001:00 is bound to mctp-pcc mctppcc1\n', out)
        self.assertIn('    warning: mctppcc1 has the qdisc fq_codel', out)


class Large(unittest.TestCase):
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
        status, out, _ = run_on({'p.dat': SOUND, 'd.aml': data})
        after = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
        print(f'large table: {after - before:.1f} s of processor time',
              file=sys.stderr)
        self.assertEqual(status, 0, out)
        self.assertLess(after - before, LARGE_SECONDS)
        self.assertRegex(out, r'\ADMT0001:00: binds as mctppcc1\n')


class Damaged(unittest.TestCase):
    """A broken input is named; the others are judged."""

    def test_each(self):
        """One line with the place and the reason."""
        for files, where, reason in (
                ({'s.aml': SSDT[:-3]}, 's.aml', 'offset 0x4: the SSDT says'),
                ({'s.aml': SSDT[:20]}, 's.aml', 'offset 0x14: .*ends in the'),
                ({'x.bin': b'\0\1\2\3'}, 'x.bin', 'offset 0x0: no ACPI table'),
                ({'x.txt': b'hello'}, 'x.txt', 'no ACPI table, no hex rows'),
                ({'x.txt': b''}, 'x.txt', 'it is empty'),
                ({'x.gz': b'\x1f\x8b\x08\0'}, 'x.gz', 'packed: unpack it with'),
                ({'d.txt': '\n'.join(LINES[:9] + LINES[10:]).encode()},
                 'd.txt', 'PCCT: line 9: offset 0x80: line 10 goes on at 0x90'),
                ({'d.txt': '\n'.join(LINES[:-4]).encode()},
                 'd.txt', r'SSDT: line \d+: offset 0x\w+: the text ends'),
                ({'d.txt': TEXT.replace(LINES[3][:40] + LINES[3][40:],
                                        LINES[3][:30]).encode()},
                 'd.txt', 'PCCT: line 4: offset 0x27: the hex ends early')):
            with self.subTest(reason):
                status, _, err = run_on(files)
                self.assertEqual((status, err.count('\n')), (2, 1), err)
                self.assertRegex(err, rf'\Apcc-check: {where}: .*{reason}')

    def test_others_are_judged(self):
        """Beside a damaged SSDT, and beside a damaged PCCT."""
        status, out, err = run_on({'p.dat': SOUND, 's.aml': SSDT,
                                   'bad.aml': SSDT[:-1]})
        self.assertEqual((status, err.count('\n')), (2, 1))
        self.assertIn('DMT0001:00: binds as mctppcc1\n', out)
        status, out, _ = run_on({'p.dat': SOUND[:-1], 's.aml': SSDT})
        self.assertEqual(status, 2)
        self.assertIn('DMT0001:00: cannot be judged: the PCCT could not be '
                      'read\n', out)

    def test_no_devices_to_look_at(self):
        """A PCCT alone, and places without tables."""
        for files, name in (({'p.dat': SOUND}, 'p.dat'), ({'x': b''}, '.'),
                            ({}, '/nonexistent')):
            status, out, err = run_on(files, name)
            self.assertEqual((status, out, err.count('\n')), (2, '', 1), err)


class Tools(unittest.TestCase):
    """acpiexec and iasl, or something in their place."""

    def replaced(self, script, files=None):
        """A run with another acpiexec, and how long it took."""
        with tempfile.TemporaryDirectory() as top:
            path = os.path.join(top, 'acpiexec')
            if script:
                with open(path, 'w', encoding='ascii') as file:
                    file.write('#!/bin/sh\n' + script)
                os.chmod(path, 0o755)
            for name in ('python3', 'sleep', 'grep'):
                os.symlink(shutil.which(name), os.path.join(top, name))
            start = time.monotonic()
            result = run_on(files or {'p.dat': SOUND, 's.aml': SSDT},
                            env={'PATH': top})
        return *result, time.monotonic() - start

    def test_missing_or_old(self):
        """One line with the package's name and version."""
        for script, text in (('', 'acpiexec is missing'),
                             ('echo version 20190509',
                              r'acpiexec is too old \(20190509\)')):
            status, out, err, _ = self.replaced(script)
            self.assertEqual((status, out, err.count('\n')), (2, '', 1))
            self.assertRegex(err, text + ': install the package acpica-tools, '
                             'version 20200925 or newer')

    def test_stuck_or_dead(self):
        """It is stopped, and nothing is left running."""
        head = 'echo version 20200925\n[ "$1" = -v ] && exit\n'
        for script, text in (('kill -SEGV $$', 'crashes'),
                             ('echo ACPI Exec: Segmentation Fault', 'crashes'),
                             ('echo x', 'prints no namespace'),
                             (f'{IDLE} & {IDLE}', 'takes longer than')):
            with self.subTest(text):
                status, out, err, took = self.replaced(head + script)
                self.assertEqual((status, err), (1, ''))
                self.assertRegex(out, r'\ADMT0001: cannot be judged: acpiexec '
                                 + text)
                self.assertLess(took, 20)
        self.assertFalse(self.running(IDLE))

    def test_terminated(self):
        """Nothing is left running, and no file behind."""
        with tempfile.TemporaryDirectory() as top:
            temporary = os.path.join(top, 'tmp')
            os.mkdir(temporary)
            tool_path, ssdt = (os.path.join(top, n)
                               for n in ('acpiexec', 's.aml'))
            with open(tool_path, 'w', encoding='ascii') as file:
                file.write('#!/bin/sh\necho version 20200925\n'
                           f'[ "$1" = -v ] && exit\nexec {IDLE}\n')
            os.chmod(tool_path, 0o755)
            with open(ssdt, 'wb') as file:
                file.write(SSDT)
            with subprocess.Popen([PROGRAM, ssdt], stdout=subprocess.DEVNULL,
                                  env=dict(os.environ, TMPDIR=temporary,
                                           PATH=f'{top}:{os.environ["PATH"]}')
                                  ) as child:
                for _ in range(100):
                    if self.running(IDLE):
                        break
                    time.sleep(0.1)
                child.terminate()
            self.assertEqual(child.returncode, 130)
            self.assertEqual(os.listdir(temporary), [])
        self.assertFalse(self.running(IDLE))

    @staticmethod
    def running(command):
        """The processes with that command line."""
        return subprocess.run(['pgrep', '-fx', command], check=False,
                              stdout=subprocess.PIPE).stdout

    def test_table_that_crashes_it(self):
        """It is named and left out; the others are judged."""
        status, out, err, _ = self.replaced(
            'for a; do case $a in *.aml) grep -q BADTABLE $a && '
            'kill -SEGV $$;; esac; done\n'
            f'exec {shutil.which("acpiexec")} "$@"\n',
            {'p.dat': SOUND, 'bad.aml': aml('Name (\\BAD_, 1)', oem='BADTABLE'),
             's.aml': SSDT})
        self.assertEqual((status, err), (
            2, 'pcc-check: bad.aml: SSDT BADTABLE: acpiexec crashes on it\n'))
        self.assertRegex(out, r'\ADMT0001:00: binds as mctppcc1\n')


class Output(unittest.TestCase):
    """What is printed, and how."""

    def test_closed(self):
        """A reader that has gone is no reason for words."""
        reader, writer = os.pipe()
        os.close(reader)
        err = run_on({'dump.txt': TEXT.encode()}, stdout=writer)[2]
        os.close(writer)
        self.assertEqual(err, '')

    def test_json(self):
        """The same for programs."""
        status, out, _ = run_on({'p.dat': pcct(*PAIR, generic(2)),
                                 's.aml': SSDT, 'x': b'?'}, '--json', 'p.dat',
                                's.aml', 'x')
        said = json.loads(out)
        self.assertEqual((status, said['status']), (2, 2))
        self.assertEqual(said['subspaces'], [3, 4, 2])
        self.assertEqual([t['signature'] for t in said['tables']],
                         ['PCCT', 'SSDT'])
        self.assertEqual(said['unreadable'][0]['input'], 'x')
        found = said['devices'][0]
        self.assertEqual((found['verdict'], found['path'], found['text']),
                         ('binds', '\\_SB.MCP0',
                          'DMT0001:00: binds as mctppcc1'))
        self.assertEqual(found['link']['inbox'], {
            'subspace': 1, 'size': 4096, 'base': 0x80040000, 'interrupt': 20,
            'edge': True, 'latency_us': 1000})

    def test_text(self):
        """Verdict, then the link, then others in one line; all with -v."""
        files = {'p.dat': pcct(*PAIR, generic(2), generic(2), generic(0)),
                 's.aml': SSDT}
        self.assertEqual(run_on(files)[1], '''\
DMT0001:00: binds as mctppcc1
    \\_SB.MCP0: outbox 0 of 4096 bytes, interrupt 19 edge; inbox 1 of 4096 \
bytes, interrupt 20 edge; MTU 68 to 4080; turnaround 0 us
PCCT: 3 of 5 subspaces are for other clients (type 0, 2)
''')
        out = run_on(files, '-v', 'p.dat', 's.aml')[1]
        self.assertEqual(re.findall(r'^PCCT: subspace (\d) is of type (\d)',
                                    out, re.M),
                         [('0', '3'), ('1', '4'), ('2', '2'), ('3', '2'),
                          ('4', '0')])
        self.assertIn('table: s.aml: SSDT TEST, ', out)

    def test_odd_names(self):
        """What a file is called cannot spoil the output."""
        status, _, err = run_on({}, 'a\nb\x1b[1m.aml')
        self.assertEqual((status, err.count('\n'), '\x1b' in err),
                         (2, 1, False))


class PlatformTables(unittest.TestCase):
    """The variants that the lab boots: the guest says the same."""

    @classmethod
    def setUpClass(cls):
        # pylint: disable=consider-using-with
        cls.built = tempfile.TemporaryDirectory()
        subprocess.run(['make', '-s', '-C', PLATFORM, f'O={cls.built.name}',
                        'tables'], check=True, stdout=subprocess.DEVNULL)

    @classmethod
    def tearDownClass(cls):
        cls.built.cleanup()

    def variant(self, name):
        """(exit status, stdout) for a variant of the platform."""
        status, out, err = run(os.path.join(self.built.name, 'tables', name))
        self.assertEqual(err, '')
        return status, out

    def test_good(self):
        """Three links with the MTUs that pcc_link sees in the guest."""
        status, out = self.variant('good')
        self.assertEqual(status, 0)
        self.assertEqual(re.findall(r'binds as (\w+)\n.*MTU 68 to (\d+)', out),
                         [('mctppcc1', '8192'), ('mctppcc3', '1024'),
                          ('mctppcc5', '68')])
        self.assertNotIn('other clients', out)

    def test_refusals(self):
        """Each device has its line."""
        status, out = self.variant('refusals')
        self.assertEqual(status, 1)
        self.assertEqual(
            re.findall(r'refused: (.*)', out),
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
                ('no-core', 1, 'flag "platform interrupt" is 0'),
                ('level', 0, 'level; MTU')):
            got, out = self.variant(name)
            self.assertEqual(got, status)
            self.assertIn(text, out)
            self.assertNotIn('warning', out)


class NoDevice(unittest.TestCase):
    """A machine without the link."""

    def test_status(self):
        """It is no failure; tables of others are one line."""
        status, out, err = run_on({
            'p.dat': pcct(generic(2), ext(3), ext(4)),
            's.aml': aml(device(f'Name (_CRS, {crs(0, 1)})',
                                hid='"ACME0001"'))})
        self.assertEqual((status, err), (0, ''))
        self.assertEqual(out, 'no DMT0001 device\nPCCT: 1 of 3 subspaces are '
                         'for other clients (type 2)\n')


if __name__ == '__main__':
    unittest.main()
