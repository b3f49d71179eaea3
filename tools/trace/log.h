/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The payload's serial log (docs/abi.md, section 5), the host's log of KVM's own
 * counts, and the trace that has both (docs/trace.md).  Only log.c reads them.
 * Every subcommand works on the runs that it returns.
 */
#ifndef BOOTEXITS_LOG_H
#define BOOTEXITS_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <jansson.h>
#include <linux/types.h>

#include "include/kvm_exit_trace.h"

#include "lib/list.h"
#include "tools/trace/counter.h"

#define LOG_PROTO	1
#define LOG_TRACE	1	/* format of a trace */

/* In a trace of `bootexits import', this key replaces the keys of the four clocks outside the guest. */
#define LOG_OUTSIDE	"outside"

/*
 * Bounds of what a hostile or broken log can make the reader keep.  Whatever is
 * beyond them is counted and becomes a defect.  Texts are cut.
 */
#define LOG_MAX_LINE	4096		/* bytes of a line that are read */
#define LOG_MAX_JSON	(1 << 18)	/* bytes of a trace's line; a longer one is an error */
#define LOG_MAX_RUNS	256		/* runs of a log */
#define LOG_MAX_ITEMS	(1 << 18)	/* records kept of a log */
#define LOG_MAX_SAMPLES	(1 << 22)	/* samples kept of a log */
#define LOG_MAX_MARKS	1024		/* marks of a run that are checked */
#define LOG_MAX_VCPUS	4096		/* vCPUs of a run that are checked */
#define LOG_MAX_DEFECTS	1000		/* defects kept of a run */
#define LOG_TEXT	64		/* bytes of a name, its NUL included */
#define LOG_MESSAGE	160		/* bytes of a message, its NUL included */

/* Each record begins with the number of its line.  0: the record is not there. */
struct log_hello {
	unsigned long line;
	__u64 proto;
	char version[LOG_TEXT];
	char start[LOG_TEXT];
};

struct log_skip {
	unsigned long line;
	char msg[LOG_MESSAGE];
};

struct log_usage {
	unsigned long line;
	char option[LOG_TEXT];
	char msg[LOG_MESSAGE];
};

struct log_tracer {
	unsigned long line;
	__u64 abi_major, abi_minor;
	char vendor[LOG_TEXT];
	__u64 features, vcpus, slots, epoch, from_start, incomplete, tsc_khz;
	__u64 began;	/* when counting began: nanoseconds since 1970, or 0 */
};

/* The VM ran already.  unseen: its exits before.  signal: that killed its process, or 0 */
struct log_attached {
	unsigned long line;
	__u64 unseen, signal;
	char end[LOG_TEXT];
};

/* One vCPU's part of unseen. */
struct log_unseen {
	unsigned long line;
	__u64 vcpu, exits;
};

/* The counters began again at this time.  0: they disappeared. */
struct log_restart {
	unsigned long line;
	__u64 began;
};

/*
 * One mark.  All numbers count from the first exit.  in_guest and elapsed are cycles.
 * They are 0 if the tracer doesn't have these clocks.
 */
struct log_phase {
	unsigned long line;
	__u64 entry, id;
	char name[LOG_TEXT];
	__u64 vcpu, tsc;
	struct counter all;
	__u64 in_guest, elapsed, self;
};

struct log_reason {
	unsigned long line;
	__u64 entry, slot, code;
	char name[LOG_TEXT];
	struct counter counter;
};

/* One vCPU's part of a reason. */
struct log_part {
	unsigned long line;
	__u64 entry, vcpu, slot;
	struct counter counter;
};

/* One vCPU's part of a mark's in_guest and elapsed, in cycles. */
struct log_times {
	unsigned long line;
	__u64 entry, vcpu, in_guest, elapsed;
};

#define LOG_BUCKETS	KVM_EXIT_TRACE_NR_BUCKETS

/* How many exits of a vCPU and slot took 2^bucket cycles and more, from exit to entry. */
struct log_latency {
	unsigned long line;
	__u64 vcpu, slot, count;
	const char *b;			/* only while it is decoded */
	__u64 buckets[LOG_BUCKETS];
};

/* Exits of one vCPU, slot and code, in the phase that the mark @entry ends. */
struct log_site {
	unsigned long line;
	__u64 entry, vcpu, slot, code, count, rip;
	__u64 lead;			/* votes that rip has more than the others; 0: not known, or none */
};

/* Exits of one vCPU and slot for which KVM had no room for a site. */
struct log_lost {
	unsigned long line;
	__u64 vcpu, slot, count;
};

/* The Linux that was booted.  kernel and initrd are sizes in bytes. */
struct log_linux {
	unsigned long line;
	char version[LOG_MESSAGE];
	__u64 major, minor, kernel, initrd;
};

/* interval: microseconds between two polls. */
struct log_observer {
	unsigned long line;
	__u64 vcpu, interval;
};

/*
 * A record of samples.  They are in the run's samples from @first on.  There are
 * @said of them, unless some were malformed or not kept.  tsc and gap are ticks of
 * the TSC.
 */
struct log_samples {
	unsigned long line;
	__u64 n, tsc, others, own, gap;
	const char *d;			/* only while it is decoded: a log's, */
	const json_t *pairs;		/* or a trace's, which then has all of them */
	size_t first, nr, said;
};

/* One poll: the exits of all vCPUs but the observer's until then. */
struct log_sample {
	__u64 tsc, others;
};

struct log_observed {
	unsigned long line;
	__u64 polls, kept, gap;
};

struct log_sync {
	unsigned long line;
	__u64 try, entry, after;
};

struct log_selftest {
	unsigned long line;
	char name[LOG_TEXT];
	__u64 n, expect, got, ok;
};

struct log_fuzz {
	unsigned long line;
	__u64 n, bad, seed;
};

/* min and median: ticks of the TSC per operation. */
struct log_bench {
	unsigned long line;
	char name[LOG_TEXT];
	__u64 n, min, median, exits;	/* exits: per operation, if traced */
};

struct log_dropped {
	unsigned long line;
	__u64 samples, marks;
};

struct log_panic {
	unsigned long line;
	__u64 vector, error, eip, cr2;
	char name[LOG_TEXT];
};

struct log_verdict {
	unsigned long line;
	char result[LOG_TEXT];
};

struct log_end {
	unsigned long line;
	__u64 records;
};

/* "host sync=N ...": stat.exits at a pause, read in two ways. */
struct log_host {
	unsigned long line;
	__u64 sync, exits, exits_fd;
};

/*
 * "vcpu sync=N ...": stat.exits of one vCPU at a pause.  apart: no other vCPU may run on
 * a CPU on which this one may run.
 */
struct log_host_vcpu {
	unsigned long line;
	__u64 sync, vcpu, exits, apart;
};

/* "induced sync=N ...": exits that only the observer's timer caused on others, up to the mark. */
struct log_induced {
	unsigned long line;
	__u64 sync, entry, exits;
};

/* "hist sync=N ...": a bucket of the histogram of KVM's kvm_exit at a pause. */
struct log_hist {
	unsigned long line;
	__u64 sync, reason, count;
};

struct log_defect {
	unsigned long line;
	char text[LOG_MESSAGE];
};

/* Records that are missing before the one in @line, by its sequence number. */
struct log_gap {
	unsigned long line;
	__u64 missing;
};

/*
 * One run of the payload, or one run's part of a host log.  Each list has the
 * records of a kind, in the order of the log.
 */
struct run {
	char name[LOG_TEXT];		/* of "# run NAME" or "run name=NAME", or "" */
	unsigned long first_line, last_line;
	__u64 records;			/* records with a good CRC */
	__u64 next_seq, bad_lines;	/* for the reader; bad lines since the last good one */
	bool other_first;		/* a record came before hello */
	struct list gaps;		/* struct log_gap */
	bool mixed;			/* a sequence number went back: perhaps another boot */
	bool unobserved;		/* the payload said that there is no observer */
	__u64 end_seq;			/* SEQ of its end record */

	struct log_hello hello;
	struct log_skip skip;
	struct log_tracer tracer;
	struct log_attached attached;
	struct log_linux booted;
	struct log_observer observer;
	struct log_observed observed;
	struct log_restart restart;
	struct log_dropped dropped;
	struct log_panic panic;
	struct log_verdict verdict;
	struct log_end end;
	struct list usages, phases, reasons, parts, syncs, selftests, fuzzes, benches;
	struct list times, latencies, sites, losts, unseen;
	struct list heads;		/* struct log_samples */
	struct list samples;		/* struct log_sample */
	struct list hosts, host_vcpus, hists, induced;
	const struct run *host;		/* the host's counts of this run, by host_join(); or NULL */

	struct list defects;
	__u64 nr_defects;		/* all defects, also those not kept */
};

enum log_kind {
	LOG_SERIAL,
	LOG_HOST,
};

struct log {
	enum log_kind kind;
	struct list runs;		/* the runs of the log, or of a trace's guest */
	struct list host_runs;		/* the runs of a trace's host */
	json_t *meta;			/* a trace's first line; NULL: it isn't a trace */
	bool ended;			/* the trace has its last line */
	bool empty;			/* the file has no byte */
	size_t nr_items, nr_samples;	/* kept, of all runs */
};

/**
 * log_read() - read a log or a trace to its end
 * @file: may have any bytes; if it begins like a trace, it is read as one
 * @kind: of a log that isn't a trace: the payload's serial log, or the host's log
 * @log: filled in; free it by log_free(), also after an error
 *
 * Errors that one line or two neighbours show (checksum, sequence, keys) become
 * defects of the run.  So does a trace without a last line.  check.c finds all
 * other errors.
 *
 * Return: 0, or the errno of the read that failed.
 */
int log_read(FILE *file, enum log_kind kind, struct log *log);

/**
 * log_take_object() - read one line of a trace that is still being written
 * @log: all 0 before the first call
 */
void log_take_object(struct log *log, unsigned long line, const json_t *object);

/** log_host_line() - whether a line of a host's log is a run or a count, not a text */
bool log_host_line(const char *text);

/** log_unit() - a trace's unit of clocks: "cycles" (the default), "instructions" or "ns" */
const char *log_unit(const struct log *log);

/** log_free() - free what log_read() stored in @log */
void log_free(struct log *log);

/** log_last_run() - the last of a log's runs, or NULL */
struct run *log_last_run(const struct list *runs);

/** log_has_records() - whether any of a log's runs has a record */
bool log_has_records(const struct list *runs);

/** log_defect() - add a defect, at line @line, to @run */
void log_defect(struct run *run, unsigned long line, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif /* BOOTEXITS_LOG_H */
