# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
# shellcheck shell=bash
#
# Shared by the lab's scripts: where things are, how they speak, how they end.
# Each script prints its result (a path) on stdout and its progress on stderr.

set -eu -o pipefail
shopt -s inherit_errexit

# The user's shell, or the make that runs us, sets these for builds of its own.
unset ARCH SUBARCH CROSS_COMPILE LLVM LLVM_IAS CC HOSTCC CXX HOSTCXX LD AR CHECK CF \
	CFLAGS CPPFLAGS CXXFLAGS LDFLAGS HOSTCFLAGS HOSTLDFLAGS KCFLAGS KCPPFLAGS \
	KAFLAGS CPATH C_INCLUDE_PATH LIBRARY_PATH LOCALVERSION O V W C M MO TARGETS \
	MAKEFLAGS MFLAGS GNUMAKEFLAGS MAKEOVERRIDES MAKEFILES CDPATH PYTHONPATH \
	LANGUAGE "${!KBUILD_@}" "${!KCONFIG_@}" "${!INSTALL_@}"
LAB=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# A machine may lack ctypes until install-packages has run.
if [ -z "${LAB_OWNED:-}" ] && [[ $0 == */* && -x $0 ]] &&
	python3 -c 'import ctypes' 2>/dev/null; then
	LAB_OWNED=1 exec "$LAB/common/kill-leftovers" "$0" "$@"
fi
# What is looked for in other programs' messages is English.
export LC_ALL=C.UTF-8

say() {
	printf '%s\n' "$*" >&2
}

die() {
	printf '%s: %s\n' "${0##*/}" "$*" >&2
	exit 2
}

# need_path MESSAGE PATH: a directory or a regular file, or the script ends
need_path() {
	[ -d "$2" ] || [ -f "$2" ] || die "$1: $2"
}

# place VARIABLE DIRECTORY: its absolute path, which make and QEMU have to understand.
place() {
	local path

	path=$(realpath -m "$2")
	[[ $path != *[^[:alnum:]/._+@~-]* ]] ||
		die "$1 is $path: make and QEMU take no blank, comma, colon or" \
			"the like in a path"
	printf '%s\n' "$path"
}

TOP=$(place 'this checkout' "$LAB/../..")
CACHE=$(place MCTP_PCC_CACHE "${MCTP_PCC_CACHE:-$HOME/.cache/mctp-pcc}")
# Of all architectures; OUT is that of LAB_ARCH.
OUT_ROOT=$(place MCTP_PCC_OUT "${MCTP_PCC_OUT:-$TOP/out}")
export MCTP_PCC_CACHE=$CACHE MCTP_PCC_OUT=$OUT_ROOT
# The checkout whose driver is built: defects/ builds from a broken copy.
# shellcheck disable=SC2034
OVERLAY=${MCTP_PCC_OVERLAY:-$TOP}
JOBS=$(nproc)
export CCACHE_DIR=$CACHE/ccache
# Debian's python3 has the modules that install-packages installs.
[ "$(command -v python3)" = /usr/bin/python3 ] || export PATH=/usr/bin:$PATH

export LAB_ARCH=${LAB_ARCH:-x86_64}
[ -f "$LAB/common/arch/$LAB_ARCH.sh" ] ||
	die "ARCH=$LAB_ARCH: must be x86_64, arm64, arm64-uefi or i386"
# shellcheck source=tools/lab/common/arch/x86_64.sh
. "$LAB/common/arch/$LAB_ARCH.sh"
# shellcheck disable=SC2034 # used by those who read this file
OUT=$OUT_ROOT${ARCH_INFIX:+/$LAB_ARCH}
# Which PCC mailbox core: the kernel's own, or with patches/.
export CORE=${CORE:-pristine}
case $CORE in
pristine | patched) ;;
*) die "CORE=$CORE: must be pristine or patched" ;;
esac
[ -z "${KDIR:-}" ] || KDIR=$(realpath -m "$KDIR")
# Name of the kernel source in use, for the tree and the build directories. Both cores
# share these: prepare copies what it has built before it releases the lock.
source_key() {
	if [ -n "${KDIR:-}" ]; then
		printf 'kdir-%s\n' "$(cksum <<<"$KDIR" | cut -d' ' -f1)"
	else
		echo debian
	fi
}

# build_dir NAME: where the kernel of that name is built.
build_dir() {
	printf '%s/build/%s-%s%s\n' "$CACHE" "$(source_key)" "$ARCH_INFIX" "$1"
}

# image_dir KERNEL: where prepare leaves what is booted
image_dir() {
	printf '%s/image/%s-%s-%s\n' "$OUT" "$1" "$CORE" "$(source_key)"
}

# lock PATH: for this process and all that it starts, until they have ended
lock() {
	local fd

	[[ ":${LAB_LOCKS:-}:" != *":$1:"* ]] || return 0
	mkdir -p "${1%/*}"
	exec {fd}<>"$1.lock"
	if ! flock -n "$fd"; then
		# the process that has just locked it writes its name
		[ -s "$1.lock" ] || sleep 0.3
		say "waiting for $(<"$1.lock"), which uses $1"
		flock "$fd"
	fi
	echo "process $$ (${0##*/} in $TOP)" >"$1.lock"
	export LAB_LOCKS=${LAB_LOCKS:-}:$1
}

# From the merge until what was built is copied: another checkout, or defects/, puts
# another driver into the cache's tree and builds.
lock_cache() {
	lock "$CACHE/build"
}

# results NAME: one process at a time makes the results of that name, in $RESULTS
results() {
	RESULTS=$OUT/results/$1
	lock "$RESULTS"
	mkdir -p "$OUT/log"
	: >"$RESULTS"
}

# add_result NAME WHY: WHY is empty if the test has passed
add_result() {
	printf '%s\t%s\t%s\n' "$([ -n "$2" ] && echo fail || echo pass)" "$1" "$2" \
		>>"$RESULTS"
}

# no_failure: whether none of the results is one
no_failure() {
	! grep -qP '^fail\t' "$RESULTS"
}

# summary FILE...: prints what has not passed, and how many have. Succeeds if there are
# results and all have passed.
summary() {
	awk -F '\t' '
		{ n[$1]++ }
		$1 != "pass" { gsub("\t", "  "); print }
		END {
			printf "%d passed, %d failed, %d skipped\n", n["pass"],
				n["fail"], n["skip"]
			exit !n["pass"] || n["fail"] || n["skip"]
		}' "$@"
}

# with_log LOG COMMAND...: quiet, but on failure shows the end of the log.
with_log() {
	local log=$1

	shift
	mkdir -p "$(dirname "$log")"
	if ! "$@" >"$log" 2>&1; then
		tail -n 25 "$log" >&2
		say "failed: $*"
		die "the whole log is $log"
	fi
}

# every SECONDS FUNCTION: until it is killed
every() {
	local next=$((SECONDS + $1))

	while sleep 1; do
		[ "$SECONDS" -ge "$next" ] || continue
		next=$((next + $1))
		"$2"
	done
}

# with_progress SECONDS FUNCTION COMMAND...: calls FUNCTION so often while COMMAND
# runs, and ends in its status. FUNCTION sees the caller's variables.
with_progress() {
	local loop rc=0

	every "$1" "$2" &
	loop=$!
	"${@:3}" || rc=$?
	kill "$loop"
	wait "$loop" 2>/dev/null || true
	return "$rc"
}

# job_lines [SED_OPTION] [FILE]: what a guest's job said, out of its console
job_lines() {
	sed -n -e 's/\r//g; s/^\(\[[^]]*\] \)\{0,1\}lab: //p' "$@"
}

# await_processor: returns when fewer of the shell's jobs run than there are processors.
await_processor() {
	while [ "$(jobs -rp | wc -l)" -ge "$JOBS" ]; do
		wait -n || true
	done
}

# touched PATCH...: the paths that patches of git change.
touched() {
	sed -n 's|^diff --git a/\([^ ]*\) b/.*|\1|p' "$@" | sort -u
}

# Copies stdin to FILE, but keeps an equal one and its time stamp.
write_if_changed() {
	local new

	new=$(mktemp "$1.XXXXXX")
	cat >"$new"
	if cmp -s "$new" "$1"; then
		rm -f "$new"
	else
		mv -f "$new" "$1"
	fi
}

kernel_make() {
	make -C "$TREE" O="$BUILD" "${KERNEL_ENV[@]}" CC="ccache ${CROSS}gcc" \
		HOSTCC='ccache gcc' \
		KBUILD_BUILD_TIMESTAMP='1970-01-01' KBUILD_BUILD_USER=lab \
		KBUILD_BUILD_HOST=mctp-pcc -j"$JOBS" "$@"
}
