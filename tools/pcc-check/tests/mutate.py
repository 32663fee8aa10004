# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
"""Seeded mutations of tables, of dumps, and of AML."""

import random
import struct

import tables

EDGES = (0, 1, 2, 3, 7, 8, 16, 63, 64, 83, 84, 127, 128, 164, 255, 0xff00,
         0xffff, 1 << 31, (1 << 32) - 1, 1 << 52, (1 << 64) - 1)
# Where the fields of a type 3 or 4 entry are that the kernel looks at.
FIELDS = ((0, 'B'), (1, 'B'), (2, 'I'), (6, 'B'), (8, 'Q'), (16, 'I'),
          (20, 'B'), (21, 'B'), (24, 'Q'), (48, 'I'), (56, 'I'), (60, 'B'),
          (61, 'B'), (64, 'Q'), (96, 'B'), (97, 'B'), (99, 'B'), (100, 'Q'),
          (108, 'Q'), (116, 'B'), (117, 'B'), (128, 'Q'), (136, 'Q'),
          (144, 'B'), (145, 'B'), (148, 'Q'))
WORDS = ('PCCT @ 0x0', 'SSDT @ 0x0000000000000000', '0000: ', '    0010: 00 01',
         'DefinitionBlock', '\t', '\ufeff', '\r', '> ', '\0', 'Signature : "PCC')


class Mutator(random.Random):
    """All from one seed."""

    def entry(self):
        """An entry, as a rule a sound one."""
        kind = self.choice((0, 1, 2, 2, 3, 3, 3, 4, 4, 4, 5, 6, 255))
        if kind < 3:
            return tables.generic(kind, self.choice((0, 9, 9, 9, 300)),
                                  self.choice((0, 2, 2, 2, 3)))
        if kind < 5:
            return tables.ext(kind, gsi=self.choice((0, 16, 17, 18, 19, 20)))
        if kind == 5:
            return tables.registers()
        return struct.pack('<BB', kind, 2) + self.randbytes(self.randrange(8))

    def poke(self, data):
        """One field of an entry, or one byte, has another value."""
        data = bytearray(data)
        offset, form = self.choice(FIELDS)
        size = struct.calcsize('<' + form)
        if self.random() < 0.7 and offset + size <= len(data):
            struct.pack_into('<' + form, data, offset,
                             self.choice(EDGES) & (1 << 8 * size) - 1)
        elif data:
            data[self.randrange(len(data))] = self.randrange(256)
        return bytes(data)

    def pcct(self):
        """A PCCT: entries, some of them mutated, at times cut or with a tail."""
        entries = [self.entry() for _ in range(self.randrange(1, 6))]
        if self.random() < 0.3:
            entries = list(tables.PAIR) + entries
        for _ in range(self.choice((0, 0, 0, 1, 1, 2, 5))):
            i = self.randrange(len(entries))
            entries[i] = self.poke(entries[i])
        if self.random() < 0.02:
            entries *= self.choice((50, 90, 300))
        tail = self.randbytes(self.randrange(40)) \
            if self.random() < 0.1 else b''
        body = b''.join(entries) + tail
        cut = self.randrange(120) if self.random() < 0.4 else 0
        return tables.pcct(body, flags=self.choice((1, 1, 1, 1, 0, 3)),
                           cut=min(cut, len(body)))

    def bytes_of(self, data):
        """data with a few bytes changed, moved, left out or put in."""
        data = bytearray(data)
        for _ in range(self.randrange(1, 9)):
            at = self.randrange(len(data) + 1)
            what = self.randrange(5)
            if what == 0:
                del data[at:at + self.randrange(1, 40)]
            elif what == 1:
                data[at:at] = self.randbytes(self.randrange(1, 20))
            elif what == 2:
                data[at:at] = data[self.randrange(len(data) + 1):][:64]
            elif what == 3 and len(data) > at + 4:
                struct.pack_into('<I', data, at, self.choice(EDGES) & 0xffffffff)
            elif at < len(data):
                data[at] ^= 1 << self.randrange(8)
        return bytes(data)

    def text_of(self, text):
        """The same for lines, in one of many encodings."""
        lines = text.splitlines()
        for _ in range(self.randrange(1, 9)):
            at = self.randrange(len(lines))
            word = self.choice(WORDS)
            lines[at] = self.choice((
                '', word + lines[at], lines[at][:self.randrange(80)],
                lines[at] + word, lines[at].replace(' ', '', 3),
                lines[at].lower(), self.choice(lines),
                lines[at].replace('0', self.choice('1fg\xe4'))))
        encoding = self.choice(('utf-8', 'utf-16', 'utf-16-be', 'latin-1'))
        data = self.choice(('\n', '\r\n', '\n\n')).join(lines).encode(
            encoding, 'replace')
        return self.bytes_of(data) if self.random() < 0.3 else data
