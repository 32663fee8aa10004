# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
"""pcc-check on the platform's tables, on hand-made ones, and on broken ones."""

import os
import re
import struct
import subprocess
import tempfile
import unittest

TOP = os.path.join(os.path.dirname(__file__), '..', '..', '..')
CHECK = os.path.join(TOP, 'tools', 'pcc-check')
DRIVER = os.path.join(TOP, 'drivers', 'net', 'mctp', 'mctp-pcc.c')
PLATFORM = os.path.join(TOP, 'tools', 'pcc-platform')

# Ways in which firmware may write one and the same device.
FORMS = {
    'bytes': 'Name (_HID, "DMT0001") Name (_CRS, Buffer () {%s})',
    'EISA ID': 'Name (_HID, EisaId ("DMT0001")) Name (_CRS, Buffer () {%s})',
    '_CID': 'Name (_HID, "ACME0001") Name (_CID, "DMT0001") '
            'Name (_CRS, Buffer () {%s})',
    '_CIDs': 'Name (_HID, "ACME0001") '
             'Name (_CID, Package () {"PNP0C02", "DMT0001"}) '
             'Name (_CRS, Buffer () {%s})',
    'method': 'Name (_HID, "DMT0001") Method (_CRS, 0, NotSerialized) '
              '{ Return (Buffer () {%s}) }',
    'method and name': 'Name (_HID, "DMT0001") Name (RBUF, Buffer () {%s}) '
                       'Method (_CRS) { Return (RBUF) }',
    'name in method': 'Name (_HID, "DMT0001") Method (_CRS, 0, Serialized) '
                      '{ Name (RBUF, Buffer () {%s}) Return (RBUF) }',
    'nested': 'Name (_HID, "DMT0001") Device (SUB0) { Name (_HID, "ACME0002") '
              'Name (_CRS, ResourceTemplate () {}) } '
              'Name (_CRS, Buffer () {%s})',
}
MEMORY = ('Name (_HID, "DMT0001") Name (_CRS, ResourceTemplate () {'
          'DWordMemory (,,,,,, 0, 0, 0, 0, 1) '
          'QWordMemory (,,,,,, 0, 1, 1, 0, 1) })')
COMPUTED = ('Name (_HID, "DMT0001") Method (_CRS, 0, Serialized) {'
            'Name (RBUF, Buffer () {%s}) If (Zero) { Return (RBUF) } '
            'Return (Buffer () {0x79, 0}) }')


def setUpModule():      # pylint: disable=invalid-name
    """The platform's own tables, as its Makefile builds them."""
    # pylint: disable=global-statement, consider-using-with
    global BUILT
    BUILT = tempfile.TemporaryDirectory()
    subprocess.run(['make', '-s', '-C', PLATFORM, f'O={BUILT.name}', 'tables'],
                   check=True, stdout=subprocess.DEVNULL)


def tearDownModule():   # pylint: disable=invalid-name
    """Counterpart of setUpModule."""
    BUILT.cleanup()


def run_check(*args):
    """(exit status, stdout, stderr) of pcc-check."""
    run = subprocess.run([CHECK, *args], check=False, text=True,
                         capture_output=True)
    return run.returncode, run.stdout, run.stderr


def table(signature, body):
    """An ACPI table with a good length and checksum."""
    data = bytearray(struct.pack('<4sIBB6s8sI4sI', signature, 36 + len(body),
                                 2, 0, b'MCTPPC', b'TEST', 1, b'TEST', 1))
    data += body
    data[9] = -sum(data) & 0xff
    return bytes(data)


def gas(space=0, width=32, address=0x1000):
    """A generic address structure."""
    return struct.pack('<BBBBQ', space, width, 0, 3, address)


def entry(kind, **fields):
    """An entry of type 3 or 4; fields are what differs from a sound one."""
    f = {'gsi': 16 + kind, 'mode': 2, 'base': 0x100000000, 'size': 4096,
         'latency': 1000, 'complete': gas(), 'error': gas(), 'length': 164}
    f.update(fields)
    data = struct.pack('<BBIBBQI', kind, f['length'], f['gsi'], f['mode'], 0,
                       f['base'], f['size'])
    data += gas(1, 8, 0x710) + struct.pack('<QQ', 0, 1)
    data += struct.pack('<III', f['latency'], 0, 0)
    data += gas() + struct.pack('<QQQ', 0, 0, 0)
    data += f['complete'] + struct.pack('<Q', 1)
    data += gas() + struct.pack('<QQ', 0, 0) + f['error']
    return data + struct.pack('<Q', 1)


def pcct(*entries, flags=1):
    """A PCCT of these entries."""
    return table(b'PCCT', struct.pack('<IQ', flags, 0) + b''.join(entries))


def crs(*indices, end=True):
    """The bytes of a _CRS with a PCC descriptor for each index."""
    data = b''
    for i in indices:
        data += struct.pack('<BHBBBIIIII', 0x87, 23, 0x0a, 0x0c, 0, 0, i, i, 0,
                            1)
    return ', '.join(f'{b:#x}' for b in data + (b'\x79\0' if end else b''))


def asl(*bodies):
    """The SSDT with a device of each body, by iasl."""
    devices = ' '.join(f'Device (MCP{i}) {{ {b} }}'
                       for i, b in enumerate(bodies))
    with tempfile.TemporaryDirectory() as top:
        path = os.path.join(top, 'ssdt')
        with open(path + '.asl', 'w', encoding='ascii') as file:
            file.write('DefinitionBlock ("", "SSDT", 2, "MCTPPC", "TEST", 1) '
                       f'{{ Scope (\\_SB) {{ {devices} }} }}')
        subprocess.run(['iasl', '-p', path, path + '.asl'], check=True,
                       capture_output=True)
        with open(path + '.aml', 'rb') as file:
            return file.read()


def simple(*indices, **kwargs):
    """A device whose _CRS has these indices."""
    return FORMS['bytes'] % crs(*indices, **kwargs)


def dump(*tables):
    """As acpidump prints them."""
    lines = []
    for data in tables:
        lines.append(f'{data[:4].decode()} @ 0x0000000000000000')
        for at in range(0, len(data), 16):
            row = data[at:at + 16]
            text = ''.join(chr(b) if 32 <= b < 127 else '.' for b in row)
            lines.append(f'    {at:04X}: {row.hex(" ").upper():47}  {text}')
        lines.append('')
    return '\n'.join(lines) + '\n'


SOUND = pcct(entry(3), entry(4))

# Each refusal of the driver: (its line, the PCCT, the devices).
REFUSED = (
    ('_CRS has 1 PCC descriptors instead of outbox and inbox', SOUND,
     (simple(0),)),
    ('_CRS names subspace 1 as outbox and as inbox', SOUND, (simple(1, 1),)),
    ('_CRS cannot be read: AE_AML_NO_RESOURCE_END_TAG', SOUND,
     (simple(0, 1, end=False),)),
    ('PCCT has no subspace 2', SOUND, (simple(0, 2),)),
    ('subspace 1 is of type 4 instead of 3', SOUND, (simple(1, 0),)),
    ('subspace 0 has a PCCT entry of 62 bytes instead of 164',
     pcct(entry(3, length=62)[:62], entry(4)), (simple(0, 1),)),
    ('subspace 1 has 83 bytes of memory, needs 84',
     pcct(entry(3), entry(4, size=83)), (simple(0, 1),)),
    ('no PCCT: AE_NOT_FOUND', None, (simple(0, 1),)),
    ('subspace 1 belongs to another MCTP link',
     pcct(entry(3), entry(4), entry(3, gsi=18)),
     (simple(0, 1), simple(2, 1))),
    ('subspace 0: cannot map 4096 bytes at 0xfffffffffffff000',
     pcct(entry(3, base=0xfffffffffffff000), entry(4)), (simple(0, 1),)),
    ('subspace 1: cannot map its command complete register',
     pcct(entry(3), entry(4, complete=gas(address=0))), (simple(0, 1),)),
)

# What the PCC mailbox refuses as a whole, and how it is said.
UNUSABLE = (
    ('"platform interrupt" is 0', pcct(entry(3), entry(4), flags=0)),
    ('its error status register is 0 bits wide',
     pcct(entry(3, error=bytes(12)), entry(4))),
    ('its command complete register is 24 bits wide',
     pcct(entry(3, complete=gas(width=24)), entry(4))),
    ('entry 2 has an impossible length',
     pcct(entry(3), entry(4), bytes((3, 200)))),
)


class Case(unittest.TestCase):
    """Runs pcc-check on tables that a test makes."""

    def check(self, pcct_data, *aml):
        """(exit status, stdout) for tables in a directory."""
        with tempfile.TemporaryDirectory() as top:
            for i, data in enumerate(aml):
                with open(os.path.join(top, f'ssdt{i}.aml'), 'wb') as file:
                    file.write(data)
            if pcct_data:
                with open(os.path.join(top, 'PCCT'), 'wb') as file:
                    file.write(pcct_data)
            rc, out, err = run_check(top)
        self.assertEqual(err, '')
        return rc, out


class PlatformTables(Case):
    """The variants that the lab boots: the guest says the same."""

    def variant(self, name):
        """(exit status, stdout) for a variant of the platform."""
        rc, out, err = run_check(os.path.join(BUILT.name, 'tables', name))
        self.assertEqual(err, '')
        return rc, out

    def test_good(self):
        """Three links with the MTUs that pcc_link sees in the guest."""
        rc, out = self.variant('good')
        self.assertEqual(rc, 0)
        self.assertEqual(re.findall(r'binds as (\w+):.*MTU 68 to (\d+)', out),
                         [('mctppcc1', '8192'), ('mctppcc3', '1024'),
                          ('mctppcc5', '68')])
        self.assertNotIn('other clients', out)

    def test_refusals(self):
        """One device binds; each of the others has its line."""
        rc, out = self.variant('refusals')
        self.assertEqual(rc, 1)
        self.assertEqual(out.count('binds as'), 1)
        self.assertEqual(
            re.findall(r'refused: (.*)', out),
            ['_CRS has 1 PCC descriptors instead of outbox and inbox',
             '_CRS has 3 PCC descriptors instead of outbox and inbox',
             '_CRS names subspace 5 as outbox and as inbox',
             'PCCT has no subspace 77',
             'subspace 3 is of type 4 instead of 3',
             'subspace 2 is of type 2 instead of 3',
             'subspace 4 has 83 bytes of memory, needs 84',
             'subspace 0 belongs to another MCTP link',
             '_CRS cannot be read: AE_NOT_FOUND',
             '_CRS has 0 PCC descriptors instead of outbox and inbox',
             'subspace 6 has 83 bytes of memory, needs 84'])
        self.assertEqual(re.findall('PCCT: (.*) for other clients', out),
                         ['subspace 2 is of type 2:'])

    def test_no_pcct(self):
        """The device alone."""
        rc, out = self.variant('no-pcct')
        self.assertEqual((rc, 'refused: no PCCT' in out), (1, True))

    def test_no_core(self):
        """The kernel refuses the table, though the driver does not."""
        rc, out = self.variant('no-core')
        self.assertEqual((rc, 'flag "platform interrupt" is 0' in out),
                         (1, True))

    def test_level(self):
        """One shared level interrupt is no fault."""
        rc, out = self.variant('level')
        self.assertEqual((rc, 'but' in out), (0, False))


class Refusals(Case):
    """Every refusal of the driver's probe."""

    def test_each(self):
        """Its line, and what to do below it."""
        for line, pcct_data, bodies in REFUSED:
            with self.subTest(line):
                rc, out = self.check(pcct_data, asl(*bodies))
                self.assertEqual(rc, 1)
                self.assertIn(f'refused: {line}\n    ', out)

    def test_all_of_the_driver(self):
        """The driver refuses for no other reason, and in the same words."""
        with open(DRIVER, encoding='utf-8') as file:
            source = file.read()
        said = re.findall(r'dev_err_probe\(dev, -\w+,\s*"(.*?)\\n"', source)
        self.assertEqual(len(said), source.count('dev_err_probe('))
        cases = [line for line, _, _ in REFUSED]
        for text in said:
            pattern = re.sub(r'%#?(ll|z)?[sux]', r'\\S+', re.escape(text)
                             .replace(r'\#', '#').replace('\\%', '%'))
            self.assertTrue([c for c in cases if re.fullmatch(pattern, c)],
                            f'no case for: {text}')
        self.assertEqual(len(said), len(cases))


class Mailbox(Case):
    """What the kernel's PCC mailbox makes of the table."""

    def test_unusable(self):
        """One bad entry spoils the table."""
        for text, pcct_data in UNUSABLE:
            with self.subTest(text):
                rc, out = self.check(pcct_data, asl(simple(0, 1)))
                self.assertEqual((rc, text in out), (1, True), out)

    def test_warnings(self):
        """The driver binds, the link suffers."""
        for text, pcct_data in (
                ('is an edge and shared', pcct(entry(3, gsi=9),
                                               entry(4, gsi=9))),
                ('no usable nominal latency', pcct(entry(3, latency=0),
                                                   entry(4))),
                ('entries of a reserved type', pcct(bytes((9, 8)) + bytes(6),
                                                    entry(3), entry(4))),
                ('is at 0', pcct(entry(3, base=0), entry(4)))):
            with self.subTest(text):
                index = 1 if 'reserved' in text else 0
                rc, out = self.check(pcct_data, asl(simple(index, index + 1)))
                self.assertEqual((rc, text in out), (0, True), out)

    def test_shared_level(self):
        """A level line may have many."""
        out = self.check(pcct(entry(3, gsi=9, mode=0),
                              entry(4, gsi=9, mode=0)), asl(simple(0, 1)))[1]
        self.assertNotIn('but', out)


class Forms(Case):
    """The ways to write a device."""

    def test_forms(self):
        """All mean the same."""
        for name, body in FORMS.items():
            with self.subTest(name):
                rc, out = self.check(SOUND, asl(body % crs(0, 1)))
                self.assertEqual((rc, out.count('binds as mctppcc1')), (0, 1),
                                 out)

    def test_memory(self):
        """Descriptors of memory, of two widths, as in the field."""
        self.assertIn('binds as mctppcc1', self.check(SOUND, asl(MEMORY))[1])

    def test_computed(self):
        """A _CRS that is not to be had from the table is not judged."""
        rc, out = self.check(SOUND, asl(COMPUTED % crs(0, 1)))
        self.assertEqual((rc, 'a method computes' in out), (0, True))

    def test_not_there(self):
        """_STA 0: the kernel makes no device."""
        rc, out = self.check(SOUND, asl('Name (_STA, 0) ' + simple(0, 5)))
        self.assertEqual((rc, 'not there' in out), (0, True))

    def test_many(self):
        """Devices keep their order over several tables."""
        four = pcct(entry(3), entry(4), entry(3, gsi=7), entry(4, gsi=8))
        out = self.check(four, asl(simple(0, 1)), asl(simple(2, 3)))[1]
        self.assertEqual(re.findall('binds as ([a-z0-9]+)', out),
                         ['mctppcc1', 'mctppcc3'])


class Input(Case):
    """Where the tables come from, and what is no table."""

    def file(self, data):
        """(exit status, stdout, stderr) for one file."""
        with tempfile.NamedTemporaryFile() as file:
            file.write(data)
            file.flush()
            return run_check(file.name)

    def test_dump(self):
        """acpidump's text holds the same as the tables."""
        ssdt = asl(simple(0, 1))
        rc, out, _ = self.file(dump(SOUND, ssdt).encode())
        self.assertEqual((rc, out), self.check(SOUND, ssdt))

    def test_kernel(self):
        """The kernel's directory below a root, and what it made of it."""
        with tempfile.TemporaryDirectory() as top:
            tables = os.path.join(top, 'sys/firmware/acpi/tables/dynamic')
            device = os.path.join(top, 'sys/bus/platform/devices/DMT0001:00')
            os.makedirs(tables)
            os.makedirs(os.path.join(device, 'net', 'mctppcc1'))
            os.symlink('../drivers/mctp-pcc', os.path.join(device, 'driver'))
            for name, data in (('../PCCT', SOUND), ('../APIC', b'APIC'),
                               ('SSDT1', asl(simple(0, 1)))):
                with open(os.path.join(tables, name), 'wb') as file:
                    file.write(data)
            rc, out, _ = run_check('--root', top)
        self.assertEqual(rc, 0)
        self.assertIn('kernel: DMT0001:00 is bound to mctp-pcc mctppcc1', out)

    def test_no_device(self):
        """A machine without the link."""
        rc, out = self.check(None, asl('Name (_HID, "ACME0001")'))
        self.assertEqual((rc, 'no DMT0001 device' in out), (1, True))

    def test_broken(self):
        """One line says what is wrong."""
        ssdt = asl(simple(0, 1))
        wrong = ssdt[:40] + bytes((ssdt[40] ^ 1,)) + ssdt[41:]
        for data, text in ((ssdt[:-1], 'says that it has'),
                           (wrong, 'checksum'), (ssdt[:20], 'no ACPI table'),
                           (b'hello', 'neither DSDT nor SSDT'),
                           (b'', 'neither DSDT nor SSDT')):
            with self.subTest(text):
                rc, out, err = self.file(data)
                self.assertEqual((rc, out, err.count('\n')), (2, '', 1))
                self.assertIn(text, err)
        rc, _, err = run_check('/nonexistent')
        self.assertEqual((rc, err.count('\n')), (2, 1))


if __name__ == '__main__':
    unittest.main()
