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

	printf("%s%s%s: ", report->path, *run->name ? ", run " : "", run->name);
	if (tracer->line)
		printf("%s, %llu vCPU%s, ABI %llu.%llu, ", tracer->vendor,
		       tracer->vcpus, tracer->vcpus == 1 ? "" : "s",
		       tracer->abi_major, tracer->abi_minor);
	if (run->hello.line)
		printf("started by %s, ", run->hello.start);
	printf("verdict %s%s\n",
	       run->verdict.line ? run->verdict.result : "missing",
	       run->end.line ? "" : ", truncated");
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
	table_add_number(table, row->self);
	table_add_number(table, row->net);
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

static void print_phases(const struct report *report)
{
	const struct phases *phases = &report->phases;
	struct table table = {
		.align = report->observer ? "lrrrrrrrr" : "lrrrrrrr",
	};
	size_t i;

	table_add(&table, "phase");
	table_add(&table, "ms");
	table_add(&table, "exits");
	table_add(&table, "share");
	table_add(&table, "%s", report->unit);
	table_add(&table, "%s/exit", report->unit);
	table_add(&table, "self");
	table_add(&table, "net");
	if (report->observer)
		table_add(&table, "observer");
	for (i = 0; i < phases->nr; i++)
		add_row(&table, report, &phases->rows[i]);
	add_row(&table, report, &phases->total);
	if (report->observer)
		add_exits(&table, "all vCPUs", phases->total.mark->total);
	add_host(&table, report);
	table_print(&table);
	table_free(&table);
}

static void add_top(struct table *table, const struct phases *phases,
		    const struct phase *row)
{
	unsigned int slots[PHASES_TOP], nr, i;

	nr = phases_top(row, slots, PHASES_TOP);
	table_add(table, "%s", row->label);
	for (i = 0; i < PHASES_TOP; i++) {
		if (i >= nr) {
			table_add(table, "%s", "");
			table_add(table, "%s", "");
			continue;
		}
		table_add(table, "%s", phases->reasons[slots[i]]->name);
		table_add_number(table, row->counts[slots[i]]);
	}
}

static void print_reasons(const struct report *report)
{
	struct table table = { .align = "llrlrlrlr" };
	const struct phases *phases = &report->phases;
	size_t i;

	table_add(&table, "phase");
	table_add(&table, "top reasons");
	for (i = 2; i < strlen(table.align); i++)
		table_add(&table, "%s", "");
	for (i = 0; i < phases->nr; i++)
		add_top(&table, phases, &phases->rows[i]);
	add_top(&table, phases, &phases->total);
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
	struct table table = { .align = align };
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

void report_text(const struct report *report)
{
	const struct report_note *note;

	print_heading(report);
	print_observer(report);
	if (report->phases.nr) {
		putchar('\n');
		print_phases(report);
		putchar('\n');
		print_reasons(report);
		print_vcpus(report);
	}
	report_host(report);
	if (report->notes.nr)
		putchar('\n');
	for_each(note, &report->notes)
		printf("note: %s\n", note->text);
	if (report->run->nr_defects)
		putchar('\n');
	check_print_defects(report->path, report->run);
}
