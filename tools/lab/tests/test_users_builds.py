# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
"""What users build by hand, with compilers that we have not seen."""

import re
import shlex

from scripts import TOP, Temporary, read, run


class UsersBuilds(Temporary):

    def test_warnings(self):
        """A warning stops the lab's check, and nobody else."""
        for name in ('tools/pcc-platform', 'tools/lab/guest'):
            for words, there in (((), False), (('WERROR=-Werror',), True)):
                made = run('make', '-n', '-B', '-C', f'{TOP}/{name}', 'O=/nonexistent',
                           *words)
                self.assertIn(' -Wall ', made.stdout)
                self.assertEqual(' -Werror ' in made.stdout, there, name)
        self.assertEqual(read('tools/lab/check/check').count('WERROR=-Werror'), 2)

    def test_ignored(self):
        """What a build in place leaves is not taken for ours."""
        self.output(run('git', '-C', TOP, 'check-ignore',
                        'tools/pcc-platform/build/conf.d'))

    def test_shellcheck(self):
        """What 0.10 calls SC2317 is SC2329 for 0.11."""
        found = run('git', '-C', TOP, 'grep', '-h', 'shellcheck disable=').stdout
        numbers = [set(re.findall(r'SC\d+', line)) for line in found.splitlines()]
        self.assertIn({'SC2317', 'SC2329'}, numbers)
        for some in numbers:
            self.assertEqual('SC2317' in some, 'SC2329' in some, some)

    def test_counts(self):
        """How many tests there are is not written down: each new one makes it wrong."""
        self.assertNotRegex(read('doc/kernels.md'), r'\d+ of \d+|\d+ tests')

    def test_readme(self):
        """Each target that the README tells to make is there."""
        lines = re.findall('^ {4,}(make [^#\n]*)', read('README.md'), re.M)
        self.assertGreaterEqual(len(lines), 4)
        for line in lines:
            self.output(run('make', '-n', '-C', TOP, *shlex.split(line)[1:]))
