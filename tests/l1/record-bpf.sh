#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Under Debian's own KVM, `bootexits record' finds that only bootexits-bpf can count, and lets it start L2. L2 is the
# payload, and then a firmware that has nothing to boot. The traces go to L0 by the fourth port. A first try has no KVM,
# and in the last one a command runs no VM.

. /l1.sh
: "${l2_cpu:?is not set; l2.sh sets it}"
export LD_LIBRARY_PATH=/files
ln -s /bin/bootexits-bpf /files/

try() {	# NAME OPTION-OF-RECORD ARGUMENT...
	name=$1 option=$2 status=0
	shift 2
	/files/bootexits record -t 200 -o "/tmp/$name" "$option" -- qemu-system-x86_64 -accel kvm -cpu "$l2_cpu" -smp 2 \
		-m 64 -nodefaults -display none -no-reboot "$@" 2> /tmp/said || status=$?
	sed "s/^/$name said: /" /tmp/said >&3
	emit "$name status=$status"
}

try none --bpf -kernel /files/bootexits.elf
load_kvm stock
try stock --timeout=300 -kernel /files/bootexits.elf
try any --bpf -boot reboot-timeout=1
cat /tmp/stock /tmp/any > /dev/ttyS3
bootexits-bpf -d 1 -- true > /tmp/true
tr -d '\r' < /tmp/true >&3
unload_kvm
