#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/host/import.t
#
# `bootexits import' of what perf kvm stat record has of a boot. bootexits-bpf counts the same boot. Each mark, vCPU and
# reason has the same exits in both.
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"

if ! make -s -C host-bpf > "$work/make" 2>&1 || grep -q 'not built' "$work/make" || ! command -v pahole > /dev/null; then
	skip "L1" "$(tail -n 1 "$work/make") (scripts/packages.sh -B)"
	done_testing
fi
for part in bpf-image.sh bench-image.sh; do
	check "$part makes its part" lab/images/$part
done
# L1 has bootexits' other libraries already, because QEMU needs them.
jansson=$(ldd "$O/bootexits" | sed -n 's/.*jansson.* => \([^ ]*\).*/\1/p')
L1_RAM=2048 lab import -p -t 900 -a "$O/lab/$KVER/bpf.cpio" -a "$O/lab/bench.cpio" "$root/tests/l1/import.sh" "$O/bootexits" \
	"$O/bootexits.iso" "$jansson"
tr -d '\r' < "$logs/observer.log" | awk -v work="$work" '$0 == "text" { text = 1; next } { print > (work "/" (text ? "text" : "trace")) }'
grep '^bx ' "$logs/host.log" > "$work/bpf.log"
check "the boot passes, and perf lost nothing" grep -qx 'verdict 0 lost 0' "$logs/host.log"
check "perf.data is imported with status 0" grep -q '^imported status=0 .* exits on 2 vCPUs' "$logs/host.log"
check "every record is right" "$O/bootexits" check "$work/trace"
check "it says who recorded, and that nothing was lost" jq -es '.[0].imported | .by == "perf" and .lost == 0 and .resolution == 1' "$work/trace"
"$O/bootexits" record --from-log -o "$work/bpf" "$work/bpf.log" 2> "$work/said"
for name in bpf trace; do
	jq -r 'select(.guest == "part") | [.entry, .vcpu, .slot, .count] | @tsv' "$work/$name" > "$work/$name.parts"
	jq -r 'select(.guest == "phase") | [.entry, .name, .vcpu, .total, .self] | @tsv' "$work/$name" > "$work/$name.phases"
done
check "there are many cells" test "$(wc -l < "$work/trace.parts")" -gt 40
check "each mark, vCPU and reason has bootexits-bpf's exits" diff "$work/bpf.parts" "$work/trace.parts"
check "each phase has its name, vCPU and total" diff "$work/bpf.phases" "$work/trace.phases"
# perf's tracepoints lie beside the programs' hooks, and each program is part of what perf times.
for name in bpf trace; do
	jq -r 'select(.guest == "phase").tsc' "$work/$name" > "$work/$name.times"
done
# shellcheck disable=SC2016 # awk's fields
check "each mark is at the same time in both, but for 0.1 ms" awk '($1 - $2) ^ 2 > 1e10 { exit 1 }' \
	<(paste "$work/bpf.times" "$work/trace.times")
"$O/bootexits" import -o "$work/again" "$work/text" 2> "$work/said"
for name in trace again; do
	jq -c 'select(.guest == "reason") | [.entry, .slot, .count]' "$work/$name" > "$work/$name.reasons"
done
check "perf's own text gives the same counts" diff "$work/trace.reasons" "$work/again.reasons"

done_testing
