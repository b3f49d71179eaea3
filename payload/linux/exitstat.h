/* SPDX-License-Identifier: GPL-2.0-only */
/* exitstat: what its subcommands share. */
#ifndef EXITSTAT_H
#define EXITSTAT_H

#include <stdio.h>

#include "snapshot.h"

enum status {
	STATUS_OK = 0,
	STATUS_FAIL = 1,
	STATUS_USAGE = 2,
	STATUS_SYSTEM = 3,	/* the operating system refused something */
	STATUS_ABSENT = 4,	/* no tracer, or one that speaks another ABI */
};

struct options {
	const char *unit;	/* of cycles, for headings */
	bool json;
	double interval;	/* of watch, in seconds */
	unsigned long count;	/* of watch's lines; 0: until interrupted */
	char **words;		/* behind the subcommand, NULL at the end */
};

/* The subcommands; each returns the exit status. */
int show_main(const struct options *options);
int run_main(const struct options *options);
int watch_main(const struct options *options);
int mark_main(const struct options *options);
int log_main(const struct options *options);

/* Prints a message and ends with STATUS_SYSTEM if no snapshot can be had. */
void snapshot_must(struct snapshot *snapshot);

/* Slots that have counted, most exits first; returns how many. */
unsigned int slots_sorted(const struct snapshot *snapshot,
			  u8 slots[KVM_EXIT_TRACE_NR_SLOTS]);

/* Who counts, in one line: vendor, vCPUs, ABI, since when. */
void print_tracer(FILE *to);

#endif
