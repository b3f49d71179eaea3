#!/bin/sh
# Runs without a tracer: under stock KVM with several CPUs, and under ours with tracing off.

. /l1.sh

with() {	# NAME ARGS...: an ordinary run, then one that prints a hash of all answers
	name=$1
	shift
	run "$name" -kernel /files/bootexits.elf "$@"
	run "$name-fuzz" -kernel /files/bootexits.elf -append fuzz=20000 "$@"
}

load_kvm stock
with stock
with stock-qemu64 -cpu qemu64
with stock-intel -cpu qemu64,vendor=GenuineIntel
unload_kvm

load_kvm patched
with off
with off-qemu64 -cpu qemu64
with off-intel -cpu qemu64,vendor=GenuineIntel
unload_kvm
