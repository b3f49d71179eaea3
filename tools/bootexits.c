// SPDX-License-Identifier: GPL-2.0-only
/*
 * bootexits: records how many VM exits a boot takes, and tells what they were.
 * This file knows the subcommands and nothing of logs.
 */
#include <argp.h>
#include <error.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <kvm_exit_trace.h>

#include "bootexits.h"
#include "descriptors.h"
#include "text.h"

struct subcommand {
	const char *name;
	enum status (*main)(int argc, char **argv);
};

static const struct subcommand subcommands[] = {
	{ "record", record_main },
	{ "report", report_main },
	{ "check", check_main },
	{ "compare", compare_main },
	{ "export", export_main },
	{ "plot", plot_main },
	{ "html", html_main },
	{ "bench", bench_main },
	{ "doctor", doctor_main },
};

static const char doc[] =
	"Record boots with the bootexits payload, and tell what they cost in VM exits.\v"
	"Subcommands:\n"
	"  record   run a VM, or read a serial port, into a trace\n"
	"  report   exits of a boot by phase, and beside them the host's own count\n"
	"  check    verify every record of a log\n"
	"  compare  what differs between boots, one or several of a side, by phase and reason\n"
	"  export   a log as CSV, Chrome trace, folded stacks, OpenMetrics or Prometheus text\n"
	"  plot     a picture of a boot, or of several side by side, by gnuplot\n"
	"  html     a page of one boot, or of two and how they differ\n"
	"  bench    what an operation costs, run beside run, and bars to keep\n"
	"  doctor   what this host can do, what it lacks, and how to mend that\n"
	"\n"
	"`bootexits SUBCOMMAND --help' tells more. A file named - is the standard input.\n"
	"Exit status: 0 ok, 1 mismatch, defect or verdict fail, 2 usage, "
	"3 unreadable file, 4 verdict skip; record: 124 timeout, 125 hang, "
	"130 interrupted, too.";

struct call {
	const struct subcommand *subcommand;
	int first;		/* argv's index of the subcommand */
};

static void print_version(FILE *stream, struct argp_state *state)
{
	(void)state;
	fprintf(stream, "bootexits " BOOTEXITS_VERSION " for ABI %u.%u\n",
		KVM_EXIT_TRACE_REVISION >> 16, KVM_EXIT_TRACE_REVISION & 0xffff);
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct call *call = state->input;
	size_t i;

	if (key == ARGP_KEY_NO_ARGS)
		argp_error(state, "no subcommand");
	if (key != ARGP_KEY_ARG)
		return ARGP_ERR_UNKNOWN;
	for (i = 0; i < sizeof(subcommands) / sizeof(subcommands[0]); i++)
		if (!strcmp(arg, subcommands[i].name))
			call->subcommand = &subcommands[i];
	if (!call->subcommand)
		argp_error(state, "no such subcommand: %s", text_shown(arg));
	call->first = state->next - 1;
	state->next = state->argc;	/* the rest is the subcommand's */
	return 0;
}

int main(int argc, char **argv)
{
	static const struct argp argp = {
		.parser = parse,
		.args_doc = "SUBCOMMAND [ARGUMENT...]",
		.doc = doc,
	};
	struct call call = { .subcommand = NULL };
	enum status status;
	char name[32];

	descriptors_open();
	text_guard();
	argp_err_exit_status = STATUS_USAGE;
	argp_program_version_hook = print_version;
	argp_parse(&argp, argc, argv, ARGP_IN_ORDER, NULL, &call);
	snprintf(name, sizeof(name), "bootexits %s", call.subcommand->name);
	argv[call.first] = name;
	status = call.subcommand->main(argc - call.first, argv + call.first);
	if (fflush(stdout) || ferror(stdout))
		error(STATUS_UNREADABLE, 0, "standard output: not all was written");
	return status;
}
