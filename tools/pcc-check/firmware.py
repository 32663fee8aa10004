# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
"""The DMT0001 devices of a set of tables, as the kernel's ACPI scan finds them."""

import collections
import contextlib

import acpica
import crs

HID = 'DMT0001'
STATIC = ('String', 'Integer')      # the namespace has such a value in full
PRESENT, FUNCTIONAL = 1, 8
FILLS = (0xff, 0x01)   # of regions, beside 0


def eisa_text(value):
    """An EISA ID as the text that it stands for."""
    value = int.from_bytes((value & 0xffffffff).to_bytes(4, 'little'), 'big')
    letters = ''.join(chr(0x40 + (value >> s & 0x1f)) for s in (26, 21, 16))
    return f'{letters}{value & 0xffff:04X}'


EISA_HID = bytes.fromhex('11b40001')    # EisaId ("DMT0001") in AML


def id_text(value):
    """An ID as the kernel compares it, after ACPICA's repair of strings."""
    if isinstance(value, int):
        return eisa_text(value)
    return value.lstrip('*').upper() if isinstance(value, str) else None


def static_id(node):
    """The ID in a node of the namespace that has its value in full."""
    if node.kind == 'Integer':
        return eisa_text(int(node.detail.rpartition('= ')[2] or '0', 16))
    return id_text(node.detail.partition('"')[2].rstrip().rstrip('"'))


def mentions(tables):
    """How often the ID stands in the tables."""
    return sum(t.upper().count(HID.encode()) + t.count(EISA_HID) for t in tables)


class Device:
    """A DMT0001 device: `there` is True, False or None; `why` if not True."""

    def __init__(self, node, title, hid):
        self.node, self.title = node, title
        self.path = acpica.shown(node.path)
        self.there, self.why = (True, None) if hid else (
            False, 'it has no _HID, so the kernel makes no platform device')
        self.crs = acpica.Result(None, 'AE_NOT_FOUND')
        self.chain = []         # it and the devices above it, the outermost first
        while node:
            if node.kind == 'Device':
                self.chain.insert(0, node)
            node = node.parent
        paths = [n.child('_STA') for n in self.chain] + [
            self.node.child(name) for name in ('_HID', '_CID', '_CRS')]
        self.paths = [p for p in paths if p]    # what is to be evaluated


class Firmware:
    """Devices, and who else uses which subspace."""

    def __init__(self, machine, tables):
        self.machine = machine
        self.loaded = machine.load()
        self.results, self.unknown = {}, None
        self.nodes = [n for n in self.loaded.nodes if n.kind == 'Device']
        self.remarks = [f'{text} while it is loaded: the kernel goes on '
                        'without the rest of it'
                        for text in self.loaded.errors]
        self.evaluate(self.unclear_ids(mentions(tables)))
        self.devices = self.find_devices()
        paths = list(dict.fromkeys(p for d in self.devices for p in d.paths))
        self.evaluate(paths)
        for device in self.devices:
            self.judge(device)
        self.compare_fills(paths)
        self.look_for_hidden(tables)
        self.users = self.find_users(b''.join(tables))

    def evaluate(self, paths):
        self.results.update(self.machine.evaluate(self.loaded, paths))

    def unclear_ids(self, mentioned):
        """Paths of the IDs that the namespace does not show.

        acpiexec takes 10 ms for each, and many devices have a package for a
        _CID: those only if the ID stands somewhere else than in plain names.
        """
        certain, unclear, packages = [], [], []
        for node in self.nodes:
            for name in ('_HID', '_CID'):
                child = node.children.get(name)
                if child and child.kind in STATIC:
                    if static_id(child) == HID:
                        certain.append(child.path)
                elif child:
                    (packages if name == '_CID' else unclear).append(child.path)
        if mentioned > len(certain):
            unclear += packages
        return certain + unclear

    def ids(self, node):
        """(the _HID or None, the _CIDs)."""
        found = []
        for name in ('_HID', '_CID'):
            child = node.children.get(name)
            value = None
            if child and child.path in self.results:
                value = self.results[child.path].value
            elif child and child.kind in STATIC:
                value = static_id(child)
            values = value if isinstance(value, list) else [value]
            found.append([id_text(v) for v in values])
        return found[0][0], found[1]

    def find_devices(self):
        """Those with the ID, named as the kernel does: by the first ID."""
        counts, devices = collections.Counter(), []
        for node in self.nodes:
            hid, cids = self.ids(node)
            first = hid or next((c for c in cids if c), None)
            if HID in (hid, *cids):
                devices.append(Device(node, f'{first}:{counts[first]:02x}', hid))
            counts[first] += 1
        return devices

    def judge(self, device):
        """Is it there, and what is its _CRS?"""
        hid = self.results.get(device.node.child('_HID'))
        if hid and hid.unclear:
            device.there, device.why = None, f'_HID {hid.unclear}'
        for node in device.chain:
            if device.there:
                device.there, device.why = self.status(device, node)
        path = device.node.child('_CRS')
        if path:
            device.crs = self.results[path]

    def status(self, device, node):
        """(True, False or None; why) from the _STA of a device or its parent."""
        path = node.child('_STA')
        if not path:
            return True, None
        name = '_STA' if node is device.node else \
            f'{acpica.shown(node.path)}._STA'
        result = self.results[path]
        if result.unclear:
            return None, f'{name} {result.unclear}'
        if result.status == 'AE_NOT_FOUND':
            return True, None       # as acpi_bus_get_status_handle() has it
        if result.status or not isinstance(result.value, int):
            return False, f'{name} fails: {result.status or "AE_TYPE"}'
        if not result.value & (PRESENT | FUNCTIONAL):
            return False, f'{name} is {result.value:#x}'
        return True, None

    def compare_fills(self, paths):
        """A device that changes with the filling of the regions is unknown."""
        methods = any(child.kind not in (*STATIC, 'Buffer', 'Package')
                      for device in self.devices for node in device.chain
                      for name, child in node.children.items()
                      if name in ('_STA', '_HID', '_CID', '_CRS'))
        if not self.loaded.any_reads or not (methods or self.loaded.reads):
            return
        reason = f'it depends on {acpica.reads_text(self.loaded.any_reads)}'
        for fill in FILLS:
            results = self.machine.evaluate(self.loaded, paths, fill)
            for device in self.devices:
                if device.there is not None and any(
                        self.results[p][:2] != results[p][:2] for p in device.paths):
                    device.there, device.why = None, reason

    def look_for_hidden(self, tables):
        """The ID stands in a table, but the device did not come to be."""
        if mentions(tables) <= len(self.devices):
            return
        missing = self.loaded.missing[:1]
        if self.loaded.reads:
            self.unknown = ('what the tables define when they are loaded '
                            f'depends on {acpica.reads_text(self.loaded.reads)}')
        elif missing and not any(t[:4] == b'DSDT' for t in tables):
            self.unknown = (f'{missing[0]} is in none of these tables: give '
                            'the DSDT and all SSDTs')
        elif missing:
            self.remarks.append(f'{missing[0]} is in none of these tables: the '
                                'kernel leaves out what a table puts there')

    def find_users(self, tables):
        """{subspace: [who uses it beside a link]}."""
        users = collections.defaultdict(list)
        for name, space, subspace, _ in self.loaded.regions:
            if space == 'PCC':
                users[subspace].append(f'the OperationRegion {name}')
        named = self.named_subspaces()
        if not any(m.group(1)[0] in named for m in crs.PCC_REGISTER.finditer(tables)):
            return users
        paths = [n.child('_CPC') for n in self.loaded.nodes if '_CPC' in n.children]
        self.evaluate(paths)
        for path in paths:
            value = self.results[path].value
            buffers = [item for item in value if isinstance(item, bytes)] \
                if isinstance(value, list) else []
            registers = filter(None, map(crs.PCC_REGISTER.match, buffers))
            for subspace in {register.group(1)[0] for register in registers}:
                users[subspace].append(acpica.shown(path))
        return users

    def named_subspaces(self):
        """What the devices name in their _CRS."""
        found = set()
        for device in self.devices:
            if isinstance(device.crs.value, bytes):
                with contextlib.suppress(crs.CrsError):
                    found.update(crs.indices(device.crs.value))
        return found
