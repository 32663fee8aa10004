# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
"""The user's environment stays out of what the lab builds."""

import os

from scripts import TOP, Scripts, read, run, write

# What a kernel developer's shell or the make outside may have set.
FOREIGN = dict.fromkeys('''
    ARCH SUBARCH CROSS_COMPILE LLVM LLVM_IAS CC HOSTCC LD AR CFLAGS LDFLAGS KCFLAGS
    KAFLAGS HOSTCFLAGS CHECK KBUILD_OUTPUT KBUILD_VERBOSE KBUILD_EXTMOD
    KCONFIG_CONFIG KCONFIG_ALLCONFIG INSTALL_MOD_PATH LOCALVERSION O V W C M MO CF
    TARGETS MAKEFLAGS MFLAGS GNUMAKEFLAGS MAKEOVERRIDES MAKEFILES CDPATH PYTHONPATH
    CPATH LIBRARY_PATH
'''.split(), 'foreign')


class Environment(Scripts):
    """lib.sh drops it, and the front door takes its words only."""

    def test_dropped(self):
        """Nothing of the list reaches what a script starts."""
        process = self.shell('env', **FOREIGN, LAB_ARCH='x86_64')
        left = [line for line in process.stdout.splitlines() if '=foreign' in line]
        self.assertEqual((process.returncode, left), (0, []), process.stderr)

    def test_language(self):
        """What is looked for in other programs' messages is English."""
        self.assertIn('LC_ALL=C.UTF-8\n', self.shell(
            'env', LC_ALL='de_DE.UTF-8', LANGUAGE='de').stdout)

    def make(self, *words, **env):
        """The output of a target of our Makefile."""
        process = run('make', '--no-print-directory', '-f',
                      os.path.join(TOP, 'Makefile'), *words, cwd=self.top,
                      env={**self.env, **env})
        return process.stdout + process.stderr

    def test_front_door(self):
        """What is typed counts, what the environment has is named and left out."""
        self.stub('run', '. "$READ"; echo "<$LAB_ARCH $CORE>"')
        self.assertIn('<arm64 patched>\n', self.make(
            'run', 'ARCH=arm64', 'CORE=patched'))
        text = self.make('run', ARCH='arm64', CORE='patched')
        self.assertIn('<x86_64 pristine>\n', text)
        self.assertIn('ARCH=arm64 of the environment', text)
        # a target's own make is told by its environment
        self.assertIn('<arm64 patched>\n', self.make(
            'run', CORE='patched', LAB_ARCH='arm64', LAB_OWNED='1'))
        self.stub('shell', 'echo "<$ROOTFS $*>"')
        self.assertIn('< >', self.make('shell', EXTRA='a', ROOTFS='b'))
        self.assertIn('<b a>', self.make('shell', 'EXTRA=a', 'ROOTFS=b'))

    def test_places(self):
        """Relative directories are made whole, bad ones are named."""
        self.stub('inner', '. "$READ"; echo "$CACHE $OUT"')
        process = self.shell('echo "$CACHE $OUT"; cd /; "$LAB/boot/inner"',
                             MCTP_PCC_CACHE='c', MCTP_PCC_OUT='../o')
        top = os.path.realpath(self.top)
        self.assertEqual(process.stdout, f'{top}/c {os.path.dirname(top)}/o\n' * 2)
        for name in ('MCTP_PCC_CACHE', 'MCTP_PCC_OUT'):
            for path in ('/tmp/a b', '/tmp/a,b', '/tmp/a:b', '/tmp/a%b'):
                self.check_refused(self.shell('echo went on', **{name: path}),
                                   f'{name} is {path}: ')

    def test_clean(self):
        """`make clean` removes what MCTP_PCC_OUT names, if it is the lab's."""
        write(self.at('out/log/a'))
        write(self.at('o/log/a'))
        write(self.at('home/mine'))
        self.make('clean', 'MCTP_PCC_OUT=o')
        self.assertEqual((os.path.exists(self.at('o')), os.path.exists(self.at('out'))),
                         (False, True))
        self.assertIn('home has no log/', self.make('clean', 'MCTP_PCC_OUT=home'))
        self.assertTrue(os.path.exists(self.at('home/mine')))
        self.make('clean')
        self.assertFalse(os.path.exists(self.at('out')))

    def kernel_tree(self, name):
        """A stand-in for a kernel tree; merge_config.sh configures by make."""
        write(self.at(name, 'Makefile'), 'mrproper:\n\trm -f '
              '$(or $(KBUILD_OUTPUT),.)/.config\n'
              'config:\n\techo "CONFIG_ARCH=\\"$(ARCH) $(LLVM)\\"" >$(OUT)/.config\n')
        write(self.at(name, 'drivers/net/mctp/Kconfig'))
        write(self.at(name, 'scripts/kconfig/merge_config.sh'),
              '#!/bin/sh\nmake config OUT="$3"\n', 0o755)
        return self.at(name)

    def test_configure(self):
        """What the make outside was told does not reach the kernel's makes."""
        tree = self.kernel_tree('linux')
        self.stub('run', f'{self.script("configure")} {tree} {self.at("build")} none')
        write(self.at('none.config'))
        os.unlink(self.at('tools/lab/kernel/config'))
        write(self.at('tools/lab/kernel/config/none.config'))
        write(self.at('tools/lab/kernel/config/arch/arm64.config'))
        self.make('run', 'ARCH=arm64-uefi', 'LLVM=1', 'O=elsewhere')
        self.assertEqual(self.read('build/.config'), 'CONFIG_ARCH="arm64 "\n')

    def make_tree(self, **env):
        """The directory of the tree that was made."""
        return self.output(self.run_lab('make-tree', **env)).strip()

    def test_users_config(self):
        """A KDIR that was built in, or whose output is elsewhere, keeps .config."""
        tree = self.kernel_tree('linux')
        self.stub('merge-into-tree')
        self.stub('fetch-source', f'echo {tree}')
        write(os.path.join(tree, '.config'), 'in the tree\n')
        write(self.at('output', '.config'), 'in the output\n')
        copy = self.make_tree(KDIR=tree, KBUILD_OUTPUT=self.at('output'))
        self.assertTrue(os.path.isfile(copy + '/Makefile'))
        self.assertFalse(os.path.exists(copy + '/.config'))
        self.assertEqual(self.read('linux/.config'), 'in the tree\n')
        self.assertEqual(self.read('output/.config'), 'in the output\n')

    def test_users_tree(self):
        """A worktree with changes in it, in a path with blanks, is copied as it is."""
        main, work = self.kernel_tree('main'), self.at('my kernel')
        write(os.path.join(main, 'file'), 'committed\n')
        git = ('git', '-C', main, '-c', 'user.name=a', '-c', 'user.email=a@b',
               '-c', 'core.hooksPath=/dev/null')
        for words in (('init', '-q'), ('add', '-A'), ('commit', '-qm', 'x'),
                      ('worktree', 'add', '-q', '--detach', work)):
            self.output(run(*git, *words))
        write(os.path.join(work, 'file'), 'changed\n')
        write(os.path.join(work, 'new.c'), 'new\n')
        self.stub('merge-into-tree')
        copy = self.make_tree(KDIR='my kernel')
        self.assertEqual(read(copy, 'file'), 'changed\n')
        self.assertTrue(os.path.exists(copy + '/new.c'))
        self.assertFalse(os.path.exists(copy + '/.git'))
        self.assertEqual(self.make_tree(KDIR=work), copy)
        self.check_refused(self.run_lab('make-tree', KDIR='nowhere'))

    def test_compiler(self):
        """Another compiler is another configuration."""
        tree = self.kernel_tree('linux')
        os.unlink(self.at('tools/lab/kernel/config'))
        for name in ('none', 'arch/x86_64'):
            write(self.at('tools/lab/kernel/config', f'{name}.config'))
        write(os.path.join(tree, 'scripts/kconfig/merge_config.sh'),
              f'#!/bin/sh\ntouch "$3/.config"\necho once >>{self.at("count")}\n',
              0o755)
        for version, count in (('gcc 12', 1), ('gcc 12', 1), ('gcc 14', 2)):
            self.command('gcc', f'echo {version}')
            self.output(self.run_lab('configure', tree, self.at('build'), 'none'))
            self.assertEqual(self.read('count').count('once'), count)
