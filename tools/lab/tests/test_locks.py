# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
"""Two runs at once neither disturb each other nor wait without a word."""

import glob
import os
import re
import subprocess
import time

from scripts import LAB, Scripts, read, write

# As apt-get -d: leaves a package in the directory that it is told.
APT_GET = '''case "$*" in *install*) ;; *) exit 0 ;; esac
for word; do
    case $word in Dir::Cache::archives=*) dir=${word#*=} ;; esac
done
dir=${dir:-${APT_CONFIG%/*}/archives}
sleep 0.3
echo "${!#}" >"$dir/${!#}.deb"
sleep 0.3
[ -f "$dir/${!#}.deb" ]
'''
PLATFORM = '''echo begin >>"$2/../../order"
[ ! -e "$2/mine" ] || echo not alone >>"$2/../../order"
touch "$2/mine"
sleep 0.5
[ -e "$2/mine" ] || echo removed >>"$2/../../order"
echo end >>"$2/../../order"
echo "[    0.1] lab: ok 1 one" >"$2/console.log"
echo "[    0.1] lab: tainted 0" >>"$2/console.log"
echo "[    0.1] lab: exit 0" >>"$2/console.log"
'''


class Locks(Scripts):

    def together(self, *commands, **env):
        """The finished processes of scripts that run at the same time."""
        running = [subprocess.Popen(
            [self.script(words[0]), *words[1:]], env={**self.env, **env},
            text=True, cwd=self.top, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE) for words in commands]
        out = [process.communicate(timeout=60) for process in running]
        return [(process.returncode, *text)
                for process, text in zip(running, out)]

    def test_who(self):
        """Who waits says for whom, and goes on when that one has ended."""
        self.stub('run', '. "$READ"; lock "$CACHE/build"; echo got it >&2; '
                  'sleep 0.5; date +%s%N')
        done = self.together(['run'], ['run'])
        self.assertEqual([status for status, *_ in done], [0, 0])
        said = sorted(stderr for *_, stderr in done)
        self.assertEqual(said[0], 'got it\n')
        self.assertRegex(said[1], r'^waiting for process \d+ \(run in .*\), which '
                         r'uses .*/cache/build\ngot it\n$')
        times = sorted(int(stdout) for _, stdout, _ in done)
        self.assertGreater(times[1] - times[0], 400000000)

    def test_inherited(self):
        """What a holder starts works under its lock."""
        self.stub('inner', '. "$READ"; lock "$CACHE/build"; echo in')
        self.stub('run', '. "$READ"; lock "$CACHE/build"; "$LAB/boot/inner"')
        process = self.run_lab('run')
        self.assertEqual((process.stdout, process.stderr), ('in\n', ''))

    def test_boot(self):
        """A run directory belongs to one boot at a time."""
        words = ['boot-guest', '--kernel', 'lean', '--name', 'x', '--job',
                 self.boot_files(PLATFORM)]
        done = self.together(words, words)
        self.assertEqual([status for status, *_ in done], [0, 0], done)
        self.assertEqual(self.read('out/order').split(),
                         ['begin', 'end', 'begin', 'end'])

    def test_private_roots(self):
        """Two roots of one suite have each their own packages."""
        self.command('apt-get', APT_GET)
        self.command('dpkg-deb', 'cp "$2" "$3"')
        done = self.together(['private-root', 'a', 'trixie', 'alpha'],
                             ['private-root', 'b', 'trixie', 'beta'],
                             MCTP_PCC_MIRROR='http://mirror.invalid/debian')
        self.assertEqual([status for status, *_ in done], [0, 0], done)
        for (_, stdout, _), want in zip(done, ('alpha', 'beta')):
            self.assertEqual(sorted(os.listdir(stdout.strip())),
                             ['.complete', f'{want}.deb'])

    def test_users_of_builds(self):
        """What works in the cache's tree or builds has them to itself."""
        words = re.compile(r'build_dir |kernel/build-')
        users = {}
        for path in glob.glob(LAB + '/*/*'):
            if os.path.isfile(path) and '/tests/' not in path:
                text = re.sub(r'(?m)^\s*#.*$', '', read(path))
                if words.search(text):
                    users[os.path.basename(path)] = text
        self.assertGreater(len(users), 10)
        # a library, and what others run under their lock
        for name in ('lib.sh', 'README.md', 'check-functions.sh'):
            users.pop(name, None)
        self.assertEqual([name for name, text in users.items()
                          if 'lock_cache\n' not in text], [])

    def test_image(self):
        """What is booted is a copy, for each core and source its own."""
        build = self.at('cache/build/debian-lean')
        for name in ('install-packages', 'build-platform', 'build-programs',
                     'build-modules'):
            self.stub(name)
        self.stub('make-initramfs', 'echo initrd >"$2"')
        self.stub('build-kernel', f'echo "$CORE" >{build}/arch/x86/boot/bzImage; '
                  f'echo {build}')
        for name in ('arch/x86/boot/bzImage', '.config',
                     'include/config/kernel.release',
                     'kselftest/kselftest_install/kselftest-list.txt'):
            write(os.path.join(build, name))
        write(os.path.join(build, 'vmlinux.a'), '!<arch>\n')
        images = [self.run_lab('prepare', 'lean', CORE=core).stdout.strip()
                  for core in ('pristine', 'patched')]
        for image, want in zip(images, ('pristine\n', 'patched\n')):
            self.assertEqual(read(image, 'kernel'), want)
            self.assertEqual(sorted(os.listdir(image)),
                             ['config', 'initrd', 'kernel', 'kselftest-list.txt',
                              'objects', 'release'])
        # the platform takes seconds, the kernel minutes
        self.stub('build-platform', 'exit 9')
        self.stub('build-kernel', f'touch {self.at("built")}')
        self.assertEqual(self.run_lab('prepare', 'lean').returncode, 9)
        self.assertFalse(os.path.exists(self.at('built')))

    def test_parts(self):
        """A part of the tests runs once at a time, and waits say so."""
        self.stub('install-packages')
        self.stub('pair', '. "$READ"; results pair; sleep 0.4; '
                  "printf 'pass\\tx\\t\\n' >>\"$RESULTS\"")
        began = time.monotonic()
        done = self.together(['run-parts', 'pair'], ['run-parts', 'pair'])
        self.assertEqual([stdout for _, stdout, _ in done],
                         ['1 passed, 0 failed, 0 skipped\n'] * 2)
        self.assertGreater(time.monotonic() - began, 0.8)
