#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/tool/trace.t          O=DIRECTORY: where to build (default build)
#        UPDATE=1 tests/tool/trace.t       write the output as the new golden files
#
# Traces. A trace says what its logs say. It gives back the bytes of their text. If a trace is wrong in any way, that
# is a defect.
# Exit status: 0 all passed, 1 some failed.
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"
tool=$O/bootexits
export SAN=0

trace_of() {	# TRACE LOG...: make TRACE of these logs
	"$tool" record --from-log -o "$@" 2>"$work/said"
}

bare() {	# FILE: copy standard input without the name of that file and without its line numbers
	sed -E "s#$1#FILE#g; s#FILE:[0-9]+#FILE#g; s#(line|\"line\":) [0-9]+#\1#g"
}

# alike LOG TRACE ARGUMENT...: the tool prints the same for both
alike() {
	local log=$1 trace=$2 one other
	shift 2
	"$tool" "$@" "$log" 2>&1 | bare "$log" >"$work/of-log"
	one=${PIPESTATUS[0]}
	"$tool" "$@" "$trace" 2>&1 | bare "$trace" >"$work/of-trace"
	other=${PIPESTATUS[0]}
	[[ $one -eq $other ]] && diff "$work/of-log" "$work/of-trace" && return
	echo "$* $log: status $one and $other"
	return 1
}

show() {	# FILE: print its first lines, which say what differs
	head -n 20 "$1" | sed 's/^/# /'
}

make -s -C tools all >"$work/make" 2>&1 && make -s -C tools asan >>"$work/make" 2>&1
ok $? "the tool builds"
show "$work/make"

commands=("check" "report" "report --json" "export" "export --phases" "export -f folded"
	"export -f openmetrics" "export -f chrome")
for log in "$root"/tests/data/*.log; do
	{ trace_of "$work/trace" "$log" && jq . "$work/trace" >"$work/jq" &&
		cp "$work/trace" "$work/first" && trace_of "$work/trace" "$log" &&
		cmp "$work/first" "$work/trace"; } || echo "$log: no trace"
	for command in "${commands[@]}"; do
		# shellcheck disable=SC2086 # words of a command
		alike "$log" "$work/trace" $command
	done
done >"$work/differ" 2>&1
check "a trace of any log says what the log says, jq reads it, and a second one is the same" test ! -s "$work/differ"
show "$work/differ"

for host in full full-fewer full-more; do
	cp "tests/data/$host.host" "$work/host.log"
	trace_of "$work/trace" tests/data/full.log "$work/host.log"
	for command in "report" "report --json"; do
		# shellcheck disable=SC2086
		"$tool" $command --unit=cycles --host "$work/host.log" tests/data/full.log 2>&1 |
			bare tests/data/full.log >"$work/of-log"
		# shellcheck disable=SC2086
		"$tool" $command "$work/trace" 2>&1 | bare "$work/trace" >"$work/of-trace"
		diff "$work/of-log" "$work/of-trace"
	done
done >"$work/differ" 2>&1
check "a trace that has the host's log needs no host's log beside it" test ! -s "$work/differ"
show "$work/differ"

# The trace has all text of a stream, and `at' says where it stood.
text_of() {	# TRACE LOG: print the log's bytes from the trace, with dots for those that are no text
	python3 - "$1" "$(stat -c %s "$2")" <<-'END'
	import json, sys
	out = bytearray(b"." * int(sys.argv[2]))
	for line in open(sys.argv[1]):
	    line = json.loads(line)
	    if "console" in line or "bad" in line:
	        text = bytes.fromhex(line["hex"]) if "hex" in line else line["text"].encode()
	        out[line["at"]:line["at"] + len(text)] = text
	sys.stdout.buffer.write(out)
	END
}
record=$(grep -a '^bx 1 host' tests/data/good.log | tr -d '\r')
{
	printf 'SeaBIOS\r\n\r\n\tGr\xc3\xbc\xc3\x9fe \x1b[1m\0 nul\r\n\xff\xfe no UTF-8\r\n'
	head -c 5000 /dev/zero | tr '\0' y
	printf '\nbx 1 not a record\nbx 2 wrong x=1 *0000\nbefore it %s behind it\r\n' "$record"
	head -c 3000 "$tool" | tr -d '\r\n'
	printf '\nlast with no end'
} >"$work/odd.log"
trace_of "$work/trace" "$work/odd.log" && text_of "$work/trace" "$work/odd.log" >"$work/text" &&
	cmp <(tr -d '\r\n' <"$work/odd.log" | sed "s#before it ${record//\*/\\*}#before it ${record//?/.}#") \
		<(python3 -c 'import sys
log, text = (open(name, "rb").read() for name in sys.argv[1:])
sys.stdout.buffer.write(bytes(t for l, t in zip(log, text) if l not in b"\r\n"))' "$work/odd.log" "$work/text")
ok $? "a stream's text can be put together again: UTF-8, NUL, other bytes, 5,000 in a line, no end"
check "a line that only begins like a record is bad" \
	test "$(jq -r 'select(.bad) | .bad' "$work/trace" | grep -c '^CRC: the record')" -eq 2
check "text that is no UTF-8 is given in hex" \
	test "$(jq -r 'select(.hex) | .hex' "$work/trace" | head -n 1)" = fffe206e6f205554462d38

seal() {	# give the records on standard input their checksums
	python3 -c 'import binascii, sys
for line in sys.stdin.read().splitlines():
    print("%s *%04x" % (line, binascii.crc_hqx(line.encode(), 0)), end="\r\n")'
}
seal >"$work/large.log" <<'END'
bx 0 hello proto=1 version=1.0 start=rom
bx 1 host abi_major=1 abi_minor=1 vendor=svm vcpus=2 slots=192 epoch=1 from_start=1 incomplete=0 tsc_khz=1000000
bx 2 phase entry=0 id=16 name=firmware vcpu=0 tsc=1 total=18446744073709551615 kvm=9223372036854775808 user=007 idle=0 preempted=0 self=0 zero=0 t=5 guest=x odd="two words" huge=99999999999999999999
bx 3 samples n=2 tsc=9223372036854775800 others=3 d=9:1
bx 4 run name=none
bx 5 selftest name=a n=1 expect=1 got=1 ok=1 nonsense
bx 9223372036854775809 end records=6
END
trace_of "$work/trace" "$work/large.log" &&
	jq -es 'map(select(.guest == "phase"))[0] | .total == "18446744073709551615" and .kvm == "9223372036854775808" and
		.user == "007" and .zero == 0 and .odd == "two words" and .huge == "99999999999999999999" and
		(has("t") | not)' "$work/trace" >"$work/jq" &&
	alike "$work/large.log" "$work/trace" check >"$work/differ" &&
	alike "$work/large.log" "$work/trace" report --json >>"$work/differ"
ok $? "numbers of 64 bits, texts, and keys that the trace has itself, survive"
show "$work/differ"

# hostile STATUS SAYS LINE...: put these lines into a good trace; all output has printable bytes only
hostile() {
	local want=$1 says=$2 got command
	shift 2
	{ head -n 3 "$work/good"; printf '%s\n' "$@"; tail -n +4 "$work/good"; } >"$work/trace"
	"$tool-san" check "$work/trace" >"$work/out" 2>"$work/err"
	got=$?
	cp "$work/out" "$work/printed"
	for command in report "report --json" export "export -f chrome" "compare $work/good"; do
		# shellcheck disable=SC2086
		"$tool-san" $command "$work/trace" >>"$work/printed" 2>>"$work/err"
		[[ $? -le 3 ]] || got="$got, $command dies"
	done
	[[ $got == "$want" ]] && grep -q -e "$says" "$work/out" &&
		! grep -Eq 'Sanitizer|runtime error' "$work/err" &&
		! grep -aq $'[^\t -~]' "$work/printed" "$work/err"
	ok $? "hostile: $(cut -c -70 <<<"$*"): status $want (is $got), says $says"
}
huge=$(head -c 300000 /dev/zero | tr '\0' x)
deep=$(head -c 5000 /dev/zero | tr '\0' '[')
trace_of "$work/good" tests/data/full.log
hostile 0 ' 0 defects' '{"unknown":1}' '{}' '{"console":5}' '{"guest":5}' '{"host":"dmesg","sync":0}'
hostile 1 'trace: not a JSON object' '[]'
hostile 1 'trace: not a JSON object' 'bx 1 hello'
hostile 1 'trace: not a JSON object' '{"guest":"phase"'
hostile 1 'trace: not a JSON object' '{"guest":"phase","seq":3}}'
hostile 1 'trace: not a JSON object' "{\"guest\":\"$huge\"}"
hostile 1 'trace: not a JSON object' "{\"guest\":$deep"
hostile 1 'trace: not a JSON object' '{"guest":"phase","seq":99999999999999999999}'
hostile 1 'trace: not a JSON object' $'{"guest":"\xff\xfe"}'
hostile 1 'no seq' '{"guest":"phase"}'
hostile 1 'no seq' '{"guest":"phase","seq":-1}'
hostile 1 'no seq' '{"guest":"phase","seq":1.5}'
hostile 1 'no seq' '{"guest":"phase","seq":"3x"}'
hostile 1 'sequence: 0 after' '{"guest":"phase","seq":5,"seq":0}'
for value in -1 1.5 true null '[]' '{"a":1}' '"x"' '"-1"' '"99999999999999999999"' '"\u0000"' '"\u001b[2J"'; do
	hostile 1 'phase: entry ' "{\"guest\":\"phase\",\"seq\":2,\"entry\":$value,\"id\":1}"
done
hostile 1 'phase: name has an invalid value' '{"guest":"phase","seq":2,"name":"\u001b[31m"}'
hostile 1 'phase: name has an invalid value' '{"guest":"phase","seq":2,"name":"gr\u00fcn"}'
hostile 1 'hello: no proto' '{"guest":"hello","seq":2}'
for samples in '[]' '5' '"x"' '{}' '[5]' '[[1]]' '[[1,"x"]]' '[[-1,1]]' '[["1x",1]]' '[[]]' 'null'; do
	hostile 1 'samples: ' "{\"guest\":\"samples\",\"seq\":2,\"n\":1,\"samples\":$samples}"
done
hostile 1 'samples: pair 1 is malformed' '{"guest":"samples","seq":2,"n":2,"samples":[[1,1],[1.5,2]]}'
hostile 1 'samples: pair 2 is malformed' '{"guest":"samples","seq":2,"n":3,"samples":[[1,1],[2,2],[3,-3]]}'
hostile 1 'phase: not KEY=VALUE: $' '{"guest":"phase","seq":2,"malformed":"\u001b"}'
hostile 1 'host: exits ' '{"host":"host","sync":0,"exits":-5}'
hostile 1 'host: no exits' '{"host":"host","sync":0}'
hostile 1 'vcpu: no sync' '{"host":"vcpu"}'
hostile 1 'vcpu: vcpu has an invalid value' '{"host":"vcpu","sync":0,"vcpu":[],"exits":1}'
hostile 1 'CRC$' '{"bad":"\u0007\u0007"}'
hostile 1 'trace: truncated: $' '{"end":"truncated","why":"\u001b]0;x\u0007"}'

sed '1s/"trace":1/"trace":2/' "$work/good" | "$tool" check - >"$work/out"
[[ $? -eq 1 ]] && grep -q 'trace: its format is 2, but this tool reads 1' "$work/out"
ok $? "a trace of another format is told"

# If a trace is cut anywhere, it is called truncated, and all before the cut is there.
size=$(stat -c %s "$work/good")
for at in $(seq 1 97 "$size") $((size - 20)) $((size - 3)); do
	head -c "$at" "$work/good" | "$tool-san" check - >"$work/out" 2>"$work/err"
	[[ $? -eq 1 && ! -s $work/err ]] && grep -q truncated "$work/out" || echo "at $at"
done >"$work/missed"
check "a trace that is cut anywhere is truncated" test ! -s "$work/missed"
show "$work/missed"
head -n -1 "$work/good" | "$tool" check - >"$work/out"
[[ $? -eq 1 ]] && grep -q 'trace: truncated: it has no end line' "$work/out" && grep -q ' 1 defect$' "$work/out"
ok $? "without its last line it's truncated, and nothing else"

# The trace has the names of its logs, so remove this place's folder from them. The golden trace is of version 1.0.
version=$(bash -c '. scripts/common.sh && release_version')
cp tests/data/full.host "$work/host.log"
head -c 300 "$work/odd.log" | tr -d '\0' >"$work/text.log"
trace_of "$work/trace" tests/data/full.log "$work/host.log" "$work/text.log"
sed "s#$work/##g; 1s/\"tool\":\"$version\"/\"tool\":\"1.0\"/" "$work/trace" >"$work/golden"
[[ -z ${UPDATE-} ]] || cp "$work/golden" tests/data/full.trace
diff -u tests/data/full.trace "$work/golden" >"$work/differ"
ok $? "it has the form of tests/data/full.trace"
show "$work/differ"

# Logs as people keep them. A packed log gives the same report, by its name and from a pipe.
full=tests/data/full.log
"$tool" report --csv $full >"$work/plain"
mkdir "$work/packed"
for program in gzip bzip2 xz zstd lz4 lzip; do
	if command -v $program >/dev/null; then
		$program -c <$full >"$work/packed/$program"
	else
		skip "packed by $program" "$program isn't installed"
	fi
done
xz --format=lzma -c <$full >"$work/packed/lzma"
gzip -c "$work/packed/xz" >"$work/packed/gzip-xz"
for encoding in UTF-16LE UTF-16BE UTF-32LE UTF-32BE UTF-16 UTF-32; do
	iconv -f ASCII -t $encoding <$full >"$work/packed/$encoding"
done
{ printf '\xff\xfe' && cat "$work/packed/UTF-16LE"; } >"$work/packed/marked-LE"
{ printf '\xfe\xff' && cat "$work/packed/UTF-16BE"; } | gzip >"$work/packed/marked-BE-gzip"
{ printf '\xef\xbb\xbf' && cat $full; } >"$work/packed/marked-UTF-8"
unpacked() {	# FILE
	"$tool" report --csv "$1" | cmp - "$work/plain" && "$tool" report --csv - <"$1" | cmp - "$work/plain" &&
		"$tool" check - < <(cat "$1") && "$tool" compare "$full" "$1" &&
		trace_of "$work/trace" "$1" && "$tool" report --csv "$work/trace" | cmp - "$work/plain" &&
		trace_of "$work/trace" - < <(cat "$1") && "$tool" report --csv "$work/trace" | cmp - "$work/plain"
}
for packed in "$work"/packed/*; do
	check "packed as ${packed##*/}: it gives the same as the log, from a pipe and as a trace, too" \
		unpacked "$packed"
done
trace_of "$work/trace" $full
{ printf '\xef\xbb\xbf' && cat "$work/trace"; } | gzip >"$work/trace.gz"
check "a packed trace is one" cmp <("$tool" report --csv "$work/trace.gz") "$work/plain"

# said_of STATUS SAYS COMMAND...: it ends with STATUS and one line that has SAYS, and no trace is left
said_of() {
	local want=$1 says=$2 got
	shift 2
	PATH=${path-$PATH} "$tool" "$@" >"$work/out" 2>&1
	got=$?
	[[ $got -eq $want && $(grep -c . "$work/out") -eq 1 && ! -e $work/none.trace ]] && grep -q -e "$says" "$work/out"
	ok $? "${*//"$work/"/}: status $want (is $got), says $says and no more"
	[[ $got -eq $want ]] || show "$work/out"
}
iconv -f ASCII -t UTF-16LE <$full | tail -c +2 >"$work/odd.utf16"
check "UTF-16 that begins within a character" \
	grep -q "86 records, verdict pass" <("$tool" check "$work/odd.utf16" | tail -n 1)
head -c 1500 "$work/packed/gzip" >"$work/cut.gz"
"$tool" check "$work/cut.gz" >"$work/out"
[[ $? -eq 1 ]] && grep -q 'cut.gz:.*: gzip can unpack only a part of it: it is cut or damaged$' "$work/out" &&
	grep -q ': [1-9][0-9] records' "$work/out"
ok $? "a cut gzip file is read as far as it goes, and is called cut"
trace_of "$work/trace" "$work/cut.gz"
[[ $? -eq 3 && $(tail -n 1 "$work/trace" | jq -r '.end + " " + .why') == 'truncated gzip can unpack only'* ]]
ok $? "its trace is truncated, status 3"
head -c 300000000 /dev/zero | gzip -1 >"$work/bomb.gz"
limited 60 "$tool" check "$work/bomb.gz" >"$work/out" 2>&1
[[ $? -eq 1 ]] && grep -q 'it unpacks to more than 256 MiB' "$work/out"
ok $? "what unpacks to more than 256 MiB is read so far"
printf '\x1f\x8bnothing' >"$work/broken.gz"
printf 'PK\3\4' >"$work/log.zip"
echo 'SeaBIOS (version 1.16.2)' >"$work/console.txt"
record=(record -o "$work/none.trace" --from-log)
for command in check report export "compare $full" plot html "${record[*]}"; do
	# shellcheck disable=SC2086 # words of a command
	said_of 3 'log.zip: is a zip archive: unpack it' $command "$work/log.zip"
done
said_of 3 "broken.gz: gzip can't unpack it" check "$work/broken.gz"
path=$work/packed said_of 3 'xz: is packed by xz, .* apt install xz-utils' check "$work/packed/xz"
said_of 3 'console.txt: no record in it' "${record[@]}" "$work/console.txt"
said_of 3 'no record in it' "${record[@]}" /dev/null
said_of 3 'no record in it' "${record[@]}" - </dev/null
said_of 3 'good: is a trace already' "${record[@]}" "$work/good"
said_of 3 'console.txt: truncated, or neither a trace nor a log: no record at all' compare $full "$work/console.txt"
cp "$work/good" "$work/kept"
"$tool" record -o "$work/kept" --from-log "$work/console.txt" 2>"$work/said"
check "if there is nothing to record, an old trace stays" cmp "$work/good" "$work/kept"
{ sleep 1 && cat $full; } | trace_of "$work/trace" - && "$tool" report --csv "$work/trace" | cmp - "$work/plain"
ok $? "a pipe that has no data yet is waited for"

done_testing
