// SPDX-License-Identifier: GPL-2.0-only
/* `bootexits progress': where a boot is, told from the end of its log. */
#include <argp.h>
#include <errno.h>
#include <error.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <kvm_exit_trace.h>

#include "check.h"
#include "phases.h"
#include "samples.h"
#include "table.h"

#define HEAD	(64 << 10)	/* bytes in which hello, host and observer are */
#define TAIL	(64 << 10)	/* bytes that are read first of the end */
#define TAIL_MAX (16 << 20)	/* and at most, if there is no mark in them */

static const struct run *last_run(const struct log *log)
{
	return log->runs.nr ? (struct run *)log->runs.items + log->runs.nr - 1
			    : NULL;
}

/* Read @len bytes from @from on as a log. */
static void read_part(FILE *file, long from, size_t len, struct log *log)
{
	char *bytes = malloc(len + 1);
	FILE *part;

	if (!bytes)
		error(STATUS_UNREADABLE, errno, "progress");
	*log = (struct log){ .kind = LOG_SERIAL };
	fseek(file, from, SEEK_SET);
	len = fread(bytes, 1, len, file);
	part = len ? fmemopen(bytes, len, "r") : NULL;
	if (part) {
		log_read(part, LOG_SERIAL, log);
		fclose(part);
	}
	free(bytes);
}

/* Read as much of the end as holds a mark and what came last. */
static void read_end(FILE *file, long size, struct log *log)
{
	const struct run *run;
	long len;

	for (len = TAIL;; len *= 4) {
		if (len > size)
			len = size;
		read_part(file, size - len, len, log);
		run = last_run(log);
		if (len == size || len >= TAIL_MAX || (run && run->phases.nr))
			return;
		log_free(log);
	}
}

/* What the head says stands no more in the end. */
static void borrow(struct run *run, const struct run *head)
{
	if (!run->tracer.line)
		run->tracer = head->tracer;
	if (!run->observer.line)
		run->observer = head->observer;
}

/* The phase that runs after the last mark: the next one of the contract. */
static const char *running(const struct run *run)
{
	static const char *const names[] = { KVM_EXIT_TRACE_PHASE_NAMES };
	const struct log_phase *mark;
	size_t id = 0;

	for_each(mark, &run->phases)
		if (mark->id < sizeof(names) / sizeof(names[0]))
			id = mark->id;
	if (run->end.line)
		return "ended";
	while (++id < sizeof(names) / sizeof(names[0]))
		if (names[id])
			return names[id];
	return "booted";
}

/*
 * While it grows, samples are ahead of marks, and the last mark may not have all
 * its parts yet.
 */
static void print_progress(const struct run *run)
{
	const struct log_sample *sample = samples_last(run);
	char exits[GROUPED], seconds[GROUPED];
	__u64 tsc, total;
	struct phases phases;

	phases_build(run, phases_guest(run), &phases);
	tsc = phases.total.end_tsc;
	total = phases.total.exits;
	if (sample && !run->end.line) {
		total = sample->others;
		if (sample->tsc > tsc)
			tsc = sample->tsc;
	}
	if (phases.nr || sample)
		printf("%s: %s exits", running(run), grouped(exits, total));
	else
		printf("no mark yet");
	phases_free(&phases);
	if (tsc && run->tracer.tsc_khz)	/* a thousandth of the ticks, as ms: s */
		printf(", %s s of guest time",
		       grouped_ms(seconds, tsc / 1000, run->tracer.tsc_khz));
	putchar('\n');
}

static enum status progress(FILE *file)
{
	struct log head, log;
	struct stat stat;
	struct run *run;

	if (fstat(fileno(file), &stat) || !S_ISREG(stat.st_mode))
		return STATUS_UNREADABLE;
	read_part(file, 0, HEAD, &head);
	read_end(file, stat.st_size, &log);
	run = (struct run *)last_run(&log);
	if (!run || !run->records) {
		puts("no record yet");
	} else {
		if (head.runs.nr)
			borrow(run, last_run(&head));
		print_progress(run);
	}
	log_free(&head);
	log_free(&log);
	return STATUS_OK;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	return parse_one_log(key, arg, state, state->input);
}

enum status progress_main(int argc, char **argv)
{
	static const struct argp argp = {
		.parser = parse,
		.args_doc = "LOG",
		.doc = "Print one line on a log that still grows: the phase that runs, the exits so "
			"far, and the guest's time.\v"
			"What it has not read yet is no defect. LOG has to be a file.",
	};
	const char *path = NULL;
	enum status status;
	FILE *file;

	argp_parse(&argp, argc, argv, 0, NULL, &path);
	file = fopen(path, "r");
	if (!file) {
		error(0, errno, "%s", path);
		return STATUS_UNREADABLE;
	}
	status = progress(file);
	if (status)
		error(0, 0, "%s: not a regular file", path);
	fclose(file);
	return status;
}
