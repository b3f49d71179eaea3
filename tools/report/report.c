// SPDX-License-Identifier: GPL-2.0-only
/* `bootexits report': the exits of a boot by phase and by reason. */
#include <argp.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/json.h"
#include "tools/trace/check.h"
#include "lib/pager.h"
#include "tools/report/report_spread.h"
#include "tools/trace/paths.h"
#include "lib/text.h"

/* Report each run, as JSON into @array if that isn't NULL. */
static enum status report_runs(const struct report_options *options,
			       const struct log *log, const struct log *host,
			       json_t *array)
{
	enum status status = log->runs.nr ? STATUS_OK : STATUS_FAIL;
	struct run *run;

	if (!log->runs.nr && !array)
		printf("%s: %s\n", text_shown(options->serial), check_none(log));
	for_each(run, &log->runs) {
		struct report report = {
			.options = options,
			.path = options->serial,
			.unit = options->unit,
			.run = run,
			.host_given = host,
		};

		view_samples(&options->which, run);
		if (!report_build(&report, log, host))
			report.status = STATUS_UNREADABLE;
		else if (array)
			json_array_append_new(array, report_json(&report));
		else if (options->csv)
			report_csv(&report);
		else
			report_text(&report);
		if (!array && run != (struct run *)log->runs.items + log->runs.nr - 1)
			putchar('\n');
		status = status_worse(status, report.status);
		report_free(&report);
	}
	return status;
}

enum {
	KEY_CSV = 256, KEY_COLOR, KEY_NO_CHART, KEY_ASCII, KEY_SPLIT, KEY_LATENCY,
};

static const struct argp_option argp_options[] = {
	{ "host", 'H', "HOST.log", 0, "compare with KVM's own counts in HOST.log", 0 },
	{ "unit", 'u', "UNIT", 0,
	  "the unit of clocks: cycles, instructions (in the lab) or ns (counted by BPF). The default "
	  "is the trace's unit, or else cycles", 0 },
	{ "phase", 'p', "NAME", 0, "show only this phase, by reason", 0 },
	{ "reason", 'r', "NAME", 0, "show only this reason, by phase", 0 },
	VIEW_OPTION,
	SYMBOLS_OPTION,
	{ "sort", 's', "ORDER", 0,
	  "the order of reasons: exits or share (default), kvm, total, kvm/exit, total/exit, name, or "
	  "time: by the first phase that has the reason. Phases always keep the order of the boot", 0 },
	{ "top", 't', "N", 0, "show the N reasons with most exits, or with most of what they are "
	  "sorted by; default 8, 0 is all", 0 },
	{ "sites", 'S', "N", 0, "show N sites of each reason of a phase: ports, MSRs, CPUID leaves "
	  "and addresses, with the guest's RIP. KVM must have recorded them", 0 },
	{ "split", KEY_SPLIT, NULL, 0, "show time in ticks, not percent, and by reason, too. With "
	  "--csv, print a line for each phase", 0 },
	{ "latency", KEY_LATENCY, NULL, 0, "show how long exits took, by reason. KVM must have "
	  "recorded it", 0 },
	{ "no-chart", KEY_NO_CHART, NULL, 0, "leave out the chart of exits per second", 0 },
	{ "ascii", KEY_ASCII, NULL, 0, "draw with ASCII. It is the default if the locale isn't UTF-8",
	  0 },
	{ "color", KEY_COLOR, "WHEN", OPTION_ARG_OPTIONAL,
	  "auto, always or never. The default, auto, is colour on a terminal unless NO_COLOR is set",
	  0 },
	{ "csv", KEY_CSV, NULL, 0, "print CSV: a line for each reason of each phase", 0 },
	{ "json", 'j', NULL, 0, "print JSON", 0 },
	{ 0 },
};

static const char doc[] =
	"Print the exits of a boot by phase and by reason, and compare them with the host's own "
	"count. FILE is a trace or a log; default " DEFAULT_TRACE ". FILE may also be a "
	"directory, or a pattern in quotes. Of several boots you get a line for each, and the "
	"medians, if they are boots of one kind.\v"
	"The tables count guest exits unless --vcpu says otherwise: those of all vCPUs but the "
	"observer's.\n\n"
	"  kvm        KVM's time, from exit to entry\n"
	"  user       the VMM's time, for example QEMU's\n"
	"  total      kvm and user together\n"
	"  idle       time in which the vCPU slept; it is not in total\n"
	"  preempted  time in which others had the CPU; it is not in total\n"
	"  self       exits that only measuring caused\n"
	"  induced    exits that only the observer's timer caused on other vCPUs\n"
	"  net        all other exits; `net <=' is a bound, if induced is unknown\n"
	"  observer   exits of the vCPU that polls; no other column has them\n\n"
	"The chart is as wide as the terminal, or 72 columns. With --vcpu=N or --reason there is "
	"no chart, because a sample has the exits of all vCPUs and reasons.\n\n"
	"--csv can be used with --phase, --reason and --vcpu. --json can be used with --vcpu, and "
	"otherwise prints everything. A run that is truncated or has defects is reported as far as "
	"possible, with status 1. A phase or reason that no run has is a wrong argument.";

/* NO_COLOR: https://no-color.org */
static bool want_color(void)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	return isatty(STDOUT_FILENO) && !(no && *no) && term && strcmp(term, "dumb");
}

/* Returns the index of @word in @words, which end with NULL, or exits with status 2. */
static int take_word(struct argp_state *state, const char *option,
		     const char *const words[], const char *word)
{
	int i = word_find(words, word);

	if (i < 0)
		argp_error(state, "no such %s: %s", option, text_shown(word));
	return i;
}

static const char *const sorts[] = {
	[REPORT_EXITS] = "exits", [REPORT_KVM] = "kvm", [REPORT_TOTAL] = "total",
	[REPORT_KVM_EXIT] = "kvm/exit", [REPORT_TOTAL_EXIT] = "total/exit", [REPORT_NAME] = "name",
	[REPORT_TIME] = "time", [REPORT_TIME + 1] = NULL,
};

static const char *const colors[] = { "auto", "always", "never", NULL };

/* Whether there is an option that only a report of a single file can have */
static bool of_one(const struct report_options *options)
{
	return options->host || options->phase || options->reason || options->which.whose != VIEW_GUEST ||
	       options->csv || options->split || options->latency || options->nr_sites ||
	       (options->symbols.nr && !options->json) ||
	       (options->arranged && !options->json);
}

static error_t parse_shown(int key, char *arg, struct argp_state *state)
{
	struct report_options *options = state->input;
	__u64 number;

	switch (key) {
	case 's':
		options->sort = strcmp(arg, "share") ? take_word(state, "order", sorts, arg) : REPORT_EXITS;
		options->arranged = true;
		return 0;
	case 't':
		if (!parse_number(arg, UINT_MAX, &number))
			argp_error(state, "not a number of reasons: %s", text_shown(arg));
		options->top = number ? number : UINT_MAX;
		options->arranged = true;
		return 0;
	case KEY_COLOR:
		number = take_word(state, "colour", colors, arg ? arg : "always");
		options->color = number ? number == 1 : want_color();
		return 0;
	case 'S':
		if (!parse_number(arg, UINT_MAX, &number) || !number)
			argp_error(state, "not a number of sites: %s", text_shown(arg));
		options->nr_sites = number;
		return 0;
	case KEY_SPLIT:
		options->split = true;
		return 0;
	case KEY_LATENCY:
		options->latency = true;
		return 0;
	case KEY_NO_CHART:
		options->no_chart = true;
		return 0;
	case KEY_ASCII:
		options->ascii = true;
		return 0;
	case ARGP_KEY_END:
		if (options->files.nr > 1 && of_one(options))
			argp_error(state, "several FILEs become one table: use only --json, --unit and --color");
		if (options->symbols.nr && options->csv)
			argp_error(state, "--csv has no sites: use bootexits export --symbols");
		if (options->json && options->csv)
			argp_error(state, "use either --json or --csv");
		if (options->json && (options->phase || options->reason))
			argp_error(state, "--json prints everything: leave out --phase and --reason");
		if (options->csv && options->split && options->reason)
			argp_error(state, "--csv --split prints whole phases: leave out --reason");
		if ((options->json || options->csv) && options->arranged)
			argp_error(state, "--sort and --top can't be used with --json or --csv");
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct report_options *options = state->input;

	switch (key) {
	case SYMBOLS_KEY:
		symbols_take(arg, state, &options->symbols);
		return 0;
	case 'H':
		options->host = arg;
		return 0;
	case 'u':
		options->unit = parse_unit(arg, state);
		return 0;
	case 'p':
		options->phase = arg;
		return 0;
	case 'r':
		options->reason = arg;
		return 0;
	case 'c':
		view_take(arg, state, &options->which);
		return 0;
	case 'j':
		options->json = true;
		return 0;
	case KEY_CSV:
		options->csv = true;
		return 0;
	case ARGP_KEY_NO_ARGS:
		if (access(DEFAULT_TRACE, F_OK))
			argp_error(state, "no FILE given, and there is no %s here", DEFAULT_TRACE);
		paths_find(DEFAULT_TRACE, &options->files);
		return 0;
	case ARGP_KEY_ARG:
		if (!paths_find(arg, &options->files))
			exit(STATUS_UNREADABLE);
		return 0;
	}
	return parse_shown(key, arg, state);
}

/* Report the runs of one file as text or CSV, or as JSON into @array. */
static enum status report_file(const struct report_options *options, const char *path,
			       json_t *array, struct spread *spread)
{
	struct report_options one = *options;
	struct log serial, host = { .kind = LOG_HOST };
	enum status status;

	one.serial = path;
	if (one.csv)
		status = check_load_one(path, &serial);
	else
		status = check_load(path, LOG_SERIAL, &serial);
	if (!status && one.host)
		status = check_load(one.host, LOG_HOST, &host);
	if (!status && one.host)
		host_join(&serial, &host);
	if (!status)
		status = report_names(&one, &serial);
	if (!status) {
		if (!array && !one.csv) {
			pager_start();
			text_fit();
		}
		one.unit = report_unit(&one, &serial);
		status = report_runs(&one, &serial, report_host_log(&one, &serial, &host), array);
	}
	if (spread)
		spread_take(spread, path, &serial);
	log_free(&serial);
	log_free(&host);
	return status;
}

static enum status report_json_files(const struct report_options *options)
{
	bool several = options->files.nr > 1;
	struct spread spread = { .boots = 0 };
	enum status status = STATUS_OK;
	json_t *array = json_array();
	const char *const *path;

	for_each(path, &options->files)
		status = status_worse(status, report_file(options, *path, array, several ? &spread : NULL));
	if (status <= STATUS_FAIL || status == STATUS_SKIP || json_array_size(array))
		json_show(json_pack("{s:O, s:o*}", "runs", array,
				    "medians", several ? spread_json(&spread) : NULL));
	json_decref(array);
	spread_free(&spread);
	return status;
}

static enum status report_all(const struct report_options *options)
{
	if (options->json)
		return report_json_files(options);
	if (options->files.nr > 1)
		return report_files(options);
	return report_file(options, *(const char **)options->files.items, NULL, NULL);
}

enum status report_main(int argc, char **argv)
{
	static const struct argp argp = {
		.options = argp_options,
		.parser = parse,
		.args_doc = "[FILE...]",
		.doc = doc,
	};
	struct report_options options = { .top = 8, .color = want_color() };
	enum status status;

	parse_arguments(&argp, argc, argv, 0, &options);
	status = symbols_load(&options.symbols);
	if (!status)
		status = report_all(&options);
	paths_free(&options.files);
	symbols_unload(&options.symbols);
	return status;
}
