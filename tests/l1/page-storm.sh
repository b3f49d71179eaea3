#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The mirrored page by a VMM of our own, on two CPUs of L1, with a disk to swap to. Variable: commands, the VMM's
# commands to run.
#
# A VM that does nothing is there all the time. Linux patches its scheduler for the first VM, and after the last one.
# QEMU does not always survive this with two CPUs in parallel (docs/limits.md).

. /l1.sh
# shellcheck disable=SC1091
. /files/vmm.sh
kcsan=/sys/kernel/debug/kcsan

swap_on_disk
load_kvm patched exit_trace=1 exit_trace_page=1
# KVM itself has this race with a memslot that moves. Its next check of the generation notices it.
[ ! -e $kcsan ] || echo '!__kvm_gfn_to_hva_cache_init' > $kcsan
qemu-system-x86_64 -S -machine none -accel kvm -nodefaults -display none &
until ls -d /sys/kernel/debug/kvm/*-* > /dev/null 2>&1; do usleep 10000; done
# shellcheck disable=SC2154
for command in $commands; do
	vmm "$command" "$command"
done
kill $!
wait
unload_kvm
