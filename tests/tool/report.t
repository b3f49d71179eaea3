#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/tool/report.t         O=DIRECTORY: where to build (default build)
#        UPDATE=1 tests/tool/report.t      write the output as the new golden files
#
# `bootexits report' with golden logs. tests/tool/tools.t has the other subcommands.
# Exit status: 0 all passed, 1 some failed.
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"
. "$root/tests/lib/golden.sh"
export SAN=0

make -s -C tools all >"$work/make" 2>&1
ok $? "the tool builds"

case_of report-good 0 report --host good.host good.log
case_of report-alone 0 report good.log
case_of report-interrupts 0 report --unit=instructions --host interrupts.host interrupts.log
case_of report-interrupts-json 0 report --json --host interrupts.host interrupts.log
case_of report-garbage 0 report --host good.host garbage.log
case_of report-host-fewer 1 report --host fewer.host good.log
case_of report-host-fd 1 report --host fd.host good.log
case_of report-host-reasons 1 report --host reasons.host good.log
case_of report-host-sync 1 report --host other-sync.host good.log
case_of report-truncated 1 report truncated.log
case_of report-fail 1 report fail.log
case_of report-reboot 1 report reboot.log
case_of report-untraced 0 report bench.log
case_of report-skip 4 report --host good.host skip.log
case_of report-full 0 report --unit=instructions --host full.host full.log
case_of report-full-json 0 report --json --host full.host full.log
case_of report-full-fewer 1 report --host full-fewer.host full.log
case_of report-full-more 1 report --host full-more.host full.log
case_of report-full-truncated 1 report full-truncated.log
case_of report-induced 0 report --no-chart --host induced.host full.log
case_of report-induced-json 0 report --json --host induced.host full.log
case_of report-induced-some 0 report --phase kernel --host induced-some.host full.log
case_of report-apart 0 report --no-chart --host apart.host full.log
case_of report-three 0 report three.log
case_of report-three-json 0 report --json three.log
case_of report-headless 1 report headless.log
case_of report-headless-json 1 report --json headless.log
case_of report-headless-csv 1 report --csv headless.log
case_of report-hostless 1 report --no-chart hostless.log
case_of report-back 1 report back.log
case_of report-back-json 1 report --json back.log
case_of report-less 1 report --no-chart less.log
case_of report-single 0 report single.log
case_of report-lone 1 report lone.log
case_of report-huge 0 report huge.serial
case_of report-boot-defects 1 report boot-defects.log
case_of report-detailed 0 report --no-chart detailed.log
case_of report-detailed-json 0 report --json detailed-lost.log
case_of report-detailed-split 0 report --no-chart --split --top 3 --unit=instructions detailed.log
case_of report-detailed-sites 0 report --no-chart --sites 1 --phase kernel detailed-lost.log
case_of report-detailed-reason 0 report --sites 5 --latency --reason io detailed.log
case_of report-detailed-vcpu 0 report --no-chart --latency --vcpu 1 detailed.log
case_of report-phase 0 report --phase kernel --host full.host full.log
case_of report-phase-none 0 report --phase firmware names.log
case_of report-reason 0 report --reason io full.log
case_of report-reason-none 0 report --reason cpuid names.log
case_of report-reason-slot 0 report --reason 'port (slot 123)' odd.log
case_of report-phase-reason 0 report --phase kernel --reason io full.log
case_of report-vcpu 0 report --vcpu 1 --unit=instructions three.log
case_of report-vcpu-single 0 report --vcpu 0 --top 2 single.log
case_of report-vcpu-phase 0 report --vcpu 1 --phase kernel full.log
case_of report-cost 0 report --sort total --top 4 --no-chart full.log
case_of report-name 0 report --sort name --top 3 --no-chart full.log
case_of report-time 0 report --sort time --top 0 --no-chart full.log
case_of report-csv 0 report --csv full.log
case_of report-csv-part 0 report --csv --phase kernel --vcpu 0 full.log
case_of report-csv-reason 1 report --csv --reason io truncated.log
case_of report-csv-split 0 report --csv --split detailed.log
case_of report-csv-split-part 0 report --csv --split --phase kernel --vcpu 0 full.log
case_of report-attached 0 report attached.trace
case_of report-attached-vcpu 0 report --vcpu 1 attached.trace
case_of report-attached-json 0 report --json attached.trace
case_of report-color 1 report --color=always --no-chart full-truncated.log
LC_ALL=C.UTF-8 case_of report-utf8 0 report --phase kernel full.log
LC_ALL=C.UTF-8 case_of report-phase 0 report --ascii --phase kernel --host full.host full.log
case_of report-phase 0 report --color --color=never --phase kernel --host full.host full.log

head -n 3 tests/data/full.log >"$work/phaseless"
# one_line STATUS PATTERN ARGUMENT...: like status_of, and there is no other message
one_line() {
	status_of "$@"
	[[ ! -s $work/out && $(wc -l <"$work/err") -eq 1 ]]
	ok $? "and nothing else"
}
one_line 2 'full.log: no phase boot, but firmware, bootloader, payload, kernel, initramfs, userspace$' \
	report --phase boot full.log
one_line 2 'full.log: no reason IO, but interrupt, cpuid, hlt, io, npf$' report --reason IO full.log
one_line 2 'lone.log: no phase kernel$' report --phase kernel lone.log
one_line 3 'there is no vCPU 2$' report --vcpu 2 full.log
one_line 3 'the log has no parts, so nothing of vCPU 1' report --vcpu 1 interrupts.log
one_line 3 '4 runs, not one' report --csv bench.log
status_of 2 "not a vCPU's number, and not all: x" report --vcpu x full.log
status_of 2 'not a number of reasons: -1' report --top -1 full.log
status_of 2 'not a number of sites: 0' report --sites 0 full.log
status_of 2 'no such order: size' report --sort size full.log
status_of 2 'no such colour: red' report --color=red full.log
status_of 2 'json or --csv' report --json --csv full.log
for option in '--phase kernel' '--reason io'; do
	# shellcheck disable=SC2086 # words of a command
	status_of 2 'json prints everything' report --json $option full.log
done
status_of 2 "sort and --top can't be used with" report --json --top 3 full.log
status_of 2 "sort and --top can't be used with" report --csv --sort name full.log
status_of 2 'csv --split prints whole phases' report --csv --split --reason io full.log

status_of 1 'phaseless: no phases' report --csv "$work/phaseless"
status_of 1 'full-truncated.log: 3 defects, see' report --csv full-truncated.log

# If all three are known, net, self and induced add up to the exits of each phase. If not, net is an upper bound.
whole='all(.induced != null and .net + .self + .induced == .exits)'
bound='all(.induced == null and .net + .self == .exits)'
adds_up() {	# FILTER HOST: it is true for the phases of full.log, with that host's log
	jq -e ".runs[0] | [.phases[], .total] | $1" <("$O/bootexits" report --json --host "tests/data/$2" tests/data/full.log)
}
check "if the host counted induced exits, they add up in each phase" adds_up "$whole" induced.host
check "if the observer has a CPU of its own, induced is 0" adds_up "$whole and all(.induced == 0)" apart.host
check "if induced was not counted, net is a bound" adds_up "$bound" full.host
check "if some marks have no count, their phases have a bound" adds_up \
	"map(.induced == null) == [false, false, true, true, true, false, true]" induced-some.host

# Another reader of CSV finds the JSON's numbers in it, with any names.
same_csv() {	# LOG
	"$O/bootexits" report --json "$1" >"$work/json"
	"$O/bootexits" report --csv "$1" 2>/dev/null | python3 -c '
import csv, json, sys
wanted = sorted((phase["name"], str(reason["exits"]), str(reason["kvm"]))
                for run in json.load(open(sys.argv[1]))["runs"]
                for phase in run["phases"] for reason in phase["reasons"])
found = sorted((row["phase"], row["guest_exits"], row["kvm_cycles"]) for row in csv.DictReader(sys.stdin))
sys.exit(not found or found != wanted)' "$work/json"
}
for log in full good hostile odd three; do
	check "$log.log: the CSV has what the JSON has" same_csv tests/data/$log.log
done

# A spreadsheet finds no formula in the name of a reason or of a phase.
"$O/bootexits" record -o "$work/names.trace" --lab --from-log tests/data/full.log 2>"$work/err"
for first in = + - @; do
	sed "s/\"name\":\"\(io\|kernel\)\"/\"name\":\"${first}1+cmd|'x'\"/" "$work/names.trace" >"$work/formula.trace"
	for command in 'report --csv' 'report --csv --split' 'export --phases'; do
		# shellcheck disable=SC2086 # words of a command
		"$O/bootexits" $command "$work/formula.trace" >"$work/out" 2>"$work/err"
		grep -q "\"'[$first]1+cmd" "$work/out" && ! grep -qE '(^|,)"?[-=+@]' "$work/out"
		ok $? "$command: a name that begins with $first is no formula"
	done
done
# If a part of a log is lost, the report of a phase is as for the whole log, or says that it is unknown.
check "no cut of a log makes a wrong number" tests/tool/cuts.py "$O/bootexits" tests/data/full.log tests/data/single.log

# on_terminal COLUMNS COMMAND: print its output on a terminal of that width
on_terminal() {
	TERM=${TERM-linux} script -qec "stty cols $1; $2" /dev/null </dev/null | tr -d '\r'
}
report="'$O/bootexits' report tests/data/full.log"
for columns in 40 100 300; do
	on_terminal $columns "$report" | sed -n 's/^ *0 +//p' >"$work/axis"
	[[ $(wc -L <"$work/axis") -eq $((columns - 12)) ]]
	ok $? "a terminal of $columns columns has a chart as wide"
done
# No line is wider than the terminal, and nothing is lost except the ends of long names.
fits() {	# COLUMNS COMMAND...: run in tests/data
	local columns=$1 words
	shift
	(cd tests/data && "$O/bootexits" "$@") 2>"$work/err" | tr -s ' ' '\n' | sort -u >"$work/wanted"
	printf -v words ' %q' "$@"
	on_terminal "$columns" "cd tests/data; '$O/bootexits'$words 2>/dev/null" | sed $'s/\e\\[[0-9]*m//g' >"$work/out"
	tr -s ' ' '\n' <"$work/out" | sort -u | comm -23 "$work/wanted" - >"$work/lost"
	[[ -s $work/out && $(wc -L <"$work/out") -le $columns && ( $columns -lt 80 || ! -s $work/lost ) ]]
	ok $? "$*: fits $columns columns"
	sed 's/^/# lost: /' "$work/lost" | head -n "$((columns < 80 ? 0 : 3))"
}
for columns in 24 40 60 80 132; do
	fits $columns report --no-chart --split --sites 2 --latency --top 0 detailed.log
	fits $columns report --no-chart --host full.host full.log
	fits $columns report --no-chart --reason io full.log
	fits $columns report --no-chart three.log
	fits $columns report full.log good.log skip.log
	fits $columns compare before after single.log
	fits $columns compare --force -f 'total>+1%' full.log three.log
	fits $columns bench bench.log
	fits $columns check boot-defects.log skip.log
	[[ $columns -lt 80 ]] || fits $columns doctor --root "$work"
done
for log in full.log hostile.log huge.serial boot-defects.log; do
	on_terminal 80 "'$O/bootexits' report tests/data/$log" | sed $'s/\e\\[[0-9]*m//g' >"$work/out"
	[[ $(wc -L <"$work/out") -le 80 ]]
	ok $? "$log: the whole report fits 80 columns"
done
colored() {
	grep $'\e' >/dev/null
}
TERM=linux on_terminal 80 "$report" | colored
ok $? "a terminal has colours"
TERM=linux on_terminal 80 "$report | cat" | colored
[[ $? -eq 1 ]]
ok $? "a pipe has none"
for setting in NO_COLOR=1 TERM=dumb; do
	TERM=linux on_terminal 80 "export $setting; $report" | colored
	[[ $? -eq 1 ]]
	ok $? "$setting: no colours"
done
TERM=linux on_terminal 80 "NO_COLOR= $report" | colored
ok $? "an empty NO_COLOR has no effect"

status_of 0 'HOST.log' report --help
case_of report-files 3 report full.log study/cd.trace three.log names.log skip.log good.log full-truncated.log headless.log missing.log ../tool/keys.t
for options in --csv '--vcpu 0' '--phase kernel' '--reason io' '--host good.host' --split --latency '--sites 2' '--sort total'; do
	# shellcheck disable=SC2086 # words of a command
	status_of 2 'several FILEs become one table' report $options good.log good.log
done
# Each line has the numbers of the file's own report.
check "several files: the figures of each" python3 -c '
import json, subprocess, sys
tool, *paths = sys.argv[1:]
of = lambda *files: json.loads(subprocess.run([tool, "report", "--json", *files], capture_output=True).stdout)["runs"]
assert of(*paths) == [run for path in paths for run in of(path)]
lines = [line.split() for line in subprocess.run([tool, "report", *paths], capture_output=True, text=True).stdout.split("\nno medians")[0].splitlines()[1:]]
want = [[run["file"], format(run["total"]["exits"], ","), format(run["total"]["ms"], ",.1f"), run["verdict"], str(len(run["defects"]))]
        for path in paths for run in of(path)]
assert lines == want, (lines, want)' "$O/bootexits" tests/data/{full,good,three,detailed,single}.log
status_of 0 'no latencies: KVM kept none.*HISTOGRAM=1' report --latency full.log
status_of 0 'no sites: KVM kept none.*SITES=1' report --sites 3 full.log
status_of 0 'verdict pass' report --latency --sites 3 detailed.log
! grep -q 'KVM kept none' "$work/out"
ok $? "if KVM kept both, nothing is missing"
status_of 1 'verdict missing' report --latency --sites 3 full-truncated.log
! grep -q 'KVM kept none' "$work/out"
ok $? "nor where the log ends before they would come"
status_of 2 'unit takes cycles, instructions' report --unit miles good.log
status_of 3 'No such file' report missing.log
status_of 2 'no FILE given, and there is no bootexits.trace here' report
cp tests/data/full.log "$work/bootexits.trace"
check "the default is what record writes" diff <("$O/bootexits" report tests/data/full.log | grep -v ^tests/data/full.log:) \
	<(cd "$work" && "$O/bootexits" report | grep -v ^bootexits.trace:)
status_of 3 'No such file' report --host missing.host good.log

done_testing
