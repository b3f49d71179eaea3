#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# How the tracer's cost grows: kernel memory of VMs that are created and don't run, and what an exit
# costs while several VMs run at once. The host log gets a line `memory' or `vms' for each.

. /l1.sh
. /configurations.sh

kernel_kib() {	# what KVM allocates from: slabs (large kmallocs included), vmalloc, per-CPU memory
	awk '/^(SUnreclaim|VmallocUsed|Percpu):/ { sum += $2 } END { print sum }' /proc/meminfo
}

vm() {	# NUMBER ARGS...: a VM in the background, its serial port in /tmp/vm-NUMBER
	: > "/tmp/vm-$1"
	number=$1
	shift
	qemu-system-x86_64 -accel kvm -cpu "$l2_cpu" -m 64 -nodefaults -display none -no-reboot \
		-chardev file,id=serial,path="/tmp/vm-$number" -serial chardev:serial \
		-device isa-debug-exit,iobase=0xf4,iosize=4 "$@" 3>&- &
	pids="$pids $!"
}

memory() {	# VMS VCPUS: KiB that each of so many VMs takes, with so many vCPUs
	pids=''
	before=$(kernel_kib)
	for i in $(seq "$1"); do
		vm "$i" -smp "$2" -S
	done
	sleep 5
	emit "memory configuration=$configuration vms=$1 vcpus=$2 kib=$((($(kernel_kib) - before) / $1))"
	# shellcheck disable=SC2086 # one word per process
	kill $pids
	wait
}

together() {	# VMS: so many that do nothing but CPUIDs, at once: the worst of their medians
	pids=''
	for i in $(seq "$1"); do
		vm "$i" -kernel /files/bootexits.elf -append bench=cpuid-0
	done
	wait
	emit "vms configuration=$configuration vms=$1 $(cat /tmp/vm-* |
		sed -n 's/.* bench .* \(median=[0-9]*\) .*/\1/p' | sort -n -t = -k 2 | sed -n '$p')"
	rm /tmp/vm-*
}

for each in stock off on; do
	configure "$each"
	for vcpus in 1 8; do
		# What is kept of VMs that are gone is there to be used again: the last figure counts.
		for _ in 1 2 3; do
			memory 8 $vcpus
		done
	done
	for vms in 1 2 4 8; do
		together $vms
	done
	unconfigure
done
