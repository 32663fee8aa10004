# SPDX-License-Identifier: GPL-2.0
# Copyright (C) 2026 The mctp-pcc authors
# shellcheck shell=bash
#
# Collects a guest's file system in a directory. Read after lib.sh.

# The directory with the guest's programs: the host's root without packages.
PACKAGES=$(guest_packages)
# shellcheck disable=SC2086 # a list of words
GUEST_ROOT=${PACKAGES:+$("$LAB/host/private-root" "$CONFIG_ARCH" $PACKAGES)}

# add_libraries GUEST_FILES PROGRAM
add_libraries() {
	local lib

	libraries "$GUEST_ROOT" "$2" | while read -r lib; do
		[ -e "$1$lib" ] || install -D -m 755 "$GUEST_ROOT$lib" "$1$lib"
	done
}

# add_program GUEST_FILES PROGRAM PLACE
add_program() {
	install -D -m 755 "$2" "$1/$3"
	add_libraries "$1" "$2"
}

# add_terminfo GUEST_FILES DIRECTORY...: each terminal's file from the first directory
# that has it
add_terminfo() {
	local name dir found

	for name in ansi linux vt100 vt102 vt220 xterm xterm-256color; do
		found=
		for dir in "${@:2}"; do
			found=$dir/${name:0:1}/$name
			[ ! -f "$found" ] || break
		done
		[ -f "$found" ] ||
			die "no terminfo of $name in ${*:2}: install ncurses-base"
		install -D -m 644 "$found" "$1/lib/terminfo/${name:0:1}/$name"
	done
}

# add_extra GUEST_FILES PATH: a program goes to /usr/bin, a directory and data to /root;
# programs in a directory get their libraries too.
add_extra() {
	local name file

	need_path 'EXTRA: no such program, directory or file' "$2"
	name=$(basename "$2")
	if [ -d "$2" ]; then
		mkdir -p "$1/root"
		cp -aL "$2" "$1/root/$name"
		find "$1/root/$name" -type f -perm -u+x | while read -r file; do
			add_libraries "$1" "$file"
		done
	elif [ -x "$2" ]; then
		add_program "$1" "$2" "usr/bin/$name"
	else
		install -D -m 644 "$2" "$1/root/$name"
	fi
}

# pack GUEST_FILES FILE: the directory as an initramfs
pack() {
	(cd "$1" && find . | LC_ALL=C sort | cpio -o -H newc -R 0:0 --quiet) \
		>"$2.new"
	mv "$2.new" "$2"
}
