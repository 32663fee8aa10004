# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
"""The judge of instruction counts."""

import os

from scripts import LAB, Temporary, load, read, run, write

KEY = 'kernel 7.3.4, pristine core, gcc 12'
OTHER = 'kernel 7.4.0, pristine core, aarch64-gcc 12'
NEWER = 'kernel 7.3.5, pristine core, gcc 14'
DRIVER = {'xmit': 1000, 'done': 150, 'completion-to-doorbell': 990,
          'interrupt-to-doorbell': 1200, 'rx': 460, 'irq-in': 1400, 'queue': 90}
BARE = {'xmit': 900, 'done': 20, 'completion-to-doorbell': 850,
        'interrupt-to-doorbell': 1000, 'rx': 200, 'irq-in': 1100}

# of the rows in doc/performance.md
INTERVALS = ('xmit', 'queue', 'done', 'completion-to-doorbell',
             'interrupt-to-doorbell', 'rx', 'irq-in')


def section(changes=()):
    """Figures, with some changed."""
    figures = {f'{who}.68.{interval}': value
               for who, intervals in (('driver', DRIVER), ('bare', BARE))
               for interval, value in intervals.items()}
    figures.update(changes)
    return figures


def cells(figures, interval):
    """A row of the document: the driver's and the bare mailbox's, for each size."""
    return ' | '.join(
        ' : '.join(str(figures[name]) for who in ('driver', 'bare')
                   if (name := f'{who}.{size}.{interval}') in figures)
        for size in (68, 512, 4096, 8192)) + ' |'


def without(name):
    return {other: value for other, value in section().items() if other != name}


class Cost(Temporary):

    def judge(self, now, before=None, key=KEY):
        """(failing names, stdout, stderr)."""
        # the least counts, wherever it stands
        console = write(self.at('console'), ''.join(
            f'[  1.2] lab: figure {name} {max(0, value + add)}\n'
            for name, value in now.items() for add in (7, 0, 20)))
        reference = f'# a comment\n{OTHER}\ndriver.68.xmit 1\n\n'
        if before is not None:
            reference += f'{KEY}\n' + ''.join(f'{name} {value}\n'
                                              for name, value in before.items())
        process = run(os.path.join(LAB, 'measure', 'judge-cost'), console,
                      write(self.at('reference'), reference), key, self.at('new'))
        failed = [line.split('\t')[1].removeprefix('cost: ')
                  for line in process.stdout.splitlines() if line.startswith('fail\t')]
        self.assertEqual(process.returncode, bool(failed), process.stderr)
        return failed, process.stdout, process.stderr

    def test_same(self):
        """All as it was: three results, and one for each figure."""
        failed, stdout, stderr = self.judge(section(), section())
        self.assertEqual(failed, [], stderr)
        self.assertEqual(stdout.count('pass\t'), 3 + len(section()))
        self.assertIn('driver.68.rx 460\n', self.read('new'))
        self.assertTrue(self.read('new').startswith(KEY + '\n'))

    def test_growth(self):
        """What fails when a figure changes: 3 % pass, more does not."""
        missing = 'all intervals were measured'
        own, ratio = ("the driver's own share of a packet",
                      'interrupt to doorbell, driver : bare')
        slow = {'driver.68.interrupt-to-doorbell': 1250}
        slower = {'driver.68.interrupt-to-doorbell': 1251}
        for now, before, want in (
                (section({'driver.68.rx': 473}), section(), []),
                (section({'driver.68.rx': 474}), section(), ['driver.68.rx']),
                (section({'driver.68.xmit': 1006}), section(), []),
                (section({'driver.68.xmit': 1007}), section(), [own]),
                # a quarter more than the bare mailbox, no more
                (section(slow), section(slow), []),
                (section(slower), section(slower), [ratio]),
                # 0 was not measured
                (section({'driver.68.queue': -20}), section(), [missing]),
                (section({'bare.68.interrupt-to-doorbell': -20}), section(), [missing]),
                (section({'nonsense': 1}), section(), []),
                (without('driver.68.done'), section(), [missing]),
                ({}, section(), [missing]),
                (without('driver.68.queue'), section(), ['driver.68.queue']),
                (section(), without('driver.68.queue'), ['driver.68.queue'])):
            with self.subTest(now=now, before=before):
                self.assertEqual(self.judge(now, before)[0], want)
        self.assertIn('driver.68.done',
                      self.judge(without('driver.68.done'), section())[1])

    def test_unknown_key(self):
        """Another compiler or kernel: said, and judged by the ratio."""
        failed, stdout, stderr = self.judge(section(), section(), NEWER)
        self.assertEqual(failed, [], stderr)
        self.assertIn('no reference for this kernel and compiler', stderr)
        self.assertIn(' >>', stderr)
        self.assertIn('no reference for this compiler', stdout)
        self.assertEqual(stdout.count('pass\t'), 3 + len(section()))
        # all of it twice as fast or slow is the compiler
        twice = {name: 2 * value for name, value in section().items()}
        self.assertEqual(self.judge(twice, section(), NEWER)[0], [])
        for name in ('driver.68.rx', 'driver.68.queue', 'driver.68.done'):
            now = section({name: 3 * section()[name]})
            self.assertEqual(self.judge(now, section(), NEWER)[0], [name])

    def test_no_section(self):
        """Nothing to compare with at all is a failure."""
        failed, stdout, _ = self.judge(section())
        self.assertIn("the driver's own share of a packet", failed)
        self.assertIn('no section of this architecture', stdout)

    def test_documents(self):
        """The tables for x86-64, then arm64, and the goals are of the reference."""
        sections = load(LAB, 'measure', 'judge-cost').sections(
            read(LAB, 'measure', 'cost.reference').splitlines())
        text, readme = read('doc/performance.md'), read('README.md')
        tables = text.split('\n| interval |')[1:]
        self.assertEqual(len(tables), len(sections))
        for (key, figures), table in zip(sections, tables):
            with self.subTest(key):
                rows = table.split('\n\n')[0].splitlines()[2:]
                self.assertEqual([row.split(' | ', 1)[1] for row in rows],
                                 [cells(figures, interval) for interval in INTERVALS])
        figures = sections[0][1]
        own = sum(figures[f'driver.68.{name}'] - figures[f'bare.68.{name}']
                  for name in ('xmit', 'done'))
        ratio = (figures['driver.68.interrupt-to-doorbell'] /
                 figures['bare.68.interrupt-to-doorbell'])
        rx, doorbell = (figures[f'driver.8192.{name}']
                        for name in ('rx', 'completion-to-doorbell'))
        for goal in (f'| {own}', f'| {ratio:.3f}',
                     f'| {rx:,} and {doorbell:,} instructions'):
            self.assertIn(goal, text)
            self.assertIn(goal, readme)
