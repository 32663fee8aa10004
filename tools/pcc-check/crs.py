# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
"""A _CRS buffer's address descriptors, checked as ACPICA checks them.

Lengths and types are those of acpi_ut_validate_resource(); a descriptor that it
refuses fails the whole _CRS, and then the kernel makes no device.
"""

import re
import struct

END_TAG = 0x0f
# Length of the contents: (least, most).
SMALL = {0x4: (2, 3), 0x5: (2, 2), 0x6: (0, 1), 0x7: (0, 0), 0x8: (7, 7),
         0x9: (3, 3), 0xa: (5, 5), 0xe: (0, 7), END_TAG: (1, 1)}
ANY = 0xffff
LARGE = {0x81: (9, 9), 0x82: (12, 12), 0x84: (0, ANY), 0x85: (17, 17),
         0x86: (9, 9), 0x87: (23, ANY), 0x88: (13, ANY), 0x89: (6, ANY),
         0x8a: (43, ANY), 0x8b: (53, 53), 0x8c: (20, ANY), 0x8d: (15, ANY),
         0x8e: (9, ANY), 0x8f: (17, ANY), 0x90: (11, ANY), 0x91: (14, ANY),
         0x92: (17, ANY), 0x93: (9, ANY)}
SERIAL_BUS, SERIAL_TYPES = 0x8e, range(1, 5)
# Of Word, DWord and QWord descriptors: (form of the minimum, its offset).
MINIMUM = {0x88: ('<H', 8), 0x87: ('<I', 10), 0x8a: ('<Q', 14)}
EXTENDED = 0x8b         # acpi_resource_to_address64() does not take it
MEMORY, PCC, VENDOR = 0x00, 0x0a, 0xc0
# A register of PCC, in AML and in its buffer: the access size is the subspace.
PCC_REGISTER = re.compile(rb'\x82\x0c\0\x0a..(.)', re.S)


class CrsError(Exception):
    """The ACPICA status with which the kernel refuses the buffer."""


def descriptors(data):
    """(tag, descriptor) up to the end tag."""
    at = 0
    while at < len(data):
        tag = data[at]
        kind, lengths, header = tag >> 3, SMALL, 1
        if tag & 0x80:
            kind, lengths, header = tag, LARGE, 3
            if at + 3 > len(data):
                break
        if kind not in lengths:
            raise CrsError('AE_AML_INVALID_RESOURCE_TYPE')
        length = tag & 7 if header == 1 else \
            struct.unpack_from('<H', data, at + 1)[0]
        least, most = lengths[kind]
        if not least <= length <= most:
            raise CrsError('AE_AML_BAD_RESOURCE_LENGTH')
        whole = data[at:at + header + length]
        if len(whole) < header + length:
            break
        if tag == SERIAL_BUS and whole[5] not in SERIAL_TYPES:
            raise CrsError('AE_AML_INVALID_RESOURCE_TYPE')
        if header == 3 and len(data) - at < 6:
            raise CrsError('AE_AML_BUFFER_LENGTH')
        yield tag, whole
        if kind == END_TAG:
            return
        at += len(whole)
    raise CrsError('AE_AML_NO_RESOURCE_END_TAG')


def indices(data):
    """The subspaces that a _CRS names: those of PCC type, else of memory type."""
    found = {PCC: [], MEMORY: []}
    for tag, whole in descriptors(data):
        if tag not in MINIMUM and tag != EXTENDED:
            continue
        kind = whole[3]
        if 2 < kind < VENDOR and kind != PCC:
            raise CrsError('AE_AML_INVALID_RESOURCE_TYPE')
        if kind in found and tag != EXTENDED:
            form, offset = MINIMUM[tag]
            found[kind].append(struct.unpack_from(form, whole, offset)[0])
    return found[PCC] or found[MEMORY]
