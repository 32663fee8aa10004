# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
"""The judge of coverage, on hand-made counts."""

import json
import os

from scripts import LAB, Temporary, run, write


def count(number, executed, branches=()):
    """One line as gcovr describes it."""
    return {'line_number': number, 'count': executed, 'gcovr/noncode': False,
            'branches': [{'count': b} for b in branches]}


class CoverageReport(Temporary):
    """A source of 100 lines."""

    def judge(self, lines, reasons='', files=1):
        """Exit status and last line of the report."""
        write(self.at('d.c'), ''.join(f'line {n};\n' for n in range(1, 101)))
        process = run(os.path.join(LAB, 'measure', 'coverage-report'),
                      write(self.at('json'), json.dumps(
                          {'files': [{'file': 'd.c', 'lines': lines}] * files})),
                      self.top, write(self.at('reasons'), reasons))
        return process.returncode, process.stdout

    def test_all(self):
        lines = [count(n, 1, (1, 2)) for n in range(1, 101)]
        status, said = self.judge(lines)
        self.assertEqual(status, 0, said)
        self.assertIn('100.0 % of 100 lines, 100.0 % of 200 branches', said)

    def test_reason(self):
        """One line is missed: it needs a reason."""
        lines = [count(n, n != 7, (1,)) for n in range(1, 101)]
        self.assertEqual(self.judge(lines)[0], 1)
        self.assertIn('7: line: line 7;: NO REASON', self.judge(lines)[1])
        self.assertEqual(self.judge(lines, 'line 7; ## why\n')[0], 0)
        self.assertEqual(self.judge(lines, 'line 8; ## why\n')[0], 1)

    def test_branch(self):
        lines = [count(n, 1, (1, n != 9)) for n in range(1, 101)]
        self.assertIn('9: 1 of 2 branches', self.judge(lines)[1])
        self.assertEqual(self.judge(lines)[0], 1)

    def test_goals(self):
        """Reasons do not help below the goals."""
        reasons = ''.join(f'line {n}; ## why\n' for n in range(1, 101))
        for lines, branches, want in ((97, 100, 1), (100, 94, 1), (98, 95, 0)):
            counts = [count(n, n <= lines, (n <= branches,))
                      for n in range(1, 101)]
            self.assertEqual(self.judge(counts, reasons)[0], want)

    def test_nothing(self):
        """No counts at all, or those of something else too."""
        self.assertEqual(self.judge([])[0], 1)
        self.assertEqual(self.judge([count(1, 1)], files=2)[0], 1)
