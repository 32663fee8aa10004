# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
"""Cases made from public tables and reports: the result, and words around it."""

import re
import unittest

from tables import (FIXED, FOUR, NONE, PAIR, SOUND, Runs, aml, checksum, crs,
                    crs_bytes, device, dump, ext, gas, generic, literal, pcct,
                    plain, registers, table)

# What the output must have where the driver binds to the first pair.
FIRST = r'^DMT0001:00: binds as mctppcc1$'
PLAIN = aml(plain(0, 1))
TEXT = dump(SOUND, PLAIN)
FIELDS = ('CreateDWordField (RBUF, 10, OMIN) CreateDWordField (RBUF, 14, OMAX) '
          'CreateDWordField (RBUF, 36, IMIN) CreateDWordField (RBUF, 40, IMAX)')
REGISTER = 'ResourceTemplate () {Register (PCC, 32, 0, 8, 1)}'


def patched(start, outbox, inbox):
    """A method that patches its template."""
    return aml(device(f'''Method (_CRS, 0, Serialized) {{
        Name (RBUF, {crs(*start)}) {FIELDS}
        OMIN = {outbox} OMAX = {outbox} IMIN = {inbox} IMAX = {inbox}
        Return (RBUF) }}'''))


def named(body):
    """A device of that body, compiled."""
    return aml(device(body))


def with_pcct(table_of_links, ssdt=PLAIN):
    """The files of a case."""
    return {'PCCT.dat': table_of_links, 'ssdt.aml': ssdt}


def wrong_checksum():
    """An SSDT of others."""
    data = bytearray(aml('Name (\\OTHR, 7)', oem='OTHER'))
    data[9] ^= 0x55
    return bytes(data)


def package_length_0():
    """_CRS is a Buffer whose package length is 0."""
    data = aml(device('Name (_CRS, 0x11)'))
    return checksum(data.replace(b'_CRS\x0a\x11', b'_CRS\x11\0'))


# name: (files, result, what the output must have, what it must not)
CASES = {
    'crs-patched-to-binds': (
        with_pcct(pcct(*FOUR), patched((0, 0), 2, 3)), 'binds',
        'binds as mctppcc3', None),
    'crs-patched-to-refused': (
        with_pcct(SOUND, patched((0, 1), 0, 9)), 'refused',
        'PCCT has no subspace 9', 'binds as'),
    'gsi-0-outbox': (
        with_pcct(pcct(ext(3, gsi=0), ext(4))), 'refused',
        'refused: no subspace can be used: subspace 0 has interrupt 0', None),
    'sta-computed-absent': (
        with_pcct(SOUND, named(f'''Name (CNT0, 3) Name (_CRS, {crs(0, 1)})
            Method (_STA) {{ If (CNT0 + 1 == 4) {{ Return (0) }}
                             Return (15) }}''')),
        'no device', 'not there: _STA is 0x0', 'binds as'),
    'hid-computed': (
        with_pcct(SOUND, aml(f'''Scope (\\_SB) {{ Device (MCP0) {{
            Name (KIND, 1) Name (_CRS, {crs(0, 1)})
            Method (_HID) {{ If (KIND == 1) {{ Return ("DMT0001") }}
                             Return ("ACME0009") }} }} }}''')),
        'binds', FIRST, None),
    'device-below-if-false': (
        with_pcct(SOUND, aml(f'Name (HAVE, 0) If (HAVE) {{ {plain(0, 1)} }}')),
        'no device', 'no DMT0001 device', 'binds as'),
    'device-below-else': (
        with_pcct(pcct(*FOUR), aml(f'''Name (HAVE, 2) If (HAVE == 1) {{
            {plain(0, 1)} }} Else {{ {plain(2, 3)} }}''')),
        'binds', 'binds as mctppcc3', 'mctppcc1'),
    'checksum-of-another-table': (
        {'PCCT.dat': SOUND, 'other.aml': wrong_checksum(), 'ssdt.aml': PLAIN},
        'binds', r'mctppcc1(.|\n)*other\.aml: SSDT OTHER: its checksum', None),
    'complete-in-fixed-hardware': (
        with_pcct(pcct(ext(3), ext(4, complete=gas(3, FIXED, access=0)))),
        'binds', '^ .*subspace 1: .*cannot read the command complete register '
        r'\(its address space is 0x7f, fixed hardware\)', None),
    'complete-access-width-5': (
        with_pcct(pcct(ext(3), ext(4, complete=gas(access=5)))),
        'binds', 'subspace 1: .*command complete.*access width is 5', None),
    'inbox-update-sets-nothing': (
        with_pcct(pcct(ext(3), ext(4, set=0))), 'binds',
        'subspace 1: its command update register does not set', None),
    'edge-ack-all-zeros': (
        with_pcct(pcct(ext(3, ack=NONE), ext(4, ack=NONE))), 'refused',
        'subspace 0: its interrupt acknowledge register is 0 bits wide', None),
    'type-5-first-refused': (
        with_pcct(pcct(registers(), ext(3, latency=0x1800), ext(4)),
                  aml(plain(1, 2))), 'refused',
        'subspace 0: its error status register is 24 bits wide', None),
    'reserved-type-first': (
        with_pcct(pcct(bytes((7, 8)) + bytes(6), *PAIR), aml(plain(1, 2))),
        'refused', 'subspace 0: its doorbell register is 0 bits wide', None),
    'tail-of-two-bytes': (
        with_pcct(pcct(*PAIR, bytes((3, 200)))), 'binds', FIRST,
        'no subspace can be used'),
    'last-entry-cut': (
        with_pcct(pcct(*PAIR, generic(2), cut=8)), 'binds', FIRST,
        'no subspace can be used'),
    'dump-utf-16': (
        {'dump.txt': b'\xff\xfe' + TEXT.replace('\n', '\r\n')
         .encode('utf-16-le')}, 'binds', FIRST, None),
    'dump-spaces-squeezed': (
        {'dump.txt': re.sub(' +', ' ', TEXT).encode()}, 'binds', FIRST,
        'fromhex'),
    'pcct-of-36-bytes': (
        with_pcct(table(b'PCCT', b'')), 'refused', 'PCCT has no subspace 0',
        None),
    'buffer-package-length-0': (
        with_pcct(SOUND, package_length_0()), 'refused', '_CRS cannot be read',
        'binds as'),
    'descriptor-too-short': (
        with_pcct(SOUND, named('Name (_CRS, ' + literal(
            crs_bytes(0, end=b'\x87\5\0\x0a\x0c\0\0\0\x79\0')) + ')')),
        'refused', '_CRS cannot be read: AE_AML_BAD_RESOURCE_LENGTH',
        'binds as'),
    'crs-is-a-package': (
        with_pcct(SOUND, named('Name (_CRS, Package () {0, 1})')), 'refused',
        '_CRS cannot be read: AE_AML_INVALID_RESOURCE_TYPE', 'binds as'),
    'crs-local-set-too-late': (
        with_pcct(SOUND, named(f'Method (_CRS) {{ Return (Local0) '
                               f'Local0 = {crs(0, 1)} }}')), 'refused',
        '_CRS has 0 PCC descriptors', 'binds as'),
    'buffer-of-2-gib': (
        with_pcct(SOUND, named('Name (_CRS, ' + literal(
            crs_bytes(0, 1), 0x80000000) + ')')), 'refused',
        '_CRS cannot be read', 'binds as'),
    'crs-buffer-size-by-name': (
        with_pcct(SOUND, named('Name (BLEN, 54) Method (_CRS) { Return (' +
                               literal(crs_bytes(0, 1), 'BLEN') + ') }')),
        'binds', FIRST, None),
    'crs-concatenated': (
        with_pcct(SOUND, named(f'''Method (_CRS, 0, Serialized) {{
            Name (OUTB, {crs(0)}) Name (INBX, {crs(1)})
            Return (ConcatenateResTemplate (OUTB, INBX)) }}''')),
        'binds', FIRST, None),
    'crs-by-another-method': (
        with_pcct(pcct(*FOUR), aml(f'''Method (RES0, 1, Serialized) {{
            Name (RBUF, {crs(0, 1)}) {FIELDS} OMIN = Arg0 IMIN = Arg0 + 1
            Return (RBUF) }}''' + device(
                'Method (_CRS) { Return (\\RES0 (2)) }'))),
        'binds', 'binds as mctppcc3', None),
    'crs-method-in-another-ssdt': (
        {'PCCT.dat': SOUND, 'dsdt.aml': aml('Scope (\\_SB) {}', 'DSDT'),
         'ssdt1.aml': aml('External (\\_SB.GETR, MethodObj) ' + device(
             'Method (_CRS) { Return (\\_SB.GETR (0, 1)) }')),
         'ssdt2.aml': aml(f'''Method (\\_SB.GETR, 2, Serialized) {{
             Name (RBUF, {crs(7, 7)}) {FIELDS} OMIN = Arg0 IMIN = Arg1
             Return (RBUF) }}''', oem='SECOND')}, 'binds', FIRST, None),
    'turnaround-above-a-second': (
        with_pcct(pcct(ext(3, turnaround=5000000), ext(4))), 'binds',
        'turnaround 1000000 us', None),
    'interrupts-active-low': (
        with_pcct(pcct(ext(3, flags=3), ext(4, flags=3))), 'binds',
        'interrupt 20 of subspace 1 is active low', None),
    'operation-region-on-the-inbox': (
        with_pcct(SOUND, aml('''OperationRegion (\\PCCR, PCC, 1, 0x100)
            Field (\\PCCR, DWordAcc, NoLock, Preserve) { , 32, LEN0, 32 }''' +
                             plain(0, 1))), 'binds',
        r'subspace 1 is also used by the OperationRegion \\PCCR', None),
    'cpc-on-the-inbox': (
        with_pcct(SOUND, aml(device(
            f'Name (_CPC, Package () {{3, 3, {REGISTER}}})', 'CPU0',
            '"ACPI0007"') + plain(0, 1))), 'binds',
        r'subspace 1 is also used by \\_SB\.CPU0\._CPC', None),
    'fifteen-other-subspaces': (
        with_pcct(pcct(*[generic(2, gsi=60 + i) for i in range(15)], *PAIR),
                  aml(plain(15, 16))), 'binds', 'binds as mctppcc16',
        r'(.*\n){7}'),
}
STATUS = {'binds': 0, 'no device': 0, 'refused': 1}
WORDS = {'binds': r'\A\w+:00: binds as mctppcc\d+\n',
         'no device': r'\Ano DMT0001 device', 'refused': r'\A\w+:00: refused: '}


class Cases(Runs):
    """Each by a run of the program."""

    def test_each(self):
        """The first line has the result; nothing is on standard error."""
        for name, (files, result, must, never) in CASES.items():
            with self.subTest(name):
                out = self.says(files, status=STATUS[result])
                self.assertRegex(out, WORDS[result])
                self.assertRegex(out, re.compile(must, re.M))
                if never:
                    self.assertNotRegex(out, never)

    def test_file_not_there(self):
        """One line with the name as it was given."""
        self.says({'PCCT.dat': SOUND}, 'PCCT.dat', 'no such.aml', status=2,
                  err=r'pcc-check: no such\.aml: No such file or directory\n')

    def test_standard_input(self):
        """- is standard input."""
        self.binds({}, '-', stdin=TEXT.encode())


if __name__ == '__main__':
    unittest.main()
