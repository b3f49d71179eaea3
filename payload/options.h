/* SPDX-License-Identifier: GPL-2.0-only */
/* What the user asked for; docs/abi.md has no say in it. */
#ifndef OPTIONS_H
#define OPTIONS_H

#include "types.h"

#define INTERVAL_UNSAID	(~0ull)

struct options {
	u64 samples;		/* polls; 0: not said, see samples_take() */
	u64 interval_us;	/* between two polls; 0: flat out; INTERVAL_UNSAID */
	u64 until;		/* stop polling at this total; 0: never */
	bool stream;		/* print each sample at once */
	u64 serial;		/* port */
	bool selftest;
	bool sync;
	bool host_only;		/* without a tracer: mark all the same, for a host that counts by itself */
	bool stay;		/* leave the VM running when the boot is complete */
	u64 observer;		/* port that the observer prints to; 0: no observer */
	u64 outb;		/* writes to a port, each an exit more */
	u64 fuzz;		/* operations, of all vCPUs together */
	u64 seed;
	u32 bench;		/* an operation to time, BENCH_ALL, or 0: none */
	const char *crash;	/* an exception to cause, or NULL */
	const char *refused;	/* the first word that was wrong, or NULL */
	const char *refused_why;
};

extern struct options options;

/* Refuses a word, or something else by its name, unless one was before. */
void options_refuse(const char *word, const char *why);

/* Reads the words of a command line; later ones win. */
void options_parse(const char *words);

#endif
