#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# What the host can do under kernel lockdown, at a guest's first pause. Lockdown can't be ended. L1 has no /dev/port
# then to give its verdict, so its console says how it ends.

. /l1.sh

can() {	# COMMAND...
	if "$@" > /dev/null 2>&1; then
		emit "lockdown $1: yes"
	else
		emit "lockdown $1: no"
	fi
}

parameter() {
	echo 0 > /sys/module/kvm/parameters/exit_trace
}

hist_dump() {
	[ "$1" = sync=0 ] || return 0
	vm=$(echo /sys/kernel/debug/kvm/*/exit_trace)
	mount -t securityfs none /sys/kernel/security
	for state in before after; do
		emit "lockdown $state"
		can cat "$vm/counters"
		can head -n 1 "$vm/enabled"
		can tee "$vm/mark" < /tmp/phase
		can parameter
		echo 1 > /sys/module/kvm/parameters/exit_trace
		[ "$state" = after ] || echo integrity > /sys/kernel/security/lockdown
	done
}

echo userspace > /tmp/phase
load_kvm patched exit_trace=1
run locked -kernel /files/bootexits.elf -append sync
unload_kvm
