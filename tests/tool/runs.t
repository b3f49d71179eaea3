#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/tool/runs.t           O=DIRECTORY: where to build (default build)
#
# `bootexits record --runs', and the medians of several boots, which report prints, too. QEMU is a script here that
# writes the next log of a noisy source. tests/unit/shift.c simulates the intervals.
# Exit status: 0 all passed, 1 some failed.
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"
tool=$O/bootexits
unset LANE
cp tests/lib/fake-qemu.sh "$work/qemu"

diagnose() { cat "$work/said" "$work/out"; }

for boot in {1..12}; do
	python3 tests/tool/noisy.py log $((boot * 37 % 11 * 10)) >"$work/noise-$boot.log"
done
# The next boot's log, in $work/next; boot $bad does not end
next="n=\$((\$(cat $work/nr) + 1)); echo \$n >$work/nr; [ \$n = \${BAD:-none} ] && exit 1; cat $work/noise-\$n.log >>\"\$log\"; exit \${STATUS:-33}"

runs() {	# STATUS OPTION...: record into $work/runs; its messages go to $work/said
	local want=$1
	shift
	rm -rf "$work/runs"
	echo 0 >"$work/nr"
	timeout -s KILL 600 "$tool" record -o "$work/runs" "$@" -- "$work/qemu" /dev/null "$next" >"$work/out" 2>"$work/said"
	got=$?
	[[ $got -eq $want ]]
	ok $? "record $*: status $want (is $got)"
}

runs 0 --runs 10 --warmup 2
check "ten traces, in order, and nothing else" diff <(ls "$work/runs") <(printf 'run-%02d.trace\n' {1..10})
check "two boots before them left nothing" test "$(cat "$work/nr")" = 12
check "the medians, MADs and intervals are those of another program" python3 - "$work" <<'END'
import math, re, statistics, sys
work = sys.argv[1]
values = [44500 + boot * 37 % 11 * 10 for boot in range(3, 13)]
median = statistics.median(values)
mad = statistics.median(abs(value - median) for value in values)
n, k = len(values), 0
while 2 * sum(math.comb(n, i) for i in range(k + 1)) / 2 ** n <= 0.05:
    k += 1
low, high = sorted(values)[k - 1], sorted(values)[n - k]
half = lambda number: format(int(number), ",") + (".5" if number % 1 else "")
line = next(line for line in open(f"{work}/out").read().split("\nmedians ")[1].splitlines() if line.startswith("total"))
want = ["total", half(median), half(mad), f"{low:,} to {high:,}"]
got = re.split("  +", line)[:4]
assert got == want, (got, want)
END
check "the table has each boot, and says how many the medians are of" grep -q '^medians of 10 boots;' "$work/out"
check "and how sure the intervals are" grep -q 'guest exits   *MAD   *95% interval' "$work/out"
check "report of the directory prints the same" diff "$work/out" <("$tool" report "$work/runs")
check "report of a pattern, too" diff "$work/out" <("$tool" report "$work/runs/*.trace")
check "a phase without noise has an interval without width" grep -Eq '^firmware +10,000 +0 +10,000 to 10,000 ' "$work/out"

runs 0 --runs 2
check "two boots: an interval of 50 %" grep -q '50% interval' "$work/out"
"$tool" record --runs 2 -o "$work/runs" -- "$work/qemu" /dev/null 'exit 33' >"$work/out" 2>"$work/said"
check "a directory with traces is refused: status 3 (is $?), one line" \
	grep -qx '.*/runs: it has traces already: remove them, or give another directory' "$work/said"
check "and stays" test "$(echo "$work"/runs/*)" = "$work/runs/run-1.trace $work/runs/run-2.trace"

# A boot that fails in the middle: the ones before are kept, and are boots to compare with
BAD=3 runs 3 --runs 5
check "one line says which one" grep -q 'run 3 of 5 ended with status 3' "$work/said"
check "the two before it stay, and no more is booted" test "$(echo "$work"/runs/*.trace) $(cat "$work/nr")" = "$work/runs/run-1.trace $work/runs/run-2.trace 3"
STATUS=35 runs 1 --runs 3
check "a verdict that is no pass: one line names the trace, which loses its ending" grep -q 'run 1 of 3 ended with status 1: its trace is .*/runs/run-1.trace.failed$' "$work/said"
check "no trace stays with its ending" test -z "$(compgen -G "$work/runs/*.trace")"
BAD=1 runs 3 --runs 3 --warmup 1
check "a boot before them that fails: one line" grep -q 'warm-up 1 of 1 ended with status 3$' "$work/said"

# A signal ends the boot that runs, and all
for signal in INT TERM; do
	rm -rf "$work/runs"
	echo 0 >"$work/nr"
	"$tool" record -o "$work/runs" --runs 4 -- "$work/qemu" /dev/null \
		"n=\$((\$(cat $work/nr) + 1)); echo \$n >$work/nr; cat $work/noise-\$n.log >>\"\$log\"; [ \$n = 1 ] || exec sleep 600; exit 33" \
		>"$work/out" 2>"$work/said" &
	recorder=$!
	until [[ $(cat "$work/nr") == 2 && -e $work/runs/run-2.trace ]]; do sleep 0.1; done
	kill -$signal $recorder
	wait $recorder
	got=$?
	[[ $got -eq 130 && -e $work/runs/run-1.trace && -e $work/runs/run-2.trace.failed ]] && grep -q 'run 2 of 4 ended with status 130' "$work/said"
	ok $? "SIG$signal: status 130 (is $got), the first boot stays, and one line says which ended"
done

wrong() {	# PATTERN ARGUMENT...: status 2, and a line
	"$tool" record "${@:2}" >"$work/out" 2>"$work/said"
	[[ $? -eq 2 ]] && grep -q -e "$1" "$work/said"
	ok $? "record ${*:2}: status 2, says $1"
}
wrong '--warmup needs --runs' --warmup 1 -- true
wrong 'takes 2 or more' --runs 1 -- true
wrong 'has only one boot' --runs 3 --from-log tests/data/full.log
wrong 'use -o DIRECTORY' --runs 3 -o - -- true
wrong 'not a number' --runs x -- true
wrong 'not REGEX=NAME' --bpf --phase login: -- true
wrong 'not REGEX=NAME, with a NAME of 1 to 32 letters' --bpf --phase 'login:=the login' -- true
wrong 'Unmatched \[.*: in \[a' --bpf --until '[a=x' -- true
wrong 'need a QEMU command' --phase login:=user -- true
wrong 'need a QEMU command' --lab --bpf --until login:=user -- boot

# Boots of the lab repeat
mkdir "$work/lab"
for boot in 1 2 3; do
	"$tool" record -o "$work/lab/$boot.trace" --lab --from-log tests/data/single.log 2>"$work/said"
done
"$tool" report "$work/lab" >"$work/out" 2>"$work/said" && grep -qx 'spread 0: all 3 boots have the same exits and the same times, as they must' "$work/out"
ok $? "boots of the lab that repeat: spread 0, status 0"
"$tool" record -o "$work/lab/4.trace" --lab --from-log "$work/noise-1.log" 2>"$work/said"
"$tool" report "$work/lab" >"$work/out" 2>"$work/said"
[[ $? -eq 1 ]] && grep -q "^the 4 boots differ, but the lab's have to repeat" "$work/out"
ok $? "boots of the lab that differ: status 1, and a line"
"$tool" report --json "$work/lab" >"$work/out"
check "JSON says the same" jq -e '.medians | .boots == 4 and .exact and (.equal | not) and .total.exits == {median: 44500, mad: 0, low: 44500, high: 44540, min: 44500, max: 44540}' "$work/out"
"$tool" report tests/data/{full,three}.log tests/data/study/cd.trace >"$work/out"
check "unlike boots have no medians, and a line says why" grep -q '^no medians: tests/data/three.log: the vendor differs' "$work/out"
check "nor in JSON" test "$("$tool" report --json tests/data/{full,three}.log | jq .medians)" = null
check "one file has no medians" test "$("$tool" report --json tests/data/full.log | jq 'has("medians")')" = false
mkdir "$work/empty"
"$tool" report "$work/empty" >"$work/out" 2>"$work/said"
[[ $? -eq 3 ]] && grep -q 'no \*.trace' "$work/said"
ok $? "a directory without boots: status 3, one line"

check "noisy sources: the intervals hold what they claim" python3 tests/tool/noisy.py coverage "$tool" "$work/coverage"
sed 's/^/# /' "$work/output"

done_testing
