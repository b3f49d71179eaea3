#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/tracer/storm.t
#
# L1 has two CPUs that run in parallel, in real time. Counts stay exact. A snapshot adds up even while the vCPUs go on
# exiting.
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"

L1_CPUS=2 L1_LIMIT=${L1_LIMIT:-200} lab storm "$root/tests/l1/storm.sh" "$O/bootexits.elf"
for name in cpuid port_read msr_read msr_write hlt hypercall mmio_read interrupt_window; do
	check "1,000 times $name are 1,000 exits" \
		grep -q "name=$name n=1000 expect=1000 got=1000 ok=1 " <(records storm selftest)
done
exits=$(records storm selftest | sed -n 's/.*name=storm_exits .* got=\([0-9]*\) ok=1 .*/\1/p')
check "100 snapshots under a storm of ${exits:-no} exits" test -n "$exits"
check "none is torn" grep -q 'name=storm_torn .* ok=1 ' <(records storm selftest)
check "each adds up" grep -q 'name=storm_wrong .* ok=1 ' <(records storm selftest)
check "no count goes back" grep -q 'name=storm_back .* ok=1 ' <(records storm selftest)
check "in each snapshot the vCPUs' clocks are their time, except for what is in flight" \
	grep -q 'name=storm_clocks .* ok=1 ' <(records storm selftest)
done_testing
