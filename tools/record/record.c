// SPDX-License-Identifier: GPL-2.0-only
/* `bootexits record': a VM's boot, or a serial port, or logs, into a trace. */
#include <argp.h>
#include <errno.h>
#include <error.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "record.h"

#define PACE_MS		50	/* between two looks at what is followed */

static volatile sig_atomic_t interrupted;

void record_fail(const char *format, ...)
{
	char text[512];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	error(STATUS_UNREADABLE, 0, "%s", text);
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

static void on_signal(int number)
{
	(void)number;
	interrupted = 1;
}

static void catch_signals(void)
{
	struct sigaction action = { .sa_handler = on_signal };

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);	/* a file's limit is an error of a write, too */
}

static bool ended(struct record *record)
{
	struct stream **streams = record->streams.items;

	switch (record->source) {
	case RECORD_QEMU:
	case RECORD_LAB:
		return waitpid(record->child, &record->wait_status, WNOHANG) > 0;
	case RECORD_SERIAL:
		return record_guest_ended(record) || streams[0]->ended;
	case RECORD_LOG:
		break;
	}
	return true;
}

/* Why the recording can't go on, or NULL; then *@status is what it ends with. */
static const char *trouble(const struct record *record, bool done, int *status)
{
	if (interrupted) {
		*status = STATUS_INTERRUPTED;
		return "interrupted";
	}
	if (record->trace.err || record->unread) {
		*status = STATUS_UNREADABLE;
		return record->unread ? "a log can't be read" : "the trace can't be written";
	}
	/* The lab has been told, and counts its emulator's time */
	if (!done && record->source != RECORD_LAB &&
	    record_seconds(record) > record->limit) {
		*status = STATUS_TIMEOUT;
		return "timeout";
	}
	return NULL;
}

/* Follow until the end, its own or ours.  Returns why it is not whole, or NULL. */
static const char *follow(struct record *record, int *status)
{
	struct pollfd qmp = { .events = POLLIN };
	bool child = record->child > 0, done = false, more;
	const char *why = NULL;

	do {
		done = done || ended(record);
		record_qmp_read(record);
		more = record_streams_read(record);
		if (!why) {
			why = trouble(record, done, status);
			if (why && !child)
				break;
			if (why)
				record_stop(record);
		}
		record_progress(record);
		qmp.fd = record->qmp.fd;
		if (!more && !done)
			poll(&qmp, 1, PACE_MS);
	} while (!done || (more && record->source != RECORD_SERIAL));
	return why;
}

/* A recording that can't begin leaves nothing behind. */
static struct record *beginning;

static void leave_nothing(void)
{
	struct stat stat_of;

	if (!beginning || !beginning->trace.path)
		return;
	if (beginning->logs)
		record_tidy(beginning);
	if (!fstat(beginning->trace.fd, &stat_of) && S_ISREG(stat_of.st_mode) &&
	    !stat_of.st_size)
		unlink(beginning->path);
}

/* What is in the file stays until the command has started. */
static void prepare(struct record *record)
{
	bool child = record->source == RECORD_QEMU || record->source == RECORD_LAB;
	int err = trace_open(&record->trace, record->path);
	json_t *meta;

	if (err) {
		beginning = NULL;	/* the file is another's */
		record_fail("%s: %s", record->path, err == EWOULDBLOCK ?
			    "another recording writes to it" : strerror(err));
	}
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
}

/* One line on what there is now. */
static void sum_up(const struct record *record, const char *why)
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
	fprintf(stderr, "%s: %llu records%s, verdict %s%s%s, %.0f s\n", record->path, records,
		lost, last && last->verdict.line ? last->verdict.result : "missing",
		why ? ", truncated: " : "", why ? why : "", record_seconds(record));
}

/* What the end of it means, if nothing has gone wrong. */
static int judge(const struct record *record, const char **why)
{
	if (record->child > 0)
		return record_judge(record, why);
	if (record->source == RECORD_LOG) {
		*why = *record->cut ? record->cut : NULL;
		return *why ? STATUS_UNREADABLE : STATUS_OK;
	}
	if (!record_guest_ended(record))
		*why = "the line ended before the guest did";
	return record_verdict(record);
}

/* The logs are there for what isn't in the trace. */
static void leave_logs(const struct record *record, bool whole)
{
	if (!record->logs)
		return;
	if (whole || !record_captured(record))
		record_tidy(record);
	else
		error(0, 0, "what was captured is in %s, too", record->logs);
}

static int record_run(struct record *record)
{
	int status = STATUS_OK, err;
	const char *why;

	record->qmp.fd = record->leash = -1;
	record->live.kind = LOG_SERIAL;
	catch_signals();
	beginning = record;
	atexit(leave_nothing);
	prepare(record);
	beginning = NULL;
	why = follow(record, &status);
	record_streams_end(record);
	if (!why)
		status = judge(record, &why);
	record_leave(record);
	err = trace_close(&record->trace, why, status);
	record_progress_end();
	sum_up(record, why);
	if (record->unread)
		error(0, 0, "%s: can't be read to its end", record->unread);
	if (err) {
		error(0, err, "%s: not all was written", record->path);
		status = STATUS_UNREADABLE;
	}
	leave_logs(record, !why && !err);
	record_streams_free(record);
	log_free(&record->live);
	json_decref(record->qmp.cpus);
	return status;
}

static unsigned int number(const char *arg, struct argp_state *state)
{
	__u64 n;

	if (!parse_number(arg, 1000000, &n) || !n)
		argp_error(state, "not a number from 1 to 1,000,000: %s", arg);
	return n;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct record *record = state->input;

	switch (key) {
	case 'o':
		record->path = arg;
		return 0;
	case 't':
		record->limit = number(arg, state);
		return 0;
	case 'b':
		record->baud = number(arg, state);
		return 0;
	case 'l':
		record->lab = true;
		if (record->source == RECORD_QEMU)
			record->source = RECORD_LAB;
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
		if (record->source == RECORD_SERIAL && (record->lab || record->words[1]))
			argp_error(state, "one serial port is recorded, and not the lab's");
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp_option argp_options[] = {
	{ "output", 'o', "FILE", 0, "the trace, default bootexits.trace", 0 },
	{ "timeout", 't', "SECONDS", 0, "give up after that long, default 600; "
	  "with --lab: after the emulator has computed or slept so long, so that a busy machine "
	  "ends nothing", 0 },
	{ "lab", 'l', NULL, 0,
	  "the arguments are those of scripts/lab.sh; with --from-log: the logs are the lab's", 0 },
	{ "from-serial", 's', NULL, 0,
	  "the argument is a serial port (- is the standard input): read it to the end record", 0 },
	{ "from-log", 'L', NULL, 0,
	  "the arguments are logs, or a directory of lab.sh's", 0 },
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
			    "--from-log LOG...",
		.doc = doc,
	};
	static struct record record = {
		.path = "bootexits.trace", .limit = 600, .baud = 115200,
	};

	argp_parse(&argp, argc, argv, ARGP_IN_ORDER, NULL, &record);
	return record_run(&record);
}
