// SPDX-License-Identifier: GPL-2.0-only
/* `bootexits import': makes a trace of a recording by perf, trace-cmd or ftrace. */
#include <argp.h>
#include <stdlib.h>

#include "lib/text.h"
#include "tools/import/import.h"

struct options {
	const char *out;
	struct list paths;		/* const char * */
	struct list pids;		/* __u32 */
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct options *options = state->input;
	__u64 number;
	__u32 pid;

	switch (key) {
	case 'o':
		options->out = trace_path(arg);
		return 0;
	case 'p':
		if (!parse_number(arg, 0x7fffffff, &number) || !number)
			argp_error(state, "not a process: %s", text_shown(arg));
		pid = number;
		list_append(&options->pids, &pid, sizeof(pid));
		return 0;
	case ARGP_KEY_ARG:
		list_append(&options->paths, &arg, sizeof(arg));
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "no FILE");
		return 0;
	case ARGP_KEY_END:
		refuse_terminal(options->out, state);
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp_option argp_options[] = {
	{ "output", 'o', "FILE", 0, "write the trace to FILE; default " DEFAULT_TRACE
	  ". - is the standard output, unless that is a terminal", 0 },
	{ "pid", 'p', "PID", 0, "the VM's process, if the recording has several VMs. If a text has no "
	  "processes: a thread of the VM; repeat it for each of them", 0 },
	{ 0 },
};

static const char doc[] =
	"Make a trace of a recording of KVM's events kvm_exit and kvm_entry that another program "
	"made. Each FILE is a perf.data (as of `perf kvm stat record') or a trace.dat, which perf or "
	"trace-cmd have to read, or a text: the output of `perf script --ns --show-lost-events -F "
	IMPORT_FIELDS "', of `trace-cmd report -N -t', or ftrace's own. Several FILEs are parts of one "
	"recording, in the order of time.\v"
	"A guest's marks end the phases: the event kvm_pio has those of port 0x0BE0, and kvm_cpuid "
	"those of CPUID. Without a mark, all is one phase, `custom'. The times are the guest's and "
	"the host's, in nanoseconds. A recording does not tell KVM's time from the VMM's.\n\n"
	"Exit status: 0 ok; 1 the recording lacks something, so the trace is truncated; 2 wrong "
	"arguments, or several VMs and no --pid; 3 a file can't be read or written, or is no "
	"recording. Then no trace is made.";

static enum status import_all(struct import *import, const struct options *options)
{
	const char *const *path, *first = *(const char **)options->paths.items;
	enum status status;

	for_each(path, &options->paths)
		if (!import_open(import, *path))
			return STATUS_UNREADABLE;
	status = import_survey(import);
	if (status)
		return status;
	import_count(import);
	import_unknown(import, first);
	return import_write(import, options->out);
}

enum status import_main(int argc, char **argv)
{
	static const struct argp argp = {
		.options = argp_options,
		.parser = parse,
		.args_doc = "FILE...",
		.doc = doc,
	};
	struct options options = { .out = DEFAULT_TRACE };
	struct import import = { .last = 0 };
	enum status status;

	parse_arguments(&argp, argc, argv, 0, &options);
	import.pids = options.pids;
	status = import_all(&import, &options);
	import_close(&import);
	free(options.paths.items);
	free(options.pids.items);
	return status;
}
