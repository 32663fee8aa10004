# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
#
# The front door. Each target does all its own set-up; see `make help`.

LAB := tools/lab

# Only what is typed behind `make` counts: in the environment these words are for
# other builds, unless a target of ours has put them there.
WORDS := ARCH CORE EXTRA KDIR ROOTFS TABLES SMP MEMORY PLATFORM CONFIG APPEND \
	ENDPOINT
$(foreach v,$(if $(LAB_OWNED),,$(WORDS)),$(if $(filter environment,$(origin $v)),\
	$(info $v=$($v) of the environment is not used: type make ... $v=$($v))\
	$(eval $v :=)$(eval unexport $v)))
export CORE KDIR ROOTFS TABLES SMP MEMORY PLATFORM CONFIG APPEND ENDPOINT
export LAB_ARCH := $(or $(ARCH),$(LAB_ARCH),x86_64)

# Those that count, and fail when a test is missing; the others.
PARTS := check check-all kunit kunit-debug selftest selftest-short selftest-busy \
	guest-only platforms splats cost known-defects patched prove shell-test \
	shell-test-systemd stop-test hosts
ARM64_PARTS := barriers memory-types selftest-64k
SCRIPTS := run pair bench stress coverage mutants patches dkms doctor kselftest

.PHONY: help test test-all shell clean $(PARTS) $(ARM64_PARTS) $(SCRIPTS)

# The parts of test, and what test-all has beside them.
TEST_x86_64 := check kunit selftest guest-only pair shell-test cost arm64/kunit \
	arm64/selftest-short arm64/barriers
ALL_x86_64 := shell-test-systemd stop-test hosts check-all prove kunit-debug \
	i386/kunit known-defects patched selftest-busy stress platforms splats \
	arm64/memory-types arm64/selftest arm64/pair arm64/splats arm64/kunit-debug \
	arm64/selftest-64k arm64-uefi/selftest-short
TEST_arm64 := kunit selftest-short barriers
ALL_arm64 := selftest pair kunit-debug stress memory-types selftest-64k \
	arm64-uefi/selftest-short
TEST_i386 := kunit

help:
	@sed -n 's/^#| \{0,1\}//p' $(firstword $(MAKEFILE_LIST))

#| mctp-pcc: MCTP over PCC for Linux, and a virtual platform to test it on
#|
#|   make run        boot a kernel with the driver, let it talk to the platform
#|   make test       all tests that a change must pass
#|   make check      only those that boot nothing: compilers, style, unit tests
#|   make kunit      only the KUnit suite
#|   make selftest   only the kselftests, on a fast and on a debug kernel
#|   make shell      a guest with a prompt, to try things in; with
#|                   EXTRA="/path/to/program dir file" ROOTFS=dir|tar|image: yours
#|                   TABLES=name|file|dir SMP=N MEMORY=MB APPEND="kernel words"
#|                   CONFIG=fragment ENDPOINT=pty PLATFORM="--responder socket:x"
#|   make pair       two guests that talk to each other
#|   make doctor     print what a bug report needs
#|   make clean      remove out/; the cache stays
#|
#| Take it with you (in out/):
#|   make dkms       the driver for a running kernel
#|   make patches    the patch series for a kernel tree
#|   make kselftest  the kselftests, to be run on another machine
#|
#| Measure, and test the tests:
#|   make cost       instructions per packet; fails when they grow
#|   make bench      speed, beside the bare mailbox and mctp-serial
#|   make coverage   lines of the driver that no test executes
#|   make stress     faults, dead platforms and random messages, for long: a table
#|   make known-defects  put known mistakes into the driver: each must fail a test
#|   make mutants    make small mistakes automatically: hours
#|   make prove      locks, ordering, bounds, protocol: proven, see doc/proofs.md
#|   make patched    the companion patches: all, none, each alone
#|   make check-all  other compilers and architectures, random configurations
#|   make test-all   make test, and all that takes longer
#|   make PART       one part alone: guest-only, platforms, hosts, stop-test,
#|                   kunit-debug, selftest-short, selftest-busy, selftest-64k,
#|                   memory-types, barriers, shell-test, shell-test-systemd, splats
#|
#|   ARCH=arm64            emulated; arm64-uefi: with firmware; i386: kunit only
#|   CORE=patched          with the companion patches in the kernel
#|   KDIR=/path/to/linux   your kernel tree, 7.2 or newer; it is only read
#|   MCTP_PCC_CACHE=DIR    sources and builds [~/.cache/mctp-pcc]
#|   MCTP_PCC_OUT=DIR      logs and results [out/]

# A target's script has its name, in one of the lab's rooms.
SCRIPT = $(wildcard $(LAB)/*/$@)

$(SCRIPTS):
	@$(SCRIPT)

shell:
	@$(SCRIPT) $(EXTRA)

test:
	@$(LAB)/run-parts $(TEST_$(LAB_ARCH))

test-all:
	@$(LAB)/run-parts $(TEST_$(LAB_ARCH)) $(ALL_$(LAB_ARCH))

$(ARM64_PARTS):
	@$(LAB)/run-parts arm64/$@

$(PARTS):
	@$(LAB)/run-parts $@

# Not a directory that somebody else has put things into.
clean:
	@out="$(or $(MCTP_PCC_OUT),out)"; \
	if [ -e "$$out" ] && [ ! -d "$$out/log" ]; then \
		echo "$$out has no log/: it is not the lab's, remove it yourself"; \
		exit 2; \
	fi; rm -rf "$$out"
