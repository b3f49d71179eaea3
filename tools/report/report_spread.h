/* SPDX-License-Identifier: GPL-2.0-only */
/* How much the boots of one kind differ: median, MAD and interval of each phase. */
#ifndef BOOTEXITS_REPORT_SPREAD_H
#define BOOTEXITS_REPORT_SPREAD_H

#include "tools/report/report.h"

#define SPREAD_MEASURES	3	/* exits, ms and total, as for compare --by */

/* A phase, or the total, which is the last row.  Values are __u64, one for each boot. */
struct spread_row {
	char *label;
	struct list values[SPREAD_MEASURES];
	bool unknown[SPREAD_MEASURES];	/* of some boot */
};

struct spread {
	size_t boots;
	bool exact;		/* each boot says that it repeats */
	const char *unit;	/* of total */
	struct log first;	/* the first boot's */
	json_t *why;		/* an array: why there are no medians */
	struct list rows;	/* struct spread_row, in the order of the boots */
	struct spread_row total;
};

/**
 * spread_take() - add the boot of a file
 * @path: of the file
 * @log: is emptied if it is the first one
 *
 * A file without exactly one boot, or with another kind of boot than the first one's, makes
 * medians meaningless.
 */
void spread_take(struct spread *spread, const char *path, struct log *log);

/**
 * spread_text() - print a table of the medians, or why there are none
 *
 * Return: STATUS_FAIL, after a line that says so, if boots that have to repeat do not.
 */
enum status spread_text(struct spread *spread);

/** spread_json() - return the same as JSON, or null if there are no medians */
json_t *spread_json(struct spread *spread);

/** spread_free() - free what was taken */
void spread_free(struct spread *spread);

#endif /* BOOTEXITS_REPORT_SPREAD_H */
