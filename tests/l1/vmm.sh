#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Sourced by scenarios that have /files/vmm, which is tests/l1/vmm/.

vmm() {	# NAME ARGUMENT...: run it; its output and its status go to the host log as the run NAME
	emit "run name=$1"
	shift
	status=0
	/files/vmm "$@" >&3 2> /tmp/said || status=$?
	emit "vmm status=$status $(cat /tmp/said)"
}

swap_on_disk() {	# switch swap on, so that guests' memory can be away
	load_disk
	mkswap /dev/pmem0 > /dev/null
	swapon /dev/pmem0
}
