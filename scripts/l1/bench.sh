#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# What tracing costs: the payload's benchmark under stock KVM, under ours with tracing
# off and on, and under tracepoints, all in one boot of L1 so that nothing else differs.
# Each run is preceded by "# run NAME" in the serial log.

. /l1.sh

bench() {	# NAME ARGS...; the payload skips what needs a tracer, where there is none
	mark_run "$1"
	shift
	status=0
	l2 -kernel /files/bootexits.elf -fw_cfg name=opt/org.bootexits/options,string=bench "$@" || status=$?
	[ $status -eq 0 ] || [ $status -eq 4 ]
}

load_kvm stock
bench stock
tracepoints_on kvm_exit kvm_entry
bench stock-tracepoints
unload_kvm

load_kvm patched exit_trace=0
bench off
unload_kvm

load_kvm patched exit_trace=1
bench on
bench on-2-vcpus -smp 2
bench on-4-vcpus -smp 4
tracepoints_on kvm_exit kvm_entry
bench on-tracepoints
unload_kvm
