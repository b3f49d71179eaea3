#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Measures how the tracer's cost grows. A line `memory' in the host log has the kernel memory of VMs that were created
# and don't run, as their control group was charged. A line `vms' has what an exit costs while several VMs run at once.
# Variable: configurations (default stock, off, on, on-histogram, on-sites and on-page).

. /l1.sh
. /configurations.sh

group=/tmp/cgroup/vms
mkdir /tmp/cgroup
mount -t cgroup2 cgroup /tmp/cgroup
echo +memory > /tmp/cgroup/cgroup.subtree_control

vm() {	# NUMBER ARGS...: starts a VM in the background and in the group. /tmp/vm-NUMBER gets its serial port
	: > "/tmp/vm-$1"
	number=$1
	shift
	{
		echo 0 > $group/cgroup.procs
		exec qemu-system-x86_64 -accel kvm -cpu "$l2_cpu" -m 64 -nodefaults -display none -no-reboot \
			-chardev file,id=serial,path="/tmp/vm-$number" -serial chardev:serial \
			-device isa-debug-exit,iobase=0xf4,iosize=4 "$@" 3>&-
	} &
	pids="$pids $!"
}

memory() {	# VMS VCPUS: measures the KiB of kernel memory of each VM, of VMS with VCPUS each
	pids=''
	mkdir $group
	for i in $(seq "$1"); do
		vm "$i" -smp "$2" -S
	done
	sleep 5
	kernel=$(sed -n 's/^kernel //p' $group/memory.stat)
	emit "memory configuration=$configuration vms=$1 vcpus=$2 kib=$((kernel / $1 / 1024))"
	# shellcheck disable=SC2086 # one word per process
	kill $pids
	wait
	rmdir $group
}

together() {	# VMS: runs so many VMs at once that do nothing but CPUIDs. Prints the worst of their medians
	pids=''
	mkdir $group
	for i in $(seq "$1"); do
		vm "$i" -kernel /files/bootexits.elf -append bench=cpuid-0
	done
	wait
	emit "vms configuration=$configuration vms=$1 $(cat /tmp/vm-* |
		sed -n 's/.* bench .* \(median=[0-9]*\) .*/\1/p' | sort -n -t = -k 2 | sed -n '$p')"
	rm /tmp/vm-*
	rmdir $group
}

for each in ${configurations:=stock off on on-histogram on-sites on-page}; do
	configure "$each"
	for vcpus in 1 8; do
		memory 8 $vcpus
	done
	case $each in
	stock | off | on)
		for vms in 1 2 4 8; do
			together $vms
		done
		;;
	esac
	unconfigure
done
