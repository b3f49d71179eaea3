#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/tool/baseline.t       O=DIRECTORY: where to build (default build)
#
# `bootexits baseline': a boot's exits in a file, later boots that are checked by it, and what they were made of.
# Exit status: 0 all passed, 1 some failed.
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"
export SAN=1
make -s -C tools all >"$work/make" 2>&1
ok $? "the tool builds with sanitizers"
tool=$O/bootexits
base=$work/boot.json

diagnose() { cat "$work/err" "$work/out"; }

# says STATUS PATTERN ARGUMENT...: that status, and PATTERN in a line of either output; no sanitizer complains
says() {
	local want=$1 pattern=$2 got
	shift 2
	"$tool" baseline "$@" >"$work/out" 2>"$work/err"
	got=$?
	[[ $got -eq $want ]] && grep -q -e "$pattern" "$work/out" "$work/err" && ! grep -qE 'Sanitizer|runtime error' "$work/err"
	ok $? "baseline ${*//"$work/"/}: status $want (is $got), says $pattern"
}
# one_line STATUS PATTERN ARGUMENT...: the same, and there is no other line
one_line() {
	says "$@"
	check "in one line" test "$(cat "$work/out" "$work/err" | wc -l)" = 1
}

# made NAME LOG [FILTER]: a trace of the lab, its metadata changed by jq
parts='{kver: "6.1", emulator: "QEMU 7.2", emulator_sha256: "e0", command: ["lab/lab.sh", "linux", "build/linux.iso"], l1: {suite: "bookworm", lock: "k0",
	packages: [["libc6", "2.36-9", "c0"]]}, files: [{path: "build/lab/6.1/vmlinux", bytes: 3, sha256: "a0"}, {path: "build/kvm/6.1/kvm.ko", bytes: 5, sha256: "a1"},
	{path: "lab/l1/l2.sh", bytes: 6, sha256: "a2"}, {path: "build/linux.iso", bytes: 7, sha256: "a3"}]}'
made() {
	"$tool" record -o "$work/logs.trace" --lab --from-log "$2" 2>"$work/err"
	jq -c "if .trace then . + {lane: \"amd\"} + $parts | ${3:-.} else . end" "$work/logs.trace" >"$work/$1.trace"
}
single=tests/data/single.log more=$work/more.log
python3 tests/tool/noisy.py log 3 >"$more"
made good $single
made more "$more" '.files[3].sha256 = "i1"'

one_line 0 'boot.json: 44,500 guest exits' save "$base" "$work/good.trace"
check "its form" jq -e '.bootexits_baseline == 1 and .gates == ["total>+0"] and .boots == 1 and .total.exits == 44500 and .phases[3] ==
	{name: "kernel", exits: 15840, reasons: {interrupt: 1000, cpuid: 300, hlt: 600, io: 10240, npf: 3700}} and .made.l1 == {suite: "bookworm", lock: "k0"}
	and .made.files == {"build/lab/6.1/vmlinux": "3 a0", "build/kvm/6.1/kvm.ko": "5 a1", "lab/l1/l2.sh": "6 a2", "build/linux.iso": "7 a3"}' "$base"
check "each reason's exits add up to the phase's, and these to the total" jq -e '([.phases[], .total] | map(.exits == (.reasons | add)) | all)
	and (.phases | map(.exits) | add) == .total.exits' "$base"
check "a number a line" test "$(grep -c '"cpuid": ' "$base")" = 7
one_line 3 'boot.json: it exists: use .bootexits baseline update' save "$base" "$work/good.trace"
says 0 '^1 gate holds$' check "$base" "$work/good.trace"
says 1 '^breach: total +3 (+0.0%) > +0$' check "$base" "$work/more.trace"
check "no other breach" test "$(grep -c ^breach "$work/out")" = 1
check "the guest is under test, so the difference is exact" grep -q '^total  *cpuid .* exact$' "$work/out"
check "both sides are named" diff <(head -n 3 "$work/out") <(printf '%s\n' "A: $base" "B: $work/more.trace" 'the guest differs: build/linux.iso')

# update keeps what people wrote, in its place
jq '. + {"why": "make run, July"} | .gates += ["kernel.io>+0.5%"]' "$base" >"$work/edited" && cp "$work/edited" "$base"
says 1 '^breach: total +3' check "$base" "$work/more.trace"
one_line 0 'boot.json: 44,500 -> 44,503 guest exits' update "$base" "$work/more.trace"
says 0 '^2 gates hold$' check "$base" "$work/more.trace"
diff "$work/edited" "$base" | grep '^[<>]' >"$work/diff"
diff - "$work/diff" <<'END' >"$work/out"
<     "exits": 44500,
>     "exits": 44503,
<       "cpuid": 2000,
>       "cpuid": 2003,
<       "exits": 15840,
>       "exits": 15843,
<         "cpuid": 300,
>         "cpuid": 303,
<       "build/linux.iso": "7 a3"
>       "build/linux.iso": "7 i1"
END
ok $? "a diff of the file has what changed, and no more"
says 0 '^2 gates hold$' check "$base" "$work/good.trace"
says 2 'update keeps the gates in the file' update -f 'total>1' "$base" "$work/good.trace"
"$tool" baseline update "$base" "$work/good.trace" >"$work/out"

# Another L1: it says so first, judges nothing, and says what to do
other() {	# NAME PATTERN FILTER
	made "$1" "$more" "$3"
	says 3 "was made otherwise than .*$1.trace: $2" check "$base" "$work/$1.trace"
	check "$1: that is the first line, the next one says what to do, and nothing is judged" \
		test "$(head -n 1 "$work/err" | grep -c "$2") $(sed -n 2p "$work/err" | grep -c 'bootexits baseline update') $(wc -c <"$work/out")" = '1 1 0'
	says 1 '^breach: total +3' check --force "$base" "$work/$1.trace"
	cp "$base" "$work/moved.json"
	says 0 '44,500 -> 44,503' update "$work/moved.json" "$work/$1.trace"
	check "$1: update says it, too" grep -q "was made otherwise than .*: $2" "$work/err"
	says 0 'gates hold' check "$work/moved.json" "$work/$1.trace"
}
other lock 'L1 differs: lock file k0 / k1' '.l1.lock = "k1"'
other kernel 'L1 differs: kernel 6.1 / 6.12' '.kver = "6.12"'
other emulator 'the emulator differs: another build of QEMU 7.2' '.emulator_sha256 = "e1"'
other script 'the lab differs: l2.sh' '.files[2].sha256 = "s1"'
made ko "$more" '.files[1].sha256 = "k1"'
says 1 '^KVM differs: kvm.ko$' check "$base" "$work/ko.trace"
made intel $single '.lane = "intel"'
one_line 3 'lane is intel, but in .*boot.json it is amd' check "$base" "$work/intel.trace"
one_line 3 'svm and vmx have no reasons in common' check "$base" tests/data/three.log

# Several boots: medians, which need not add up
says 0 '44,503 guest exits' save "$work/many.json" tests/data/before
check "the medians of five boots, and a gate with room" jq -e '.boots == 5 and .gates == ["total>+2%"] and .phases[3].exits == 15843' "$work/many.json"
says 0 '^1 gate holds' check "$work/many.json" tests/data/after
says 1 '^breach: kernel.cpuid +22.5 (+7.4%) > +7%' check -f 'kernel.cpuid>+7%' "$work/many.json" tests/data/after
! grep -q 'interval\|too few' "$work/out"
ok $? "a baseline is no sample: nothing is said of chance"

one_line 3 'more.trace: its medians with .*good.trace mean nothing: the guest differs' save "$work/none.json" "$work"/{good,more}.trace
says 1 '^within B: the guest differs' check "$base" "$work"/{good,more}.trace

# Gates
one_line 2 "fail-on 'kernel.ms>0': a baseline has exits only" check -f 'kernel.ms>0' "$base" "$work/good.trace"
says 2 "can't tell chance" check -f 'total>0 and significant' "$base" "$work/good.trace"
one_line 2 'no boot has a phase or a reason smi' check -f 'smi>0' "$base" "$work/good.trace"
one_line 2 'no boot has a phase or a reason smi' save -f 'smi>0' "$work/none.json" "$work/good.trace"
check "and nothing is written" test ! -e "$work/none.json"
says 0 '44,500' save -f 'io>+1%' -f 'total>+10' "$work/gates.json" "$work/good.trace"
says 0 '^2 gates hold' check "$work/gates.json" "$work/more.trace"
edited() {	# FILTER: make $work/bad.json
	jq "$1" "$base" >"$work/bad.json"
}
edited '.gates = []'
says 1 'these differ' check "$work/bad.json" "$work/more.trace"
says 0 'equal' check "$work/bad.json" "$work/good.trace"
for gate in '"total"' 1 '"total>0 and significant"'; do
	edited ".gates = [$gate]"
	one_line 2 'bad.json: not a gate' check "$work/bad.json" "$work/good.trace"
done
edited 'del(.phases[4], .phases[5]) | .total.reasons = {io: 27500} | .total.exits = 27500'
says 1 'breach: total: A ends with kernel, B with userspace' check "$work/bad.json" "$work/good.trace"

# Files that are no baselines
tool=$O/bootexits-san
for filter in .gates 'del(.gates)' 'del(.made)' 'del(.total)' '.phases = []' '.phases[0] = 5' 'del(.phases[1].name)' '.phases[1].exits = -1' \
	'.phases[1].exits += 1' '.total.reasons.io = "x"' '.total.reasons.io = 1.5' '.bootexits_baseline = 2' 1 '[.]' '.made = []' '.phases = {}'; do
	edited "$filter"
	one_line 3 'bad.json:' check "$work/bad.json" "$work/good.trace"
done
edited '.phases[0].reasons += ([range(300) | {key: "r\(.)", value: 0}] | from_entries)'
one_line 3 'too many phases or reasons' check "$work/bad.json" "$work/good.trace"
edited '.made = {} '
says 3 'its lane\|host record\|have no reasons\|ABI' check "$work/bad.json" "$work/good.trace"
edited '.made.files = {a: 1, b: "x", c: "1", d: ""} | .made.observer = [] | .made.l1 = 3 | .made.command = 5 | .made.emulator_firmware = "x"'
says 3 'made otherwise' check "$work/bad.json" "$work/good.trace"
says 0 'gates hold' check --force "$work/bad.json" "$work/good.trace"
printf '{"bootexits_baseline": 1, "bootexits_baseline": 1' >"$work/bad.json"
one_line 3 'bad.json:1: not a baseline' check "$work/bad.json" "$work/good.trace"
one_line 3 'missing.json: No such file' check "$work/missing.json" "$work/good.trace"
one_line 3 'missing.trace' check "$base" "$work/missing.trace"
edited '.boots = 2 | .phases[0].name = "a\u001b[2J" | .phases[0].reasons = {"b\u001b[2J": 10000} | .total.reasons["b\u001b[2J"] = 10000'
says 0 'a?\[2J' check "$work/bad.json" "$work/good.trace"
says 1 'it has not passed' save "$work/none.json" tests/data/full-truncated.log
says 3 'no phases' save "$work/none.json" tests/data/skip.log
check "there is no baseline of these" test ! -e "$work/none.json"

for arguments in '' 'check' "check $base" 'show x y' "save --force $base x" "update --format json $base x"; do
	# shellcheck disable=SC2086 # words of a command
	says 2 'Try .*--help' $arguments
done

# Each format, read by a program that is not ours
for format in markdown junit github json; do
	"$tool" baseline check --format $format "$base" "$work/more.trace" >"$work/$format" 2>"$work/err"
	check "$format: status 1 (is $?)" grep -q 'total' "$work/$format"
done
check "JUnit: xmllint finds one failure" test "$(xmllint --xpath 'string(/testsuite/@failures)' "$work/junit") $(xmllint --xpath 'string(//failure/@message)' "$work/junit")" = \
	'1 breach: total +3 (+0.0%) > +0'
check "GitHub: an error for the breach" grep -qx '::error title=bootexits::breach: total +3 (+0.0%25) > +0' "$work/github"
check "JSON: the gate is breached" jq -e '[.gates[] | select(.breached) | .gate] == ["total>+0"]' "$work/json"

done_testing
