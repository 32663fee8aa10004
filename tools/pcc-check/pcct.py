# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
"""The PCCT as the kernel's PCC mailbox takes it, whole or not at all.

The mailbox (drivers/mailbox/pcc.c) counts entries within the table and then
walks as many from the first one, without a look at the table's end. What it
reads behind the end is modelled by several fillings: if they give different
answers, nobody can say what the kernel will do.
"""

import collections
import struct

HEADER = 48
MAX_SUBSPACES = 256
RESERVED = 6            # types from here on are not counted
INITIATOR, RESPONDER = 3, 4
EXT_SIZE = 164          # of an entry of type 3 or 4
FILLS = (0x00, 0xff, 0x5a, 0x01, 0x20)
SPACE_MEMORY, SPACE_IO = 0, 1
WIDTHS = (8, 16, 32, 64)
PHYSICAL_BITS = 52      # no processor addresses more
# ACPI's generic address structure
Gas = collections.namedtuple('Gas', 'space width offset access address')
# Registers of type 3 and 4, in the order in which the mailbox looks at them
DOORBELL, ACK, COMPLETE, UPDATE, ERROR = 20, 60, 96, 116, 144
EXT = ((DOORBELL, 'doorbell'), (COMPLETE, 'command complete'),
       (UPDATE, 'command update'), (ERROR, 'error status'))
OLD_DOORBELL, OLD_ACK = 24, 62      # of types 0 to 2


class Unusable(Exception):
    """Why the mailbox refuses the table."""


class Entry:
    """An entry's fields, read as types 3 and 4 lay them out."""

    def __init__(self, data, at, index):
        self.data, self.at, self.index = data, at, index
        self.type, self.length = data[at], data[at + 1]
        self.gsi = self.field('<I', 2)              # number of the interrupt
        flags = self.field('<B', 6)
        self.edge, self.low = bool(flags & 2), bool(flags & 1)
        self.base = self.field('<Q', 8)             # physical address of the memory
        self.size = self.field('<I', 16)            # bytes of it
        self.latency = self.field('<I', 48)         # nominal, microseconds
        self.turnaround = self.field('<I', 56)      # minimum, microseconds

    def field(self, form, offset):
        """A number at that offset of the entry."""
        return struct.unpack_from(form, self.data, self.at + offset)[0]

    def gas(self, offset):
        """A register at that offset of the entry."""
        return Gas(*struct.unpack_from('<BBBBQ', self.data, self.at + offset))


def count(data):
    """How many subspaces the mailbox counts; raises if it refuses them."""
    at, found, entries = HEADER, 0, 0
    while at + 2 < len(data):
        found += data[at] < RESERVED
        if not data[at + 1]:
            raise Unusable(f'entry {entries} has length 0')
        if found > MAX_SUBSPACES:
            raise Unusable(f'the PCCT has more than {MAX_SUBSPACES} subspaces')
        at += data[at + 1]
        entries += 1
    if not found:
        raise Unusable('the PCCT has no subspace')
    return found


def check_register(entry, offset, name):
    """The mailbox maps a register in memory."""
    gas = entry.gas(offset)
    if gas.space != SPACE_MEMORY:
        return
    where = f'subspace {entry.index}: its {name} register'
    if gas.width not in WIDTHS:
        raise Unusable(f'{where} is {gas.width} bits wide, it must be 8, 16, '
                       '32 or 64')
    if gas.address >> PHYSICAL_BITS:
        raise Unusable(f'{where} is at {gas.address:#x}, which no machine has')


def check_interrupt(entry):
    """The mailbox registers the interrupt of types 1 to 4."""
    if not 1 <= entry.type <= RESPONDER:
        return
    if not entry.gsi:
        raise Unusable(f'subspace {entry.index} has interrupt 0, though the '
                       'table\'s flags have "platform interrupt"')
    if entry.type > 1:
        check_register(entry, OLD_ACK if entry.type == 2 else ACK,
                       'interrupt acknowledge')
    elif not entry.edge:
        raise Unusable(f'subspace {entry.index} has a level interrupt and no '
                       'register to acknowledge it')


def check_entry(entry, interrupts):
    """One step of the mailbox's walk."""
    if entry.type == RESPONDER and not interrupts:
        raise Unusable(f'subspace {entry.index} is of type 4, but the table\'s '
                       'flag "platform interrupt" is 0')
    if interrupts:
        check_interrupt(entry)
    if entry.type <= 2:
        check_register(entry, OLD_DOORBELL, 'doorbell')
        return
    for offset, name in EXT:
        check_register(entry, offset, name)


def walk(data, number, fill):
    """The mailbox's entries; raises Unusable where it refuses the table."""
    whole = data.ljust(HEADER + 255 * number + EXT_SIZE, bytes((fill,)))
    interrupts = bool(whole[36] & 1)
    entries, at = [], HEADER
    for index in range(number):
        entry = Entry(whole, at, index)
        check_entry(entry, interrupts)
        entries.append(entry)
        at += entry.length
    return entries


class Mailbox:
    """What the mailbox makes of a table: `reason`, and is it `certain`."""

    def __init__(self, data):
        self.count, self.reason, self.certain = 0, None, True
        accepted = False
        for fill in FILLS:
            try:
                self.count = count(data)
                walk(data, self.count, fill)
                accepted = True
            except Unusable as reason:
                self.reason = self.reason or str(reason)
        self.certain = not (self.reason and accepted)


class Pcct:
    """The table as the driver walks it: within its bounds."""

    def __init__(self, data):
        self.mailbox = Mailbox(data)
        self.entries = []
        padded = data + bytes(EXT_SIZE)
        at = HEADER
        while at + 2 <= len(data) and len(self.entries) < MAX_SUBSPACES:
            size = data[at + 1]
            if size < 2 or size > len(data) - at:
                break
            self.entries.append(Entry(padded, at, len(self.entries)))
            at += size
