# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
"""What EXTRA and ROOTFS bring into a guest's file system."""

import os
import shutil
import subprocess
import tempfile
import unittest

LAB = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..')


def write(path, text='', mode=0o644):
    """A file, with its directories."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, 'w', encoding='utf-8') as file:
        file.write(text)
    os.chmod(path, mode)
    return path


class Stage(unittest.TestCase):
    """A directory for each test; the lab's output goes there too."""

    def setUp(self):
        # pylint: disable=consider-using-with
        top = tempfile.TemporaryDirectory()
        self.addCleanup(top.cleanup)
        self.top = top.name
        self.env = dict(os.environ, MCTP_PCC_OUT=self.at('out'))

    def at(self, *names):
        """A path below the test's directory."""
        return os.path.join(self.top, *names)

    def run_script(self, *args):
        """(exit status, stdout, stderr)."""
        run = subprocess.run(args, check=False, text=True, env=self.env,
                             capture_output=True)
        return run.returncode, run.stdout, run.stderr

    def there(self, *names):
        """True if a file of the stage has bytes."""
        path = self.at('stage', *names)
        return os.path.isfile(path) and os.path.getsize(path) > 0


class Extra(Stage):
    """make shell EXTRA=..."""

    def extra(self, path):
        """The same for add_extra of image-files.sh."""
        return self.run_script(
            'bash', '-c', f'. {LAB}/common/lib.sh; . {LAB}/boot/image-files.sh; '
            'add_extra "$1" "$2"', 'test', self.at('stage'), path)

    def terminfo(self, *names):
        """(exit status, stdout, stderr) with these directories of a release."""
        return self.run_script(
            'bash', '-c', f'. {LAB}/common/lib.sh; . {LAB}/boot/image-files.sh; '
            'add_terminfo "$@"',
            'test', self.at('stage'), *(self.at(name) for name in names))

    def test_terminfo(self):
        """Wherever the release has it: Debian 13 and Ubuntu have no /lib/terminfo."""
        for name in ('ansi', 'linux', 'vt100', 'vt102', 'vt220', 'xterm',
                     'xterm-256color'):
            write(self.at('share', name[0], name), name)
        self.assertEqual(self.terminfo('lib', 'share'), (0, '', ''))
        for name in ('l/linux', 'v/vt100', 'x/xterm-256color'):
            self.assertTrue(self.there('lib/terminfo', name))
        write(self.at('lib/l/linux'), 'first')
        self.assertEqual(self.terminfo('lib', 'share')[0], 0)
        with open(self.at('stage/lib/terminfo/l/linux'), encoding='utf-8') as file:
            self.assertEqual(file.read(), 'first')
        os.unlink(self.at('share/v/vt102'))
        status, _, stderr = self.terminfo('lib', 'share')
        self.assertEqual((status, stderr.count('\n')), (2, 1), stderr)
        self.assertIn('no terminfo of vt102', stderr)

    def test_program(self):
        """A dynamic program comes with loader and libraries."""
        self.assertEqual(self.extra('/usr/bin/env')[0], 0)
        self.assertTrue(self.there('usr/bin/env'))
        libraries = [f for _, _, fs in os.walk(self.at('stage')) for f in fs]
        self.assertTrue([f for f in libraries if f.startswith('libc.so')])
        self.assertTrue([f for f in libraries if f.startswith('ld-linux')])

    def test_script(self):
        """A script, or a static program, needs no libraries."""
        script = write(self.at('a-script'), '#!/bin/sh\necho x\n', 0o755)
        self.assertEqual(self.extra(script)[0], 0)
        self.assertTrue(self.there('usr/bin/a-script'))
        self.assertEqual(self.extra('/bin/busybox')[0], 0)
        self.assertTrue(self.there('usr/bin/busybox'))

    def test_directory_and_data(self):
        """Go to /root; a program within has its libraries."""
        write(self.at('tree', 'sub', 'data'), 'x')
        shutil.copy('/usr/bin/env', self.at('tree', 'tool'))
        os.symlink('sub/data', self.at('tree', 'link'))
        self.assertEqual(self.extra(self.at('tree'))[0], 0)
        self.assertEqual(self.extra(write(self.at('notes'), 'y'))[0], 0)
        for name in ('root/tree/sub/data', 'root/tree/link', 'root/notes'):
            self.assertTrue(self.there(name), name)
        self.assertTrue([f for _, _, fs in os.walk(self.at('stage'))
                         for f in fs if f.startswith('libc.so')])

    def test_missing(self):
        """One line."""
        rc, _, err = self.extra(self.at('nothing'))
        self.assertEqual((rc, err.count('\n')), (2, 1), err)


class RootFs(Stage):
    """make shell ROOTFS=..."""

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
        """(exit status, stdout, stderr), and the archive unpacked."""
        result = self.run_script(os.path.join(LAB, 'boot', 'make-rootfs'), source,
                                 self.at('small'), self.at('out', 'cpio'))
        if result[0] == 0:
            os.makedirs(self.at('stage'), exist_ok=True)
            with open(self.at('out', 'cpio'), 'rb') as file:
                subprocess.run(['cpio', '-idmu', '--quiet'], stdin=file,
                               cwd=self.at('stage'), check=True)
        return result

    def check(self, source):
        """The system, the modules, the lab's programs, and our init."""
        rc, out, err = self.rootfs(source)
        self.assertEqual(rc, 0, err)
        self.assertGreaterEqual(int(out), 512)
        for name in ('etc/own', 'usr/bin/sh', 'lab/conversation',
                     'usr/lib/modules/7.3/modules.dep', 'lab/busybox'):
            self.assertTrue(self.there(name), name)
        self.assertTrue(os.path.islink(self.at('stage', 'lib')))
        with open(self.at('stage', 'init'), encoding='utf-8') as file:
            self.assertEqual(file.readline(), '#!/lab/busybox sh\n')

    def test_directory(self):
        """Nothing of it is changed."""
        self.check(self.at('system'))
        self.assertEqual(sorted(os.listdir(self.at('system'))),
                         ['bin', 'etc', 'lib', 'usr'])

    def test_tar(self):
        """An archive, compressed or not."""
        subprocess.run(['tar', '-C', self.at('system'), '-czf',
                        self.at('system.tar.gz'), '.'], check=True)
        self.check(self.at('system.tar.gz'))

    def test_image(self):
        """An ext4 image."""
        subprocess.run(['/sbin/mke2fs', '-q', '-t', 'ext4', '-d',
                        self.at('system'), self.at('image'), '8M'], check=True,
                       stdout=subprocess.DEVNULL)
        self.check(self.at('image'))

    def test_bad(self):
        """One line each."""
        os.makedirs(self.at('empty'))
        for source, want in ((self.at('nothing'), 'no such directory'),
                             (write(self.at('text'), 'x' * 2000), 'neither'),
                             (self.at('empty'), 'no /bin/sh')):
            rc, _, err = self.rootfs(source)
            self.assertEqual((rc, err.count('\n')), (2, 1), err)
            self.assertIn(want, err)


if __name__ == '__main__':
    unittest.main()
