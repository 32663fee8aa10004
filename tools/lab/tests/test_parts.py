# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
"""The runner of all parts loses no failure."""

from scripts import Scripts


def part(lines, status=0, group=''):
    """A stand-in for a part: its results, its exit status."""
    text = '. "$(dirname "$0")/../common/lib.sh"\n'
    for line in lines:
        text += f"printf '{line}\\t%s\\t\\n' name >>\"$OUT/results/${{0##*/}}\"\n"
    return text + f'{group}exit {status}\n'


class Parts(Scripts):

    def setUp(self):
        super().setUp()
        self.stub('install-packages')

    def run_parts(self, *parts):
        process = self.run_lab('run-parts', *parts)
        return process.returncode, process.stdout

    def test_good(self):
        self.stub('pair', part(['pass', 'pass']))
        self.assertEqual(self.run_parts('pair', 'arm64/pair'),
                         (0, '4 passed, 0 failed, 0 skipped\n'))

    def test_unknown(self):
        """A part that no room has is named before any other has run."""
        self.stub('pair', part(['pass', 'pass']))
        self.check_refused(self.run_lab('run-parts', 'pair', 'arm64/pear'),
                           'run-parts: no part is called arm64/pear: see make help')

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
        self.assertEqual(self.read('lists'), 'arm64 check-all hosts i386\n')

    def test_none(self):
        """A part that says all is well, and has run no test."""
        self.stub('pair', part([]))
        status, stdout = self.run_parts('pair')
        self.assertEqual(status, 1)
        self.assertIn('fail  pair: number of tests  no test has run\n', stdout)
