/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The exit tracer's part of struct kvm_vcpu_arch: all that each exit writes,
 * except the slot of its reason.
 */
#ifndef _ASM_X86_KVM_EXIT_TRACE_LIVE_H
#define _ASM_X86_KVM_EXIT_TRACE_LIVE_H

#include <linux/types.h>
#include <asm/kvm_exit_trace.h>

/* In @since: the TSC went back, and the clocks are being repaired.  See __exit_trace_back(). */
#define EXIT_TRACE_TSC_BACK	(~0ULL)

struct exit_trace_slot {
	u64 count;
	u64 cycles[KVM_EXIT_TRACE_NR_CLOCKS];
};

/**
 * struct exit_trace_live - written by the vCPU's own thread
 * @slots: a slot for each exit reason; NULL: the vCPU has never been traced
 * @current_slot: the slot of the exit that is being processed, or @before.
 *	While the vCPU is scheduled out, it points one or two clocks higher, so
 *	that its CLOCK_USER is the slot's CLOCK_IDLE or CLOCK_PREEMPTED
 * @saved_slot: @current_slot from before the vCPU was scheduled out
 * @saved_since: @since when the vCPU was scheduled out
 * @ioctl_since: @since at the beginning of an ioctl other than KVM_RUN
 * @ioctl_put: when the vCPU was put before that ioctl; 0 outside of one
 * @asleep: cycles idle and preempted, over all slots
 * @since: host TSC up to which the clocks have been charged, or EXIT_TRACE_TSC_BACK
 * @guest: cycles in the guest; while the guest runs, less the TSC at its entry
 * @guest_before: cycles in the guest before the TSC went back last
 * @exits: exits, over all slots
 * @kvm: cycles in KVM, over all slots and @before
 * @before: cycles on the clocks before the first exit
 * @on: the vCPU is traced; see exit_trace_stop()
 * @histogram: the same as in struct exit_trace_vcpu
 * @origin: host TSC when counting began, less the cycles in @before then
 */
struct exit_trace_live {
	struct exit_trace_slot *slots;
	struct exit_trace_slot *current_slot;
	struct exit_trace_slot *saved_slot;
	u64 saved_since;
	u64 ioctl_since;
	u64 ioctl_put;
	u64 asleep[2];
	u64 since;
	u64 guest;
	u64 exits;
	u64 kvm;
	struct exit_trace_slot before;
	bool on;
	struct exit_trace_histogram *histogram;
	u64 origin;
	u64 guest_before;
};

#endif /* _ASM_X86_KVM_EXIT_TRACE_LIVE_H */
