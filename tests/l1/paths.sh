#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The paths that only VMX has, in one boot of L1. The ISO's self-tests run under kvm-intel with several parameters,
# beside KVM's own counts. Then entries fail.

. /l1.sh
# shellcheck disable=SC1091
. /files/vmm.sh

boot() {	# NAME VENDOR.PARAMETER...
	name=$1
	shift
	load_kvm patched exit_trace=1 "$@"
	hist_start
	run "$name" -cdrom /files/bootexits.iso \
		-fw_cfg name=opt/org.bootexits/options,string="sync selftest"
	unload_kvm
}

boot default
boot no-timer vendor.preemption_timer=0
boot no-unrestricted vendor.unrestricted_guest=0
boot no-ept vendor.ept=0

load_kvm patched exit_trace=1
emit "$(/files/badentry 33)"	# SDM vol. 3, appendix C: invalid guest state
vmm vmfail vmfail
unload_kvm
