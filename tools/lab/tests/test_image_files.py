# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
"""What EXTRA and ROOTFS bring into a guest's file system."""

import os
import shutil

from scripts import LAB, Temporary, run, write


class Image(Temporary):
    """The guest's files are in guest/, the lab's output is in out/."""

    def run_script(self, *words):
        return run(*words, env={**os.environ, 'MCTP_PCC_OUT': self.at('out')})

    def add(self, function, *words):
        """Calls a function of image-files.sh, which has to succeed in silence."""
        process = self.call(function, *words)
        self.assertEqual((process.returncode, process.stdout + process.stderr), (0, ''))

    def call(self, function, *words):
        """The finished process of a function of image-files.sh."""
        return self.run_script(
            'bash', '-c', f'. {LAB}/common/lib.sh; . {LAB}/boot/image-files.sh; '
            f'{function} "$@"', 'test', self.at('guest'), *words)

    def check_there(self, *names):
        """Each is a file in guest/, and has bytes."""
        for name in names:
            self.assertTrue(os.path.isfile(self.at('guest', name)), name)
            self.assertGreater(os.path.getsize(self.at('guest', name)), 0, name)

    def check_library(self, start):
        """A library whose name begins like that is in guest/."""
        self.assertTrue([name for _, _, names in os.walk(self.at('guest'))
                         for name in names if name.startswith(start)])


class Extra(Image):
    """make shell EXTRA=..., and the terminals."""

    def test_terminfo(self):
        """Wherever the release has it: Debian 13 and Ubuntu have no /lib/terminfo."""
        for name in ('ansi', 'linux', 'vt100', 'vt102', 'vt220', 'xterm',
                     'xterm-256color'):
            write(self.at('share', name[0], name), name)
        lib, share = self.at('lib'), self.at('share')
        self.add('add_terminfo', lib, share)
        self.check_there('lib/terminfo/l/linux', 'lib/terminfo/v/vt100',
                         'lib/terminfo/x/xterm-256color')
        write(self.at('lib/l/linux'), 'first')
        self.add('add_terminfo', lib, share)
        self.assertEqual(self.read('guest/lib/terminfo/l/linux'), 'first')
        os.unlink(self.at('share/v/vt102'))
        self.check_refused(self.call('add_terminfo', lib, share),
                           'no terminfo of vt102')

    def test_program(self):
        """A dynamic program comes with loader and libraries."""
        self.add('add_extra', '/usr/bin/env')
        self.check_there('usr/bin/env')
        self.check_library('libc.so')
        self.check_library('ld-linux')

    def test_script(self):
        """A script, or a static program, needs no libraries."""
        self.add('add_extra', write(self.at('a-script'), '#!/bin/sh\necho x\n', 0o755))
        self.add('add_extra', '/bin/busybox')
        self.check_there('usr/bin/a-script', 'usr/bin/busybox')

    def test_directory_and_data(self):
        """Go to /root; a program within has its libraries."""
        write(self.at('tree', 'sub', 'data'), 'x')
        shutil.copy('/usr/bin/env', self.at('tree', 'tool'))
        os.symlink('sub/data', self.at('tree', 'link'))
        self.add('add_extra', self.at('tree'))
        self.add('add_extra', write(self.at('notes'), 'y'))
        self.check_there('root/tree/sub/data', 'root/tree/link', 'root/notes')
        self.check_library('libc.so')

    def test_missing(self):
        self.check_refused(self.call('add_extra', self.at('nothing')))


class RootFs(Image):

    def setUp(self):
        super().setUp()
        for name in ('lab/conversation', 'lib/modules/7.3/modules.dep',
                     'bin/busybox'):
            write(self.at('small', name), name, 0o755)
        # a merged /usr, as Debian's is
        write(self.at('system', 'usr/bin/sh'), 'the shell', 0o755)
        os.makedirs(self.at('system', 'usr/lib'))
        for name in ('bin', 'lib'):
            os.symlink('usr/' + name, self.at('system', name))
        write(self.at('system', 'etc/own'), 'of the system')

    def rootfs(self, source):
        return self.run_script(os.path.join(LAB, 'boot', 'make-rootfs'), source,
                               self.at('small'), self.at('out', 'cpio'))

    def check(self, source):
        """The system, the modules, the lab's programs, and our init."""
        self.assertGreaterEqual(int(self.output(self.rootfs(source))), 512)
        os.makedirs(self.at('guest'))
        run('sh', '-c', 'cpio -idmu --quiet <../out/cpio', cwd=self.at('guest'))
        self.check_there('etc/own', 'usr/bin/sh', 'lab/conversation',
                         'usr/lib/modules/7.3/modules.dep', 'lab/busybox')
        self.assertTrue(os.path.islink(self.at('guest', 'lib')))
        self.assertTrue(self.read('guest/init').startswith('#!/lab/busybox sh\n'))

    def test_directory(self):
        """Nothing of it is changed."""
        self.check(self.at('system'))
        self.assertEqual(sorted(os.listdir(self.at('system'))),
                         ['bin', 'etc', 'lib', 'usr'])

    def test_tar(self):
        run('tar', '-C', self.at('system'), '-czf', self.at('system.tar.gz'), '.')
        self.check(self.at('system.tar.gz'))

    def test_image(self):
        run('/sbin/mke2fs', '-q', '-t', 'ext4', '-d', self.at('system'),
            self.at('image'), '8M')
        self.check(self.at('image'))

    def test_bad(self):
        os.makedirs(self.at('empty'))
        for source, want in ((self.at('nothing'), 'no such directory'),
                             (write(self.at('text'), 'x' * 2000), 'neither'),
                             (self.at('empty'), 'no /bin/sh')):
            self.check_refused(self.rootfs(source), want)
