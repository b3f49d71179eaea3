// SPDX-License-Identifier: GPL-2.0-only
/*
 * The answers to the guest's CPUID leaves: docs/abi.md, section 3.
 */
#include <linux/bitmap.h>
#include <linux/bits.h>
#include <asm/tsc.h>
#include <asm/vmx.h>

#include "x86.h"
#include "cpuid.h"
#include "trace.h"
#include "exit_trace_vm.h"

#define EXIT_TRACE_ANY		(~0u)	/* vCPU */

/* Add to @sum what mark @entry has of one slot, or of all. */
static void exit_trace_log_sum(struct exit_trace_sum *sum, const struct exit_trace_log *log,
			       u32 entry, u32 slot)
{
	DECLARE_BITMAP(seen, EXIT_TRACE_SLOTS) = { };
	u32 i, nr;

	for (i = log->end[entry]; i--; ) {	/* a slot's last value counts */
		nr = log->nr[i];
		if ((slot == KVM_EXIT_TRACE_SLOT_SUM || slot == nr) &&
		    !__test_and_set_bit(nr, seen))
			exit_trace_add(sum, &log->slot[i]);
	}
	sum->cycles[KVM_EXIT_TRACE_CLOCK_GUEST] += log->guest[entry];
	sum->cycles[KVM_EXIT_TRACE_CLOCK_ELAPSED] += log->elapsed[entry];
}

/* The index in our arrays of a slot below KVM_EXIT_TRACE_NR_SLOTS */
static u32 exit_trace_index(u32 slot)
{
	return array_index_nospec(min_t(u32, slot, EXIT_TRACE_SLOTS - 1), EXIT_TRACE_SLOTS);
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
 * The slot of an exit reason, or NR_SLOTS if the vendor's manual does not define
 * the reason: SDM vol. 3, table C-1; APM vol. 2, table C-1.
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

	slot = exit_trace_index(slot);
	for (trace = READ_ONCE(vm->vcpus); trace; trace = READ_ONCE(trace->next))
		count += READ_ONCE(trace->slot[slot].count);
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
 * Parse the slot, or SLOT_SUM, and the clock in bits 11:0 of @index.  False: one
 * of them does not exist.  The last two clocks exist for SLOT_SUM only.
 */
static bool exit_trace_parse(u32 index, u32 *slot, u32 *clock)
{
	u32 nr_clocks = KVM_EXIT_TRACE_NR_CLOCKS;

	*clock = (index & KVM_EXIT_TRACE_INDEX_CLOCK) >> KVM_EXIT_TRACE_CLOCK_SHIFT;
	*slot = index & KVM_EXIT_TRACE_INDEX_SLOT;
	if (*slot == KVM_EXIT_TRACE_SLOT_SUM) {
		nr_clocks = KVM_EXIT_TRACE_CLOCK_ELAPSED + 1;
	} else {
		if (*slot >= KVM_EXIT_TRACE_NR_SLOTS)
			return false;
		*slot = exit_trace_index(*slot);
	}

	if (*clock >= nr_clocks)
		return false;
	*clock = array_index_nospec(*clock, nr_clocks);
	return true;
}

static struct cpuid_regs exit_trace_leaf_read(const struct exit_trace_vm *vm,
					      u32 index)
{
	u32 owner = index >> KVM_EXIT_TRACE_OWNER_SHIFT;
	const struct exit_trace_vcpu *trace;
	u64 count = 0, cycles = 0;
	bool found = false;
	u32 slot, clock, idx = 0;

	if (index & KVM_EXIT_TRACE_INDEX_RESERVED ||
	    !exit_trace_parse(index, &slot, &clock))
		return exit_trace_undefined();

	for (trace = READ_ONCE(vm->vcpus); trace; trace = READ_ONCE(trace->next)) {
		if (owner != KVM_EXIT_TRACE_ALL_VCPUS && owner != idx++)
			continue;
		if (slot == KVM_EXIT_TRACE_SLOT_SUM) {
			count += exit_trace_total(trace);
			cycles += exit_trace_cycles(trace, clock);
		} else {
			count += READ_ONCE(trace->slot[slot].count);
			cycles += READ_ONCE(trace->slot[slot].cycles[clock]);
		}
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
			others += exit_trace_total(trace);
	return exit_trace_pair(exit_trace_total(self), others);
}

static struct cpuid_regs exit_trace_leaf_latch(struct exit_trace_vcpu *self,
					       struct exit_trace_vm *vm, u32 owner)
{
	const struct exit_trace_vcpu *only = NULL;
	struct cpuid_regs regs;
	bool whole;

	if (owner != KVM_EXIT_TRACE_ALL_VCPUS) {
		only = exit_trace_find(vm, owner);
		if (!only)
			return exit_trace_undefined();
	}
	whole = exit_trace_latch(&self->latch, vm, only);

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

	mark = exit_trace_mark(vm, vcpu, vcpu->vcpu_idx, phase);
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
	const struct exit_trace_latch *latch = &self->latch;
	u32 slot, clock, i;

	if (index >> KVM_EXIT_TRACE_OWNER_SHIFT ||
	    index & KVM_EXIT_TRACE_INDEX_RESERVED ||
	    !exit_trace_parse(index, &slot, &clock))
		return exit_trace_undefined();
	if (slot == KVM_EXIT_TRACE_SLOT_SUM)
		return exit_trace_pair(latch->sum.count, latch->sum.cycles[clock]);

	for (i = 0; i < latch->len; i++)
		if (latch->nr[i] == slot)
			return exit_trace_pair(latch->slot[i].count, latch->slot[i].cycles[clock]);
	return exit_trace_pair(0, 0);
}

/* @idx: one vCPU's part of the mark, or EXIT_TRACE_ANY */
static struct cpuid_regs exit_trace_leaf_read_log(const struct exit_trace_vm *vm,
						  u32 entry, u32 idx, u32 index)
{
	const struct exit_trace_vcpu *trace;
	struct exit_trace_sum sum = { };
	u32 slot, clock, i = 0;
	bool found = false;

	if (entry >= vm->log_len || !exit_trace_parse(index, &slot, &clock))
		return exit_trace_undefined();
	entry = array_index_nospec(entry, EXIT_TRACE_LOG_CAPACITY);

	for (trace = READ_ONCE(vm->vcpus); trace; trace = READ_ONCE(trace->next)) {
		if (idx != EXIT_TRACE_ANY && idx != i++)
			continue;
		exit_trace_log_sum(&sum, &trace->log, entry, slot);
		found = true;
	}
	return found ? exit_trace_pair(sum.count, sum.cycles[clock]) :
		       exit_trace_undefined();
}

static struct cpuid_regs exit_trace_leaf_histogram(const struct exit_trace_vm *vm, u32 index)
{
	u32 group = (index & KVM_EXIT_TRACE_INDEX_GROUP) >> KVM_EXIT_TRACE_GROUP_SHIFT;
	u32 owner = index >> KVM_EXIT_TRACE_OWNER_SHIFT;
	u32 slot = index & KVM_EXIT_TRACE_INDEX_SLOT;
	const struct exit_trace_vcpu *trace;
	u64 bucket[4] = { };
	bool found = false;
	u32 i, idx = 0;

	if (index & KVM_EXIT_TRACE_INDEX_NO_GROUP || slot >= KVM_EXIT_TRACE_NR_SLOTS)
		return exit_trace_undefined();
	slot = exit_trace_index(slot);

	for (trace = READ_ONCE(vm->vcpus); trace; trace = READ_ONCE(trace->next)) {
		if ((owner != KVM_EXIT_TRACE_ALL_VCPUS && owner != idx++) || !trace->histogram)
			continue;
		for (i = 0; i < 4; i++)
			bucket[i] += exit_trace_bucket(trace->histogram, slot, 4 * group + i);
		found = true;
	}
	if (!found)
		return exit_trace_undefined();

	/* A full bucket must not look like the answer KVM_EXIT_TRACE_UNDEFINED. */
	for (i = 0; i < 4; i++)
		bucket[i] = min_t(u64, bucket[i], U32_MAX - 1);
	return (struct cpuid_regs) { bucket[0], bucket[1], bucket[2], bucket[3] };
}

/* The sites of the vCPU that bits 31:16 of @index name, or NULL */
static const struct exit_trace_sites *exit_trace_sites_of(const struct exit_trace_vm *vm,
							  u32 index)
{
	const struct exit_trace_vcpu *trace;

	trace = exit_trace_find(vm, index >> KVM_EXIT_TRACE_OWNER_SHIFT);
	return trace ? trace->sites : NULL;
}

static struct cpuid_regs exit_trace_leaf_site(const struct exit_trace_vm *vm, u32 index)
{
	const struct exit_trace_sites *sites = exit_trace_sites_of(vm, index);
	u32 position = index & KVM_EXIT_TRACE_INDEX_POSITION;
	const struct exit_trace_site *site;
	struct cpuid_regs regs;
	u64 count;

	if (!sites || index & KVM_EXIT_TRACE_INDEX_NO_PART || position >= EXIT_TRACE_SITES)
		return exit_trace_undefined();

	site = &sites->site[array_index_nospec(position, EXIT_TRACE_SITES)];
	count = smp_load_acquire(&site->count); /* pairs with exit_trace_site_add() */
	if (!count)
		return exit_trace_pair(0, 0);
	if (index & KVM_EXIT_TRACE_INDEX_PART)
		return exit_trace_pair(site->code, READ_ONCE(site->rip));
	regs = exit_trace_pair(count, 0);
	regs.ecx = site->entry << KVM_EXIT_TRACE_SITE_ENTRY_SHIFT | site->slot;
	regs.edx = min_t(u32, READ_ONCE(site->votes), KVM_EXIT_TRACE_UNDEFINED - 1);
	return regs;
}

static struct cpuid_regs exit_trace_leaf_sites_lost(const struct exit_trace_vm *vm, u32 index)
{
	const struct exit_trace_sites *sites = exit_trace_sites_of(vm, index);
	u32 slot = (u16)index;

	if (!sites || slot >= KVM_EXIT_TRACE_NR_SLOTS)
		return exit_trace_undefined();
	slot = exit_trace_index(slot);
	return exit_trace_pair(READ_ONCE(sites->lost[slot]), 0);
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

static u32 exit_trace_features(const struct exit_trace_vcpu *self)
{
	u32 features = KVM_EXIT_TRACE_FEATURE_LATCH | KVM_EXIT_TRACE_FEATURE_LOG |
		       KVM_EXIT_TRACE_FEATURE_PORT | KVM_EXIT_TRACE_FEATURE_SPLIT |
		       KVM_EXIT_TRACE_FEATURE_GUEST;

	if (self->histogram)
		features |= KVM_EXIT_TRACE_FEATURE_HISTOGRAM;
	if (self->sites)
		features |= KVM_EXIT_TRACE_FEATURE_SITES;
	if (exit_trace_page_offered(self->vcpu))
		features |= KVM_EXIT_TRACE_FEATURE_PAGE;
	return features;
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
					     exit_trace_features(self), READ_ONCE(vm->flags) };
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
		WRITE_ONCE(vm->observer, vcpu);
		return exit_trace_leaf_own(self, vm);
	case KVM_EXIT_TRACE_LEAF_HISTOGRAM:
		return exit_trace_leaf_histogram(vm, index);
	case KVM_EXIT_TRACE_LEAF_SITE:
		return exit_trace_leaf_site(vm, index);
	case KVM_EXIT_TRACE_LEAF_SITES_LOST:
		return exit_trace_leaf_sites_lost(vm, index);
	case KVM_EXIT_TRACE_LEAF_EPOCH:
		return exit_trace_pair(READ_ONCE(vm->began), READ_ONCE(vm->epoch));
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
		total += exit_trace_total(trace);
		cycles += exit_trace_cycles(trace, KVM_EXIT_TRACE_CLOCK_KVM);
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

/* The vCPU is traced, and @eax is a leaf from KVM_EXIT_TRACE_LEAF_SIGNATURE to _BOTH. */
void __exit_trace_cpuid(struct kvm_vcpu *vcpu, u32 *eax, u32 *ebx, u32 *ecx,
			u32 *edx)
{
	u32 leaf = *eax, index = *ecx;
	struct cpuid_regs regs;

	regs = exit_trace_leaf(vcpu, vcpu->arch.exit_trace, vcpu->kvm->arch.exit_trace,
			       leaf, index);
	*eax = regs.eax;
	*ebx = regs.ebx;
	*ecx = regs.ecx;
	*edx = regs.edx;
	trace_kvm_cpuid(leaf, index, *eax, *ebx, *ecx, *edx, true, false);
}

void __exit_trace_emulate_cpuid(struct kvm_vcpu *vcpu)
{
	u32 eax = kvm_rax_read(vcpu), ebx, ecx = kvm_rcx_read(vcpu), edx;

	__exit_trace_cpuid(vcpu, &eax, &ebx, &ecx, &edx);
	kvm_rax_write(vcpu, eax);
	kvm_rbx_write(vcpu, ebx);
	kvm_rcx_write(vcpu, ecx);
	kvm_rdx_write(vcpu, edx);
}
