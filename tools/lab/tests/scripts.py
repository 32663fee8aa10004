# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
"""What the unit tests share: a directory for each, a copy of the lab with stubs."""

import glob
import importlib.machinery
import os
import subprocess
import tempfile
import types
import unittest

TOP = os.path.realpath(os.path.join(os.path.dirname(__file__), '..', '..', '..'))
LAB = os.path.join(TOP, 'tools', 'lab')
# A test sets these itself; those of the make that runs the tests are dropped.
FOREIGN = ('MAKE', 'MFLAGS', 'MCTP_PCC_', 'LAB_', 'KBUILD', 'KDIR', 'PCC_', 'CORE',
           'TABLES', 'SMP', 'MEMORY', 'PLATFORM', 'CONFIG', 'APPEND', 'ENDPOINT')


def read(*path):
    """A file's text; a relative path begins at the top of the checkout."""
    with open(os.path.join(TOP, *path), encoding='utf-8', errors='replace') as file:
        return file.read()


def load(*path):
    """A Python program as a module; a relative path begins at the top."""
    loader = importlib.machinery.SourceFileLoader(path[-1], os.path.join(TOP, *path))
    module = types.ModuleType(path[-1])
    loader.exec_module(module)
    return module


def write(path, text='', mode=0o644):
    """Writes a file and makes its directories; returns the path."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    if os.path.islink(path):
        os.unlink(path)
    with open(path, 'w', encoding='utf-8') as file:
        file.write(text)
    os.chmod(path, mode)
    return path


def run(*words, **options):
    """The finished process, with its output."""
    return subprocess.run(words, check=False, text=True, capture_output=True,
                          stdin=subprocess.DEVNULL, **options)


class Temporary(unittest.TestCase):
    """Each test has an empty directory."""

    def setUp(self):
        top = tempfile.TemporaryDirectory()
        self.addCleanup(top.cleanup)
        self.top = top.name

    def at(self, *names):
        """A path below the test's directory."""
        return os.path.join(self.top, *names)

    def read(self, *names):
        """A file's text, '' if it is not there."""
        try:
            return read(self.at(*names))
        except FileNotFoundError:
            return ''

    def output(self, process):
        """What it printed; it has to succeed."""
        self.assertEqual(process.returncode, 0, process.stderr)
        return process.stdout

    def check_refused(self, process, *wants):
        """Exit status 2, and one line with these words, on stderr."""
        self.assertEqual((process.returncode, process.stdout,
                          process.stderr.count('\n')), (2, '', 1), process.stderr)
        for want in wants:
            self.assertIn(want, process.stderr)


class Scripts(Temporary):
    """Each test has a checkout: tools/lab has links to the real files, and the stubs
    that the test puts in their place. Cache and out/ are there too."""

    def setUp(self):
        super().setUp()
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

    def boot_files(self, platform):
        """What boot-guest needs of the lean kernel; the platform is this shell text."""
        for name in ('kernel', 'initrd'):
            write(self.at('out/image/lean-pristine-debian', name))
        os.makedirs(self.at('out/pcc-platform/tables/good'), exist_ok=True)
        write(self.at('out/pcc-platform/pcc-platform'), '#!/bin/bash\n'
              'while [ $# -gt 0 ] && [ "$1" != --dir ]; do shift; done\n' + platform,
              0o755)
        return write(self.at('job'), '#!/bin/sh\n', 0o755)

    def run_lab(self, name, *words, **env):
        """Runs a script of this checkout."""
        return run(self.script(name), *words, cwd=self.top, env={**self.env, **env})

    def shell(self, text, *words, **env):
        """Runs shell text behind lib.sh."""
        return run('bash', '-c', f'. "$READ"\n{text}', 'test', *words, cwd=self.top,
                   env={**self.env, **env})
