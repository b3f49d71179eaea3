/* SPDX-License-Identifier: GPL-2.0-only */
/* Writing a trace: JSON Lines, one file for a boot, as docs/trace.md lays it down. */
#ifndef BOOTEXITS_TRACE_H
#define BOOTEXITS_TRACE_H

#include <time.h>

#include "bootexits.h"
#include "log.h"
#include "output.h"

struct trace {
	struct output out;	/* has its descriptor, and its name until it gets its place */
	int err;		/* errno of the first write that failed, or 0 */
	long size;		/* bytes of the lines, all of them whole */
	bool timed;		/* lines have the seconds since the start */
	bool sorted;		/* at its end the lines stand stream by stream */
	struct timespec start;
	struct list order;	/* of a sorted trace: struct trace_place of each line */
};

/* A source of lines: its order among the others, from 1, and how its lines are read. */
struct trace_stream {
	const char *name;
	unsigned int rank;
	enum log_kind kind;
};

/**
 * trace_open() - make a new trace for a path, for nobody else; what is there stays yet
 *
 * Return: 0, or an errno: EWOULDBLOCK says that another recording writes there.
 */
int trace_open(struct trace *trace, const char *path);

/**
 * trace_place() - give the trace its place, once; the one that is there becomes NAME.old
 * @ending: what its name has more, as ".failed"; then an old one of that name goes
 *
 * Return: 0, or an errno: EWOULDBLOCK says that another one came there meanwhile.
 */
int trace_place(struct trace *trace, const char *ending);

/** trace_placed() - whether it has its place */
bool trace_placed(const struct trace *trace);

/**
 * trace_regular() - whether it is a file, and no pipe or device
 */
bool trace_regular(const struct trace *trace);

/**
 * trace_begin() - write the first line
 * @meta: what the line says besides the format; is taken over
 * @live: lines have their time; otherwise they don't, and stand stream by stream
 *	at the end, so that the same streams give the same bytes
 */
void trace_begin(struct trace *trace, json_t *meta, bool live);

/**
 * trace_line() - write what a line of a stream has: records, text, bad records
 * @at: the stream's bytes before it
 * @text: @len bytes and a NUL, with no line's end; is changed
 */
void trace_line(struct trace *trace, const struct trace_stream *stream, __u64 at,
		char *text, size_t len);

/** trace_put() - write a line of a stream; @object is taken over */
void trace_put(struct trace *trace, const struct trace_stream *stream,
	       json_t *object);

/**
 * trace_end() - put the lines in order and write the last one
 * @why: NULL, or why the trace is truncated; is set where lines could not be written or put in order
 * @status: of the recording; is set then, too
 *
 * Once a write has failed, this line is the only one that is tried after it.
 * What was written stays.
 */
void trace_end(struct trace *trace, const char **why, int *status);

/** trace_close() - close the file; a trace that has got no place is removed */
void trace_close(struct trace *trace);

#endif /* BOOTEXITS_TRACE_H */
