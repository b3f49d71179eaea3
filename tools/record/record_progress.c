// SPDX-License-Identifier: GPL-2.0-only
/* Prints where a boot is, by the last records that have been read. */
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "include/kvm_exit_trace.h"

#include "tools/trace/known.h"
#include "tools/record/record.h"
#include "tools/trace/samples.h"
#include "lib/table.h"

#define TERMINAL_SECONDS	0.25	/* between two lines; each replaces the last */
#define OTHER_SECONDS		15.0

/* The running phase is the one of the contract that follows the last mark. */
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
 * While a log grows, samples are newer than marks, and some parts of the last mark
 * may not be there yet.
 */
static bool count(const struct run *run, __u64 *exits, __u64 *tsc)
{
	const struct log_sample *sample = samples_last(run);
	const struct phase *mark;
	struct phases phases;
	bool any;

	*exits = *tsc = 0;
	phases_build(run, known_guest(run), &phases);
	for (mark = phases.marks; mark < phases.marks + phases.nr; mark++) {
		*tsc = mark->end_tsc;
		if (phases_know(mark, PHASE_EXITS))
			*exits = mark->all.exits;
	}
	any = phases.nr || sample;
	if (sample && !run->end.line) {
		*exits = sample->others;
		if (sample->tsc > *tsc)
			*tsc = sample->tsc;
	}
	phases_free(&phases);
	return any;
}

/* "kernel: 51,234 guest exits, 812/s, 7.1 s of guest time", or the last line that was printed */
static void describe(struct record *record, char *text, size_t size)
{
	const struct run *run = log_last_run(&record->live.runs);
	struct progress *last = &record->progress;
	double now = record_seconds(record), rate = 0;
	char number[GROUPED], per_second[GROUPED], seconds[GROUPED] = "-";
	__u64 exits, tsc;

	if (!run || !count(run, &exits, &tsc)) {
		snprintf(text, size, "%s", *record->last ? record->last : "starting");
		return;
	}
	if (now > last->at && exits > last->exits)
		rate = (exits - last->exits) / (now - last->at);
	last->exits = exits;
	last->at = now;
	if (run->tracer.tsc_khz)	/* milliseconds of a thousandth of the ticks are seconds */
		grouped_ms(seconds, tsc / 1000, run->tracer.tsc_khz);
	snprintf(text, size, "%s: %s guest exits, %s/s, %s s of guest time", running(run),
		 grouped(number, exits), grouped(per_second, rate), seconds);
}

void record_progress(struct record *record)
{
	bool terminal = isatty(STDERR_FILENO);
	double now = record_seconds(record);
	struct winsize window = { .ws_col = 80 };
	char text[200];
	int width;

	if (!record->progress.due && !terminal)
		record->progress.due = OTHER_SECONDS;
	if (now < record->progress.due)
		return;
	record->progress.due = now + (terminal ? TERMINAL_SECONDS : OTHER_SECONDS);
	describe(record, text, sizeof(text));
	ioctl(STDERR_FILENO, TIOCGWINSZ, &window);
	width = terminal && window.ws_col > 20 ? window.ws_col - 9 : 120;
	fprintf(stderr, "%s%5.0f s  %.*s%s", terminal ? "\r\033[K" : "", now, width,
		text, terminal ? "" : "\n");
}

void record_progress_end(void)
{
	if (isatty(STDERR_FILENO))
		fputs("\r\033[K", stderr);
}
