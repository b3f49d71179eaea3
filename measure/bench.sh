#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: bench.sh [-a] [-j JOBS] [-h]
#
# Measures in the lab what tracing costs: per exit of each kind, per poll with more vCPUs, and per boot of
# the small guest. It does so in each configuration of lab/l1/configurations.sh. The payload's log
# (serial.log) and L1's (host.log) go to build/bench or build/bench-intel. `bootexits bench` reads them.
#
#   -a       all: perf and bpftrace, too. The AMD lane also boots the guest in all configurations, and measures
#            more vCPUs, several VMs and memory. The logs go to build/bench-all
#   -j JOBS  how many L1s run at once, default 2
#   -h       print this help
#
# Environment: LANE and KVER, see lab.sh; O is the build directory. L1_HANG is 0 unless you set it: 64 vCPUs
# that wait by PAUSE on L1's one CPU look like a hang for minutes. The -t of lab.sh ends a real hang.
# Exit codes: 0 done, 1 some L1 failed, 2 usage, 3 a part is missing, 130 interrupted.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/../scripts/common.sh"

job() {	# ARGUMENT... of lab.sh: prints a command line for GNU parallel
	printf '%q ' "$root/lab/lab.sh" "${more[@]}" -t 2400 "$@"
	echo
}

list_jobs() {	# the longest ones first, so that the CPUs stay busy
	local name

	job -e configurations="${configurations[*]}" -e vcpus="$vcpus" -o "$out/exits" bench "$build/bootexits.elf"
	[[ -z $growth ]] || job -o "$out/growth" bench-growth "$build/bootexits.elf"
	for name in "${booted[@]}"; do
		job -e configuration="$name" -o "$out/boot-$name" bench-boot "$files/linux.iso"
	done
}

jobs=2
all=
export L1_HANG=${L1_HANG:-0}
while getopts aj:h option; do
	case $option in
	a)	all=-all ;;
	j)	jobs=$OPTARG ;;
	h)	usage; exit ;;
	*)	usage >&2; exit 2 ;;
	esac
done
[[ $OPTIND -gt $# && $jobs =~ ^[1-9][0-9]*$ ]] || { usage >&2; exit 2; }
command -v parallel > /dev/null || die 3 "no GNU parallel: run scripts/packages.sh -t"

out=$build/bench$all
vcpus="2 4"
growth=
if [[ ${LANE:-amd} == intel ]]; then
	out+=-intel
elif [[ -n $all ]]; then
	vcpus="2 4 8 16 32 64" growth=growth
fi
files=$out/files
more=()
configurations=(stock off on on-histogram on-sites on-page)
booted=("${configurations[@]}")
[[ ${LANE:-amd} != intel ]] || booted=(stock off on)	# each boot takes Bochs five minutes
configurations+=(kvm_exit kvm_exit+entry kvm_exit-hist)
if [[ -n $all ]]; then
	configurations+=(perf bpftrace)
	[[ ${LANE:-amd} == intel ]] || booted=("${configurations[@]}")
	more=(-a "$build/lab/bench.cpio")
	export L1_RAM=2048	# the most that Bochs takes
fi

rm -rf "$out"
"$root/lab/images/bench-iso.sh" "$files"
bar=()
[[ ! -t 2 ]] || bar=(--bar)
parallel --will-cite -j "$jobs" --halt now,fail=1 "${bar[@]}" < <(list_jobs) &
wait_for $!
[[ $status -eq 0 ]] || die 1 "some L1 failed: see its log in $out"
cp "$out/exits/serial.log" "$out/"
for name in "${booted[@]/#/boot-}" $growth; do
	cat "$out/$name/host.log"
done > "$out/host.log"
rm -rf "$files"
