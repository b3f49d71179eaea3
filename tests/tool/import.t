#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/tool/import.t          O=DIRECTORY: where to build (default build)
#        UPDATE=1 tests/tool/import.t       write the output as the new golden files
#
# `bootexits import' with recordings that perf, trace-cmd and ftrace made in the lab, cut to some lines, and with forms of
# other kernels, written by hand. It counts what awk counts, and nothing that a recording lacks passes for a count.
# Exit status: 0 all passed, 1 some failed.
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"
. "$root/tests/lib/golden.sh"
export SAN=0
check "the tool builds" make -s -C tools all
data=tests/data trace=$work/x.trace

import() {	# STATUS PATTERN ARGUMENT...: import returns STATUS, and its stderr matches PATTERN; the trace is $trace
	local want=$1 pattern=$2

	shift 2
	rm -f "$trace"
	(cd $data && env PATH="${path:-$PATH}" "$O/bootexits" import -o "$trace" "$@") >"$work/out" 2>"$work/err" <"${input:-/dev/null}"
	got=$?
	[[ $got -eq $want ]] && grep -q -e "$pattern" "$work/err"
	ok $? "import $*: status $want (is $got), says $pattern"
}
diagnose() {
	cat "$work/err"
}
says() {	# NAME FILTER: jq's filter holds for the trace as an array
	check "$1" jq -es "$2" "$trace"
}
cells='[.[] | select(.guest == "reason")]'

for name in perf trace-cmd vmx old plugin; do
	import 0 'exits on' import-$name.txt
	check "$name: the trace is right" "$O/bootexits" check "$trace"
	tail -n +2 "$trace" >"$work/lines"
	[[ -z ${UPDATE-} ]] || cp "$work/lines" $data/import-$name.out
	check "$name: the records" diff $data/import-$name.out "$work/lines"
	# Nothing is lost: the exits are the recording's, up to the last mark of a boot that was marked to its end.
	exits=$(sed '/func 4fffff08 idx 30/q' $data/import-$name.txt | grep -c 'kvm_exit:')
	says "$name: it has all exits" "[.[] | select(.guest == \"phase\")][-1].total == $exits"
	# shellcheck disable=SC2016 # jq's variable
	says "$name: clocks that no recording has are not there" \
		'map(select(.outside)) as $all | ($all | length) > 2 and ($all | any(has("kvm") or has("user") or has("idle")) | not)'
done
import 0 '29 exits on 2 vCPUs; 4 more after the last mark' import-perf.txt
"$O/bootexits" report --split "$trace" | sed "s;$work/;;" >"$work/report"
[[ -z ${UPDATE-} ]] || cp "$work/report" $data/import-report.out
check "its report" diff $data/import-report.out "$work/report"
says "it says where it is from" '.[0] | .source == "import" and .unit == "ns" and (.exact | not) and
	.imported == { by: "perf", resolution: 1, unentered: 0, after: 4, process: 110, name: "qemu-system-x86" } and
	.logs == ["import-perf.txt"] and (.files[0].sha256 | length) == 64'
says "perf's text does not tell what was lost" '.[0].imported | has("lost") | not'
says "the boot was recorded from its start" '.[2].from_start == 1'
for words in report "report --json" "report --csv" "compare --by total $trace" "html -o $work/page" advise "export -f chrome" \
	"export -f folded" "export -f openmetrics" "export --phases" "plot -o $work/picture.svg"; do
	[[ $words != plot* ]] || command -v gnuplot >/dev/null || continue
	# shellcheck disable=SC2086 # words of a command
	check "${words%% /*} takes the trace" "$O/bootexits" $words "$trace"
done
jq -es '.[0].runs[0] | .total | .kvm == null and .user == null and .idle == null and .outside == .total' \
	<("$O/bootexits" report --json "$trace") >/dev/null
ok $? "in JSON, clocks that are not known are null"
grep -Eq '^total +all +\? +\?' <("$O/bootexits" compare --by kvm "$trace" "$trace")
ok $? "compare --by kvm: unknown"
"$O/bootexits" record --from-log --lab -o "$work/full.trace" $data/detailed.log 2>"$work/err"
grep -Eq '^total +all +\? +\?' <("$O/bootexits" compare --force --by total "$work/full.trace" "$trace")
ok $? "compare --by total: unknown, if only one side tells the clocks apart"

import 0 '24 exits on 1 vCPU$' import-default.txt
says "perf script's default form: microseconds, no process" '.[0].imported | .resolution == 1000 and (has("process") | not)'
import 0 '24 exits' import-trace-cmd.txt
says "trace-cmd tells that nothing was lost" '.[0].imported | .by == "trace-cmd" and .lost == 0'
import 1 'truncated: the recording lacks at least 3212 events' import-ftrace.txt
says "ftrace: what was overwritten is lost" '.[0].imported.lost == 3212 and .[-1].end == "truncated" and .[-1].status == 1 and
	any(.name == "lost_events" and .got == 3212 and .ok == 0) and any(.guest == "verdict" and .result == "fail")'
says "it began late" '.[2].from_start == 0'
for words in report check advise "export --phases"; do
	# shellcheck disable=SC2086 # words of a command
	"$O/bootexits" $words "$trace" >/dev/null 2>&1
	check "$words: status 1 for it" test $? -eq 1
done
import 0 '1 reason of unknown name counts as other: SOME_NEW_REASON (1)' import-vmx.txt
says "a number is a reason, a flag of the vendor's is not part of a name" \
	"$cells | map([.slot, .count]) == [[1, 1], [33, 1], [52, 1], [77, 1], [179, 1]]"
import 0 '5 exits on 2 vCPUs' import-vmx.txt
says "threads' names may have blanks" '.[0].imported.name == "CPU 0/KVM"'

# Several VMs, by their processes or, if the text has none, by their threads
import 2 'several VMs, so choose one by --pid: 100 (qemu-system-x86, 1 exits), 200 (firecracker, 2 exits)$' import-several.txt
check "then there is no trace" test ! -e "$trace"
import 0 ' 1 exits on 1 vCPU$' --pid 100 import-several.txt
import 0 ' 2 exits on 1 vCPU$' -p 200 import-several.txt
says "the first exit is that of the VM" "$cells | map(.name) == [\"hlt\", \"npf\"]"
import 2 'is not among these: 100 (' --pid 3 import-several.txt
sed -E 's;[12]00/;;' $data/import-several.txt >"$work/threads.txt"
import 2 'several VMs, .*: 101 (.*), 201 (.*); this text has no processes' "$work/threads.txt"
import 0 ' 2 exits on 1 vCPU$' --pid 201 "$work/threads.txt"
sed 's/firecracker/fire\x1b[31m/' $data/import-several.txt >"$work/hostile.txt"
import 2 'fire?\[31m' "$work/hostile.txt"
sed 's/SOME_NEW_REASON/\x1b[2J\xff/' $data/import-vmx.txt >"$work/hostile.txt"
import 0 'other: ?\[2J' "$work/hostile.txt"

# What a recording lacks. Each makes the trace truncated, with status 1.
lack() {	# PATTERN SCRIPT: sed's script changes perf's text
	sed -E "$2" $data/import-perf.txt >"$work/bad.txt"
	import 1 "truncated: $1" "$work/bad.txt"
	says "the trace says so" '.[-1].end == "truncated" and any(.guest == "verdict" and .result == "fail")'
}
lack 'the recording lacks at least 7 events' '20i\ qemu-system-x86   110/115      5.117200000: PERF_RECORD_LOST lost 7'
lack 'the recording lacks at least 1 events' '20iCPU:3 [EVENTS DROPPED]'
lack 'the recording lacks at least 12 events' '20iCPU:3 [12 EVENTS DROPPED]'
lack 'the recording lacks at least 5 events' '20iCPU:1 [LOST 5 EVENTS]'
lack 'the recording lacks at least 1 events' '1iProcessed 1234 events and lost 3 chunks!'
lack 'the recording lacks at least 1 exits' '2d'
lack 'its time goes back 1 times' '5,6d; 20{p; s/5\.1[0-9]*:/4.000000000:/}'
lack '1 events are of an unknown form' '2s/vcpu.*//'
lack '1 events are of no known vCPU' '9s/110.115/110\/999/; 9s/kvm:kvm_pio.*/kvm:kvm_pio: pio_write at 0xbe0 size 1 count 1 val 0x10/'
sed 3d $data/import-perf.txt >"$work/unentered.txt"
import 0 'after 1 exits no entry was recorded' "$work/unentered.txt"
says "the trace says that, too" '.[0].imported.unentered == 1'
head -c 3000 $data/import-perf.txt >"$work/cut.txt"
import 1 'truncated: it ends within a line' "$work/cut.txt"
for size in 300 1000 2500 5000 9000; do
	head -c $size $data/import-perf.txt >"$work/cut.txt"
	"$O/bootexits" import -o "$trace" "$work/cut.txt" 2>/dev/null
	check "cut at $size: truncated, with what is whole" test $? -eq 1 -a \
		"$(jq -s '[.[] | select(.guest == "phase")][-1].total' "$trace")" -le "$(grep -c kvm_exit "$work/cut.txt")"
done

# Parts of one recording
head -n 40 $data/import-perf.txt >"$work/1.txt"
tail -n +41 $data/import-perf.txt | gzip >"$work/2"
import 0 '29 exits on 2 vCPUs' "$work/1.txt" "$work/2"
check "parts of a recording, one of them packed, are the same as the whole" diff <(tail -n +2 "$trace") $data/import-perf.out
import 1 'time goes back' "$work/2" "$work/1.txt"
input=$data/import-perf.txt import 0 '29 exits' -

# Other files, and no trace of them
echo old >"$work/kept.trace"
for file in ../../LICENSE /dev/null good.log full.trace; do
	(cd $data && "$O/bootexits" import -o "$work/kept.trace" $file) 2>"$work/err"
	[[ $? -eq 3 && $(cat "$work/kept.trace") == old ]] && grep -q 'no event kvm_exit' "$work/err"
	ok $? "$file: one line, status 3, and the old trace stays"
done
import 3 'No such file' missing.txt
import 3 'Is a directory' .
sed '/kvm_entry/d' $data/import-perf.txt >"$work/exits.txt"
import 3 'no event kvm_entry, so there are no times' "$work/exits.txt"
sed -E 's/ 5\.([0-9]+): / 5\1: /' $data/import-perf.txt >"$work/ticks.txt"
import 3 'times are not in seconds' "$work/ticks.txt"
sed 's/reason [a-z_0-9]* /reason strange /' $data/import-perf.txt >"$work/strange.txt"
import 3 'no exit has a reason that VMX or SVM knows' "$work/strange.txt"
cp $data/import-perf.txt "$work/same.txt"
(cd $data && "$O/bootexits" import -o "$work/same.txt" "$work/same.txt") 2>"$work/err"
[[ $? -eq 3 ]] && cmp -s $data/import-perf.txt "$work/same.txt" && grep -q 'would overwrite' "$work/err"
ok $? "a recording is not overwritten by its trace"
import 2 'no FILE'
import 2 'not a process' --pid x import-perf.txt
(cd $data && "$O/bootexits" import -o - import-perf.txt 2>/dev/null | tail -n +2) | diff - $data/import-perf.out
ok $? "-o - writes the trace to the standard output"

# perf.data and trace.dat: the programs get one argument a word, and no shell
mkdir "$work/bin"
fake() {	# NAME SCRIPT: it can read the recording as its descriptor 3
	printf '#!/bin/sh\nprintf "%%s\\n" "$@" >"%s/words"\nhead -c 8 /proc/self/fd/3 >"%s/head"\n%s\n' "$work" "$work" "$2" >"$work/bin/$1"
	chmod +x "$work/bin/$1"
}
printf 'PERFILE2 and more' >"$work/a b;\$(touch x).data"
printf '\x17\x08Dtracing and more' >"$work/trace.dat"
path=$work/bin:$PATH
fake perf "cat $root/$data/import-perf.txt"
import 0 '29 exits' "$work/a b;\$(touch x).data"
check "perf script gets these words" diff "$work/words" <(printf '%s\n' script -i /proc/self/fd/3 --ns --show-lost-events -F trace:comm,pid,tid,time,event,trace)
check "it gets the file" grep -q '^PERFILE2' "$work/head"
says "what perf script was told to tell is known: nothing was lost" '.[0].imported.lost == 0'
gzip -c "$work/a b;\$(touch x).data" >"$work/packed"
import 0 '29 exits' "$work/packed"
fake perf "cat $root/$data/import-perf.txt; echo 'Processed 99 events and lost 2 chunks!' >&2"
import 1 'lacks at least 1 events' "$work/packed"
fake perf "cat $root/$data/import-perf.txt; echo 'WARNING: the data size field is 0. Was the perf record command properly terminated?' >&2"
import 1 'the recording was not ended properly' "$work/packed"
fake perf "cat $root/$data/import-perf.txt; exit 1"
import 1 'could not read it to its end' "$work/packed"
fake perf $'printf "first\\nnot \x1b[31m owned\\n" >&2; exit 255'
import 3 "perf can't read it: not ?\[31m owned$" "$work/packed"
fake perf 'kill -9 $$'
import 3 "perf can't read it: it gives no reason" "$work/packed"
fake trace-cmd "cat $root/$data/import-trace-cmd.txt"
import 0 '24 exits' "$work/trace.dat"
check "trace-cmd report gets these words" diff "$work/words" <(printf '%s\n' report -N -t -i /proc/self/fd/3)
path=$work/none import 3 "only perf can read it, which isn't installed: apt install linux-perf" "$work/a b;\$(touch x).data"
path=$work/none import 3 "only trace-cmd can read it, which isn't installed: apt install trace-cmd" "$work/trace.dat"

done_testing
