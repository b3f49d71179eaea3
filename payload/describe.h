/* SPDX-License-Identifier: GPL-2.0-only */
/* Records that each log has: who speaks, of which tracer, and what is not in it. */
#ifndef DESCRIBE_H
#define DESCRIBE_H

#include "types.h"

/* Prints `hello`; start: the word for how the speaker was started. */
void describe_speaker(const char *start);

/* Prints `host`, or `skip` where there is no tracer. */
void describe_tracer(void);

/*
 * Prints `restart`, which fails the run, if the counters are not those of
 * describe_tracer() any more.  Returns whether there is a tracer still.
 */
bool describe_restart(void);

/* Prints `sync`: the VM was paused once between the mark of that entry and that total. */
void describe_sync(u32 try, u32 entry, u64 after);

/* Prints `dropped`, with the marks that the tracer dropped. */
void describe_dropped(u64 samples);

#endif
