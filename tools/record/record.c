// SPDX-License-Identifier: GPL-2.0-only
/* `bootexits record': makes a trace of a VM's boot, of a serial port, or of logs. */
#include <argp.h>
#include <errno.h>
#include <error.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/trace/check.h"
#include "tools/record/record.h"
#include "lib/text.h"

void record_fail(const char *format, ...)
{
	char text[512];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	error(STATUS_UNREADABLE, 0, "%s", text_shown(text));
	abort();
}

char *record_format(const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		record_fail("no memory");
	va_end(args);
	return text;
}

double record_seconds(const struct record *record)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec - record->start.tv_sec +
		1e-9 * (now.tv_nsec - record->start.tv_nsec);
}

/* If a recording can't begin, atexit() removes what it has made. */
static struct record *beginning;

static void leave_nothing(void)
{
	if (!beginning)
		return;
	record_logs_drop(beginning);
	trace_close(&beginning->trace);
}

static void prepare(struct record *record)
{
	bool child = record->source != RECORD_SERIAL && record->source != RECORD_LOG;
	int err = trace_open(&record->trace, record->path);
	json_t *meta;

	if (err)
		record_fail("%s: %s", record->path, err == EWOULDBLOCK ?
			    "another recording writes to it" : output_error(err));
	beginning = record;
	if (child)
		record_prepare(record);
	else if (record->source == RECORD_SERIAL)
		record_port(record);
	else
		record_logs(record);
	meta = record_meta(record);
	if (child)
		record_start(record);
	clock_gettime(CLOCK_MONOTONIC, &record->start);
	record->trace.log = &record->live;
	trace_begin(&record->trace, meta, !record->lab && record->source != RECORD_LOG);
	beginning = NULL;
}

void record_place(struct record *record)
{
	int err = trace_place(&record->trace, "");

	if (err && !record->trace.err)
		record->trace.err = err;
	if (!err)
		record_logs_place(record, false);
}

/* Print one line that sums up the recording. */
static void sum_up(const struct record *record, const char *ending, const char *why)
{
	__u64 records = 0, defects = 0;
	const struct run *run, *last = NULL;
	char lost[40] = "", late[60] = "";

	for_each(run, &record->live.runs) {
		records += run->records;
		defects += run->nr_defects + (last && !last->end.line);
		last = run;
	}
	if (defects)
		snprintf(lost, sizeof(lost), ", %llu defect%s", defects, defects == 1 ? "" : "s");
	if (last && last->attached.unseen)
		snprintf(late, sizeof(late), ", attached after %llu exits", last->attached.unseen);
	fprintf(stderr, "%s%s: %llu records%s%s, verdict %s%s%s, %.0f s\n", text_shown(record->path),
		ending, records, lost, late, last && last->verdict.line ? last->verdict.result : "missing",
		why ? ", truncated: " : "", why ? why : "", record_seconds(record));
}

/*
 * A recording without a record must not replace a trace.  If it has captured anything at all, that
 * goes into a file beside the old trace.  Returns the suffix of the new file's name, or NULL if
 * there is no new file.
 */
static const char *settle(struct record *record)
{
	struct trace *trace = &record->trace;

	if (trace_placed(trace))
		return "";
	if (trace->out.old < 0 || record_has_records(record)) {
		record_place(record);
		return trace_placed(trace) ? "" : NULL;
	}
	if (!record_captured(record) || trace_place(trace, ".failed"))
		return NULL;
	record_logs_place(record, true);
	return ".failed";
}

/* The logs are kept only if they have something that isn't in the trace. */
static void leave_logs(struct record *record, bool whole)
{
	char *path;

	if (record->logs.dir < 0)
		return;
	if (whole || !record_captured(record))
		return record_logs_drop(record);
	path = record_logs_path(record);
	error(0, 0, "what was captured is also in %s", text_shown(path));
	free(path);
}

/* Print a line that sums up, and one for each thing that went wrong. */
static void tell(const struct record *record, const char *ending, const char *why)
{
	const struct trace *trace = &record->trace;

	record_progress_end();
	sum_up(record, ending ? ending : "", why);
	if (record->unread)
		error(0, 0, "%s: can't be read to its end", text_shown(record->unread));
	if (trace->err)
		error(0, 0, "%s: not all was written: %s", text_shown(record->path),
		      trace->err == EWOULDBLOCK ? "another recording has taken this name" :
		      output_error(trace->err));
	if (!ending && record_has_records(record))
		error(0, 0, "the new trace is beside it: %s", text_shown(trace->out.made));
	else if (!ending)
		error(0, 0, "%s: was not changed", text_shown(record->path));
}

static bool is_late(const struct record *record)
{
	const struct run *run = log_last_run(&record->live.runs);

	return run && run->attached.unseen;
}

int record_run(struct record *record)
{
	const char *why, *ending;
	int status = STATUS_OK;

	record->qmp.fd = record->leash = record->logs.dir = record->pidfd = -1;
	record_catch_signals();
	atexit(leave_nothing);
	prepare(record);
	why = record_follow(record, &status);
	record_streams_end(record);
	if (!why)
		status = record_judge(record, &why);
	record_leave(record);
	record->trace.late = is_late(record);
	trace_end(&record->trace, &why, &status);
	ending = settle(record);
	tell(record, ending, why);
	record_texts_check(record);
	if (record->trace.err)
		status = STATUS_UNREADABLE;
	leave_logs(record, !why && !record->trace.err);
	if (!ending && record_has_records(record))
		*record->trace.out.made = '\0';	/* so that trace_close() does not remove it */
	trace_close(&record->trace);
	record_streams_free(record);
	log_free(&record->live);
	json_decref(record->qmp.cpus);
	return status;
}

static unsigned int number(const char *arg, struct argp_state *state)
{
	__u64 n;

	if (!parse_number(arg, 1000000, &n) || !n)
		argp_error(state, "not a number from 1 to 1,000,000: %s", text_shown(arg));
	return n;
}

/* 1000, 64K, 256M, 2G */
static __u64 size(char *arg, struct argp_state *state)
{
	static const char units[] = "KMG";
	size_t len = strlen(arg);
	const char *unit = len ? strchr(units, arg[len - 1]) : NULL;
	__u64 n = 0;
	bool good;

	if (unit)
		arg[len - 1] = '\0';
	good = parse_number(arg, 1ULL << 32, &n) && n;
	if (unit)
		arg[len - 1] = *unit;
	if (!good)
		argp_error(state, "not a size, such as 256M: %s", text_shown(arg));
	return unit ? n << 10 * (unit - units + 1) : n;
}

/* The arguments: a recording, or several of the same kind. */
struct call {
	struct record record;
	unsigned int runs, warmups;	/* 0: not given */
};

static void check_call(const struct call *call, struct argp_state *state)
{
	const struct record *record = &call->record;

	if (call->warmups && !call->runs)
		argp_error(state, "--warmup needs --runs");
	if (call->runs == 1)
		argp_error(state, "--runs takes 2 or more");
	if (call->runs && record->source != RECORD_QEMU && record->source != RECORD_LAB)
		argp_error(state, "--runs needs a QEMU command or --lab: a port or a log has only one boot");
	if (call->runs && !strcmp(record->path, TRACE_STDOUT))
		argp_error(state, "--runs writes several traces: use -o DIRECTORY");
	if (record->bpf && (record->source == RECORD_SERIAL || record->source == RECORD_LOG))
		argp_error(state, "--bpf needs a command: not --from-serial or --from-log");
	if (record->source == RECORD_ATTACH && (record->lab || record->words[1]))
		argp_error(state, "--attach takes one PID or NAME, and no --lab");
	if (record->seconds && record->source != RECORD_ATTACH)
		argp_error(state, "--for is for --attach");
	if (record->source == RECORD_SERIAL && (record->lab || record->words[1]))
		argp_error(state, "--from-serial takes one port, and no --lab");
	refuse_terminal(record->path, state);
}

/* The options that say what is recorded, and who counts. */
static error_t parse_source(int key, struct record *record)
{
	switch (key) {
	case 'l':
		record->lab = true;
		if (record->source == RECORD_QEMU)
			record->source = RECORD_LAB;
		return 0;
	case 'B':
		record->bpf = true;
		return 0;
	case 'a':
		record->source = RECORD_ATTACH;
		record->bpf = true;
		return 0;
	case 's':
		record->source = RECORD_SERIAL;
		return 0;
	case 'L':
		record->source = RECORD_LOG;
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct call *call = state->input;
	struct record *record = &call->record;

	switch (key) {
	case 'r':
		call->runs = number(arg, state);
		return 0;
	case 'w':
		call->warmups = number(arg, state);
		return 0;
	case 'o':
		record->path = trace_path(arg);
		return 0;
	case 't':
		record->limit = number(arg, state);
		return 0;
	case 'b':
		record->baud = number(arg, state);
		return 0;
	case 'm':
		record->max_size = size(arg, state);
		return 0;
	case 'f':
		record->seconds = number(arg, state);
		return 0;
	case 'p':
	case 'u':
		record_text_add(record, arg, key == 'u', state);
		return 0;
	case ARGP_KEY_ARGS:
		record->words = state->argv + state->next;
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "nothing to record");
		return 0;
	case ARGP_KEY_END:
		if (!record->path)
			record->path = call->runs ? "bootexits.runs" : DEFAULT_TRACE;
		check_call(call, state);
		return 0;
	}
	return parse_source(key, record);
}

static const struct argp_option argp_options[] = {
	{ "output", 'o', "FILE", 0, "write the trace to FILE; default " DEFAULT_TRACE
	  ". - is the standard output, unless that is a terminal", 0 },
	{ "timeout", 't', "SECONDS", 0, "give up after SECONDS; default 600. Not with --attach. With --lab, only the "
	  "time in which the emulator computes or sleeps counts, so a busy machine ends no boot", 0 },
	{ "lab", 'l', NULL, 0,
	  "the arguments are those of lab/lab.sh, or of a VMM that runs in the lab; with --from-log: "
	  "the logs are the lab's", 0 },
	{ "bpf", 'B', NULL, 0, "count exits by BPF programs, on a KVM that is not patched. This is "
	  "the default if bootexits-bpf is beside this program, KVM is stock, the command uses KVM, "
	  "and you are root", 0 },
	{ "attach", 'a', NULL, 0, "count a VM that runs already, by BPF programs, until it ends or you press Ctrl-C. "
	  "The argument is the PID of its process, the name of its program, or its name by QEMU's -name", 0 },
	{ "for", 'f', "SECONDS", 0, "with --attach: end after SECONDS; the VM goes on", 0 },
	{ "phase", 'p', "REGEX=NAME", 0, "with --bpf: a phase NAME ends when the guest prints a line that matches REGEX "
	  "(POSIX, extended) on its serial port. The beginning of a line is enough. It may be given 32 times", 0 },
	{ "until", 'u', "REGEX=NAME", 0, "the same; QEMU is ended then, and that is a pass", 0 },
	{ "from-serial", 's', NULL, 0,
	  "read the serial port that is the argument, up to the end record; - is the standard "
	  "input", 0 },
	{ "from-log", 'L', NULL, 0,
	  "make a trace of the logs, or of the directory of lab.sh, that are the arguments", 0 },
	{ "max-size", 'm', "SIZE", 0, "give up if the trace, or a log of the guest, becomes larger; "
	  "default 256M. K, M and G are powers of 1024", 0 },
	{ "runs", 'r', "N", 0, "record N boots, one after the other, into the directory of -o (default "
	  "bootexits.runs), and print their medians. It stops at the first one that fails", 0 },
	{ "warmup", 'w', "N", 0, "with --runs: first boot N times without a trace", 0 },
	{ "baud", 'b', "N", 0, "the speed of the serial port; default 115200", 0 },
	{ 0 },
};

static const char doc[] =
	"Start a VM and write a trace of its boot. The trace has all that the payload reports, the "
	"guest's console, and KVM's own counts.\v"
	"record adds devices after QEMU's own arguments: a serial port, the observer's debug "
	"console, isa-debug-exit, pvpanic and a monitor. It leaves out a device that you have "
	"already. It gives the payload the option sync, with which the guest pauses until KVM's "
	"counts are read.\n\n"
	"The trace is JSON Lines (docs/trace.md). If a crash, a timeout or Ctrl-C ends the "
	"recording, you keep what was captured, as a truncated trace.\n\n"
	"With --runs, the traces are run-1.trace and so on. The trace of a boot that failed has the "
	"ending .failed, and the status is that boot's. Boots of the lab have to repeat: the status is "
	"1 if they don't.\n\n"
	"--attach needs root. The trace says how many exits had come before, and that they are not in it.\n\n"
	"Exit status: 0 pass, 1 fail, no verdict, or the lab's VMM ended with a status, 2 wrong "
	"arguments, or several VMs of that NAME, 3 not started or not written, 4 skip, 124 timeout, "
	"125 the lab's guest hangs, 130 interrupted. With "
	"--from-log: 0 all was read, 3 some was not. If there is no record in the logs, no trace "
	"is made, and the status is 3.";

enum status record_main(int argc, char **argv)
{
	static const struct argp argp = {
		.options = argp_options,
		.parser = parse,
		.args_doc = "-- qemu-system-x86_64 [ARGUMENT...]\n"
			    "--lab -- [OPTION...] SCENARIO [FILE...]\n"
			    "--lab -- [OPTION...] ./VMM [ARGUMENT...]\n"
			    "--attach PID|NAME\n"
			    "--from-serial PORT\n"
			    "--from-log FILE...",
		.doc = doc,
	};
	static struct call call = {
		.record = { .limit = 600, .baud = 115200, .max_size = 256 << 20, .vmm_status = -1 },
	};
	struct record *record = &call.record;

	parse_arguments(&argp, argc, argv, ARGP_IN_ORDER, &call);
	if (!record->bpf && record->source == RECORD_QEMU && record_bpf_wanted(record->words)) {
		error(0, 0, "KVM is not patched, so BPF programs count the exits, as with --bpf");
		record->bpf = true;
	}
	if (record->texts.nr && (record->source != RECORD_QEMU || !record->bpf))
		error(STATUS_USAGE, 0, "--phase and --until need a QEMU command that BPF programs count: --bpf");
	if (record->source == RECORD_LAB) {
		record->own_vmm = record_is_vmm(record->words);
		if (record->bpf)
			record->words = record_lab_by_bpf(record->words);
	}
	return call.runs ? record_runs(record, call.runs, call.warmups) : record_run(record);
}
