# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
"""Each barrier that doc/ordering.md needs is missed when it is not there."""

import os

from scripts import LAB, Temporary, run, write

WIDTHS = (('b', 'w1'), ('h', 'w1'), ('', 'w1'), ('', 'x1'))
READ = [line for kind, reg in WIDTHS
        for line in (f'ldr{kind}\t{reg}, [x0]', 'dmb\toshld')]
WRITE = [line for kind, reg in WIDTHS
         for line in ('dmb\toshst', f'str{kind}\t{reg}, [x0]')]
CALL_READ = 'bl\t748 <pcc_chan_reg_read.isra.0>'
CALL_WRITE = 'bl\t57c <pcc_chan_reg_write.isra.0>'

GOOD = {
    'pcc_chan_reg_read.isra.0': ['ldr\tx0, [x0, #8]', 'str\txzr, [sp, #40]',
                                 *READ],
    'pcc_chan_reg_write.isra.0': ['ldr\tx0, [x0, #8]', *WRITE],
    'acpi_os_read_iomem': READ,
    'acpi_os_write_memory': ['str\tw3, [x4]', *WRITE],
    'mctp_pcc_submit': [*['dmb\toshst', 'str\tw1, [x0]'] * 4,
                        'bl\t0 <memcpy_toio>|memcpy_toio', 'mov\tx0, x1',
                        'bl\t0 <mctp_pcc_submit>|mbox_send_message'],
    'pcc_send_data': [CALL_READ, CALL_WRITE, 'strb\tw0, [x19, #260]',
                      CALL_READ, CALL_WRITE],
    'pcc_mbox_irq': [CALL_READ, CALL_WRITE, 'ldrb\tw0, [x19]', CALL_READ,
                     'bl\t0 <a>|mbox_chan_received_data',
                     'bl\t0 <a>|mbox_chan_txdone', CALL_READ, CALL_WRITE,
                     'ldr\tw0, [x0]', 'dmb\toshld', CALL_READ, CALL_WRITE],
    'mctp_pcc_receive': [*['ldr\tw1, [x0]', 'dmb\toshld'] * 2,
                         'bl\t0 <a>|memcpy_fromio'],
}


class Barriers(Temporary):

    def judge(self, code):
        """(exit status, what failed)."""
        lines = []
        for name, body in code.items():
            lines.append(f'0000000000000000 <{name}>:')
            for line in body:
                line, _, symbol = line.partition('|')
                lines.append(f'     a9c:\t{line}')
                if symbol:
                    lines.append(f'\t\t\ta9c: R_AARCH64_CALL26\t{symbol}')
            lines.append('')
        process = run(os.path.join(LAB, 'check', 'judge-barriers'),
                      write(self.at('dump'), '\n'.join(lines)))
        self.assertEqual(process.stderr, '')
        rows = process.stdout.splitlines()
        self.assertEqual(len(rows), 9)
        return process.returncode, [row for row in rows if row.startswith('fail\t')]

    def test_good(self):
        """What gcc makes of the kernel's accessors."""
        self.assertEqual(self.judge(GOOD), (0, []))

    def test_each_instruction(self):
        """Without any one of those that count a check fails."""
        for name, body in GOOD.items():
            for i, line in enumerate(body):
                if not line.startswith(('dmb', 'bl')) or 'txdone' in line:
                    continue
                code = {**GOOD, name: body[:i] + body[i + 1:]}
                with self.subTest(f'{name} without {line}'):
                    status, failed = self.judge(code)
                    self.assertEqual(status, 1)
                    self.assertIn(name.split('.', maxsplit=1)[0] + '()',
                                  failed[0])

    def test_order(self):
        """The doorbell before command complete, the packet after the call."""
        for name, a, b in (('pcc_send_data', 1, 2), ('mctp_pcc_submit', 8, 10),
                           ('mctp_pcc_receive', 0, 1)):
            body = list(GOOD[name])
            body[a], body[b] = body[b], body[a]
            with self.subTest(name):
                self.assertEqual(self.judge({**GOOD, name: body})[0], 1)

    def test_missing_function(self):
        """An object that is not what it was is no success."""
        for name in GOOD:
            code = {other: body for other, body in GOOD.items() if other != name}
            with self.subTest(name):
                self.assertEqual(self.judge(code)[0], 1)
