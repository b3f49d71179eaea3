// SPDX-License-Identifier: GPL-2.0-only
/* Builds the report of a run: its phases, the comparison with the host, and notes. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "tools/trace/check.h"
#include "tools/trace/clocks.h"
#include "tools/trace/late.h"
#include "tools/report/report.h"

static void __attribute__((format(printf, 2, 3)))
note(struct report *report, const char *format, ...)
{
	struct report_note new;
	va_list args;

	va_start(args, format);
	vsnprintf(new.text, sizeof(new.text), format, args);
	va_end(args);
	list_append(&report->notes, &new, sizeof(new));
}

static void note_phases(struct report *report)
{
	const struct phases *phases = &report->phases;
	size_t i;

	if (!phases->nr) {
		note(report, "no phases: nothing was marked");
		return;
	}
	for (i = 0; i < phases->nr; i++)
		if (phases->rows[i].mark->id == KVM_EXIT_TRACE_PHASE_FIRMWARE)
			return;
	if (!phases->rows[0].mark->entry && !report->run->attached.unseen)
		note(report, "no mark ends the firmware: its exits are in %s", phases->rows[0].label);
}

/* Add notes on figures, "?" in the tables, that are unknown because records are missing. */
static void note_unknown(struct report *report)
{
	const struct phases *phases = &report->phases;
	const struct run *run = report->run;
	__u64 head = known_head(run);
	char text[KNOWN_TEXT];
	size_t i;

	if (head)
		note(report, "the beginning is missing: %llu records", head);
	if (known_missing(run) > head)
		note(report, "records are missing: %llu%s", known_missing(run) - head,
		     head ? " more" : "");
	if (!run->observer.line && report->observer)
		note(report, "the observer's record is missing: vCPU %llu is taken as the observer, because it is the last and there are samples",
		     report->view.vcpu);
	for (i = 0; i < phases->nr; i++)
		if (known_text(&phases->rows[i], text))
			note(report, "%s: %s", phases->rows[i].label, text);
	if (known_text(&phases->total, text))
		note(report, "total: %s", text);
	if (known_partial(run) && (run->latencies.nr || run->sites.nr))
		note(report, "latencies and sites may be incomplete: records are missing");
}

/* Add a note on exits that have no site, of the vCPUs that are shown. */
static void note_lost(struct report *report)
{
	const struct log_lost *lost;
	__u64 exits = 0;

	for_each(lost, &report->run->losts)
		if (phases_sees(report->view, lost->vcpu))
			exits += lost->count;
	if (exits)
		note(report, "sites: KVM had no room to record the sites of %llu exits", exits);
}

/* Add notes on the files of --symbols, and on a trace from before KVM told the lead of a RIP. */
static void note_symbols(struct report *report)
{
	const struct symbols_place *place;
	const struct log_site *site;
	char text[SYMBOLS_NOTE];
	bool lead = false;

	if (!report->symbols.places.nr || !report->sites.nr)
		return;
	for_each(place, &report->symbols.places)
		if (symbols_note(place, report->run, text))
			note(report, "%s", text);
	for_each(site, &report->run->sites)
		lead |= site->lead;
	if (!lead)
		note(report, "symbols: this trace doesn't say whether one RIP has most exits of a site, so only single exits have a symbol; record it anew");
}

/* Add notes on what the user asked for but the trace lacks, and how to record it. */
static void note_lacks(struct report *report)
{
	const struct report_options *options = report->options;
	const struct run *run = report->run;

	if (!run->tracer.line || !run->end.line || run->nr_defects)
		return;
	if (options->latency && !run->latencies.nr)
		note(report, "no latencies: KVM kept none. Switch them on by KVM's parameter exit_trace_histogram=1 (make run HISTOGRAM=1)");
	if ((options->nr_sites || options->symbols.nr) && !run->sites.nr)
		note(report, "no sites: KVM kept none. Switch them on by KVM's parameter exit_trace_sites=1 (make run SITES=1)");
}

static void note_run(struct report *report)
{
	const struct run *run = report->run;
	const struct log_usage *usage;
	char text[LOG_MESSAGE];

	if (run->skip.line)
		note(report, "skipped: %s", run->skip.msg);
	for_each(usage, &run->usages)
		note(report, "option %s was refused: %s", usage->option, usage->msg);
	note_unknown(report);
	if (!run->tracer.line) {
		if (run->phases.nr)
			note(report, "no host record%s, so vendor and milliseconds are unknown",
			     known_partial(run) ? " (it is missing)" : "");
		else if (!run->skip.line)
			note(report, "no host record");
		return;
	}
	if (late_text(run, text))
		note(report, "%s", text);
	else if (!run->tracer.from_start)
		note(report, clocks_split(run) ?
		     "from_start=0: counts begin at switch-on (epoch %llu), not at the first exit" :
		     "from_start=0: the recording may have begun after the VM did", run->tracer.epoch);
	if (run->tracer.incomplete)
		note(report, "incomplete=1: the host ran out of memory, so a vCPU is not counted");
	note_phases(report);
	if (check_unfinished(run, text))
		note(report, "%s", text);
	note_lost(report);
	note_symbols(report);
	note_lacks(report);
	if (run->dropped.samples || run->dropped.marks)
		note(report, "dropped: %llu samples and %llu marks did not fit",
		     run->dropped.samples, run->dropped.marks);
}

/* Each pause of the guest must have a line of the host, and the reverse. */
static void compare_host(struct report *report, const struct run *host)
{
	const struct run *run = report->run;
	const struct log_defect *defect;
	const struct log_host *line;
	const struct log_sync *sync;
	struct host_sync result;
	bool known;

	for_each(sync, &run->syncs) {
		if (report->syncs.nr == LOG_MAX_MARKS)
			break;
		host_compare(run, host, sync, &result);
		list_append(&report->syncs, &result, sizeof(result));
		report->status = status_worse(report->status, result.status);
	}
	if (!run->syncs.nr) {
		note(report, "the guest has no sync record: there is nothing to compare the host log with");
		report->status = status_worse(report->status, STATUS_FAIL);
	}
	if (!host)
		return;
	for_each(line, &host->hosts) {
		known = false;
		for_each(sync, &run->syncs)
			known |= sync->try == line->sync;
		if (known || !run->syncs.nr)
			continue;
		note(report, "host log, line %lu: sync %llu is not in the guest's log",
		     line->line, line->sync);
		report->status = status_worse(report->status, STATUS_FAIL);
	}
	for_each(defect, &host->defects) {
		note(report, "host log, line %lu: %s", defect->line, defect->text);
		report->status = status_worse(report->status, STATUS_FAIL);
	}
}

const struct log *report_host_log(const struct report_options *options,
				  const struct log *log, const struct log *host)
{
	const struct run *run;

	if (options->host)
		return host;
	for_each(run, &log->host_runs)
		if (run->hosts.nr)
			return log;
	return NULL;
}

const char *report_unit(const struct report_options *options,
			const struct log *log)
{
	return options->unit ? options->unit : log_unit(log);
}

bool report_build(struct report *report, const struct log *log,
		  const struct log *host)
{
	const struct report_options *options = report->options;
	struct phases_view view;

	report->status = check_status(report->run);
	if (!view_of(&options->which, report->run, report->path, &view))
		return false;
	report->observer = view.whose == PHASES_ALL_BUT;
	report->view = view;
	phases_build(report->run, view, &report->phases);
	sites_build(report->run, view, &report->sites);
	symbols_place(&report->symbols, &options->symbols, report->run);
	if (options->phase)
		report->phase = phases_row(&report->phases, options->phase);
	report->slot = options->reason ?
		report_slot(&report->phases, options->reason) : -1;
	note_run(report);
	if (report->host_given && report->status != STATUS_SKIP)
		compare_host(report, host_find(host, report->run,
					       log->runs.nr == 1));
	else if (report->run->syncs.nr)
		note(report, "no host log: the guest's total is not compared");
	return true;
}

void report_free(struct report *report)
{
	phases_free(&report->phases);
	free(report->sites.items);
	symbols_free(&report->symbols);
	free(report->syncs.items);
	free(report->notes.items);
}
