// SPDX-License-Identifier: GPL-2.0-only
/* The file of a trace.  A line is in it completely, or not at all. */
#include <errno.h>
#include <error.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/trace/trace.h"

/* A line of a sorted trace: the rank of its stream, and its place in the file. */
struct trace_place {
	unsigned int rank;
	long start, size;
};

static void fail(struct trace *trace)
{
	if (!trace->err)
		trace->err = errno ? errno : EIO;
}

/* Write all of a line, or nothing of it. */
static void write_line(struct trace *trace, unsigned int rank, const char *text, size_t len)
{
	struct trace_place place = { rank, trace->size, len };

	if (output_failed(output_bytes(trace->out.fd, text, len))) {
		fail(trace);
		if (trace_regular(trace) && ftruncate(trace->out.fd, trace->size))
			fail(trace);
		return;
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

	if (trace->log)
		log_take_object(trace->log, ++trace->lines, object);
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
	return trace->out.dir >= 0;
}

/* Lock the old file, and check that nobody has replaced it meanwhile. */
static int lock_old(const struct output *out)
{
	struct stat of, there;

	if (flock(out->old, LOCK_EX | LOCK_NB))
		return errno;
	if (fstat(out->old, &of) || fstatat(out->dir, out->name, &there, AT_SYMLINK_NOFOLLOW) ||
	    of.st_ino != there.st_ino || of.st_dev != there.st_dev)
		return output_failed(EWOULDBLOCK);
	return 0;
}

int trace_open(struct trace *trace, const char *path)
{
	int err;

	*trace = (struct trace){ .size = 0 };
	err = output_open(&trace->out, path, 0600);
	if (err)
		return err;
	if (trace_regular(trace) && flock(trace->out.fd, LOCK_EX | LOCK_NB))
		err = errno;
	if (!err && trace->out.old >= 0)
		err = lock_old(&trace->out);
	if (err)
		output_close(&trace->out);
	return err;
}

bool trace_placed(const struct trace *trace)
{
	return !*trace->out.made;
}

/* There was no file of this name.  Not all file systems can tell if one has come meanwhile. */
static int place_new(struct output *out)
{
	if (renameat2(out->dir, out->made, out->dir, out->name, RENAME_NOREPLACE)) {
		if (errno == EEXIST)
			return output_failed(EWOULDBLOCK);
		return errno == EINVAL ? output_place(out) : errno;
	}
	*out->made = '\0';
	return 0;
}

/* Replace an old trace, so that there is always one.  Some file systems can't exchange files. */
static int place_over(struct output *out, const char *old)
{
	int err = 0;

	if (renameat2(out->dir, out->made, out->dir, out->name, RENAME_EXCHANGE)) {
		if (errno != EINVAL)
			return errno;
		return renameat(out->dir, out->name, out->dir, old) ? errno : output_place(out);
	}
	if (renameat(out->dir, out->made, out->dir, old)) {
		err = errno;
		renameat2(out->dir, out->made, out->dir, out->name, RENAME_EXCHANGE);
		return err;
	}
	*out->made = '\0';
	return 0;
}

int trace_place(struct trace *trace, const char *ending)
{
	struct output *out = &trace->out;
	char name[OUTPUT_NAME];

	if (trace_placed(trace))
		return 0;
	if (!*ending && out->old < 0)
		return place_new(out);
	if (snprintf(name, sizeof(name), "%s%s", out->name, *ending ? ending : ".old") >= (int)sizeof(name))
		return output_failed(ENAMETOOLONG);
	if (!*ending)
		return place_over(out, name);
	strcpy(out->name, name);
	return output_place(out);
}

void trace_begin(struct trace *trace, json_t *meta, bool live)
{
	json_t *first = json_pack("{s:i}", "trace", LOG_TRACE);

	trace->timed = live;
	trace->sorted = !live && trace_regular(trace);	/* a pipe can't be sorted */
	clock_gettime(CLOCK_MONOTONIC, &trace->start);
	json_object_update(first, meta);
	json_decref(meta);
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

static bool copy_lines(struct trace *trace, int fd)
{
	const struct trace_place *place;
	bool copied = true;
	FILE *file;

	fd = dup(fd);
	file = fd < 0 ? NULL : fdopen(fd, "a");
	if (!file)
		return false;
	qsort(trace->order.items, trace->order.nr, sizeof(*place), compare_places);
	for_each(place, &trace->order)
		copied = copied && copy_line(trace->out.fd, place, file);
	return !fclose(file) && copied;
}

/* Write the sorted lines to a new file, which becomes the trace.  On error keep the old one. */
static void sort_lines(struct trace *trace)
{
	struct output *out = &trace->out, sorted;
	char name[OUTPUT_NAME];
	int err = output_beside(&sorted, out), fd;

	if (!err && (flock(sorted.fd, LOCK_EX | LOCK_NB) || !copy_lines(trace, sorted.fd)))
		err = errno ? errno : EIO;
	if (!err && trace_placed(trace))
		err = output_place(&sorted);
	if (err) {
		output_close(&sorted);
		errno = err;
		return fail(trace);
	}
	fd = sorted.fd;
	sorted.fd = out->fd;
	out->fd = fd;
	if (!trace_placed(trace)) {
		strcpy(name, out->made);
		strcpy(out->made, sorted.made);
		strcpy(sorted.made, name);
	}
	output_close(&sorted);
}

void trace_end(struct trace *trace, const char **why, int *status)
{
	bool wrote = !trace->err;
	json_t *last;

	if (trace->sorted && wrote)
		sort_lines(trace);
	if (trace->err) {
		*status = STATUS_UNREADABLE;
		if (!*why)
			*why = wrote ? "its lines can't be put in order" : "the trace can't be written";
	}
	trace->sorted = false;
	last = json_pack("{s:s, s:i}", "end", *why ? "truncated" : trace->late ? "late" : "complete", "status", *status);
	if (*why)
		json_object_set_new(last, "why", json_string(*why));
	put(trace, -1U, last);
}

void trace_close(struct trace *trace)
{
	output_close(&trace->out);
	free(trace->order.items);
}
