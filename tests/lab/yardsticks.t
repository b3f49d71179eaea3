#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/lab/yardsticks.t       O=DIRECTORY: where the parts were built (default build)
#
# Boots of the study give what others have published, or what the hardware's rules demand. The bounds stand in the test
# and not in the study. So a tracer that counts wrongly fails here, however it agrees with itself.
# Exit status: 0 all passed, 1 some failed.
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"

boots=(intel-qboot ept-off direct small-pages verbose ports-q35 ports-q35-lastbus)
parts=$O
export O=$work/o STUDY=$work/study
unset L1_SUITE	# each boot has a kernel of its own, and L1's suite follows from that
mkdir "$O" "$STUDY"
find "$parts" -mindepth 1 -maxdepth 1 ! -name study -exec ln -s -t "$O" {} +
touch "$STUDY/settings"
for name in "${boots[@]}"; do
	grep "^$name *|" measure/study/matrix
done > "$STUDY/matrix"
check "the boots end, and are traced" measure/study.sh
[[ $failed -eq 0 ]] || done_testing

figure() {	# FIGURE...: of the study's page, without its commas
	echo "{{$*}}" > "$STUDY/study.md.in"
	measure/study-report.sh | tr -d ,
}
is() {	# WANT FIGURE...
	local want=$1 got

	shift
	got=$(figure "$@")
	[[ $got == "$want" ]]
	ok $? "$* is $want (is $got)"
}

# Linux looks on 255 buses for 32 slots by two accesses. cloud-hypervisor#3187: 17,871 - 1,551.
is 16320 more-ports ports-q35 ports-q35-lastbus cf8 cfc

# A byte is a read of the line status and a write.
per_byte=$(figure perbyte verbose direct)
check "a byte on the serial console takes 2.03 to 2.05 exits (takes $per_byte)" grep -qx '2\.0[345]' <<< "$per_byte"

# HyperMachine: 2,809 exits with huge pages for the guest and 24,159 without, of which 22,100 nested faults
huge=$(figure exits direct total npf) small=$(figure exits small-pages total npf)
check "with huge pages, at most a fifth of the nested faults ($huge of $small)" test $((huge * 5)) -le "$small"

# SDM vol. 3, EPT: without it, no exit has its reasons, and every change of CR3 and every page fault exits.
for reason in EPT_VIOLATION EPT_MISCONFIG; do
	is 0 exits ept-off total $reason
	check "intel-qboot has $reason" test "$(figure exits intel-qboot total $reason)" -gt 0
done
is "$(figure exits intel-qboot total CPUID)" exits ept-off total CPUID
for reason in CR_ACCESS EXCEPTION_NMI; do
	check "$reason: at least a thousand more without EPT" \
		test $(($(figure exits ept-off total $reason) - $(figure exits intel-qboot total $reason))) -gt 1000
done
with=$(figure exits intel-qboot total IO_INSTRUCTION) without=$(figure exits ept-off total IO_INSTRUCTION)
check "IO_INSTRUCTION: as many with EPT and without, but for one poll ($with, $without)" \
	test $((without - with)) -ge -2 -a $((without - with)) -le 2

# What `advise' promises of `make run' is what its settings save. Here make builds, too, so the folder is the real one.
export O=$parts
check "make run SITES=1 passes" make run SITES=1 O="$O" TRACE="$work/sites.trace"
mapfile -t rules < <("$O/bootexits" advise --json "$work/sites.trace" | jq -r '.advice[].rule')
check "advise names at least four savings (${rules[*]})" test "${#rules[@]}" -ge 4
for rule in "${rules[@]:0:3}"; do
	check "advise --try $rule passes" "$O/bootexits" advise --try "$rule" "$work/sites.trace"
	percent=$(sed -n "s/^$rule: promised .* (\([0-9.]*\)% of the promise)$/\1/p" "$work/output")
	check "$rule saves what was promised, within 5 % ($percent %)" \
		awk -v percent="$percent" 'BEGIN { exit !(percent >= 95 && percent <= 105) }'
done
check "make run-best passes" make run-best O="$O"
"$O/bootexits" advise --json "$O/best.trace" > "$work/best"
check "it leaves no advice, and at most 6,000 exits ($(jq .exits "$work/best"))" \
	jq -e '.advice == [] and .exits <= 6000' "$work/best"
done_testing
