# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
"""The judge of instruction counts."""

import os
import subprocess
import tempfile
import unittest

LAB = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..')
KEY = 'kernel 7.3.4, pristine core, gcc 12'
OTHER = 'kernel 7.4.0, pristine core, aarch64-gcc 12'
NEWER = 'kernel 7.3.5, pristine core, gcc 14'
DRIVER = {'xmit': 1000, 'done': 150, 'completion-to-doorbell': 990,
          'interrupt-to-doorbell': 1200, 'rx': 460, 'irq-in': 1400, 'queue': 90}
BARE = {'xmit': 900, 'done': 20, 'completion-to-doorbell': 850,
        'interrupt-to-doorbell': 1000, 'rx': 200, 'irq-in': 1100}


def section(changes=()):
    """Figures, with some changed."""
    figures = {f'{who}.68.{interval}': value
               for who, intervals in (('driver', DRIVER), ('bare', BARE))
               for interval, value in intervals.items()}
    figures.update(changes)
    return figures


class Cost(unittest.TestCase):
    """What passes, and what does not."""

    def run_verdict(self, now, before=None, key=KEY):
        """(exit status, failing names, stdout, stderr, new section)."""
        with tempfile.TemporaryDirectory() as work:
            console, file, new = (os.path.join(work, name) for name in
                                  ('console', 'reference', 'new'))
            with open(console, 'w', encoding='utf-8') as out:
                for name, value in now.items():
                    # the least counts, wherever it stands
                    for add in (7, 0, 20):
                        out.write(f'[  1.2] lab: figure {name} '
                                  f'{max(0, value + add)}\n')
            with open(file, 'w', encoding='utf-8') as out:
                out.write(f'# a comment\n{OTHER}\ndriver.68.xmit 1\n\n')
                if before is not None:
                    out.write(f'{KEY}\n')
                    for name, value in before.items():
                        out.write(f'{name} {value}\n')
            run = subprocess.run(
                [os.path.join(LAB, 'measure', 'judge-cost'), console, file, key,
                 new],
                check=False, text=True, capture_output=True)
            with open(new, encoding='utf-8') as lines:
                made = lines.read()
        failed = [line.split('\t')[1] for line in run.stdout.splitlines()
                  if line.startswith('fail\t')]
        return run.returncode, failed, run.stdout, run.stderr, made

    def test_same(self):
        """All as it was."""
        status, failed, stdout, stderr, made = self.run_verdict(
            section(), section())
        self.assertEqual((status, failed), (0, []), stderr)
        # three judgements and a line for each figure
        self.assertEqual(stdout.count('pass\t'), 3 + len(section()))
        self.assertIn('driver.68.rx 460\n', made)
        self.assertTrue(made.startswith(KEY + '\n'))

    def test_growth(self):
        """3 % pass, more does not."""
        for value, want in ((473, []), (474, ['cost: driver.68.rx'])):
            status, failed, *_ = self.run_verdict(
                section({'driver.68.rx': value}), section())
            self.assertEqual(failed, want)
            self.assertEqual(status, bool(want))

    def test_unknown_key(self):
        """Another compiler or kernel: said, and judged by the ratio."""
        status, failed, stdout, stderr, _ = self.run_verdict(
            section(), section(), NEWER)
        self.assertEqual((status, failed), (0, []), stderr)
        self.assertIn('no reference for this kernel and compiler', stderr)
        self.assertIn(' >>', stderr)
        self.assertIn('no reference for this compiler', stdout)
        self.assertEqual(stdout.count('pass\t'), 3 + len(section()))
        # all of it twice as fast or slow is the compiler
        twice = {name: 2 * value for name, value in section().items()}
        self.assertEqual(self.run_verdict(twice, section(), NEWER)[1], [])
        for name in ('driver.68.rx', 'driver.68.queue', 'driver.68.done'):
            now = section({name: 3 * section()[name]})
            self.assertEqual(self.run_verdict(now, section(), NEWER)[1],
                             [f'cost: {name}'])

    def test_no_section(self):
        """Nothing to compare with at all is a failure."""
        status, failed, stdout, *_ = self.run_verdict(section())
        self.assertEqual(status, 1)
        self.assertIn("cost: the driver's own share of a packet", failed)
        self.assertIn('no section of this architecture', stdout)

    def test_zero(self):
        """A figure of 0 was not measured; what is no figure is none."""
        for name in ('driver.68.queue', 'bare.68.interrupt-to-doorbell'):
            _, failed, stdout, stderr, _ = self.run_verdict(
                section({name: -20}), section())
            self.assertEqual(failed, ['cost: all intervals were measured'], stderr)
        _, failed, *_ = self.run_verdict(section({'nonsense': 1}), section())
        self.assertEqual(failed, [])

    def test_beyond(self):
        """The driver's own share: 3 % above the reference, no more."""
        for value, want in ((1006, 0), (1007, 1)):
            now = section({'driver.68.xmit': value})
            status, failed, stdout, *_ = self.run_verdict(now, section())
            self.assertEqual((status, len(failed)), (want, want), stdout)

    def test_ratio(self):
        """A quarter more than the bare mailbox, no more."""
        for value, want in ((1250, 0), (1251, 1)):
            now = section({'driver.68.interrupt-to-doorbell': value})
            status, failed, *_ = self.run_verdict(now, now)
            self.assertEqual((status, len(failed)), (want, want))

    def test_missing(self):
        """Nothing is green for want of a figure."""
        now = section()
        del now['driver.68.done']
        status, failed, stdout, _, _ = self.run_verdict(now, section())
        self.assertEqual(status, 1)
        self.assertEqual(failed, ['cost: all intervals were measured'])
        self.assertIn('driver.68.done', stdout)
        _, failed, *_ = self.run_verdict({}, section())
        self.assertEqual(failed, ['cost: all intervals were measured'])
        now = section()
        del now['driver.68.queue']
        _, failed, *_ = self.run_verdict(now, section())
        self.assertEqual(failed, ['cost: driver.68.queue'])
        _, failed, *_ = self.run_verdict(section(), now)
        self.assertEqual(failed, ['cost: driver.68.queue'])


if __name__ == '__main__':
    unittest.main()
