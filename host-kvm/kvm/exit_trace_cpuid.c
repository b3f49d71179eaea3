// SPDX-License-Identifier: GPL-2.0-only
/*
 * Answer the guest's questions about its exits: docs/abi.md, section 3.
 */
#include <linux/bits.h>
#include <asm/tsc.h>
#include <asm/vmx.h>

#include "x86.h"
#include "trace.h"
#include "exit_trace_vm.h"

#define EXIT_TRACE_ANY		(~0u)	/* vCPU */

/* What mark @entry has of a slot, or of all, summed over it */
static struct exit_trace_slot exit_trace_log_sum(const struct exit_trace_log *log,
						 u32 entry, u32 slot)
{
	struct exit_trace_slot sum = { };
	u32 i;

	for (i = exit_trace_log_begin(log, entry); i < log->end[entry]; i++)
		if (slot == KVM_EXIT_TRACE_SLOT_SUM || slot == log->slot[i].nr)
			exit_trace_add(&sum, &log->slot[i].counts);
	return sum;
}

static struct cpuid_regs exit_trace_undefined(void)
{
	return (struct cpuid_regs) { .edx = KVM_EXIT_TRACE_UNDEFINED };
}

static struct cpuid_regs exit_trace_pair(u64 count, u64 cycles)
{
	return (struct cpuid_regs) {
		.eax = lower_32_bits(count),
		.ebx = upper_32_bits(count),
		.ecx = lower_32_bits(cycles),
		.edx = upper_32_bits(cycles),
	};
}

/*
 * The slot of an exit reason which the vendor's manual defines, or NR_SLOTS.
 * SDM vol. 3, table C-1; APM vol. 2, table C-1.
 */
static u32 exit_trace_reason_slot(const struct exit_trace_vm *vm, u32 reason)
{
	static const u64 vmx_defined[] = {
		~(BIT_ULL(35) | BIT_ULL(38) | BIT_ULL(42)),
		GENMASK_ULL(81 - 64, 0) & ~BIT_ULL(71 - 64),
	};

	if (vm->vendor == KVM_EXIT_TRACE_VENDOR_SVM) {
		if (reason <= 0xa6 || (reason >= SVM_EXIT_NPF &&
				       reason <= SVM_EXIT_VMGEXIT) ||
		    reason == (u32)SVM_EXIT_ERR)
			return exit_trace_svm_slot(reason);
		return KVM_EXIT_TRACE_NR_SLOTS;
	}

	if (reason >= KVM_EXIT_TRACE_VMX_DIRECT)
		return KVM_EXIT_TRACE_NR_SLOTS;
	reason = array_index_nospec(reason, KVM_EXIT_TRACE_VMX_DIRECT);
	if (!(vmx_defined[reason / 64] & BIT_ULL(reason % 64)))
		return KVM_EXIT_TRACE_NR_SLOTS;
	return reason;
}

static struct cpuid_regs exit_trace_leaf_reason(const struct exit_trace_vm *vm,
						u32 reason)
{
	u32 slot = exit_trace_reason_slot(vm, reason);
	const struct exit_trace_vcpu *trace;
	u64 count = 0;

	if (slot >= KVM_EXIT_TRACE_NR_SLOTS)
		return exit_trace_undefined();

	slot = array_index_nospec(slot, KVM_EXIT_TRACE_NR_SLOTS);
	for (trace = READ_ONCE(vm->vcpus); trace; trace = READ_ONCE(trace->next))
		count += READ_ONCE(trace->counts.slot[slot].count);
	return exit_trace_pair(count, 0);
}

static struct cpuid_regs exit_trace_leaf_slot(const struct exit_trace_vm *vm,
					      u32 slot)
{
	bool svm = vm->vendor == KVM_EXIT_TRACE_VENDOR_SVM;
	u32 direct = svm ? KVM_EXIT_TRACE_SVM_DIRECT : KVM_EXIT_TRACE_VMX_DIRECT;
	u32 high = slot - KVM_EXIT_TRACE_SVM_DIRECT;
	struct cpuid_regs regs = { };

	if (slot >= KVM_EXIT_TRACE_NR_SLOTS)
		return exit_trace_undefined();

	if (slot < direct) {
		regs.eax = slot;
		regs.ebx = KVM_EXIT_TRACE_KIND_HARDWARE;
	} else if (svm && high < KVM_EXIT_TRACE_SVM_HIGH_COUNT) {
		regs.eax = KVM_EXIT_TRACE_SVM_HIGH_BASE + high;
		regs.ebx = KVM_EXIT_TRACE_KIND_HARDWARE;
	} else if (svm && slot == KVM_EXIT_TRACE_SLOT_INVALID) {
		regs.eax = SVM_EXIT_ERR;
		regs.ebx = KVM_EXIT_TRACE_KIND_HARDWARE;
	} else if (!svm && (slot == KVM_EXIT_TRACE_SLOT_EMULATION ||
			    slot == KVM_EXIT_TRACE_SLOT_VMFAIL)) {
		regs.ebx = KVM_EXIT_TRACE_KIND_SYNTHETIC;
	} else if (slot == KVM_EXIT_TRACE_SLOT_OTHER) {
		regs.ebx = KVM_EXIT_TRACE_KIND_OTHER;
	}
	return regs;
}

static struct exit_trace_vcpu *exit_trace_find(const struct exit_trace_vm *vm,
					       u32 idx)
{
	struct exit_trace_vcpu *trace = READ_ONCE(vm->vcpus);

	while (trace && idx--)
		trace = READ_ONCE(trace->next);
	return trace;
}

static struct cpuid_regs exit_trace_leaf_vcpu(struct kvm_vcpu *vcpu,
					      const struct exit_trace_vm *vm,
					      u32 idx)
{
	const struct exit_trace_vcpu *trace = exit_trace_find(vm, idx);

	if (!trace)
		return exit_trace_undefined();
	return (struct cpuid_regs) {
		.eax = trace->vcpu->vcpu_id,
		.ebx = trace->vcpu == vcpu,
	};
}

/*
 * Which slot, or SLOT_SUM, and which clock bits 11:0 of @index ask for; false
 * if there is no such.
 */
static bool exit_trace_parse(u32 index, u32 *slot, u32 *clock)
{
	*clock = (index & KVM_EXIT_TRACE_INDEX_CLOCK) >> KVM_EXIT_TRACE_CLOCK_SHIFT;
	*slot = index & KVM_EXIT_TRACE_INDEX_SLOT;
	if (*clock >= KVM_EXIT_TRACE_NR_CLOCKS)
		return false;
	*clock = array_index_nospec(*clock, KVM_EXIT_TRACE_NR_CLOCKS);

	if (*slot == KVM_EXIT_TRACE_SLOT_SUM)
		return true;
	if (*slot >= KVM_EXIT_TRACE_NR_SLOTS)
		return false;
	*slot = array_index_nospec(*slot, KVM_EXIT_TRACE_NR_SLOTS);
	return true;
}

static const struct exit_trace_slot *
exit_trace_slot_of(const struct exit_trace_counts *counts, u32 slot)
{
	return slot == KVM_EXIT_TRACE_SLOT_SUM ? &counts->sum : &counts->slot[slot];
}

static struct cpuid_regs exit_trace_leaf_read(const struct exit_trace_vm *vm,
					      u32 index)
{
	u32 owner = index >> KVM_EXIT_TRACE_OWNER_SHIFT;
	const struct exit_trace_vcpu *trace;
	const struct exit_trace_slot *from;
	u64 count = 0, cycles = 0;
	bool found = false;
	u32 slot, clock, idx = 0;

	if (index & KVM_EXIT_TRACE_INDEX_RESERVED ||
	    !exit_trace_parse(index, &slot, &clock))
		return exit_trace_undefined();

	for (trace = READ_ONCE(vm->vcpus); trace; trace = READ_ONCE(trace->next)) {
		if (owner != KVM_EXIT_TRACE_ALL_VCPUS && owner != idx++)
			continue;
		from = exit_trace_slot_of(&trace->counts, slot);
		count += READ_ONCE(from->count);
		cycles += READ_ONCE(from->cycles[clock]);
		found = true;
	}
	return found ? exit_trace_pair(count, cycles) : exit_trace_undefined();
}

static struct cpuid_regs exit_trace_leaf_own(const struct exit_trace_vcpu *self,
					     const struct exit_trace_vm *vm)
{
	const struct exit_trace_vcpu *trace;
	u64 others = 0;

	for (trace = READ_ONCE(vm->vcpus); trace; trace = READ_ONCE(trace->next))
		if (trace != self)
			others += READ_ONCE(trace->counts.sum.count);
	return exit_trace_pair(self->counts.sum.count, others);
}

static struct cpuid_regs exit_trace_leaf_latch(struct exit_trace_vcpu *self,
					       struct exit_trace_vm *vm, u32 owner)
{
	const struct exit_trace_vcpu *trace;
	struct cpuid_regs regs;
	bool whole;

	if (owner == KVM_EXIT_TRACE_ALL_VCPUS) {
		whole = exit_trace_copy_all(&self->latch, vm);
	} else {
		trace = exit_trace_find(vm, owner);
		if (!trace)
			return exit_trace_undefined();
		whole = exit_trace_copy(&self->latch, trace);
	}

	regs = exit_trace_pair(self->latch.sum.count, 0);
	regs.ecx = whole ? 0 : KVM_EXIT_TRACE_LATCH_TORN;
	return regs;
}

static struct cpuid_regs exit_trace_leaf_mark(struct kvm_vcpu *vcpu,
					      struct exit_trace_vm *vm, u32 phase)
{
	struct exit_trace_mark *mark;

	if (phase > U8_MAX)
		return exit_trace_undefined();

	mark = exit_trace_mark(vcpu, vm, phase);
	if (!mark)
		return exit_trace_undefined();
	return (struct cpuid_regs) {
		.eax = mark - vm->log,
		.ebx = lower_32_bits(mark->total),
		.ecx = upper_32_bits(mark->total),
	};
}

static struct cpuid_regs exit_trace_leaf_log_entry(const struct exit_trace_vm *vm,
						   u32 entry)
{
	const struct exit_trace_mark *mark;

	if (entry >= vm->log_len)
		return exit_trace_undefined();

	mark = &vm->log[array_index_nospec(entry, EXIT_TRACE_LOG_CAPACITY)];
	return (struct cpuid_regs) {
		.eax = mark->phase,
		.ebx = mark->vcpu_idx,
		.ecx = lower_32_bits(mark->guest_tsc),
		.edx = upper_32_bits(mark->guest_tsc),
	};
}

static struct cpuid_regs exit_trace_leaf_read_latch(const struct exit_trace_vcpu *self,
						    u32 index)
{
	const struct exit_trace_slot *from;
	u32 slot, clock;

	if (index >> KVM_EXIT_TRACE_OWNER_SHIFT ||
	    index & KVM_EXIT_TRACE_INDEX_RESERVED ||
	    !exit_trace_parse(index, &slot, &clock))
		return exit_trace_undefined();
	from = exit_trace_slot_of(&self->latch, slot);
	return exit_trace_pair(from->count, from->cycles[clock]);
}

/* @idx: one vCPU's part of the mark, or EXIT_TRACE_ANY */
static struct cpuid_regs exit_trace_leaf_read_log(const struct exit_trace_vm *vm,
						  u32 entry, u32 idx, u32 index)
{
	const struct exit_trace_vcpu *trace;
	struct exit_trace_slot sum = { }, part;
	u32 slot, clock, i = 0;
	bool found = false;

	if (entry >= vm->log_len || !exit_trace_parse(index, &slot, &clock))
		return exit_trace_undefined();
	entry = array_index_nospec(entry, EXIT_TRACE_LOG_CAPACITY);

	for (trace = READ_ONCE(vm->vcpus); trace; trace = READ_ONCE(trace->next)) {
		if (idx != EXIT_TRACE_ANY && idx != i++)
			continue;
		part = exit_trace_log_sum(&trace->log, entry, slot);
		exit_trace_add(&sum, &part);
		found = true;
	}
	return found ? exit_trace_pair(sum.count, sum.cycles[clock]) :
		       exit_trace_undefined();
}

/* Leaves that read or write what vm->lock protects */
static struct cpuid_regs exit_trace_locked(struct kvm_vcpu *vcpu,
					   struct exit_trace_vcpu *self,
					   struct exit_trace_vm *vm,
					   u32 leaf, u32 index)
{
	switch (leaf) {
	case KVM_EXIT_TRACE_LEAF_LATCH:
		return exit_trace_leaf_latch(self, vm, index);
	case KVM_EXIT_TRACE_LEAF_READ_LATCH:
		return exit_trace_leaf_read_latch(self, index);
	case KVM_EXIT_TRACE_LEAF_MARK:
		return exit_trace_leaf_mark(vcpu, vm, index);
	case KVM_EXIT_TRACE_LEAF_LOG:
		return (struct cpuid_regs) { vm->log_len, EXIT_TRACE_LOG_CAPACITY,
					     vm->log_dropped, 0 };
	case KVM_EXIT_TRACE_LEAF_LOG_ENTRY:
		return exit_trace_leaf_log_entry(vm, index);
	case KVM_EXIT_TRACE_LEAF_READ_LOG:
		if (index & KVM_EXIT_TRACE_INDEX_RESERVED)
			return exit_trace_undefined();
		return exit_trace_leaf_read_log(vm, index >> KVM_EXIT_TRACE_OWNER_SHIFT,
						EXIT_TRACE_ANY, index);
	case KVM_EXIT_TRACE_LEAF_READ_LOG_VCPU:
		return exit_trace_leaf_read_log(vm, index >> KVM_EXIT_TRACE_ENTRY_SHIFT,
						(index & KVM_EXIT_TRACE_INDEX_VCPU) >>
						KVM_EXIT_TRACE_VCPU_SHIFT, index);
	default:
		return exit_trace_undefined();
	}
}

static noinline struct cpuid_regs
exit_trace_class(struct kvm_vcpu *vcpu, struct exit_trace_vcpu *self,
		 struct exit_trace_vm *vm, u32 leaf, u32 index)
{
	struct cpuid_regs regs;

	switch (leaf) {
	case KVM_EXIT_TRACE_LEAF_SIGNATURE:
		return (struct cpuid_regs) { KVM_EXIT_TRACE_LEAF_MAX,
					     KVM_EXIT_TRACE_SIGNATURE_EBX,
					     KVM_EXIT_TRACE_SIGNATURE_ECX,
					     KVM_EXIT_TRACE_SIGNATURE_EDX };
	case KVM_EXIT_TRACE_LEAF_ABI:
		return (struct cpuid_regs) { KVM_EXIT_TRACE_REVISION, vm->vendor,
					     KVM_EXIT_TRACE_FEATURE_LATCH |
					     KVM_EXIT_TRACE_FEATURE_LOG |
					     KVM_EXIT_TRACE_FEATURE_PORT |
					     KVM_EXIT_TRACE_FEATURE_SPLIT,
					     vm->flags };
	case KVM_EXIT_TRACE_LEAF_SIZE:
		return (struct cpuid_regs) { READ_ONCE(vm->nr_vcpus),
					     KVM_EXIT_TRACE_NR_SLOTS, vm->epoch,
					     tsc_khz };
	case KVM_EXIT_TRACE_LEAF_SLOT:
		return exit_trace_leaf_slot(vm, index);
	case KVM_EXIT_TRACE_LEAF_VCPU:
		return exit_trace_leaf_vcpu(vcpu, vm, index);
	case KVM_EXIT_TRACE_LEAF_READ:
		return exit_trace_leaf_read(vm, index);
	case KVM_EXIT_TRACE_LEAF_OWN:
		return exit_trace_leaf_own(self, vm);
	default:
		mutex_lock(&vm->lock);
		regs = exit_trace_locked(vcpu, self, vm, leaf, index);
		mutex_unlock(&vm->lock);
		return regs;
	}
}

static struct cpuid_regs exit_trace_leaf(struct kvm_vcpu *vcpu,
					 struct exit_trace_vcpu *self,
					 struct exit_trace_vm *vm,
					 u32 leaf, u32 index)
{
	const struct exit_trace_vcpu *trace;
	u64 total = 0, cycles = 0;

	if (leaf < KVM_EXIT_TRACE_LEAF_TOTAL)
		return exit_trace_class(vcpu, self, vm, leaf, index);
	if (leaf == KVM_EXIT_TRACE_LEAF_REASON)
		return exit_trace_leaf_reason(vm, index);

	for (trace = READ_ONCE(vm->vcpus); trace; trace = READ_ONCE(trace->next)) {
		total += READ_ONCE(trace->counts.sum.count);
		cycles += READ_ONCE(trace->counts.sum.cycles[KVM_EXIT_TRACE_CLOCK_KVM]);
	}

	if (leaf == KVM_EXIT_TRACE_LEAF_TOTAL)
		return exit_trace_pair(total, 0);
	if (leaf == KVM_EXIT_TRACE_LEAF_CYCLES)
		total = 0;
	return (struct cpuid_regs) {
		.eax = lower_32_bits(total),
		.ebx = upper_32_bits(cycles),
		.ecx = lower_32_bits(cycles),
		.edx = upper_32_bits(total),
	};
}

bool __exit_trace_cpuid(struct kvm_vcpu *vcpu, u32 *eax, u32 *ebx, u32 *ecx,
			u32 *edx)
{
	struct exit_trace_vcpu *self = vcpu->arch.exit_trace;
	u32 leaf = *eax, index = *ecx;
	struct cpuid_regs regs;

	if (unlikely(!self))
		return false;

	regs = exit_trace_leaf(vcpu, self, vcpu->kvm->arch.exit_trace, leaf, index);
	*eax = regs.eax;
	*ebx = regs.ebx;
	*ecx = regs.ecx;
	*edx = regs.edx;
	trace_kvm_cpuid(leaf, index, *eax, *ebx, *ecx, *edx, true, false);
	return true;
}
