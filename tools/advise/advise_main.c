// SPDX-License-Identifier: GPL-2.0-only
/* `bootexits advise': which exits of a boot can be avoided, by which setting. */
#include <argp.h>
#include <error.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/json.h"
#include "lib/pager.h"
#include "lib/text.h"
#include "tools/advise/advise.h"
#include "tools/trace/check.h"
#include "tools/trace/known.h"

static const char doc[] =
	"Say which exits of a boot can be avoided, by which setting, what that saves in this boot, and "
	"what it takes away. FILE is a trace or a log; default " DEFAULT_TRACE ".\v"
	"Each rule looks for exits of a phase, a reason and a site. A trace that was recorded with "
	"SITES=1 shows most. `~' marks an estimate. Two rules may name the same exits; the sum counts "
	"them once.\n\n"
	"A GATE is `NAME OP N[%]', where NAME is total or the id of a rule: `total>1000', `total>20%'. "
	"It judges how many exits can be avoided.\n\n"
	"Exit status: 0 whether or not there is advice; 1 a gate is breached, or the boot has not "
	"passed; 2 wrong arguments; 3 a file can't be read, or its rules are wrong; 4 verdict skip.";

static const struct argp_option argp_options[] = {
	{ "fail-on", 'f', "GATE", 0, "fail if GATE is true; may be repeated", 0 },
	{ "json", 'j', NULL, 0, "print JSON", 0 },
	{ "print-rules", 'p', NULL, 0, "print the rules that the program has, as FILE of --rules", 0 },
	{ "rules", 'r', "FILE", 0, "add the rules in FILE; may be repeated. A rule replaces the one "
	  "that has its id", 0 },
	SYMBOLS_OPTION,
	{ "try", 't', "RULE", 0, "boot in the lab with the rule's setting, and compare. VARIABLE=VALUE are for make run: "
	  "KERNEL=, INITRD= and CMDLINE=, if the trace's boot had its own", 0 },
	{ 0 },
};

struct options {
	const char *path;
	struct list gates;		/* struct advise_gate */
	struct list files;		/* const char *: of --rules */
	const char *attempt;		/* the id of --try's rule */
	struct list settings;		/* const char *: VARIABLE=VALUE */
	struct list symbols;		/* struct symbols_file */
	bool json, print_rules;
};

static void take_gate(struct options *options, const char *arg, struct argp_state *state)
{
	struct advise_gate new = { .exits = 0 };
	const char *wrong = gate_parse(arg, &new.gate);

	if (!wrong && (new.gate.fraction || new.gate.significant))
		wrong = "exits have no decimals, and one boot is no statistics";
	if (wrong)
		argp_error(state, "the gate %s: %s", text_shown(arg), wrong);
	list_append(&options->gates, &new, sizeof(new));
}

/* VARIABLE=VALUE?  A file of such a name can be given as ./NAME. */
static bool is_setting(const char *arg)
{
	size_t name = strspn(arg, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");

	return name && arg[name] == '=';
}

static void check_together(const struct options *options, struct argp_state *state)
{
	if (options->settings.nr && !options->attempt)
		argp_error(state, "VARIABLE=VALUE is for --try");
	if (options->attempt && (options->json || options->gates.nr))
		argp_error(state, "--try prints a comparison: use it without --json and --fail-on");
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct options *options = state->input;

	switch (key) {
	case SYMBOLS_KEY:
		symbols_take(arg, state, &options->symbols);
		return 0;
	case 'f':
		take_gate(options, arg, state);
		return 0;
	case 'j':
		options->json = true;
		return 0;
	case 'p':
		options->print_rules = true;
		return 0;
	case 'r':
		list_append(&options->files, &arg, sizeof(arg));
		return 0;
	case 't':
		options->attempt = arg;
		return 0;
	case ARGP_KEY_ARG:
		if (options->print_rules)
			argp_error(state, "--print-rules takes no FILE");
		if (is_setting(arg)) {
			list_append(&options->settings, &arg, sizeof(arg));
			return 0;
		}
		return parse_one_log(key, arg, state, &options->path);
	case ARGP_KEY_END:
		check_together(options, state);
		if (options->path)
			return 0;
		options->path = DEFAULT_TRACE;
		if (!options->print_rules && access(options->path, F_OK))
			argp_error(state, "no FILE given, and there is no %s here", options->path);
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static enum status tell(struct advise *advise, const struct rules *rules,
			const struct options *options)
{
	enum status status = advise_gates(advise, rules, &options->gates);

	if (status == STATUS_USAGE)
		return status;
	check_warn(advise->path, advise->run);
	known_warn(advise->path, &advise->phases);
	symbols_tell(&advise->symbols, advise->run, advise->path);
	if (options->json) {
		json_show(advise_json(advise, &options->gates));
	} else {
		pager_start();
		text_fit();
		advise_text(advise, &options->gates);
	}
	return status;
}

/* --try, if the rule finds something to avoid in this boot */
static enum status attempt(const struct advise *advise, const struct rules *rules, const struct log *log,
			   const struct options *options)
{
	const struct advice *advice;

	for_each(advice, &advise->advice)
		if (!strcmp(advice->rule->id, options->attempt))
			return advise_try(advise, advice, log->meta, &options->settings);
	if (rules_find(rules, options->attempt))
		error(0, 0, "rule %s avoids no exits of %s", options->attempt, text_shown(options->path));
	else
		error(0, 0, "no rule is called %s: see --print-rules", text_shown(options->attempt));
	return STATUS_USAGE;
}

static enum status advise_file(const struct rules *rules, const struct options *options)
{
	struct advise advise = { .path = options->path, .files = &options->symbols };
	enum status status;
	struct log log;

	status = check_load_one(options->path, &log);
	if (!status) {
		advise_build(&advise, &log, rules);
		status = options->attempt ? attempt(&advise, rules, &log, options) : tell(&advise, rules, options);
		status = status_worse(status, check_status(advise.run));
		advise_free(&advise);
	}
	log_free(&log);
	return status;
}

enum status advise_main(int argc, char **argv)
{
	static const struct argp argp = {
		.options = argp_options,
		.parser = parse,
		.args_doc = "[FILE] [VARIABLE=VALUE]...",
		.doc = doc,
	};
	struct options options = { .path = NULL };
	enum status status = STATUS_OK;
	struct rules rules = { 0 };
	const char **file;

	parse_arguments(&argp, argc, argv, 0, &options);
	if (!rules_own(&rules))
		status = STATUS_UNREADABLE;
	if (!status)
		status = symbols_load(&options.symbols);
	for_each(file, &options.files)
		if (!status && !rules_load(&rules, *file))
			status = STATUS_UNREADABLE;
	if (options.print_rules)
		rules_print();
	else if (!status)
		status = advise_file(&rules, &options);
	rules_free(&rules);
	symbols_unload(&options.symbols);
	free(options.settings.items);
	free(options.gates.items);
	free(options.files.items);
	return status;
}
