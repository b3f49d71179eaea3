/* SPDX-License-Identifier: GPL-2.0-only */
/* Writes a trace: JSON Lines, one file for a boot (docs/trace.md). */
#ifndef BOOTEXITS_TRACE_H
#define BOOTEXITS_TRACE_H

#include <time.h>

#include "tools/bootexits.h"
#include "tools/trace/log.h"
#include "lib/output.h"

struct trace {
	struct output out;	/* the file, and its temporary name until it is placed */
	int err;		/* errno of the first write that failed, or 0 */
	long size;		/* bytes of the whole lines */
	bool timed;		/* lines have the seconds since the start */
	bool late;		/* counting began after the VM did */
	bool sorted;		/* in the end, the lines are sorted by stream */
	struct timespec start;
	struct log *log;	/* also takes each line, even if it can't be written; or NULL */
	unsigned long lines;	/* that log took */
	struct list order;	/* for a sorted trace: struct trace_place of each line */
};

/* A key of a record that has another name in the trace, or none, because the source can't know it. */
struct trace_key {
	const char *name, *instead;
};

/* A source of lines: its rank among the others, from 1, and how its lines are read. */
struct trace_stream {
	const char *name;
	unsigned int rank;
	enum log_kind kind;
	const struct trace_key *keys;	/* keys that the trace has otherwise, up to one without a name; or NULL */
};

/**
 * trace_open() - make and lock a new trace for a path; the file at the path stays for now
 *
 * Return: 0, or an errno.  EWOULDBLOCK: another recording writes there.
 */
int trace_open(struct trace *trace, const char *path);

/**
 * trace_place() - give the trace its name, once; the file with this name becomes NAME.old
 * @ending: suffix of the name, such as ".failed"; then the file with this name is removed
 *
 * Return: 0, or an errno.  EWOULDBLOCK: another recording has taken the name.
 */
int trace_place(struct trace *trace, const char *ending);

/** trace_placed() - whether the trace has its name */
bool trace_placed(const struct trace *trace);

/**
 * trace_regular() - whether the trace is a file, not a pipe or device
 */
bool trace_regular(const struct trace *trace);

/**
 * trace_begin() - write the first line
 * @meta: what the line has besides the format; is taken over
 * @live: lines have their time.  If false, they have none, and are sorted by stream
 *	at the end, so that the same streams give the same bytes.
 */
void trace_begin(struct trace *trace, json_t *meta, bool live);

/**
 * trace_line() - write the contents of a stream's line: records, text, bad records
 * @at: number of the stream's bytes before the line
 * @text: @len bytes and a NUL, without the line's end; is changed
 */
void trace_line(struct trace *trace, const struct trace_stream *stream, __u64 at,
		char *text, size_t len);

/** trace_put() - write a line of a stream; @object is taken over */
void trace_put(struct trace *trace, const struct trace_stream *stream,
	       json_t *object);

/**
 * trace_end() - sort the lines and write the last one
 * @why: NULL, or why the trace is truncated; set if lines could not be written or sorted
 * @status: of the recording; set in the same case
 *
 * After a failed write, only this line is still tried.  All lines that were written
 * stay.
 */
void trace_end(struct trace *trace, const char **why, int *status);

/** trace_close() - close the file; remove it if it hasn't got its name */
void trace_close(struct trace *trace);

#endif /* BOOTEXITS_TRACE_H */
