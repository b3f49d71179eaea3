// SPDX-License-Identifier: GPL-2.0-only
/* `bootexits compare': what differs between two boots, exit by exit. */
#include <argp.h>
#include <error.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "compare.h"
#include "pager.h"
#include "text.h"

static void print(const struct comparison *comparison)
{
	pager_start();
	text_fit();
	compare_text(comparison);
}

/* With gates it's for them to say which difference is a failure. */
static enum status compare(struct comparison *comparison)
{
	const struct compare_options *options = comparison->options;
	const struct boot *boot;
	enum status status;

	compare_origin(comparison);
	compare_copies(comparison);
	compare_build(comparison);
	compare_families(comparison);
	status = compare_gates(comparison);
	if (status > STATUS_FAIL)
		return status;
	if (!options->gates.nr && !comparison->equal)
		status = STATUS_FAIL;
	if (options->json)
		json_show(compare_json(comparison));
	else
		print(comparison);
	for_each(boot, &comparison->boots) {
		check_warn(boot->path, boot->run);
		status = status_worse(status, check_status(boot->run));
	}
	return status;
}

/* --sort, --top and --min */
static void parse_arranged(int key, const char *arg, struct argp_state *state)
{
	struct compare_options *options = state->input;
	char *end = NULL;

	options->arranged = true;
	if (key == 's') {
		options->by_delta = !strcmp(arg, "delta");
		if (!options->by_delta && strcmp(arg, "boot"))
			argp_error(state, "not boot or delta: %s", text_shown(arg));
	} else if (key == 't') {
		if (!parse_number(arg, UINT_MAX, &options->top))
			argp_error(state, "not a number of rows: %s", text_shown(arg));
	} else {
		if (*arg >= '0' && *arg <= '9')
			options->least = strtod(arg, &end);
		if (!end || strcmp(end, *end == '%' ? "%" : "") || !isfinite(options->least))
			argp_error(state, "not a percentage: %s", text_shown(arg));
	}
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct compare_options *options = state->input;
	const char *wrong;
	struct gate gate;
	int by;

	switch (key) {
	case 'c':
		view_take(arg, state, &options->view);
		return 0;
	case 'b':
		by = measure_find(arg);
		if (by < 0)
			argp_error(state, "not exits, ms, kvm, user or total: %s", text_shown(arg));
		options->by = by;
		return 0;
	case 'f':
		wrong = gate_parse(arg, &gate);
		if (wrong)
			argp_error(state, "not a gate: %s: %s", text_shown(arg), wrong);
		list_append(&options->gates, &gate, sizeof(gate));
		return 0;
	case 'F':
		options->force = true;
		return 0;
	case 'j':
		options->json = true;
		return 0;
	case 's':
	case 't':
	case 'm':
		parse_arranged(key, arg, state);
		return 0;
	case ARGP_KEY_ARG:
		list_append(&options->arguments, &arg, sizeof(arg));
		return 0;
	case ARGP_KEY_END:
		if (state->arg_num < 2)
			argp_error(state, "two sides are needed");
		if (options->json && options->arranged)
			argp_error(state, "--sort, --top and --min are for what people read");
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp_option argp_options[] = {
	VIEW_OPTION,
	{ "by", 'b', "MEASURE", 0, "what the table compares: exits (default), ms, or the time of exits in "
	  "ticks: kvm, user, or total, which is both", 0 },
	{ "fail-on", 'f', "GATE", 0, "fail if GATE is true, and else don't; may be repeated", 0 },
	FORCE_OPTION,
	{ "sort", 's', "ORDER", 0, "of rows: boot (default), or delta, the largest difference first", 0 },
	{ "top", 't', "N", 0, "how many rows are shown, the first ones, beside the last, the total's; 0 (default): all", 0 },
	{ "min", 'm', "PERCENT", 0, "no rows that differ by less than PERCENT of A's, but for the total's", 0 },
	{ "json", 'j', NULL, 0, "print JSON", 0 },
	{ 0 },
};

static const char doc[] =
	"Print which exits differ between boots, by phase and reason: A's, and each further side's "
	"beside them.\v"
	"A SIDE is a trace or a log of one boot, or several: a directory or a quoted pattern. "
	"Of a directory it's the first that there are of *.trace, observer.log, */*.trace, "
	"*/observer.log, and *.log but host.log and console.log. Of several boots the median is "
	"compared; MAD is the median absolute deviation from it. The shift is Hodges and "
	"Lehmann's estimate of how many exits more a boot has than A's, with an interval for "
	"it; p is that of the Mann-Whitney U test, and * marks what is significant by Holm's "
	"correction over all rows. It's `exact' if boots that repeat exactly differ, and were "
	"made alike but for what is under test: the guest, or KVM's modules. What they were "
	"made of otherwise is said first.\n\n"
	"Exits are guest exits, without the observer's vCPU, unless --vcpu says otherwise.\n\n"
	"GATE is `NAME OP [+-]N[%] [and significant]', for example `total>+0', "
	"`kernel.io>+0.5%' or `total>+2% and significant'. NAME is a phase, a reason (in all "
	"phases), or PHASE.REASON, as the table prints them, `total' and `all' too; a word that "
	"is both a phase and a reason is the phase, and total.WORD the reason. Behind "
	"it .ms, .kvm, .user or .total make it judge time: `kernel.ms>+2%'. OP is >, >=, <, "
	"<= or !=. It judges the difference of each side to A, in exits or in percent of A's "
	"(up to three decimals); from 0 to any is more than any percentage. With `and "
	"significant' a difference that may be chance is no breach; too few boots to tell are "
	"an error. A phase that not all boots have is a breach, and so is each gate of the "
	"total or of a reason in all phases if the boots end with different phases. A NAME that "
	"no boot has is a wrong argument.\n\n"
	"Status 0: equal in every phase and reason, or with gates: none is breached; 1: they differ, "
	"or a gate is breached, or a log has defects; 2: wrong arguments; 3: they can't be compared.";

enum status compare_main(int argc, char **argv)
{
	static const struct argp argp = {
		.options = argp_options,
		.parser = parse,
		.args_doc = "A B [SIDE...]",
		.doc = doc,
	};
	struct compare_options options = { .by = BY_EXITS };
	struct comparison comparison = { .options = &options };
	enum status status;

	parse_arguments(&argp, argc, argv, 0, &options);
	status = compare_load(&comparison);
	if (!status)
		status = compare(&comparison);
	compare_free(&comparison);
	free(options.arguments.items);
	free(options.gates.items);
	return status;
}
