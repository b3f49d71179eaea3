#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/guest/options.t
#
# The payload's options do what docs/payload.md says, under traced KVM.
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"

lab options "$root/tests/l1/options.sh" "$O/bootexits.elf"

samples() {	# RUN: print "SEQ TSC TOTAL" of each of its samples
	records "$1" sample | sed -n 's/^bx \([0-9]*\) .* tsc=\([0-9]*\) total=\([0-9]*\) .*/\1 \2 \3/p'
}

spaced() {	# RUN LEAST: at least that many ticks are between two samples
	samples "$1" | awk -v least="$2" 'NR > 1 && $2 - before < least { bad = 1 } { before = $2 } END { exit bad || NR < 2 }'
}

# steps RUN: print the most exits between two samples: one for the poll, and more if a sample is printed
steps() {
	samples "$1" | awk 'NR > 1 { print $3 - before } { before = $3 }' | sort -nu | tail -n 1
}

for run in samples stream interval; do
	check "$run: passes" test "$(verdict $run)" = 0
	check "$run: 20 samples" test "$(samples $run | wc -l)" -eq 20
done
check "burst: a poll is one exit (or two: an interrupt)" test "$(steps samples)" -le 2
check "stream: printing a sample costs exits between the polls" test "$(steps stream)" -gt 40
check "interval=100: 100 us between two polls" spaced interval 100000
reached() {	# RUN TOTAL: the last sample is the first with at least this total
	samples "$1" | awk -v total="$2" 'before >= total { bad = 1 } { before = $3 }
		END { exit bad || before < total }'
}
check "until=3500: the last poll is the first one with this total" reached until 3500

check "too many samples: the buffer's 1,024 are kept" test "$(samples too-many | wc -l)" -eq 1024
check "a record says that 76 are dropped" grep -q ' samples=76 ' <(records too-many dropped)

check "a crash fails" test "$(verdict crash)" = 1
check "a panic record names the exception" grep -q ' vector=6 name=UD ' <(records crash panic)
check "the records before the crash are there" grep -q ' name=bootloader ' <(records crash phase)

check "an unknown option fails" test "$(verdict refused)" = 1
check "the refused option is named" grep -q 'option="sampels"' <(records refused usage)

# For the reader the panic is a defect, and the only one.
"$O/bootexits" check "$logs/serial.log" > "$work/output"
check "every record of every run is right" \
	test "$(grep -c ' 0 defects' "$work/output")/$(grep -c ' 1 defect' "$work/output")" = 6/1

done_testing
