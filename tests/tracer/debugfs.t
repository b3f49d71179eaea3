#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/tracer/debugfs.t
#
# The files of exit_trace/ in KVM's debugfs show what the guest reads. The guest's log has the host's marks, too. The
# files go with their VM, even while somebody reads them.
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"

lab debugfs "$root/tests/l1/debugfs.sh" "$O/bootexits.elf"

shown() {	# FILE: print it as the host read it
	sed -n "s/^debugfs $1: //p" "$logs/host.log"
}

told() {	# KEY...: print these keys of the guest's marks before the host's, a line each
	records boot phase | awk -v keys="$*" '
		BEGIN { n = split(keys, key, " ") }
		/ id=144 / || / id=96 / { next }
		{ for (i = 1; i <= n; i++) { match($0, " " key[i] "=[0-9]+")
			printf "%s%s", substr($0, RSTART + length(key[i]) + 2, RLENGTH - length(key[i]) - 2), i < n ? " " : "\n" } }'
}

parts() {	# from the guest: entry vcpu slot exits kvm user idle preempted
	records boot part | sed -n 's/.* entry=\([0-9]*\) vcpu=\([0-9]*\) slot=\([0-9]*\) count=\([0-9]*\) kvm=\([0-9]*\) user=\([0-9]*\) idle=\([0-9]*\) preempted=\([0-9]*\) .*/\1 \2 \3 \4 \5 \6 \7 \8/p'
}

exits=$(sed -n 's/^host sync=0 exits=\([0-9]*\) .*/\1/p' "$logs/host.log" | head -n 1)
check "the boot passes" test "$(verdict boot)" = 0
check "counters: all exits are stat.exits, $exits" \
	test "$(shown counters | awk '!/^#/ && $2 != "sum" { sum += $3 } END { print sum }')" = "${exits:-none}"
check "reasons: the total is the same" test "$(shown reasons | awk '$1 == "total" { print $2 }')" = "${exits:-none}"
check "reasons: their exits give the total" test "$(shown reasons | awk 'NR > 1 && $1 != "total" { sum += $2 } END { print sum }')" = "${exits:-none}"
check "reasons: they are named as KVM names them" grep -Eq '^(cpuid|CPUID) ' <(shown reasons)
marks() {
	diff <(shown log | awk '$1 == "mark" { print $2, $3, $4, $5, $6 }') <(told entry id vcpu tsc total)
}
check "log: it has the guest's marks, with their times and totals" marks
log_parts() {
	local last

	last=$(shown log | awk '$1 == "mark" { n = $2 } END { print n }')
	diff <(shown log | awk 'NF == 8 && !/^#/' | sort) <(parts | awk -v last="$last" '$1 <= last' | sort)
}
check "log: it has each vCPU's slots at each mark, as the guest does" log_parts

check "a mark of the host's, by name and by number" \
	grep -qx 'debugfs mark userspace: done' "$logs/host.log"
check "and by number" grep -qx 'debugfs mark 0x90: done' "$logs/host.log"
for id in 96 144; do
	check "the guest's log has phase $id" grep -q " id=$id " <(records boot phase)
done
for name in 300 nonsense; do
	check "there is no phase $name" grep -qx "debugfs mark $name: refused" "$logs/host.log"
done
check "while tracing is off the host marks nothing" grep -qx 'debugfs mark kernel: refused' "$logs/host.log"
check "the counts stay while tracing is off" grep -Eq '^debugfs off: total +[1-9]' "$logs/host.log"
check "the directory goes with its VM" grep -qx 'debugfs left: none' "$logs/host.log"
for i in 1 2 3; do
	check "a VM ends well while its files are read ($i)" test "$(verdict gone-$i)" = 0
done

# Before and under kernel lockdown, as docs/host.md says. Under lockdown L1 can't give a verdict.
logs=${LOGS:-$O/test}/lockdown
"$root/lab/lab.sh" -o "$logs" tests/l1/lockdown.sh "$O/bootexits.elf" > "$work/lab" 2>&1
check "lockdown: L1 runs the scenario" grep -q '^init: the scenario ended with 0' "$logs/console.log"
said() {	# STATE: print its results in one line
	awk -v state="$1" '/^lockdown (before|after)/ { here = $2 == state; next } here && $1 == "lockdown" { printf "%s %s ", $2, $3 }' \
		<(tr -d '\r' < "$logs/host.log")
}
check "before lockdown all of it works" test "$(said before)" = "cat: yes head: yes tee: yes parameter: yes "
check "under lockdown counters can be read and the parameter written, but the writable files can't be used" \
	test "$(said after)" = "cat: yes head: no tee: no parameter: yes "

done_testing
