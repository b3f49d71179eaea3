/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The exit tracer's part of struct kvm_vcpu_arch: what each exit writes, beside
 * the slot of its reason.
 */
#ifndef _ASM_X86_KVM_EXIT_TRACE_LIVE_H
#define _ASM_X86_KVM_EXIT_TRACE_LIVE_H

#include <linux/types.h>
#include <asm/kvm_exit_trace.h>

/* Meanwhile the TSC's going back is made up for: see __exit_trace_back(). */
#define EXIT_TRACE_TSC_BACK	(~0ULL)

struct exit_trace_slot {
	u64 count;
	u64 cycles[KVM_EXIT_TRACE_NR_CLOCKS];
};

/**
 * struct exit_trace_live - written by the vCPU's own thread
 * @slots: of each exit reason; NULL: the vCPU has never been traced
 * @current_slot: of the exit that is being processed, or @before; while the
 *	vCPU is scheduled out, so much higher that CLOCK_USER is that of idle or
 *	preempted time
 * @saved_slot: @current_slot, while it is higher
 * @saved_since: @since when it was scheduled out
 * @ioctl_since, @ioctl_put: @since, and when the vCPU was left, before an ioctl
 *	of the VMM that is not KVM_RUN; @ioctl_put is 0 outside of one
 * @asleep: cycles idle and preempted, in all slots
 * @since: host TSC up to which the clocks have been charged, or EXIT_TRACE_TSC_BACK
 * @guest: cycles in the guest; it lacks the TSC while the guest runs
 * @guest_before: cycles in the guest before the TSC went back last
 * @exits: exits, in all slots
 * @kvm: cycles in KVM, in all slots and in @before
 * @before: what the clocks have before the first exit
 * @on: the vCPU is traced; see exit_trace_stop()
 * @histogram: that of struct exit_trace_vcpu
 * @origin: host TSC when counting began, less what the clocks had then
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
