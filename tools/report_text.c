// SPDX-License-Identifier: GPL-2.0-only
/* A report as tables. */
#include <string.h>

#include "check.h"
#include "report.h"
#include "samples.h"
#include "table.h"

#define MAX_VCPU_COLUMNS	16

static void print_heading(const struct report *report)
{
	const struct run *run = report->run;
	const struct log_tracer *tracer = &run->tracer;

	printf("%s%s%s%s: ", report->options->color ? COLOR_BOLD : "",
	       report->path, *run->name ? ", run " : "", run->name);
	if (tracer->line)
		printf("%s, %llu vCPU%s, ABI %llu.%llu, ", tracer->vendor,
		       tracer->vcpus, tracer->vcpus == 1 ? "" : "s",
		       tracer->abi_major, tracer->abi_minor);
	if (run->hello.line)
		printf("started by %s, ", run->hello.start);
	printf("verdict %s%s%s\n",
	       run->verdict.line ? run->verdict.result : "missing",
	       run->end.line ? "" : ", truncated",
	       report->options->color ? COLOR_OFF : "");
}

/* The line of a boot that was observed: by whom, and how closely. */
static void print_observer(const struct report *report)
{
	char number[GROUPED], gap[GROUPED], kept[GROUPED], lost[GROUPED];
	const struct run *run = report->run;
	const struct log_observed *observed = &run->observed;

	if (run->booted.line)
		printf("Linux %.*s%s", (int)strcspn(run->booted.version, " "),
		       run->booted.version, run->observer.line ? ", " : "\n");
	if (!run->observer.line)
		return;
	printf("observer on vCPU %llu, polling ", run->observer.vcpu);
	if (run->observer.interval)
		printf("every %s us: ", grouped(number, run->observer.interval));
	else
		printf("without a pause: ");
	if (observed->line)
		printf("%s polls, %s samples kept, %s dropped, longest gap %s ms\n",
		       grouped(number, observed->polls),
		       grouped(kept, observed->kept),
		       grouped(lost, run->dropped.samples),
		       grouped_ms(gap, observed->gap, run->tracer.tsc_khz));
	else
		printf("%s samples so far\n", grouped(kept, samples_said(run)));
}

static void add_row(struct table *table, const struct report *report,
		    const struct phase *row)
{
	const struct phases *phases = &report->phases;
	char text[GROUPED];

	table_add(table, "%s", row->label);
	table_add(table, "%s", grouped_ms(text, phases_ticks(row),
					  report->run->tracer.tsc_khz));
	table_add_number(table, row->exits);
	if (phases->total.exits)
		table_add(table, "%.1f%%",
			  100.0 * row->exits / phases->total.exits);
	else
		table_add(table, "-");
	table_add_number(table, row->kvm);
	if (row->exits)
		table_add_number(table, (row->kvm + row->exits / 2) / row->exits);
	else
		table_add(table, "-");
	if (!report->options->one) {
		table_add_number(table, row->self);
		table_add_number(table, row->net);
	}
	if (report->observer)
		table_add_number(table, row->observer);
}

/* A row that has its label and its exits only. */
static void add_exits(struct table *table, const char *label, __u64 exits)
{
	size_t i;

	table_add(table, "%s", label);
	table_add(table, "%s", "");
	table_add_number(table, exits);
	for (i = 3; i < strlen(table->align); i++)
		table_add(table, "%s", "");
}

/* The host's count right below the guest's, if its pause was at the last mark. */
static void add_host(struct table *table, const struct report *report)
{
	const struct host_sync *sync, *last = NULL;

	for_each(sync, &report->syncs)
		if (sync->host && sync->mark == report->phases.total.mark)
			last = sync;
	if (last)
		add_exits(table, "host", last->host->exits);
}

/* A vCPU by itself has neither self nor an observer. */
static const char *columns_of(const struct report *report)
{
	if (report->options->one)
		return "lrrrrr";
	return report->observer ? "lrrrrrrrr" : "lrrrrrrr";
}

static void add_total(struct table *table, const struct report *report)
{
	const struct phases *phases = &report->phases;

	add_row(table, report, &phases->total);
	if (report->options->one)
		return;
	if (report->observer)
		add_exits(table, "all vCPUs", phases->total.mark->total);
	add_host(table, report);
}

static void print_phases(const struct report *report)
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
	table_add(&table, "%s", report->unit);
	table_add(&table, "%s/exit", report->unit);
	if (!report->options->one) {
		table_add(&table, "self");
		table_add(&table, "net");
	}
	if (report->observer)
		table_add(&table, "observer");
	for (i = 0; i < phases->nr; i++)
		if (!report->phase || report->phase == &phases->rows[i])
			add_row(&table, report, &phases->rows[i]);
	if (!report->phase)
		add_total(&table, report);
	putchar('\n');
	table_print(&table);
	table_free(&table);
}

/* Fill @of with the vCPUs that don't observe; returns how many are shown. */
static size_t build_vcpus(const struct report *report, bool *more,
			  struct phases of[MAX_VCPU_COLUMNS],
			  size_t numbers[MAX_VCPU_COLUMNS])
{
	struct phases_view view = { .whose = PHASES_ONE };
	size_t nr = phases_vcpus(report->run), columns = 0;

	*more = false;
	for (; view.vcpu < nr && !*more; view.vcpu++) {
		if (report->observer && view.vcpu == report->run->observer.vcpu)
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

/* Only where there are more vCPUs than one; the observer's is none of them. */
static void print_vcpus(const struct report *report)
{
	const struct phases *phases = &report->phases;
	size_t numbers[MAX_VCPU_COLUMNS], i, at, nr;
	struct phases of[MAX_VCPU_COLUMNS];
	char align[MAX_VCPU_COLUMNS + 2] = "l";
	struct table table = { .align = align, .color = report->options->color };
	bool more;

	nr = build_vcpus(report, &more, of, numbers);
	table_add(&table, "exits by vCPU");
	for (at = 0; at < nr; at++) {
		strcat(align, "r");
		table_add(&table, "%zu", numbers[at]);
	}
	for (i = 0; i <= phases->nr; i++) {
		table_add(&table, "%s", i < phases->nr ? phases->rows[i].label : "total");
		for (at = 0; at < nr; at++)
			table_add_number(&table, i < phases->nr ?
					 of[at].rows[i].exits : of[at].total.exits);
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

/* What only measuring cost, of which no other figure is free. */
static void print_self(const struct report *report)
{
	char self[GROUPED], exits[GROUPED], more[GROUPED], all[GROUPED];
	const struct phase *total = &report->phases.total;

	if (!total->exits)
		return;
	printf("\nself: %s of the %s exits (%.2f%%) only measuring caused",
	       grouped(self, total->self), grouped(exits, total->exits),
	       100.0 * total->self / total->exits);
	if (report->observer && total->mark->total)
		printf("; the observer's vCPU had %s more, %.1f%% of all %s",
		       grouped(more, total->observer),
		       100.0 * total->observer / total->mark->total,
		       grouped(all, total->mark->total));
	putchar('\n');
}

static void print_whole(const struct report *report)
{
	report_matrix(report);
	report_reasons(report, &report->phases.total);
	report_chart(report);
	if (report->options->one)
		return;
	print_vcpus(report);
	print_self(report);
}

/* The tables, of what the options leave of the run. */
static void print_tables(const struct report *report)
{
	const struct report_options *options = report->options;

	if (!report->phases.nr)
		return;
	if (options->one)
		printf("exits of vCPU %llu only\n", options->vcpu);
	if (options->phase && !report->phase)
		printf("no phase %s\n", options->phase);
	else if (options->reason && report->slot < 0)
		printf("no reason %s\n", options->reason);
	else if (options->reason)
		report_reason(report);
	else
		print_phases(report);
	if (options->reason || (options->phase && !report->phase))
		return;
	if (options->phase) {
		report_reasons(report, report->phase);
		report_chart(report);
	} else {
		print_whole(report);
	}
}

void report_text(const struct report *report)
{
	const struct report_note *note;
	bool color = report->options->color;

	print_heading(report);
	print_observer(report);
	print_tables(report);
	report_host(report);
	if (report->notes.nr)
		putchar('\n');
	for_each(note, &report->notes)
		printf("note: %s\n", note->text);
	if (!report->run->nr_defects)
		return;
	printf("\n%s", color ? COLOR_RED : "");
	check_print_defects(report->path, report->run);
	fputs(color ? COLOR_OFF : "", stdout);
}
