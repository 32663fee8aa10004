# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
"""Cases made from public tables and reports: the result, and words around it."""

import re

from tables import (FIXED, FOUR, NONE, PAIR, SOUND, Runs, aml, checksum, crs,
                    crs_bytes, device, dump, ext, gas, generic, literal, pcct,
                    plain, registers, table)

PLAIN = plain(0, 1)
TEXT = dump(SOUND, aml(PLAIN))
FIELDS = ('CreateDWordField (RBUF, 10, OMIN) CreateDWordField (RBUF, 14, OMAX) '
          'CreateDWordField (RBUF, 36, IMIN) CreateDWordField (RBUF, 40, IMAX)')
REGISTER = 'ResourceTemplate () {Register (PCC, 32, 0, 8, 1)}'


def patched(start, outbox, inbox):
    """A method that patches its template."""
    return device(f'''Method (_CRS, 0, Serialized) {{
        Name (RBUF, {crs(*start)}) {FIELDS}
        OMIN = {outbox} OMAX = {outbox} IMIN = {inbox} IMAX = {inbox}
        Return (RBUF) }}''')


def with_pcct(pcct_data, ssdt=PLAIN):
    """The files of a case; the SSDT is ASL or AML."""
    return {'PCCT.dat': pcct_data,
            'ssdt.aml': aml(ssdt) if isinstance(ssdt, str) else ssdt}


# (name, files, what the first line says, what else the output must have)
CASES = (
    ('crs-patched-to-binds',
     with_pcct(pcct(*FOUR), patched((0, 0), 2, 3)), 'binds as mctppcc3'),
    ('crs-patched-to-refused', with_pcct(SOUND, patched((0, 1), 0, 9)),
     'refused: PCCT has no subspace 9'),
    ('gsi-0-outbox', with_pcct(pcct(ext(3, gsi=0), ext(4))),
     'refused: no subspace can be used: subspace 0 has interrupt 0'),
    ('sta-computed-absent',
     with_pcct(SOUND, device(f'''Name (CNT0, 3) Name (_CRS, {crs(0, 1)})
         Method (_STA) {{ If (CNT0 + 1 == 4) {{ Return (0) }}
                          Return (15) }}''')),
     'no DMT0001 device: .* is not there: _STA is 0x0'),
    ('hid-computed',
     with_pcct(SOUND, f'''Scope (\\_SB) {{ Device (MCP0) {{
         Name (KIND, 1) Name (_CRS, {crs(0, 1)})
         Method (_HID) {{ If (KIND == 1) {{ Return ("DMT0001") }}
                          Return ("ACME0009") }} }} }}'''),
     'binds as mctppcc1'),
    ('device-below-if-false',
     with_pcct(SOUND, f'Name (HAVE, 0) If (HAVE) {{ {PLAIN} }}'),
     'no DMT0001 device'),
    ('device-below-else',
     with_pcct(pcct(*FOUR), f'''Name (HAVE, 2) If (HAVE == 1) {{
         {PLAIN} }} Else {{ {plain(2, 3)} }}'''),
     'binds as mctppcc3'),
    ('checksum-of-another-table',
     {**with_pcct(SOUND),
      'other.aml': aml('Name (\\NAM1, 7)', oem='OTHER').replace(b'NAM1', b'NAM2')},
     'binds as mctppcc1', r'other\.aml: SSDT OTHER: its checksum'),
    ('complete-in-fixed-hardware',
     with_pcct(pcct(ext(3), ext(4, complete=gas(3, FIXED, access=0)))),
     'binds as mctppcc1', '^ .*subspace 1: .*cannot read the command complete '
     r'register \(its address space is 0x7f, fixed hardware\)'),
    ('complete-access-width-5', with_pcct(pcct(ext(3), ext(4, complete=gas(access=5)))),
     'binds as mctppcc1', 'subspace 1: .*command complete.*access width is 5'),
    ('inbox-update-sets-nothing',
     with_pcct(pcct(ext(3), ext(4, set=0))), 'binds as mctppcc1',
     'subspace 1: its command update register does not set'),
    ('edge-ack-all-zeros', with_pcct(pcct(ext(3, ack=NONE), ext(4, ack=NONE))),
     'refused: .*subspace 0: its interrupt acknowledge register is 0 bits wide'),
    ('type-5-first-refused',
     with_pcct(pcct(registers(), ext(3, latency=0x1800), ext(4)), plain(1, 2)),
     'refused: .*subspace 0: its error status register is 24 bits wide'),
    ('reserved-type-first',
     with_pcct(pcct(bytes((7, 8)) + bytes(6), *PAIR), plain(1, 2)),
     'refused: .*subspace 0: its doorbell register is 0 bits wide'),
    ('tail-of-two-bytes', with_pcct(pcct(*PAIR, bytes((3, 200)))), 'binds as mctppcc1'),
    ('last-entry-cut', with_pcct(pcct(*PAIR, generic(2), cut=8)), 'binds as mctppcc1'),
    ('dump-utf-16', {'dump.txt': TEXT.replace('\n', '\r\n').encode('utf-16')},
     'binds as mctppcc1'),
    ('dump-spaces-squeezed',
     {'dump.txt': re.sub(' +', ' ', TEXT).encode()}, 'binds as mctppcc1'),
    ('pcct-of-36-bytes',
     with_pcct(table(b'PCCT', b'')), 'refused: PCCT has no subspace 0'),
    # _CRS is made a Buffer
    ('buffer-package-length-0',
     with_pcct(SOUND, checksum(aml(device('Name (_CRS, 0x11)')).replace(
         b'_CRS\x0a\x11', b'_CRS\x11\0'))), 'refused: _CRS cannot be read'),
    ('descriptor-too-short', with_pcct(SOUND, device('Name (_CRS, ' + literal(
         crs_bytes(0, end=b'\x87\5\0\x0a\x0c\0\0\0\x79\0')) + ')')),
     'refused: _CRS cannot be read: AE_AML_BAD_RESOURCE_LENGTH'),
    ('crs-is-a-package', with_pcct(SOUND, device('Name (_CRS, Package () {0, 1})')),
     'refused: _CRS cannot be read: AE_AML_INVALID_RESOURCE_TYPE'),
    ('crs-local-set-too-late',
     with_pcct(SOUND, device('Method (_CRS) { Return (Local0) '
                             f'Local0 = {crs(0, 1)} }}')),
     'refused: _CRS has 0 PCC descriptors'),
    ('buffer-of-2-gib', with_pcct(SOUND, device('Name (_CRS, ' + literal(
         crs_bytes(0, 1), 0x80000000) + ')')), 'refused: _CRS cannot be read'),
    ('crs-buffer-size-by-name',
     with_pcct(SOUND, device('Name (BLEN, 54) Method (_CRS) { Return (' +
                             literal(crs_bytes(0, 1), 'BLEN') + ') }')),
     'binds as mctppcc1'),
    ('crs-concatenated',
     with_pcct(SOUND, device(f'''Method (_CRS, 0, Serialized) {{
         Name (OUTB, {crs(0)}) Name (INBX, {crs(1)})
         Return (ConcatenateResTemplate (OUTB, INBX)) }}''')),
     'binds as mctppcc1'),
    ('crs-by-another-method',
     with_pcct(pcct(*FOUR), f'''Method (RES0, 1, Serialized) {{
         Name (RBUF, {crs(0, 1)}) {FIELDS} OMIN = Arg0 IMIN = Arg0 + 1
         Return (RBUF) }}''' + device('Method (_CRS) { Return (\\RES0 (2)) }')),
     'binds as mctppcc3'),
    ('crs-method-in-another-ssdt',
     {'PCCT.dat': SOUND, 'dsdt.aml': aml('Scope (\\_SB) {}', 'DSDT'),
      'ssdt1.aml': aml('External (\\_SB.GETR, MethodObj) ' + device(
          'Method (_CRS) { Return (\\_SB.GETR (0, 1)) }')),
      'ssdt2.aml': aml(f'''Method (\\_SB.GETR, 2, Serialized) {{
          Name (RBUF, {crs(7, 7)}) {FIELDS} OMIN = Arg0 IMIN = Arg1
          Return (RBUF) }}''', oem='SECOND')}, 'binds as mctppcc1'),
    ('turnaround-above-a-second',
     with_pcct(pcct(ext(3, turnaround=5000000), ext(4))), 'binds as mctppcc1',
     'turnaround 1000000 us'),
    ('interrupts-active-low',
     with_pcct(pcct(ext(3, flags=3), ext(4, flags=3))), 'binds as mctppcc1',
     'interrupt 20 of subspace 1 is active low'),
    ('operation-region-on-the-inbox',
     with_pcct(SOUND, '''OperationRegion (\\PCCR, PCC, 1, 0x100)
         Field (\\PCCR, DWordAcc, NoLock, Preserve) { , 32, LEN0, 32 }''' +
               PLAIN), 'binds as mctppcc1',
     r'subspace 1 is also used by the OperationRegion \\PCCR'),
    ('cpc-on-the-inbox',
     with_pcct(SOUND, device(f'Name (_CPC, Package () {{3, 3, {REGISTER}}})',
                             'CPU0', '"ACPI0007"') + PLAIN),
     'binds as mctppcc1', r'subspace 1 is also used by \\_SB\.CPU0\._CPC'),
    ('fifteen-other-subspaces',
     with_pcct(pcct(*[generic(2, gsi=60 + i) for i in range(15)], *PAIR),
               plain(15, 16)),
     'binds as mctppcc16', r'\A(.*\n){,6}\Z'),
)


class Cases(Runs):
    """Each by a run of the program."""

    def test_each(self):
        """One line has the result; nothing is on standard error."""
        for name, files, first, *also in CASES:
            with self.subTest(name):
                out = self.says(files, status=first.startswith('refused'))
                self.assertRegex(out, rf'\A(DMT0001:00: )?{first}\b')
                self.assertEqual(out.count('DMT0001:0'), not first.startswith('no'))
                for pattern in also:
                    self.assertRegex(out, re.compile(pattern, re.M))

    def test_file_not_there(self):
        """One line with the name as it was given."""
        self.says({'PCCT.dat': SOUND}, 'PCCT.dat', 'no such.aml', status=2,
                  err=r'pcc-check: no such\.aml: No such file or directory\n')

    def test_standard_input(self):
        self.binds({}, '-', stdin=TEXT.encode())
