/* SPDX-License-Identifier: GPL-2.0-only */
/* What exitstat's subcommands share. */
#ifndef EXITSTAT_H
#define EXITSTAT_H

#include <stdio.h>

#include "payload/exitstat/snapshot.h"

enum status {
	STATUS_OK = 0,
	STATUS_FAIL = 1,
	STATUS_USAGE = 2,
	STATUS_SYSTEM = 3,	/* the operating system refused something */
	STATUS_ABSENT = 4,	/* no tracer, or one that speaks another ABI */
};

struct options {
	const char *unit;	/* the word for cycles in headings */
	bool json;
	double interval;	/* for watch, in seconds */
	unsigned long count;	/* for watch: lines to print; 0: until interrupted */
	char **words;		/* what follows the subcommand, with NULL at the end */
};

/* The subcommands.  Each returns the exit status. */
int show_main(const struct options *options);
int run_main(const struct options *options);
int watch_main(const struct options *options);
int mark_main(const struct options *options);
int log_main(const struct options *options);

/* Takes a snapshot.  If it can't, prints a message and ends with STATUS_SYSTEM. */
void snapshot_must(struct snapshot *snapshot);

/* Fills in the slots that have counted, those with most exits first.  Returns how many. */
unsigned int slots_sorted(const struct snapshot *snapshot,
			  u8 slots[KVM_EXIT_TRACE_NR_SLOTS]);

/* Prints one line about the tracer: vendor, vCPUs, ABI, since when it counts. */
void print_tracer(FILE *to);

#endif
