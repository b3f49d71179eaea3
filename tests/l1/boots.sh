#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Boots beside each other under traced KVM. `bootexits record' in L1 records each. First each boots alone, then two at
# once, then the two with a third that is killed half way. The traces go to L0 by the fourth port.

. /l1.sh
: "${l2_cpu:?is not set; l2.sh sets it}"
export LD_LIBRARY_PATH=/files

boot() {	# NAME VCPUS OPTIONS
	status=0
	/files/bootexits record -t 200 -o "/tmp/$1" -- qemu-system-x86_64 -accel kvm -cpu "$l2_cpu" -smp "$2" \
		-m 64 -nodefaults -display none -no-reboot -rtc base=2026-01-01,clock=vm \
		-kernel /files/bootexits.elf -append "$3" 2> "/tmp/$1.said" || status=$?
	emit "recorded name=$1 status=$status $(tail -n 1 "/tmp/$1.said")"
}

one() {	# NAME
	boot "$1" 1 "sync samples=2000 outb=500"
}

two() {	# NAME
	boot "$1" 2 "sync outb=3000"
}

both() {	# WORD
	one "one-$1" &
	first=$!
	two "two-$1"
	wait $first
}

load_kvm patched exit_trace=1
one one-alone
two two-alone
both together
qemu-system-x86_64 -accel kvm -cpu "$l2_cpu" -m 64 -nodefaults -display none \
	-kernel /files/bootexits.elf -append fuzz=4000000000 3>&- &
killed=$!
sleep 0.5
{ sleep 0.3; kill -9 $killed; emit "killed $killed"; } &
both killed
wait
for name in one-alone two-alone one-together two-together one-killed two-killed; do
	cat "/tmp/$name" > /dev/ttyS3
done
set -- /sys/kernel/debug/kvm/[0-9]*
emit "left: $([ -e "$1" ] && echo $# || echo 0) VMs"
unload_kvm
