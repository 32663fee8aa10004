# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
#
# The front door. Each target does all its own set-up; see `make help`.

LAB := tools/lab

# Only what is typed behind `make` counts: in the environment these words are for
# other builds, unless a target of ours has put them there (see tools/lab/owner).
WORDS := ARCH CORE EXTRA KDIR ROOTFS TABLES SMP MEMORY PLATFORM
$(foreach v,$(if $(LAB_OWNED),,$(WORDS)),$(if $(filter environment,$(origin $v)),\
	$(info $v=$($v) of the environment is not used: type make ... $v=$($v))\
	$(eval $v :=)$(eval unexport $v)))
export CORE KDIR ROOTFS TABLES SMP MEMORY PLATFORM
export LAB_ARCH := $(or $(ARCH),$(LAB_ARCH),x86_64)

.PHONY: help run test test-all check check-all kunit kunit-debug selftest quick pair \
	interactive cost bench system stress redcheck patched coverage mutants shell \
	ordering memory-types quick-64k patches dkms hosts doctor \
	kselftest guest-only clean

# The parts of test, and what test-all has beside them.
TEST_x86_64 := check kunit selftest guest-only pair interactive cost arm64/kunit \
	arm64/quick arm64/ordering
ALL_x86_64 := system check-all kunit-debug i386/kunit redcheck patched stress \
	arm64/memory-types arm64/selftest arm64/pair arm64/kunit-debug \
	arm64/quick-64k arm64-uefi/quick
TEST_arm64 := kunit quick ordering
ALL_arm64 := selftest pair kunit-debug stress memory-types quick-64k \
	arm64-uefi/quick
TEST_i386 := kunit

help:
	@echo 'mctp-pcc: MCTP over PCC for Linux, and the lab that proves it'
	@echo
	@echo '  make run       build a kernel, boot it on the virtual platform, talk MCTP'
	@echo '  make pair      two guests back to back: Linux talks to Linux over PCC'
	@echo '  make test      all that a change must pass: check, kunit, selftest,'
	@echo '                 guest-only, pair, interactive, cost, and of arm64 kunit,'
	@echo '                 quick, ordering'
	@echo '  make test-all  the same, system, check-all, kunit-debug, redcheck, patched,'
	@echo '                 stress, of i386 kunit, of arm64 selftest, pair, kunit-debug,'
	@echo '                 memory-types, quick-64k, and quick behind a firmware'
	@echo
	@echo '  make check     static checks, unit tests of the lab and the platform'
	@echo '  make check-all other compilers and architectures, random configurations,'
	@echo '                 coccinelle, Sphinx, each patch by itself, other kernels'
	@echo '  make kunit     the KUnit suite in QEMU; kunit-debug: under KASAN, lockdep'
	@echo '  make selftest  the kselftests on the lean and the debug kernel; quick: a'
	@echo '                 few of them on the lean one; guest-only: in plain QEMU,'
	@echo '                 the platform being a process in the guest'
	@echo '  make interactive  uses `make shell` at a terminal; system: with a Debian'
	@echo '                 root file system, systemd and D-Bus as the guest'
	@echo '  make hosts     the lab on Debian 13: set-up, run and check in a root file'
	@echo '                 system of its own (as root)'
	@echo '  make doctor    what a report of a fault needs: versions, cache, failures'
	@echo '  make cost      instructions per packet, beside those of the bare mailbox'
	@echo '  make ordering  the barriers in the arm64 kernel that doc/ordering.md names;'
	@echo '                 memory-types: each kind of shared memory, on three QEMUs;'
	@echo '                 quick-64k: with pages of 64 KiB'
	@echo '  make bench     speed beside the bare mailbox and mctp-serial: tables, plot'
	@echo '  make stress    faults, dead platforms and fuzz at length: a table'
	@echo '  make patched   the suite with all of patches/, KUnit with none and each alone'
	@echo '  make redcheck  break the driver on purpose: each time a test must fail'
	@echo '  make shell     a guest to play in; EXTRA="/path/to/program dir file ..."'
	@echo '                 puts your own programs, with their libraries, and data'
	@echo '                 into it; ROOTFS=dir|tar|image boots a system of yours;'
	@echo '                 TABLES=variant|description SMP=N MEMORY=MB'
	@echo '                 PLATFORM="--endpoint pty"'
	@echo '  make coverage  what of the driver the tests execute: report, summary'
	@echo '  make mutants   small defects in the driver, which a test has to find: hours'
	@echo '  make patches   driver and companion patches as series for the kernel, in out/'
	@echo '  make dkms      the driver as a DKMS source package, in out/'
	@echo '  make kselftest the selftests, built for another machine, in out/'
	@echo '  make clean     remove out/ (MCTP_PCC_OUT); the cache stays'
	@echo
	@echo '  ARCH=arm64            the same on an emulated arm64 machine: run, test,'
	@echo '                        kunit, selftest, quick, pair, cost, shell'
	@echo '  ARCH=arm64-uefi       the same behind a stock UEFI firmware: run, quick, shell'
	@echo '  ARCH=i386             kunit only, with lockdep: statistics of 32 bits'
	@echo '  CORE=patched          build the kernel with the companion patches'
	@echo '  KDIR=/path/to/linux   your own kernel tree (read only, 7.2 or newer)'
	@echo '  MCTP_PCC_CACHE=DIR    sources and builds [~/.cache/mctp-pcc]'
	@echo '  MCTP_PCC_OUT=DIR      logs, captures, results [out/]'
	@echo '  MCTP_PCC_MIRROR=URL   mirror of Debian [the first that apt knows]'

run:
	@$(LAB)/run

test:
	@$(LAB)/test $(TEST_$(LAB_ARCH))

test-all:
	@$(LAB)/test $(TEST_$(LAB_ARCH)) $(ALL_$(LAB_ARCH))

ordering memory-types quick-64k:
	@$(LAB)/test arm64/$@

check check-all kunit kunit-debug selftest guest-only quick interactive cost system hosts \
	redcheck patched:
	@$(LAB)/test $@

pair:
	@$(LAB)/pair

bench:
	@$(LAB)/bench

stress:
	@$(LAB)/stress

coverage mutants dkms doctor kselftest:
	@$(LAB)/$@

shell:
	@$(LAB)/shell $(EXTRA)

patches:
	@$(LAB)/patches

# Not a directory that somebody else has put things into.
clean:
	@out="$(or $(MCTP_PCC_OUT),out)"; \
	if [ -e "$$out" ] && [ ! -d "$$out/log" ]; then \
		echo "$$out has no log/: it is not the lab's, remove it yourself"; \
		exit 2; \
	fi; rm -rf "$$out"
