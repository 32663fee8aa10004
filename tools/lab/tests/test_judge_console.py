# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
"""The judge of a console must see what it is there for."""

import os
import re

from scripts import LAB, Temporary, read, run, write

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

KUNIT = ('1..1', '    # Subtest: s', '    1..2', '    ok 1 a', '    ok 2 b', 'ok 1 s')
SAY = "lab: # expected in the kernel's log: "


def changed(old, new, lines=GOOD):
    return [line.replace(old, new) for line in lines]


def within(*texts, lines=GOOD, at=3):
    """The console with more lines in the first test."""
    return [*lines[:at], *(f'[    0.2] {text}' for text in texts), *lines[at:]]


class JudgeConsole(Temporary):

    def judge(self, lines, *options):
        """(exit status, results) of a console with these lines."""
        console = write(self.at('console'), '\n'.join((*lines, '')))
        process = run(os.path.join(LAB, 'boot', 'judge-console'), '--group', 'g',
                      *options, console)
        return process.returncode, [row.split('\t') for row in
                                    process.stdout.splitlines()]

    def check_good(self, lines, *options):
        self.assertEqual(self.judge(lines, *options)[0], 0)

    def check_failures(self, lines, names, *options):
        status, results = self.judge(lines, *options)
        failed = [name for kind, name, _ in results if kind == 'fail']
        self.assertEqual((status, failed), (1, names))

    def check_failure(self, lines, name, *options):
        """The console must give one failure, of that name."""
        self.check_failures(lines, [f'g: {name}'], *options)

    def test_good(self):
        """Two tests that pass; lines end as QEMU ends them."""
        want = 0, [['pass', 'g: link.first.name', ''],
                   ['pass', 'g: link.first.mtu', '']]
        self.assertEqual(self.judge(GOOD), want)
        self.assertEqual(self.judge([line + '\r' for line in GOOD]), want)

    def test_failures(self):
        """Each fault of a console is one failure, of that name."""
        for fault, lines, name, *options in (
                ('not ok', changed('lab: ok 2', 'lab: not ok 2'), 'link.first.mtu'),
                ('a number comes twice', changed('lab: ok 2', 'lab: ok 1'), 'numbers'),
                ('a name comes twice', changed('first.mtu', 'first.name'), 'names'),
                ('late splat', (*GOOD, '[    0.5] BUG: memory leak'), 'kernel log'),
                ('a test got lost', [x for x in GOOD if 'ok 2' not in x], 'plan'),
                ('no end', GOOD[:-1], 'guest'),
                ('exit status', changed('exit 0', 'exit 1'), 'exit status'),
                ('no taint', [x for x in GOOD if 'tainted' not in x], 'tainted'),
                ('only the platform saw it', GOOD, 'pcc-platform', '--status', '1'),
                ('suite has no end', KUNIT[:-1], 'plan', '--kunit'),
                ('case got lost', KUNIT[:4] + KUNIT[5:], 'plan', '--kunit'),
                ('cases and suite got lost', KUNIT[:4], 'plan', '--kunit'),
                ('no kernel was built', (), 'kunit.py', '--kunit', '--status', '1')):
            with self.subTest(fault):
                self.check_failure(lines, name, *options)

    def test_complaint(self):
        """A failure is given with the first expectation that did not hold."""
        first = '# pcc_rx.c:9:mtu:Expected c.rx (1) == 2 (2)'
        lines = within(f'lab: {first}',
                       'lab: # pcc_rx.c:10:mtu:Expected 0 (0) != 0 (0)',
                       lines=changed('ok 2', 'not ok 2'), at=4)
        self.assertEqual(self.judge(lines)[1][1],
                         ['fail', 'g: link.first.mtu', first[2:]])
        self.assertEqual(self.judge(within(f'lab: {first}'))[1][1][2], '')

    def test_skip(self):
        """A test that is skipped, with its reason."""
        status, results = self.judge(changed('mtu', 'mtu # SKIP no platform'))
        self.assertEqual((status, results[1]),
                         (0, ['skip', 'g: link.first.mtu', 'no platform']))

    def test_expected_splat(self):
        """A test may expect a line, before or after it, for itself alone."""
        splat = 'irq 18: nobody cared (try booting with irqpoll)'
        say = SAY + 'nobody cared'
        self.check_good(within(splat, say))
        self.check_good(within(say, splat))
        self.check_failure(within(splat, lines=within(say), at=5), 'link.first.mtu')
        self.check_failure(within(say, 'BUG: x'), 'link.first.name')

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
                self.check_failure(within(splat), 'link.first.name')

    def test_recorded(self):
        """So does each that a kernel has printed, as it was recorded."""
        corpus = re.findall(r'^== (.*)\n((?:\[.*\n)+)',
                            read(LAB, 'tests', 'console-splats.txt'), re.M)
        self.assertGreater(len(corpus), 9)
        for name, text in corpus:
            with self.subTest(name):
                self.check_failure((*GOOD[:3], *text.splitlines(), *GOOD[3:]),
                                   'link.first.name')

    def test_harmless(self):
        """What the kernel says about itself, and a job's own words, are no splat."""
        for line in ('Lock dependency validator: Copyright (c) 2006 Red Hat',
                     'kasan: KernelAddressSanitizer initialized (generic)',
                     'rcu: \tRCU lockdep checking is enabled.',
                     '... MAX_LOCKDEP_SUBCLASSES:  8', 'lab: # BUG: x'):
            with self.subTest(line):
                self.check_good(within(line, at=0))

    def test_job_may_talk(self):
        """Words that look like the job's own marks are none."""
        for line in ('exit strategy', 'status good', 'program unknown', 'exit 1 of 2'):
            with self.subTest(line):
                self.check_good(within(f'lab: {line}', lines=TWO))

    def test_races(self):
        """Of the races that KCSAN reports, those of others are theirs."""
        report = 'BUG: KCSAN: data-race in {} / tick_sched_do_timer'
        self.check_good(within(report.format('rcu_note')))
        self.check_failure(within(report.format('mctp_pcc_submit')), 'link.first.name')

    def test_tainted(self):
        """The kernel's own word counts; a warning that a test expects may taint it."""
        warning = within(SAY + 'leak', 'WARNING: lib/x.c:1 at leak+0x1/0x2')
        for lines, value, good in (
                (GOOD, 0, True), (GOOD, 1 << 12, True), (GOOD, 1 << 18, True),
                (GOOD, 1 << 5, False), (GOOD, 1 << 7, False), (GOOD, 1 << 9, False),
                (GOOD, 1 << 14, False), (warning, 512, True), (warning, 640, False),
                (within(SAY + 'leak', 'ODEBUG: leak'), 512, False)):
            lines = changed('tainted 0', f'tainted {value}', lines)
            with self.subTest(lines):
                if good:
                    self.check_good(lines)
                else:
                    self.check_failure(lines, 'tainted')

    def test_lockdep_off(self):
        """Lockdep has to work to the end, where there is one."""
        for value, want in ((1, 0), (0, 1)):
            self.assertEqual(
                self.judge(within(f'lab: debug_locks {value}', at=-1))[0], want)

    def test_programs(self):
        """Each program is judged by itself, under its own name."""
        self.assertEqual(self.judge(TWO), (0, [
            ['pass', 'g/a: one', ''], ['pass', 'g/b: two', '']]))
        # a second kernel goes on where the first one left
        self.check_good(TWO[:3] + TWO)
        for fault, lines, *names in (
                ('not ok', changed('ok 1 one', 'not ok 1 one', TWO), 'g/a: one'),
                ('a test got lost', [*changed('1..1', '1..2', TWO[:3]), *TWO[3:]],
                 'g/a: plan'),
                ('exit status', [*TWO[:4], '[    0.2] lab: status 1', *TWO[5:]],
                 'g/a: exit status'),
                ('no result', TWO[:2] + TWO[4:], 'g/a: results'),
                ('no result planned', [*TWO[:2], '[    0.1] lab: TAP version 13',
                                       '[    0.1] lab: 1..0', *TWO[4:]],
                 'g/a: results'),
                ('the guest dies', TWO[:4], 'g/a: guest', 'g/b: guest', 'g: guest'),
                ('late splat', within('BUG: memory leak', lines=TWO, at=-1),
                 'g: kernel log')):
            with self.subTest(fault):
                self.check_failures(lines, names)

    def test_kunit(self):
        """Leaves are counted, what sums them up is not."""
        lines = ('[    0.1]     KTAP version 1', '[    0.1]     1..2',
                 '[    0.1]         # Subtest: crs',
                 '[    0.1]         ok 1 good', '[    0.1]         ok 2 bad',
                 '[    0.1]     ok 1 crs', '[    0.1]     not ok 2 pcct',
                 '[    0.1] not ok 1 mctp_pcc')
        status, results = self.judge(lines, '--kunit', '--status', '1')
        self.assertEqual((status, [row[:2] for row in results]), (1, [
            ['pass', 'g: crs.good'], ['pass', 'g: crs.bad'], ['fail', 'g: pcct']]))
        self.check_good(KUNIT, '--kunit')
