#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The mirrored page by a VMM of our own, on two CPUs of L1, with a disk for it to swap to. Variable: commands,
# which of them.
#
# A VM that does nothing is there all the time: for the first one, and behind the last, Linux patches its scheduler,
# which two CPUs side by side don't always survive in QEMU (docs/limits.md).

. /l1.sh
# shellcheck disable=SC1091
. /files/vmm.sh
kcsan=/sys/kernel/debug/kcsan

swap_on_disk
load_kvm patched exit_trace=1 exit_trace_page=1
# KVM's own race with a memory slot that moves, which the next look at the generation finds out
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
