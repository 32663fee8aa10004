# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
"""The judge of a console must see what it is there for."""

import os
import re
import subprocess
import tempfile
import unittest

VERDICT = os.path.join(os.path.dirname(__file__), '..', 'boot', 'judge-console')

GOOD = ('[    0.1] lab: TAP version 13', '[    0.1] lab: 1..2',
        '[    0.2] lab: #  RUN           link.first.name ...',
        '[    0.2] lab: ok 1 link.first.name',
        '[    0.3] lab: ok 2 link.first.mtu',
        '[    0.4] lab: tainted 0', '[    0.4] lab: exit 0')

TWO = ('[    0.1] lab: programs a b', '[    0.1] lab: program a',
       '[    0.1] lab: 1..1', '[    0.1] lab: ok 1 one',
       '[    0.2] lab: status 0', '[    0.2] lab: program b',
       '[    0.2] lab: 1..1', '[    0.2] lab: ok 1 two',
       '[    0.3] lab: status 0', '[    0.4] lab: tainted 4096',
       '[    0.4] lab: exit 0')


def judge(lines, *options):
    """(exit status, results) of a console with these lines."""
    with tempfile.NamedTemporaryFile('w') as console:
        console.write('\r\n'.join(lines) + '\r\n')
        console.flush()
        run = subprocess.run([VERDICT, '--group', 'g', *options, console.name],
                             stdout=subprocess.PIPE, check=False, text=True)
    return run.returncode, [row.split('\t') for row in run.stdout.splitlines()]


class VerdictTest(unittest.TestCase):
    """One console per test."""

    def check_failure(self, lines, name, *options):
        """The console must give one failure, of that name."""
        rc, results = judge(lines, *options)
        failed = [r[1] for r in results if r[0] == 'fail']
        self.assertEqual((rc, failed), (1, [f'g: {name}']))

    def test_good(self):
        """Two tests that pass."""
        self.assertEqual(judge(GOOD), (0, [
            ['pass', 'g: link.first.name', ''],
            ['pass', 'g: link.first.mtu', '']]))

    def test_not_ok(self):
        """A test that fails."""
        lines = [x.replace('lab: ok 2', 'lab: not ok 2') for x in GOOD]
        self.check_failure(lines, 'link.first.mtu')

    def test_complaint(self):
        """A failure is given with the first expectation that did not hold."""
        first = '# pcc_rx.c:9:mtu:Expected c.rx (1) == 2 (2)'
        lines = [x.replace('lab: ok 2', 'lab: not ok 2') for x in GOOD]
        lines[4:4] = [f'[    0.3] lab: {first}',
                      '[    0.3] lab: # pcc_rx.c:10:mtu:Expected 0 (0) != 0 (0)']
        self.assertEqual(judge(lines)[1][1], ['fail', 'g: link.first.mtu',
                                              first[2:]])
        self.assertEqual(judge(GOOD[:3] + (lines[4],) + GOOD[3:])[1][1][2], '')

    def test_skip(self):
        """A test that is skipped, with its reason."""
        lines = [x.replace('mtu', 'mtu # SKIP no platform') for x in GOOD]
        rc, results = judge(lines)
        self.assertEqual((rc, results[1]),
                         (0, ['skip', 'g: link.first.mtu', 'no platform']))

    def test_expected_splat(self):
        """A test may expect a line, before or after it, for itself alone."""
        splat = '[    0.2] irq 18: nobody cared (try booting with irqpoll)'
        say = "[    0.2] lab: # expected in the kernel's log: nobody cared"
        for lines in ((splat, say), (say, splat)):
            self.assertEqual(judge(GOOD[:3] + lines + GOOD[3:])[0], 0)
        self.check_failure(GOOD[:3] + (say,) + GOOD[3:4] + (splat,) + GOOD[4:],
                           'link.first.mtu')
        self.check_failure(GOOD[:3] + (say, '[    0.2] BUG: x') + GOOD[3:],
                           'link.first.name')

    def test_splats(self):
        """Each kind of splat fails the test that it happened in."""
        for splat in ('BUG: KASAN: slab-use-after-free in f+0x1/0x2',
                      'WARNING: CPU: 0 PID: 1 at net/core/dev.c:1 f+0x1/0x2',
                      'Oops: general protection fault, 0000 [#1] SMP',
                      'WARNING: possible recursive locking detected',
                      'WARNING: inconsistent lock state',
                      'rcu: INFO: rcu_preempt self-detected stall on CPU',
                      'Virtual device mctppcc1 asks to queue packet!',
                      'PCC: Try increasing MBOX_TX_QUEUE_LEN',
                      'unreferenced object 0xffff (size 64):',
                      'INFO: task ip:9 blocked for more than 60 seconds.',
                      'BUG: scheduling while atomic: ip/9/0x1',
                      'iounmap: bad address 00000000b30d0a67',
                      'BUG: sleeping function called from invalid context',
                      'irq 16: nobody cared (try booting with "irqpoll")',
                      'BUG: MAX_LOCKDEP_CHAINS too low!',
                      'BUG: MAX_LOCKDEP_ENTRIES too low!',
                      'WARNING: CPU: 0 PID: 1 at x.c:1 lockdep_init_map_type+0x1',
                      'INFO: lockdep is turned off.',
                      'turning off the locking correctness validator.',
                      'DEBUG_LOCKS_WARN_ON(depth <= 0)',
                      'Internal error: synchronous external abort: 96000010 [#1]',
                      'Internal error: Oops - BUG: 00000000f2000800 [#1] SMP',
                      'Unable to handle kernel NULL pointer dereference at 0',
                      'kernel BUG at net/core/dev.c:1!',
                      'list_add double add: new=1, prev=2, next=1.',
                      'list_del corruption, 1->next is LIST_POISON1',
                      'BUG: KFENCE: use-after-free read in f+0x1/0x2',
                      'DMA-API: device driver frees DMA memory with wrong function',
                      'ip invoked oom-killer: gfp_mask=0xcc0, order=0',
                      'Kernel panic - not syncing: stack-protector: Kernel stack '
                      'is corrupted in: f+0x1/0x2',
                      'watchdog: CPU1: Watchdog detected hard LOCKUP on cpu 1',
                      'UBSAN: array-index-out-of-bounds in x.c:1:2'):
            with self.subTest(splat):
                self.check_failure(
                    GOOD[:3] + (f'[    0.2] {splat}',) + GOOD[3:],
                    'link.first.name')

    def test_recorded(self):
        """So does each that a kernel has printed, as it was recorded."""
        with open(os.path.join(os.path.dirname(__file__), 'console-splats.txt'),
                  encoding='utf-8') as file:
            corpus = re.findall(r'^== (.*)\n((?:\[.*\n)+)', file.read(), re.M)
        self.assertGreater(len(corpus), 9)
        for name, text in corpus:
            with self.subTest(name):
                self.check_failure(GOOD[:3] + tuple(text.splitlines()) + GOOD[3:],
                                   'link.first.name')

    def test_harmless(self):
        """What the kernel says about itself at its start is no splat."""
        for line in ('Lock dependency validator: Copyright (c) 2006 Red Hat',
                     'kasan: KernelAddressSanitizer initialized (generic)',
                     'rcu: \tRCU lockdep checking is enabled.',
                     '... MAX_LOCKDEP_SUBCLASSES:  8'):
            with self.subTest(line):
                self.assertEqual(judge((f'[    0.0] {line}',) + GOOD)[0], 0)

    def test_races(self):
        """Of the races that KCSAN reports, those of others are theirs."""
        report = '[    0.2] BUG: KCSAN: data-race in {} / tick_sched_do_timer'
        self.assertEqual(
            judge(GOOD[:3] + (report.format('rcu_note'),) + GOOD[3:])[0], 0)
        self.check_failure(
            GOOD[:3] + (report.format('mctp_pcc_submit'),) + GOOD[3:],
            'link.first.name')

    def test_expected_warning(self):
        """A warning that a test expects taints the kernel; no other splat or taint."""
        for splat, value, good in (('WARNING: lib/x.c:1 at leak+0x1/0x2', 512, True),
                                   ('WARNING: lib/x.c:1 at leak+0x1/0x2', 640, False),
                                   ('ODEBUG: leak', 512, False)):
            lines = (*GOOD[:3], "[    0.2] lab: # expected in the kernel's log: leak",
                     f'[    0.2] {splat}', *GOOD[3:])
            lines = [x.replace('tainted 0', f'tainted {value}') for x in lines]
            with self.subTest(splat, value=value):
                if good:
                    self.assertEqual(judge(lines)[0], 0)
                else:
                    self.check_failure(lines, 'tainted')

    def test_tainted(self):
        """The kernel's own word counts, whatever was printed."""
        for value, want in ((0, 0), (1 << 12, 0), (1 << 18, 0), (1 << 5, 1),
                            (1 << 7, 1), (1 << 9, 1), (1 << 14, 1)):
            lines = [x.replace('tainted 0', f'tainted {value}') for x in GOOD]
            self.assertEqual(judge(lines)[0], want, value)
        self.check_failure([x for x in GOOD if 'tainted' not in x], 'tainted')

    def test_lockdep_off(self):
        """Lockdep has to work to the end, where there is one."""
        for value, want in ((1, 0), (0, 1)):
            lines = GOOD[:-1] + (f'[    0.4] lab: debug_locks {value}', GOOD[-1])
            self.assertEqual(judge(lines)[0], want)

    def test_nothing(self):
        """A program that ends well and has no result has tested nothing."""
        for lines in (TWO[:2] + TWO[4:], TWO[:2] + (
                '[    0.1] lab: TAP version 13', '[    0.1] lab: 1..0') + TWO[4:]):
            self.check_two(lines, ['g/a: results'])

    def test_twice(self):
        """A number or name that comes twice hides a test that does not."""
        lines = [x.replace('lab: ok 2', 'lab: ok 1') for x in GOOD]
        self.check_failure(lines, 'numbers')
        lines = [x.replace('first.mtu', 'first.name') for x in GOOD]
        self.check_failure(lines, 'names')

    def test_late_splat(self):
        """A splat after the last test is a failure of its own."""
        self.check_failure(GOOD + ('[    0.5] BUG: memory leak',), 'kernel log')

    def test_job_may_say_bug(self):
        """A job's own words are no splat."""
        self.assertEqual(judge(('[    0.1] lab: # BUG: x',) + GOOD)[0], 0)

    def test_job_may_talk(self):
        """Nor are words that look like the job's own marks."""
        for line in ('exit strategy', 'status good', 'program unknown',
                     'exit 1 of 2'):
            with self.subTest(line):
                lines = TWO[:3] + (f'[    0.1] lab: {line}',) + TWO[3:]
                self.assertEqual(judge(lines)[0], 0)

    def test_plan(self):
        """A test that got lost."""
        self.check_failure([x for x in GOOD if 'ok 2' not in x], 'plan')

    def test_no_end(self):
        """A guest that hung or crashed."""
        self.check_failure(GOOD[:-1], 'guest')

    def test_exit(self):
        """A program that fails without a failing test."""
        self.check_failure(GOOD[:-1] + ('[    0.4] lab: exit 1',),
                           'exit status')

    def test_platform(self):
        """A violation that only the platform saw."""
        self.check_failure(GOOD, 'pcc-platform', '--status', '1')

    def test_programs(self):
        """Each program is judged by itself, under its own name."""
        self.assertEqual(judge(TWO), (0, [
            ['pass', 'g/a: one', ''], ['pass', 'g/b: two', '']]))
        for old, new, name in (('lab: ok 1 one', 'lab: not ok 1 one', 'a: one'),
                               ('lab: 1..1', 'lab: 1..2', 'a: plan'),
                               ('lab: status 0', 'lab: status 1',
                                'a: exit status')):
            with self.subTest(new):
                i = next(i for i, line in enumerate(TWO) if old in line)
                lines = list(TWO)
                lines[i] = lines[i].replace(old, new)
                self.check_two(lines, [f'g/{name}'])

    def test_programs_crash(self):
        """A guest that dies takes along what had not run yet."""
        self.check_two(TWO[:4], ['g/a: guest', 'g/b: guest', 'g: guest'])
        self.check_two(TWO[:-1] + ('[    0.5] BUG: memory leak', TWO[-1]),
                       ['g: kernel log'])

    def test_kexec(self):
        """A second kernel goes on where the first one left."""
        self.assertEqual(judge(TWO[:3] + TWO[:4] + TWO[4:])[0], 0)

    def check_two(self, lines, names):
        """The console must give these failures."""
        rc, results = judge(lines)
        failed = [r[1] for r in results if r[0] == 'fail']
        self.assertEqual((rc, failed), (1, names))

    def test_kunit(self):
        """Leaves are counted, what sums them up is not."""
        lines = ('[    0.1]     KTAP version 1', '[    0.1]     1..2',
                 '[    0.1]         # Subtest: crs',
                 '[    0.1]         ok 1 good', '[    0.1]         ok 2 bad',
                 '[    0.1]     ok 1 crs', '[    0.1]     not ok 2 pcct',
                 '[    0.1] not ok 1 mctp_pcc')
        rc, results = judge(lines, '--kunit', '--status', '1')
        self.assertEqual((rc, [r[:2] for r in results]), (1, [
            ['pass', 'g: crs.good'], ['pass', 'g: crs.bad'],
            ['fail', 'g: pcct']]))

    def test_kunit_plan(self):
        """A suite, or all of them, reports what it planned."""
        suite = ('1..1', '    # Subtest: s', '    1..2', '    ok 1 a', '    ok 2 b',
                 'ok 1 s')
        self.assertEqual(judge(suite, '--kunit')[0], 0)
        self.check_failure(suite[:4] + suite[5:], 'plan', '--kunit')
        self.check_failure(suite[:4], 'plan', '--kunit')
        self.check_failure(suite[:-1], 'plan', '--kunit')

    def test_kunit_died(self):
        """A build that fails leaves no console."""
        self.check_failure((), 'kunit.py', '--kunit', '--status', '1')


if __name__ == '__main__':
    unittest.main()
