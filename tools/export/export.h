/* SPDX-License-Identifier: GPL-2.0-only */
/* What `bootexits export' writes, and in which formats. */
#ifndef BOOTEXITS_EXPORT_H
#define BOOTEXITS_EXPORT_H

#include "view.h"

/* A run of the log, a name that no other run of it has, and its phases. */
struct export_run {
	const struct run *run;
	char name[LOG_TEXT + 16];
	struct phases phases;
};

struct export {
	const char *path, *unit;	/* unit: of a tick, as of log_unit() */
	const struct view *view;	/* whose exits these are */
	struct list runs;		/* struct export_run: those to be written */
	bool many;			/* the log has more than one run */
	struct list labels;		/* struct export_label: of each sample of a metric */
};

/* The user's, "NAME=VALUE" */
struct export_label {
	const char *text;
	size_t len;			/* of the name */
};

/* A format is a function that prints runs, and what they must have for it. */
struct export_format {
	const char *name;
	void (*write)(const struct export *export);
	bool one;			/* of a single run only */
	bool timed;			/* nothing can be said without tsc_khz */
	bool samples;			/* it is about samples, not phases */
	bool labelled;			/* --label is for it */
};

/** export_samples_csv() - a line per sample; seconds since the guest's TSC was 0 */
void export_samples_csv(const struct export *export);

/** export_phases_csv() - a line per phase; seconds as above */
void export_phases_csv(const struct export *export);

/**
 * export_chrome() - the Trace Event Format: slices, counters, a process per run
 *
 * Microseconds, cut and not rounded, so that each reader has the same ones and
 * no slice overlaps the next; the ticks are in the slices' arguments.
 */
void export_chrome(const struct export *export);

/** export_folded() - "PHASE;REASON EXITS", and "RUN;" before it if there are many */
void export_folded(const struct export *export);

/** export_openmetrics() - OpenMetrics 1.0, text; cycles: ticks of the host's TSC */
void export_openmetrics(const struct export *export);

/** export_prometheus() - the same as Prometheus's own text format, version 0.0.4 */
void export_prometheus(const struct export *export);

/** export_label() - take a user's label, "NAME=VALUE"; false: it is none, or NAME is taken */
bool export_label(struct list *labels, const char *text);

#define EXPORT_FACTS	8

/* Something about a run as a whole: its vendor, its verdict... */
struct export_fact {
	const char *name;
	char value[LOG_MESSAGE];
};

/** export_facts() - fill in what there is to know about a run; returns how many */
size_t export_facts(const struct run *run,
		    struct export_fact facts[EXPORT_FACTS]);

/**
 * export_quoted() - print a field of CSV: in quotes, and a quote twice (RFC 4180)
 *
 * What a spreadsheet would take for a formula begins with an apostrophe.
 */
void export_quoted(const char *text);

/** export_exits() - print a phase's exits as a field of CSV: a comma and a number, if it's known */
void export_exits(const struct phase *row);

/**
 * export_heads() - end a heading of CSV with the clocks: a comma, a name and the unit for each
 * @whole: elapsed and guest, too, as export_clocks() prints them
 * @unit: what a tick is, as of log_unit()
 * @more: what comes after the clocks: EXPORT_NET, or ""
 */
void export_heads(bool whole, const char *unit, const char *more);

/**
 * export_clocks() - print a phase's ticks as fields of CSV: a comma and a number for each clock of
 * export_heads(), the first two empty if the tracer has none of them; so is what isn't known
 */
void export_clocks(const struct phase *row);

#define EXPORT_NET	",self,induced,net"

/**
 * export_net() - print a phase's exits by why they came as fields of CSV, those of EXPORT_NET
 *
 * What isn't known is empty; with an empty induced net is the most that it can be.
 */
void export_net(const struct phase *row);

/** export_microseconds() - ticks as microseconds, cut; no double can tell them */
unsigned __int128 export_microseconds(__u64 ticks, __u64 tsc_khz);

/** export_seconds() - print ticks as seconds, six decimals, cut and not rounded */
void export_seconds(__u64 ticks, __u64 tsc_khz);

#define EXPORT_REASON	(LOG_TEXT + 24)

/**
 * export_reason() - a name for a slot: its reason's, unless a lower slot has the
 * same (all that no manual defines are "unknown"); then with the slot's number
 */
const char *export_reason(char text[EXPORT_REASON],
			  const struct phases *phases, unsigned int slot);

#endif /* BOOTEXITS_EXPORT_H */
