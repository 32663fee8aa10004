# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
# shellcheck shell=bash
#
# Bounds: CBMC on the functions that read what the platform, the firmware or a sender
# wrote, with all that these can give. bounds.c has the assumptions.

CHECKS=(--bounds-check --pointer-check --div-by-zero-check --signed-overflow-check
	--unsigned-overflow-check --undefined-shift-check --unwinding-assertions
	--unwind 6)

# one_function FUNCTION [BEFORE AFTER]: with the defect, if one is given
one_function() {
	local rc=0 more=()

	[ $# = 1 ] || more=("$@")
	"$HERE/prepare-source" --bare "$DRIVER" "${more[@]}" >driver.c || return 2
	gcc -E -D_LINUX -I "$SOURCE/include" -I "$HERE/model" -I "$WORK" -I . \
		"$HERE/model/bounds.c" -o bounds.i || return 2
	"${CBMC[@]}" bounds.i --function "prove_$1" --drop-unused-functions \
		"${CHECKS[@]}" || rc=$?
	case $rc in
	0 | 10) return $((rc / 10)) ;;
	*) return 2 ;;
	esac
}

if CBMC_ROOT=$(root cbmc trixie cbmc); then
	read -r -a CBMC <<<"$(runs "$CBMC_ROOT") $CBMC_ROOT/usr/bin/cbmc"
	while read -r function; do
		aside 0 "$function, all inputs" one_function "$function"
	done < <(sed -n 's/^void prove_\(\w*\)(void)$/\1/p' "$HERE/model/bounds.c")
	mutants one_function
fi
