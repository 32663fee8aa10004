# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
"""The troubleshooting page has each line of the driver, and no other."""

import re
import unittest

from scripts import read

DRIVER = read('drivers/net/mctp/mctp-pcc.c')
PAGE = read('doc/troubleshooting.md')

LOGS = re.compile(r'\b(?:netdev|dev|pr)_(?:emerg|alert|crit|err|warn|notice|'
                  r'info)(?:_\w+)?\(|\bprintk\w*\(')
TEXT = re.compile(r'\s*[^";]*"([^"]*)"')


def driver_lines(source):
    """The text of each line that the driver can log."""
    return [TEXT.match(source, call.end()).group(1).removesuffix(r'\n')
            for call in LOGS.finditer(source)]


def page_lines():
    """The lines that the page's tables explain, in the first column."""
    mailbox = PAGE[PAGE.index('\n## The link shows'):].split('\n## ')[1]
    others = mailbox + PAGE[PAGE.index('No line, and yet'):]
    return [row for row in re.findall(r'^\| `([^`]*)` \|', PAGE, re.M)
            if f'| `{row}` |' not in others]


class Troubleshooting(unittest.TestCase):

    def test_complete(self):
        source = driver_lines(DRIVER)
        self.assertGreater(len(source), 9)
        self.assertEqual(sorted(source), sorted(page_lines()))

    def test_counters(self):
        """Page and manual explain each counter; rx_errors is their sum."""
        counters = {*re.findall(r'DEV_STATS_(?:INC|ADD)\([^,]*, (\w+)', DRIVER)}
        counters.remove('rx_errors')
        self.assertEqual(len(counters), 4)
        for counter in sorted(counters):
            self.assertIn(f'`{counter}`', PAGE)
            self.assertIn(f'\n``{counter}``\n',
                          read('Documentation/networking/mctp-pcc.rst'))

    def test_finds(self):
        """No form of a log call is overlooked."""
        self.assertEqual(driver_lines(
            'netdev_warn(mp->ndev,\n\t"one\\n");\nif (x)\n'
            'dev_err_probe(dev, -EINVAL, "two %u\\n", n);\n'
            'netdev_err_once(x, "three\\n"); pr_info("four\\n");\n'
            'printk(KERN_ERR "five\\n"); dev_warn_ratelimited(d, "six\\n");'),
            ['one', 'two %u', 'three', 'four', 'five', 'six'])
