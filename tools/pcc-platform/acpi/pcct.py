# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
"""The PCCT as a data table for iasl (ACPI 6.5, 14.1): the names are iasl's."""

HEAD = '''[0004] Signature : "PCCT"
[0004] Table Length : 00000000
[0001] Revision : 02
[0001] Checksum : 00
[0006] Oem ID : "MCTPPC"
[0008] Oem Table ID : "PLATFORM"
[0004] Oem Revision : 00000001
[0004] Asl Compiler ID : "INTL"
[0004] Asl Compiler Revision : 00000000
[0004] Flags (decoded below) : 0000000{0}
                    Platform : {0}
[0008] Reserved : 0000000000000000
'''
LENGTHS = (0x3e, 0x3e, 0x5a, 0xa4, 0xa4)    # of an entry, by its type
# The access rate of an entry of type 1 that stands for one of type 5: see put-type5
STAND_IN = 0x55555555
MEMORY, IO = 0, 1                           # address spaces


def field(size, name, value):
    """A number of that many bytes."""
    return f'[{size:04d}] {name} : {value:0{2 * size}X}\n'


def register(name, address, space=MEMORY, width=32, access=3):
    """A generic address structure (ACPI 6.5, 5.2.3.2)."""
    return (f'[0012] {name} Register : [Generic Address Structure]\n' +
            field(1, 'Space ID', space) + field(1, 'Bit Width', width) +
            field(1, 'Bit Offset', 0) + field(1, 'Encoded Access Width', access) +
            field(8, 'Address', address))


def doorbell(name, box, fixed):
    """The register where the machine hears the subspace."""
    if 'DOORBELL_PORT' in fixed:
        return register(name, fixed['DOORBELL_PORT'], IO, 8, 1)
    return register(name, box['regs'] + fixed['REG_DOORBELL'])


def interrupt(box, fixed):
    """An edge, or the UART's line, which all have then."""
    if box['type'] == 0:
        return field(6, 'Reserved', 0)
    edge = box['irq'] == 'edge'
    return (field(4, 'Platform Interrupt', box['gsi'] if edge else fixed['LEVEL_GSI']) +
            field(1, 'Flags (Decoded Below)', 2 * edge) +
            f' Polarity : 0\n Mode : {edge:d}\n' + field(1, 'Reserved', 0))


def acknowledge(box, fixed):
    """A read of the UART; an edge needs none, it tells that one was taken."""
    if box['irq'] == 'level':
        text, keep = register('Platform ACK', fixed['UART_ADDRESS'],
                              fixed['UART_SPACE'], 8, 1), 0
    else:
        text = register('Platform ACK', box['regs'] + fixed['REG_ACK'])
        keep = 0xfffffffe
    mask = 'ACK Write Mask' if box['type'] == 2 else 'ACK Set Mask'
    return text + field(8, 'ACK Preserve Mask', keep) + field(8, mask, 0)


def update(box, fixed, check, bit):
    """Where the OS clears command complete of an outbox, and sets an inbox's."""
    if box['registers'] == 'shared':
        text, keep = doorbell('Command Update', box, fixed), 0
        put = fixed['RING_UPDATE'] + box['index'] + 1
    else:
        wide = box['registers'] == '64'
        own = fixed['REG_WIDE_UPDATE' if wide else 'REG_UPDATE']
        text = register('Command Update', box['regs'] + own
                        if box['update'] == 'own' else check, MEMORY,
                        64 if wide else 32, 4 if wide else 3)
        keep, put = (2 ** 64 if wide else 2 ** 32) - 1 - bit, 0
        if box['type'] == 4 and box['update'] == 'none':
            keep = 2 ** 64 - 1
        elif box['type'] == 4:
            put = bit
    return (text + field(8, 'Command Update Preserve Mask', keep) +
            field(8, 'Command Update Set Mask', put))


def status(box, fixed):
    """Command complete and error status: types 0 to 2 have them in memory."""
    shared, wide = (box['registers'] == kind for kind in ('shared', '64'))
    bit = 1 << box['index'] if shared else 1 << 32 if wide else 1
    check = (fixed['REG_BASE'] + fixed['REG_SHARED'] if shared else
             box['regs'] + (fixed['REG_WIDE'] if wide else 0))
    error = box['regs'] + fixed['REG_WIDE_ERROR' if wide else 'REG_ERROR']
    width, access = (64, 4) if wide else (32, 3)
    return (field(8, 'Reserved', 0) +
            register('Command Complete', check, MEMORY, width,
                     5 if box['complete'] == 'unreadable' else access) +
            field(8, 'Command Complete Check Mask', bit) +
            update(box, fixed, check, bit) +
            register('Error Status', error, MEMORY, width, access) +
            field(8, 'Error Status Mask', bit if wide else 1))


def entry(box, fixed):
    """A subspace (ACPI 6.5, 14.1.3 to 14.1.6)."""
    kind, rate = box['type'], 0
    if kind == 5:
        kind, rate = 1, STAND_IN
    text = (field(1, 'Subtable Type', kind) + field(1, 'Length', LENGTHS[kind]) +
            interrupt(box, fixed) + field(8, 'Base Address', box['base']) +
            field(4 if kind > 2 else 8, 'Address Length', box['size']) +
            doorbell('Doorbell', box, fixed) + field(8, 'Preserve Mask', 0) +
            field(8, 'Write Mask', box['index'] + 1) +
            field(4, 'Command Latency', box['latency']) +
            field(4, 'Maximum Access Rate', rate) +
            field(4 if kind > 2 else 2, 'Minimum Turnaround Time',
                  box['turnaround']))
    if kind > 1:
        text += acknowledge(box, fixed)
    return text + status(box, fixed) if kind > 2 else text


def pcct(boxes, fixed, interrupts):
    """The whole table; `interrupts`: its flags say that the platform interrupts."""
    return HEAD.format(int(interrupts)) + ''.join(entry(b, fixed) for b in boxes)
