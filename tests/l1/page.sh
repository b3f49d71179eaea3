#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The mirrored page by a VMM of our own. Its lines go to the host log. With a disk, L1 can swap. Variable: commands, the
# VMM's commands to run.

. /l1.sh
# shellcheck disable=SC1091
. /files/vmm.sh
parameters=/sys/module/kvm/parameters

[ ! -d /modules/nvdimm ] || swap_on_disk
load_kvm stock
vmm stock page-off
unload_kvm
load_kvm patched exit_trace=1
vmm default page-off
echo 1 > $parameters/exit_trace_page
echo 0 > $parameters/exit_trace
vmm untraced page-off
echo 1 > $parameters/exit_trace
for command in ${commands:-page page-hostile page-slots page-ends page-dirty page-memory}; do
	vmm "$command" "$command"
done
unload_kvm
