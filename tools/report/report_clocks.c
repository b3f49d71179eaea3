// SPDX-License-Identifier: GPL-2.0-only
/* Where the time of a boot went: into the guest, and into each clock of its exits. */
#include <string.h>

#include "lib/json.h"
#include "tools/trace/clocks.h"
#include "tools/export/export.h"
#include "tools/report/report.h"
#include "lib/table.h"

#define BAR	40		/* characters of the longest bar */

static const char *const names[] = { "guest", "kvm", "user", "idle", "preempted" };
#define NAMES	(sizeof(names) / sizeof(names[0]))

static void add_phase(const struct report *report, struct table *table,
		      const struct phase *row)
{
	const __u64 clocks[NAMES] = { row->in_guest, row->kvm, row->user, row->idle,
				      row->preempted };
	size_t i;

	table_add(table, "%s", row->label);
	report_number(table, row, PHASE_EXITS, row->exits);
	report_number(table, row, PHASE_GUEST, row->elapsed);
	if (!phases_know(row, PHASE_EXITS) || !phases_know(row, PHASE_GUEST)) {
		report_unknown(table, NAMES);
		return;
	}
	for (i = 0; i < NAMES; i++)
		if (report->options->split)
			table_add_number(table, clocks[i]);
		else
			report_share(table, clocks[i], row->elapsed);
}

void report_clocks(const struct report *report)
{
	struct table table = { .align = "lrrrrrrr", .color = report->options->color };
	const struct phases *phases = &report->phases;
	size_t i;

	if (!phases->total.mark->elapsed)
		return;
	table_add(&table, "phase");
	table_add(&table, "exits");
	table_add(&table, "%s of all", report->unit);
	for (i = 0; i < NAMES; i++)
		table_add(&table, "%s", names[i]);
	for (i = 0; i < phases->nr; i++)
		if (report_shows(report, &phases->rows[i]))
			add_phase(report, &table, &phases->rows[i]);
	if (!report->phase)
		add_phase(report, &table, &phases->total);
	putchar('\n');
	table_print(&table);
	table_free(&table);
}

/* Add a row.  The reasons' rows add up to the last one, the phase's. */
static void add_split(struct table *table, const char *name, __u64 exits,
		      const __u64 clocks[KVM_EXIT_TRACE_NR_CLOCKS])
{
	unsigned int clock;

	table_add(table, "%s", name);
	table_add_number(table, exits);
	for (clock = 0; clock < KVM_EXIT_TRACE_NR_CLOCKS; clock++)
		table_add_number(table, clocks[clock]);
}

static void add_others(struct table *table, const struct phase *row,
		       const unsigned int *slots, unsigned int nr)
{
	__u64 clocks[KVM_EXIT_TRACE_NR_CLOCKS] = { 0 }, exits = 0;
	unsigned int i, clock;
	char text[32];

	for (i = 0; i < nr; i++) {
		exits += row->counts[slots[i]];
		for (clock = 0; clock < KVM_EXIT_TRACE_NR_CLOCKS; clock++)
			clocks[clock] += row->cycles[slots[i]][clock];
	}
	snprintf(text, sizeof(text), nr == 1 ? "1 other" : "%u others", nr);
	add_split(table, text, exits, clocks);
}

void report_split(const struct report *report, const struct phase *row)
{
	const __u64 clocks[KVM_EXIT_TRACE_NR_CLOCKS] = {
		[KVM_EXIT_TRACE_CLOCK_KVM] = row->kvm,
		[KVM_EXIT_TRACE_CLOCK_USER] = row->user,
		[KVM_EXIT_TRACE_CLOCK_IDLE] = row->idle,
		[KVM_EXIT_TRACE_CLOCK_PREEMPTED] = row->preempted,
	};
	unsigned int slots[KVM_EXIT_TRACE_NR_SLOTS], nr, i;
	struct table table = { .align = "lrrrrr", .color = report->options->color };
	char text[EXPORT_REASON];

	if (!phases_know(row, PHASE_REASONS))
		return;
	nr = report_order(report, row, slots);
	table_add(&table, "%s by reason", report->unit);
	table_add(&table, "exits");
	for (i = 1; i < NAMES; i++)
		table_add(&table, "%s", names[i]);
	for (i = 0; i < nr && i < report->options->top; i++)
		add_split(&table, export_reason(text, &report->phases, slots[i]),
			  row->counts[slots[i]], row->cycles[slots[i]]);
	if (i < nr)
		add_others(&table, row, slots + i, nr - i);
	add_split(&table, "total", row->exits, clocks);
	putchar('\n');
	table_print(&table);
	table_free(&table);
}

void report_bounds(struct table *table, const struct report *report, unsigned int slot)
{
	const struct phase *total = &report->phases.total;
	const __u64 *cycles = total->cycles[slot];
	unsigned int i, first = LOG_BUCKETS, last = 0;
	__u64 buckets[LOG_BUCKETS];
	__u64 sum;

	if (!latencies_sum(report->run, report->view, slot, buckets)) {
		for (i = 0; i < 3; i++)
			table_add(table, "-");
		return;
	}
	for (i = 0; i < LOG_BUCKETS; i++) {
		if (!buckets[i])
			continue;
		first = first < i ? first : i;
		last = i;
	}
	sum = phases_cost(phases_cost(cycles[KVM_EXIT_TRACE_CLOCK_KVM],
				      cycles[KVM_EXIT_TRACE_CLOCK_USER]),
			  phases_cost(cycles[KVM_EXIT_TRACE_CLOCK_IDLE],
				      cycles[KVM_EXIT_TRACE_CLOCK_PREEMPTED]));
	table_add_number(table, first ? 1ULL << first : 0);
	report_cost(table, sum, total->counts[slot]);
	if (last < LOG_BUCKETS - 1)
		table_add_number(table, (2ULL << last) - 1);
	else
		table_add(table, "-");
}

static void print_latency(const struct report *report, unsigned int slot,
			  const __u64 buckets[LOG_BUCKETS])
{
	struct table table = { .align = "lrrl", .color = report->options->color };
	char text[EXPORT_REASON], bar[BAR + 1];
	__u64 most = 0, sum = 0;
	unsigned int i, first = LOG_BUCKETS, last = 0;

	for (i = 0; i < LOG_BUCKETS; i++) {
		if (!buckets[i])
			continue;
		first = first < i ? first : i;
		last = i;
		sum += buckets[i];
		most = most < buckets[i] ? buckets[i] : most;
	}
	table_add(&table, "%s: %s from", export_reason(text, &report->phases, slot),
		  report->unit);
	table_add(&table, "exits");
	table_add(&table, "share");
	table_add(&table, "%s", "");
	memset(bar, '#', BAR);
	for (i = first; i <= last; i++) {
		table_add_number(&table, i ? 1ULL << i : 0);
		table_add_number(&table, buckets[i]);
		report_share(&table, buckets[i], sum);
		table_add(&table, "%.*s", (int)((__uint128_t)buckets[i] * BAR / most), bar);
	}
	putchar('\n');
	table_print(&table);
	table_free(&table);
}

void report_latencies(const struct report *report)
{
	unsigned int slots[KVM_EXIT_TRACE_NR_SLOTS], nr, i;
	__u64 buckets[LOG_BUCKETS];

	nr = report_order(report, &report->phases.total, slots);
	for (i = 0; i < nr && i < report->options->top; i++)
		if (latencies_sum(report->run, report->view, slots[i], buckets))
			print_latency(report, slots[i], buckets);
}

json_t *report_latencies_json(const struct report *report)
{
	json_t *array = json_array(), *pairs;
	__u64 buckets[LOG_BUCKETS];
	unsigned int slot, i;

	for (slot = 0; slot < KVM_EXIT_TRACE_NR_SLOTS; slot++) {
		if (!report->phases.reasons[slot] ||
		    !latencies_sum(report->run, report->view, slot, buckets))
			continue;
		pairs = json_array();
		for (i = 0; i < LOG_BUCKETS; i++)
			if (buckets[i])
				json_array_append_new(pairs, json_pack("[I, o]",
					i ? (json_int_t)1 << i : 0, json_u64(buckets[i])));
		json_array_append_new(array, json_pack("{s:s, s:i, s:o}",
			"name", report->phases.reasons[slot]->name, "slot", slot,
			"buckets", pairs));
	}
	return array;
}
