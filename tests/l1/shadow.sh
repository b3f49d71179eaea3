#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The same Linux with two kinds of page tables: the CPU's (EPT), and KVM's shadow page tables. With one vCPU, the
# records come by bootexits-init's debug console.

. /l1.sh
: "${console_port:?is not set; use lab.sh -e}"

boot() {	# NAME VENDOR.PARAMETER...
	name=$1
	shift
	load_kvm patched exit_trace=1 "$@"
	hist_start
	mark_run "$name-console"
	emit "run name=$name"
	verdict=0
	l2 -m 256 -kernel /files/bootexits.elf \
		-initrd "/files/vmlinuz console=ttyS0 quiet,/files/initrd.gz" \
		-fw_cfg name=opt/org.bootexits/options,string=sync -chardev file,id=trace,path=/tmp/trace \
		-device isa-debugcon,iobase="$console_port",chardev=trace || verdict=$?
	emit "verdict run=$name status=$verdict"
	printf '\n# run %s\n' "$name" > /dev/ttyS1	# Linux's prompt did not end its line
	cat /tmp/trace > /dev/ttyS1
	unload_kvm
}

boot ept
boot shadow vendor.ept=0
