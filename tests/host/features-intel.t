#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/host/features-intel.t
#
# virt_features.ko and bootexits-features on CPUs with VMX, in the Intel lane. They are compared with each other, with
# Bochs's source for that CPU, and with what Linux finds there.
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"
. tests/lib/features.sh
export LANE=intel

check "the tool and the module build" eval "make -s -C tools all && make -s -C capabilities O='$O'"
vmx_flags() {
	sed -n 's/^cpuinfo vmx flags.*: //p' "$logs/host.log" | tr -s ' ' '\n' | sort > "$work/linux"
	awk -f tests/host/vmx-flags.awk "$O/kvm/$KVER/orig/arch/x86/include/asm/vmxfeatures.h" \
		"$work/report" | sort | diff - "$work/linux" && test -s "$work/linux"
}
for model in corei7_sandy_bridge_2600k corei7_haswell_4770; do
	L1_CPU=$model features_lab "features-$model"
	runs_alike
	check "$model is as Bochs's source says, bit by bit" like_source $model "$work/dump"
	check "Linux's line of vmx flags follows from the report" vmx_flags
	check "after 100 loads and unloads, nothing is left" grew_less_than 50
done

done_testing
