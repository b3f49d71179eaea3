// SPDX-License-Identifier: GPL-2.0-only
/* `bootexits report': the exits of a boot by phase and by reason. */
#include <argp.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "pager.h"
#include "report.h"
#include "text.h"

/* Report each run; @array, if there is one, takes them as JSON. */
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
	{ "host", 'H', "HOST.log", 0, "what KVM itself counted, to compare with", 0 },
	{ "unit", 'u', "UNIT", 0,
	  "what a tick of the host's TSC is: cycles, or instructions in the lab (default: as the "
	  "trace says, or cycles)", 0 },
	{ "phase", 'p', "NAME", 0, "this phase only, by its reasons", 0 },
	{ "reason", 'r', "NAME", 0, "this reason only, by phase", 0 },
	VIEW_OPTION,
	{ "sort", 's', "ORDER", 0,
	  "of reasons: exits or share (default), kvm, total, kvm/exit, total/exit, name, or time: by "
	  "the first phase that has it. Phases are always in the order of the boot", 0 },
	{ "top", 't', "N", 0, "how many reasons are shown, those with most exits (or what they are sorted by): 8; 0: all", 0 },
	{ "sites", 'S', "N", 0, "a table of N sites of each reason of a phase, with the guest's RIP: ports, "
	  "MSRs, CPUID leaves and addresses, where KVM kept them", 0 },
	{ "split", KEY_SPLIT, NULL, 0, "time in ticks, not percent, and by reason, too; with --csv a line for "
	  "each phase", 0 },
	{ "latency", KEY_LATENCY, NULL, 0, "how long exits took, by reason, where KVM kept that", 0 },
	{ "no-chart", KEY_NO_CHART, NULL, 0, "no chart of exits per second", 0 },
	{ "ascii", KEY_ASCII, NULL, 0, "draw with ASCII, as in a locale that isn't UTF-8", 0 },
	{ "color", KEY_COLOR, "WHEN", OPTION_ARG_OPTIONAL,
	  "auto (default: on a terminal, unless NO_COLOR is set), always or never", 0 },
	{ "csv", KEY_CSV, NULL, 0, "print a line for each reason of each phase", 0 },
	{ "json", 'j', NULL, 0, "print JSON", 0 },
	{ 0 },
};

static const char doc[] =
	"Print the exits of a boot by phase and by reason, and beside them the host's own count. "
	"FILE is a trace or a log; default " DEFAULT_TRACE ". Several are a table, a line for each boot.\v"
	"Exits are guest exits, without the vCPU of the observer, unless --vcpu says otherwise. "
	"kvm: time of KVM from exit to entry; user: of the VMM, QEMU say; total: both; neither "
	"has time in which the vCPU slept (idle) or others ran (preempted). "
	"self: exits that only measuring caused; induced: that only the observer's timer brought to "
	"others; net: the rest, and net <= a bound, where induced is unknown; observer: "
	"exits of the vCPU that polls, which are in no other figure of its row. "
	"The chart is as wide as the terminal, or else has 72 columns; samples are of all vCPUs and "
	"reasons, so that there is none with --vcpu=N or --reason. "
	"--csv takes --phase, --reason and --vcpu; --json takes --vcpu, and is else of everything. "
	"A run that is truncated or has defects is reported as far as it goes, "
	"with status 1; a phase or reason that no run has is a wrong argument.";

/* NO_COLOR: https://no-color.org */
static bool want_color(void)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	return isatty(STDOUT_FILENO) && !(no && *no) && term && strcmp(term, "dumb");
}

/* The index of @word among @words, which end with NULL; else status 2. */
static int take_word(struct argp_state *state, const char *option,
		     const char *const words[], const char *word)
{
	int i;

	for (i = 0; words[i]; i++)
		if (!strcmp(word, words[i]))
			return i;
	argp_error(state, "no such %s: %s", option, text_shown(word));
	return -1;
}

static const char *const sorts[] = {
	[REPORT_EXITS] = "exits", [REPORT_KVM] = "kvm", [REPORT_TOTAL] = "total",
	[REPORT_KVM_EXIT] = "kvm/exit", [REPORT_TOTAL_EXIT] = "total/exit", [REPORT_NAME] = "name",
	[REPORT_TIME] = "time", [REPORT_TIME + 1] = NULL,
};

static const char *const colors[] = { "auto", "always", "never", NULL };

/* Whether there is an option for a report of a single file */
static bool of_one(const struct report_options *options)
{
	return options->host || options->phase || options->reason || options->which.whose != VIEW_GUEST ||
	       options->csv || options->split || options->latency || options->nr_sites ||
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
			argp_error(state, "several FILEs are one table, or --json: for it are --unit and --color");
		if (options->json && options->csv)
			argp_error(state, "--json or --csv");
		if (options->json && (options->phase || options->reason))
			argp_error(state, "--json is always of everything");
		if (options->csv && options->split && options->reason)
			argp_error(state, "--csv --split is of whole phases");
		if ((options->json || options->csv) && options->arranged)
			argp_error(state, "--sort and --top are for what people read");
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	static const char *const trace = DEFAULT_TRACE;
	struct report_options *options = state->input;

	switch (key) {
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
		if (access(trace, F_OK))
			argp_error(state, "no FILE, and there is no %s here", trace);
		list_append(&options->files, &trace, sizeof(trace));
		return 0;
	case ARGP_KEY_ARG:
		list_append(&options->files, &arg, sizeof(arg));
		return 0;
	}
	return parse_shown(key, arg, state);
}

/* One file: its runs as text or CSV, or into @array. */
static enum status report_file(const struct report_options *options, const char *path,
			       json_t *array)
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
	log_free(&serial);
	log_free(&host);
	return status;
}

static enum status report_json_files(const struct report_options *options)
{
	enum status status = STATUS_OK;
	json_t *array = json_array();
	const char *const *path;

	for_each(path, &options->files)
		status = status_worse(status, report_file(options, *path, array));
	if (status <= STATUS_FAIL || status == STATUS_SKIP || json_array_size(array))
		json_show(json_pack("{s:O}", "runs", array));
	json_decref(array);
	return status;
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
	if (options.json)
		status = report_json_files(&options);
	else if (options.files.nr > 1)
		status = report_files(&options);
	else
		status = report_file(&options, *(const char **)options.files.items, NULL);
	free(options.files.items);
	return status;
}
