# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
"""What a target has started is gone when it has returned."""

import contextlib
import os
import signal
import subprocess
import time

from scripts import Scripts

# In the background, without the keyboard's signals; in a session of its own; an
# orphan; in the foreground.
TARGET = '''. "$READ"
sleep 301 &
setsid sleep 302 &
( (sleep 303 &) )
touch "$OUT.there"
sleep 300
'''
STUBBORN = TARGET.replace('sleep 301', "(trap '' TERM; exec sleep 301)")


def default_signals():
    """As a terminal's shell sets them, also under nohup."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


class Owner(Scripts):

    def setUp(self):
        super().setUp()
        self.addCleanup(self.kill_ours)

    def kill_ours(self):
        """Whatever came of the test, no process stays."""
        for pid in self.ours():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def ours(self, start=b''):
        """Yields the processes in our directory whose command begins like that."""
        for name in filter(str.isdigit, os.listdir('/proc')):
            try:
                cwd = os.readlink(f'/proc/{name}/cwd')
                with open(f'/proc/{name}/cmdline', 'rb') as file:
                    words = file.read()
            except OSError:
                continue
            if cwd == os.path.realpath(self.top) and words.startswith(start):
                yield int(name)

    def sleepers(self):
        """How many of the target's processes run."""
        return len([*self.ours(b'sleep\x0030')])

    def start(self, *command, **env):
        """The process, which has made out.there."""
        process = subprocess.Popen(
            command, cwd=self.top, start_new_session=True, preexec_fn=default_signals,
            stderr=subprocess.DEVNULL,
            env={**self.env, 'MCTP_PCC_OUT': self.at('out'), **env})
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        self.wait_for(lambda: os.path.exists(self.at('out.there')))
        os.unlink(self.at('out.there'))
        return process

    def start_target(self, *before, text=TARGET):
        """The process, whose four sleepers run."""
        self.stub('run', text)
        process = self.start(*before, self.script('run'))
        self.wait_for(lambda: self.sleepers() == 4)
        return process

    def wait_for(self, condition):
        """Until it is true."""
        for _ in range(500):
            if condition():
                return
            time.sleep(0.02)
        self.fail(f'waited in vain; these run: {[*self.ours()]}')

    def check_end(self, process, status):
        """It ends with this status, and no sleeper runs any more."""
        self.assertEqual(process.wait(), status)
        self.assertEqual(self.sleepers(), 0)

    def test_signals(self):
        """All are ended, and the status says by what."""
        for text, send, number in (
                (TARGET, os.kill, signal.SIGINT), (TARGET, os.kill, signal.SIGTERM),
                (TARGET, os.kill, signal.SIGHUP),
                # as Ctrl-C, to all that are in the foreground
                (TARGET, os.killpg, signal.SIGINT),
                (STUBBORN, os.kill, signal.SIGTERM)):
            with self.subTest(text, send=send, number=number):
                process = self.start_target(text=text)
                send(process.pid, number)
                self.check_end(process, 128 + number)

    def test_parent_killed(self):
        """Who started it is killed and cannot say so."""
        process = self.start_target('sh', '-c', '"$0"; true')
        process.kill()
        process.wait()
        self.wait_for(lambda: not self.sleepers())

    def test_end(self):
        """Its own end, with its own status."""
        self.check_end(self.start_target(
            text=TARGET.replace('sleep 300', 'sleep 300 & sleep 1; exit 7')), 7)

    def test_status(self):
        """A command that a signal ends."""
        self.stub('run', '. "$READ"; kill -9 $$')
        self.assertEqual(self.run_lab('run').returncode, 137)

    def test_no_command(self):
        """One that is not there, and none."""
        for command, line in ((['./none'], 'kill-leftovers: ./none: No such file or '
                               'directory\n'),
                              ([], 'usage: kill-leftovers COMMAND...\n')):
            with self.subTest(command=command):
                done = self.run_lab('kill-leftovers', *command)
                self.assertEqual((done.returncode, done.stderr),
                                 (127 if command else 1, line))

    def test_little_python(self):
        """A python3 without its library is for the set-up to name."""
        self.command('python3', 'echo "No module named ctypes" >&2; exit 1')
        self.stub('run', '. "$READ"; echo went on')
        self.assertEqual(self.run_lab('run').stdout, 'went on\n')

    def test_nohup(self):
        """A signal that was ignored before is ignored."""
        process = self.start_target('nohup')
        process.send_signal(signal.SIGHUP)
        time.sleep(0.3)
        self.assertEqual(self.sleepers(), 4)
        process.terminate()
        self.check_end(process, 143)

    def test_loops(self):
        """Those of selftest-busy run beside the tests, and no longer."""
        self.stub('prepare')
        for text, number, status, env in (
                ('exit 3', None, 3, {}),
                ('exec sleep 300', signal.SIGINT, 130, {}),
                # by themselves
                ('exec sleep 3', signal.SIGKILL, -9, {'LAB_OWNED': '1'})):
            self.stub('selftest', f'ps -o args= --ppid $PPID >{self.at("beside")}\n'
                      f'touch "$MCTP_PCC_OUT.there"\n{text}')
            process = self.start(self.script('selftest-busy'), **env)
            if number:
                process.send_signal(number)
            self.assertEqual(process.wait(), status)
            self.assertEqual(self.read('beside').count('while :; do :; done'), 4)
            self.wait_for(lambda: not [*self.ours(b'sh\x00-c\x00while')])
