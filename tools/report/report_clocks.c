// SPDX-License-Identifier: GPL-2.0-only
/* Where the time of a boot went: into the guest, and into each clock of its exits. */
#include <string.h>

#include "lib/json.h"
#include "tools/trace/clocks.h"
#include "tools/export/export.h"
#include "tools/report/report.h"
#include "lib/table.h"

#define BAR	40		/* characters of the longest bar */

static void add_clocks(struct table *table, const struct phase *row)
{
	unsigned int clock;

	for (clock = 0; clock < export_clocks_nr(row); clock++)
		table_add(table, "%s", export_clock(row, clock));
}

static void add_time(const struct report *report, struct table *table,
		     const struct phase *row, __u64 time)
{
	if (report->options->split)
		table_add_number(table, time);
	else
		report_share(table, time, row->elapsed);
}

static void add_phase(const struct report *report, struct table *table,
		      const struct phase *row)
{
	unsigned int clock;

	table_add(table, "%s", row->label);
	report_number(table, row, PHASE_EXITS, row->all.exits);
	report_number(table, row, PHASE_GUEST, row->elapsed);
	if (!phases_know(row, PHASE_EXITS) || !phases_know(row, PHASE_GUEST)) {
		report_unknown(table, 1 + export_clocks_nr(row));
		return;
	}
	add_time(report, table, row, row->in_guest);
	for (clock = 0; clock < export_clocks_nr(row); clock++)
		add_time(report, table, row, row->all.cycles[clock]);
}

void report_clocks(const struct report *report)
{
	const struct phases *phases = &report->phases;
	struct table table = {
		.align = phases_know(&phases->total, PHASE_SPLIT) ? "lrrrrrrr" : "lrrrr",
		.color = report->options->color,
	};
	size_t i;

	if (!phases->total.mark->elapsed)
		return;
	table_add(&table, "phase");
	table_add(&table, "exits");
	table_add(&table, "%s of all", report->unit);
	table_add(&table, "guest");
	add_clocks(&table, &phases->total);
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
static void add_split(struct table *table, const char *name, const struct phase *row,
		      const struct counter *counter)
{
	unsigned int clock;

	table_add(table, "%s", name);
	table_add_number(table, counter->exits);
	for (clock = 0; clock < export_clocks_nr(row); clock++)
		table_add_number(table, counter->cycles[clock]);
}

static void add_others(struct table *table, const struct phase *row,
		       const unsigned int *slots, unsigned int nr)
{
	struct counter others = { 0 };
	char text[32];
	unsigned int i;

	for (i = 0; i < nr; i++)
		counter_add(&others, &row->slots[slots[i]]);
	snprintf(text, sizeof(text), nr == 1 ? "1 other" : "%u others", nr);
	add_split(table, text, row, &others);
}

void report_split(const struct report *report, const struct phase *row)
{
	unsigned int slots[KVM_EXIT_TRACE_NR_SLOTS], nr, i;
	struct table table = {
		.align = phases_know(row, PHASE_SPLIT) ? "lrrrrr" : "lrr",
		.color = report->options->color,
	};
	char text[EXPORT_REASON];

	if (!phases_know(row, PHASE_REASONS))
		return;
	nr = report_order(report, row, slots);
	table_add(&table, "%s by reason", report->unit);
	table_add(&table, "exits");
	add_clocks(&table, row);
	for (i = 0; i < nr && i < report->options->top; i++)
		add_split(&table, export_reason(text, &report->phases, slots[i]), row,
			  &row->slots[slots[i]]);
	if (i < nr)
		add_others(&table, row, slots + i, nr - i);
	add_split(&table, "total", row, &row->all);
	putchar('\n');
	table_print(&table);
	table_free(&table);
}

void report_bounds(struct table *table, const struct report *report, unsigned int slot)
{
	const struct counter *counter = &report->phases.total.slots[slot];
	unsigned int i, first = LOG_BUCKETS, last = 0;
	__u64 buckets[LOG_BUCKETS];
	__u64 sum = 0;

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
	for (i = 0; i < KVM_EXIT_TRACE_NR_CLOCKS; i++)
		sum = counter_sum(sum, counter->cycles[i]);
	table_add_number(table, first ? 1ULL << first : 0);
	report_cost(table, sum, counter->exits);
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
