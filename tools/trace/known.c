// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <error.h>
#include <stdlib.h>
#include <string.h>

#include "tools/trace/known.h"
#include "lib/text.h"

/* Why something is unknown of a phase, because of the marks at its beginning and its end. */
static const char why_mark[] = "the mark before it is missing";
static const char why_parts[] = "the parts do not add up to the total";
static const char why_reasons[] = "the reasons do not add up to the total";
static const char why_times[] = "the times do not add up";
static const char why_back[] = "counters go back";
static const char why_time[] = "the TSC goes back";
static const char why_untold[] = "its record may be missing, so it is unknown whether a vCPU observed";
static const char why_mixed[] = "records of several boots are mixed";

/* The sums of a mark's records. */
struct told {
	__u64 reasons, parts, in_guest, elapsed;
};

/* The counters of a phase, and the part that is unknown if one of them goes back. */
static const struct {
	size_t offset;
	enum phase_part part;
} counters[] = {
	{ offsetof(struct phase, all.exits), PHASE_EXITS },
	{ offsetof(struct phase, all.cycles[KVM_EXIT_TRACE_CLOCK_KVM]), PHASE_EXITS },
	{ offsetof(struct phase, all.cycles[KVM_EXIT_TRACE_CLOCK_USER]), PHASE_EXITS },
	{ offsetof(struct phase, all.cycles[KVM_EXIT_TRACE_CLOCK_IDLE]), PHASE_EXITS },
	{ offsetof(struct phase, all.cycles[KVM_EXIT_TRACE_CLOCK_PREEMPTED]), PHASE_EXITS },
	{ offsetof(struct phase, self), PHASE_EXITS },
	{ offsetof(struct phase, observer), PHASE_EXITS },
	{ offsetof(struct phase, induced), PHASE_INDUCED },
	{ offsetof(struct phase, in_guest), PHASE_GUEST },
	{ offsetof(struct phase, elapsed), PHASE_GUEST },
	{ offsetof(struct phase, end_tsc), PHASE_TIME },
};

#define NR_COUNTERS	(sizeof(counters) / sizeof(counters[0]))

__u64 known_missing(const struct run *run)
{
	const struct log_gap *gap;
	__u64 missing = 0;

	for_each(gap, &run->gaps)
		missing += gap->missing;
	return missing;
}

__u64 known_head(const struct run *run)
{
	const struct log_gap *gap = run->gaps.items;

	return run->other_first && run->gaps.nr ? gap->missing : 0;
}

bool known_partial(const struct run *run)
{
	return run->gaps.nr || run->bad_lines || !run->end.line;
}

bool known_whole(const struct run *run, unsigned long from, unsigned long to)
{
	const struct log_gap *gap;

	if (run->gaps.nr == LOG_MAX_DEFECTS)	/* there may be more gaps */
		return false;
	for_each(gap, &run->gaps)
		if (gap->line > from && gap->line <= to)
			return false;
	return true;
}

static struct told *add_up(const struct run *run, size_t nr)
{
	struct told *told = calloc(nr + 1, sizeof(*told));
	const struct log_reason *reason;
	const struct log_times *times;
	const struct log_part *part;
	int at;

	if (!told)
		error(3, errno, "phases");
	for_each(reason, &run->reasons) {
		at = phases_find(run, reason->entry);
		if (at >= 0 && reason->slot < KVM_EXIT_TRACE_NR_SLOTS)
			told[at].reasons += reason->counter.exits;
	}
	for_each(part, &run->parts) {
		at = phases_find(run, part->entry);
		if (at >= 0 && part->slot < KVM_EXIT_TRACE_NR_SLOTS)
			told[at].parts += part->counter.exits;
	}
	for_each(times, &run->times) {
		at = phases_find(run, times->entry);
		if (at < 0)
			continue;
		told[at].in_guest += times->in_guest;
		told[at].elapsed += times->elapsed;
	}
	return told;
}

/* Returns the line where a mark's records end: the next mark's, or that of a later record. */
static unsigned long end_of(const struct run *run, size_t i)
{
	const struct log_phase *marks = run->phases.items;

	if (i + 1 < run->phases.nr)
		return marks[i + 1].line;
	return run->dropped.line ? run->dropped.line : run->end.line;
}

/* Whether a mark shows that there is only one vCPU: all of its records are there, but no parts. */
static bool single(const struct run *run)
{
	size_t nr = run->phases.nr < LOG_MAX_MARKS ? run->phases.nr : LOG_MAX_MARKS, i;
	const struct log_phase *marks = run->phases.items;
	struct told *told = add_up(run, nr);
	bool one = false;

	for (i = 0; i < nr && !one; i++)
		one = told[i].reasons == marks[i].all.exits && end_of(run, i) &&
		      known_whole(run, marks[i].line, end_of(run, i));
	free(told);
	return one && !run->parts.nr;
}

/* Returns the last vCPU, by a mark whose parts are all there, or -1. */
static long last_vcpu(const struct run *run)
{
	size_t nr = run->phases.nr < LOG_MAX_MARKS ? run->phases.nr : LOG_MAX_MARKS;
	const struct log_phase *marks = run->phases.items;
	struct told *told = add_up(run, nr);
	const struct log_part *part;
	long last = -1;
	int at;

	for_each(part, &run->parts) {
		at = phases_find(run, part->entry);
		if (at >= 0 && told[at].parts == marks[at].all.exits &&
		    part->vcpu < LOG_MAX_VCPUS && (long)part->vcpu > last)
			last = part->vcpu;
	}
	free(told);
	return run->tracer.line ? (long)run->tracer.vcpus - 1 : last;
}

/* Whether it is certain that there never was a record `observer'. */
static bool unobserved(const struct run *run)
{
	const struct log_phase *marks = run->phases.items;
	const char *start = run->hello.start;

	if (!run->phases.nr || run->unobserved || known_whole(run, 0, marks[0].line) ||
	    (run->tracer.line && run->tracer.vcpus == 1))
		return true;
	if (run->heads.nr || run->observed.line)
		return false;
	if (!strcmp(start, "init") || !strcmp(start, "exitstat") || single(run))
		return true;
	/* With an observer, there would be a record `observed'. */
	return run->end.line &&
	       known_whole(run, marks[run->phases.nr - 1].line, run->end.line);
}

struct phases_view known_guest(const struct run *run)
{
	struct phases_view view = { .whose = PHASES_ALL };
	long last;

	if (run->observer.line) {
		view.whose = PHASES_ALL_BUT;
		view.vcpu = run->observer.vcpu;
	} else if (!unobserved(run)) {
		last = run->heads.nr || run->observed.line ? last_vcpu(run) : -1;
		view.whose = last < 0 ? PHASES_UNTOLD : PHASES_ALL_BUT;
		view.vcpu = last < 0 ? 0 : last;
	}
	return view;
}

static void lack(struct phase *phase, enum phase_part part, const char *why)
{
	if (!phase->lacks[part])
		phase->lacks[part] = why;
	if (part == PHASE_EXITS) {
		lack(phase, PHASE_REASONS, why);
		lack(phase, PHASE_INDUCED, why);
	}
}

static void lack_all(struct phase *phase, const char *why)
{
	lack(phase, PHASE_EXITS, why);
	lack(phase, PHASE_GUEST, why);
	lack(phase, PHASE_TIME, why);
}

/* Set unknown numbers to 0, so that none is printed by mistake. */
static void wipe(struct phase *phase)
{
	__u64 *counter;
	size_t i;

	for (i = 0; i < NR_COUNTERS; i++) {
		counter = (__u64 *)((char *)phase + counters[i].offset);
		if (!phases_know(phase, counters[i].part))
			*counter = 0;
	}
	if (!phases_know(phase, PHASE_TIME))
		phase->begin_tsc = 0;
	if (!phases_know(phase, PHASE_EXITS))
		phase->net = 0;
	if (!phases_know(phase, PHASE_REASONS))
		memset(phase->slots, 0, sizeof(phase->slots));
}

/* The name of a slot without a reason is unknown. */
static void lack_names(const struct phases *phases, struct phase *row)
{
	unsigned int slot;

	for (slot = 0; slot < KVM_EXIT_TRACE_NR_SLOTS; slot++)
		if (row->slots[slot].exits && !phases->reasons[slot])
			lack(row, PHASE_REASONS, why_reasons);
}

void known_marks(const struct run *run, struct phases_view view, struct phases *phases)
{
	struct told *told = add_up(run, phases->nr);
	const struct log_phase *mark;
	struct phase *row;
	size_t i;

	for (i = 0; i < phases->nr; i++) {
		row = &phases->rows[i];
		mark = row->mark;
		if (run->mixed)
			lack_all(row, why_mixed);
		if (view.whose == PHASES_UNTOLD) {
			lack(row, PHASE_EXITS, why_untold);
			lack(row, PHASE_GUEST, why_untold);
		}
		if (view.whose != PHASES_ONE && told[i].reasons != mark->all.exits)
			lack(row, PHASE_REASONS, why_reasons);
		if (view.whose == PHASES_ALL)
			continue;
		lack_names(phases, row);
		if (told[i].parts != mark->all.exits)
			lack(row, PHASE_EXITS, why_parts);
		if (mark->elapsed && (told[i].in_guest != mark->in_guest ||
				      told[i].elapsed != mark->elapsed))
			lack(row, PHASE_GUEST, why_times);
	}
	for (i = 0; i < phases->nr; i++)
		wipe(&phases->rows[i]);
	free(told);
}

static __u64 counter_of(const struct phases *phases, size_t i, size_t counter)
{
	return *(const __u64 *)((const char *)&phases->marks[i] + counters[counter].offset);
}

static bool goes_back(const struct phases *phases, size_t i, size_t counter)
{
	enum phase_part part = counters[counter].part;

	return i && i < phases->nr && phases_know(&phases->marks[i], part) &&
	       phases_know(&phases->marks[i - 1], part) &&
	       counter_of(phases, i, counter) < counter_of(phases, i - 1, counter);
}

/*
 * If a counter goes back between two marks, one of them may be wrong.  It is the one
 * without which all would be in order.  If there is none, the counter was set back.
 */
static bool doubtful(const struct phases *phases, size_t i, size_t counter)
{
	bool first = !i, last = i + 1 == phases->nr;

	if (goes_back(phases, i, counter) &&
	    (last || counter_of(phases, i + 1, counter) >= counter_of(phases, i - 1, counter)))
		return true;
	return goes_back(phases, i + 1, counter) &&
	       (first || counter_of(phases, i - 1, counter) <= counter_of(phases, i + 1, counter));
}

static void lack_counter(struct phases *phases, size_t i, size_t counter)
{
	enum phase_part part = counters[counter].part;
	const char *why = part == PHASE_TIME ? why_time : why_back;
	bool back = goes_back(phases, i, counter);

	if (back)
		lack(&phases->total, part, why);
	if (back || doubtful(phases, i, counter) || (i && doubtful(phases, i - 1, counter)))
		lack(&phases->rows[i], part, why);
}

/* A reason's counters go back together with its phase's, or alone if they are wrong. */
static void lack_reasons(struct phases *phases, size_t i)
{
	const struct phase *mark = &phases->marks[i], *before = mark - 1;
	bool back = false;
	size_t slot;

	if (!phases_know(mark, PHASE_REASONS) || !phases_know(before, PHASE_REASONS))
		return;
	for (slot = 0; slot < KVM_EXIT_TRACE_NR_SLOTS; slot++)
		back |= counter_below(&mark->slots[slot], &before->slots[slot]);
	if (back) {
		lack(&phases->rows[i], PHASE_REASONS, why_back);
		lack(&phases->total, PHASE_REASONS, why_back);
	}
}

void known_rows(const struct run *run, struct phases *phases)
{
	const struct log_phase *marks = run->phases.items;
	size_t i, counter;
	int part;

	for (i = 0; i < phases->nr; i++) {
		for (part = 0; i && part < PHASE_PARTS; part++)
			if (phases->marks[i - 1].lacks[part])
				lack(&phases->rows[i], part, phases->marks[i - 1].lacks[part]);
		if (marks[i].entry != (i ? marks[i - 1].entry + 1 : 0))
			lack_all(&phases->rows[i], why_mark);
		for (counter = 0; counter < NR_COUNTERS; counter++)
			lack_counter(phases, i, counter);
		if (i)
			lack_reasons(phases, i);
	}
	for (i = 0; i < phases->nr; i++)
		wipe(&phases->rows[i]);
	wipe(&phases->total);
}

bool known_text(const struct phase *phase, char text[KNOWN_TEXT])
{
	static const char *const what[] = {
		[PHASE_EXITS] = "exits", [PHASE_REASONS] = "reasons",
		[PHASE_GUEST] = "time in the guest", [PHASE_TIME] = "duration",
	};
	const char *const *lacks = phase->lacks;
	int part, len = 0;

	/* The report says by itself that induced is unknown. */
	*text = '\0';
	for (part = 0; part < PHASE_INDUCED && len < KNOWN_TEXT; part++)
		if (lacks[part] && (!part || lacks[part] != lacks[PHASE_EXITS]))
			len += snprintf(text + len, KNOWN_TEXT - len, "%s%s%s not known: %s",
					len ? "; " : "", what[part], !part && lacks[PHASE_TIME] ==
					lacks[part] ? " and duration" : "", lacks[part]);
	return len;
}

bool known_all(const struct phases *phases, enum phase_part part)
{
	size_t i;

	for (i = 0; i < phases->nr; i++)
		if (!phases_know(&phases->rows[i], part))
			return false;
	return true;
}

void known_warn(const char *path, const struct phases *phases)
{
	char text[KNOWN_TEXT];
	size_t i;

	for (i = 0; i < phases->nr; i++)
		if (known_text(&phases->rows[i], text))
			error(0, 0, "%s: %s: %s", text_shown(path), phases->rows[i].label, text);
	if (known_text(&phases->total, text))
		error(0, 0, "%s: total: %s", text_shown(path), text);
}
