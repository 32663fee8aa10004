# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
"""What a link may suffer from although its device binds."""

from pcct import (ACK, COMPLETE, DOORBELL, INITIATOR, RESPONDER, SPACE_IO,
                  SPACE_MEMORY, UPDATE, WIDTHS)

SPACES = {2: 'PCI configuration', 3: 'embedded controller', 4: 'SMBus',
          0x0a: 'PCC', 0x7f: 'fixed hardware'}
COMPLETE_MASK, UPDATE_PRESERVE, UPDATE_SET = 108, 128, 136
SLOW = 1000000          # microseconds
IO_BITS, IO_PORTS = 32, 1 << 16


def access_bits(gas):
    """In which steps acpi_read() reads a register."""
    if not gas.offset and gas.width in (8, 16, 32, 64, 128):
        bits = gas.width
    elif gas.access:
        bits = 1 << (gas.access + 2)
    else:
        bits = 8
        while bits < gas.offset + gas.width:
            bits *= 2
        while bits > 8 and gas.address % (bits // 8):
            bits //= 2
    return min(bits, IO_BITS if gas.space == SPACE_IO else 64)


def unreadable(gas):
    """Why acpi_read() fails on a register, None if it does not."""
    if not gas.address:
        return 'its address is 0'
    if gas.space not in (SPACE_MEMORY, SPACE_IO):
        name = f', {SPACES[gas.space]}' if gas.space in SPACES else ''
        return f'its address space is {gas.space:#x}{name}'
    if gas.access > 4:
        return f'its access width is {gas.access}, it must be 0 to 4'
    step = access_bits(gas)
    end = gas.offset + gas.width
    if (end + step - 1) // step * step & 0xff > 64:
        return f'its bits end at {end}, beyond 64'
    if gas.space == SPACE_IO and gas.address + step // 8 > IO_PORTS:
        return f'there is no I/O port {gas.address:#x}'
    return None


def register_notes(entry):
    """On the registers of a subspace."""
    title = f'subspace {entry.index}'
    reason = unreadable(entry.gas(COMPLETE))
    if reason:
        yield (f'{title}: the driver cannot read the command complete '
               f'register ({reason}) and takes it for set')
    for name, offset in (('doorbell', DOORBELL), ('interrupt acknowledge', ACK),
                         ('command update', UPDATE)):
        gas = entry.gas(offset)
        if gas.space == SPACE_MEMORY and gas.width in WIDTHS and \
                not gas.address:
            yield f'{title}: its {name} register is at 0'
        elif gas.space != SPACE_MEMORY and unreadable(gas):
            yield (f'{title}: the kernel cannot reach the {name} register '
                   f'({unreadable(gas)})')


def update_note(entry):
    """Does the update register do what the mailbox writes it for?"""
    title = f'subspace {entry.index}'
    mask, keep, put = (entry.field('<Q', offset) for offset in
                       (COMPLETE_MASK, UPDATE_PRESERVE, UPDATE_SET))
    if not mask:
        return f'{title}: the mask of its command complete register is 0'
    same = entry.gas(COMPLETE) == entry.gas(UPDATE)
    if entry.type == RESPONDER and (not put or same and put & mask != mask):
        return (f'{title}: its command update register does not set the '
                'command complete bit: unless the platform sets it, a packet '
                'counts as new for ever')
    if entry.type == INITIATOR and same and (keep | put) & mask:
        return (f'{title}: its command update register leaves the command '
                'complete bit set')
    return None


def interrupt_notes(entry, pcct):
    """On the interrupt of a subspace."""
    title = f'interrupt {entry.gsi} of subspace {entry.index}'
    others = [e.index for e in pcct.entries
              if e.index != entry.index and e.type in (1, 2, 3, 4) and
              e.gsi == entry.gsi]
    if others and (entry.edge or pcct.entries[others[0]].edge):
        yield (f'{title} is an edge and shared with subspace {others[0]}: only '
               'one of them can be open')
    if entry.low:
        yield (f'{title} is active low: the link does not come up on a GIC, '
               'which has no falling edge and no low level')


def notes(link, pcct, users):
    """All of a link; `users` are {subspace: [who else uses it]}."""
    for entry in link.sides.values():
        who = users.get(entry.index, ())
        if who:
            more = f' and {len(who) - 1} more' if len(who) > 1 else ''
            yield (f'subspace {entry.index} is also used by {who[0]}{more}: '
                   'only one can have it, the other is refused with EBUSY')
        yield from register_notes(entry)
        update = update_note(entry)
        if update:
            yield update
        yield from interrupt_notes(entry, pcct)
        if not entry.base:
            yield f'subspace {entry.index}: its memory is at 0'
        if entry.latency >= SLOW:
            yield (f'subspace {entry.index} has a nominal latency of '
                   f'{entry.latency} us: the driver gives a transfer up after '
                   'about a second')
