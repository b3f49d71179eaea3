// SPDX-License-Identifier: GPL-2.0-only
#include "payload/lib/leaves.h"
#include "payload/lib/start.h"

/* The log may be longer.  Marks beyond this count as made by others. */
#define OWN_MARKS 256

/* Not in .bss: the ROM and the entry write it before .bss is zeroed. */
struct poll first __attribute__((section(".noinit")));

struct tracer tracer;
u64 self_exits = START_CPUIDS;

/* For each log entry: self_exits if we made the mark, otherwise 0 */
static u64 self_at[OWN_MARKS];

bool leaf_undefined(const struct regs *r)
{
	return !(r->eax | r->ebx | r->ecx) && r->edx == KVM_EXIT_TRACE_UNDEFINED;
}

/*
 * Our marks are noticed here and not in mark(), because fuzz makes some, too.  EBX
 * and EDX start with odd values, so that you see at once if an answer leaves them alone.
 */
struct regs leaf_read(u32 leaf, u32 index)
{
	struct regs r = { leaf, 0x5eed5eed, index, 0x5eed5eed };

	self_cpuid(&r);
	if (leaf == KVM_EXIT_TRACE_LEAF_MARK && !leaf_undefined(&r) && r.eax < OWN_MARKS)
		self_at[r.eax] = self_exits;
	return r;
}

static bool is_signature(const struct regs *r)
{
	return r->ebx == KVM_EXIT_TRACE_SIGNATURE_EBX &&
	       r->ecx == KVM_EXIT_TRACE_SIGNATURE_ECX &&
	       r->edx == KVM_EXIT_TRACE_SIGNATURE_EDX;
}

void tracer_detect(void)
{
	struct regs r = leaf_read(KVM_EXIT_TRACE_LEAF_SIGNATURE, 0);

	if (!is_signature(&r)) {
		tracer.missing = "this machine has no exit tracer";
		return;
	}
	r = leaf_read(KVM_EXIT_TRACE_LEAF_ABI, 0);
	tracer.revision = r.eax;
	tracer.vendor = r.ebx;
	tracer.features = r.ecx;
	tracer.flags = r.edx;
	if (r.eax >> 16 == KVM_EXIT_TRACE_REVISION >> 16)
		tracer.present = true;
	else
		tracer.missing = "the exit tracer speaks another ABI";
}

void tracer_describe(void)
{
	struct regs r = leaf_read(KVM_EXIT_TRACE_LEAF_SIZE, 0);

	tracer.vcpus = r.eax;
	tracer.slots = r.ebx;
	tracer.epoch = r.ecx;
	tracer.tsc_khz = r.edx;
	tracer.began = began_read();
	for (u32 i = 0; i < tracer.vcpus; i++) {
		r = leaf_read(KVM_EXIT_TRACE_LEAF_VCPU, i);
		if (r.ebx == 1) {
			tracer.vcpu = i;
			return;
		}
	}
}

u64 began_read(void)
{
	struct regs r = leaf_read(KVM_EXIT_TRACE_LEAF_SIGNATURE, 0);

	if (!is_signature(&r) || r.eax < KVM_EXIT_TRACE_LEAF_EPOCH)
		return 0;
	r = leaf_read(KVM_EXIT_TRACE_LEAF_EPOCH, 0);
	return u64_join(r.eax, r.ebx);
}

u64 total_read(void)
{
	struct regs r = leaf_read(KVM_EXIT_TRACE_LEAF_TOTAL, 0);

	return u64_join(r.eax, r.ebx);
}

void poll_read(struct poll *p)
{
	struct regs r = leaf_read(KVM_EXIT_TRACE_LEAF_BOTH, 0);

	p->tsc = rdtsc();
	p->total = u64_join(r.eax, r.edx);
	p->cycles = u64_join(r.ecx, r.ebx);
}

struct own own_read(void)
{
	struct regs r = leaf_read(KVM_EXIT_TRACE_LEAF_OWN, 0);

	return (struct own){ u64_join(r.eax, r.ebx), u64_join(r.ecx, r.edx) };
}

u32 mark(u32 phase)
{
	struct regs r = leaf_read(KVM_EXIT_TRACE_LEAF_MARK, phase);

	return leaf_undefined(&r) ? MARK_DROPPED : r.eax;
}

u64 log_self(u32 entry)
{
	u64 own = 0;
	u64 others = 0;

	for (u32 i = 0; i <= entry; i++) {
		if (i < OWN_MARKS && self_at[i])
			own = self_at[i];
		else if (log_entry(i).vcpu != KVM_EXIT_TRACE_MARK_HOST)
			others++;
	}
	return own + others;
}

/* Returns the last entry of that phase, or OWN_MARKS. */
static u32 find_entry(u32 phase)
{
	u32 found = OWN_MARKS;
	u32 entries = log_entries();

	for (u32 i = 0; i < entries && i < OWN_MARKS; i++)
		if (log_entry(i).phase == phase)
			found = i;
	return found;
}

u64 log_own(u32 phase)
{
	u32 entry = find_entry(phase);

	return entry < OWN_MARKS ? self_at[entry] : 0;
}

void log_set_own(u32 phase, u64 exits)
{
	u32 entry = find_entry(phase);

	if (entry < OWN_MARKS)
		self_at[entry] = exits;
}

u32 log_entries(void)
{
	return leaf_read(KVM_EXIT_TRACE_LEAF_LOG, 0).eax;
}

u32 log_find(u32 phase, u32 from)
{
	u32 entries = log_entries();

	for (u32 entry = from; entry < entries; entry++)
		if (log_entry(entry).phase == phase)
			return entry;
	return MARK_DROPPED;
}

u32 log_dropped(void)
{
	return leaf_read(KVM_EXIT_TRACE_LEAF_LOG, 0).ecx;
}

struct log_entry log_entry(u32 entry)
{
	struct regs r = leaf_read(KVM_EXIT_TRACE_LEAF_LOG_ENTRY, entry);

	return (struct log_entry){ r.eax, r.ebx, u64_join(r.ecx, r.edx) };
}

struct counter log_counter(u32 entry, u32 slot, u32 clock)
{
	struct regs r = leaf_read(KVM_EXIT_TRACE_LEAF_READ_LOG,
				  entry << KVM_EXIT_TRACE_OWNER_SHIFT |
				  clock << KVM_EXIT_TRACE_CLOCK_SHIFT | slot);

	return (struct counter){ u64_join(r.eax, r.ebx), u64_join(r.ecx, r.edx) };
}

struct counter log_part(u32 entry, u32 vcpu, u32 slot, u32 clock)
{
	struct regs r = leaf_read(KVM_EXIT_TRACE_LEAF_READ_LOG_VCPU,
				  entry << KVM_EXIT_TRACE_ENTRY_SHIFT |
				  vcpu << KVM_EXIT_TRACE_VCPU_SHIFT |
				  clock << KVM_EXIT_TRACE_CLOCK_SHIFT | slot);

	if (leaf_undefined(&r))
		return (struct counter){ 0, 0 };
	return (struct counter){ u64_join(r.eax, r.ebx), u64_join(r.ecx, r.edx) };
}

void latch(void)
{
	leaf_read(KVM_EXIT_TRACE_LEAF_LATCH, tracer.vcpu);
}

u64 latch_all(bool *whole)
{
	struct regs r = leaf_read(KVM_EXIT_TRACE_LEAF_LATCH, KVM_EXIT_TRACE_ALL_VCPUS);

	*whole = !(r.ecx & KVM_EXIT_TRACE_LATCH_TORN);
	return u64_join(r.eax, r.ebx);
}

u64 latched_count(u32 slot)
{
	struct regs r = leaf_read(KVM_EXIT_TRACE_LEAF_READ_LATCH, slot);

	return u64_join(r.eax, r.ebx);
}

u64 latched_cycles(u32 slot, u32 clock)
{
	struct regs r = leaf_read(KVM_EXIT_TRACE_LEAF_READ_LATCH,
				  clock << KVM_EXIT_TRACE_CLOCK_SHIFT | slot);

	return u64_join(r.ecx, r.edx);
}

u64 latched_clocks(void)
{
	u64 sum = 0;

	for (u32 clock = 0; clock <= KVM_EXIT_TRACE_CLOCK_GUEST; clock++)
		sum += latched_cycles(KVM_EXIT_TRACE_SLOT_SUM, clock);
	return sum;
}

u64 latched_elapsed(void)
{
	return latched_cycles(KVM_EXIT_TRACE_SLOT_SUM, KVM_EXIT_TRACE_CLOCK_ELAPSED);
}

struct counter vcpu_counter(u32 vcpu, u32 slot)
{
	struct regs r = leaf_read(KVM_EXIT_TRACE_LEAF_READ,
				  vcpu << KVM_EXIT_TRACE_OWNER_SHIFT | slot);

	return (struct counter){ u64_join(r.eax, r.ebx), u64_join(r.ecx, r.edx) };
}

void histogram_read(u32 vcpu, u32 slot, u32 buckets[KVM_EXIT_TRACE_NR_BUCKETS])
{
	for (u32 i = 0; i < KVM_EXIT_TRACE_NR_BUCKETS; i += 4) {
		struct regs r = leaf_read(KVM_EXIT_TRACE_LEAF_HISTOGRAM,
					  vcpu << KVM_EXIT_TRACE_OWNER_SHIFT |
					  i / 4 << KVM_EXIT_TRACE_GROUP_SHIFT | slot);

		if (leaf_undefined(&r))
			r.edx = 0;
		buckets[i] = r.eax;
		buckets[i + 1] = r.ebx;
		buckets[i + 2] = r.ecx;
		buckets[i + 3] = r.edx;
	}
}

bool site_read(u32 vcpu, u32 position, struct site *site)
{
	struct regs r;

	if (position > KVM_EXIT_TRACE_INDEX_POSITION)
		return false;
	r = leaf_read(KVM_EXIT_TRACE_LEAF_SITE, vcpu << KVM_EXIT_TRACE_OWNER_SHIFT | position);
	*site = (struct site){
		.count = u64_join(r.eax, r.ebx),
		.entry = r.ecx >> KVM_EXIT_TRACE_SITE_ENTRY_SHIFT,
		.slot = r.ecx & KVM_EXIT_TRACE_INDEX_SLOT,
		.lead = r.edx,
	};
	return !leaf_undefined(&r);
}

void site_detail(u32 vcpu, u32 position, struct site *site)
{
	struct regs r = leaf_read(KVM_EXIT_TRACE_LEAF_SITE,
				  vcpu << KVM_EXIT_TRACE_OWNER_SHIFT |
				  KVM_EXIT_TRACE_INDEX_PART | position);

	site->code = u64_join(r.eax, r.ebx);
	site->rip = u64_join(r.ecx, r.edx);
}

u64 sites_lost(u32 vcpu, u32 slot)
{
	struct regs r = leaf_read(KVM_EXIT_TRACE_LEAF_SITES_LOST,
				  vcpu << KVM_EXIT_TRACE_OWNER_SHIFT | slot);

	return leaf_undefined(&r) ? 0 : u64_join(r.eax, r.ebx);
}

u32 vcpu_apic_id(u32 vcpu)
{
	return leaf_read(KVM_EXIT_TRACE_LEAF_VCPU, vcpu).eax;
}

u32 slot_code(u32 slot)
{
	return leaf_read(KVM_EXIT_TRACE_LEAF_SLOT, slot).eax;
}
