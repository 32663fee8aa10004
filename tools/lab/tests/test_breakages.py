# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
"""The breakages of the driver land where they are meant to."""

import glob
import os
import subprocess
import unittest

TOP = os.path.realpath(os.path.join(os.path.dirname(__file__), '..', '..', '..'))


class Breakages(unittest.TestCase):
    """All of them, without their tests."""

    def test_apply(self):
        """Each applies with all the lines around it."""
        patches = glob.glob(f'{TOP}/tools/lab/defects/breakages/*.patch')
        self.assertGreater(len(patches), 0)
        for patch in patches:
            with self.subTest(os.path.basename(patch)):
                run = subprocess.run(
                    ['patch', '--dry-run', '--fuzz=0', '-p1', '-d', TOP, '-i', patch],
                    check=False, text=True, stdout=subprocess.PIPE)
                self.assertEqual(run.returncode, 0, run.stdout)

    def test_no_line(self):
        """A patch that names no test proves nothing, and is said to."""
        run = subprocess.run(
            ['bash', '-c', 'LAB_OWNED=1; . common/lib.sh; . defects/red.sh; WORK=/nonexistent; '
             'why=$(stays_green /dev/null Red); echo "$why"'], check=False,
            text=True, cwd=f'{TOP}/tools/lab', capture_output=True)
        self.assertIn('has no line Red', run.stdout, run.stderr)

    def test_no_fuzz(self):
        """redcheck insists on it; the overlay's patches go by git, which has none."""
        with open(f'{TOP}/tools/lab/defects/redcheck', encoding='utf-8') as file:
            lines = [line for line in file if line.strip().startswith('patch ')]
        self.assertTrue(lines and all('--fuzz=0' in line for line in lines))


if __name__ == '__main__':
    unittest.main()
