# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
"""What the driver's probe makes of a device, in the words of the kernel's log."""

import crs
from pcct import EXT_SIZE, INITIATOR, PHYSICAL_BITS, RESPONDER

PCC_HEADER = 16         # before the MCTP packet
MIN_MTU = 68
MAX_MEMORY = 65536 + PCC_HEADER
MAX_TURNAROUND = 1000000
ALLOCATION = 4 << 20    # the kernel gives no ACPI object more

# Each reason for a refusal, with what to do about it.
REFUSALS = {
    'count': ('_CRS has %u PCC descriptors (%u, %u), needs outbox and inbox',
              'the firmware must give _CRS two descriptors: the type 3 subspace, '
              'then the type 4 one'),
    'crs': ('_CRS cannot be read: %s',
            'acpiexec says more: acpiexec -es -b "evaluate PATH._CRS" DSDT SSDT...'),
    'missing': ('PCCT has no subspace %u of type %u',
                'the number counts the PCCT\'s entries from 0; a broken entry hides '
                'all behind it'),
    'type': ('PCCT has no subspace %u of type %u',
             'the entry of that number is of type %u; first the outbox, type 3; '
             'then the inbox, type 4'),
    'entry': ('PCCT has no subspace %u of type %u',
              'the entry of that number has %u bytes; types 3 and 4 have 164'),
    'size': ('subspace %u has %u bytes of memory, needs %u',
             'the shared memory must hold the header of 16 bytes and an MCTP '
             'packet of 68'),
    'pcct': ('no PCCT: %s',
             'the firmware must install the table; the kernel shows it as '
             '/sys/firmware/acpi/tables/PCCT'),
    'claimed': ('cannot register mctppcc%u', 'each device needs an inbox of its own'),
    'memory': ('subspace %u: cannot map %u bytes at %#x',
               'the base address is not one that a machine can have'),
    'mailbox': ('no subspace can be used: %s',
                'the kernel\'s PCC mailbox takes the whole PCCT or nothing of it; the '
                'link shows, but does not come up'),
    'uncounted': ('subspace %u cannot be used: the kernel counts %u subspaces',
                  'it does not count entries of a reserved type, but numbers them'),
}


class Refusal(Exception):
    """One of REFUSALS, with its values."""

    def __init__(self, key, *values):
        text, advice = REFUSALS[key]
        used = text.count('%')
        self.advice = advice % values[used:] if values[used:] else advice
        self.key = key
        super().__init__(text % values[:used])


class Unknown(Exception):
    """Why a device cannot be judged."""


class Link:
    """Outbox and inbox of a device that binds."""

    def __init__(self, outbox, inbox):
        self.outbox, self.inbox = outbox, inbox
        self.sides = {'outbox': outbox, 'inbox': inbox}
        self.interface = f'mctppcc{inbox.index}'
        self.mtu = min(outbox.size, inbox.size, MAX_MEMORY) - PCC_HEADER
        self.turnaround = min(outbox.turnaround, MAX_TURNAROUND)


def read_crs(device):
    """The two subspaces that the device's _CRS names."""
    result = device.crs
    if result.unclear:
        raise Unknown(f'_CRS {result.unclear}')
    if result.status:
        detail = result.status
        if result.missing:
            detail += f', {result.missing[0]} is in none of these tables'
        raise Refusal('crs', detail)
    if not isinstance(result.value, bytes):
        raise Refusal('crs', 'AE_TYPE')
    if len(result.value) > ALLOCATION:
        raise Refusal('crs', 'AE_NO_MEMORY')
    try:
        found = crs.indices(result.value)
    except crs.CrsError as error:
        raise Refusal('crs', error) from None
    if len(found) != 2 or found[0] == found[1]:
        raise Refusal('count', len(found), *(found + [0, 0])[:2])
    return found


def find_entry(pcct, index, kind):
    """The subspace of that index, if it can be what it must be."""
    if index >= len(pcct.entries):
        raise Refusal('missing', index, kind)
    entry = pcct.entries[index]
    if entry.type != kind:
        raise Refusal('type', index, kind, entry.type)
    if entry.length < EXT_SIZE:
        raise Refusal('entry', index, kind, entry.length)
    if entry.size < PCC_HEADER + MIN_MTU:
        raise Refusal('size', index, entry.size, PCC_HEADER + MIN_MTU)
    return entry


def check_mailbox(pcct, link):
    """The PCC mailbox gives the link its two subspaces."""
    mailbox = pcct.mailbox
    if not mailbox.certain:
        raise Unknown(f'{mailbox.reason}; but the kernel reads this from '
                      'beyond the end of the PCCT, and what is there decides')
    if mailbox.reason:
        raise Refusal('mailbox', mailbox.reason)
    for entry in link.sides.values():
        if entry.index >= mailbox.count:
            raise Refusal('uncounted', entry.index, mailbox.count)
        if entry.base + entry.size > 1 << PHYSICAL_BITS:
            raise Refusal('memory', entry.index, entry.size, entry.base)


def probe(device, pcct, claimed):
    """The link of a device; `claimed` has the inboxes of those before it."""
    outbox, inbox = read_crs(device)
    if pcct is None:
        raise Refusal('pcct', 'AE_NOT_FOUND')
    link = Link(find_entry(pcct, outbox, INITIATOR), find_entry(pcct, inbox, RESPONDER))
    if inbox in claimed:
        raise Refusal('claimed', inbox)
    claimed.add(inbox)
    check_mailbox(pcct, link)
    return link
