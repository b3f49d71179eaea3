#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The library of the scenarios, in L1. It sources l2.sh, which boots guests. A scenario is a
# shell script that runs with -eu, and sources this file first. It calls the functions below,
# and ends with 0 (pass) or 4 (skip). Any other status is a failure. L2's serial port is
# /dev/ttyS1. The host log is /dev/ttyS2: each line is one fact.

exec 3> /dev/ttyS2
tracing=/sys/kernel/tracing
# shellcheck disable=SC1091
[ ! -e /env ] || . /env

emit() {	# TEXT...: writes one line to the host log
	echo "$*" >&3
}

mark_run() {	# NAME: writes a comment line to L2's serial log, before a run
	echo "# run $1" > /dev/ttyS1
	emit "run name=$1"
}

vendor_module() {
	if grep -q '^flags.* svm' /proc/cpuinfo; then
		echo kvm-amd
	else
		echo kvm-intel
	fi
}

# load_kvm patched|stock [PARAM=VALUE...]: loads that KVM. PARAM is kvm.ko's. vendor.PARAM is
# the vendor module's.
load_kvm() {
	dir=/modules/$1
	shift
	[ -e "$dir/kvm.ko" ] || { emit "missing $dir/kvm.ko"; return 1; }
	kvm_params='' vendor_params=''
	for param in "$@"; do
		case $param in
		vendor.*)	vendor_params="$vendor_params ${param#vendor.}" ;;
		*)		kvm_params="$kvm_params $param" ;;
		esac
	done
	insmod /modules/stock/irqbypass.ko
	[ "$(vendor_module)" != kvm-amd ] || insmod /modules/stock/ccp.ko
	# shellcheck disable=SC2086 # one word per parameter
	insmod "$dir/kvm.ko" $kvm_params
	# shellcheck disable=SC2086
	insmod "$dir/$(vendor_module).ko" $vendor_params
	[ -e /dev/kvm ]
}

unload_kvm() {	# first takes all hooks off kvm's tracepoints
	hist_stop 2> /dev/null || :
	tracepoints_off
	rmmod "$(vendor_module)"
	rmmod kvm
	[ "$(vendor_module)" != kvm-amd ] || rmmod ccp
	rmmod irqbypass
}

# Makes the disk of lab.sh -d /dev/pmem0. Linux takes a while to find it, so this waits for the probe.
load_disk() {
	for module in libnvdimm nd_btt nd_pmem nfit; do
		insmod /modules/nvdimm/$module.ko
	done
	cat /sys/bus/nd/devices/ndbus0/wait_probe > /dev/null
	[ -b /dev/pmem0 ]
}

# Counts every kvm:kvm_exit by reason. The tracer's counts are compared with it.
hist_start() {
	echo hist:keys=exit_reason:sort=exit_reason > $tracing/events/kvm/kvm_exit/trigger
}

hist_stop() {
	echo '!hist:keys=exit_reason:sort=exit_reason' > $tracing/events/kvm/kvm_exit/trigger
}

# hist_dump [KEY=VALUE...]: writes lines "hist reason=NN count=NN", with those keys first.
hist_dump() {
	sed -n 's/^{ exit_reason: *\([0-9]*\) } hitcount: *\([0-9]*\).*/'"hist ${*:+$* }"'reason=\1 count=\2/p' \
		$tracing/events/kvm/kvm_exit/hist >&3
}

tracepoints_on() {	# NAME...: switches these of kvm's on
	for name in "$@"; do
		echo 1 > "$tracing/events/kvm/$name/enable"
	done
}

tracepoints_off() {
	echo 0 > $tracing/events/kvm/enable
	echo > $tracing/trace
}

dmesg_check() {	# fails if the kernel complained, and writes the complaints to the host log
	if dmesg | grep -E 'BUG:|WARNING: |Oops|general protection|Call Trace|rcu.*stall' > /tmp/complaints; then
		sed 's/^/dmesg /' /tmp/complaints >&3
		return 1
	fi
}

# Fails if the kernel has lost memory, if it has kmemleak. kmemleak ignores memory that is only some seconds old.
leaks_check() {
	leaks=/sys/kernel/debug/kmemleak
	[ -e $leaks ] || return 0
	for _ in 1 2; do
		sleep 6
		echo scan > $leaks
	done
	sed 's/^/leak /' $leaks > /tmp/leaks
	cat /tmp/leaks >&3
	[ ! -s /tmp/leaks ]
}

. /l2.sh
