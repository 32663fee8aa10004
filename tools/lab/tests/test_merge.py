# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
"""Our files in a kernel tree, on a tree and an overlay made by hand."""

import os

from scripts import LAB, Temporary, run, write

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


class Merge(Temporary):
    """Each test has a base, a tree copied from it, and an overlay."""

    def setUp(self):
        super().setUp()
        for top, files in (('base', BASE), ('tree', BASE), ('overlay', OVERLAY)):
            for path, text in files.items():
                write(self.at(top, path), text)

    def merge(self, expected=0):
        """Runs the tool; returns what it said."""
        process = run(os.path.join(LAB, 'kernel', 'merge-into-tree'),
                      '--overlay', self.at('overlay'),
                      '--base', self.at('base'), '--tree', self.at('tree'))
        self.assertEqual(process.returncode, expected, process.stderr)
        return process.stderr

    def check_order(self, path, *words):
        """The words stand in the file of the tree once each, and in this order."""
        text = self.read('tree', path)
        for word in words:
            self.assertEqual(text.count(word), 1, word)
        places = [text.index(word) for word in words]
        self.assertEqual(places, sorted(places))

    def test_backups(self):
        """What an editor has left is not ours to send."""
        for name in ('mctp-pcc.c~', '#mctp-pcc.c#', 'mctp-pcc.c.orig', '.x.swp'):
            write(self.at('overlay/drivers/net/mctp', name), 'old\n')
        self.merge()
        self.assertEqual(sorted(os.listdir(self.at('tree/drivers/net/mctp'))),
                         ['Kconfig', 'Makefile', 'mctp-pcc.c'])

    def test_places(self):
        """Each entry of ours is between its neighbours in a file of the kernel."""
        self.merge()
        for path, *words in (
                ('drivers/net/mctp/Kconfig', 'config MCTP_TRANSPORT_I3C\n',
                 '\n\nconfig MCTP_TRANSPORT_PCC\n\ttristate "PCC"\n\n',
                 'config MCTP_TRANSPORT_PCC_KUNIT_TEST\n\tbool "tests"\n\n',
                 'config MCTP_TRANSPORT_USBLIB\n', 'endmenu'),
                ('drivers/net/mctp/Makefile', 'mctp-i3c.o\n',
                 'obj-$(CONFIG_MCTP_TRANSPORT_PCC) += mctp-pcc.o\n', 'mctp-usb.o\n'),
                # one that is out of order does not lead astray
                ('MAINTAINERS', 'MAPLE TREE', '\n\nMCTP OVER PCC\n',
                 'M:\tP <p@example.org>\n\n', 'THE REST'),
                ('tools/testing/selftests/Makefile', 'net/hsr\n',
                 'TARGETS += net/mctp\n', 'net/mptcp\n'),
                ('Documentation/networking/index.rst', '   mctp\n', '   mctp-pcc\n',
                 '   mpls-sysctl\n')):
            with self.subTest(path):
                self.check_order(path, *words)
        self.assertNotIn('SPDX', self.read('tree/drivers/net/mctp/Kconfig'))

    def test_own_files(self):
        """Copied as they are; nothing from beside them."""
        self.merge()
        for path, text in (('drivers/net/mctp/mctp-pcc.c', 'int x;\n'),
                           ('Documentation/networking/mctp-pcc.rst', 'page\n'),
                           ('untouched', 'as it was\n')):
            self.assertEqual(self.read('tree', path), text)
        self.assertFalse(os.path.exists(self.at('tree/Documentation/notes.md')))

    def test_twice(self):
        """Nothing is written again when nothing changed."""
        self.merge()
        path = self.at('tree/drivers/net/mctp/Kconfig')
        before = os.stat(path)
        self.merge()
        after = os.stat(path)
        self.assertEqual((after.st_ino, after.st_mtime_ns),
                         (before.st_ino, before.st_mtime_ns))

    def test_hard_link(self):
        """The base keeps its content even when the tree shares its inodes."""
        path = 'drivers/net/mctp/Kconfig'
        os.remove(self.at('tree', path))
        os.link(self.at('base', path), self.at('tree', path))
        self.merge()
        self.assertEqual(self.read('base', path), BASE[path])

    def test_removed(self):
        """What the overlay no longer has leaves the tree."""
        self.merge()
        os.remove(self.at('overlay', 'drivers/net/mctp/mctp-pcc.c'))
        os.remove(self.at('overlay', 'MAINTAINERS'))
        self.merge()
        self.assertFalse(os.path.exists(self.at('tree/drivers/net/mctp/mctp-pcc.c')))
        self.assertEqual(self.read('tree/MAINTAINERS'), BASE['MAINTAINERS'])

    def test_kernel_file(self):
        """A file of the kernel's own, patched: in and out again, each time."""
        path = 'drivers/mailbox/pcc.c'
        write(self.at('base', path), 'int pristine;\n')
        for _ in range(2):
            write(self.at('overlay', path), 'int patched;\n')
            self.merge()
            self.assertEqual(self.read('tree', path), 'int patched;\n')
            os.remove(self.at('overlay', path))
            self.merge()
            self.assertEqual(self.read('tree', path), 'int pristine;\n')

    def test_there_already(self):
        """A tree with the entries: said, and not entered twice."""
        self.merge()
        for path in BASE:
            write(self.at('base', path), self.read('tree', path))
        said = self.merge()
        self.assertIn('already has "MCTP_TRANSPORT_PCC"', said)
        self.assertIn('already has "MCTP OVER PCC"', said)
        self.check_order('drivers/net/mctp/Kconfig', 'config MCTP_TRANSPORT_PCC\n')
        self.check_order('MAINTAINERS', 'MCTP OVER PCC')

    def test_unknown_line(self):
        """A line with no known place is refused."""
        write(self.at('overlay/drivers/net/mctp/Makefile'), 'subdir-y := x\n')
        self.assertIn('cannot place', self.merge(expected=2))

    def test_no_mctp(self):
        """A tree without MCTP is refused."""
        os.remove(self.at('base', 'drivers/net/mctp/Kconfig'))
        self.assertIn('has no drivers/net/mctp/Kconfig', self.merge(expected=2))
