#!/bin/sh
# bootexits-init with a kernel that QEMU loads. One guest switches its root and comes to a login prompt. One does the
# same with an old Linux's system calls. One has no init, and one has no tracer.

. /l1.sh

: "${console_port:?}"	# KVM_EXIT_TRACE_PORT_CONSOLE

boot() {	# NAME WORDS...: boot it; the records of its debug console are a run of their own, NAME-records
	name=$1
	shift
	: > /tmp/debugcon
	run "$name" -m 256 -kernel /files/vmlinuz -initrd "/files/${initrd:-guest.cpio}" \
		-append "console=ttyS0 quiet printk.time=0 printk.devkmsg=on panic=-1 nokaslr norandmaps tsc=reliable $*" \
		-chardev file,id=debugcon,path=/tmp/debugcon \
		-device isa-debugcon,iobase="$console_port",chardev=debugcon
	mark_run "$name-records"
	cat /tmp/debugcon > /dev/ttyS1
}

load_kvm patched exit_trace=1
boot login bootexits.sync rdinit=/old/init rdinit=/my/init rdinit=/bootexits/init -- one two rdinit=/not/this
initrd=old.cpio
boot old bootexits.sync rdinit=/old/init rdinit=/my/init rdinit=/bootexits/init -- one two rdinit=/not/this
initrd=
boot missing rdinit=/no/init rdinit=/bootexits/init
unload_kvm

load_kvm patched exit_trace=0
boot absent rdinit=/bin/sleep rdinit=/bootexits/init -- 1000
unload_kvm
