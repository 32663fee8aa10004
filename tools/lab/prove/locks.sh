# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
# shellcheck shell=bash
#
# Locks: the kernel's context analysis, which needs clang 23. One object is compiled,
# for x86-64 and arm64, and each defect by the same command: the lock calls and the
# annotations, each dropped in turn.

CLANG_VERSION=23
ARCHES=(x86_64 arm64)

# The compiler as one word for make, which it also starts itself by for a second step.
# By its loader it does not find its own headers.
compiler() {
	local llvm=$1/usr/lib/llvm-$CLANG_VERSION

	cat <<-END | write_if_changed "$1/clang"
		#!/bin/sh
		case \$1 in
		-cc1*) ;;
		*) set -- -no-canonical-prefixes -resource-dir \
			$llvm/lib/clang/$CLANG_VERSION "\$@" ;;
		esac
		exec $(runs "$1") --argv0 "\$0" $llvm/bin/clang "\$@"
	END
	chmod +x "$1/clang"
}

# command_of ARCH: makes the object once, and keeps how it was compiled.
command_of() {
	local object=drivers/net/mctp/mctp-pcc.o args

	BUILD=$(build_dir "locks-$1")
	args=(ARCH="$1" CC="$CLANG_ROOT/clang" "CONTEXT_ANALYSIS_${object##*/}=y")
	[ "$1" != arm64 ] || args+=(CROSS_COMPILE=aarch64-linux-gnu-)
	mkdir -p "$BUILD"
	{
		cat "$LAB/kernel/config/driver.config"
		printf 'CONFIG_%s=y\n' SMP DEBUG_KERNEL \
			WARN_CONTEXT_ANALYSIS WERROR MCTP_TRANSPORT_PCC
	} >"$BUILD/forced.config"
	KCONFIG_ALLCONFIG=$BUILD/forced.config kernel_make allnoconfig "${args[@]}" &&
		grep -x CONFIG_WARN_CONTEXT_ANALYSIS=y "$BUILD/.config" &&
		rm -f "$BUILD/$object" &&
		kernel_make "${args[@]}" W=1 "$object" &&
		sed -n '1s/^[^=]*= //p' "$BUILD/${object%/*}/.${object##*/}.cmd" |
		sed "s/ ; .*//; s| -Wp,-MMD,[^ ]*||; s| -o [^ ]* | -o /dev/null |
			s| [^ ]*/mctp-pcc\.c *\$| -I$TREE/drivers/net/mctp \"\$1\"|" \
			>"$WORK/compile-$1"
}

# compiles [FUNCTION BEFORE AFTER]: without any message; a defect is one of all
# architectures.
compiles() {
	local arch found=0

	"$HERE/prepare-source" "$DRIVER" "$@" >mctp-pcc.c || return 2
	for arch in "${ARCHES[@]}"; do
		(cd "$(build_dir "locks-$arch")" &&
			sh "$WORK/compile-$arch" "$OLDPWD/mctp-pcc.c") >"messages-$arch" \
			2>&1 && [ ! -s "messages-$arch" ] && continue
		cat "messages-$arch"
		grep -q 'Wthread-safety' "messages-$arch" || return 2
		found=$((found + 1))
	done
	case $found in
	0) ;;
	"${#ARCHES[@]}") return 1 ;;
	*) return 2 ;;
	esac
}

if CLANG_ROOT=$(root "clang-$CLANG_VERSION" sid "clang-$CLANG_VERSION"); then
	compiler "$CLANG_ROOT"
	(
		lock_cache
		TREE=$("$LAB/kernel/make-tree")
		for arch in "${ARCHES[@]}"; do
			judge 0 "the object builds, $arch" command_of "$arch"
		done
	)
	aside 0 "no message, ${ARCHES[*]}" compiles
	mutants compiles
fi
