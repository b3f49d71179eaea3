// SPDX-License-Identifier: GPL-2.0-only
/* Computes a chart: the exits in the time of each column. */
#include <errno.h>
#include <error.h>
#include <math.h>
#include <stdlib.h>

#include "tools/report/chart.h"

void chart_open(struct chart *chart, __u64 begin, __u64 end, __u64 tsc_khz,
		unsigned int columns)
{
	*chart = (struct chart){
		.begin = begin, .end = end, .tsc_khz = tsc_khz, .columns = columns,
		.exits = calloc(columns, sizeof(*chart->exits)),
		.samples = calloc(columns, sizeof(*chart->samples)),
	};
	if (!chart->exits || !chart->samples)
		error(3, errno, "chart");
}

void chart_close(struct chart *chart)
{
	free(chart->exits);
	free(chart->samples);
}

/* A double can't hold each tick, but it can hold differences. */
double chart_position(const struct chart *chart, __u64 tsc)
{
	double ticks = tsc < chart->begin ? -(double)(chart->begin - tsc) :
					    (double)(tsc - chart->begin);

	return ticks * chart->columns / (chart->end - chart->begin);
}

/* Returns the column of a time.  The end of the chart is in the last column. */
static unsigned int column_of(const struct chart *chart, __u64 tsc)
{
	unsigned int column = chart_position(chart, tsc);

	return column < chart->columns ? column : chart->columns - 1;
}

static void spread(struct chart *chart, const struct chart_point *point)
{
	double left = chart_position(chart, chart->last.tsc);
	double right = chart_position(chart, point->tsc);
	double exits = point->exits - chart->last.exits;
	unsigned int at;

	if (right < 0 || left > chart->columns)
		return;
	if (left == right) {
		chart->exits[column_of(chart, point->tsc)] += exits;
		return;
	}
	for (at = left > 0 ? left : 0; at < chart->columns && at < right; at++)
		chart->exits[at] += exits * (fmin(right, at + 1) - fmax(left, at)) /
				    (right - left);
}

bool chart_mark(struct chart *chart, __u64 tsc, __u64 exits)
{
	struct chart_point point = { tsc, exits };

	if (tsc < chart->last.tsc || exits < chart->last.exits)
		return false;
	spread(chart, &point);
	chart->last = point;
	return true;
}

void chart_add(struct chart *chart, __u64 tsc, __u64 exits)
{
	if (chart_mark(chart, tsc, exits) && tsc >= chart->begin && tsc <= chart->end)
		chart->samples[column_of(chart, tsc)] = true;
}

void chart_add_boot(struct chart *chart, const struct run *run,
		    const struct phases *phases)
{
	const struct log_sample *sample = run->samples.items;
	const struct log_sample *end = sample + run->samples.nr;
	const struct phase *mark;

	for (mark = phases->marks; mark < phases->marks + phases->nr; mark++) {
		for (; sample < end && sample->tsc < mark->end_tsc; sample++)
			chart_add(chart, sample->tsc, sample->others);
		if (phases_know(mark, PHASE_EXITS))
			chart_mark(chart, mark->end_tsc, mark->all.exits);
	}
	for (; sample < end; sample++)
		chart_add(chart, sample->tsc, sample->others);
}

__u64 chart_end(const struct run *run, const struct phases *phases)
{
	const struct log_sample *samples = run->samples.items;
	__u64 end = phases->total.end_tsc, nr = run->samples.nr;

	return nr && samples[nr - 1].tsc > end ? samples[nr - 1].tsc : end;
}

unsigned int chart_dotted(const struct chart *chart)
{
	unsigned int at, nr = 0;

	for (at = 0; at < chart->columns; at++)
		nr += !chart->samples[at];
	return nr;
}

double chart_rate(const struct chart *chart, unsigned int column)
{
	double ticks = (double)(chart->end - chart->begin) / chart->columns;

	return chart->exits[column] * chart->tsc_khz * 1000 / ticks;
}
