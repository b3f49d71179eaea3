#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# A guest whose CPUID has VMX, but which has no MSRs for it: each RDMSR of one faults. So its firmware is qboot. SeaBIOS
# would write IA32_FEATURE_CONTROL, and die.

. /l1.sh

load_kvm stock
run hidden -m 256 -bios /usr/share/qemu/qboot.rom -cpu qemu64,+vmx,-svm,x-force-features=on \
	-kernel /files/vmlinuz -initrd /files/guest.cpio \
	-append 'console=ttyS0 quiet printk.time=0 panic=-1 nokaslr norandmaps tsc=reliable noxsave'
unload_kvm
