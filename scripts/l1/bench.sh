#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# What tracing costs: the payload's benchmark under each configuration, all in one boot of L1 so that
# nothing else differs; then what a poll costs with more vCPUs. Variables: configurations (those of
# configurations.sh; default without perf and bpftrace), vcpus (for the polls; default "2 4").

. /l1.sh
. /configurations.sh

bench() {	# NAME OPTION ARGS...
	name=$1 option=$2
	shift 2
	run "$name" "$@" -kernel /files/bootexits.elf -append "$option"
	[ "$verdict" -eq 0 ]
}

# Each page that L2 touches first is to fault.
echo never > /sys/kernel/mm/transparent_hugepage/enabled
for each in ${configurations:=stock off on kvm_exit kvm_exit-hist kvm_exit+entry}; do
	configure "$each"
	bench "$each" bench
	unconfigure
done

configure on
for n in ${vcpus:=2 4}; do
	bench "on-$n-vcpus" bench=cpuid-4fffffff -smp "$n"
done
unconfigure
