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

#include <linux/kvm_host.h>
#include <asm/kvm_exit_trace.h>

#ifdef CONFIG_KVM_EXIT_TRACE

#include <linux/jump_label.h>
#include <linux/nospec.h>
#include <linux/static_call.h>
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

/**
 * struct exit_trace_vcpu - one vCPU's counters
 * @next: the VM's next vCPU, in order of creation
 * @vcpu: whose counters these are
 * @current_slot: slot of the exit that is being processed, NULL before the first
 * @since: host TSC up to which the running clock has been charged
 * @clock: the clock that runs, KVM_EXIT_TRACE_CLOCK_*
 * @counts: the live counters
 * @latch: snapshot that this vCPU took last
 */
struct exit_trace_vcpu {
	struct exit_trace_vcpu *next;
	struct kvm_vcpu *vcpu;
	struct exit_trace_slot *current_slot;
	u64 since;
	u32 clock;
	struct exit_trace_counts counts;
	struct exit_trace_counts latch;
};

DECLARE_STATIC_KEY_FALSE(exit_trace_key);

bool kvm_cpuid(struct kvm_vcpu *vcpu, u32 *eax, u32 *ebx, u32 *ecx, u32 *edx,
	       bool exact_only);
DECLARE_STATIC_CALL(exit_trace_answer, kvm_cpuid);

void exit_trace_vcpu_created(struct kvm_vcpu *vcpu);
void exit_trace_destroy_vm(struct kvm *kvm);
void __exit_trace_switch(struct kvm_vcpu *vcpu, u32 from, u32 to);

static __always_inline void exit_trace_charge(struct exit_trace_vcpu *trace,
					      u32 clock, u64 now)
{
	u64 cycles = now - trace->since;

	trace->current_slot->cycles[clock] += cycles;
	trace->counts.sum.cycles[clock] += cycles;
}

/* Last thing before the hardware entry; returns what exit_trace_start() takes. */
static __always_inline struct exit_trace_vcpu *
exit_trace_stop(struct kvm_vcpu *vcpu)
{
	struct exit_trace_vcpu *trace = vcpu->arch.exit_trace;

	if (likely(trace && trace->current_slot))
		exit_trace_charge(trace, KVM_EXIT_TRACE_CLOCK_KVM, rdtsc());
	return trace;
}

/* First thing after the hardware exit. */
static __always_inline void exit_trace_start(struct exit_trace_vcpu *trace)
{
	if (likely(trace))
		trace->since = rdtsc();
}

/*
 * Run the statement that enters and leaves the guest with the vCPU's clock
 * stopped.  The statement stands in both branches so that one static branch
 * serves both ends.
 */
#define exit_trace_guest(vcpu, ...)					\
do {									\
	if (static_branch_unlikely(&exit_trace_key)) {			\
		struct exit_trace_vcpu *__trace = exit_trace_stop(vcpu); \
									\
		__VA_ARGS__;						\
		exit_trace_start(__trace);				\
	} else {							\
		__VA_ARGS__;						\
	}								\
} while (0)

static __always_inline void __exit_trace_count(struct kvm_vcpu *vcpu, u32 slot)
{
	struct exit_trace_vcpu *trace = vcpu->arch.exit_trace;

	if (unlikely(!trace))
		return;

	/* The slot first: a reader takes sum == total for a coherent copy. */
	trace->current_slot = &trace->counts.slot[slot];
	WRITE_ONCE(trace->current_slot->count, trace->current_slot->count + 1);
	barrier();
	WRITE_ONCE(trace->counts.sum.count, trace->counts.sum.count + 1);
}

/* SDM vol. 3, appendix C: basic exit reasons are dense. */
static __always_inline u32 exit_trace_vmx_slot(u16 basic)
{
	if (unlikely(basic >= KVM_EXIT_TRACE_VMX_DIRECT))
		return KVM_EXIT_TRACE_SLOT_OTHER;
	return array_index_nospec(basic, KVM_EXIT_TRACE_VMX_DIRECT);
}

/* APM vol. 2, appendix C: SVM exit codes are in two ranges, and -1. */
static __always_inline u32 exit_trace_svm_slot(u32 code)
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

static __always_inline void exit_trace_vmx(struct kvm_vcpu *vcpu, u16 basic)
{
	if (static_branch_unlikely(&exit_trace_key))
		__exit_trace_count(vcpu, exit_trace_vmx_slot(basic));
}

static __always_inline void exit_trace_svm(struct kvm_vcpu *vcpu, u32 code)
{
	if (static_branch_unlikely(&exit_trace_key))
		__exit_trace_count(vcpu, exit_trace_svm_slot(code));
}

/* An exit for KVM's own statistics, but not for the hardware. */
static __always_inline void exit_trace_synthetic(struct kvm_vcpu *vcpu, u32 slot)
{
	if (static_branch_unlikely(&exit_trace_key))
		__exit_trace_count(vcpu, slot);
}

/* Go on with clock @to if clock @from runs. */
static __always_inline void exit_trace_switch(struct kvm_vcpu *vcpu, u32 from,
					      u32 to)
{
	if (static_branch_unlikely(&exit_trace_key))
		__exit_trace_switch(vcpu, from, to);
}

/* Off, the static call is a direct call of kvm_cpuid(): no instruction more. */
static __always_inline bool exit_trace_cpuid(struct kvm_vcpu *vcpu, u32 *eax,
					     u32 *ebx, u32 *ecx, u32 *edx,
					     bool exact_only)
{
	return static_call(exit_trace_answer)(vcpu, eax, ebx, ecx, edx,
					      exact_only);
}

#else /* !CONFIG_KVM_EXIT_TRACE */

#define exit_trace_guest(vcpu, ...)	do { __VA_ARGS__; } while (0)
#define exit_trace_cpuid(...)		kvm_cpuid(__VA_ARGS__)

static inline void exit_trace_vcpu_created(struct kvm_vcpu *vcpu) {}
static inline void exit_trace_destroy_vm(struct kvm *kvm) {}
static inline void exit_trace_vmx(struct kvm_vcpu *vcpu, u16 basic) {}
static inline void exit_trace_svm(struct kvm_vcpu *vcpu, u32 code) {}
static inline void exit_trace_synthetic(struct kvm_vcpu *vcpu, u32 slot) {}
static inline void exit_trace_switch(struct kvm_vcpu *vcpu, u32 from, u32 to) {}

#endif /* CONFIG_KVM_EXIT_TRACE */

#endif /* __KVM_X86_EXIT_TRACE_H */
