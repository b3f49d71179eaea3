// SPDX-License-Identifier: GPL-2.0-only
/* The tables of each phase's exits: of the boot, and by vCPU. */
#include <string.h>

#include "tools/report/report.h"
#include "tools/trace/late.h"
#include "lib/table.h"

#define MAX_VCPU_COLUMNS	16

void report_unknown(struct table *table, unsigned int nr)
{
	while (nr--)
		table_add(table, "?");
}

void report_number(struct table *table, const struct phase *row, enum phase_part part,
		   __u64 number)
{
	if (phases_know(row, part))
		table_add_number(table, number);
	else
		report_unknown(table, 1);
}

void report_share(struct table *table, __u64 part, __u64 whole)
{
	if (whole)
		table_add(table, "%.1f%%", 100.0 * part / whole);
	else
		table_add(table, "-");
}

void report_share_of(struct table *table, __u64 part, const struct phase *total,
		     enum phase_part kind, __u64 whole)
{
	if (phases_know(total, kind))
		report_share(table, part, whole);
	else
		report_unknown(table, 1);
}

void report_cost(struct table *table, __u64 cycles, __u64 exits)
{
	if (exits)
		table_add_number(table, ((__uint128_t)cycles + exits / 2) / exits);
	else
		table_add(table, "-");
}

void report_kvm(struct table *table, const struct phase *row, __u64 cycles, __u64 exits)
{
	if (phases_know(row, PHASE_SPLIT))
		report_cost(table, cycles, exits);
	else
		report_unknown(table, 1);
}

/* Add induced, if there is an observer, and net. */
static void add_net(struct table *table, const struct report *report,
		    const struct phase *row)
{
	table_add_number(table, row->self);
	if (report->observer && phases_know(row, PHASE_INDUCED))
		table_add_number(table, row->induced);
	else if (report->observer)
		table_add(table, "unknown");
	table_add_number(table, row->net);
}

/* Whether net of any phase is only a bound. */
static bool bounded(const struct report *report)
{
	const struct phases *phases = &report->phases;
	const struct phase *row = phases->rows;
	size_t i;

	for (i = 0; i < phases->nr; i++, row++)
		if (phases_know(row, PHASE_EXITS) && !phases_know(row, PHASE_INDUCED))
			return true;
	return false;
}

static void add_row(struct table *table, const struct report *report,
		    const struct phase *row)
{
	const struct phases *phases = &report->phases;
	__u64 total = counter_cost(&row->all);
	char text[GROUPED];

	table_add(table, "%s", row->label);
	table_add(table, "%s", phases_know(row, PHASE_TIME) ?
		  grouped_ms(text, phases_ticks(row), report->run->tracer.tsc_khz) : "?");
	if (!phases_know(row, PHASE_EXITS)) {
		report_unknown(table, strlen(table->align) - 2);
		return;
	}
	table_add_number(table, row->all.exits);
	report_share_of(table, row->all.exits, &phases->total, PHASE_EXITS, phases->total.all.exits);
	table_add_number(table, total);
	report_kvm(table, row, row->all.cycles[KVM_EXIT_TRACE_CLOCK_KVM], row->all.exits);
	report_cost(table, total, row->all.exits);
	if (report_guest(report))
		add_net(table, report, row);
	if (report->observer)
		table_add_number(table, row->observer);
}

/* Add a row that has only a label and exits. */
static void add_exits(struct table *table, const char *label, __u64 exits)
{
	size_t i;

	table_add(table, "%s", label);
	table_add(table, "%s", "");
	table_add_number(table, exits);
	for (i = 3; i < strlen(table->align); i++)
		table_add(table, "%s", "");
}

/* Add the host's count below the guest's, if the pause was at the last mark. */
static void add_host(struct table *table, const struct report *report)
{
	const struct host_sync *sync, *last = NULL;

	for_each(sync, &report->syncs)
		if (sync->host && sync->mark == report->phases.total.mark)
			last = sync;
	if (last)
		add_exits(table, "host", last->host->exits);
}

/* Only guest exits have the columns self, net and observer. */
static const char *columns_of(const struct report *report)
{
	if (!report_guest(report))
		return "lrrrrrr";
	return report->observer ? "lrrrrrrrrrr" : "lrrrrrrrr";
}

static void add_total(struct table *table, const struct report *report)
{
	const struct phases *phases = &report->phases;

	add_row(table, report, &phases->total);
	if (report->options->which.whose == VIEW_ONE)
		return;
	if (report->observer)
		add_exits(table, "all vCPUs", phases->total.mark->all.exits);
	add_host(table, report);
}

void report_phases(const struct report *report)
{
	const struct phases *phases = &report->phases;
	struct table table = {
		.align = columns_of(report),
		.color = report->options->color,
	};
	size_t i;

	table_add(&table, "phase");
	table_add(&table, "ms");
	table_add(&table, "exits");
	table_add(&table, "share");
	table_add(&table, "total");
	table_add(&table, "kvm/exit");
	table_add(&table, "total/exit");
	if (report_guest(report)) {
		table_add(&table, "self");
		if (report->observer)
			table_add(&table, "induced");
		table_add(&table, bounded(report) ? "net <=" : "net");
	}
	if (report->observer)
		table_add(&table, "observer");
	if (!report->phase && report->run->attached.unseen)
		add_exits(&table, "unseen", late_unseen(report->run, report->view));
	for (i = 0; i < phases->nr; i++)
		if (report_shows(report, &phases->rows[i]))
			add_row(&table, report, &phases->rows[i]);
	if (!report->phase)
		add_total(&table, report);
	putchar('\n');
	table_print(&table);
	report_legend(report, &table);
	table_free(&table);
}

/* Fill @of with the vCPUs that don't observe.  Returns how many are shown. */
static size_t build_vcpus(const struct report *report, bool *more,
			  struct phases of[MAX_VCPU_COLUMNS],
			  size_t numbers[MAX_VCPU_COLUMNS])
{
	struct phases_view view = { .whose = PHASES_ONE };
	size_t nr = phases_vcpus(report->run), columns = 0;

	*more = false;
	for (; view.vcpu < nr && !*more; view.vcpu++) {
		if (report->observer && view.vcpu == report->view.vcpu)
			continue;
		if (columns == MAX_VCPU_COLUMNS) {
			*more = true;
			break;
		}
		numbers[columns] = view.vcpu;
		phases_build(report->run, view, &of[columns++]);
	}
	return columns;
}

void report_vcpus(const struct report *report)
{
	const struct phases *phases = &report->phases;
	size_t numbers[MAX_VCPU_COLUMNS], i, at, nr;
	struct phases of[MAX_VCPU_COLUMNS];
	char align[MAX_VCPU_COLUMNS + 2] = "l";
	struct table table = { .align = align, .color = report->options->color };
	const struct phase *row;
	bool more;

	nr = build_vcpus(report, &more, of, numbers);
	table_add(&table, "exits by vCPU");
	for (at = 0; at < nr; at++) {
		strcat(align, "r");
		table_add(&table, "%zu", numbers[at]);
	}
	for (i = 0; i <= phases->nr; i++) {
		table_add(&table, "%s", i < phases->nr ? phases->rows[i].label : "total");
		for (at = 0; at < nr; at++) {
			row = i < phases->nr ? &of[at].rows[i] : &of[at].total;
			report_number(&table, row, PHASE_EXITS, row->all.exits);
		}
	}
	if (nr > 1) {
		putchar('\n');
		table_print(&table);
	}
	if (more)
		printf("no more than %u vCPUs are shown\n", MAX_VCPU_COLUMNS);
	for (at = 0; at < nr; at++)
		phases_free(&of[at]);
	table_free(&table);
}
