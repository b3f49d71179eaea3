#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Boots of the small guest. Each is a run of its own in three logs: the guest's console, the host's log, and the output
# of the observer or of bootexits-init, on the fourth port. Variable: runs, the boots to run.

. /l1.sh
: "${console_port:?is not set; use lab.sh -e}" "${runs:?is not set; use lab.sh -e}"

# The output must be the same each time. noxsave is for the test only: L2's CPU in the lab contradicts itself about
# XSAVE's sizes, and Linux would complain in 60 lines.
line="console=ttyS0 quiet nokaslr noxsave printk.time=0 printk.devkmsg=on"

traced() {	# NAME ARG...: boot with the payload
	: > /tmp/observer
	echo > /dev/ttyS1	# the login prompt before did not end its line
	run "$@" -m 256 -chardev file,id=observer,path=/tmp/observer \
		-device isa-debugcon,iobase="$console_port",chardev=observer \
		-fw_cfg name=opt/org.bootexits/options,string=sync
	{
		echo "# run $name"
		cat /tmp/observer
	} > /dev/ttyS3
}

direct() {	# NAME VCPUS KERNEL [WORDS]
	traced "$1" -smp "$2" -kernel /files/bootexits.elf -initrd "/files/$3 $line ${4-},/files/initrd"
}

load_kvm patched exit_trace=1
for boot in $runs; do
	case $boot in
	plain)	run plain -m 256 -kernel /files/vmlinuz -initrd /files/initrd -append "$line" ;;
	one)	direct one 1 vmlinuz ;;
	two)	direct two 2 vmlinuz ;;
	three)	direct three 3 vmlinuz-6.12 ;;
	four)	direct four 4 vmlinuz ;;
	cloud)	direct cloud 2 vmlinuz-cloud ;;
	marked)	direct marked 2 vmlinuz ;;
	foreign) direct foreign 2 vmlinuz foreign ;;
	locked)	direct locked 2 vmlinuz lockdown=integrity ;;
	locked-one) direct locked-one 1 vmlinuz lockdown=confidentiality ;;
	uefi)	traced uefi -smp 2 -boot d -cdrom /files/*.iso \
			-drive if=pflash,format=raw,readonly=on,file=/usr/share/OVMF/OVMF_CODE_4M.fd ;;
	esac
done
unload_kvm
