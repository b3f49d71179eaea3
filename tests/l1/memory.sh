#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The tracer's memory, by a VMM of our own: what VMs take that stay, and what VMs leave that went. There are no huge
# pages, because the VMM would get and lose them by chance. Variable: vms, how many VMs come and go (1000).

. /l1.sh
# shellcheck disable=SC1091
. /files/vmm.sh
# shellcheck disable=SC1091
. /files/growth.sh
parameters=/sys/module/kvm/parameters

held() {	# NAME
	vmm "$1-first" hold 64 4
	for vcpus in 1 2 4; do
		slabs > /dev/null
		vmm "$1-$vcpus" hold 64 $vcpus
	done
}

churned() {	# NAME
	vmm "$1-first" churn 50
	slabs > /tmp/before
	vmm "$1" churn "${vms:-1000}"
	slabs > /tmp/after
	emit "grown $1 $(grown /tmp/before /tmp/after)"
}

echo never > /sys/kernel/mm/transparent_hugepage/enabled
load_kvm patched exit_trace=0
held off
churned off
echo 1 > $parameters/exit_trace
held on
churned on
for option in histogram sites page; do
	echo 1 > $parameters/exit_trace_$option
done
held all
churned all
unload_kvm
