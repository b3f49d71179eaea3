// SPDX-License-Identifier: GPL-2.0-only
/*
 * Target "reader": reads and checks a log or a trace, and prints it in all forms.  The
 * first byte says whether it is the payload's log, the host's, or both.
 */
#include <stdlib.h>

#include "tools/trace/check.h"
#include "tools/export/export.h"
#include "tests/fuzz/target.h"
#include "tools/report/report.h"

static void view(const struct run *run)
{
	struct phases_view views[] = {
		{ PHASES_ALL, 0 }, { PHASES_ALL_BUT, 1 }, { PHASES_ONE, 0 },
		known_guest(run),
	};
	struct phases phases;
	size_t i;

	for (i = 0; i < sizeof(views) / sizeof(views[0]); i++) {
		phases_build(run, views[i], &phases);
		phases_row(&phases, "kernel");
		phases_free(&phases);
	}
}

static void report(const struct log *log, const struct run *run, const struct log *host)
{
	struct report_options options = {
		.serial = "log", .top = 8, .split = true, .latency = true, .nr_sites = 9,
	};
	struct report report = {
		.options = &options, .path = "log", .unit = "cycles", .run = run,
		.host_given = host,
	};

	if (report_build(&report, log, host)) {
		report_text(&report);
		report_csv(&report);
		json_decref(report_json(&report));
	}
	report_free(&report);
}

static void export(const struct run *run)
{
	struct export_run one = { .run = run, .name = "run" };
	static const struct list symbols;
	static const struct view guest;
	struct export export = {
		.path = "log", .unit = "cycles", .view = &guest, .symbols = &symbols,
	};

	phases_build(run, known_guest(run), &one.phases);
	list_append(&export.runs, &one, sizeof(one));
	if (run->tracer.tsc_khz) {
		export_samples_csv(&export);
		export_phases_csv(&export);
		export_chrome(&export);
	}
	export_folded(&export);
	export_openmetrics(&export);
	phases_free(&one.phases);
	free(export.runs.items);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct log *counts;
	struct log log, host;
	struct run *run;

	if (!size)
		return 0;
	fuzz_silence();
	fuzz_read(data + 1, size - 1, data[0] & 1 ? LOG_HOST : LOG_SERIAL, &log);
	fuzz_read(data + 1, size - 1, LOG_HOST, &host);
	counts = data[0] & 2 ? &host : log.host_runs.nr ? &log : NULL;
	for_each(run, &log.runs) {
		check_run(run);
		check_print_defects("log", run);
		view(run);
		report(&log, run, counts);
		export(run);
	}
	log_free(&log);
	log_free(&host);
	return 0;
}
