// SPDX-License-Identifier: GPL-2.0-only
/* Several files as one table, with a line for each boot. */
#include <stdlib.h>
#include <string.h>

#include "tools/trace/check.h"
#include "lib/pager.h"
#include "tools/report/report_spread.h"
#include "lib/table.h"
#include "lib/text.h"

static void add_run(struct table *table, const struct report *report)
{
	const struct phase *total = &report->phases.total;
	const struct run *run = report->run;
	bool any = report->phases.nr;
	char text[GROUPED];

	table_add(table, "%s%s%s", text_shown(report->path), *run->name ? ", run " : "",
		  text_shown(run->name));
	if (any)
		report_number(table, total, PHASE_EXITS, total->all.exits);
	else
		table_add(table, "-");
	table_add(table, "%s", !any ? "-" : !phases_know(total, PHASE_TIME) ? "?" :
		  grouped_ms(text, phases_ticks(total), run->tracer.tsc_khz));
	table_add(table, "%s%s%s", run->verdict.line ? run->verdict.result : "missing",
		  run->attached.unseen ? ", attached late" : "", run->end.line ? "" : ", truncated");
	table_add_number(table, run->nr_defects);
}

/* Add a line for a file without figures, with the reason. */
static void add_none(struct table *table, const char *path, const char *why)
{
	table_add(table, "%s", text_shown(path));
	table_add(table, "-");
	table_add(table, "-");
	table_add(table, "%s", why);
	table_add(table, "-");
}

static enum status add_file(struct table *table, const struct report_options *options,
			    const char *path, unsigned int *units, struct spread *spread)
{
	struct report_options one = *options;
	const struct log *host;
	enum status status;
	const struct run *run;
	struct log log;

	status = check_load(path, LOG_SERIAL, &log);
	if (status || !log.runs.nr)
		add_none(table, path, status ? "unreadable" : "no record");
	if (!status && !log.runs.nr)
		status = STATUS_FAIL;
	one.serial = path;
	host = report_host_log(&one, &log, NULL);
	for_each(run, &log.runs) {
		struct report report = {
			.options = &one, .path = path, .unit = report_unit(&one, &log),
			.run = run, .host_given = host,
		};

		if (!report_build(&report, &log, host))
			report.status = STATUS_UNREADABLE;
		add_run(table, &report);
		if (report.phases.nr)
			*units |= strcmp(report.unit, "instructions") ? 1 : 2;
		status = status_worse(status, report.status);
		report_free(&report);
	}
	spread_take(spread, path, &log);
	log_free(&log);
	return status;
}

enum status report_files(const struct report_options *options)
{
	struct table table = { .align = "lrrlr", .color = options->color };
	enum status status = STATUS_OK;
	const char *const *path;
	struct spread spread = { .boots = 0 };
	unsigned int units = 0;

	table_add(&table, "file");
	table_add(&table, "guest exits");
	table_add(&table, "ms");
	table_add(&table, "verdict");
	table_add(&table, "defects");
	for_each(path, &options->files)
		status = status_worse(status, add_file(&table, options, *path, &units, &spread));
	pager_start();
	text_fit();
	table_print(&table);
	if (units == 3)
		puts("note: some boots are the lab's, where a millisecond is 10^6 instructions, and some are not");
	table_free(&table);
	status = status_worse(status, spread_text(&spread));
	spread_free(&spread);
	return status;
}
