/* SPDX-License-Identifier: GPL-2.0-only */
/* A chart for a terminal: exits per second over time, from counts at points in time. */
#ifndef BOOTEXITS_CHART_H
#define BOOTEXITS_CHART_H

#include "phases.h"

#define CHART_ROWS	8
#define CHART_MARGIN	12	/* columns at the left, for numbers; what they leave is at the right */

/* A count, cumulative, at a time in ticks of the TSC. */
struct chart_point {
	__u64 tsc, exits;
};

/* A name for a span of time. */
struct chart_band {
	const char *label;
	__u64 begin, end;		/* ticks */
};

struct chart {
	__u64 begin, end;		/* ticks; what is before or behind is cut */
	__u64 tsc_khz;
	unsigned int columns;
	double *exits;			/* in the time of each column */
	bool *samples;			/* whether a sample is in it */
	struct chart_point last;
};

/**
 * chart_open() - begin a chart, with no exits at a TSC of 0
 * @begin: before @end, both in ticks
 * @tsc_khz: not 0
 * @columns: not 0
 *
 * It is to be closed by chart_close().
 */
void chart_open(struct chart *chart, __u64 begin, __u64 end, __u64 tsc_khz,
		unsigned int columns);

/**
 * chart_mark() - add the next point; the exits since the last one are spread
 * evenly over the time between the two
 *
 * A point that goes back, in time or exits, is left out.
 *
 * Return: whether it was added.
 */
bool chart_mark(struct chart *chart, __u64 tsc, __u64 exits);

/** chart_add() - as chart_mark(), of a sample: it tells of the time right around it */
void chart_add(struct chart *chart, __u64 tsc, __u64 exits);

/**
 * chart_add_boot() - add a run's samples and marks in the order of time
 *
 * A mark whose exits without the observer's aren't known is left out.  With
 * marks that go back in time it is no chart of anything.
 */
void chart_add_boot(struct chart *chart, const struct run *run,
		    const struct phases *phases);

/** chart_end() - when a boot's last mark or sample was, in ticks of the TSC */
__u64 chart_end(const struct run *run, const struct phases *phases);

/** chart_position() - where a time is, in columns from the left; outside of it, too */
double chart_position(const struct chart *chart, __u64 tsc);

/** chart_rate() - exits per second in a column */
double chart_rate(const struct chart *chart, unsigned int column);

/** chart_dotted() - how many columns have no sample: only points around tell of them */
unsigned int chart_dotted(const struct chart *chart);

/**
 * chart_print() - print a chart, its axes and the bands below
 * @bands: struct chart_band, in the order of time
 * @ascii: draw with ASCII; or else with UTF-8
 */
void chart_print(const struct chart *chart, const struct list *bands, bool ascii);

/** chart_close() - free what chart_open() stored */
void chart_close(struct chart *chart);

#endif /* BOOTEXITS_CHART_H */
