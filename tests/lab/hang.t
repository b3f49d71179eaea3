#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/lab/hang.t    O=DIRECTORY: where the parts were built (default build)
#
# A guest that hangs is told from one that only does nothing. QEMU's fault leads to a guest that executes PAUSE after
# PAUSE with interrupts off: that ends with status 125. A guest that idles at its prompt does not end so, and neither
# does one that loops for five minutes without an exit.
# Exit status: 0 all passed, 1 some failed.
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"
. "$root/tests/lib/processes.sh"
. scripts/common.sh
trace=$work/boot.trace
export L1_HANG=20	# shorter than by default: if a guest is no hang here, it is none there

diagnose() {
	tail -n 5 "$work/said" "$trace.logs"/*.log
}

# record SCENARIO-LINES FILE...: record them into $trace; sets status
record() {
	printf '%s\n' '. /l1.sh' 'load_kvm patched exit_trace=1' "$1" > "$work/scenario"
	rm -rf "$trace" "$trace.logs"
	status=0
	"$O/bootexits" record --lab -o "$trace" -- "$work/scenario" "${@:2}" > "$work/said" 2>&1 < /dev/null || status=$?
}

# beats: print the seconds of L1's time from its first beat to its last
beats() {
	jq -r 'select(.console == "host") | .text' "$trace" | sed -n 's/^host so far: .* \([0-9]*\)\.[0-9]* s$/\1/p' |
		awk 'NR == 1 { first = $1 } END { print $1 - first }'
}

check "guests are made" sh -c "nasm -f bin -o '$work/hang' tests/l2/still.asm &&
	nasm -f bin -DLOOPS=30000000 -o '$work/loop' tests/l2/still.asm"

record 'run hang -kernel /files/hang' "$work/hang"
[[ $status -eq 125 ]] && grep -q 'the guest hangs: in 20 s of CPU time L1 got less than 3 s further' "$work/said" &&
	tail -n 1 "$trace" | grep -q '"why":"hang"' && [[ -s $trace.logs/host.log ]] && none_left > "$work/left"
ok $? "a guest that hangs: status 125 (is $status), truncated: hang; the logs stay, and nothing else"
check "the trace has what came before the hang" jq -es 'any(.[]; .console == "serial" and (.text | test("standing still")))' "$trace"
check "check says that it is truncated" grep -q 'truncated: hang' <("$O/bootexits" check "$trace")

record 'run loop -kernel /files/loop' "$work/loop"
took=$(beats)
check "a guest that loops for five minutes with no exit ($took s): no record, status 1 (is $status)" \
	test "$status" -eq 1 -a "$took" -ge 300

L1_HANG=40 record "(sleep 1800; killall qemu-system-x86_64) &
	run idle -smp 2 -m 256 -kernel /files/bootexits.elf -initrd '/files/vmlinuz console=ttyS0 quiet,/files/initrd.gz' \
		-chardev null,id=observer -device isa-debugcon,iobase=$(contract PORT_CONSOLE),chardev=observer \
		-fw_cfg name=opt/org.bootexits/options,string=stay" \
	"$O/bootexits.elf" "$O/lab/$KVER/vmlinuz" "$O/guest/initrd.gz"
took=$(beats)
[[ $status -le 1 && $took -ge 1790 ]] && jq -es 'any(.[]; .console == "serial" and (.text | test("login: ")))' "$trace" > "$work/jq"
ok $? "a guest that idles at its prompt for minutes (in all $took s): status 0 or 1 (is $status)"

done_testing
