#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/tracer/isolation-hotplug.t
#
# A Linux guest gets a second CPU while it runs, gives it back, and gets it again. KVM counts the CPU as soon as it is
# there. KVM keeps one vCPU for that number, so the second time the counts go on.
# shellcheck disable=SC2016 # jq has variables, too
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"
. scripts/common.sh

mkdir -p "$work/guest"/{bin,dev,proc,sys}
cp /bin/busybox "$O/exitstat" "$work/guest/bin/"
ln -s busybox "$work/guest/bin/sh"
cp tests/l2/hotplug.sh "$work/guest/init"
chmod +x "$work/guest/init"
check "the guest's program compiles" gcc -O1 -static -o "$work/guest/bin/known" tests/l2/known.c
pack_cpio "$work/guest" > "$work/guest.cpio"

L1_LIMIT=${L1_LIMIT:-900} lab hotplug "$root/tests/l1/hotplug.sh" "$O/lab/$KVER/vmlinuz" "$work/guest.cpio"
check "the guest comes to its end" test "$(verdict hotplug)" = 0

# exits STEP FILTER: run jq's FILTER on exitstat's output in that step
exits() {
	tr -d '\r' < "$logs/serial.log" | sed -n "s/^@ $1 //p" | tr -d '\n' | jq "$2"
}

vcpus='.vcpus'
second='.each_vcpu[1].exits'
cpuids='[.reasons[] | select(.name == "cpuid").exits][0]'
for pair in alone=1 first-idle=2 first-busy=2 gone=2 second-idle=2 second-busy=2; do
	check "${pair%=*}: ${pair#*=} vCPUs" test "$(exits "${pair%=*}" "$vcpus")" = "${pair#*=}"
done
for time in first second; do
	check "$time: 1,000 CPUIDs of the second CPU are its exits" \
		test $(($(exits $time-busy "$second") - $(exits $time-idle "$second"))) -ge 1000
	more=$(($(exits $time-busy "$cpuids") - $(exits $time-idle "$cpuids")))
	check "$time: they are the VM's exits, too: $more with those of exitstat" test $more -ge 1000 -a $more -le 1500
done
check "when the CPU comes again, its counts go on" test "$(exits second-idle "$second")" -ge "$(exits gone "$second")"

total=$(sed -n 's/^stopped exits=//p' "$logs/host.log")
read -r -a ids < <(sed -n 's/^stopped vcpu=\([0-9]*\) .*/\1/p' "$logs/host.log" | paste -sd' ')
check "the host has both vCPUs, by their ids" test "${ids[*]}" = "0 1"
sum=$(sed -n 's/^stopped vcpu=.* exits=//p' "$logs/host.log" | awk '{ sum += $1 } END { print sum }')
check "their exits add up to stat.exits, ${total:-none}, to the unit" test "$sum" = "${total:-none}"

done_testing
