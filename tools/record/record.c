// SPDX-License-Identifier: GPL-2.0-only
/* `bootexits record': a VM's boot, or a serial port, or logs, into a trace. */
#include <argp.h>
#include <errno.h>
#include <error.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "record.h"
#include "text.h"

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

/* A recording that can't begin leaves nothing behind. */
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
	bool child = record->source == RECORD_QEMU || record->source == RECORD_LAB;
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

/* One line on what there is now. */
static void sum_up(const struct record *record, const char *ending, const char *why)
{
	__u64 records = 0, defects = 0;
	const struct run *run, *last = NULL;
	char lost[40] = "";

	for_each(run, &record->live.runs) {
		records += run->records;
		defects += run->nr_defects + (last && !last->end.line);
		last = run;
	}
	if (defects)
		snprintf(lost, sizeof(lost), ", %llu defect%s", defects, defects == 1 ? "" : "s");
	fprintf(stderr, "%s%s: %llu records%s, verdict %s%s%s, %.0f s\n", text_shown(record->path),
		ending, records, lost, last && last->verdict.line ? last->verdict.result : "missing",
		why ? ", truncated: " : "", why ? why : "", record_seconds(record));
}

/*
 * A recording without a record takes nothing's place: what it has captured, if anything, is beside the
 * trace that is there.  Returns what the trace's name has more, or NULL where there is none.
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

/* The logs are there for what isn't in the trace. */
static void leave_logs(struct record *record, bool whole)
{
	char *path;

	if (record->logs.dir < 0)
		return;
	if (whole || !record_captured(record))
		return record_logs_drop(record);
	path = record_logs_path(record);
	error(0, 0, "what was captured is in %s, too", text_shown(path));
	free(path);
}

/* One line on what there is, and one on each thing that isn't as it should be. */
static void tell(const struct record *record, const char *ending, const char *why)
{
	const struct trace *trace = &record->trace;

	record_progress_end();
	sum_up(record, ending ? ending : "", why);
	if (record->unread)
		error(0, 0, "%s: can't be read to its end", text_shown(record->unread));
	if (trace->err)
		error(0, 0, "%s: not all was written: %s", text_shown(record->path),
		      trace->err == EWOULDBLOCK ? "another recording has come there" :
		      output_error(trace->err));
	if (!ending && record_has_records(record))
		error(0, 0, "the trace is beside it, %s", text_shown(trace->out.made));
	else if (!ending)
		error(0, 0, "%s: is what it was before", text_shown(record->path));
}

static int record_run(struct record *record)
{
	const char *why, *ending;
	int status = STATUS_OK;

	record->qmp.fd = record->leash = record->logs.dir = -1;
	record->live.kind = LOG_SERIAL;
	record_catch_signals();
	atexit(leave_nothing);
	prepare(record);
	why = record_follow(record, &status);
	record_streams_end(record);
	if (!why)
		status = record_judge(record, &why);
	record_leave(record);
	trace_end(&record->trace, &why, &status);
	ending = settle(record);
	tell(record, ending, why);
	if (record->trace.err)
		status = STATUS_UNREADABLE;
	leave_logs(record, !why && !record->trace.err);
	if (!ending && record_has_records(record))
		*record->trace.out.made = '\0';	/* it stays there */
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
		argp_error(state, "not a size as 256M: %s", text_shown(arg));
	return unit ? n << 10 * (unit - units + 1) : n;
}

static void check_call(const struct record *record, struct argp_state *state)
{
	if (record->bpf && record->source != RECORD_QEMU)
		argp_error(state, "--bpf is for a VM that is started here");
	if (record->source == RECORD_SERIAL && (record->lab || record->words[1]))
		argp_error(state, "one serial port is recorded, and not the lab's");
	if (!strcmp(record->path, RECORD_STDOUT) && isatty(STDOUT_FILENO))
		argp_error(state, "a trace is nothing for a terminal: -o FILE");
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct record *record = state->input;

	switch (key) {
	case 'o':
		record->path = strcmp(arg, "-") ? arg : RECORD_STDOUT;
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
	case 'l':
		record->lab = true;
		if (record->source == RECORD_QEMU)
			record->source = RECORD_LAB;
		return 0;
	case 'B':
		record->bpf = true;
		return 0;
	case 's':
		record->source = RECORD_SERIAL;
		return 0;
	case 'L':
		record->source = RECORD_LOG;
		return 0;
	case ARGP_KEY_ARGS:
		record->words = state->argv + state->next;
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "nothing to record");
		return 0;
	case ARGP_KEY_END:
		check_call(record, state);
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp_option argp_options[] = {
	{ "output", 'o', "FILE", 0, "the trace, default " DEFAULT_TRACE "; - is the standard output, if that is no terminal", 0 },
	{ "timeout", 't', "SECONDS", 0, "give up after that long, default 600; "
	  "with --lab: after the emulator has computed or slept so long, so that a busy machine "
	  "ends nothing", 0 },
	{ "lab", 'l', NULL, 0,
	  "the arguments are those of scripts/lab.sh; with --from-log: the logs are the lab's", 0 },
	{ "bpf", 'B', NULL, 0, "count by BPF programs, on a KVM that is not patched: all that the host can see "
	  "(the default where bootexits-bpf is installed, KVM is stock, and you are root)", 0 },
	{ "from-serial", 's', NULL, 0,
	  "the argument is a serial port (- is the standard input): read it to the end record", 0 },
	{ "from-log", 'L', NULL, 0,
	  "the arguments are logs, or a directory of lab.sh's", 0 },
	{ "max-size", 'm', "SIZE", 0, "give up when the trace, or a log of a guest, is larger, default 256M; "
	  "K, M and G are 1024 times each other", 0 },
	{ "baud", 'b', "N", 0, "of a serial port, default 115200", 0 },
	{ 0 },
};

static const char doc[] =
	"Start a VM and write a trace of its boot: all that the payload reports, the guest's "
	"console, and KVM's own counts.\v"
	"QEMU gets a serial port, the observer's debug console, isa-debug-exit, pvpanic and a "
	"monitor behind its own arguments, unless it has that device already; the payload's option "
	"sync makes the guest pause for KVM's counts. The trace is JSON Lines, docs/trace.md; "
	"what was captured until a crash, a timeout or Ctrl-C is kept, as a truncated trace.\n\n"
	"Status: 0 pass, 1 fail or no verdict, 2 usage, 3 not started or not written, 4 skip, "
	"124 timeout, 125 the lab's guest hangs, 130 interrupted; --from-log: 0 if all was read, 3 if "
	"not, or if there is no record in it, and then no trace is left.";

enum status record_main(int argc, char **argv)
{
	static const struct argp argp = {
		.options = argp_options,
		.parser = parse,
		.args_doc = "-- qemu-system-x86_64 [ARGUMENT...]\n"
			    "--lab -- [OPTION...] SCENARIO [FILE...]\n"
			    "--from-serial PORT\n"
			    "--from-log FILE...",
		.doc = doc,
	};
	static struct record record = {
		.path = DEFAULT_TRACE, .limit = 600, .baud = 115200,
		.max_size = 256 << 20,
	};

	parse_arguments(&argp, argc, argv, ARGP_IN_ORDER, &record);
	if (!record.bpf && record.source == RECORD_QEMU && record_bpf_wanted(record.words)) {
		error(0, 0, "this KVM is not patched: BPF programs count, as with --bpf");
		record.bpf = true;
	}
	return record_run(&record);
}
