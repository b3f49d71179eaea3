// SPDX-License-Identifier: GPL-2.0-only
/*
 * Random leaves with random indexes, and the rules of docs/abi.md for their
 * answers.  Without the tracer there are no rules: then it only has to survive.
 */
#include "leaves.h"
#include "options.h"
#include "payload.h"
#include "record.h"

/* What the rules say of an index */
enum existence {
	NO,
	YES,
	MAYBE,		/* MARK, once the log may be full */
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
	u32 zero;				/* registers that an answer leaves zero */
	bool (*right)(const struct regs *r);	/* what else it must fulfil, or NULL */
};

static u32 random_state;
static u64 last_total;

/* Marsaglia's xorshift, 13-17-5: never zero, period 2^32 - 1 */
static u32 random(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 17;
	random_state ^= random_state << 5;
	return random_state;
}

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
	return index < direct ? MAYBE : NO;	/* the manuals have gaps */
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

/* The lower half of an index for one counter */
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

/* How many positions there are is the tracer's affair: one at least. */
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

/* Each read of the total is an exit itself: it grows. */
static bool total_grows(u64 total)
{
	bool grows = total > last_total;

	last_total = total;
	return grows;
}

static bool total_right(const struct regs *r)
{
	return total_grows(u64_join(r->eax, r->ebx));
}

static bool both_right(const struct regs *r)
{
	return total_grows(u64_join(r->eax, r->edx));
}

static bool own_right(const struct regs *r)
{
	return total_grows(u64_join(r->eax, r->ebx) + u64_join(r->ecx, r->edx));
}

static bool signature_right(const struct regs *r)
{
	return r->eax >= KVM_EXIT_TRACE_LEAF_MAX && r->ebx == KVM_EXIT_TRACE_SIGNATURE_EBX &&
	       r->ecx == KVM_EXIT_TRACE_SIGNATURE_ECX && r->edx == KVM_EXIT_TRACE_SIGNATURE_EDX;
}

static bool abi_right(const struct regs *r)
{
	return r->eax == tracer.revision && r->ebx == tracer.vendor && r->ecx == tracer.features;
}

static bool size_right(const struct regs *r)
{
	return r->eax == tracer.vcpus && r->ebx == tracer.slots && r->edx == tracer.tsc_khz;
}

static bool slot_right(const struct regs *r)
{
	return r->ebx <= KVM_EXIT_TRACE_KIND_OTHER;
}

static bool vcpu_right(const struct regs *r)
{
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
};

static const struct rule *find_rule(u32 leaf)
{
	for (u32 i = 0; i < ARRAY_SIZE(rules); i++)
		if (rules[i].leaf == leaf)
			return &rules[i];
	return NULL;
}

/* Returns whether an answer keeps the rules; other leaves than ours have none. */
static bool keeps_rules(u32 leaf, u32 index, const struct regs *r)
{
	const struct rule *rule = find_rule(leaf);
	enum existence exists;

	if (!rule)
		return leaf < KVM_EXIT_TRACE_LEAF_SIGNATURE ||
		       leaf > KVM_EXIT_TRACE_LEAF_BOTH || leaf_undefined(r);
	exists = rule->exists(index);
	if (leaf_undefined(r))
		return exists != YES;
	if (exists == NO)
		return false;
	if ((rule->zero & EAX && r->eax) || (rule->zero & EBX && r->ebx) ||
	    (rule->zero & ECX && r->ecx) || (rule->zero & EDX && r->edx))
		return false;
	return !rule->right || rule->right(r);
}

static u32 random_leaf(void)
{
	switch (random() % 8) {
	case 0 ... 2:
		return KVM_EXIT_TRACE_LEAF_SIGNATURE + random() % 20;
	case 3:
		return KVM_EXIT_TRACE_LEAF_SIGNATURE | random() % 256;
	case 4:
		return random() % 64;
	case 5:
		return 0x40000000 | random() % 256;
	case 6:
		return 0x80000000 | random() % 64;
	}
	return random();
}

/* Small ones, ones that look like LEAF_READ's or LEAF_READ_LOG_VCPU's, and any */
static u32 random_index(void)
{
	u32 owner = random() % 3 ? random() % 4 : KVM_EXIT_TRACE_ALL_VCPUS;
	u32 clock = random() % 7;
	u32 slot = random() % 4 ? random() % 256 : KVM_EXIT_TRACE_SLOT_SUM;

	switch (random() % 8) {
	case 0 ... 1:
		return random() % 256;
	case 2:
		return random();
	case 3 ... 4:
		return random() % 4 << KVM_EXIT_TRACE_ENTRY_SHIFT |
		       random() % 3 << KVM_EXIT_TRACE_VCPU_SHIFT |
		       clock << KVM_EXIT_TRACE_CLOCK_SHIFT | slot;
	}
	return owner << KVM_EXIT_TRACE_OWNER_SHIFT | clock << KVM_EXIT_TRACE_CLOCK_SHIFT | slot;
}

/* Few marks that count, and only custom ones: the log is for the boot's own. */
static u32 tame_mark(u32 index)
{
	if (index > 0xff)
		return index;
	return index | (random() % 16 ? 0x100 : KVM_EXIT_TRACE_PHASE_CUSTOM);
}

static void record_first_bad(u32 leaf, u32 index, const struct regs *r)
{
	record_number("leaf", leaf);
	record_number("index", index);
	record_number("eax", r->eax);
	record_number("ebx", r->ebx);
	record_number("ecx", r->ecx);
	record_number("edx", r->edx);
}

/* FNV-1a, 32 bits, by registers */
static u32 digest_add(u32 digest, const struct regs *r)
{
	digest = (digest ^ r->eax) * 16777619;
	digest = (digest ^ r->ebx) * 16777619;
	digest = (digest ^ r->ecx) * 16777619;
	return (digest ^ r->edx) * 16777619;
}

void fuzz(void)
{
	struct regs r, bad_r = { 0, 0, 0, 0 };
	u32 bad_leaf = 0, bad_index = 0, digest = 2166136261;
	u64 bad = 0;

	random_state = options.seed;
	for (u64 n = 0; n < options.fuzz; n++) {
		u32 leaf = random_leaf();
		u32 index = random_index();

		if (leaf == KVM_EXIT_TRACE_LEAF_MARK)
			index = tame_mark(index);
		r = leaf_read(leaf, index);
		digest = digest_add(digest, &r);
		if (!tracer.present || keeps_rules(leaf, index, &r) || bad++)
			continue;
		bad_leaf = leaf;
		bad_index = index;
		bad_r = r;
	}
	record_begin("fuzz");
	record_number("n", options.fuzz);
	record_number("bad", bad);
	record_number("seed", options.seed);
	if (!tracer.present)
		record_number("digest", digest);	/* with it, counts move */
	if (bad)
		record_first_bad(bad_leaf, bad_index, &bad_r);
	record_end();
	if (bad)
		verdict_worsen(VERDICT_FAIL);
}
