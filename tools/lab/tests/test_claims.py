# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
"""The reader of the tables of concerns and hazards, on a hand-made checkout."""

import os

from scripts import LAB, Temporary, run, write

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


class Claims(Temporary):

    def judge(self, *rows):
        """Exit status and output for a table of these rows."""
        table = {'Documentation/review-ledger.md':
                 HEAD + ''.join(f'| {row} |\n' for row in rows)}
        for path, text in {**FILES, **table}.items():
            write(self.at(path), text)
        process = run(os.path.join(LAB, 'check', 'check-claims'), self.top)
        return process.returncode, process.stdout + process.stderr

    def test_good(self):
        """One row for each form of test."""
        status, said = self.judge(
            '1 | a | v1 | `answer` | `mctp_pcc_test_a`, `mctp_pcc_test_a.a case`',
            '2 | b | - | none | `pcc_x: link.name`, `pcc_x: alone`',
            '3 | c | v2 | none | `check: symbols`')
        self.assertEqual((status, said),
                         (0, 'Documentation/review-ledger.md: 3 rows\n'
                          'doc/hazards.md: 1 rows\n'))

    def test_bad(self):
        for want, *rows in (
                ('has no rows',),
                ('row 1: no test', '1 | a | v1 | `answer` | trust us'),
                ('nothing has gone', '1 | a | v1 | `gone` | `check: symbols`'),
                ('misnumbered', '2 | a | v1 | none | `check: symbols`'),
                # a companion patch's test, outside the numbered rows
                ('no test pcc_core_gone', '1 | a | v1 | none | `check: symbols`',
                 'mailbox/0001 | it is theory | `pcc_core_gone`'),
                # tests that are gone, of each form
                *((f'no test {name}', f'1 | a | v1 | none | `{name}`') for name in (
                    'mctp_pcc_test_b', 'mctp_pcc_test_a.no case', 'pcc_x: link.mtu',
                    'pcc_y: alone', 'check: symbol', 'x.sh: x.refuse',
                    'y.sh: x.refused'))):
            with self.subTest(want):
                status, said = self.judge(*rows)
                self.assertEqual(status, 1, said)
                self.assertIn(want, said)
