/* SPDX-License-Identifier: GPL-2.0-only */
/* A chart for a terminal: exits per second over time, made of counts at points in time. */
#ifndef BOOTEXITS_CHART_H
#define BOOTEXITS_CHART_H

#include "tools/trace/phases.h"

#define CHART_ROWS	8
#define CHART_MARGIN	12	/* columns for the numbers; unused ones go to the right */

/* A cumulative count at a time in ticks of the TSC. */
struct chart_point {
	__u64 tsc, exits;
};

/* A name for a span of time. */
struct chart_band {
	const char *label;
	__u64 begin, end;		/* ticks */
};

struct chart {
	__u64 begin, end;		/* ticks; points before and after are cut off */
	__u64 tsc_khz;
	unsigned int columns;
	double *exits;			/* in the time of each column */
	bool *samples;			/* whether a column has a sample */
	struct chart_point last;
};

/**
 * chart_open() - begin a chart, with 0 exits at TSC 0
 * @begin: before @end, both in ticks
 * @tsc_khz: not 0
 * @columns: not 0
 *
 * Close it with chart_close().
 */
void chart_open(struct chart *chart, __u64 begin, __u64 end, __u64 tsc_khz,
		unsigned int columns);

/**
 * chart_mark() - add the next point
 *
 * The exits since the last point are spread evenly over the time between them.
 * A point whose time or exits go back is not added.
 *
 * Return: whether the point was added.
 */
bool chart_mark(struct chart *chart, __u64 tsc, __u64 exits);

/** chart_add() - as chart_mark(), for a sample: its column then counts as sampled */
void chart_add(struct chart *chart, __u64 tsc, __u64 exits);

/**
 * chart_add_boot() - add a run's samples and marks in the order of time
 *
 * A mark is left out if its exits without the observer's are unknown.  The marks
 * must not go back in time, or the chart means nothing.
 */
void chart_add_boot(struct chart *chart, const struct run *run,
		    const struct phases *phases);

/** chart_end() - time of a boot's last mark or sample, in ticks of the TSC */
__u64 chart_end(const struct run *run, const struct phases *phases);

/** chart_position() - position of a time, in columns from the left; it may be outside the chart */
double chart_position(const struct chart *chart, __u64 tsc);

/** chart_rate() - exits per second in a column */
double chart_rate(const struct chart *chart, unsigned int column);

/** chart_dotted() - number of columns without a sample; they show a mean of the points around */
unsigned int chart_dotted(const struct chart *chart);

/**
 * chart_print() - print a chart, its axes and the bands below
 * @bands: struct chart_band, in the order of time
 * @ascii: draw with ASCII, not with UTF-8
 */
void chart_print(const struct chart *chart, const struct list *bands, bool ascii);

/** chart_close() - free what chart_open() stored */
void chart_close(struct chart *chart);

#endif /* BOOTEXITS_CHART_H */
