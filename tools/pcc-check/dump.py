# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
"""Tables out of text: what acpidump, xxd or hexdump printed, however it was copied.

A row is found anywhere in its line, by an offset that is the next one of its
table. The length in the table's header says where it ends, so that an ASCII
column is never taken for bytes.
"""

import io
import re

HEADER = re.compile(r'(?:^|[\s>|])[A-Z0-9_!]{4} @ (?:0x)?[0-9A-Fa-f]+\s*$')
ROW = re.compile(r'(?<![0-9A-Za-z])(?:0x)?([0-9A-Fa-f]{4,16})'
                 r'(:[ \t]*|(?<=[0-9A-Fa-f]{8})[ \t]{2,})(?=[0-9A-Fa-f]{2})')
HALF = re.compile(r'(?:[ \t]?[0-9A-Fa-f]{2}){1,8}')
GAP = re.compile(r'[ \t]*(?=[0-9A-Fa-f]{2}[ \t])')     # of hexdump -C
ROW_BYTES = 16
SHORTEST_LINE = 8       # PCCT @ 0
LONGEST_LINE = 4096     # characters; no row has more
LONGEST_TABLE = 1 << 24
MOST_DAMAGED = 20       # more of one input tells nobody more


def decode(data):
    """The text that data is, None if it is binary."""
    if data[:2] in (b'\xff\xfe', b'\xfe\xff'):
        return data.decode('utf-16', 'replace')
    head = data[:4096]
    if b'\0' in head:
        odd, even = head[1::2].count(0), head[::2].count(0)
        if min(odd, even) or max(odd, even) * 3 < len(head):
            return None
        return data.decode('utf-16-le' if odd else 'utf-16-be', 'replace')
    return data.decode('utf-8-sig', 'replace')


def row_bytes(text, most=ROW_BYTES):
    """The bytes that a row begins with, `most` of them at most."""
    half = HALF.match(text)
    found = bytes.fromhex(half.group()) if half else b''
    if len(found) == ROW_BYTES // 2:
        gap = GAP.match(text, half.end())
        half = HALF.match(text, gap.end() if gap else half.end())
        found += bytes.fromhex(half.group()) if half else b''
    return found[:most]


class Table:
    """A table that is being read; its first row has 8 bytes or more."""

    def __init__(self, line, row):
        self.data, self.length = bytearray(), int.from_bytes(row[4:8], 'little')
        self.add(line, row)

    @property
    def whole(self):
        return len(self.data) >= self.length

    def add(self, line, row):
        """A row, and the number of its line."""
        self.line = line
        self.data += row
        self.short = 0 if len(row) == ROW_BYTES or self.whole else len(row)

    def complaint(self, what):
        """What is wrong where the table ends early."""
        if self.short:
            what = f'the hex ends early, after {self.short} bytes'
        return (f'line {self.line}: offset {len(self.data):#x}: {what}; the '
                f'table should have {self.length} bytes')

    def skipped_by(self, offset, row):
        """A row that is not the next one, and not one that was there."""
        return not self.whole and len(row) >= 4 and offset % ROW_BYTES == 0 and \
            self.data[offset:offset + len(row)] != row


class Reader:
    """Finds tables in a text; `damaged` are (signature, reason)."""

    def __init__(self, text):
        self.tables, self.damaged, self.open = [], [], None
        for number, line in enumerate(io.StringIO(text), 1):
            if len(line) > SHORTEST_LINE:
                self.line(number, line.rstrip())
            if len(self.damaged) >= MOST_DAMAGED:
                break
        self.close()

    def close(self, what='the text ends'):
        """The table that was being read is all there is."""
        table, self.open = self.open, None
        if table and table.whole and table.length >= 8:
            self.tables.append(bytes(table.data[:table.length]))
        elif table:
            self.damaged.append((table.data[:4].decode('ascii', 'replace'),
                                 table.complaint(what)))

    def line(self, number, text):
        text = text[:LONGEST_LINE].replace('\xa0', ' ')
        if HEADER.search(text):
            self.close('another table begins')
            return
        rows = [(int(m.group(1), 16), text[m.end():]) for m in ROW.finditer(text)]
        table = self.open
        for offset, rest in rows:
            if table and not table.whole and offset == len(table.data):
                table.add(number, row_bytes(rest, table.length - offset))
                return
        for offset, rest in rows:
            row = row_bytes(rest)
            if offset == 0 and len(row) >= 8:
                self.close('another table begins')
                self.open = Table(number, row)
                if self.open.length > LONGEST_TABLE:
                    self.close(f'a length of more than {LONGEST_TABLE} bytes')
                return
            if table and table.skipped_by(offset, row):
                self.close(f'line {number} goes on at {offset:#x}')
                return
