# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
# shellcheck shell=bash
#
# Ordering: herd7 and its model of arm64 on what the built driver and core do. The
# forbidden outcome of each claim has to be Never, and with its barrier taken out, as
# defects/ordering.list says, Sometimes.

# disassembly: of the arm64 driver and PCC core, which litmus reads
disassembly() {
	local object

	lock_cache
	BUILD=$(LAB_ARCH=arm64 "$LAB/kernel/build-kernel" lean) || return
	for object in drivers/net/mctp/mctp-pcc.o drivers/mailbox/pcc.o; do
		aarch64-linux-gnu-objdump -dr --no-show-raw-insn "$BUILD/$object" ||
			return
	done
}

# one_claim CLAIM, or CLAIM:FUNCTION BARRIER AFTER
one_claim() {
	local change=()

	[ $# = 1 ] || change=("${1#*:}" "$2" "$3")
	"$HERE/litmus" "$WORK/disassembly" "${1%%:*}" "${change[@]}" >test.litmus ||
		return 2
	cat test.litmus
	"${HERD7[@]}" test.litmus | tee herd
	case $(sed -n 's/^Observation \S* \(\w*\) .*/\1/p' herd) in
	Never) ;;
	Sometimes) return 1 ;;
	*) return 2 ;;
	esac
}

if HERD_ROOT=$(root herd sid herdtools7); then
	read -r -a HERD7 <<<"$(runs "$HERD_ROOT") $HERD_ROOT/usr/bin/herd7"
	HERD7+=(-set-libdir "$HERD_ROOT/usr/share/herdtools7/herd")
	(disassembly) >"$WORK/disassembly"
	while read -r claim; do
		aside 0 "$claim" one_claim "$claim"
	done < <("$HERE/litmus" "$WORK/disassembly")
	mutants one_claim
fi
