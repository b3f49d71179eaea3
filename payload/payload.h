/* SPDX-License-Identifier: GPL-2.0-only */
/* The verbs that main() is made of, each in the file of its noun. */
#ifndef PAYLOAD_H
#define PAYLOAD_H

#include "types.h"

/* samples.c: what a poll and a byte cost; polls into the buffer; prints it. */
void calibrate(void);
void samples_take(void);
void samples_print(void);
u64 samples_dropped(void);

/*
 * phases.c: checks and prints the phase log from an entry on, up to another; shows
 * the exits of each phase.
 */
void phases_print(u32 from, u32 to);
void phases_show(void);

/*
 * details.c: prints the latencies, and the sites of that many phases, where KVM
 * keeps them.
 */
void details_print(u32 entries);

/* selftest.c: known exits, counted. */
void selftest(void);

/* clocks.c: a vCPU's clocks, the guest's too, tell all of its time. */
void clocks_test(void);

/* storm.c: snapshots while the other vCPUs exit without a pause. */
void storm(void);

/*
 * bench.c: ticks per operation, of all or of one; the number of one by its name,
 * BENCH_ALL for an empty one, or 0 if there is none of that name.
 */
#define BENCH_ALL (~0u)
void bench(u32 which);
u32 bench_find(const char *name);

/* fuzz.c: a hostile guest on all vCPUs, against the rules of docs/abi.md. */
void fuzz(void);

/*
 * sync.c: marks the payload's end and pauses the VM; prints whether somebody has paused
 * it behind a mark of Linux's, waiting by next() for the word of that.
 */
void sync_mark(void);

/* The same, if it is asked for, where no leaf answers: one more mark says that the VM was paused. */
void sync_mark_blindly(void);
void sync_print(u32 entry, void (*next)(void));

/* main.c: prints all that was measured so far. */
void report(void);

/* main.c: prints what is known before there is anything to observe. */
void opening(void);

#endif
