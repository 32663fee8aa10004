# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
"""The reader of the tables of concerns and hazards, on a hand-made checkout."""

import os
import subprocess
import tempfile
import unittest

LEDGER = os.path.join(os.path.dirname(__file__), '..', 'check', 'check-claims')
HEAD = '| # | concern | raised | answer | shown by |\n|---|---|---|---|---|\n'
FILES = {
    'drivers/net/mctp/mctp-pcc.c': 'static int answer(void)\n',
    'drivers/net/mctp/tests/mctp_pcc_kunit.c':
        'static void mctp_pcc_test_a(struct kunit *test)\n{ "a case" }\n',
    'tools/testing/selftests/net/mctp/pcc_x.c':
        'TEST_F_TIMEOUT(link, name, 60)\nTEST(alone)\n',
    'tools/lab/check/check': "check 'symbols' symbols\n",
    'tools/lab/guest/jobs/x.sh': 'check x.refused refused ip link\n',
    'doc/hazards.md': '| # | hazard | answer | shown by |\n|---|---|---|---|\n'
                      '| 1 | a | `answer` | `x.sh: x.refused` |\n',
}


class LedgerTest(unittest.TestCase):
    """Each test has a table of its own."""

    def judge(self, *rows):
        """Exit status and output for a table of these rows."""
        with tempfile.TemporaryDirectory() as top:
            table = {'Documentation/review-ledger.md':
                     HEAD + ''.join(f'| {row} |\n' for row in rows)}
            for path, text in {**FILES, **table}.items():
                full = os.path.join(top, path)
                os.makedirs(os.path.dirname(full), exist_ok=True)
                with open(full, 'w', encoding='utf-8') as file:
                    file.write(text)
            run = subprocess.run([LEDGER, top], check=False, text=True,
                                 stdout=subprocess.PIPE,
                                 stderr=subprocess.STDOUT)
        return run.returncode, run.stdout

    def refused(self, complaint, *rows):
        """The table is refused with these words."""
        status, said = self.judge(*rows)
        self.assertEqual(status, 1, said)
        self.assertIn(complaint, said)

    def test_good(self):
        """One row for each form of test."""
        status, said = self.judge(
            '1 | a | v1 | `answer` | `mctp_pcc_test_a`, `mctp_pcc_test_a.a case`',
            '2 | b | - | none | `pcc_x: link.name`, `pcc_x: alone`',
            '3 | c | v2 | none | `check: symbols`')
        self.assertEqual((status, said),
                         (0, 'Documentation/review-ledger.md: 3 rows\n'
                          'doc/hazards.md: 1 rows\n'))

    def test_no_rows(self):
        """Nothing to read is an error."""
        self.refused('has no rows')

    def test_no_test(self):
        """A concern that nothing shows."""
        self.refused('row 1: no test', '1 | a | v1 | `answer` | trust us')

    def test_stale_test(self):
        """Tests that are gone, of each form."""
        for name in ('mctp_pcc_test_b', 'mctp_pcc_test_a.no case',
                     'pcc_x: link.mtu', 'pcc_y: alone', 'check: symbol',
                     'x.sh: x.refuse', 'y.sh: x.refused'):
            self.refused(f'no test {name}', f'1 | a | v1 | none | `{name}`')

    def test_stale_reproducer(self):
        """A companion patch's test that is gone, outside the numbered rows."""
        self.refused('no test pcc_core_gone',
                     '1 | a | v1 | none | `check: symbols`',
                     'mailbox/0001 | it is theory | `pcc_core_gone`')

    def test_stale_answer(self):
        """Code that is gone."""
        self.refused('nothing has gone',
                     '1 | a | v1 | `gone` | `check: symbols`')

    def test_misnumbered(self):
        """A row that was put in without a number of its own."""
        self.refused('misnumbered', '2 | a | v1 | none | `check: symbols`')


if __name__ == '__main__':
    unittest.main()
