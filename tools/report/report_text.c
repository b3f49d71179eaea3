// SPDX-License-Identifier: GPL-2.0-only
/* A report as tables. */
#include <string.h>

#include "tools/trace/check.h"
#include "tools/trace/clocks.h"
#include "tools/report/report.h"
#include "tools/trace/samples.h"
#include "lib/table.h"
#include "lib/text.h"

/* Print who counted, and how the guest was started. */
static void print_counter(const struct run *run)
{
	const struct log_tracer *tracer = &run->tracer;

	/* Only bootexits-bpf and an import have the newer clocks but no leaves. */
	if (!clocks_split(run)) {
		printf("counted by import of what %s recorded, ", run->hello.line ? run->hello.start : "?");
		return;
	}
	if (tracer->features & KVM_EXIT_TRACE_FEATURE_GUEST && !(tracer->features & KVM_EXIT_TRACE_FEATURE_LATCH))
		printf("counted by BPF, ");
	if (run->attached.unseen)
		printf("attached late, ");
	if (run->hello.line)
		printf("started by %s, ", run->hello.start);
}

static void print_heading(const struct report *report)
{
	const struct run *run = report->run;
	const struct log_tracer *tracer = &run->tracer;

	printf("%s%s%s%s: ", report->options->color ? COLOR_BOLD : "",
	       text_shown(report->path), *run->name ? ", run " : "", run->name);
	if (tracer->line)
		printf("%s, %llu vCPU%s, ABI %llu.%llu, ", tracer->vendor,
		       tracer->vcpus, tracer->vcpus == 1 ? "" : "s",
		       tracer->abi_major, tracer->abi_minor);
	print_counter(run);
	printf("verdict %s%s%s\n",
	       run->verdict.line ? run->verdict.result : "missing",
	       run->end.line ? "" : ", truncated",
	       report->options->color ? COLOR_OFF : "");
}

/* Print which vCPU observed the boot, and how closely. */
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

/* Print what the observer added to other vCPUs, as far as the host knows, and what its own had. */
static void print_induced(const struct phase *total)
{
	char induced[GROUPED], net[GROUPED], own[GROUPED], all[GROUPED];

	if (phases_know(total, PHASE_INDUCED))
		printf("induced: only the observer's timer caused %s more (%.2f%%), so net is %s\n",
		       grouped(induced, total->induced),
		       100.0 * total->induced / total->all.exits, grouped(net, total->net));
	else
		printf("induced: unknown, because nothing counted what the observer's timer caused, so net is at most %s\n",
		       grouped(net, total->net));
	printf("observer: its own vCPU had %s more, %.1f%% of all %s exits\n",
	       grouped(own, total->observer),
	       total->mark->all.exits ? 100.0 * total->observer / total->mark->all.exits : 0.0,
	       grouped(all, total->mark->all.exits));
}

static void print_self(const struct report *report)
{
	const struct phase *total = &report->phases.total;
	char self[GROUPED], exits[GROUPED];

	if (!total->all.exits)
		return;
	printf("\nself: only measuring caused %s of the %s exits (%.2f%%)\n",
	       grouped(self, total->self), grouped(exits, total->all.exits),
	       100.0 * total->self / total->all.exits);
	if (report->observer)
		print_induced(total);
}

static void print_whole(const struct report *report)
{
	report_matrix(report);
	report_reasons(report, &report->phases.total);
	if (report->options->split)
		report_split(report, &report->phases.total);
	report_sites(report);
	if (report->options->latency)
		report_latencies(report);
	report_chart(report);
	if (report->options->which.whose == VIEW_ONE)
		return;
	report_vcpus(report);
	if (report_guest(report))
		print_self(report);
}

/* Print whose exits the tables have, unless the summary has said so, and what their times are. */
static void print_caption(const struct report *report, bool summed_up)
{
	char text[VIEW_TEXT];

	if (!summed_up)
		printf("%s%s\n", view_text(text, &report->options->which),
		       report->observer ? ", without those of the observer's vCPU" : "");
	else if (report->observer)
		puts("the exits of the observer's vCPU are left out");
	printf("time in %s: %s\n", report->unit, clocks_split(report->run) ?
	       "kvm is KVM's, user the VMM's, total both" : "total is all from exit to entry");
	if (report->run->latencies.nr && !report->options->reason && !report->phase)
		puts("min, avg, max: from exit to entry, with idle and preempted; min and max are bounds");
}

/* Print the tables of the part of the run that the options select. */
static void print_tables(const struct report *report, bool summed_up)
{
	const struct report_options *options = report->options;

	if (!report->phases.nr)
		return;
	print_caption(report, summed_up);
	if (options->phase && !report->phase)
		printf("no phase %s\n", options->phase);
	else if (options->reason && report->slot < 0)
		printf("no reason %s\n", options->reason);
	else if (options->reason)
		report_reason(report);
	else
		report_phases(report);
	if (options->reason && report->slot >= 0) {
		report_sites(report);
		if (options->latency)
			report_latencies(report);
	}
	if (options->reason || (options->phase && !report->phase))
		return;
	report_clocks(report);
	if (options->phase) {
		report_reasons(report, report->phase);
		if (options->split)
			report_split(report, report->phase);
		report_sites(report);
		report_chart(report);
	} else {
		print_whole(report);
	}
}

void report_text(const struct report *report)
{
	const struct report_note *note;
	bool color = report->options->color, summed_up = false;

	if (!report->options->phase && !report->options->reason)
		summed_up = report_summary(report);
	print_heading(report);
	print_observer(report);
	print_tables(report, summed_up);
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
