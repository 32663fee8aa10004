# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
# shellcheck shell=bash
#
# Shared by check and check-all. A check that finds no file to check fails.

. "$(dirname "${BASH_SOURCE[0]}")/../common/lib.sh"

DRIVER=drivers/net/mctp/mctp-pcc

tracked=$(git -C "$TOP" ls-files 2>&1) || die "${tracked%%$'\n'*}"
[ -n "$tracked" ] || die "git knows no files in $TOP: is it a clone?"

# check NAME COMMAND...: one result; what a failing command printed is shown.
check() {
	local log=${1,,} why=

	log=$OUT/log/check-${log//[^a-z0-9]/-}.log
	"${@:2}" >"$log" 2>&1 || why=$log
	add_result "check: $1" "$why"
	[ -n "$why" ] || return 0
	say "FAIL: $1"
	tail -n 25 "$log" >&2
}

# aside NAME COMMAND...: the same beside others, one for each processor.
aside() {
	check "$@" &
	await_processor
}

# The repository's files, those not yet added too, below a name if one is given.
files() {
	git -C "$TOP" ls-files -co --exclude-standard -- "$@" |
		while read -r file; do
			[ ! -f "$TOP/$file" ] || echo "$file"
		done
}

# for_each FUNCTION: calls it for each line of stdin; fails if one call fails, or if
# there is no line.
for_each() {
	local line count=0 rc=0

	while read -r line <&3; do
		count=$((count + 1))
		"$1" "$line" || rc=1
	done 3<&0
	echo "$count files"
	[ "$rc" = 0 ] && [ "$count" -gt 0 ]
}

# The C files that go into the series.
# shellcheck disable=SC2034
OF_SERIES='^drivers/\|^tools/testing/'

# checkpatch FILE [OPTION...]
checkpatch() {
	cd "$TOP" || exit
	"$TREE/scripts/checkpatch.pl" --root="$TREE" --strict \
		--max-line-length=80 --quiet "${@:2}" -f "$1"
}

# objects NAMES MAKE_ARGUMENT...: builds these objects anew in $BUILD with W=1; any
# warning is a failure.
objects() {
	local rc=0 objects

	read -r -a objects <<<"$1"
	rm -f "${objects[@]/#/$BUILD/}"
	kernel_make W=1 "${@:2}" "${objects[@]}" >"$BUILD/compile.log" 2>&1 || rc=$?
	cat "$BUILD/compile.log"
	[ "$rc" = 0 ] && ls "${objects[@]/#/$BUILD/}" &&
		! grep -E '(warning|error):' "$BUILD/compile.log"
}

# compile MAKE_ARGUMENT...: the driver's object, with sparse
# shellcheck disable=SC2120 # check-all has arguments for it
compile() {
	objects "$DRIVER.o" C=1 CHECK="$SPARSE" "$@" &&
		grep -q "CHECK .*$DRIVER.c" "$BUILD/compile.log"
}

# compile_as NAME FRAGMENT...: with a configuration of its own.
compile_as() {
	BUILD=$(build_dir "$1")
	shift
	# shellcheck disable=SC2119 # those are not for it
	"$LAB/kernel/configure" "$TREE" "$BUILD" "$@" && compile
}
