# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
"""The set-up of an ordinary user, who cannot install packages."""

import os
import subprocess
import tempfile
import unittest

LAB = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..')
# A user namespace without a map: root outside, nobody in particular inside.
NOT_ROOT = ['unshare', '--user'] if os.getuid() == 0 else []


class Setup(unittest.TestCase):
    """What is missing is named, and nothing is left behind."""

    def run_setup(self, *lists):
        """(exit status, stderr, files in the cache)."""
        with tempfile.TemporaryDirectory() as cache:
            run = subprocess.run(
                [*NOT_ROOT, os.path.join(LAB, 'setup'), *lists], check=False,
                text=True, capture_output=True,
                env=dict(os.environ, MCTP_PCC_CACHE=cache))
            return run.returncode, run.stderr, os.listdir(cache)

    def test_all_there(self):
        """Nothing to do, nothing said."""
        self.assertEqual(self.run_setup(), (0, '', []))

    def test_missing(self):
        """One line, with what to type."""
        status, stderr, files = self.run_setup('tests/absent')
        self.assertEqual(status, 2)
        self.assertEqual(stderr, 'setup: ask an administrator for: apt-get '
                         'install mctp-pcc-no-such-package '
                         'mctp-pcc-nor-this-one\n')
        self.assertEqual(files, [])


if __name__ == '__main__':
    unittest.main()
