#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2016 # neither make nor a shell may expand it
# usage: prove tests/tool/advise.t          O=DIRECTORY: where to build (default build)
#        UPDATE=1 tests/tool/advise.t       write the output as the new golden files
#
# `bootexits advise' with golden traces, and rules that are wrong. advise.trace is a boot of the lab with SITES=1 from
# the CD, with no observer. Of each reason, its sites with fewer than 40 exits are together in one of them.
# Exit status: 0 all passed, 1 some failed.
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"
. "$root/tests/lib/golden.sh"
export SAN=0

check "the tool builds" make -s -C tools all

case_of advise-sites 0 advise advise.trace
case_of advise-json 1 advise --json -f 'direct<1' -f 'total>50%' study/direct.trace
case_of advise-blind 0 advise study/cd.trace
case_of advise-ahci 0 advise -f smm-off\>100% study/cd-ahci.trace
case_of advise-direct 0 advise -f 'total>50%' -f 'qboot <= 100' study/direct.trace
case_of advise-breach 1 advise -f 'total>1' -f 'total>10%' -f 'qboot>+1000' -f 'direct>0' study/direct.trace
case_of advise-rules 0 advise --rules advise.rules --rules advise-more.rules detailed.log
case_of advise-truncated 1 advise -f 'total>1000000' full-truncated.log
case_of advise-skip 4 advise skip.log
case_of advise-unknown 1 advise -f 'total>1000000' headless.log

status_of 2 'neither total nor the id of a rule' advise -f 'kernel>0' study/cd.trace
status_of 2 'only a percentage' advise -f 'total>0.5' study/cd.trace
status_of 2 'no statistics' advise -f 'total>5 and significant' study/cd.trace
status_of 2 'no operator' advise -f total study/cd.trace
status_of 2 'more than one FILE' advise study/cd.trace study/cd.trace
status_of 2 'no FILE given' advise
status_of 3 'No such file' advise none.trace
status_of 3 'No such file' advise --rules none.rules study/cd.trace
status_of 3 'runs, not one' advise names.log
status_of 2 'takes no FILE' advise --print-rules study/cd.trace

# wrong NAME PATTERN JSON: a file of rules that is wrong gives one line, and status 3
wrong() {
	printf '%s' "$3" >"$work/wrong.rules"
	"$O/bootexits" advise --rules "$work/wrong.rules" tests/data/study/cd.trace >"$work/out" 2>"$work/err"
	[[ $? -eq 3 && ! -s $work/out && $(wc -l <"$work/err") -eq 1 ]] && grep -qF -e "$2" "$work/err"
	ok $? "wrong rules: $1: $(tail -c 90 "$work/err" | tr -d '\n')"
}
# rule CHANGE: the rule of docs/advise.md, changed by jq
sed -n '/^```json/,/^```/p' docs/advise.md | sed '/^```/d' >"$work/doc.rules"
rule() {
	jq -c ".rules[0] |= ($1)" "$work/doc.rules"
}
check "the rule in docs/advise.md is right" "$O/bootexits" advise --rules "$work/doc.rules" tests/data/study/cd.trace
wrong "no JSON" ":1: " '{"advise"'
wrong "an empty file" ": " ''
wrong "an array" "it isn't an object" '[]'
wrong "no version" "the value of advise isn't 1" '{"rules": []}'
wrong "another key" "a key that isn't advise or rules" '{"advise": 1, "rules": [], "more": 1}'
wrong "no array" "rules isn't an array" '{"advise": 1, "rules": {}}'
wrong "a rule that is a text" "rule number 1: it isn't an object" '{"advise": 1, "rules": ["x"]}'
wrong "no id" "rule number 1: id is missing" "$(rule 'del(.id)')"
wrong "a bad id" "rule A b: an id has" "$(rule '.id = "A b"')"
wrong "the id total" "rule total: an id has" "$(rule '.id = "total"')"
wrong "the same id twice" "rule debugcon: another rule of this file" "$(jq -c '.rules += .rules' "$work/doc.rules")"
wrong "a key twice" ":1: duplicate" '{"advise": 1, "advise": 1, "rules": []}'
wrong "an unknown key" "rule debugcon: unknown key savez" "$(rule '.savez = "all"')"
wrong "no title" "rule debugcon: title is missing" "$(rule 'del(.title)')"
wrong "a long title" "rule debugcon: title has more than" "$(rule '.title = "x" * 76')"
wrong "a long text" "rule debugcon: source has more than" "$(rule '.source = "x" * 501')"
wrong "no match" "rule debugcon: match must be" "$(rule '.match = []')"
wrong "an empty match" "rule debugcon: match must be" "$(rule '.match = [{}]')"
wrong "an unknown key in match" "rule debugcon: unknown key ports" "$(rule '.match[0].ports = ["0x1"]')"
wrong "a phase that is a text" "rule debugcon: phase must be an array" "$(rule '.match[0].phase = "kernel"')"
wrong "a decimal port" "rule debugcon: port must have numbers" "$(rule '.match[0].port = ["1016"]')"
wrong "a range backwards" "rule debugcon: port must have numbers" "$(rule '.match[0].port = ["0x9-0x8"]')"
wrong "half a range" "rule debugcon: port must have numbers" "$(rule '.match[0].port = ["0x9-"]')"
wrong "two kinds of site" "rule debugcon: a match can have only one" "$(rule '.match[0].msr = ["0x9"]')"
wrong "saves some" "rule debugcon: saves must be" "$(rule '.saves = "some"')"
wrong "saves 0 %" "rule debugcon: percent must be" "$(rule '.saves = {percent: 0}')"
wrong "saves 101 %" "rule debugcon: percent must be" "$(rule '.saves = {percent: 101}')"
wrong "saves two ways" "rule debugcon: saves must be" "$(rule '.saves = {percent: 1, above: 1}')"
wrong "above less than 0" "rule debugcon: above must be" "$(rule '.saves = {above: -1}')"
wrong "at_least is a text" "rule debugcon: at_least must be" "$(rule '.at_least = "9"')"
wrong "only is empty" "rule debugcon: only must be" "$(rule '.only = []')"
wrong "without_sites with sites" "rule debugcon: the match of without_sites" \
	"$(rule '.without_sites = {match: .match, saves: "all"}')"
wrong "control characters" 'rule ?[31m?: an id has' "$(rule '.id = "\u001b[31m\u0007"')"
wrong "too large" "more than 1 MiB" "$(printf '%*s' 1048577 '')"

# Nothing of a rules file or a trace reaches a terminal as a control sequence.
rule '.title = "\u001b[31mred" | .setting = "\u009b1m" | .takes_away = "\u202eback" | .try = "a\rb" | .at_least = 0 |
	.match = [{reason: ["io"]}]' >"$work/hostile.rules"
"$O/bootexits" advise --rules "$work/hostile.rules" tests/data/study/cd.trace >"$work/out"
grep -q '?\[31mred' "$work/out" && ! LC_ALL=C grep -q '[^ -~]' "$work/out"
ok $? "texts of rules are shown as text"

# The built-in rules
"$O/bootexits" advise --print-rules >"$work/own.rules"
check "--print-rules prints the file" cmp "$work/own.rules" tools/advise/rules.json
"$O/bootexits" advise tests/data/advise.trace >"$work/alone"
"$O/bootexits" advise --rules - tests/data/advise.trace <"$work/own.rules" >"$work/twice"
check "a rule replaces the one of its id" cmp "$work/alone" "$work/twice"
jq -r '.rules[].source | select(startswith("docs/study.md: ")) | .[15:] | gsub(" [(].*"; "") | scan("[^,; ]+")' \
	"$work/own.rules" | sort -u >"$work/boots"
unknown=$(while read -r boot; do grep -q "^$boot *|" measure/study/matrix || echo "$boot"; done <"$work/boots" | xargs)
check "the study has each boot that a source names ($unknown)" test "$unknown" = "" -a "$(wc -l <"$work/boots")" -gt 15
(cd tests/data && "$O/bootexits" advise advise.trace) | awk 'length > 80 && !/^  try / { print; bad = 1 } END { exit bad }' >"$work/long"
ok $? "no line but a command has more than 80 columns"

# What the study measured is what a trace of the study's boot is promised, within 5 %.
promised() {	# RULE TRACE MEASURED
	"$O/bootexits" advise --json "tests/data/$2" | jq -e --arg rule "$1" --argjson measured "$3" \
		'.advice[] | select(.rule == $rule) | .exits / $measured - 1 | fabs < 0.05' >/dev/null
	ok $? "$1 promises what the study measured"
}
promised direct study/cd.trace 47044
promised cd-virtio study/cd.trace 29632
promised cd-ahci study/cd.trace 27189
promised microvm study/cd.trace 50335
promised direct advise.trace 47044
promised cd-virtio advise.trace 29632
promised cd-ahci advise.trace 27189
promised microvm advise.trace 50335

"$O/bootexits" advise --json tests/data/advise.trace >"$work/json"
check "no exit is counted twice" jq -e '.avoidable <= .exits and .avoidable < ([.advice[].exits] | add) and
	.avoidable >= ([.advice[].exits] | max)' "$work/json"

# --try: make's words, by a make that only writes these down, and gives the trace of a boot with the setting
mkdir "$work/bin"
cat >"$work/bin/make" <<'END'
#!/bin/bash
printf '%s\n' "$@" >"${TRIED:?}"
cp "${AFTER:?}" "${!##TRACE=}"
END
chmod +x "$work/bin/make"
# tried STATUS WORDS ARGUMENT...: make gets these words, after its folder, `run' and O=
tried() {
	local want=$1 words=$2 got

	shift 2
	rm -f "$work/tried"
	env PATH="$work/bin:$PATH" TRIED="$work/tried" AFTER="$root/tests/data/study/direct.trace" O="$work" \
		"$O/bootexits" advise "$@" >"$work/out" 2>"$work/err"
	got=$?
	sed "s|$work/||" "$work/tried" | tail -n +5 | xargs -d '\n' printf '[%s]' >"$work/words"
	[[ $got -eq $want && $(<"$work/words") == "$words" ]]
	ok $? "advise $*: status $want (is $got), make gets $words"
}
tried 0 '[LANE=amd][KVER=6.1][RAM=256][HIST=0][VCPUS=1][OPTIONS=sync observer=0][SITES=1][DIRECT=1][KERNEL=a b][TRACE=try-direct.trace]' \
	--try direct tests/data/advise.trace 'KERNEL=a b'
check "it says what was promised and measured" \
	grep -qE '^direct: promised ~[0-9,]+ guest exits less, measured [0-9,]+ \([0-9.]+% of the promise\)$' "$work/out"
check "it compares" grep -qE '^ +all +56,120 +9,329 +-46,791 ' "$work/out"
check "its own output is all that is on stdout" test "$(head -c 7 "$work/out")" = "direct:"
microvm=FIRMWARE=qboot][MACHINE=microvm,rtc=on,pic=off,pit=off
tried 0 "[LANE=amd][KVER=6.1][VCPUS=1][OPTIONS=sync observer=0][DIRECT=1][$microvm][TRACE=try-microvm.trace]" --try microvm tests/data/study/cd.trace
jq -c 'if .trace then .command += ["-e", "direct=a b,,c", "-d", "disk.img"] else . end' \
	tests/data/study/cd.trace >"$work/more.trace"
jq '.rules |= map(select(.id == "cd-virtio") | del(.without_sites.not))' tools/advise/rules.json >"$work/always.rules"
tried 0 "[LANE=amd][KVER=6.1][VCPUS=1][OPTIONS=sync observer=0][DIRECT=1][CMDLINE=a b,c][DISK=disk.img][CD=virtio][TRACE=try-cd-virtio.trace]" \
	--rules "$work/always.rules" --try cd-virtio "$work/more.trace"
jq -c 'if .trace then .source = "kvm" else . end' tests/data/advise.trace >"$work/host.trace"
status_of 2 'is not of the lab' advise --try direct "$work/host.trace"
sed 's/make run CD=virtio/-device x/' tools/advise/rules.json >"$work/by-hand.rules"
status_of 2 'names no make run' advise --rules "$work/by-hand.rules" --try cd-virtio advise.trace
status_of 2 'no rule is called none' advise --try none advise.trace
status_of 2 'avoids no exits' advise --try ovmf-timer advise.trace
status_of 2 'is for --try' advise KERNEL=x advise.trace
status_of 2 'without --json' advise --try direct --json advise.trace
# Neither a trace nor a rule can make make or its shell run something.
evil() {	# WHAT JQ: a trace with that change is not tried
	jq -c "if .trace then $2 else . end" tests/data/advise.trace >"$work/evil.trace"
	rm -f "$work/tried"
	status_of 2 'which --try does not give to make' advise --try direct "$work/evil.trace"
	check "$1 in a trace: make is not started" test ! -e "$work/tried"
}
evil "a lane that make expands" '.lane = "$(shell touch x)"'
evil "a kernel that make expands" '.kver = "6.1$(shell touch x)"'
evil "a number with a command" '.command += ["-e", "vcpus=1;touch x"]'
evil "a machine with a command" '.command += ["-e", "machine=pc`touch x`"]'
for try in 'make run TRACE=/etc/passwd' "make run VCPUS='\$(shell touch x)'" 'make run -f x' 'make run SHELL=x'; do
	jq --arg text "$try" '.rules |= map(select(.id == "direct") | .["try"] = $text)' tools/advise/rules.json \
		>"$work/evil.rules"
	status_of 2 'which --try does not give to make' advise --rules "$work/evil.rules" --try direct advise.trace
done
jq -c 'if .trace then .command += ["-d", "$(shell touch x)"] else . end' tests/data/advise.trace >"$work/disk.trace"
tried 0 '[LANE=amd][KVER=6.1][RAM=256][HIST=0][VCPUS=1][OPTIONS=sync observer=0][SITES=1][DISK=$(shell touch x)][DIRECT=1][TRACE=try-direct.trace]' \
	--try direct "$work/disk.trace"
check "nothing of all this was executed" test ! -e x -a ! -e tests/data/x -a ! -e "$work/x"
cp tests/data/advise.trace "$work/try-direct.trace"
env O="$work" "$O/bootexits" advise --try direct "$work/try-direct.trace" >"$work/out" 2>"$work/err"
check "a trace that the boot would replace: status 2" test $? -eq 2
check "and it says so" grep -q 'would be replaced' "$work/err"
env O="$work/none" "$O/bootexits" advise --try direct tests/data/advise.trace >"$work/out" 2>"$work/err"
check "an O= that isn't there: status 3" test $? -eq 3
env PATH=/nowhere "$O/bootexits" advise --try direct tests/data/advise.trace >"$work/out" 2>"$work/err"
check "with no make: status 3" test $? -eq 3

# With sanitizers
check "the tool builds with sanitizers" make -s -C tools SAN=1 all
for log in tests/data/*.{log,trace,host} tests/data/study/*.trace; do
	limited 60 "$O/bootexits-san" advise -f 'total>0' "$log" >/dev/null 2>"$work/err"
	[[ $? -le 4 ]] || echo "$log: died" >>"$work/san"
	grep -E 'Sanitizer|runtime error' "$work/err" >>"$work/san"
done
check "no sanitizer complains about any log" test ! -s "$work/san"

done_testing
