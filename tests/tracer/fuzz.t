#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/tracer/fuzz.t           OPERATIONS=100000 SEED=1
#
# A hostile guest: four vCPUs do random operations on the tracer at the same time. Every answer keeps the rules of
# docs/abi.md. The exits equal KVM's own count. L1's kernel does not warn (lab.sh checks this), does not break and does
# not lose memory. With L1_CPUS=2 the vCPUs really run in parallel, in real time.
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"

operations=${OPERATIONS:-100000} seed=${SEED:-1}
lab fuzz -e operations="$operations" -e seed="$seed" tests/l1/fuzz.sh \
	"$O/bootexits.rom" tests/l1/growth.sh
check "the guest came to its end" test "$(verdict fuzz)" = 0
check "no answer broke a rule" \
	grep -q " n=$operations bad=0 seed=$seed vcpus=4 " <(records fuzz fuzz)
for what in leaf counter port msr page_set page_read snapshot restart; do
	n=$(records fuzz fuzzed | sed -n "s/.* what=$what n=\([0-9]*\) refused=[0-9]* bad=0 .*/\1/p")
	check "$what: ${n:-no} operations" test "${n:-0}" -gt 0
done
check "the log of marks is full, and the marks dropped are counted" \
	grep -Eq ' marks=[1-9][0-9]* ' <(records fuzz dropped)

total=$(value fuzz paused total)
exits=$(host_value fuzz host exits)
check "the tracer's total, $total, and the exit that pauses are KVM's own $exits" \
	test "$((total + 1))" = "$exits"

grown=$(sed -n 's/^grown fuzz \([0-9]*\) .*/\1/p' "$logs/host.log")
check "no slab has 1,000 objects more ($grown)" test "${grown:-1000}" -lt 1000
lines=$(grep -c '^log ' "$logs/host.log")
check "the kernel's log has at most 10 lines more ($lines)" test "$lines" -le 10

done_testing
