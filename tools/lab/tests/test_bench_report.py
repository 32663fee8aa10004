# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
"""Tables of a benchmark."""

import os

from scripts import LAB, Temporary, run, write

METER = 'busy_ns=4000000 in_packets=1000 out_packets=0'


def rows(**changes):
    """A benchmark's rows, with values of the driver's changed."""
    lines = []
    for who, ns in (('bare', 90), ('packet', 100), ('bare', 180), ('packet', 200)):
        lines.append(f'do=out who={who} mtu=68 packets=1000 refused=3 '
                     f'ns={ns}000000 {METER}')
    for who, ns in (('bare', 100), ('driver', 102), ('bare', 120),
                    ('driver', 120), ('bare', 120), ('driver', 126)):
        lines.append(f'do=drain who={who} len=68 ok in_packets=1001 idle_count=1000 '
                     f'idle_p50_ns={ns}00 cycle_p50_ns={ns}000')
    for size in (64, 1024, 8192, 65536):
        for window in (1, 8):
            for who, n in (('pcc', 400), ('serial', 100)):
                values = {'messages': n, 'lost': 0, 'wrong': 0}
                if who == 'pcc':
                    values.update(changes)
                words = ' '.join(f'{k}={v}' for k, v in values.items())
                lines.append(f'do=echo who={who} mtu=68 size={size} '
                             f'window={window} ns=1000000000 {words} '
                             f'p50_ns=1000000 p99_ns=2000000 {METER}')
    for count in (1, 2):
        lines.append(f'do=links links={count} ' +
                     'packets=1000 refused=0 ns=50000000 ' * count + METER)
    lines.append('do=size size=65536 messages=1 refused=2 missing=0 '
                 'ns=200000000 busy_ns=1 in_packets=1000 out_packets=0')
    lines.append('do=depth count=10000 packets=10000 refused=7 ns=2000000000')
    lines.append('do=control qdisc=default load=7 messages=50 ns=1 '
                 'p50_ns=1500000 p99_ns=2500000 max_ns=3500000 lost=0 wrong=0')
    return '\n'.join(lines) + '\n'


class BenchReport(Temporary):

    def run_report(self, text):
        """(exit status, stderr, report, plot)."""
        process = run(os.path.join(LAB, 'measure', 'bench-report'),
                      write(self.at('rows'), text), self.top)
        return (process.returncode, process.stderr, self.read('report.md'),
                self.read('plot.gnuplot'))

    def test_tables(self):
        """Ratios are of neighbours, the rest are medians."""
        status, stderr, report, plot = self.run_report(rows())
        self.assertEqual((status, stderr), (0, ''))
        # 0.9 in either round
        for line in ('| 68 | AF_PACKET | 8333 | 7500 | 510 | '
                     '0.90 (0.90-0.90) | 4.0 | 4.0 |',
                     '| completion to completion, 68 bytes | 120.0 | 120.0 | '
                     '1.02 (1.01-1.04) | 1.10 (1.05-1.15) |',
                     '| 64 | 8 | 400.0 | 100.0 | 0 | 4.0 |',
                     '| 68 | 65536 | 8 | 400 | 26214 | 1.00 | 2.00 |',
                     '| 10000 | 200.0 |',
                     # its packets, not its messages
                     '| 65536 | 200.0 |',
                     # twice the packets in the same time
                     '| 1 | 50.0 |\n| 2 | 25.0 |',
                     '| default | 7 | 1.50 | 2.50 | 3.50 |',
                     '| a full queue, completion to completion, 68 bytes, '
                     'driver / bare | 1.02 (1.01-1.04) | 1.10 (1.05-1.15) |',
                     '| echoes, driver / mctp-serial, least of all sizes | 4.0 |',
                     '| packets and messages lost | 0 |'):
            with self.subTest(line):
                self.assertIn(line, report)
        self.assertIn('10000 200.0', plot)
        self.assertIn('65536 200.0', plot)

    def test_lost(self):
        """One that is lost, or wrong, is one too many."""
        for key in ('lost', 'wrong', 'failed'):
            status, stderr, *_ = self.run_report(rows(**{key: 1}))
            self.assertEqual(status, 1)
            self.assertIn(f'FAIL: {key}: do=echo who=pcc', stderr)

    def test_serial(self):
        """The slowest link there is is no match."""
        status, stderr, *_ = self.run_report(rows(messages=100))
        self.assertEqual(status, 1)
        self.assertIn('mctp-serial is faster: 64 bytes, 1 outst', stderr)

    def test_nothing(self):
        self.assertEqual(self.run_report('')[0], 1)
