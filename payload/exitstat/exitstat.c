// SPDX-License-Identifier: GPL-2.0-only
/*
 * exitstat: a running Linux guest reads the exits of its VM.  This file has the options
 * and the subcommands, and knows nothing of counters.
 */
#include <argp.h>
#include <errno.h>
#include <error.h>
#include <stdlib.h>
#include <string.h>

#include "lib/descriptors.h"
#include "payload/exitstat/exitstat.h"
#include "lib/version.h"

#define MIN_INTERVAL	0.001	/* a snapshot is some hundred exits */
#define MAX_INTERVAL	86400

struct subcommand {
	const char *name;
	int (*main)(const struct options *options);
	int words;		/* how many it takes; -1: at least one */
};

static const struct subcommand subcommands[] = {
	{ "show", show_main, 0 },
	{ "watch", watch_main, 0 },
	{ "run", run_main, -1 },
	{ "mark", mark_main, 1 },
	{ "log", log_main, 0 },
};

static const char args_doc[] =
	"[show]\nwatch [-i SEC] [-n COUNT]\nrun [--] COMMAND [ARG...]\nmark PHASE\nlog";

static const char doc[] =
	"Print how many VM exits this virtual machine has taken, and for which reasons.\v"
	"Subcommands:\n"
	"  show     total and reasons since counting began (the default)\n"
	"  watch    print a line each SEC seconds: the exits since the last line\n"
	"  run      run COMMAND, and print the whole VM's exits meanwhile to stderr\n"
	"  mark     end phase PHASE: a name from docs/abi.md, or a number to 0xff\n"
	"  log      print the phase log as records, for `bootexits report'\n"
	"\n"
	"You need no privileges. The host's KVM must have the exit tracer.\n"
	"Exit status: 0 ok, 1 failure, 2 usage, 3 a system call failed, 4 no tracer. "
	"run: that of COMMAND, 126 if it can't be run, 127 if it isn't there.";

static const struct argp_option argp_options[] = {
	{ "json", 'j', NULL, 0, "Print JSON (show, run, mark)", 0 },
	{ "interval", 'i', "SEC", 0, "For watch: seconds between two lines, default 1", 0 },
	{ "lines", 'n', "COUNT", 0, "For watch: end after so many lines", 0 },
	{ "unit", 'u', "WORD", 0, "Call cycles WORD: in the lab, `instructions'", 0 },
	{ NULL, 'h', NULL, OPTION_HIDDEN, NULL, 0 },
	{ 0 }
};

struct call {
	struct options options;
	const struct subcommand *subcommand;
};

static const struct subcommand *find(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(subcommands); i++)
		if (!strcmp(subcommands[i].name, name))
			return &subcommands[i];
	return NULL;
}

/* Takes the subcommand, or the first word after it.  None of our options may follow that word. */
static error_t parse_word(struct call *call, char *word, struct argp_state *state)
{
	if (call->subcommand) {
		call->options.words = state->argv + state->next - 1;
		state->next = state->argc;
		return 0;
	}
	call->subcommand = find(word);
	if (!call->subcommand)
		argp_error(state, "unknown subcommand: `%s'", word);
	return 0;
}

static void check_words(const struct call *call, struct argp_state *state)
{
	const struct subcommand *subcommand = call->subcommand;
	int words = 0;

	while (call->options.words && call->options.words[words])
		words++;
	if (subcommand->words == 1 && words != 1)
		argp_error(state, "%s takes one PHASE", subcommand->name);
	if (subcommand->words == 0 && words)
		argp_error(state, "too many arguments");
	if (subcommand->words < 0 && !words)
		argp_error(state, "%s needs a COMMAND", subcommand->name);
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct call *call = state->input;
	char *end = NULL;

	switch (key) {
	case 'h':
		argp_state_help(state, state->out_stream, ARGP_HELP_STD_HELP);
		return 0;
	case 'j':
		call->options.json = true;
		return 0;
	case 'u':
		call->options.unit = arg;
		return 0;
	case 'i':
		call->options.interval = strtod(arg, &end);
		if (end == arg || *end || !(call->options.interval >= MIN_INTERVAL &&
					    call->options.interval <= MAX_INTERVAL))
			argp_error(state, "the interval must be 0.001 to 86400 seconds: `%s'", arg);
		return 0;
	case 'n':
		call->options.count = strtoul(arg, &end, 10);
		if (*end || !call->options.count || *arg == '-')
			argp_error(state, "the number of lines must be at least 1: `%s'", arg);
		return 0;
	case ARGP_KEY_ARG:
		return parse_word(call, arg, state);
	case ARGP_KEY_END:
		if (!call->subcommand)
			call->subcommand = &subcommands[0];
		check_words(call, state);
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static void tracer_must(void)
{
	tracer_detect();
	if (!tracer.present)
		error(STATUS_ABSENT, 0, tracer.revision ?
		      "%s (revision %u.%u; this program knows %u)" :
		      "%s (the host's KVM is not patched, or exit_trace is off: see docs/abi.md)",
		      tracer.missing, tracer.revision >> 16, tracer.revision & 0xffff,
		      KVM_EXIT_TRACE_REVISION >> 16);
	tracer_describe();
}

static void print_version(FILE *stream, struct argp_state *state)
{
	(void)state;
	fprintf(stream, "exitstat " BOOTEXITS_VERSION " for ABI %u.%u\n",
		KVM_EXIT_TRACE_REVISION >> 16, KVM_EXIT_TRACE_REVISION & 0xffff);
}

int main(int argc, char **argv)
{
	static const struct argp argp = {
		argp_options, parse, args_doc, doc, NULL, NULL, NULL,
	};
	struct call call = { .options = { .unit = "cycles", .interval = 1 } };

	descriptors_open();
	program_invocation_name = program_invocation_short_name;
	argp_err_exit_status = STATUS_USAGE;
	argp_program_version_hook = print_version;
	argp_parse(&argp, argc, argv, ARGP_IN_ORDER, NULL, &call);
	tracer_must();
	return call.subcommand->main(&call.options);
}
