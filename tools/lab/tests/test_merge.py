# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
"""The splice, on a hand-made kernel tree and overlay."""

import os
import subprocess
import tempfile
import unittest

SPLICE = os.path.join(os.path.dirname(__file__), '..', 'kernel', 'merge-into-tree')

BASE = {
    'drivers/net/mctp/Kconfig':
        'if MCTP\n\nmenu "MCTP"\n\n'
        'config MCTP_SERIAL\n\ttristate "serial"\n\n'
        'config MCTP_TRANSPORT_I3C\n\ttristate "I3C"\n\n'
        'config MCTP_TRANSPORT_USBLIB\n\ttristate\n\n'
        'config MCTP_TRANSPORT_USB\n\ttristate "USB"\n\nendmenu\n\nendif\n',
    'drivers/net/mctp/Makefile':
        'obj-$(CONFIG_MCTP_TRANSPORT_I3C) += mctp-i3c.o\n'
        'obj-$(CONFIG_MCTP_TRANSPORT_USB) += mctp-usb.o\n',
    'MAINTAINERS':
        'List of maintainers\n\nALPHA\nM:\tA <a@example.org>\n\n'
        'OUT OF ORDER\nM:\tO <o@example.org>\n\n'
        'MAPLE TREE\nM:\tM <m@example.org>\n\n'
        'THE REST\nM:\tT <t@example.org>\n',
    'tools/testing/selftests/Makefile':
        'TARGETS += net\nTARGETS += net/hsr\nTARGETS += net/mptcp\n'
        'TARGETS += zram\n',
    'Documentation/networking/index.rst':
        'Networking\n\n.. toctree::\n   :maxdepth: 2\n\n   af_xdp\n   can\n'
        '   alias\n   mctp\n   mpls-sysctl\n   xdp-rx-metadata\n',
    'untouched': 'as it was\n',
}

OVERLAY = {
    'drivers/net/mctp/Kconfig':
        '# SPDX\nconfig MCTP_TRANSPORT_PCC\n\ttristate "PCC"\n\n'
        'config MCTP_TRANSPORT_PCC_KUNIT_TEST\n\tbool "tests"\n',
    'drivers/net/mctp/Makefile':
        '# SPDX\nobj-$(CONFIG_MCTP_TRANSPORT_PCC) += mctp-pcc.o\n',
    'MAINTAINERS':
        'MCTP OVER PCC\nM:\tP <p@example.org>\n',
    'drivers/net/mctp/mctp-pcc.c': 'int x;\n',
    'tools/testing/selftests/net/mctp/Makefile': 'TEST_GEN_PROGS := t\n',
    'Documentation/networking/mctp-pcc.rst': 'page\n',
    'Documentation/notes.md': 'ours alone\n',
}


def write(top, files):
    """Makes a tree of files."""
    for path, text in files.items():
        full = os.path.join(top, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, 'w', encoding='utf-8') as file:
            file.write(text)


class SpliceTest(unittest.TestCase):
    """Each test has a base, a tree copied from it, and an overlay."""

    def setUp(self):
        # pylint: disable=consider-using-with
        self.top = tempfile.TemporaryDirectory()
        self.addCleanup(self.top.cleanup)
        for name in ('base', 'tree'):
            write(self.path(name), BASE)
        write(self.path('overlay'), OVERLAY)

    def path(self, *parts):
        """A path below this test's directory."""
        return os.path.join(self.top.name, *parts)

    def read(self, path):
        """A file of the tree."""
        with open(self.path('tree', path), encoding='utf-8') as file:
            return file.read()

    def splice(self, expected=0):
        """Runs the tool; returns what it said."""
        run = subprocess.run(
            [SPLICE, '--overlay', self.path('overlay'),
             '--base', self.path('base'), '--tree', self.path('tree')],
            stderr=subprocess.PIPE, check=False, text=True)
        self.assertEqual(run.returncode, expected, run.stderr)
        return run.stderr

    def order(self, path, *words):
        """The words stand in the file once each, and in this order."""
        text = self.read(path)
        for word in words:
            self.assertEqual(text.count(word), 1, word)
        places = [text.index(word) for word in words]
        self.assertEqual(places, sorted(places))

    def test_backups(self):
        """What an editor has left is not ours to send."""
        for name in ('mctp-pcc.c~', '#mctp-pcc.c#', 'mctp-pcc.c.orig', '.x.swp'):
            write(self.path('overlay'), {f'drivers/net/mctp/{name}': 'old\n'})
        self.splice()
        self.assertEqual(sorted(os.listdir(self.path('tree/drivers/net/mctp'))),
                         ['Kconfig', 'Makefile', 'mctp-pcc.c'])

    def test_kconfig(self):
        """Between its siblings, inside the menu, as blocks."""
        self.splice()
        self.order('drivers/net/mctp/Kconfig', 'config MCTP_TRANSPORT_I3C\n',
                   '\n\nconfig MCTP_TRANSPORT_PCC\n\ttristate "PCC"\n\n',
                   'config MCTP_TRANSPORT_PCC_KUNIT_TEST\n\tbool "tests"\n\n',
                   'config MCTP_TRANSPORT_USBLIB\n', 'endmenu')
        self.assertNotIn('SPDX', self.read('drivers/net/mctp/Kconfig'))

    def test_makefile(self):
        """One line, in order."""
        self.splice()
        self.order('drivers/net/mctp/Makefile', 'mctp-i3c.o\n',
                   'obj-$(CONFIG_MCTP_TRANSPORT_PCC) += mctp-pcc.o\n',
                   'mctp-usb.o\n')

    def test_maintainers(self):
        """One that is out of order does not lead astray."""
        self.splice()
        self.order('MAINTAINERS', 'MAPLE TREE', '\n\nMCTP OVER PCC\n',
                   'M:\tP <p@example.org>\n\n', 'THE REST')

    def test_selftests(self):
        """The list of directories."""
        self.splice()
        self.order('tools/testing/selftests/Makefile', 'net/hsr\n',
                   'TARGETS += net/mctp\n', 'net/mptcp\n')

    def test_documentation(self):
        """The page and its line in the index; nothing from beside it."""
        self.splice()
        self.order('Documentation/networking/index.rst', '   mctp\n',
                   '   mctp-pcc\n', '   mpls-sysctl\n')
        self.assertEqual(self.read('Documentation/networking/mctp-pcc.rst'),
                         'page\n')
        self.assertFalse(os.path.exists(
            self.path('tree', 'Documentation/notes.md')))

    def test_own_files(self):
        """Copied as they are."""
        self.splice()
        self.assertEqual(self.read('drivers/net/mctp/mctp-pcc.c'), 'int x;\n')
        self.assertEqual(self.read('untouched'), 'as it was\n')

    def test_twice(self):
        """Nothing is written again when nothing changed."""
        self.splice()
        path = self.path('tree', 'drivers/net/mctp/Kconfig')
        before = os.stat(path)
        self.splice()
        after = os.stat(path)
        self.assertEqual((after.st_ino, after.st_mtime_ns),
                         (before.st_ino, before.st_mtime_ns))

    def test_hard_link(self):
        """The base keeps its content even when the tree shares its inodes."""
        path = 'drivers/net/mctp/Kconfig'
        os.remove(self.path('tree', path))
        os.link(self.path('base', path), self.path('tree', path))
        self.splice()
        with open(self.path('base', path), encoding='utf-8') as file:
            self.assertEqual(file.read(), BASE[path])

    def test_removed(self):
        """What the overlay no longer has leaves the tree."""
        self.splice()
        os.remove(self.path('overlay', 'drivers/net/mctp/mctp-pcc.c'))
        os.remove(self.path('overlay', 'MAINTAINERS'))
        self.splice()
        self.assertFalse(os.path.exists(
            self.path('tree', 'drivers/net/mctp/mctp-pcc.c')))
        self.assertEqual(self.read('MAINTAINERS'), BASE['MAINTAINERS'])

    def test_kernel_file(self):
        """A file of the kernel's own, patched: in and out again, each time."""
        path = 'drivers/mailbox/pcc.c'
        write(self.path('base'), {path: 'int pristine;\n'})
        for _ in range(2):
            write(self.path('overlay'), {path: 'int patched;\n'})
            self.splice()
            self.assertEqual(self.read(path), 'int patched;\n')
            os.remove(self.path('overlay', path))
            self.splice()
            self.assertEqual(self.read(path), 'int pristine;\n')

    def test_there_already(self):
        """A tree with the entries: said, and not entered twice."""
        self.splice()
        for path in BASE:
            write(self.path('base'), {path: self.read(path)})
        said = self.splice()
        self.assertIn('already has MCTP_TRANSPORT_PCC', said)
        self.assertIn('already has "MCTP OVER PCC"', said)
        self.order('drivers/net/mctp/Kconfig', 'config MCTP_TRANSPORT_PCC\n')
        self.order('MAINTAINERS', 'MCTP OVER PCC')

    def test_unknown_line(self):
        """A line with no known place is refused."""
        write(self.path('overlay'),
              {'drivers/net/mctp/Makefile': 'subdir-y := x\n'})
        self.assertIn('cannot place', self.splice(expected=2))

    def test_no_mctp(self):
        """A tree without MCTP is refused."""
        os.remove(self.path('base', 'drivers/net/mctp/Kconfig'))
        self.assertIn('has no drivers/net/mctp/Kconfig',
                      self.splice(expected=2))


if __name__ == '__main__':
    unittest.main()
