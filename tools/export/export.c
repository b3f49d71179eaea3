// SPDX-License-Identifier: GPL-2.0-only
/* `bootexits export': a log in the formats of other programs. */
#include <argp.h>
#include <errno.h>
#include <error.h>
#include <stdlib.h>
#include <string.h>

#include "lib/json.h"
#include "tools/trace/check.h"
#include "tools/trace/late.h"
#include "tools/export/export.h"
#include "tools/trace/sites.h"
#include "lib/text.h"

struct options {
	const char *path, *out;
	const struct export_format *format;
	bool phases;
	struct view view;		/* --vcpu */
	struct list labels;		/* struct export_label */
	struct list symbols;		/* struct symbols_file */
};

/* The first is the default. */
static const struct export_format formats[] = {
	{ .name = "csv", .write = export_samples_csv,
	  .one = true, .timed = true, .samples = true },
	{ .name = "chrome", .write = export_chrome, .timed = true, .sited = true },
	{ .name = "folded", .write = export_folded, .sited = true },
	{ .name = "openmetrics", .write = export_openmetrics, .labelled = true },
	{ .name = "prometheus", .write = export_prometheus, .labelled = true },
};

static const struct export_format csv_phases = {
	.name = "csv", .write = export_phases_csv, .one = true, .timed = true,
};

static const struct export_format csv_sites = {
	.name = "csv", .write = export_sites_csv, .one = true,
};

static void complain(const struct export *export, const struct export_run *item,
		     const char *what)
{
	error(0, 0, "%s%s%s: %s", text_shown(export->path), export->many ? ", run " : "",
	      export->many ? item->name : "", what);
}

static bool taken(const struct export *export, const char *name)
{
	const struct export_run *item;

	for_each(item, &export->runs)
		if (!strcmp(item->name, name))
			return true;
	return false;
}

/* Collect the runs that can be written.  Each has its name, or if it has none, its number. */
static enum status collect(const struct log *log,
			   const struct export_format *format,
			   struct export *export)
{
	enum status status = STATUS_OK;
	unsigned int number = 0, other;
	struct phases_view view;
	struct export_run item;
	struct run *run;

	for_each(run, &log->runs) {
		item.run = run;
		number++;
		if (*run->name)
			snprintf(item.name, sizeof(item.name), "%s", run->name);
		else
			snprintf(item.name, sizeof(item.name), "%u", number);
		for (other = number; taken(export, item.name); other++)
			snprintf(item.name, sizeof(item.name), "%s #%u",
				 run->name, other);
		if (format->timed && !run->tracer.tsc_khz) {
			complain(export, &item, run->tracer.line ? "no tsc_khz, so there are no seconds" :
				 "no host record, so there are no seconds");
			status = STATUS_FAIL;
			continue;
		}
		if (!view_of(export->view, run, export->path, &view)) {
			status = STATUS_UNREADABLE;
			continue;
		}
		view_samples(export->view, run);
		phases_build(run, view, &item.phases);
		item.sites.nr = 0;
		item.sites.items = NULL;
		if (export->symbols->nr)
			sites_build(run, view, &item.sites);
		symbols_place(&item.symbols, export->symbols, run);
		list_append(&export->runs, &item, sizeof(item));
	}
	return status;
}

/* Print what the user must know about a run's input, and return its status. */
static enum status judge(const struct export *export,
			 const struct export_run *item,
			 const struct export_format *format)
{
	const struct run *run = item->run;
	enum status status = STATUS_OK;
	char text[LOG_MESSAGE];

	if (format->samples ? !run->samples.nr : !run->phases.nr) {
		complain(export, item, format->samples ? "no samples" : "no phases");
		status = STATUS_FAIL;
	}
	if (export->symbols->nr && !item->sites.nr) {
		complain(export, item, "no sites: record it with SITES=1");
		status = STATUS_FAIL;
	}
	if (item->sites.nr)
		symbols_tell(&item->symbols, run, export->path);
	known_warn(export->path, &item->phases);
	if (late_text(run, text))
		complain(export, item, text);
	if (run->nr_defects) {
		snprintf(text, sizeof(text), "%s%llu defect%s, see `bootexits check'",
			 run->end.line ? "" : "truncated, exported as far as it goes: ",
			 run->nr_defects, run->nr_defects == 1 ? "" : "s");
		complain(export, item, text);
	}
	return status_worse(status, check_status(run));
}

static enum status export_log(const struct options *options, const struct log *log,
			      const struct export_format *format)
{
	const char *path = options->path;
	struct export export = {
		.path = path, .unit = log_unit(log), .view = &options->view,
		.many = log->runs.nr > 1, .labels = options->labels,
		.symbols = &options->symbols,
	};
	enum status status = collect(log, format, &export);
	struct export_run *item;

	if (!log->runs.nr) {
		error(0, 0, "%s: %s", text_shown(path), check_none(log));
		status = STATUS_FAIL;
	}
	if (export.runs.nr)
		format->write(&export);
	for_each(item, &export.runs) {
		status = status_worse(status, judge(&export, item, format));
		phases_free(&item->phases);
		free(item->sites.items);
		symbols_free(&item->symbols);
	}
	free(export.runs.items);
	return status;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct options *options = state->input;
	size_t i;

	switch (key) {
	case 'f':
		options->format = NULL;
		for (i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
			if (!strcmp(arg, formats[i].name))
				options->format = &formats[i];
		if (!options->format)
			argp_error(state, "no such format: %s", text_shown(arg));
		return 0;
	case 'o':
		options->out = arg;
		return 0;
	case 'c':
		view_take(arg, state, &options->view);
		return 0;
	case 'p':
		options->phases = true;
		return 0;
	case 'l':
		if (!export_label(&options->labels, arg))
			argp_error(state, "not a label NAME=VALUE, or its NAME is taken: %s",
				   text_shown(arg));
		return 0;
	case SYMBOLS_KEY:
		symbols_take(arg, state, &options->symbols);
		return 0;
	case ARGP_KEY_END:
		if (options->symbols.nr && (options->phases || (options->format != &formats[0] && !options->format->sited)))
			argp_error(state, "--symbols is for csv without --phases, chrome and folded");
		if (options->labels.nr && !options->format->labelled)
			argp_error(state, "--label is for openmetrics and prometheus only");
		if (options->phases && options->format != &formats[0])
			argp_error(state, "--phases is for CSV only");
		if (options->view.whose == VIEW_ONE && options->format->samples && !options->phases &&
		    !options->symbols.nr)
			argp_error(state, "samples are not kept by vCPU: use --phases");
		return 0;
	}
	return parse_one_log(key, arg, state, &options->path);
}

static const struct argp_option argp_options[] = {
	{ "format", 'f', "FORMAT", 0,
	  "csv (default), chrome, folded, openmetrics or prometheus", 0 },
	{ "label", 'l', "LABEL", 0, "with openmetrics and prometheus: add NAME=VALUE to each sample; may be repeated", 0 },
	{ "output", 'o', "FILE", 0, "write to FILE; default -, the standard output", 0 },
	{ "phases", 'p', NULL, 0, "with csv: print a line per phase, not per sample", 0 },
	VIEW_OPTION,
	SYMBOLS_OPTION,
	{ 0 },
};

/* The formats print.  Print into memory first, so that the file is whole, or stays unchanged. */
static enum status export_to(const struct options *options, const struct log *log,
			     const struct export_format *format)
{
	FILE *before = stdout;
	char *bytes = NULL;
	enum status status;
	size_t size;
	int failed;

	if (!strcmp(options->out, "-"))
		return export_log(options, log, format);
	stdout = open_memstream(&bytes, &size);
	if (!stdout)
		error(STATUS_UNREADABLE, errno, "%s", text_shown(options->out));
	status = export_log(options, log, format);
	failed = ferror(stdout);
	failed |= fclose(stdout);
	stdout = before;
	if (failed)
		error(STATUS_UNREADABLE, ENOMEM, "%s", text_shown(options->out));
	if (size)
		return status_worse(status, save(options->out, bytes, size));
	free(bytes);
	return status;
}

enum status export_main(int argc, char **argv)
{
	static const struct argp argp = {
		.options = argp_options,
		.parser = parse,
		.args_doc = "FILE",
		.doc = "Print a boot in the format of another program. It counts guest exits unless "
			"--vcpu says otherwise: those of all vCPUs but the observer's.\v"
			"  csv          a line per sample: seconds since the guest's TSC was 0, exits\n"
			"               until then, and the observer's own if the log has them. With\n"
			"               --vcpu=all: a line where both are known. With --symbols: a line\n"
			"               per site, with its function\n"
			"  chrome       Trace Event JSON, for Perfetto\n"
			"  folded       PHASE;REASON EXITS, for flame graphs. With --symbols:\n"
			"               PHASE;REASON;FUNCTION;SITE EXITS\n"
			"  openmetrics  counters per phase and reason\n"
			"  prometheus   the same as plain text, for node_exporter's textfile collector\n\n"
			"csv takes a log of one run. The others take any number of runs. A log with "
			"defects is printed as far as possible, with status 1.",
	};
	struct options options = { .out = "-", .format = &formats[0] };
	const struct export_format *format;
	enum status status;
	struct log log;

	parse_arguments(&argp, argc, argv, 0, &options);
	format = options.phases ? &csv_phases : options.format;
	if (format == &formats[0] && options.symbols.nr)
		format = &csv_sites;
	status = symbols_load(&options.symbols);
	if (status) {
		symbols_unload(&options.symbols);
		return status;
	}
	if (format->one)
		status = check_load_one(options.path, &log);
	else
		status = check_load(options.path, LOG_SERIAL, &log);
	if (!status)
		status = export_to(&options, &log, format);
	log_free(&log);
	free(options.labels.items);
	symbols_unload(&options.symbols);
	return status;
}
