# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
"""What ACPICA makes of DSDT and SSDTs: acpiexec's namespace and values.

acpiexec also tells which OperationRegions are read: it answers with a filling,
so a value that follows from one is no verdict.
"""

import os
import re
import struct
import tempfile

from tool import LOOP_SECONDS, Tool, ToolError

HEADER = 36
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


def dsdt():
    """A DSDT without anything, where the input has none."""
    return struct.pack('<4sIBB6s8sI4sI', b'DSDT', HEADER, 2, 0, b'PCCCHK',
                       b'EMPTY', 1, b'NONE', 1)


def repaired(data):
    """The table with a right checksum: acpiexec leaves out one without."""
    data = bytearray(data)
    data[9] = 0
    data[9] = -sum(data) & 0xff
    return bytes(data)


def shown(path):
    """A path as ASL has it."""
    return '\\' + '.'.join(seg.rstrip('_') or '_' for seg in path)


class Node:
    """A name of the namespace."""

    def __init__(self, path, kind, detail, parent):
        self.path, self.kind, self.detail = path, kind, detail
        self.parent, self.children = parent, {}

    def child(self, name):
        """The path of a name in it, for evaluate; None if there is none."""
        if name not in self.children:
            return None
        return '\\' + '.'.join((*self.path, name))


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
        level = int(match.group(1))
        del stack[level:]
        parent = stack[-1] if stack else None
        node = Node((*parent.path, match.group(2)) if parent else
                    (match.group(2),), match.group(3), match.group(4), parent)
        if parent:
            parent.children[match.group(2)] = node
        stack.append(node)
        nodes.append(node)
    return nodes


def reads_text(reads):
    """The regions that were read, two at most by name."""
    more = f' and {len(reads) - 2} more' if len(reads) > 2 else ''
    return (f'OperationRegion {", ".join(reads[:2])}{more}, of which acpiexec '
            'knows nothing')


class Result:
    """What an evaluation gave: a value or a status, and the regions it read."""

    def __init__(self, value=None, status=None, reads=(), missing=()):
        self.value, self.status, self.reads = value, status, reads
        self.missing = missing

    @property
    def unclear(self):
        """Why nothing follows from it, None if something does."""
        if self.reads:
            return f'reads {reads_text(self.reads)}'
        if self.status == NO_ANSWER:
            return 'has no end in acpiexec'
        return None

    def same(self, other):
        """Equal but for what was read."""
        return (self.value, self.status) == (other.value, other.status)


class Lines:
    """An external object, as acpiexec prints it, line after line."""

    def __init__(self, lines):
        self.lines, self.at = lines, 0

    def buffer(self, rest):
        """`rest` has the length, and the bytes if they are few."""
        length = int(rest.split(' ', 1)[0], 16)
        data = bytearray()
        row = ROW.match(rest.partition('=')[2])
        while len(data) < length:
            if not row:
                if self.at == len(self.lines):
                    return None
                row = ROW.match(self.lines[self.at])
                self.at += 1
                continue
            data += bytes.fromhex(row.group(1))
            row = None
        return bytes(data[:length])

    def value(self, depth=0):
        """The next object; None for what is of no use here."""
        if self.at >= len(self.lines) or depth > 16:
            return None
        match = OBJECT.match(self.lines[self.at])
        self.at += 1
        if not match:
            return None
        kind, rest = match.groups()
        if kind == 'Integer':
            return int(rest, 16)
        if kind == 'String':
            return rest.partition('= "')[2].rstrip()[:-1]
        if kind == 'Buffer':
            return self.buffer(rest)
        number = int(rest.split(' ', 1)[0], 16)
        return [self.value(depth + 1)
                for _ in range(min(number, len(self.lines) - self.at))]


class Reads:
    """Finds the regions that were read."""

    def __init__(self, nodes):
        self.regions = []       # (path, address space, first, last address)
        for node in nodes:
            match = REGION.match(node.detail) if node.kind == 'Region' else None
            if match:
                start = int(match.group(2), 16)
                self.regions.append((shown(node.path), match.group(1), start,
                                     start + int(match.group(3), 16) - 1))

    def describe(self, space, address=None):
        """A region by its space and an address in it, and the space."""
        names = [name for name, other, first, last in self.regions
                 if other == space and
                 (address is None or first <= address <= last)]
        return f'{names[0]} ({space})' if names else f'of space {space}'

    def named(self, name):
        """A region by its name."""
        names = [f'{path} ({space})' for path, space, *_ in self.regions
                 if path.lstrip('\\').split('.')[-1] == name.rstrip('_')]
        return names[0] if names else name

    def at_load(self, text):
        """Those that were read while tables were loaded."""
        found = {}
        for space, address, number in HANDLED.findall(text):
            if space:
                found[self.describe(space, int(address, 16))] = True
            else:
                number = int(number, 16)
                found[self.describe(SPACES.get(number, f'{number:#x}'))] = True
        return tuple(found)

    def at_evaluation(self, text):
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
                found[self.describe(space, int(address, 16))] = True
                reading = False
        return tuple(found)


def values(text, reads):
    """{path: Result} of all evaluations in text."""
    parts = re.split(r'^Evaluating (\S+)\s*$', text, flags=re.M)
    results = {}
    for path, part in zip(parts[1::2], parts[2::2]):
        missing = tuple(dict.fromkeys(SYMBOL.findall(part)))
        touched = reads.at_evaluation(part)
        match = re.search(r'^Evaluation of \S+ (?:failed with status (\w+)|'
                          r'returned object .*\n)', part, re.M)
        if not match:
            result = Result(None, 'AE_NOT_EXIST', touched, missing)
        elif match.group(1):
            result = Result(None, match.group(1), touched, missing)
        else:
            lines = Lines(part[match.end():].splitlines())
            result = Result(lines.value(), None, touched, missing)
        results.setdefault(path, result)
    return results


class Loaded:
    """What loading the tables gave."""

    def __init__(self, text):
        self.nodes = namespace(text)
        start = text[:text.find(LOADED)] if LOADED in text else text
        self.regions = Reads(self.nodes)
        self.reads = self.regions.at_load(start)
        self.any_reads = self.regions.at_load(text)
        self.missing = tuple(dict.fromkeys(SYMBOL.findall(start)))
        self.errors = [f'{kind} {name}: {status}' for status, kind, name in
                       LOADING.findall(start)]


class Acpica:
    """acpiexec on a set of tables, as (signature, bytes) each."""

    def __init__(self, tables):
        self.tool = Tool('acpiexec')
        self.tool.find()
        # pylint: disable=consider-using-with
        self.top = tempfile.TemporaryDirectory(prefix='pcc-check-')
        if not any(t[:4] == b'DSDT' for t in tables):
            tables = [dsdt(), *tables]
        self.files = []
        for data in sorted(tables, key=lambda t: t[:4] != b'DSDT'):
            self.files.append(f'table{len(self.files)}.aml')
            with open(os.path.join(self.top.name, self.files[-1]),
                      'wb') as file:
                file.write(repaired(data))

    def close(self):
        """Counterpart of the constructor."""
        self.top.cleanup()

    def run(self, *commands, fill=0, files=None):
        """The output for these commands."""
        script = GO + ''.join(c + '\n' + GO for c in commands
                              if len(c) < LONGEST_LINE) + 'quit\n'
        status, text = self.tool.run(
            [*OPTIONS, '-fv', str(fill), *(files or self.files)],
            self.top.name, script)
        if status < 0 or CRASH in text:
            raise ToolError('acpiexec crashes')
        return text

    def load(self, fill=0, files=None):
        """The namespace that the tables make."""
        return Loaded(self.run('namespace', fill=fill, files=files))

    def bad_files(self):
        """Positions of the tables on which acpiexec stops, each by itself."""
        bad = []
        for i, file in enumerate(self.files):
            try:
                self.load(files=[self.files[0], file] if i else [file])
            except ToolError:
                bad.append(i)
                if not i:
                    break
        return bad

    def evaluate(self, loaded, paths, fill=0):
        """{path: Result}."""
        if not paths:
            return {}
        text = self.run(DEBUG, *(f'evaluate {p}' for p in paths), fill=fill)
        return {**{p: Result(None, NO_ANSWER) for p in paths},
                **values(text, loaded.regions)}
