#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/tool/keys.t          O=DIRECTORY: where to build (default build)
#
# Each JSON output begins with the schema's version. docs/json.md lists exactly its keys (tests/tool/keys.py). exitstat.t
# checks exitstat's, which needs a guest.
# shellcheck disable=SC2016 # backquotes are Markdown's
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"

check "the tools build" make -s -C tools all

# printed NAME COMMAND...: run it in tests/data, and keep its output as NAME.json
printed() {
	(cd tests/data && "${@:2}") >"$work/$1.json" 2>"$work/err" || [[ -s $work/$1.json ]] || rm "$work/$1.json"
}
tool=$O/bootexits nr=0
for arguments in {full,detailed,detailed-lost,headless,back,three,single,interrupts,hostless,names}.log "--host full.host full.log" \
	"--host full-fewer.host full.log" "--host reasons.host interrupts.log" study/cd.trace attached.trace killed.trace; do
	# shellcheck disable=SC2086 # words of a command
	printed "report-$((nr++))" "$tool" report --json $arguments
done
printed report-medians "$tool" report --json before
check "a recording is imported" "$tool" import -o "$work/imported.trace" tests/data/import-perf.txt
printed report-imported "$tool" report --json "$work/imported.trace"
printed report-symbols "$tool" report --json --symbols symbols.map symbols.trace
check "report: its keys are those of docs/json.md" tests/tool/keys.py "bootexits report" "$work"/report-*.json

for side in a b; do
	sed "1s/\"trace\":1/&,\"exact\":true,\"lane\":\"amd\",\"kver\":\"6.1\",\"l1_seed\":\"$side\"/" tests/data/full.trace >"$work/$side.trace"
done
cp -r tests/data/before "$work/copies"
cp tests/data/before/1.log "$work/copies/6.log"
printed compare-1 "$tool" compare --json -f 'total>+0' -f 'kernel.cpuid>1%' -f 'kernel>0.142%' before after
printed compare-2 "$tool" compare --json single.log slower.log
printed compare-3 "$tool" compare --json -f 'kernel.cpuid>22 and significant' before after
printed compare-4 "$tool" compare --json --vcpu 0 "$work/a.trace" "$work/b.trace"
printed compare-5 "$tool" compare --json "$work/copies" after
check "compare: its keys are those of docs/json.md" tests/tool/keys.py "bootexits compare" "$work"/compare-*.json

printed advise-1 "$tool" advise --json -f 'total>1' -f 'direct>20%' advise.trace
printed advise-2 "$tool" advise --json study/direct.trace
printed advise-3 "$tool" advise --json --symbols symbols.map symbols.trace
check "advise: its keys are those of docs/json.md" tests/tool/keys.py "bootexits advise" "$work"/advise-*.json

printed bench "$tool" bench --json --host bench.host --bar 'off/cpuid-0 <= 2686' --bar 'on/cpuid-0 - off/cpuid-0 <= 1' bench.log
sed 's/ n=/ n=1/' tests/data/bench.log >"$work/bad.log"
printed bench-bad "$tool" bench --json --bar 'off/cpuid-0 <= 2686' "$work/bad.log"
check "bench: its keys are those of docs/json.md" tests/tool/keys.py "bootexits bench" "$work"/bench*.json

printed doctor "$tool" doctor --json --root "$work"
check "doctor: its keys are those of docs/json.md" tests/tool/keys.py "bootexits doctor" "$work/doctor.json"

for dump in tests/data/features/{made,hw}-*.dump; do
	printed "features-$(basename "$dump")" "$O/bootexits-features" --json --replay "$root/$dump"
done
check "features: its keys are those of docs/json.md" tests/tool/keys.py bootexits-features "$work"/features-*.json

mkdir "$work/empty"
for boots in full.trace "full.log slower.log"; do
	# shellcheck disable=SC2086 # words of a command
	(cd tests/data && PATH=$work/empty "$tool" html -o - $boots) 2>"$work/err" |
		sed -n '/id="data">/,/<\/script>/p' | sed '1d;$d' >"$work/html-${boots%% *}.json"
done
check "html: its keys are those of docs/json.md" tests/tool/keys.py "bootexits html" "$work"/html-*.json
for page in "$work"/html-*.json; do
	jq '{schema, runs: [.boots[].report]}' "$page" >"$work/runs-${page##*/}"
	cp "$work"/report-*.json "$work/again"
done 2>/dev/null
check "html: a report is as report prints it" tests/tool/keys.py "bootexits report" "$work"/report-*.json "$work"/runs-*.json

# The check notices a page that is wrong: a missing row, a row too many, a wrong type, no version.
rotten() {	# NAME EXPRESSION PATTERN: with sed's EXPRESSION on a copy of the page, keys.py prints PATTERN
	mkdir -p "$work/rotten/docs"
	sed "$2" docs/json.md >"$work/rotten/docs/json.md"
	(cd "$work/rotten" && "$root/tests/tool/keys.py" "bootexits report" "$work"/report-*.json) >"$work/out"
	[[ $? -eq 1 ]] && grep -q "$3" "$work/out"
	ok $? "$1: is seen"
}
rotten "a key without a row" '/^| `net`/d' "no row for .net', which the program prints: add it"
rotten "a row without a key" 's/^| `net`.*/&\n| `gone` | text | x |/' "has .gone', which no output here has"
rotten "a wrong type" 's/^| `ms` | number/| `ms` | text/' "correct the type"
rotten "an object without a table" 's/^\*\*`runs\[\].linux`/**`runs[].other`/' "no table of .runs\[\].linux'"
jq 'del(.schema)' "$work/report-0.json" >"$work/without.json"
tests/tool/keys.py "bootexits report" "$work"/report-*.json "$work/without.json" >"$work/out"
[[ $? -eq 1 ]] && grep -q 'the first key is not "schema": 1' "$work/out"
ok $? "an output without a version is noticed"

# Milliseconds have all their digits: one tick of a TSC is visible even after 20 minutes.
printed ms "$tool" report --json study/cd.trace
check "ms is what ticks and frequency give" python3 -c '
import json, sys
run = json.load(open(sys.argv[1]))["runs"][0]
for row in run["phases"] + [run["total"]]:
    ticks = row["end_tsc"] - row["begin_tsc"]
    assert abs(row["ms"] - ticks / run["tracer"]["tsc_khz"]) < 1e-9 * row["ms"], row
    assert round(row["ms"] * run["tracer"]["tsc_khz"]) == ticks, row' "$work/ms.json"

done_testing
