/* SPDX-License-Identifier: GPL-2.0-only */
/* The functions that main() calls.  Each is in the file of its noun. */
#ifndef PAYLOAD_H
#define PAYLOAD_H

#include "payload/lib/types.h"

/* samples.c: measures what a poll and a byte cost; polls into the buffer; prints the buffer. */
void calibrate(void);
void samples_take(void);
void samples_print(void);
u64 samples_dropped(void);

/*
 * phases.c: checks and prints the phase log from one entry up to another; shows the
 * exits of each phase on the screen.
 */
void phases_print(u32 from, u32 to);
void phases_show(void);

/*
 * details.c: prints the latencies, and the sites of so many phases from the first on, if
 * KVM keeps them.
 */
void details_print(u32 entries);

/* selftest.c: causes a known number of exits, and checks the counts. */
void selftest(void);

/* clocks.c: tests that a vCPU's clocks add up to all of its time. */
void clocks_test(void);

/* storm.c: takes snapshots while the other vCPUs exit without a pause. */
void storm(void);

/*
 * bench.c: measures ticks per operation, for all or for one.  bench_find() returns the
 * number of an operation by its name, BENCH_ALL for an empty name, or 0 if it is unknown.
 */
#define BENCH_ALL (~0u)
void bench(u32 which);
u32 bench_find(const char *name);

/* fuzz.c: acts as a hostile guest on all vCPUs, and checks the rules of docs/abi.md. */
void fuzz(void);

/*
 * sync.c: sync_mark() marks the payload's end and pauses the VM.  sync_print() prints whether
 * another program paused it after a mark of Linux's.  It calls next() while it waits for that.
 */
void sync_mark(void);

/* The same for a machine where no leaf answers: one more mark says that the VM was paused. */
void sync_mark_blindly(void);
void sync_print(u32 entry, void (*next)(void));

/* main.c: prints all that was measured so far. */
void report(void);

/* main.c: prints what is known before there is anything to measure. */
void opening(void);

#endif
