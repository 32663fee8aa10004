# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
"""Puts all together, and says it: as text, or as JSON."""

import json

import link
import live
from acpica import Acpica
from firmware import HID, Firmware
from notes import notes
from pcct import Pcct
from tool import ToolError


class Report:
    """The verdicts, and what else there is to say."""

    def __init__(self, inputs):
        self.inputs = inputs
        self.devices, self.warnings, self.kernel = [], list(inputs.remarks), []
        self.unknown, self.pcct = None, None
        self.judged = True
        self.damaged_pcct = any('PCCT' in reason
                                for _, reason in inputs.unreadable)
        for table in inputs.tables:
            if not table.checksum:
                self.warnings.append(f'{table}: its checksum is wrong; the '
                                     'kernel warns and takes it')
        self.judge()

    def pick(self):
        """(the PCCT's bytes or None, the AML tables)."""
        aml, pcct = [], None
        for table in self.inputs.tables:
            if table.signature == 'PCCT':
                if pcct and pcct.data != table.data:
                    self.warnings.append(f'{table}: left out, the kernel takes '
                                         'the first PCCT')
                pcct = pcct or table
            elif table.signature == 'DSDT' and any(
                    t.signature == 'DSDT' for t in aml):
                self.warnings.append(f'{table}: left out, a machine has one '
                                     'DSDT')
            elif table.signature in ('DSDT', 'SSDT', 'PSDT', 'OSDT'):
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
            self.judge_devices(aml)
        except ToolError as error:
            if error.missing:
                raise
            self.unknown = str(error)

    def judge_devices(self, aml):
        """What ACPICA finds, held against the PCCT."""
        firmware = self.load(aml)
        self.unknown = firmware.unknown
        self.warnings += firmware.remarks
        claimed, outboxes = set(), {}
        for device in firmware.devices:
            found = self.judge_device(device, claimed)
            if found.get('link'):
                entry = found['link'].outbox
                if entry.index in outboxes:
                    found['warnings'].append(
                        f'subspace {entry.index} is the outbox of '
                        f'{outboxes[entry.index]} too: only one of the links '
                        'can be up, the other is refused with EBUSY')
                outboxes.setdefault(entry.index, device.title)
                found['warnings'] += notes(found['link'], self.pcct,
                                           firmware.users)
            self.devices.append(found)

    def load(self, aml):
        """The firmware; a table on which acpiexec stops is left out."""
        machine = Acpica([t.data for t in aml])
        try:
            try:
                return Firmware(machine, [t.data for t in aml])
            except ToolError as error:
                bad = self.leave_out(machine, aml, error)
        finally:
            machine.close()
        return self.load([t for t in aml if t not in bad])

    def leave_out(self, machine, aml, error):
        """The tables on which acpiexec stops; raises if they are no help."""
        if error.missing or machine.tool.late():
            raise error
        shift = len(machine.files) - len(aml)
        order = sorted(aml, key=lambda t: t.signature != 'DSDT')
        bad = [order[i - shift] for i in machine.bad_files() if i >= shift]
        if not bad or len(bad) == len(aml):
            raise error
        self.inputs.unreadable += [(str(t), f'{error} on it') for t in bad]
        return bad

    def judge_device(self, device, claimed):
        """One device: its verdict, reason, advice, link, and warnings."""
        found = {'device': device.title, 'path': device.path, 'warnings': []}
        if device.there is not True:
            found.update(verdict='cannot be judged' if device.there is None
                         else 'not there', reason=device.why)
            return found
        try:
            found.update(link=link.probe(device, self.pcct, claimed),
                         verdict='binds')
        except link.Refusal as refusal:
            found.update(verdict='refused', reason=str(refusal),
                         advice=refusal.advice)
            if refusal.key == 'pcct' and self.damaged_pcct:
                found.update(verdict='cannot be judged', advice=None,
                             reason='the PCCT could not be read')
        except link.Unknown as reason:
            found.update(verdict='cannot be judged', reason=str(reason))
        return found

    def add_machine(self, root):
        """What the running kernel says."""
        self.kernel = list(live.lines(root))
        for name, text in live.queue_notes(root):
            for found in self.devices:
                if found.get('link') and found['link'].interface == name:
                    found['warnings'].append(text)

    @property
    def status(self):
        """The exit status."""
        if self.inputs.unreadable:
            return 2
        bad = [d for d in self.devices
               if d['verdict'] not in ('binds', 'not there')]
        return 1 if bad or self.unknown else 0

    def verdict(self, found):
        """The line of a device."""
        if found['verdict'] == 'binds':
            return f'{found["device"]}: binds as {found["link"].interface}'
        return f'{found["device"]}: {found["verdict"]}: {found["reason"]}'

    def none_text(self):
        """The first line if no device is there."""
        if self.unknown:
            return f'{HID}: cannot be judged: {self.unknown}'
        if self.devices:
            found = self.devices[0]
            return (f'no {HID} device: {found["path"]} is not there: '
                    f'{found["reason"]}')
        where = ' in the tables that could be read' \
            if self.inputs.unreadable else ''
        return f'no {HID} device{where}'


def describe(found):
    """The line on subspaces, buffers, MTU, interrupts, turnaround."""
    def interrupt(entry):
        return f'interrupt {entry.gsi} {"edge" if entry.edge else "level"}'

    both = found['link']
    out, into = both.outbox, both.inbox
    return (f'{found["path"]}: outbox {out.index} of {out.size} bytes, '
            f'{interrupt(out)}; inbox {into.index} of {into.size} bytes, '
            f'{interrupt(into)}; MTU {link.MIN_MTU} to {both.mtu}; '
            f'turnaround {both.turnaround} us')


def pcct_lines(pcct, verbose):
    """The subspaces that are no link's: one line, or one for each."""
    others = [e for e in pcct.entries if e.type not in (3, 4)] if pcct else []
    if others and not verbose:
        kinds = ', '.join(map(str, sorted({e.type for e in others})))
        yield (f'PCCT: {len(others)} of {len(pcct.entries)} subspaces are for '
               f'other clients (type {kinds})')
    if pcct and verbose:
        yield (f'PCCT: {len(pcct.entries)} subspaces of types '
               f'{", ".join(str(e.type) for e in pcct.entries)}')
        for e in pcct.entries:
            yield (f'PCCT: subspace {e.index} is of type {e.type}' +
                   (f', {e.size} bytes at {e.base:#x}, interrupt {e.gsi}'
                    if e.type in (3, 4) else ': for other clients, an MCTP '
                    'link has types 3 and 4'))


def text(report, verbose):
    """The lines for people."""
    there = [d for d in report.devices if d['verdict'] != 'not there']
    if report.judged and (not there or report.unknown):
        yield report.none_text()
    for found in there or report.devices[1:]:
        yield report.verdict(found)
        if found.get('advice'):
            yield f'    {found["advice"]}'
        if found.get('link'):
            yield f'    {describe(found)}'
        yield from (f'    warning: {w}' for w in found['warnings'])
    if there:
        yield from (report.verdict(f) for f in report.devices
                    if f['verdict'] == 'not there')
    yield from (f'warning: {w}' for w in report.warnings)
    yield from pcct_lines(report.pcct, verbose)
    if verbose:
        yield from (f'table: {t}, {len(t.data)} bytes'
                    for t in report.inputs.tables)
    yield from report.kernel


def link_fields(both):
    """A link for programs."""
    return {'interface': both.interface, 'mtu': both.mtu,
            'turnaround_us': both.turnaround,
            **{side: {'subspace': e.index, 'size': e.size, 'base': e.base,
                      'interrupt': e.gsi, 'edge': e.edge,
                      'latency_us': e.latency}
               for side, e in (('outbox', both.outbox),
                               ('inbox', both.inbox))}}


def as_json(report):
    """The same for programs."""
    devices = []
    for found in report.devices:
        one = dict(found, text=report.verdict(found))
        if found.get('link'):
            one['link'] = link_fields(found['link'])
        devices.append(one)
    return json.dumps({
        'status': report.status, 'devices': devices,
        'cannot_be_judged': report.unknown, 'warnings': report.warnings,
        'unreadable': [{'input': name, 'reason': reason}
                       for name, reason in report.inputs.unreadable],
        'tables': [{'input': t.source, 'signature': t.signature,
                    'oem': t.oem, 'length': len(t.data),
                    'checksum': t.checksum} for t in report.inputs.tables],
        'subspaces': [e.type for e in report.pcct.entries]
        if report.pcct else None,
        'kernel': report.kernel}, indent=2)
