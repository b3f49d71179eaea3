#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/tracer/stats.t
#        UPDATE=1 tests/tracer/stats.t         write the names that are found as the new golden file
#
# The binary statistics. They have the form that the kernel's own test asks for, and the numbers that KVM and the guest
# have. QEMU's query-stats shows them.
# shellcheck disable=SC2016 # jq has variables, too
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"
. tests/lib/vmm.sh

vmm_lab stats tests/l1/stats.sh "$O/bootexits.elf"
for state in stock off on; do
	judged format-$state 12
done
judged values-off 7
judged values-on 30

cost() {	# RUN WHAT: print what reading it cost, in instructions
	run_lines "$1" | tr -d '\r' | sed -n "s/^cost $2=//p"
}
for what in header id descriptors value data file; do
	stock=$(cost cost-stock $what)
	off=$(cost cost-off $what)
	check "off: reading $what costs as much as with stock KVM, within 10 %: ${off:-none} and ${stock:-none}" \
		test "$((${off:-0} * 10))" -gt 0 -a "$((${off:-0} * 10))" -le "$((${stock:-0} * 11))"
done

# QEMU's answers for a guest of two vCPUs, at its pause
run_lines qmp | sed -n 's/^qmp //p' | tr -d '\r' > "$work/answers"
head -n 1 "$work/answers" > "$work/values"
tail -n 1 "$work/answers" > "$work/schemas"

# adds_up CLOCK: for each vCPU, the reasons' CLOCK adds up to exit_trace_CLOCK
adds_up() {
	jq -e --arg what "$1" '.return | length == 2 and all(.stats | map(select(.value | type == "number")) as $all |
		($all | map(select(.name | startswith($what + "_")).value) | add) ==
		($all[] | select(.name == "exit_trace_" + $what).value))' "$work/values"
}
for what in exits kvm_cycles user_cycles idle_cycles preempted_cycles; do
	check "query-stats: $what" adds_up $what
done
check "query-stats: the exits are KVM's, and not 0" jq -e '.return | all(.stats |
	(.[] | select(.name == "exits").value) as $exits | $exits > 10 and
	(.[] | select(.name == "exit_trace_exits").value) == $exits)' "$work/values"
check "query-stats: the clocks add up to the elapsed time" jq -e '.return | all(.stats |
	(map(select(.name | test("^exit_trace_(kvm|user|idle|preempted|guest)_cycles$")).value) | add) ==
	(.[] | select(.name == "exit_trace_elapsed_cycles").value))' "$work/values"

jq -r '.return[] | select(.target == "vcpu").stats[] | select(.name | test("^(exit_trace|exits|(kvm|user|idle|preempted)_cycles)_")) |
	"\(.name) \(.type) \(.unit // "none")"' "$work/schemas" | tac > "$work/names"
[[ -z ${UPDATE-} ]] || cp "$work/names" tests/data/stats-svm.out
check "query-stats-schemas: names, types and units" diff -u tests/data/stats-svm.out "$work/names"

done_testing
