#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/lab/full-boot.t
#
# `make run`, twice. A Linux is traced from the first instruction to its login prompt. Its total equals the host's. The
# observer's polls leave no gap. The second run writes the same bytes.
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"
. scripts/common.sh
. "$(dirname "$0")/../lib/boots.sh"

iso() {	# make the ISO of make run
	make -s -C iso linux O="$O" KERNEL="$O/lab/$KVER/vmlinuz" INITRD="$O/guest/initrd.gz" \
		CMDLINE="console=ttyS0 quiet"
}

hist=0 alone=45 most=150 emulator=QEMU
[[ ${LANE:-amd} == amd ]] || hist=1 alone=240 most=700 emulator=Bochs

logs=${LOGS:-$O/test}
mkdir -p "$logs"

boot() {	# NAME: record a boot in $logs/NAME.trace
	rm -rf "$logs/$1.trace" "$logs/$1.trace.logs"
	check "$1: a boot is recorded" "$O/bootexits" record --lab -o "$logs/$1.trace" -- \
		-p -e hist=$hist linux "$O/linux.iso"
}

as_log() {	# TRACE: print its samples as longest_gap reads them in a log
	jq -r '(if .guest == "host" then "tsc_khz=\(.tsc_khz)"
		elif .guest == "phase" then "name=\(.name) tsc=\(.tsc)"
		elif .guest == "samples" then .samples as $s | "tsc=\($s[0][0]) gap=\(.gap)" + if ($s | length) < 2 then ""
			else " d=" + ([range(1; $s | length) | "\($s[.][0] - $s[. - 1][0]):0"] | join(",")) end
		else empty end) as $pairs | "bx \(.seq) \(.guest) \($pairs) *"' "$1"
}

check "an ISO with Linux is made" iso
before=$(cpu_seconds)
boot full-boot
took=$(($(cpu_seconds) - before))
trace=$logs/full-boot.trace
check "it takes $alone seconds of CPU time alone, with other tests beside it at most $most (here $took)" test "$took" -le $most
agrees full-boot.trace firmware bootloader payload kernel initramfs userspace
[[ $hist == 0 ]] ||
	check "reasons equal the kvm_exit histogram's, or differ by the exits of the guest's window" \
		grep -Eq 'reasons: (all [0-9]+ equal|[0-9]+ of [0-9]+ equal; the exits of the guest.s window are:)$' "$report"
check "the observer is on the last of two vCPUs" grep -q 'observer on vCPU 1, polling every 1,000 us' "$report"
check "it dropped no sample" grep -q ' 0 dropped' "$report"
as_log "$trace" > "$work/samples"
gap=$(longest_gap "$work/samples")
check "no gap between two polls is over $gap_ms ms (the longest: ${gap:-none} us)" \
	test "${gap:-99999}" -le $((gap_ms * 1000))
check "the console shows a login prompt" \
	grep -q 'login: ' <(jq -r 'select(.console == "serial") | .text' "$trace")
check "the trace says how it was made" jq -es ".[0] | .exact and .source == \"lab\" and .lane == \"${LANE:-amd}\" and
	(.emulator | contains(\"$emulator\")) and (.files | map(.path) | any(endswith(\"linux.iso\")) and any(endswith(\"kvm.ko\")))" \
	"$trace"
check "no other file is left" test ! -e "$trace.logs"

boot full-boot-again
check "the second trace is the first, byte for byte" cmp "$trace" "$logs/full-boot-again.trace"
check "all outputs have the totals of its records" tests/tool/totals.py "$O/bootexits" "$trace" "$trace"

done_testing
