#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
"""The whole program, with a stand-in for QEMU: how it waits, ends and complains.

Run by `make test`; O is the directory of the build.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

BUILD = os.path.realpath(os.environ.get('O', 'build'))
# Connects as QEMU does, says what the test wants and then sleeps or ends.
QEMU = '''
import re, socket, sys, time
paths = re.findall(r"path=(\\S+?/control[.]sock)", " ".join(sys.argv))
paths += re.findall(r"unix:(\\S+?/qtest[.]sock)", " ".join(sys.argv))
socks = []
for path in paths:
    socks.append(socket.socket(socket.AF_UNIX))
    socks[-1].connect(path)
for line in {lines!r}:
    socks[0].sendall(line.encode() + b"\\n")
    while not socks[0].recv(65536).endswith(b"\\n"):
        pass
open({there!r}, "w").close()
time.sleep({seconds})
sys.exit({status})
'''


# Answers in the place of the thermometer, and does one thing.
RESPONDER = '''
import socket, time
s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
while s.connect_ex({path!r}):
    time.sleep(0.02)
s.send({says!r})
time.sleep({seconds})
'''


class Program(unittest.TestCase):
    """A run directory for each test."""

    def setUp(self):
        # pylint: disable=consider-using-with
        top = tempfile.TemporaryDirectory()
        self.addCleanup(top.cleanup)
        self.top = top.name
        self.dir = os.path.join(self.top, 'run')

    def command(self, *options, qemu=('true',)):
        """The program's words."""
        return [f'{BUILD}/pcc-platform', '--dir', self.dir, '--tables',
                f'{BUILD}/tables/good', *options, '--', *qemu]

    def qemu(self, seconds=0, status=0, lines=()):
        """The words of a stand-in that connects."""
        script = os.path.join(self.top, 'qemu.py')
        with open(script, 'w', encoding='utf-8') as file:
            file.write(QEMU.format(seconds=seconds, status=status,
                                   lines=list(lines),
                                   there=os.path.join(self.top, 'there')))
        return sys.executable, script

    def finish(self, *options, qemu=('true',)):
        """(exit status, stderr) of a whole run."""
        run = subprocess.run(self.command(*options, qemu=qemu), check=False,
                             text=True, timeout=60, stderr=subprocess.PIPE)
        return run.returncode, run.stderr

    def start(self, *options, seconds=60):
        """The program, once its QEMU has connected."""
        # pylint: disable=consider-using-with
        process = subprocess.Popen(
            self.command(*options, qemu=self.qemu(seconds)), text=True,
            stderr=subprocess.PIPE, preexec_fn=lambda: signal.signal(
                signal.SIGINT, signal.default_int_handler))
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        for _ in range(500):
            if os.path.exists(os.path.join(self.top, 'there')):
                return process
            time.sleep(0.02)
        raise TimeoutError('QEMU did not connect')

    def log(self):
        """The text of platform.log."""
        with open(os.path.join(self.dir, 'platform.log'), encoding='utf-8') as file:
            return file.read()

    def test_directory(self):
        """Its path may have any length, and a comma and a blank in it."""
        self.dir = os.path.join(self.top, 'a, b' + 'x' * 120)
        self.assertEqual(self.finish(qemu=self.qemu()), (0, ''))
        self.assertIn('QEMU ended', self.log())

    def test_same_directory(self):
        """A directory that another platform works in is refused, and left alone."""
        self.start()
        before = os.stat(os.path.join(self.dir, 'pcc.mem')).st_ino
        status, stderr = self.finish()
        self.assertEqual((status, stderr.count('\n')), (2, 1), stderr)
        self.assertIn('qtest.sock: another program listens there', stderr)
        self.assertEqual(os.stat(os.path.join(self.dir, 'pcc.mem')).st_ino, before)

    def test_idle(self):
        """Nothing to do costs nothing, with a limit of time and without one."""
        for options in ((), ('--timeout', '60')):
            process = self.start(*options)
            time.sleep(0.5)
            before = self.ticks(process)
            time.sleep(1)
            self.assertLessEqual(self.ticks(process) - before, 2)
            process.kill()
            process.wait()
            os.unlink(os.path.join(self.top, 'there'))

    @staticmethod
    def ticks(process):
        """Its processor time in hundredths of a second."""
        with open(f'/proc/{process.pid}/stat', encoding='ascii') as file:
            fields = file.read().rpartition(')')[2].split()
        return int(fields[11]) + int(fields[12])

    def test_signals(self):
        """A signal ends QEMU, is said, and is the exit status."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            process = self.start()
            with open(f'/proc/{process.pid}/task/{process.pid}/children',
                      encoding='ascii') as file:
                qemu = file.read().split()
            process.send_signal(number)
            stderr = process.stderr.read()
            self.assertEqual(process.wait(), 128 + number)
            self.assertIn(f'stopped by signal {int(number)}', stderr)
            self.assertEqual(len(qemu), 1)
            self.assertFalse(os.path.exists(f'/proc/{qemu[0]}'))
            self.assertIn('QEMU ended', self.log())
            os.unlink(os.path.join(self.top, 'there'))

    def test_no_qemu(self):
        """What ends without having connected is no guest that did well."""
        for words, text in ((('true',), 'QEMU ended before it had connected'),
                            (('false',), 'QEMU failed'),
                            (('/no/such',), '/no/such: No such file'),
                            (self.qemu(status=7), 'QEMU failed, exit status 7')):
            status, stderr = self.finish(qemu=words)
            self.assertEqual(status, 3)
            self.assertIn(text, stderr)

    def test_qemu_dies(self):
        """One that is killed, as by a host without memory, is named."""
        process = self.start()
        with open(f'/proc/{process.pid}/task/{process.pid}/children',
                  encoding='ascii') as file:
            os.kill(int(file.read()), signal.SIGKILL)
        stderr = process.stderr.read()
        self.assertEqual((process.wait(), stderr),
                         (3, 'pcc-platform: QEMU was killed by signal 9\n'))

    def test_timeout(self):
        """A QEMU that never ends, or never connects, is ended, and which is said."""
        timeout = 'pcc-platform: timeout after 1 s, stopping QEMU\n'
        for qemu, more in ((('sh', '-c', 'exec sleep 60'),
                            'pcc-platform: QEMU has never connected\n'),
                           (self.qemu(60), '')):
            self.assertEqual(self.finish('--timeout', '1', qemu=qemu),
                             (3, timeout + more))

    def test_help(self):
        """Each key of a description is in the help and in README.md."""
        here = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..')
        texts = [subprocess.run([f'{BUILD}/pcc-platform', '--help'], check=True,
                                text=True, stdout=subprocess.PIPE).stdout]
        for name in ('README.md', 'acpi/make-tables'):
            with open(os.path.join(here, name), encoding='utf-8') as file:
                texts.append(file.read())
        defaults = re.search(r'^DEFAULTS = \{(.*?)\}', texts.pop(), re.M | re.S)[1]
        keys = re.findall(r"'([a-z-]+)': ", defaults)
        self.assertGreater(len(keys), 12)
        for key in [*keys, 'answers', 'device', 'outbox-irq', 'inbox-irq']:
            for text in texts:
                self.assertTrue(f'{key}=' in text, key)

    def test_owner(self):
        """An endpoint that asks from the start, of a guest that is not there yet."""
        self.assertEqual(self.finish('--tables', f'{BUILD}/tables/owner',
                                     qemu=self.qemu(1)), (0, ''))
        self.assertIn('Set Endpoint ID', self.log())

    def test_responder(self):
        """One that ends, or answers what it was not asked, ends all of it."""
        tables = os.path.join(self.top, 'tables')
        shutil.copytree(f'{BUILD}/tables/example', tables)
        with open(f'{tables}/links.conf', 'r+', encoding='ascii') as file:
            text = file.read().replace('answers=thermometer', 'answers=socket')
            file.seek(0)
            file.truncate()
            file.write(text)
        path = os.path.join(self.top, 'responder.sock')
        notify = (0).to_bytes(4, 'little') + b'hi!!'
        for says, seconds, want in (
                (notify, 0, 'link 2: has ended'),
                (b'123', 60, 'link 2: a message of 3 bytes, must be 8'),
                ((9).to_bytes(8, 'little'), 60, 'link 2: answers 9, which')):
            script = RESPONDER.format(path=path, says=says, seconds=seconds)
            with subprocess.Popen([sys.executable, '-c', script]) as responder:
                status, stderr = self.finish(
                    '--tables', tables, '--responder', f'socket:{path}',
                    qemu=self.qemu(60))
                responder.kill()
            self.assertEqual((status, stderr.count('\n')), (3, 1), stderr)
            self.assertIn('pcc-platform: responder of ' + want, stderr)
            os.unlink(path)

    def test_responder_missing(self):
        """As many as there are links for them; a word of a kind."""
        for options, want in (
                (('--responder', 'socket:/tmp/x'), 'only 0 links have answers=socket'),
                (('--responder', 'pty'), '--responder pty: must be socket:PATH')):
            status, stderr = self.finish(*options, qemu=self.qemu())
            self.assertEqual((status, stderr.count('\n')), (2, 1), stderr)
            self.assertIn(want, stderr)

    def test_log_limit(self):
        """A limit holds for all lines, and the first violations are shown."""
        lines = ['seed-violation 0'] * 300 + ['log ' + 'x' * 1000] * 1500
        status, stderr = self.finish('--log-limit', '1',
                                     qemu=self.qemu(lines=lines))
        self.assertEqual(status, 1)
        self.assertEqual(stderr.count('VIOLATION: link 0: '), 100)
        self.assertIn('VIOLATION: 200 more, not shown', stderr)
        log = self.log()
        self.assertLess(len(log), 1100000)
        self.assertRegex(log, r'QEMU ended with status 0x0, violations 300')
        self.assertRegex(log, r'log limit reached: \d+ lines left out\n$')

    def test_disk_full(self):
        """A log that cannot be written is a failure, with its name."""
        os.mkdir(self.dir)
        os.symlink('/dev/full', os.path.join(self.dir, 'platform.log'))
        status, stderr = self.finish(qemu=self.qemu())
        self.assertEqual(status, 3)
        self.assertIn('platform.log: No space left on device', stderr)

    def test_memory_on_full_disk(self):
        """A disk that is too full for the guest's memory is named, not a bus error."""
        os.mkdir(self.dir)
        mount = ['unshare', '--user', '--map-root-user', '--mount', 'sh', '-c',
                 'mount -t tmpfs -o size=1m none "$0" && exec "$@"', self.dir]
        if subprocess.run([*mount, 'true'], check=False,
                          stderr=subprocess.DEVNULL).returncode:
            # no such mount for us here: at least it asks for the room
            with open(f'{BUILD}/pcc-platform', 'rb') as file:
                self.assertIn(b'posix_fallocate', file.read())
            return
        run = subprocess.run([*mount, *self.command(qemu=self.qemu())], check=False,
                             text=True, timeout=60, stderr=subprocess.PIPE)
        self.assertEqual((run.returncode, run.stderr.count('\n')), (2, 1), run.stderr)
        self.assertIn('pcc.mem: No space left on device', run.stderr)


if __name__ == '__main__':
    unittest.main()
