/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Count VM exits per vCPU and exit reason, with the TSC cycles they cost, and
 * let the guest read the counters through CPUID.
 *
 * Counters are plain u64, written by the vCPU's own thread alone and summed by
 * whoever reads them.  While tracing is off each hook is a static-key NOP.
 */
#ifndef __KVM_X86_EXIT_TRACE_H
#define __KVM_X86_EXIT_TRACE_H

#include <linux/jump_label.h>
#include <linux/kvm_host.h>
#include <linux/nospec.h>
#include <asm/kvm_exit_trace.h>
#include <asm/msr.h>
#include <asm/svm.h>

struct exit_trace_slot {
	u64 count;
	u64 cycles[KVM_EXIT_TRACE_NR_CLOCKS];
};

/* All slots together, and the clocks that have no slot */
struct exit_trace_sum {
	u64 count;
	u64 cycles[KVM_EXIT_TRACE_CLOCK_ELAPSED + 1];
};

/* What a vCPU's clock has before its first exit; in no sum that anybody reads. */
#define EXIT_TRACE_SLOT_BEFORE	KVM_EXIT_TRACE_NR_SLOTS

/**
 * struct exit_trace_counts - a vCPU's counters, or a copy
 * @sum: the live one's clocks have the time of SLOT_BEFORE, too, and its
 *	CLOCK_GUEST lacks the TSC while the guest runs; see exit_trace_cycles()
 * @slot: each slot's
 */
struct exit_trace_counts {
	struct exit_trace_sum sum;
	struct exit_trace_slot slot[KVM_EXIT_TRACE_NR_SLOTS + 1];
};

struct exit_trace_numbered_slot {
	u32 nr;
	struct exit_trace_slot counts;
};

#define EXIT_TRACE_LATCH_SLOTS	64

/**
 * struct exit_trace_latch - a snapshot, of one vCPU or of several together
 * @sum: over all slots
 * @nr: length of @slot
 * @slot: the slots in use, in ascending order
 */
struct exit_trace_latch {
	struct exit_trace_sum sum;
	u32 nr;
	struct exit_trace_numbered_slot slot[EXIT_TRACE_LATCH_SLOTS];
};

/* A VM of one vCPU has 32 KiB, all in all; see exit_trace_attach_vm(). */
#define EXIT_TRACE_LOG_CAPACITY	32
#define EXIT_TRACE_LOG_SLOTS	176

/**
 * struct exit_trace_log - one vCPU's part of the phase log
 * @end: where each mark ends in @slot; it begins where the one before ends
 * @guest: cycles in the guest up to each mark
 * @elapsed: cycles from the first entry up to each mark
 * @slot: the slots that had changed at each mark since the one before, packed
 */
struct exit_trace_log {
	u32 end[EXIT_TRACE_LOG_CAPACITY];
	u64 guest[EXIT_TRACE_LOG_CAPACITY];
	u64 elapsed[EXIT_TRACE_LOG_CAPACITY];
	struct exit_trace_numbered_slot slot[EXIT_TRACE_LOG_SLOTS];
};

/*
 * How many exits of each slot took 2^bucket cycles and more, exit to entry.  A
 * row has so many that it is as far from the first as its slot is in bytes.
 */
struct exit_trace_histogram {
	u32 bucket[KVM_EXIT_TRACE_NR_SLOTS + 1][sizeof(struct exit_trace_slot)];
};

static_assert(sizeof(struct exit_trace_slot) >= KVM_EXIT_TRACE_NR_BUCKETS);

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
	u64 lost[KVM_EXIT_TRACE_NR_SLOTS];
	struct exit_trace_site site[EXIT_TRACE_SITES];
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
 * struct exit_trace_vcpu - one vCPU's counters
 * @next: the VM's next vCPU, in order of creation
 * @vcpu: whose counters these are
 * @current_slot: slot of the exit that is being processed, or SLOT_BEFORE
 * @since: host TSC up to which the running clock has been charged
 * @spent: cycles of the exit being processed that have been charged
 * @clock: the clock that runs, KVM_EXIT_TRACE_CLOCK_*
 * @started: host TSC when the clock of SLOT_BEFORE began
 * @histogram: if exit_trace_histogram was on when tracing began
 * @sites: if exit_trace_sites was on when tracing began
 * @page: the mirrored page
 * @counts: the live counters
 * @latch: snapshot that this vCPU took last
 * @log: what it had counted at each mark
 */
struct exit_trace_vcpu {
	struct exit_trace_vcpu *next;
	struct kvm_vcpu *vcpu;
	struct exit_trace_slot *current_slot;
	u64 since;
	u64 spent;
	u32 clock;
	u64 started;
	struct exit_trace_histogram *histogram;
	struct exit_trace_sites *sites;
	struct exit_trace_page page;
	struct exit_trace_counts counts;
	struct exit_trace_latch latch;
	struct exit_trace_log log;
};

#ifdef CONFIG_KVM_EXIT_TRACE

DECLARE_STATIC_KEY_FALSE(exit_trace_key);
DECLARE_STATIC_KEY_FALSE(exit_trace_entry_key);
DECLARE_STATIC_KEY_FALSE(exit_trace_site_key);
DECLARE_STATIC_KEY_FALSE(exit_trace_page_key);

static __always_inline bool exit_trace_enabled(void)
{
	return static_branch_unlikely(&exit_trace_key);
}

/* Something else is to be done at each entry: a histogram, or a mirrored page. */
static __always_inline bool exit_trace_entry_enabled(void)
{
	return static_branch_unlikely(&exit_trace_entry_key);
}

static __always_inline bool exit_trace_site_enabled(void)
{
	return static_branch_unlikely(&exit_trace_site_key);
}

/* Pages have been offered since kvm.ko was loaded. */
static __always_inline bool exit_trace_page_enabled(void)
{
	return static_branch_unlikely(&exit_trace_page_key);
}

void exit_trace_vcpu_created(struct kvm_vcpu *vcpu);
void exit_trace_destroy_vm(struct kvm *kvm);
void exit_trace_page_drop(struct kvm_vcpu *vcpu);

#else /* !CONFIG_KVM_EXIT_TRACE: the hooks are dead code */

static __always_inline bool exit_trace_enabled(void) { return false; }
static __always_inline bool exit_trace_entry_enabled(void) { return false; }
static __always_inline bool exit_trace_site_enabled(void) { return false; }
static __always_inline bool exit_trace_page_enabled(void) { return false; }
static inline void exit_trace_vcpu_created(struct kvm_vcpu *vcpu) {}
static inline void exit_trace_destroy_vm(struct kvm *kvm) {}
static inline void exit_trace_page_drop(struct kvm_vcpu *vcpu) {}

#endif /* CONFIG_KVM_EXIT_TRACE */

void __exit_trace_cpuid(struct kvm_vcpu *vcpu, u32 *eax, u32 *ebx, u32 *ecx,
			u32 *edx);
void __exit_trace_emulate_cpuid(struct kvm_vcpu *vcpu);
void __exit_trace_recount(struct kvm_vcpu *vcpu, u32 slot);
bool __exit_trace_port(struct kvm_vcpu *vcpu, u8 phase);
void __exit_trace_switch(struct kvm_vcpu *vcpu, u32 from, u32 to);
void __exit_trace_site(struct kvm_vcpu *vcpu, u64 rip, u64 rax, u64 info, u64 gpa);
void __exit_trace_mirror(struct exit_trace_vcpu *trace, u64 entered);
int exit_trace_page_get(struct kvm_vcpu *vcpu, u64 *data);
int exit_trace_page_set(struct kvm_vcpu *vcpu, u64 data);
void __exit_trace_page_sync(struct kvm_vcpu *vcpu);
bool exit_trace_page_offered(struct kvm_vcpu *vcpu);

/*
 * Where speculation goes past the check of an exit reason, this keeps it in
 * the vCPU's own counters, at two instructions less than array_index_nospec().
 */
static __always_inline u8 exit_trace_mask(unsigned long slot)
{
	OPTIMIZER_HIDE_VAR(slot);
	return slot;
}

/* SDM vol. 3, appendix C: basic exit reasons, bits 15:0, are dense. */
static __always_inline unsigned long exit_trace_vmx_slot(u32 reason)
{
	if (unlikely(reason & U16_MAX & ~(KVM_EXIT_TRACE_VMX_DIRECT - 1)))
		return KVM_EXIT_TRACE_SLOT_OTHER;
	return reason & (KVM_EXIT_TRACE_VMX_DIRECT - 1);
}

/* APM vol. 2, appendix C: SVM exit codes are in two ranges, and -1. */
static __always_inline unsigned long exit_trace_svm_slot(unsigned long code)
{
	unsigned long high = code - KVM_EXIT_TRACE_SVM_HIGH_BASE;

	if (likely(code < KVM_EXIT_TRACE_SVM_DIRECT))
		return exit_trace_mask(code);
	if (likely(high < KVM_EXIT_TRACE_SVM_HIGH_COUNT))
		return exit_trace_mask(KVM_EXIT_TRACE_SVM_DIRECT + high);
	return code == (u32)SVM_EXIT_ERR ? KVM_EXIT_TRACE_SLOT_INVALID :
					   KVM_EXIT_TRACE_SLOT_OTHER;
}

/* Charge a clock up to @now; returns how many cycles that were. */
static __always_inline u64 exit_trace_charge(struct exit_trace_vcpu *trace,
					     u32 clock, u64 now)
{
	u64 cycles = now - trace->since;

	trace->current_slot->cycles[clock] += cycles;
	trace->counts.sum.cycles[clock] += cycles;
	return cycles;
}

/* @cycles: since what had been charged before */
static __always_inline void exit_trace_latency(struct exit_trace_vcpu *trace, u64 cycles)
{
	u32 bucket = min_t(u32, __fls((cycles + trace->spent) | 1),
			   KVM_EXIT_TRACE_NR_BUCKETS - 1);
	size_t row = (void *)trace->current_slot - (void *)trace->counts.slot;
	u32 *first = trace->histogram->bucket[0]; /* CONFIG_UBSAN_BOUNDS minds [0][row] */

	first[row + bucket]++;
	trace->spent = 0;
}

/* Last thing before the hardware entry: the exit before it is processed. */
static __always_inline void exit_trace_enter(struct exit_trace_vcpu *trace)
{
	u64 now = rdtsc();
	u64 cycles = exit_trace_charge(trace, KVM_EXIT_TRACE_CLOCK_KVM, now);

	trace->counts.sum.cycles[KVM_EXIT_TRACE_CLOCK_GUEST] -= now;
	if (exit_trace_entry_enabled()) {
		if (trace->histogram)
			exit_trace_latency(trace, cycles);
		if (trace->page.msr)
			__exit_trace_mirror(trace, now);
	}
}

/* First thing after the hardware exit */
static __always_inline void exit_trace_exit(struct exit_trace_vcpu *trace)
{
	u64 now = rdtsc();

	trace->counts.sum.cycles[KVM_EXIT_TRACE_CLOCK_GUEST] += now;
	trace->since = now;
}

static __always_inline void exit_trace_count(struct exit_trace_vcpu *trace,
					     unsigned long slot)
{
	struct exit_trace_slot *current_slot;

	static_assert(offsetof(struct exit_trace_vcpu, counts.slot) +
		      (U8_MAX + 1) * sizeof(*current_slot) <= sizeof(*trace));
	OPTIMIZER_HIDE_VAR(slot);
	current_slot = &trace->counts.slot[slot];
	OPTIMIZER_HIDE_VAR(current_slot); /* or the address is computed twice */
	trace->current_slot = current_slot;

	/* The slot first: a reader takes sum == total for a coherent copy. */
	current_slot->count++;
	barrier();
	trace->counts.sum.count++;
}

/*
 * Read again at each use: one instruction, where a register to keep it in
 * would cost two, and those with tracing off, too.
 */
static __always_inline struct exit_trace_vcpu *exit_trace_of(struct kvm_vcpu *vcpu)
{
	return READ_ONCE(vcpu->arch.exit_trace);
}

/*
 * Run the statement that enters and leaves the guest with the vCPU's clock
 * stopped, then @exit, which counts.  The statement stands in both branches so
 * that one static branch serves it all.
 */
#define exit_trace_guest(vcpu, exit, ...)				\
do {									\
	struct exit_trace_vcpu *__trace;				\
									\
	if (exit_trace_enabled()) {					\
		__trace = exit_trace_of(vcpu);				\
		if (likely(__trace)) {					\
			exit_trace_enter(__trace);			\
			__VA_ARGS__;					\
			exit;						\
			break;						\
		}							\
	}								\
	__VA_ARGS__;							\
} while (0)

static __always_inline void exit_trace_svm_exit(struct kvm_vcpu *vcpu, const struct vmcb *vmcb)
{
	exit_trace_exit(exit_trace_of(vcpu));
	exit_trace_count(exit_trace_of(vcpu), exit_trace_svm_slot(vmcb->control.exit_code));
	if (exit_trace_site_enabled())
		__exit_trace_site(vcpu, vmcb->save.rip, vmcb->save.rax,
				  vmcb->control.exit_info_1, vmcb->control.exit_info_2);
}

/* A macro, for only VMX's own files can read the VMCS. */
#define exit_trace_vmx_exit(vcpu, reason)				\
do {									\
	struct kvm_vcpu *__vcpu = vcpu;					\
	unsigned long __slot;						\
									\
	exit_trace_exit(exit_trace_of(__vcpu));				\
	__slot = exit_trace_vmx_slot(reason);				\
	exit_trace_count(exit_trace_of(__vcpu), __slot);		\
	if (exit_trace_site_enabled())					\
		__exit_trace_site(__vcpu, vmcs_readl(GUEST_RIP),	\
				  __vcpu->arch.regs[VCPU_REGS_RAX],	\
				  vmcs_readl(EXIT_QUALIFICATION),	\
				  enable_ept ? vmcs_read64(GUEST_PHYSICAL_ADDRESS) : 0); \
} while (0)

/* It was no exit of that reason: move it to @slot.  Off the exit's usual path. */
static __always_inline void exit_trace_recount(struct kvm_vcpu *vcpu, u32 slot)
{
	if (exit_trace_enabled())
		__exit_trace_recount(vcpu, slot);
}

/* Count an event that is an exit to KVM, but came without one of hardware. */
static __always_inline void exit_trace_synthetic(struct kvm_vcpu *vcpu, u32 slot)
{
	struct exit_trace_vcpu *trace;
	u64 now, cycles;

	if (!exit_trace_enabled())
		return;
	trace = vcpu->arch.exit_trace;
	if (unlikely(!trace))
		return;

	now = rdtsc();
	cycles = exit_trace_charge(trace, KVM_EXIT_TRACE_CLOCK_KVM, now);
	if (exit_trace_entry_enabled() && trace->histogram)
		exit_trace_latency(trace, cycles);
	trace->since = now;
	exit_trace_count(trace, slot);
}

/* Go on with clock @to if clock @from runs. */
static __always_inline void exit_trace_switch(struct kvm_vcpu *vcpu, u32 from,
					      u32 to)
{
	if (exit_trace_enabled())
		__exit_trace_switch(vcpu, from, to);
}

/* Was it a mark?  A byte written to our port; all else goes on to the I/O bus. */
static __always_inline bool exit_trace_port(struct kvm_vcpu *vcpu, u16 port, int len,
					    const void *val)
{
	return exit_trace_enabled() && port == KVM_EXIT_TRACE_PORT && len == 1 &&
	       __exit_trace_port(vcpu, *(const u8 *)val);
}

static __always_inline bool exit_trace_has_leaf(struct kvm_vcpu *vcpu, u32 leaf)
{
	return exit_trace_enabled() &&
	       leaf - KVM_EXIT_TRACE_LEAF_SIGNATURE <=
	       KVM_EXIT_TRACE_LEAF_BOTH - KVM_EXIT_TRACE_LEAF_SIGNATURE &&
	       vcpu->arch.exit_trace;
}

/* Answer a leaf of ours; false for any other, whose registers stay. */
static __always_inline bool exit_trace_cpuid(struct kvm_vcpu *vcpu, u32 *eax,
					     u32 *ebx, u32 *ecx, u32 *edx)
{
	if (!exit_trace_has_leaf(vcpu, *eax))
		return false;
	__exit_trace_cpuid(vcpu, eax, ebx, ecx, edx);
	return true;
}

/* The same in the vCPU's registers.  In kvm_cpuid() it would cost all others more. */
static __always_inline bool exit_trace_emulate_cpuid(struct kvm_vcpu *vcpu)
{
	if (!exit_trace_has_leaf(vcpu, vcpu->arch.regs[VCPU_REGS_RAX]))
		return false;
	__exit_trace_emulate_cpuid(vcpu);
	return true;
}

/* May this vCPU write KVM_EXIT_TRACE_MSR_PAGE? */
static __always_inline bool exit_trace_has_page(struct kvm_vcpu *vcpu)
{
	return exit_trace_enabled() && exit_trace_page_offered(vcpu);
}

/* Where KVM may sleep: write what an entry could not, for the page was away. */
static __always_inline void exit_trace_page_sync(struct kvm_vcpu *vcpu)
{
	if (exit_trace_page_enabled())
		__exit_trace_page_sync(vcpu);
}

#endif /* __KVM_X86_EXIT_TRACE_H */
