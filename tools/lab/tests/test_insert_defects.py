# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
"""All defects in one source: it compiles, and each does what the list says."""

import os

from scripts import LAB, Temporary, read, run, write

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


class InsertDefects(Temporary):
    """A small program, with all its defects in one binary."""

    def insert(self, source=SOURCE, known=LIST):
        """The finished process, which has put the defects into m.c."""
        return run(os.path.join(LAB, 'defects', 'insert-defects'),
                   write(self.at('known'), known), write(self.at('m.c'), source))

    def build(self):
        """The rows of the list; the program is there then."""
        rows = [row.split('\t') for row in self.insert().stdout.splitlines()]
        self.output(run('gcc', '-Dnoinline=', '-Dmodule_param(a, b, c)=', '-o',
                        self.at('m'), self.at('m.c')))
        return rows

    def run_one(self, number):
        """What the program prints with one defect in force."""
        return run(self.at('m'), env={'MUTANT': str(number)}).stdout

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

    def test_refused(self):
        """A list is refused that is none, or whose texts are not there once; the
        message has the line."""
        for old, new, want in (
                ('-\tlimit\tcalls++;', '-\tlimit\tsum',
                 ':7: uncounted: is 5 times in limit'),
                ('sum > 10 && b', 'sum >= 10 && b', ':2: no-limit: is 0 times'),
                ('\tlimit\tcalls', '\tother\tcalls',
                 ':7: uncounted: no function other'),
                ('+\tsum > 99\n', '', ':2: no-limit: needs'),
                ('+\n', '+\n+\n', ':7: uncounted: needs'),
                ('!\tkunit\t-\tsuite.some test', '', ':7: uncounted: needs'),
                ('!\tkunit\t-\t', '!\tkunit\t', ':7: uncounted: not understood'),
                ('-\tlimit\tcalls', '- limit\tcalls', ':8: not understood'),
                ('uncounted', 'no-limit', 'no-limit: two have this name')):
            with self.subTest(want):
                self.check_refused(self.insert(known=LIST.replace(old, new)), want)
                self.assertEqual(self.read('m.c'), SOURCE)

    def test_nothing(self):
        """A file without a function is refused."""
        self.check_refused(self.insert('#include <stdio.h>\nint x;\n', ''),
                           'nothing to change')

    def test_driver(self):
        """Each of the driver's known defects has its place there."""
        process = self.insert(read('drivers/net/mctp/mctp-pcc.c'),
                              read(LAB, 'defects', 'known-defects.list'))
        self.assertEqual((process.returncode, process.stderr), (0, ''))
        self.assertIn('\tdead-accept\tmctp_pcc_link_lost\t', process.stdout)
