/* SPDX-License-Identifier: GPL-2.0-only */
/* What the user asked for.  docs/payload.md lists the options. */
#ifndef OPTIONS_H
#define OPTIONS_H

#include "payload/lib/types.h"

#define INTERVAL_UNSAID	(~0ull)

struct options {
	u64 samples;		/* polls; 0: not given, see samples_take() */
	u64 interval_us;	/* between two polls; 0: no pause; INTERVAL_UNSAID: not given */
	u64 until;		/* stop polling at this total; 0: never */
	bool stream;		/* print each sample at once */
	u64 serial;		/* port */
	bool selftest;
	bool sync;		/* pause the VM after the last mark */
	bool host_only;		/* mark without a tracer, too, for a host that counts by itself */
	bool stay;		/* leave the VM running when the boot is complete */
	u64 observer;		/* port that the observer prints to; 0: no observer */
	u64 outb;		/* extra writes to a port, each of which is an exit */
	u64 fuzz;		/* operations, of all vCPUs together */
	u64 seed;		/* of fuzz */
	u32 bench;		/* number of the operation to time, BENCH_ALL, or 0: none */
	const char *crash;	/* an exception to cause, or NULL */
	const char *refused;	/* the first word that was wrong, or NULL */
	const char *refused_why;
};

extern struct options options;

/* Refuses a word or another thing, by its name.  Only the first refusal counts. */
void options_refuse(const char *word, const char *why);

/* Reads the words of a command line.  If an option comes twice, the last one counts. */
void options_parse(const char *words);

#endif
