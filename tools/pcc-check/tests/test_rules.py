# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
"""The driver's rules, what is not judged, and the warnings of a link."""

import os
import pathlib
import re
import struct
import unittest

from tables import (FOUR, IO, PAIR, PROGRAM, SOUND, Runs, aml, crs, crs_bytes,
                    device, ext, gas, generic, literal, pcct, plain)
import crs as resources
import link
import notes
from pcct import Gas

TOP = os.path.join(os.path.dirname(PROGRAM), '..', '..')
PLAIN = plain(0, 1)
REGION = ('OperationRegion (\\NVS0, SystemMemory, 0x80000000, 16) '
          'Field (\\NVS0, DWordAcc, NoLock, Preserve) { FLG0, 32 }')
EC = ('OperationRegion (\\ECR0, EmbeddedControl, 0, 16) '
      'Field (\\ECR0, ByteAcc, NoLock, Preserve) { FLG0, 8 }')
USER = REGION.replace('SystemMemory', '0x95')
BY_FLAG = f'''Method (_STA) {{ If (FLG0) {{ Return (15) }} Return (0) }}
              Name (_CRS, {crs(0, 1)})'''

BINDS = 'DMT0001:00: binds as mctppcc1\n'

# Each refusal: (its reason, the PCCT or None, ASL)
REFUSED = (
    ('_CRS has 1 PCC descriptors (0, 0), needs outbox and inbox', SOUND, plain(0)),
    ('_CRS has 3 PCC descriptors (0, 1), needs outbox and inbox', SOUND,
     plain(0, 1, 2)),
    ('_CRS has 2 PCC descriptors (1, 1), needs outbox and inbox', SOUND, plain(1, 1)),
    ('_CRS cannot be read: AE_AML_NO_RESOURCE_END_TAG', SOUND,
     device(f'Name (_CRS, {crs(0, 1, end=b"")})')),
    ('_CRS cannot be read: AE_NOT_FOUND', SOUND, device('')),
    ('_CRS cannot be read: AE_AML_INVALID_RESOURCE_TYPE', SOUND,
     device(f'Name (_CRS, {crs(0, 1, kind=5)})')),
    ('_CRS cannot be read: AE_AML_METHOD_LIMIT', SOUND,
     device('Method (_CRS) { Return (_CRS) }')),
    ('PCCT has no subspace 2 of type 4', SOUND, plain(0, 2)),
    ('PCCT has no subspace 1 of type 3', SOUND, plain(1, 0)),
    ('PCCT has no subspace 0 of type 3', pcct(generic(2), ext(4)), PLAIN),
    ('PCCT has no subspace 0 of type 3', pcct(ext(3, length=62)[:62], ext(4)), PLAIN),
    ('subspace 1 has 83 bytes of memory, needs 84',
     pcct(ext(3), ext(4, size=83)), PLAIN),
    ('no PCCT: AE_NOT_FOUND', None, PLAIN),
    ('subspace 0: cannot map 4096 bytes at 0xfffffffffffff000',
     pcct(ext(3, base=0xfffffffffffff000), ext(4)), PLAIN),
    ('no subspace can be used: subspace 1 is of type 4, but the table\'s '
     'flag "platform interrupt" is 0', pcct(*PAIR, flags=0), PLAIN),
    ('no subspace can be used: subspace 2 has a level interrupt and no '
     'register to acknowledge it', pcct(*PAIR, generic(1, flags=0)), PLAIN),
    ('no subspace can be used: entry 2 has length 0',
     pcct(*PAIR, bytes((2, 0, 0))), PLAIN),
    ('no subspace can be used: the PCCT has more than 256 subspaces',
     pcct(*PAIR, *[generic(2)] * 255), PLAIN),
    ('PCCT has no subspace 256 of type 4', pcct(*PAIR, *[generic(2)] * 255),
     plain(0, 256)),
    ('subspace 2 cannot be used: the kernel counts 2 subspaces',
     pcct(bytes((6, 164)) + ext(3)[2:], *PAIR), plain(1, 2)),
)
# What cannot be judged: (the reason, ASL). What acpiexec answers decides nothing.
UNKNOWN = (
    (r'_STA reads OperationRegion \\NVS0 \(SystemMemory\)', REGION + device(BY_FLAG)),
    (r'_STA reads OperationRegion \\ECR0 \(EmbeddedControl\)', EC + device(BY_FLAG)),
    (r'_STA reads OperationRegion \\NVS0 \(UserDefinedRegion\)',
     USER + device(BY_FLAG)),
    (r'_CRS reads OperationRegion \\NVS0', REGION + device(
        f'Method (_CRS) {{ If (FLG0) {{ Return ({crs(0, 1)}) }} '
        f'Return ({crs(1, 0)}) }}')),
    (r'what the tables define when they are loaded depends on OperationRegion '
     r'\\NVS0', REGION + f'If (FLG0) {{ {PLAIN} }}'),
    (r'depends on OperationRegion \\NVS0', REGION + f'If (FLG0 == 0) {{ {PLAIN} }}'),
    (r'it depends on OperationRegion \\NVS0', REGION + 'Name (VAL0, 0)' + device(
        'Method (_INI) { VAL0 = FLG0 }', 'INI0', '"ACME0001"') + device(
            BY_FLAG.replace('FLG0', 'VAL0'))),
    (r'\\_SB\.PCI0 is in none of these tables',
     'External (\\_SB.PCI0, DeviceObj) Scope (\\_SB.PCI0) { Device (MCP0) { '
     f'Name (_HID, "DMT0001") Name (_CRS, {crs(0, 1)}) }} }}'),
)
# Other ways to write the same device.
FORMS = (
    f'Name (_CRS, {crs(0, 1)}) Device (SUB0) {{ Name (_HID, "ACME0002") }}',
    f'Name (RBUF, {crs(0, 1)}) Method (_CRS) {{ Return (RBUF) }}',
    'Name (_CRS, ResourceTemplate () { DWordMemory (,,,,,, 0, 0, 0, 0, 1) '
    'QWordMemory (,,,,,, 0, 1, 1, 0, 1) })',
    # descriptors of memory do not count beside those of PCC, others never do
    'Name (_CRS, ' + literal(crs_bytes(7, kind=0, end=b'') +
                             bytes((0x89, 6, 0, 1, 1, 5, 0, 0, 0)) +
                             crs_bytes(0, 1)) + ')',
    f'Method (_STA) {{ Return (8) }} Name (_CRS, {crs(0, 1)})',
    f'Method (_CRS) {{ BreakPoint Return ({crs(0, 1)}) }}',
    # a write to a region says nothing of what is read
    'OperationRegion (PORT, SystemIO, 0x80, 1) Field (PORT, ByteAcc, NoLock, '
    'Preserve) { DBG0, 8 } Method (_CRS, 0, Serialized) '
    f'{{ DBG0 = 0x33 Return ({crs(0, 1)}) }}',
)
# (the warning, the PCCT)
WARNINGS = (
    (r'interrupt 9 of subspace 0 is an edge and shared with subspace 1',
     pcct(ext(3, gsi=9), ext(4, gsi=9))),
    ('subspace 0: its memory is at 0', pcct(ext(3, base=0), ext(4))),
    (r'subspace 1: .*command complete register \(its address is 0\)',
     pcct(ext(3), ext(4, complete=gas(0)))),
    ('subspace 0: its doorbell register is at 0',
     pcct(ext(3, doorbell=gas(0)), ext(4))),
    (r'subspace 0: the kernel cannot reach the interrupt acknowledge',
     pcct(ext(3, ack=gas(0, IO)), ext(4))),
    ('subspace 0: its command update register leaves the command complete bit',
     pcct(ext(3, set=1), ext(4))),
    ('subspace 1: the mask of its command complete register is 0',
     pcct(ext(3), ext(4, mask=0))),
    ('subspace 0 has a nominal latency of 1000000 us',
     pcct(ext(3, latency=1000000), ext(4))),
)


def read(path):
    """A file of the checkout."""
    return pathlib.Path(TOP, path).read_text(encoding='utf-8')


class Rules(Runs):
    """By runs of the program."""

    def judge(self, status, first, pcct_data, *asl):
        """What is said of a PCCT, or none, and SSDTs; `first` is how it begins."""
        files = {'PCCT.dat': pcct_data} if pcct_data else {}
        files.update((f'{i}.aml', aml(text, oem=f'T{i}')) for i, text in enumerate(asl))
        out = self.says(files, status=status)
        self.assertRegex(out, rf'\A{first}')
        return out

    def test_refused(self):
        """Its line, and what to do below it."""
        for reason, pcct_data, asl in REFUSED:
            with self.subTest(reason):
                self.judge(1, rf'DMT0001:00: refused: {re.escape(reason)}\n    \w',
                           pcct_data, asl)

    def test_words_of_the_driver(self):
        """Each of our reasons is the driver's, and each of the driver's ours."""
        texts = re.findall(r'dev_err_probe\(dev, -?\w+,\s*"(.*?)\\n"',
                           read('drivers/net/mctp/mctp-pcc.c'))
        said = {re.sub('ll|z', '', text).replace('register %s', 'register mctppcc%u')
                for text in texts}
        ours = {text for key, (text, _) in link.REFUSALS.items()
                if key not in ('mailbox', 'uncounted', 'memory')}
        self.assertTrue(said)
        self.assertEqual(ours, said)

    def test_unknown(self):
        """A region that acpiexec makes up is the reason, not a result."""
        for reason, asl in UNKNOWN:
            with self.subTest(reason):
                self.judge(1, rf'DMT0001(:00)?: cannot be judged: .*{reason}', SOUND,
                           asl)

    def test_no_such_scope(self):
        """With a DSDT, what is in no table is not there in the kernel."""
        out = self.says({'dsdt.aml': aml('Scope (\\_SB) {}', 'DSDT'),
                         's.aml': aml(UNKNOWN[-1][1])})
        self.assertRegex(out, r'\Ano DMT0001 device\nwarning: \\_SB\.PCI0 is '
                         'in none of these tables')

    def test_behind_the_end(self):
        self.judge(1, '.* cannot be judged: subspace 2 .* beyond the end',
                   pcct(*PAIR, bytes((1, 200, 5))), PLAIN)

    def test_forms(self):
        """Other ways to write the same device."""
        for form in FORMS:
            with self.subTest(form):
                self.binds({'PCCT.dat': SOUND, '0.aml': aml(device(form))})

    def test_ids(self):
        """_HID and _CID, as number and as text; _CID alone makes no device."""
        body = f'Name (_CRS, {crs(0, 1)}) '
        cid = body + 'Name (_CID, Package () {"PNP0C99", EisaId ("DMT0001")})'
        for asl, want in (
                (device(body, hid='EisaId ("DMT0001")'), 'DMT0001:00: binds'),
                (device(cid, hid='"ACME0001"'), 'ACME0001:00: binds'),
                (device(body, hid='"DMT0002"'), 'no DMT0001 device\n'),
                (device(cid).replace('Name (_HID, "DMT0001")', ''),
                 'no DMT0001 device: .*has no _HID')):
            with self.subTest(want):
                self.judge(0, want, SOUND, asl)

    def test_parent_is_not_there(self):
        inner = f'Name (_HID, "DMT0001") Name (_CRS, {crs(0, 1)})'
        self.judge(0, r'no DMT0001 device: \\_SB\.PAR0\.MCP0 is not there: '
                   r'\\_SB\.PAR0\._STA is 0x0\n\Z', SOUND, device(
                       f'Name (_STA, 0) Device (MCP0) {{ {inner} }}', 'PAR0',
                       '"ACME0001"'))

    def test_two_devices(self):
        """One inbox is refused the second time; one outbox binds twice."""
        four = pcct(*FOUR)
        out = self.judge(1, BINDS, four, plain(0, 1), plain(2, 1, name='MCP1'))
        self.assertIn('DMT0001:01: refused: cannot register mctppcc1\n', out)
        out = self.judge(0, BINDS, four, plain(0, 1), plain(0, 3, name='MCP1'))
        self.assertEqual(re.findall('binds as (.*)', out), ['mctppcc1', 'mctppcc3'])
        self.assertIn('warning: subspace 0 is the outbox of DMT0001:00 too', out)

    def test_absent_keeps_its_number(self):
        """The kernel numbers devices that are not there, too."""
        self.judge(0, r'DMT0001:01: binds as mctppcc3\n(.*\n)'
                   r'DMT0001:00: not there: _STA is 0x0\n\Z', pcct(*FOUR),
                   device(f'Name (_STA, 0) Name (_CRS, {crs(0, 1)})'),
                   plain(2, 3, name='MCP1'))

    def test_warnings(self):
        """The driver binds, the link suffers; a sound one has no warning."""
        for text, pcct_data in WARNINGS:
            with self.subTest(text):
                self.judge(0, f'(.*\n)*    warning: {text}', pcct_data, PLAIN)
        level = pcct(ext(3, gsi=9, flags=0), ext(4, gsi=9, flags=0))
        for pcct_data in (SOUND, level):
            self.assertNotIn('warning', self.judge(0, BINDS, pcct_data, PLAIN))

    def test_mtu(self):
        """The smaller buffer less 16, 65,536 at most."""
        for outbox, inbox, mtu in ((84, 4096, 68), (1 << 20, 1 << 20, 65536),
                                   (8208, 65552, 8192)):
            self.judge(0, f'.*\n.*; MTU 68 to {mtu};',
                       pcct(ext(3, size=outbox), ext(4, size=inbox)), PLAIN)


class Documentation(unittest.TestCase):
    """The troubleshooting page has the program's words."""

    def test_words(self):
        """Each phrase of its section is in a string of the program."""
        section = re.search(r'^## What pcc-check says\n(.*?)^## ',
                            read('doc/troubleshooting.md'), re.M | re.S).group(1)
        source = ''.join(read(f'tools/pcc-check/{name}.py') for name in
                         ('link', 'notes', 'report', 'firmware'))
        source = re.sub(r"'\s*\n\s*f?'", '', source).replace('{HID}', 'DMT0001')
        phrases = re.findall(r'^- `([^`]+)`', section, re.M)
        self.assertGreater(len(phrases), 15)
        for phrase in phrases:
            for part in re.split(r'\b(?:mctppcc)?(?:N|NN|M|REASON)\b|DMT0001:|'
                                 ': ', phrase):
                self.assertTrue(part.strip(' :') in source, phrase)


class Parts(unittest.TestCase):
    """Functions by themselves."""

    def test_unreadable(self):
        """What acpi_read() refuses."""
        for args, fails in (((1,), False), ((0,), True), ((1, 2), True),
                            ((1, 0, 32, 0, 5), True), ((1, 0, 64, 1), True),
                            ((1, 0, 8, 8, 4), False), ((65533, 1), True),
                            ((65532, 1), False), ((1, 1, 64), False)):
            with self.subTest(args):
                register = Gas(*struct.unpack('<BBBBQ', gas(*args)))
                self.assertEqual(bool(notes.unreadable(register)), fails)

    def test_descriptors(self):
        """Lengths and types as ACPICA has them."""
        sound = crs_bytes(1, 2)
        self.assertEqual(resources.indices(sound), [1, 2])
        word = struct.pack('<BHBBBHHHHH', 0x88, 13, 10, 0, 0, 0, 7, 7, 0, 1)
        extended = b'\x8b\x35\0\x0a' + bytes(52)
        self.assertEqual(resources.indices(extended + word + b'\x79\0'), [7])
        for data, status in (
                (b'', 'NO_RESOURCE_END_TAG'), (sound[:-1], 'END_TAG'),
                (sound[:30], 'END_TAG'), (b'\x78', 'BAD_RESOURCE_LENGTH'),
                (b'\0', 'INVALID_RESOURCE_TYPE'),
                (b'\x94\0\0\x79\0', 'INVALID_RESOURCE_TYPE'),
                (b'\x8e\x09\0' + bytes(9) + b'\x79\0', 'INVALID_RESOURCE_TYPE'),
                (b'\x84\0\0\x79\0', 'BUFFER_LENGTH')):
            with self.subTest(status), \
                    self.assertRaisesRegex(resources.CrsError, status):
                resources.indices(data)
