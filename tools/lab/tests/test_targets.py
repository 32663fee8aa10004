# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
"""What targets say and do where something is not as they need it."""

import os
import subprocess

from scripts import LAB, Scripts, read, run, write

PLATFORM = 'echo "[    0.1] lab: exit 0" >>"$2/console.log"\n'


class Boot(Scripts):

    def boot(self, platform=PLATFORM):
        """The finished boot of a job."""
        return self.run_lab('boot-guest', '--kernel', 'lean', '--name', 'x', '--job',
                            self.boot_files(platform))

    def test_no_job(self):
        """Where everything is, is said."""
        self.boot_files(PLATFORM)
        process = self.run_lab('boot-guest', '--kernel', 'lean', '--name', 'shell')
        self.assertEqual(process.returncode, 0)
        self.assertIn(f'are in {os.path.realpath(self.top)}/out/run/shell',
                      process.stderr)

    def test_qemu_dies(self):
        """What the platform says of it is shown, and is a failure."""
        process = self.boot(
            PLATFORM.replace('exit 0', 'ok 1 one') +
            'echo "pcc-platform: QEMU was killed by signal 9" >&2\nexit 3\n')
        self.assertEqual(process.returncode, 1)
        self.assertIn('QEMU was killed by signal 9', process.stderr)
        self.assertIn('the job stopped or ran out of time\n', process.stderr)
        self.assertIn('fail\tx: pcc-platform\texit status 3\n',
                      self.read('out/run/x/results'))

    def test_cleans_up(self):
        """The guest's image and memory do not stay, however the boot ends."""
        process = self.boot(PLATFORM + 'touch "$2/pcc.mem"\n'
                            '[ -e "$2/initrd" ] || exit 9\nkill $PPID\nsleep 9')
        self.assertEqual(process.returncode, 143, process.stderr)
        self.assertEqual(sorted(os.listdir(self.at('out/run/x'))),
                         ['console.log', 'platform.out'])

    def test_judge_crashes(self):
        """It is said, and is a failure among the results."""
        self.stub('judge-console', 'echo Traceback >&2; exit 1')
        process = self.boot()
        self.assertEqual(process.returncode, 1)
        self.assertIn('x: the console could not be judged', process.stderr)
        self.assertIn('fail\tx: console\t', self.read('out/run/x/results'))


class Shell(Scripts):

    def test_refused(self):
        """Words that cannot be: one line, before anything is built."""
        self.stub('prepare', 'echo must not be called; exit 9')
        config = self.at('my.config')
        for text, want in (('CONFIG_X=y\nX=y\n', 'line 2 must be CONFIG_NAME=value'),
                           ('# nothing\n', 'no option in it'),
                           ('CONFIG_X\n', 'line 1 must be')):
            with self.subTest(text):
                write(config, text)
                self.check_refused(self.run_lab('shell', CONFIG=config), want)
        for want, env in (('none: no such file', {'CONFIG': self.at('none')}),
                          ('SMP=9: must be a number from 1 to 8', {'SMP': '9'}),
                          ('SMP=x: must be a number', {'SMP': 'x'}),
                          ('MEMORY=64: must be a number from 128', {'MEMORY': '64'}),
                          ('ENDPOINT=tty: must be builtin, pty', {'ENDPOINT': 'tty'}),
                          ('ENDPOINT=socket:: must be', {'ENDPOINT': 'socket:'}),
                          ('APPEND: must be one line', {'APPEND': 'a\nb'}),
                          ('TABLES=no.conf: no such file', {'TABLES': 'no.conf'}),
                          ('nor a directory with links.conf', {'TABLES': '/tmp'}),
                          ('ROOTFS: no such directory or file: /no',
                           {'ROOTFS': '/no'})):
            with self.subTest(env):
                self.check_refused(self.run_lab('shell', **env), want)
        for path in ('/no', '/dev/null'):
            self.check_refused(self.run_lab('shell', config, path),
                               f'EXTRA: no such program, directory or file: {path}')
        self.check_refused(self.shell_at_terminal(TABLES='none'),
                           'TABLES=none: must be good, a description or')

    def shell_at_terminal(self, **env):
        """The finished shell; the platform has one table, and keeps its arguments."""
        self.stub('install-packages')
        env['MCTP_PCC_OUT'] = self.at('out')
        good = self.at('out/pcc-platform/tables/good')
        self.stub('build-platform',
                  f'mkdir -p {good}; echo "$@" >{self.at("described")}')
        theirs, ours = os.openpty()
        process = subprocess.run([self.script('shell')], check=False, stdin=ours,
                                 text=True, capture_output=True,
                                 env={**self.env, **env})
        os.close(theirs)
        os.close(ours)
        return process

    def shell_words(self, **env):
        """The options of the boot."""
        self.stub('prepare', f'echo $1 ${{CONFIG:-}} >{self.at("kernel")}; echo image')
        self.stub('boot-guest', f'printf "%s\\n" "$@" >{self.at("words")}')
        process = self.shell_at_terminal(**env)
        self.assertEqual(process.returncode, 0, process.stderr)
        words = self.read('words').split('\n')
        return dict(zip(words[::2], words[1::2]))

    def test_options(self):
        """What the platform can do can be had."""
        words = self.shell_words()
        self.assertEqual([words[x] for x in ('--tables', '--smp', '--memory',
                                             '--platform', '--timeout')],
                         ['good', '1', '256', '', '0'])
        self.assertEqual(self.read('kernel'), 'lean\n')
        conf = write(self.at('my.conf'), 'link\n')
        config = write(self.at('my.config'), 'CONFIG_X=y\n# CONFIG_Y is not set\n')
        words = self.shell_words(TABLES=conf, SMP='2', MEMORY='512', APPEND='quiet',
                                 CONFIG=config, ENDPOINT='pty',
                                 PLATFORM='--responder socket:x')
        self.assertEqual([words[x] for x in ('--tables', '--smp', '--memory',
                                             '--append', '--platform', '--kernel')],
                         ['custom', '2', '512', 'quiet',
                          '--endpoint pty --responder socket:x', 'own'])
        self.assertEqual(self.read('kernel'), f'own {os.path.realpath(config)}\n')
        self.assertEqual(self.read('described'), f'{os.path.realpath(conf)}\n')
        os.makedirs(self.at('mine'))
        write(self.at('mine/links.conf'), 'none\n')
        words = self.shell_words(TABLES=self.at('mine'))
        self.assertEqual((words['--tables'],
                          self.read('out/pcc-platform/tables/custom/links.conf')),
                         ('custom', 'none\n'))


class Check(Scripts):

    def test_no_clone(self):
        """Without git's list nothing would be checked: one line."""
        self.stub('check', '. "$(dirname "$0")/check-functions.sh"; echo went on')
        self.check_refused(self.run_lab('check'), 'not a git repository')
        run('git', 'init', '-q', self.top)
        self.check_refused(self.run_lab('check'), 'knows no files')
        run('git', '-C', self.top, 'add', self.env['READ'])
        self.assertEqual(self.run_lab('check').stdout, 'went on\n')


class Selftest(Scripts):

    def test_quotes(self):
        """A value of PCC_* comes through, whatever is in it."""
        value = "it's $HOME \"x\""
        text = (read(LAB, 'suites/selftest').split('# make_job')[0]
                .partition('# job_step')[2])
        job = self.output(self.shell(f'#{text}\njob_step env A=1', PCC_TEXT=value))
        self.assertIn(f'PCC_TEXT={value}\n', run('sh', '-c', job).stdout)

    def test_size(self):
        """A lean kernel that has grown is a failure."""
        image = self.at('out/image/lean-pristine-debian')
        write(f'{image}/kselftest-list.txt', 'net/mctp:pcc_link\n')
        self.stub('prepare', f'echo {image}')
        self.stub('boot-guest', 'mkdir -p "$MCTP_PCC_OUT/run/$4"\n'
                  "printf 'pass\\tlean: link\\t\\n' >\"$MCTP_PCC_OUT/run/$4/results\"")
        for objects, status, word in (('900', 0, 'pass'), ('1400', 1, 'fail')):
            write(f'{image}/objects', objects + '\n')
            process = self.run_lab('selftest', '-o', 'pcc_link', 'lean')
            self.assertEqual(process.returncode, status, process.stderr)
            self.assertRegex(self.read('out/results/selftest'),
                             f'(?m)^{word}\tselftest: size of the lean kernel\t')
        self.assertIn('1400 objects, at most', self.read('out/results/selftest'))


class GuestOnly(Scripts):

    def test_ways(self):
        """Each has a list of its own, and the kernel that it needs."""
        self.stub('selftest', f'echo "$CORE $*" >>{self.at("calls")}\n'
                  'mkdir -p out/results\n'
                  f'echo "pass\tx\t" >{self.at("out/results/guest-only.all")}')
        for word in ('initrd', 'smp'):
            self.check_refused(self.run_lab('guest-only', word),
                               f'{word} needs CORE=patched')
            self.run_lab('guest-only', word, CORE='patched')
        self.run_lab('guest-only')
        self.assertEqual(self.read('calls').splitlines(), [
            'patched -l guest-only-initrd -r guest-only.all lean',
            'patched -l guest-only-smp -r guest-only.all lean',
            'pristine -l guest-only -r guest-only.all lean'])


class Kunit(Scripts):

    def test_no_kvm(self):
        """QEMU is not asked for KVM, whoever runs it and however it is called."""
        tree = self.at('tree')
        write(os.path.join(tree, 'tools/testing/kunit/kunit.py'),
              '#!/bin/sh\nqemu-system-x86_64 -m 64 -accel kvm -accel tcg -append '
              '"a b"\n', 0o755)
        self.command('qemu-system-x86_64', f'printf "<%s>" "$@" >{self.at("words")}')
        for name in ('install-packages', 'configure'):
            self.stub(name)
        self.stub('make-tree', f'echo {tree}')
        write(self.at('cache/build/debian-kunit/vmlinux'))
        self.run_lab('kunit')
        self.assertEqual(self.read('words'), '<-m><64><-accel><tcg><-append><a b>')


class Kernel(Scripts):

    def build(self):
        """What is said of a build of 4 objects."""
        tree = self.at('tree')
        write(os.path.join(tree, 'Makefile'),
              'bzImage modules headers:\n\t@if [ $@ = bzImage ]; then '
              'for i in 1 2 3 4; do echo "  CC      $$i.o"; sleep 1; done; '
              'touch $(O)/vmlinux; fi\n')
        self.stub('make-tree', f'echo {tree}')
        self.stub('configure')
        text = read(LAB, 'kernel/build-kernel').replace('STEP=15', 'STEP=2')
        write(self.at('tools/lab/kernel/build-kernel'), text, 0o755)
        process = self.run_lab('build-kernel', 'lean')
        self.assertEqual(process.returncode, 0, process.stderr)
        return process.stderr

    def test_progress(self):
        """How many of how many, and how long: first a guess, then the last build's."""
        said = self.build()
        self.assertRegex(said, r'kernel lean: [1-4] objects of about 1744, '
                         r'about \d+ s left, \d+ s\n')
        os.unlink(self.at('cache/build/debian-lean/vmlinux'))
        self.assertRegex(self.build(), r'[1-4] objects of about 4, about \d+ s left')
        # a build that is there already has no total
        self.assertNotIn('about', self.build())


class Doctor(Scripts):

    def test_secrets(self):
        """Nothing that is only this machine's, and not too long."""
        for n in range(30):
            write(self.at('out/results', f'part{n}'),
                  f'pass\tx\t\nfail\tname{n}\t/home/alice/x http://u:pw@corp/ myhost\n')
            build = self.at('home/alice/cache/build', f'debian-{n}')
            write(os.path.join(build, '.config'), 'CONFIG_CC_VERSION_TEXT="gcc 1"\n')
        home = self.at('home/alice')
        said = self.output(self.run_lab(
            'doctor', HOME=home, HOSTNAME='myhost', MCTP_PCC_CACHE=home + '/cache',
            MCTP_PCC_MIRROR='http://bob:secret@mirror.corp/debian'))
        self.assertLessEqual(said.count('\n'), 40)
        for word in ('alice/cache', 'secret', 'u:pw', 'corp'):
            self.assertNotIn(word, said)
        for pattern in (r'(?m)^system +\S', r'(?m)^gcc +\S', r'(?m)^mirror +there is',
                        r'(?m)^cache +~/cache', r'(?m)^built +debian-\d',
                        r'1 passed, 1 failed', r'fail\tname\d'):
            self.assertRegex(said, pattern)
