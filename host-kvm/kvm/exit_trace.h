/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Count VM exits per vCPU and exit reason, with the TSC cycles they cost, and
 * let the guest read the counters through CPUID.
 *
 * Counters are plain u64.  Only the vCPU's own thread writes them, and readers
 * sum them.  While tracing is off, each hook is a NOP of a static key.
 */
#ifndef __KVM_X86_EXIT_TRACE_H
#define __KVM_X86_EXIT_TRACE_H

#include <linux/jump_label.h>
#include <linux/nospec.h>
#include <asm/msr.h>
#include <asm/svm.h>

#include "exit_trace_vcpu.h"
#include "kvm_cache_regs.h"

#ifdef CONFIG_KVM_EXIT_TRACE

DECLARE_STATIC_KEY_FALSE(exit_trace_key);
DECLARE_STATIC_KEY_FALSE(exit_trace_more_key);
DECLARE_STATIC_KEY_FALSE(exit_trace_site_key);
DECLARE_STATIC_KEY_FALSE(exit_trace_page_key);
DECLARE_STATIC_KEY_FALSE(exit_trace_cpl0_key);

static __always_inline bool exit_trace_enabled(void)
{
	return static_branch_unlikely(&exit_trace_key);
}

/* Histogram or sites are on. */
static __always_inline bool exit_trace_more_enabled(void)
{
	return static_branch_unlikely(&exit_trace_more_key);
}

static __always_inline bool exit_trace_site_enabled(void)
{
	return static_branch_unlikely(&exit_trace_site_key);
}

/* Pages have been on at some time since kvm.ko was loaded. */
static __always_inline bool exit_trace_page_enabled(void)
{
	return static_branch_unlikely(&exit_trace_page_key);
}

/* Leaves and the port answer only code at CPL 0. */
static __always_inline bool exit_trace_cpl0_enabled(void)
{
	return static_branch_unlikely(&exit_trace_cpl0_key);
}

void exit_trace_vcpu_init(struct kvm_vcpu *vcpu);
void exit_trace_vcpu_created(struct kvm_vcpu *vcpu);
void exit_trace_destroy_vm(struct kvm *kvm);
void exit_trace_page_drop(struct kvm_vcpu *vcpu);

#else /* !CONFIG_KVM_EXIT_TRACE: the hooks are dead code */

static __always_inline bool exit_trace_enabled(void) { return false; }
static __always_inline bool exit_trace_more_enabled(void) { return false; }
static __always_inline bool exit_trace_site_enabled(void) { return false; }
static __always_inline bool exit_trace_page_enabled(void) { return false; }
static __always_inline bool exit_trace_cpl0_enabled(void) { return false; }
static inline void exit_trace_vcpu_init(struct kvm_vcpu *vcpu) {}
static inline void exit_trace_vcpu_created(struct kvm_vcpu *vcpu) {}
static inline void exit_trace_destroy_vm(struct kvm *kvm) {}
static inline void exit_trace_page_drop(struct kvm_vcpu *vcpu) {}

#endif /* CONFIG_KVM_EXIT_TRACE */

void __exit_trace_cpuid(struct kvm_vcpu *vcpu, u32 *eax, u32 *ebx, u32 *ecx,
			u32 *edx);
void __exit_trace_emulate_cpuid(struct kvm_vcpu *vcpu);
void __exit_trace_back(struct exit_trace_live *live, u64 now, u64 guest);
void __exit_trace_back_in_kvm(struct kvm_vcpu *vcpu, u64 cycles, bool enters);
void __exit_trace_back_in_guest(struct kvm_vcpu *vcpu);
void __exit_trace_recount(struct kvm_vcpu *vcpu, u32 slot);
bool __exit_trace_port(struct kvm_vcpu *vcpu, u8 phase);
void __exit_trace_site(struct kvm_vcpu *vcpu, u64 rip, u64 rax, u64 info, u64 gpa);
ssize_t exit_trace_stats_read(struct kvm_vcpu *vcpu, char __user *buffer, size_t size,
			      loff_t *offset);
int exit_trace_page_get(struct kvm_vcpu *vcpu, u64 *data);
int exit_trace_page_set(struct kvm_vcpu *vcpu, u64 data);
void __exit_trace_page_sync(struct kvm_vcpu *vcpu);
bool exit_trace_page_offered(struct kvm_vcpu *vcpu);

/* SDM vol. 3, appendix C: basic exit reasons, bits 15:0, are dense. */
static __always_inline unsigned long exit_trace_vmx_slot(u32 reason)
{
	if (unlikely(reason & U16_MAX & ~(KVM_EXIT_TRACE_VMX_DIRECT - 1)))
		return KVM_EXIT_TRACE_SLOT_OTHER;
	return reason & (KVM_EXIT_TRACE_VMX_DIRECT - 1);
}

/*
 * APM vol. 2, appendix C: SVM exit codes are in two ranges, and -1.  Only the
 * CPU sets an exit's code, so a guest can't steer speculation by it.  So there
 * is no array_index_nospec() here, nor in svm_invoke_exit_handler().
 */
static __always_inline unsigned long exit_trace_svm_slot(unsigned long code)
{
	unsigned long high = code - KVM_EXIT_TRACE_SVM_HIGH_BASE;

	if (likely(code < KVM_EXIT_TRACE_SVM_DIRECT))
		return code;
	if (likely(high < KVM_EXIT_TRACE_SVM_HIGH_COUNT))
		return KVM_EXIT_TRACE_SVM_DIRECT + high;
	return code == (u32)SVM_EXIT_ERR ? KVM_EXIT_TRACE_SLOT_INVALID :
					   KVM_EXIT_TRACE_SLOT_OTHER;
}

/*
 * Is this vCPU traced?  A vCPU must finish a hook in the state in which it
 * began it, so a hook asks only once.  A volatile read would cost one more
 * instruction.
 */
static __always_inline bool exit_trace_is_on(const struct kvm_vcpu *vcpu)
{
	return data_race(vcpu->arch.exit_trace_live.on); /* not READ_ONCE(): see above */
}

/*
 * Charge KVM's clock with the @cycles that it ran up to now.  If they are
 * negative, the TSC went back.  The function for that case gets no value that
 * the usual path would have to keep for it.
 */
static __always_inline void exit_trace_charge(struct kvm_vcpu *vcpu, u64 cycles, bool enters)
{
	struct exit_trace_live *live = &vcpu->arch.exit_trace_live;

	if (unlikely((s64)cycles < 0)) {
		__exit_trace_back_in_kvm(vcpu, cycles, enters);
		return;
	}
	live->current_slot->cycles[KVM_EXIT_TRACE_CLOCK_KVM] += cycles;
	live->kvm += cycles;
	live->since += cycles;
}

/* The last thing before the hardware entry: the exit before it has been processed. */
static __always_inline void exit_trace_enter(struct kvm_vcpu *vcpu)
{
	struct exit_trace_live *live = &vcpu->arch.exit_trace_live;
	u64 now = rdtsc();

	live->guest -= now;
	exit_trace_charge(vcpu, now - live->since, true);
}

/* The first thing after the hardware exit.  A reader of the new @guest sees the new @since, too. */
static __always_inline void exit_trace_exit(struct kvm_vcpu *vcpu)
{
	struct exit_trace_live *live = &vcpu->arch.exit_trace_live;
	u64 now = rdtsc();

	if (unlikely(now < live->since)) {
		__exit_trace_back_in_guest(vcpu);
		return;
	}
	WRITE_ONCE(live->since, now);
	barrier();
	live->guest += now;
}

static __always_inline void exit_trace_count(struct exit_trace_live *live, unsigned long slot)
{
	struct exit_trace_slot *current_slot;

	OPTIMIZER_HIDE_VAR(slot);
	current_slot = &live->slots[slot];
	OPTIMIZER_HIDE_VAR(current_slot); /* or the address is computed twice */
	live->current_slot = current_slot;

	/* The slot comes first: to a reader, sum == total means a coherent copy. */
	current_slot->count++;
	barrier();
	live->exits++;
}

/*
 * An exit has just been counted, and its own time has not begun.  So the time
 * that the exit before took, up to its entry, is known now.
 */
static __always_inline void exit_trace_latency(struct exit_trace_live *live)
{
	struct exit_trace_histogram *histogram = live->histogram;
	u64 until = live->since - live->guest, cycles;

	if (!histogram)
		return;
	cycles = until - histogram->until;
	histogram->until = until;
	histogram->bucket[histogram->row + min_t(u32, __fls(cycles | 1),
						 KVM_EXIT_TRACE_NR_BUCKETS - 1)]++;
	histogram->row = (void *)live->current_slot - (void *)live->slots;
}

/*
 * Run the statement that enters and leaves the guest, while the guest's clock
 * runs.  Then run @exit, which counts.  The statement stands in both branches,
 * so that a single static branch is enough.
 */
#define exit_trace_guest(vcpu, exit, ...)				\
do {									\
	struct kvm_vcpu *__run = vcpu;					\
									\
	if (exit_trace_enabled() && likely(exit_trace_is_on(__run))) {	\
		exit_trace_enter(__run);				\
		__VA_ARGS__;						\
		exit;							\
		break;							\
	}								\
	__VA_ARGS__;							\
} while (0)

static __always_inline void exit_trace_svm_exit(struct kvm_vcpu *vcpu, const struct vmcb *vmcb)
{
	struct exit_trace_live *live = &vcpu->arch.exit_trace_live;

	exit_trace_exit(vcpu);
	exit_trace_count(live, exit_trace_svm_slot(vmcb->control.exit_code));
	if (!exit_trace_more_enabled())
		return;
	exit_trace_latency(live);
	if (exit_trace_site_enabled())
		__exit_trace_site(vcpu, vmcb->save.rip, vmcb->save.rax,
				  vmcb->control.exit_info_1, vmcb->control.exit_info_2);
}

/* This is a macro, because only VMX's own files can read the VMCS. */
#define exit_trace_vmx_exit(vcpu, reason)				\
do {									\
	struct kvm_vcpu *__vcpu = vcpu;					\
									\
	exit_trace_exit(__vcpu);					\
	exit_trace_count(&__vcpu->arch.exit_trace_live, exit_trace_vmx_slot(reason)); \
	if (!exit_trace_more_enabled())					\
		break;							\
	exit_trace_latency(&__vcpu->arch.exit_trace_live);		\
	if (exit_trace_site_enabled() && !to_vmx(__vcpu)->fail)		\
		__exit_trace_site(__vcpu, vmcs_readl(GUEST_RIP),	\
				  __vcpu->arch.regs[VCPU_REGS_RAX],	\
				  vmcs_readl(EXIT_QUALIFICATION),	\
				  enable_ept ? vmcs_read64(GUEST_PHYSICAL_ADDRESS) : 0); \
} while (0)

/* Move the current exit to @slot: its first reason was wrong.  Not on an exit's usual path. */
static __always_inline void exit_trace_recount(struct kvm_vcpu *vcpu, u32 slot)
{
	if (exit_trace_enabled())
		__exit_trace_recount(vcpu, slot);
}

/* Count an event that KVM counts as an exit, but that came without a hardware exit. */
static __always_inline void exit_trace_synthetic(struct kvm_vcpu *vcpu, u32 slot)
{
	struct exit_trace_live *live = &vcpu->arch.exit_trace_live;

	if (!exit_trace_enabled() || !exit_trace_is_on(vcpu))
		return;
	exit_trace_charge(vcpu, rdtsc() - live->since, false);
	exit_trace_count(live, slot);
	if (exit_trace_more_enabled())
		exit_trace_latency(live);
}

/*
 * A vCPU is scheduled out.  When it comes back, exit_trace_vcpu_load() charges
 * this time to CLOCK_USER of @current_slot.  So move @current_slot up, until its
 * CLOCK_USER is the slot's CLOCK_IDLE or CLOCK_PREEMPTED.
 */
static __always_inline void exit_trace_sched_out(struct kvm_vcpu *vcpu)
{
	struct exit_trace_live *live = &vcpu->arch.exit_trace_live;
	u32 clock;

	if (!exit_trace_enabled() || !exit_trace_is_on(vcpu))
		return;
	clock = vcpu->stat.generic.blocking ? KVM_EXIT_TRACE_CLOCK_IDLE :
					      KVM_EXIT_TRACE_CLOCK_PREEMPTED;
	live->saved_slot = live->current_slot;
	live->saved_since = live->since;
	live->current_slot = (void *)live->current_slot +
			     (clock - KVM_EXIT_TRACE_CLOCK_USER) * sizeof(u64);
}

static __always_inline void exit_trace_sched_in(struct kvm_vcpu *vcpu)
{
	struct exit_trace_live *live = &vcpu->arch.exit_trace_live;
	u32 clock;

	if (!exit_trace_enabled() || !exit_trace_is_on(vcpu))
		return;
	clock = (u64 *)live->current_slot - (u64 *)live->saved_slot;
	if (clock && live->saved_slot != &live->before)
		live->asleep[clock - 1] += live->since - live->saved_since;
	live->current_slot = live->saved_slot;
}

/* The VMM calls an ioctl of the vCPU other than KVM_RUN. */
static __always_inline void exit_trace_ioctl_begin(struct kvm_vcpu *vcpu)
{
	struct exit_trace_live *live = &vcpu->arch.exit_trace_live;

	if (!exit_trace_enabled())
		return;
	preempt_disable();
	live->ioctl_since = live->since;
	live->ioctl_put = vcpu->arch.last_host_tsc;
	preempt_enable();
}

/* The ioctl was the VMM's time, too: charge what has not been charged yet. */
static __always_inline void exit_trace_ioctl_end(struct kvm_vcpu *vcpu)
{
	struct exit_trace_live *live = &vcpu->arch.exit_trace_live;
	u64 rest;

	if (!exit_trace_enabled() || !live->ioctl_put)
		return;
	preempt_disable();
	rest = vcpu->arch.last_host_tsc - live->ioctl_put - (live->since - live->ioctl_since);
	if (unlikely((s64)rest < 0)) {
		__exit_trace_back(live, vcpu->arch.last_host_tsc, live->guest);
		rest = 0;
	}
	live->current_slot->cycles[KVM_EXIT_TRACE_CLOCK_USER] += rest;
	live->since += rest;
	live->ioctl_put = 0;
	preempt_enable();
}

/* Has the VM ever been traced?  If not, its statistics are KVM's own alone. */
static __always_inline bool exit_trace_has_stats(const struct kvm_vcpu *vcpu)
{
	return smp_load_acquire(&vcpu->kvm->arch.exit_trace); /* exit_trace_attach_vm() */
}

/* Was it a mark, that is one byte to our port?  All else goes on to the I/O bus. */
static __always_inline bool exit_trace_port(struct kvm_vcpu *vcpu, u16 port, int len,
					    const void *val)
{
	return exit_trace_enabled() && port == KVM_EXIT_TRACE_PORT && len == 1 &&
	       __exit_trace_port(vcpu, *(const u8 *)val);
}

/*
 * Do leaves and the port answer this vCPU now?  An SEV-ES guest names the CPL
 * itself.  A nested guest's CPL 0 is not that of the guest's kernel.
 */
static __always_inline bool exit_trace_answers(struct kvm_vcpu *vcpu)
{
	return exit_trace_is_on(vcpu) &&
	       (!exit_trace_cpl0_enabled() ||
		(!is_guest_mode(vcpu) && !static_call(kvm_x86_get_cpl)(vcpu)));
}

static __always_inline bool exit_trace_has_leaf(struct kvm_vcpu *vcpu, u32 leaf)
{
	return leaf - KVM_EXIT_TRACE_LEAF_SIGNATURE <=
	       KVM_EXIT_TRACE_LEAF_BOTH - KVM_EXIT_TRACE_LEAF_SIGNATURE &&
	       exit_trace_answers(vcpu);
}

/* Answer a leaf of ours.  Returns false for any other leaf, and leaves its registers. */
static __always_inline bool exit_trace_cpuid(struct kvm_vcpu *vcpu, u32 *eax,
					     u32 *ebx, u32 *ecx, u32 *edx)
{
	if (!exit_trace_enabled() || !exit_trace_has_leaf(vcpu, *eax))
		return false;
	__exit_trace_cpuid(vcpu, eax, ebx, ecx, edx);
	return true;
}

/* The same in the vCPU's registers.  A hook in kvm_cpuid() would slow down all other leaves. */
static __always_inline bool exit_trace_emulate_cpuid(struct kvm_vcpu *vcpu)
{
	/* Read RAX from memory again: to reuse KVM's copy, GCC would save it, tracing or not. */
	if (!exit_trace_enabled() ||
	    !exit_trace_has_leaf(vcpu, READ_ONCE(vcpu->arch.regs[VCPU_REGS_RAX])))
		return false;
	__exit_trace_emulate_cpuid(vcpu);
	return true;
}

/* May this vCPU write KVM_EXIT_TRACE_MSR_PAGE? */
static __always_inline bool exit_trace_has_page(struct kvm_vcpu *vcpu)
{
	return exit_trace_enabled() && exit_trace_page_offered(vcpu);
}

/* If it may not, return @unsupported, which is KVM's answer for an unknown MSR. */
static __always_inline int exit_trace_set_msr(struct kvm_vcpu *vcpu, u64 data, int unsupported)
{
	return exit_trace_has_page(vcpu) ? exit_trace_page_set(vcpu, data) : unsupported;
}

static __always_inline int exit_trace_get_msr(struct kvm_vcpu *vcpu, u64 *data, int unsupported)
{
	return exit_trace_has_page(vcpu) ? exit_trace_page_get(vcpu, data) : unsupported;
}

/* Write what an entry could not write because the page was away.  May sleep. */
static __always_inline void exit_trace_page_sync(struct kvm_vcpu *vcpu)
{
	if (exit_trace_page_enabled())
		__exit_trace_page_sync(vcpu);
}

#endif /* __KVM_X86_EXIT_TRACE_H */
