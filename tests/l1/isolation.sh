#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# VMs beside each other, and while tracing is switched, by a VMM of our own, whose lines go to the host log.

. /l1.sh
# shellcheck disable=SC1091
. /files/vmm.sh

load_kvm patched
for command in ${commands:-switching neighbours hotplug nested restore}; do
	vmm "$command" "$command"
	echo 1 > /sys/module/kvm/parameters/exit_trace_page
done
unload_kvm
