// SPDX-License-Identifier: GPL-2.0-only
/* A boot's exits over time, with no more points than a picture can show. */
#include <string.h>

#include "tools/report/chart.h"
#include "tools/plot/plot.h"

#define PLOT_NUMBER	24	/* bytes of a rate as text, its NUL included */

double plot_seconds(const struct plot_file *file, __u64 ticks)
{
	return (double)ticks / file->run->tracer.tsc_khz / 1000;
}

__u64 plot_end(const struct plot_file *file)
{
	__u64 end = chart_end(file->run, &file->phases);

	return end ? end : 1;
}

static void print_sample(FILE *out, const struct plot_file *file,
			 const struct log_sample *sample)
{
	fprintf(out, "%.6f %llu\n", plot_seconds(file, sample->tsc), sample->others);
}

/* A damaged log may have samples from long after its end.  They share a column of their own. */
static long sample_column(const struct plot_file *file, __u64 tsc, double end)
{
	double column = plot_seconds(file, tsc) / end * PLOT_COLUMNS;

	return column >= 0 && column < PLOT_COLUMNS ? column : PLOT_COLUMNS;
}

/*
 * Keep the first and the last sample of each column, so that a burst keeps its height.
 * Leave out samples that say nothing new, but not the last one.
 */
void plot_curve(FILE *out, const struct plot_file *file, unsigned int number, double end)
{
	const struct log_sample *samples = file->run->samples.items;
	size_t nr = file->run->samples.nr, i;
	const struct log_sample *shown = NULL;
	long column, before = -1, next;

	fprintf(out, "$curve%u << END\n", number);
	for (i = 0; i < nr; i++) {
		column = sample_column(file, samples[i].tsc, end);
		next = i + 1 < nr ? sample_column(file, samples[i + 1].tsc, end) : -1;
		if ((column != before || column != next) &&
		    (!shown || next < 0 || samples[i].others != shown->others)) {
			shown = &samples[i];
			print_sample(out, file, shown);
		}
		before = column;
	}
	if (!nr)
		fputs("NaN NaN\n", out);
	fputs("END\n", out);
}

/* Print a step: a corner where the rate changes, and a blank line where there is no rate. */
static void print_bin(FILE *out, char shown[PLOT_NUMBER], double begin, const char *rate)
{
	if (!strcmp(shown, rate))
		return;
	if (*shown)
		fprintf(out, "%.6f %s\n", begin, shown);
	if (*rate)
		fprintf(out, "%.6f %s\n", begin, rate);
	else
		putc('\n', out);
	strcpy(shown, rate);
}

/* Print either the columns with a sample, or those without. */
static void print_steps(FILE *out, const struct plot_file *file, const struct chart *chart,
			bool sampled)
{
	char text[PLOT_NUMBER], shown[PLOT_NUMBER] = "";
	double width = plot_seconds(file, chart->end) / chart->columns;
	unsigned int column;

	for (column = 0; column < chart->columns; column++) {
		snprintf(text, sizeof(text), "%.6g", chart_rate(chart, column));
		if (sampled != chart->samples[column])
			*text = '\0';
		print_bin(out, shown, width * column, text);
	}
	print_bin(out, shown, width * column, "");
}

void plot_rate(FILE *out, const struct plot_file *file)
{
	unsigned int column;
	struct chart chart;
	double max = 0;

	chart_open(&chart, 0, plot_end(file), file->run->tracer.tsc_khz, PLOT_BINS);
	chart_add_boot(&chart, file->run, &file->phases);
	for (column = 0; column < chart.columns; column++)
		if (chart_rate(&chart, column) > max)
			max = chart_rate(&chart, column);
	fputs("$rate << END\nNaN NaN\n", out);
	print_steps(out, file, &chart, true);
	fputs("END\n$mean << END\nNaN NaN\n", out);
	print_steps(out, file, &chart, false);
	fprintf(out, "END\nrate_max = %.6g\n", max > 0 ? max : 1);
	chart_close(&chart);
}
