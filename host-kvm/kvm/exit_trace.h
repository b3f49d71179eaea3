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

struct exit_trace_counts {
	struct exit_trace_slot sum;
	struct exit_trace_slot slot[KVM_EXIT_TRACE_NR_SLOTS];
};

#define EXIT_TRACE_LOG_CAPACITY	32
#define EXIT_TRACE_LOG_SLOTS	(32 * EXIT_TRACE_LOG_CAPACITY)

/**
 * struct exit_trace_log - one vCPU's part of the phase log
 * @end: where each mark ends in @slot; it begins where the one before ends
 * @slot: the slots in use at each mark, packed
 */
struct exit_trace_log {
	u32 end[EXIT_TRACE_LOG_CAPACITY];
	struct {
		u32 nr;
		struct exit_trace_slot counts;
	} slot[EXIT_TRACE_LOG_SLOTS];
};

/**
 * struct exit_trace_vcpu - one vCPU's counters
 * @next: the VM's next vCPU, in order of creation
 * @vcpu: whose counters these are
 * @current_slot: slot of the exit that is being processed, NULL before the first
 * @since: host TSC up to which the running clock has been charged
 * @clock: the clock that runs, KVM_EXIT_TRACE_CLOCK_*
 * @counts: the live counters
 * @latch: snapshot that this vCPU took last
 * @log: what it had counted at each mark
 */
struct exit_trace_vcpu {
	struct exit_trace_vcpu *next;
	struct kvm_vcpu *vcpu;
	struct exit_trace_slot *current_slot;
	u64 since;
	u32 clock;
	struct exit_trace_counts counts;
	struct exit_trace_counts latch;
	struct exit_trace_log log;
};

#ifdef CONFIG_KVM_EXIT_TRACE

DECLARE_STATIC_KEY_FALSE(exit_trace_key);

static __always_inline bool exit_trace_enabled(void)
{
	return static_branch_unlikely(&exit_trace_key);
}

void exit_trace_vcpu_created(struct kvm_vcpu *vcpu);
void exit_trace_destroy_vm(struct kvm *kvm);

#else /* !CONFIG_KVM_EXIT_TRACE: the hooks are dead code */

static __always_inline bool exit_trace_enabled(void) { return false; }
static inline void exit_trace_vcpu_created(struct kvm_vcpu *vcpu) {}
static inline void exit_trace_destroy_vm(struct kvm *kvm) {}

#endif /* CONFIG_KVM_EXIT_TRACE */

bool __exit_trace_cpuid(struct kvm_vcpu *vcpu, u32 *eax, u32 *ebx, u32 *ecx,
			u32 *edx);
void __exit_trace_switch(struct kvm_vcpu *vcpu, u32 from, u32 to);

/* SDM vol. 3, appendix C: basic exit reasons, bits 15:0, are dense. */
static __always_inline u32 exit_trace_vmx_slot(u32 reason)
{
	unsigned long basic = (u16)reason;

	if (unlikely(basic >= KVM_EXIT_TRACE_VMX_DIRECT))
		return KVM_EXIT_TRACE_SLOT_OTHER;
	return array_index_nospec(basic, KVM_EXIT_TRACE_VMX_DIRECT);
}

/* APM vol. 2, appendix C: SVM exit codes are in two ranges, and -1. */
static __always_inline u32 exit_trace_svm_slot(unsigned long code)
{
	if (likely(code < KVM_EXIT_TRACE_SVM_DIRECT))
		return array_index_nospec(code, KVM_EXIT_TRACE_SVM_DIRECT);
	if (code == (u32)SVM_EXIT_ERR)
		return KVM_EXIT_TRACE_SLOT_INVALID;

	code -= KVM_EXIT_TRACE_SVM_HIGH_BASE;
	if (code >= KVM_EXIT_TRACE_SVM_HIGH_COUNT)
		return KVM_EXIT_TRACE_SLOT_OTHER;
	return KVM_EXIT_TRACE_SVM_DIRECT +
	       array_index_nospec(code, KVM_EXIT_TRACE_SVM_HIGH_COUNT);
}

static __always_inline void exit_trace_charge(struct exit_trace_vcpu *trace,
					      u32 clock, u64 now)
{
	u64 cycles = now - trace->since;

	trace->current_slot->cycles[clock] += cycles;
	trace->counts.sum.cycles[clock] += cycles;
}

/* Last thing before the hardware entry: the exit before it is processed. */
static __always_inline void exit_trace_enter(struct exit_trace_vcpu *trace)
{
	if (likely(trace->current_slot))
		exit_trace_charge(trace, KVM_EXIT_TRACE_CLOCK_KVM, rdtsc());
}

static __always_inline void exit_trace_count(struct exit_trace_vcpu *trace,
					     u32 slot)
{
	struct exit_trace_slot *current_slot = &trace->counts.slot[slot];

	OPTIMIZER_HIDE_VAR(current_slot); /* or the address is computed twice */
	trace->current_slot = current_slot;

	/* The slot first: a reader takes sum == total for a coherent copy. */
	current_slot->count++;
	barrier();
	trace->counts.sum.count++;
}

/*
 * Run the statement that enters and leaves the guest with the vCPU's clock
 * stopped, then count the exit in @slot, which is evaluated after it.  The
 * statement stands in both branches so that one static branch serves it all.
 */
#define exit_trace_guest(vcpu, slot, ...)				\
do {									\
	if (exit_trace_enabled()) {					\
		struct exit_trace_vcpu *__trace = (vcpu)->arch.exit_trace; \
									\
		if (likely(__trace))					\
			exit_trace_enter(__trace);			\
		__VA_ARGS__;						\
		if (likely(__trace)) {					\
			__trace->since = rdtsc();			\
			exit_trace_count(__trace, slot);		\
		}							\
	} else {							\
		__VA_ARGS__;						\
	}								\
} while (0)

/* Count an event that is an exit to KVM, but came without one of hardware. */
static __always_inline void exit_trace_synthetic(struct kvm_vcpu *vcpu, u32 slot)
{
	struct exit_trace_vcpu *trace;

	if (!exit_trace_enabled())
		return;
	trace = vcpu->arch.exit_trace;
	if (unlikely(!trace))
		return;

	exit_trace_enter(trace);
	trace->since = rdtsc();
	exit_trace_count(trace, slot);
}

/* Go on with clock @to if clock @from runs. */
static __always_inline void exit_trace_switch(struct kvm_vcpu *vcpu, u32 from,
					      u32 to)
{
	if (exit_trace_enabled())
		__exit_trace_switch(vcpu, from, to);
}

/* Answer a leaf of ours; false for any other, whose registers stay. */
static __always_inline bool exit_trace_cpuid(struct kvm_vcpu *vcpu, u32 *eax,
					     u32 *ebx, u32 *ecx, u32 *edx)
{
	return exit_trace_enabled() &&
	       *eax - KVM_EXIT_TRACE_LEAF_SIGNATURE <=
	       KVM_EXIT_TRACE_LEAF_BOTH - KVM_EXIT_TRACE_LEAF_SIGNATURE &&
	       __exit_trace_cpuid(vcpu, eax, ebx, ecx, edx);
}

#endif /* __KVM_X86_EXIT_TRACE_H */
