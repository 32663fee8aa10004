# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
"""The bytes of the PCCT (ACPI 6.5, 14.1)."""

from struct import pack

MEMORY, IO = 0, 1                           # address spaces
BITS_32, BITS_64 = 2 ** 32 - 1, 2 ** 64 - 1


def register(address, space=MEMORY, width=32, access=3):
    """A generic address structure (ACPI 6.5, 5.2.3.2)."""
    return pack('<BBBBQ', space, width, 0, access, address)


def doorbell(box, fixed):
    """The register where the machine hears the subspace."""
    if 'DOORBELL_PORT' in fixed:
        return register(fixed['DOORBELL_PORT'], IO, 8, 1)
    return register(box['regs'] + fixed['REG_DOORBELL'])


def interrupt(box, fixed):
    """An edge, or the UART's line, which all have then."""
    if box['type'] == 0:
        return bytes(6)
    edge = box['irq'] == 'edge'
    return pack('<IBB', box['gsi'] if edge else fixed['LEVEL_GSI'], 2 * edge, 0)


def acknowledge(box, fixed):
    """A read of the UART; an edge needs none, it tells that one was taken."""
    if box['irq'] == 'level':
        return register(fixed['UART_ADDRESS'], fixed['UART_SPACE'], 8, 1) + bytes(16)
    return register(box['regs'] + fixed['REG_ACK']) + pack('<QQ', BITS_32 - 1, 0)


def update(box, fixed, check, bit):
    """Where the OS clears command complete of an outbox, and sets an inbox's."""
    if box['registers'] == 'shared':
        return doorbell(box, fixed) + pack('<QQ', 0,
                                           fixed['RING_UPDATE'] + box['index'] + 1)
    wide = box['registers'] == '64'
    own = box['regs'] + fixed['REG_WIDE_UPDATE' if wide else 'REG_UPDATE']
    keep, put = (BITS_64 if wide else BITS_32) - bit, 0
    if box['type'] == 4 and box['update'] == 'none':
        keep = BITS_64
    elif box['type'] == 4:
        put = bit
    return register(own if box['update'] == 'own' else check, MEMORY,
                    *((64, 4) if wide else (32, 3))) + pack('<QQ', keep, put)


def status(box, fixed):
    """Command complete and error status: types 0 to 2 have them in memory."""
    shared, wide = (box['registers'] == kind for kind in ('shared', '64'))
    bit = 1 << box['index'] if shared else 1 << 32 if wide else 1
    check = (fixed['REG_BASE'] + fixed['REG_SHARED'] if shared else
             box['regs'] + (fixed['REG_WIDE'] if wide else 0))
    error = box['regs'] + fixed['REG_WIDE_ERROR' if wide else 'REG_ERROR']
    width, access = (64, 4) if wide else (32, 3)
    return (bytes(8) +
            register(check, MEMORY, width,
                     5 if box['complete'] == 'unreadable' else access) +
            pack('<Q', bit) + update(box, fixed, check, bit) +
            register(error, MEMORY, width, access) + pack('<Q', bit if wide else 1))


def entry(box, fixed):
    """A subspace (ACPI 6.5, 14.1.3 to 14.1.7)."""
    kind, times = box['type'], (box['latency'], 0, box['turnaround'])
    place = box['base'], box['size']
    ring = doorbell(box, fixed)
    masks = pack('<QQ', 0, box['index'] + 1)
    if kind == 5:       # its doorbell tells when the command is complete, too
        body = (pack('<HQQ', 1, *place) + ring + masks + ring + pack('<Q', BITS_32) +
                register(box['regs'] + fixed['REG_ERROR']) +
                pack('<QII', 1, box['latency'], box['turnaround']))
    elif kind > 2:
        body = (interrupt(box, fixed) + pack('<QI', *place) + ring + masks +
                pack('<III', *times) + acknowledge(box, fixed) + status(box, fixed))
    else:
        body = (interrupt(box, fixed) + pack('<QQ', *place) + ring + masks +
                pack('<IIH', *times) + (acknowledge(box, fixed) if kind == 2 else b''))
    return bytes((kind, 2 + len(body))) + body


def pcct(boxes, fixed, interrupts):
    """The whole table; `interrupts`: its flags say that the platform interrupts."""
    entries = b''.join(entry(box, fixed) for box in boxes)
    table = bytearray(pack('<4sIBB6s8sI4sIIQ', b'PCCT', 48 + len(entries), 2, 0,
                           b'MCTPPC', b'PLATFORM', 1, b'MCTP', 1, interrupts, 0))
    table += entries
    table[9] = -sum(table) & 0xff
    return table
