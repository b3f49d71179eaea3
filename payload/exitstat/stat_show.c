// SPDX-License-Identifier: GPL-2.0-only
/* What the tracer has counted so far, as a table or as JSON. */
#include <error.h>
#include <stdlib.h>

#include "payload/exitstat/exitstat.h"
#include "payload/lib/names.h"
#include "payload/exitstat/stat_json.h"
#include "lib/table.h"

void snapshot_must(struct snapshot *snapshot)
{
	if (!snapshot_take(snapshot))
		error(STATUS_SYSTEM, 0,
		      "no coherent snapshot, as other processes latch, too: try again");
}

static const struct snapshot *sorted;

static int more_exits(const void *a, const void *b)
{
	u64 count_a = sorted->slot[*(const u8 *)a].count;
	u64 count_b = sorted->slot[*(const u8 *)b].count;

	if (count_a != count_b)
		return count_a < count_b ? 1 : -1;
	return *(const u8 *)a - *(const u8 *)b;
}

unsigned int slots_sorted(const struct snapshot *snapshot, u8 slots[KVM_EXIT_TRACE_NR_SLOTS])
{
	unsigned int nr = 0;

	for (u32 slot = 0; slot < KVM_EXIT_TRACE_NR_SLOTS; slot++)
		if (snapshot->slot[slot].count)
			slots[nr++] = slot;
	sorted = snapshot;
	qsort(slots, nr, sizeof(*slots), more_exits);
	return nr;
}

void print_tracer(FILE *to)
{
	fprintf(to, "%s, %u vCPU%s, ABI %u.%u, counted from %s%s\n",
		name_of_vendor(tracer.vendor), tracer.vcpus, tracer.vcpus == 1 ? "" : "s",
		tracer.revision >> 16, tracer.revision & 0xffff,
		tracer.flags & KVM_EXIT_TRACE_FLAG_FROM_START ?
		"the VM's start" : "when tracing was switched on, not from the VM's start",
		tracer.flags & KVM_EXIT_TRACE_FLAG_INCOMPLETE ? "; A VCPU IS NOT COUNTED" : "");
}

static void add_row(struct table *table, const char *name, const struct slot_counts *counts,
		    u64 total)
{
	u64 cycles = counts->cycles[KVM_EXIT_TRACE_CLOCK_KVM];

	table_add(table, "%s", name);
	table_add_number(table, counts->count);
	table_add(table, "%.1f%%", total ? 100.0 * counts->count / total : 0.0);
	table_add_number(table, cycles);
	table_add_number(table, counts->count ? cycles / counts->count : 0);
}

static void print_reasons(const struct snapshot *snapshot, const char *unit)
{
	struct table table = { .align = "lrrrr" };
	u8 slots[KVM_EXIT_TRACE_NR_SLOTS];
	unsigned int nr = slots_sorted(snapshot, slots);

	table_add(&table, "reason");
	table_add(&table, "exits");
	table_add(&table, "share");
	table_add(&table, "%s", unit);
	table_add(&table, "%s/exit", unit);
	for (unsigned int i = 0; i < nr; i++)
		add_row(&table, snapshot_slot_name(slots[i]), &snapshot->slot[slots[i]],
			snapshot->sum.count);
	add_row(&table, "total", &snapshot->sum, snapshot->sum.count);
	table_print(&table);
	table_free(&table);
}

/* Reads them live, one after the other, so their sum is more than the table's. */
static void print_vcpus(const char *unit)
{
	char exits[GROUPED], cycles[GROUPED];

	for (u32 i = 0; i < tracer.vcpus; i++) {
		struct counter sum = vcpu_counter(i, KVM_EXIT_TRACE_SLOT_SUM);

		printf("vCPU %u: %s exits, %s %s\n", i, grouped(exits, sum.count),
		       grouped(cycles, sum.cycles), unit);
	}
}

int show_main(const struct options *options)
{
	struct snapshot snapshot;

	snapshot_must(&snapshot);
	if (options->json) {
		json_t *root = tracer_json(options->unit);

		json_object_update_new(root, snapshot_json(&snapshot, false));
		if (tracer.vcpus > 1)
			json_object_set_new(root, "each_vcpu", vcpus_json());
		json_show(root);
		return STATUS_OK;
	}
	print_tracer(stdout);
	print_reasons(&snapshot, options->unit);
	if (tracer.vcpus > 1)
		print_vcpus(options->unit);
	return STATUS_OK;
}
