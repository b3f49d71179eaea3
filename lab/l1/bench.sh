#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Measures what tracing costs. It runs the payload's benchmark under each configuration, all in one boot of L1, so that
# nothing else differs. Then it measures a poll with more vCPUs. Variables: configurations (names of configurations.sh;
# default stock, off, on and the three of kvm_exit), vcpus (for the polls; default "2 4").

. /l1.sh
. /configurations.sh

bench() {	# NAME OPTION ARGS...
	name=$1 option=$2
	shift 2
	run "$name" "$@" -kernel /files/bootexits.elf -append "$option"
	[ "$verdict" -eq 0 ]
}

# So that each page faults when L2 first touches it
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
