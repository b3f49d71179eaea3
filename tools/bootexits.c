// SPDX-License-Identifier: GPL-2.0-only
/*
 * bootexits records the VM exits of a boot, and shows what they were.
 * This file knows the subcommands, but nothing about logs.
 */
#include <argp.h>
#include <errno.h>
#include <error.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "include/kvm_exit_trace.h"

#include "tools/bootexits.h"
#include "lib/descriptors.h"
#include "lib/pager.h"
#include "lib/text.h"

#define MAX_WORD	12	/* bytes; a longer word is no misspelt subcommand */

enum { KEY_NO_PAGER = 256 };

struct subcommand {
	const char *name;
	enum status (*main)(int argc, char **argv);
	const char *about;
};

static const struct subcommand subcommands[] = {
	{ "record", record_main, "boot a VM, or read a serial port or logs, and write a trace" },
	{ "import", import_main, "make a trace of a recording by perf, trace-cmd or ftrace" },
	{ "report", report_main, "print a boot's exits by phase and reason, and KVM's own count" },
	{ "check", check_main, "verify every record of a trace or a log" },
	{ "compare", compare_main, "print what differs between boots, by phase and reason" },
	{ "baseline", baseline_main, "keep a boot's exits in a file, and check later boots by it" },
	{ "bisect", bisect_main, "judge a commit for git bisect run by the exits of its boot" },
	{ "advise", advise_main, "print which exits can be avoided, by which setting" },
	{ "export", export_main, "convert to CSV, Chrome, flame graph, OpenMetrics or Prometheus" },
	{ "plot", plot_main, "draw a boot, or several side by side; needs gnuplot" },
	{ "html", html_main, "make a page of one boot, or of two and how they differ" },
	{ "bench", bench_main, "print what operations cost, and fail if one exceeds a bar" },
	{ "doctor", doctor_main, "print what this host can do, what it lacks, and how to fix that" },
};

#define NR_SUBCOMMANDS	(sizeof(subcommands) / sizeof(subcommands[0]))

static const char doc[] =
	"Record the boot of a guest, and show how many VM exits it took and what they cost.\v"
	"`bootexits SUBCOMMAND --help' or `bootexits help SUBCOMMAND' prints the options of a "
	"subcommand. `diff' is another name of compare. A FILE named - is the standard input.\n\n"
	"Exit status: 0 ok; 1 mismatch, defect or verdict fail; 2 wrong arguments; "
	"3 a file can't be read or written; 4 verdict skip. "
	"record also has 124 timeout, 125 hang and 130 interrupted.";

struct call {
	const struct subcommand *subcommand;
	int first;		/* index of the subcommand in argv */
	bool help;		/* the subcommand shall print its help */
};

static void print_version(FILE *stream, struct argp_state *state)
{
	(void)state;
	fprintf(stream, "bootexits " BOOTEXITS_VERSION " for ABI %u.%u\n",
		KVM_EXIT_TRACE_REVISION >> 16, KVM_EXIT_TRACE_REVISION & 0xffff);
}

/* --help lists the subcommands before the rest of its text. */
static char *add_list(int key, const char *text, void *input)
{
	char *list;
	size_t size, i;
	FILE *out;

	(void)input;
	if (key != ARGP_KEY_HELP_POST_DOC)
		return (char *)text;
	out = open_memstream(&list, &size);
	if (!out)
		error(STATUS_UNREADABLE, errno, "memory");
	fputs("Subcommands:\n", out);
	for (i = 0; i < NR_SUBCOMMANDS; i++)
		fprintf(out, "  %-8s %s\n", subcommands[i].name, subcommands[i].about);
	fprintf(out, "\n%s", text);
	fclose(out);
	return list;
}

static unsigned int least(unsigned int a, unsigned int b)
{
	return a < b ? a : b;
}

/* Returns how many letters were forgotten, added, changed, or swapped with their neighbour. */
static unsigned int distance(const char *word, const char *name)
{
	unsigned int costs[MAX_WORD + 1][MAX_WORD + 1], i, j;
	size_t rows = strlen(word), columns = strlen(name);

	if (rows > MAX_WORD || columns > MAX_WORD)
		return MAX_WORD;
	for (i = 0; i <= rows; i++) {
		for (j = 0; j <= columns; j++) {
			if (!i || !j) {
				costs[i][j] = i + j;
				continue;
			}
			costs[i][j] = least(costs[i - 1][j - 1] + (word[i - 1] != name[j - 1]),
					    least(costs[i - 1][j], costs[i][j - 1]) + 1);
			if (i > 1 && j > 1 && word[i - 1] == name[j - 2] &&
			    word[i - 2] == name[j - 1])
				costs[i][j] = least(costs[i][j], costs[i - 2][j - 2] + 1);
		}
	}
	return costs[rows][columns];
}

static void refuse(struct argp_state *state, const char *word)
{
	const struct subcommand *nearest = subcommands, *subcommand;
	unsigned int best = MAX_WORD, now;

	for (subcommand = subcommands; subcommand < subcommands + NR_SUBCOMMANDS; subcommand++) {
		now = distance(word, subcommand->name);
		if (strlen(word) > 1 && !strncmp(word, subcommand->name, strlen(word)))
			now = 0;
		if (now >= best)
			continue;
		best = now;
		nearest = subcommand;
	}
	if (best <= 2 && best < strlen(word) / 2 + 1)
		argp_error(state, "no such subcommand: %s; did you mean %s?", text_shown(word),
			   nearest->name);
	else if (!access(word, F_OK))
		argp_error(state, "no such subcommand: %s; did you mean report %s?",
			   text_shown(word), text_shown(word));
	else
		argp_error(state, "no such subcommand: %s", text_shown(word));
}

static const struct subcommand *find(const char *word)
{
	size_t i;

	if (!strcmp(word, "diff"))
		word = "compare";
	for (i = 0; i < NR_SUBCOMMANDS; i++)
		if (!strcmp(word, subcommands[i].name))
			return &subcommands[i];
	return NULL;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct call *call = state->input;

	if (key == KEY_NO_PAGER) {
		pager_forbid();
		return 0;
	}
	if (key == ARGP_KEY_NO_ARGS)
		argp_state_help(state, state->err_stream,
				ARGP_HELP_LONG | ARGP_HELP_USAGE | ARGP_HELP_DOC |
				ARGP_HELP_EXIT_ERR);
	if (key != ARGP_KEY_ARG)
		return ARGP_ERR_UNKNOWN;
	if (!strcmp(arg, "help") && !call->help) {
		call->help = true;
		if (state->next == state->argc)
			argp_state_help(state, state->out_stream, ARGP_HELP_STD_HELP);
		return 0;
	}
	call->subcommand = find(arg);
	if (!call->subcommand)
		refuse(state, arg);
	call->first = state->next - 1;
	state->next = state->argc;	/* the rest belongs to the subcommand */
	return 0;
}

int main(int argc, char **argv)
{
	static const struct argp_option options[] = {
		{ "no-pager", KEY_NO_PAGER, NULL, 0,
		  "use no pager on a terminal ($BOOTEXITS_PAGER, $PAGER or less)", 0 },
		{ 0 },
	};
	static const struct argp argp = {
		.options = options,
		.parser = parse,
		.args_doc = "SUBCOMMAND [ARGUMENT...]",
		.doc = doc,
		.help_filter = add_list,
	};
	struct call call = { .subcommand = NULL };
	char name[32], help[] = "--help";

	descriptors_open();
	text_guard();
	text_whole();
	argp_err_exit_status = STATUS_USAGE;
	argp_program_version_hook = print_version;
	parse_arguments(&argp, argc, argv, ARGP_IN_ORDER, &call);
	snprintf(name, sizeof(name), "bootexits %s", call.subcommand->name);
	if (call.help) {		/* "help NAME" becomes "NAME --help" */
		argv[call.first--] = help;
		argc = call.first + 2;
		argv[argc] = NULL;
	}
	argv[call.first] = name;
	return call.subcommand->main(argc - call.first, argv + call.first);
}
