# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
"""What users build by hand, with compilers that we have not seen."""

import os
import re
import shlex
import subprocess
import unittest

TOP = os.path.realpath(os.path.join(os.path.dirname(__file__), '..', '..', '..'))


class UsersBuilds(unittest.TestCase):
    """The platform and the guest's programs."""

    def test_warnings(self):
        """A warning stops the lab's check, and nobody else."""
        for name in ('tools/pcc-platform', 'tools/lab/guest'):
            for words, there in (((), False), (('WERROR=-Werror',), True)):
                run = subprocess.run(
                    ['make', '-n', '-B', '-C', f'{TOP}/{name}', 'O=/nonexistent',
                     *words], check=False, text=True, stdout=subprocess.PIPE)
                self.assertIn(' -Wall ', run.stdout)
                self.assertEqual(' -Werror ' in run.stdout, there, name)
        with open(f'{TOP}/tools/lab/check/check', encoding='utf-8') as file:
            self.assertEqual(file.read().count('WERROR=-Werror'), 2)

    def test_ignored(self):
        """What a build in place leaves is not taken for ours."""
        run = subprocess.run(['git', '-C', TOP, 'check-ignore', '-q',
                              'tools/pcc-platform/build/conf.d'], check=False)
        self.assertEqual(run.returncode, 0)

    def test_shellcheck(self):
        """What 0.10 calls SC2317 is SC2329 for 0.11."""
        run = subprocess.run(['git', '-C', TOP, 'grep', '-h', 'shellcheck disable='],
                             check=True, text=True, stdout=subprocess.PIPE)
        numbers = [set(re.findall(r'SC\d+', line)) for line in run.stdout.splitlines()]
        self.assertIn({'SC2317', 'SC2329'}, numbers)
        for some in numbers:
            self.assertEqual('SC2317' in some, 'SC2329' in some, some)

    def test_counts(self):
        """How many tests there are is not written down: each new one makes it wrong."""
        with open(f'{TOP}/doc/kernels.md', encoding='utf-8') as file:
            self.assertNotRegex(file.read(), r'\d+ of \d+|\d+ tests')

    def test_readme(self):
        """Each target that the README tells to make is there."""
        with open(f'{TOP}/README.md', encoding='utf-8') as file:
            lines = [shlex.split(line.partition('#')[0]) for line in file
                     if re.match(' {4,}make ', line)]
        self.assertGreaterEqual(len(lines), 4)
        for words in lines:
            run = subprocess.run(['make', '-n', '-C', TOP, *words[1:]], check=False,
                                 text=True, capture_output=True)
            self.assertEqual(run.returncode, 0, run.stderr)


if __name__ == '__main__':
    unittest.main()
