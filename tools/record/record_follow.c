// SPDX-License-Identifier: GPL-2.0-only
/* Follows a recording until it ends, or until something ends it. */
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>

#include "tools/record/record.h"

#define PACE_MS		50	/* between two reads of the streams */

static volatile sig_atomic_t interrupted;

static void on_signal(int number)
{
	(void)number;
	interrupted = 1;
}

void record_catch_signals(void)
{
	struct sigaction action = { .sa_handler = on_signal };

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);	/* a limit of file sizes is then an error of write() */
}

static bool ended(struct record *record)
{
	struct stream **streams = record->streams.items;

	switch (record->source) {
	case RECORD_QEMU:
	case RECORD_LAB:
	case RECORD_ATTACH:
		return waitpid(record->child, &record->wait_status, WNOHANG) > 0;
	case RECORD_SERIAL:
		return record_guest_ended(record) || streams[0]->ended;
	case RECORD_LOG:
		break;
	}
	return true;
}

/* Whether to stop reading, as a bound for what is written. */
static bool full(const struct record *record)
{
	return record->source != RECORD_LOG &&
		(record_streams_taken(record) > record->max_size ||
		 (__u64)record->trace.size > record->max_size);
}

/* Returns why the recording can't go on, and sets *@status, or returns NULL. */
static const char *trouble(struct record *record, bool done, bool all, int *status)
{
	*status = STATUS_FAIL;
	if (!done && !record_guarded(record))
		return "its guard was killed";
	/* The child may write faster than this process reads. */
	if (full(record) || (!done && record_logs_size(record) > record->max_size))
		return "larger than --max-size";
	*status = STATUS_INTERRUPTED;
	if (interrupted && record->source == RECORD_ATTACH)
		record_stop(record);	/* counting ends, and nothing is missing */
	else if (interrupted)
		return "interrupted";
	*status = STATUS_UNREADABLE;
	if (record->trace.err || record->unread)
		return record->unread ? "a log can't be read" : "the trace can't be written";
	*status = STATUS_TIMEOUT;
	/* The lab has a limit of its own, in its emulator's time.  Logs have none. */
	if (!all && (record->source == RECORD_QEMU || record->source == RECORD_SERIAL) &&
	    record_seconds(record) > record->limit)
		return "timeout";
	*status = STATUS_OK;
	return NULL;
}

/* Give the trace its name early, to be read meanwhile, unless an older trace is better. */
static bool may_place(const struct record *record)
{
	return !trace_placed(&record->trace) && record->source != RECORD_LOG &&
		(record->trace.out.old < 0 || record_has_records(record));
}

const char *record_follow(struct record *record, int *status)
{
	struct pollfd qmp = { .events = POLLIN };
	bool child = record->child > 0, done = false, more;
	const char *why = NULL;

	do {
		done = done || ended(record);
		record_qmp_read(record);
		more = !full(record) && record_streams_read(record);
		if (may_place(record))
			record_place(record);
		if (why) {
			record_guarded(record);
		} else {
			why = trouble(record, done, done && !(more && child), status);
			if (why && (done || !child))
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
