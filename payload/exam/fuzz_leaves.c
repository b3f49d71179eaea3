// SPDX-License-Identifier: GPL-2.0-only
/*
 * Random leaves with random indexes, and the rules of docs/abi.md for their
 * answers.  Without the tracer there are no rules, and the VM only has to survive.
 */
#include "payload/exam/fuzz.h"

/* Does an index exist, by the rules? */
enum existence {
	NO,
	YES,
	MAYBE,		/* a mark, as the log may be full; what another vCPU's mark creates */
};

enum {
	EAX = 1,
	EBX = 2,
	ECX = 4,
	EDX = 8,
};

struct rule {
	u32 leaf;
	enum existence (*exists)(u32 index);
	u32 zero;				/* registers that must be zero in an answer */
	/* What else must hold, or NULL */
	bool (*right)(struct fuzzer *f, const struct regs *r);
};

static enum existence always(u32 index)
{
	(void)index;
	return YES;
}

static enum existence reason_exists(u32 index)
{
	u32 direct = KVM_EXIT_TRACE_VMX_DIRECT;

	if (tracer.vendor == KVM_EXIT_TRACE_VENDOR_SVM) {
		direct = KVM_EXIT_TRACE_SVM_DIRECT;
		if (index == ~0u || index - KVM_EXIT_TRACE_SVM_HIGH_BASE <
					    KVM_EXIT_TRACE_SVM_HIGH_COUNT)
			return MAYBE;
	}
	return index < direct ? MAYBE : NO;	/* the manuals' numbers have gaps */
}

static enum existence slot_exists(u32 index)
{
	return index < tracer.slots;
}

static enum existence vcpu_exists(u32 index)
{
	return index < tracer.vcpus;
}

static enum existence latch_exists(u32 index)
{
	return index == KVM_EXIT_TRACE_ALL_VCPUS || index < tracer.vcpus;
}

static enum existence mark_exists(u32 index)
{
	return index > 0xff ? NO : MAYBE;
}

static enum existence entry_exists(u32 index)
{
	return index < log_entries();
}

/* Looks at the lower half of an index that selects one counter. */
static bool counter_exists(u32 index)
{
	u32 slot = index & KVM_EXIT_TRACE_INDEX_SLOT;
	u32 clock = (index & KVM_EXIT_TRACE_INDEX_CLOCK) >> KVM_EXIT_TRACE_CLOCK_SHIFT;

	if (index & KVM_EXIT_TRACE_INDEX_RESERVED)
		return false;
	if (slot == KVM_EXIT_TRACE_SLOT_SUM && tracer_has(KVM_EXIT_TRACE_FEATURE_GUEST))
		return clock <= KVM_EXIT_TRACE_CLOCK_ELAPSED;
	return (slot == KVM_EXIT_TRACE_SLOT_SUM || slot < tracer.slots) &&
	       clock < KVM_EXIT_TRACE_NR_CLOCKS;
}

static enum existence read_exists(u32 index)
{
	return counter_exists(index) && latch_exists(index >> KVM_EXIT_TRACE_OWNER_SHIFT);
}

static enum existence read_latch_exists(u32 index)
{
	return counter_exists(index) && !(index >> KVM_EXIT_TRACE_OWNER_SHIFT);
}

static enum existence read_log_exists(u32 index)
{
	return counter_exists(index) && entry_exists(index >> KVM_EXIT_TRACE_OWNER_SHIFT);
}

static enum existence read_log_vcpu_exists(u32 index)
{
	u32 vcpu = (index & KVM_EXIT_TRACE_INDEX_VCPU) >> KVM_EXIT_TRACE_VCPU_SHIFT;

	return counter_exists(index & ~KVM_EXIT_TRACE_INDEX_VCPU) && vcpu_exists(vcpu) &&
	       entry_exists(index >> KVM_EXIT_TRACE_ENTRY_SHIFT);
}

static enum existence histogram_exists(u32 index)
{
	return tracer_has(KVM_EXIT_TRACE_FEATURE_HISTOGRAM) &&
	       !(index & KVM_EXIT_TRACE_INDEX_NO_GROUP) &&
	       slot_exists(index & KVM_EXIT_TRACE_INDEX_SLOT) &&
	       latch_exists(index >> KVM_EXIT_TRACE_OWNER_SHIFT);
}

/* The tracer decides how many positions there are.  At least one exists. */
static enum existence site_exists(u32 index)
{
	if (!tracer_has(KVM_EXIT_TRACE_FEATURE_SITES) ||
	    index & KVM_EXIT_TRACE_INDEX_NO_PART ||
	    !vcpu_exists(index >> KVM_EXIT_TRACE_OWNER_SHIFT))
		return NO;
	return index & KVM_EXIT_TRACE_INDEX_POSITION ? MAYBE : YES;
}

static enum existence sites_lost_exists(u32 index)
{
	return tracer_has(KVM_EXIT_TRACE_FEATURE_SITES) &&
	       slot_exists((u16)index) &&
	       vcpu_exists(index >> KVM_EXIT_TRACE_OWNER_SHIFT);
}

/* Each read of the total is an exit itself, so the total must grow. */
static bool total_grows(struct fuzzer *f, u64 total)
{
	bool grows = total > f->total;

	f->total = total;
	return grows;
}

static bool total_right(struct fuzzer *f, const struct regs *r)
{
	return total_grows(f, u64_join(r->eax, r->ebx));
}

static bool both_right(struct fuzzer *f, const struct regs *r)
{
	return total_grows(f, u64_join(r->eax, r->edx));
}

static bool own_right(struct fuzzer *f, const struct regs *r)
{
	return total_grows(f, u64_join(r->eax, r->ebx) + u64_join(r->ecx, r->edx));
}

static bool signature_right(struct fuzzer *f, const struct regs *r)
{
	(void)f;
	return r->eax >= KVM_EXIT_TRACE_LEAF_MAX && r->ebx == KVM_EXIT_TRACE_SIGNATURE_EBX &&
	       r->ecx == KVM_EXIT_TRACE_SIGNATURE_ECX && r->edx == KVM_EXIT_TRACE_SIGNATURE_EDX;
}

static bool abi_right(struct fuzzer *f, const struct regs *r)
{
	(void)f;
	return r->eax == tracer.revision && r->ebx == tracer.vendor && r->ecx == tracer.features;
}

static bool size_right(struct fuzzer *f, const struct regs *r)
{
	(void)f;
	return r->eax == tracer.vcpus && r->ebx == tracer.slots && r->edx == tracer.tsc_khz;
}

static bool epoch_right(struct fuzzer *f, const struct regs *r)
{
	(void)f;
	return u64_join(r->eax, r->ebx) == tracer.began && r->ecx == tracer.epoch;
}

static bool slot_right(struct fuzzer *f, const struct regs *r)
{
	(void)f;
	return r->ebx <= KVM_EXIT_TRACE_KIND_OTHER;
}

static bool vcpu_right(struct fuzzer *f, const struct regs *r)
{
	(void)f;
	return r->ebx <= 1;
}

static const struct rule rules[] = {
	{ KVM_EXIT_TRACE_LEAF_TOTAL, always, ECX | EDX, total_right },
	{ KVM_EXIT_TRACE_LEAF_CYCLES, always, EAX | EDX, NULL },
	{ KVM_EXIT_TRACE_LEAF_REASON, reason_exists, ECX | EDX, NULL },
	{ KVM_EXIT_TRACE_LEAF_BOTH, always, 0, both_right },
	{ KVM_EXIT_TRACE_LEAF_SIGNATURE, always, 0, signature_right },
	{ KVM_EXIT_TRACE_LEAF_ABI, always, 0, abi_right },
	{ KVM_EXIT_TRACE_LEAF_SIZE, always, 0, size_right },
	{ KVM_EXIT_TRACE_LEAF_SLOT, slot_exists, ECX | EDX, slot_right },
	{ KVM_EXIT_TRACE_LEAF_VCPU, vcpu_exists, ECX | EDX, vcpu_right },
	{ KVM_EXIT_TRACE_LEAF_READ, read_exists, 0, NULL },
	{ KVM_EXIT_TRACE_LEAF_LATCH, latch_exists, EDX, NULL },
	{ KVM_EXIT_TRACE_LEAF_READ_LATCH, read_latch_exists, 0, NULL },
	{ KVM_EXIT_TRACE_LEAF_MARK, mark_exists, EDX, NULL },
	{ KVM_EXIT_TRACE_LEAF_LOG, always, EDX, NULL },
	{ KVM_EXIT_TRACE_LEAF_LOG_ENTRY, entry_exists, 0, NULL },
	{ KVM_EXIT_TRACE_LEAF_READ_LOG, read_log_exists, 0, NULL },
	{ KVM_EXIT_TRACE_LEAF_OWN, always, 0, own_right },
	{ KVM_EXIT_TRACE_LEAF_READ_LOG_VCPU, read_log_vcpu_exists, 0, NULL },
	{ KVM_EXIT_TRACE_LEAF_HISTOGRAM, histogram_exists, 0, NULL },
	{ KVM_EXIT_TRACE_LEAF_SITE, site_exists, 0, NULL },
	{ KVM_EXIT_TRACE_LEAF_SITES_LOST, sites_lost_exists, ECX | EDX, NULL },
	{ KVM_EXIT_TRACE_LEAF_EPOCH, always, EDX, epoch_right },
};

static const struct rule *find_rule(u32 leaf)
{
	for (u32 i = 0; i < ARRAY_SIZE(rules); i++)
		if (rules[i].leaf == leaf)
			return &rules[i];
	return NULL;
}

/* Returns whether an answer keeps the rules.  existed: did the index exist before the read? */
static bool keeps_rules(struct fuzzer *f, const struct rule *rule, u32 index,
			enum existence existed, const struct regs *r)
{
	enum existence exists = rule->exists(index);

	if (exists != existed)
		exists = MAYBE;
	if (leaf_undefined(r))
		return exists != YES;
	if (exists == NO)
		return false;
	if ((rule->zero & EAX && r->eax) || (rule->zero & EBX && r->ebx) ||
	    (rule->zero & ECX && r->ecx) || (rule->zero & EDX && r->edx))
		return false;
	return !rule->right || rule->right(f, r);
}

static u32 random_leaf(struct fuzzer *f)
{
	switch (fuzz_random(f) % 8) {
	case 0 ... 2:
		return KVM_EXIT_TRACE_LEAF_SIGNATURE + fuzz_random(f) % 20;
	case 3:
		return KVM_EXIT_TRACE_LEAF_SIGNATURE | fuzz_random(f) % 256;
	case 4:
		return KVM_EXIT_TRACE_LEAF_TOTAL - 2 + fuzz_random(f) % 8;
	case 5:
		return (fuzz_random(f) % 2 ? 0x80000000 : 0) | fuzz_random(f) % 64;
	case 6:
		return (KVM_EXIT_TRACE_LEAF_SIGNATURE & ~0xffffffu) | fuzz_random(f) % 256;
	}
	return fuzz_random(f);
}

/* Returns the first or last value of a field, or one that differs from it by a bit or by 1. */
static u32 random_edge(struct fuzzer *f)
{
	static const u32 edges[] = {
		0, KVM_EXIT_TRACE_INDEX_SLOT, KVM_EXIT_TRACE_INDEX_CLOCK,
		KVM_EXIT_TRACE_INDEX_RESERVED, KVM_EXIT_TRACE_INDEX_VCPU,
		KVM_EXIT_TRACE_INDEX_GROUP, KVM_EXIT_TRACE_INDEX_PART,
		KVM_EXIT_TRACE_INDEX_POSITION, KVM_EXIT_TRACE_ALL_VCPUS,
		KVM_EXIT_TRACE_ALL_VCPUS << KVM_EXIT_TRACE_OWNER_SHIFT,
		KVM_EXIT_TRACE_NR_SLOTS, KVM_EXIT_TRACE_SLOT_OTHER,
		KVM_EXIT_TRACE_VMX_DIRECT, KVM_EXIT_TRACE_SVM_DIRECT,
		KVM_EXIT_TRACE_SVM_HIGH_BASE + KVM_EXIT_TRACE_SVM_HIGH_COUNT,
		1u << 31, ~0u,
	};
	u32 edge = edges[fuzz_random(f) % ARRAY_SIZE(edges)];

	switch (fuzz_random(f) % 4) {
	case 0:
		return edge ^ 1u << fuzz_random(f) % 32;
	case 1:
		return edge + fuzz_random(f) % 3 - 1;
	}
	return edge;
}

/* Returns a small index, one in the form of LEAF_READ or LEAF_READ_LOG_VCPU, an edge, or any. */
static u32 random_index(struct fuzzer *f)
{
	u32 owner = fuzz_random(f) % 3 ? fuzz_random(f) % 6 : KVM_EXIT_TRACE_ALL_VCPUS;
	u32 clock = fuzz_random(f) % 7;
	u32 slot = fuzz_random(f) % 4 ? fuzz_random(f) % 256 : KVM_EXIT_TRACE_SLOT_SUM;

	switch (fuzz_random(f) % 8) {
	case 0:
		return fuzz_random(f) % 256;
	case 1:
		return fuzz_random(f);
	case 2:
		return random_edge(f);
	case 3 ... 4:
		return fuzz_random(f) % 36 << KVM_EXIT_TRACE_ENTRY_SHIFT |
		       fuzz_random(f) % 6 << KVM_EXIT_TRACE_VCPU_SHIFT |
		       clock << KVM_EXIT_TRACE_CLOCK_SHIFT | slot;
	}
	return owner << KVM_EXIT_TRACE_OWNER_SHIFT | clock << KVM_EXIT_TRACE_CLOCK_SHIFT | slot;
}

/* Makes most marks invalid, and the others custom ones: the log must keep room for the boot's. */
static u32 tame_mark(struct fuzzer *f, u32 index)
{
	if (index > 0xff)
		return index;
	return index | (fuzz_random(f) % 16 ? 0x100 : KVM_EXIT_TRACE_PHASE_CUSTOM);
}

/* FNV-1a with 32 bits, over whole registers */
static u32 digest_add(u32 digest, const struct regs *r)
{
	digest = (digest ^ r->eax) * 16777619;
	digest = (digest ^ r->ebx) * 16777619;
	digest = (digest ^ r->ecx) * 16777619;
	return (digest ^ r->edx) * 16777619;
}

/* Leaves that are not ours have no rules.  Numbers of our range that are no leaf are undefined. */
void fuzz_leaf(struct fuzzer *f)
{
	u32 leaf = random_leaf(f), index = random_index(f);
	const struct rule *rule = tracer.present ? find_rule(leaf) : NULL;
	enum existence existed;
	bool good = true;
	struct regs r;

	if (leaf == KVM_EXIT_TRACE_LEAF_MARK)
		index = tame_mark(f, index);
	existed = rule ? rule->exists(index) : MAYBE;
	r = leaf_read(leaf, index);
	f->digest = digest_add(f->digest, &r);
	if (rule)
		good = keeps_rules(f, rule, index, existed, &r);
	else if (tracer.present && leaf >= KVM_EXIT_TRACE_LEAF_SIGNATURE &&
		 leaf <= KVM_EXIT_TRACE_LEAF_BOTH)
		good = leaf_undefined(&r);
	if (!good)
		fuzz_broken(f, leaf, index, &r);
}

/* Reads one of our own counters, or one of our own clocks. */
void fuzz_counter(struct fuzzer *f)
{
	u32 slot = fuzz_random(f) % KVM_EXIT_TRACE_NR_SLOTS;
	u32 clock = fuzz_random(f) % ARRAY_SIZE(f->cycles);
	u32 index = f->vcpu << KVM_EXIT_TRACE_OWNER_SHIFT;
	struct regs r;
	u64 *last;
	u64 now;

	if (fuzz_random(f) % 2) {
		index |= slot;
		r = leaf_read(KVM_EXIT_TRACE_LEAF_READ, index);
		last = &f->counts[slot];
		now = u64_join(r.eax, r.ebx);
	} else {
		index |= clock << KVM_EXIT_TRACE_CLOCK_SHIFT | KVM_EXIT_TRACE_SLOT_SUM;
		r = leaf_read(KVM_EXIT_TRACE_LEAF_READ, index);
		last = &f->cycles[clock];
		now = u64_join(r.ecx, r.edx);
	}
	if (now < *last)
		fuzz_broken(f, KVM_EXIT_TRACE_LEAF_READ, index, &r);
	*last = now;
}

static u64 read_all_slots(u32 leaf, u32 index)
{
	u64 sum = 0;

	for (u32 slot = 0; slot < tracer.slots; slot++) {
		struct regs r = leaf_read(leaf, index | slot);

		sum += u64_join(r.eax, r.ebx);
	}
	return sum;
}

/* The slots of a latch, or of a log entry, must add up to its total. */
void fuzz_snapshot(struct fuzzer *f)
{
	u32 leaf = KVM_EXIT_TRACE_LEAF_READ_LATCH, index = 0, entries = log_entries();
	struct regs r;

	if (entries && fuzz_random(f) % 2) {
		leaf = KVM_EXIT_TRACE_LEAF_READ_LOG;
		index = fuzz_random(f) % entries << KVM_EXIT_TRACE_OWNER_SHIFT;
		r = leaf_read(leaf, index | KVM_EXIT_TRACE_SLOT_SUM);
	} else {
		r = leaf_read(KVM_EXIT_TRACE_LEAF_LATCH, fuzz_random(f) % 2 ?
			      fuzz_random(f) % tracer.vcpus : KVM_EXIT_TRACE_ALL_VCPUS);
	}
	if (read_all_slots(leaf, index) != u64_join(r.eax, r.ebx))
		fuzz_broken(f, leaf, index, &r);
}
