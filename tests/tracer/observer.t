#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/tracer/observer.t
#
# What the observer changes on vCPU 0. The same boot runs with it and without. L1's own trace gives the cause of each
# exit that differs. The tracer counts exactly as many exits as caused by the observer, and the report leaves them out.
# `prove -v` shows the figures.
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"

boot() {	# NAME OPTIONS CMDLINE: run a traced boot with the probe
	check "$1: an ISO is made" make -s -C iso linux O="$O" NAME="$1" CMDLINE="$3" \
		KERNEL="$O/lab/$KVER/vmlinuz" INITRD="$O/guest/initrd.gz"
	lab "$1" -p -e options="$2" -e probe=causes.sh linux "$O/$1.iso" tests/l1/causes.{sh,awk}
	rm -f "$O/$1.iso"
	check "$1: L1's trace is whole" grep -q '^cause reason=all what=lost count=0' "$logs/host.log"
}

counted() {	# LOG REASON: print the exits that the tracer counted on vCPU 0 up to the last mark
	tr -d '\r' < "$1" | awk -v reason="$2" '
		function value(key) {
			match($0, " " key "=[^ ]+")
			return substr($0, RSTART + length(key) + 2, RLENGTH - length(key) - 2)
		}
		$3 == "reason" { name[value("slot")] = value("name") }
		$3 == "part" && value("vcpu") == 0 { count[name[value("slot")]] = value("count") }
		END { print count[reason] + 0 }'
}

caused() {	# NAME REASON [WHAT]: print the exits that L1's trace has with this cause
	sed -n "s/^cause reason=$2 what=${3-.*} count=//p" "$O/test/$1/host.log" |
		awk '{ sum += $1 } END { print sum + 0 }'
}

# Neither boot has a random layout. Without the observer, Linux must leave the second vCPU alone, too.
boot observed sync "console=ttyS0 quiet nokaslr"
boot alone "sync observer=0" "console=ttyS0 quiet nokaslr nr_cpus=1"

for run in observed alone; do
	for reason in interrupt msr npf; do
		counted=$(counted "$O/test/$run/observer.log" $reason)
		caused=$(caused $run $reason)
		check "$run: all $counted $reason exits of vCPU 0 have a cause ($caused)" \
			test "$counted" -gt 100 -a "$counted" -eq "$caused"
	done
done
check "no interrupt is without a cause" test "$(caused observed interrupt other)" = 0
check "without the observer no poll interrupts" test "$(caused alone interrupt '.*poll.*')" = 0
check "with it, polls do: $(caused observed interrupt '.*poll.*')" \
	test "$(caused observed interrupt '.*poll.*')" -gt 1000
for run in observed alone; do
	polls=$(caused $run interrupt poll)
	induced=$(sed -n 's/^induced sync=0 entry=[0-9]* exits=//p' "$O/test/$run/host.log" | tail -n 1)
	check "$run: the tracer puts $polls exits down to the observer, to the unit (${induced:-none})" \
		test "$induced" = "$polls"
	"$O/bootexits" report --json --host "$O/test/$run/host.log" "$O/test/$run/observer.log" > "$work/$run.json"
	# shellcheck disable=SC2016 # jq's variable
	check "$run: so does the report, over all phases" jq -e --argjson polls "$polls" '.runs[0] |
		.total.induced == $polls and (.phases | map(.induced) | add) == $polls' "$work/$run.json"
	check "$run: net, self and induced are the exits of each phase" jq -e '.runs[0] | [.phases[], .total] |
		all(.induced != null and .net + .self + .induced == .exits)' "$work/$run.json"
done
check "both boots fault in as much memory" test "$(caused observed npf ram)" = "$(caused alone npf ram)"

"$O/bootexits" compare --vcpu 0 "$O/test/alone/observer.log" "$O/test/observed/observer.log" > "$work/compare"
sed 's/^/# /' "$work/compare"
differing() {	# PHASE: print "REASON DIFFERENCE" for each reason that differs in it
	awk -v phase="$1" '/^[a-z]/ { here = $1 == phase } here && NF > 3 {
		reason = /^[a-z]/ ? $2 : $1
		gsub(/[+,]/, "", $(NF - 1))
		if (reason != "all") print reason, $(NF - 1) }' "$work/compare"
}

self() {	# RUN PHASE: print its exits by measuring, without the observer's
	tr -d '\r' < "$O/test/$1/observer.log" | awk -v phase="name=$2" '
		$3 == "phase" {
			self = $0
			sub(/.* self=/, "", self)
			if ($6 == phase) print self - before
			before = self + 0
		}'
}

# Two things may differ: the exits that the host's timers cause, and those by measuring. Without an observer,
# bootexits-init looks for the tracer, and reads the log, itself.
for phase in kernel initramfs userspace; do
	reasons=$(differing $phase | cut -d' ' -f1 | sort | paste -sd' ')
	check "$phase: only time and measuring make differences ($reasons)" \
		awk -v list="$reasons" 'BEGIN { exit list !~ /^((cpuid|interrupt|io|msr|npf|vintr) ?)+$/ }'
	measured=$(($(self observed $phase) - $(self alone $phase)))
	check "$phase: its CPUIDs and port accesses differ by those of measuring: $measured" test "$measured" -eq \
		"$(differing $phase | awk '/^(cpuid|io) / { sum += $2 } END { print sum + 0 }')"
done

done_testing
