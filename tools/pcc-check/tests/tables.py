# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
"""Tables for the tests: a PCCT byte by byte, AML by iasl, text of both; and runs."""

import functools
import os
import pathlib
import resource
import struct
import subprocess
import sys
import tempfile
import unittest

PROGRAM = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'pcc-check')
# For tests of the program's modules
sys.path.insert(0, os.path.dirname(PROGRAM))
SECONDS, MEMORY = 20, 1 << 30
MEMORY_SPACE, IO, FIXED = 0, 1, 0x7f
NONE = bytes(12)        # a register of zeros


def write(top, files):
    """Files below a directory, {name: bytes}; a script can be run."""
    for name, data in files.items():
        path = pathlib.Path(top, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        if data.startswith(b'#!'):
            path.chmod(0o755)


def run_on(files, *args, stdin=b'', env=None, stdout=subprocess.PIPE):
    """(exit status, stdout, stderr) of pcc-check in a directory of these files.

    Without args it gets all of them. Time and memory are bounded.
    """
    with tempfile.TemporaryDirectory() as top:
        write(top, files)
        done = subprocess.run(
            [PROGRAM, *(args or files)], input=stdin, cwd=top, env=env, check=False,
            stdout=stdout, stderr=subprocess.PIPE, timeout=SECONDS,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY)))
    return done.returncode, (done.stdout or b'').decode(), done.stderr.decode()


class Runs(unittest.TestCase):
    """Tests by runs of the program."""

    def says(self, files, *args, status=0, err='', **kwargs):
        """What it prints; all that is on standard error has to match `err`."""
        got, out, errors = run_on(files, *args, **kwargs)
        self.assertEqual(got, status, out + errors)
        self.assertRegex(errors, rf'\A(?:{err})\Z')
        return out

    def binds(self, files, *args, **kwargs):
        """The same where the first line is that of the tests' usual device."""
        out = self.says(files, *args, **kwargs)
        self.assertRegex(out, r'\ADMT0001:00: binds as mctppcc1\n')
        return out


def table(signature, body, oem=b'TEST'):
    """A table with a right length and checksum."""
    return checksum(struct.pack('<4sIBB6s8sI4sI', signature, 36 + len(body), 2,
                                0, b'MCTPPC', oem, 1, b'TEST', 1) + body)


def checksum(data):
    data = bytearray(data)
    data[9] = 0
    data[9] = -sum(data) & 0xff
    return bytes(data)


def gas(address=0x1000, space=MEMORY_SPACE, width=32, offset=0, access=3):
    """A generic address structure."""
    return struct.pack('<BBBBQ', space, width, offset, access, address)


def ext(kind, **fields):
    """An entry of type 3 or 4; fields are what differs from a sound one."""
    base = 0x80000000 + kind * 0x10000
    f = {'length': 164, 'gsi': 16 + kind, 'flags': 2, 'base': base,
         'size': 4096, 'doorbell': gas(base + 0x8000), 'latency': 1000,
         'turnaround': 0, 'ack': gas(base + 0x8008),
         'complete': gas(base + 0x8010), 'mask': 1,
         'update': gas(base + 0x8010), 'keep': 0xfffffffe, 'set': kind - 3,
         'error': gas(base + 0x8020)}
    f.update(fields)
    return struct.pack(
        '<BBIBBQI12sQQIII12sQQQ12sQ12sQQ12sQ', kind, f['length'], f['gsi'],
        f['flags'], 0, f['base'], f['size'], f['doorbell'], 0, 1,
        f['latency'], 0, f['turnaround'], f['ack'], 0, 0, 0, f['complete'],
        f['mask'], f['update'], f['keep'], f['set'], f['error'], 1)


def generic(kind, gsi=9, flags=2):
    """An entry of type 0, 1 or 2."""
    data = struct.pack('<BBIBBQQ12sQQIIH', kind, 90 if kind == 2 else 62,
                       gsi if kind else 0, flags, 0, 0x90000000, 256,
                       gas(0x90008000), 0, 1, 1000, 0, 0)
    return data + (struct.pack('<12sQQ', gas(0x90008008), 0, 1) if kind == 2 else b'')


def registers():
    """An entry of type 5."""
    return struct.pack('<BBHQQ12sQQ12sQ12sQII', 5, 96, 1, 0xa0000000, 256,
                       gas(0xa0008000), 0, 1, gas(0xa0008008), 1,
                       gas(0xa0008010), 1, 1000, 0)


def pcct(*entries, flags=1, cut=0):
    """A PCCT of these entries, the last one without its last `cut` bytes."""
    body = struct.pack('<IQ', flags, 0) + b''.join(entries)
    return table(b'PCCT', body[:len(body) - cut])


PAIR = (ext(3), ext(4))
FOUR = PAIR + (ext(3, gsi=30, base=0x88000000), ext(4, gsi=31, base=0x89000000))
SOUND = pcct(*PAIR)


def crs_bytes(*indices, kind=0x0a, end=b'\x79\0'):
    """A resource template: a DWordPCC, or with kind 0 a DWordMemory, for each index."""
    return b''.join(
        struct.pack('<BHBBBIIIII', 0x87, 23, kind, 0x0c, 0, 0, index, index, 0, 1)
        for index in indices) + end


def literal(data, size=''):
    """An ASL Buffer of these bytes."""
    return f'Buffer ({size}) {{{", ".join(f"{b:#x}" for b in data)}}}'


def crs(*indices, **kwargs):
    """An ASL Buffer with a PCC descriptor for each index."""
    return literal(crs_bytes(*indices, **kwargs))


def device(body, name='MCP0', hid='"DMT0001"'):
    """A DMT0001 device in \\_SB."""
    return f'Scope (\\_SB) {{ Device ({name}) {{ Name (_HID, {hid}) {body} }} }}'


def plain(*indices, name='MCP0'):
    """The device of most tests: _CRS is a Buffer."""
    return device(f'Name (_CRS, {crs(*indices)})', name)


@functools.lru_cache(maxsize=None)
def aml(text, kind='SSDT', oem='TEST'):
    """ASL compiled by iasl."""
    source = (f'DefinitionBlock ("", "{kind}", 2, "MCTPPC", "{oem}", 1) {{ {text} }}')
    with tempfile.TemporaryDirectory() as top:
        write(top, {'table.asl': source.encode()})
        done = subprocess.run(['iasl', '-f', 'table.asl'], cwd=top, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        path = pathlib.Path(top, 'table.aml')
        if not path.exists():
            raise AssertionError(done.stdout.decode())
        return path.read_bytes()


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
