// SPDX-License-Identifier: GPL-2.0-only
/* `bootexits compare': what differs between boots, exit by exit. */
#include <argp.h>
#include <error.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/json.h"
#include "tools/trace/check.h"
#include "tools/compare/compare.h"
#include "lib/pager.h"
#include "lib/text.h"

#define OPTION_FORMAT	256	/* it has no letter: -f is --fail-on */

static void print(const struct comparison *comparison)
{
	enum compare_format format = comparison->options->format;

	if (format == FORMAT_JSON) {
		json_show(compare_json(comparison));
	} else if (format == FORMAT_TEXT) {
		pager_start();
		text_fit();
		compare_text(comparison);
	} else {
		compare_format(comparison, format);
	}
}

/* If there are gates, only they decide which difference is a failure. */
enum status compare_boots(struct comparison *comparison)
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
	int by, format;

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
		gate_take(&options->gates, arg, gate_parse, state);
		return 0;
	case 'F':
		options->force = true;
		return 0;
	case 'j':
		options->format = FORMAT_JSON;
		return 0;
	case OPTION_FORMAT:
		format = compare_format_find(arg);
		if (format < 0)
			argp_error(state, "not text, json, markdown, junit or github: %s", text_shown(arg));
		options->format = format;
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
			argp_error(state, "compare needs two sides");
		if (options->arranged && options->format != FORMAT_TEXT && options->format != FORMAT_MARKDOWN)
			argp_error(state, "--sort, --top and --min can't be used with --%s%s",
				   options->format == FORMAT_JSON ? "" : "format=", compare_formats[options->format]);
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp_option argp_options[] = {
	VIEW_OPTION,
	{ "by", 'b', "MEASURE", 0, "compare exits (default), ms, or the time of exits in ticks: kvm, "
	  "user, or total, which is both", 0 },
	{ "fail-on", 'f', "GATE", 0, "fail only if GATE is true; may be repeated", 0 },
	FORCE_OPTION,
	{ "sort", 's', "ORDER", 0, "the order of rows: boot (default), or delta, the largest "
	  "difference first", 0 },
	{ "top", 't', "N", 0, "show the first N rows and the total; default 0, which is all", 0 },
	{ "min", 'm', "PERCENT", 0, "leave out rows that differ by less than PERCENT of A's figure. "
	  "The total always stays", 0 },
	{ "json", 'j', NULL, 0, "print JSON", 0 },
	{ "format", OPTION_FORMAT, "FORMAT", 0, "print text (default), json, markdown for a comment, junit, or github, "
	  "which are workflow commands", 0 },
	{ 0 },
};

static const char doc[] =
	"Print which exits differ between boots, by phase and reason. A is the base. Each further "
	"side is compared with A.\v"
	"A SIDE is a trace or a log of one boot, or several boots: a directory, or a pattern in "
	"quotes. In a directory, compare takes the first of these that finds a file: *.trace, "
	"observer.log, */*.trace, */observer.log, *.log (but not host.log and console.log).\n\n"
	"If a side has several boots, their median is compared. MAD is the median absolute "
	"deviation from it. shift is Hodges and Lehmann's estimate of how many more exits a boot "
	"has than one of A, with its interval. p is that of the Mann-Whitney U test. * marks what "
	"is significant, by Holm's correction over all rows. `exact' marks a difference of boots "
	"that repeat exactly, and that were made alike but for what you test: the guest, or KVM's "
	"modules. The first lines name what else differs in how the boots were made.\n\n"
	"The table counts guest exits unless --vcpu says otherwise: those of all vCPUs but the "
	"observer's.\n\n"
	"GATE is `NAME OP [+-]N[%] [and significant]', for example `total>+0', "
	"`kernel.io>+0.5%' or `total>+2% and significant'. It judges the difference of each side "
	"to A, in exits or in percent of A's, with up to three decimals.\n\n"
	"NAME is a phase, a reason (in all phases), or PHASE.REASON, as the table prints them. "
	"`total' and `all' are names, too. A word that is both a phase and a reason means the "
	"phase. For the reason, write total.WORD. If NAME ends in .ms, .kvm, .user or .total, the "
	"gate judges time: `kernel.ms>+2%'.\n\n"
	"OP is >, >=, <, <= or !=. From 0 to any number is more than any percentage. With `and "
	"significant', a difference that may be chance is no breach, and too few boots are an "
	"error. It is a breach if some boot lacks the phase. If the boots end with different "
	"phases, a gate of the total, or of a reason in all phases, is breached. A NAME that no "
	"boot has is a wrong argument.\n\n"
	"Exit status: 0 equal in every phase and reason, or no gate is breached; 1 they differ, a "
	"gate is breached, or a log has defects; 2 wrong arguments; 3 they can't be compared.";

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
		status = compare_boots(&comparison);
	compare_free(&comparison);
	free(options.arguments.items);
	free(options.gates.items);
	return status;
}
