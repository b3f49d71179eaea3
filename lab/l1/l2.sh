#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The scenarios' library, part two: boots L2 and answers its QMP. Sourced by l1.sh.

# Prints what KVM itself counted, over all vCPUs of the one VM that runs.
debugfs_exits() {
	cat /sys/kernel/debug/kvm/*/exits | awk '{ sum += $1 } END { print sum }'
}

qmp_exits() {	# prints the same for each vCPU, from the stats file descriptor. QMP is on fd 6 and 7
	echo '{"execute":"query-stats","arguments":{"target":"vcpu","providers":[{"provider":"kvm","names":["exits"]}]}}' >&7
	while read -r answer <&6; do
		case $answer in
		*'"stats"'* | *'"error"'*)	break ;;
		esac
	done
	# QEMU's list begins with the last vCPU. Each number is followed by its vCPU's path, so sort by that.
	echo "$answer" | sed 's/[{}]/\n/g' | sed -n 's/.*"qom-path": "[^"[]*\[\([0-9]*\)\].*/\1/p
		s/.*"name": "exits", "value": \([0-9]*\).*/\1/p' | paste - - | sort -n -k 2 | cut -f 1
}

# induced SYNC: writes how many exits the observer's timer has induced up to each mark, on all vCPUs together. If the
# tracer doesn't count that, it writes nothing.
induced() {
	awk -v sync="$1" '$3 == "induced" { sum[$1] += $4 }
		END { for (entry = 0; entry in sum; entry++)
			print "induced sync=" sync " entry=" entry " exits=" sum[entry] }' \
		/sys/kernel/debug/kvm/*/exit_trace/log >&3 2> /dev/null
}

# Answers L2's QMP. Each time the guest pauses itself through pvpanic, it writes to the host log what the host
# counted. It calls the scenario's $at_pause, if there is one. Then it sends $after_pause, by default cont.
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

# The CPU is as on a real host, PV EOI included. If L0's emulator is a QEMU with the fault of docs/upstream/, boots with
# several CPUs or a verbose console hang. With kvm-pv-eoi=off fewer of them do.
l2_cpu=host

# load_host [PARAM=VALUE...]: loads the KVM that $host says. patched (default): ours, with tracing on. stock: Debian's
# own, and bootexits-bpf (of lab.sh -a bpf.cpio) counts. both: ours, and bootexits-bpf counts, too. The scenario must
# first open fd 8 for the records of bootexits-bpf.
load_host() {
	case ${host:=patched} in
	stock)	load_kvm stock "$@" ;;
	*)	load_kvm "$host" exit_trace=1 "$@" ;;
	esac
	[ "$host" = patched ] || l2_under="bootexits-bpf -d 8 --"
	[ "$host" != stock ] || options="${options-sync} host-only"
}

# l2 ARGS...: boots L2 in QEMU. If $l2_under is set, its words start QEMU. Returns the payload's verdict, 0, 1 or 4,
# or 3 if QEMU ended without one.
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

# run NAME ARGS...: calls l2 as a run of its own in both logs. The host log gets its verdict.
run() {
	name=$1
	shift
	mark_run "$name"
	verdict=0
	l2 "$@" || verdict=$?
	emit "verdict run=$name status=$verdict"
}
