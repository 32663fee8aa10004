# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
"""doc/other-clients.md: its commands, as written but for the directory."""

import os
import re
import socket
import subprocess
import sys

from scripts import TOP, Temporary, read, run


class OtherClients(Temporary):

    def setUp(self):
        super().setUp()
        self.texts = re.split(r'^\d+\. ', read('doc/other-clients.md'), flags=re.M)[1:]
        self.steps = [re.search(r'^ {7,8}(\S.*)$', text, re.M).group(1)
                      .replace('/tmp/client', self.top) for text in self.texts]

    def run_step(self, number):
        """What it prints."""
        return self.output(run('bash', '-c', self.steps[number - 1], cwd=TOP))

    def test_steps(self):
        """Ten; the tables are what the text says, the firmware answers."""
        self.assertEqual(len(self.steps), 10)
        for number in range(1, 6):
            self.assertEqual(self.run_step(number), '')
        want = re.search('`(PCCT: .*)`', self.texts[5]).group(1)
        self.assertIn(want, self.run_step(6))
        self.assertIn('make shell', self.steps[7])
        self.assertIn('firmware.py', self.steps[6])
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listener:
            listener.bind(self.at('firmware.sock'))
            listener.listen()
            with subprocess.Popen([sys.executable,
                                   self.at('firmware.py')]) as firmware:
                listener.settimeout(30)
                platform, _ = listener.accept()
                platform.settimeout(30)
                platform.send(b'\1\0\0\0' + b'\0\0\0\0' + b'type' + b'sens' + b'rest')
                self.assertEqual(platform.recv(100),
                                 b'\1\0\0\0' + b'\0\0\0\0' + b'type*\0\0\0rest')
                platform.close()
                self.assertEqual(firmware.wait(30), 0)

    def test_named(self):
        """What the table at the end names is there."""
        for name in re.findall(r'`(tools/\S+)`', self.texts[-1]):
            self.assertTrue(os.path.exists(os.path.join(TOP, name)), name)
