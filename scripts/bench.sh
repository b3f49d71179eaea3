#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: bench.sh [-a] [-h]
#
# Measures in the lab what tracing costs: per exit of each kind, per poll with more vCPUs, and per boot of
# the small guest, in each configuration of scripts/l1/configurations.sh. Writes the payload's log
# (serial.log) and L1's (host.log) to build/bench, or build/bench-intel: for `bootexits bench`.
#
#   -a  all: also perf and bpftrace, more vCPUs, several VMs, and memory; to build/bench-all
#   -h  print this help
#
# Environment: LANE and KVER as lab.sh has them; O is the build directory.
# Exit codes: those of lab.sh.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/common.sh"

boots() {	# CONFIGURATION...: each in an L1 of its own, two at a time
	parallel --will-cite -j 2 --halt now,fail=1 "$here/lab.sh" "${more[@]}" -t 1800 -e configuration={} \
		-o "$out/boot-{}" bench-boot "$files/linux.iso" ::: "$@"
}

all=
case ${1-} in
"")	;;
-a)	all=-all ;;
-h)	usage; exit ;;
*)	usage >&2; exit 2 ;;
esac

out=$build/bench$all
[[ ${LANE:-amd} != intel ]] || out+=-intel
files=$out/files
more=()
vcpus="2 4"
configurations=(stock off on)
for param in histogram sites page; do
	grep -qa "parm=exit_trace_$param:" "$build/kvm/$kver/kvm.ko" && configurations+=("on-$param")
done
booted=("${configurations[@]}")
configurations+=(kvm_exit kvm_exit+entry kvm_exit-hist)
if [[ -n $all ]]; then
	configurations+=(perf bpftrace)
	booted=("${configurations[@]}")
	more=(-a "$build/lab/bench.cpio")
	vcpus="2 4 8 16 32 64"
	export L1_RAM=3072
fi

rm -rf "$out"
"$here/bench-iso.sh" "$files"
"$here/lab.sh" "${more[@]}" -t 1800 -e configurations="${configurations[*]}" -e vcpus="$vcpus" -o "$out/exits" \
	bench "$build/bootexits.elf"
boots "${booted[@]}"
[[ -z $all ]] || "$here/lab.sh" "${more[@]}" -t 1800 -o "$out/growth" bench-growth "$build/bootexits.elf"
cp "$out/exits/serial.log" "$out/"
for name in "${booted[@]/#/boot-}" ${all:+growth}; do
	cat "$out/$name/host.log"
done > "$out/host.log"
rm -rf "$files"
