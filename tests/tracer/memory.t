#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/tracer/memory.t
#        VMS=10000 prove tests/tracer/memory.t
#
# The tracer takes a bounded amount of kernel memory per VM, and gives it back: 1,000 VMs, or VMS of them, come and go.
# Each tenth one has four vCPUs.
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"
. tests/lib/vmm.sh

vms=${VMS:-1000}
vmm_lab memory -t $((600 + vms / 2)) -e vms="$vms" tests/l1/memory.sh tests/l1/growth.sh

kib() {	# RUN: print the KiB that the VMM found in that run
	run_lines "$1" | sed -n 's/.* kib=\(-*[0-9]*\)$/\1/p' | tr -d '\r'
}

# of_vm STATE VCPUS: print the bytes that tracing takes for each of the 64 VMs
of_vm() {
	echo $((($(kib "$1-$2") - $(kib "off-$2")) * 1024 / 64))
}

# This includes the files in debugfs, whose number does not depend on the vCPUs.
for vcpus in 1 2 4; do
	bytes=$(of_vm on $vcpus)
	check "$vcpus vCPUs: $bytes bytes, at most 32 KiB a vCPU" \
		test "$bytes" -gt 16384 -a "$bytes" -le $((32 * vcpus * 1024))
done
more=$((($(of_vm on 4) - $(of_vm on 2)) / 2))
check "one more vCPU: $more bytes, at most 32 KiB" test $more -gt 8192 -a $more -le 32768
more=$((($(of_vm all 4) - $(of_vm all 2)) / 2))
check "one more vCPU with histogram, sites and page: $more bytes, at most 256 KiB" \
	test $more -gt 32768 -a $more -le 262144

for state in on all; do
	left=$(($(kib $state) - $(kib off)))
	check "$state: $vms VMs leave $left KiB more than untraced ones" test $left -lt 256
	grown=$(sed -n "s/^grown $state \([0-9]*\) .*/\1/p" "$logs/host.log")
	check "no slab has 100 objects more ($grown)" test "${grown:-100}" -lt 100
done
for run in {off,on,all}{,-first,-1,-2,-4}; do
	check "$run: the VMM ends well" grep -q '^vmm status=0 $' <(run_lines "$run")
done

done_testing
