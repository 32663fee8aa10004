# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
"""A companion patch that no longer applies, on a hand-made tree."""

from scripts import LAB, Temporary, run, write

PATCH = """diff --git a/d/f.c b/d/f.c
--- a/d/f.c
+++ b/d/f.c
@@ -1,3 +1,3 @@
 one
-two
+zwei
 three
"""


class Companions(Temporary):
    """Each test has a tree with one file, or none."""

    def apply(self, text):
        """Exit status, messages and the file, after the patch."""
        write(self.at('tree/other'))
        if text:
            write(self.at('tree/d/f.c'), text)
        # a repository around the tree must make no difference
        run('git', 'init', '-q', self.top)
        process = run('bash', '-c', f'. {LAB}/common/lib.sh; '
                      f'. {LAB}/kernel/companion-patches.sh; apply_companion "$@"',
                      'test', write(self.at('x.patch'), PATCH), self.at('tree'))
        return process.returncode, process.stderr, self.read('tree/d/f.c')

    def test_applies(self):
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
