/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A vCPU's own data: its counters, copies of them, and the optional counts.
 */
#ifndef __KVM_X86_EXIT_TRACE_VCPU_H
#define __KVM_X86_EXIT_TRACE_VCPU_H

#include <linux/kvm_host.h>
#include <asm/kvm_exit_trace.h>
#include <asm/kvm_exit_trace_live.h>

/* The sum over all slots, and the clocks that have no slot */
struct exit_trace_sum {
	u64 count;
	u64 cycles[KVM_EXIT_TRACE_CLOCK_ELAPSED + 1];
};

/* Nothing is counted above SLOT_OTHER: one last slot stands for all of these. */
#define EXIT_TRACE_SLOTS	(KVM_EXIT_TRACE_SLOT_OTHER + 2)

/* A copy of a vCPU's counters */
struct exit_trace_counts {
	struct exit_trace_sum sum;
	struct exit_trace_slot slot[EXIT_TRACE_SLOTS];
};

#define EXIT_TRACE_LATCH_SLOTS	64

/**
 * struct exit_trace_latch - a snapshot, of one vCPU or of several together
 * @sum: over all slots
 * @len: slots in use
 * @nr: their numbers, in ascending order
 * @slot: their counts
 */
struct exit_trace_latch {
	struct exit_trace_sum sum;
	u32 len;
	u8 nr[EXIT_TRACE_LATCH_SLOTS];
	struct exit_trace_slot slot[EXIT_TRACE_LATCH_SLOTS];
};

/* These fit into 8 KiB for a VM and 16 KiB for a vCPU: see exit_trace_attach_vm(). */
#define EXIT_TRACE_LOG_CAPACITY	32
#define EXIT_TRACE_LOG_SLOTS	136

/**
 * struct exit_trace_log - one vCPU's part of the phase log
 * @end: where each mark ends in @nr and @slot; it begins where the mark before ends
 * @guest: cycles in the guest up to each mark
 * @elapsed: cycles from the first entry up to each mark
 * @nr: numbers of the slots that changed from the mark before to each mark
 * @slot: their counts at that mark
 */
struct exit_trace_log {
	u32 end[EXIT_TRACE_LOG_CAPACITY];
	u64 guest[EXIT_TRACE_LOG_CAPACITY];
	u64 elapsed[EXIT_TRACE_LOG_CAPACITY];
	u8 nr[EXIT_TRACE_LOG_SLOTS];
	struct exit_trace_slot slot[EXIT_TRACE_LOG_SLOTS];
};

/*
 * A row has as many buckets as a slot has bytes.  So a slot's offset in bytes
 * is also the index of its row's first bucket.  One more row is for exits
 * whose end is seen, but whose beginning was not.
 */
#define EXIT_TRACE_ROW		sizeof(struct exit_trace_slot)
#define EXIT_TRACE_ROW_NONE	(EXIT_TRACE_SLOTS * EXIT_TRACE_ROW)

/**
 * struct exit_trace_histogram - how long a vCPU's exits took, exit to entry
 * @until: cycles out of the guest, in all exits before the last one; the last
 *	one is counted here when the next one comes
 * @row: where the last one's row begins
 * @bucket: in each slot's row, bucket n has the exits that took 2^n to
 *	2^(n + 1) - 1 cycles
 */
struct exit_trace_histogram {
	u64 until;
	u32 row;
	u32 bucket[EXIT_TRACE_ROW_NONE + EXIT_TRACE_ROW];
};

static_assert(EXIT_TRACE_ROW >= KVM_EXIT_TRACE_NR_BUCKETS);

#define EXIT_TRACE_SITE_BITS	11
#define EXIT_TRACE_SITES	BIT(EXIT_TRACE_SITE_BITS)

/**
 * struct exit_trace_site - exits of one slot and one code in one phase
 * @code: I/O port, MSR, CPUID leaf or guest-physical address
 * @rip: the guest's RIP in most of these exits, if one RIP has the majority
 * @count: exits; 0 marks an unused entry
 * @votes: the lead of @rip (Boyer and Moore's majority vote)
 * @slot: slot of the exit reason
 * @entry: number of marks in the phase log before these exits
 */
struct exit_trace_site {
	u64 code;
	u64 rip;
	u64 count;
	u32 votes;
	u8 slot;
	u8 entry;
};

/**
 * struct exit_trace_sites - one vCPU's exits by what they were for
 * @lost: for each slot, exits for which @site had no room
 * @site: a hash table that only grows
 */
struct exit_trace_sites {
	u64 lost[EXIT_TRACE_SLOTS];
	struct exit_trace_site site[EXIT_TRACE_SITES];
};

/**
 * struct exit_trace_induced - a vCPU's exits that only the observer's timer caused
 * @count: number of these exits
 * @log: @count at each mark
 * @exit: the last exit in which a timer expired, as counted by struct exit_trace_live
 * @only: in that exit, only the observer's timer has expired
 */
struct exit_trace_induced {
	u64 count;
	u64 log[EXIT_TRACE_LOG_CAPACITY];
	u64 exit;
	bool only;
};

/**
 * struct exit_trace_page - the guest memory to which KVM writes a vCPU's totals
 * @msr: what the guest wrote into KVM_EXIT_TRACE_MSR_PAGE; 0: no page
 * @version: the version that the page has now
 * @cache: translation of its address
 */
struct exit_trace_page {
	u64 msr;
	u32 version;
	struct gfn_to_hva_cache cache;
};

/**
 * struct exit_trace_vcpu - one vCPU's counters, beside struct exit_trace_live
 * @slot: the counters, a slot for each exit reason
 * @next: the VM's next vCPU, in order of creation
 * @vcpu: the vCPU that they belong to
 * @histogram: there if exit_trace_histogram was on when tracing began
 * @sites: there if exit_trace_sites was on when tracing began
 * @induced: there if exit_trace_induced was on when its VM was switched on
 * @page: the mirrored page
 * @latch: the snapshot that this vCPU took last
 * @log: its counts at each mark
 */
struct exit_trace_vcpu {
	struct exit_trace_slot slot[EXIT_TRACE_SLOTS];
	struct exit_trace_vcpu *next;
	struct kvm_vcpu *vcpu;
	struct exit_trace_histogram *histogram;
	struct exit_trace_sites *sites;
	struct exit_trace_induced *induced;
	struct exit_trace_page page;
	struct exit_trace_latch latch;
	struct exit_trace_log log;
};

#endif /* __KVM_X86_EXIT_TRACE_VCPU_H */
