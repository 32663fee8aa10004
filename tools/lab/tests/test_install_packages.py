# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
"""The set-up names all that a machine lacks, and removes nothing of it."""

import os

from scripts import LAB, TOP, Scripts, read, run, write

# As apt-get install --no-remove, when it would have to.
CONFLICT = '''case "$*" in
*--no-remove*) printf '%s\\n' 'The following packages will be REMOVED:' '  busybox' \\
    '0 upgraded'; exit 100 ;;
*install*) echo "removed busybox" >>"$MCTP_PCC_CACHE.removed" ;;
esac
'''


class Setup(Scripts):

    def setUp(self):
        super().setUp()
        self.packages()
        self.command('id', 'echo 1000')
        self.command('qemu-system-x86_64', 'echo QEMU emulator version 7.2.22 "(x)"')
        self.command('df', 'echo head; echo /dev/x 9999999 1 8000 1% /')
        self.env['LAB_MEMINFO'] = write(self.at('meminfo'),
                                        'MemAvailable:    8000000 kB\n')
        self.env['LAB_OS_RELEASE'] = self.at('os-release')
        self.release('debian', '13')

    def release(self, name, version):
        """The system that this is."""
        write(self.at('os-release'), f'ID={name}\nVERSION_ID="{version}"\n'
              f'PRETTY_NAME="{name} {version}"\n')

    def packages(self, without=(), state='ii '):
        """What dpkg has: all that the lists name, but not these."""
        names = set()
        for name in ('base.list', 'x86_64.list'):
            names |= {line for line in read(LAB, 'host/packages', name).splitlines()
                      if line[0] != '#'}
        self.command('dpkg-query', "printf '%s\\n' " + ' '.join(
            f'"{state} {name}"' for name in sorted(names - set(without))))

    def lines(self, *lists, **env):
        """(exit status, lines on stderr)."""
        process = self.run_lab('install-packages', *lists, **env)
        return process.returncode, process.stderr.splitlines()

    def test_all_there(self):
        """Nothing to do, nothing said."""
        self.assertEqual(self.lines(), (0, []))

    def test_untried(self):
        """A release that nobody has tried is named at the first run only."""
        self.release('ubuntu', '24.04')
        self.assertEqual(self.lines(), (0, [
            'install-packages: ubuntu 24.04 was not tried; Debian 12 and 13 were']))
        self.assertEqual(self.lines(), (0, []))

    def test_lists(self):
        """Each list that a script asks for is there."""
        self.check_refused(self.run_lab('install-packages', 'none'),
                           'packages/none.list')
        asked = run('git', 'grep', '-hoP', 'install-packages"? \\K[a-z][a-z0-9-]*$',
                    '--', 'tools/lab/*/*', cwd=TOP).stdout.split()
        self.assertGreaterEqual(len(asked), 5)
        for name in asked:
            with self.subTest(name):
                self.assertTrue(os.path.isfile(f'{LAB}/host/packages/{name}.list'))

    def test_hold(self):
        """A package on hold is there."""
        self.packages(state='hi ')
        self.assertEqual(self.lines(), (0, []))
        self.packages(state='rc ')
        self.assertEqual(self.lines()[0], 2)

    def test_user(self):
        """Without root: one line, with what to type."""
        self.packages(without=('gcc', 'qemu-system-x86'))
        self.assertEqual(self.lines('../../tests/no-such-packages'), (2, [
            'install-packages: packages are missing, as root: apt-get install '
            '--no-install-recommends gcc mctp-pcc-no-such-package '
            'mctp-pcc-nor-this-one qemu-system-x86']))

    def test_all_at_once(self):
        """Packages, disk, memory and QEMU are named together."""
        self.packages(without=('gcc',))
        self.command('qemu-system-x86_64', 'echo QEMU emulator version 6.2.0')
        self.command('df', 'echo head; echo /dev/x 9999999 1 3999 1% /')
        write(self.at('meminfo'), 'MemAvailable:    1000000 kB\n')
        status, lines = self.lines()
        self.assertEqual((status, len(lines)), (2, 4), lines)
        for line, want in zip(lines, (
                'cache has room for 3999 MB, 4000 are needed: set MCTP_PCC_CACHE',
                '976 MB of memory are free, 1500 are needed',
                'qemu-system-x86_64 is version 6.2.0: 7.2 is needed',
                'apt-get install --no-install-recommends gcc')):
            self.assertIn(want, line)
        # the source is there: less is to come
        os.makedirs(self.at('cache/src'))
        self.assertEqual(len(self.lines()[1]), 3)

    def test_places(self):
        """Where nothing can be written, or not enough."""
        write(self.at('file'))
        for name in ('MCTP_PCC_CACHE', 'MCTP_PCC_OUT'):
            with self.subTest(name):
                self.check_refused(
                    self.run_lab('install-packages', **{name: self.at('file/x')}),
                    f'file/x cannot be written: set {name}')
        self.command('df', 'echo head; echo /dev/x 9999999 1 499 1% /')
        self.assertIn('out has room for 499 MB, 500 are needed: set MCTP_PCC_OUT',
                      '\n'.join(self.lines()[1]))

    def test_conflict(self):
        """Root's packages are not removed without a question."""
        self.packages(without=('busybox-static',))
        self.command('id', 'echo 0')
        self.command('apt-get', CONFLICT)
        status, lines = self.lines()
        self.assertEqual((status, lines[1:]), (2, [
            'install-packages: busybox would be removed for busybox-static: if that '
            'may be, apt-get install busybox-static']))
        self.assertFalse(os.path.exists(self.at('cache.removed')))


class RealSetup(Scripts):

    def test_real(self):
        """The words are those of the machine's own programs."""
        said = self.run_lab('install-packages').stderr
        self.assertNotRegex(said, 'needs a Debian|error|syntax|not found')
