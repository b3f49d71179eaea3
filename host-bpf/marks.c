// SPDX-License-Identifier: GPL-2.0-only
#include <error.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "payload/lib/describe.h"
#include "payload/lib/leaves.h"
#include "host-bpf/marks.h"
#include "payload/lib/records.h"
#include "payload/payload.h"

/* A mark that has all its parts, or the last one, whose parts still come */
struct mark {
	u32 nr;
	struct exits_snapshot *parts;
};

static struct mark marks[EXITS_MARKS];
static u32 nr_marks;
static u64 lost_marks;

static struct attached attached;
static u64 unseen[EXITS_VCPUS], all_unseen;

struct tracer tracer;
u64 self_exits;

static void *must(void *memory)
{
	if (!memory)
		error(3, 0, "out of memory");
	return memory;
}

static bool is_boundary(const struct exits_snapshot *part)
{
	return part->phase >= EXITS_PHASE_BOUNDARY && part->phase < EXITS_PHASE_TEXT;
}

int marks_take(void *unused, void *data, size_t size)
{
	const struct exits_snapshot *part = data;
	struct mark *mark = &marks[nr_marks];

	(void)unused;
	if (size < sizeof(*part) || nr_marks == EXITS_MARKS)
		return 0;
	if (mark->nr && mark->parts[0].entry != part->entry)
		mark->nr = 0;	/* that mark lost some parts */
	mark->parts = must(realloc(mark->parts, (mark->nr + 1) * sizeof(*part)));
	mark->parts[mark->nr++] = *part;
	if (mark->nr == part->vcpus)
		nr_marks++;
	return 0;
}

void marks_forget_boundaries(void)
{
	u32 to = 0;

	for (u32 i = 0; i < nr_marks; i++) {
		if (is_boundary(&marks[i].parts[0]))
			free(marks[i].parts);
		else
			marks[to++] = marks[i];
	}
	memset(&marks[to], 0, (nr_marks - to) * sizeof(*marks));
	nr_marks = to;
}

void marks_forget(void)
{
	for (u32 i = 0; i < EXITS_MARKS; i++)
		free(marks[i].parts);
	memset(marks, 0, sizeof(marks));
	nr_marks = 0;
}

/* Returns the time since the clocks were charged.  If the vCPU was in the guest, they run on. */
static u64 in_flight(const struct exits_snapshot *part)
{
	return part->vcpu.in_guest && part->now > part->vcpu.since ? part->now - part->vcpu.since : 0;
}

static u64 elapsed(const struct exits_snapshot *part)
{
	const struct exits_vcpu *vcpu = &part->vcpu;
	u64 time = vcpu->since - vcpu->origin + in_flight(part);

	for (u32 clock = 0; clock < KVM_EXIT_TRACE_NR_CLOCKS; clock++)
		time -= vcpu->slots[EXITS_BEFORE].clocks[clock];
	return time;
}

static u64 clock_of(const struct exits_snapshot *part, u32 slot, u32 clock)
{
	u64 sum = 0;

	if (clock == KVM_EXIT_TRACE_CLOCK_ELAPSED)
		return elapsed(part);
	if (clock == KVM_EXIT_TRACE_CLOCK_GUEST)
		return part->vcpu.guest + in_flight(part);
	if (slot < KVM_EXIT_TRACE_NR_SLOTS)
		return part->vcpu.slots[slot].clocks[clock];
	for (slot = 0; slot < KVM_EXIT_TRACE_NR_SLOTS; slot++)
		sum += part->vcpu.slots[slot].clocks[clock];
	return sum;
}

struct counter log_part(u32 entry, u32 vcpu, u32 slot, u32 clock)
{
	const struct exits_snapshot *part;

	if (entry >= nr_marks || vcpu >= marks[entry].nr)
		return (struct counter){ 0, 0 };
	part = &marks[entry].parts[vcpu];
	return (struct counter){
		slot < KVM_EXIT_TRACE_NR_SLOTS ? part->vcpu.slots[slot].count : part->vcpu.exits,
		clock_of(part, slot, clock),
	};
}

struct counter log_counter(u32 entry, u32 slot, u32 clock)
{
	struct counter sum = { 0, 0 }, part;

	for (u32 vcpu = 0; vcpu < tracer.vcpus; vcpu++) {
		part = log_part(entry, vcpu, slot, clock);
		sum.count += part.count;
		sum.cycles += part.cycles;
	}
	return sum;
}

/* Returns when counting began, if the VM ran already, or else when a vCPU first entered the guest. */
static u64 began_at(void)
{
	u64 first = ~0ULL;

	if (all_unseen)
		return attached.since;
	for (u32 i = 0; nr_marks && i < marks[0].nr; i++)
		if (marks[0].parts[i].vcpu.origin && marks[0].parts[i].vcpu.origin < first)
			first = marks[0].parts[i].vcpu.origin;
	return first == ~0ULL ? attached.since : first;
}

struct log_entry log_entry(u32 entry)
{
	const struct exits_snapshot *part = &marks[entry].parts[0];

	return (struct log_entry){ part->phase, part->marker, part->now - began_at() };
}

u32 log_entries(void)
{
	return nr_marks;
}

u32 log_dropped(void)
{
	return lost_marks;
}

/* Returns what measuring costs, as far as is known here: an exit for each mark of the guest. */
u64 log_self(u32 entry)
{
	u64 exits = 0;

	for (u32 i = 0; i <= entry; i++)
		exits += !is_boundary(&marks[i].parts[0]) &&
			 marks[i].parts[0].marker != KVM_EXIT_TRACE_MARK_HOST;
	return exits;
}

u64 began_read(void)
{
	return tracer.began;
}

/* Returns what leaf 0x4FFFFF03 would answer. */
u32 slot_code(u32 slot)
{
	if (tracer.vendor == KVM_EXIT_TRACE_VENDOR_VMX)
		return slot < KVM_EXIT_TRACE_VMX_DIRECT ? slot : 0;
	if (slot < KVM_EXIT_TRACE_SVM_DIRECT)
		return slot;
	if (slot - KVM_EXIT_TRACE_SVM_DIRECT < KVM_EXIT_TRACE_SVM_HIGH_COUNT)
		return slot - KVM_EXIT_TRACE_SVM_DIRECT + KVM_EXIT_TRACE_SVM_HIGH_BASE;
	return slot == KVM_EXIT_TRACE_SLOT_INVALID ? ~0u : 0;
}

void marks_attached(const struct attached *as, const struct exits_vcpu *rows, u32 nr)
{
	attached = *as;
	for (u32 i = 0; i < nr; i++) {
		unseen[i] = rows[i].unseen;
		all_unseen += rows[i].unseen;
	}
}

static bool from_start(void)
{
	if (all_unseen)
		return false;
	for (u32 i = 0; nr_marks && i < marks[nr_marks - 1].nr; i++)
		if (marks[nr_marks - 1].parts[i].vcpu.unseen)
			return false;
	return true;
}

/* Returns when the counters were at zero, in nanoseconds since 1970. */
static u64 since_1970(void)
{
	struct timespec real, kernel;

	clock_gettime(CLOCK_REALTIME, &real);
	clock_gettime(CLOCK_MONOTONIC, &kernel);
	return (real.tv_sec - kernel.tv_sec) * 1000000000ULL + real.tv_nsec - kernel.tv_nsec +
		began_at();
}

void marks_describe(u32 vendor, u32 vcpus, __u64 lost)
{
	lost_marks = lost;
	tracer = (struct tracer){
		.present = nr_marks,
		.missing = "no VM of this command's ran",
		.revision = KVM_EXIT_TRACE_REVISION,
		.vendor = vendor,
		.features = KVM_EXIT_TRACE_FEATURE_LOG | KVM_EXIT_TRACE_FEATURE_PORT |
			    KVM_EXIT_TRACE_FEATURE_SPLIT | KVM_EXIT_TRACE_FEATURE_GUEST,
		.flags = from_start() ? KVM_EXIT_TRACE_FLAG_FROM_START : 0,
		.vcpus = vcpus,
		.slots = KVM_EXIT_TRACE_NR_SLOTS,
		.tsc_khz = 1000000,	/* nanoseconds */
		.began = nr_marks ? since_1970() : 0,
	};
}

/*
 * After mark ENTRY the guest pauses its VM, and marks that.  So this prints what was counted
 * then.
 */
static void print_syncs(void)
{
	u32 try = 0;

	for (u32 entry = 1; entry < nr_marks; entry++)
		if (log_entry(entry).phase == KVM_EXIT_TRACE_PHASE_PAUSED)
			describe_sync(try++, entry - 1,
				      log_counter(entry, KVM_EXIT_TRACE_SLOT_SUM,
						  KVM_EXIT_TRACE_CLOCK_KVM).count);
}

/* Says what was not counted, because the VM ran already. */
static void print_attached(void)
{
	if (!attached.since)
		return;
	record_begin("attached");
	record_number("unseen", all_unseen);
	record_word("end", attached.end);
	if (attached.signal)
		record_number("signal", attached.signal);
	record_end();
	for (u32 vcpu = 0; vcpu < tracer.vcpus; vcpu++) {
		if (!unseen[vcpu])
			continue;
		record_begin("unseen");
		record_number("vcpu", vcpu);
		record_number("exits", unseen[vcpu]);
		record_end();
	}
}

/* Leaves out the last mark, if it is a pause's, because that ends no phase. */
static u32 printed(void)
{
	return nr_marks - (nr_marks && log_entry(nr_marks - 1).phase == KVM_EXIT_TRACE_PHASE_PAUSED);
}

void marks_print(void)
{
	marks_print_as("bpf");
}

void marks_print_as(const char *counter)
{
	describe_speaker(counter);
	describe_tracer();
	print_attached();
	if (!tracer.present)
		return;
	phases_print(0, printed());
	print_syncs();
	describe_dropped(0);
}
