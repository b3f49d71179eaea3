/* SPDX-License-Identifier: GPL-2.0-only */
/* Prints the whole phase log as records, for bootexits-init and exitstat. */
#ifndef LINUX_LOG_H
#define LINUX_LOG_H

#include "payload/lib/records.h"
#include "payload/lib/types.h"

/* The VM was paused once, between the mark of entry and the total after. */
struct log_pause {
	bool done;
	u32 entry;
	u64 after;
};

/*
 * Prints all records from `hello` to `end`.  start says who prints.  pause may be NULL.
 * Returns the verdict that it printed.  Call tracer_detect() first.  Without a tracer it
 * prints `skip` instead of the log.
 */
enum verdict log_print(const char *start, const struct log_pause *pause);

#endif
