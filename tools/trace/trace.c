// SPDX-License-Identifier: GPL-2.0-only
/* The file of a trace: all of a line is in it, or nothing. */
#include <errno.h>
#include <error.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "trace.h"

/* A line of a sorted trace: of which stream, and where it stands in the file. */
struct trace_place {
	unsigned int rank;
	long start, size;
};

static void fail(struct trace *trace)
{
	if (!trace->err)
		trace->err = errno ? errno : EIO;
}

/* All of a line or nothing of it is in the trace. */
static void write_line(struct trace *trace, unsigned int rank, const char *text, size_t len)
{
	struct trace_place place = { rank, trace->size, len };
	ssize_t part;

	while (len) {
		part = write(trace->fd, text, len);
		if (part < 0 && errno == EINTR)
			continue;
		if (part <= 0) {
			fail(trace);
			if (trace_regular(trace) && ftruncate(trace->fd, trace->size))
				fail(trace);
			return;
		}
		text += part;
		len -= part;
	}
	trace->size += place.size;
	if (trace->sorted)
		list_append(&trace->order, &place, sizeof(place));
}

static void put(struct trace *trace, unsigned int rank, json_t *object)
{
	char *text = json_dumps(object, JSON_COMPACT | JSON_REAL_PRECISION(9));
	size_t len;

	json_decref(object);
	if (!text)
		error(3, ENOMEM, "trace");
	len = strlen(text);
	text[len] = '\n';
	write_line(trace, rank, text, len + 1);
	free(text);
}

void trace_put(struct trace *trace, const struct trace_stream *stream,
	       json_t *object)
{
	struct timespec now;

	if (trace->err) {
		json_decref(object);
		return;
	}
	if (trace->timed) {
		clock_gettime(CLOCK_MONOTONIC, &now);
		json_object_set_new(object, "t", json_real(
			now.tv_sec - trace->start.tv_sec +
			1e-6 * ((now.tv_nsec - trace->start.tv_nsec) / 1000)));
	}
	put(trace, stream->rank, object);
}

bool trace_regular(const struct trace *trace)
{
	struct stat stat_of;

	return !fstat(trace->fd, &stat_of) && S_ISREG(stat_of.st_mode);
}

int trace_open(struct trace *trace, const char *path)
{
	struct stat stat_of;

	*trace = (struct trace){ .path = path };
	trace->fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
	if (trace->fd < 0)
		return errno;
	if (!trace_regular(trace))
		return 0;
	if (flock(trace->fd, LOCK_EX | LOCK_NB))
		return errno;
	/* The other one has just put its lines in order, in a new file. */
	return fstat(trace->fd, &stat_of) || stat_of.st_nlink ? 0 : EWOULDBLOCK;
}

void trace_begin(struct trace *trace, json_t *meta, bool live)
{
	json_t *first = json_pack("{s:i}", "trace", LOG_TRACE);
	bool regular = trace_regular(trace);

	trace->timed = live;
	trace->sorted = !live && regular;	/* a pipe has no order but its own */
	clock_gettime(CLOCK_MONOTONIC, &trace->start);
	json_object_update(first, meta);
	json_decref(meta);
	if (regular && ftruncate(trace->fd, 0))
		fail(trace);
	put(trace, 0, first);
}

static int compare_places(const void *a, const void *b)
{
	const struct trace_place *one = a, *other = b;

	if (one->rank != other->rank)
		return one->rank < other->rank ? -1 : 1;
	return (one->start > other->start) - (one->start < other->start);
}

static bool copy_line(int from, const struct trace_place *place, FILE *to)
{
	char *line = malloc(place->size);
	bool copied = line && pread(from, line, place->size, place->start) == place->size &&
		fwrite(line, 1, place->size, to) == (size_t)place->size;

	free(line);
	return copied;
}

/* The same lines in a file of its own, which then takes the trace's place. */
static void sort_lines(struct trace *trace)
{
	const struct trace_place *place;
	char path[4096];
	FILE *sorted;
	bool copied = true;

	if (snprintf(path, sizeof(path), "%s.sorted", trace->path) >= (int)sizeof(path)) {
		errno = ENAMETOOLONG;
		return fail(trace);
	}
	sorted = fopen(path, "we");
	if (!sorted)
		return fail(trace);
	qsort(trace->order.items, trace->order.nr, sizeof(*place), compare_places);
	for_each(place, &trace->order)
		copied = copied && copy_line(trace->fd, place, sorted);
	if (fclose(sorted) || !copied || rename(path, trace->path)) {
		fail(trace);
		remove(path);
	}
}

int trace_close(struct trace *trace, const char *why, int status)
{
	json_t *last;

	if (!why && trace->err)
		why = "the trace can't be written";
	last = json_pack("{s:s, s:i}", "end", why ? "truncated" : "complete",
			 "status", status);
	if (why)
		json_object_set_new(last, "why", json_string(why));
	put(trace, -1U, last);
	if (trace->sorted && !trace->err)
		sort_lines(trace);
	if (close(trace->fd))
		fail(trace);
	free(trace->order.items);
	return trace->err;
}
