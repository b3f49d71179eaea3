// SPDX-License-Identifier: GPL-2.0-only
/* Prints a chart as text. */
#include <errno.h>
#include <error.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tools/report/chart.h"
#include "lib/table.h"

#define EIGHTHS		8		/* of a row */
#define TICK_COLUMNS	10		/* between two numbers of the time axis, at least */
#define TICK_TEXT	32		/* bytes of the longest number, 10^18 s, with its NUL */
#define MAX_RATE	1e18		/* exits per second, the largest number of the other axis */
#define EDGE		'\1'		/* the beginning of a band; no name has this byte */

struct glyphs {
	const char *eighths[EIGHTHS + 1];
	const char *axis, *tick, *corner, *time, *dotted, *mark, *edge;
};

static const struct glyphs utf8 = {
	.eighths = { " ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█" },
	.axis = "│", .tick = "┤", .corner = "└",
	.time = "─", .dotted = "·", .mark = "┬", .edge = "│",
};

static const struct glyphs ascii_only = {
	.eighths = { " ", ".", ".", ":", ":", "+", "+", "#", "#" },
	.axis = "|", .tick = "+", .corner = "+",
	.time = "-", .dotted = ".", .mark = "+", .edge = "|",
};

/* How a chart is drawn. */
struct drawing {
	const struct chart *chart;
	const struct glyphs *glyphs;
	int margin;			/* columns for the numbers at the left */
	double top;			/* exits per second at the upper end */
	double begin, seconds;		/* of the time axis */
	double step;			/* seconds between two of its numbers */
	int decimals;			/* decimals of these numbers */
};

static double rate(const struct chart *chart, unsigned int column)
{
	return fmin(chart_rate(chart, column), MAX_RATE);
}

/* Returns a rate for the top whose quarters are integers. */
static double top_of(const struct chart *chart)
{
	static const unsigned char tops[] = { 12, 16, 20, 24, 32, 40, 60, 80, 100 };
	double most = 0, scale;
	unsigned int at;

	for (at = 0; at < chart->columns; at++)
		most = fmax(most, rate(chart, at));
	for (scale = 1; scale * tops[sizeof(tops) - 1] < most; scale *= 10)
		;
	for (at = 0; scale * tops[at] < most; at++)
		;
	return scale * tops[at];
}

static int tick_text(const struct drawing *drawing, char text[TICK_TEXT], double seconds)
{
	return snprintf(text, TICK_TEXT, "%.*f s", drawing->decimals, seconds);
}

/* Choose a step of 1, 2 or 5 and zeros, so that numbers are @columns apart. */
static void set_step_for(struct drawing *drawing, int columns)
{
	double least = drawing->seconds * columns / drawing->chart->columns;
	static const unsigned char steps[] = { 1, 2, 5 };
	double scale = 1e-6;
	unsigned int at = 0;

	drawing->decimals = 6;
	while (scale * steps[at] < least) {
		at = (at + 1) % sizeof(steps);
		if (at)
			continue;
		scale *= 10;
		if (drawing->decimals)
			drawing->decimals--;
	}
	drawing->step = scale * steps[at];
}

/* Choose a step that leaves room for the last number, which is the longest. */
static void set_step(struct drawing *drawing)
{
	char text[TICK_TEXT];
	int len;

	set_step_for(drawing, TICK_COLUMNS);
	len = tick_text(drawing, text, drawing->begin + drawing->seconds);
	if (len >= TICK_COLUMNS)
		set_step_for(drawing, len + 1);
}

/* A rate that isn't 0 must be visible, however small it is. */
static unsigned int eighths(const struct drawing *drawing, unsigned int column,
			    unsigned int row)
{
	double height = rate(drawing->chart, column) / drawing->top * CHART_ROWS * EIGHTHS;
	double above = ceil(height - 1e-6) - (CHART_ROWS - 1 - row) * EIGHTHS;

	if (above <= 0)
		return row == CHART_ROWS - 1 && height > 0;
	return above < EIGHTHS ? above : EIGHTHS;
}

static void print_row(const struct drawing *drawing, unsigned int row)
{
	const struct glyphs *glyphs = drawing->glyphs;
	unsigned int used = drawing->chart->columns, at;
	char text[GROUPED] = "";

	if (row % 2 == 0)
		grouped(text, drawing->top / CHART_ROWS * (CHART_ROWS - row));
	while (used && !eighths(drawing, used - 1, row))
		used--;
	printf("%*s %s", drawing->margin, text, row % 2 ? glyphs->axis : glyphs->tick);
	for (at = 0; at < used; at++)
		fputs(glyphs->eighths[eighths(drawing, at, row)], stdout);
	putchar('\n');
}

/* A line below the chart has texts at columns.  Each is cut where the next begins. */
static char *open_line(const struct drawing *drawing)
{
	size_t len = drawing->chart->columns + TICK_TEXT;
	char *line = malloc(len + 1);

	if (!line)
		error(3, errno, "chart");
	memset(line, ' ', len);
	line[len] = '\0';
	return line;
}

static void close_line(const struct drawing *drawing, char *line)
{
	size_t used = strlen(line), at;

	while (used && line[used - 1] == ' ')
		used--;
	printf("%*s", drawing->margin + 2, "");
	for (at = 0; at < used; at++) {
		if (line[at] == EDGE)
			fputs(drawing->glyphs->edge, stdout);
		else
			putchar(line[at]);
	}
	putchar('\n');
	free(line);
}

/* Returns the column of a number of the time axis, and sets its time, or returns -1. */
static int tick(const struct drawing *drawing, unsigned int number, double *seconds)
{
	double column;

	*seconds = (ceil(drawing->begin / drawing->step) + number) * drawing->step;
	column = (*seconds - drawing->begin) / drawing->seconds * drawing->chart->columns;
	return column >= 0 && column < drawing->chart->columns ? (int)column : -1;
}

/* Print the time axis, dotted where there is no sample, and the seconds below it. */
static void print_time(const struct drawing *drawing)
{
	const struct chart *chart = drawing->chart;
	const struct glyphs *glyphs = drawing->glyphs;
	char *line = open_line(drawing), text[TICK_TEXT];
	unsigned int number = 0, at, len;
	double seconds;

	printf("%*s %s", drawing->margin, "0", glyphs->corner);
	for (at = 0; at < chart->columns; at++) {
		if (tick(drawing, number, &seconds) != (int)at) {
			fputs(chart->samples[at] ? glyphs->time : glyphs->dotted, stdout);
			continue;
		}
		len = tick_text(drawing, text, seconds);
		if (at + len <= chart->columns + CHART_MARGIN - 2 - drawing->margin)
			memcpy(line + at, text, len);
		fputs(glyphs->mark, stdout);
		number++;
	}
	putchar('\n');
	close_line(drawing, line);
}

/* Set the first column of a band, and the column after its last. */
static void columns_of(const struct chart *chart, const struct chart_band *band,
		       unsigned int *from, unsigned int *to)
{
	*from = fmax(0, fmin(chart->columns, round(chart_position(chart, band->begin))));
	*to = fmax(*from, fmin(chart->columns, round(chart_position(chart, band->end))));
}

/* Print where each band begins, and its name.  List the names for which there is no room. */
static void print_bands(const struct drawing *drawing, const struct list *bands)
{
	const struct chart *chart = drawing->chart;
	const struct chart_band *band;
	char *line = open_line(drawing);
	unsigned int from, to, left = 0;
	size_t len;

	for_each(band, bands) {
		columns_of(chart, band, &from, &to);
		len = strlen(band->label);
		if (from == to)
			continue;
		line[from] = EDGE;
		memcpy(line + from + 1, band->label, len < to - from ? len : to - from - 1);
	}
	close_line(drawing, line);
	for_each(band, bands) {
		columns_of(chart, band, &from, &to);
		if (strlen(band->label) < to - from)
			continue;
		printf("%s%s at %.*f s", left++ ? ", " : "too narrow for a name: ",
		       band->label, drawing->decimals + 2,
		       (double)band->begin / (chart->tsc_khz * 1e3));
	}
	if (left)
		putchar('\n');
}

void chart_print(const struct chart *chart, const struct list *bands, bool ascii)
{
	double hertz = chart->tsc_khz * 1e3;
	struct drawing drawing = {
		.chart = chart,
		.glyphs = ascii ? &ascii_only : &utf8,
		.top = top_of(chart),
		.begin = chart->begin / hertz,
		.seconds = (chart->end - chart->begin) / hertz,
	};
	char text[GROUPED];
	unsigned int row;

	set_step(&drawing);
	drawing.margin = strlen(grouped(text, drawing.top));
	for (row = 0; row < CHART_ROWS; row++)
		print_row(&drawing, row);
	print_time(&drawing);
	print_bands(&drawing, bands);
}
