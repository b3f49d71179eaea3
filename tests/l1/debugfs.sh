#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The host's view of a VM's counters, while its guest pauses itself. The files of exit_trace/ in KVM's debugfs go to the
# host log, as "debugfs FILE: LINE". The host also marks.

. /l1.sh

show() {	# FILE
	sed "s/^/debugfs $1: /" "$vm/$1" >&3
}

mark() {	# NAME: mark it, and report whether that worked
	if echo "$1" > "$vm/mark" 2> /dev/null; then
		emit "debugfs mark $1: done"
	else
		emit "debugfs mark $1: refused"
	fi
}

hist_dump() {	# at the pause
	vm=$(echo /sys/kernel/debug/kvm/*/exit_trace)
	if [ "$name" = off ]; then
		echo 0 > /sys/module/kvm/parameters/exit_trace
		mark kernel
		emit "debugfs off: $(tail -n 1 "$vm/reasons")"
		return
	fi
	for file in reasons counters log; do
		show $file
	done
	for phase in userspace 0x90 300 nonsense; do
		mark $phase
	done
}

load_kvm patched exit_trace=1
run boot -smp 2 -kernel /files/bootexits.elf -append sync
run off -kernel /files/bootexits.elf -append sync
set -- /sys/kernel/debug/kvm/*/exit_trace
emit "debugfs left: $([ -e "$1" ] && echo "$*" || echo none)"

# A process reads the files while VMs come and go.
echo 1 > /sys/module/kvm/parameters/exit_trace
while :; do
	cat /sys/kernel/debug/kvm/*/exit_trace/* > /dev/null 2>&1 || :
done &
reader=$!
for i in 1 2 3; do
	run "gone-$i" -smp 2 -kernel /files/bootexits.elf
done
kill $reader
unload_kvm
