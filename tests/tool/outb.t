#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/tool/outb.t
#
# `bootexits compare' with traces of the lab. The same boot twice has no difference at all. One more outb is one more
# exit, in the phase in which it is made.
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"

traces=$O/test/outb
mkdir -p "$traces"

record() {	# NAME OUTB: record that boot; its options have the same length for each OUTB
	check "$1: recorded" "$O/bootexits" record -o "$traces/$1.trace" --lab -- \
		-e outb="$2" "$root/tests/l1/outb.sh" "$O/bootexits.elf"
}

compare() {	# STATUS ARGUMENT...: compare's output goes to $work/table
	local want=$1
	shift
	"$O/bootexits" compare "$@" >"$work/table" 2>&1
	got=$?
	[[ $got -eq $want ]]
	ok $? "compare ${*##*/}: status $want (is $got)"
}

diagnose() {
	cat "$work/table"
}

rm -rf "$traces/same"
"$O/bootexits" record --runs 2 -o "$traces/same" --lab -- -e outb=0 "$root/tests/l1/outb.sh" "$O/bootexits.elf" >"$work/table" 2>"$work/said"
check "record --runs: the same boot twice has a spread of 0" grep -qx 'spread 0: all 2 boots have the same exits and the same times, as they must' "$work/table"
check "its traces have the same bytes" cmp "$traces"/same/run-{1,2}.trace
mv "$traces/same/run-1.trace" "$traces/first.trace"
mv "$traces/same/run-2.trace" "$traces/again.trace"
record more 1

compare 0 "$traces"/{first,again}.trace
grep -q '^guest exits: equal$' "$work/table"
ok $? "the same boot twice: equal"
compare 0 --fail-on 'total>+0' --fail-on 'payload.io!=0' "$traces"/{first,again}.trace

compare 1 "$traces"/{first,more}.trace
differences=$(awk '$NF == "exact" { print $(NF - 5), $(NF - 2) }' "$work/table" | tr '\n' ' ')
[[ $differences == 'io +1 all +1 io +1 all +1 ' ]]
ok $? "one more outb: +1 in io, of the payload and of the total, and no other difference"
grep -q '^payload  *io  *[0-9,]*  *[0-9,]*  *+1  ' "$work/table"
ok $? "it is in the payload's phase"
compare 1 --fail-on 'total>+0' "$traces"/{first,more}.trace
grep -q '^breach: total +1 ' "$work/table"
ok $? "the outb breaks the gate total>+0"
compare 0 --fail-on 'total>+1' --fail-on 'payload.io!=1' --fail-on 'bootloader!=0' "$traces"/{first,more}.trace

done_testing
