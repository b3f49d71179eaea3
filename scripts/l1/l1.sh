#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The scenarios' library, in L1; l2.sh, which it sources, boots guests. A scenario is a
# shell script that sources this file first and runs with -eu; it calls the functions below
# and ends with 0 (pass) or 4 (skip), anything else is a failure. L2's serial port is
# /dev/ttyS1; what the host has to tell goes to /dev/ttyS2, one line a fact.

exec 3> /dev/ttyS2
tracing=/sys/kernel/tracing
# shellcheck disable=SC1091
[ ! -e /env ] || . /env

emit() {	# TEXT...: one line to the host log
	echo "$*" >&3
}

mark_run() {	# NAME: a comment line in L2's serial log, before a run
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

# load_kvm patched|stock [PARAM=VALUE...]: loads that KVM; a parameter is kvm.ko's,
# or the vendor module's if it is called vendor.PARAM.
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

unload_kvm() {	# nothing may be hooked to kvm's tracepoints then
	hist_stop 2> /dev/null || :
	tracepoints_off
	rmmod "$(vendor_module)"
	rmmod kvm
	[ "$(vendor_module)" != kvm-amd ] || rmmod ccp
	rmmod irqbypass
}

# The disk of lab.sh -d as /dev/pmem0: it is found by and by, which the probe waits for.
load_disk() {
	for module in libnvdimm nd_btt nd_pmem nfit; do
		insmod /modules/nvdimm/$module.ko
	done
	cat /sys/bus/nd/devices/ndbus0/wait_probe > /dev/null
	[ -b /dev/pmem0 ]
}

# Counts every kvm:kvm_exit by reason, as a second opinion to the tracer's.
hist_start() {
	echo hist:keys=exit_reason:sort=exit_reason > $tracing/events/kvm/kvm_exit/trigger
}

hist_stop() {
	echo '!hist:keys=exit_reason:sort=exit_reason' > $tracing/events/kvm/kvm_exit/trigger
}

# hist_dump [KEY=VALUE...]: "hist reason=NN count=NN" lines with those keys put first.
hist_dump() {
	sed -n 's/^{ exit_reason: *\([0-9]*\) } hitcount: *\([0-9]*\).*/'"hist ${*:+$* }"'reason=\1 count=\2/p' \
		$tracing/events/kvm/kvm_exit/hist >&3
}

tracepoints_on() {	# NAME...: of kvm
	for name in "$@"; do
		echo 1 > "$tracing/events/kvm/$name/enable"
	done
}

tracepoints_off() {
	echo 0 > $tracing/events/kvm/enable
	echo > $tracing/trace
}

dmesg_check() {	# fails if the kernel complained; the complaints go to the host log
	if dmesg | grep -E 'BUG:|WARNING: |Oops|general protection|Call Trace|rcu.*stall' > /tmp/complaints; then
		sed 's/^/dmesg /' /tmp/complaints >&3
		return 1
	fi
}

# What the kernel has lost, if it is one that looks; it gives what is young some seconds.
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
