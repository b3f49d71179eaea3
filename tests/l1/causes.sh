#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# A probe for lab/l1/linux.sh. It finds by L1's own trace why vCPU 0 exited. causes.awk says how.

: "${tracing:?is not set; l1.sh sets it}"

trace_event() {	# SYSTEM/EVENT [FILTER]
	[ $# -eq 1 ] || echo "$2" > "$tracing/events/$1/filter"
	echo 1 > "$tracing/events/$1/enable"
}

probe_start() {
	echo 60000 > "$tracing/buffer_size_kb"
	trace_event kvm/kvm_entry 'vcpu_id == 0'
	trace_event kvm/kvm_exit 'vcpu_id == 0'
	trace_event kvm/kvm_page_fault 'vcpu_id == 0'
	trace_event kvm/kvm_msr
	trace_event kvm/kvm_pio 'port == 0x505 && rw == 1'
	trace_event timer/hrtimer_start
	trace_event timer/hrtimer_expire_entry
	trace_event irq_vectors/local_timer_exit
}

probe_stop() {
	echo 0 > "$tracing/events/enable"
	awk -f /files/causes.awk "$tracing/trace" | sort >&3
	sed -n 's/^overrun: /cause reason=all what=lost count=/p' "$tracing/per_cpu/cpu0/stats" >&3
}
