# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
"""The maker of mutants: what it makes compiles, and does what the list says."""

import os
import shutil
import subprocess
import tempfile
import unittest

TOP = os.path.realpath(os.path.join(os.path.dirname(__file__), '..', '..', '..'))
MUTATE = f'{TOP}/tools/lab/defects/insert-defects'
KNOWN = f'{TOP}/tools/lab/defects/known-defects.list'
DRIVER = f'{TOP}/drivers/net/mctp/mctp-pcc.c'
SOURCE = '''#include <stdio.h>
#include <stdlib.h>

static int calls;

static int limit(int a,
\t\t int b)
{
\tint sum = a + b;

\tcalls++;
\tif (sum < 0) {
\t\treturn 0;
\t} else if (sum > 10 &&
\t\t   b != 0) {
\t\tsum = 10;
\t}
\treturn sum;
}

int main(void)
{
\tmutant = atoi(getenv("MUTANT"));
\tprintf("%d", limit(4, 6));
\tprintf(" %d", limit(8, 7));
\tprintf(" %d", limit(11, 0));
\tprintf(" %d\\n", calls);
\treturn 0;
}
'''
PLAIN = '10 10 11 3\n'
LIST = '''# a comment
no-limit\tThere is no limit.
-\tlimit\tsum > 10 && b != 0
+\tsum > 99
!\tpcc_link\tlean\ta.b\tguest

uncounted\tNothing is counted, and sums are products.
-\tlimit\tcalls++;
+
-\tlimit\ta + b
+\ta * b
!\tkunit\t-\tsuite.some test
'''


class MutateTest(unittest.TestCase):
    """A small program, with all its defects in one binary."""

    def setUp(self):
        # pylint: disable=consider-using-with
        top = tempfile.TemporaryDirectory()
        self.addCleanup(top.cleanup)
        self.source = os.path.join(top.name, 'm.c')
        self.known = os.path.join(top.name, 'known')

    def write(self, text, known=LIST):
        """The program, and what is known of it."""
        for path, content in ((self.source, text), (self.known, known)):
            with open(path, 'w', encoding='utf-8') as file:
                file.write(content)

    def mutate(self):
        """The run."""
        return subprocess.run([MUTATE, '--known', self.known, self.source],
                              check=False, text=True, capture_output=True)

    def build(self):
        """The rows of the list; the program is there then."""
        self.write(SOURCE)
        rows = [row.split('\t') for row in self.mutate().stdout.splitlines()]
        subprocess.run(['gcc', '-Dnoinline=', '-Dmodule_param(a, b, c)=', '-o',
                        self.source[:-2], self.source], check=True)
        return rows

    def run_one(self, number):
        """What the program prints with one defect in force."""
        return subprocess.run([self.source[:-2]], check=True, text=True,
                              stdout=subprocess.PIPE,
                              env={'MUTANT': str(number)}).stdout

    def refused(self, *words):
        """What is written is refused, with these words."""
        before = os.stat(self.source).st_size
        run = self.mutate()
        self.assertEqual((run.returncode, run.stdout), (2, ''))
        for word in words:
            self.assertIn(word, run.stderr)
        self.assertEqual(len(run.stderr.splitlines()), 1)
        self.assertEqual(os.stat(self.source).st_size, before)

    def test_known(self):
        """They come first, and a generated one is not made twice."""
        rows = self.build()
        self.assertEqual(rows[0], [
            '1', 'no-limit', 'limit', 'sum > 10 && b != 0', 'sum > 99',
            'pcc_link', 'lean', 'a.b', 'guest'])
        self.assertEqual(rows[1], [
            '2', 'uncounted', 'limit ... limit', 'calls++; ... a + b', ' ... a * b',
            'kunit', '-', 'suite.some test', 'suite.some test'])
        self.assertEqual(self.run_one(1), '10 15 11 3\n')
        self.assertEqual(self.run_one(2), '10 10 0 0\n')
        texts = [tuple(row[2:5]) for row in rows]
        self.assertEqual(len(texts), len(set(texts)))

    def test_generated(self):
        """Each does what it says, and no other; with none in force nothing changes."""
        rows = self.build()
        self.assertEqual([int(row[0]) for row in rows],
                         list(range(1, len(rows) + 1)))
        self.assertEqual(self.run_one(0), PLAIN)
        condition = 'sum > 10 && b != 0'
        for before, after, wanted in (
                (condition, f'!({condition})', '10 15 10 3\n'),
                (condition, 'sum > 10 || b != 0', '10 10 10 3\n'),
                (condition, 'sum > 10 && b == 0', '10 15 10 3\n'),
                ('sum = 10;', ';', '10 15 11 3\n'),
                ('calls++;', ';', '10 10 11 0\n'),
                ('int sum = a + b;', 'int sum = a - b;', '0 1 11 3\n')):
            numbers = [row[0] for row in rows if row[3:5] == [before, after]]
            self.assertEqual(len(numbers), 1, (before, after, rows))
            self.assertEqual(self.run_one(numbers[0]), wanted, (before, after))

    def test_place(self):
        """What is to be changed is there once: in the function named, to a letter."""
        self.write(SOURCE, LIST.replace('-\tlimit\tcalls++;', '-\tlimit\tsum'))
        self.refused(':7: uncounted: is 5 times in limit')
        self.write(SOURCE, LIST.replace('sum > 10 && b', 'sum >= 10 && b'))
        self.refused(':2: no-limit: is 0 times')
        self.write(SOURCE, LIST.replace('\tlimit\tcalls', '\tother\tcalls'))
        self.refused(':7: uncounted: no function other')

    def test_list(self):
        """What is not a list is refused, with the line."""
        for old, new, word in (
                ('+\tsum > 99\n', '', ':2: no-limit: needs'),
                ('+\n', '+\n+\n', ':7: uncounted: needs'),
                ('!\tkunit\t-\tsuite.some test', '', ':7: uncounted: needs'),
                ('!\tkunit\t-\t', '!\tkunit\t', ':7: uncounted: not understood'),
                ('-\tlimit\tcalls', '- limit\tcalls', ':8: not understood'),
                ('uncounted', 'no-limit', 'no-limit: two have this name')):
            self.write(SOURCE, LIST.replace(old, new))
            self.refused(word)

    def test_nothing(self):
        """A file without a function is refused."""
        self.write('#include <stdio.h>\nint x;\n', '')
        self.refused('nothing to change')

    def test_driver(self):
        """Each of the driver's known defects has its place there."""
        self.write('')
        shutil.copy(DRIVER, self.source)
        shutil.copy(KNOWN, self.known)
        run = self.mutate()
        self.assertEqual((run.returncode, run.stderr), (0, ''))
        self.assertIn('\tdead-accept\tmctp_pcc_link_lost\t', run.stdout)


if __name__ == '__main__':
    unittest.main()
