#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Under Debian's own KVM, `bootexits record' finds that only bootexits-bpf can count, and lets it start L2. L2 is the
# payload, then a firmware that has nothing to boot, and then a Linux without the payload. The traces go to L0 by the
# fourth port. A first try has no KVM, and in the last one a command runs no VM.

. /l1.sh
: "${l2_cpu:?is not set; l2.sh sets it}"
export LD_LIBRARY_PATH=/files
ln -s /bin/bootexits-bpf /files/

try() {	# NAME OPTIONS-OF-RECORD ARGUMENT...
	name=$1 options=$2 status=0
	shift 2
	# shellcheck disable=SC2086 # one word per option
	/files/bootexits record -t 200 -o "/tmp/$name" $options -- qemu-system-x86_64 -accel kvm -cpu "$l2_cpu" -smp 2 \
		-m 64 -nodefaults -display none -no-reboot "$@" 2> /tmp/said || status=$?
	sed "s/^/$name said: /" /tmp/said >&3
	emit "$name status=$status"
}

try none --bpf -kernel /files/bootexits.elf
load_kvm stock
try stock --timeout=300 -kernel /files/bootexits.elf
try any --bpf -boot reboot-timeout=1
echo 16384 > "$tracing/buffer_size_kb"
tracepoints_on kvm_exit kvm_msr
try linux "--bpf --phase login:=prompt --phase never=never --until login:=userspace" -m 256 -kernel /files/vmlinuz \
	-initrd /files/initrd.gz -append "console=ttyS0 quiet"
# KVM's own events say which vCPU sets the kernel's clock, and which runs the first program, and after how many exits.
awk '/ kvm_exit: vcpu / {
		vcpu = $0
		sub(/.* vcpu /, "", vcpu)
		vcpu += 0
		exits[vcpu]++
		if (/ rip 0xffff/)
			kernel[vcpu] = 1	# after the trampoline at a low address
		if (kernel[vcpu] && / rip 0x[0-9a-f]{1,12} / && !cpl3)
			cpl3 = vcpu ":" exits[vcpu]
	}
	kernel[vcpu] && / msr_write 4b564d01 / && !os { os = vcpu ":" exits[vcpu] }
	END { print "events os=" os " cpl3=" cpl3 }' "$tracing/trace" >&3
cat /tmp/stock /tmp/any /tmp/linux > /dev/ttyS3
bootexits-bpf -d 1 -- true > /tmp/true
tr -d '\r' < /tmp/true >&3
unload_kvm
