// SPDX-License-Identifier: GPL-2.0-only
/* A report as tables. */
#include <string.h>

#include "check.h"
#include "report.h"
#include "table.h"

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

static void add_row(struct table *table, const struct phase *row, __u64 total)
{
	table_add(table, "%s", row->label);
	table_add_number(table, row->exits);
	if (total)
		table_add(table, "%.1f%%", 100.0 * row->exits / total);
	else
		table_add(table, "-");
	table_add_number(table, row->kvm);
	if (row->exits)
		table_add_number(table, (row->kvm + row->exits / 2) / row->exits);
	else
		table_add(table, "-");
	table_add_number(table, row->self);
	table_add_number(table, row->net);
}

/* The host's count right below the guest's, if its pause was at the last mark. */
static void add_host(struct table *table, const struct report *report)
{
	const struct host_sync *sync, *last = NULL;

	for_each(sync, &report->syncs)
		if (sync->host && sync->mark == report->phases.total.mark)
			last = sync;
	if (!last)
		return;
	table_add(table, "host");
	table_add_number(table, last->host->exits);
	table_add(table, "%s", "");
	table_add(table, "%s", "");
	table_add(table, "%s", "");
	table_add(table, "%s", "");
	table_add(table, "%s", "");
}

static void print_phases(const struct report *report)
{
	const struct phases *phases = &report->phases;
	struct table table = { .align = "lrrrrrr" };
	size_t i;

	table_add(&table, "phase");
	table_add(&table, "exits");
	table_add(&table, "share");
	table_add(&table, "%s", report->unit);
	table_add(&table, "%s/exit", report->unit);
	table_add(&table, "self");
	table_add(&table, "net");
	for (i = 0; i < phases->nr; i++)
		add_row(&table, &phases->rows[i], phases->total.exits);
	add_row(&table, &phases->total, phases->total.exits);
	add_host(&table, report);
	table_print(&table);
	table_free(&table);
}

static void add_top(struct table *table, const struct phases *phases,
		    const struct phase *row)
{
	unsigned int slots[PHASES_TOP], nr, i;

	nr = phases_top(row, slots);
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

static void print_count(const struct host_sync *sync)
{
	char total[GROUPED], exits[GROUPED], more[GROUPED], after[GROUPED];
	const struct log_host *host = sync->host;

	grouped(total, sync->mark->total);
	grouped(exits, host->exits);
	grouped(after, sync->sync->after);
	if (!sync->bounded) {
		printf("guest %s at the mark, %s after the pause, but host %s: not between the two\n",
		       total, after, exits);
		return;
	}
	printf("guest %s + 1 (the write that paused the VM)", total);
	if (sync->guest_window)
		printf(" + %s (interrupts in the guest's window, mark to write)",
		       grouped(more, sync->guest_window));
	printf(" = host %s%s\n", exits,
	       sync->guest_window ? "" : ": equal to the unit");
	if (sync->host_window)
		printf("        %s interrupt%s in the host's window, pause to read: the guest then read %s\n",
		       grouped(more, sync->host_window),
		       sync->host_window == 1 ? "" : "s", after);
	if (host->exits_fd && host->exits_fd != host->exits)
		printf("        but the host's second reading is %s\n",
		       grouped(more, host->exits_fd));
}

static void print_differing(const struct report *report,
			    const struct host_sync *sync)
{
	char guest[GROUPED], kvm[GROUPED];
	const struct log_reason *reason;
	unsigned int slot;

	if (!sync->hist)
		return;
	if (!sync->differ) {
		printf("        reasons: all %u equal%s\n", sync->compared,
		       sync->accounted ? "" : ", so none shows the interrupts");
		return;
	}
	printf("        reasons: %u of %u equal; %s:\n",
	       sync->compared - sync->differ, sync->compared,
	       sync->accounted ? "the interrupts of the guest's window are" :
				 "these differ");
	for (slot = 0; slot < KVM_EXIT_TRACE_NR_SLOTS; slot++) {
		if (sync->guest[slot] == sync->kvm[slot])
			continue;
		reason = report->phases.reasons[slot];
		printf("        %s (slot %u): guest %s, host %s\n",
		       reason ? reason->name : "not in the guest's log", slot,
		       grouped(guest, sync->guest[slot]),
		       grouped(kvm, sync->kvm[slot]));
	}
}

static void print_syncs(const struct report *report)
{
	const struct host_sync *sync;

	if (report->syncs.nr)
		printf("\nKVM's own count (stat.exits) beside the guest's\n");
	for_each(sync, &report->syncs) {
		printf("sync %llu: ", sync->sync->try);
		if (!sync->host || !sync->mark) {
			printf("%s has no line of it\n",
			       sync->mark ? "the host log" : "the phase log");
			continue;
		}
		print_count(sync);
		if (sync->bounded)
			print_differing(report, sync);
	}
}

void report_text(const struct report *report)
{
	const struct report_note *note;

	print_heading(report);
	if (report->phases.nr) {
		putchar('\n');
		print_phases(report);
		putchar('\n');
		print_reasons(report);
	}
	print_syncs(report);
	if (report->notes.nr)
		putchar('\n');
	for_each(note, &report->notes)
		printf("note: %s\n", note->text);
	if (report->run->nr_defects)
		putchar('\n');
	check_print_defects(report->path, report->run);
}
