/* SPDX-License-Identifier: GPL-2.0-only */
/* Records that each log has: who writes it, which tracer answers, and what is missing. */
#ifndef DESCRIBE_H
#define DESCRIBE_H

#include "payload/lib/types.h"

/* Prints `hello`.  start says how the program was started. */
void describe_speaker(const char *start);

/* Prints `host`, or `skip` if there is no tracer. */
void describe_tracer(void);

/*
 * Prints `restart`, which fails the run, if the counters are not those of
 * describe_tracer() any more.  Returns whether there still is a tracer.
 */
bool describe_restart(void);

/* Prints `sync`: the VM paused once between the mark of that log entry and that total. */
void describe_sync(u32 try, u32 entry, u64 after);

/* Prints `dropped`: so many samples, and the marks that the tracer dropped. */
void describe_dropped(u64 samples);

#endif
