#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/full-boot.t
#
# `make run`, twice: a Linux is traced from the first instruction to its login prompt, its total is
# the host's, the observer's polls leave no gap, and the second run writes the same bytes.
set -uo pipefail
. "$(dirname "$0")/tap.sh"
. scripts/common.sh
. "$(dirname "$0")/boots.sh"

iso() {	# the ISO of make run
	make -s -C iso linux O="$O" KERNEL="$O/lab/$KVER/vmlinuz" INITRD="$O/guest/initrd.gz" \
		CMDLINE="console=ttyS0 quiet"
}

hist=0 alone=75 most=240
[[ ${LANE:-amd} == amd ]] || hist=1 alone=240 most=600

check "an ISO with Linux is made" iso
SECONDS=0
lab full-boot -p -e hist=$hist linux "$O/linux.iso"
took=$SECONDS
first=$logs
check "it takes $alone seconds alone, with other tests beside it at most $most (here $took)" test "$took" -le $most
agrees observer.log firmware bootloader payload kernel initramfs userspace
[[ $hist == 0 ]] ||
	check "reasons equal the kvm_exit histogram's, or differ by the exits of the guest's window" \
		grep -Eq 'reasons: (all [0-9]+ equal|[0-9]+ of [0-9]+ equal; the exits of the guest.s window are:)$' "$report"
check "the observer is on the last of two vCPUs" grep -q 'observer on vCPU 1, polling every 1,000 us' "$report"
check "it dropped no sample" grep -q ' 0 dropped' "$report"
gap=$(longest_gap "$first/observer.log")
check "no gap between two polls is over $gap_ms ms (the longest: ${gap:-none} us)" \
	test "${gap:-99999}" -le $((gap_ms * 1000))
check "the console shows a login prompt" grep -q 'login: ' "$first/serial.log"

lab full-boot-again -p -e hist=$hist linux "$O/linux.iso"
for log in console serial host observer; do
	check "the second run's $log.log is the first's, byte for byte" cmp "$first/$log.log" "$logs/$log.log"
done

done_testing
