#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/tracer/perf.t
#
# The tracer and `perf kvm stat' measure the same boot. Their exits are equal for each reason. Each difference of their
# times has a known cause. This takes two minutes.
# Exit status: 0 all passed, 1 some failed.
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"

# The tracer's time of an exit is so many ticks longer than perf's. perf's goes from one tracepoint to another. The
# tracer's includes both tracepoints, with perf's recording, and what vcpu_run() does around the guest.
least=2150 most=2300
# The same for each way to the VMM and back, from the tracepoint at the end of KVM_RUN to the one before its next
# beginning. Now and then the thread is scheduled out in between, at the end of vcpu_put().
least_user=2200 most_user=2400
# The kernel handles a host's interrupt between the exit and perf's tracepoint.
most_interrupt=10000

diagnose() {
	[[ ! -s $work/wrong ]] || cat "$work/wrong"
}

for part in bench-image.sh "bench-iso.sh $work/iso"; do
	# shellcheck disable=SC2086 # a script and its argument
	check "${part%% *} makes its part" lab/images/$part
done
# L1 has bootexits' other libraries already, because QEMU needs them.
jansson=$(ldd "$O/bootexits" | sed -n 's/.*jansson.* => \([^ ]*\).*/\1/p')
L1_RAM=2048 lab perf -p -t 900 -a "$O/lab/bench.cpio" tests/l1/perf.sh "$work/iso/linux.iso" "$O/bootexits" "$jansson"
log=$logs/host.log
tr -d '\r' < "$logs/observer.log" > "$work/trace"

judge() {	# AWK: run it at the end of the host log, with tables of its numbers; it prints what is wrong
	awk -v least=$least -v most=$most -v least_user=$least_user -v most_user=$most_user -v most_interrupt=$most_interrupt '
		$1 == "tracer" { exits[$2] = $3; kvm[$2] = $4; user[$2] = $5; other[$2] = $6 + $7; total += $3 }
		$1 == "report" { report[$2] = $3 }
		$1 == "events" { events[$2] = $3; ticks[$2] = $4; users[$2] = $5; trips[$2] = $6 }
		END { '"$1"' }' "$log" > "$work/wrong"
	[[ ! -s $work/wrong ]]
}

check "perf lost no event" grep -qx 'lost 0' "$log"
check "the tracer has what KVM counted" test "$(awk '$1 == "tracer" { n += $3 } END { print n }' "$log")" = \
	"$(sed -n 's/^host sync=0 exits=\([0-9]*\) .*/\1/p' "$log")"
check "the boot had more than ten reasons" test "$(grep -c '^tracer' "$log")" -gt 10
# The last exit wrote to pvpanic, and the guest was not entered again. perf sees an exit only at the next entry.
last='(reason == "io" || reason == "IO_INSTRUCTION")'
judge "for (reason in exits) if (exits[reason] != report[reason] + $last)
		print reason, exits[reason], \"perf kvm stat report:\", report[reason] + 0
	for (reason in report) if (!(reason in exits)) print reason, \"is in perf kvm stat report alone\""
ok $? "each reason has the exits of perf kvm stat report, except for the last exit, which has no entry"
check "bootexits import makes a trace of perf.data" "$O/bootexits" check "$work/trace"
awk '$1 == "tracer" { print $2, $3 }' "$log" | sort > "$work/tracer"
# GRUB's mark ends a phase, so the last one has all of the boot's exits.
# shellcheck disable=SC2016 # jq's variable
jq -rs '([.[] | select(.guest == "phase").entry] | max) as $last | .[] | select(.guest == "reason" and .entry == $last) |
	"\(.name) \(.count)"' "$work/trace" | sort > "$work/imported"
check "each reason has the exits of the tracer in it, the last exit included" diff "$work/tracer" "$work/imported"
judge 'for (reason in report) if (report[reason] != events[reason]) print reason, report[reason], events[reason] + 0'
ok $? "each reason has the exits of perf's events"
judge 'for (reason in events) {
		more = (kvm[reason] + user[reason] + other[reason] - ticks[reason]) / exits[reason]
		if (more < least || more > (reason ~ /interrupt|INTERRUPT/ ? most_interrupt : most))
			print reason, "ticks more per exit:", more
	}'
ok $? "the tracer's time is $least to $most ticks longer per exit than perf's, of interrupts up to $most_interrupt"
judge 'for (reason in events) {
		ways += trips[reason]
		more += user[reason] - users[reason]
		if (user[reason] - users[reason] < trips[reason] * least_user || (!trips[reason] && user[reason]))
			print reason, user[reason] - users[reason], "ticks more,", trips[reason], "ways to the VMM"
	}
	if (more > ways * most_user) print "all", more, "ticks more,", ways, "ways to the VMM"'
ok $? "its userspace clock is $least_user ticks longer for each way to the VMM, of all together at most $most_user"
awk '$1 == "tracer" { kvm[$2] = $4 + $5 + $6 + $7; user[$2] = $5 }
	$1 == "events" { printf "# %s: %d exits, %.0f ticks more per exit; %d ways to the VMM, %.0f more each\n", $2, $3,
		(kvm[$2] - $4) / $3, $6, $6 ? (user[$2] - $5) / $6 : 0 }' "$log"

done_testing
