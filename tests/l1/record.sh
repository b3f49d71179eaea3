#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Under traced KVM, `bootexits record' starts L2, and gets KVM's own counts from QEMU's monitor. The trace goes to L0 by
# the fourth port.

. /l1.sh
: "${l2_cpu:?is not set; l2.sh sets it}"
export LD_LIBRARY_PATH=/files

load_kvm patched exit_trace=1
for vcpus in 1 2; do
	status=0
	/files/bootexits record -t 200 -o /tmp/trace -- qemu-system-x86_64 -accel kvm -cpu "$l2_cpu" -smp "$vcpus" \
		-m 64 -nodefaults -display none -no-reboot -kernel /files/bootexits.elf 2> /tmp/said || status=$?
	emit "recorded vcpus=$vcpus status=$status $(tail -n 1 /tmp/said)"
	[ ! -e /tmp/trace.logs ] || emit "logs are left"
	cat /tmp/trace > /dev/ttyS3
done
unload_kvm
