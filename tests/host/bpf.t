#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/host/bpf.t
#
# bootexits-bpf. On Debian's own KVM, its counts equal KVM's, to the unit. If it counts the same boot as the patched KVM,
# each mark, vCPU and reason has the same exits in both.
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"

check "the record writer's tests build without BPF" make -s -C host-bpf unit
check "snapshots become the payload's records" "$O/bpf-unit"
if ! make -s -C host-bpf > "$work/make" 2>&1 || grep -q 'not built' "$work/make" || ! command -v pahole > /dev/null; then
	skip "L1" "$(tail -n 1 "$work/make") (scripts/packages.sh -B)"
	done_testing
fi
check "fields are found by BTF" "$O/fields-unit"
check "L1's part builds" lab/images/bpf-image.sh
image=$O/lab/$KVER/bpf.cpio

# sums FILE: on each line "clocks up to ...", the differences of all clocks add up to at most 1 ns per exit
sums() {
	sed -n 's/^clocks .*more: //p' "$1" | tr -d a-z, | awk '{ for (i = 1; i <= NF; i++) sum += $i } sum * sum > 1 { exit 1 }'
}

# L1 has bootexits' other libraries already, because QEMU needs them.
jansson=$(ldd "$O/bootexits" | sed -n 's/.*jansson.* => \([^ ]*\).*/\1/p')
lab bpf-record -p -a "$image" "$root/tests/l1/record-bpf.sh" "$O/bootexits" "$O/bootexits.elf" "$jansson" \
	"$O/lab/$KVER/vmlinuz" "$O/guest/initrd.gz"
awk -v work="$work" '/^\{"trace":/ { name = n++ ? n > 2 ? "linux" : "any" : "stock" } { print > (work "/" name ".trace") }' \
	<(tr -d '\r' < "$logs/observer.log")
trace=$work/stock.trace
check "stock: record says that BPF counts, by itself" grep -q '^stock said: .*: KVM is not patched, so BPF programs count' "$logs/host.log"
check "stock: the boot passes" grep -q '^stock status=0' "$logs/host.log"
check "stock: its clocks are nanoseconds" jq -es '.[0].unit == "ns"' "$trace"
check "stock: the payload says that it only marks" jq -es 'any(.guest == "alone" and (.msg | startswith("host-only: ")))' "$trace"
check "stock: every record is right" "$O/bootexits" check "$trace"
check "stock: the report agrees with the host" "$O/bootexits" report "$trace"
cp "$work/output" "$work/report"
check "stock: it says who counted" grep -q ', counted by BPF, started by multiboot1, verdict pass$' "$work/report"
check "stock: the total is stat.exits to the unit" grep -q ': equal to the unit$' "$work/report"
for phase in bootloader payload; do
	check "stock: the table has a row for $phase" grep -Eq "^$phase +[0-9,.]+ +[0-9,]+ +[0-9.]+%" "$work/report"
done
check "stock: KVM's last count of each vCPU is ours" jq -es 'map(select(.name == "stat_exits" and .expect == .got).n) == [0, 1]' "$trace"
# names TRACE NAME...: its phases are these
names() {
	jq -es '[.[] | select(.guest == "phase").name] == $ARGS.positional' "$work/$1.trace" --args "${@:2}"
}

check "stock: the phases are those that the guest marks" names stock bootloader payload
check "a guest that marks nothing has the phases that KVM sees" names any to-second-cpu to-end
for name in any linux; do
	check "$name: the last total is KVM's last count" jq -es '(map(select(.guest == "phase").total) | last) ==
		(map(select(.name == "stat_exits").expect) | add)' "$work/$name.trace"
	check "$name: every record is right" "$O/bootexits" check "$work/$name.trace"
done
check "linux: its phases end where KVM sees it, and by its texts" names linux to-second-cpu to-long-mode to-os to-cpl3 \
	prompt userspace to-end
for name in os cpl3; do
	check "linux: KVM's own events have the same vCPU and exits up to $name" test "$(jq -rs --arg name "to-$name" '
		(map(select(.guest == "phase" and .name == $name)) | last) as $phase |
		map(select(.guest == "part" and .entry == $phase.entry and .vcpu == $phase.vcpu).count) | add |
		"\($phase.vcpu):\(.)"' "$work/linux.trace")" = "$(sed -n "s/^events .*\b$name=\([0-9:]*\).*/\1/p" "$logs/host.log")"
done
check "linux: record ends it at its login prompt, and that is a pass" grep -q '^linux status=0' "$logs/host.log"
check "linux: a text that never came is named" grep -q '^linux said: .*the guest has not printed what ends phase never$' "$logs/host.log"
check "that boot passes, though no verdict was given" grep -q '^any status=0' "$logs/host.log"
check "with no KVM record says so, in one line, with status 3" grep -q '^none status=3' "$logs/host.log"
check "the line says what is missing" grep -q '^none said: .*: neither kvm_intel nor kvm_amd is loaded' "$logs/host.log"
check "a command that runs no VM is a skip" grep -q '^bx 1 skip msg="no VM ' "$logs/host.log"

lab bpf-both -a "$image" -e host=both boot "$O/bootexits.iso"
check "both: one boot becomes a trace" "$O/bootexits" record --lab --from-log -o "$work/both.trace" "$logs"
check "both: each mark, vCPU and reason has the same exits" lab/both.sh "$work/both.trace"
cp "$work/output" "$work/told"
check "both: the comparison was not empty" grep -Eq '^cells: [0-9]{2,} in [3-9] marks, 0 differ' "$work/told"
check "both: the clocks differ by the time that each sees of the other, but not in their sum" sums "$work/told"
jq -c 'if .guest == "reason" and .name == "cpuid" then .count += 1 else . end' "$work/both.trace" > "$work/off.trace"
! lab/both.sh "$work/off.trace" > "$work/told" 2>&1
ok $? "both: one more exit is reported as a difference"
check "both: that difference names its phase, vCPU and reason" grep -q '^payload, vCPU 0, cpuid: patched .*: no cause is known$' "$work/told"

done_testing
