#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2016 # stage expands what it is told to wait for
# usage: prove tests/lab/interrupt.t
#
# Ctrl-C at each stage of make run, from an empty build directory on: KVM is built, L1 is built, L1 boots, L2 boots,
# the report is printed. Each time all processes end, no temporary file is left, and what was captured is kept. The
# next make run goes on from there. The last one runs to its end.
# Exit status: 0 all passed, 1 some failed.
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"
. "$root/tests/lib/processes.sh"
export O=$work/build TMPDIR=$work/tmp
trace=$O/run.trace
mkdir "$TMPDIR"
mkfifo "$work/full"

diagnose() {
	tail -n 20 "$work/said" "$work/left"
	ls -A "$TMPDIR"
}

# stage NAME READY [OUTPUT]: start make run, and interrupt it as a terminal does when READY succeeds
stage() {
	local make status=0 until=$((SECONDS + 7200))

	# Commands that bash starts in the background ignore Ctrl-C by default.
	: > "$work/said"
	env --default-signal=INT setsid make run >> "${3:-$work/said}" 2>> "$work/said" < /dev/null 9>&- &
	make=$!
	until eval "$2" || ! kill -0 $make 2> /dev/null || [[ $SECONDS -gt $until ]]; do sleep 0.2; done
	kill -INT -$make
	until=$((SECONDS + 600))
	while kill -0 $make 2> /dev/null && [[ $SECONDS -lt $until ]]; do sleep 0.2; done
	kill -KILL -$make 2> /dev/null	# it has had ten minutes
	{ wait $make; } 2> /dev/null
	status=$?
	[[ $status -eq 2 || $status -eq 130 ]] && none_left > "$work/left" && [[ -z $(ls -A "$TMPDIR") ]] &&
		! find "$O" -name 'tmp.*' -o -name '*.new' -o -name '*.sorted' | grep . && flock -n "$O/.lock" true
	ok $? "Ctrl-C while $1: status $status, no process and nothing half done is left"
}

captured() {	# the trace has the boot up to the interrupt
	grep -q "run.trace: .* truncated: interrupted" "$work/said" && tail -n 1 "$trace" | grep -q '"why":"interrupted"'
	ok $? "the trace has what came until then"
}

running() {	# PATTERN: one of our processes matches it
	pgrep -f "$1" > "$work/pids" && grep -qxFf <(alive) "$work/pids"
}

stage "KVM is built" 'grep -q "KBUILD.*arch/x86/kvm" "$work/said"'
[[ ! -e $O/kvm/$KVER/kvm.ko ]]
ok $? "no half-built KVM is left"
stage "L1 is built" 'compgen -G "$O/lab/$KVER/tmp.*/vmlinuz" > "$work/glob"'
[[ -e $O/kvm/$KVER/kvm.ko && ! -e $O/lab/$KVER/vmlinux ]]
ok $? "no half-built L1 is left"
stage "L1 boots" '[[ -e $trace.logs/console.log ]]'
captured
stage "L2 boots" 'grep -qs "\"guest\":\"phase\"" "$trace"'
captured
jq -es 'any(.[]; .guest == "phase")' "$trace" > "$work/jq" && [[ -s $trace.logs/observer.log ]]
ok $? "it has phases, and the logs are there"

# A full pipe that nobody reads makes the report wait.
exec 9<> "$work/full"
head -c 65536 /dev/zero >&9
stage "the report is printed" 'running "bootexits report"' "$work/full"
exec 9>&-
check "and the trace is whole" "$O/bootexits" check "$trace"

make run > "$work/said" 2>&1
ok $? "and make run does the rest"
check "a trace that is right" "$O/bootexits" check "$trace"

done_testing
