# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
"""The maker of mutants: what it makes compiles, and does what the list says."""

import os
import subprocess
import tempfile
import unittest

MUTATE = os.path.join(os.path.dirname(__file__), '..', 'defects', 'mutate')
SOURCE = '''#include <stdio.h>
#include <stdlib.h>

static int calls;

static int limit(int a,
\t\t int b)
{
\tint sum = a + b;

\tcalls++;
\tif (sum > 10 &&
\t    b != 0) {
\t\tsum = 10;
\t}
\treturn sum;
}

int main(void)
{
\tprintf("%d", limit(4, 6));
\tprintf(" %d", limit(8, 7));
\tprintf(" %d", limit(11, 0));
\tprintf(" %d\\n", calls);
\treturn 0;
}
'''
PLAIN = '10 10 11 3\n'


class MutateTest(unittest.TestCase):
    """A small program, with all its defects in one binary."""

    def setUp(self):
        # pylint: disable=consider-using-with
        top = tempfile.TemporaryDirectory()
        self.addCleanup(top.cleanup)
        source = os.path.join(top.name, 'm.c')
        self.program = os.path.join(top.name, 'm')
        with open(source, 'w', encoding='utf-8') as file:
            file.write(SOURCE)
        self.list = subprocess.run([MUTATE, source], check=True, text=True,
                                   stdout=subprocess.PIPE).stdout.splitlines()
        with open(source, encoding='utf-8') as file:
            text = file.read().replace('module_param(mutant, int, 0444);', '')
        text = text.replace('int main(void)\n{',
                            'int main(void)\n{\n'
                            '\tmutant = atoi(getenv("MUTANT"));')
        with open(source, 'w', encoding='utf-8') as file:
            file.write(text)
        subprocess.run(['gcc', '-o', self.program, source], check=True)

    def run_one(self, number):
        """What the program prints with one defect in force."""
        return subprocess.run([self.program], check=True, text=True,
                              stdout=subprocess.PIPE,
                              env={'MUTANT': str(number)}).stdout

    def of(self, before, after):
        """The program's output with the defect of that text."""
        rows = [row.split('\t') for row in self.list]
        numbers = [int(row[0]) for row in rows
                   if row[2] == before and row[3] == after]
        self.assertEqual(len(numbers), 1, (before, after, self.list))
        return self.run_one(numbers[0])

    def test_none(self):
        """With none in force nothing changes."""
        self.assertEqual(self.run_one(0), PLAIN)

    def test_some(self):
        """Each does what it says, and no other."""
        condition = 'sum > 10 && b != 0'
        self.assertEqual(self.of(condition, f'!({condition})'), '10 15 10 3\n')
        self.assertEqual(self.of(condition, 'sum > 10 || b != 0'),
                         '10 10 10 3\n')
        self.assertEqual(self.of(condition, 'sum > 10 && b == 0'),
                         '10 15 10 3\n')
        self.assertEqual(self.of('sum = 10;', ';'), '10 15 11 3\n')
        self.assertEqual(self.of('calls++;', ';'), '10 10 11 0\n')
        self.assertEqual(self.of('int sum = a + b;', 'a - b'),
                         '-2 1 11 3\n')

    def test_numbers(self):
        """The list counts from one, without a gap."""
        self.assertEqual([int(row.split('\t')[0]) for row in self.list],
                         list(range(1, len(self.list) + 1)))

    def test_nothing(self):
        """A file without a function is refused."""
        with tempfile.NamedTemporaryFile('w', suffix='.c') as file:
            file.write('#include <stdio.h>\nint x;\n')
            file.flush()
            run = subprocess.run([MUTATE, file.name], check=False, text=True,
                                 stderr=subprocess.PIPE)
        self.assertEqual(run.returncode, 1)
        self.assertIn('nothing to change', run.stderr)


if __name__ == '__main__':
    unittest.main()
