// SPDX-License-Identifier: GPL-2.0-only
/*
 * Target "writer": makes a trace of a log, and reads it back.  A run without defects
 * must be the same in both, except for line numbers.  The first byte says whether it
 * is the payload's log or the host's.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/fuzz/target.h"
#include "tools/trace/trace.h"

#define ONE(member)	{ offsetof(struct run, member), sizeof(((struct run *)0)->member), 0 }
#define MANY(member, type) { offsetof(struct run, member), 0, sizeof(struct type) }

/* A list of a run's records.  Each item has @size bytes, and begins with its line number. */
static const struct member {
	size_t offset, one, many;
} members[] = {
	ONE(hello), ONE(skip), ONE(tracer), ONE(booted), ONE(observer), ONE(observed),
	ONE(dropped), ONE(panic), ONE(verdict), ONE(end),
	MANY(usages, log_usage), MANY(phases, log_phase), MANY(reasons, log_reason),
	MANY(parts, log_part), MANY(times, log_times), MANY(latencies, log_latency),
	MANY(sites, log_site), MANY(losts, log_lost), MANY(syncs, log_sync), MANY(selftests, log_selftest),
	MANY(fuzzes, log_fuzz), MANY(benches, log_bench), MANY(heads, log_samples),
	MANY(hosts, log_host), MANY(host_vcpus, log_host_vcpu), MANY(hists, log_hist),
};

static void same(bool same, const char *what)
{
	if (same)
		return;
	fprintf(stderr, "the log and its trace have another %s\n", what);
	abort();
}

static void same_record(const void *a, const void *b, size_t size)
{
	const unsigned long *one = a, *other = b;

	same(!*one == !*other && !memcmp(one + 1, other + 1, size - sizeof(*one)), "record");
}

static void same_list(const struct list *a, const struct list *b, size_t size)
{
	size_t i;

	same(a->nr == b->nr, "number of records");
	for (i = 0; i < a->nr; i++)
		same_record((char *)a->items + i * size, (char *)b->items + i * size, size);
}

static void same_run(const struct run *a, const struct run *b)
{
	const struct member *member;
	size_t i;

	same(!strcmp(a->name, b->name), "name");
	same(a->records == b->records && a->end_seq == b->end_seq, "end");
	same(!b->nr_defects, "number of defects");
	same(a->samples.nr == b->samples.nr &&
	     (!a->samples.nr || !memcmp(a->samples.items, b->samples.items,
					a->samples.nr * sizeof(struct log_sample))), "sample");
	for (i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
		member = &members[i];
		if (member->one)
			same_record((char *)a + member->offset,
				    (char *)b + member->offset, member->one);
		else
			same_list((void *)((char *)a + member->offset),
				  (void *)((char *)b + member->offset), member->many);
	}
}

/* Make a trace of the lines, as `bootexits record --from-log' does; false: there are no lines. */
static bool write_trace(int fd, enum log_kind kind, const char *data, size_t size)
{
	struct trace_stream stream = { kind == LOG_HOST ? "host" : "serial", 1, kind, NULL };
	struct trace trace = { .out.fd = fd };
	char text[LOG_MAX_LINE + 1];
	const char *end, *at = data;
	size_t len;

	dprintf(fd, "{\"trace\":1}\n");
	while (at < data + size) {
		end = memchr(at, '\n', data + size - at);
		len = end ? (size_t)(end - at) : (size_t)(data + size - at);
		if (len > LOG_MAX_LINE)		/* the trace has more of such a line than the log */
			return false;
		memcpy(text, at, len);
		text[len] = '\0';
		trace_line(&trace, &stream, at - data, text, len);
		at += len + 1;
	}
	dprintf(fd, "{\"end\":\"complete\"}\n");
	return !trace.err;
}

static void compare(enum log_kind kind, const struct log *log, const char *data, size_t size)
{
	const struct list *runs;
	const struct run *a, *b;
	struct log back;

	fuzz_read(data, size, LOG_SERIAL, &back);
	runs = kind == LOG_HOST ? &back.host_runs : &back.runs;
	same(log->runs.nr == runs->nr, "number of runs");
	b = runs->items;
	for_each(a, &log->runs) {
		if (!a->nr_defects)
			same_run(a, b);
		b++;
	}
	log_free(&back);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	enum log_kind kind;
	struct log log;
	char *text;
	off_t len;
	int fd;

	if (!size)
		return 0;
	kind = data[0] & 1 ? LOG_HOST : LOG_SERIAL;
	fd = memfd_create("trace", 0);
	if (write_trace(fd, kind, (const char *)data + 1, size - 1)) {
		len = lseek(fd, 0, SEEK_END);
		text = mmap(NULL, len, PROT_READ, MAP_PRIVATE, fd, 0);
		fuzz_read(data + 1, size - 1, kind, &log);
		if (!log.meta)		/* otherwise the input is a trace itself */
			compare(kind, &log, text, len);
		log_free(&log);
		munmap(text, len);
	}
	close(fd);
	return 0;
}
