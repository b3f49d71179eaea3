// SPDX-License-Identifier: GPL-2.0-only
/* `bootexits export': samples or phases as CSV, for a plot or a spreadsheet. */
#include <argp.h>
#include <error.h>
#include <string.h>

#include "check.h"
#include "phases.h"

struct options {
	const char *path;
	bool phases;
};

/* Seconds with six decimals, cut and not rounded, as no double can tell them. */
static void print_seconds(__u64 tsc, __u64 tsc_khz)
{
	unsigned __int128 us = (unsigned __int128)tsc * 1000 / tsc_khz;

	printf("%llu.%06u", (__u64)(us / 1000000), (unsigned int)(us % 1000000));
}

/* RFC 4180: in quotes, and a quote twice. */
static void print_quoted(const char *text)
{
	putchar('"');
	for (; *text; text++) {
		if (*text == '"')
			putchar('"');
		putchar(*text);
	}
	putchar('"');
}

static void export_samples(const struct run *run)
{
	const struct log_sample *samples = run->samples.items;
	const struct log_samples *head;
	size_t i;

	puts("seconds,exits,own");
	for_each(head, &run->heads)
		for (i = head->first; i < head->first + head->nr; i++) {
			print_seconds(samples[i].tsc, run->tracer.tsc_khz);
			printf(",%llu,", samples[i].others);
			if (i == head->first)
				printf("%llu", head->own);
			putchar('\n');
		}
}

static void export_phases(const struct run *run)
{
	struct phases phases;
	size_t i;

	phases_build(run, phases_guest(run), &phases);
	puts("phase,begin_seconds,end_seconds,exits");
	for (i = 0; i < phases.nr; i++) {
		print_quoted(phases.rows[i].label);
		putchar(',');
		print_seconds(phases.rows[i].begin_tsc, run->tracer.tsc_khz);
		putchar(',');
		print_seconds(phases.rows[i].end_tsc, run->tracer.tsc_khz);
		printf(",%llu\n", phases.rows[i].exits);
	}
	phases_free(&phases);
}

static enum status export_run(const struct options *options,
			      const struct run *run)
{
	if (!run->tracer.tsc_khz) {
		error(0, 0, "%s: no tsc_khz, so there are no seconds",
		      options->path);
		return STATUS_FAIL;
	}
	if (options->phases)
		export_phases(run);
	else
		export_samples(run);
	if (options->phases ? !run->phases.nr : !run->samples.nr) {
		error(0, 0, "%s: no %s", options->path,
		      options->phases ? "phases" : "samples");
		return STATUS_FAIL;
	}
	if (run->nr_defects)
		error(0, 0, "%s: %llu defects, see `bootexits check'",
		      options->path, run->nr_defects);
	return check_status(run);
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct options *options = state->input;

	switch (key) {
	case 'p':
		options->phases = true;
		return 0;
	}
	return parse_one_log(key, arg, state, &options->path);
}

static const struct argp_option argp_options[] = {
	{ "phases", 'p', NULL, 0, "a line per phase, not per sample", 0 },
	{ 0 },
};

enum status export_main(int argc, char **argv)
{
	static const struct argp argp = {
		.options = argp_options,
		.parser = parse,
		.args_doc = "OBSERVER.log",
		.doc = "Print the samples of a boot as CSV: seconds since the guest's TSC was 0, "
			"exits of all vCPUs but the observer's until then, and the observer's own "
			"where the log has them.\v"
			"docs/plot.gp makes a picture of it. A log with defects is printed as far "
			"as it goes, with status 1.",
	};
	struct options options = { .path = NULL };
	enum status status;
	struct log log;

	argp_parse(&argp, argc, argv, 0, NULL, &options);
	status = check_load_one(options.path, &log);
	if (!status)
		status = export_run(&options, log.runs.items);
	log_free(&log);
	return status;
}
