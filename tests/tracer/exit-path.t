#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/tracer/exit-path.t
#
# The instructions of the tracer on the way out of the guest and back. There is no lock, no atomic and no call. All
# stores go to memory that a register points to, which is the vCPU's own counters. The test reads svm_vcpu_run() and
# vmx_vcpu_run() of our modules, and of Debian's. A NOP stands where histogram and sites would be counted.
# Exit status: 0 all passed, 1 some failed.
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"

# code MODULE FUNCTION: print its instructions, one a line, each followed by a tab and its symbol, if it has one
code() {
	objdump -dr --no-show-raw-insn -j .text --disassemble="$2" "$1" | awk -F'\t' '
		/R_X86_64/ { sub(/^[^ ]* /, "", $NF); line = line "\t" $NF; next }
		line != "" { print line }
		{ line = /^ *[0-9a-f]+:\t/ ? $2 : ""; sub(/ +#.*/, "", line) }
		END { if (line != "") print line }'
}

# Find locked and atomic instructions: those with a lock prefix, and xchg with memory, which needs none.
atomics() {
	grep -cE '^(lock|xacquire|xrelease)\b|^xchg[bwlq]? .*\(|\b(cmpxchg|xadd)'
}

# List the functions that a function calls, each once, by symbol or by address in the section.
calls() {
	sed -n -e 's/^call .*\t\(.*\)[-+]0x.*/\1/p' -e 's/^call .*<\(.*\)>$/\1/p' | sort -u
}

# If memory is the last operand, or the only one, the instruction writes it, except for these.
stores() {
	grep -vE '^(cmp|test|bt|call|j|nop)' | grep -P '^[^\t]*[ ,][^ ,]*\([^()]*\)(\t|$)' |
		grep -P ',[^,()]*\([^()]*\)(\t|$)|^(lock )?(inc|dec|neg|not)[bwlq]? '
}

# The tracer's branch: two reads of the TSC, the entry into the guest between them, and all that follows up to a jump
traced() {
	awk '{ line[NR] = $0 }
		/^call.*noinstr/ { entry = tsc }
		/^rdtsc/ { if (entry) { from = entry; to = NR } tsc = NR; entry = 0 }
		END { for (i = from; from && (i <= to || line[i - 1] !~ /^jmp/); i++) print line[i] }'
}

for function in svm_vcpu_run vmx_vcpu_run; do
	module=kvm-amd.ko
	[[ $function == svm* ]] || module=kvm-intel.ko
	code "$O/kvm/$KVER/$module" $function > "$work/ours"
	code "$O/lab/$KVER/modules/$module" $function > "$work/stock"
	traced < "$work/ours" > "$work/traced"
	check "$function: the tracer's branch is found" test "$(grep -c ^rdtsc "$work/traced")" = 2
	sed 's/^/#   /; s/\t/ /' "$work/traced"
	check "$function: no lock and no atomic there" test "$(atomics < "$work/traced")" = 0
	check "$function: in all it has as many of them as stock KVM" \
		test "$(atomics < "$work/ours")" = "$(atomics < "$work/stock")"
	check "$function: no call but those that enter the guest" \
		test -z "$(calls < "$work/traced" | grep -vxE '\.noinstr\.text|__vmx_vcpu_run_flags')"
	stores < "$work/traced" > "$work/stores"
	check "$function: it stores to the vCPU's counters" test -s "$work/stores"
	! grep -E '%rip|%gs|	' "$work/stores"
	ok $? "$function: it stores to no variable that other CPUs could share"
done

# On the way back from the VMM: all that stands in front of the vendor's vcpu_load()
code "$O/kvm/$KVER/kvm.ko" exit_trace_vcpu_load > "$work/load"
sed 's/^/#   /; s/\t/ /' "$work/load"
check "exit_trace_vcpu_load: it reads the TSC, and goes on to the vendor's function" \
	test "$(grep -c ^rdtsc "$work/load")" = 1 -a "$(tail -1 "$work/load" | grep -c '^jmp')" = 1
check "exit_trace_vcpu_load: no lock and no atomic" test "$(atomics < "$work/load")" = 0
check "exit_trace_vcpu_load: no call" test -z "$(calls < "$work/load")"
stores < "$work/load" > "$work/stores"
check "exit_trace_vcpu_load: it stores to the vCPU's clocks" test "$(wc -l < "$work/stores")" = 2
! grep -E '%rip|%gs|	' "$work/stores"
ok $? "exit_trace_vcpu_load: it stores to no variable that other CPUs could share"

done_testing
