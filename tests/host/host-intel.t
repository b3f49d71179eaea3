#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: LANE=intel prove tests/host/host-intel.t
#
# The script that changes a host's KVM, and `bootexits doctor', on a CPU with VMX.
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"

jansson=$(ldd "$O/bootexits" | sed -n 's/.*jansson.* => \([^ ]*\).*/\1/p')
LANE=intel lab host -t 1500 -e doctor=1 "$root/tests/l1/host.sh" "$O/bootexits" "$O/bootexits.elf" host-kvm/host.sh "$jansson"

has() {	# LINE: the host log has it
	check "$1" grep -Eq "^$1" "$logs/host.log"
}

has 'state after=start kvm=stock guest=4'
has 'doctor name=stock status=3'
has 'doctor stock ok +cpu +the CPU has VMX'
has 'doctor stock no +modules +kvm and kvm_intel are stock'
has 'doctor name=patched status=0'
has 'doctor patched ok +modules +kvm and kvm_intel are patched'
has 'doctor patched ok +device'
has 'state after=unload kvm=stock guest=4'

done_testing
