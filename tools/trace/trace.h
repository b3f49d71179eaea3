/* SPDX-License-Identifier: GPL-2.0-only */
/* Writing a trace: JSON Lines, one file for a boot, as docs/trace.md lays it down. */
#ifndef BOOTEXITS_TRACE_H
#define BOOTEXITS_TRACE_H

#include <time.h>

#include "bootexits.h"
#include "log.h"

struct trace {
	const char *path;
	int fd;
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
 * trace_open() - take a file for a trace, for nobody else; what is in it stays yet
 *
 * Return: 0, or an errno: EWOULDBLOCK says that another recording writes to it.
 */
int trace_open(struct trace *trace, const char *path);

/**
 * trace_regular() - whether it is a file, and no pipe or device
 */
bool trace_regular(const struct trace *trace);

/**
 * trace_begin() - write the first line, in place of what was in the file
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
 * trace_close() - write the last line, put the lines in order and close the file
 * @why: NULL, or why the trace is truncated
 * @status: of the recording
 *
 * Once a write has failed, this line is the only one that is tried after it.
 *
 * Return: 0, or the errno of what failed first; what was written stays.
 */
int trace_close(struct trace *trace, const char *why, int status);

#endif /* BOOTEXITS_TRACE_H */
