# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
"""A companion patch that no longer applies, on a hand-made tree."""

import os
import subprocess
import tempfile
import unittest

LAB = os.path.realpath(os.path.join(os.path.dirname(__file__), '..'))
PATCH = """diff --git a/d/f.c b/d/f.c
--- a/d/f.c
+++ b/d/f.c
@@ -1,3 +1,3 @@
 one
-two
+zwei
 three
"""


class CompanionsTest(unittest.TestCase):
    """Each test has a tree with one file, or none."""

    def apply(self, text):
        """Exit status, messages and the file, after the patch."""
        with tempfile.TemporaryDirectory() as top:
            patch = os.path.join(top, 'x.patch')
            file = os.path.join(top, 'tree', 'd', 'f.c')
            os.makedirs(os.path.dirname(file))
            with open(patch, 'w', encoding='ascii') as out:
                out.write(PATCH)
            if text:
                with open(file, 'w', encoding='ascii') as out:
                    out.write(text)
            # a repository around the tree must make no difference
            subprocess.run(['git', 'init', '-q', top], check=True)
            run = subprocess.run(
                ['bash', '-c', f'. {LAB}/common/lib.sh; '
                 f'. {LAB}/kernel/companion-patches.sh;'
                 f'apply_companion {patch} {top}/tree'],
                check=False, text=True, capture_output=True)
            if os.path.exists(file):
                with open(file, encoding='ascii') as out:
                    text = out.read()
        return run.returncode, run.stderr, text

    def test_applies(self):
        """Nothing is said."""
        self.assertEqual(self.apply('one\ntwo\nthree\n'),
                         (0, '', 'one\nzwei\nthree\n'))

    def test_differs(self):
        """Patch, file and the newest kernel are named; the file is as it was."""
        status, said, text = self.apply('one\nTWO\nthree\n')
        self.assertEqual((status, text), (2, 'one\nTWO\nthree\n'))
        self.assertRegex(said, r'^[^\n]*x\.patch [^\n]*\(d/f\.c:1\)[^\n]*'
                         r' 7\.3\.4\n$')

    def test_missing(self):
        """A file that the kernel no longer has."""
        status, said, _ = self.apply('')
        self.assertEqual(status, 2)
        self.assertIn('(d/f.c: No such file or directory)', said)


if __name__ == '__main__':
    unittest.main()
