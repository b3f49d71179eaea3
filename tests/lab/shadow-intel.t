#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/lab/shadow-intel.t
#
# The same Linux with EPT and with KVM's shadow page tables. Both boots are counted to the unit. As soon as Linux has
# page tables, shadow paging takes several times the exits.
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"
. scripts/common.sh
export LANE=intel

lab intel-shadow -t 1500 -e console_port="$(contract PORT_CONSOLE)" "$root/tests/l1/shadow.sh" \
	"$O/bootexits.elf" "$O/lab/$KVER/vmlinuz" "$O/guest/initrd.gz"

phase_exits() {	# RUN PHASE: print the phase's own exits, without those before it
	records "$1" phase | sed -n 's/.* name=\([^ ]*\) .* total=\([0-9]*\) .*/\1 \2/p' |
		awk -v phase="$2" '$1 == phase { print $2 - before } { before = $2 }'
}

# accounted RUN: reason by reason, the host's count is the guest's, the write, and exits between mark and write; there
# may be such, because bootexits-init is a process of Linux
accounted() {
	"$O/bootexits" report --host "$logs/host.log" "$logs/serial.log" |
		awk -v run="run $1:" '/: vmx, / { here = index($0, run) } here' > "$work/report"
	grep -Eq "reasons: (all [0-9]+ equal|.*; the exits of the guest's window are:)" "$work/report"
}
for run in ept shadow; do
	check "$run: boots to its login prompt" test "$(verdict $run)" = 0
	check "$run: the host's count is the guest's" accounted $run
done

for phase in kernel initramfs userspace; do
	ept=$(phase_exits ept $phase)
	shadow=$(phase_exits shadow $phase)
	times=$((${shadow:-0} / ${ept:-1}))
	check "$phase: ${shadow:-no} exits for ${ept:-no} ($times times)" test $times -ge 6
done

done_testing
