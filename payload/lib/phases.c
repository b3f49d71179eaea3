// SPDX-License-Identifier: GPL-2.0-only
#include "payload/lib/leaves.h"
#include "payload/lib/names.h"
#include "payload/payload.h"
#include "payload/lib/records.h"
#include "payload/machine/screen.h"

static const char * const clock_names[KVM_EXIT_TRACE_NR_CLOCKS] = {
	[KVM_EXIT_TRACE_CLOCK_KVM]	 = "kvm",
	[KVM_EXIT_TRACE_CLOCK_USER]	 = "user",
	[KVM_EXIT_TRACE_CLOCK_IDLE]	 = "idle",
	[KVM_EXIT_TRACE_CLOCK_PREEMPTED] = "preempted",
};

/* These exist only for all slots together. */
static const struct {
	u32 clock;
	const char *name;
} whole_clocks[] = {
	{ KVM_EXIT_TRACE_CLOCK_GUEST,	"in_guest" },
	{ KVM_EXIT_TRACE_CLOCK_ELAPSED,	"elapsed" },
};

static bool has_guest(void)
{
	return tracer_has(KVM_EXIT_TRACE_FEATURE_GUEST);
}

static void record_clocks(u32 entry, u32 slot)
{
	for (u32 clock = 0; clock < KVM_EXIT_TRACE_NR_CLOCKS; clock++)
		record_number(clock_names[clock], log_counter(entry, slot, clock).cycles);
}

/* Returns one vCPU's clock over all slots, at a mark. */
static u64 part_clock(u32 entry, u32 vcpu, u32 clock)
{
	return log_part(entry, vcpu, KVM_EXIT_TRACE_SLOT_SUM, clock).cycles;
}

/*
 * The vCPU that marked was not in the guest, so its clocks must add up to all of its time.
 * Other vCPUs were in the middle of something, so theirs need not.
 */
static void check_clocks(u32 entry)
{
	u32 vcpu = log_entry(entry).vcpu;
	u64 elapsed = part_clock(entry, vcpu, KVM_EXIT_TRACE_CLOCK_ELAPSED);
	u64 sum = part_clock(entry, vcpu, KVM_EXIT_TRACE_CLOCK_GUEST);

	for (u32 clock = 0; clock < KVM_EXIT_TRACE_NR_CLOCKS; clock++)
		sum += part_clock(entry, vcpu, clock);
	if (sum != elapsed)
		expect("log_elapsed", entry, elapsed, sum, false);
}

/* The slots must add up, in exits and in cycles.  A wrong log can't hide that. */
static void check_entry(u32 entry)
{
	struct counter all = log_counter(entry, KVM_EXIT_TRACE_SLOT_SUM, KVM_EXIT_TRACE_CLOCK_KVM);
	struct counter sum = { 0, 0 };

	for (u32 slot = 0; slot < tracer.slots; slot++) {
		struct counter c = log_counter(entry, slot, KVM_EXIT_TRACE_CLOCK_KVM);

		sum.count += c.count;
		sum.cycles += c.cycles;
	}
	if (sum.count != all.count)
		expect("log_exits", entry, all.count, sum.count, false);
	if (sum.cycles != all.cycles)
		expect("log_cycles", entry, all.cycles, sum.cycles, false);
	if (has_guest() && log_entry(entry).vcpu != KVM_EXIT_TRACE_MARK_HOST)
		check_clocks(entry);
}

static void print_phase(u32 entry)
{
	struct log_entry e = log_entry(entry);
	struct counter all = log_counter(entry, KVM_EXIT_TRACE_SLOT_SUM, KVM_EXIT_TRACE_CLOCK_KVM);

	record_begin("phase");
	record_number("entry", entry);
	record_number("id", e.phase);
	record_word("name", name_of_phase(e.phase));
	record_number("vcpu", e.vcpu);
	record_number("tsc", e.tsc);
	record_number("total", all.count);
	record_clocks(entry, KVM_EXIT_TRACE_SLOT_SUM);
	for (u32 i = 0; has_guest() && i < ARRAY_SIZE(whole_clocks); i++)
		record_number(whole_clocks[i].name,
			      log_counter(entry, KVM_EXIT_TRACE_SLOT_SUM,
					  whole_clocks[i].clock).cycles);
	record_number("self", log_self(entry));
	record_end();
}

/* Prints the times that belong to no reason: one vCPU's time in the guest, and all of its time. */
static void print_times(u32 entry, u32 vcpu)
{
	record_begin("times");
	record_number("entry", entry);
	record_number("vcpu", vcpu);
	for (u32 i = 0; i < ARRAY_SIZE(whole_clocks); i++)
		record_number(whole_clocks[i].name,
			      part_clock(entry, vcpu, whole_clocks[i].clock));
	record_end();
}

static void print_reason(u32 entry, u32 slot, u64 count)
{
	u32 code = slot_code(slot);

	record_begin("reason");
	record_number("entry", entry);
	record_number("slot", slot);
	record_number("code", code);
	record_word("name", name_of_slot(tracer.vendor, slot, code));
	record_number("count", count);
	record_clocks(entry, slot);
	record_end();
}

static void print_part(u32 entry, u32 slot, u32 vcpu)
{
	u64 count = log_part(entry, vcpu, slot, KVM_EXIT_TRACE_CLOCK_KVM).count;

	if (!count)
		return;
	record_begin("part");
	record_number("entry", entry);
	record_number("vcpu", vcpu);
	record_number("slot", slot);
	record_number("count", count);
	for (u32 clock = 0; clock < KVM_EXIT_TRACE_NR_CLOCKS; clock++)
		record_number(clock_names[clock], log_part(entry, vcpu, slot, clock).cycles);
	record_end();
}

static void print_entry(u32 entry)
{
	print_phase(entry);
	for (u32 vcpu = 0; has_guest() && tracer.vcpus > 1 && vcpu < tracer.vcpus; vcpu++)
		print_times(entry, vcpu);
	for (u32 slot = 0; slot < tracer.slots; slot++) {
		u64 count = log_counter(entry, slot, KVM_EXIT_TRACE_CLOCK_KVM).count;

		if (!count)
			continue;
		print_reason(entry, slot, count);
		for (u32 vcpu = 0; tracer.vcpus > 1 && vcpu < tracer.vcpus; vcpu++)
			print_part(entry, slot, vcpu);
	}
}

void phases_print(u32 from, u32 to)
{
	for (u32 entry = from; entry < to; entry++)
		check_entry(entry);
	for (u32 entry = from; entry < to; entry++)
		print_entry(entry);
}

void phases_show(void)
{
	u32 entries = log_entries();
	u64 before = 0;

	for (u32 entry = 0; entry < entries; entry++) {
		u64 total = log_counter(entry, KVM_EXIT_TRACE_SLOT_SUM,
					KVM_EXIT_TRACE_CLOCK_KVM).count;

		screen_show_number(name_of_phase(log_entry(entry).phase), total - before);
		before = total;
	}
	screen_show_number("total", before);
}
