#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/tool/tools.t          O=DIRECTORY: where to build (default build)
#        UPDATE=1 tests/tool/tools.t       write the output as the new golden files
#
# bootexits, the tool, with golden logs. The case NAME has to print tests/data/NAME.out. tests/data/make-logs.sh makes
# the logs.
# Exit status: 0 all passed, 1 some failed.
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"
. "$root/tests/lib/golden.sh"
export SAN=0

make -s -C tools all >"$work/make" 2>&1
ok $? "the tool builds without a warning"
sed 's/^/# /' "$work/make"
make -C tools all | grep 'Nothing to be done' > /dev/null
ok $? "a second make builds nothing"

mkdir "$work/logs"
tests/data/make-logs.sh "$work/logs"
while read -r log; do
	cmp "$work/logs/$log" "tests/data/$log" || echo "$log" >>"$work/differ"
done < <(cd "$work/logs" && find . -type f) >&2
[[ ! -e $work/differ ]]
ok $? "the golden logs are what their generator writes"

case_of check-full 0 check full.log three.log single.log slower.log
case_of check-boot-defects 1 check boot-defects.log
case_of check-detailed 0 check detailed.log detailed-lost.log
case_of check-host-mark 0 check host-mark.log
case_of check-attached 0 check attached.trace
case_of export-attached 0 export -f openmetrics attached.trace
status_of 0 'attached.trace: attached late: 228,710 exits came before, and are unseen' export --phases attached.trace
check "html: a page of it says so" grep -q 'attached late: 228,710 exits came before' <(cd tests/data && PATH=$work "$O/bootexits" html -o - attached.trace)
for change in 's/"exits":1002/"exits":1003/' 's/"from_start":0/"from_start":1/' '/"guest":"attached"/d' \
	's/"vcpu":1,"exits"/"vcpu":3,"exits"/'; do
	sed "$change" tests/data/attached.trace >"$work/attached.trace"
	status_of 1 'attached: \|unseen: \|records are missing\|sequence' check "$work/attached.trace"
done
case_of check-detail-defects 1 check detail-defects.log
case_of check-lone 1 check lone.log full-truncated.log
case_of check-back 1 check back.log less.log headless.log hostless.log
case_of export-phases-back 1 export --phases back.log
case_of export-chrome-back 1 export -f chrome back.log
case_of export-full 0 export full.log
case_of export-phases 0 export --phases three.log
case_of export-phases-clocks 0 export --phases detailed.log
case_of export-truncated 1 export full-truncated.log
case_of export-chrome 0 export --format=chrome full.log
case_of export-chrome-truncated 1 export --format=chrome full-truncated.log
case_of export-chrome-runs 0 export --format=chrome names.log
case_of export-folded 0 export --format=folded full.log
case_of export-folded-runs 0 export --format=folded names.log
case_of export-openmetrics 0 export --format=openmetrics full.log
case_of export-prometheus 0 export -f prometheus -l 'host=a "b"\c' full.log
case_of export-openmetrics-runs 0 export --format=openmetrics names.log
case_of check-good 0 check good.log garbage.log interrupts.log
case_of check-defects 1 check defects.log
case_of check-crc 1 check crc.log
case_of check-gap 1 check gap.log
case_of check-sum 1 check sum.log
case_of check-truncated 1 check truncated.log
case_of check-fail 1 check fail.log
case_of check-skip 4 check good.log skip.log
case_of check-worst 1 check skip.log sum.log good.log
case_of check-empty 1 check /dev/null
bars=(--bar 'on/cpuid-0 - stock/cpuid-0 <= 40' --bar 'on/cpuid-4fffffff <= 2780'
	--bar 'stock/cpuid-0 - on/cpuid-0 <= -40')
case_of bench-bars 0 bench "${bars[@]}" bench.log
case_of bench-over 1 bench --bar 'on/cpuid-0 - stock/cpuid-0 <= 39' bench.log
case_of bench-missing 1 bench --bar 'on/cpuid-0 - on-4vcpu/cpuid-0 <= 9' bench.log
case_of bench-host 0 bench --host bench.host --bar 'on/boot - stock/boot <= 0.5%' bench.log
case_of bench-host-over 1 bench --host bench.host --bar 'on/boot - stock/boot <= 0.499%' --bar 'perf/boot <= 1' bench.log
case_of bench-none 1 bench good.log
case_of bench-json 1 bench --json "${bars[@]}" --bar 'off/cpuid-0 <= 2686' bench.log

head -n 3 tests/data/full.log >"$work/phaseless"
status_of 0 'Subcommands' --help
status_of 0 'ABI 1.2' --version
status_of 0 'Subcommands' -h
status_of 0 'Subcommands' help
status_of 2 '^  doctor ' 		# no argument at all prints the subcommands
status_of 0 'Usage: bootexits compare' help compare
status_of 0 'Usage: bootexits compare' help diff
status_of 2 'compare: compare needs two sides' diff
for subcommand in record report check compare export plot html bench doctor; do
	status_of 0 "^Usage: bootexits $subcommand " $subcommand -h
done
status_of 3 'nosuch: No such file' record -o "$work/none.trace" -- nosuch -h
status_of 2 'no such subcommand: reprot; did you mean report?' reprot
status_of 2 'no such subcommand: comp; did you mean compare?' comp
status_of 2 'no such subcommand: hlml; did you mean html?' help hlml
status_of 2 'no such subcommand: full.log; did you mean report full.log?' full.log
status_of 2 'no such subcommand: stat$' stat
status_of 2 'no such subcommand: frobnicate' frobnicate
status_of 2 'no FILE' check
status_of 2 'no FILE' export
status_of 1 'no samples' export good.log
status_of 1 'no host record' export skip.log
status_of 1 'no phases' export --phases "$work/phaseless"
status_of 3 'No such file' export missing.log
status_of 3 '2 runs, not one' export names.log
status_of 1 'full-truncated.log: truncated, exported as far as it goes: 3 defects' export full-truncated.log
status_of 2 'no such format: xml' export --format xml full.log
for label in x =x 1x=y a-b=c phase=x __x=y; do
	status_of 2 'not a label' export -f prometheus -l "$label" full.log
done
status_of 2 'not a label' export -f prometheus -l a=1 -l a=2 full.log
status_of 2 'label is for openmetrics' export -f folded -l a=1 full.log
for format in chrome folded openmetrics prometheus; do
	status_of 2 'CSV only' export --phases -f $format full.log
	status_of 3 'No such file' export -f $format missing.log
	status_of 1 'no record at all' export -f $format /dev/null
	status_of 1 'full-truncated.log: truncated, exported as far as it goes: 3 defects' \
		export -f $format full-truncated.log
done
status_of 1 'reboot.log, run 2: no host record' export -f chrome reboot.log
status_of 1 'reboot.log, run 2: no phases' export -f folded reboot.log
status_of 1 'back.log: kernel: duration not known: the TSC goes back' export -f openmetrics back.log
status_of 1 'headless.log: initramfs: exits and duration not known: the mark before it is missing' export -f folded headless.log
status_of 1 'hostless.log: no host record, so there are no seconds' export -f chrome hostless.log
status_of 1 'sum.log: 1 defect,' export -f openmetrics sum.log
for bar in 'on/cpuid-0<=3' 'on/cpuid-0 <= ' 'on/cpuid-0 <= 3x' 'cpuid-0 <= 3' \
	'on/a <= 5%' 'on/a - on/b <= -1%' 'on/a - on/b <= 1%%' 'on/a - on/b <= 0.5555%' 'on/a - on/b <= 0.5' \
	'on/a - on/b' 'on/a <= 99999999999999999999' ''; do
	status_of 2 'not a bar' bench --bar "$bar" bench.log
done
status_of 3 'No such file' bench --host missing.host bench.log
status_of 3 'Is a directory' check .
status_of 3 'No such file' check good.log missing.log sum.log
status_of 1 'good.log: no bench record: the payload.s option bench' bench good.log
for command in check report 'export -f folded'; do
	# shellcheck disable=SC2086 # words of a command
	status_of 1 'LICENSE.*: truncated, or neither a trace nor a log' $command ../../LICENSE
done
status_of 3 'LICENSE: truncated, or neither a trace nor a log' plot ../../LICENSE
status_of 3 'null: truncated: no record at all, the file is empty' html /dev/null
input=tests/data/good.log status_of 0 '35 records' check -
"$O/bootexits" check tests/data/good.log >/dev/full 2>"$work/err"
[[ $? -eq 3 ]]
ok $? "with a full disk the status is 3"
for words in --help --version help 'help report' 'report --usage' 'doctor --help'; do
	# shellcheck disable=SC2086 # words of a command
	"$O/bootexits" $words >/dev/full 2>"$work/err"
	[[ $? -eq 3 ]]
	ok $? "nor of $words"
done
"$O/bootexits-features" --help >/dev/full 2>"$work/err"
[[ $? -eq 3 ]]
ok $? "bootexits-features --help to a full disk has status 3, too"

# If a log is cut anywhere, it is called truncated. A changed byte is found.
survived=0
for size in 1 40 500 1000 2000 3000 3180; do
	head -c $size tests/data/good.log | "$O/bootexits" check - >"$work/out"
	[[ $? -eq 1 ]] && grep -q truncated "$work/out" || survived=1
done
ok $survived "a log that is cut anywhere is truncated"
survived=0
for at in 5 60 200 900 1800 3100; do
	{ head -c $at tests/data/good.log; printf '~'; tail -c +$((at + 2)) tests/data/good.log; } |
		"$O/bootexits" check - >/dev/null
	[[ $? -eq 1 ]] || survived=1
done
ok $survived "a changed byte is found wherever it is"

# An export of any log is well formed, and has the report's figures.
exported=0
for log in tests/data/*.log; do
	"$O/bootexits" report --json "$log" >"$work/report"
	for format in chrome folded openmetrics prometheus; do
		"$O/bootexits" export -f $format "$log" >"$work/out" 2>"$work/err"
		# If no run has what the format needs, export prints nothing but a message that says so.
		[[ -s $work/out ]] || ! grep -q 'no phases\|no tsc_khz\|no host record' "$work/err" || continue
		exported=$((exported + 1))
		tests/tool/export.py $format "$work/report" <"$work/out" >"$work/wrong" 2>&1 ||
			sed "s|^|# $format of $log: |" "$work/wrong" | tail -n 1 | tee -a "$work/malformed"
	done
done
[[ $exported -gt 50 && ! -e $work/malformed ]]
ok $? "other programs read $exported exports, and find the report's figures"

# With any name of a file, an option or a trace, no control character reaches a terminal, and a line stays a line.
mkdir "$work/names"
bad=$'\e[31m\a\r\n\x9b\xc2\x9b2J\xe2\x80\xae\xef\xbf\xbf\x7f'
plain=$work/names/plain
harmless() {	# FILE...
	! LC_ALL=C grep -aqP '[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|(?<!\xc2)\x9b|\xe2\x80|\xef\xbf\xbf' "$@"
}
named() {	# NAME COMMAND...: run it with this name in place of the word NAME
	local name=$1 word
	shift
	local -a words=()
	for word; do
		words+=("${word/NAME/$name}")
	done
	LC_ALL=$locale "$O/bootexits" "${words[@]}" >"$work/out" 2>"$work/err" </dev/null
	LC_ALL=C wc -l <"$work/out" >"$work/lines"
	LC_ALL=C wc -l <"$work/err" >>"$work/lines"
}
"$O/bootexits" record -o "$work/names/one" --lab --from-log tests/data/three.log 2>"$work/err"
sed '1s/^{/{"lane":"a\\u001b[2J\\u009b\\u0000",/; 1s/"unit":[^,}]*/"unit":"\\u001b]0;x"/' "$work/names/one" >"$work/names/two"
sed -i '1s/^{/{"lane":"amd",/' "$work/names/one"
obeyed=
for log in full.log full-truncated.log bench.log; do
	cp "tests/data/$log" "$plain"
	cp "tests/data/$log" "$plain$bad"
	for command in "check NAME" "report NAME" "report --phase NAME NAME" "report --json NAME" "report --csv NAME" \
		"report --vcpu 9 NAME" "report --sort NAME NAME" "compare $work/names/one $work/names/two" "compare --force NAME $work/names/two" "compare --force NAME NAME" \
		"compare -f NAME NAME NAME" "compare -f NAME>0 NAME NAME" "compare NAME NAME.none" \
		"compare --json --force NAME NAME" "bench NAME" "bench --bar NAME/x<=5 NAME" "export NAME" "export -f NAME NAME" \
		"export -f chrome NAME" "export -f folded NAME" "export -f openmetrics NAME" \
		"export -f prometheus -l a=NAME NAME" "export -f prometheus -l NAME NAME" "export -o /dev/null/NAME NAME" "plot -o /dev/null/NAME NAME" \
		"plot -o /dev/null -f NAME NAME" "html -o /dev/null/NAME NAME" "record -o /dev/null/NAME --from-log NAME" \
		"record --from-serial NAME.none" "record -t NAME -- true" "record --from-log NAME -o NAME.trace" "NAME" "report NAME.none" \
		"doctor --ready=NAME" "report --NAME" "html --unit NAME NAME"; do
		for locale in C C.UTF-8; do
			# shellcheck disable=SC2086 # words of a command
			named "$plain" $command
			cp "$work/lines" "$work/wanted"
			# shellcheck disable=SC2086
			named "$plain$bad" $command
			harmless "$work/out" "$work/err" && { [[ $command == "report --NAME" ]] || cmp -s "$work/lines" "$work/wanted"; } ||
				obeyed+="$locale: $command: $log"$'\n'
		done
	done
done
[[ -z $obeyed ]]
ok $? "with any name, a terminal gets text only"
printf '%s' "$obeyed" | sed 's/^/# /'

export SAN=1
make -s -C tools all unit replays >"$work/make" 2>&1
ok $? "the tool builds with sanitizers"
sed 's/^/# /' "$work/make"
few=("check" "report --top 0 --sort time --color=always" "report --json" "export -f chrome"
	"compare --json --vcpu 0 $root/tests/data/full.log" "html $root/tests/data/full.log")
all=("${few[@]}" "bench" "bench --json" "report" "report --phase kernel --sort name" "report --vcpu 0 --sort total/exit"
	"report --reason io" "report --csv --vcpu 1" "export" "export --phases" "export -f folded" "export -f openmetrics"
	"export -f prometheus" "plot" "plot -f png $root/tests/data/full.log" "html" "compare $root/tests/data/full.log"
	"compare --force -f total>+0 -f cpuid!=1% $root/tests/data/full.log" "report --host $root/tests/data/interrupts.host")
for log in "$root"/tests/data/*.log "$root"/tests/data/*.host "$O/bootexits" /dev/null; do
	runs=("${few[@]}" "report --host $log")
	# One log of each kind takes every way.
	[[ ${log##*/} != @(full|hostile|detailed|bench|boot-defects).log ]] || runs=("${all[@]}" "report --host $log")
	for run in "${runs[@]}"; do
		# shellcheck disable=SC2086 # words of a command
		limited 60 "$O/bootexits-san" $run "$log" >/dev/null 2>"$work/err"
		[[ $? -le 4 ]] || echo "$run $log: died" >>"$work/san"
		grep -E 'Sanitizer|runtime error' "$work/err" >>"$work/san"
	done
done
[[ ! -s $work/san ]]
ok $? "no sanitizer complains about any log"
sed 's/^/# /' "$work/san"

# The inputs that fuzzing kept (docs/testing.md)
for target in reader writer compare html plot advise import image symbols; do
	check "fuzzing's corpus: $target" "$O/replay-$target-san" tests/fuzz/corpus/"$target"/*
done

unit tools
unit chart

done_testing
