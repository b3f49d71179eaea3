// SPDX-License-Identifier: GPL-2.0-only
/* The model of the leaves: docs/abi.md, sections 2 and 3, leaf by leaf. */
#include "tests/fuzz/core/model.h"

#define UNDEFINED ((struct cpuid_regs) { .edx = KVM_EXIT_TRACE_UNDEFINED })

static struct cpuid_regs words(u64 a, u64 b)
{
	return (struct cpuid_regs) { a, a >> 32, b, b >> 32 };
}

/* One vCPU's part, or with ALL_VCPUS all of them; false: no such vCPU */
static bool gather(struct snapshot *to, const struct model_vm *vm, u32 owner, int entry)
{
	struct snapshot one;
	u32 i, j;

	memset(to, 0, sizeof(*to));
	for (i = 0; i < vm->nr_traced; i++) {
		if (owner != KVM_EXIT_TRACE_ALL_VCPUS && owner != i)
			continue;
		if (entry < 0)
			model_take(&one, &vm->vcpu[i]);
		else
			one = vm->vcpu[i].log[entry];
		for (j = 0; j < SLOTS; j++)
			model_add(&to->slot[j], &one.slot[j]);
		to->guest += one.guest;
		to->elapsed += one.elapsed;
	}
	return vm->nr_traced && (owner == KVM_EXIT_TRACE_ALL_VCPUS || owner < vm->nr_traced);
}

/* A snapshot's counts of a slot or of all, and of a clock, by bits 11:0 of an index */
static struct cpuid_regs pick(const struct snapshot *from, u32 index)
{
	u32 slot = index & 0xff, clock = index >> 8 & 0xf;
	struct counted total = model_total(from);

	if (slot == 0xff && clock < 6)
		return words(total.count, clock == 4 ? from->guest : clock == 5 ? from->elapsed :
			     total.cycles[clock]);
	if (slot >= SLOTS || clock >= CLOCKS)
		return UNDEFINED;
	return words(from->slot[slot].count, from->slot[slot].cycles[clock]);
}

/* The numbers that the manuals define: SDM vol. 3, table C-1; APM vol. 2, table C-1 */
static bool defined(u32 reason)
{
	if (kernel.svm)
		return reason <= 0xa6 || (reason >= 0x400 && reason <= 0x403) ||
		       reason == 0xffffffff;
	return reason <= 81 && reason != 35 && reason != 38 && reason != 42 && reason != 71;
}

static struct cpuid_regs fixed(const struct model_vm *vm, u32 leaf, u32 index)
{
	struct cpuid_regs regs = { };
	struct snapshot all;
	struct counted total;

	gather(&all, vm, KVM_EXIT_TRACE_ALL_VCPUS, -1);
	total = model_total(&all);
	if (leaf == KVM_EXIT_TRACE_LEAF_TOTAL)
		return words(total.count, 0);
	if (leaf == KVM_EXIT_TRACE_LEAF_REASON)
		return defined(index) ? words(all.slot[model_slot(index)].count, 0) : UNDEFINED;
	regs.ebx = total.cycles[0] >> 32;
	regs.ecx = total.cycles[0];
	if (leaf == KVM_EXIT_TRACE_LEAF_BOTH) {
		regs.eax = total.count;
		regs.edx = total.count >> 32;
	}
	return regs;
}

static struct cpuid_regs slot_leaf(u32 slot)
{
	if (slot >= SLOTS)
		return UNDEFINED;
	if (slot == KVM_EXIT_TRACE_SLOT_OTHER)
		return (struct cpuid_regs) { 0, KVM_EXIT_TRACE_KIND_OTHER };
	if (kernel.svm && slot < 168)
		return (struct cpuid_regs) { slot, KVM_EXIT_TRACE_KIND_HARDWARE };
	if (kernel.svm && slot < 176)
		return (struct cpuid_regs) { slot - 168 + 0x400, KVM_EXIT_TRACE_KIND_HARDWARE };
	if (kernel.svm && slot == 176)
		return (struct cpuid_regs) { 0xffffffff, KVM_EXIT_TRACE_KIND_HARDWARE };
	if (!kernel.svm && slot < 128)
		return (struct cpuid_regs) { slot, KVM_EXIT_TRACE_KIND_HARDWARE };
	if (!kernel.svm && (slot == 177 || slot == 178))
		return (struct cpuid_regs) { 0, KVM_EXIT_TRACE_KIND_SYNTHETIC };
	return (struct cpuid_regs) { };
}

/* Slots take places in the order in which they come.  The last place is for all that do not fit. */
void model_latch(struct snapshot *to, const struct model_vm *vm, u32 owner, bool has[SLOTS])
{
	struct snapshot one;
	u32 i, j, at, nr = 0;

	memset(to, 0, sizeof(*to));
	memset(has, 0, SLOTS * sizeof(has[0]));
	for (i = 0; i < vm->nr_traced; i++) {
		if (owner != KVM_EXIT_TRACE_ALL_VCPUS && owner != i)
			continue;
		model_copy(&one, &vm->vcpu[i]);
		for (j = 0; j < SLOTS; j++) {
			at = j;
			if (!one.slot[j].count)
				continue;
			if (!has[j] && nr >= LATCH_SLOTS - 1)
				at = KVM_EXIT_TRACE_SLOT_OTHER;
			nr += !has[at];
			has[at] = true;
			model_add(&to->slot[at], &one.slot[j]);
		}
		to->guest += one.guest;
		to->elapsed += one.elapsed;
	}
}

static struct cpuid_regs latch(struct model_vm *vm, struct model_vcpu *vcpu, u32 owner)
{
	bool has[SLOTS];

	if (owner != KVM_EXIT_TRACE_ALL_VCPUS && owner >= vm->nr_traced)
		return UNDEFINED;
	model_latch(&vcpu->latch, vm, owner, has);
	return words(model_total(&vcpu->latch).count, 0);
}

static struct cpuid_regs histogram(const struct model_vm *vm, u32 index)
{
	u32 owner = index >> 16, group = index >> 8 & 7, slot = index & 0xff, i, j;
	u64 bucket[4] = { };
	bool found = false;

	if (index & 0xf800 || slot >= SLOTS)
		return UNDEFINED;
	for (i = 0; i < vm->nr_traced; i++) {
		if ((owner != KVM_EXIT_TRACE_ALL_VCPUS && owner != i) || !vm->vcpu[i].histogram)
			continue;
		found = true;
		for (j = 0; j < 4; j++)
			bucket[j] += vm->vcpu[i].bucket[slot][4 * group + j];
	}
	for (j = 0; j < 4; j++)
		if (bucket[j] > 0xfffffffe)
			bucket[j] = 0xfffffffe;
	return found ? (struct cpuid_regs) { bucket[0], bucket[1], bucket[2], bucket[3] } : UNDEFINED;
}

/* Both leaves of sites, by the tracer's own table, which model_site_check() checks */
static struct cpuid_regs site(const struct model_vm *vm, u32 leaf, u32 index)
{
	const struct exit_trace_sites *sites;
	const struct exit_trace_site *at;
	struct cpuid_regs regs;
	u32 idx = index >> 16;

	if (idx >= vm->nr_traced || !vm->vcpu[idx].sites)
		return UNDEFINED;
	sites = vm->vcpu[idx].kvm->arch.exit_trace->sites;
	if (leaf == KVM_EXIT_TRACE_LEAF_SITES_LOST)
		return (u16)index >= SLOTS ? UNDEFINED :
		       words((u16)index < EXIT_TRACE_SLOTS ? sites->lost[(u16)index] : 0, 0);
	if (index & 0xe000 || (index & 0xfff) >= SITES)
		return UNDEFINED;
	at = &sites->site[index & 0xfff];
	if (!at->count)
		return words(0, 0);
	if (index & 0x1000)
		return words(at->code, at->rip);
	regs = words(at->count, at->entry << 8 | at->slot);
	regs.edx = at->votes;
	return regs;
}

static struct cpuid_regs log_entry(const struct model_vm *vm, u32 entry)
{
	const struct model_mark *mark = &vm->log[entry % LOG_ENTRIES];

	if (entry >= vm->log_len)
		return UNDEFINED;
	return (struct cpuid_regs) { mark->phase, mark->vcpu, mark->tsc, mark->tsc >> 32 };
}

static struct cpuid_regs read_log(const struct model_vm *vm, u32 entry, u32 owner, u32 index)
{
	struct snapshot part;

	if (entry >= vm->log_len || !gather(&part, vm, owner, entry))
		return UNDEFINED;
	return pick(&part, index);
}

static struct cpuid_regs mark(struct model_vm *vm, u32 vcpu, u32 phase)
{
	u64 total;

	if (phase > 0xff || !model_mark(vm, vcpu, phase))
		return UNDEFINED;
	total = vm->log[vm->log_len - 1].total;
	return (struct cpuid_regs) { vm->log_len - 1, total, total >> 32 };
}

static struct cpuid_regs abi(const struct model_vm *vm, const struct model_vcpu *vcpu)
{
	u32 features = 0x1f;

	if (vcpu->histogram)
		features |= KVM_EXIT_TRACE_FEATURE_HISTOGRAM;
	if (vcpu->sites)
		features |= KVM_EXIT_TRACE_FEATURE_SITES;
	if (model.page)
		features |= KVM_EXIT_TRACE_FEATURE_PAGE;
	return (struct cpuid_regs) { KVM_EXIT_TRACE_REVISION, 1 + kernel.svm, features, vm->flags };
}

/* Leaves with which a guest writes, or reads what it wrote */
static struct cpuid_regs stored(struct model_vm *vm, u32 idx, u32 leaf, u32 index)
{
	struct model_vcpu *vcpu = &vm->vcpu[idx];

	switch (leaf) {
	case KVM_EXIT_TRACE_LEAF_LATCH:
		return latch(vm, vcpu, index);
	case KVM_EXIT_TRACE_LEAF_READ_LATCH:
		return index & ~0xfff ? UNDEFINED : pick(&vcpu->latch, index);
	case KVM_EXIT_TRACE_LEAF_MARK:
		return mark(vm, idx, index);
	case KVM_EXIT_TRACE_LEAF_LOG:
		return (struct cpuid_regs) { vm->log_len, LOG_ENTRIES, vm->log_dropped };
	case KVM_EXIT_TRACE_LEAF_LOG_ENTRY:
		return log_entry(vm, index);
	case KVM_EXIT_TRACE_LEAF_READ_LOG:
		return index & 0xf000 ? UNDEFINED :
		       read_log(vm, index >> 16, KVM_EXIT_TRACE_ALL_VCPUS, index);
	case KVM_EXIT_TRACE_LEAF_READ_LOG_VCPU:
		return read_log(vm, index >> 24, index >> 12 & 0xfff, index);
	}
	return UNDEFINED;
}

static struct cpuid_regs own(const struct model_vm *vm, const struct model_vcpu *vcpu)
{
	struct snapshot all;
	u64 total = model_total(&vcpu->now).count;

	gather(&all, vm, KVM_EXIT_TRACE_ALL_VCPUS, -1);
	return words(total, model_total(&all).count - total);
}

bool model_cpuid(struct model_vm *vm, u32 idx, struct cpuid_regs *regs)
{
	struct model_vcpu *vcpu = &vm->vcpu[idx];
	u32 leaf = regs->eax, index = regs->ecx;
	struct snapshot part;

	if (!model_answers(vcpu) || leaf < KVM_EXIT_TRACE_LEAF_SIGNATURE ||
	    leaf > KVM_EXIT_TRACE_LEAF_BOTH)
		return false;
	if (leaf >= KVM_EXIT_TRACE_LEAF_TOTAL)
		*regs = fixed(vm, leaf, index);
	else if (leaf == KVM_EXIT_TRACE_LEAF_SIGNATURE)
		*regs = (struct cpuid_regs) { KVM_EXIT_TRACE_LEAF_MAX, 0x746f6f42, 0x74697845, 0x4d564b73 };
	else if (leaf == KVM_EXIT_TRACE_LEAF_ABI)
		*regs = abi(vm, vcpu);
	else if (leaf == KVM_EXIT_TRACE_LEAF_SIZE)
		*regs = (struct cpuid_regs) { vm->nr_traced, SLOTS, vm->epoch, tsc_khz };
	else if (leaf == KVM_EXIT_TRACE_LEAF_SLOT)
		*regs = slot_leaf(index);
	else if (leaf == KVM_EXIT_TRACE_LEAF_VCPU)
		*regs = index < vm->nr_traced ?
			(struct cpuid_regs) { 2 * index + 1, index == idx } : UNDEFINED;
	else if (leaf == KVM_EXIT_TRACE_LEAF_READ)
		*regs = !(index & 0xf000) && gather(&part, vm, index >> 16, -1) ?
			pick(&part, index) : UNDEFINED;
	else if (leaf == KVM_EXIT_TRACE_LEAF_OWN)
		*regs = own(vm, vcpu);
	else if (leaf == KVM_EXIT_TRACE_LEAF_HISTOGRAM)
		*regs = histogram(vm, index);
	else if (leaf == KVM_EXIT_TRACE_LEAF_SITE || leaf == KVM_EXIT_TRACE_LEAF_SITES_LOST)
		*regs = site(vm, leaf, index);
	else if (leaf == KVM_EXIT_TRACE_LEAF_EPOCH)
		*regs = words(vm->began, vm->epoch);
	else
		*regs = stored(vm, idx, leaf, index);
	return true;
}
