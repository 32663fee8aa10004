# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
"""What a target has started is gone when it has returned."""

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


def alive(pid):
    """True for a process that runs."""
    try:
        with open(f'/proc/{pid}/stat', encoding='ascii') as file:
            return file.read().rpartition(')')[2].split()[0] != 'Z'
    except FileNotFoundError:
        return False


class Owner(Scripts):
    """A target that has started all kinds of processes."""

    def start(self, *before, text=TARGET):
        """The process, and the ids of all sleepers."""
        self.stub('run', text)
        process = subprocess.Popen(
            [*before, self.at('tools/lab/demo/run')], env=self.env, cwd=self.top,
            stderr=subprocess.DEVNULL, start_new_session=True,
            preexec_fn=default_signals)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        self.wait_for(lambda: os.path.exists(self.at('out.there')) and
                      len(self.sleepers()) == 4)
        return process, self.sleepers()

    def sleepers(self):
        """The ids of our sleepers: those that work in our directory."""
        found = []
        for name in filter(str.isdigit, os.listdir('/proc')):
            try:
                cwd = os.readlink(f'/proc/{name}/cwd')
                with open(f'/proc/{name}/cmdline', 'rb') as file:
                    words = file.read()
            except OSError:
                continue
            if cwd == os.path.realpath(self.top) and words.startswith(b'sleep\x0030'):
                found.append(int(name))
        return found

    def check_gone(self, sleepers):
        """None of them runs any more."""
        self.assertEqual([pid for pid in sleepers if alive(pid)], [])

    def test_signals(self):
        """All are ended, and the status says by what."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            process, sleepers = self.start()
            process.send_signal(number)
            self.assertEqual(process.wait(), 128 + number)
            self.check_gone(sleepers)
            os.unlink(self.at('out.there'))

    def test_stubborn(self):
        """What does not end when it is asked to is made to."""
        process, sleepers = self.start(text=STUBBORN)
        process.terminate()
        self.assertEqual(process.wait(), 143)
        self.check_gone(sleepers)

    def test_keyboard(self):
        """Ctrl-C goes to all that are in the foreground."""
        process, sleepers = self.start()
        os.killpg(process.pid, signal.SIGINT)
        self.assertEqual(process.wait(), 130)
        self.check_gone(sleepers)

    def test_parent_killed(self):
        """Who started it is killed and cannot say so."""
        process, sleepers = self.start('sh', '-c', '"$0"; true')
        process.kill()
        process.wait()
        self.wait_for(lambda: not any(alive(pid) for pid in sleepers))

    def test_end(self):
        """Its own end, with its own status."""
        process, sleepers = self.start(
            text=TARGET.replace('sleep 300', 'sleep 300 & sleep 1; exit 7'))
        self.assertEqual(process.wait(), 7)
        self.check_gone(sleepers)

    def test_status(self):
        """A command that a signal ends."""
        self.stub('run', '. "$READ"; kill -9 $$')
        self.assertEqual(self.run_lab('run').returncode, 137)

    def test_little_python(self):
        """A python3 without its library is for the set-up to name."""
        self.command('python3', 'echo "No module named ctypes" >&2; exit 1')
        self.stub('run', '. "$READ"; echo went on')
        self.assertEqual(self.run_lab('run').stdout, 'went on\n')

    def test_nohup(self):
        """A signal that was ignored before is ignored."""
        process, sleepers = self.start('nohup')
        process.send_signal(signal.SIGHUP)
        time.sleep(0.3)
        self.assertTrue(all(alive(pid) for pid in sleepers))
        process.terminate()
        self.assertEqual(process.wait(), 143)
        self.check_gone(sleepers)

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
            process = subprocess.Popen(
                [self.script('selftest-busy')], cwd=self.top, start_new_session=True,
                env={**self.env, 'MCTP_PCC_OUT': self.at('out'), **env},
                preexec_fn=default_signals)
            self.addCleanup(self.end_session, process)
            self.wait_for(lambda: os.path.exists(self.at('out.there')))
            if number:
                process.send_signal(number)
            self.assertEqual(process.wait(), status)
            self.assertEqual(self.read('beside').count('while :; do :; done'), 4)
            self.wait_for(lambda: b'while' not in self.session(process.pid))
            os.unlink(self.at('out.there'))

    def wait_for(self, condition):
        """Until it is true."""
        for _ in range(500):
            if condition():
                return
            time.sleep(0.02)
        self.fail(f'waited in vain; these run: {self.sleepers()}')

    @staticmethod
    def session(leader, number=0):
        """What runs in a session, after a signal to it."""
        found = b''
        for name in filter(str.isdigit, os.listdir('/proc')):
            try:
                if os.getsid(int(name)) == leader and alive(name):
                    with open(f'/proc/{name}/cmdline', 'rb') as file:
                        found += file.read() + b'\n'
                    os.kill(int(name), number)
            except OSError:
                pass
        return found

    def end_session(self, process):
        """Whatever came of it, no loop stays."""
        self.session(process.pid, signal.SIGKILL)
        process.wait()
