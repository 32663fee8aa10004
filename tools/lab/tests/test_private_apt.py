# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
"""Where Debian's packages come from, and what is said when they do not."""

import os
import shutil

from scripts import Scripts, write

# What apt knows of a host with a vendor's archive first, then Debian's.
TARGETS = '''[ "$1" != indextargets ] || {
    echo 'Packages / http://brave.invalid/'
    echo 'Packages Ubuntu/Ubuntu http://ubuntu.invalid/ubuntu/'
    echo 'Packages Debian/Debian cdrom://[Debian 13]/'
    echo 'Packages Debian/Debian-Security http://debian.invalid/debian-security/'
    echo 'Sources Debian/Debian http://sources.invalid/debian/'
    echo 'Packages Debian/Debian http://debian.invalid/debian/'
    exit
}
'''
# Each suite's packages, by the stub of apt-cache.
SUITES = '''case $APT_CONFIG in
*trixie-backports*) printf '%s\\n' {backports} ;;
*) printf '%s\\n' {sid} ;;
esac
'''


class Apt(Scripts):

    def sources(self, **env):
        return self.run_lab('private-apt', 'sid', 'a test', 'sources', **env)

    def test_mirror(self):
        """Debian's own entry, whatever stands before it."""
        self.command('apt-get', TARGETS)
        self.assertRegex(self.sources().stdout,
                         r'^deb \[signed-by=/usr/share/keyrings/debian-archive-'
                         r'keyring\.\w+\] http://debian\.invalid/debian/ sid main\n$')
        process = self.sources(MCTP_PCC_MIRROR='http://own.invalid/')
        self.assertIn(' http://own.invalid/ sid main', process.stdout)

    def test_real_apt(self):
        """The words are those of the machine's apt."""
        process = self.sources(PATH='/usr/bin:/bin')
        if process.returncode:
            self.assertIn('set MCTP_PCC_MIRROR', process.stderr)
        else:
            self.assertRegex(process.stdout,
                             r'^deb \[signed-by=\S+\] \S+://\S+ sid main\n$')

    def test_no_mirror(self):
        """No entry of Debian: one line, with the variable and the step."""
        self.command('apt-get', 'echo "Packages Ubuntu/Ubuntu http://u.invalid/"')
        self.check_refused(self.sources(), 'for a test: apt knows no mirror',
                           'MCTP_PCC_MIRROR')

    def test_no_network(self):
        """What could not be fetched, from where and for which step: one line."""
        self.command('apt-get', TARGETS + '''
grep -q 'Error-Mode "any"' "$APT_CONFIG" || exit 0
echo "Err:1 http://debian.invalid/debian sid InRelease"
echo "E: Failed to fetch http://debian.invalid/x  Could not resolve 'debian.invalid'"
echo "E: Some index files failed to download."
exit 100
''')
        for words, step in ((['fetch-source'], 'the kernel source'),
                            (['private-root', 'tshark', 'trixie', 'tshark'],
                             'tshark')):
            process = self.run_lab(*words)
            lines = [line for line in process.stderr.splitlines()
                     if 'fetching' not in line]
            self.assertEqual((process.returncode, len(lines)), (2, 1), process.stderr)
            self.assertIn(f"for {step}: cannot fetch from trixie", lines[0])
            self.assertIn("Could not resolve 'debian.invalid'", lines[0])

    def choose(self, backports, sid):
        """What fetch-source downloads when the suites have these, and its words."""
        self.command('apt-get', TARGETS + 'case "$*" in *download*) '
                     'echo "${APT_CONFIG%/*}" "${!#}" '
                     '>"${APT_CONFIG%/*/*}.choice"; exit 1; esac')
        self.command('apt-cache', SUITES.format(backports=backports, sid=sid))
        write(self.at('cache/apt.choice'))
        shutil.rmtree(self.at('cache/apt'), ignore_errors=True)
        process = self.run_lab('fetch-source')
        suite, _, name = self.read('cache/apt.choice').strip().rpartition(' ')
        return suite.rpartition('/')[2], name, process.stderr

    def test_choose(self):
        """The wanted one of the first suite with it, else the newest that will do."""
        for backports, sid, want in (
                ('linux-source-7.2', 'linux-source-7.3',
                 ('sid-deb', 'linux-source-7.3')),
                ('linux-source-7.3', 'linux-source-7.3 linux-source-7.4',
                 ('trixie-backports-deb', 'linux-source-7.3')),
                ('linux-source-7.2', 'linux-source-7.10 linux-source-7.9',
                 ('sid-deb', 'linux-source-7.10')),
                ('linux-source-8.0', 'linux-source-8.0 linux-source-7.9',
                 ('trixie-backports-deb', 'linux-source-8.0'))):
            with self.subTest(f'{backports} | {sid}'):
                *got, stderr = self.choose(backports, sid)
                self.assertEqual(tuple(got), want, stderr)
                self.assertEqual('look again' in stderr,
                                 want[1] != 'linux-source-7.3')
                self.assertEqual(os.path.exists(self.at('cache/apt/sid-deb')),
                                 backports != 'linux-source-7.3')
        *got, stderr = self.choose('linux-source-7.1', 'linux-source-6.18')
        self.assertEqual(got, ['', ''])
        self.assertIn('no linux-source-7.2 or newer in trixie-backports sid', stderr)
