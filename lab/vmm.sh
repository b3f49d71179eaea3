#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: vmm.sh [OPTION OF lab.sh]... VMM [ARGUMENT...]
#
# Runs a VMM of your own in the lab, on the patched KVM. VMM is an x86-64 program, with a slash in its name. Its
# libraries, and the files that its arguments name, go to L1 with it. It runs in a folder that stands for this one:
# there relative names work as here. L1 has absolute names, too. Files are found as a whole word, as a part between
# commas, and after an equals sign.
#
#   -e host=stock -a build/lab/KVER/bpf.cpio   on Debian's own KVM, where BPF programs count (make bpf)
#
# Environment: that of lab.sh.
# Exit codes: 0 the VMM's status is 0; 1 it is another one, or L1 ends without a verdict; 2 usage; 3 the VMM can't be
# put into L1, or as in lab.sh; 4 it ran no VM; 124, 125 and 130 as in lab.sh.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/../scripts/common.sh"

options=()
while [[ ${1-} == -* ]]; do
	[[ $1 != -h ]] || { usage; exit; }
	[[ $1 =~ ^-[otead]$ && $# -gt 1 || $1 == -p ]] || { usage >&2; exit 2; }
	options+=("$1")
	if [[ $1 != -p ]]; then
		options+=("$2")
		shift
	fi
	shift
done
[[ ${1-} == */* ]] || { usage >&2; exit 2; }
vmm=$1
[[ -f $vmm && -x $vmm ]] || die 3 "$vmm is no program"

carry() {	# FILE PATH: puts a copy of it at that path in L1
	mkdir -p "$top/root${2%/*}"
	cp -L -- "$1" "$top/root$2"
}

# The VMM does not run here: the loader only lists what it would load
carry_libraries() {
	local loader library

	loader=$(readelf -lW -- "$vmm" 2> /dev/null | sed -n 's/.*interpreter: \(.*\)\]$/\1/p')
	[[ -n $loader ]] || return 0
	if [[ ! -x $loader ]] || ! "$loader" --list "$(realpath -- "$vmm")" > "$top/list" 2> /dev/null || grep -q 'not found' "$top/list"; then
		die 3 "$vmm needs libraries that are not here: link it with -static"
	fi
	while read -r library; do
		carry "$library" "/usr/lib/x86_64-linux-gnu/${library##*/}"
	done < <(sed -n 's/.* => \(\/[^ ]*\) (.*/\1/p' "$top/list")
	carry "$loader" "$loader"
}

carry_files() {	# WORD: carries each file that it names
	local part parts

	IFS=, read -r -a parts <<< "$1"
	for part in "$1" "${parts[@]}" "${parts[@]#*=}" "${parts[@]##*=}"; do
		[[ -f $part && $part != /dev/* && $part != /proc/* && $part != /sys/* ]] || continue
		case $part in
		/*)	carry "$part" "$(realpath -ms -- "$part")" ;;
		*)	carry "$part" "$(realpath -ms -- "/vmm/$part")" ;;
		esac
	done
}

top=$(mktemp -d)
trap 'rm -rf "$top"' EXIT
[[ -x $build/bootexits-vmm ]] || die 3 "$build/bootexits-vmm is missing: make l1"
mkdir -p "$top"/root/{vmm,bin}
cp "$build/bootexits-vmm" "$top/root/bin/"
carry_libraries
command='exec'
for word in "$@"; do
	carry_files "$word"
	command+=" '${word//\'/\'\\\'\'}'"
done
printf '%s\n' "$command" > "$top/root/vmm.command"
pack_cpio "$top/root" > "$top/vmm.cpio"
ram=$((2 * $(stat -c %s "$top/vmm.cpio") / 1048576 + 512))
[[ ${L1_RAM:-1024} -ge $ram ]] || die 3 "the VMM and its files need more memory in L1: L1_RAM=$((ram + 256))"
"$here/lab.sh" "${options[@]}" -p -a "$top/vmm.cpio" vmm &
wait_for $!
exit "$status"
