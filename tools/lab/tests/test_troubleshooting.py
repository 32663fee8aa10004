# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
"""The troubleshooting page has each line of the driver, and no other."""

import os
import re
import unittest

TOP = os.path.join(os.path.dirname(__file__), '..', '..', '..')
DRIVER = os.path.join(TOP, 'drivers', 'net', 'mctp', 'mctp-pcc.c')
PAGE = os.path.join(TOP, 'doc', 'troubleshooting.md')
MANUAL = os.path.join(TOP, 'Documentation', 'networking', 'mctp-pcc.rst')

LOGS = re.compile(r'\b(?:netdev|dev|pr)_(?:emerg|alert|crit|err|warn|notice|'
                  r'info)(?:_\w+)?\(|\bprintk\w*\(')
TEXT = re.compile(r'\s*[^";]*"([^"]*)"')


def read(path):
    """A file's text."""
    with open(path, encoding='utf-8') as file:
        return file.read()


def driver_lines(source):
    """The text of each line that the driver can log."""
    return [TEXT.match(source, call.end()).group(1).removesuffix(r'\n')
            for call in LOGS.finditer(source)]


def driver_counters(source):
    """The counters of something wrong."""
    return set(re.findall(r'DEV_STATS_(?:INC|ADD)\([^,]*, (\w+)', source))


def page_lines(page):
    """The lines that the page's tables explain, in the first column."""
    rows = re.findall(r'^\| `([^`]*)` \|', page, re.M)
    tables = page.split('\n## ')
    mailbox = [t for t in tables if t.startswith('The link shows')]
    counters = page[page.index('No line, and yet'):]
    return [r for r in rows if f'| `{r}` |' not in mailbox[0] + counters]


class TroubleshootingTest(unittest.TestCase):
    """Driver and page."""

    def test_complete(self):
        """Both have the same lines."""
        source = driver_lines(read(DRIVER))
        self.assertGreater(len(source), 9)
        self.assertEqual(sorted(source), sorted(page_lines(read(PAGE))))

    def test_counters(self):
        """Page and manual explain each counter; rx_errors is their sum."""
        counters = driver_counters(read(DRIVER)) - {'rx_errors'}
        self.assertEqual(len(counters), 4)
        for counter in sorted(counters):
            self.assertIn(f'`{counter}`', read(PAGE))
            self.assertIn(f'\n``{counter}``\n', read(MANUAL))

    def test_finds(self):
        """No form of a log call is overlooked."""
        self.assertEqual(driver_lines(
            'netdev_warn(mp->ndev,\n\t"one\\n");\nif (x)\n'
            'dev_err_probe(dev, -EINVAL, "two %u\\n", n);\n'
            'netdev_err_once(x, "three\\n"); pr_info("four\\n");\n'
            'printk(KERN_ERR "five\\n"); dev_warn_ratelimited(d, "six\\n");'),
            ['one', 'two %u', 'three', 'four', 'five', 'six'])


if __name__ == '__main__':
    unittest.main()
