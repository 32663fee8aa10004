# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
"""The proofs: their defects, the steps of the model, the litmus tests."""

import os
import re

from scripts import LAB, Temporary, load, read, run

PROVE = os.path.join(LAB, 'prove')
DRIVER = read('drivers/net/mctp/mctp-pcc.c')
SOURCE = 'int a(void)\n{\n\treturn f(1,\n\t\t 2) + f(3, 4);\n}\n\nint b(void)\n{\n}\n'
# Two functions as objdump prints them: a store behind a barrier, a call
DUMP = (
    '0000000000000000 <pcc_chan_reg_write.isra.0>:\n'
    '   0:\tdmb\toshst\n'
    '   4:\tstr\tw2, [x0]\n'
    '0000000000000010 <pcc_chan_reg_read.isra.0>:\n'
    '  10:\tldr\tw3, [x3]\n'
    '  14:\tdmb\toshld\n'
    '0000000000000020 <mctp_pcc_receive>:\n'
    '  20:\tldr\tw1, [x1]\n'
    '  24:\tdmb\toshld\n'
    '  28:\tldr\tw0, [x0]\n'
    '  2c:\tdmb\toshld\n'
    '  30:\tbl\t0 <__netdev_alloc_skb>\n'
    '\t\t\t30: R_AARCH64_CALL26\t__netdev_alloc_skb\n')


def rows(part):
    return [line.split('\t') for line in
            read(PROVE, 'defects', part + '.list').splitlines() if line[0] != '#']


def steps():
    """The document's table of the model's steps, without the head's first word."""
    return read('doc/proofs.md').split('| step |')[1].split('\n\n')[0]


class Prove(Temporary):

    def test_lists(self):
        """Each defect is one change of today's driver."""
        defect = load(PROVE, 'prepare-source').defect
        for part in ('bounds', 'locks', 'protocol'):
            self.assertGreater(len(rows(part)), 10)
            for row in rows(part):
                with self.subTest(part, row=row):
                    self.assertNotEqual(defect(DRIVER, *row), DRIVER)

    def test_each_lock(self):
        """Each call that takes or releases the lock has its defect."""
        calls = re.findall(r'spin_(?:un)?lock_irq\w+|guard\(spinlock_irqsave', DRIVER)
        dropped = [row for row in rows('locks') if re.search('spin_|guard', row[1])]
        self.assertEqual(len(dropped), len(calls))

    def test_defect(self):
        """Blanks do not count, doubt does."""
        defect = load(PROVE, 'prepare-source').defect
        self.assertIn('return 0 + f(3', defect(SOURCE, 'a', 'f(1, 2)', '0'))
        for row in (('a', 'f(', 'g('), ('b', 'f(1, 2)', ''), ('c', 'f', 'g')):
            with self.assertRaises(ValueError):
                defect(SOURCE, *row)

    def test_steps(self):
        """The model calls each function that the document names for a step."""
        table = steps()
        names = re.findall(r'`(\w+)`', table)
        self.assertGreater(len(names), 7)
        model = ''.join(read(PROVE, 'model', name) for name in
                        ('protocol.c', 'world.h', 'standins.h'))
        model += read(PROVE, 'protocol.sh')
        for name in names:
            self.assertRegex(model, rf'\b{name}\b')
            if name.startswith('mctp_pcc_'):
                self.assertRegex(DRIVER, rf'\b{name}\(')
        for step in re.findall(r'^\| ([a-z ,]+) \|', table, re.M):
            for one in step.split(', '):
                self.assertIn(f'"{one}"', model)

    def test_steps_in_kunit(self):
        """The KUnit suite takes each step of the model in a scenario, and checks it."""
        kunit = read('drivers/net/mctp/tests/mctp_pcc_kunit.c')
        scenarios = kunit.split('mctp_pcc_scenario_cases[] = {')[1].split('\n};')[0]
        for row in steps().splitlines()[2:]:
            words = row.split(' | ')[2].split(', ')
            for word in words:
                self.assertRegex(kunit, rf'\tcase {word}:')
                self.assertRegex(scenarios, rf'\{{ {word}\b')
        runs = kunit.split('void mctp_pcc_test_scenario(')[1].split('\n}')[0]
        self.assertIn('fake_check_quiet();', runs)

    def test_size(self):
        """The model can be read in one sitting."""
        self.assertLessEqual(read(PROVE, 'model', 'protocol.c').count('\n'), 300)

    def test_litmus(self):
        """A barrier of the code is one of the test, and is missing if it is lost."""
        litmus = load(PROVE, 'litmus')
        steps = [('pcc_chan_reg_read', 'L', 'complete'),
                 ('mctp_pcc_receive', 'L', 'header'), ('memcpy_fromio', 'L', 'packet'),
                 ('pcc_chan_reg_write', 'S', 'update')]
        found = litmus.events(DUMP.splitlines())
        self.assertEqual(litmus.path(found, steps), [
            ('L', 'complete'), 'dmb oshld', ('L', 'header'), 'dmb oshld',
            ('L', 'packet'), 'dmb oshst', ('S', 'update')])
        found = litmus.events(DUMP.replace('dmb\toshst', 'nop\t').splitlines())
        self.assertEqual(litmus.path(found, steps)[-2:],
                         [('L', 'packet'), ('S', 'update')])
        with self.assertRaises(KeyError):
            litmus.path(found, litmus.SEND[1])

    def test_part(self):
        """A part that there is not is named, with those that there are."""
        self.check_refused(run(os.path.join(PROVE, 'prove'), 'magic'),
                           'no part magic: must be one of bounds locks')
