/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a vCPU has: its counters, copies of them, and what is kept beside them.
 */
#ifndef __KVM_X86_EXIT_TRACE_VCPU_H
#define __KVM_X86_EXIT_TRACE_VCPU_H

#include <linux/kvm_host.h>
#include <asm/kvm_exit_trace.h>
#include <asm/kvm_exit_trace_live.h>

/* All slots together, and the clocks that have no slot */
struct exit_trace_sum {
	u64 count;
	u64 cycles[KVM_EXIT_TRACE_CLOCK_ELAPSED + 1];
};

/* The last of these is all those above, in which nothing is counted. */
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
 * @slot: what they have
 */
struct exit_trace_latch {
	struct exit_trace_sum sum;
	u32 len;
	u8 nr[EXIT_TRACE_LATCH_SLOTS];
	struct exit_trace_slot slot[EXIT_TRACE_LATCH_SLOTS];
};

/* A VM has 8 KiB and a vCPU 16; see exit_trace_attach_vm(). */
#define EXIT_TRACE_LOG_CAPACITY	32
#define EXIT_TRACE_LOG_SLOTS	136

/**
 * struct exit_trace_log - one vCPU's part of the phase log
 * @end: where each mark ends in @nr and @slot; it begins where the one before ends
 * @guest: cycles in the guest up to each mark
 * @elapsed: cycles from the first entry up to each mark
 * @nr: the slots that had changed at each mark since the one before
 * @slot: what they had
 */
struct exit_trace_log {
	u32 end[EXIT_TRACE_LOG_CAPACITY];
	u64 guest[EXIT_TRACE_LOG_CAPACITY];
	u64 elapsed[EXIT_TRACE_LOG_CAPACITY];
	u8 nr[EXIT_TRACE_LOG_SLOTS];
	struct exit_trace_slot slot[EXIT_TRACE_LOG_SLOTS];
};

/*
 * A row of buckets is as far from the first one as its slot is in bytes.  One
 * more is for what is not known to have begun when it was seen to end.
 */
#define EXIT_TRACE_ROW		sizeof(struct exit_trace_slot)
#define EXIT_TRACE_ROW_NONE	(EXIT_TRACE_SLOTS * EXIT_TRACE_ROW)

/**
 * struct exit_trace_histogram - how long a vCPU's exits took, exit to entry
 * @until: cycles out of the guest, in all exits before the one that is counted
 *	when its successor comes
 * @row: where that one's row begins
 * @bucket: how many exits of each slot took 2^bucket cycles and more
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
 * struct exit_trace_site - exits of one slot, of one code, in one phase
 * @code: I/O port, MSR, CPUID leaf or guest-physical address
 * @rip: the guest's RIP of most of them, if one has the majority
 * @count: exits; 0 marks an unused entry
 * @votes: by which @rip leads (Boyer and Moore's majority vote)
 * @slot: of the exit reason
 * @entry: marks in the phase log before
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
 * struct exit_trace_sites - one vCPU's drill-down
 * @lost: each slot's exits that found no place in @site
 * @site: a hash table, to which entries are only added
 */
struct exit_trace_sites {
	u64 lost[EXIT_TRACE_SLOTS];
	struct exit_trace_site site[EXIT_TRACE_SITES];
};

/**
 * struct exit_trace_induced - a vCPU's exits that only the observer's timer brought
 * @count: how many
 * @log: @count at each mark
 * @exit: the exit in which a timer was seen last, as counted by struct exit_trace_live
 * @only: none but the observer's was seen in that one
 */
struct exit_trace_induced {
	u64 count;
	u64 log[EXIT_TRACE_LOG_CAPACITY];
	u64 exit;
	bool only;
};

/**
 * struct exit_trace_page - where in guest memory a vCPU's totals are mirrored
 * @msr: what the guest wrote into KVM_EXIT_TRACE_MSR_PAGE; 0: nowhere
 * @version: of what stands there
 * @cache: the way there
 */
struct exit_trace_page {
	u64 msr;
	u32 version;
	struct gfn_to_hva_cache cache;
};

/**
 * struct exit_trace_vcpu - one vCPU's counters, beside struct exit_trace_live
 * @slot: the live ones
 * @next: the VM's next vCPU, in order of creation
 * @vcpu: whose counters these are
 * @histogram: if exit_trace_histogram was on when tracing began
 * @sites: if exit_trace_sites was on when tracing began
 * @induced: if exit_trace_induced was on when its VM was switched on
 * @page: the mirrored page
 * @latch: snapshot that this vCPU took last
 * @log: what it had counted at each mark
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
