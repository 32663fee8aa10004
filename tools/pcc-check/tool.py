# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
"""Runs acpiexec and iasl within bounds of time, memory and output."""

import contextlib
import functools
import os
import re
import resource
import shutil
import signal
import subprocess
import tempfile
import time

PACKAGE = 'acpica-tools'
OLDEST = 20200925       # Debian 12's
SECONDS = 15            # for all runs of a program together
MEMORY = 512 << 20
OUTPUT = 48 << 20
LOOP_SECONDS = 4        # of one While in AML; the kernel allows 30


class ToolError(Exception):
    """A tool is missing, too old, or was stopped; `missing` says which."""

    def __init__(self, text, missing=False):
        super().__init__(text)
        self.missing = missing


def limit():
    """In the child: bounds, and a group of its own."""
    os.setsid()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (OUTPUT, OUTPUT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))


class Tool:
    """One program of acpica-tools."""

    def __init__(self, name):
        self.name, self.deadline = name, None

    @functools.cached_property
    def path(self):
        """Its path; raises if there is none that is new enough."""
        path = shutil.which(self.name)
        advice = f'install the package {PACKAGE}, version {OLDEST} or newer'
        if not path:
            raise ToolError(f'{self.name} is missing: {advice}', True)
        match = re.search(r'version (\d{8})', self.call([path, '-v'], '/')[1])
        if not match or int(match.group(1)) < OLDEST:
            raise ToolError(f'{self.name} is too old '
                            f'({match.group(1) if match else "no version"}): '
                            f'{advice}', True)
        return path

    def late(self):
        """Its time is used up."""
        return self.deadline is not None and \
            time.monotonic() >= self.deadline

    def run(self, args, directory, commands=''):
        """(exit status, output) of the program; raises if it takes too long."""
        return self.call([self.path, *args], directory, commands)

    def call(self, command, directory, commands=''):
        """The same for any command."""
        if self.deadline is None:
            self.deadline = time.monotonic() + SECONDS
        late = ToolError(f'{self.name} takes longer than {SECONDS} s')
        if self.late():
            raise late
        with tempfile.TemporaryFile() as output, \
                tempfile.TemporaryFile() as script:
            script.write(commands.encode())
            script.seek(0)
            with subprocess.Popen(command, cwd=directory, stdin=script,
                                  stdout=output, stderr=subprocess.STDOUT,
                                  preexec_fn=limit) as child:
                try:
                    child.wait(max(0, self.deadline - time.monotonic()))
                except subprocess.TimeoutExpired:
                    raise late from None
                finally:
                    # Nothing of the child's group stays behind.
                    with contextlib.suppress(ProcessLookupError):
                        os.killpg(child.pid, signal.SIGKILL)
            output.seek(0)
            return child.returncode, output.read().decode('utf-8', 'replace')
