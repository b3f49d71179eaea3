#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# L1 is the host. host-kvm/host.sh changes its KVM from stock to patched and back. If a step fails, it also goes back.
# After each step a guest runs, and bootexits doctor is asked. Variable: doctor; if set, only the doctor is tried.

. /l1.sh
export LD_LIBRARY_PATH=/files BOOTEXITS=/files/bootexits PATH="$PATH:/files" O=/files
tree=/lib/modules/$(uname -r)
mkdir -p "$tree/kernel" /tmp/broken /tmp/second /tmp/none
cp /modules/stock/*.ko "$tree/kernel/"
depmod
module=$(vendor_module)

cp "/modules/patched/$module.ko" /tmp/broken/
head -c 100000 /modules/patched/kvm.ko > /tmp/broken/kvm.ko
cp /modules/patched/kvm.ko /tmp/second/
head -c 50000 "/modules/patched/$module.ko" > "/tmp/second/$module.ko"
cp /modules/patched/kvm.ko /tmp/none/

state() {	# AFTER: report which KVM is there, and what a guest finds in it
	kvm=none guest=0
	[ ! -e /dev/kvm ] || kvm=stock
	[ ! -e /sys/module/kvm/parameters/exit_trace ] || kvm=patched
	l2 -kernel /files/bootexits.elf || guest=$?
	emit "state after=$1 kvm=$kvm guest=$guest"
}

# try NAME COMMAND...: report how it ends, and its last line; unless it refused, report the state, too
try() {
	name=$1 status=0
	shift
	"$@" > /tmp/said 2>&1 || status=$?
	emit "try name=$name status=$status said=$(tail -n 1 /tmp/said)"
	[ $status -eq 3 ] || state "$name"
}

examine() {	# NAME: report what the doctor finds
	status=0
	bootexits doctor > /tmp/said || status=$?
	emit "doctor name=$1 status=$status"
	grep -E ' (cpu|nested|modules|tracing|device|vms) |This host' /tmp/said | sed "s/^/doctor $1 /" >&3
}

examine unloaded
modprobe "$module"
state start
examine stock
if [ -n "${doctor-}" ]; then
	host.sh load /modules/patched
	examine patched
	host.sh unload
	state unload
	exit
fi

qemu-system-x86_64 -accel kvm -nodefaults -display none -S 3>&- &
vm=$!
until [ "$(cat "/sys/module/$(echo "$module" | tr - _)/refcnt")" -gt 0 ]; do usleep 100000; done
try vm host.sh load /modules/patched
try vm-unload host.sh unload
kill -0 $vm && emit "the VM goes on"
state beside-a-vm
kill $vm
wait $vm || :

try first-fails host.sh load /tmp/broken
try second-fails host.sh load /tmp/second
try no-tracer host.sh load /modules/stock
try one-is-missing host.sh load /tmp/none
try cannot-build host.sh install
try run-on-stock bash /files/run-kvm.sh -o /tmp/trace /files/bootexits.iso
state refusals

try load host.sh load /modules/patched
examine patched
try run-while-off bash /files/run-kvm.sh -o /tmp/trace /files/bootexits.iso
echo 1 > /sys/module/kvm/parameters/exit_trace
try tracing true
examine tracing
try run bash /files/run-kvm.sh -o /tmp/trace /files/bootexits.iso
cat /tmp/trace > /dev/ttyS3
try second-fails-again host.sh load /tmp/second
try load-again host.sh load /modules/patched
try unload host.sh unload
examine stock-again

rmmod "$module" kvm
mv "$tree" /tmp/tree
try no-way-back host.sh load /modules/patched
[ ! -e /dev/kvm ]
