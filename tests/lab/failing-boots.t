#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/lab/failing-boots.t     O=DIRECTORY: where the parts were built (default build)
#
# Failures while a boot in the lab is recorded. L1 panics, is killed or hangs. L2's QEMU finds no memory or is killed.
# L2's Linux ends in a triple fault. The disk fills up. The status is as documented. The trace is truncated, and has all
# that came before. The logs are there, and no process is left.
# Exit status: 0 all passed, 1 some failed.
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"
. "$root/tests/lib/processes.sh"
trace=$work/boot.trace
export TMPDIR=$work/tmp
mkdir "$TMPDIR"

diagnose() {
	cat "$work/said"
	"$O/bootexits" check "$trace" 2>&1 | tail -n 8
	tail -n 5 "$trace.logs"/*.log
	ps -o pid,args -p "$(alive | paste -sd,)"
}

# record ARGUMENT...: record into $trace; sets status
record() {
	rm -rf "$trace" "$trace.logs"
	status=0
	timeout -s KILL 7200 "$O/bootexits" record --lab -o "$trace" "$@" > "$work/said" 2>&1 < /dev/null || status=$?
}

# scenario LINE...: make L1 run these lines
scenario() {
	printf '%s\n' '. /l1.sh' "$@" > "$work/scenario"
}

# ends STATUS WHY SAYS NAME: the last recording ended with STATUS and WHY, and its message has SAYS
ends() {
	[[ $status -eq $1 ]] && grep -q -e "$3" "$work/said" && tail -n 1 "$trace" | grep -q "\"why\":\"$2\"" &&
		[[ -n $(find "$trace.logs" -name '*.log' -size +0) && -z $(ls "$TMPDIR") ]] && none_left > "$work/left"
	ok $? "$4: status $1 (is $status), truncated: $2, says: $3; the logs stay, and nothing else"
	"$O/bootexits" check "$trace" > "$work/checked"
	[[ $? -eq 1 ]] && grep -q "truncated: $2" "$work/checked"
	ok $? "its trace says truncated"
}

# has FILTER NAME: it is true for a line of the trace
has() {
	jq -es "any(.[]; $1)" "$trace" > "$work/jq"
	ok $? "and has $2"
}

# With this option L2's payload does not end by itself.
endless='-kernel /files/bootexits.elf -fw_cfg name=opt/org.bootexits/options,string=until=99999999'

scenario 'echo before > /dev/ttyS1' 'echo c > /proc/sysrq-trigger'
record -- "$work/scenario"
ends 1 'the guest ended with no verdict' 'QEMU ended with status 0 and no verdict' "L1 panics"
has '.text == "before"' "what came before"

scenario 'load_kvm patched exit_trace=1' 'l2 -kernel /files/bootexits.elf' 'sleep 1' 'echo c > /proc/sysrq-trigger'
record -- "$work/scenario" "$O/bootexits.elf"
ends 1 'L1 ended with no verdict' 'QEMU ended with status 0 and no verdict' "L1 panics behind the guest's end"
has '.guest == "end"' "the guest's end"

scenario 'load_kvm patched exit_trace=1' \
	'run whole -kernel /files/bootexits.elf' \
	"(ulimit -v 200000; run poor $endless)" \
	'(sleep 1; killall -9 qemu-system-x86_64) &' \
	"run killed $endless" \
	'exit 1'
record -- "$work/scenario" "$O/bootexits.elf"
ends 1 'the guest ended with no verdict' 'truncated' "L2's QEMU finds no memory, then is killed"
jq -r 'select(.console == "host") | .text' "$trace" | grep -v '^host so far: ' | paste -sd' ' |
	grep -q 'verdict run=whole status=0 l2 status=1 verdict run=poor status=3 l2 status=137 verdict run=killed status=3'
ok $? "the trace says how each guest ended"
grep -q ': whole: .* verdict pass, 0 defects' "$work/checked"
ok $? "and the boot before them"

scenario 'load_kvm patched exit_trace=1' "run hung $endless"
record -t 120 -- "$work/scenario" "$O/bootexits.elf"
ends 124 timeout 'truncated: timeout, ' "L2 hangs"
has '.host == "run"' "what the host said"

rm -r "$trace.logs"
(until grep -qs "^run " "$trace.logs/host.log"; do sleep 0.5; done
	for pid in $(alive); do [[ $(< "/proc/$pid/comm") != qemu-system-x86 ]] || kill -9 "$pid"; done) &
record -- "$work/scenario" "$O/bootexits.elf"
ends 1 'the guest ended with no verdict' 'QEMU was killed' "L1's QEMU is killed"
has '.host == "run"' "what the host said"

record -- -p -e direct='console=ttyS0 quiet panic=-1 reboot=triple rdinit=/none' linux \
	"$O/bootexits.elf" "$O/lab/$KVER/vmlinuz" "$O/guest/initrd.gz"
ends 1 'the guest ended with no verdict' 'truncated' "L2's Linux ends in a triple fault"
has '.console == "serial" and (.text | test("Kernel panic"))' "Linux's last words"
has '.guest == "phase" and .name == "kernel"' "the phase that was over"
"$O/bootexits" report "$trace" > "$work/report" 2> "$work/said"
[[ $? -eq 1 ]] && grep -q '^kernel ' "$work/report" && head -n 1 "$work/report" | grep -q truncated
ok $? "and its report says so, with the phases that it has"

mkdir "$work/small"
if mount -t tmpfs -o size=100k none "$work/small" 2> "$work/said"; then
	trace=$work/small/boot.trace
	record -- -p linux "$O/linux.iso"
	[[ $status -eq 3 && -s $trace ]] && grep -q 'No space left' "$work/said" && none_left > "$work/left" &&
		"$O/bootexits" check "$trace" > "$work/checked"; [[ $? -eq 1 ]] && ! grep -q JSON "$work/checked"
	ok $? "the disk fills up: status 3 (is $status), and the trace is truncated"
	umount "$work/small"
else
	skip "the disk fills up" "mounting is not permitted here"
fi

user=(setpriv --reuid=65534 --regid=65534 --clear-groups)
if [[ $(id -u) != 0 ]]; then
	skip "without root" "this is not root already"
elif ! chmod 755 "$work" || ! "${user[@]}" test -r "$O/lab/$KVER/vmlinux"; then
	skip "without root" "only root can read the build"
else
	mkdir -m 777 "$work/theirs"
	chmod 1777 "$TMPDIR"
	scenario 'load_kvm patched exit_trace=1' 'l2 -kernel /files/bootexits.elf'
	(trace=$work/theirs/boot.trace
		"${user[@]}" "$O/bootexits" record --lab -o "$trace" -- "$work/scenario" "$O/bootexits.elf" > "$work/said" 2>&1)
	check "without root: a boot is recorded" test $? -eq 0
	check "without root: the payload and the tool are built" "${user[@]}" make payload tools O="$work/theirs"
fi

done_testing
