#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The configurations that are measured and compared. Source this file after l1.sh. perf and bpftrace need
# lab.sh -a build/lab/bench.cpio, and bpf needs lab.sh -a build/lab/KVER/bpf.cpio.
#
# stock             Debian's own KVM
# off, on           ours, with exit_trace=0 or 1
# on-histogram, on-sites, on-page    on, with that switch, too
# kvm_exit          stock, with the tracepoint kvm_exit
# kvm_exit+entry    stock, with the tracepoints kvm_exit and kvm_entry
# kvm_exit-hist     stock, with the tracepoint's histogram of exit reasons
# bpf               stock, with bootexits-bpf
# perf              stock, with perf kvm stat record of the whole system
# bpftrace          stock, with @[args->exit_reason] = count()

: "${tracing:?is of l1.sh}"

watcher_start() {	# WORD COMMAND...: starts it in the background, and waits until its output has WORD
	word=$1
	shift
	"$@" > /tmp/watcher 2>&1 &
	watcher=$!
	for _ in $(seq 60); do
		sleep 1
		! grep -q "$word" /tmp/watcher || return 0
	done
	cat /tmp/watcher >&3
	return 1
}

watcher_stop() {
	kill -INT "$watcher"
	wait "$watcher" || :
}

configure() {	# NAME
	configuration=$1
	case $configuration in
	off)		load_kvm patched exit_trace=0 ;;
	on)		load_kvm patched exit_trace=1 ;;
	on-*)		load_kvm patched exit_trace=1 "exit_trace_${configuration#on-}=1" ;;
	*)		load_kvm stock ;;
	esac
	case $configuration in
	kvm_exit)	tracepoints_on kvm_exit ;;
	kvm_exit+entry)	tracepoints_on kvm_exit kvm_entry ;;
	kvm_exit-hist)	hist_start ;;
	bpf)		exec 8> /tmp/bpf; l2_under="bootexits-bpf -d 8 --" ;;
	perf)		watcher_start . perf kvm --host stat record -v -a -o /tmp/perf.data ;;
	bpftrace)	watcher_start Attaching bpftrace -e 'tracepoint:kvm:kvm_exit { @[args->exit_reason] = count() }' ;;
	esac
}

ring_sum() {	# KEY: prints the sum of KEY in the trace buffer's statistics of all CPUs
	sed -n "s/^$1: //p" "$tracing"/per_cpu/cpu*/stats | awk '{ sum += $1 } END { print sum }'
}

perf_lost() {	# prints how many samples of all events /tmp/perf.data lacks
	perf report -i /tmp/perf.data --stats 2> /dev/null |
		awk '/LOST_SAMPLES events: +[0-9]+$/ { sum += $NF } END { print sum + 0 }'
}

# Ends what configure() began. Sets `bytes` to the size of the trace, and `lost` to how many events it lacks.
# shellcheck disable=SC2034
unconfigure() {
	bytes=0 lost=0 l2_under=
	case $configuration in
	kvm_exit | kvm_exit+entry)
		bytes=$(ring_sum bytes) lost=$(ring_sum overrun)
		;;
	perf)
		watcher_stop
		bytes=$(stat -c %s /tmp/perf.data)
		lost=$(perf_lost)
		rm /tmp/perf.data
		;;
	bpftrace)
		watcher_stop
		bytes=$(stat -c %s /tmp/watcher)
		;;
	esac
	unload_kvm
}

# Prints the instructions that L1 has executed, without its idle loop's. An instruction takes a nanosecond, and the
# clock jumps over time that L1 would only wait. The kernel knows the time and the idle time to the nanosecond.
busy() {
	sed -n -e 's/^now at \([0-9]*\) nsecs$/\1/p' -e 's/^ *\.idle_sleeptime *: \([0-9]*\) nsecs$/\1/p' \
		/proc/timer_list | { read -r now && read -r idle && echo $((now - idle)); }
}
