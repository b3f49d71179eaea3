#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# VMs beside each other, and while tracing is switched, by a VMM of our own. Its lines go to the host log. Variable:
# commands, the VMM's commands to run.

. /l1.sh
# shellcheck disable=SC1091
. /files/vmm.sh

parameters=/sys/module/kvm/parameters

load_kvm patched
echo 1 > $parameters/exit_trace_page
for command in ${commands:-switching neighbours hotplug nested restore}; do
	[ "$command" = switching ] || echo 1 > $parameters/exit_trace
	vmm "$command" "$command"
done
unload_kvm
