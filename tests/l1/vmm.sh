#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Sourced by scenarios that have /files/vmm, tests/l1/vmm/.

vmm() {	# NAME ARGUMENT...: what it prints, and how it ended, go to the host log as that run's
	emit "run name=$1"
	shift
	status=0
	/files/vmm "$@" >&3 2> /tmp/said || status=$?
	emit "vmm status=$status $(cat /tmp/said)"
}

swap_on_disk() {	# so that guests' memory can be away
	load_disk
	mkswap /dev/pmem0 > /dev/null
	swapon /dev/pmem0
}
