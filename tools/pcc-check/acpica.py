# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
"""What ACPICA makes of DSDT and SSDTs: acpiexec's namespace and values.

acpiexec also tells which OperationRegions are read: it answers with a filling,
so nothing follows from a value that depends on one.
"""

import pathlib
import re
import struct
import typing

from tool import LOOP_SECONDS, Tool, ToolError

# A DSDT without anything, where the input has none.
DSDT = struct.pack('<4sIBB6s8sI4sI', b'DSDT', 36, 2, 0, b'PCCCHK', b'EMPTY', 1,
                   b'NONE', 1)
# Without -dt it takes minutes for a large table.
OPTIONS = ('-es', '-dt', '-vr', '-to', str(LOOP_SECONDS))
# Fields, regions, and buffers; before the tables are loaded it would be n^2.
DEBUG = 'level 3804 console'
LONGEST_LINE = 500      # of acpiexec's command line
GO = 'go\n' * 3          # past a BreakPoint in AML, else it does nothing
NODE = re.compile(r' *(\d+) +(\S{4}) (\S+) +0x[0-9a-f]+ \S+ ?(.*)')
ROW = re.compile(r' *[0-9A-F]{4,}: ((?:[0-9A-F]{2} )+)')
OBJECT = re.compile(r' *\[(Integer|String|Buffer|Package)\](?: =| Length| '
                    r'Contains) (.*)')
NO_ANSWER = 'no answer'
CRASH = 'ACPI Exec: Segmentation Fault'
LOADED = 'ACPI AML tables successfully acquired'
REGION = re.compile(r'\[(\w+)\] Addr ([0-9A-F]+) Len ([0-9A-F]+)')
# With -vr, while tables are loaded; of some spaces writes look the same.
HANDLED = re.compile(r'^AcpiExec: (?:(\w+) Read ?:.*? Addr(?:ess)? '
                     r'([0-9A-Fa-f]+)|Region access on SpaceId ([0-9A-F]+))',
                     re.M)
# With DEBUG, in an evaluation: a field is read, then units of its region.
FIELD = re.compile(r'(FieldRead \[TO\]: +Obj \S+ Type 1[123],|GPIO FieldRead)|'
                   r'(PCC) FieldRead|'
                   r'\[READ\] *Region \[(\w+):.* at ([0-9A-F]{16})|'
                   r'EvAddressSpaceDispatch.*\[(SMBus|IPMI|GenericSerialBus|'
                   r'PlatformRtMechanism|FunctionalFixedHW)\]|'
                   r'No handler for Region \[(\w{4})\]')
SPACES = {1: 'SystemIO', 2: 'PCI_Config', 3: 'EmbeddedControl', 4: 'SMBus',
          5: 'SystemCMOS', 6: 'PCIBARTarget', 9: 'GenericSerialBus'}
SYMBOL = re.compile(r'Could not resolve symbol \[([^\]]+)\], AE_NOT_FOUND')
LOADING = re.compile(r'(AE_\w+)[^\n]*\((\w+): *(\w*)[^)]*\) while loading table')


def repaired(data):
    """The table with a right checksum: acpiexec leaves out one without."""
    checksum = (data[9] - sum(data)) & 0xff
    return data[:9] + bytes((checksum,)) + data[10:]


def shown(path):
    """A path as ASL has it, without the underscores that fill up a name."""
    return re.sub(r'(?<=[^.\\])_+(?![^.])', '', path)


class Node:
    """A name of the namespace."""

    def __init__(self, name, kind, detail, parent):
        self.path = f'{parent.path}.{name}' if parent else f'\\{name}'
        self.kind, self.detail = kind, detail
        self.parent, self.children = parent, {}
        if parent:
            parent.children[name] = self

    def child(self, name):
        """The path of a name in it, for evaluate; None if there is none."""
        return self.children[name].path if name in self.children else None


def namespace(text):
    """The nodes in text, in the kernel's order."""
    start = text.rfind('ACPI Namespace (from')
    end = text.find('Namespace node count:', start)
    if start < 0 or end < 0:
        raise ToolError('acpiexec prints no namespace')
    nodes, stack = [], []
    for line in text[start:end].splitlines():
        match = NODE.match(line)
        if not match:
            continue
        level, *columns = match.groups()
        del stack[int(level):]
        stack.append(Node(*columns, stack[-1] if stack else None))
        nodes.append(stack[-1])
    return nodes


def reads_text(reads):
    """The regions that were read, two at most by name."""
    more = f' and {len(reads) - 2} more' if len(reads) > 2 else ''
    return (f'OperationRegion {", ".join(reads[:2])}{more}, of which acpiexec '
            'knows nothing')


class Result(typing.NamedTuple):
    """What an evaluation gave: a value or a status, and the regions it read."""

    value: typing.Any = None
    status: typing.Optional[str] = None
    reads: tuple = ()
    missing: tuple = ()     # names that are in no table

    @property
    def unclear(self):
        """Why nothing follows from it, None if something does."""
        if self.reads:
            return f'reads {reads_text(self.reads)}'
        if self.status == NO_ANSWER:
            return 'has no end in acpiexec'
        return None


def read_buffer(rest, lines):
    """`rest` has the length, and the bytes if they are few; else `lines` have."""
    length = int(rest.split(' ', 1)[0], 16)
    data = bytearray()
    row = ROW.match(rest.partition('=')[2])
    while True:
        if row:
            data += bytes.fromhex(row.group(1))
        if len(data) >= length:
            return bytes(data[:length])
        if not lines:
            return None
        row = ROW.match(lines.pop())


def read_value(lines, depth=0):
    """The object that `lines`, the last one first, begin with; None for others."""
    match = OBJECT.match(lines.pop()) if lines and depth <= 16 else None
    if not match:
        return None
    kind, rest = match.groups()
    if kind == 'Integer':
        return int(rest, 16)
    if kind == 'String':
        return rest.partition('= "')[2].rstrip()[:-1]
    if kind == 'Buffer':
        return read_buffer(rest, lines)
    number = min(int(rest.split(' ', 1)[0], 16), len(lines))
    return [read_value(lines, depth + 1) for _ in range(number)]


class Loaded:
    """What loading the tables gave, and which of their regions are read."""

    def __init__(self, text):
        self.nodes = namespace(text)
        self.regions = []       # (path, address space, first, last address)
        for node in self.nodes:
            match = REGION.match(node.detail) if node.kind == 'Region' else None
            if match:
                start = int(match.group(2), 16)
                self.regions.append((shown(node.path), match.group(1), start,
                                     start + int(match.group(3), 16) - 1))
        at_load = text.partition(LOADED)[0]
        self.reads = self.read_at_load(at_load)
        self.any_reads = self.read_at_load(text)
        self.missing = tuple(dict.fromkeys(SYMBOL.findall(at_load)))
        self.errors = [f'{kind} {name}: {status}'
                       for status, kind, name in LOADING.findall(at_load)]

    def describe(self, space, address=''):
        """A region by its space and an address in it, in hex, and the space."""
        names = [name for name, other, first, last in self.regions
                 if other == space and
                 (not address or first <= int(address, 16) <= last)]
        return f'{names[0]} ({space})' if names else f'of space {space}'

    def named(self, name):
        """A region by its name."""
        names = [f'{path} ({space})' for path, space, *_ in self.regions
                 if re.split(r'[\\.]', path)[-1] == name.rstrip('_')]
        return names[0] if names else name

    def read_at_load(self, text):
        """Those that were read while tables were loaded."""
        found = {}
        for space, address, number in HANDLED.findall(text):
            if number:
                number = int(number, 16)
                space = SPACES.get(number, f'{number:#x}')
            found[self.describe(space, address)] = True
        return tuple(found)

    def read_by_evaluation(self, text):
        """Those that were read by an evaluation."""
        found, reading = {}, False
        for field, pcc, space, address, serial, lost in FIELD.findall(text):
            if field:
                reading = True
            elif pcc or serial:
                found[self.describe(pcc or serial)] = True
            elif lost:
                found[self.named(lost)] = True
            elif reading:
                found[self.describe(space, address)] = True
                reading = False
        return tuple(found)


def values(text, loaded):
    """{path: Result} of all evaluations in text."""
    parts = re.split(r'^Evaluating (\S+)\s*$', text, flags=re.M)
    results = {}
    for path, part in zip(parts[1::2], parts[2::2]):
        missing = tuple(dict.fromkeys(SYMBOL.findall(part)))
        touched = loaded.read_by_evaluation(part)
        match = re.search(r'^Evaluation of \S+ (?:failed with status (\w+)|'
                          r'returned object .*\n)', part, re.M)
        status = match.group(1) if match else 'AE_NOT_EXIST'
        value = None if status else \
            read_value(part[match.end():].splitlines()[::-1])
        results.setdefault(path, Result(value, status, touched, missing))
    return results


class Acpica:
    """acpiexec on tables, the DSDT first, which it gets as files in `top`."""

    def __init__(self, top, tables):
        self.tool, self.top = Tool('acpiexec'), top
        self.made = tables[0][:4] != b'DSDT'    # the DSDT is ours
        self.files = []
        for data in [DSDT, *tables] if self.made else tables:
            self.files.append(f'table{len(self.files)}.aml')
            pathlib.Path(top, self.files[-1]).write_bytes(repaired(data))

    def run(self, *commands, fill=0, files=None):
        script = GO + ''.join(c + '\n' + GO for c in commands
                              if len(c) < LONGEST_LINE) + 'quit\n'
        status, text = self.tool.run(
            [*OPTIONS, '-fv', str(fill), *(files or self.files)], self.top, script)
        if status < 0 or CRASH in text:
            raise ToolError('acpiexec crashes')
        return text

    def load(self, files=None):
        """The namespace that the tables make."""
        return Loaded(self.run('namespace', files=files))

    def bad_tables(self):
        """Positions of the tables on which acpiexec stops, each by itself."""
        for i, file in enumerate(self.files):
            try:
                self.load(files=[self.files[0], file] if i else [file])
            except ToolError:
                if i >= self.made:
                    yield i - self.made
                if not i:
                    return

    def evaluate(self, loaded, paths, fill=0):
        """{path: Result}."""
        if not paths:
            return {}
        text = self.run(DEBUG, *(f'evaluate {p}' for p in paths), fill=fill)
        return {**dict.fromkeys(paths, Result(None, NO_ANSWER)), **values(text, loaded)}
