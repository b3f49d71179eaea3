#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/host/attach.t        CYCLES=N: how many VMs are attached to one after the other (default 2)
#
# `bootexits record --attach' on Debian's own KVM. A VM that ran before is counted from then on: what was not seen and
# what was counted are KVM's count of each vCPU, to the unit. tests/l1/attach.sh says what the VMs do.
# shellcheck disable=SC2016 # jq's variables
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"
. "$root/tests/lib/vmm.sh"

if ! make -s -C host-bpf > "$work/make" 2>&1 || grep -q 'not built' "$work/make" || ! command -v pahole > /dev/null; then
	skip "L1" "$(tail -n 1 "$work/make") (scripts/packages.sh -B)"
	done_testing
fi
check "L1's part builds" lab/images/bpf-image.sh
jansson=$(ldd "$O/bootexits" | sed -n 's/.*jansson.* => \([^ ]*\).*/\1/p')
lab attach -p -a "$O/lab/$KVER/bpf.cpio" -e cycles="${CYCLES:-2}" tests/l1/attach.sh "$vmm" "$O/bootexits" "$O/bootexits.elf" "$jansson"
hostlog=$logs/host.log
awk -v work="$work" 'BEGIN { split("late early idle killed named", names) }
	/^\{"trace":/ { name = names[++n] } { print > (work "/" name ".trace") }' <(tr -d '\r' < "$logs/observer.log")

says() {	# PATTERN: so does the host log
	check "$1" grep -Eq "^$1\$" <(tr -d '\r' < "$hostlog")
}

exits() {	# WORD VCPU: print KVM's count that the VMM read
	sed -n "s/^[a-z]* $1 vcpu=$2 exits=\([0-9]*\) .*/\1/p" "$hostlog"
}

holds() {	# TRACE CLAIM FILTER [NAME VALUE]...: jq's FILTER holds for the lines of that trace
	local trace=$1 claim=$2 filter=$3 arguments=()

	shift 3
	while [[ $# -gt 1 ]]; do
		arguments+=(--argjson "$1" "${2:-null}")
		shift 2
	done
	check "$trace: $claim" jq -es "${arguments[@]}" \
		'def unseen($n): map(select(.guest == "unseen" and .vcpu == $n).exits) | add // 0;
		 def counted($n): map(select(.name == "stat_exits" and .n == $n and .expect == .got).got) | add;
		 def attached: .[] | select(.guest == "attached"); '"$filter" "$work/$trace.trace"
}

# Attached to before its first exit: a trace like any other
says 'early status=0'
check "early: every record is right" "$O/bootexits" check "$work/early.trace"
holds early "it is whole, and from the start" '(last | .end) == "complete" and any(.from_start == 1) and (attached.unseen == 0)'
holds early "it has the guest's marks" 'map(select(.guest == "phase").name) == ["firmware", "bootloader"]'
for vcpu in 0 1 2; do
	holds early "vCPU $vcpu: KVM's count, as the VMM read it at the end" 'counted($vcpu) == $kvm' vcpu $vcpu kvm "$(exits end $vcpu)"
done
holds early "the VM has ended" 'attached.end == "ended"'

# Attached to while it ran. Counting ended while a vCPU ran.
says 'late status=0'
check "late: every record is right" "$O/bootexits" check "$work/late.trace"
check "late: check says that exits were not seen" grep -q 'note: attached late: [0-9,]* exits came before' <("$O/bootexits" check "$work/late.trace")
holds late "it is neither whole nor truncated, nor from the start" '(last | .end) == "late" and any(.from_start == 0)'
holds late "its first records say what was not seen, in all and by vCPU" '.[2:5] | map(.guest // .host) == ["host", "attached", "unseen"]'
holds late "the vCPUs' unseen exits are all" 'attached.unseen == ([unseen(0), unseen(1), unseen(2)] | add)'
holds late "its phase is the one that the guest marked" 'map(select(.guest == "phase").name) == ["kernel"]'
holds late "vCPU 0, which rests: unseen are KVM's count before" 'unseen(0) == $kvm' kvm "$(exits before 0)"
holds late "vCPU 0: with what was counted they are KVM's count" 'unseen(0) + counted(0) == $kvm' kvm "$(exits now 0)"
holds late "vCPU 1, which ran all the time: the same, between two reads" 'unseen(1) + counted(1) | . >= $from and . <= $to' \
	from "$(exits now 1)" to "$(exits after 1)"
holds late "vCPU 2, which never ran meanwhile: all are unseen" 'unseen(2) == $kvm and counted(2) == 0' kvm "$(exits last 2)"
holds late "the VM goes on" 'attached.end == "detached" and $after > $now' now "$(exits now 1)" after "$(exits after 1)"
holds late "the command line of the VMM is there, and no file of it was opened" '.[0] | .command[1] == "attached" and .files == []'
check "late: the report has what was not seen" grep -Eq '^unseen +[0-9,]+$' <("$O/bootexits" report "$work/late.trace")

# It rested all the time.
says 'idle status=0'
holds idle "all that KVM has counted is unseen" 'attached.unseen == $kvm' kvm "$(sed -n 's/^idle debugfs exits=//p' "$hostlog")"
holds idle "one phase, without exits" 'map(select(.guest == "phase") | [.name, .total]) == [["custom", 0]]'

says 'killed status=1'
says 'killed said: .*: the VM was killed, by signal 9'
holds killed "the trace says so" '(last | .end == "truncated" and .why == "the VM was killed") and (attached | .end == "killed" and .signal == 9)'
holds killed "what was counted until then is there" '$ran < counted(1) and counted(2) == 51' ran "$(($(exits run 1) - $(exits last 1)))"
check "killed: it can be read" grep -q '^custom ' <("$O/bootexits" report "$work/killed.trace")

says 'named said: .*: attaching to process [0-9]+ \(qemu-system-x86\) of user 0'
says 'named status=0'
holds named "a QEMU that is attached to at its start is like any other" '(last | .end) == "complete" and any(.from_start == 1)'
holds named "the payload's phases are there" 'map(select(.guest == "phase").name) | index("payload") != null'
holds named "its total is KVM's" 'counted(0) > 0'

says 'several said: .*: \?\[31mvm: give a PID, because 2 processes with a VM are called so: [0-9]+ \(\?\[31mvm\), [0-9]+ \(\?\[31mvm\)'
says 'several status=2 left='
says 'none said: .*: nobody: no process with a VM is called so'
says 'none status=3 left='
says 'other said: .*: process [0-9]+ has no VM'
says 'other status=3 left='

! grep -q $'\e' "$hostlog"
ok $? "no name of a process reaches the terminal as it is"

says 'hundred vms=100 said: bootexits-bpf: another VM of the same command ran, and is not counted'
check "each VM that was attached to has KVM's count" test "$(grep -Ec '^many 3 bx .* result=pass ' "$hostlog")" = "${CYCLES:-2}"
check "while VMs are counted there are programs and maps" grep -Eq '^objects while: programs=[1-9][0-9]* maps=[1-9]' "$hostlog"
for when in before after; do
	says "objects $when: programs=0 maps=0 links=0"
done

done_testing
