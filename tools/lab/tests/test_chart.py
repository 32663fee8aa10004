# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
"""The sequence chart: an arrow for each message, none for what is no packet."""

import os
from xml.etree import ElementTree

from scripts import LAB, Temporary, run, write

SVG = '{http://www.w3.org/2000/svg}'

LOG = '\n'.join((
    '    0.100000 command: counters 0',
    '    0.200000 link 0 -> 7 bytes eid 8 > 0 SOM EOM seq 0 tag 0 TO '
    'control request Get Endpoint ID',
    '    0.200100 link 1 -> 7 bytes eid 10 > 0 SOM EOM seq 0 tag 0 TO '
    'control request Get Endpoint UUID',
    '    0.300000 link 0 <- 11 bytes eid 0 > 8 SOM EOM seq 0 tag 0 '
    'control response Get Endpoint ID',
    '    0.400000 link 0 -> 68 bytes eid 8 > 9 SOM seq 0 tag 1 TO load',
    '    0.400100 link 0 <- 68 bytes eid 9 > 8 SOM seq 0 tag 1 load',
    '    0.400200 link 0 -> 68 bytes eid 8 > 9 seq 1 tag 1 TO ',
    '    0.400300 link 0 -> 20 bytes eid 8 > 9 EOM seq 2 tag 1 TO ',
    '    0.400400 link 0 <- 9 bytes eid 9 > 8 EOM seq 1 tag 1 ',
    '    0.500000 VIOLATION: link 0: a <word> of it',
    ''))


class Chart(Temporary):

    def run_chart(self, log, *options):
        return run(os.path.join(LAB, 'demo', 'chart'), *options,
                   write(self.at('log'), log), self.at('svg'))

    def chart(self, *options):
        """(classes of the arrows, texts) of LOG's chart."""
        process = self.run_chart(LOG, *options)
        self.assertEqual((process.returncode, process.stderr), (0, ''))
        root = ElementTree.parse(self.at('svg')).getroot()
        return ([path.get('class') for path in root.findall(f'{SVG}path')],
                [text.text for text in root.findall(f'{SVG}text')])

    def test_messages(self):
        """Order, direction, names, sizes."""
        arrows, texts = self.chart()
        self.assertEqual(arrows, ['os', 'bmc', 'os', 'bmc'])
        for text in ('control request Get Endpoint ID, 7 bytes',
                     '0.200000 s', 'load, 156 bytes in 3 packets',
                     'load, 77 bytes in 2 packets', 'EID 9 to 8'):
            self.assertIn(text, texts)
        self.assertFalse([t for t in texts if 'UUID' in t or 'word' in t])

    def test_link(self):
        self.assertIn('control request Get Endpoint UUID, 7 bytes',
                      self.chart('--link', '1')[1])

    def test_most(self):
        """The rest is counted; names are escaped."""
        arrows, texts = self.chart('--most', '1', '--peer', 'a<b & c')
        self.assertEqual(len(arrows), 1)
        self.assertIn('and 3 more messages', texts)
        self.assertIn('a<b & c', texts)

    def test_nothing(self):
        """One line, and no file."""
        self.check_refused(self.run_chart('nothing\n'))
        self.assertFalse(os.path.exists(self.at('svg')))
