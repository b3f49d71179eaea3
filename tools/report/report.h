/* SPDX-License-Identifier: GPL-2.0-only */
/* The report of a run: built once, then printed in one of several formats. */
#ifndef BOOTEXITS_REPORT_H
#define BOOTEXITS_REPORT_H

#include "tools/bootexits.h"
#include "tools/symbols/symbols.h"
#include "tools/trace/host.h"
#include "tools/trace/phases.h"
#include "tools/trace/sites.h"
#include "tools/trace/view.h"

/* The order of reasons.  Phases always keep the order of the boot. */
enum report_sort {
	REPORT_EXITS,			/* most first */
	REPORT_KVM,			/* ticks of KVM, most first */
	REPORT_TOTAL,			/* ticks of KVM and the VMM, most first */
	REPORT_KVM_EXIT,		/* ticks of KVM by exit, most first */
	REPORT_TOTAL_EXIT,
	REPORT_NAME,
	REPORT_TIME,			/* by the first phase that has the reason */
};

struct report_options {
	struct list files;		/* const char *: the files to report */
	const char *host, *serial, *unit;	/* serial: the file that is reported now */
	const char *phase, *reason;	/* only these; NULL: all */
	struct list symbols;		/* struct symbols_file */
	struct view which;		/* --vcpu */
	enum report_sort sort;
	unsigned int top;		/* number of reasons to show */
	bool arranged;			/* --sort or --top */
	unsigned int nr_sites;		/* sites of each reason of a phase; 0: a line of them */
	bool split, latency;
	bool json, csv, no_chart, ascii, color;
};

struct report {
	const struct report_options *options;
	const char *path;
	const char *unit;		/* of a clock: "cycles", "instructions" or "ns" */
	const struct run *run;
	bool host_given;		/* there are host counts */
	bool observer;			/* an observer's exits are left out of the phases */
	struct phases_view view;	/* whose exits the phases are */
	struct phases phases;
	struct list sites;		/* made by sites_build() */
	struct symbols symbols;		/* the functions of sites */
	const struct phase *phase;	/* the one of --phase; NULL: the run doesn't have it */
	int slot;			/* the one of --reason; -1: the run doesn't have it */
	struct list syncs;		/* struct host_sync; empty if there are no host counts */
	struct list notes;		/* struct report_note */
	enum status status;
};

/* A note that you must know to read the numbers. */
struct report_note {
	char text[SYMBOLS_NOTE];
};

/**
 * report_build() - fill in a report whose options, path, unit and run are set
 * @log: the log that has the run
 * @host: the log that has the host's counts, if host_given
 *
 * Return: false, after a message, if the run doesn't have the vCPU that the
 * options want.  In both cases, free the report by report_free().
 */
bool report_build(struct report *report, const struct log *log,
		  const struct log *host);

/**
 * report_host_log() - find the log that has the host's counts
 *
 * Return: @host if the options name a host log, @log if it is a trace that has
 * the counts, or NULL.
 */
const struct log *report_host_log(const struct report_options *options,
				  const struct log *log, const struct log *host);

/** report_guest() - whether the report counts guest exits; only these have self and net */
static inline bool report_guest(const struct report *report)
{
	return report->options->which.whose == VIEW_GUEST;
}

/** report_unit() - "cycles", "instructions" or "ns", by the options or the trace */
const char *report_unit(const struct report_options *options,
			const struct log *log);

/** report_free() - free what report_build() stored */
void report_free(struct report *report);

/** report_text() - print a report as text; times are in @report->unit */
void report_text(const struct report *report);

/**
 * report_summary() - print a line that sums up the boot: its exits, time and largest reason
 *
 * It calls the lab's seconds so; one is 10^9 instructions.
 *
 * Return: false if the total isn't known, so that nothing is printed.
 */
bool report_summary(const struct report *report);

/**
 * report_files() - print a table of the options' files, with a line for each boot
 *
 * Return: the worst status of all files.
 */
enum status report_files(const struct report_options *options);

/** report_phases() - print the exits and the cost of each phase, and the host's count */
void report_phases(const struct report *report);

/**
 * report_vcpus() - print the exits of each phase by vCPU, if there are several
 *
 * The observer's vCPU is left out.
 */
void report_vcpus(const struct report *report);

/**
 * report_order() - sort the reasons of a phase as the options want it
 * @slots: filled in; with --reason, only with that reason
 *
 * --top keeps the reasons with most exits, or if they are sorted by cost, those
 * that cost most.
 *
 * Return: the number of all reasons.
 */
unsigned int report_order(const struct report *report, const struct phase *row,
			  unsigned int slots[KVM_EXIT_TRACE_NR_SLOTS]);

/**
 * report_names() - check that a run of a log has the phase and the reason of the options
 *
 * Return: STATUS_OK, or STATUS_USAGE after a message with the names that exist.
 */
enum status report_names(const struct report_options *options,
			 const struct log *log);

/** report_slot() - slot of the reason with this name in a run, or -1 */
int report_slot(const struct phases *phases, const char *name);

struct table;

/** report_legend() - print a line for each column of a table of phases that needs one */
void report_legend(const struct report *report, const struct table *table);

/** report_shows() - whether a phase is shown; --phase shows one, otherwise all are */
static inline bool report_shows(const struct report *report, const struct phase *row)
{
	return !report->phase || report->phase == row;
}

/** report_number() - fill the next cell with a phase's number, or "?" if it is unknown */
void report_number(struct table *table, const struct phase *row, enum phase_part part,
		   __u64 number);

/** report_unknown() - fill the next @nr cells with "?" */
void report_unknown(struct table *table, unsigned int nr);

/** report_share() - fill the next cell with @part of @whole in percent, or "-" if @whole is 0 */
void report_share(struct table *table, __u64 part, __u64 whole);

/** report_share_of() - as report_share(), for a number of the total; "?" if it is unknown */
void report_share_of(struct table *table, __u64 part, const struct phase *total,
		     enum phase_part kind, __u64 whole);

/** report_cost() - fill the next cell with ticks by exit, rounded, or "-" if there are no exits */
void report_cost(struct table *table, __u64 cycles, __u64 exits);

/** report_kvm() - the same for KVM's part; it is unknown if nothing tells the clocks apart */
void report_kvm(struct table *table, const struct phase *row, __u64 cycles, __u64 exits);

/** report_matrix() - print the exits of each phase by the most frequent reasons */
void report_matrix(const struct report *report);

/** report_reasons() - print what each reason of a phase, or of the total, cost */
void report_reasons(const struct report *report, const struct phase *row);

/** report_reason() - print what the reason of --reason cost in each phase */
void report_reason(const struct report *report);

/** report_clocks() - print into which clocks the time of each phase went */
void report_clocks(const struct report *report);

/** report_split() - print the reasons of a phase by clock */
void report_split(const struct report *report, const struct phase *row);

/** report_bounds() - fill three cells: the minimum, average and maximum time of a reason's exits
 *
 * The time is from exit to entry, with idle and preempted.  Minimum and maximum
 * are bounds of KVM's buckets.  All three are "-" if KVM kept no buckets.
 */
void report_bounds(struct table *table, const struct report *report, unsigned int slot);

/** report_latencies() - print how long exits took, reason by reason, if it is known */
void report_latencies(const struct report *report);

/** report_latencies_json() - the same as JSON: name, slot, [ticks from, exits] of each bucket */
json_t *report_latencies_json(const struct report *report);

/** report_sites() - print where the exits of each phase came from, if it is known */
void report_sites(const struct report *report);

/** report_sites_json() - the same as JSON, of one phase and slot: code, name, exits, rip, symbol */
json_t *report_sites_json(const struct report *report, const struct phase *row,
			  unsigned int slot);

/** report_chart() - print exits per second over time, if there are samples for it */
void report_chart(const struct report *report);

/** report_host() - print how the guest's counts compare with the host's */
void report_host(const struct report *report);

/** report_csv() - print exits and cycles per phase and reason; messages go to stderr */
void report_csv(const struct report *report);

/** report_json() - return a report as a JSON object */
json_t *report_json(const struct report *report);

#endif /* BOOTEXITS_REPORT_H */
