# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
"""ACPI tables from whatever people have: files, directories, standard input."""

import os
import pathlib
import re
import sys
import tempfile

import dump
from tool import Tool, ToolError

TABLES = 'sys/firmware/acpi/tables'
HEADER = 36
WANTED = ('PCCT', 'DSDT', 'SSDT', 'PSDT', 'OSDT')
LARGEST = 32 << 20      # bytes of one input
MAX_TABLES = 1024
SIGNATURE = re.compile(rb'[A-Z0-9_!]{4}')
ASL = re.compile(r'\bDefinitionBlock\s*\(')
DATA_ASL = re.compile(r'Signature : "[A-Z]{4}"')
NAMES = re.compile(r'((DSDT|[SPO]SDT|PCCT)\d*|.*\.(aml|dat|bin))$', re.I)
ARCHIVES = {b'\x1f\x8b': 'gzip', b'BZh': 'bzip2', b'\xfd7zXZ': 'xz',
            b'PK\x03\x04': 'zip', b'\x28\xb5\x2f\xfd': 'zstd'}


class InputError(Exception):
    """Why an input cannot be read."""


class Table:
    """A table, the input that it is from, and what is odd about it."""

    def __init__(self, source, data):
        self.source, self.data = source, data
        self.signature = data[:4].decode('ascii', 'replace')
        self.oem = re.sub(r'[^ -~]', '.', data[16:24].decode(
            'ascii', 'replace')).rstrip('. ')
        self.checksum = not sum(data) & 0xff

    def __str__(self):
        return f'{self.source}: {self.signature} {self.oem}'.rstrip()


class Inputs:
    """All inputs: `tables`, `unreadable` (input, reason), `remarks`."""

    def __init__(self):
        self.tables, self.unreadable, self.remarks = [], [], []
        self.iasl = Tool('iasl')

    def add(self, path):
        """A file, a directory, or - for standard input."""
        try:
            for name in table_files(path):
                self.add_file(name, name == path)
        except InputError as error:
            self.unreadable.append((path, str(error)))

    def add_file(self, name, named):
        """One file; `named`: by the user, not found in a directory."""
        source = 'standard input' if name == '-' else name
        try:
            data = read(name)
            text = None if looks_binary(data) else dump.decode(data)
            if text is None:
                self.add_binary(source, data, named)
            elif ASL.search(text):
                self.add_source(source, text)
            else:
                self.add_text(source, text, named)
        except (InputError, ToolError) as error:
            self.unreadable.append((source, str(error)))

    def add_binary(self, source, data, named):
        """Tables, one after the other."""
        at = 0
        while len(data) - at >= HEADER and SIGNATURE.match(data, at):
            length = int.from_bytes(data[at + 4:at + 8], 'little')
            if not HEADER <= length <= len(data) - at:
                name = data[at:at + 4].decode()
                self.damaged(source, name, f'offset {at + 4:#x}: the {name} says '
                             f'that it has {length} bytes, but {len(data) - at} '
                             'are there')
                return
            if len(self.tables) >= MAX_TABLES:
                raise InputError(f'more than {MAX_TABLES} tables')
            self.tables.append(Table(source, data[at:at + length]))
            at += length
        if at and data[at:].strip(b'\0'):
            self.remarks.append(f'{source}: offset {at:#x}: {len(data) - at} bytes '
                                'behind the last table are left out')
        elif not at and data[:4].decode('latin-1') in WANTED:
            raise InputError(f'offset {len(data):#x}: the file ends in the '
                             f'header of its {data[:4].decode()}')
        elif not at and named and not data.startswith(b'RSD PTR '):
            raise InputError('offset 0x0: no ACPI table begins here')

    def add_text(self, source, text, named):
        """acpidump's text, or ASL of a table of data."""
        found = dump.Reader(text)
        for data in found.tables:
            if len(data) >= HEADER and SIGNATURE.match(data):
                self.tables.append(Table(source, data))
            else:
                found.damaged.append((data[:4].decode('ascii', 'replace'),
                                      'its header is no table\'s'))
        for name, reason in found.damaged:
            self.damaged(source, name, f'{name}: {reason}')
        if found.tables or found.damaged:
            return
        if DATA_ASL.search(text):
            self.add_source(source, text)
        elif named:
            raise InputError('it is empty' if not text.strip() else
                             'no ACPI table, no hex rows of acpidump, no ASL')

    def damaged(self, source, name, reason):
        """A table that is not whole; those of no interest are a remark."""
        if name in WANTED or not SIGNATURE.fullmatch(name.encode()):
            self.unreadable.append((source, reason))
        else:
            self.remarks.append(f'{source}: {reason}')

    def add_source(self, source, text):
        """ASL, by iasl."""
        with tempfile.TemporaryDirectory(prefix='pcc-check-') as top:
            pathlib.Path(top, 'table.dsl').write_text(text, encoding='utf-8')
            output = self.iasl.run(['-vs', '-p', 'table', 'table.dsl'], top)[1]
            found = sorted(pathlib.Path(top).glob('*.aml'))
            if not found:
                raise InputError('iasl does not compile it: ' + compiler_error(output))
            for path in found:
                self.add_binary(source, read(path), True)


def compiler_error(output):
    """iasl's first error, with its line."""
    match = re.search(r'^table\.dsl\s+(\d+):.*\n(?:.*\n)?Error\s+\d+\s+-\s*'
                      r'(.*)$', output, re.M)
    if match:
        text = re.sub(r'\s*\^\s*', ' ', match.group(2)).strip()
        return f'line {match.group(1)}: {text}'
    return next(iter(re.findall('Error.*', output)), 'it says no reason')


def looks_binary(data):
    """A table's header; a text may have a signature first, but not a length."""
    return data.startswith(b'RSD PTR ') or \
        (SIGNATURE.match(data) is not None and any(c < 9 for c in data[4:HEADER]))


def read(name):
    """The bytes of a file or of standard input."""
    try:
        if name == '-':
            data = sys.stdin.buffer.read(LARGEST + 1)
        else:
            with open(name, 'rb') as file:
                data = file.read(LARGEST + 1)
    except PermissionError:
        raise InputError('only root may read it') from None
    except (OSError, ValueError) as error:
        raise InputError(getattr(error, 'strerror', None) or
                         'not a file name') from None
    if len(data) > LARGEST:
        raise InputError(f'it has more than {LARGEST >> 20} MiB')
    for magic, kind in ARCHIVES.items():
        if data.startswith(magic):
            raise InputError(f'it is packed: unpack it with {kind} first')
    return data


def by_number(path):
    """SSDT2 comes before SSDT10."""
    return [(not part.isdigit(), int(part) if part.isdecimal() else 0, part)
            for part in re.split(r'(\d+)', path)]


def table_files(path):
    """The files that path stands for: a kernel's directory has some below."""
    if path == '-' or not os.path.isdir(path):
        return [path]
    found = []
    for top in (path, os.path.join(path, 'dynamic')):
        try:
            names = sorted(os.listdir(top), key=by_number)
        except FileNotFoundError:
            continue
        except OSError as error:
            raise InputError(error.strerror) from None
        files = [os.path.join(top, name) for name in names if NAMES.match(name)]
        found += filter(os.path.isfile, files)
    if not found:
        raise InputError('no table is in this directory')
    return found
