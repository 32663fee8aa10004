# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
"""What ACPICA makes of DSDT and SSDTs: acpiexec's namespace and values.

Its debug output tells which fields of OperationRegions were read: acpiexec
answers them with a filling, so a value that follows from one is no verdict.
"""

import os
import re
import struct
import tempfile

from tool import LOOP_SECONDS, Tool, ToolError

HEADER = 36
# Objects, tables, regions and buffer fields: what values(), reads() look for.
DEBUG = '0x3804'
LONGEST_LINE = 500      # of acpiexec's command line
GO = 'go\n' * 3          # past a BreakPoint in AML, else it does nothing
NODE = re.compile(r' *(\d+) +(\S{4}) (\S+) +0x[0-9a-f]+ \S+ ?(.*)')
ROW = re.compile(r' *[0-9A-F]{4,}: ((?:[0-9A-F]{2} )+)')
OBJECT = re.compile(r' *\[(Integer|String|Buffer|Package)\](?: =| Length| '
                    r'Contains) (.*)')
NO_ANSWER = 'no answer'
CRASH = 'ACPI Exec: Segmentation Fault'
LOADED = 'ACPI AML tables successfully acquired'
FIELD = re.compile(r'Set NamedObj \S+ \[(\w{4})\], ObjDesc (0x[0-9a-f]+)|'
                   r'FieldRead \[TO\]: +Obj (0x[0-9a-f]+), Type 1[123],|'
                   r'(PCC|GPIO) FieldRead|'
                   r'EvAddressSpaceDispatch.*\[(SMBus|IPMI|GenericSerialBus|'
                   r'PlatformRtMechanism|FunctionalFixedHW)\]|'
                   r'No handler for Region \[(\w{4})\]')
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
    """Finds the regions that were read; it has to see the text from its start."""

    def __init__(self, nodes):
        self.objects = {}
        self.regions = {n.path[-1]: re.match(r'\[(\w+)\]', n.detail)
                        for n in nodes if n.kind == 'Region'}
        self.fields = {n.path[-1]: re.match(r'Rgn \[(\w{4})\]', n.detail)
                       for n in nodes if n.kind == 'RegionField'}

    def describe(self, field):
        """The region of a field, and its address space."""
        region = self.fields.get(field)
        if not region:
            return f'field {field or "of a region"}'
        space = self.regions.get(region.group(1))
        return f'{region.group(1)}' + (f' ({space.group(1)})' if space else '')

    def find(self, text):
        """Those in a part of the text."""
        found = []
        for name, new, old, kind, serial, lost in FIELD.findall(text):
            if name:
                self.objects[new] = name
            elif old:
                found.append(self.describe(self.objects.get(old)))
            elif lost:
                space = self.regions.get(lost)
                found.append(lost + (f' ({space.group(1)})' if space else ''))
            else:
                found.append(f'of space {kind or serial}')
        return tuple(dict.fromkeys(found))


def values(text, reads):
    """{path: Result} of all evaluations in text."""
    parts = re.split(r'^Evaluating (\S+)\s*$', text, flags=re.M)
    reads.find(parts[0])
    results = {}
    for path, part in zip(parts[1::2], parts[2::2]):
        missing = tuple(dict.fromkeys(SYMBOL.findall(part)))
        touched = reads.find(part)
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
        self.reads = Reads(self.nodes).find(start)
        head = text[:text.rfind('ACPI Namespace (from')]
        self.any_reads = Reads(self.nodes).find(head)
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
            ['-es', '-to', str(LOOP_SECONDS), '-x', DEBUG, '-fv', str(fill),
             *(files or self.files)], self.top.name, script)
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
        text = self.run(*(f'evaluate {p}' for p in paths), fill=fill)
        return {**{p: Result(None, NO_ANSWER) for p in paths},
                **values(text, Reads(loaded.nodes))}
