// SPDX-License-Identifier: GPL-2.0-only
/* The tables of reasons: their exits by phase, and their cost. */
#include <stdlib.h>
#include <string.h>

#include "tools/export/export.h"
#include "tools/report/report.h"
#include "lib/table.h"

static __u64 kvm_of(const struct phase *row, unsigned int slot)
{
	return row->slots[slot].cycles[KVM_EXIT_TRACE_CLOCK_KVM];
}

static __u64 total_of(const struct phase *row, unsigned int slot)
{
	return counter_cost(&row->slots[slot]);
}

/* Returns the first phase that has an exit of a reason. */
static size_t first_phase(const struct phases *phases, unsigned int slot)
{
	size_t i = 0;

	while (i < phases->nr && !phases->rows[i].slots[slot].exits)
		i++;
	return i;
}

struct order {
	const struct report *report;
	const struct phase *row;
	enum report_sort by;
};

/* The key for sorting.  Ticks by exit are multiplied by both reasons' exits, to be whole. */
static __uint128_t rank(const struct order *order, unsigned int slot, unsigned int other)
{
	const struct phase *row = order->row;

	switch (order->by) {
	case REPORT_EXITS:
		return -1ULL - row->slots[slot].exits;
	case REPORT_KVM:
		return -1ULL - kvm_of(row, slot);
	case REPORT_TOTAL:
		return -1ULL - total_of(row, slot);
	case REPORT_KVM_EXIT:
		return -(__uint128_t)1 - (__uint128_t)kvm_of(row, slot) * row->slots[other].exits;
	case REPORT_TOTAL_EXIT:
		return -(__uint128_t)1 - (__uint128_t)total_of(row, slot) * row->slots[other].exits;
	case REPORT_NAME:
		break;
	case REPORT_TIME:
		return first_phase(&order->report->phases, slot);
	}
	return 0;
}

static int compare_slots(const void *left, const void *right, void *context)
{
	unsigned int a = *(const unsigned int *)left, b = *(const unsigned int *)right;
	const struct order *order = context;
	const struct phases *phases = &order->report->phases;
	__uint128_t x = rank(order, a, b), y = rank(order, b, a);
	char texts[2][EXPORT_REASON];
	int names = 0;

	if (order->by == REPORT_NAME)
		names = strcmp(export_reason(texts[0], phases, a),
			       export_reason(texts[1], phases, b));
	if (names)
		return names;
	if (x == y) {
		x = a;
		y = b;
	}
	return x < y ? -1 : x > y;
}

unsigned int report_order(const struct report *report, const struct phase *row,
			  unsigned int slots[KVM_EXIT_TRACE_NR_SLOTS])
{
	const struct report_options *options = report->options;
	struct order order = { report, row, REPORT_EXITS };
	unsigned int slot, nr = 0;

	for (slot = 0; slot < KVM_EXIT_TRACE_NR_SLOTS; slot++)
		if (row->slots[slot].exits &&
		    (!options->reason || report->slot == (int)slot))
			slots[nr++] = slot;
	if (options->sort != REPORT_NAME && options->sort != REPORT_TIME)
		order.by = options->sort;
	qsort_r(slots, nr, sizeof(*slots), compare_slots, &order);
	if (options->sort != order.by) {
		order.by = options->sort;
		qsort_r(slots, nr < options->top ? nr : options->top, sizeof(*slots),
			compare_slots, &order);
	}
	return nr;
}

int report_slot(const struct phases *phases, const char *name)
{
	char text[EXPORT_REASON];
	unsigned int slot;

	for (slot = 0; slot < KVM_EXIT_TRACE_NR_SLOTS; slot++)
		if (phases->reasons[slot] &&
		    !strcmp(export_reason(text, phases, slot), name))
			return slot;
	return -1;
}

/* The most frequent reasons of the boot.  Each is a column of the matrix. */
struct columns {
	unsigned int slots[KVM_EXIT_TRACE_NR_SLOTS], nr;
	bool rest;			/* there are more reasons */
};

static __u64 rest_of(const struct columns *columns, const struct phase *row)
{
	__u64 rest = 0;
	unsigned int i;

	for (i = 0; i < KVM_EXIT_TRACE_NR_SLOTS; i++)
		rest += row->slots[i].exits;
	for (i = 0; i < columns->nr; i++)
		rest -= row->slots[columns->slots[i]].exits;
	return rest;
}

/* The largest number is emphasized.  0 is a dot, so that other numbers stand out. */
static void add_matrix_row(struct table *table, const struct columns *columns,
			   const struct phase *row)
{
	unsigned int i, most = 0;
	__u64 count;

	for (i = 0; i < columns->nr; i++)
		if (row->slots[columns->slots[i]].exits > row->slots[columns->slots[most]].exits)
			most = i;
	table_add(table, "%s", row->label);
	if (!phases_know(row, PHASE_REASONS)) {
		report_unknown(table, columns->nr + columns->rest);
		return;
	}
	for (i = 0; i < columns->nr + columns->rest; i++) {
		count = i < columns->nr ? row->slots[columns->slots[i]].exits :
					  rest_of(columns, row);
		if (count)
			table_add_number(table, count);
		else
			table_add(table, ".");
		if (count && i == most)
			table_emphasize(table);
	}
}

/* Order the columns by the total, or if that is unknown, by all that is known. */
static unsigned int order_columns(const struct report *report,
				  unsigned int slots[KVM_EXIT_TRACE_NR_SLOTS])
{
	const struct phases *phases = &report->phases;
	struct phase sum = phases->total;
	size_t i, slot;

	for (i = 0; !phases_know(&phases->total, PHASE_REASONS) && i < phases->nr; i++)
		for (slot = 0; slot < KVM_EXIT_TRACE_NR_SLOTS; slot++)
			sum.slots[slot].exits += phases->rows[i].slots[slot].exits;
	return report_order(report, &sum, slots);
}

void report_matrix(const struct report *report)
{
	const struct phases *phases = &report->phases;
	char align[KVM_EXIT_TRACE_NR_SLOTS + 3] = "l", text[EXPORT_REASON];
	struct table table = { .align = align, .color = report->options->color };
	struct columns columns = { .rest = false };
	size_t i;

	columns.nr = order_columns(report, columns.slots);
	if (columns.nr > report->options->top)
		columns.nr = report->options->top;
	for (i = 0; i < phases->nr; i++)
		columns.rest |= rest_of(&columns, &phases->rows[i]) != 0;
	if (!columns.nr)
		return;
	memset(align + 1, 'r', columns.nr + columns.rest);
	table_add(&table, "phase");
	for (i = 0; i < columns.nr; i++)
		table_add(&table, "%s", export_reason(text, phases, columns.slots[i]));
	if (columns.rest)
		table_add(&table, "other");
	for (i = 0; i < phases->nr; i++)
		add_matrix_row(&table, &columns, &phases->rows[i]);
	add_matrix_row(&table, &columns, &phases->total);
	putchar('\n');
	table_print(&table);
	table_free(&table);
}

/* For the total: the phase with most exits of a reason.  For a phase: its share of them. */
static void add_where(struct table *table, const struct phases *phases,
		      const struct phase *row, unsigned int slot)
{
	const struct phase *most = row;
	size_t i;

	if (row == &phases->total) {
		most = phases->rows;
		for (i = 1; i < phases->nr; i++)
			if (phases->rows[i].slots[slot].exits > most->slots[slot].exits)
				most = &phases->rows[i];
		if (!known_all(phases, PHASE_REASONS)) {
			report_unknown(table, 2);
			return;
		}
		table_add(table, "%s", most->label);
	}
	report_share_of(table, most->slots[slot].exits, &phases->total, PHASE_REASONS,
			phases->total.slots[slot].exits);
}

/* Add what exits cost, and its share of all cost. */
static void add_cost(struct table *table, const struct phase *row, __u64 exits, __u64 kvm,
		     __u64 total)
{
	table_add_number(table, exits);
	report_share(table, exits, row->all.exits);
	table_add_number(table, total);
	report_share(table, total, counter_cost(&row->all));
	report_kvm(table, row, kvm, exits);
	report_cost(table, total, exits);
}

static void add_rest(struct table *table, const struct phase *row,
		     const unsigned int *slots, unsigned int nr)
{
	__u64 exits = 0, kvm = 0, total = 0;
	unsigned int i;

	for (i = 0; i < nr; i++) {
		exits += row->slots[slots[i]].exits;
		kvm += kvm_of(row, slots[i]);
		total += total_of(row, slots[i]);
	}
	table_add(table, nr == 1 ? "1 other" : "%u others", nr);
	add_cost(table, row, exits, kvm, total);
	for (i = 7; i < strlen(table->align); i++)
		table_add(table, "%s", "");
}

static void add_headings(struct table *table, bool whole, bool bounds)
{
	table_add(table, "reason");
	table_add(table, "exits");
	table_add(table, "share");
	table_add(table, "total");
	table_add(table, "time");
	table_add(table, "kvm/exit");
	table_add(table, "total/exit");
	if (bounds) {
		table_add(table, "min >=");
		table_add(table, "avg");
		table_add(table, "max <=");
	}
	table_add(table, whole ? "most of it in" : "of the boot's");
	if (whole)
		table_add(table, "%s", "");
}

void report_reasons(const struct report *report, const struct phase *row)
{
	const struct phases *phases = &report->phases;
	unsigned int slots[KVM_EXIT_TRACE_NR_SLOTS], nr, i;
	bool whole = row == &phases->total, bounds = whole && report->run->latencies.nr;
	struct table table = {
		.align = bounds ? "lrrrrrrrrrlr" : whole ? "lrrrrrrlr" : "lrrrrrrr",
		.color = report->options->color,
	};
	char text[EXPORT_REASON];

	nr = report_order(report, row, slots);
	if (!nr)
		return;
	add_headings(&table, whole, bounds);
	for (i = 0; i < nr && i < report->options->top; i++) {
		table_add(&table, "%s", export_reason(text, phases, slots[i]));
		add_cost(&table, row, row->slots[slots[i]].exits, kvm_of(row, slots[i]),
			 total_of(row, slots[i]));
		if (bounds)
			report_bounds(&table, report, slots[i]);
		add_where(&table, phases, row, slots[i]);
	}
	if (i < nr)
		add_rest(&table, row, slots + i, nr - i);
	putchar('\n');
	table_print(&table);
	table_free(&table);
}

static void add_phase(struct table *table, const struct phase *row,
		      const struct phase *total, unsigned int slot)
{
	__u64 exits = row->slots[slot].exits;

	table_add(table, "%s", row->label);
	if (!phases_know(row, PHASE_REASONS)) {
		report_unknown(table, 6);
		return;
	}
	table_add_number(table, exits);
	report_share_of(table, exits, total, PHASE_REASONS, total->slots[slot].exits);
	table_add_number(table, total_of(row, slot));
	report_kvm(table, row, kvm_of(row, slot), exits);
	report_cost(table, total_of(row, slot), exits);
	report_share(table, exits, row->all.exits);
}

void report_reason(const struct report *report)
{
	const struct phases *phases = &report->phases;
	struct table table = { .align = "lrrrrrr", .color = report->options->color };
	const struct phase *only = report->phase;
	unsigned int slot = report->slot;
	size_t i;

	table_add(&table, "phase");
	table_add(&table, "%s", report->options->reason);
	table_add(&table, "share");
	table_add(&table, "total");
	table_add(&table, "kvm/exit");
	table_add(&table, "total/exit");
	table_add(&table, "of the phase's");
	for (i = 0; i < phases->nr; i++)
		if (!only || only == &phases->rows[i])
			add_phase(&table, &phases->rows[i], &phases->total, slot);
	if (!only)
		add_phase(&table, &phases->total, &phases->total, slot);
	putchar('\n');
	table_print(&table);
	table_free(&table);
}
