#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The binary statistics, read by a VMM of our own, and by QEMU's monitor. Its answers go to the host log.

. /l1.sh
# shellcheck disable=SC1091
. /files/vmm.sh
switch=/sys/module/kvm/parameters/exit_trace

hist_dump() {	# at the guest's pause, in the middle of l2.sh's talk with the monitor
	for command in '"query-stats","arguments":{"target":"vcpu"}' '"query-stats-schemas"'; do
		echo "{\"execute\":$command}" >&7
		read -r answer <&6
		emit "qmp $answer"
	done
}

load_kvm stock
vmm format-stock stats-format
vmm cost-stock stats-cost
unload_kvm
load_kvm patched exit_trace=0
vmm format-off stats-format
vmm cost-off stats-cost
vmm values-off stats-values untraced
echo 1 > $switch
vmm format-on stats-format
vmm values-on stats-values traced
run qmp -smp 2 -kernel /files/bootexits.elf -append sync
unload_kvm
