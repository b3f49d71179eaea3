#!/bin/sh
# What tracing costs: the payload's benchmark under stock KVM, under ours with tracing
# off and on, and under tracepoints, all in one boot of L1 so that nothing else differs.

. /l1.sh

bench() {	# NAME ARGS...
	run "$@" -kernel /files/bootexits.elf -append bench
	[ "$verdict" -eq 0 ]
}

load_kvm stock
bench stock
tracepoints_on kvm_exit
bench kvm_exit
tracepoints_on kvm_exit kvm_entry
bench kvm_exit+entry
tracepoints_off
hist_start
bench kvm_exit-hist
unload_kvm

load_kvm patched exit_trace=0
bench off
unload_kvm

load_kvm patched exit_trace=1
bench on
bench on-2-vcpus -smp 2
bench on-4-vcpus -smp 4
unload_kvm
