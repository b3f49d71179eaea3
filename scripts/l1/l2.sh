#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The scenarios' library, part two: boots L2 and answers its QMP. Sourced by l1.sh.

# What KVM itself counted, over all vCPUs of the one VM that runs.
debugfs_exits() {
	cat /sys/kernel/debug/kvm/*/exits | awk '{ sum += $1 } END { print sum }'
}

qmp_exits() {	# the same through the stats file descriptor, vCPU by vCPU: QMP on fd 6 and 7
	echo '{"execute":"query-stats","arguments":{"target":"vcpu","providers":[{"provider":"kvm","names":["exits"]}]}}' >&7
	while read -r answer <&6; do
		case $answer in
		*'"stats"'* | *'"error"'*)	break ;;
		esac
	done
	# QEMU's list begins with the last vCPU; the paths, behind each number, are in order.
	echo "$answer" | sed 's/[{}]/\n/g' | sed -n 's/.*"qom-path": "[^"[]*\[\([0-9]*\)\].*/\1/p
		s/.*"name": "exits", "value": \([0-9]*\).*/\1/p' | paste - - | sort -n -k 2 | cut -f 1
}

# What the tracer put down to the observer's timer up to each mark, all vCPUs together; nothing if it doesn't count that.
induced() {	# SYNC
	awk -v sync="$1" '$3 == "induced" { sum[$1] += $4 }
		END { for (entry = 0; entry in sum; entry++)
			print "induced sync=" sync " entry=" entry " exits=" sum[entry] }' \
		/sys/kernel/debug/kvm/*/exit_trace/log >&3 2> /dev/null
}

# Answers L2's QMP: each time the guest pauses itself through pvpanic, tells the host log what the host
# counted, calls the scenario's $at_pause, if it has one, and lets the guest go on, or $after_pause.
qmp_serve() {
	pauses=0
	exec 6< /tmp/qmp.out
	while read -r event <&6; do
		case $event in
		'{"QMP"'*)
			exec 7> /tmp/qmp.in
			echo '{"execute":"qmp_capabilities"}' >&7
			;;
		*'"GUEST_PANICKED"'*)
			vcpu=0 sum=0 lines=
			for exits in $(qmp_exits); do
				lines="$lines
vcpu sync=$pauses vcpu=$vcpu exits=$exits"
				vcpu=$((vcpu + 1)) sum=$((sum + exits))
			done
			emit "host sync=$pauses exits=$(debugfs_exits) exits_fd=$sum$lines"
			hist_dump "sync=$pauses"
			induced $pauses || :
			pauses=$((pauses + 1))
			${at_pause:-true}
			echo "{\"execute\":\"${after_pause:-cont}\"}" >&7
			;;
		esac
	done
}

# As a host's guest has it, PV EOI included. Where L0's emulator is a QEMU with the fault of docs/upstream/, boots with
# several CPUs or a verbose console hang then: without it (kvm-pv-eoi=off) fewer do.
l2_cpu=host

# load_host [PARAM=VALUE...]: loads the KVM that $host says. patched, which is the default: tracing is on. stock:
# Debian's own, and bootexits-bpf (of lab.sh -a bpf.cpio) counts. both: patched, and bootexits-bpf beside it. Its
# records go to fd 8, which the scenario opens first.
load_host() {
	case ${host:=patched} in
	stock)	load_kvm stock "$@" ;;
	*)	load_kvm "$host" exit_trace=1 "$@" ;;
	esac
	[ "$host" = patched ] || l2_under="bootexits-bpf -d 8 --"
	[ "$host" != stock ] || options="${options-sync} host-only"
}

# l2 ARGS...: boots L2 in QEMU, which the words of $l2_under start, if there are some. Returns the payload's verdict, 0, 1 or 4, or 3 if
# QEMU ended without one.
l2() {
	rm -f /tmp/qmp.in /tmp/qmp.out
	mkfifo /tmp/qmp.in /tmp/qmp.out
	qmp_serve &
	server=$!
	qemu_status=0
	# shellcheck disable=SC2086 # one word per argument
	${l2_under-} qemu-system-x86_64 -accel kvm -machine pc -cpu "$l2_cpu" -m 64 -nodefaults -display none \
		-no-reboot -rtc base=2026-01-01,clock=vm -action panic=pause \
		-chardev file,id=serial,path=/dev/ttyS1 -serial chardev:serial \
		-chardev pipe,id=qmp,path=/tmp/qmp -mon chardev=qmp,mode=control \
		-device isa-debug-exit,iobase=0xf4,iosize=4 -device pvpanic "$@" 3>&- || qemu_status=$?
	kill $server 2> /dev/null || :
	wait $server || :
	case $qemu_status in
	33)	return 0 ;;
	35)	return 1 ;;
	37)	return 4 ;;
	esac
	emit "l2 status=$qemu_status"
	return 3
}

# run NAME ARGS...: l2 as a run of its own in both logs; the host log gets its verdict.
run() {
	name=$1
	shift
	mark_run "$name"
	verdict=0
	l2 "$@" || verdict=$?
	emit "verdict run=$name status=$verdict"
}
