/* SPDX-License-Identifier: GPL-2.0-only */
/* The whole phase log as records, for bootexits-init and exitstat. */
#ifndef LINUX_LOG_H
#define LINUX_LOG_H

#include "record.h"
#include "types.h"

/* The VM was paused once, between a mark and this total. */
struct log_pause {
	bool done;
	u32 entry;
	u64 after;
};

/*
 * Prints hello to end; start: who prints; pause: may be NULL.  Returns the verdict
 * that it printed.  tracer_detect() comes before; without a tracer there is but a `skip`.
 */
enum verdict log_print(const char *start, const struct log_pause *pause);

#endif
