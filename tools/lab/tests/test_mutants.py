# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
"""Who tries the defects believes a failure only of the test that is named."""

import os
import shutil

from scripts import TOP, Scripts, write

# Each test fails as soon as there is a defect, unless it is told how to end.
OUTCOME = '''
outcome=pass
[ "$number" = 0 ] || outcome=fail
outcome=${OUTCOME:-$outcome}
'''
SELFTEST = '''
while getopts r:l:a:p option; do
    case $option in
    r) name=$OPTARG ;;
    l) list=$OPTARG ;;
    a) number=${OPTARG##*=} ;;
    esac
done
''' + OUTCOME + '''
awk -v outcome=$outcome '/^pcc/ {
    for (i = 5; i <= NF; i += 2)
        printf "%s\\tlean/main/%s: %s\\t\\n", outcome, $1, $i
}' "$list" >"$MCTP_PCC_OUT/results/$name"
[ $outcome = pass ]
'''
QEMU = '''
words=$*
log=${words#*file:}
number=${words##*mutant=}
[ "$number" = 0 ] || flock -n "$MCTP_PCC_CACHE/build.lock" true || echo held >>"$HELD"
''' + OUTCOME + '''
[ $outcome = pass ] || not='not '
cat >"${log%% *}" <<END
1..1
    # Subtest: mctp_pcc
    1..1
        # Subtest: mctp_pcc_test_rx
        ${not:-}ok 1 default MTU
    ${not:-}ok 1 mctp_pcc_test_rx
${not:-}ok 1 mctp_pcc
END
'''


class Mutants(Scripts):

    def setUp(self):
        super().setUp()
        for path in ('drivers', 'tools/testing/selftests/net/mctp'):
            shutil.copytree(os.path.join(TOP, path), self.at(path))
        shutil.copy(os.path.join(TOP, 'MAINTAINERS'), self.top)
        write(self.at('cache/build/debian-kunit/arch/x86/boot/bzImage'))
        for name in ('install-packages', 'kunit', 'make-tree', 'prepare'):
            self.stub(name)
        self.stub('selftest', SELFTEST)
        self.command('qemu-system-x86_64', QEMU)

    def known(self, *names, **env):
        """(exit status, stdout, results)"""
        process = self.run_lab('known-defects', *names, **env)
        results = self.read('out/results/known-defects').splitlines()
        return process.returncode, process.stdout, sorted(results)

    def test_found(self):
        """Each by its test, in the suite and on the platform."""
        status, stdout, results = self.known('rx-mac-header', 'header-flags',
                                             'dead-log', 'dead-purge')
        self.assertEqual(status, 0, (stdout, results))
        self.assertEqual([line.split('\t')[0] for line in results], ['pass'] * 4)
        self.assertIn('4 defects: 4 found, 0 change nothing, 0 survive', stdout)
        self.assertIn('\npcc_dead main lean -r dead.purged -r dead.tried\n',
                      self.read('out/known-defects/good.list'))

    def test_lock(self):
        """The cache is there for others as soon as all is built."""
        held = self.at('held')
        self.assertEqual(self.known('rx-mac-header', HELD=held)[0], 0)
        self.assertTrue(os.path.exists(self.at('cache/build.lock')))
        self.assertEqual(self.read('held'), '')

    def test_silent(self):
        """A test that does not notice the defect is named."""
        status, _, results = self.known('rx-mac-header', 'header-flags',
                                        OUTCOME='pass')
        self.assertEqual(status, 1)
        self.assertRegex(results[0], 'fail\t.*: header-flags\ttransfer.first_min.'
                         'short_messages did not fail: see /')
        self.assertRegex(results[1], ': rx-mac-header\tmctp_pcc_test_rx.default MTU '
                         'did not fail')

    def test_fails_anyway(self):
        """A test that fails without the defect proves nothing."""
        status, _, results = self.known('header-flags', OUTCOME='fail')
        self.assertEqual(status, 1)
        self.assertIn('does not pass without it', results[0])

    def test_suite_fails(self):
        """As little as a suite that does, or does not run."""
        process = self.run_lab('known-defects', 'rx-mac-header', OUTCOME='fail')
        self.assertEqual(process.returncode, 2)
        self.assertIn('the suite does not pass by itself', process.stderr)

    def test_unknown(self):
        """A name or number that is not in the list."""
        for name in 'nonsense', '0', '400':
            self.check_refused(self.run_lab('known-defects', name),
                               f'mutants: no defect {name} there: see ')
