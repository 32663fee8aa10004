# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
"""What the tests of the lab's scripts share: a copy of the lab with stubs in it."""

import glob
import os
import subprocess
import tempfile
import unittest

LAB = os.path.realpath(os.path.join(os.path.dirname(__file__), '..'))
# Made by this file's user, not by the make that runs the tests.
FOREIGN = ('MAKE', 'MFLAGS', 'MCTP_PCC_', 'LAB_', 'KBUILD', 'KDIR', 'PCC_', 'CORE',
           'TABLES', 'SMP', 'MEMORY', 'PLATFORM', 'CONFIG', 'APPEND', 'ENDPOINT')


def write(path, text='', mode=0o644):
    """A file, with its directories; returns the path."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    if os.path.islink(path):
        os.unlink(path)
    with open(path, 'w', encoding='utf-8') as file:
        file.write(text)
    os.chmod(path, mode)
    return path


class Scripts(unittest.TestCase):
    """A checkout of its own for each test: tools/lab has links to the real files,
    and the stubs that a test puts in their place. Cache and out/ are there too."""

    def setUp(self):
        # pylint: disable=consider-using-with
        top = tempfile.TemporaryDirectory()
        self.addCleanup(top.cleanup)
        self.top = top.name
        for path in glob.glob(LAB + '/*/*') + glob.glob(LAB + '/*'):
            link = self.at('tools/lab', os.path.relpath(path, LAB))
            os.makedirs(os.path.dirname(link), exist_ok=True)
            if not os.path.isdir(link):
                os.symlink(path, link)
        self.env = {name: value for name, value in os.environ.items()
                    if not name.startswith(FOREIGN)}
        self.env.update(MCTP_PCC_CACHE=self.at('cache'),
                        READ=self.at('tools/lab/common/lib.sh'),
                        PATH=self.at('bin') + ':/usr/bin:' + self.env['PATH'])

    def at(self, *names):
        """A path below the test's directory."""
        return os.path.join(self.top, *names)

    @staticmethod
    def real(*names):
        """A path in the checkout that is tested."""
        return os.path.join(LAB, '..', '..', *names)

    def read(self, *names):
        """A file's text, '' if it is not there."""
        try:
            with open(self.at(*names), encoding='utf-8') as file:
                return file.read()
        except FileNotFoundError:
            return ''

    def script(self, name):
        """The path of the lab's script of that name, in whichever room; one that the
        lab does not have is in the room of the boots."""
        found = [path for folder in ('tools/lab', 'tools/lab/*')
                 for path in glob.glob(self.at(folder, name)) if os.path.isfile(path)]
        return found[0] if found else self.at('tools/lab/boot', name)

    def stub(self, name, text=''):
        """A script of the lab in this checkout, by its shell text; $READ is lib.sh."""
        write(self.script(name), '#!/bin/bash\n' + text, 0o755)

    def command(self, name, text=''):
        """The same for a command of the system, as the lab's scripts find it."""
        write(self.at('bin', name), '#!/bin/bash\n' + text, 0o755)

    def run_lab(self, *words, **env):
        """The finished process of a script of this checkout, with output."""
        return subprocess.run(
            [self.script(words[0]), *words[1:]], check=False, text=True,
            capture_output=True, stdin=subprocess.DEVNULL, cwd=self.top,
            env={**self.env, **env})

    def shell(self, text, *words, **env):
        """The same for shell text that has read lib.sh."""
        return subprocess.run(
            ['bash', '-c', f'. "$READ"\n{text}', 'test', *words],
            check=False, text=True, capture_output=True, cwd=self.top,
            stdin=subprocess.DEVNULL, env={**self.env, **env})
