#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/tool/record-killed.t      O=DIRECTORY: where the tools are built (default build)
#
# QEMU does not outlive `bootexits record'. It does not matter whether record or its guard is killed, or both, in which
# order. The processes between record and QEMU end, too, and so do those that QEMU has started.
# Exit status: 0 all passed, 1 some failed.
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"
. "$root/tests/lib/processes.sh"
tool=$O/bootexits
trace=$work/boot.trace
head -n 40 tests/data/full.log >"$work/part"

diagnose() {
	cat "$work/said"
	ps -o pid,ppid,pgid,stat,args -p "$(alive | paste -sd,)"
	alive | xargs -r kill -9	# the next one is to be judged by itself
}

cp tests/lib/fake-qemu.sh "$work/qemu"

# up COMMAND...: record it, and wait until what it starts is there; sets recorder, guard
up() {
	rm -rf "$work/up" "$trace"*
	"$tool" record -t 100000 -o "$trace" -- "$@" >"$work/said" 2>&1 </dev/null &
	recorder=$!
	until [[ -e $work/up ]] || ! kill -0 $recorder 2>/dev/null; do sleep 0.1; done
	until guard=$(pgrep -P $recorder -x bootexits) || ! kill -0 $recorder 2>/dev/null; do sleep 0.1; done
}

# over: all processes end within a minute
over() {
	local until=$((SECONDS + 60))

	while [[ -n $(alive) && $SECONDS -lt $until ]]; do sleep 0.1; done
	{ wait $recorder; } 2>/dev/null
	status=$?
	[[ -z $(alive) ]]
}

# killed NAME COMMAND...: kill record, its guard or both: no process of COMMAND is left
killed() {
	local name=$1

	shift
	up "$@"
	kill -9 "$guard" $recorder
	over
	ok $? "$name: record and its guard are killed, the guard first, and nothing is left"
	up "$@"
	kill -9 $recorder "$guard"
	over
	ok $? "$name: record and its guard are killed, record first, and nothing is left"
	up "$@"
	kill -9 $recorder
	over
	ok $? "$name: record is killed, and nothing is left"
	up "$@"
	kill -9 "$guard"
	over && [[ $status -eq 1 ]] && grep -q 'truncated: its guard was killed' "$work/said"
	ok $? "$name: the guard is killed: status 1 (is $status), record says why, and nothing is left"
	up "$@"
	kill -STOP $recorder
	kill -9 "$guard"
	kill -INT $recorder
	kill -CONT $recorder
	over
	ok $? "$name: the guard is killed, then Ctrl-C: nothing is left"
}

killed "QEMU" "$work/qemu" "$work/part" ": >$work/up; exec sleep 100000"
killed "QEMU that takes no SIGTERM and has children" "$work/qemu" "$work/part" \
	"trap '' TERM; sleep 100000 & (trap '' TERM INT; : >$work/up; sleep 100000; :) & wait; sleep 100000"
killed "QEMU that is stopped" "$work/qemu" "$work/part" ": >$work/up; kill -STOP \$\$"
killed "QEMU behind scripts" sh -c '"$@"; :' sh sh -c '"$@"; :' sh nice "$work/qemu" "$work/part" ": >$work/up; sleep 100000"

up qemu-system-x86_64 -accel tcg -m 64 -nodefaults -display none -S -pidfile "$work/up"
kill -9 "$guard" $recorder
over
ok $? "QEMU itself, whose guest has not begun: both are killed, and nothing is left"

# record is killed before there is a guard.
cat >"$work/late.c" <<'END'
#define _GNU_SOURCE
#include <dlfcn.h>
#include <signal.h>
#include <unistd.h>

pid_t fork(void)
{
	static int forks;
	pid_t (*real)(void) = (pid_t (*)(void))dlsym(RTLD_NEXT, "fork");
	pid_t pid;

	if (forks++)
		kill(getpid(), SIGKILL);
	pid = real();
	if (!pid)
		usleep(DELAY);
	return pid;
}
END
for delay in 0 500000; do
	gcc -shared -fPIC -DDELAY=$delay -o "$work/late.so" "$work/late.c"
	LD_PRELOAD=$work/late.so "$tool" record -o "$trace" -- env -u LD_PRELOAD "$work/qemu" "$work/part" \
		"exec sleep 100000" >"$work/said" 2>&1 </dev/null &
	recorder=$!
	over
	ok $? "record is killed before there is a guard: nothing is left"
done

done_testing
