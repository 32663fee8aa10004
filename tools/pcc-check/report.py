# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
"""Puts all together, and says it: as text, or as JSON."""

import json
import os
import pathlib
import re
import subprocess
import tempfile

import link
from acpica import Acpica
from firmware import HID, Firmware
from notes import notes
from pcct import INITIATOR, RESPONDER, Pcct
from tool import ToolError

DEVICES = 'sys/bus/platform/devices'


class Report:
    """What becomes of each device, and what else there is to say."""

    def __init__(self, inputs):
        self.inputs = inputs
        self.devices, self.kernel = [], []
        self.warnings = inputs.remarks + [
            f'{table}: its checksum is wrong; the kernel warns and takes it'
            for table in inputs.tables if not table.checksum]
        self.unknown, self.judged = None, True
        self.damaged_pcct = any('PCCT' in reason for _, reason in inputs.unreadable)
        self.judge()

    def pick(self):
        """(the PCCT's bytes or None, the AML tables, the DSDT first)."""
        aml, pcct = [], None
        for table in self.inputs.tables:
            if table.signature == 'PCCT':
                if pcct and pcct.data != table.data:
                    self.warnings.append(f'{table}: left out, the kernel takes '
                                         'the first PCCT')
                pcct = pcct or table
            elif table.signature == 'DSDT':
                if aml and aml[0].signature == 'DSDT':
                    self.warnings.append(f'{table}: left out, a machine has one '
                                         'DSDT')
                else:
                    aml.insert(0, table)
            elif table.signature in ('SSDT', 'PSDT', 'OSDT'):
                aml.append(table)
        return pcct, aml

    def judge(self):
        """All devices of all tables."""
        pcct, aml = self.pick()
        self.pcct = Pcct(pcct.data) if pcct else None
        if not aml:
            self.judged = False
            self.inputs.unreadable = self.inputs.unreadable or [
                ('the input', 'neither DSDT nor SSDT is in it, and they have '
                 'the devices: give acpidump\'s output, or its files')]
            return
        try:
            self.judge_devices(self.load(aml))
        except ToolError as error:
            if error.missing:
                raise
            self.unknown = str(error)

    def judge_devices(self, firmware):
        """What ACPICA finds, against the PCCT."""
        self.unknown = firmware.unknown
        self.warnings += firmware.remarks
        claimed, outboxes = set(), {}
        for device in firmware.devices:
            found = {'device': device.title, 'path': device.path, 'warnings': [],
                     **self.judge_device(device, claimed)}
            self.devices.append(found)
            if 'link' not in found:
                found['text'] = f'{device.title}: {found["result"]}: {found["reason"]}'
                continue
            found['text'] = f'{device.title}: binds as {found["link"].interface}'
            index = found['link'].outbox.index
            if index in outboxes:
                found['warnings'].append(
                    f'subspace {index} is the outbox of {outboxes[index]} too: '
                    'only one of the links can be up, the other is refused with '
                    'EBUSY')
            outboxes.setdefault(index, device.title)
            found['warnings'] += notes(found['link'], self.pcct, firmware.users)

    def load(self, aml):
        """The firmware; a table on which acpiexec stops is left out."""
        with tempfile.TemporaryDirectory(prefix='pcc-check-') as top:
            machine = Acpica(top, [t.data for t in aml])
            try:
                return Firmware(machine, [t.data for t in aml])
            except ToolError as error:
                bad = [] if error.missing or machine.tool.late() else \
                    [aml[i] for i in machine.bad_tables()]
                if not bad or len(bad) == len(aml):
                    raise
                self.inputs.unreadable += [(str(t), f'{error} on it') for t in bad]
        return self.load([t for t in aml if t not in bad])

    def judge_device(self, device, claimed):
        """A device's result, and its link, or the reason and advice."""
        if device.there is not True:
            return {'result': 'cannot be judged' if device.there is None
                    else 'not there', 'reason': device.why}
        try:
            return {'link': link.probe(device, self.pcct, claimed), 'result': 'binds'}
        except link.Refusal as refusal:
            if refusal.key == 'pcct' and self.damaged_pcct:
                return {'result': 'cannot be judged',
                        'reason': 'the PCCT could not be read', 'advice': None}
            return {'result': 'refused', 'reason': str(refusal),
                    'advice': refusal.advice}
        except link.Unknown as reason:
            return {'result': 'cannot be judged', 'reason': str(reason)}

    def add_machine(self, root):
        """What the running kernel made of the devices of the machine below root."""
        for path in sorted(pathlib.Path(root, DEVICES).glob(f'{HID}:*')):
            driver = path / 'driver'
            state = f'is bound to {os.path.basename(os.readlink(driver))}' \
                if driver.is_symlink() else 'has no driver'
            interfaces = sorted(net.name for net in path.glob('net/*'))
            self.kernel.append(' '.join([f'kernel: {path.name} {state}', *interfaces]))
            for found in self.devices:
                if 'link' in found and found['link'].interface in interfaces:
                    found['warnings'] += queue_notes(found['link'].interface)

    @property
    def status(self):
        if self.inputs.unreadable:
            return 2
        bad = [d for d in self.devices if d['result'] not in ('binds', 'not there')]
        return 1 if bad or self.unknown else 0

    def none_text(self):
        """The first line if no device is there."""
        if self.unknown:
            return f'{HID}: cannot be judged: {self.unknown}'
        if self.devices:
            found = self.devices[0]
            return (f'no {HID} device: {found["path"]} is not there: {found["reason"]}')
        where = ' in the tables that could be read' \
            if self.inputs.unreadable else ''
        return f'no {HID} device{where}'


def queue_notes(name):
    """A qdisc that does not let a long message through whole."""
    try:
        done = subprocess.run(['tc', 'qdisc', 'show', 'dev', name], timeout=5,
                              stdin=subprocess.DEVNULL, capture_output=True,
                              check=False)
    except (OSError, subprocess.TimeoutExpired):
        return
    if re.search(rb'^qdisc fq_codel', done.stdout, re.M):
        yield (f'{name} has the qdisc fq_codel, which drops packets of a '
               f'long message: tc qdisc replace dev {name} root pfifo_fast')


def describe(found):
    """The line on subspaces, buffers, MTU, interrupts, turnaround."""
    both = found['link']
    sides = '; '.join(
        f'{side} {entry.index} of {entry.size} bytes, interrupt {entry.gsi} '
        f'{"edge" if entry.edge else "level"}'
        for side, entry in both.sides.items())
    return (f'{found["path"]}: {sides}; MTU {link.MIN_MTU} to {both.mtu}; '
            f'turnaround {both.turnaround} us')


def pcct_lines(pcct, verbose):
    """The subspaces that are no link's: one line, or one for each."""
    types = [e.type for e in pcct.entries]
    others = [t for t in types if t not in (INITIATOR, RESPONDER)]
    if others and not verbose:
        yield (f'PCCT: {len(others)} of {len(types)} subspaces are for other '
               f'clients (type {", ".join(map(str, sorted(set(others))))})')
    if verbose:
        yield (f'PCCT: {len(types)} subspaces of types {", ".join(map(str, types))}')
        for e in pcct.entries:
            yield (f'PCCT: subspace {e.index} is of type {e.type}' +
                   (': for other clients, an MCTP link has types 3 and 4'
                    if e.type in others else
                    f', {e.size} bytes at {e.base:#x}, interrupt {e.gsi}'))


def text(report, verbose):
    """The lines for people."""
    there = [d for d in report.devices if d['result'] != 'not there']
    if report.judged and (not there or report.unknown):
        yield report.none_text()
    for found in there or report.devices[1:]:
        yield found['text']
        if found.get('advice'):
            yield f'    {found["advice"]}'
        if 'link' in found:
            yield f'    {describe(found)}'
        yield from (f'    warning: {w}' for w in found['warnings'])
    if there:
        yield from (f['text'] for f in report.devices if f['result'] == 'not there')
    yield from (f'warning: {w}' for w in report.warnings)
    if report.pcct:
        yield from pcct_lines(report.pcct, verbose)
    if verbose:
        yield from (f'table: {t}, {len(t.data)} bytes' for t in report.inputs.tables)
    yield from report.kernel


def link_fields(both):
    return {'interface': both.interface, 'mtu': both.mtu,
            'turnaround_us': both.turnaround,
            **{side: {'subspace': e.index, 'size': e.size, 'base': e.base,
                      'interrupt': e.gsi, 'edge': e.edge,
                      'latency_us': e.latency}
               for side, e in both.sides.items()}}


def as_json(report):
    """The same for programs."""
    return json.dumps({
        'status': report.status,
        'devices': [{**found, 'link': link_fields(found['link'])}
                    if 'link' in found else found for found in report.devices],
        'cannot_be_judged': report.unknown, 'warnings': report.warnings,
        'unreadable': [{'input': name, 'reason': reason}
                       for name, reason in report.inputs.unreadable],
        'tables': [{'input': t.source, 'signature': t.signature,
                    'oem': t.oem, 'length': len(t.data),
                    'checksum': t.checksum} for t in report.inputs.tables],
        'subspaces': [e.type for e in report.pcct.entries]
        if report.pcct else None,
        'kernel': report.kernel}, indent=2)
