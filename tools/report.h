/* SPDX-License-Identifier: GPL-2.0-only */
/* A run as `bootexits report' tells it: once built, printed in one of two ways. */
#ifndef BOOTEXITS_REPORT_H
#define BOOTEXITS_REPORT_H

#include "bootexits.h"
#include "host.h"
#include "phases.h"

struct report {
	const char *path;
	const char *unit;		/* of a clock: "cycles" or "instructions" */
	const struct run *run;
	bool host_given;		/* there is a host log */
	bool observer;			/* the phases are without an observer's exits */
	struct phases phases;
	struct list syncs;		/* struct host_sync; empty with no host log */
	struct list notes;		/* struct report_note */
	enum status status;
};

/* A sentence that a reader of the numbers must know. */
struct report_note {
	char text[LOG_MESSAGE + LOG_TEXT];
};

/** report_text() - print a report for people; unit of cost: @report->unit */
void report_text(const struct report *report);

/** report_host() - print the part of a report that compares with the host */
void report_host(const struct report *report);

/** report_json() - a report as a JSON object, without thousands separators */
json_t *report_json(const struct report *report);

#endif /* BOOTEXITS_REPORT_H */
