#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/host/bpf-intel.t
#
# bootexits-bpf with VMX counts the same boot as the patched KVM. Without unrestricted guests, KVM emulates code that
# the CPU would refuse. These exits have no tracepoint, but they have to be in their slot all the same.
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"
export LANE=intel

if ! make -s -C host-bpf > "$work/make" 2>&1 || grep -q 'not built' "$work/make" || ! command -v pahole > /dev/null; then
	skip "L1" "$(tail -n 1 "$work/make") (scripts/packages.sh -B)"
	done_testing
fi
check "L1's part builds" lab/images/bpf-image.sh
lab bpf-vmx -t 2400 -a "$O/lab/$KVER/bpf.cpio" -e host=both -e kvm=vendor.unrestricted_guest=0 boot "$O/bootexits.iso"
check "one boot becomes a trace" "$O/bootexits" record --lab --from-log -o "$work/both.trace" "$logs"
check "each mark, vCPU and reason has the same exits" lab/both.sh "$work/both.trace"
cp "$work/output" "$work/told"
check "the comparison was not empty" grep -Eq '^cells: [0-9]{2,} in 3 marks, 0 differ' "$work/told"
check "some were not exits of the CPU" grep -Eq '^bx .* name=emulation_required count=[0-9]{2,} ' "$logs/host.log"
check "KVM's last count of the vCPU is ours" grep -Eq ' selftest name=stat_exits n=0 expect=([0-9]+) got=\1 ok=1 ' "$logs/host.log"

done_testing
