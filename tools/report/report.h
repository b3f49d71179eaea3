/* SPDX-License-Identifier: GPL-2.0-only */
/* A run as `bootexits report' tells it: once built, printed in one of several ways. */
#ifndef BOOTEXITS_REPORT_H
#define BOOTEXITS_REPORT_H

#include "bootexits.h"
#include "host.h"
#include "phases.h"
#include "sites.h"
#include "view.h"

/* In which order reasons stand; phases are always in that of the boot. */
enum report_sort {
	REPORT_EXITS,			/* most first */
	REPORT_KVM,			/* ticks of KVM, most first */
	REPORT_TOTAL,			/* of KVM and the VMM, most first */
	REPORT_KVM_EXIT,		/* the same by exit */
	REPORT_TOTAL_EXIT,
	REPORT_NAME,
	REPORT_TIME,			/* by the first phase that has any of it */
};

struct report_options {
	struct list files;		/* const char *: what is to be reported */
	const char *host, *serial, *unit;	/* serial: the one of them that is looked at */
	const char *phase, *reason;	/* of these only; NULL: of all */
	struct view which;		/* --vcpu */
	enum report_sort sort;
	unsigned int top;		/* reasons that are shown */
	bool arranged;			/* --sort or --top */
	unsigned int nr_sites;		/* of each reason of a phase; 0: a line of them */
	bool split, latency;
	bool json, csv, no_chart, ascii, color;
};

struct report {
	const struct report_options *options;
	const char *path;
	const char *unit;		/* of a clock: "cycles" or "instructions" */
	const struct run *run;
	bool host_given;		/* there is a host log */
	bool observer;			/* the phases are without an observer's exits */
	struct phases_view view;	/* whose exits the phases are */
	struct phases phases;
	struct list sites;		/* of sites_build() */
	const struct phase *phase;	/* of --phase; NULL: the run has none such */
	int slot;			/* of --reason; -1: the run has none such */
	struct list syncs;		/* struct host_sync; empty with no host log */
	struct list notes;		/* struct report_note */
	enum status status;
};

/* A sentence that a reader of the numbers must know. */
struct report_note {
	char text[KNOWN_TEXT + LOG_TEXT];
};

/**
 * report_build() - fill in a report that has its options, path, unit and run
 * @log: the run's
 * @host: where the host's counts are, if host_given
 *
 * Return: false, after a message, if there is no vCPU as the options want it.
 * In both cases it is to be freed by report_free().
 */
bool report_build(struct report *report, const struct log *log,
		  const struct log *host);

/**
 * report_host_log() - where the host's counts stand
 *
 * Return: @host if the options name it, or @log if it is a trace that has them,
 * or NULL.
 */
const struct log *report_host_log(const struct report_options *options,
				  const struct log *log, const struct log *host);

/** report_guest() - whether the phases are of guest exits, which self, net and observer are parts of */
static inline bool report_guest(const struct report *report)
{
	return report->options->which.whose == VIEW_GUEST;
}

/** report_unit() - "cycles", "instructions" or "ns", as the options or the trace say */
const char *report_unit(const struct report_options *options,
			const struct log *log);

/** report_free() - free what report_build() stored */
void report_free(struct report *report);

/** report_text() - print a report for people; unit of cost: @report->unit */
void report_text(const struct report *report);

/**
 * report_summary() - print a sentence about the boot: exits, time, the phase's reason with most of them
 *
 * Nothing where the total isn't known.  Seconds of the lab are called so: 10^9 instructions.
 */
void report_summary(const struct report *report);

/**
 * report_files() - print a table of the options' files, a line for each boot
 *
 * Return: the worst status of all.
 */
enum status report_files(const struct report_options *options);

/** report_phases() - print the exits and the cost of each phase, and the host's count */
void report_phases(const struct report *report);

/**
 * report_vcpus() - print the exits of each phase by vCPU, if there are several
 *
 * The observer's is none of them.
 */
void report_vcpus(const struct report *report);

/**
 * report_order() - the reasons of a phase, in the order that the options want
 * @slots: filled in; the one of --reason only, if there is one
 *
 * The options' top of them are those with most exits, or that cost most if they
 * are to be in the order of that.
 *
 * Return: how many there are in all.
 */
unsigned int report_order(const struct report *report, const struct phase *row,
			  unsigned int slots[KVM_EXIT_TRACE_NR_SLOTS]);

/**
 * report_names() - whether a run of a log has what the options name
 *
 * Return: STATUS_OK, or STATUS_USAGE after a line that says which names there are.
 */
enum status report_names(const struct report_options *options,
			 const struct log *log);

/** report_slot() - the slot of the reason of that name in a run, or -1 */
int report_slot(const struct phases *phases, const char *name);

struct table;

/** report_legend() - print a line that says what the columns of a table of phases are */
void report_legend(const struct report *report, const struct table *table);

/** report_shows() - whether a phase is shown: each is, unless --phase asks for another */
static inline bool report_shows(const struct report *report, const struct phase *row)
{
	return !report->phase || report->phase == row;
}

/** report_number() - fill the next cell: a number of a phase, or "?" if that part of it isn't known */
void report_number(struct table *table, const struct phase *row, enum phase_part part,
		   __u64 number);

/** report_unknown() - fill the next @nr cells with "?" */
void report_unknown(struct table *table, unsigned int nr);

/** report_share() - fill the next cell: @part of @whole in percent, or "-" of nothing */
void report_share(struct table *table, __u64 part, __u64 whole);

/** report_share_of() - as report_share(), of a number of the total, or "?" if that isn't known */
void report_share_of(struct table *table, __u64 part, const struct phase *total,
		     enum phase_part kind, __u64 whole);

/** report_cost() - fill the next cell: ticks by exit, rounded, or "-" of no exits */
void report_cost(struct table *table, __u64 cycles, __u64 exits);

/** report_matrix() - print the exits of each phase by the foremost reasons */
void report_matrix(const struct report *report);

/** report_reasons() - print what each of a phase's reasons cost; @row: or the total */
void report_reasons(const struct report *report, const struct phase *row);

/** report_reason() - print what the reason of --reason costs in each phase */
void report_reason(const struct report *report);

/** report_clocks() - print how much of its time each phase was in the guest, and where else */
void report_clocks(const struct report *report);

/** report_split() - print each of a phase's reasons by clock */
void report_split(const struct report *report, const struct phase *row);

/** report_bounds() - fill the next three cells: how long the exits of a reason took, at least, on average, at most
 *
 * From exit to entry, idle and preempted included.  The first and the last are
 * bounds of the buckets that KVM keeps; all are "-" where it kept none.
 */
void report_bounds(struct table *table, const struct report *report, unsigned int slot);

/** report_latencies() - print how long exits took, reason by reason, where that is known */
void report_latencies(const struct report *report);

/** report_latencies_json() - the same: name, slot, [ticks from, exits] of each bucket */
json_t *report_latencies_json(const struct report *report);

/** report_sites() - print where the exits of each phase came from, where that is known */
void report_sites(const struct report *report);

/** report_sites_json() - the same of one phase and slot: code, name, exits, rip */
json_t *report_sites_json(const struct report *report, const struct phase *row,
			  unsigned int slot);

/** report_chart() - print exits per second over time, if the samples can tell */
void report_chart(const struct report *report);

/** report_host() - print the part of a report that compares with the host */
void report_host(const struct report *report);

/** report_csv() - print exits and cycles per phase and reason; what is wrong on stderr */
void report_csv(const struct report *report);

/** report_json() - a report as a JSON object, without thousands separators */
json_t *report_json(const struct report *report);

#endif /* BOOTEXITS_REPORT_H */
