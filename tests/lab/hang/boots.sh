#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: boots.sh [-n SEEDS] [-t SECS] [-h]
#
# Boots the Linux of `make run' in the lab, in each of 20 slightly different L1s (L1_SEED), in five ways: as `make run'
# does, with 1, 3 and 4 vCPUs, and with a verbose console. None of the 100 boots may hang. This takes an hour and a half
# of CPU time. If you end it, the next run goes on from there.
#
#   -n SEEDS  number of L1s (default: 20)
#   -t SECS   limit of a boot, in seconds of the emulator's time (default: 300). With our emulator a boot takes 50. If a
#             guest waits for ever with all its vCPUs asleep, L1's time runs on, and watch.sh does not call it a hang.
#   -h        print this help
#
# build/hang/EMULATOR/results.tsv gets a line for each boot: seed, way, status of `bootexits record', exits, whether
# they equal the host's to the unit, CPU seconds. If a boot does not pass, its trace stays. table.sh prints all results.
#
# Environment: QEMU is the emulator, as for lab.sh. EMULATOR is its name here (default: ours, debian, or its folder's
# name). JOBS boots run at a time (default: 2). O and KVER say what was built, by `make all guest'.
# Exit codes: 0 all passed, 1 some did not, 2 usage, 3 a part is not built, or the results are of other parts,
# 130 interrupted.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/../../../scripts/common.sh"

seeds=20
export limit=300
ways="default 1-vcpu 3-vcpus 4-vcpus verbose"
export O=$build KVER=$kver

name_emulator() {
	case ${QEMU:-$build/qemu/qemu-system-x86_64} in
	"$build"/qemu/*)	echo ours ;;
	qemu-system-x86_64 | /usr/bin/*) echo debian ;;
	*)			basename "$(dirname "$(realpath "$QEMU")")" ;;
	esac
}

make_iso() {	# NAME CMDLINE
	[[ -e $build/$1.iso ]] || make -s -C "$root/iso" O="$build" linux NAME="$1" CMDLINE="$2" \
		KERNEL="$build/lab/$kver/vmlinuz" INITRD="$build/guest/initrd.gz" > /dev/null
}

# Print checksums of all parts that decide the counts. A rebuilt L1 has other counts.
parts() {
	sha256sum "$build/lab/$kver"/{vmlinux,l1.cpio} "$build/kvm/$kver"/{kvm,kvm-amd}.ko "$build"/hang-{quiet,verbose}.iso \
		"$(command -v "${QEMU:-$build/qemu/qemu-system-x86_64}")" "$root"/lab/l1/{init,l1.sh,l2.sh,linux.sh}
}

# Run one boot, and add its line to the results.
boot() {	# SEED WAY
	local seed=$1 way=$2 vcpus=2 iso=hang-quiet status=0 equal=no exits cpu TIMEFORMAT='%U %S'
	local trace=$dir/$way-$seed.trace

	case $way in
	*-vcpu*)	vcpus=${way%%-*} ;;
	verbose)	iso=hang-verbose ;;
	esac
	{ time L1_SEED=$seed "$build/bootexits" record --lab -t "$limit" -o "$trace" -- -p -e vcpus="$vcpus" -e hist=0 \
		linux "$build/$iso.iso" > "$trace.said" 2>&1; } 2> "$trace.time" || status=$?
	[[ $status -ne 130 && $status -ne 2 && $status -ne 3 ]] || { tail -n 1 "$trace.said" >&2; return 1; }
	exits=$(jq -s 'map(select(.guest == "host")) | last | .exits // empty' "$trace" 2> /dev/null || :)
	"$build/bootexits" report "$trace" > "$trace.report" 2> /dev/null || :
	! grep -q ': equal to the unit$' "$trace.report" || grep -q 'differ' "$trace.report" || equal=yes
	[[ -n $exits ]] || exits=$(jq -r 'select(.console == "host") | .text' "$trace" |
		sed -n 's/^host so far: \([0-9]*\) exits.*/\1/p' | tail -n 1)
	cpu=$(awk '{ printf "%.0f", $1 + $2 }' "$trace.time")
	printf '%s\t%s\t%s\t%s\t%s\t%s\n' "$seed" "$way" "$status" "${exits:-0}" "$equal" "$cpu" >> "$results"
	rm "$trace".{said,time,report}
	[[ $status -ne 0 || $equal == no ]] || rm -f "$trace"
}

[[ ${1-} != --boot ]] || { boot "$2" "$3"; exit; }
while getopts n:t:h option; do
	case $option in
	n)	seeds=$OPTARG ;;
	t)	limit=$OPTARG ;;
	h)	usage; exit ;;
	*)	usage >&2; exit 2 ;;
	esac
done
shift $((OPTIND - 1))
[[ $# -eq 0 && "$seeds $limit" =~ ^[1-9][0-9]*\ [1-9][0-9]*$ ]] || { usage >&2; exit 2; }

{ make_iso hang-quiet "console=ttyS0 quiet" && make_iso hang-verbose "console=ttyS0"; } ||
	die 3 "there is no ISO to boot: make all guest"
export dir=$build/hang/${EMULATOR:-$(name_emulator)}
export results=$dir/results.tsv
mkdir -p "$dir"
exec {lock}> "$dir/.lock"
flock -n "$lock" || die 3 "another one writes to $dir"
parts > "$dir/parts.new" || die 3 "a part is not built: make all guest"
[[ ! -s $results ]] || cmp -s "$dir/parts" "$dir/parts.new" ||
	die 3 "$dir is of other parts than there are now: remove it"
mv "$dir/parts.new" "$dir/parts"
touch "$results"
for ((seed = 0; seed < seeds; seed++)); do
	for way in $ways; do
		grep -q "^$seed	$way	" "$results" || echo "$seed $way"
	done
done | xargs -r -n 2 -P "${JOBS:-2}" "$here/boots.sh" --boot ||
	die 1 "not all boots could be made; the same command goes on"
"$here/table.sh"
awk -F '\t' '$3 != 0 || $5 != "yes" { bad = 1 } END { exit bad }' "$results"
