#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# A hostile guest of four vCPUs, under traced KVM that counts all it can. The host log gets the memory that this cost,
# and what the kernel logged. Variables: operations (100000), seed (1).

. /l1.sh
# shellcheck disable=SC1091
. /files/growth.sh
load_kvm patched exit_trace=1 exit_trace_histogram=1 exit_trace_sites=1 exit_trace_page=1

# There is no SeaBIOS, because it passes a lock around among four vCPUs. On L1's one CPU, that may never end.
hostile() {	# NAME OPERATIONS
	run "$1" -bios /files/bootexits.rom -smp 4 \
		-fw_cfg name=opt/org.bootexits/options,string="fuzz=$2 seed=${seed:=1}"
}

hostile first 4000	# so that what any first VM leaves does not count
slabs > /tmp/before
lines=$(dmesg | wc -l)
hostile fuzz "${operations:=100000}"
slabs > /tmp/after
emit "grown fuzz $(grown /tmp/before /tmp/after)"
dmesg | tail -n +$((lines + 1)) | sed 's/^/log /' >&3
unload_kvm
