#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: boots.sh [-l] [-t FILE] [NAME...]
#
# Runs the boots that docs/full-boot.md compares, one after the other in the lab, and writes
# their figures as a table, a line per boot and phase. The build directory must have all that
# make run-debian builds, and for a guest small-VERSION that kernel. Each log stays in
# build/boots/NAME; a boot that is there already is not run again.
#
#   NAME     these boots only; default all of them, some two minutes each
#   -l       list the boots, run none
#   -t FILE  where the table goes, default build/boots/boots.tsv. Columns: boot, phase,
#            milliseconds of the guest's time, exits of all vCPUs but the observer's, those that only
#            measuring caused (self), the observer's, instructions that all but the observer's cost KVM,
#            then exits by reason; in the lines of the total bytes that the guest's console printed
#   -h       print this help
#
# Environment: O is the build directory.
# Exit codes: 0 done, 1 a boot failed, 2 usage, 3 a part is not built.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/common.sh"

boots=$build/boots
table=$boots/boots.tsv
matrix=$root/docs/full-boot/matrix
reasons=(io cr0_sel_write interrupt vintr cpuid npf msr hlt)

trim() {	# TEXT without blanks at its ends
	sed 's/^[[:space:]]*//; s/[[:space:]]*$//' <<< "$1"
}

boot() {	# NAME GUEST CMDLINE VARIABLES: one boot in the lab
	local name=$1 kernel=$build/lab/$kver/vmlinuz initrd=$build/guest/initrd.gz files part variable
	local arguments=(-e vcpus=1 -e "options=sync observer=0")

	case $2 in
	small-[0-9]*)	kernel=$build/guest/${2#small-}/vmlinuz ;;
	debian*)
		kernel=$build/debian/vmlinuz initrd=$build/debian/initrd.img
		arguments+=(-d "$build/debian/disk.img" -e disk=virtio -e ram=512)
		;;
	esac
	for part in "$kernel" "$initrd" "$build"/bootexits{,.elf}; do
		[[ -f $part ]] || die 3 "$part is missing: make run-debian, or scripts/guest-kernel.sh VERSION"
	done
	mkdir -p "$boots/files"
	cp "$kernel" "$boots/files/vmlinuz"
	cp "$initrd" "$boots/files/initrd.gz"
	cp "$build/bootexits.elf" "$boots/"
	files=("$boots/linux.iso")
	if [[ $2 == *-kernel ]]; then
		arguments+=(-e "direct=$3")
		files=("$boots/bootexits.elf" "$boots"/files/{vmlinuz,initrd.gz})
	else
		CMDLINE=$3 make -s -C "$root/iso" O="$boots" linux KERNEL="$kernel" INITRD="$initrd" ||
			return
	fi
	while read -rd';' variable; do
		arguments+=(-e "$variable")
	done <<< "${4:+$4;}"
	[[ $4 != *probe=* ]] || files+=("$root/docs/full-boot/ports.sh")
	say "$name"
	rm -f "$boots/$name/observer.log"
	"$here/lab.sh" -p -o "$boots/$name.new" -t 600 "${arguments[@]}" linux "${files[@]}" \
		2> "$boots/$name.err" || return
	rm -rf "${boots:?}/$name"
	mv "$boots/$name.new" "$boots/$name"
}

# The rows of one boot, out of the tool's JSON: it has a field a line, and its indent tells whose it is.
rows() {	# NAME
	"$build/bootexits" report --json "$boots/$1/observer.log" |
		awk -v boot="$1" -v bytes="$(grep -av "^bx " "$boots/$1/serial.log" | wc -c)" -v list="${reasons[*]}" '
		BEGIN { OFS = "\t"; n = split(list, reason, " ") }
		/"all_vcpus"/	{ exit }
		{ indent = match($0, /[^ ]/) - 1; gsub(/[",:]/, "") }
		$1 == "name" && (indent == 8 || indent == 10) { depth = indent; split("", is); split("", count) }
		$1 == "name" && depth && indent == depth + 4 { slot = $2 }
		$1 == "exits" && depth && indent == depth + 4 { count[slot] = $2 }
		depth && indent == depth { is[$1] = $2 }
		$1 == "}" && depth && indent == depth - 2 {
			row = boot OFS is["name"] OFS is["ms"] + 0 OFS is["exits"] OFS is["self"] + 0 \
				OFS is["observer"] + 0 OFS is["kvm"]
			for (i = 1; i <= n; i++) {
				row = row OFS count[reason[i]] + 0
				is["exits"] -= count[reason[i]]
			}
			print row, is["exits"], is["name"] == "total" ? bytes : 0
			depth = 0
		}'
}

list=
while [[ ${1-} == -* ]]; do
	case $1 in
	-l)	list=1 ;;
	-t)	table=${2-}; shift ;;
	-h)	usage; exit ;;
	*)	usage >&2; exit 2 ;;
	esac
	shift || { usage >&2; exit 2; }
done
mkdir -p "$boots"
failed=0
new=$(mktemp)
trap 'rm -f "$new"' EXIT
{ echo boot phase ms exits self observer instructions "${reasons[@]}" other console | tr ' ' '\t'; } > "$new"
while IFS='|' read -r name guest cmdline variables <&3; do
	name=$(trim "$name")
	[[ $# -eq 0 || " $* " == *" $name "* ]] || continue
	[[ -z $list ]] || { echo "$name"; continue; }
	[[ -f $boots/$name/observer.log ]] ||
		boot "$name" "$(trim "$guest")" "$(trim "$cmdline")" "$(trim "$variables")" ||
		{ say "$name failed: $boots/$name.new"; failed=1; continue; }
	rows "$name" >> "$new"
done 3< <(grep -v "^#" "$matrix" | grep .)
[[ -n $list ]] || cp "$new" "$table"
exit $failed
