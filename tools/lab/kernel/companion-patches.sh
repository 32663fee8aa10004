# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
# shellcheck shell=bash
#
# The companion patches, patches/SERIES/NAME.patch. Read after lib.sh.

# The newest kernel that all of them apply to.
COMPANIONS_TRIED=7.3.4

# companions [SERIES...]: their files, in the order in which they are sent.
companions() {
	local series

	[ $# -gt 0 ] || set -- mailbox net acpi irq
	for series; do
		printf '%s\n' "$TOP/patches/$series"/*.patch
	done
}

# companion_name FILE: SERIES/NAME
companion_name() {
	local name=${1#"$TOP"/patches/}

	printf '%s\n' "${name%.patch}"
}

# apply_companion FILE TREE: TREE need not be a repository, nor be outside of one.
apply_companion() {
	local why

	why=$(GIT_CEILING_DIRECTORIES=$(dirname "$2") \
		git -C "$2" apply "$1" 2>&1) && return
	why=$(sed -n 's/^error: \(patch failed: \)\{0,1\}//p;T;q' <<<"$why")
	die "${1#"$TOP"/} does not apply to this kernel ($why). The newest kernel" \
		"it was tried on is $COMPANIONS_TRIED"
}
