#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/lab/intel.t
#
# The Intel lane: a boot under kvm-intel, with VMX and EPT by Bochs. The guest's counts equal the host's, in total and
# reason by reason. What the payload does 1,000 times is counted 1,000 times.
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"

LANE=intel lab intel -e hist=1 -e options="sync selftest" boot "$O/bootexits.iso"
agrees serial.log firmware bootloader payload
check "it is of VMX" grep -q ': vmx, 1 vCPU, ' "$report"
check "each reason equals the kvm_exit histogram's" grep -Eq 'reasons: all [0-9]+ equal$' "$report"
for name in cpuid port_read msr_read msr_write hlt hypercall mmio_read interrupt_window; do
	check "1,000 times $name are 1,000 exits" \
		grep -q "name=$name n=1000 expect=1000 got=1000 ok=1 " "$logs/serial.log"
done

done_testing
