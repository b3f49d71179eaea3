// SPDX-License-Identifier: GPL-2.0-only
/* What comes is followed until its end, or until something ends it. */
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>

#include "record.h"

#define PACE_MS		50	/* between two looks at what is followed */

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

/* Whether no more is taken: a bound for what is written here. */
static bool full(const struct record *record)
{
	return record->source != RECORD_LOG &&
		(record_streams_taken(record) > record->max_size ||
		 (__u64)record->trace.size > record->max_size);
}

/* Why the recording can't go on, or NULL; then *@status is what it ends with. */
static const char *trouble(struct record *record, bool done, bool all, int *status)
{
	*status = STATUS_FAIL;
	if (!done && !record_guarded(record))
		return "its guard was killed";
	/* The child may be faster than this process */
	if (full(record) || (!done && record_logs_size(record) > record->max_size))
		return "larger than --max-size";
	*status = STATUS_INTERRUPTED;
	if (interrupted)
		return "interrupted";
	*status = STATUS_UNREADABLE;
	if (record->trace.err || record->unread)
		return record->unread ? "a log can't be read" : "the trace can't be written";
	*status = STATUS_TIMEOUT;
	/* The lab has been told, and counts its emulator's time; logs take as long as they take */
	if (!all && (record->source == RECORD_QEMU || record->source == RECORD_SERIAL) &&
	    record_seconds(record) > record->limit)
		return "timeout";
	*status = STATUS_OK;
	return NULL;
}

/* What follows a guest can be read meanwhile, unless there is something better to read. */
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
