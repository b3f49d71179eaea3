// SPDX-License-Identifier: GPL-2.0-only
/* `bootexits report': the exits of a boot by phase. */
#include <argp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "report.h"

struct options {
	const char *host, *serial, *unit;
	bool json;
};

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
	if (report->run->observer.line && !report->run->parts.nr)
		note(report, "no parts: the observer's exits are among the others");
	for (i = 0; i < phases->nr; i++)
		if (phases->rows[i].mark->id == KVM_EXIT_TRACE_PHASE_FIRMWARE)
			return;
	note(report, "no firmware mark: its exits are in %s", phases->rows[0].label);
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
	if (!run->tracer.line) {
		if (!run->skip.line)
			note(report, "no host record: there was no tracer to read");
		return;
	}
	if (!run->tracer.from_start)
		note(report, "from_start=0: counts begin at switch-on (epoch %llu), not at the first exit",
		     run->tracer.epoch);
	if (run->tracer.incomplete)
		note(report, "incomplete=1: the host's memory ran short, a vCPU is not counted");
	note_phases(report);
	if (check_unfinished(run, text))
		note(report, "%s", text);
	if (run->dropped.samples || run->dropped.marks)
		note(report, "dropped: %llu samples and %llu marks did not fit",
		     run->dropped.samples, run->dropped.marks);
}

/* Each pause of the guest must have its line of the host, and the reverse. */
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

static void build(struct report *report, const struct log *log,
		  const struct log *host)
{
	report->status = check_status(report->run);
	report->observer = phases_guest(report->run).whose == PHASES_ALL_BUT;
	phases_build(report->run, phases_guest(report->run), &report->phases);
	note_run(report);
	if (report->host_given && report->status != STATUS_SKIP)
		compare_host(report, host_find(host, report->run,
					       log->runs.nr == 1));
	else if (report->run->syncs.nr)
		note(report, "no host log: the guest's total stands alone");
}

static void free_report(struct report *report)
{
	phases_free(&report->phases);
	free(report->syncs.items);
	free(report->notes.items);
}

/* Report each run; @array, if there is one, takes them as JSON. */
static enum status report_runs(const struct options *options,
			       const struct log *log, const struct log *host,
			       json_t *array)
{
	enum status status = log->runs.nr ? STATUS_OK : STATUS_FAIL;
	const struct run *run;

	if (!log->runs.nr && !array)
		printf("%s: truncated: no record at all\n", options->serial);
	for_each(run, &log->runs) {
		struct report report = {
			.path = options->serial,
			.unit = options->unit,
			.run = run,
			.host_given = options->host,
		};

		build(&report, log, host);
		if (array)
			json_array_append_new(array, report_json(&report));
		else
			report_text(&report);
		if (!array && run != (struct run *)log->runs.items + log->runs.nr - 1)
			putchar('\n');
		status = status_worse(status, report.status);
		free_report(&report);
	}
	return status;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct options *options = state->input;

	switch (key) {
	case 'H':
		options->host = arg;
		return 0;
	case 'u':
		if (strcmp(arg, "cycles") && strcmp(arg, "instructions"))
			argp_error(state, "unit is cycles or instructions, not %s", arg);
		options->unit = arg;
		return 0;
	case 'j':
		options->json = true;
		return 0;
	}
	return parse_one_log(key, arg, state, &options->serial);
}

static const struct argp_option argp_options[] = {
	{ "host", 'H', "HOST.log", 0, "what KVM itself counted, to compare with", 0 },
	{ "unit", 'u', "UNIT", 0,
	  "what a tick of the host's TSC is: cycles (default), or instructions in the lab", 0 },
	{ "json", 'j', NULL, 0, "print JSON", 0 },
	{ 0 },
};

enum status report_main(int argc, char **argv)
{
	static const struct argp argp = {
		.options = argp_options,
		.parser = parse,
		.args_doc = "SERIAL.log",
		.doc = "Print the exits of a boot by phase, and beside them the host's own count.\v"
			"self: exits that only measuring caused; net: all others; observer: "
			"exits of the vCPU that polls, which are in no other figure of its row. "
			"A run that is truncated or has defects is reported as far as it goes, "
			"with status 1.",
	};
	struct options options = { .unit = "cycles" };
	struct log serial, host = { .kind = LOG_HOST };
	enum status status;
	json_t *array;

	argp_parse(&argp, argc, argv, 0, NULL, &options);
	status = check_load(options.serial, LOG_SERIAL, &serial);
	if (!status && options.host)
		status = check_load(options.host, LOG_HOST, &host);
	if (!status) {
		array = options.json ? json_array() : NULL;
		status = report_runs(&options, &serial, &host, array);
		if (array)
			json_show(json_pack("{s:o}", "runs", array));
	}
	log_free(&serial);
	log_free(&host);
	return status;
}
