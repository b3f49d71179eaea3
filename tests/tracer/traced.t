#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/tracer/traced.t
#
# Counts are exact. An entry that fails is one exit. You can switch tracing at any time.
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"

check "a VMM whose guest is invalid at first builds" \
	gcc -O1 -Wall -static -I. -o "$work/badentry" tests/l1/badentry.c
lab traced "$root/tests/l1/traced.sh" "$O/bootexits.elf" "$work/badentry"

for run in selftest selftest-2-vcpus; do
	check "$run: passes" test "$(verdict "$run")" = 0
	for name in cpuid port_read msr_read msr_write hlt hypercall mmio_read interrupt_window; do
		check "$run: 1,000 times $name are 1,000 exits" \
			grep -q "name=$name n=1000 expect=1000 got=1000 ok=1 " <(records "$run" selftest)
	done
	check "$run: the VMM's time is on the user clock" \
		grep -q 'name=clock_user .* ok=1 ' <(records "$run" selftest)
	check "$run: 10 ms in HLT are on the idle clock" \
		grep -q 'name=clock_idle .* ok=1 ' <(records "$run" selftest)
	check "$run: they are not on KVM's clock" grep -q 'name=clock_kvm .* ok=1 ' <(records "$run" selftest)
	check "$run: a spin is on the guest's clock" \
		grep -q 'name=clock_guest .* ok=1 ' <(records "$run" selftest)
	check "$run: all clocks add up to the time that passed" \
		grep -q 'name=clock_sum .* ok=1 ' <(records "$run" selftest)
	check "$run: that time is the one that the guest measures" \
		grep -q 'name=clock_elapsed .* ok=1 ' <(records "$run" selftest)
	check "$run: a byte to the port is a mark, a double word is not" \
		grep -q 'name=mark_port .* ok=1 ' <(records "$run" selftest)
done

# KVM_EXIT_FAIL_ENTRY; then one NPF, CPUID, HLT and this CPUID; then HLT
check "a failed entry is one exit, in its own slot, and equals stat.exits" \
	grep -q '^badentry exit=9 reason=0xffffffff count=1 total=5 exits=6$' "$logs/host.log"

check "a VM started while tracing is on says that it counts from the start" \
	test "$(value selftest host from_start)" = 1

check "a VM that ran before tracing was switched on says so" \
	test "$(value switched-on host from_start)" = 0
check "that VM has epoch 2" test "$(value switched-on host epoch)" = 2
total=$(value switched-on phase total)
exits=$(host_value switched-on host exits)
check "it counts from zero: ${total:-no} exits, of KVM's ${exits:-none}" \
	test "${total:-0}" -gt 1000 -a "${total:-0}" -lt "${exits:-0}"

check "tracing is switched off and on ten times under a running guest" \
	grep -q 'switched to Y after 10 times' "$logs/host.log"
check "the next guest is counted from its start" test "$(value again host from_start)" = 1
check "and passes" test "$(verdict again)" = 0

done_testing
