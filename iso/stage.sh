#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: KERNEL=FILE INITRD=FILE [CMDLINE=TEXT] [ALONE=1] stage.sh DIRECTORY
#
# Puts the files that an ISO boots into DIRECTORY, under names that neither make nor GRUB has to quote: vmlinuz,
# initrd, cmdline (the text and a zero byte) and alone.cfg (GRUB's own command; empty without ALONE). A file that has
# not changed is not written. The text is taken byte for byte.
#
# Exit codes: 0 done, 2 a file is missing, or the text can't be a command line.
set -euo pipefail

die() {
	printf 'iso: %s\n' "$1" >&2
	exit 2
}

# put NAME: writes standard input to that file, if it differs
put() {
	cat > "$dir/$1.new"
	if cmp -s "$dir/$1.new" "$dir/$1"; then
		rm "$dir/$1.new"
	else
		mv "$dir/$1.new" "$dir/$1"
	fi
}

# stage NAME FILE: copies FILE there, if it differs
stage() {
	cmp -s "$dir/$1" "$2" || put "$1" < "$2"
}

# For GRUB each blank ends a word. Each word gets apostrophes, so an empty word gives one more blank.
alone() {
	[[ $CMDLINE != *[\"\'\\]* ]] ||
		die "ALONE=1: GRUB's linux command escapes quotes, apostrophes and backslashes, so CMDLINE= must have none"
	printf "linux /boot/vmlinuz '%s'\ninitrd /boot/initrd\nboot\n" "${CMDLINE// /\' \'}"
}

[[ $# -eq 1 && $1 != -* ]] || { sed -n '3,/^$/s/^# \{0,1\}//p' "$0" >&2; exit 2; }
dir=$1
CMDLINE=${CMDLINE-}
[[ -f ${KERNEL-} ]] || die "there is no KERNEL=${KERNEL-}"
[[ -f ${INITRD-} ]] || die "there is no INITRD=${INITRD-}"
[[ $CMDLINE != *$'\n'* ]] || die "CMDLINE= has more than one line"
mkdir -p "$dir"
stage vmlinuz "$KERNEL"
stage initrd "$INITRD"
printf '%s\0' "$CMDLINE" | put cmdline
if [[ -n ${ALONE-} ]]; then alone; fi | put alone.cfg
