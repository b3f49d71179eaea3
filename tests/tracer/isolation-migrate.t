#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/tracer/isolation-migrate.t
#
# A guest that polls its counters moves to another QEMU: live, by a file, and with its page registered. It comes to its
# end. Its counts begin at zero in the new QEMU, and are right to the unit. The guest can detect this.
# shellcheck disable=SC2016 # awk has fields
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"

lab migrate -p "$root/tests/l1/migrate.sh" "$O/bootexits.elf"

of() {	# LOG RUN: print that run's part of the log
	awk -v run="$2" '/^# run / { here = $3 == run; next } here' "$logs/$1.log"
}

totals() {	# FILE: print the totals of its samples
	sed -n 's/.* sample .* total=\([0-9]*\) .*/\1/p' "$1"
}

for run in live saved page; do
	log=$work/$run.log
	{ of observer "$run" | head -c -1; of serial "$run"; } > "$log"
	awk -v run="$run" '/^run name=/ { here = $2 == "name=" run } here' "$logs/host.log" > "$work/host.log"
	exits=$(sed -n "s/^source run=$run exits=//p" "$logs/host.log")

	check "$run: the guest comes to its end" grep -q '^bx [0-9]* end ' "$log"
	check "$run: it printed each record once, some before the move and some after" \
		awk '$1 == "bx" { if ($2 != n++) exit 1 } END { exit n < 300 }' "$log"
	before=$(totals <(of observer "$run") | tail -n 1)
	check "$run: it read $before exits before the move, of the $exits that the host counted" \
		test "$before" -gt 1000 -a "$before" -le "$exits"
	totals <(of serial "$run") > "$work/then"
	if [[ $run == page ]]; then
		check "$run: the new KVM does not write the page" \
			test "$(sort -u "$work/then" | wc -l)" = 1 -a "$(head -n 1 "$work/then")" -ge "$before"
	else
		check "$run: after the move it reads less" test "$(head -n 1 "$work/then")" -lt "$before"
	fi
	check "$run: the total after its last mark is what the new KVM counted, to the unit" \
		grep -q ': equal to the unit$' <("$O/bootexits" report --host "$work/host.log" "$log")
	"$O/bootexits" check "$log" > "$work/said" 2>&1
	check "$run: bootexits check does not take both parts for one boot, as counts began at zero" test $? = 1
done
done_testing
