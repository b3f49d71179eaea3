#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: study-boot.sh [-n] NAME
#
# Runs one boot of measure/study/matrix in the lab. When its trace is whole, it becomes build/study/NAME.trace, and
# replaces an older one. measure/study.sh calls this for each boot that has no trace.
#
#   -n  only print how the boot would be run
#   -h  print this help
#
# Environment: O is the build directory, with all that `make study-parts` builds.
# Exit codes: 0 done, 1 no pass, 2 usage, or the matrix is wrong, 3 a part is missing, 124 timeout,
# 125 it hangs, 130 interrupted. If it fails, build/study/NAME.new has what was captured until then.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/../scripts/common.sh"

study=$build/study
matrix=${STUDY:-$root/measure/study}/matrix
limit=900	# seconds of CPU time; the longest boot takes some three minutes
known=" args cd disk firmware hist kver kvm lane machine options probe ram vcpus "

trim() {	# TEXT: prints it without blanks at its ends
	sed 's/^[[:space:]]*//; s/[[:space:]]*$//' <<< "$1"
}

wrong() {
	die 2 "$matrix: $name: $*"
}

# Sets guest, how, cmdline, lane, kver, and variables[], the variables of linux.sh
read_line() {
	local line fields variable

	line=$(grep "^$name *|" "$matrix") || wrong "no such boot"
	[[ $line != *$'\n'* ]] || wrong "is there twice"
	IFS='|' read -ra fields <<< "$line|"
	[[ ${#fields[@]} -eq 7 ]] || wrong "${#fields[@]} columns, not 7"
	guest=$(trim "${fields[3]}") how=$(trim "${fields[4]}") cmdline=$(trim "${fields[5]}")
	[[ $guest =~ ^(small|small-6\.12|debian)$ ]] || wrong "no such guest: $guest"
	[[ $how =~ ^(cd|direct)$ ]] || wrong "neither cd nor direct: $how"
	lane=amd kver=6.1
	variables=(vcpus=1 "options=sync observer=0")
	[[ $guest != debian ]] || variables+=(ram=512)
	while read -rd';' variable; do
		[[ $known == *" ${variable%%=*} "* ]] || wrong "no such variable: $variable"
		case $variable in
		lane=*)	lane=${variable#*=} ;;
		kver=*)	kver=${variable#*=} ;;
		*)	variables+=("$variable") ;;
		esac
	done <<< "$(trim "${fields[6]}" | sed 's/..*/&;/')"
	[[ $how == cd ]] || variables+=("direct=$cmdline")
}

gather() {	# copies the guest's parts to $files
	local kernel=$build/lab/6.1/vmlinuz initrd=$build/guest/initrd.gz part

	case $guest in
	small-*) kernel=$build/kernel/${guest#small-}/vmlinuz ;;
	debian)	kernel=$build/debian/vmlinuz initrd=$build/debian/initrd.img ;;
	esac
	for part in "$kernel" "$initrd" "$build"/bootexits{,.elf}; do
		[[ -f $part ]] || die 3 "$part is missing: make study-parts"
	done
	mkdir -p "$files"
	cp "$kernel" "$files/vmlinuz"
	cp "$initrd" "$files/initrd.gz"
	cp "$build/bootexits.elf" "$files/"
	[[ $how == direct ]] || CMDLINE=$cmdline make -s -C "$root/iso" O="$files" linux \
		KERNEL="$files/vmlinuz" INITRD="$files/initrd.gz" > /dev/null
}

set_arguments() {	# of lab/lab.sh
	local variable

	arguments=(-p)
	[[ $guest != debian ]] || arguments+=(-d "$build/debian/disk.img")
	for variable in "${variables[@]}"; do
		arguments+=(-e "$variable")
	done
	arguments+=(linux)
	case $how in
	cd)	arguments+=("$files/linux.iso") ;;
	direct)	arguments+=("$files"/{bootexits.elf,vmlinuz,initrd.gz}) ;;
	esac
	for variable in "${variables[@]}"; do
		[[ $variable != probe=* ]] || arguments+=("$root/measure/study/${variable#probe=}")
	done
}

dry=
[[ ${1-} != -h ]] || { usage; exit; }
[[ ${1-} != -n ]] || { dry=1; shift; }
[[ $# -eq 1 && $1 =~ ^[a-z0-9][a-z0-9.-]*$ ]] || { usage >&2; exit 2; }

name=$1
files=$study/$name.files
read_line
set_arguments
[[ -z $dry ]] || { echo "$name: LANE=$lane KVER=$kver $cmdline: lab.sh ${arguments[*]}"; exit; }

trap 'rm -rf "$files"' EXIT
rm -rf "$study/$name.new"*
gather
LANE=$lane KVER=$kver "$build/bootexits" record --lab -t $limit -o "$study/$name.new" -- \
	"${arguments[@]}" > "$study/$name.err" 2>&1 &
wait_for $!
[[ $status -eq 0 ]] || { say "$name: status $status: $(tail -n 1 "$study/$name.err")"; exit "$status"; }
rm "$study/$name.err"
mv "$study/$name.new" "$study/$name.trace"
say "$name: done"
