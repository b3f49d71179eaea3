/* SPDX-License-Identifier: GPL-2.0-only */
/* What `bootexits export' writes, and its formats. */
#ifndef BOOTEXITS_EXPORT_H
#define BOOTEXITS_EXPORT_H

#include "tools/symbols/symbols.h"
#include "tools/trace/view.h"

/* A run of the log, a name that is unique in the log, and the run's phases. */
struct export_run {
	const struct run *run;
	char name[LOG_TEXT + 16];
	struct phases phases;
	struct list sites;		/* made by sites_build(), if there are files of --symbols */
	struct symbols symbols;
};

struct export {
	const char *path, *unit;	/* unit: of a tick, from log_unit() */
	const struct view *view;	/* whose exits these are */
	const struct list *symbols;	/* struct symbols_file; empty: leave out the sites */
	struct list runs;		/* struct export_run: the runs to write */
	bool many;			/* the log has more than one run */
	struct list labels;		/* struct export_label: for each sample of a metric */
};

/* A label of the user's, "NAME=VALUE" */
struct export_label {
	const char *text;
	size_t len;			/* of the name */
};

/* A format: a function that prints runs, and what these runs must have. */
struct export_format {
	const char *name;
	void (*write)(const struct export *export);
	bool one;			/* it takes only a single run */
	bool timed;			/* it needs tsc_khz */
	bool samples;			/* it prints samples, not phases */
	bool labelled;			/* it takes --label */
	bool sited;			/* it takes --symbols */
};

/** export_samples_csv() - print a line per sample; seconds since the guest's TSC was 0 */
void export_samples_csv(const struct export *export);

/** export_phases_csv() - print a line per phase; seconds as above */
void export_phases_csv(const struct export *export);

/**
 * export_chrome() - print the Trace Event Format: slices, counters, a process per run
 *
 * Times are microseconds, cut and not rounded.  So each reader has the same times,
 * and no slice overlaps the next.  The arguments of a slice have the ticks.
 */
void export_chrome(const struct export *export);

/** export_sites_csv() - print a line per site, and one for each reason's exits without a site */
void export_sites_csv(const struct export *export);

/**
 * export_folded() - print "PHASE;REASON EXITS", after "RUN;" if there are several runs
 *
 * With files of --symbols, print "PHASE;REASON;FUNCTION;SITE EXITS".
 */
void export_folded(const struct export *export);

/** export_openmetrics() - print OpenMetrics 1.0 as text; cycles are ticks of the host's TSC */
void export_openmetrics(const struct export *export);

/** export_prometheus() - print the same in Prometheus's own text format, version 0.0.4 */
void export_prometheus(const struct export *export);

/** export_label() - take a user's label, "NAME=VALUE"; false if it isn't one, or NAME is taken */
bool export_label(struct list *labels, const char *text);

#define EXPORT_FACTS	9

/* A fact about a whole run, such as its vendor or its verdict. */
struct export_fact {
	const char *name;
	char value[LOG_MESSAGE];
};

/** export_facts() - fill in the facts about a run; returns their number */
size_t export_facts(const struct run *run,
		    struct export_fact facts[EXPORT_FACTS]);

/**
 * export_quoted() - print a field of CSV in quotes; a quote is doubled (RFC 4180)
 *
 * If a spreadsheet would take the text for a formula, it gets an apostrophe in front.
 */
void export_quoted(const char *text);

/** export_exits() - print a phase's exits as a CSV field: a comma, and the number if known */
void export_exits(const struct phase *row);

/**
 * export_heads() - end a CSV heading with the clocks: a comma, a name and the unit for each
 * @total: of all phases; it has LOG_OUTSIDE instead of the clocks that are not told apart
 * @whole: also with elapsed and guest, which export_clocks() prints
 * @unit: of a tick, from log_unit()
 * @more: the rest of the heading: EXPORT_NET, or ""
 */
void export_heads(const struct phase *total, bool whole, const char *unit, const char *more);

/** export_cycles() - print the clocks of a row's counter as fields of CSV: a comma and a number for each */
void export_cycles(const struct phase *row, const struct counter *counter);

/** export_clocks_nr() - how many clocks outside the guest a row has: KVM_EXIT_TRACE_NR_CLOCKS, or 1 */
unsigned int export_clocks_nr(const struct phase *row);

/** export_clock() - the name of such a clock */
const char *export_clock(const struct phase *row, unsigned int clock);

/**
 * export_clocks() - print a phase's ticks as fields of CSV: a comma and a number for each clock of
 * export_heads()
 *
 * A number that isn't known is left out, and so are the first two if the tracer doesn't have them.
 */
void export_clocks(const struct phase *row);

#define EXPORT_NET	",self,induced,net"

/**
 * export_net() - print a phase's exits by cause as the CSV fields of EXPORT_NET
 *
 * An unknown number is left out.  If induced is left out, net is an upper bound.
 */
void export_net(const struct phase *row);

/** export_microseconds() - convert ticks to microseconds, cut; a double has too few digits */
unsigned __int128 export_microseconds(__u64 ticks, __u64 tsc_khz);

/** export_seconds() - print ticks as seconds, six decimals, cut and not rounded */
void export_seconds(__u64 ticks, __u64 tsc_khz);

/** export_json() - return a number of a phase as JSON, or null if that part of it is unknown */
json_t *export_json(const struct phase *row, enum phase_part part, __u64 number);

/** export_clocks_json() - add the clocks of a phase, or of a slot of it, to a JSON object */
void export_clocks_json(json_t *object, const struct phase *row, const struct counter *counter);

/** export_functions() - return the exits of a phase by function, as JSON */
json_t *export_functions(const struct export_run *item, const struct phase *row);

#define EXPORT_REASON	(LOG_TEXT + 24)

/**
 * export_reason() - return a name for a slot
 *
 * It is the reason's name.  If a lower slot has the same name, the slot's number
 * is added: all reasons that no manual defines have the name "unknown".
 */
const char *export_reason(char text[EXPORT_REASON],
			  const struct phases *phases, unsigned int slot);

#endif /* BOOTEXITS_EXPORT_H */
