# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
"""The runner of all parts loses no failure."""

from scripts import Scripts, write


def part(lines, status=0, group=''):
    """A stand-in for a part: its results, its exit status."""
    text = '. "$(dirname "$0")/../common/lib.sh"\n'
    for line in lines:
        text += f"printf '{line}\\t%s\\t\\n' name >>\"$OUT/results/${{0##*/}}\"\n"
    return text + f'{group}exit {status}\n'


class Parts(Scripts):
    """Stubs for the parts."""

    def setUp(self):
        super().setUp()
        self.stub('install-packages')
        write(self.at('tools/lab/suites/expected-results'), 'pair\t2\narm64/pair\t1\n')

    def run_parts(self, *parts):
        """(exit status, stdout)."""
        run = self.run_lab('test', *parts)
        return run.returncode, run.stdout

    def test_good(self):
        """All passed."""
        self.stub('pair', part(['pass', 'pass']))
        self.assertEqual(self.run_parts('pair', 'arm64/pair'),
                         (0, '4 passed, 0 failed, 0 skipped\n'))

    def test_unknown(self):
        """A part that no room has is named before any other has run."""
        self.stub('pair', part(['pass', 'pass']))
        run = self.run_lab('test', 'pair', 'arm64/pear')
        self.assertEqual((run.returncode, run.stdout, run.stderr), (
            2, '', 'test: no part is called arm64/pear: see make help\n'))

    def test_alone(self):
        """What disturbs the others has nothing beside it."""
        for name in ('pair', 'selftest-busy', 'cost'):
            self.stub(name, part(['pass'], group=f'echo {name} >>{self.at("order")}\n'
                                 f'sleep 0.3\necho {name} >>{self.at("order")}\n'))
        self.run_parts('pair', 'selftest-busy', 'cost')
        self.assertEqual(self.read('order').split(), [
            'pair', 'pair', 'selftest-busy', 'selftest-busy', 'cost', 'cost'])

    def test_dies(self):
        """A part that passes its tests and then dies has failed."""
        self.stub('pair', part(['pass', 'pass'], 3))
        status, stdout = self.run_parts('pair')
        self.assertEqual(status, 1)
        self.assertIn('fail  pair: exit status  3\n', stdout)
        self.assertIn('2 passed, 1 failed, 0 skipped\n', stdout)

    def test_fails(self):
        """A failure that is there already is not counted twice."""
        self.stub('pair', part(['pass', 'fail'], 1))
        self.assertEqual(self.run_parts('pair')[1].splitlines()[-1],
                         '1 passed, 1 failed, 0 skipped')

    def test_packages(self):
        """What all parts need is asked for at once, before any of them."""
        self.stub('install-packages', f'echo "$@" >{self.at("lists")}; exit 2')
        status, _ = self.run_parts('pair', 'shell-test-systemd', 'hosts', 'check-all',
                                   'arm64/pair', 'i386/kunit')
        self.assertEqual(status, 2)
        self.assertEqual(self.read('lists'),
                         'all arm64 hosts i386\n')

    def test_no_minimum(self):
        """A part that expected-results lacks is no part."""
        self.stub('cost', part(['pass', 'pass']))
        status, stdout = self.run_parts('cost')
        self.assertEqual(status, 1)
        self.assertIn('expected-results has no line cost', stdout)

    def test_too_few(self):
        """Fewer results than there must be."""
        write(self.at('tools/lab/suites/expected-results'), 'pair\t3\n')
        self.stub('pair', part(['pass', 'pass']))
        status, stdout = self.run_parts('pair')
        self.assertEqual(status, 1)
        self.assertIn('only 2 of at least 3 results\n', stdout)

    def test_real_list(self):
        """Each part that the Makefile has stands in the real expected-results."""
        words = set()
        with open(self.real('Makefile'), encoding='utf-8') as file:
            text = file.read().replace('\\\n', ' ')
        for line in text.splitlines():
            name, sign, value = line.partition(' := ')
            if sign and name.startswith(('TEST_', 'ALL_')):
                words |= {word.rpartition('/')[2] for word in value.split()}
        with open(self.real('tools/lab/suites/expected-results'),
                  encoding='utf-8') as file:
            have = {line.split()[0] for line in file if not line.startswith('#')}
        self.assertGreater(len(words), 10)
        # of arm64 only
        have |= {'barriers', 'memory-types', 'selftest-64k'}
        self.assertEqual(sorted(words - have), [])
