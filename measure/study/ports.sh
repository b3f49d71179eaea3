#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# A probe of lab/l1/linux.sh: L1's own histograms of the guest's port accesses, MSRs and CPUID
# leaves over the whole run, as lines of host.log. Tracepoints cost L1 time, and firmware and GRUB
# poll clocks: counts of I/O are a little lower than without.
#   lab/lab.sh -e probe=ports.sh [as else] linux measure/study/ports.sh FILE...

# shellcheck disable=SC2154 # of l1.sh
probe_start() {
	echo 'hist:keys=port.hex,rw:sort=hitcount.descending' > "$tracing/events/kvm/kvm_pio/trigger"
	echo 'hist:keys=ecx.hex,write:sort=hitcount.descending' > "$tracing/events/kvm/kvm_msr/trigger"
	echo 'hist:keys=function.hex:sort=hitcount.descending' > "$tracing/events/kvm/kvm_cpuid/trigger"
}

probe_stop() {
	for event in kvm_pio kvm_msr kvm_cpuid; do
		sed -n "s/^{/$event {/p" "$tracing/events/kvm/$event/hist" | head -n 60 >&3
		sed -n 's/ \[.*//; s/^hist/!hist/p' "$tracing/events/kvm/$event/trigger" > /tmp/trigger
		cat /tmp/trigger > "$tracing/events/kvm/$event/trigger"
	done
}
