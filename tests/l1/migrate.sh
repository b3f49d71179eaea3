#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# A guest that polls its counters moves to another QEMU: live, by a file, and with its page registered. Its output from
# before the move is in the fourth port's log, and that from after it in L2's.

. /l1.sh
: "${l2_cpu:?is not set; l2.sh sets it}"

ask() {	# COMMAND [ARGUMENTS]: send it to the source's monitor
	echo "{\"execute\":\"$1\"${2:+,\"arguments\":$2}}" >&8
}

await() {	# FILE TEXT: wait until the file has it
	until grep -q "$2" "$1" 2> /dev/null; do
		sleep 0.02
	done
}

# depart ARGS...: start the source, and wait until it has polled a hundred times; it is l2's machine with logs in files
depart() {
	rm -f /tmp/source.*
	mkfifo /tmp/source.in /tmp/source.out
	cat /tmp/source.out > /tmp/source.qmp &
	qemu-system-x86_64 -accel kvm -machine pc -cpu "$l2_cpu" -m 64 -nodefaults -display none \
		-no-reboot -rtc base=2026-01-01,clock=vm -action panic=pause \
		-chardev file,id=serial,path=/tmp/source.serial -serial chardev:serial \
		-chardev pipe,id=qmp,path=/tmp/source -mon chardev=qmp,mode=control \
		-device isa-debug-exit,iobase=0xf4,iosize=4 -device pvpanic "$@" 3>&- &
	source=$!
	exec 8> /tmp/source.in
	ask qmp_capabilities
	await /tmp/source.serial ' sample n=100 '
}

# move URI: migrate, and wait until the source has stopped for good; the host log gets its exits
move() {
	ask migrate "{\"uri\":\"$1\"}"
	until grep -q '"status": "completed"' /tmp/source.qmp; do
		sleep 0.02
		ask query-migrate
	done
	emit "source run=$run exits=$(cat /sys/kernel/debug/kvm/$source-*/exits)"
	ask quit
	wait $source
	{	# its output may end within a line
		echo "# run $run"
		cat /tmp/source.serial
		echo
	} > /dev/ttyS3
}

live() {	# NAME ARGS...
	run=$1
	shift
	depart "$@"
	rm -f /tmp/migration
	run "$run" "$@" -incoming unix:/tmp/migration &
	destination=$!
	until [ -S /tmp/migration ]; do
		sleep 0.02
	done
	move unix:/tmp/migration
	wait $destination
}

saved() {	# NAME ARGS...
	run=$1
	shift
	depart "$@"
	move "exec:cat > /tmp/state"
	run "$run" "$@" -incoming "exec:cat /tmp/state"
}

load_kvm patched exit_trace=1
set -- -kernel /files/bootexits.elf -append "mode=stream samples=300 interval=2000 sync"
live live "$@"
saved saved "$@"
echo 1 > /sys/module/kvm/parameters/exit_trace_page
live page "$@"
unload_kvm
