#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/tracer/paths-intel.t
#
# The paths that only VMX has, on Bochs's Haswell. The CPU has 400 MHz. KVM does not use a preemption timer that could
# run out within 10 seconds, and Bochs's timer counts each tick of the TSC in 32 bits.
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"
. tests/lib/vmm.sh
export LANE=intel L1_MHZ=400

check "a VMM whose guest is invalid at first builds" \
	gcc -O1 -Wall -static -I. -o "$work/badentry" tests/l1/badentry.c
vmm_lab intel-paths "$root/tests/l1/paths.sh" "$O/bootexits.iso" "$work/badentry"
check "every record is right" "$O/bootexits" check "$logs/serial.log"
check "the report agrees with the host" \
	"$O/bootexits" report --host "$logs/host.log" "$logs/serial.log"
cp "$work/output" "$work/report"

# report RUN: print its part of the report
report() {
	awk -v run="run $1:" 'index($0, run) { here = 1; print; next } /^[^ ].*: vmx, / { here = 0 } here' "$work/report"
}

# counted RUN NAME: print the exits of that reason, from the start to the last mark
counted() {
	records "$1" reason | sed -n "s/.* name=$2 count=\([0-9]*\) .*/\1/p" | tail -n 1
}

exactly() {	# RUN NAME: the self-test did it 1,000 times, which was 1,000 exits
	check "$1: 1,000 times $2 are 1,000 exits" \
		grep -q " name=$2 n=1000 expect=1000 got=1000 ok=1 " <(records "$1" selftest)
}

none() {	# RUN NAME WHY: the self-test did not do it, and says WHY
	check "$1: no $2: $3" grep -q " name=$2 n=0 .* msg=\"$3\" " <(records "$1" selftest)
}

# hist_sum RUN: print the number of exits that the tracepoint saw up to the pause
hist_sum() {
	awk -v name="name=$1" '$1 == "run" { here = $2 == name }
		here && /^hist sync=0 / { split($4, count, "="); sum += count[2] } END { print sum + 0 }' "$logs/host.log"
}

stat_exits() {	# RUN
	awk -v name="name=$1" '$1 == "run" { here = $2 == name }
		here && sub("^host sync=0 exits=", "") { print $1 }' "$logs/host.log"
}

for run in default no-timer no-unrestricted no-ept; do
	check "$run: passes" test "$(verdict $run)" = 0
	check "$run: total equals stat.exits to the unit" grep -q ': equal to the unit$' <(report $run)
	check "$run: each reason equals the kvm_exit histogram's" \
		grep -Eq 'reasons: all [0-9]+ equal$' <(report $run)
	for name in msr_write hlt interrupt_window; do
		exactly $run $name
	done
done

# With CONFIG_RETPOLINE, __vmx_handle_exit() handles these first. A counter after that would miss them.
for name in MSR_WRITE PREEMPTION_TIMER INTERRUPT_WINDOW EXTERNAL_INTERRUPT HLT EPT_MISCONFIG; do
	exits=$(counted default $name)
	check "$name: ${exits:-no} exits" test "${exits:-0}" -gt 0
done
exactly default deadline_timer
none no-timer deadline_timer "no preemption timer"
check "no-timer: no PREEMPTION_TIMER" test -z "$(counted no-timer PREEMPTION_TIMER)"
exactly default mmio_read
none default mmio_read_shadow "no shadow paging"
exactly no-ept mmio_read_shadow
none no-ept mmio_read "shadow paging"
check "no-ept: no EPT_VIOLATION, no EPT_MISCONFIG" \
	test -z "$(counted no-ept EPT_VIOLATION)$(counted no-ept EPT_MISCONFIG)"

# Without an unrestricted guest, KVM emulates what the CPU would not enter.
check "default: no emulation_required" test -z "$(counted default emulation_required)"
for run in no-unrestricted no-ept; do
	emulated=$(counted $run emulation_required)
	seen=$(hist_sum $run)
	check "$run: ${emulated:-no} emulation_required and $seen of hardware are stat.exits" \
		test "${emulated:-0}" -gt 0 -a $((${emulated:-0} + seen)) -eq "$(stat_exits $run)"
done

# KVM_EXIT_FAIL_ENTRY with bit 31; then one EPT violation, CPUID, HLT and this CPUID; then HLT
check "a failed entry is one exit, of its basic reason, and equals stat.exits" \
	grep -q '^badentry exit=9 reason=0x80000021 count=1 total=5 exits=6$' "$logs/host.log"
judged vmfail 9

done_testing
