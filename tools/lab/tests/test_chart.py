# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
"""The sequence chart: an arrow for each message, none for what is no packet."""

import os
import subprocess
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree

CHART = os.path.join(os.path.dirname(__file__), '..', 'demo', 'chart')
SVG = '{http://www.w3.org/2000/svg}'

LOG = '\n'.join((
    '    0.100000 side > counters 0',
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


def chart(log, *options):
    """(exit status, stderr, the SVG's root or None)."""
    with tempfile.TemporaryDirectory() as top:
        paths = [os.path.join(top, name) for name in ('log', 'svg')]
        with open(paths[0], 'w', encoding='utf-8') as file:
            file.write(log)
        run = subprocess.run([CHART, *options, *paths], check=False, text=True,
                             capture_output=True)
        root = None
        if os.path.exists(paths[1]):
            root = ElementTree.parse(paths[1]).getroot()
    return run.returncode, run.stderr, root


class ChartTest(unittest.TestCase):
    """A log in, a chart out."""

    def test_messages(self):
        """Order, direction, names, sizes."""
        rc, err, root = chart(LOG)
        self.assertEqual((rc, err), (0, ''))
        arrows = [p.get('class') for p in root.findall(f'{SVG}path')]
        self.assertEqual(arrows, ['os', 'bmc', 'os', 'bmc'])
        texts = [t.text for t in root.findall(f'{SVG}text')]
        for text in ('control request Get Endpoint ID, 7 bytes',
                     '0.200000 s', 'load, 156 bytes in 3 packets',
                     'load, 77 bytes in 2 packets', 'EID 9 to 8'):
            self.assertIn(text, texts)
        self.assertFalse([t for t in texts if 'UUID' in t or 'word' in t])

    def test_link(self):
        """Another link, another chart."""
        texts = [t.text for t in chart(LOG, '--link', '1')[2].iter()]
        self.assertIn('control request Get Endpoint UUID, 7 bytes', texts)

    def test_most(self):
        """The rest is counted; names are escaped."""
        root = chart(LOG, '--most', '1', '--peer', 'a<b & c')[2]
        texts = [t.text for t in root.findall(f'{SVG}text')]
        self.assertEqual(len(root.findall(f'{SVG}path')), 1)
        self.assertIn('and 3 more messages', texts)
        self.assertIn('a<b & c', texts)

    def test_nothing(self):
        """One line, and no file."""
        rc, err, root = chart('nothing\n')
        self.assertEqual((rc, err.count('\n'), root), (2, 1, None))


if __name__ == '__main__':
    unittest.main()
